#include "host/node/reservation_removed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/node/folder_list.h"
#include "host/node/reservation_scan.h"
#include "host/node/system_file.h"

/* A search for reservations of one state directory. */
typedef struct removed_search {
    const char *path;        /* of the state directory */
    int directory;           /* the state directory, -1 if it does not exist */
    struct stat facts;       /* of the state directory; zero if it does not exist */
    const char *device_uuid; /* NULL: all devices */
    rein_reservation_visitor visit;
    void *context;
    int descriptors; /* /proc, or the folder "fd" of the process that is searched */
    int64_t pid;     /* of that process */
    size_t count;
} removed_search;

/* The kernel's name of a file that a process has open, and its parts. */
typedef struct open_name {
    char text[REIN_STATE_PATH_CAPACITY + 512];
    const char *folder; /* the state directory, as this process sees it */
    const char *file;
} open_name;

static char *cut_last(char *path) {
    char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return NULL;
    }
    *slash = '\0';
    return slash + 1;
}

/* Removes the mark that the kernel adds to a file without names. */
static void cut_deleted_mark(char *path) {
    static const char mark[] = " (deleted)";
    size_t length = strlen(path);
    size_t marked = sizeof mark - 1;
    if (length >= marked && strcmp(path + length - marked, mark) == 0) {
        path[length - marked] = '\0';
    }
}

/* Splits "FOLDER/DEVICE/ID.reservation". */
static bool split_name(open_name *name) {
    cut_deleted_mark(name->text);
    name->file = cut_last(name->text);
    (void)cut_last(name->text);
    name->folder = name->text;
    return name->file != NULL && rein_i_reservation_scan_is_reservation(name->file);
}

/* Returns whether `path` ends with `folder`: if the file system was unmounted, the kernel names
 * only the part below the mount point, which may be empty. */
static bool is_below(const char *path, const char *folder) {
    size_t whole = strlen(path);
    size_t part = strlen(folder);
    return part <= whole && strcmp(path + whole - part, folder) == 0;
}

/* Returns whether the file belongs to this state directory: another user, or a container with its
 * own directory at the same path, must not make a reservation look lost. */
static bool belongs_to(const removed_search *search, const open_name *name,
                       const struct stat *facts) {
    bool is_elsewhere = search->directory >= 0 && strcmp(search->path, name->folder) == 0 &&
                        facts->st_dev != search->facts.st_dev;
    return rein_i_system_is_trusted(&search->facts, facts) && !is_elsewhere;
}

/* Returns whether the file is still in its folder, as most are. So is the new file of a reservation
 * that is being changed. */
static bool is_in_place(const removed_search *search, const char *device_uuid, const char *file) {
    char path[REIN_DEVICE_UUID_CAPACITY + REIN_RESERVATION_NAME_CAPACITY];
    struct stat facts;
    snprintf(path, sizeof path, "%s/%s", device_uuid, file);
    bool is_gone = fstatat(search->directory, path, &facts, AT_SYMLINK_NOFOLLOW) != 0 &&
                   (errno == ENOENT || errno == EBADF);
    return !is_gone;
}

/* Returns whether the process holds the lock by this descriptor. Processes without the lock may
 * have the file open, too. */
static bool has_lock(const removed_search *search, const char *number) {
    char path[64];
    char text[1024];
    snprintf(path, sizeof path, "../fdinfo/%s", number);
    int file = rein_i_system_open(search->descriptors, path, O_RDONLY, 0);
    if (file < 0) {
        return false;
    }
    ssize_t length = rein_i_system_read_all(file, text, sizeof text - 1);
    close(file);
    text[length < 0 ? 0 : length] = '\0';
    return strstr(text, "\nlock:") != NULL;
}

static void judge_open_file(removed_search *search, const open_name *name, int file) {
    file_finding finding;
    struct stat facts;
    rein_i_reservation_scan_judge_file(file, NULL, &finding);
    if (finding.state != FILE_LIVE || fstat(file, &facts) != 0) {
        return;
    }
    const char *device_uuid = finding.record.device_uuid;
    bool is_wanted = search->device_uuid == NULL || strcmp(search->device_uuid, device_uuid) == 0;
    if (!is_wanted || !belongs_to(search, name, &facts) ||
        is_in_place(search, device_uuid, name->file)) {
        return;
    }
    search->count++;
    finding.record.pid = search->pid;
    rein_reservation_entry entry = {.file_name = name->file, .record = &finding.record};
    if (search->visit != NULL) {
        search->visit(&entry, search->context);
    }
}

static void visit_descriptor(const char *number, void *context) {
    removed_search *search = context;
    open_name name;
    ssize_t length = readlinkat(search->descriptors, number, name.text, sizeof name.text - 1);
    name.text[length < 0 ? 0 : length] = '\0';
    if (!split_name(&name) || !is_below(search->path, name.folder) || !has_lock(search, number)) {
        return;
    }
    /* The link in /proc opens the file itself, whatever its name. */
    int file = openat(search->descriptors, number, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file >= 0) {
        judge_open_file(search, &name, file);
        close(file);
    }
}

static void visit_process(const char *name, void *context) {
    removed_search *search = context;
    removed_search of_process = *search;
    char path[64];
    of_process.pid = strtoll(name, NULL, 10);
    if (of_process.pid <= 0) {
        return;
    }
    snprintf(path, sizeof path, "%lld/fd", (long long)of_process.pid);
    of_process.descriptors = rein_i_system_open_directory(search->descriptors, path);
    if (of_process.descriptors < 0) {
        return;
    }
    (void)rein_i_folder_list(of_process.descriptors, visit_descriptor, &of_process);
    close(of_process.descriptors);
    search->count = of_process.count;
}

static size_t find_removed(removed_search *search) {
    search->descriptors = rein_i_system_open_directory(AT_FDCWD, "/proc");
    if (search->descriptors >= 0) {
        (void)rein_i_folder_list(search->descriptors, visit_process, search);
        close(search->descriptors);
    }
    return search->count;
}

/* Reads the kernel's path of a directory, without symbolic links. */
static bool read_path(int directory, char out_path[REIN_STATE_PATH_CAPACITY]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
    ssize_t length = readlink(link, out_path, REIN_STATE_PATH_CAPACITY - 1);
    out_path[length < 0 ? 0 : length] = '\0';
    return length > 0;
}

size_t rein_i_reservation_removed_count(int directory, const struct stat *facts,
                                        const char *device_uuid) {
    char path[REIN_STATE_PATH_CAPACITY];
    removed_search search = {
        .path = path, .directory = directory, .facts = *facts, .device_uuid = device_uuid};
    return read_path(directory, path) ? find_removed(&search) : 0;
}

void rein_reservation_visit_removed(const char *path, rein_reservation_visitor visit,
                                    void *context) {
    if (path == NULL || visit == NULL) {
        return;
    }
    char resolved[REIN_STATE_PATH_CAPACITY];
    int directory = rein_i_system_open_directory(AT_FDCWD, path);
    struct stat facts = {.st_mode = 0};
    bool is_resolved =
        directory >= 0 && fstat(directory, &facts) == 0 && read_path(directory, resolved);
    removed_search search = {.path = is_resolved ? resolved : path,
                             .directory = directory,
                             .facts = facts,
                             .visit = visit,
                             .context = context};
    (void)find_removed(&search);
    if (directory >= 0) {
        close(directory);
    }
}
