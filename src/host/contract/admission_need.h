/* The need of a model for memory of its budget: the rule of contract/demand.h. */
#ifndef REIN_HOST_CONTRACT_ADMISSION_NEED_H
#define REIN_HOST_CONTRACT_ADMISSION_NEED_H

#include "host/contract/admission_amount.h"

/* Computes the model's need on the device. Returns false if a number does not fit in 64 bits. */
bool rein_i_admission_need(const rein_model_demand *model, const rein_device_profile *device,
                           amount *out_need);

#endif
