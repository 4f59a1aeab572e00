/* A decision about a schedule while it is made: the models, and the effort that is left.
 *
 * Times are in nanoseconds, from the instant at which all models request at once. Sums and products
 * saturate at UINT64_MAX, which is later than every time that counts. */
#ifndef REIN_HOST_CONTRACT_SCHEDULE_RUN_H
#define REIN_HOST_CONTRACT_SCHEDULE_RUN_H

#include "contract/schedule.h"
#include "host/base/checked.h"

/* The latest time that counts. */
#define SCHEDULE_TIME_MAX ((uint64_t)INT64_MAX)

typedef struct schedule_run {
    const rein_schedule_request *request;
    /* If above 0, each request is due so long after it arrived, and the model's own deadline does
     * not count. */
    uint64_t common_deadline;
    const rein_schedule_model *changed; /* judged in place of the model `changed_index` */
    size_t changed_index;               /* model_count: no model is changed */
    uint64_t steps;
    uint64_t steps_max;
} schedule_run;

/* Returns a run of a checked request, without steps yet. */
schedule_run rein_i_schedule_run(const rein_schedule_request *request);

/* Counts `more` steps. Returns false if the effort is spent. */
static inline bool schedule_spend(schedule_run *run, uint64_t more) {
    run->steps = add_saturating(run->steps, more);
    return run->steps <= run->steps_max;
}

/*@ assigns \nothing;
    ensures \result == (count * time <= UINT64_MAX ? count * time : UINT64_MAX); */
static inline uint64_t schedule_multiply(uint64_t count, uint64_t time) {
    uint64_t product = 0;
    return checked_multiply(count, time, &product) ? product : UINT64_MAX;
}

static inline const rein_schedule_model *schedule_model(const schedule_run *run, size_t index) {
    return index == run->changed_index ? run->changed : &run->request->models[index];
}

static inline uint64_t schedule_compute(const schedule_run *run, size_t index) {
    return (uint64_t)schedule_model(run, index)->compute.ns;
}

static inline uint64_t schedule_period(const schedule_run *run, size_t index) {
    return (uint64_t)schedule_model(run, index)->period.ns;
}

static inline uint64_t schedule_deadline(const schedule_run *run, size_t index) {
    return run->common_deadline > 0 ? run->common_deadline
                                    : (uint64_t)schedule_model(run, index)->deadline.ns;
}

/* Returns the work of `count` requests of the model. */
static inline uint64_t schedule_work(const schedule_run *run, size_t index, uint64_t count) {
    return schedule_multiply(count, schedule_compute(run, index));
}

/* Returns the most requests of the model in `span`, its end excluded: the least whole number that
 * is at least span / period. */
static inline uint64_t schedule_requests_before(const schedule_run *run, size_t index,
                                                uint64_t span) {
    uint64_t period = schedule_period(run, index);
    return span / period + (span % period > 0);
}

#endif
