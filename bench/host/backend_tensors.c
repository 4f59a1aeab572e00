/* An execution whose slot only checks its tensors against the model's specs, compared with a direct
 * call of an empty slot. */
#include "host/backend.h"

#include <stdio.h>

#include "host/subject.h"
#include "host/topics.h"

enum { TENSOR_MAX = 64, ELEMENTS = 16 };

/* A model with some inputs and outputs, and the tensors of an execution. Half of the dimensions are
 * ranges. */
typedef struct tensor_case {
    rein_backend_interface table;
    rein_backend backend;
    rein_model_id id;
    size_t count;
    rein_tensor_spec specs[TENSOR_MAX];
    rein_tensor inputs[TENSOR_MAX];
    rein_tensor outputs[TENSOR_MAX];
    rein_execution_request request;
    rein_execution_result result;
} tensor_case;

static tensor_case two;
static tensor_case many;
static float data[ELEMENTS];

static rein_result_void check_and_do_nothing(void *self, const rein_execution_request *request,
                                             rein_execution_result *out_result) {
    const tensor_case *kept = self;
    rein_tensor_spec_view specs = {.specs = kept->specs, .count = kept->count};
    return rein_backend_check_execution(request, out_result, &kept->id, specs, specs);
}

BENCH_OPAQUE static rein_result_void do_nothing(void *self, const rein_execution_request *request,
                                                rein_execution_result *out_result) {
    bench_keep(self);
    bench_keep(request);
    bench_keep(out_result);
    return rein_done();
}

static rein_tensor_spec make_spec(size_t index) {
    char name[32];
    snprintf(name, sizeof name, "tensor_%zu", index);
    rein_shape shape = {.dimensions = {1, ELEMENTS}, .rank = 2};
    rein_tensor_spec spec =
        REIN_UNWRAP(rein_tensor_spec_make(name, &shape, REIN_DTYPE_FLOAT32, REIN_LAYOUT_ROW_MAJOR));
    return REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 0, 1, 8, "batch"));
}

static uint64_t run_checked(void *context, uint64_t count) {
    tensor_case *kept = context;
    uint64_t done = 0;
    for (uint64_t i = 0; i < count; i++) {
        rein_result_void executed =
            rein_backend_execute(&kept->backend, &kept->request, &kept->result);
        done += rein_result_void_is_ok(executed);
    }
    if (done != count) {
        bench_stop("the tensors do not fit");
    }
    return done;
}

static uint64_t run_directly(void *context, uint64_t count) {
    tensor_case *kept = context;
    uint64_t done = 0;
    for (uint64_t i = 0; i < count; i++) {
        rein_result_void executed = do_nothing(kept, &kept->request, &kept->result);
        done += rein_result_void_is_ok(executed);
    }
    return done;
}

static void case_init(tensor_case *out_case, const rein_backend *bound, size_t count) {
    out_case->table = *bound->table;
    out_case->table.execute = check_and_do_nothing;
    out_case->backend = (rein_backend){.table = &out_case->table, .self = out_case};
    out_case->id = REIN_UNWRAP(rein_model_id_make("bench"));
    out_case->count = count;
    for (size_t index = 0; index < count; index++) {
        out_case->specs[index] = make_spec(index);
        rein_shape shape = rein_tensor_spec_min_shape(&out_case->specs[index]);
        out_case->inputs[index] =
            REIN_UNWRAP(rein_tensor_make_shaped(&out_case->specs[index], &shape, data));
        out_case->outputs[index] = out_case->inputs[index];
    }
    out_case->request =
        rein_execution_request_make(out_case->id, (rein_request_id){.bytes = {0}}, out_case->inputs,
                                    count, rein_timestamp_from_ns(0));
    out_case->result = rein_execution_result_make(out_case->outputs, count);
}

void bench_add_backend_tensors(const rein_backend *bound) {
    case_init(&two, bound, 1);
    case_init(&many, bound, TENSOR_MAX);
    const bench_subject subjects[] = {
        {BACKEND_TENSORS_TABLE, "1 + 1 tensors", "rein", BENCH_OURS, run_checked, &two,
         .batch = BACKEND_BATCH, .counts_instructions = true},
        {BACKEND_TENSORS_TABLE, "1 + 1 tensors", "a slot that does nothing", BENCH_LIMIT,
         run_directly, &two, .batch = BACKEND_BATCH, .counts_instructions = true},
        {BACKEND_TENSORS_TABLE, "64 + 64 tensors", "rein", BENCH_OURS, run_checked, &many,
         .batch = BACKEND_BATCH, .counts_instructions = true},
        {BACKEND_TENSORS_TABLE, "64 + 64 tensors", "a slot that does nothing", BENCH_LIMIT,
         run_directly, &many, .batch = BACKEND_BATCH, .counts_instructions = true},
    };
    bench_add_all(subjects, sizeof subjects / sizeof subjects[0]);
}
