/* An open model: a session of the engine, its signature, and the memory that opening it took. */
#ifndef REIN_EXAMPLES_ORT_MODEL_H
#define REIN_EXAMPLES_ORT_MODEL_H

#include "ort_output_rule.h"
#include "ort_signature.h"

/* Made by ort_model_open. Any number of threads may execute it. */
typedef struct ort_model {
    const ort_engine *engine;
    ort_session *session;
    ort_signature signature;
    const char **names;       /* of the inputs, then of the outputs; texts of the signature */
    ort_output_rule *rules;   /* of the outputs */
    ort_account account;      /* of the session */
    uint64_t weights_bytes;   /* held since it was opened */
    uint64_t load_peak_bytes; /* the most that was held while it was opened */
} ort_model;

REIN_RESULT_DEFINE(ort_result_model, ort_model *)

/* Returns the model in the file at `path`; close it by ort_model_close. Its executions compute on
 * the thread that calls the engine. Errors: NotFound if the path does not exist; BackendError, also
 * for a file that is not a model; as ort_signature_read; OutOfMemory. */
REIN_MUST_USE ort_result_model ort_model_open(const ort_engine *engine, const char *path,
                                              uint32_t max_batch_size);

/* Releases everything that it took. NULL is allowed. */
void ort_model_close(ort_model *model);

#endif
