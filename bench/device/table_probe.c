/* The cost of reading a device: in a process that has not used CUDA yet, and repeatedly. */
#include <string.h>

#include "cuda/probe.h"
#include "helper.h"
#include "protocol.h"
#include "raw.h"
#include "statistics.h"
#include "tables.h"

static const char time_table[] = "probe: time of a process's first call";
static const char bytes_table[] = "probe: device memory of a process's first call";
static const char again_table[] = "probe: time of a further call";

enum { PART_COUNT = 4, STARTS = 3 };

/* The contestants, and their parts for the helper. */
static const struct {
    const char *name;
    const char *part;
    record_role role;
} subjects[PART_COUNT] = {{"rein: context-free tier", "context-free", RECORD_OURS},
                          {"rein: exact tier", "exact", RECORD_OURS},
                          {"cudaGetDeviceProperties", "properties", RECORD_PEER},
                          {"cudaMemGetInfo", "memory", RECORD_PEER}};

/* The results of one contestant, one per started process. */
typedef struct first_calls {
    double ns[STARTS];
    double bytes[STARTS]; /* drop in free memory while the process runs */
    double told_bytes;    /* as reported by the last probe; -1 if not reported */
    rein_result_void result;
} first_calls;

static rein_result_void free_bytes(double *out_bytes) {
    size_t free_now = 0;
    size_t total = 0;
    rein_result_void asked =
        raw_result(cudaMemGetInfo(&free_now, &total), "cudaMemGetInfo", REIN_HERE);
    *out_bytes = (double)free_now;
    return asked;
}

static rein_result_void start_once(bench *run, const char *part, first_calls *calls, size_t index) {
    double before = 0.0;
    REIN_TRY(rein_result_void, free_bytes(&before));
    helper started;
    REIN_TRY(rein_result_void, helper_start(run, part, &started));
    rein_result_void read = helper_read(&started, &calls->ns[index], &calls->told_bytes);
    double beside = 0.0;
    rein_result_void again = free_bytes(&beside);
    rein_result_void stopped = helper_stop(&started);
    REIN_TRY(rein_result_void, read);
    REIN_TRY(rein_result_void, again);
    calls->bytes[index] = before - beside;
    return stopped;
}

static void start_all(bench *run, first_calls *calls) {
    for (size_t i = 0; i < STARTS; i++) {
        for (size_t j = 0; j < PART_COUNT; j++) {
            if (calls[j].result.is_ok) {
                calls[j].result = start_once(run, subjects[j].part, &calls[j], i);
            }
        }
    }
}

static record_row *add_row(bench *run, const char *table, size_t subject, first_calls *calls,
                           const char *unit, double *values) {
    record_row *row = record_add_row(&run->found, table, "a fresh process", subjects[subject].name,
                                     subjects[subject].role);
    if (helper_obstacle(run) != NULL) {
        record_waive(row, helper_obstacle(run));
    } else if (!calls->result.is_ok) {
        record_fail(row, &REIN_ERROR(calls->result));
    } else {
        record_value(row, unit, statistics_median(values, STARTS));
        row->repetitions = STARTS;
    }
    return row;
}

static void run_first_calls(bench *run) {
    record_add_table(&run->found,
                     (record_table){.name = time_table,
                                    .what = "the first call of CUDA in a process; includes driver "
                                            "initialisation and, if it needs one, the context",
                                    .limits = "the driver's initialisation",
                                    .subjects = {subjects[0].name, subjects[1].name,
                                                 subjects[2].name, subjects[3].name}});
    record_add_table(
        &run->found,
        (record_table){
            .name = bytes_table,
            .what = "the fall of the free memory that another process sees while a "
                    "process lives that made this one call; other tenants count too",
            .limits = "the context, if one is created",
            .subjects = {subjects[0].name, subjects[1].name, subjects[2].name, subjects[3].name}});
    first_calls calls[PART_COUNT];
    for (size_t i = 0; i < PART_COUNT; i++) {
        calls[i] = (first_calls){.told_bytes = -1.0, .result = rein_done()};
    }
    if (helper_obstacle(run) == NULL) {
        start_all(run, calls);
    }
    for (size_t i = 0; i < PART_COUNT; i++) {
        add_row(run, time_table, i, &calls[i], "ns", calls[i].ns);
    }
    for (size_t i = 0; i < PART_COUNT; i++) {
        record_row *row = add_row(run, bytes_table, i, &calls[i], "B", calls[i].bytes);
        if (calls[i].told_bytes >= 0.0) {
            record_count(row, "bytes that the probe says it took", calls[i].told_bytes);
        }
    }
}

static rein_result_void set_up(void *self, const contest_setting *setting) {
    *(int *)self = setting->device;
    return rein_done();
}

static rein_result_void probe(int device, rein_cuda_probe_tier tier) {
    REIN_TRY(rein_result_void, rein_cuda_probe(device, tier));
    return rein_done();
}

static rein_result_void probe_context_free(void *self, int thread, double *out_ns) {
    (void)thread;
    (void)out_ns;
    return probe(*(int *)self, REIN_CUDA_PROBE_CONTEXT_FREE);
}

static rein_result_void probe_exactly(void *self, int thread, double *out_ns) {
    (void)thread;
    (void)out_ns;
    return probe(*(int *)self, REIN_CUDA_PROBE_EXACT);
}

static rein_result_void read_properties(void *self, int thread, double *out_ns) {
    (void)thread;
    (void)out_ns;
    struct cudaDeviceProp properties;
    return raw_result(cudaGetDeviceProperties(&properties, *(int *)self), "cudaGetDeviceProperties",
                      REIN_HERE);
}

static rein_result_void read_memory(void *self, int thread, double *out_ns) {
    (void)self;
    (void)thread;
    (void)out_ns;
    double bytes = 0.0;
    return free_bytes(&bytes);
}

static void run_further_calls(bench *run) {
    record_add_table(&run->found,
                     (record_table){.name = again_table,
                                    .what = "one probe of a device whose context exists",
                                    .limits = "the driver's queries; the exact tier allocates a "
                                              "byte to observe the granularity",
                                    .subjects = {subjects[0].name, subjects[1].name,
                                                 subjects[2].name, subjects[3].name}});
    rein_result_void (*const operations[PART_COUNT])(void *, int, double *) = {
        probe_context_free, probe_exactly, read_properties, read_memory};
    int devices[PART_COUNT];
    contestant contestants[PART_COUNT];
    for (size_t i = 0; i < PART_COUNT; i++) {
        contestants[i] = (contestant){.name = subjects[i].name,
                                      .role = subjects[i].role,
                                      .self = &devices[i],
                                      .set_up = set_up,
                                      .operate = operations[i]};
    }
    contest held = {.table = again_table,
                    .name = "1 thread",
                    .setting = {run->device, 1, 1, 0},
                    .contestants = contestants,
                    .contestant_count = PART_COUNT};
    contest_run(run, &held);
}

void table_probe_run(bench *run) {
    run_first_calls(run);
    run_further_calls(run);
}
