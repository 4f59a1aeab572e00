/* Reservations whose files were removed while a process holds them. */
#include <criterion/criterion.h>

#include <errno.h>
#include <sys/wait.h>

#include "reservation_expect.h"
#include "system_wraps.h"

/* Fails one of the system calls. */
static struct {
    int failing_call; /* counts from 1; 0: none */
    int calls;
} fault;

/* Faked facts about files and this process. */
static struct {
    bool is_armed;
    uid_t uid;
    gid_t gid;
    uid_t effective_uid;
    bool is_on_another_device;
    int place_error; /* an errno of the search for a file in its place */
} scripted;

static bool hides_others;

TestSuite(reservation_removed, .init = open_case, .fini = close_case);

typedef struct found_removed {
    size_t count;
    int64_t pid;
    uint64_t bytes;
} found_removed;

static void count_removed(const rein_reservation_entry *entry, void *context) {
    found_removed *found = context;
    found->count++;
    found->pid = entry->record->pid;
    found->bytes = entry->record->bytes;
    cr_assert(is_same_text(entry->record->device_uuid, CASE_DEVICE) && entry->reason == NULL,
              "its record");
}

static found_removed find_removed(const char *path) {
    found_removed found = {.count = 0};
    rein_reservation_visit_removed(path, count_removed, &found);
    return found;
}

static void expect_removed(size_t count) {
    found_removed found = find_removed(trial.path);
    cr_assert(found.count == count, "%zu were removed, expected %zu", found.count, count);
    cr_assert(count == 0 || (found.pid == getpid() && found.bytes == 400), "whose, and how much");
}

static void take_and_remove(rein_reservation *out_held) {
    char path[2 * CASE_PATH_CAPACITY];
    expect_take_in_file(out_held, path);
    expect_removed(0);
    cr_assert(remove(path) == 0, "removed");
}

Test(reservation_removed, are_found_until_they_are_released) {
    rein_reservation held;
    take_and_remove(&held);
    expect_removed(1);
    expect_sum(0, 0, 0);
    rein_reservation_visit_removed(trial.path, NULL, NULL);
    rein_reservation_release(&held);
    expect_removed(0);
}

Test(reservation_removed, are_found_when_the_directory_is_gone) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    case_empty_folder_of(&trial, CASE_DEVICE);
    case_empty_folder(trial.path);
    expect_removed(1);
    cr_assert(rmdir(trial.path) == 0, "all of it");
    expect_removed(1);
    rein_reservation_release(&held);
    expect_removed(0);
    cr_assert(mkdir(trial.path, 0700) == 0, "for the end of the test");
}

/* After an unmount the kernel reports only the path below the mount point. */
Test(reservation_removed, are_found_by_the_end_of_the_path) {
    char path[2 * CASE_PATH_CAPACITY];
    rein_reservation held;
    take_and_remove(&held);
    snprintf(path, sizeof path, "/run/user/1000%s", trial.path);
    cr_assert(find_removed(path).count == 1, "below a mount point");
    cr_assert(find_removed(trial.path + 1).count == 0, "of a shorter path");
    snprintf(path, sizeof path, "%s-2", trial.path);
    cr_assert(find_removed(path).count == 0, "of another directory");
    cr_assert(find_removed("/").count == 0, "of the root");
    cr_assert(find_removed("").count == 0, "of no directory");
    rein_reservation_release(&held);
}

Test(reservation_removed, are_found_through_a_link) {
    char path[2 * CASE_PATH_CAPACITY];
    char inner[3 * CASE_PATH_CAPACITY];
    rein_reservation held;
    snprintf(path, sizeof path, "%s-link", trial.path);
    take_and_remove(&held);
    cr_assert(symlink("/tmp", path) == 0, "a link");
    snprintf(inner, sizeof inner, "%s/%s", path, strrchr(trial.path, '/') + 1);
    bool is_below_tmp = access(inner, F_OK) == 0;
    cr_assert(!is_below_tmp || find_removed(inner).count == 1, "the path is resolved");
    remove(path);
    rein_reservation_release(&held);
}

/* A new folder for the device would forget the holders in the old one. */
Test(reservation_removed, prevent_a_new_folder_while_held) {
    rein_reservation held;
    rein_reservation more;
    expect_take(REIN_ADMISSION_FITS, &held);
    case_empty_folder_of(&trial, CASE_DEVICE);
    for (int tries = 0; tries < 2; tries++) {
        rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_CANNOT_TELL, &more);
        cr_assert(verdict.others.unknown_count == 1, "the removed one is unknown");
    }
    strcpy(trial.device.uuid, "GPU-other");
    expect_take(REIN_ADMISSION_FITS, &more);
    rein_reservation_release(&more);
    case_empty_folder_of(&trial, "GPU-other");
    strcpy(trial.device.uuid, CASE_DEVICE);
    rein_reservation_release(&held);
    expect_take(REIN_ADMISSION_FITS, &more);
    rein_reservation_release(&more);
}

Test(reservation_removed, are_found_when_the_folder_was_moved) {
    char from[2 * CASE_PATH_CAPACITY];
    char to[2 * CASE_PATH_CAPACITY];
    rein_reservation held;
    rein_reservation more;
    expect_take(REIN_ADMISSION_FITS, &held);
    case_file(&trial, "", from);
    snprintf(to, sizeof to, "%s/aside", trial.path);
    cr_assert(rename(from, to) == 0, "moved");
    expect_removed(1);
    expect_take(REIN_ADMISSION_CANNOT_TELL, &more);
    cr_assert(rename(to, from) == 0, "and back");
    expect_removed(0);
    rein_reservation_release(&held);
}

/* A process that has the file open, for example to copy it, holds nothing. */
Test(reservation_removed, are_not_held_by_their_readers) {
    char path[2 * CASE_PATH_CAPACITY];
    rein_reservation held;
    expect_take_in_file(&held, path);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    cr_assert(file >= 0 && remove(path) == 0, "removed");
    expect_removed(1);
    close(file);
    rein_reservation_release(&held);
}

/* The old file of a change gets its name again; a child's copy ends with its parent's. */
Test(reservation_removed, are_not_those_that_changed_or_ended) {
    rein_reservation held;
    int ends[2];
    expect_take(REIN_ADMISSION_FITS, &held);
    int old = fcntl(held.file_descriptor, F_DUPFD_CLOEXEC, 0);
    expect_change(REIN_ADMISSION_FITS, 500, &held);
    expect_removed(0);
    close(old);
    cr_assert(pipe(ends) == 0, "a pipe");
    pid_t child = fork();
    if (child == 0) {
        char end = 0;
        close(ends[1]);
        _exit(read(ends[0], &end, 1) == 0 ? 0 : 1);
    }
    close(ends[0]);
    expect_change(REIN_ADMISSION_FITS, 300, &held);
    rein_reservation_release(&held);
    expect_removed(0);
    close(ends[1]);
    cr_assert(waitpid(child, NULL, 0) == child, "the child ends");
}

static int open_and_remove(const char *name, const char *text, bool locks) {
    char path[2 * CASE_PATH_CAPACITY];
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    snprintf(path, sizeof path, "%s/%s", trial.path, name);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    cr_assert(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text), "%s", path);
    cr_assert(!locks || fcntl(file, F_OFD_SETLK, &whole) == 0, "locked");
    cr_assert(remove(path) == 0, "removed");
    return file;
}

Test(reservation_removed, are_not_other_files) {
#define ID "00000000-0000-4000-8000-000000000000"
    static const char *const names[] = {"x", CASE_DEVICE "/" ID ".reservatioN",
                                        CASE_DEVICE "/" ID ".new", ID ".reservation"};
    static const char damaged[] = CASE_DEVICE "/" ID ".reservation";
    int files[8];
    int count = 0;
    make_folder();
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        files[count++] = open_and_remove(names[index], "x", true);
    }
    files[count++] = open_and_remove(damaged, "x", true);
    files[count++] = open_and_remove(damaged, "x", false);
    expect_removed(0);
    while (count > 0) {
        close(files[--count]);
    }
}

static bool fails_now(void) {
    bool fails = fault.failing_call > 0 && ++fault.calls == fault.failing_call;
    errno = fails ? EIO : errno;
    return fails;
}

static int open_or_fail(int folder, const char *name, int flags, mode_t mode) {
    return fails_now() ? -1 : __real_openat(folder, name, flags, mode);
}

WRAP_OPENAT(open_or_fail)

#define WRAP(name, parameters, arguments)                  \
    WRAPPED(ssize_t, name, parameters) {                   \
        return fails_now() ? -1 : __real_##name arguments; \
    }

WRAPPED(int, fstat, (int file, struct stat *facts)) {
    int done = fails_now() ? -1 : __real_fstat(file, facts);
    if (done == 0 && scripted.is_armed && S_ISREG(facts->st_mode)) {
        facts->st_uid = scripted.uid;
        facts->st_gid = scripted.gid;
        facts->st_dev += scripted.is_on_another_device;
    }
    return done;
}

WRAPPED(int, fstatat, (int folder, const char *name, struct stat *facts, int flags)) {
    if (scripted.place_error != 0) {
        errno = scripted.place_error;
        return -1;
    }
    return __real_fstatat(folder, name, facts, flags);
}

WRAPPED(uid_t, geteuid, (void)) {
    return scripted.is_armed ? scripted.effective_uid : __real_geteuid();
}

WRAP(readlinkat, (int folder, const char *name, char *buffer, size_t size),
     (folder, name, buffer, size))
WRAP(readlink, (const char *name, char *buffer, size_t size), (name, buffer, size))
/* Lists only this process, so that every run makes the same calls. */
static void hide_others(char *block, ssize_t length) {
    char own[32];
    snprintf(own, sizeof own, "%d", (int)getpid());
    for (ssize_t position = 0; position < length;) {
        struct dirent64 *entry = (void *)(block + position);
        position += entry->d_reclen;
        if (strcmp(entry->d_name, own) != 0) {
            entry->d_name[0] = 'x';
        }
    }
}

WRAPPED(ssize_t, getdents64, (int file, void *buffer, size_t size)) {
    struct stat listed;
    struct stat proc;
    ssize_t length = fails_now() ? -1 : __real_getdents64(file, buffer, size);
    bool is_proc = __real_fstat(file, &listed) == 0 && stat("/proc", &proc) == 0 &&
                   listed.st_dev == proc.st_dev && listed.st_ino == proc.st_ino;
    if (is_proc && hides_others) {
        hide_others(buffer, length);
    }
    return length;
}

Test(reservation_removed, are_left_out_if_they_cannot_be_read) {
    rein_reservation held;
    size_t left_out = 0;
    take_and_remove(&held);
    size_t before = open_descriptors();
    hides_others = true;
    do {
        fault.calls = 0;
        fault.failing_call++;
        size_t count = find_removed(trial.path).count;
        cr_assert(count <= 1, "call %d: at most the one", fault.failing_call);
        cr_assert(open_descriptors() == before, "call %d: nothing is left open",
                  fault.failing_call);
        left_out += count == 0;
    } while (fault.calls >= fault.failing_call);
    fault.failing_call = 0;
    cr_assert(left_out > 3, "some calls are needed: %zu", left_out);
    rein_reservation_release(&held);
}

/* An unknown path does not prevent reservations. */
Test(reservation_removed, do_not_prevent_a_new_folder_if_the_path_is_unknown) {
    rein_reservation held;
    rein_reservation more;
    expect_take(REIN_ADMISSION_FITS, &held);
    case_empty_folder_of(&trial, CASE_DEVICE);
    fault.failing_call = 1;
    bool is_granted = false;
    for (; fault.failing_call < 64 && !is_granted; fault.failing_call++) {
        fault.calls = 0;
        rein_result_reservation_verdict taken =
            rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &more);
        is_granted = taken.is_ok && REIN_VALUE(taken).outcome == REIN_ADMISSION_FITS;
    }
    fault.failing_call = 0;
    cr_assert(is_granted, "at the call that reads the path");
    rein_reservation_release(&held);
    rein_reservation_release(&more);
}

static size_t count_as(uid_t uid, gid_t gid, mode_t mode) {
    cr_assert(chmod(trial.path, mode) == 0, "the directory's mode");
    scripted.uid = uid;
    scripted.gid = gid;
    return find_removed(trial.path).count;
}

/* Counts files of this user, of root, and of members of the group that may write to the directory.
 * Does not count those of others, who may be in a container with its own directory at the same
 * path. */
Test(reservation_removed, are_not_files_of_other_users) {
    enum { CALLER = 4711, STRANGER = 4712 };
    rein_reservation held;
    struct stat root;
    take_and_remove(&held);
    cr_assert(stat(trial.path, &root) == 0, "the directory");
    gid_t other = root.st_gid + 1;
    scripted.is_armed = true;
    scripted.effective_uid = CALLER;
    cr_assert(count_as(CALLER, other, 0700) == 1, "one's own");
    cr_assert(count_as(0, other, 0700) == 1, "root's");
    cr_assert(count_as(STRANGER, other, 0700) == 0, "a stranger's");
    cr_assert(count_as(STRANGER, root.st_gid, 0750) == 0, "a reader's");
    cr_assert(count_as(STRANGER, other, 0770) == 0, "of another group");
    cr_assert(count_as(STRANGER, root.st_gid, 0770) == 1, "a member's");
    scripted.is_on_another_device = true;
    cr_assert(count_as(CALLER, root.st_gid, 0770) == 0, "in another directory of this path");
    scripted.is_on_another_device = false;
    scripted.is_armed = false;
    rein_reservation_release(&held);
}

Test(reservation_removed, are_removed_only_if_that_is_certain) {
    rein_reservation held;
    take_and_remove(&held);
    scripted.place_error = EACCES;
    expect_removed(0);
    scripted.place_error = ENOENT;
    expect_removed(1);
    scripted.place_error = EBADF;
    expect_removed(1);
    scripted.place_error = 0;
    rein_reservation_release(&held);
}
