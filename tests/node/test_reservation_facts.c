/* Fakes what the system reports about files and folders, if a test could not cause it: foreign
 * owners, other file systems, vanishing files, no random numbers. */
#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>

#include "reservation_expect.h"
#include "system_wraps.h"

/* The faked values, from the call after `true_calls` on; once, or as long as they are set. */
static struct {
    int true_calls;
    bool has_owner;
    uid_t effective_uid; /* 0: the real one */
    uid_t uid;
    gid_t gid;
    bool has_no_state;
    bool seems_small;
    bool is_on_another_device;
    bool has_vanished;
    bool has_node_directory;
    bool lacks_randomness;
    int link_error; /* an errno, once: another process was faster */
    bool cannot_watch_forks;
    int replaced_locks;       /* times that the lock file loses its name before it is locked */
    int vanished_locks;       /* times that the lock file vanishes after it was made */
    bool has_unlocked_record; /* set if a record was made readable before it was locked */
    int64_t time_s;           /* 0: the real one */
} scripted;

static void forget_scripted(void) {
    memset(&scripted, 0, sizeof scripted);
}

static void close_scripted(void) {
    forget_scripted();
    close_case();
}

TestSuite(reservation_facts, .init = open_case, .fini = close_scripted);

WRAPPED(int, fstat, (int file, struct stat *facts)) {
    int done = __real_fstat(file, facts);
    if (scripted.has_no_state && done == 0 && S_ISREG(facts->st_mode)) {
        return -1;
    }
    facts->st_size = scripted.seems_small ? 1 : facts->st_size;
    if (scripted.has_owner && scripted.true_calls-- == 0) {
        facts->st_uid = scripted.uid;
        facts->st_gid = scripted.gid;
    }
    return done;
}

WRAPPED(int, fstatat, (int folder, const char *name, struct stat *facts, int flags)) {
    int done = __real_fstatat(folder, name, facts, flags);
    facts->st_dev += scripted.is_on_another_device && strncmp(name, "../", 3) == 0;
    if (scripted.replaced_locks > 0 && strcmp(name, ".lock") == 0) {
        scripted.replaced_locks--;
        facts->st_ino++;
    }
    return done;
}

static int open_or_fail(int folder, const char *name, int flags, mode_t mode) {
    if (scripted.vanished_locks > 0 && strcmp(name, ".lock") == 0) {
        scripted.vanished_locks--;
        errno = ENOENT;
        return -1;
    }
    if (scripted.has_vanished && strstr(name, ".reservation") != NULL) {
        errno = ENOENT;
        return -1;
    }
    return __real_openat(folder, name, flags, mode);
}

WRAP_OPENAT(open_or_fail)

WRAPPED(int, linkat,
        (int from_folder, const char *from, int to_folder, const char *to, int flags)) {
    if (scripted.link_error != 0) {
        errno = scripted.link_error;
        scripted.link_error = 0;
        return -1;
    }
    return __real_linkat(from_folder, from, to_folder, to, flags);
}

/* Once others may read a record, they may take a read lock on it. */
WRAPPED(int, fchmod, (int file, mode_t mode)) {
    char link[64];
    struct flock whole = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    int again = open(link, O_RDONLY | O_CLOEXEC);
    bool is_record = mode == 0640;
    if (is_record && fcntl(again, F_OFD_GETLK, &whole) == 0 && whole.l_type == F_UNLCK) {
        scripted.has_unlocked_record = true;
    }
    close(again);
    return __real_fchmod(file, mode);
}

WRAPPED(int, lstat, (const char *path, struct stat *facts)) {
    (void)path;
    memset(facts, 0, sizeof *facts);
    errno = ENOENT;
    return scripted.has_node_directory ? 0 : -1;
}

WRAPPED(ssize_t, getrandom, (void *buffer, size_t size, unsigned int flags)) {
    errno = ENOSYS;
    return scripted.lacks_randomness ? -1 : __real_getrandom(buffer, size, flags);
}

WRAPPED(int, pthread_atfork, (void (*prepare)(void), void (*parent)(void), void (*child)(void))) {
    return scripted.cannot_watch_forks ? ENOMEM : __real_pthread_atfork(prepare, parent, child);
}

WRAPPED(time_t, time, (time_t * out_time)) {
    return scripted.time_s == 0 ? __real_time(out_time) : (time_t)scripted.time_s;
}

WRAPPED(uid_t, geteuid, (void)) {
    return scripted.effective_uid == 0 ? __real_geteuid() : scripted.effective_uid;
}

/* The folder has this owner; the state directory has the caller's, and `root_mode`. */
enum { CALLER = 12344, FOREIGN = 12345 };

static bool is_taken_from(uid_t uid, gid_t gid, mode_t root_mode) {
    rein_reservation held;
    cr_assert(chmod(trial.path, root_mode) == 0, "the state directory's mode");
    scripted.has_owner = true;
    scripted.true_calls = 1;
    scripted.uid = uid;
    scripted.gid = gid;
    scripted.effective_uid = CALLER;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    forget_scripted();
    if (taken.is_ok) {
        rein_reservation_release(&held);
    } else {
        expect_error_facts(&REIN_ERROR(taken), REIN_ERROR_INVALID_STATE, "GPU-test owned group");
    }
    return taken.is_ok;
}

Test(reservation_facts, a_folder_of_another_owner_is_shared_through_the_group) {
    struct stat root;
    make_folder();
    cr_assert(stat(trial.path, &root) == 0, "the state directory");
    cr_assert(is_taken_from(CALLER, FOREIGN, 0700), "one's own");
    cr_assert(is_taken_from(0, FOREIGN, 0700), "root's");
    cr_assert(!is_taken_from(FOREIGN, FOREIGN, 0700), "a stranger's");
    cr_assert(!is_taken_from(FOREIGN, root.st_gid, 0750), "the group may only read");
    cr_assert(!is_taken_from(FOREIGN, FOREIGN, 0770), "of another group");
    cr_assert(is_taken_from(FOREIGN, root.st_gid, 0770), "a member's");
}

static rein_result_state_directory open_owned_by(uid_t uid) {
    scripted.has_owner = true;
    scripted.true_calls = 0;
    scripted.uid = uid;
    scripted.effective_uid = CALLER;
    rein_result_state_directory opened = rein_state_directory_open(trial.path);
    forget_scripted();
    return opened;
}

Test(reservation_facts, a_state_directory_is_root_s_or_the_caller_s) {
    rein_result_state_directory opened = open_owned_by(0);
    cr_assert(opened.is_ok, "root's");
    rein_state_directory_close(&REIN_VALUE(opened));
    opened = open_owned_by(CALLER);
    cr_assert(opened.is_ok, "the caller's");
    rein_state_directory_close(&REIN_VALUE(opened));
    opened = open_owned_by(FOREIGN);
    cr_assert(!opened.is_ok, "a stranger's");
    cr_assert(REIN_ERROR(opened).code == REIN_ERROR_INVALID_STATE, "refused");
}

Test(reservation_facts, a_reservation_is_the_effective_user_s) {
    rein_reservation held;
    scripted.effective_uid = 4711;
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(see_all().record.uid == 4711, "the user");
    rein_reservation_release(&held);
}

/* Inode numbers are unique only within a file system. */
Test(reservation_facts, a_folder_of_another_file_system_is_another_folder) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    scripted.is_on_another_device = true;
    rein_result_reservation_verdict changed =
        rein_reservation_change(&held, &trial.request, trial.verdicts);
    cr_assert(!changed.is_ok && REIN_ERROR(changed).code == REIN_ERROR_INVALID_STATE, "refused");
    forget_scripted();
    rein_reservation_release(&held);
}

Test(reservation_facts, a_file_that_vanishes_before_it_is_opened_counts_nothing) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    scripted.has_vanished = true;
    expect_sum(0, 0, 0);
    scripted.has_vanished = false;
    expect_sum(1, 400, 0);
    rein_reservation_release(&held);
}

Test(reservation_facts, a_file_whose_state_cannot_be_read_is_unknown) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    scripted.has_no_state = true;
    expect_sum(0, 0, 1);
    forget_scripted();
    expect_sum(1, 400, 0);
    rein_reservation_release(&held);
}

/* The file grows after its size was read. */
Test(reservation_facts, a_file_is_read_no_further_than_there_is_room) {
    rein_reservation held;
    char path[2 * CASE_PATH_CAPACITY];
    expect_take_in_file(&held, path);
    cr_assert(truncate(path, 1 << 16) == 0, "it grows");
    scripted.seems_small = true;
    expect_sum(0, 0, 1);
    rein_reservation_release(&held);
}

Test(reservation_facts, a_reservation_needs_a_name_of_its_own) {
    rein_reservation held;
    scripted.lacks_randomness = true;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    cr_assert(!taken.is_ok && REIN_ERROR(taken).native_code == ENOSYS, "no random numbers");
    cr_assert(case_files(&trial, NULL) == 0, "nothing is left");
}

Test(reservation_facts, the_node_s_directory_comes_before_the_user_s) {
    char path[REIN_STATE_PATH_CAPACITY];
    unsetenv("REIN_STATE_DIR");
    setenv("XDG_RUNTIME_DIR", trial.path, 1);
    scripted.has_node_directory = true;
    cr_assert(rein_state_path_find(path).is_ok && is_same_text(path, "/run/rein"), "the node's");
    scripted.has_node_directory = false;
    cr_assert(rein_state_path_find(path).is_ok && !is_same_text(path, "/run/rein"), "the user's");
}

/* A clock that was never set, or is far off: the written record can be read. */
Test(reservation_facts, a_reservation_is_readable_whatever_the_clock_says) {
    static const int64_t dates[] = {-1, INT64_C(-62167219200), INT64_C(253402300799)};
    static const int64_t beyond[] = {INT64_C(-62167219201), INT64_C(253402300800), INT64_MIN};
    rein_reservation held;
    for (size_t index = 0; index < sizeof dates / sizeof dates[0]; index++) {
        scripted.time_s = dates[index];
        expect_take(REIN_ADMISSION_FITS, &held);
        expect_sum(1, 400, 0);
        cr_assert(see_all().record.since_unix_s == dates[index], "the date");
        rein_reservation_release(&held);
    }
    for (size_t index = 0; index < sizeof beyond / sizeof beyond[0]; index++) {
        scripted.time_s = beyond[index];
        rein_result_reservation_verdict taken =
            rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
        cr_assert(!taken.is_ok && REIN_ERROR(taken).code == REIN_ERROR_INVALID_ARGUMENT, "refused");
        expect_sum(0, 0, 0);
    }
}

/* Runs in a process that has not opened a directory yet. Registering is not retried, because a fork
 * may have happened. */
Test(reservation_without_forks, a_directory_is_not_opened_if_forks_cannot_be_watched) {
    size_t before = open_descriptors();
    scripted.cannot_watch_forks = true;
    rein_result_state_directory opened = rein_state_directory_open("/");
    cr_assert(!opened.is_ok && REIN_ERROR(opened).code == REIN_ERROR_OUT_OF_MEMORY, "refused");
    cr_assert(REIN_ERROR(opened).native_code == ENOMEM, "by the system's error");
    scripted.cannot_watch_forks = false;
    cr_assert(!rein_state_directory_open("/").is_ok, "and ever after");
    cr_assert(open_descriptors() == before, "nothing is left open");
}

Test(reservation_facts, a_record_is_locked_before_others_may_read_it) {
    rein_reservation held;
    cr_assert(chmod(trial.path, 0750) == 0, "the group may read");
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_change(REIN_ADMISSION_FITS, 500, &held);
    cr_assert(!scripted.has_unlocked_record, "it is locked first");
    rein_reservation_release(&held);
}

Test(reservation_facts, a_lock_whose_file_was_replaced_is_taken_again) {
    rein_reservation held;
    make_folder();
    scripted.replaced_locks = 2;
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(scripted.replaced_locks == 0 && rein_clock_now(&trial.clock).ns > 0, "after a pause");
    rein_reservation_release(&held);
}

Test(reservation_facts, a_lock_file_that_vanishes_is_made_again_a_few_times) {
    rein_reservation held;
    make_folder();
    scripted.vanished_locks = 4;
    expect_take(REIN_ADMISSION_FITS, &held);
    rein_reservation_release(&held);
    scripted.vanished_locks = 5;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    cr_assert(!taken.is_ok && REIN_ERROR(taken).native_code == ENOENT, "it gives up");
}

/* Another process made it, or removed it before it was finished. */
Test(reservation_facts, a_lock_file_that_another_process_made_first) {
    static const int errors[] = {EEXIST, ENOENT};
    char path[2 * CASE_PATH_CAPACITY];
    make_folder();
    case_file(&trial, ".lock", path);
    for (size_t index = 0; index < sizeof errors / sizeof errors[0]; index++) {
        rein_reservation held;
        cr_assert(remove(path) == 0, "no lock");
        scripted.link_error = errors[index];
        expect_take(REIN_ADMISSION_FITS, &held);
        cr_assert(scripted.link_error == 0, "it was tried again");
        rein_reservation_release(&held);
    }
}

Test(reservation_facts, a_lock_file_needs_a_name_of_its_own) {
    rein_reservation held;
    make_folder();
    expect_take(REIN_ADMISSION_FITS, &held);
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, ".lock", path);
    cr_assert(remove(path) == 0, "its lock is removed");
    scripted.lacks_randomness = true;
    rein_result_reservation_verdict changed =
        rein_reservation_change(&held, &trial.request, trial.verdicts);
    cr_assert(!changed.is_ok && REIN_ERROR(changed).native_code == ENOSYS, "no random numbers");
    scripted.lacks_randomness = false;
    expect_change(REIN_ADMISSION_FITS, 500, &held);
    rein_reservation_release(&held);
}
