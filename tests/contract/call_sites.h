/* Five call sites of the contract: the code that a program needs to use a backend. Nothing here
 * depends on an engine or on a test double. */
#ifndef REIN_TESTS_CONTRACT_CALL_SITES_H
#define REIN_TESTS_CONTRACT_CALL_SITES_H

#include <stdlib.h>

#include "contract/contract.h"
#include "node/reservation.h"

/* (a) A vision model of fixed shape: loads it, and computes the scores of one image. */
static inline rein_result_void classify(const rein_backend *backend, const rein_clock *clock,
                                        const char *path, void *image, void *scores) {
    rein_model_id model = REIN_TRY(rein_result_void, rein_model_id_make("resnet50"));
    REIN_TRY(rein_result_void, rein_backend_load(backend, path, &model));
    rein_tensor_spec_view takes =
        REIN_TRY(rein_result_void, rein_backend_input_specs(backend, path));
    rein_tensor_spec_view gives =
        REIN_TRY(rein_result_void, rein_backend_output_specs(backend, path));
    rein_tensor input = REIN_TRY(rein_result_void, rein_tensor_make(&takes.specs[0], image));
    rein_tensor output = REIN_TRY(rein_result_void, rein_tensor_make(&gives.specs[0], scores));
    rein_request_id id = REIN_TRY(rein_result_void, rein_request_id_generate());
    rein_execution_request request =
        rein_execution_request_make(model, id, &input, 1, rein_clock_now(clock));
    rein_execution_result result = rein_execution_result_make(&output, 1);
    return rein_backend_execute(backend, &request, &result);
}

/* Gives an output more memory, which the caller frees. */
static inline rein_result_void grow(rein_tensor *output, uint64_t needed_bytes) {
    void *data = realloc(output->data, needed_bytes);
    if (data == NULL) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_OUT_OF_MEMORY, REIN_HERE, "no memory for an output"));
    }
    output->data = data;
    output->capacity_bytes = needed_bytes;
    return rein_done();
}

/* (b) A detector: takes an image of any size and gives as many boxes as it finds. The memory of the
 * output is from realloc, or NULL at first. Its shape is afterwards that of the boxes. */
static inline rein_result_void detect(const rein_backend *backend,
                                      const rein_execution_request *request, rein_tensor *boxes) {
    rein_execution_result result = rein_execution_result_make(boxes, 1);
    rein_result_void done = rein_backend_execute(backend, request, &result);
    while (!done.is_ok && REIN_ERROR(done).code == REIN_ERROR_BUFFER_TOO_SMALL) {
        REIN_TRY(rein_result_void, grow(boxes, REIN_ERROR(done).numbers[0]));
        done = rein_backend_execute(backend, request, &result);
    }
    return done;
}

/* The client of a conversation. */
typedef struct chat_client {
    size_t token_count; /* tokens that it has received */
    size_t token_limit; /* after which it ends the answer */
} chat_client;

/* Sends a token to the client. Ends the answer if the client has enough. */
static inline bool chat_send(void *context, const rein_tensor *outputs, size_t count) {
    (void)outputs; /* a server sends the token that is in outputs[0] */
    (void)count;
    chat_client *client = context;
    client->token_count++;
    return client->token_count < client->token_limit;
}

/* (c) A language model: one turn of a conversation. The client receives the tokens one by one,
 * until the answer is complete, the client has enough, or another thread cancels. */
static inline rein_result_void chat(const rein_backend *backend, rein_sequence_id conversation,
                                    rein_execution_request request, rein_tensor *answer,
                                    chat_client *client) {
    request.sequence = conversation;
    request.on_output = chat_send;
    request.on_output_context = client;
    rein_execution_result result = rein_execution_result_make(answer, 1);
    return rein_backend_execute(backend, &request, &result);
}

/* A submitted execution. All of it must stay unchanged until it has completed. */
typedef struct async_execution {
    rein_tensor input;
    rein_tensor output;
    rein_execution_request request;
    rein_execution_result result;
    rein_result_void outcome;
    bool has_completed; /* written by the thread that completes */
} async_execution;

static inline void on_completed(void *context, rein_result_void outcome,
                                rein_execution_result *result) {
    (void)result; /* `context` has it */
    async_execution *completed = context;
    completed->outcome = outcome;
    __atomic_store_n(&completed->has_completed, true, __ATOMIC_RELEASE);
}

/* (d) An asynchronous engine: enqueues one execution on a stream and returns. */
static inline rein_result_void submit(const rein_backend *backend, async_execution *submitted,
                                      rein_model_id model, struct CUstream_st *stream,
                                      const rein_clock *clock) {
    rein_request_id id = REIN_TRY(rein_result_void, rein_request_id_generate());
    submitted->request =
        rein_execution_request_make(model, id, &submitted->input, 1, rein_clock_now(clock));
    submitted->request.stream = stream;
    submitted->result = rein_execution_result_make(&submitted->output, 1);
    submitted->has_completed = false;
    return rein_backend_submit(backend, &submitted->request, &submitted->result,
                               (rein_completion){on_completed, submitted});
}

/* (e) A scheduler: a model that it serves. */
typedef struct served {
    const rein_backend *backend;
    const char *path;
    uint64_t sequence_count; /* most sequences at once; 0: the model has none */
    uint64_t max_tokens;     /* of each sequence */
    rein_model_demand demand;
    rein_ledger ledger;
    rein_reservation reservation;
    size_t over_budget_count; /* executions that computed longer than the budget allows */
} served;

static inline rein_result_void charge(served *model, uint64_t bytes) {
    rein_ledger_verdict verdict = rein_ledger_charge_memory(&model->ledger, bytes);
    return verdict.is_granted
               ? rein_done()
               : rein_result_void_fail(rein_ledger_verdict_error(&verdict, REIN_HERE));
}

/* Asks for the state of a sequence. */
static inline rein_result_void add_sequences(served *model) {
    uint64_t bytes =
        REIN_TRY(rein_result_void,
                 rein_backend_estimate_state(model->backend, model->path, model->max_tokens));
    model->demand.state_bytes_per_sequence = rein_fact_u64_known(bytes);
    model->demand.sequence_count = model->sequence_count;
    return rein_done();
}

/* Asks for the estimate, and reserves the budget if the model fits. Returns the verdict. If it is
 * "fits" and the model is not a cap, the facts that are charged below are known. */
static inline rein_result_reservation_verdict admit(served *model, rein_model_id id,
                                                    rein_resource_budget budget,
                                                    const rein_device_profile *device,
                                                    const rein_state_directory *node,
                                                    const rein_clock *clock) {
    rein_memory_estimate estimate =
        REIN_TRY(rein_result_reservation_verdict,
                 rein_backend_estimate_memory(model->backend, model->path, NULL));
    REIN_TRY(rein_result_reservation_verdict, rein_ledger_init(&model->ledger, &budget));
    model->demand = rein_model_demand_from_estimate(id, budget, &estimate, rein_fact_u64_unknown(),
                                                    rein_fact_u64_unknown());
    if (model->sequence_count > 0) {
        REIN_TRY(rein_result_reservation_verdict, add_sequences(model));
    }
    rein_reservation_request request = {.admission =
                                            rein_admission_request_make(&model->demand, 1, device),
                                        .holder = "scheduler",
                                        .clock = clock};
    rein_model_verdict verdict;
    return rein_reservation_take(node, &request, &verdict, &model->reservation);
}

/* Charges the load peak, or the weights if it is unknown; the weights stay charged. */
static inline rein_result_void load(served *model) {
    uint64_t weights = model->demand.weights_bytes.value;
    rein_fact_u64 peak = model->demand.load_peak_bytes;
    uint64_t charged = peak.is_known && peak.value > weights ? peak.value : weights;
    REIN_TRY(rein_result_void, charge(model, charged));
    rein_result_void done = rein_backend_load(model->backend, model->path, &model->demand.id);
    uint64_t kept = done.is_ok ? weights : 0;
    REIN_TRY(rein_result_void, rein_ledger_release_memory(&model->ledger, charged - kept));
    return done;
}

/* Opens a sequence. Its state is charged until close_sequence. */
static inline rein_result_sequence_id open_sequence(served *model) {
    uint64_t state = model->demand.state_bytes_per_sequence.value;
    REIN_TRY(rein_result_sequence_id, charge(model, state));
    rein_result_sequence_id opened = rein_backend_open_sequence(model->backend, model->max_tokens);
    if (!opened.is_ok) {
        REIN_TRY(rein_result_sequence_id, rein_ledger_release_memory(&model->ledger, state));
    }
    return opened;
}

static inline rein_result_void close_sequence(served *model, rein_sequence_id sequence) {
    REIN_TRY(rein_result_void, rein_backend_close_sequence(model->backend, sequence));
    return rein_ledger_release_memory(&model->ledger, model->demand.state_bytes_per_sequence.value);
}

/* Executes within the budget, and accounts the compute time. */
static inline rein_result_void execute(served *model, const rein_execution_request *request,
                                       rein_execution_result *out_result) {
    uint64_t activations = model->demand.activation_bytes.value;
    REIN_TRY(rein_result_void, charge(model, activations));
    rein_result_void done = rein_backend_execute(model->backend, request, out_result);
    REIN_TRY(rein_result_void, rein_ledger_release_memory(&model->ledger, activations));
    REIN_TRY(rein_result_void, done);
    rein_fact_u64 measured = out_result->device_time_ns;
    rein_duration spent = measured.is_known ? rein_duration_from_ns((int64_t)measured.value)
                                            : out_result->actual_latency;
    rein_ledger_verdict accounted =
        REIN_TRY(rein_result_void, rein_ledger_account_compute(&model->ledger, spent));
    model->over_budget_count += !accounted.is_granted;
    return rein_done();
}

#endif
