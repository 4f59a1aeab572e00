#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>

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
    snprintf(path, sizeof path, "%s/gpu-other", trial.path);
    cr_assert(mkdir(path, 0700) == 0, "not as a device's folder is spelt");
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

/* Returns the reported errno. */
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

/* Descriptor 0 is valid. */
Test(state_directory, is_opened_if_standard_input_is_closed) {
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

static void expect_path(const char *path, rein_state_origin origin) {
    char found[REIN_STATE_PATH_CAPACITY];
    rein_result_state_origin answer = rein_state_path_find(found);
    cr_assert(answer.is_ok && REIN_VALUE(answer) == origin, "%s: origin %d", path, (int)origin);
    cr_assert(is_same_text(found, path), "'%s', expected '%s'", found, path);
}

static void expect_no_path(rein_error_code code) {
    char found[REIN_STATE_PATH_CAPACITY];
    rein_result_state_origin answer = rein_state_path_find(found);
    cr_assert(!answer.is_ok && REIN_ERROR(answer).code == code, "%s", rein_error_code_name(code));
}

Test(state_directory, finds_the_state_directory) {
    char longest[REIN_STATE_PATH_CAPACITY + 1];
    setenv("REIN_STATE_DIR", "/some/where", 1);
    expect_path("/some/where", REIN_STATE_FROM_ENVIRONMENT);
    setenv("REIN_STATE_DIR", "some/where", 1);
    expect_no_path(REIN_ERROR_INVALID_ARGUMENT);
    memset(longest, '/', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    setenv("REIN_STATE_DIR", longest, 1);
    expect_no_path(REIN_ERROR_INVALID_ARGUMENT);
    setenv("REIN_STATE_DIR", longest + 1, 1);
    expect_path(longest + 1, REIN_STATE_FROM_ENVIRONMENT);
    setenv("REIN_STATE_DIR", "", 1);
    struct stat facts;
    if (stat("/run/rein", &facts) == 0) {
        expect_path("/run/rein", REIN_STATE_FROM_SYSTEM);
        return;
    }
    setenv("XDG_RUNTIME_DIR", trial.path, 1);
    char expected[2 * CASE_PATH_CAPACITY];
    snprintf(expected, sizeof expected, "%s/rein", trial.path);
    expect_path(expected, REIN_STATE_FROM_RUNTIME);
    cr_assert(stat(expected, &facts) != 0, "finding creates nothing");
    setenv("XDG_RUNTIME_DIR", "not/absolute", 1);
    expect_no_path(REIN_ERROR_INVALID_ARGUMENT);
    setenv("XDG_RUNTIME_DIR", longest + 1, 1);
    expect_no_path(REIN_ERROR_INVALID_ARGUMENT);
    unsetenv("XDG_RUNTIME_DIR");
    expect_no_path(REIN_ERROR_NOT_FOUND);
}

Test(state_directory, is_created_private_to_its_user) {
    char path[2 * CASE_PATH_CAPACITY];
    struct stat facts;
    umask(0);
    snprintf(path, sizeof path, "%s/rein", trial.path);
    for (int tries = 0; tries < 2; tries++) {
        rein_result_state_directory made = rein_state_directory_create(path);
        cr_assert(made.is_ok, "made, and opened if it is there");
        rein_state_directory_close(&REIN_VALUE(made));
    }
    cr_assert(stat(path, &facts) == 0 && (facts.st_mode & 07777) == 0700, "its mode");
    rein_result_state_directory made = rein_state_directory_create("/nowhere/rein");
    cr_assert(!made.is_ok && REIN_ERROR(made).native_code == ENOENT, "it cannot be made");
    made = rein_state_directory_create(NULL);
    cr_assert(!made.is_ok && REIN_ERROR(made).code == REIN_ERROR_INVALID_ARGUMENT, "NULL");
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
    cr_assert(stat(path, &facts) == 0 && (facts.st_mode & 07777) == 02770, "the folder");
    cr_assert(case_files(&trial, name) == 1, "its file");
    case_file(&trial, name, path);
    cr_assert(stat(path, &facts) == 0 && (facts.st_mode & 0777) == 0640, "the reservation");
    case_file(&trial, ".lock", path);
    cr_assert(stat(path, &facts) == 0 && (facts.st_mode & 0777) == 0660, "the folder's lock");
    snprintf(path, sizeof path, "%s/.lock", trial.path);
    cr_assert(stat(path, &facts) == 0 && (facts.st_mode & 0777) == 0660, "the directory's lock");
    rein_reservation_release(&held);
}

/* Even without setgid, its files belong to the group that may write to the state directory. */
Test(state_directory, passes_its_group_to_its_contents) {
    static const char *const names[] = {".lock", CASE_DEVICE, CASE_DEVICE "/.lock"};
    rein_reservation held;
    struct stat facts;
    char path[2 * CASE_PATH_CAPACITY];
    if (geteuid() != 0) {
        cr_skip_test("it needs root");
    }
    cr_assert(chown(trial.path, 0, 4711) == 0 && chmod(trial.path, 0770) == 0, "another's group");
    expect_take_in_file(&held, path);
    cr_assert(stat(path, &facts) == 0 && facts.st_gid == 4711, "the reservation");
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        snprintf(path, sizeof path, "%s/%s", trial.path, names[index]);
        cr_assert(stat(path, &facts) == 0 && facts.st_gid == 4711, "%s", names[index]);
    }
    rein_reservation_release(&held);
}

/* Renames a folder in the state directory. */
static void move_folder(const char *from_name, const char *to_name) {
    char from[2 * CASE_PATH_CAPACITY];
    char to[2 * CASE_PATH_CAPACITY];
    snprintf(from, sizeof from, "%s/%s", trial.path, from_name);
    snprintf(to, sizeof to, "%s/%s", trial.path, to_name);
    cr_assert(rename(from, to) == 0, "%s becomes %s", from, to);
}

/* A clock that acts as another process during its sleeps. */
typedef struct moving_clock {
    int lock; /* held by another process; -1: none */
    int64_t now_ns;
    int64_t longest_sleep_ns;
} moving_clock;

static rein_timestamp moving_now(void *self) {
    return rein_timestamp_from_ns(((moving_clock *)self)->now_ns);
}

/* Moves the folder away and releases its lock, in the first sleep. */
static void moving_sleep(void *self, rein_timestamp wake) {
    moving_clock *clock = self;
    clock->now_ns = wake.ns;
    if (clock->lock >= 0) {
        move_folder(CASE_DEVICE, "aside");
        close(clock->lock);
        clock->lock = -1;
    }
}

Test(state_directory, locks_the_folder_that_replaced_the_first) {
    rein_reservation held;
    make_folder();
    moving_clock state = {.lock = lock_device_as_another()};
    rein_clock clock = {.now = moving_now, .sleep_until = moving_sleep, .self = &state};
    trial.request.clock = &clock;
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(state.lock == -1, "it waited");
    expect_sum(1, 400, 0);
    cr_assert(case_files(&trial, NULL) == 1, "in the new folder");
    rein_reservation_release(&held);
    case_empty_folder_of(&trial, "aside");
}

/* Releases the lock in the first sleep. */
static void sleep_and_release(void *self, rein_timestamp wake) {
    moving_clock *clock = self;
    clock->now_ns = wake.ns;
    close(clock->lock);
    clock->lock = -1;
}

/* A change waits for the folder's lock, as a first reservation does. */
Test(state_directory, is_not_changed_while_another_reserves) {
    rein_reservation held;
    make_folder();
    moving_clock state = {.lock = -1};
    rein_clock clock = {.now = moving_now, .sleep_until = sleep_and_release, .self = &state};
    trial.request.clock = &clock;
    for (int changes = 0; changes < 2; changes++) {
        state.lock = lock_device_as_another();
        if (changes == 0) {
            expect_take(REIN_ADMISSION_FITS, &held);
        } else {
            expect_change(REIN_ADMISSION_FITS, 1, &held);
        }
        cr_assert(state.lock == -1, "it waited");
    }
    rein_reservation_release(&held);
}

Test(state_directory, is_read_while_another_reserves) {
    make_folder();
    int lock = lock_device_as_another();
    expect_sum(0, 0, 0);
    cr_assert(rein_clock_now(&trial.clock).ns == 0, "a reader does not wait");
    close(lock);
}

static void sleep_to_the_limit(void *self, rein_timestamp wake) {
    moving_clock *clock = self;
    (void)wake;
    clock->now_ns += REIN_RESERVATION_LOCK_WAIT_S * REIN_NS_PER_S;
}

Test(state_directory, is_not_waited_for_from_the_limit_on) {
    make_folder();
    moving_clock state = {.lock = lock_device_as_another()};
    rein_clock clock = {.now = moving_now, .sleep_until = sleep_to_the_limit, .self = &state};
    trial.request.clock = &clock;
    (void)expect_folder_error(REIN_ERROR_TIMEOUT);
    cr_assert(state.now_ns == REIN_RESERVATION_LOCK_WAIT_S * REIN_NS_PER_S, "one sleep");
    close(state.lock);
}

Test(state_directory, is_waited_for_until_the_deadline) {
    make_folder();
    moving_clock state = {.lock = lock_device_as_another()};
    rein_clock clock = {.now = moving_now, .sleep_until = sleep_to_the_limit, .self = &state};
    trial.request.clock = &clock;
    trial.request.deadline =
        rein_timestamp_from_ns(3 * REIN_RESERVATION_LOCK_WAIT_S * REIN_NS_PER_S);
    (void)expect_folder_error(REIN_ERROR_TIMEOUT);
    cr_assert(state.now_ns == trial.request.deadline.ns, "three sleeps");
    close(state.lock);
}

static void measured_sleep(void *self, rein_timestamp wake) {
    moving_clock *clock = self;
    int64_t slept_ns = wake.ns - clock->now_ns;
    bool is_longest = slept_ns > clock->longest_sleep_ns;
    clock->longest_sleep_ns = is_longest ? slept_ns : clock->longest_sleep_ns;
    clock->now_ns = wake.ns;
}

Test(state_directory, is_polled_every_6_ms_while_it_is_locked) {
    make_folder();
    moving_clock state = {.lock = lock_device_as_another()};
    rein_clock clock = {.now = moving_now, .sleep_until = measured_sleep, .self = &state};
    trial.request.clock = &clock;
    (void)expect_folder_error(REIN_ERROR_TIMEOUT);
    cr_assert(state.longest_sleep_ns == 6400 * REIN_NS_PER_US, "%d us",
              (int)(state.longest_sleep_ns / REIN_NS_PER_US));
    close(state.lock);
}

/* Expects that checking and changing the reservation both report that it is not counted. */
static void expect_not_counted(rein_reservation *held) {
    rein_result_void checked = rein_reservation_check(held);
    cr_assert(!checked.is_ok && REIN_ERROR(checked).code == REIN_ERROR_INVALID_STATE,
              "it is reported");
    trial.models[0].budget.memory_limit_bytes = 1;
    rein_result_reservation_verdict changed =
        rein_reservation_change(held, &trial.request, trial.verdicts);
    cr_assert(!changed.is_ok && REIN_ERROR(changed).code == REIN_ERROR_INVALID_STATE,
              "it cannot be changed");
    cr_assert(held->bytes == 400, "as it was");
}

Test(state_directory, check_succeeds_while_the_reservation_counts) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(rein_reservation_check(&held).is_ok, "taken");
    expect_change(REIN_ADMISSION_FITS, 500, &held);
    cr_assert(rein_reservation_check(&held).is_ok, "changed");
    rein_reservation_release(&held);
    rein_result_void checked = rein_reservation_check(&held);
    cr_assert(!checked.is_ok && REIN_ERROR(checked).code == REIN_ERROR_INVALID_STATE, "released");
}

Test(state_directory, check_fails_if_the_folder_was_moved) {
    rein_reservation held;
    char path[2 * CASE_PATH_CAPACITY];
    expect_take(REIN_ADMISSION_FITS, &held);
    move_folder(CASE_DEVICE, "aside");
    expect_not_counted(&held);
    expect_sum(0, 0, 0);
    rein_reservation more;
    expect_take(REIN_ADMISSION_CANNOT_TELL, &more);
    case_file(&trial, "", path);
    cr_assert(mkdir(path, 0700) == 0, "another folder in its place");
    expect_not_counted(&held);
    rein_reservation_release(&held);
    case_empty_folder_of(&trial, "aside");
}

Test(state_directory, check_fails_if_the_folder_was_removed) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    case_empty_folder_of(&trial, CASE_DEVICE);
    expect_not_counted(&held);
    rein_reservation_release(&held);
    expect_sum(0, 0, 0);
}

Test(state_directory, check_fails_if_the_file_was_removed) {
    rein_reservation held;
    char path[2 * CASE_PATH_CAPACITY];
    expect_take_in_file(&held, path);
    cr_assert(remove(path) == 0, "removed");
    expect_not_counted(&held);
    rein_reservation_release(&held);
}

Test(state_directory, removes_the_unfinished_folder_of_a_dead_process) {
    rein_reservation held;
    char path[2 * CASE_PATH_CAPACITY];
    snprintf(path, sizeof path, "%s/.new", trial.path);
    cr_assert(mkdir(path, 0700) == 0, "an unfinished folder");
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(access(path, F_OK) != 0, "it is gone");
    rein_reservation_release(&held);
}

Test(state_directory, leaves_a_foreign_file_in_place_of_an_unfinished_folder) {
    char path[2 * CASE_PATH_CAPACITY];
    snprintf(path, sizeof path, "%s/.new", trial.path);
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    cr_assert(file >= 0 && close(file) == 0, "a file");
    cr_assert(expect_folder_error(REIN_ERROR_INTERNAL_ERROR) == ENOTDIR, "it is not a directory");
    cr_assert(access(path, F_OK) == 0, "it is still there");
}

/* Makes the folder and releases the state directory's lock in the first sleep. */
static void making_sleep(void *self, rein_timestamp wake) {
    moving_clock *clock = self;
    char path[2 * CASE_PATH_CAPACITY];
    clock->now_ns = wake.ns;
    case_file(&trial, "", path);
    cr_assert(mkdir(path, 0750) == 0 && close(clock->lock) == 0, "another made it");
    clock->lock = -1;
}

Test(state_directory, uses_the_folder_that_another_process_made_meanwhile) {
    rein_reservation held;
    struct stat facts;
    char path[2 * CASE_PATH_CAPACITY];
    moving_clock state = {.lock = lock_as_another(trial.path)};
    rein_clock clock = {.now = moving_now, .sleep_until = making_sleep, .self = &state};
    trial.request.clock = &clock;
    expect_take(REIN_ADMISSION_FITS, &held);
    case_file(&trial, "", path);
    cr_assert(state.lock == -1 && stat(path, &facts) == 0 && (facts.st_mode & 0777) == 0750,
              "it is the other's");
    rein_reservation_release(&held);
}
