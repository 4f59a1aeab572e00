/* The device part of the benchmarks: the CUDA module compared with raw CUDA. See README.md. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cuda/probe.h"
#include "goals.h"
#include "helper.h"
#include "options.h"
#include "output.h"
#include "raw.h"
#include "tables.h"

enum { EXIT_USAGE = 2 };

static void waive(bench *run, const rein_error *error) {
    rein_error_message(error, run->waiver, sizeof run->waiver);
}

static void read_device(bench *run) {
    rein_result_cuda_report probed = rein_cuda_probe(run->device, REIN_CUDA_PROBE_EXACT);
    if (!probed.is_ok) {
        waive(run, &REIN_ERROR(probed));
        return;
    }
    run->profile = REIN_VALUE(probed).profile;
    int mode = cudaComputeModeDefault;
    (void)raw_result(cudaDeviceGetAttribute(&mode, cudaDevAttrComputeMode, run->device),
                     "cudaDeviceGetAttribute", REIN_HERE);
    run->is_exclusive = mode != cudaComputeModeDefault;
    rein_result_void set = raw_result(cudaSetDevice(run->device), "cudaSetDevice", REIN_HERE);
    if (!set.is_ok) {
        waive(run, &REIN_ERROR(set));
    }
}

/* Returns whether the argument names a device. If that device cannot be used, the rows are waived.
 */
static bool find_device(bench *run) {
    rein_result_cuda_device found = rein_cuda_find_device(run->asked.device);
    if (found.is_ok) {
        run->device = REIN_VALUE(found);
        read_device(run);
        return true;
    }
    waive(run, &REIN_ERROR(found));
    if (rein_cuda_condition_of(&REIN_ERROR(found)) != REIN_CUDA_READY) {
        return true;
    }
    fprintf(stderr, "bench_device: --device: %s\n", run->waiver);
    return false;
}

/* Chooses one thread, two threads, half of the processors and all of them. */
static void choose_thread_counts(bench *run) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int most = cores > BENCH_THREADS_MAX ? BENCH_THREADS_MAX : (int)cores;
    const int wanted[BENCH_THREAD_COUNTS_MAX] = {1, 2, most / 2, most};
    size_t count = 0;
    for (size_t i = 0; i < BENCH_THREAD_COUNTS_MAX; i++) {
        if (count == 0 || wanted[i] > run->thread_counts[count - 1]) {
            run->thread_counts[count++] = wanted[i];
        }
    }
}

static void run_tables(bench *run) {
    void (*const tables[])(bench *) = {table_cap_run,   table_drift_run,   table_overshoot_run,
                                       table_probe_run, table_refusal_run, table_streams_run,
                                       table_check_run, table_window_run,  table_memory_run};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        tables[i](run);
    }
    goals_judge(run);
}

/* Returns the time limit of a run, so that it ends within five minutes on any device. */
static int64_t longest_ns(const bench_options *asked) {
    int64_t usual = 200 * REIN_NS_PER_S;
    return asked->repetitions <= OPTIONS_REPETITIONS
               ? usual
               : usual * asked->repetitions / OPTIONS_REPETITIONS;
}

static int measure(const bench_options *asked) {
    bench run = {.asked = *asked,
                 .program = "/proc/self/exe",
                 .random_state = asked->seed,
                 .end_ns = raw_now_ns() + longest_ns(asked)};
    rein_cuda_system system = rein_cuda_system_query();
    run.driver_version = system.driver_version;
    run.runtime_version = system.runtime_version;
    choose_thread_counts(&run);
    if (!find_device(&run) ||
        (asked->json_path != NULL && !output_json_prepare(asked->json_path))) {
        return EXIT_USAGE;
    }
    run_tables(&run);
    output_text(&run);
    bool is_written = asked->json_path == NULL || output_json(&run, asked->json_path);
    bool has_failed = record_has_failed(&run.found);
    record_deinit(&run.found);
    return is_written && !has_failed ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argument_count, char **arguments) {
    bench_options asked = options_parse(argument_count, arguments);
    switch (asked.purpose) {
    case OPTIONS_HELP:
        options_print_usage();
        return EXIT_SUCCESS;
    case OPTIONS_HELPER:
        return helper_main(asked.helper_part, (int)strtol(asked.device, NULL, 10));
    case OPTIONS_MEASURE:
        return measure(&asked);
    case OPTIONS_INVALID:
    default:
        return EXIT_USAGE;
    }
}
