/* The measurements of rein run: peaks of samples, the file that is read back, the line about it,
 * the parents of processes, and system calls that fail. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/fleet/local_device.h"
#include "cli/run/child.h"
#include "cli/run/measurement_text.h"
#include "cli/run/process_tree.h"
#include "cli/run/samples.h"
#include "contract/units.h"

/* The name of the call that fails with EMFILE; NULL: none. */
static const char *failing_call;

static bool fails(const char *call) {
    bool is_failing = failing_call != NULL && strcmp(failing_call, call) == 0;
    errno = is_failing ? EMFILE : errno;
    return is_failing;
}

int __wrap_pipe(int *out_ends);
int __real_pipe(int *out_ends);
pid_t __wrap_fork(void);
pid_t __real_fork(void);
int __wrap_prctl(int option, unsigned long second, unsigned long third, unsigned long fourth,
                 unsigned long fifth);
int __real_prctl(int option, unsigned long second, unsigned long third, unsigned long fourth,
                 unsigned long fifth);
DIR *__wrap_opendir(const char *path);
DIR *__real_opendir(const char *path);
ssize_t __wrap_read(int file, void *buffer, size_t size);
ssize_t __real_read(int file, void *buffer, size_t size);
ssize_t __wrap_write(int file, const void *buffer, size_t size);
ssize_t __real_write(int file, const void *buffer, size_t size);

int __wrap_pipe(int *out_ends) {
    return fails("pipe") ? -1 : __real_pipe(out_ends);
}

pid_t __wrap_fork(void) {
    return fails("fork") ? -1 : __real_fork();
}

int __wrap_prctl(int option, unsigned long second, unsigned long third, unsigned long fourth,
                 unsigned long fifth) {
    return fails("prctl") ? -1 : __real_prctl(option, second, third, fourth, fifth);
}

DIR *__wrap_opendir(const char *path) {
    return fails("opendir") ? NULL : __real_opendir(path);
}

ssize_t __wrap_read(int file, void *buffer, size_t size) {
    return fails("read") ? -1 : __real_read(file, buffer, size);
}

ssize_t __wrap_write(int file, const void *buffer, size_t size) {
    return fails("write") ? -1 : __real_write(file, buffer, size);
}

static sample listed(uint64_t command_bytes, uint64_t device_bytes) {
    return (sample){.has_list = true,
                    .command_bytes = command_bytes > 0 ? rein_fact_u64_known(command_bytes)
                                                       : rein_fact_u64_unknown(),
                    .device_bytes = rein_fact_u64_known(device_bytes)};
}

static samples samples_from(uint64_t device_bytes_before) {
    return (samples){.device_bytes_before = rein_fact_u64_known(device_bytes_before)};
}

static void add_all(samples *all, const sample *taken, size_t count) {
    for (size_t index = 0; index < count; index++) {
        samples_add(all, &taken[index]);
    }
}

static void expect_measurement(const samples *all, measurement_method method, uint64_t peak_bytes,
                               uint64_t final_bytes, uint64_t count) {
    measurement measured;
    cr_assert(samples_measurement(all, &measured), "it was seen");
    cr_assert(measured.method == method, "by %s", measurement_method_name(measured.method));
    cr_assert(measured.peak_bytes == peak_bytes, "peak %" PRIu64, measured.peak_bytes);
    cr_assert(measured.final_bytes.is_known, "the last use is known");
    cr_assert(measured.final_bytes.value == final_bytes, "final %" PRIu64,
              measured.final_bytes.value);
    cr_assert(measured.sample_count == count, "%" PRIu64 " samples", measured.sample_count);
    cr_assert(measured.includes_contexts, "contexts are included");
    cr_assert(measured.interval.ns == SAMPLE_INTERVAL_MS * REIN_NS_PER_MS, "the interval");
}

Test(cli_measure, the_peak_is_the_largest_sum_and_the_last_use_is_final) {
    samples all = samples_from(1000);
    const sample taken[] = {listed(0, 1000), listed(30, 1040), listed(70, 1090), listed(20, 1500),
                            listed(0, 900)};
    add_all(&all, taken, sizeof taken / sizeof taken[0]);
    expect_measurement(&all, METHOD_PROCESSES, 70, 20, 5);
}

Test(cli_measure, the_device_s_use_counts_if_no_process_has_its_bytes) {
    samples all = samples_from(1000);
    const sample taken[] = {listed(0, 1000), listed(0, 1300), listed(0, 1100), listed(0, 999)};
    add_all(&all, taken, sizeof taken / sizeof taken[0]);
    expect_measurement(&all, METHOD_FREE_MEMORY, 300, 100, 4);
    /* One sample with bytes decides otherwise. */
    const sample last = listed(5, 1000);
    samples_add(&all, &last);
    expect_measurement(&all, METHOD_PROCESSES, 5, 5, 5);
}

Test(cli_measure, a_command_that_was_never_seen_has_no_figure) {
    samples all = samples_from(1000);
    const sample taken[] = {listed(0, 1000), listed(0, 10)};
    measurement measured = {.peak_bytes = 77};
    cr_assert(!samples_measurement(&all, &measured), "no sample");
    add_all(&all, taken, sizeof taken / sizeof taken[0]);
    cr_assert(!samples_measurement(&all, &measured), "no use");
    cr_assert(measured.peak_bytes == 77, "the output is unchanged");
}

Test(cli_measure, failed_samples_are_counted_by_method) {
    samples all = samples_from(1000);
    const sample failed = {.has_list = false};
    const sample unlisted = {.device_bytes = rein_fact_u64_known(1200)};
    const sample taken[] = {listed(10, 1010), failed, unlisted, failed};
    add_all(&all, taken, sizeof taken / sizeof taken[0]);
    expect_measurement(&all, METHOD_PROCESSES, 10, 10, 1);
    cr_assert(samples_failed(&all, METHOD_PROCESSES) == 3, "of processes");
    cr_assert(samples_failed(&all, METHOD_FREE_MEMORY) == 2, "of the device");
}

Test(cli_measure, samples_that_lack_a_process_count_as_failed) {
    samples all = samples_from(1000);
    sample partial = listed(10, 1010);
    partial.is_partial = true;
    const sample taken[] = {partial, listed(5, 1010), partial, {.has_list = false}};
    add_all(&all, taken, sizeof taken / sizeof taken[0]);
    expect_measurement(&all, METHOD_PROCESSES, 10, 10, 3);
    cr_assert(samples_failed(&all, METHOD_PROCESSES) == 3, "of processes");
    cr_assert(samples_failed(&all, METHOD_FREE_MEMORY) == 1, "of the device");
}

Test(cli_measure, growth_is_unknown_without_a_figure_from_before) {
    samples all = {.count = 0};
    const sample taken = listed(0, 5000);
    measurement measured;
    samples_add(&all, &taken);
    cr_assert(!samples_measurement(&all, &measured), "unknown is not 0");
}

static measurement example(measurement_method method, uint64_t peak_bytes) {
    return (measurement){.path = "",
                         .device_uuid = "GPU-5a1f",
                         .peak_bytes = peak_bytes,
                         .final_bytes = rein_fact_u64_known(peak_bytes - 1),
                         .includes_contexts = true,
                         .method = method,
                         .interval = {SAMPLE_INTERVAL_MS * REIN_NS_PER_MS},
                         .sample_count = 1571};
}

static void expect_read_back(arena *memory, const measurement *written, const char *command) {
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    write_measurement(memory, written, command, 1796083200, stream);
    fclose(stream);
    cr_assert(strncmp(text, "# Measured by rein run on 2026-12-01: ", 38) == 0, "%s", text);
    diagnostics sink = {.stream = stderr, .memory = memory};
    input_file file;
    measurement read;
    cr_assert(input_file_from_text(&sink, "f", "a text", text, length, &file) &&
                  measurement_read_text(&sink, &file, &read),
              "not read back: %s", text);
    cr_assert(strcmp(read.device_uuid, written->device_uuid) == 0, "%s", read.device_uuid);
    cr_assert(read.peak_bytes == written->peak_bytes, "peak");
    cr_assert(read.final_bytes.is_known && read.final_bytes.value == written->final_bytes.value,
              "final");
    cr_assert(read.includes_contexts == written->includes_contexts, "contexts");
    cr_assert(read.method == written->method, "method");
    cr_assert(read.interval.ns == written->interval.ns, "interval");
    cr_assert(read.sample_count == written->sample_count, "samples");
    free(text);
}

Test(cli_measure, a_written_file_is_read_back) {
    cr_assert(setlocale(LC_CTYPE, "C.UTF-8") != NULL, "no locale");
    static const char *const commands[] = {"llama-server",         "",
                                           "two\nlines: x",        "\xff\x01\xc2\x85",
                                           "\xe2\x80\xa8\xc3\xa9", "'quoted' # twice"};
    for (size_t index = 0; index < sizeof commands / sizeof commands[0]; index++) {
        arena *memory = arena_create();
        measurement written = example(METHOD_PROCESSES, UINT64_C(5476083712));
        expect_read_back(memory, &written, commands[index]);
        written = example(METHOD_FREE_MEMORY, UINT64_MAX);
        written.includes_contexts = false;
        expect_read_back(memory, &written, commands[index]);
        arena_destroy(memory);
    }
}

static void expect_summary(measurement_method method, uint64_t peak_bytes, uint64_t reserved_bytes,
                           const char *used, const char *reserved) {
    arena *memory = arena_create();
    measurement measured = example(method, peak_bytes);
    const char *line = measurement_summary(memory, &measured, reserved_bytes);
    const char *first = strstr(line, used);
    cr_assert(first != NULL && strstr(first + strlen(used), reserved) != NULL, "%s", line);
    cr_assert(strstr(line, "every 20 ms") != NULL, "%s", line);
    cr_assert((strstr(line, "more than") != NULL) == (peak_bytes > reserved_bytes), "%s", line);
    cr_assert((strstr(line, "free memory") != NULL) == (method == METHOD_FREE_MEMORY), "%s", line);
    arena_destroy(memory);
}

Test(cli_measure, the_summary_has_one_unit) {
    expect_summary(METHOD_PROCESSES, UINT64_C(5476083712), 6 * REIN_GIB, "5.1 GiB", "6.0 GiB");
    expect_summary(METHOD_PROCESSES, 300 * REIN_MIB, 6 * REIN_GIB, "300.0 MiB", "6144.0 MiB");
    expect_summary(METHOD_FREE_MEMORY, 7 * REIN_GIB, 6 * REIN_GIB, "7.0 GiB", "6.0 GiB");
    expect_summary(METHOD_PROCESSES, 6 * REIN_GIB, 6 * REIN_GIB, "6.0 GiB", "6.0 GiB");
}

Test(cli_measure, more_than_is_reserved_never_looks_alike) {
    expect_summary(METHOD_PROCESSES, 6 * REIN_GIB + REIN_MIB, 6 * REIN_GIB, "6145MiB", "6144MiB");
    expect_summary(METHOD_FREE_MEMORY, REIN_GIB + 1, REIN_GIB, "1073741825B", "1073741824B");
}

static void expect_parent(const char *text, pid_t expected) {
    pid_t parent = 0;
    cr_assert(process_stat_parent(text, &parent) && parent == expected, "%s: %d", text,
              (int)parent);
}

Test(cli_measure, the_parent_of_a_process_with_any_name) {
    expect_parent("12 (sh) S 7 12 12 0 -1", 7);
    expect_parent("12 (a) S 9 (b)) R 4194303 1", 4194303);
    expect_parent("12 () Z 1", 1);
    static const char *const broken[] = {"",        "12 sh S 7",  "12 (sh",
                                         "12 (sh)", "12 (sh) S ", "12 (sh) S x"};
    for (size_t index = 0; index < sizeof broken / sizeof broken[0]; index++) {
        pid_t parent = 0;
        cr_assert(!process_stat_parent(broken[index], &parent), "'%s': %d", broken[index],
                  (int)parent);
    }
}

Test(cli_measure, descendants_do_not_include_the_process_itself) {
    cr_assert(process_descends(getpid(), getppid()), "a child");
    cr_assert(!process_descends(getpid(), getpid()), "the process itself");
    cr_assert(!process_descends(getppid(), getpid()), "its parent");
    cr_assert(!process_descends(0, getpid()), "no process");
}

Test(cli_measure, a_process_that_ends_meanwhile_descends_from_nobody) {
    failing_call = "read";
    cr_assert(!process_descends(getpid(), getppid()), "nothing was read");
    failing_call = "opendir";
    signal_children(SIGTERM);
    failing_call = NULL;
    cr_assert(!process_descends(INT32_MAX, getpid()), "the process does not exist");
}

Test(cli_measure, a_command_that_cannot_be_started_says_why) {
    static const char *const calls[] = {"prctl", "pipe", "fork"};
    char *const arguments[] = {(char *)"true", NULL};
    relay signals;
    child started = {.command = 0, .status = 77};
    relay_begin(&signals);
    for (size_t index = 0; index < sizeof calls / sizeof calls[0]; index++) {
        failing_call = calls[index];
        errno = 0;
        cr_assert(!child_start(arguments, &signals, &started), "%s does not fail", calls[index]);
        cr_assert(errno == EMFILE, "%s: errno %d", calls[index], errno);
        cr_assert(started.status == 77, "%s: the output is changed", calls[index]);
        failing_call = NULL;
        cr_assert(!child_reap(&started), "%s: a child is left", calls[index]);
    }
    relay_end(&signals);
}

/* Reads the first device of this machine, which need not have one. */
static bool read_first(local_profile_reader *read_profile, char out_reason[1024]) {
    arena *memory = arena_create();
    rein_device_profile profile;
    const char *reason = "";
    bool is_read = read_profile(memory, "auto", &profile, &reason);
    snprintf(out_reason, 1024, "%s", reason);
    arena_destroy(memory);
    return is_read;
}

Test(cli_measure, a_device_is_read_apart_as_in_this_process) {
    char apart[1024];
    char here[1024];
    bool is_read = read_first(read_local_profile_apart, apart);
    cr_assert(read_first(read_local_profile, here) == is_read, "%s", here);
    cr_assert(strcmp(apart, here) == 0, "'%s' and '%s'", apart, here);
}

Test(cli_measure, a_device_that_cannot_be_read_apart_has_a_reason) {
    static const char *const calls[] = {"pipe", "fork", "write"};
    for (size_t index = 0; index < sizeof calls / sizeof calls[0]; index++) {
        char reason[1024];
        failing_call = calls[index];
        cr_assert(!read_first(read_local_profile_apart, reason), "%s", calls[index]);
        cr_assert(*reason != '\0', "%s: no reason", calls[index]);
    }
    failing_call = NULL;
}
