#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "expect.h"
#include "reservation_case.h"

static reservation_case trial;

static void open_case(void) {
    case_open(&trial);
}

static void close_case(void) {
    case_close(&trial);
}

TestSuite(reservation, .init = open_case, .fini = close_case);

static rein_reservation_verdict expect_take(rein_admission_outcome outcome,
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

static rein_reservation_verdict expect_change(rein_admission_outcome outcome, uint64_t limit_bytes,
                                              rein_reservation *reservation) {
    trial.models[0].budget.memory_limit_bytes = limit_bytes;
    rein_result_reservation_verdict changed =
        rein_reservation_change(reservation, &trial.request, trial.verdicts);
    cr_assert(changed.is_ok && REIN_VALUE(changed).outcome == outcome, "%llu bytes: %s",
              (unsigned long long)limit_bytes, rein_admission_outcome_name(outcome));
    return REIN_VALUE(changed);
}

static void expect_sum(size_t live_count, uint64_t live_bytes, size_t unknown_count) {
    rein_reservation_summary found = REIN_UNWRAP(
        rein_result_reservation_summary,
        rein_reservation_visit(&trial.directory, CASE_DEVICE, &trial.clock, NULL, NULL));
    cr_assert(found.live_count == live_count && found.live_bytes == live_bytes &&
                  found.unknown_count == unknown_count,
              "%zu live of %llu bytes, %zu unknown; expected %zu, %llu, %zu", found.live_count,
              (unsigned long long)found.live_bytes, found.unknown_count, live_count,
              (unsigned long long)live_bytes, unknown_count);
}

Test(reservation, is_counted_until_it_is_released) {
    rein_reservation first;
    rein_reservation second;
    expect_sum(0, 0, 0);
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_FITS, &first);
    cr_assert(verdict.bytes == 400 && verdict.others.live_count == 0, "nobody else is there");
    verdict = expect_take(REIN_ADMISSION_FITS, &second);
    cr_assert(verdict.others.live_count == 1 && verdict.others.live_bytes == 400, "one is there");
    expect_sum(2, 800, 0);
    memset(trial.verdicts, 0, sizeof trial.verdicts);
    rein_reservation third = {.bytes = 7};
    verdict = expect_take(REIN_ADMISSION_DOES_NOT_FIT, &third);
    cr_assert(third.bytes == 7 && verdict.bytes == 0, "a refusal leaves the output alone");
    cr_assert(verdict.admission.device.shortfall_bytes == 200, "short by 200");
    cr_assert(trial.verdicts[0].outcome == REIN_ADMISSION_FITS, "the model fits its budget");
    rein_reservation_release(&first);
    expect_sum(1, 400, 0);
    expect_take(REIN_ADMISSION_FITS, &third);
    rein_reservation_release(&second);
    rein_reservation_release(&third);
    expect_sum(0, 0, 0);
    cr_assert(case_files(&trial, NULL) == 0, "no file is left");
}

Test(reservation, takes_contexts_with_the_models) {
    rein_reservation held;
    trial.device.context_overhead_bytes = rein_fact_u64_known(50);
    trial.device.allocation_granularity_bytes = rein_fact_u64_known(64);
    trial.request.admission.process_count = 2;
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(verdict.bytes == 448 + 100 && held.bytes == 548, "448 and two contexts of 50");
    expect_sum(1, 548, 0);
    rein_reservation_release(&held);
}

Test(reservation, holds_the_device_to_the_last_byte) {
    rein_reservation held;
    rein_reservation more;
    trial.models[0].budget.memory_limit_bytes = 999;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.models[0].budget.memory_limit_bytes = 2;
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &more);
    trial.models[0].budget.memory_limit_bytes = 1;
    expect_take(REIN_ADMISSION_FITS, &more);
    expect_sum(2, 1000, 0);
    rein_reservation_release(&held);
    rein_reservation_release(&more);
}

Test(reservation, takes_all_models_or_none) {
    rein_reservation held;
    trial.models[1] = case_model("large", 700);
    trial.request.admission.model_count = 2;
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &held);
    expect_sum(0, 0, 0);
    cr_assert(case_files(&trial, NULL) == 0, "nothing was written");
    trial.models[1] = case_model("large", 600);
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_sum(1, 1000, 0);
    rein_reservation_release(&held);
}

Test(reservation, takes_as_many_models_as_a_file_has_room_for) {
    rein_reservation held;
    char longest[REIN_NAME_MAX_BYTES + 1];
    memset(longest, 'x', REIN_NAME_MAX_BYTES);
    longest[REIN_NAME_MAX_BYTES] = '\0';
    for (size_t index = 0; index <= REIN_RESERVATION_MODELS_MAX; index++) {
        trial.models[index] = case_model(longest, 1);
        trial.models[index].budget.stream_limit = INT32_MAX;
        trial.models[index].budget.compute_budget.ns = INT64_MAX;
        trial.models[index].budget.memory_limit_bytes = UINT64_C(10000000000000000);
    }
    trial.device.total_bytes = rein_fact_u64_known(UINT64_MAX);
    trial.request.holder = longest;
    trial.request.admission.model_count = REIN_RESERVATION_MODELS_MAX;
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_sum(1, UINT64_C(10000000000000000) * REIN_RESERVATION_MODELS_MAX, 0);
    rein_reservation_release(&held);
}

Test(reservation, changes_at_once_or_not_at_all) {
    rein_reservation held;
    rein_reservation other;
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_take(REIN_ADMISSION_FITS, &other);
    expect_change(REIN_ADMISSION_DOES_NOT_FIT, 601, &held);
    cr_assert(held.bytes == 400, "as it was");
    expect_sum(2, 800, 0);
    expect_change(REIN_ADMISSION_FITS, 600, &held);
    cr_assert(held.bytes == 600, "grown");
    expect_sum(2, 1000, 0);
    expect_change(REIN_ADMISSION_FITS, 10, &held);
    expect_sum(2, 410, 0);
    cr_assert(case_files(&trial, NULL) == 2, "one file for each");
    rein_reservation_release(&held);
    expect_sum(1, 400, 0);
    rein_reservation_release(&other);
}

Test(reservation, shrinks_where_nothing_could_be_taken) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.device.total_bytes = rein_fact_u64_known(100);
    expect_change(REIN_ADMISSION_FITS, 300, &held);
    expect_change(REIN_ADMISSION_DOES_NOT_FIT, 301, &held);
    trial.models[0].weights_bytes = rein_fact_u64_known(9);
    expect_change(REIN_ADMISSION_DOES_NOT_FIT, 8, &held);
    expect_sum(1, 300, 0);
    rein_reservation_release(&held);
}

Test(reservation, changes_only_on_its_own_device) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    strcpy(trial.device.uuid, "GPU-other");
    rein_result_reservation_verdict changed =
        rein_reservation_change(&held, &trial.request, trial.verdicts);
    expect_invalid_argument(&REIN_ERROR(changed),
                            "the device of the request and that of the reservation are GPU-other "
                            "and GPU-test, expected the same");
    rein_reservation_release(&held);
}

typedef struct seen_entries {
    size_t count;
    rein_reservation_record record;
    char reason[EXPECT_TEXT_CAPACITY];
    char file_name[EXPECT_TEXT_CAPACITY];
} seen_entries;

static void see_entry(const rein_reservation_entry *entry, void *context) {
    seen_entries *seen = context;
    seen->count++;
    strcpy(seen->file_name, entry->file_name);
    if (entry->record != NULL) {
        seen->record = *entry->record;
    } else {
        strcpy(seen->reason, entry->reason);
    }
}

static seen_entries see_all(void) {
    seen_entries seen = {.count = 0};
    cr_assert(rein_result_reservation_summary_is_ok(rein_reservation_visit(
                  &trial.directory, CASE_DEVICE, &trial.clock, see_entry, &seen)),
              "visited");
    return seen;
}

Test(reservation, says_who_holds_what) {
    rein_reservation held;
    trial.models[1] = case_model("a model \xC3\xA4", 7);
    trial.request.admission.model_count = 2;
    trial.request.holder = "server one";
    expect_take(REIN_ADMISSION_FITS, &held);
    seen_entries seen = see_all();
    const rein_reservation_record *record = &seen.record;
    cr_assert(seen.count == 1 && record->bytes == 407 && record->process_count == 1, "the sizes");
    cr_assert(record->pid == getpid() && record->uid == geteuid(), "the process and its user");
    cr_assert(record->since_unix_s > 1500000000, "a time of this century");
    cr_assert(is_same_text(record->holder, "server one") && record->model_count == 2, "the holder");
    cr_assert(is_same_text(record->device_uuid, CASE_DEVICE), "the device");
    cr_assert(is_same_text(record->models[1].id.text, "a model \xC3\xA4") &&
                  rein_resource_budget_equal(&record->models[1].budget, &trial.models[1].budget),
              "the models");
    rein_reservation_release(&held);
}

static void see_device(const char *device_uuid, void *context) {
    seen_entries *seen = context;
    seen->count++;
    strcpy(seen->file_name, device_uuid);
}

Test(reservation, lists_the_devices) {
    rein_reservation held;
    seen_entries seen = {.count = 0};
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(rein_result_void_is_ok(
                  rein_state_directory_visit_devices(&trial.directory, see_device, &seen)),
              "listed");
    cr_assert(seen.count == 1 && is_same_text(seen.file_name, CASE_DEVICE), "one device");
    rein_reservation_release(&held);
}

/* A child that reserves, says so through a pipe, and ends when it is killed, or with this test. */
static pid_t start_holder(void) {
    int ready[2];
    int stay[2];
    cr_assert(pipe(ready) == 0 && pipe(stay) == 0, "pipes");
    pid_t child = fork();
    if (child == 0) {
        rein_reservation held;
        rein_result_reservation_verdict taken =
            rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
        char outcome = taken.is_ok ? (char)REIN_VALUE(taken).outcome : 0;
        close(stay[1]);
        bool is_told = write(ready[1], &outcome, 1) == 1 && read(stay[0], &outcome, 1) == 0;
        _exit(is_told ? 3 : 4);
    }
    char outcome = 0;
    close(ready[1]);
    close(stay[0]);
    cr_assert(read(ready[0], &outcome, 1) == 1 && outcome == REIN_ADMISSION_FITS, "it reserves");
    close(ready[0]);
    return child;
}

static void kill_holder(pid_t child) {
    int status = 0;
    cr_assert(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child, "killed");
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "by the signal");
}

Test(reservation, ends_when_its_holder_is_killed) {
    rein_reservation held;
    pid_t child = start_holder();
    expect_sum(1, 400, 0);
    trial.models[0].budget.memory_limit_bytes = 601;
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &held);
    kill_holder(child);
    expect_sum(0, 0, 0);
    cr_assert(case_files(&trial, NULL) == 1, "who only looks removes nothing");
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(case_files(&trial, NULL) == 1, "who reserves removes what is dead");
    rein_reservation_release(&held);
}

Test(reservation, is_held_by_a_child_too) {
    rein_reservation held;
    int told[2];
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(pipe(told) == 0, "a pipe");
    pid_t child = fork();
    if (child == 0) {
        char end = 0;
        close(told[1]);
        _exit(read(told[0], &end, 1) == 0 ? 3 : 4);
    }
    close(told[0]);
    close(held.file_descriptor);
    expect_sum(1, 400, 0);
    close(told[1]);
    cr_assert(waitpid(child, NULL, 0) == child, "the child ends");
    expect_sum(0, 0, 0);
    close(held.folder_descriptor);
}

Test(reservation, waits_until_the_deadline) {
    rein_reservation held;
    rein_reservation late;
    trial.models[0].budget.memory_limit_bytes = 800;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.request.deadline = rein_timestamp_from_ns(3 * REIN_NS_PER_S);
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &late);
    cr_assert(rein_clock_now(&trial.clock).ns == 3 * REIN_NS_PER_S, "waited 3 s, no longer");
    rein_reservation_release(&held);
}

Test(reservation, does_not_wait_for_what_never_fits) {
    rein_reservation held;
    rein_reservation late;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.request.deadline = rein_timestamp_from_ns(3 * REIN_NS_PER_S);
    trial.models[0].budget.memory_limit_bytes = 1001;
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &late);
    trial.models[0].weights_bytes = rein_fact_u64_unknown();
    trial.models[0].budget.memory_limit_bytes = 1;
    expect_take(REIN_ADMISSION_CANNOT_TELL, &late);
    cr_assert(rein_clock_now(&trial.clock).ns == 0, "no time passed");
    rein_reservation_release(&held);
}

/* A clock whose third sleep lets the holder go. */
typedef struct releasing_clock {
    rein_reservation *held;
    int64_t now_ns;
    int sleeps;
} releasing_clock;

static rein_timestamp releasing_now(void *self) {
    return rein_timestamp_from_ns(((releasing_clock *)self)->now_ns);
}

static void releasing_sleep(void *self, rein_timestamp wake) {
    releasing_clock *clock = self;
    clock->now_ns = wake.ns;
    clock->sleeps++;
    if (clock->sleeps == 3) {
        rein_reservation_release(clock->held);
    }
}

Test(reservation, waits_for_room_to_appear) {
    rein_reservation held;
    rein_reservation late;
    trial.models[0].budget.memory_limit_bytes = 800;
    expect_take(REIN_ADMISSION_FITS, &held);
    releasing_clock state = {.held = &held};
    rein_clock clock = {.now = releasing_now, .sleep_until = releasing_sleep, .self = &state};
    trial.request.clock = &clock;
    trial.request.deadline = rein_timestamp_never();
    expect_take(REIN_ADMISSION_FITS, &late);
    cr_assert(state.sleeps == 3 && state.now_ns == 7 * REIN_NS_PER_MS, "after 1, 2 and 4 ms");
    rein_reservation_release(&late);
}

static void write_file(const char *name, const char *text, size_t length) {
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, name, path);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    cr_assert(file >= 0 && write(file, text, length) == (ssize_t)length, "%s is written", path);
    close(file);
}

static void remove_file(const char *name) {
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, name, path);
    cr_assert(remove(path) == 0, "%s is still there", path);
}

static const char some_name[] = "00000000-0000-4000-8000-000000000000.reservation";

/* It keeps everyone out, is reported, and is not removed. */
static void expect_unknown_file(const char *name, const char *reason) {
    rein_reservation held;
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_CANNOT_TELL, &held);
    cr_assert(verdict.others.unknown_count == 1, "%s: it is counted", reason);
    expect_sum(0, 0, 1);
    seen_entries seen = see_all();
    cr_assert(is_same_text(seen.reason, reason), "'%s', expected '%s'", seen.reason, reason);
    cr_assert(is_same_text(seen.file_name, name), "'%s', expected '%s'", seen.file_name, name);
    remove_file(name);
}

static void make_folder(void) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    rein_reservation_release(&held);
}

Test(reservation, fails_closed_on_foreign_files) {
    char path[2 * CASE_PATH_CAPACITY];
    make_folder();
    write_file("notes.txt", "x", 1);
    expect_unknown_file("notes.txt", "its name is no reservation's");
    write_file(".hidden", "x", 1);
    expect_unknown_file(".hidden", "its name is no reservation's");
    case_file(&trial, some_name, path);
    cr_assert(symlink("/etc/passwd", path) == 0, "a link");
    expect_unknown_file(some_name, "it is a symbolic link");
    cr_assert(mkdir(path, 0700) == 0, "a folder");
    expect_unknown_file(some_name, "it is no regular file");
    cr_assert(mkfifo(path, 0600) == 0, "a pipe");
    expect_unknown_file(some_name, "it is no regular file");
    char large[20000];
    memset(large, 'x', sizeof large);
    write_file(some_name, large, sizeof large);
    expect_unknown_file(some_name, "it is too large");
    write_file(some_name, "", 0);
    expect_unknown_file(some_name, "it is damaged");
}

Test(reservation, refuses_a_second_name_and_another_device) {
    rein_reservation held;
    char name[REIN_RESERVATION_NAME_CAPACITY];
    char from[2 * CASE_PATH_CAPACITY];
    char to[2 * CASE_PATH_CAPACITY];
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(case_files(&trial, name) == 1, "its file");
    case_file(&trial, name, from);
    case_file(&trial, some_name, to);
    cr_assert(link(from, to) == 0, "a second name");
    expect_sum(0, 0, 2);
    remove_file(some_name);
    expect_sum(1, 400, 0);
    snprintf(to, sizeof to, "%s/GPU-other", trial.path);
    cr_assert(mkdir(to, 0700) == 0, "another device");
    strcpy(trial.device.uuid, "GPU-other");
    make_folder();
    snprintf(to, sizeof to, "%s/GPU-other/%s", trial.path, name);
    cr_assert(rename(from, to) == 0, "the file moves there");
    rein_reservation none;
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_CANNOT_TELL, &none);
    cr_assert(verdict.others.unknown_count == 1, "it is of another device");
    cr_assert(remove(to) == 0, "it was not removed");
    rein_reservation_release(&held);
    snprintf(to, sizeof to, "%s/GPU-other", trial.path);
    case_empty_folder(to);
}

/* The text of a reservation, as it lies in its file. */
static size_t read_own_file(char *out_text, size_t capacity) {
    rein_reservation held;
    char name[REIN_RESERVATION_NAME_CAPACITY];
    char path[2 * CASE_PATH_CAPACITY];
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(case_files(&trial, name) == 1, "its file");
    case_file(&trial, name, path);
    FILE *file = fopen(path, "r");
    size_t length = file == NULL ? 0 : fread(out_text, 1, capacity, file);
    cr_assert(length > 0, "it can be read");
    fclose(file);
    rein_reservation_release(&held);
    return length;
}

static void expect_damaged(const char *text, size_t length) {
    write_file(some_name, text, length);
    rein_reservation_summary found = REIN_UNWRAP(
        rein_result_reservation_summary,
        rein_reservation_visit(&trial.directory, CASE_DEVICE, &trial.clock, NULL, NULL));
    cr_assert(found.unknown_count == 1, "damaged: '%.*s'", (int)length, text);
    remove_file(some_name);
}

Test(reservation, refuses_every_part_of_a_file) {
    char text[4096];
    size_t length = read_own_file(text, sizeof text);
    write_file(some_name, text, length);
    expect_sum(0, 0, 0);
    for (size_t part = 0; part < length; part++) {
        expect_damaged(text, part);
    }
    text[length] = '\n';
    expect_damaged(text, length + 1);
    text[length] = '\0';
    expect_damaged(text, length + 1);
}

/* The text with its first `from` replaced by `to`, where they are of one length or not. */
static void expect_damaged_by(const char *text, const char *from, const char *to) {
    char changed[4096];
    const char *at = strstr(text, from);
    cr_assert(at != NULL, "'%s' is there", from);
    int length = snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to,
                          at + strlen(from));
    expect_damaged(changed, (size_t)length);
}

Test(reservation, refuses_what_reads_differently) {
    static const char *const changes[][2] = {
        {"reservation 1", "reservation 2"},
        {"bytes 400", "bytes 0400"},
        {"bytes 400", "bytes +400"},
        {"bytes 400", "bytes -400"},
        {"bytes 400", "bytes  400"},
        {"bytes 400", "bytes 18446744073709551616"},
        {"bytes 400", "bytes 0x190"},
        {"processes 1", "processes 0"},
        {"pid ", "pid 0\nuid "},
        {"GPU-test", "GPU/test"},
        {"GPU-test", "..........................................................................."},
        {"GPU-test", "GPU-tesu"},
        {"holder test", "holder "},
        {"holder test", "holder te\x01t"},
        {"holder test", "holder te\xFFt"},
        {"model 400 1 1 small", ""},
        {"model 400 1 1 small\n", ""},
        {"model 400 1 1 small", "model 0 1 1 small"},
        {"model 400 1 1 small", "model 400 4294967297 1 small"},
        {"model 400 1 1 small", "model 400 1 9223372036854775808 small"},
        {"model 400 1 1 small", "model 400 1 1 "},
        {"end\n", "end"},
        {"end\n", "END\n"},
        {"since ", "since 99999999999"},
    };
    char text[4096];
    size_t length = read_own_file(text, sizeof text - 1);
    text[length] = '\0';
    for (size_t index = 0; index < sizeof changes / sizeof changes[0]; index++) {
        expect_damaged_by(text, changes[index][0], changes[index][1]);
    }
}

Test(reservation, refuses_what_does_not_fit_in_64_bits) {
    rein_reservation first;
    rein_reservation second;
    trial.device.total_bytes = rein_fact_u64_known(UINT64_MAX);
    trial.models[0].budget.memory_limit_bytes = UINT64_MAX - 1;
    expect_take(REIN_ADMISSION_FITS, &first);
    trial.request.admission.reserved_bytes = 2;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &second);
    expect_invalid_argument(&REIN_ERROR(taken), "what is reserved does not fit in 64 bits");
    rein_reservation_release(&first);
}

/* Two live files, each of nearly 2^64 bytes: no process of ours would write the second. */
Test(reservation, counts_a_sum_that_overflows_as_unknown) {
    rein_reservation first;
    rein_reservation second;
    char name[REIN_RESERVATION_NAME_CAPACITY];
    char from[2 * CASE_PATH_CAPACITY];
    char to[2 * CASE_PATH_CAPACITY];
    trial.device.total_bytes = rein_fact_u64_known(UINT64_MAX);
    trial.models[0].budget.memory_limit_bytes = UINT64_MAX - 1;
    expect_take(REIN_ADMISSION_FITS, &first);
    cr_assert(case_files(&trial, name) == 1, "its file");
    case_file(&trial, name, from);
    snprintf(to, sizeof to, "%s/aside", trial.path);
    cr_assert(rename(from, to) == 0, "hidden");
    expect_take(REIN_ADMISSION_FITS, &second);
    cr_assert(rename(to, from) == 0, "and back");
    expect_sum(1, UINT64_MAX - 1, 1);
    rein_reservation_release(&first);
    rein_reservation_release(&second);
}

Test(reservation, removes_what_was_never_finished) {
    rein_reservation held;
    make_folder();
    write_file("00000000-0000-4000-8000-000000000000.new", "rein", 4);
    expect_sum(0, 0, 0);
    cr_assert(case_files(&trial, NULL) == 1, "who looks removes nothing");
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(case_files(&trial, NULL) == 1, "only the reservation is left");
    rein_reservation_release(&held);
}

Test(reservation, tells_of_a_lock_that_is_never_free) {
    rein_reservation held;
    char path[2 * CASE_PATH_CAPACITY];
    make_folder();
    case_file(&trial, "", path);
    int ready[2];
    int done[2];
    cr_assert(pipe(ready) == 0 && pipe(done) == 0, "pipes");
    pid_t child = fork();
    if (child == 0) {
        int folder = open(path, O_RDONLY);
        char answer = flock(folder, LOCK_EX) == 0;
        close(done[1]);
        ssize_t unused = write(ready[1], &answer, 1);
        unused = read(done[0], &answer, 1);
        _exit(unused == 0 ? 3 : 4);
    }
    char answer = 0;
    cr_assert(read(ready[0], &answer, 1) == 1 && answer == 1, "the child has the lock");
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    expect_error(&REIN_ERROR(taken), REIN_ERROR_TIMEOUT,
                 "the lock of GPU-test was not free for 10 s: its holder is stopped");
    cr_assert(rein_clock_now(&trial.clock).ns >= 10 * REIN_NS_PER_S, "10 s of the clock passed");
    close(done[1]);
    cr_assert(waitpid(child, NULL, 0) == child, "the child ends");
    expect_take(REIN_ADMISSION_FITS, &held);
    rein_reservation_release(&held);
}

static void expect_refused(const char *message) {
    rein_reservation held;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    expect_invalid_argument(&REIN_ERROR(taken), message);
}

static const char no_uuid[] = "the device has no UUID that can name a folder, expected 1 to 63 "
                              "letters, digits, '-', '_' and '.'";

Test(reservation, refuses_requests_that_break_a_rule) {
    static const char *const uuids[] = {"", ".", "..", ".x", "a/b", "a b", "\xC3\xA4"};
    for (size_t index = 0; index < sizeof uuids / sizeof uuids[0]; index++) {
        strcpy(trial.device.uuid, uuids[index]);
        expect_refused(no_uuid);
        rein_result_reservation_summary visited =
            rein_reservation_visit(&trial.directory, uuids[index], &trial.clock, NULL, NULL);
        expect_invalid_argument(&REIN_ERROR(visited), no_uuid);
    }
    strcpy(trial.device.uuid, CASE_DEVICE);
    trial.request.admission.model_count = 0;
    expect_refused("0 models, expected 1 to 32");
    trial.request.admission.model_count = 33;
    expect_refused("33 models, expected 1 to 32");
    trial.request.admission.model_count = 1;
    trial.request.holder = NULL;
    cr_assert(!rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, NULL).is_ok,
              "no holder");
    trial.request.holder = "test";
    trial.request.clock = NULL;
    expect_refused("the clock or the room for verdicts is NULL, expected both");
    trial.request.clock = &trial.clock;
    trial.request.admission.device = NULL;
    expect_refused(no_uuid);
    trial.request.admission.device = &trial.device;
    trial.models[0].budget.stream_limit = 0;
    rein_reservation held;
    cr_assert(!rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held).is_ok,
              "no valid budget");
    cr_assert(case_files(&trial, NULL) == 0, "nothing was written");
}

static void expect_folder_error(rein_error_code code) {
    rein_reservation held;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    cr_assert(!taken.is_ok && REIN_ERROR(taken).code == code, "refused as %s",
              rein_error_code_name(code));
}

Test(reservation, refuses_a_folder_that_is_not_safe) {
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, "", path);
    path[strlen(path) - 1] = '\0';
    cr_assert(mkdir(path, 0700) == 0 && chmod(path, 0777) == 0, "writable by everyone");
    expect_folder_error(REIN_ERROR_INVALID_STATE);
    cr_assert(rmdir(path) == 0 && symlink("/tmp", path) == 0, "a link");
    expect_folder_error(REIN_ERROR_INTERNAL_ERROR);
    cr_assert(remove(path) == 0 && mkdir(path, 0700) == 0, "a folder");
}

Test(reservation, opens_only_safe_state_directories) {
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
    opened = rein_state_directory_open(NULL);
    cr_assert(!opened.is_ok && REIN_ERROR(opened).code == REIN_ERROR_INVALID_ARGUMENT, "NULL");
    remove(path);
}

Test(reservation, finds_the_state_directory) {
    char path[REIN_STATE_PATH_CAPACITY];
    setenv("REIN_STATE_DIR", "/some/where", 1);
    cr_assert(rein_state_path_find(path).is_ok && is_same_text(path, "/some/where"), "as stated");
    setenv("REIN_STATE_DIR", "some/where", 1);
    cr_assert(!rein_state_path_find(path).is_ok, "not absolute");
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
    unsetenv("XDG_RUNTIME_DIR");
    found = rein_state_path_find(path);
    expect_error(&REIN_ERROR(found), REIN_ERROR_NOT_FOUND,
                 "no state directory, expected $REIN_STATE_DIR, /run/rein or $XDG_RUNTIME_DIR");
}

Test(reservation, shares_folders_as_the_state_directory_is_shared) {
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

Test(reservation, lives_on_in_another_program) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert((fcntl(held.file_descriptor, F_GETFD) & FD_CLOEXEC) != 0, "closed on exec");
    cr_assert(rein_result_void_is_ok(rein_reservation_keep_on_exec(&held)), "kept");
    cr_assert((fcntl(held.file_descriptor, F_GETFD) & FD_CLOEXEC) == 0, "open");
    cr_assert(held.file_descriptor >= 10, "at %d", held.file_descriptor);
    expect_sum(1, 400, 0);
    rein_reservation_release(&held);
}

Test(reservation, leaves_no_descriptor_open) {
    rein_reservation held;
    make_folder();
    size_t before = case_descriptors();
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_change(REIN_ADMISSION_FITS, 500, &held);
    cr_assert(case_descriptors() == before + 2, "the folder and the file");
    rein_reservation_release(&held);
    trial.models[0].budget.memory_limit_bytes = 2000;
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &held);
    expect_sum(0, 0, 0);
    cr_assert(case_descriptors() == before, "nothing is left open");
}
