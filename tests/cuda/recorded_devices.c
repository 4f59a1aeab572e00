/* Simulates each device profile that the project ships, probes it, and fills it to the last byte.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <locale.h>
#include <string.h>

#include "cli/read/profile.h"
#include "cuda/memory_pool.h"
#include "cuda/probe.h"
#include "mocks/simulated_cudart/simulated_cudart.h"

static void assert_probed(const char *path, const rein_device_profile *recorded) {
    rein_result_cuda_report result = rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT);
    cr_assert(result.is_ok, "%s: it is probed", path);
    const rein_device_profile *probed = &REIN_VALUE(result).profile;
    cr_assert(strcmp(probed->name, recorded->name) == 0, "%s: name", path);
    cr_assert(probed->total_bytes.value == recorded->total_bytes.value, "%s: total", path);
    cr_assert(!recorded->multiprocessor_count.is_known ||
                  probed->multiprocessor_count.value == recorded->multiprocessor_count.value,
              "%s: multiprocessors", path);
    cr_assert(!recorded->allocation_granularity_bytes.is_known ||
                  probed->allocation_granularity_bytes.value ==
                      recorded->allocation_granularity_bytes.value,
              "%s: granularity", path);
}

/* Asserts that a budget of all free memory is granted completely, and not a byte more. */
static void assert_can_be_filled(const char *path) {
    uint64_t unit = UINT64_C(32) << 20;
    uint64_t bytes = simulated_cudart_free_bytes(0) / unit * unit;
    rein_ledger ledger;
    rein_resource_budget budget = rein_resource_budget_default();
    budget.memory_limit_bytes = bytes;
    cr_assert(rein_ledger_init(&ledger, &budget).is_ok, "a ledger");
    rein_cuda_memory_pool_options options = {.ledger = &ledger};
    rein_cuda_memory_pool *pool = REIN_UNWRAP(rein_cuda_memory_pool_create(&options));
    rein_cuda_allocation all = REIN_UNWRAP(rein_cuda_memory_allocate(pool, bytes));
    cr_assert(all.verdict.is_granted, "%s: all is granted", path);
    rein_cuda_allocation more = REIN_UNWRAP(rein_cuda_memory_allocate(pool, 1));
    cr_assert(!more.verdict.is_granted, "%s: a byte more is refused", path);
    cr_assert(rein_cuda_memory_pool_destroy(pool).is_ok, "%s: all is given back", path);
}

Test(recorded_devices, each_is_probed_and_filled) {
    setlocale(LC_CTYPE, "C.UTF-8");
    glob_t files;
    cr_assert(glob(REIN_DEVICES "/*.yaml", 0, NULL, &files) == 0, "there are profiles");
    arena *memory = arena_create();
    diagnostics sink = {.stream = stderr, .memory = memory};
    for (size_t i = 0; i < files.gl_pathc; i++) {
        rein_device_profile recorded;
        cr_assert(profile_file_read(&sink, files.gl_pathv[i], &recorded), "it is read");
        simulated_device device = simulated_device_of(&recorded);
        simulated_cudart_reset(&device, 1, CUDART_VERSION);
        assert_probed(files.gl_pathv[i], &recorded);
        assert_can_be_filled(files.gl_pathv[i]);
    }
    arena_destroy(memory);
    globfree(&files);
}
