#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#include "reservation_expect.h"

TestSuite(state_directory, .init = open_case, .fini = close_case);

static void see_device(const char *device_uuid, void *context) {
    seen_entries *seen = context;
    seen->count++;
    strcpy(seen->file_name, device_uuid);
}

Test(state_directory, lists_the_devices) {
    rein_reservation held;
    seen_entries seen = {.count = 0};
    char path[2 * CASE_PATH_CAPACITY];
    snprintf(path, sizeof path, "%s/.hidden", trial.path);
    cr_assert(mkdir(path, 0700) == 0, "no device's");
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(rein_result_void_is_ok(
                  rein_state_directory_visit_devices(&trial.directory, see_device, &seen)),
              "listed");
    cr_assert(seen.count == 1 && is_same_text(seen.file_name, CASE_DEVICE), "one device");
    close(STDIN_FILENO);
    cr_assert(rein_state_directory_visit_devices(&trial.directory, see_device, &seen).is_ok &&
                  seen.count == 2,
              "descriptor 0 is one as any other");
    rein_reservation_release(&held);
}

/* Returns the errno that is told. */
static int expect_folder_error(rein_error_code code) {
    rein_reservation held;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    cr_assert(!taken.is_ok && REIN_ERROR(taken).code == code, "refused as %s",
              rein_error_code_name(code));
    return REIN_ERROR(taken).native_code;
}

Test(state_directory, refuses_a_folder_that_is_not_safe) {
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, "", path);
    path[strlen(path) - 1] = '\0';
    cr_assert(mkdir(path, 0700) == 0 && chmod(path, 0777) == 0, "writable by everyone");
    (void)expect_folder_error(REIN_ERROR_INVALID_STATE);
    cr_assert(rmdir(path) == 0 && symlink("/tmp", path) == 0, "a link");
    (void)expect_folder_error(REIN_ERROR_INTERNAL_ERROR);
    cr_assert(remove(path) == 0 && mkdir(path, 0700) == 0, "a folder");
}

Test(state_directory, opens_only_safe_state_directories) {
    char path[2 * CASE_PATH_CAPACITY];
    snprintf(path, sizeof path, "%s/state", trial.path);
    rein_result_state_directory opened = rein_state_directory_open(path);
    cr_assert(!opened.is_ok && REIN_ERROR(opened).code == REIN_ERROR_NOT_FOUND, "missing");
    cr_assert(mkdir(path, 0700) == 0 && chmod(path, 0702) == 0, "writable by everyone");
    opened = rein_state_directory_open(path);
    cr_assert(!opened.is_ok && REIN_ERROR(opened).code == REIN_ERROR_INVALID_STATE, "refused");
    cr_assert(rmdir(path) == 0 && symlink("/tmp", path) == 0, "a link");
    opened = rein_state_directory_open(path);
    cr_assert(!opened.is_ok && REIN_ERROR(opened).code == REIN_ERROR_INVALID_STATE, "refused");
    cr_assert(remove(path) == 0 && close(open(path, O_WRONLY | O_CREAT, 0600)) == 0, "a file");
    opened = rein_state_directory_open(path);
    cr_assert(!opened.is_ok && REIN_ERROR(opened).code == REIN_ERROR_INVALID_STATE, "refused");
    cr_assert(remove(path) == 0 && symlink(path, path) == 0, "a link to itself");
    char through[3 * CASE_PATH_CAPACITY];
    snprintf(through, sizeof through, "%s/inner", path);
    opened = rein_state_directory_open(through);
    cr_assert(!opened.is_ok && REIN_ERROR(opened).code == REIN_ERROR_INVALID_STATE, "refused");
    opened = rein_state_directory_open(NULL);
    cr_assert(!opened.is_ok && REIN_ERROR(opened).code == REIN_ERROR_INVALID_ARGUMENT, "NULL");
    remove(path);
}

/* Descriptor 0 is one as any other. */
Test(state_directory, is_opened_where_standard_input_is_closed) {
    static const int left_behind[] = {0, ENOENT, ELOOP, ENOTDIR};
    close(STDIN_FILENO);
    size_t before = open_descriptors();
    for (size_t i = 0; i < sizeof left_behind / sizeof *left_behind; i++) {
        errno = left_behind[i];
        rein_result_state_directory opened = rein_state_directory_open(trial.path);
        cr_assert(opened.is_ok && REIN_VALUE(opened).descriptor == STDIN_FILENO, "opened");
        rein_state_directory_close(&REIN_VALUE(opened));
        cr_assert(open_descriptors() == before && REIN_VALUE(opened).descriptor == -1, "closed");
    }
}

Test(state_directory, finds_the_state_directory) {
    char path[REIN_STATE_PATH_CAPACITY];
    setenv("REIN_STATE_DIR", "/some/where", 1);
    cr_assert(rein_state_path_find(path).is_ok && is_same_text(path, "/some/where"), "as stated");
    setenv("REIN_STATE_DIR", "some/where", 1);
    cr_assert(!rein_state_path_find(path).is_ok, "not absolute");
    char longest[REIN_STATE_PATH_CAPACITY + 1];
    memset(longest, '/', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    setenv("REIN_STATE_DIR", longest, 1);
    cr_assert(!rein_state_path_find(path).is_ok, "a byte too long");
    setenv("REIN_STATE_DIR", longest + 1, 1);
    cr_assert(rein_state_path_find(path).is_ok && strlen(path) == sizeof path - 1, "the longest");
    setenv("REIN_STATE_DIR", "", 1);
    struct stat facts;
    if (stat("/run/rein", &facts) == 0) {
        cr_assert(rein_state_path_find(path).is_ok && is_same_text(path, "/run/rein"),
                  "the node's");
        return;
    }
    setenv("XDG_RUNTIME_DIR", trial.path, 1);
    char expected[2 * CASE_PATH_CAPACITY];
    snprintf(expected, sizeof expected, "%s/rein", trial.path);
    cr_assert(rein_state_path_find(path).is_ok && is_same_text(path, expected), "the user's");
    cr_assert(stat(expected, &facts) == 0 && (facts.st_mode & 07777) == 0700, "made");
    cr_assert(rein_state_path_find(path).is_ok, "found again");
    setenv("XDG_RUNTIME_DIR", "/nowhere", 1);
    rein_result_void found = rein_state_path_find(path);
    cr_assert(!found.is_ok && REIN_ERROR(found).native_code == ENOENT, "cannot be made");
    setenv("XDG_RUNTIME_DIR", "not/absolute", 1);
    found = rein_state_path_find(path);
    cr_assert(!found.is_ok && REIN_ERROR(found).code == REIN_ERROR_INVALID_ARGUMENT,
              "the user's is not absolute");
    setenv("XDG_RUNTIME_DIR", longest + 1, 1);
    found = rein_state_path_find(path);
    cr_assert(!found.is_ok && REIN_ERROR(found).code == REIN_ERROR_INVALID_ARGUMENT,
              "the user's is too long");
    unsetenv("XDG_RUNTIME_DIR");
    found = rein_state_path_find(path);
    expect_error(&REIN_ERROR(found), REIN_ERROR_NOT_FOUND,
                 "no state directory, expected $REIN_STATE_DIR, /run/rein or $XDG_RUNTIME_DIR");
}

Test(state_directory, shares_folders_as_the_state_directory_is_shared) {
    rein_reservation held;
    char path[2 * CASE_PATH_CAPACITY];
    char name[REIN_RESERVATION_NAME_CAPACITY];
    struct stat facts;
    cr_assert(chmod(trial.path, 02770) == 0, "shared with the group");
    umask(077);
    expect_take(REIN_ADMISSION_FITS, &held);
    case_file(&trial, "", path);
    cr_assert(stat(path, &facts) == 0 && (facts.st_mode & 0777) == 0770, "the folder");
    cr_assert(case_files(&trial, name) == 1, "its file");
    case_file(&trial, name, path);
    cr_assert(stat(path, &facts) == 0 && (facts.st_mode & 0777) == 0640, "the reservation");
    rein_reservation_release(&held);
}

/* Takes the folder of the device aside and back. */
static void move_folder(const char *from_name, const char *to_name) {
    char from[2 * CASE_PATH_CAPACITY];
    char to[2 * CASE_PATH_CAPACITY];
    snprintf(from, sizeof from, "%s/%s", trial.path, from_name);
    snprintf(to, sizeof to, "%s/%s", trial.path, to_name);
    cr_assert(rename(from, to) == 0, "%s becomes %s", from, to);
}

/* A clock of which sleeps do what another process may do meanwhile. */
typedef struct moving_clock {
    int lock; /* that another process holds; -1: none */
    int64_t now_ns;
    int64_t longest_sleep_ns;
} moving_clock;

static rein_timestamp moving_now(void *self) {
    return rein_timestamp_from_ns(((moving_clock *)self)->now_ns);
}

/* The first moves the folder away and lets go of its lock. */
static void moving_sleep(void *self, rein_timestamp wake) {
    moving_clock *clock = self;
    clock->now_ns = wake.ns;
    if (clock->lock >= 0) {
        move_folder(CASE_DEVICE, "aside");
        close(clock->lock);
        clock->lock = -1;
    }
}

/* As another process locks the device's folder, which is there. */
static int lock_folder(int operation) {
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, "", path);
    int lock = open(path, O_RDONLY);
    cr_assert(lock >= 0 && flock(lock, operation) == 0, "locked");
    return lock;
}

Test(state_directory, locks_the_folder_that_is_there_now) {
    rein_reservation held;
    make_folder();
    moving_clock state = {.lock = lock_folder(LOCK_EX)};
    rein_clock clock = {.now = moving_now, .sleep_until = moving_sleep, .self = &state};
    trial.request.clock = &clock;
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(state.lock == -1, "it had to wait");
    expect_sum(1, 400, 0);
    cr_assert(case_files(&trial, NULL) == 1, "in the new folder");
    rein_reservation_release(&held);
    case_empty_folder_of(&trial, "aside");
}

static void sleep_and_let_go(void *self, rein_timestamp wake) {
    moving_clock *clock = self;
    clock->now_ns = wake.ns;
    close(clock->lock);
    clock->lock = -1;
}

Test(state_directory, is_not_changed_while_another_looks) {
    rein_reservation held;
    make_folder();
    moving_clock state = {.lock = -1};
    rein_clock clock = {.now = moving_now, .sleep_until = sleep_and_let_go, .self = &state};
    trial.request.clock = &clock;
    for (int changes = 0; changes < 2; changes++) {
        state.lock = lock_folder(LOCK_SH);
        if (changes == 0) {
            expect_take(REIN_ADMISSION_FITS, &held);
        } else {
            expect_change(REIN_ADMISSION_FITS, 1, &held);
        }
        cr_assert(state.lock == -1, "it had to wait");
    }
    rein_reservation_release(&held);
}

static void sleep_to_the_limit(void *self, rein_timestamp wake) {
    moving_clock *clock = self;
    (void)wake;
    clock->now_ns += REIN_RESERVATION_LOCK_WAIT_S * REIN_NS_PER_S;
}

Test(state_directory, is_not_waited_for_from_the_limit_on) {
    make_folder();
    moving_clock state = {.lock = lock_folder(LOCK_EX)};
    rein_clock clock = {.now = moving_now, .sleep_until = sleep_to_the_limit, .self = &state};
    trial.request.clock = &clock;
    (void)expect_folder_error(REIN_ERROR_TIMEOUT);
    cr_assert(state.now_ns == REIN_RESERVATION_LOCK_WAIT_S * REIN_NS_PER_S, "one sleep");
    close(state.lock);
}

static void measured_sleep(void *self, rein_timestamp wake) {
    moving_clock *clock = self;
    int64_t slept_ns = wake.ns - clock->now_ns;
    bool is_longest = slept_ns > clock->longest_sleep_ns;
    clock->longest_sleep_ns = is_longest ? slept_ns : clock->longest_sleep_ns;
    clock->now_ns = wake.ns;
}

Test(state_directory, is_looked_at_every_6_ms_while_it_is_locked) {
    make_folder();
    moving_clock state = {.lock = lock_folder(LOCK_EX)};
    rein_clock clock = {.now = moving_now, .sleep_until = measured_sleep, .self = &state};
    trial.request.clock = &clock;
    (void)expect_folder_error(REIN_ERROR_TIMEOUT);
    cr_assert(state.longest_sleep_ns == 6400 * REIN_NS_PER_US, "%d us",
              (int)(state.longest_sleep_ns / REIN_NS_PER_US));
    close(state.lock);
}

static void expect_changed_no_more(rein_reservation *held, const char *message) {
    trial.models[0].budget.memory_limit_bytes = 1;
    rein_result_reservation_verdict changed =
        rein_reservation_change(held, &trial.request, trial.verdicts);
    cr_assert(!changed.is_ok, "nobody counts it");
    expect_error(&REIN_ERROR(changed), REIN_ERROR_INVALID_STATE, message);
    cr_assert(held->bytes == 400, "as it was");
}

Test(state_directory, tells_a_holder_that_the_folder_was_moved) {
    static const char message[] =
        "the device's folder GPU-test was moved or removed, expected it to stay";
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    move_folder(CASE_DEVICE, "aside");
    expect_changed_no_more(&held, message);
    expect_sum(0, 0, 0);
    make_folder();
    expect_changed_no_more(&held, message);
    rein_reservation_release(&held);
    case_empty_folder_of(&trial, "aside");
}

Test(state_directory, tells_a_holder_that_the_folder_was_removed) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    case_empty_folder_of(&trial, CASE_DEVICE);
    expect_changed_no_more(
        &held, "the device's folder GPU-test was moved or removed, expected it to stay");
    rein_reservation_release(&held);
    expect_sum(0, 0, 0);
}

Test(state_directory, tells_a_holder_that_its_file_was_removed) {
    rein_reservation held;
    char name[REIN_RESERVATION_NAME_CAPACITY];
    char path[2 * CASE_PATH_CAPACITY];
    char message[EXPECT_TEXT_CAPACITY];
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(case_files(&trial, name) == 1, "its file");
    case_file(&trial, name, path);
    cr_assert(remove(path) == 0, "removed");
    snprintf(message, sizeof message,
             "the reservation %s was removed by someone else, expected its file to stay", name);
    expect_changed_no_more(&held, message);
    rein_reservation_release(&held);
}

Test(state_directory, removes_what_a_dead_maker_left) {
    rein_reservation held;
    char path[2 * CASE_PATH_CAPACITY];
    snprintf(path, sizeof path, "%s/.new", trial.path);
    cr_assert(mkdir(path, 0700) == 0, "an unfinished folder");
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(access(path, F_OK) != 0, "it is gone");
    rein_reservation_release(&held);
}

Test(state_directory, leaves_a_foreign_thing_in_the_place_of_an_unfinished_folder) {
    char path[2 * CASE_PATH_CAPACITY];
    snprintf(path, sizeof path, "%s/.new", trial.path);
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    cr_assert(file >= 0 && close(file) == 0, "a file");
    cr_assert(expect_folder_error(REIN_ERROR_INTERNAL_ERROR) == ENOTDIR, "it is no folder");
    cr_assert(access(path, F_OK) == 0, "it is still there");
}

/* A clock whose first sleep makes the folder and lets go of the state directory's lock. */
static void making_sleep(void *self, rein_timestamp wake) {
    moving_clock *clock = self;
    char path[2 * CASE_PATH_CAPACITY];
    clock->now_ns = wake.ns;
    case_file(&trial, "", path);
    cr_assert(mkdir(path, 0750) == 0 && close(clock->lock) == 0, "another made it");
    clock->lock = -1;
}

Test(state_directory, uses_the_folder_that_another_made_meanwhile) {
    rein_reservation held;
    struct stat facts;
    char path[2 * CASE_PATH_CAPACITY];
    moving_clock state = {.lock = open(trial.path, O_RDONLY)};
    cr_assert(flock(state.lock, LOCK_EX) == 0, "locked");
    rein_clock clock = {.now = moving_now, .sleep_until = making_sleep, .self = &state};
    trial.request.clock = &clock;
    expect_take(REIN_ADMISSION_FITS, &held);
    case_file(&trial, "", path);
    cr_assert(state.lock == -1 && stat(path, &facts) == 0 && (facts.st_mode & 0777) == 0750,
              "it is the other's");
    rein_reservation_release(&held);
}
