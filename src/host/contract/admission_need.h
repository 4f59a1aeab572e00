/* The need of a model for memory of its budget: the rule of contract/demand.h. */
#ifndef REIN_HOST_CONTRACT_ADMISSION_NEED_H
#define REIN_HOST_CONTRACT_ADMISSION_NEED_H

#include "host/contract/admission_amount.h"

/* The need of a model. The two amounts differ in a bound only if the measured peak raises it. */
typedef struct model_need {
    amount by_facts; /* without the measured peak itself; facts that it stands for count as 0 */
    amount needed;   /* with it */
} model_need;

/* Computes the model's need on the device. Returns false if a number does not fit in 64 bits. */
bool rein_i_admission_need(const rein_model_demand *model, const rein_device_profile *device,
                           model_need *out_need);

#endif
