/* Checks of budgets against a live device, by the same admission that judges recorded devices.
 *
 * The check reads the device in the exact tier, which creates this process's context on it. Free
 * memory counts that context as used. It stands for the context of one process that will run the
 * models: this one, or one that starts later. Each further process is charged a context. If each
 * model runs in its own processes, all of them are charged a context. The memory of the probe's
 * context then counts as free if its size is known.
 *
 * Threads: any function at any time.
 *
 * Fork: a child of a process that used CUDA can only check a report that it already has. Other
 * calls are refused as by rein_cuda_probe. */
#ifndef REIN_CUDA_CHECK_H
#define REIN_CUDA_CHECK_H

#include "contract/admission.h"
#include "contract/api.h"
#include "cuda/probe.h"

REIN_API_BEGIN

/* The report of the device, and the verdict on it. */
typedef struct rein_cuda_check_answer {
    rein_cuda_report report;        /* as read: its context overhead is that of one process */
    rein_admission_verdict verdict; /* its context_bytes are the bytes charged */
} rein_cuda_check_answer;

REIN_RESULT_DEFINE(rein_result_cuda_check, rein_cuda_check_answer)

/* Probes device number `device` in the exact tier, and admits the models on it. The request's own
 * `device` is not read and may be NULL. Writes `model_count` verdicts to `out_models`; on an error,
 * nothing is written. Errors: as rein_cuda_probe and rein_admission_decide. */
REIN_MUST_USE rein_result_cuda_check rein_cuda_check(int32_t device,
                                                     const rein_admission_request *request,
                                                     rein_model_verdict *out_models);

/* Does the same as rein_cuda_check, with a report of the exact tier that the caller already has.
 * Makes no CUDA call. Errors: InvalidArgument if the report is not of the exact tier; as
 * rein_admission_decide. */
REIN_MUST_USE rein_result_cuda_check rein_cuda_check_report(const rein_cuda_report *report,
                                                            const rein_admission_request *request,
                                                            rein_model_verdict *out_models);

/* Checks one budget as a cap: whether its memory is free on the device, and whether each of its
 * streams gets a hardware queue. Errors: as rein_cuda_check. */
REIN_MUST_USE rein_result_cuda_check rein_cuda_check_budget(int32_t device,
                                                            const rein_resource_budget *budget);

REIN_API_END

#endif
