/* serve STATE_DIRECTORY: serves two models on one device, each within its budget. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "contract/contract.h"
#include "node/reservation.h"
#include "plan/plan.h"
#include "serve_engines.h"

enum { DETECTOR, ASSISTANT, MODEL_COUNT };

/* The most tokens of a sequence of the assistant. */
enum { TOKENS_PER_SEQUENCE = 4096 };

/* A zeroed one owns nothing. */
typedef struct model_server {
    rein_backend backends[MODEL_COUNT];
    rein_model_demand demands[MODEL_COUNT];
    rein_ledger ledgers[MODEL_COUNT];
    size_t over_budget_counts[MODEL_COUNT]; /* executions that computed longer than the budget */
    rein_state_directory directory;
    rein_reservation reservation;
} model_server;

static const char *const paths[MODEL_COUNT] = {"detector.engine", "assistant.gguf"};

/* Returns the device, as `rein probe` recorded it. */
static rein_device_profile recorded_device(void) {
    rein_device_profile device = rein_device_profile_unknown(REIN_PROFILE_RECORDED);
    snprintf(device.uuid, sizeof device.uuid, "GPU-example");
    device.total_bytes = rein_fact_u64_known(81079 * REIN_MIB);
    device.context_overhead_bytes = rein_fact_u64_known(536128 * REIN_KIB);
    device.allocation_granularity_bytes = rein_fact_u64_known(512);
    device.pool_growth_bytes = rein_fact_u64_known(32 * REIN_MIB);
    return device;
}

/* Step 1: collect what each model needs. */

/* Plans the memory of one execution from the lifetimes of the model's tensors. */
static rein_result_plan_outcome plan(const model_server *server, size_t model) {
    rein_lifetime_view tensors =
        REIN_TRY(rein_result_plan_outcome,
                 rein_backend_estimate_lifetimes(&server->backends[model], paths[model], NULL));
    uint64_t bytes = REIN_TRY(rein_result_plan_outcome, rein_plan_workspace_bytes(tensors.count));
    rein_plan_problem problem = {.lifetimes = tensors.lifetimes, .count = tensors.count};
    rein_plan_options options = {.effort_steps = 100000};
    uint64_t *offsets = calloc(tensors.count + 1, sizeof *offsets);
    rein_workspace workspace = {.memory = malloc(bytes + 1), .size_bytes = bytes};
    rein_result_plan_outcome planned = rein_result_plan_outcome_fail(
        rein_error_make(REIN_ERROR_OUT_OF_MEMORY, REIN_HERE, "no memory for a plan"));
    if (offsets != NULL && workspace.memory != NULL) {
        planned = rein_plan_minimise(&problem, &options, workspace, offsets, NULL);
    }
    free(workspace.memory);
    free(offsets);
    return planned;
}

/* Collects the facts about a model in its demand. An engine that does not return the lifetimes of
 * its tensors estimates the activations itself. */
static rein_result_void learn(model_server *server, size_t model, const char *name,
                              rein_resource_budget budget) {
    rein_model_id id = REIN_TRY(rein_result_void, rein_model_id_make(name));
    rein_memory_estimate estimate =
        REIN_TRY(rein_result_void,
                 rein_backend_estimate_memory(&server->backends[model], paths[model], NULL));
    rein_fact_u64 height = rein_fact_u64_unknown();
    rein_fact_u64 bound = rein_fact_u64_unknown();
    rein_result_plan_outcome planned = plan(server, model);
    if (planned.is_ok) {
        height = rein_fact_u64_known(REIN_VALUE(planned).height_bytes);
        bound = rein_fact_u64_known(REIN_VALUE(planned).lower_bound_bytes);
    } else if (REIN_ERROR(planned).code != REIN_ERROR_UNSUPPORTED) {
        return rein_result_void_fail(REIN_ERROR(planned));
    }
    server->demands[model] = rein_model_demand_from_estimate(id, budget, &estimate, height, bound);
    return rein_ledger_init(&server->ledgers[model], &budget);
}

/* Adds the state of a sequence to the demand of the assistant. */
static rein_result_void learn_state(model_server *server) {
    uint64_t bytes = REIN_TRY(rein_result_void,
                              rein_backend_estimate_state(&server->backends[ASSISTANT],
                                                          paths[ASSISTANT], TOKENS_PER_SEQUENCE));
    server->demands[ASSISTANT].state_bytes_per_sequence = rein_fact_u64_known(bytes);
    return rein_done();
}

/* Step 2: decide whether the models fit the device together. */

static void print_size(const char *before, uint64_t bytes, const char *after) {
    char text[REIN_UNITS_TEXT_CAPACITY];
    rein_bytes_to_rounded_string(bytes, text, sizeof text);
    printf("%s%s%s", before, text, after);
}

/* Prints and returns the verdict on the models if the assistant serves this many sequences. */
static rein_result_admission_verdict admit(model_server *server, const rein_device_profile *device,
                                           uint64_t sequence_count) {
    server->demands[ASSISTANT].sequence_count = sequence_count;
    rein_admission_request request =
        rein_admission_request_make(server->demands, MODEL_COUNT, device);
    rein_model_verdict models[MODEL_COUNT];
    rein_admission_verdict verdict =
        REIN_TRY(rein_result_admission_verdict, rein_admission_decide(&request, models));
    printf("%" PRIu64 " sequences: %s\n", sequence_count,
           rein_admission_outcome_name(verdict.outcome));
    for (size_t model = 0; model < MODEL_COUNT; model++) {
        printf("  %s: %s", rein_model_id_text(&server->demands[model].id),
               rein_admission_outcome_name(models[model].outcome));
        print_size(", needs at least ", models[model].needed_at_least_bytes, "");
        print_size(" of ", models[model].limit_bytes, "\n");
    }
    printf("  device: %s", rein_admission_outcome_name(verdict.device.outcome));
    print_size(", promises ", verdict.device.requested_bytes, "");
    print_size(" of ", verdict.device.basis_bytes, "\n");
    return rein_result_admission_verdict_ok(verdict);
}

/* Step 3: reserve, so that no other process counts the same bytes. */

static rein_result_void reserve(model_server *server, const rein_device_profile *device) {
    rein_reservation_request request = {
        .admission = rein_admission_request_make(server->demands, MODEL_COUNT, device),
        .holder = "serve",
        .clock = engine_clock()};
    rein_model_verdict models[MODEL_COUNT];
    rein_reservation_verdict verdict =
        REIN_TRY(rein_result_void,
                 rein_reservation_take(&server->directory, &request, models, &server->reservation));
    if (verdict.outcome != REIN_ADMISSION_FITS) {
        return rein_result_void_fail(rein_error_make(REIN_ERROR_BUDGET_EXCEEDED, REIN_HERE,
                                                     "other processes have reserved the memory"));
    }
    print_size("reserved: ", verdict.bytes, "\n");
    return rein_done();
}

/* Step 4: load, execute and account, within each model's budget. */

static rein_result_void charge(rein_ledger *ledger, uint64_t bytes) {
    rein_ledger_verdict verdict = rein_ledger_charge_memory(ledger, bytes);
    return verdict.is_granted
               ? rein_done()
               : rein_result_void_fail(rein_ledger_verdict_error(&verdict, REIN_HERE));
}

/* Returns the most that loading holds: the load peak, or the weights if it is unknown. */
static uint64_t load_bytes(const rein_model_demand *demand) {
    uint64_t weights_bytes = demand->weights_bytes.value; /* known: it fits and is not a cap */
    rein_fact_u64 peak_bytes = demand->load_peak_bytes;
    return peak_bytes.is_known && peak_bytes.value > weights_bytes ? peak_bytes.value
                                                                   : weights_bytes;
}

/* Charges the load peak while it loads the model; the weights stay charged. */
static rein_result_void load(model_server *server, size_t model) {
    const rein_model_demand *demand = &server->demands[model];
    rein_ledger *ledger = &server->ledgers[model];
    uint64_t peak_bytes = load_bytes(demand);
    REIN_TRY(rein_result_void, charge(ledger, peak_bytes));
    rein_result_void loaded =
        rein_backend_load(&server->backends[model], paths[model], &demand->id);
    uint64_t kept_bytes = loaded.is_ok ? demand->weights_bytes.value : 0;
    REIN_TRY(rein_result_void, rein_ledger_release_memory(ledger, peak_bytes - kept_bytes));
    return loaded;
}

/* Charges the activations while it executes, and accounts the compute time. */
static rein_result_void execute(model_server *server, size_t model,
                                const rein_execution_request *request,
                                rein_execution_result *out_result) {
    rein_ledger *ledger = &server->ledgers[model];
    uint64_t activation_bytes = server->demands[model].activation_bytes.value;
    REIN_TRY(rein_result_void, charge(ledger, activation_bytes));
    rein_result_void done = rein_backend_execute(&server->backends[model], request, out_result);
    REIN_TRY(rein_result_void, rein_ledger_release_memory(ledger, activation_bytes));
    REIN_TRY(rein_result_void, done);
    rein_fact_u64 measured = out_result->device_time_ns;
    rein_duration spent = measured.is_known ? rein_duration_from_ns((int64_t)measured.value)
                                            : out_result->actual_latency;
    rein_ledger_verdict accounted =
        REIN_TRY(rein_result_void, rein_ledger_account_compute(ledger, spent));
    server->over_budget_counts[model] += !accounted.is_granted;
    return rein_done();
}

/* Executes a request without tensors. `sequence` is 0 for a model without sequences. */
static rein_result_void execute_once(model_server *server, size_t model,
                                     rein_sequence_id sequence) {
    rein_request_id id = REIN_TRY(rein_result_void, rein_request_id_generate());
    rein_execution_request request = rein_execution_request_make(
        server->demands[model].id, id, NULL, 0, rein_clock_now(engine_clock()));
    request.sequence = sequence;
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    return execute(server, model, &request, &result);
}

/* Executes once in a sequence, whose state is charged while it is open. */
static rein_result_void converse(model_server *server) {
    const rein_backend *backend = &server->backends[ASSISTANT];
    rein_ledger *ledger = &server->ledgers[ASSISTANT];
    uint64_t state_bytes = server->demands[ASSISTANT].state_bytes_per_sequence.value;
    rein_error error;
    REIN_TRY(rein_result_void, charge(ledger, state_bytes));
    rein_sequence_id sequence =
        REIN_TRY_GOTO(release, error, rein_backend_open_sequence(backend, TOKENS_PER_SEQUENCE));
    REIN_TRY_GOTO(close, error, execute_once(server, ASSISTANT, sequence));
    REIN_TRY_GOTO(release, error, rein_backend_close_sequence(backend, sequence));
    return rein_ledger_release_memory(ledger, state_bytes);
close:
    REIN_IGNORE(rein_backend_close_sequence(backend, sequence));
release:
    REIN_IGNORE(rein_ledger_release_memory(ledger, state_bytes));
    return rein_result_void_fail(error);
}

static void print_usage(const model_server *server, size_t model) {
    rein_ledger_usage usage = rein_ledger_read(&server->ledgers[model]);
    printf("%s:", rein_model_id_text(&server->demands[model].id));
    print_size(" at most ", usage.memory_bytes.peak, "");
    print_size(" of ", usage.memory_bytes.limit, ", ");
    printf("%" PRIu64 " us of compute, %zu executions over budget\n", usage.compute_ns.used / 1000,
           server->over_budget_counts[model]);
}

static rein_result_void serve(model_server *server, const char *state_path) {
    rein_device_profile device = recorded_device();
    server->backends[DETECTOR] = REIN_TRY(rein_result_void, detector_create());
    server->backends[ASSISTANT] = REIN_TRY(rein_result_void, assistant_create());
    rein_resource_budget budget = rein_resource_budget_default(); /* 512 MiB, 4 streams, 100 ms */
    REIN_TRY(rein_result_void, learn(server, DETECTOR, "detector", budget));
    budget.memory_limit_bytes = 24 * REIN_GIB;
    REIN_TRY(rein_result_void, learn(server, ASSISTANT, "assistant", budget));
    REIN_TRY(rein_result_void, learn_state(server));

    rein_admission_verdict admitted = REIN_TRY(rein_result_void, admit(server, &device, 20));
    if (admitted.outcome != REIN_ADMISSION_FITS) {
        admitted = REIN_TRY(rein_result_void, admit(server, &device, 12));
    }
    if (admitted.outcome != REIN_ADMISSION_FITS || admitted.cap_count > 0) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_BUDGET_EXCEEDED, REIN_HERE, "the models do not fit"));
    }
    server->directory = REIN_TRY(rein_result_void, rein_state_directory_create(state_path));
    REIN_TRY(rein_result_void, reserve(server, &device));
    REIN_TRY(rein_result_void, load(server, DETECTOR));
    REIN_TRY(rein_result_void, load(server, ASSISTANT));
    REIN_TRY(rein_result_void, execute_once(server, DETECTOR, (rein_sequence_id){0}));
    REIN_TRY(rein_result_void, converse(server));
    print_usage(server, DETECTOR);
    print_usage(server, ASSISTANT);
    return rein_done();
}

int main(int argument_count, char **arguments) {
    if (argument_count != 2) {
        fprintf(stderr, "usage: %s STATE_DIRECTORY\n", arguments[0]);
        return 2;
    }
    static model_server server;
    rein_result_void served = serve(&server, arguments[1]);
    if (!served.is_ok) {
        char text[512];
        rein_error_to_string(&REIN_ERROR(served), text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
    for (size_t model = 0; model < MODEL_COUNT; model++) {
        rein_backend_destroy(&server.backends[model]);
    }
    rein_reservation_release(&server.reservation);
    rein_state_directory_close(&server.directory);
    return served.is_ok ? 0 : 1;
}
