/* Which facts a verdict lacks: the REIN_MISSING_* bits. */
#ifndef REIN_HOST_CONTRACT_ADMISSION_MISSING_H
#define REIN_HOST_CONTRACT_ADMISSION_MISSING_H

#include "contract/admission.h"

/* Returns the facts that could decide whether the model fits its budget on the device. If all of
 * them are known, an exact plan could. */
uint32_t rein_i_admission_missing_of_model(const rein_model_demand *model,
                                           const rein_device_profile *device);

/* Returns the facts that are unknown or contradicted of the device, judged by `basis`, and of the
 * reservations on it. `is_use_known`: how much of them is missing from the free memory.
 * `context_count`: of the contexts that count on it. */
uint32_t rein_i_admission_missing_of_device(const rein_admission_request *request,
                                            rein_memory_basis basis, bool is_use_known,
                                            uint64_t context_count);

#endif
