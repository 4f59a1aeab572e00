#include "cli/fleet/server_processes.h"

#include <inttypes.h>

bool fleet_is_run_by_server(const fleet_model *model) {
    return model->described != NULL && model->described->engine != NULL &&
           model->described->engine->options.engine == REIN_ENGINE_LLAMA_SERVER;
}

uint64_t fleet_least_processes(const fleet *gathered) {
    uint64_t servers = 0;
    for (size_t index = 0; index < gathered->model_count; index++) {
        servers += fleet_is_run_by_server(&gathered->models[index]);
    }
    return servers + (servers < gathered->model_count);
}

void note_server_processes(diagnostics *sink, const fleet *gathered) {
    uint64_t least = fleet_least_processes(gathered);
    uint64_t counted = gathered->processes.fact.value;
    if (!gathered->has_own_processes && counted < least) {
        note_in_file(sink, gathered->from->path,
                     "llama-server runs each model in its own process, so at least %" PRIu64
                     " contexts are needed, and %" PRIu64 " %s counted; state 'processes: %" PRIu64
                     "' in the device",
                     least, counted, counted == 1 ? "is" : "are", least);
    }
}
