/* Every system call fails once, at each place and with each error. The answer is an error, a
 * refusal that says so, or the result without the failure, but never a reservation that does not
 * exist. */
#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/vfs.h>

#include "expect.h"
#include "reservation_case.h"
#include "system_wraps.h"

static reservation_case trial;

/* Calls that a signal may interrupt are repeated; files that cannot be examined are not trusted. */
typedef enum call_kind { CALL_OUTSIDE, CALL_ONCE, CALL_REPEATED, CALL_LOOK } call_kind;

/* Counts the calls and fails the chosen one. */
static struct {
    bool is_armed;
    int calls;
    int failing_call; /* counts from 1 */
    int error;
    call_kind kind; /* of the failed call */
} fault;

/* The search for removed reservations is best effort; test_reservation_removed.c tests it. */
static bool is_in_proc(int folder, const char *name) {
    struct statfs facts;
    return strncmp(name, "/proc", 5) == 0 ||
           (folder >= 0 && fstatfs(folder, &facts) == 0 && facts.f_type == PROC_SUPER_MAGIC);
}

static bool fails_now(call_kind kind) {
    if (!fault.is_armed || kind == CALL_OUTSIDE) {
        return false;
    }
    fault.calls++;
    if (fault.calls != fault.failing_call) {
        return false;
    }
    errno = fault.error;
    fault.kind = kind;
    return true;
}

/* Closes standard input before a file is created, so that the file gets descriptor 0. */
static bool closes_input;

static int open_or_fail(int folder, const char *name, int flags, mode_t mode) {
    if (closes_input && (flags & O_CREAT) != 0 && strstr(name, ".new") != NULL) {
        close(STDIN_FILENO);
    }
    return fails_now(is_in_proc(folder, name) ? CALL_OUTSIDE : CALL_REPEATED)
               ? -1
               : __real_openat(folder, name, flags, mode);
}

WRAP_OPENAT(open_or_fail)

WRAPPED(int, fcntl, (int file, int command, ...)) {
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    /* Unlocking need not succeed: closing the descriptor ends the lock too. */
    bool unlocks = command == F_OFD_SETLK && ((const struct flock *)argument)->l_type == F_UNLCK;
    return fails_now(unlocks ? CALL_ONCE : CALL_REPEATED) ? -1
                                                          : __real_fcntl(file, command, argument);
}

/* The first `found` checks find the folder in its place, the next `gone` do not. */
static struct {
    int found;
    int gone;
} places;

WRAPPED(int, fstatat, (int folder, const char *name, struct stat *facts, int flags)) {
    bool is_folder = strncmp(name, "../", 3) == 0;
    if (is_folder && places.found > 0) {
        places.found--;
    } else if (is_folder && places.gone > 0) {
        places.gone--;
        errno = ENOENT;
        return -1;
    }
    return fails_now(CALL_LOOK) ? -1 : __real_fstatat(folder, name, facts, flags);
}

#define WRAP(Result, name, kind, parameters, arguments)        \
    WRAPPED(Result, name, parameters) {                        \
        return fails_now(kind) ? -1 : __real_##name arguments; \
    }

WRAP(int, fstat, CALL_LOOK, (int file, struct stat *facts), (file, facts))
WRAP(int, fchmod, CALL_ONCE, (int file, mode_t mode), (file, mode))
WRAP(int, fchown, CALL_ONCE, (int file, uid_t owner, gid_t group), (file, owner, group))
WRAP(int, linkat, CALL_ONCE,
     (int from_folder, const char *from, int to_folder, const char *to, int flags),
     (from_folder, from, to_folder, to, flags))
WRAP(int, mkdirat, CALL_ONCE, (int folder, const char *name, mode_t mode), (folder, name, mode))
WRAP(int, renameat, CALL_ONCE, (int from_folder, const char *from, int to_folder, const char *to),
     (from_folder, from, to_folder, to))
WRAP(int, unlinkat, CALL_ONCE, (int folder, const char *name, int flags), (folder, name, flags))
WRAP(ssize_t, getdents64, is_in_proc(file, "") ? CALL_OUTSIDE : CALL_ONCE,
     (int file, void *buffer, size_t size), (file, buffer, size))

/* The next read returns at most `most` bytes; the one after it should ask for the rest. */
static struct {
    size_t most;
    size_t room; /* left after that read */
    size_t asked;
} short_read;

WRAPPED(ssize_t, read, (int file, void *buffer, size_t size)) {
    size_t most = size;
    if (short_read.most > 0) {
        most = short_read.most;
        short_read.room = size - most;
        short_read.most = 0;
    } else if (short_read.room > 0 && short_read.asked == 0) {
        short_read.asked = size;
    }
    return fails_now(CALL_REPEATED) ? -1 : __real_read(file, buffer, most);
}

/* Bytes that the next write leaves for another write. */
static size_t left_by_write;

WRAPPED(ssize_t, write, (int file, const void *buffer, size_t size)) {
    size_t left = left_by_write < size ? left_by_write : 0;
    left_by_write = 0;
    return fails_now(CALL_REPEATED) ? -1 : __real_write(file, buffer, size - left);
}

static void open_case(void) {
    case_open(&trial);
}

static void close_case(void) {
    case_close(&trial);
}

TestSuite(reservation_faults, .init = open_case, .fini = close_case);

static const int all_errors[] = {EIO, ENOSPC, EMFILE, EACCES, EINTR, EROFS, ENOLCK};

static rein_reservation_summary look(void) {
    return REIN_UNWRAP(rein_reservation_visit(&trial.directory, CASE_DEVICE, NULL, NULL));
}

/* Returns whether a process holds the lock of a folder in the state directory. */
static bool is_locked(const char *folder) {
    char path[2 * CASE_PATH_CAPACITY];
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    snprintf(path, sizeof path, "%s/%s/.lock", trial.path, folder);
    int file = open(path, O_RDWR | O_CLOEXEC);
    bool is_held = file >= 0 && fcntl(file, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    if (file >= 0) {
        close(file);
    }
    return is_held;
}

/* Expects nothing unknown, no leaked descriptors, and a free lock. */
static void expect_clean(size_t live_count, uint64_t live_bytes, size_t descriptors) {
    rein_reservation_summary found = look();
    cr_assert(found.live_count == live_count && found.live_bytes == live_bytes,
              "call %d, errno %d: %zu live of %llu bytes", fault.failing_call, fault.error,
              found.live_count, (unsigned long long)found.live_bytes);
    cr_assert(found.unknown_count == 0, "call %d, errno %d: %zu unknown", fault.failing_call,
              fault.error, found.unknown_count);
    cr_assert(!is_locked(CASE_DEVICE) && !is_locked("."), "call %d, errno %d: the lock is held",
              fault.failing_call, fault.error);
    size_t open_now = open_descriptors();
    cr_assert(open_now == descriptors, "call %d, errno %d: %zu descriptors, expected %zu",
              fault.failing_call, fault.error, open_now, descriptors);
}

static rein_result_reservation_verdict take_with_fault(int call, int error,
                                                       rein_reservation *out_reservation) {
    fault.is_armed = true;
    fault.calls = 0;
    fault.kind = CALL_ONCE;
    fault.failing_call = call;
    fault.error = error;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, out_reservation);
    fault.is_armed = false;
    return taken;
}

static void expect_reported(const rein_error *error) {
    char text[512];
    rein_error_message(error, text, sizeof text);
    cr_assert(error->native_code == fault.error && strlen(text) > 0,
              "call %d, errno %d: reported %d, '%s'", fault.failing_call, fault.error,
              error->native_code, text);
}

/* Expects the mode bits that the state directory leaves to its files. */
static void expect_mode_of_file(void) {
    char name[REIN_RESERVATION_NAME_CAPACITY];
    char path[2 * CASE_PATH_CAPACITY];
    struct stat facts;
    cr_assert(case_files(&trial, name) > 0, "there is a file");
    case_file(&trial, name, path);
    cr_assert(stat(path, &facts) == 0 && (facts.st_mode & 0777) == 0600, "call %d, errno %d: %o",
              fault.failing_call, fault.error, (unsigned)facts.st_mode);
}

/* Expects that files which cannot be examined, opened, locked, read or written are not trusted. */
static void expect_not_trusted(bool is_done) {
    bool is_needed =
        fault.kind == CALL_LOOK || (fault.kind == CALL_REPEATED && fault.error != EINTR);
    cr_assert(!is_done || fault.calls < fault.failing_call || !is_needed,
              "call %d, errno %d: the failure was ignored", fault.failing_call, fault.error);
}

static void expect_nothing_unfinished(void) {
    char path[2 * CASE_PATH_CAPACITY];
    snprintf(path, sizeof path, "%s/.new", trial.path);
    cr_assert(access(path, F_OK) != 0, "call %d, errno %d: an unfinished folder is left",
              fault.failing_call, fault.error);
}

/* Takes with the fault at `call`, beside `others`. Returns false if there is no such call. */
static bool try_take(int call, int error, size_t others) {
    size_t before = open_descriptors();
    rein_reservation held;
    rein_result_reservation_verdict taken = take_with_fault(call, error, &held);
    bool is_held = taken.is_ok && REIN_VALUE(taken).outcome == REIN_ADMISSION_FITS;
    expect_clean(others + is_held, 400 * (others + is_held), before + (is_held ? 2 : 0));
    cr_assert(is_held || error != EINTR || fault.kind != CALL_REPEATED, "call %d is made again",
              call);
    expect_not_trusted(is_held);
    expect_nothing_unfinished();
    if (!taken.is_ok) {
        expect_reported(&REIN_ERROR(taken));
    } else if (!is_held) {
        cr_assert(REIN_VALUE(taken).others.unknown_count == 1, "an unreadable file is unknown");
    }
    if (is_held) {
        expect_mode_of_file();
        rein_reservation_release(&held);
    }
    expect_clean(others, 400 * others, before);
    cr_assert(case_files(&trial, NULL) == others, "call %d, errno %d: a file is left", call, error);
    return fault.calls >= call;
}

static int count_failing_calls(int error, size_t others, bool starts_empty) {
    int call = 1;
    while (try_take(call, error, others)) {
        call++;
        if (starts_empty) {
            reservation_case *fresh = &trial;
            case_close(fresh);
            case_open(fresh);
        }
    }
    return call - 1;
}

Test(reservation_faults, the_first_reservation_of_a_device) {
    for (size_t index = 0; index < sizeof all_errors / sizeof all_errors[0]; index++) {
        case_close(&trial);
        case_open(&trial);
        int count = count_failing_calls(all_errors[index], 0, true);
        cr_assert(count >= 15, "errno %d: only %d calls failed", all_errors[index], count);
    }
}

Test(reservation_faults, beside_another_reservation) {
    rein_reservation other;
    cr_assert(take_with_fault(0, 0, &other).is_ok, "the other");
    for (size_t index = 0; index < sizeof all_errors / sizeof all_errors[0]; index++) {
        int count = count_failing_calls(all_errors[index], 1, false);
        cr_assert(count >= 15, "errno %d: only %d calls failed", all_errors[index], count);
    }
    rein_reservation_release(&other);
}

/* Changes with the fault at `call`: the reservation is unchanged. */
static bool try_change(int call, int error, rein_reservation *held) {
    size_t before = open_descriptors();
    uint64_t bytes = held->bytes;
    fault.kind = CALL_ONCE;
    fault.is_armed = true;
    fault.calls = 0;
    fault.failing_call = call;
    fault.error = error;
    trial.models[0].budget.memory_limit_bytes = bytes + 1;
    rein_result_reservation_verdict changed =
        rein_reservation_change(held, &trial.request, trial.verdicts);
    fault.is_armed = false;
    bool is_changed = changed.is_ok && REIN_VALUE(changed).outcome == REIN_ADMISSION_FITS;
    cr_assert(held->bytes == bytes + is_changed, "call %d, errno %d: %llu bytes", call, error,
              (unsigned long long)held->bytes);
    if (!changed.is_ok) {
        expect_reported(&REIN_ERROR(changed));
    }
    expect_not_trusted(is_changed);
    expect_clean(1, held->bytes, before);
    expect_mode_of_file();
    return fault.calls >= call;
}

Test(reservation_faults, a_change) {
    rein_reservation held;
    cr_assert(take_with_fault(0, 0, &held).is_ok, "taken");
    for (size_t index = 0; index < sizeof all_errors / sizeof all_errors[0]; index++) {
        int call = 1;
        while (try_change(call, all_errors[index], &held)) {
            call++;
        }
        cr_assert(call > 10, "errno %d: only %d calls failed", all_errors[index], call - 1);
    }
    rein_reservation_release(&held);
}

Test(reservation_faults, visiting) {
    rein_reservation held;
    cr_assert(take_with_fault(0, 0, &held).is_ok, "taken");
    size_t before = open_descriptors();
    for (size_t index = 0; index < sizeof all_errors / sizeof all_errors[0]; index++) {
        for (int call = 1; call == 1 || fault.calls >= call - 1; call++) {
            fault.is_armed = true;
            fault.calls = 0;
            fault.failing_call = call;
            fault.error = all_errors[index];
            rein_result_reservation_summary found =
                rein_reservation_visit(&trial.directory, CASE_DEVICE, NULL, NULL);
            fault.is_armed = false;
            cr_assert(!found.is_ok || REIN_VALUE(found).live_count == 1 ||
                          REIN_VALUE(found).unknown_count == 1,
                      "call %d, errno %d: the reservation is not overlooked", call, fault.error);
            expect_clean(1, 400, before);
        }
    }
    rein_reservation_release(&held);
}

/* Descriptor 0 is valid. */
Test(reservation_faults, a_change_whose_lock_has_descriptor_0) {
    rein_reservation held;
    cr_assert(take_with_fault(0, 0, &held).is_ok, "taken");
    close(STDIN_FILENO);
    size_t before = open_descriptors();
    trial.models[0].budget.memory_limit_bytes = 500;
    cr_assert(rein_reservation_change(&held, &trial.request, trial.verdicts).is_ok, "changed");
    expect_clean(1, 500, before);
    rein_reservation_release(&held);
}

Test(reservation_faults, a_file_that_has_descriptor_0) {
    rein_reservation held;
    size_t before = open_descriptors();
    closes_input = true;
    cr_assert(take_with_fault(0, 0, &held).is_ok, "taken");
    closes_input = false;
    expect_clean(1, 400, before + 1);
    rein_reservation_release(&held);
    expect_clean(0, 0, before - 1);
}

enum { REASON_CAPACITY = 64 };

static void keep_reason(const rein_reservation_entry *entry, void *out_reason) {
    snprintf(out_reason, REASON_CAPACITY, "%s", entry->record == NULL ? entry->reason : "");
}

Test(reservation_faults, an_unreadable_file_is_not_treated_as_damaged) {
    rein_reservation held;
    cr_assert(take_with_fault(0, 0, &held).is_ok, "taken");
    bool is_told = false;
    bool is_lock_told = false;
    fault.error = EIO;
    fault.failing_call = 0;
    do {
        char reason[REASON_CAPACITY] = "";
        fault.is_armed = true;
        fault.calls = 0;
        fault.failing_call++;
        REIN_IGNORE(rein_reservation_visit(&trial.directory, CASE_DEVICE, keep_reason, reason));
        fault.is_armed = false;
        is_told |= strcmp(reason, "it cannot be read") == 0;
        is_lock_told |= strcmp(reason, "its lock cannot be read") == 0;
        cr_assert(strcmp(reason, "it is damaged") != 0, "call %d", fault.failing_call);
    } while (fault.calls >= fault.failing_call);
    cr_assert(is_told && is_lock_told, "one call reads it, another tries to lock it");
    rein_reservation_release(&held);
}

Test(reservation_faults, a_short_write_is_continued) {
    rein_reservation held;
    size_t before = open_descriptors();
    left_by_write = 1;
    cr_assert(take_with_fault(0, 0, &held).is_ok && left_by_write == 0, "taken");
    expect_clean(1, 400, before + 2);
    rein_reservation_release(&held);
}

Test(reservation_faults, a_short_read_is_continued) {
    rein_reservation held;
    cr_assert(take_with_fault(0, 0, &held).is_ok, "taken");
    short_read.most = 5;
    rein_reservation_summary found = look();
    cr_assert(found.live_count == 1 && found.live_bytes == 400, "the whole is read");
    cr_assert(short_read.asked == short_read.room, "%zu bytes requested, room for %zu",
              short_read.asked, short_read.room);
    rein_reservation_release(&held);
}

/* Fails one of the two calls: to unlock the file, or to remove it. */
static void expect_ended(int failing_call, size_t left) {
    rein_reservation held;
    cr_assert(take_with_fault(0, 0, &held).is_ok, "taken");
    size_t before = open_descriptors();
    fault.is_armed = true;
    fault.calls = 0;
    fault.failing_call = failing_call;
    fault.error = EROFS;
    rein_reservation_release(&held);
    fault.is_armed = false;
    cr_assert(fault.calls == 2 && case_files(&trial, NULL) == left, "%zu files are left", left);
    expect_clean(0, 0, before - 2);
    cr_assert(take_with_fault(0, 0, &held).is_ok, "taken again");
    cr_assert(case_files(&trial, NULL) == 1, "the dead file is gone");
    rein_reservation_release(&held);
}

Test(reservation_faults, a_release_whose_calls_fail_ends_the_reservation) {
    expect_ended(1, 0);
    expect_ended(2, 1);
}

static void expect_moved(const rein_result_reservation_verdict *taken) {
    cr_assert(!taken->is_ok && REIN_ERROR(*taken).code == REIN_ERROR_INVALID_STATE, "it was moved");
    cr_assert(case_files(&trial, NULL) == 0, "nothing is left");
}

Test(reservation_faults, a_folder_that_is_moved_while_it_is_locked) {
    rein_reservation held;
    size_t before = open_descriptors();
    places.gone = 3;
    rein_result_reservation_verdict taken = take_with_fault(0, 0, &held);
    cr_assert(taken.is_ok && places.gone == 0, "the fourth is in its place");
    rein_reservation_release(&held);
    places.gone = 4;
    taken = take_with_fault(0, 0, &held);
    expect_moved(&taken);
    expect_clean(0, 0, before);
}

Test(reservation_faults, a_folder_that_is_moved_before_the_reservation_is_seen) {
    rein_reservation held;
    size_t before = open_descriptors();
    places.found = 1;
    places.gone = 1;
    rein_result_reservation_verdict taken = take_with_fault(0, 0, &held);
    expect_moved(&taken);
    expect_clean(0, 0, before);
}

/* Runs with a umask that removes the group's rights. */
static void expect_shared_folder(void) {
    char path[2 * CASE_PATH_CAPACITY];
    struct stat facts;
    case_file(&trial, "", path);
    cr_assert(stat(path, &facts) != 0 || (facts.st_mode & 0777) == 0770,
              "call %d: the folder has mode %o", fault.failing_call, facts.st_mode & 0777U);
}

Test(reservation_faults, a_folder_is_never_seen_without_its_mode) {
    umask(077);
    for (int call = 1; call == 1 || fault.calls >= call - 1; call++) {
        rein_reservation held;
        cr_assert(chmod(trial.path, 0770) == 0, "shared with the group");
        rein_result_reservation_verdict taken = take_with_fault(call, EIO, &held);
        expect_shared_folder();
        if (taken.is_ok && REIN_VALUE(taken).outcome == REIN_ADMISSION_FITS) {
            rein_reservation_release(&held);
        }
        case_close(&trial);
        case_open(&trial);
    }
}

Test(reservation_faults, opening_the_state_directory) {
    size_t before = open_descriptors();
    int refused = 0;
    for (int call = 1; call == 1 || fault.calls >= call - 1; call++) {
        fault.is_armed = true;
        fault.calls = 0;
        fault.failing_call = call;
        fault.error = EACCES;
        rein_result_state_directory opened = rein_state_directory_open(trial.path);
        fault.is_armed = false;
        if (opened.is_ok) {
            rein_state_directory_close(&REIN_VALUE(opened));
        } else {
            refused++;
            expect_reported(&REIN_ERROR(opened));
        }
        cr_assert(open_descriptors() == before, "call %d: a descriptor is left", call);
    }
    cr_assert(refused == 2, "%d calls failed, expected two", refused);
}
