#include <string.h>

#include "cli/base/diagnostics.h"
#include "cli/fleet/local_device.h"
#include "cuda/probe.h"

static bool explain(arena *memory, const rein_error *error, const char **out_reason) {
    *out_reason = error_text(memory, error);
    return false;
}

bool find_local_device(arena *memory, const char *name, int32_t *out_index,
                       const char **out_reason) {
    rein_result_cuda_device found = rein_cuda_find_device(strcmp(name, "auto") == 0 ? "0" : name);
    if (rein_result_cuda_device_is_error(found)) {
        return explain(memory, &REIN_ERROR(found), out_reason);
    }
    *out_index = REIN_VALUE(found);
    return true;
}

bool count_local_devices(arena *memory, int32_t *out_count, const char **out_reason) {
    rein_cuda_system system = rein_cuda_system_query();
    if (system.condition != REIN_CUDA_READY) {
        return explain(memory, &system.reason, out_reason);
    }
    *out_count = (int32_t)system.device_count;
    return true;
}

bool read_local_device(arena *memory, int32_t index, bool is_exact, local_device *out_device,
                       const char **out_reason) {
    rein_result_cuda_report read =
        rein_cuda_probe(index, is_exact ? REIN_CUDA_PROBE_EXACT : REIN_CUDA_PROBE_CONTEXT_FREE);
    if (rein_result_cuda_report_is_error(read)) {
        return explain(memory, &REIN_ERROR(read), out_reason);
    }
    const rein_cuda_report *report = &REIN_VALUE(read);
    *out_device =
        (local_device){.index = index,
                       .pci_id = arena_copy(memory, report->pci_id, strlen(report->pci_id)),
                       .profile = report->profile,
                       .cost_bytes = report->cost_bytes,
                       .elapsed = report->elapsed};
    return true;
}

/* The probe's context ends with this command, so the memory it took is free for the models. */
static void give_cost_back(rein_device_profile *profile, rein_fact_u64 cost) {
    uint64_t room = profile->total_bytes.value - profile->free_bytes.value;
    if (cost.is_known) {
        profile->free_bytes.value += cost.value < room ? cost.value : room;
    }
}

bool read_local_profile(arena *memory, const char *name, rein_device_profile *out_profile,
                        const char **out_reason) {
    int32_t index = 0;
    local_device device;
    if (!find_local_device(memory, name, &index, out_reason) ||
        !read_local_device(memory, index, true, &device, out_reason)) {
        return false;
    }
    give_cost_back(&device.profile, device.cost_bytes);
    *out_profile = device.profile;
    return true;
}
