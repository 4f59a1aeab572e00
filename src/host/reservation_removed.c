#include "host/reservation_removed.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/reservation_folder.h"
#include "host/reservation_scan.h"
#include "host/system_file.h"

/* What is looked for. */
typedef struct removed_search {
    const char *path;        /* of the state directory */
    int directory;           /* the state directory, -1 if it does not exist */
    const char *device_uuid; /* NULL for every device */
    rein_reservation_visitor visit;
    void *context;
    int descriptors; /* of /proc, later of the process */
    int64_t pid;     /* of the process */
    size_t count;
} removed_search;

/* The kernel's name of a file that a process has open, and its parts. */
typedef struct removed_name {
    char text[REIN_STATE_PATH_CAPACITY + 512];
    const char *folder; /* the state directory, as the process sees it */
    const char *device_uuid;
    const char *file;
} removed_name;

static char *cut_last(char *path) {
    char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return NULL;
    }
    *slash = '\0';
    return slash + 1;
}

/* The kernel marks a file that lost its last name, but not one whose file system was unmounted. */
static void cut_mark(char *path) {
    static const char mark[] = " (deleted)";
    size_t length = strlen(path);
    size_t marked = sizeof mark - 1;
    if (length >= marked && strcmp(path + length - marked, mark) == 0) {
        path[length - marked] = '\0';
    }
}

/* FOLDER/DEVICE/ID.reservation */
static bool split_name(removed_name *name) {
    cut_mark(name->text);
    name->file = cut_last(name->text);
    if (name->file == NULL || !scan_is_reservation(name->file)) {
        return false;
    }
    name->device_uuid = cut_last(name->text);
    name->folder = name->text;
    return name->device_uuid != NULL;
}

/* The process sees the whole path or, if the file system was unmounted meanwhile, the part of it
 * below the mount point. */
static bool is_below(const char *path, const char *folder) {
    size_t whole = strlen(path);
    size_t part = strlen(folder);
    return part > 0 && part <= whole && strcmp(path + whole - part, folder) == 0;
}

/* Most reservations are where they should be. A change gives the old file's name to the new one,
 * just before the old one is closed. */
static bool is_in_place(const removed_search *search, const removed_name *name) {
    char path[REIN_DEVICE_UUID_CAPACITY + REIN_RESERVATION_NAME_CAPACITY];
    snprintf(path, sizeof path, "%s/%s", name->device_uuid, name->file);
    struct stat facts;
    return fstatat(search->directory, path, &facts, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool is_looked_for(const removed_search *search, const removed_name *name) {
    return is_below(search->path, name->folder) &&
           (search->device_uuid == NULL || strcmp(search->device_uuid, name->device_uuid) == 0) &&
           !is_in_place(search, name);
}

static void judge_removed(removed_search *search, const removed_name *name, int file) {
    file_finding finding;
    scan_judge_file(file, name->device_uuid, &finding);
    if (finding.state != FILE_LIVE) {
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
    removed_name name;
    ssize_t length = readlinkat(search->descriptors, number, name.text, sizeof name.text - 1);
    name.text[length < 0 ? 0 : length] = '\0';
    if (!split_name(&name) || !is_looked_for(search, &name)) {
        return;
    }
    /* The kernel's link leads to the file itself, whatever its name. */
    int file = openat(search->descriptors, number, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file >= 0) {
        judge_removed(search, &name, file);
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
    of_process.descriptors = system_open_directory(search->descriptors, path);
    if (of_process.descriptors < 0) {
        return;
    }
    (void)folder_list(of_process.descriptors, visit_descriptor, &of_process);
    close(of_process.descriptors);
    search->count = of_process.count;
}

static size_t find_removed(removed_search *search) {
    search->descriptors = system_open_directory(AT_FDCWD, "/proc");
    if (search->descriptors >= 0) {
        (void)folder_list(search->descriptors, visit_process, search);
        close(search->descriptors);
    }
    return search->count;
}

/* The path as the kernel has it, without symbolic links. */
static bool read_path(int directory, char out_path[REIN_STATE_PATH_CAPACITY]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
    ssize_t length = readlink(link, out_path, REIN_STATE_PATH_CAPACITY - 1);
    out_path[length < 0 ? 0 : length] = '\0';
    return length > 0;
}

size_t removed_count(int directory, const char *device_uuid) {
    char path[REIN_STATE_PATH_CAPACITY];
    removed_search search = {.path = path, .directory = directory, .device_uuid = device_uuid};
    return read_path(directory, path) ? find_removed(&search) : 0;
}

void rein_reservation_visit_removed(const char *path, rein_reservation_visitor visit,
                                    void *context) {
    char resolved[REIN_STATE_PATH_CAPACITY];
    int directory = system_open_directory(AT_FDCWD, path);
    bool is_resolved = directory >= 0 && read_path(directory, resolved);
    removed_search search = {.path = is_resolved ? resolved : path,
                             .directory = directory,
                             .visit = visit,
                             .context = context};
    (void)find_removed(&search);
    if (directory >= 0) {
        close(directory);
    }
}
