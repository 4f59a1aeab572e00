/* Two models in two threads under the budget of one device: measured, admitted, reserved, loaded,
 * executed and accounted for. The device is host memory of the size that the caller states. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/reservation.h"
#include "served_model.h"

enum { MODEL_COUNT = 2, EXECUTION_COUNT = 25 };

/* A model of the command line and its results. */
typedef struct lane {
    served_model model;
    pthread_t thread;
    rein_result_void done;
} lane;

/* Reads a text such as 1x3x32x32. */
static rein_result_shape parse_shape(const char *text) {
    int64_t dimensions[REIN_SHAPE_MAX_RANK];
    int32_t rank = 0;
    const char *rest = text;
    bool is_number = true;
    bool is_last = false;
    while (is_number && !is_last && rank < REIN_SHAPE_MAX_RANK) {
        char *end = NULL;
        dimensions[rank++] = strtoll(rest, &end, 10);
        is_number = end != rest && (*end == 'x' || *end == '\0');
        is_last = *end == '\0';
        rest = end + 1;
    }
    if (!is_number || !is_last) {
        rein_error error = rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                           "'{text}' is not a shape; write 1x3x32x32");
        return rein_result_shape_fail(rein_error_with_text(error, text));
    }
    return rein_shape_make(dimensions, rank);
}

/* Initialises a lane from the arguments MODEL, SHAPE and MEMORY. */
static rein_result_void lane_init(lane *self, const ort_engine *engine, char **arguments) {
    rein_shape shape = REIN_TRY(rein_result_void, parse_shape(arguments[1]));
    rein_resource_budget budget = rein_resource_budget_default();
    budget.memory_limit_bytes = REIN_TRY(rein_result_void, rein_bytes_parse(arguments[2]));
    return served_model_init(&self->model, engine, arguments[0], &shape, &budget);
}

/* The device that the models share. It has no contexts, and hands out single bytes. */
static rein_device_profile make_device(uint64_t total_bytes) {
    rein_device_profile device = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    strcpy(device.name, "host memory");
    strcpy(device.uuid, "host-memory");
    device.total_bytes = rein_fact_u64_known(total_bytes);
    device.context_overhead_bytes = rein_fact_u64_known(0);
    device.allocation_granularity_bytes = rein_fact_u64_known(1);
    device.supports_memory_pools = rein_fact_bool_known(false);
    return device;
}

static void print_verdict(const rein_model_id *id, const rein_model_verdict *verdict) {
    char needed[REIN_UNITS_TEXT_CAPACITY] = "an unknown amount";
    if (verdict->needed_bytes.is_known) {
        rein_bytes_to_rounded_string(verdict->needed_bytes.value, needed, sizeof needed);
    }
    printf("%s needs %s: %s\n", rein_model_id_text(id), needed,
           rein_admission_outcome_name(verdict->outcome));
}

/* Reserves the budgets of all models or of none. */
static rein_result_void reserve(const lane lanes[MODEL_COUNT], const rein_device_profile *device,
                                const rein_state_directory *directory,
                                rein_reservation *out_reservation) {
    rein_model_demand demands[MODEL_COUNT];
    rein_model_verdict verdicts[MODEL_COUNT];
    for (int index = 0; index < MODEL_COUNT; index++) {
        const served_model *model = &lanes[index].model;
        demands[index] = rein_model_demand_from_estimate(
            model->id, rein_ledger_budget(&model->ledger), &model->estimate,
            rein_fact_u64_unknown(), rein_fact_u64_unknown());
    }
    rein_reservation_request request = {
        .admission = rein_admission_request_make(demands, MODEL_COUNT, device),
        .holder = "two_models",
        .clock = rein_clock_system()};
    rein_reservation_verdict verdict = REIN_TRY(
        rein_result_void, rein_reservation_take(directory, &request, verdicts, out_reservation));
    for (int index = 0; index < MODEL_COUNT; index++) {
        print_verdict(&demands[index].id, &verdicts[index]);
    }
    printf("the device: %s\n", rein_admission_outcome_name(verdict.admission.device.outcome));
    if (verdict.outcome != REIN_ADMISSION_FITS) {
        return rein_result_void_fail(rein_error_make(
            REIN_ERROR_NOT_SCHEDULABLE, REIN_HERE, "the models are not admitted; none is loaded"));
    }
    return rein_done();
}

static void *run_lane(void *argument) {
    lane *self = argument;
    self->done = served_model_run(&self->model, EXECUTION_COUNT);
    return NULL;
}

/* Runs the models at the same time. */
static rein_result_void run_lanes(lane lanes[MODEL_COUNT]) {
    int started = 0;
    while (started < MODEL_COUNT &&
           pthread_create(&lanes[started].thread, NULL, run_lane, &lanes[started]) == 0) {
        started++;
    }
    rein_result_void done = started == MODEL_COUNT
                                ? rein_done()
                                : rein_result_void_fail(rein_error_make(REIN_ERROR_INTERNAL_ERROR,
                                                                        REIN_HERE, "no thread"));
    for (int index = 0; index < started; index++) {
        pthread_join(lanes[index].thread, NULL);
        done = done.is_ok ? lanes[index].done : done;
    }
    return done;
}

static void print_usage(const served_model *model) {
    rein_ledger_usage usage = rein_ledger_read(&model->ledger);
    char peak[REIN_UNITS_TEXT_CAPACITY];
    char limit[REIN_UNITS_TEXT_CAPACITY];
    rein_bytes_to_rounded_string(usage.memory_bytes.peak, peak, sizeof peak);
    rein_bytes_to_rounded_string(usage.memory_bytes.limit, limit, sizeof limit);
    printf("%s: %d executions held %s of %s; the longest took %llu us, %llu over budget\n",
           rein_model_id_text(&model->id), EXECUTION_COUNT, peak, limit,
           (unsigned long long)usage.compute_ns.peak / 1000,
           (unsigned long long)usage.compute_ns.refused);
}

static rein_result_void serve(lane lanes[MODEL_COUNT], uint64_t device_bytes,
                              const char *state_path) {
    rein_device_profile device = make_device(device_bytes);
    rein_state_directory directory =
        REIN_TRY(rein_result_void, rein_state_directory_create(state_path));
    rein_reservation reservation = {.process = 0};
    rein_result_void done = reserve(lanes, &device, &directory, &reservation);
    if (done.is_ok) {
        done = run_lanes(lanes);
    }
    rein_reservation_release(&reservation);
    rein_state_directory_close(&directory);
    for (int index = 0; done.is_ok && index < MODEL_COUNT; index++) {
        print_usage(&lanes[index].model);
    }
    return done;
}

static rein_result_void run(char **arguments, const ort_engine *engine, lane lanes[MODEL_COUNT]) {
    char state_path[REIN_STATE_PATH_CAPACITY];
    REIN_TRY(rein_result_void, rein_state_path_find(state_path));
    uint64_t device_bytes = REIN_TRY(rein_result_void, rein_bytes_parse(arguments[2]));
    for (int index = 0; index < MODEL_COUNT; index++) {
        char **model_arguments = arguments + 3 + 3 * index;
        rein_result_void done = lane_init(&lanes[index], engine, model_arguments);
        if (!done.is_ok) {
            return rein_result_void_fail(
                rein_error_with_context(REIN_ERROR(done), model_arguments[0]));
        }
    }
    return serve(lanes, device_bytes, state_path);
}

static int print_error(rein_error error) {
    char text[512];
    rein_error_to_string(&error, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    return 1;
}

int main(int argument_count, char **arguments) {
    if (argument_count != 3 + 3 * MODEL_COUNT) {
        fprintf(stderr, "usage: %s LIBRARY DEVICE-MEMORY MODEL SHAPE MEMORY MODEL SHAPE MEMORY\n",
                arguments[0]);
        return 2;
    }
    ort_result_engine engine = ort_engine_create(arguments[1]);
    if (!engine.is_ok) {
        return print_error(REIN_ERROR(engine));
    }
    lane lanes[MODEL_COUNT] = {{.model.path = NULL}};
    rein_result_void done = run(arguments, REIN_VALUE(engine), lanes);
    for (int index = 0; index < MODEL_COUNT; index++) {
        served_model_deinit(&lanes[index].model);
    }
    ort_engine_destroy(REIN_VALUE(engine));
    return done.is_ok ? 0 : print_error(REIN_ERROR(done));
}
