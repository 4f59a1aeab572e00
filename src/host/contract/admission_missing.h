/* The facts that a verdict lacks: the REIN_MISSING_* bits. */
#ifndef REIN_HOST_CONTRACT_ADMISSION_MISSING_H
#define REIN_HOST_CONTRACT_ADMISSION_MISSING_H

#include "contract/admission.h"

/* Returns the facts that could decide whether the model fits its budget on the device. If all of
 * them are known, an exact plan could. */
uint32_t rein_i_admission_missing_of_model(const rein_model_demand *model,
                                           const rein_device_profile *device);

/* Returns whether the model's measured peak stands for a fact that is unknown. */
bool rein_i_admission_replaces_unknown(const rein_model_demand *model,
                                       const rein_device_profile *device);

/* Returns the facts about the device, judged by `basis`, and its reservations that are unknown or
 * contradicted. `is_use_known`: it is known how much of the reservations the free memory lacks.
 * `context_count`: contexts that count on the device. */
uint32_t rein_i_admission_missing_of_device(const rein_admission_request *request,
                                            rein_memory_basis basis, bool is_use_known,
                                            uint64_t context_count);

#endif
