/* The memory of a device, compared with the promises to the models of a set. */
#ifndef REIN_HOST_CONTRACT_ADMISSION_DEVICE_H
#define REIN_HOST_CONTRACT_ADMISSION_DEVICE_H

#include "host/contract/admission_model.h"

/* All promises against the device's memory. */
typedef struct device_judgement {
    rein_device_verdict verdict;
    /* Bytes missing beyond the basis. Valid if everything taken before the models is known. */
    uint64_t lacks_at_most;
} device_judgement;

/* Judges by the free memory and by the total memory, if both are known. Sets everything but the
 * removable model. Errors: InvalidArgument if a sum does not fit in 64 bits. */
rein_result_void rein_i_admission_judge_device(const rein_admission_request *request,
                                               const demand_sum *sum,
                                               device_judgement *out_judgement);

#endif
