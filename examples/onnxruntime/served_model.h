/* One model that is served: from its measured needs to executions within its budget. */
#ifndef REIN_EXAMPLES_SERVED_MODEL_H
#define REIN_EXAMPLES_SERVED_MODEL_H

#include "ort_backend.h"
#include "tensor_list.h"

/* Set up by served_model_init; released by served_model_deinit. One thread at a time. */
typedef struct served_model {
    const char *path; /* borrowed */
    rein_model_id id;
    rein_backend backend;
    rein_memory_estimate estimate;
    tensor_list inputs; /* one */
    tensor_list outputs;
    rein_ledger ledger; /* of the model's budget */
} served_model;

/* Measures the activations of the model at `path`, which has one input, for this input shape; makes
 * a backend that holds executions to them; asks it for its estimate. Errors: of each step. Call
 * served_model_deinit in either case. */
REIN_MUST_USE rein_result_void served_model_init(served_model *model, const ort_engine *engine,
                                                 const char *path, const rein_shape *input_shape,
                                                 const rein_resource_budget *budget);
void served_model_deinit(served_model *model);

/* Loads the model, executes it, and unloads it. The memory of each step is charged to the ledger
 * before, the device time after. Errors: BudgetExceeded if the ledger refuses; of the backend. */
REIN_MUST_USE rein_result_void served_model_run(served_model *model, int execution_count);

#endif
