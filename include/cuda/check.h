/* Budgets against a live device, by the same admission that judges recorded ones.
 *
 * The check reads the device exactly, which creates this process's context on it. Free memory
 * counts that context as used, so it stands for the context of one of the processes that will run
 * the models: this one, or one that starts when this one has ended. Only further processes are
 * charged a context each. If each model runs in its own processes, all of them are charged, and the
 * memory of the probe's context counts as free if its size is known.
 *
 * Threads: any function at any time.
 * Fork: a child of a process that used CUDA can only check a report that it has; the rest is
 * refused as by rein_cuda_probe. */
#ifndef REIN_CUDA_CHECK_H
#define REIN_CUDA_CHECK_H

#include "contract/admission.h"
#include "contract/api.h"
#include "cuda/probe.h"

REIN_API_BEGIN

/* What the device was found to be, and what was decided on it. */
typedef struct rein_cuda_check_answer {
    rein_cuda_report report;        /* as it was read: its context overhead is one process's */
    rein_admission_verdict verdict; /* its context_bytes are those that are charged */
} rein_cuda_check_answer;

REIN_RESULT_DEFINE(rein_result_cuda_check, rein_cuda_check_answer)

/* Probes device number `device`, in the exact tier, and admits the models on it; the request's own
 * `device` is not read and may be NULL. Writes `model_count` verdicts into
 * `out_models`; on an error nothing is written. Errors: as rein_cuda_probe and
 * rein_admission_decide. */
REIN_MUST_USE rein_result_cuda_check rein_cuda_check(int32_t device,
                                                     const rein_admission_request *request,
                                                     rein_model_verdict *out_models);

/* As rein_cuda_check on a report of the exact tier that the caller has; costs no CUDA call. Errors:
 * InvalidArgument if the report is not of the exact tier; as rein_admission_decide. */
REIN_MUST_USE rein_result_cuda_check rein_cuda_check_report(const rein_cuda_report *report,
                                                            const rein_admission_request *request,
                                                            rein_model_verdict *out_models);

/* Checks one budget as a cap: is its memory free on the device, and does each of its streams get a
 * hardware queue? Errors: as rein_cuda_check. */
REIN_MUST_USE rein_result_cuda_check rein_cuda_check_budget(int32_t device,
                                                            const rein_resource_budget *budget);

REIN_API_END

#endif
