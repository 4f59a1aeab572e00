/* Where the state directory is, and how it is opened. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/reservation_folder.h"
#include "host/reservation_record.h"
#include "host/system_file.h"
#include "host/text_writer.h"

static rein_error refuse_path(rein_source_location where, rein_error_code code, const char *message,
                              const char *path) {
    return rein_error_with_text(rein_error_make(code, where, message), path);
}

static rein_result_void write_path(const char *first, const char *second,
                                   char out_path[REIN_STATE_PATH_CAPACITY]) {
    if (first[0] != '/' || strlen(first) + strlen(second) >= REIN_STATE_PATH_CAPACITY) {
        return rein_result_void_fail(refuse_path(
            REIN_HERE, REIN_ERROR_INVALID_ARGUMENT,
            "the state directory {text} is not absolute or too long, expected an absolute path",
            first));
    }
    text_writer writer = text_writer_make(out_path, REIN_STATE_PATH_CAPACITY);
    text_writer_append(&writer, first);
    text_writer_append(&writer, second);
    return rein_done();
}

static const char *variable(const char *name) {
    const char *value = getenv(name);
    return value == NULL || *value == '\0' ? NULL : value;
}

rein_result_void rein_state_path_find(char out_path[REIN_STATE_PATH_CAPACITY]) {
    const char *stated = variable("REIN_STATE_DIR");
    const char *runtime = variable("XDG_RUNTIME_DIR");
    struct stat facts;
    if (stated != NULL) {
        return write_path(stated, "", out_path);
    }
    if (lstat("/run/rein", &facts) == 0) {
        return write_path("/run/rein", "", out_path);
    }
    if (runtime == NULL) {
        return rein_result_void_fail(rein_error_make(
            REIN_ERROR_NOT_FOUND, REIN_HERE,
            "no state directory, expected $REIN_STATE_DIR, /run/rein or $XDG_RUNTIME_DIR"));
    }
    char path[REIN_STATE_PATH_CAPACITY];
    rein_result_void written = write_path(runtime, "/rein", path);
    REIN_RETURN_IF_ERROR(rein_result_void, written);
    if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST) {
        return rein_result_void_fail(
            system_error(REIN_HERE, "cannot make the state directory {text}", path));
    }
    memcpy(out_path, path, sizeof path);
    return rein_done();
}

static rein_result_void check_root(int descriptor, const char *path) {
    struct stat facts;
    if (fstat(descriptor, &facts) != 0) {
        return rein_result_void_fail(
            system_error(REIN_HERE, "cannot read the state of {text}", path));
    }
    if (facts.st_uid != 0 && facts.st_uid != geteuid()) {
        return rein_result_void_fail(refuse_path(
            REIN_HERE, REIN_ERROR_INVALID_STATE,
            "the state directory {text} has a foreign owner, expected root or you", path));
    }
    if ((facts.st_mode & S_IWOTH) != 0) {
        return rein_result_void_fail(
            refuse_path(REIN_HERE, REIN_ERROR_INVALID_STATE,
                        "the state directory {text} is writable by everyone, expected not", path));
    }
    return rein_done();
}

rein_result_state_directory rein_state_directory_open(const char *path) {
    if (path == NULL) {
        return rein_result_state_directory_fail(
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                            "the path of the state directory is NULL, expected a path"));
    }
    rein_state_directory directory = {.descriptor = system_open_directory(AT_FDCWD, path)};
    if (directory.descriptor < 0 && errno == ENOENT) {
        return rein_result_state_directory_fail(refuse_path(
            REIN_HERE, REIN_ERROR_NOT_FOUND, "there is no state directory {text}", path));
    }
    if (directory.descriptor < 0 && (errno == ELOOP || errno == ENOTDIR)) {
        return rein_result_state_directory_fail(
            refuse_path(REIN_HERE, REIN_ERROR_INVALID_STATE,
                        "the state directory {text} is no directory or a symbolic link", path));
    }
    if (directory.descriptor < 0) {
        return rein_result_state_directory_fail(
            system_error(REIN_HERE, "cannot open the state directory {text}", path));
    }
    rein_result_void checked = check_root(directory.descriptor, path);
    if (rein_result_void_is_error(checked)) {
        close(directory.descriptor);
        return rein_result_state_directory_fail(REIN_ERROR(checked));
    }
    return rein_result_state_directory_ok(directory);
}

void rein_state_directory_close(rein_state_directory *directory) {
    close(directory->descriptor);
    directory->descriptor = -1;
}

typedef struct device_visit {
    rein_device_visitor visit;
    void *context;
} device_visit;

static void visit_device(const char *name, void *context) {
    const device_visit *of = context;
    if (record_is_device_uuid(name)) {
        of->visit(name, of->context);
    }
}

rein_result_void rein_state_directory_visit_devices(const rein_state_directory *directory,
                                                    rein_device_visitor visit, void *context) {
    device_visit of = {.visit = visit, .context = context};
    return folder_list(directory->descriptor, visit_device, &of);
}
