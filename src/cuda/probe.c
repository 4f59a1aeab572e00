#include "cuda/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/ids.h"
#include "cuda/failure.h"
#include "cuda/free_memory.h"
#include "cuda/probe_internal.h"

rein_result_void rein_i_probe_properties(cuda_scope *scope, int32_t device,
                                         struct cudaDeviceProp *out_properties) {
    cudaError_t code =
        rein_i_cuda_scope_note(scope, cudaGetDeviceProperties(out_properties, device));
    return rein_i_cuda_check(code, REIN_HERE, "cudaGetDeviceProperties" ON_DEVICE_FAILED,
                             (uint64_t)device, 0);
}

/* Returns the hardware queues of a context: the environment's number, which CUDA accepts from 1 to
 * 32, or 8. */
static rein_fact_u64 connection_count(void) {
    enum { DEFAULT_COUNT = 8, LARGEST_COUNT = 32 };
    const char *text = getenv("CUDA_DEVICE_MAX_CONNECTIONS");
    if (text == NULL) {
        return rein_fact_u64_known(DEFAULT_COUNT);
    }
    char *end = NULL;
    unsigned long count = strtoul(text, &end, 10);
    bool is_count = end != text && *end == '\0' && count >= 1 && count <= LARGEST_COUNT;
    return is_count ? rein_fact_u64_known(count) : rein_fact_u64_unknown();
}

static void take_properties(const struct cudaDeviceProp *properties, rein_device_profile *profile) {
    snprintf(profile->name, sizeof profile->name, "%.*s", REIN_NAME_MAX_BYTES, properties->name);
    rein_request_id uuid;
    memcpy(uuid.bytes, properties->uuid.bytes, sizeof uuid.bytes);
    char text[REIN_REQUEST_ID_TEXT_CAPACITY];
    rein_request_id_format(&uuid, text);
    snprintf(profile->uuid, sizeof profile->uuid, "GPU-%s", text);
    /* A limit that MPS sets for one process may not show in the properties. */
    if (getenv("CUDA_MPS_PINNED_DEVICE_MEM_LIMIT") == NULL) {
        profile->total_bytes = rein_fact_u64_known(properties->totalGlobalMem);
    }
}

static rein_result_void read_attribute(cuda_scope *scope, int32_t device,
                                       enum cudaDeviceAttr attribute, int *out_value) {
    cudaError_t code =
        rein_i_cuda_scope_note(scope, cudaDeviceGetAttribute(out_value, attribute, device));
    return rein_i_cuda_check(code, REIN_HERE,
                             "cudaDeviceGetAttribute on device {u}, attribute {u}, failed: {text}",
                             (uint64_t)device, (uint64_t)attribute);
}

static rein_result_void take_attributes(cuda_scope *scope, int32_t device,
                                        rein_device_profile *profile) {
    static const enum cudaDeviceAttr attributes[] = {
        cudaDevAttrComputeCapabilityMajor, cudaDevAttrComputeCapabilityMinor,
        cudaDevAttrMultiProcessorCount, cudaDevAttrMemoryPoolsSupported, cudaDevAttrIntegrated};
    enum { COUNT = sizeof attributes / sizeof attributes[0] };
    int values[COUNT] = {0};
    for (int i = 0; i < COUNT; i++) {
        REIN_TRY(rein_result_void, read_attribute(scope, device, attributes[i], &values[i]));
    }
    profile->compute_capability_major = rein_fact_i64_known(values[0]);
    profile->compute_capability_minor = rein_fact_i64_known(values[1]);
    profile->multiprocessor_count = rein_fact_u64_known((uint64_t)values[2]);
    profile->supports_memory_pools = rein_fact_bool_known(values[3] != 0);
    profile->is_integrated = rein_fact_bool_known(values[4] != 0);
    return rein_done();
}

static rein_result_void read_pci_id(cuda_scope *scope, rein_cuda_report *report) {
    cudaError_t code = rein_i_cuda_scope_note(
        scope, cudaDeviceGetPCIBusId(report->pci_id, sizeof report->pci_id, report->device));
    return rein_i_cuda_check(code, REIN_HERE, "cudaDeviceGetPCIBusId" ON_DEVICE_FAILED,
                             (uint64_t)report->device, 0);
}

static rein_result_void read_facts(cuda_scope *scope, rein_cuda_report *report) {
    struct cudaDeviceProp properties;
    REIN_TRY(rein_result_void, rein_i_probe_properties(scope, report->device, &properties));
    take_properties(&properties, &report->profile);
    REIN_TRY(rein_result_void, take_attributes(scope, report->device, &report->profile));
    return read_pci_id(scope, report);
}

static rein_result_void probe_context_free(rein_cuda_report *report) {
    cuda_scope scope;
    rein_i_cuda_scope_enter_plain(&scope);
    rein_result_void read = read_facts(&scope, report);
    rein_i_cuda_scope_leave(&scope);
    report->profile.connection_count = connection_count();
    if (report->profile.is_integrated.value) {
        report->profile.free_bytes = rein_i_system_available_bytes();
    }
    return read;
}

static rein_result_void validate(int32_t device, rein_cuda_probe_tier tier,
                                 const rein_cuda_system *system) {
    if (tier != REIN_CUDA_PROBE_CONTEXT_FREE && tier != REIN_CUDA_PROBE_EXACT) {
        rein_error error = rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                           "the tier is {i}" MUST_BE_FROM_1_TO);
        return rein_result_void_fail(
            rein_error_with_numbers(error, (uint64_t)(int64_t)tier, REIN_CUDA_PROBE_EXACT, 0));
    }
    if (device < 0 || (uint32_t)device >= system->device_count) {
        rein_error error =
            rein_error_make(REIN_ERROR_NOT_FOUND, REIN_HERE,
                            "CUDA device {i} does not exist; the devices are 0 to {u}");
        return rein_result_void_fail(rein_error_with_numbers(
            error, (uint64_t)(int64_t)device, (uint64_t)system->device_count - 1, 0));
    }
    return rein_done();
}

rein_result_cuda_report rein_cuda_probe(int32_t device, rein_cuda_probe_tier tier) {
    rein_timestamp start = rein_clock_now(rein_clock_system());
    rein_cuda_system system;
    REIN_TRY(rein_result_cuda_report, rein_i_probe_require_ready(&system));
    REIN_TRY(rein_result_cuda_report, validate(device, tier, &system));
    rein_cuda_report report = {.profile = rein_device_profile_unknown(REIN_PROFILE_PROBED),
                               .device = device,
                               .tier = tier};
    report.profile.driver_version = rein_fact_u64_known(system.driver_version);
    report.profile.runtime_version = rein_fact_u64_known(system.runtime_version);
    report.profile.recorded_at_unix_s = probe_now();
    snprintf(report.profile.source_note, sizeof report.profile.source_note,
             "CUDA runtime, device %d", device);
    REIN_TRY(rein_result_cuda_report, probe_context_free(&report));
    if (tier == REIN_CUDA_PROBE_EXACT) {
        REIN_TRY(rein_result_cuda_report, rein_i_probe_exact(&report));
    }
    report.elapsed = rein_timestamp_since_saturating(rein_clock_now(rein_clock_system()), start);
    return rein_result_cuda_report_ok(report);
}
