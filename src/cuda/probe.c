#include "cuda/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "contract/ids.h"
#include "cuda/failure.h"
#include "cuda/free_memory.h"
#include "cuda/probe_internal.h"

static rein_cuda_system not_ready(rein_cuda_system system, rein_error reason) {
    system.reason = reason;
    system.condition = rein_cuda_condition_of(&reason);
    if (system.condition == REIN_CUDA_READY) {
        system.condition = REIN_CUDA_UNUSABLE;
    }
    return system;
}

static rein_error count_failure(cudaError_t code) {
    return rein_cuda_failure(code, REIN_HERE, "cudaGetDeviceCount failed with {text}", 0, 0);
}

/* A driver is there. */
static rein_cuda_system count_devices(rein_cuda_system system) {
    rein_result_void entered = rein_cuda_process_enter();
    if (!entered.is_ok) {
        return not_ready(system, REIN_ERROR(entered));
    }
    rein_cuda_scope scope;
    rein_cuda_scope_enter_plain(&scope);
    int count = 0;
    cudaError_t code = rein_cuda_scope_note(&scope, cudaGetDeviceCount(&count));
    rein_cuda_scope_leave(&scope);
    if (code == cudaSuccess && count == 0) {
        code = cudaErrorNoDevice;
    }
    if (code != cudaSuccess) {
        return not_ready(system, count_failure(code));
    }
    system.condition = REIN_CUDA_READY;
    system.device_count = (uint32_t)count;
    return system;
}

rein_cuda_system rein_cuda_system_query(void) {
    rein_cuda_system system = {.condition = REIN_CUDA_UNUSABLE};
    rein_result_void usable = rein_cuda_refuse_forked_child();
    if (!usable.is_ok) {
        return not_ready(system, REIN_ERROR(usable));
    }
    rein_cuda_scope scope;
    rein_cuda_scope_enter_plain(&scope);
    int runtime = 0;
    int driver = 0;
    cudaError_t code = rein_cuda_scope_note(&scope, cudaRuntimeGetVersion(&runtime));
    if (code == cudaSuccess) {
        code = rein_cuda_scope_note(&scope, cudaDriverGetVersion(&driver));
    }
    rein_cuda_scope_leave(&scope);
    system.runtime_version = (uint64_t)runtime;
    system.driver_version = (uint64_t)driver;
    if (code == cudaSuccess && driver == 0) {
        return not_ready(system, rein_cuda_condition_error(REIN_CUDA_NO_DRIVER,
                                                           cudaErrorInsufficientDriver, REIN_HERE));
    }
    if (code != cudaSuccess) {
        return not_ready(system, rein_cuda_failure(code, REIN_HERE,
                                                   "reading the versions of runtime and driver "
                                                   "failed with {text}",
                                                   0, 0));
    }
    return count_devices(system);
}

rein_result_void rein_i_probe_require_ready(rein_cuda_system *out_system) {
    rein_result_void usable = rein_cuda_refuse_forked_child();
    REIN_RETURN_IF_ERROR(rein_result_void, usable);
    rein_result_void taken = rein_cuda_refuse_pending();
    REIN_RETURN_IF_ERROR(rein_result_void, taken);
    *out_system = rein_cuda_system_query();
    return out_system->condition == REIN_CUDA_READY ? rein_done()
                                                    : rein_result_void_fail(out_system->reason);
}

rein_result_void rein_i_probe_properties(rein_cuda_scope *scope, int32_t device,
                                         struct cudaDeviceProp *out_properties) {
    cudaError_t code = rein_cuda_scope_note(scope, cudaGetDeviceProperties(out_properties, device));
    return code == cudaSuccess
               ? rein_done()
               : rein_result_void_fail(rein_cuda_failure(
                     code, REIN_HERE, "cudaGetDeviceProperties of device {u} failed with {text}",
                     (uint64_t)device, 0));
}

rein_fact_i64 rein_i_probe_now(void) {
    return rein_fact_i64_known((int64_t)time(NULL));
}

/* Hardware queues of a context: the environment's number, which CUDA takes from 1 to 32, or 8. */
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

static rein_result_void read_attribute(rein_cuda_scope *scope, int32_t device,
                                       enum cudaDeviceAttr attribute, int *out_value) {
    cudaError_t code =
        rein_cuda_scope_note(scope, cudaDeviceGetAttribute(out_value, attribute, device));
    return code == cudaSuccess
               ? rein_done()
               : rein_result_void_fail(rein_cuda_failure(
                     code, REIN_HERE,
                     "cudaDeviceGetAttribute of device {u}, attribute {u}, failed with {text}",
                     (uint64_t)device, (uint64_t)attribute));
}

static rein_result_void take_attributes(rein_cuda_scope *scope, int32_t device,
                                        rein_device_profile *profile) {
    static const enum cudaDeviceAttr attributes[] = {
        cudaDevAttrComputeCapabilityMajor, cudaDevAttrComputeCapabilityMinor,
        cudaDevAttrMultiProcessorCount, cudaDevAttrMemoryPoolsSupported, cudaDevAttrIntegrated};
    enum { COUNT = sizeof attributes / sizeof attributes[0] };
    int values[COUNT] = {0};
    for (int i = 0; i < COUNT; i++) {
        rein_result_void read = read_attribute(scope, device, attributes[i], &values[i]);
        REIN_RETURN_IF_ERROR(rein_result_void, read);
    }
    profile->compute_capability_major = rein_fact_i64_known(values[0]);
    profile->compute_capability_minor = rein_fact_i64_known(values[1]);
    profile->multiprocessor_count = rein_fact_u64_known((uint64_t)values[2]);
    profile->supports_memory_pools = rein_fact_bool_known(values[3] != 0);
    profile->is_integrated = rein_fact_bool_known(values[4] != 0);
    return rein_done();
}

static rein_result_void read_pci_id(rein_cuda_scope *scope, rein_cuda_report *report) {
    cudaError_t code = rein_cuda_scope_note(
        scope, cudaDeviceGetPCIBusId(report->pci_id, sizeof report->pci_id, report->device));
    return code == cudaSuccess
               ? rein_done()
               : rein_result_void_fail(rein_cuda_failure(
                     code, REIN_HERE, "cudaDeviceGetPCIBusId of device {u} failed with {text}",
                     (uint64_t)report->device, 0));
}

static rein_result_void read_facts(rein_cuda_scope *scope, rein_cuda_report *report) {
    struct cudaDeviceProp properties;
    rein_result_void described = rein_i_probe_properties(scope, report->device, &properties);
    REIN_RETURN_IF_ERROR(rein_result_void, described);
    take_properties(&properties, &report->profile);
    rein_result_void read = take_attributes(scope, report->device, &report->profile);
    REIN_RETURN_IF_ERROR(rein_result_void, read);
    return read_pci_id(scope, report);
}

static rein_result_void probe_context_free(rein_cuda_report *report) {
    rein_cuda_scope scope;
    rein_cuda_scope_enter_plain(&scope);
    rein_result_void read = read_facts(&scope, report);
    rein_cuda_scope_leave(&scope);
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
                                           "the tier is {i}, expected 1 or 2");
        return rein_result_void_fail(rein_error_with_numbers(error, (uint64_t)(int64_t)tier, 0, 0));
    }
    if (device < 0 || (uint32_t)device >= system->device_count) {
        rein_error error = rein_error_make(REIN_ERROR_NOT_FOUND, REIN_HERE,
                                           "there is no CUDA device {i}, expected 0 to {u}");
        return rein_result_void_fail(rein_error_with_numbers(
            error, (uint64_t)(int64_t)device, (uint64_t)system->device_count - 1, 0));
    }
    return rein_done();
}

rein_result_cuda_report rein_cuda_probe(int32_t device, rein_cuda_probe_tier tier) {
    rein_timestamp start = rein_clock_now(rein_clock_system());
    rein_cuda_system system;
    rein_result_void ready = rein_i_probe_require_ready(&system);
    REIN_RETURN_IF_ERROR(rein_result_cuda_report, ready);
    rein_result_void valid = validate(device, tier, &system);
    REIN_RETURN_IF_ERROR(rein_result_cuda_report, valid);
    rein_cuda_report report = {.profile = rein_device_profile_unknown(REIN_PROFILE_PROBED),
                               .device = device,
                               .tier = tier};
    report.profile.driver_version = rein_fact_u64_known(system.driver_version);
    report.profile.runtime_version = rein_fact_u64_known(system.runtime_version);
    report.profile.recorded_at_unix_s = rein_i_probe_now();
    snprintf(report.profile.source_note, sizeof report.profile.source_note,
             "CUDA runtime, device %d", device);
    rein_result_void read = probe_context_free(&report);
    REIN_RETURN_IF_ERROR(rein_result_cuda_report, read);
    if (tier == REIN_CUDA_PROBE_EXACT) {
        rein_result_void exact = rein_i_probe_exact(&report);
        REIN_RETURN_IF_ERROR(rein_result_cuda_report, exact);
    }
    report.elapsed = rein_timestamp_since_saturating(rein_clock_now(rein_clock_system()), start);
    return rein_result_cuda_report_ok(report);
}
