/* Failures of the host: no memory, no meminfo. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/units.h"
#include "cuda/compute_window.h"
#include "cuda/memory_pool.h"
#include "cuda/probe.h"
#include "cuda/scenarios.h"
#include "cuda/stream_pool.h"

enum { MEMINFO_CAPACITY = 16384 };

static int failing_calloc;  /* counted from now, starting at 1; 0: none */
static const char *meminfo; /* contents of the file */
static bool has_meminfo;

void *__wrap_calloc(size_t count, size_t size);
void *__real_calloc(size_t count, size_t size);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__real_fopen(const char *path, const char *mode);

void *__wrap_calloc(size_t count, size_t size) {
    if (failing_calloc > 0 && --failing_calloc == 0) {
        return NULL;
    }
    return __real_calloc(count, size);
}

FILE *__wrap_fopen(const char *path, const char *mode) {
    if (strcmp(path, "/proc/meminfo") != 0) {
        return __real_fopen(path, mode);
    }
    static char text[MEMINFO_CAPACITY];
    snprintf(text, sizeof text, "%s", meminfo);
    return has_meminfo ? fmemopen(text, strlen(text), "r") : NULL;
}

static rein_ledger ledger;

static void set_up(void) {
    scenarios_reset(&ledger);
    failing_calloc = 0;
}

TestSuite(cuda_host_faults, .init = set_up);

static void assert_out_of_memory(bool is_ok, const rein_error *error) {
    cr_assert(!is_ok && error->code == REIN_ERROR_OUT_OF_MEMORY, "the host has no memory");
    cr_assert(error->native_code == 0, "it has no CUDA code");
    failing_calloc = 0;
}

Test(cuda_host_faults, no_memory_for_an_object) {
    rein_cuda_memory_pool_options memory = {.ledger = &ledger};
    for (int i = 1; i <= 2; i++) {
        failing_calloc = i;
        rein_result_cuda_memory_pool pool = rein_cuda_memory_pool_create(&memory);
        assert_out_of_memory(pool.is_ok, &pool.as.error);
    }
    rein_cuda_stream_pool_options streams = {.ledger = &ledger, .counts = {1, 0, 0}};
    failing_calloc = 1;
    rein_result_cuda_stream_pool pool = rein_cuda_stream_pool_create(&streams);
    assert_out_of_memory(pool.is_ok, &pool.as.error);
    rein_cuda_compute_window_options options = {.ledger = &ledger};
    failing_calloc = 1;
    rein_result_cuda_compute_window window = rein_cuda_compute_window_create(&options);
    assert_out_of_memory(window.is_ok, &window.as.error);
}

Test(cuda_host_faults, no_memory_for_a_record) {
    rein_cuda_memory_pool_options options = {.ledger = &ledger};
    rein_cuda_memory_pool *pool = REIN_UNWRAP(rein_cuda_memory_pool_create(&options));
    simulated_cudart_fail_call(0, cudaSuccess);
    failing_calloc = 1;
    rein_result_cuda_allocation allocation = rein_cuda_memory_allocate(pool, 1);
    assert_out_of_memory(allocation.is_ok, &allocation.as.error);
    cr_assert(simulated_cudart_call_count() == 0, "CUDA was not called");
    cr_assert(rein_ledger_read(&ledger).memory_bytes.used == 0, "nothing is charged");
    cr_assert(rein_cuda_memory_pool_destroy(pool).is_ok, "destroyed");
}

Test(cuda_host_faults, a_table_that_cannot_grow_gets_slower) {
    enum { COUNT = 65, CALLS_BEFORE_GROWTH = 3 };
    rein_cuda_memory_pool_options options = {.ledger = &ledger};
    rein_cuda_memory_pool *pool = REIN_UNWRAP(rein_cuda_memory_pool_create(&options));
    void *pointers[COUNT];
    for (int i = 0; i < COUNT; i++) {
        failing_calloc = i == COUNT - 1 ? CALLS_BEFORE_GROWTH : 0;
        pointers[i] = REIN_UNWRAP(rein_cuda_memory_allocate(pool, 1)).pointer;
    }
    cr_assert(failing_calloc == 0, "it tried to grow");
    for (int i = 0; i < COUNT; i++) {
        cr_assert(rein_cuda_memory_free(pool, pointers[i]).is_ok, "number %d is found", i);
    }
    cr_assert(rein_cuda_memory_pool_destroy(pool).is_ok, "destroyed");
}

static rein_fact_u64 free_bytes_of_meminfo(const char *text) {
    simulated_device device = simulated_device_default();
    device.profile.is_integrated = rein_fact_bool_known(true);
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    has_meminfo = text != NULL;
    meminfo = text;
    return REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_CONTEXT_FREE)).profile.free_bytes;
}

/* Puts blanks before the field; only the first 4095 bytes of the file are read. */
static rein_fact_u64 free_bytes_after_blanks(int blank_count) {
    static char text[MEMINFO_CAPACITY];
    snprintf(text, sizeof text, "%*sMemAvailable: 1 kB%*s", blank_count, "", 4096, "");
    return free_bytes_of_meminfo(text);
}

Test(cuda_host_faults, only_the_beginning_of_a_long_meminfo_is_read) {
    cr_assert(!free_bytes_after_blanks(4096).is_known, "the field comes too late");
    cr_assert(free_bytes_after_blanks(2000).is_known, "it comes early enough");
}

Test(cuda_host_faults, available_memory_is_read_from_meminfo) {
    rein_fact_u64 fact = free_bytes_of_meminfo("MemTotal: 9 kB\nMemAvailable:    1024 kB\n");
    cr_assert(fact.is_known && fact.value == REIN_MIB, "1 MiB");
    fact = free_bytes_of_meminfo("MemAvailable: 18014398509481983 kB\n");
    cr_assert(fact.is_known && fact.value == UINT64_MAX - 1023, "the most that 64 bits hold");
    static const char *const unknown[] = {NULL,
                                          "MemTotal: 9 kB\n",
                                          "MemAvailable: 1024 MB\n",
                                          "MemAvailable: 99999999999999999999 kB\n",
                                          "MemAvailable: 18014398509481984 kB\n",
                                          "MemAvailable: 18446744073709551615 kB\n"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        cr_assert(!free_bytes_of_meminfo(unknown[i]).is_known, "row %zu", i);
    }
    rein_result_cuda_report exact = rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT);
    cr_assert(exact.is_ok && REIN_VALUE(exact).profile.free_bytes.is_known,
              "CUDA's answer counts if the system has none");
}
