/* Finds and opens the state directory. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/base/text_writer.h"
#include "host/contract/invalid.h"
#include "host/node/folder_list.h"
#include "host/node/fork_guard.h"
#include "host/node/reservation_folder.h"
#include "host/node/system_file.h"

static rein_result_state_origin write_path(const char *first, const char *second,
                                           rein_state_origin origin,
                                           char out_path[REIN_STATE_PATH_CAPACITY]) {
    if (first[0] != '/' || strlen(first) + strlen(second) >= REIN_STATE_PATH_CAPACITY) {
        return rein_result_state_origin_fail(rein_i_error_about(
            REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
            "the state directory must be an absolute path of less than 4096 bytes; found {text}",
            first));
    }
    text_writer writer = rein_i_text_writer_make(out_path, REIN_STATE_PATH_CAPACITY);
    rein_i_text_writer_append(&writer, first);
    rein_i_text_writer_append(&writer, second);
    return rein_result_state_origin_ok(origin);
}

static const char *variable(const char *name) {
    const char *value = getenv(name);
    return value == NULL || *value == '\0' ? NULL : value;
}

rein_result_state_origin rein_state_path_find(char out_path[REIN_STATE_PATH_CAPACITY]) {
    if (out_path == NULL) {
        return rein_result_state_origin_fail(
            rein_i_invalid_error(REIN_HERE, "out_path" MUST_NOT_BE_NULL, 0, 0, 0));
    }
    const char *stated = variable("REIN_STATE_DIR");
    const char *runtime = variable("XDG_RUNTIME_DIR");
    struct stat facts;
    if (stated != NULL) {
        return write_path(stated, "", REIN_STATE_FROM_ENVIRONMENT, out_path);
    }
    if (lstat("/run/rein", &facts) == 0) {
        return write_path("/run/rein", "", REIN_STATE_FROM_SYSTEM, out_path);
    }
    if (runtime == NULL) {
        return rein_result_state_origin_fail(
            rein_error_make(REIN_ERROR_NOT_FOUND, REIN_HERE,
                            "no state directory is configured; set REIN_STATE_DIR or "
                            "XDG_RUNTIME_DIR, or make /run/rein"));
    }
    return write_path(runtime, "/rein", REIN_STATE_FROM_RUNTIME, out_path);
}

static rein_result_void check_root(int descriptor, const char *path) {
    struct stat facts;
    if (fstat(descriptor, &facts) != 0) {
        return rein_result_void_fail(rein_i_system_error(REIN_HERE, CANNOT_READ_STATE, path));
    }
    if (facts.st_uid != 0 && facts.st_uid != geteuid()) {
        return rein_result_void_fail(
            rein_i_error_about(REIN_ERROR_INVALID_STATE, REIN_HERE,
                               "the state directory {text} must be owned by root or by you", path));
    }
    if ((facts.st_mode & S_IWOTH) != 0) {
        return rein_result_void_fail(
            rein_i_error_about(REIN_ERROR_INVALID_STATE, REIN_HERE,
                               "the state directory {text}" MUST_NOT_BE_WRITABLE, path));
    }
    return rein_done();
}

static rein_error open_error(const char *path) {
    if (errno == ENOENT) {
        return rein_i_error_about(REIN_ERROR_NOT_FOUND, REIN_HERE,
                                  "the state directory {text} does not exist; create it", path);
    }
    if (errno == ELOOP || errno == ENOTDIR) {
        return rein_i_error_about(
            REIN_ERROR_INVALID_STATE, REIN_HERE,
            "the state directory {text} is not a directory, or is a symbolic link", path);
    }
    return rein_i_system_error(REIN_HERE, "cannot open the state directory {text}", path);
}

rein_result_state_directory rein_state_directory_open(const char *path) {
    if (path == NULL) {
        return rein_result_state_directory_fail(
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                            "the path of the state directory" MUST_NOT_BE_NULL));
    }
    REIN_TRY(rein_result_state_directory, rein_i_fork_guard_watch());
    rein_state_directory directory = {.descriptor = rein_i_system_open_directory(AT_FDCWD, path),
                                      .process = rein_i_fork_guard_process()};
    if (directory.descriptor < 0) {
        return rein_result_state_directory_fail(open_error(path));
    }
    rein_result_void checked = check_root(directory.descriptor, path);
    if (rein_result_void_is_error(checked)) {
        close(directory.descriptor);
        return rein_result_state_directory_fail(REIN_ERROR(checked));
    }
    return rein_result_state_directory_ok(directory);
}

rein_result_state_directory rein_state_directory_create(const char *path) {
    if (path != NULL && mkdir(path, S_IRWXU) != 0 && errno != EEXIST) {
        return rein_result_state_directory_fail(
            rein_i_system_error(REIN_HERE, "cannot make the state directory {text}", path));
    }
    return rein_state_directory_open(path);
}

void rein_state_directory_close(rein_state_directory *directory) {
    if (directory != NULL && directory->process != 0) {
        close(directory->descriptor);
        *directory = (rein_state_directory){.descriptor = -1};
    }
}

typedef struct device_visit {
    rein_device_visitor visit;
    void *context;
} device_visit;

/* Visits a device's folder. A name that is not normalized is not a device's folder. */
static void visit_device(const char *name, void *context) {
    const device_visit *of = context;
    char uuid[REIN_DEVICE_UUID_CAPACITY];
    if (rein_result_void_is_ok(rein_device_uuid_normalize(name, uuid)) && strcmp(name, uuid) == 0) {
        of->visit(name, of->context);
    }
}

rein_result_void rein_state_directory_visit_devices(const rein_state_directory *directory,
                                                    rein_device_visitor visit, void *context) {
    if (visit == NULL) {
        return rein_i_invalid(REIN_HERE, "the visitor" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    REIN_TRY(rein_result_void, rein_i_reservation_folder_check_directory(directory));
    device_visit of = {.visit = visit, .context = context};
    return rein_i_folder_list(directory->descriptor, visit_device, &of);
}
