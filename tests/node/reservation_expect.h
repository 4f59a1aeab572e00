/* Assertions shared by the tests of reservations, and the case of each test. */
#ifndef REIN_TESTS_NODE_RESERVATION_EXPECT_H
#define REIN_TESTS_NODE_RESERVATION_EXPECT_H

#include <criterion/criterion.h>

#include <fcntl.h>

#include "expect.h"
#include "reservation_case.h"

static reservation_case trial;

static inline void open_case(void) {
    case_open(&trial);
}

static inline void close_case(void) {
    case_close(&trial);
}

static inline rein_reservation_verdict expect_take(rein_admission_outcome outcome,
                                                   rein_reservation *out_reservation) {
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, out_reservation);
    char text[EXPECT_TEXT_CAPACITY] = "";
    if (!taken.is_ok) {
        rein_error_to_string(&REIN_ERROR(taken), text, sizeof text);
    }
    cr_assert(taken.is_ok, "%s", text);
    cr_assert(REIN_VALUE(taken).outcome == outcome, "the outcome is %s, expected %s",
              rein_admission_outcome_name(REIN_VALUE(taken).outcome),
              rein_admission_outcome_name(outcome));
    return REIN_VALUE(taken);
}

/* Takes the only reservation and finds its file. */
static inline void expect_take_in_file(rein_reservation *out_reservation,
                                       char out_path[2 * CASE_PATH_CAPACITY]) {
    char name[REIN_RESERVATION_NAME_CAPACITY];
    expect_take(REIN_ADMISSION_FITS, out_reservation);
    cr_assert(case_files(&trial, name) == 1, "its file");
    case_file(&trial, name, out_path);
}

static inline rein_reservation_verdict
expect_change(rein_admission_outcome outcome, uint64_t limit_bytes, rein_reservation *reservation) {
    trial.models[0].budget.memory_limit_bytes = limit_bytes;
    rein_result_reservation_verdict changed =
        rein_reservation_change(reservation, &trial.request, trial.verdicts);
    cr_assert(changed.is_ok && REIN_VALUE(changed).outcome == outcome, "%llu bytes: %s",
              (unsigned long long)limit_bytes, rein_admission_outcome_name(outcome));
    return REIN_VALUE(changed);
}

static inline void expect_sum(size_t live_count, uint64_t live_bytes, size_t unknown_count) {
    rein_reservation_summary found =
        REIN_UNWRAP(rein_reservation_visit(&trial.directory, CASE_DEVICE, NULL, NULL));
    cr_assert(found.live_count == live_count && found.live_bytes == live_bytes &&
                  found.unknown_count == unknown_count,
              "%zu live of %llu bytes, %zu unknown; expected %zu, %llu, %zu", found.live_count,
              (unsigned long long)found.live_bytes, found.unknown_count, live_count,
              (unsigned long long)live_bytes, unknown_count);
}

/* Makes the device's folder, which the first reservation creates. */
static inline void make_folder(void) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    rein_reservation_release(&held);
}

/* Locks `folder` as another reserving process does. Returns the descriptor that holds the lock. */
static inline int lock_as_another(const char *folder) {
    char path[3 * CASE_PATH_CAPACITY];
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    snprintf(path, sizeof path, "%s/.lock", folder);
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    cr_assert(lock >= 0 && fcntl(lock, F_OFD_SETLK, &whole) == 0, "%s is locked", path);
    return lock;
}

/* Locks the device's folder in the same way. */
static inline int lock_device_as_another(void) {
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, "", path);
    return lock_as_another(path);
}

typedef struct seen_entries {
    size_t count;
    rein_reservation_record record;
    char reason[EXPECT_TEXT_CAPACITY];
    char file_name[EXPECT_TEXT_CAPACITY];
} seen_entries;

static inline void see_entry(const rein_reservation_entry *entry, void *context) {
    seen_entries *seen = context;
    seen->count++;
    strcpy(seen->file_name, entry->file_name);
    if (entry->record != NULL) {
        seen->record = *entry->record;
    } else {
        strcpy(seen->reason, entry->reason);
    }
}

static inline seen_entries see_all(void) {
    seen_entries seen = {.count = 0};
    cr_assert(rein_result_reservation_summary_is_ok(
                  rein_reservation_visit(&trial.directory, CASE_DEVICE, see_entry, &seen)),
              "visited");
    return seen;
}

#endif
