#include "host/contract/schedule_check.h"

#include "host/contract/invalid.h"

static rein_result_void check_request(const rein_schedule_request *request) {
    if (request == NULL) {
        return rein_i_invalid(REIN_HERE, "the request" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    if (request->struct_size != sizeof *request) {
        return rein_i_invalid(REIN_HERE, "the request" MUST_HAVE_STRUCT_SIZE, request->struct_size,
                              sizeof *request, 0);
    }
    if (request->policy < REIN_SCHEDULE_EARLIEST_DEADLINE ||
        request->policy > REIN_SCHEDULE_FIRST_COME) {
        return rein_i_invalid(REIN_HERE, "policy {u} is not valid; use one of rein_schedule_policy",
                              (uint64_t)request->policy, 0, 0);
    }
    if (request->models == NULL && request->model_count > 0) {
        return rein_i_invalid(REIN_HERE, "models" MUST_HOLD_ELEMENTS, request->model_count, 0, 0);
    }
    return rein_done();
}

static rein_result_void check_model(const rein_schedule_model *model, size_t index) {
    if (model->struct_size != sizeof *model) {
        return rein_i_invalid(REIN_HERE, "model {u}" MUST_HAVE_STRUCT_SIZE, index,
                              model->struct_size, sizeof *model);
    }
    if (model->compute.ns <= 0) {
        return rein_i_invalid(REIN_HERE, "model {u} has compute {duration}" MUST_BE_POSITIVE, index,
                              (uint64_t)model->compute.ns, 0);
    }
    if (model->period.ns <= 0) {
        return rein_i_invalid(REIN_HERE, "model {u} has period {duration}" MUST_BE_POSITIVE, index,
                              (uint64_t)model->period.ns, 0);
    }
    if (model->deadline.ns <= 0) {
        return rein_i_invalid(REIN_HERE, "model {u} has deadline {duration}" MUST_BE_POSITIVE,
                              index, (uint64_t)model->deadline.ns, 0);
    }
    return rein_done();
}

/* Checks that no model before `index` has its priority. */
static rein_result_void check_priority(const rein_schedule_request *request, size_t index) {
    int32_t priority = request->models[index].priority;
    for (size_t other = 0; other < index; other++) {
        if (request->models[other].priority == priority) {
            return rein_i_invalid(REIN_HERE,
                                  "models {u} and {u} have the same priority, {i}; each needs one "
                                  "of its own",
                                  other, index, (uint64_t)priority);
        }
    }
    return rein_done();
}

rein_result_void rein_i_schedule_check(const rein_schedule_request *request) {
    REIN_TRY(rein_result_void, check_request(request));
    for (size_t index = 0; index < request->model_count; index++) {
        REIN_TRY(rein_result_void, check_model(&request->models[index], index));
        if (request->policy == REIN_SCHEDULE_FIXED_PRIORITY) {
            REIN_TRY(rein_result_void, check_priority(request, index));
        }
    }
    return rein_done();
}

rein_result_void rein_i_schedule_check_index(const rein_schedule_request *request, size_t index) {
    REIN_TRY(rein_result_void, rein_i_schedule_check(request));
    if (index >= request->model_count) {
        return rein_i_invalid(REIN_HERE, "index {u} must be less than the model count, {u}", index,
                              request->model_count, 0);
    }
    return rein_done();
}
