#include "cuda/probe.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "contract/units.h"
#include "cuda/memory_pool.h"
#include "expect.h"
#include "lacking_function.h"
#include "mocks/simulated_cudart/simulated_cudart.h"
#include "node/open_descriptors.h"

/* Opening the driver's device node fails with this errno; 0: it succeeds. */
static int open_errno;

int __wrap_open(const char *path, int flags, ...);
int __real_open(const char *path, int flags, ...);

int __wrap_open(const char *path, int flags, ...) {
    if (strcmp(path, "/dev/nvidiactl") != 0) {
        return __real_open(path, flags);
    }
    cr_assert((flags & O_RDWR) != 0 && (flags & O_CLOEXEC) != 0, "as CUDA opens it");
    if (open_errno != 0) {
        errno = open_errno;
        return -1;
    }
    return __real_open("/dev/null", O_RDONLY);
}

static void reset_one(int driver_version) {
    simulated_device device = simulated_device_default();
    simulated_cudart_reset(&device, 1, driver_version);
    open_errno = ENOENT;
    unsetenv("FAKE_NVML");
    unsetenv("FAKE_NVML_ASKED");
    unsetenv("FAKE_NVML_OWN");
    unsetenv("FAKE_NVML_OWN_BEFORE");
    lacking_function = NULL;
}

static void assert_condition(rein_cuda_condition expected, const char *facts) {
    rein_cuda_system system = rein_cuda_system_query();
    cr_assert(system.condition == expected, "the condition is %s",
              rein_cuda_condition_name(system.condition));
    expect_error_facts(&system.reason, REIN_ERROR_DEVICE_UNAVAILABLE, facts);
    rein_result_cuda_report report = rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT);
    cr_assert(!report.is_ok && rein_cuda_condition_of(&report.as.error) == expected,
              "the probe says something else");
}

Test(cuda_system, is_ready_with_its_numbers) {
    reset_one(CUDART_VERSION);
    rein_cuda_system system = rein_cuda_system_query();
    cr_assert(system.condition == REIN_CUDA_READY, "it is ready");
    cr_assert(system.device_count == 1, "one device");
    cr_assert(system.driver_version == CUDART_VERSION, "the driver's version");
    cr_assert(system.runtime_version == CUDART_VERSION, "the runtime's version");
}

Test(cuda_system, distinguishes_no_driver_from_one_that_is_too_old) {
    reset_one(0);
    assert_condition(REIN_CUDA_NO_DRIVER, "NVIDIA driver");
    cr_assert(rein_cuda_system_query().reason.native_code == cudaErrorInsufficientDriver, "35");
    reset_one(11000);
    assert_condition(REIN_CUDA_DRIVER_TOO_OLD, "driver 11000");
}

Test(cuda_system, distinguishes_no_device_from_no_permission) {
    reset_one(CUDART_VERSION);
    simulated_cudart_set_initialisation(cudaErrorNoDevice);
    assert_condition(REIN_CUDA_NO_DEVICE, "device CUDA_VISIBLE_DEVICES");
    open_errno = EACCES;
    assert_condition(REIN_CUDA_NO_PERMISSION, "read write access");
    open_errno = EPERM;
    assert_condition(REIN_CUDA_NO_PERMISSION, "read write access");
    open_errno = 0;
    assert_condition(REIN_CUDA_NO_DEVICE, "device CUDA_VISIBLE_DEVICES");
    simulated_cudart_set_initialisation(cudaErrorNotPermitted);
    assert_condition(REIN_CUDA_NO_PERMISSION, "read write access");
}

Test(cuda_system, counts_zero_devices_as_none) {
    simulated_device device = simulated_device_default();
    simulated_cudart_reset(&device, 0, CUDART_VERSION);
    assert_condition(REIN_CUDA_NO_DEVICE, "device CUDA_VISIBLE_DEVICES");
}

Test(cuda_system, reports_a_busy_device_and_an_unexplained_error) {
    reset_one(CUDART_VERSION);
    simulated_cudart_set_initialisation(cudaErrorDevicesUnavailable);
    assert_condition(REIN_CUDA_DEVICE_BUSY, "busy");
    simulated_cudart_set_initialisation(cudaErrorMpsMaxClientsReached);
    assert_condition(REIN_CUDA_DEVICE_BUSY, "busy");
    simulated_cudart_set_initialisation(cudaErrorUnknown);
    assert_condition(REIN_CUDA_UNUSABLE, "CUDA driver device");
    simulated_cudart_set_initialisation(cudaErrorStubLibrary);
    assert_condition(REIN_CUDA_NO_DRIVER, "NVIDIA driver");
    simulated_cudart_set_initialisation(cudaErrorCompatNotSupportedOnDevice);
    assert_condition(REIN_CUDA_DRIVER_TOO_OLD, "driver");
}

Test(cuda_system, a_refused_system_call_may_mean_no_permission) {
    reset_one(CUDART_VERSION);
    simulated_cudart_set_initialisation(cudaErrorOperatingSystem);
    assert_condition(REIN_CUDA_UNUSABLE, "CUDA driver device");
    open_errno = EACCES;
    assert_condition(REIN_CUDA_NO_PERMISSION, "read write access");
}

Test(cuda_system, closes_the_device_even_if_its_descriptor_is_0) {
    reset_one(CUDART_VERSION);
    open_errno = 0;
    simulated_cudart_set_initialisation(cudaErrorNoDevice);
    close(STDIN_FILENO);
    size_t before = open_descriptors();
    errno = EACCES;
    assert_condition(REIN_CUDA_NO_DEVICE, "device CUDA_VISIBLE_DEVICES");
    cr_assert(open_descriptors() == before, "closed again");
}

static rein_cuda_condition condition_of_pool_creation(void) {
    rein_ledger ledger;
    rein_resource_budget budget = rein_resource_budget_default();
    cr_assert(rein_ledger_init(&ledger, &budget).is_ok, "a ledger");
    rein_cuda_memory_pool_options options = {.ledger = &ledger};
    rein_result_cuda_memory_pool made = rein_cuda_memory_pool_create(&options);
    cr_assert(!made.is_ok, "there is no device to create it on");
    return rein_cuda_condition_of(&made.as.error);
}

Test(cuda_system, every_object_says_what_is_wrong_with_the_driver) {
    reset_one(0);
    cr_assert(condition_of_pool_creation() == REIN_CUDA_NO_DRIVER, "none");
    cr_assert(condition_of_pool_creation() == REIN_CUDA_NO_DRIVER,
              "the remaining code does not block calls");
    reset_one(11000);
    cr_assert(condition_of_pool_creation() == REIN_CUDA_DRIVER_TOO_OLD, "driver");
    simulated_cudart_fail_function("cudaDriverGetVersion", cudaErrorUnknown);
    cr_assert(condition_of_pool_creation() == REIN_CUDA_NO_DRIVER, "one that reports no version");
}

Test(cuda_system, explains_a_failure_of_another_kind) {
    reset_one(CUDART_VERSION);
    simulated_cudart_fail_function("cudaGetDeviceCount", cudaErrorInvalidValue);
    rein_cuda_system system = rein_cuda_system_query();
    cr_assert(system.condition == REIN_CUDA_UNUSABLE, "unusable");
    cr_assert(system.reason.native_code == cudaErrorInvalidValue, "with CUDA's code");
}

Test(cuda_system, has_no_version_that_it_could_not_read) {
    reset_one(CUDART_VERSION);
    simulated_cudart_fail_function("cudaRuntimeGetVersion", cudaErrorUnknown);
    rein_cuda_system system = rein_cuda_system_query();
    cr_assert(system.condition != REIN_CUDA_READY, "it is not ready");
    cr_assert(system.runtime_version == 0 && system.driver_version == 0, "both are 0: unknown");
}

Test(cuda_probe, context_free_takes_no_memory) {
    reset_one(CUDART_VERSION);
    int64_t start = time(NULL);
    rein_result_cuda_report result = rein_cuda_probe(0, REIN_CUDA_PROBE_CONTEXT_FREE);
    cr_assert(result.is_ok, "it answers");
    rein_cuda_report report = REIN_VALUE(result);
    cr_assert(report.profile.recorded_at_unix_s.value >= start, "it has the time of the recording");
    cr_assert(!simulated_cudart_has_context(0), "no context was created");
    cr_assert(!report.profile.free_bytes.is_known, "free memory is unknown");
    cr_assert(!report.profile.allocation_granularity_bytes.is_known, "granularity is unknown");
    cr_assert(!report.profile.context_overhead_bytes.is_known, "overhead is unknown");
    cr_assert(!report.cost_bytes.is_known, "the cost is not stated");
    cr_assert(report.profile.total_bytes.value == UINT64_C(8) << 30, "total");
    cr_assert(report.profile.compute_capability_major.value == 8, "major");
    cr_assert(report.profile.compute_capability_minor.value == 7, "minor");
    cr_assert(report.profile.multiprocessor_count.value == 16, "multiprocessors");
    cr_assert(report.profile.supports_memory_pools.value, "pools");
    cr_assert(!report.profile.is_integrated.value, "not integrated");
    cr_assert(report.profile.source == REIN_PROFILE_PROBED, "probed");
    cr_assert(report.profile.driver_version.value == CUDART_VERSION, "driver");
    cr_assert(report.profile.runtime_version.value == CUDART_VERSION, "runtime");
    cr_assert(strcmp(report.profile.source_note, "CUDA runtime, device 0") == 0, "note");
    cr_assert(strcmp(report.profile.name, "Simulated device") == 0, "name");
    cr_assert(strcmp(report.profile.uuid, "GPU-00010203-0405-0607-0809-0a0b0c0d0e0f") == 0, "uuid");
    cr_assert(strcmp(report.pci_id, "0000:01:00.0") == 0, "pci id");
    cr_assert(rein_device_profile_validate(&report.profile).is_ok, "it is valid");
}

Test(cuda_probe, exact_reads_what_needs_a_context_and_says_its_cost) {
    reset_one(CUDART_VERSION);
    simulated_cudart_set_tenant(0, REIN_GIB);
    rein_result_cuda_report result = rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT);
    cr_assert(result.is_ok, "it answers");
    rein_cuda_report report = REIN_VALUE(result);
    cr_assert(report.elapsed.ns > 0, "it has its duration");
    cr_assert(getenv("FAKE_NVML_IS_OPEN") == NULL, "NVML is shut down");
    cr_assert(report.profile.free_bytes.value == (UINT64_C(7) << 30) - (UINT64_C(300) << 20),
              "free memory counts the tenant and the context");
    cr_assert(report.profile.allocation_granularity_bytes.value == 512, "granularity");
    cr_assert(report.profile.pool_growth_bytes.value == UINT64_C(32) << 20, "growth");
    cr_assert(report.profile.least_stream_priority.is_known, "the least is known");
    cr_assert(report.profile.least_stream_priority.value == 0, "least");
    cr_assert(report.profile.greatest_stream_priority.value == -5, "greatest");
    cr_assert(report.cost_bytes.value == UINT64_C(300) << 20, "the cost, by NVML");
    cr_assert(report.profile.context_overhead_bytes.value == UINT64_C(300) << 20, "the overhead");
    simulated_handles handles = simulated_cudart_handles();
    cr_assert(handles.pools == 0 && handles.streams == 0 && handles.allocations == 0,
              "nothing but the context is kept");
}

static void assert_unknown_cost(const char *why) {
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    cr_assert(!report.cost_bytes.is_known, "%s: the cost is unknown", why);
    cr_assert(!report.profile.context_overhead_bytes.is_known, "%s: so is the overhead", why);
}

Test(cuda_probe, leaves_the_cost_unknown_if_nvml_does_not_report_it) {
    static const char *const refusals[] = {"no_init",  "no_device", "no_memory",
                                           "no_first", "no_second", "shrinks"};
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        reset_one(CUDART_VERSION);
        setenv("FAKE_NVML", refusals[i], 1);
        assert_unknown_cost(refusals[i]);
    }
}

Test(cuda_probe, leaves_the_cost_unknown_if_nvml_lacks_a_function) {
    static const char *const functions[] = {"nvmlInit_v2", "nvmlShutdown",
                                            "nvmlDeviceGetHandleByPciBusId_v2",
                                            "nvmlDeviceGetMemoryInfo"};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        reset_one(CUDART_VERSION);
        lacking_function = functions[i];
        assert_unknown_cost(functions[i]);
    }
}

/* Probes while the device's used memory grows by 300 MiB and NVML's figure for this process by
 * another amount. */
static void assert_cost(const char *own_before, const char *own, uint64_t expected) {
    unsetenv("FAKE_NVML_ASKED");
    unsetenv("FAKE_NVML_OWN_BEFORE");
    if (own_before != NULL) {
        setenv("FAKE_NVML_OWN_BEFORE", own_before, 1);
    }
    setenv("FAKE_NVML_OWN", own, 1);
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    cr_assert(report.cost_bytes.is_known && report.cost_bytes.value == expected, "%s: %zu", own,
              (size_t)report.cost_bytes.value);
    cr_assert(report.profile.context_overhead_bytes.is_known == (expected > 0), "%s: known", own);
    cr_assert(report.profile.context_overhead_bytes.value == expected, "%s: the overhead", own);
}

Test(cuda_probe, distinguishes_its_context_from_what_others_allocate_meanwhile) {
    static const uint64_t grown = 300 * REIN_MIB;
    reset_one(CUDART_VERSION);
    assert_cost(NULL, "314572800", grown);
    assert_cost(NULL, "209715200", 200 * REIN_MIB);
    assert_cost(NULL, "325058560", 310 * REIN_MIB);
    /* Figures agree if they differ by at most an eighth of the listed one. */
    assert_cost(NULL, "279620267", grown);
    assert_cost(NULL, "279620266", 279620266);
    assert_cost(NULL, "314572801", grown + 1);
}

Test(cuda_probe, uses_the_listed_figure_if_the_device_s_use_is_unknown_or_less) {
    static const char *const answers[] = {"no_first", "no_second", "no_memory", "shrinks"};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        reset_one(CUDART_VERSION);
        setenv("FAKE_NVML", answers[i], 1);
        assert_cost(NULL, "209715200", 200 * REIN_MIB);
    }
}

Test(cuda_probe, is_listed_among_the_clients_of_mps) {
    reset_one(CUDART_VERSION);
    setenv("FAKE_NVML", "mps", 1);
    assert_cost(NULL, "209715200", 200 * REIN_MIB);
}

Test(cuda_probe, costs_nothing_if_there_was_a_context) {
    reset_one(CUDART_VERSION);
    assert_cost("209715200", "209715200", 0);
    assert_cost("209715200", "209715201", 1);
    assert_cost("209715200", "209715199", 300 * REIN_MIB);
}

Test(cuda_probe, reads_only_the_device_s_use_if_processes_are_not_listed) {
    static const char *const functions[] = {"nvmlDeviceGetComputeRunningProcesses",
                                            "nvmlDeviceGetMPSComputeRunningProcesses"};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        reset_one(CUDART_VERSION);
        setenv("FAKE_NVML", i == 0 ? "" : "mps", 1);
        lacking_function = functions[i];
        assert_cost(NULL, "209715200", 300 * REIN_MIB);
    }
    reset_one(CUDART_VERSION);
    assert_cost(NULL, "18446744073709551615", 300 * REIN_MIB);
}

Test(cuda_probe, observes_the_granularity_for_rising_and_falling_addresses) {
    simulated_device device = simulated_device_default();
    device.do_addresses_fall = true;
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    cr_assert(report.profile.allocation_granularity_bytes.value == 512, "the distance");
}

static int allocations_until_near;

/* Another process takes the adjacent bytes before every allocation except one. */
static void widen_gap(void) {
    if (allocations_until_near-- != 0) {
        simulated_cudart_skip_addresses(4096);
    }
    simulated_cudart_meanwhile("cudaMallocFromPoolAsync", widen_gap);
}

Test(cuda_probe, observes_the_granularity_by_the_nearest_allocations) {
    for (int near = 1; near < 4; near++) {
        reset_one(CUDART_VERSION);
        allocations_until_near = near;
        simulated_cudart_meanwhile("cudaMallocFromPoolAsync", widen_gap);
        rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
        cr_assert(report.profile.allocation_granularity_bytes.value == 512, "number %d", near);
    }
}

Test(cuda_probe, observes_the_granularity_without_pools) {
    simulated_device device = simulated_device_default();
    device.profile.supports_memory_pools = rein_fact_bool_known(false);
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    cr_assert(report.profile.allocation_granularity_bytes.value == UINT64_C(2) << 20, "2 MiB");
    cr_assert(!report.profile.pool_growth_bytes.is_known, "there is no pool that grows");
    cr_assert(simulated_cudart_handles().allocations == 0, "the byte was freed");
}

Test(cuda_probe, a_granularity_that_does_not_show_is_unknown) {
    simulated_device device = simulated_device_default();
    device.profile.supports_memory_pools = rein_fact_bool_known(false);
    device.malloc_granularity_bytes = 0;
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    cr_assert(!report.profile.allocation_granularity_bytes.is_known, "it is not 0");
}

Test(cuda_probe, refresh_reads_free_memory_alone) {
    reset_one(CUDART_VERSION);
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    uint64_t before = report.profile.free_bytes.value;
    simulated_cudart_set_tenant(0, REIN_GIB);
    simulated_cudart_fail_call(0, cudaSuccess);
    report.profile.recorded_at_unix_s = rein_fact_i64_known(0);
    int64_t start = time(NULL);
    cr_assert(rein_cuda_probe_refresh(&report).is_ok, "it answers");
    cr_assert(report.profile.recorded_at_unix_s.value >= start, "it has the time of the recording");
    cr_assert(report.profile.free_bytes.value == before - REIN_GIB, "the tenant is seen");
    cr_assert(simulated_cudart_call_count() <= 6, "with few calls");
    report.tier = REIN_CUDA_PROBE_CONTEXT_FREE;
    rein_result_void refused = rein_cuda_probe_refresh(&report);
    cr_assert(!refused.is_ok && refused.as.error.code == REIN_ERROR_INVALID_ARGUMENT,
              "not for a context-free report");
}

Test(cuda_probe, integrated_memory_is_the_systems) {
    simulated_device device = simulated_device_default();
    device.profile.is_integrated = rein_fact_bool_known(true);
    device.profile.total_bytes = rein_fact_u64_known(UINT64_C(1) << 50);
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_CONTEXT_FREE));
    cr_assert(report.profile.free_bytes.is_known, "free memory needs no context");
    cr_assert(report.profile.free_bytes.value < UINT64_C(1) << 50, "and is the system's");
    size_t descriptors = open_descriptors();
    report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    cr_assert(report.profile.free_bytes.value < UINT64_C(1) << 49, "in the exact tier too");
    cr_assert(open_descriptors() == descriptors, "nothing is left open");
}

Test(cuda_probe, an_mps_limit_makes_the_total_unknown) {
    reset_one(CUDART_VERSION);
    setenv("CUDA_MPS_PINNED_DEVICE_MEM_LIMIT", "0=1G", 1);
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_CONTEXT_FREE));
    cr_assert(!report.profile.total_bytes.is_known, "the properties may not show it");
    report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    cr_assert(report.profile.total_bytes.is_known, "the context knows");
}

Test(cuda_probe, connections_come_from_the_environment) {
    static const struct {
        const char *text;
        bool is_known;
        uint64_t count;
    } rows[] = {{"1", true, 1},  {"32", true, 32}, {"33", false, 0},
                {"0", false, 0}, {"8x", false, 0}, {"", false, 0}};
    reset_one(CUDART_VERSION);
    unsetenv("CUDA_DEVICE_MAX_CONNECTIONS");
    rein_cuda_report report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_CONTEXT_FREE));
    cr_assert(report.profile.connection_count.value == 8, "8 by default");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        setenv("CUDA_DEVICE_MAX_CONNECTIONS", rows[i].text, 1);
        report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_CONTEXT_FREE));
        cr_assert(report.profile.connection_count.is_known == rows[i].is_known &&
                      report.profile.connection_count.value == rows[i].count,
                  "\"%s\"", rows[i].text);
    }
}

Test(cuda_probe, refuses_what_is_not_there) {
    reset_one(CUDART_VERSION);
    rein_result_cuda_report result = rein_cuda_probe(1, REIN_CUDA_PROBE_EXACT);
    cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_NOT_FOUND, "device 1");
    expect_error_facts(&result.as.error, REIN_ERROR_NOT_FOUND, "1 0 0");
    result = rein_cuda_probe(-1, REIN_CUDA_PROBE_EXACT);
    cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_NOT_FOUND, "device -1");
    result = rein_cuda_probe(0, (rein_cuda_probe_tier)3);
    cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_INVALID_ARGUMENT, "tier 3");
}

Test(cuda_probe, has_no_room_for_a_context) {
    reset_one(CUDART_VERSION);
    simulated_cudart_set_tenant(0, UINT64_C(8) << 30);
    rein_result_cuda_report result = rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT);
    cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_OUT_OF_MEMORY, "no room");
}

typedef struct name_row {
    const char *text;
    rein_error_code code; /* 0: found */
    int32_t device;
} name_row;

Test(cuda_find, reads_every_kind_of_name) {
    static const name_row rows[] = {
        {"0", 0, 0},
        {"1", 0, 1},
        {"000000001", 0, 1},
        {"0000000001", 0, 1},
        {"2", REIN_ERROR_NOT_FOUND, 0},
        {"9", REIN_ERROR_NOT_FOUND, 0},
        {"4294967296", REIN_ERROR_NOT_FOUND, 0},
        {"18446744073709551616", REIN_ERROR_NOT_FOUND, 0},
        {"0000:02:00.0", 0, 1},
        {"0000:03:00.0", REIN_ERROR_NOT_FOUND, 0},
        {":", REIN_ERROR_NOT_FOUND, 0},
        {"GPU-10111213-1415-1617-1819-1A1B1C1D1E1F", 0, 1},
        {"MIG-10111213-1415-1617-1819-1a1b1c1d1e1f", 0, 1},
        {"GPU-00000000-1415-1617-1819-1a1b1c1d1e1f", REIN_ERROR_NOT_FOUND, 0},
        {"a:z", REIN_ERROR_INVALID_ARGUMENT, 0},
        {"GPU-1011", REIN_ERROR_INVALID_ARGUMENT, 0},
        {"10111213-1415-1617-1819-1a1b1c1d1e1f", REIN_ERROR_INVALID_ARGUMENT, 0},
        {"", REIN_ERROR_INVALID_ARGUMENT, 0},
        {"-1", REIN_ERROR_INVALID_ARGUMENT, 0},
        {" 1", REIN_ERROR_INVALID_ARGUMENT, 0},
        {NULL, REIN_ERROR_INVALID_ARGUMENT, 0},
    };
    simulated_device devices[] = {simulated_device_default(), simulated_device_default()};
    devices[1].pci_bus = 2;
    simulated_cudart_reset(devices, 2, CUDART_VERSION);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rein_result_cuda_device found = rein_cuda_find_device(rows[i].text);
        const char *text = rows[i].text == NULL ? "NULL" : rows[i].text;
        if (rows[i].code == 0) {
            cr_assert(found.is_ok && REIN_VALUE(found) == rows[i].device, "%s is found", text);
        } else {
            char message[512];
            rein_error_message(&found.as.error, message, sizeof message);
            cr_assert(!found.is_ok && found.as.error.code == rows[i].code, "%s is refused", text);
            cr_assert(strstr(message, text) != NULL, "'%s' names %s", message, text);
        }
    }
    cr_assert(!simulated_cudart_has_context(0), "no context was created");
}

Test(cuda_find, leaves_the_callers_pending_error_alone) {
    reset_one(CUDART_VERSION);
    cr_assert(cudaSetDevice(99) == cudaErrorInvalidDevice, "the caller's own failure");
    rein_result_cuda_device found = rein_cuda_find_device("0000:03:00.0");
    cr_assert(!found.is_ok && found.as.error.code == REIN_ERROR_INVALID_STATE,
              "CUDA was not called");
    rein_result_cuda_report report = rein_cuda_probe(0, REIN_CUDA_PROBE_CONTEXT_FREE);
    cr_assert(!report.is_ok && report.as.error.code == REIN_ERROR_INVALID_STATE, "not probed");
    cr_assert(cudaGetLastError() == cudaErrorInvalidDevice, "it is still the caller's");
    cr_assert(rein_cuda_find_device("0").is_ok, "and no longer blocks calls");
}

Test(cuda_system, an_error_message_has_cudas_name_and_text) {
    reset_one(0);
    rein_cuda_system system = rein_cuda_system_query();
    char text[256];
    rein_error_message(&system.reason, text, sizeof text);
    static const char whole[] = "(cudaErrorInsufficientDriver: CUDA driver version is insufficient "
                                "for CUDA runtime version)";
    cr_assert(strstr(text, whole) != NULL, "\"%s\"", text);
}
