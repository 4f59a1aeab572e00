/* The processes that run a model by itself, and their contexts. */
#ifndef REIN_HOST_CONTRACT_ADMISSION_PROCESSES_H
#define REIN_HOST_CONTRACT_ADMISSION_PROCESSES_H

#include "contract/admission.h"

/* Returns the processes of a model that runs in its own processes; at least 1. */
static inline uint64_t rein_i_admission_processes_of(const rein_model_demand *model) {
    return model->process_count > 0 ? model->process_count : 1;
}

/* Returns the number of its contexts that count on the device beside its limit. */
static inline uint64_t rein_i_admission_contexts_of(const rein_model_demand *model) {
    return rein_model_demand_covers_contexts(model) ? 0 : rein_i_admission_processes_of(model);
}

#endif
