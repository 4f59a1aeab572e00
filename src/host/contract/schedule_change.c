/* How far one number of a model can change before a deadline is missed. */
#include <stddef.h>

#include "host/contract/schedule_check.h"
#include "host/contract/schedule_judge.h"

/* A model with one number replaced. */
typedef rein_schedule_model (*model_change)(rein_schedule_model model, uint64_t ns);

static rein_schedule_model with_compute(rein_schedule_model model, uint64_t ns) {
    model.compute = rein_duration_from_ns((int64_t)ns);
    return model;
}

static rein_schedule_model with_period(rein_schedule_model model, uint64_t ns) {
    model.period = rein_duration_from_ns((int64_t)ns);
    return model;
}

/* Returns whether the models are known to be schedulable with the changed model. */
static bool holds_with(const rein_schedule_request *request, size_t index, model_change change,
                       uint64_t ns) {
    enum { PART_OF_EFFORT = 8 };
    rein_schedule_model changed = change(request->models[index], ns);
    rein_schedule_verdict verdict = {.outcome = REIN_SCHEDULE_HOLDS};
    schedule_run run = rein_i_schedule_run(request);
    run.changed = &changed;
    run.changed_index = index;
    run.steps_max /= PART_OF_EFFORT;
    rein_i_schedule_judge(&run, &verdict);
    return verdict.outcome == REIN_SCHEDULE_HOLDS;
}

/* Bisects between a number with which the models are schedulable and one with which they are not
 * known to be. Returns the last number of the first kind. */
static rein_fact_u64 bisect(const rein_schedule_request *request, size_t index, model_change change,
                            uint64_t good, uint64_t bad) {
    if (!holds_with(request, index, change, good)) {
        return rein_fact_u64_unknown();
    }
    for (uint64_t apart = good < bad ? bad - good : good - bad; apart > 1;
         apart = good < bad ? bad - good : good - bad) {
        uint64_t middle = good < bad ? good + apart / 2 : good - apart / 2;
        bool holds = holds_with(request, index, change, middle);
        good = holds ? middle : good;
        bad = holds ? bad : middle;
    }
    return rein_fact_u64_known(good);
}

rein_result_schedule_time rein_schedule_largest_compute(const rein_schedule_request *request,
                                                        size_t index) {
    REIN_TRY(rein_result_schedule_time, rein_i_schedule_check_index(request, index));
    uint64_t beyond = (uint64_t)request->models[index].deadline.ns + 1; /* never judged */
    return rein_result_schedule_time_ok(bisect(request, index, with_compute, 1, beyond));
}

rein_result_schedule_time rein_schedule_least_period(const rein_schedule_request *request,
                                                     size_t index) {
    REIN_TRY(rein_result_schedule_time, rein_i_schedule_check_index(request, index));
    return rein_result_schedule_time_ok(bisect(request, index, with_period, SCHEDULE_TIME_MAX, 0));
}
