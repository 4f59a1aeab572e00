#include "cli/run/environment.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "contract/units.h"

/* CUDA accepts 1 to 32. */
enum { CONNECTIONS_MAX = 32 };

/* The driver uses 0.5 MiB for each stream (docs/hardware). */
enum { MIB_PER_STREAM = 1 };

static bool is_set(const char *name) {
    const char *value = getenv(name);
    return value != NULL && *value != '\0';
}

static bool set_variable(diagnostics *sink, const char *name, const char *value) {
    if (setenv(name, value, 1) == 0) {
        return true;
    }
    report(sink, "cannot set %s: %s", name, strerror(errno));
    return false;
}

static bool set_number(diagnostics *sink, const char *name, uint64_t number) {
    return set_variable(sink, name, arena_print(sink->memory, "%" PRIu64, number));
}

/* Sets the variable, or removes one that this process inherited. */
static bool set_fact(diagnostics *sink, const char *name, rein_fact_u64 fact) {
    return fact.is_known ? set_number(sink, name, fact.value) : unsetenv(name) == 0;
}

static bool set_budget(diagnostics *sink, const rein_reservation *held,
                       const rein_model_demand *model) {
    char id[REIN_REQUEST_ID_TEXT_CAPACITY];
    rein_request_id_format(&held->id, id);
    const rein_resource_budget *budget = &model->budget;
    return set_variable(sink, "REIN_DEVICE", held->device_uuid) &&
           set_variable(sink, "REIN_RESERVATION", id) &&
           set_number(sink, "REIN_RESERVED_BYTES", held->bytes) &&
           set_variable(sink, "REIN_MODEL", rein_model_id_text(&model->id)) &&
           set_number(sink, "REIN_MEMORY_LIMIT_BYTES", budget->memory_limit_bytes) &&
           set_number(sink, "REIN_STREAM_LIMIT", (uint64_t)budget->stream_limit) &&
           set_number(sink, "REIN_COMPUTE_BUDGET_NS", (uint64_t)budget->compute_budget.ns);
}

/* The control daemon of MPS keeps a pipe of this name. */
static bool is_mps_running(arena *memory) {
    const char *folder = getenv("CUDA_MPS_PIPE_DIRECTORY");
    folder = folder == NULL || *folder == '\0' ? "/tmp/nvidia-mps" : folder;
    return access(arena_print(memory, "%s/control", folder), F_OK) == 0;
}

/* The limit names the device by its number, which is 0 if only one device is visible. Otherwise the
 * number is not known here. */
static bool is_one_device_visible(void) {
    const char *visible = getenv("CUDA_VISIBLE_DEVICES");
    return visible != NULL && *visible != '\0' && strchr(visible, ',') == NULL;
}

/* The limit includes the process's context, as the reservation does, and the driver's memory for
 * streams, which the reservation does not. A limit equal to the budget would leave the model less
 * than its budget, or no context. */
static bool set_mps_limit(diagnostics *sink, uint64_t reserved_bytes, int32_t stream_limit) {
    static const char name[] = "CUDA_MPS_PINNED_DEVICE_MEM_LIMIT";
    if (is_set(name) || !is_one_device_visible() || !is_mps_running(sink->memory)) {
        return true;
    }
    uint64_t whole_mib = reserved_bytes / REIN_MIB + (reserved_bytes % REIN_MIB > 0) +
                         MIB_PER_STREAM * (uint64_t)stream_limit;
    return set_variable(sink, name, arena_print(sink->memory, "0=%" PRIu64 "M", whole_mib));
}

static bool set_connections(diagnostics *sink, int32_t stream_limit) {
    static const char name[] = "CUDA_DEVICE_MAX_CONNECTIONS";
    uint64_t streams = (uint64_t)stream_limit;
    return is_set(name) ||
           set_number(sink, name, streams < CONNECTIONS_MAX ? streams : CONNECTIONS_MAX);
}

bool set_run_environment(diagnostics *sink, const rein_reservation *held,
                         const rein_admission_request *admitted) {
    const rein_model_demand *model = &admitted->models[0];
    int32_t stream_limit = model->budget.stream_limit;
    return set_budget(sink, held, model) &&
           set_fact(sink, "REIN_DEVICE_TOTAL_BYTES", admitted->device->total_bytes) &&
           set_mps_limit(sink, held->bytes, stream_limit) && set_connections(sink, stream_limit);
}
