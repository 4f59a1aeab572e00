/* Measures the overhead of the backend: executes a model through rein_backend_execute and directly
 * with prepared values of the engine, in turns, and compares the medians. */
#include <stdio.h>
#include <stdlib.h>

#include "ort_backend.h"
#include "ort_element_type.h"
#include "tensor_list.h"

enum { ROUNDS_MAX = 1001, ROUND_EXECUTIONS = 1000, TENSORS_MAX = 8 };

/* One model, open twice, on the same tensors. */
typedef struct contest {
    const ort_engine *engine;
    rein_backend backend;
    rein_model_id id;
    tensor_list inputs; /* in their smallest shapes */
    tensor_list outputs;
    rein_execution_request request;
    rein_execution_result result;
    ort_session *session; /* with the options that the engine has by itself, but one thread */
    ort_run_options *options;
    ort_value *values[2 * TENSORS_MAX]; /* of the inputs, then of the outputs */
    const char *names[2 * TENSORS_MAX];
} contest;

static rein_result_void add_tensors(tensor_list *list, rein_tensor_spec_view specs) {
    for (size_t index = 0; index < specs.count && index < TENSORS_MAX; index++) {
        rein_shape shape = rein_tensor_spec_min_shape(&specs.specs[index]);
        REIN_TRY(rein_result_void, tensor_list_add(list, &specs.specs[index], &shape));
    }
    return rein_done();
}

static rein_result_void open_backend(contest *self, const char *path) {
    ort_backend_options options = {.clock = rein_clock_system(), .max_batch_size = 1};
    self->backend = REIN_TRY(rein_result_void, ort_backend_create(self->engine, &options));
    self->id = REIN_TRY(rein_result_void, rein_model_id_make("model"));
    REIN_TRY(rein_result_void, rein_backend_load(&self->backend, path, &self->id));
    REIN_TRY(rein_result_void,
             add_tensors(&self->inputs, REIN_TRY(rein_result_void,
                                                 rein_backend_input_specs(&self->backend, path))));
    return add_tensors(&self->outputs,
                       REIN_TRY(rein_result_void, rein_backend_output_specs(&self->backend, path)));
}

static rein_result_void wrap(contest *self, size_t place, const rein_tensor *tensor) {
    const ort_engine *engine = self->engine;
    const rein_shape *shape = &tensor->descriptor.shape;
    self->names[place] = tensor->descriptor.name;
    return ort_check(engine->api,
                     engine->api->create_tensor_with_data(
                         engine->host_memory, tensor->data, tensor->capacity_bytes,
                         shape->dimensions, (size_t)shape->rank,
                         ort_element_type_of(tensor->descriptor.dtype), &self->values[place]),
                     REIN_HERE);
}

static rein_result_void open_session(contest *self, const char *path) {
    const ort_engine *engine = self->engine;
    ort_session_options *options = NULL;
    REIN_TRY(rein_result_void,
             ort_check(engine->api, engine->api->create_session_options(&options), REIN_HERE));
    ort_status *status = engine->api->set_intra_op_threads(options, 1);
    if (status == NULL) {
        status = engine->api->create_session(engine->env, path, options, &self->session);
    }
    engine->api->release_session_options(options);
    return ort_check(engine->api, status, REIN_HERE);
}

static rein_result_void open_directly(contest *self, const char *path) {
    const ort_api *api = self->engine->api;
    REIN_TRY(rein_result_void, open_session(self, path));
    REIN_TRY(rein_result_void, ort_check(api, api->create_run_options(&self->options), REIN_HERE));
    for (size_t index = 0; index < self->inputs.count; index++) {
        REIN_TRY(rein_result_void, wrap(self, index, &self->inputs.tensors[index]));
    }
    for (size_t index = 0; index < self->outputs.count; index++) {
        REIN_TRY(rein_result_void,
                 wrap(self, self->inputs.count + index, &self->outputs.tensors[index]));
    }
    return rein_done();
}

static rein_result_void execute_directly(contest *self) {
    const ort_api *api = self->engine->api;
    size_t inputs = self->inputs.count;
    return ort_check(api,
                     api->run(self->session, self->options, self->names,
                              (const ort_value *const *)self->values, inputs, self->names + inputs,
                              self->outputs.count, self->values + inputs),
                     REIN_HERE);
}

static rein_result_void execute_backend(contest *self) {
    return rein_backend_execute(&self->backend, &self->request, &self->result);
}

/* Writes the nanoseconds of one execution, as a round's average. */
static rein_result_void time_round(contest *self, rein_result_void (*execute)(struct contest *),
                                   double *out_ns) {
    const rein_clock *clock = rein_clock_system();
    rein_timestamp start = rein_clock_now(clock);
    for (int execution = 0; execution < ROUND_EXECUTIONS; execution++) {
        REIN_TRY(rein_result_void, execute(self));
    }
    rein_duration spent = rein_timestamp_since_saturating(rein_clock_now(clock), start);
    *out_ns = (double)spent.ns / ROUND_EXECUTIONS;
    return rein_done();
}

static int by_value(const void *left, const void *right) {
    const double *first = left;
    const double *second = right;
    return (*first > *second) - (*first < *second);
}

static double median(double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, by_value);
    return values[count / 2];
}

static rein_result_void compare(contest *self, int round_count) {
    double direct_ns[ROUNDS_MAX] = {0};
    double backend_ns[ROUNDS_MAX] = {0};
    for (int round = 0; round < round_count; round++) {
        REIN_TRY(rein_result_void, time_round(self, execute_directly, &direct_ns[round]));
        REIN_TRY(rein_result_void, time_round(self, execute_backend, &backend_ns[round]));
    }
    double direct = median(direct_ns, round_count);
    double backend = median(backend_ns, round_count);
    printf("directly %.0f ns, through the backend %.0f ns, ratio %.3f\n", direct, backend,
           backend / direct);
    return rein_done();
}

static rein_result_void run(contest *self, const char *path, int round_count) {
    REIN_TRY(rein_result_void, open_backend(self, path));
    REIN_TRY(rein_result_void, open_directly(self, path));
    self->request =
        rein_execution_request_make(self->id, (rein_request_id){.bytes = {1}}, self->inputs.tensors,
                                    self->inputs.count, rein_clock_now(rein_clock_system()));
    self->result = rein_execution_result_make(self->outputs.tensors, self->outputs.count);
    return compare(self, round_count);
}

static void contest_deinit(contest *self) {
    const ort_api *api = self->engine->api;
    for (size_t place = 0; place < 2 * TENSORS_MAX; place++) {
        api->release_value(self->values[place]);
    }
    api->release_run_options(self->options);
    api->release_session(self->session);
    tensor_list_deinit(&self->inputs);
    tensor_list_deinit(&self->outputs);
    rein_backend_destroy(&self->backend);
}

static int print_error(rein_error error) {
    char text[512];
    rein_error_to_string(&error, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    return 1;
}

int main(int argument_count, char **arguments) {
    int round_count = argument_count == 4 ? atoi(arguments[3]) : 0;
    if (round_count < 1 || round_count > ROUNDS_MAX) {
        fprintf(stderr, "usage: %s LIBRARY MODEL ROUNDS (1 to %d)\n", arguments[0], ROUNDS_MAX);
        return 2;
    }
    ort_result_engine engine = ort_engine_create(arguments[1]);
    if (!engine.is_ok) {
        return print_error(REIN_ERROR(engine));
    }
    contest compared = {.engine = REIN_VALUE(engine)};
    rein_result_void done = run(&compared, arguments[2], round_count);
    contest_deinit(&compared);
    ort_engine_destroy(REIN_VALUE(engine));
    return done.is_ok ? 0 : print_error(REIN_ERROR(done));
}
