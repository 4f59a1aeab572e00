/* Models against their own budgets, and the sum of their demands on a device. */
#ifndef REIN_HOST_CONTRACT_ADMISSION_MODEL_H
#define REIN_HOST_CONTRACT_ADMISSION_MODEL_H

#include "host/contract/admission_amount.h"

/* The sum of the demands of a set of models. */
typedef struct demand_sum {
    amount reserved; /* their limits, rounded up */
    amount needed;   /* their needs, rounded up */
    uint64_t streams;
    uint64_t processes; /* as if each model ran in its own */
    uint64_t contexts;  /* that count on the device beside the limits */
} demand_sum;

/* Judges a valid model. Returns false if a number does not fit in 64 bits. */
bool rein_i_admission_judge_model(const rein_model_demand *model, const rein_device_profile *device,
                                  rein_model_verdict *out_verdict);

/* Validates the models of the request and adds them up. Errors: InvalidArgument for the first model
 * that is not valid, or whose addition does not fit in 64 bits. */
rein_result_void rein_i_admission_sum_models(const rein_admission_request *request,
                                             demand_sum *out_sum);

#endif
