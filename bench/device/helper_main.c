#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "contract/units.h"
#include "cuda/probe.h"
#include "helper.h"
#include "raw.h"
#include "statistics.h"

enum { TENANT_BLOCKS_MAX = 512, TENANT_SEED = 7 };

static bool is_input_open(void) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&input, 1, 0) == 0;
}

static void wait_for_end_of_input(void) {
    char byte = 0;
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
}

static int print_numbers(double first, double second) {
    printf("%.0f %.0f\n", first, second);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int print_error(const rein_error *error) {
    char text[RECORD_TEXT_CAPACITY];
    rein_error_to_string(error, text, sizeof text);
    fprintf(stderr, "bench_device: a second process: %s\n", text);
    return EXIT_FAILURE;
}

/* Makes the first CUDA call of this process. `out_bytes` is the memory that the call reports as
 * taken. */
static rein_result_void first_call(const char *part, int device, double *out_bytes) {
    if (strcmp(part, "properties") == 0) {
        struct cudaDeviceProp properties;
        return raw_result(cudaGetDeviceProperties(&properties, device), "cudaGetDeviceProperties",
                          REIN_HERE);
    }
    if (strcmp(part, "memory") == 0) {
        size_t free_now = 0;
        size_t total = 0;
        REIN_TRY(rein_result_void, raw_result(cudaSetDevice(device), "cudaSetDevice", REIN_HERE));
        return raw_result(cudaMemGetInfo(&free_now, &total), "cudaMemGetInfo", REIN_HERE);
    }
    rein_cuda_probe_tier tier =
        strcmp(part, "exact") == 0 ? REIN_CUDA_PROBE_EXACT : REIN_CUDA_PROBE_CONTEXT_FREE;
    rein_cuda_report probed = REIN_TRY(rein_result_void, rein_cuda_probe(device, tier));
    rein_fact_u64 cost = probed.cost_bytes;
    *out_bytes = cost.is_known ? (double)cost.value : -1.0;
    return rein_done();
}

static int run_as_probe(const char *part, int device) {
    double bytes = -1.0;
    int64_t start = raw_now_ns();
    rein_result_void called = first_call(part, device, &bytes);
    int64_t end = raw_now_ns();
    if (!called.is_ok) {
        return print_error(&REIN_ERROR(called));
    }
    int code = print_numbers((double)(end - start), bytes);
    wait_for_end_of_input();
    return code;
}

/* The blocks that the tenant holds, and the outcomes of its requests. */
typedef struct tenant {
    void *blocks[TENANT_BLOCKS_MAX];
    size_t count;
    uint64_t granted;
    uint64_t refused;
    uint64_t random_state;
} tenant;

static void release_some(tenant *greedy, size_t kept) {
    while (greedy->count > kept) {
        (void)cudaFree(greedy->blocks[--greedy->count]);
    }
}

/* Allocates a block. If memory is refused or the array is full, frees some of the blocks. */
static void allocate_once(tenant *greedy) {
    uint64_t bytes = REIN_MIB << random_below(&greedy->random_state, 9);
    void *block = NULL;
    if (greedy->count < TENANT_BLOCKS_MAX && cudaMalloc(&block, (size_t)bytes) == cudaSuccess) {
        greedy->blocks[greedy->count++] = block;
        greedy->granted++;
        return;
    }
    (void)cudaGetLastError();
    greedy->refused++;
    release_some(greedy, (size_t)random_below(&greedy->random_state, greedy->count + 1));
}

static int run_as_tenant(int device) {
    rein_result_void set = raw_result(cudaSetDevice(device), "cudaSetDevice", REIN_HERE);
    if (!set.is_ok) {
        return print_error(&REIN_ERROR(set));
    }
    tenant greedy = {.random_state = TENANT_SEED};
    allocate_once(&greedy);
    print_numbers((double)greedy.granted, (double)greedy.refused);
    while (is_input_open()) {
        allocate_once(&greedy);
    }
    release_some(&greedy, 0);
    return print_numbers((double)greedy.granted, (double)greedy.refused);
}

int helper_main(const char *part, int device) {
    static const char *const probes[] = {"context-free", "exact", "properties", "memory"};
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
        if (strcmp(part, probes[i]) == 0) {
            return run_as_probe(part, device);
        }
    }
    if (strcmp(part, "tenant") == 0) {
        return run_as_tenant(device);
    }
    fprintf(stderr, "bench_device: --helper is \"%s\", expected a part that it plays\n", part);
    return 2;
}
