#include "host/contract/schedule_demand.h"

/* Returns how many requests of the model that arrive from 0 on are due by `instant`. */
static uint64_t requests_due(const schedule_run *run, size_t index, uint64_t instant) {
    uint64_t deadline = schedule_deadline(run, index);
    return deadline > instant ? 0 : 1 + (instant - deadline) / schedule_period(run, index);
}

uint64_t rein_i_schedule_demand(const schedule_run *run, uint64_t instant) {
    uint64_t sum = 0;
    for (size_t index = 0; index < run->request->model_count; index++) {
        sum = add_saturating(sum, schedule_work(run, index, requests_due(run, index, instant)));
    }
    return sum;
}

size_t rein_i_schedule_blocker(const schedule_run *run, uint64_t instant) {
    size_t count = run->request->model_count;
    size_t longest = count;
    for (size_t index = 0; index < count; index++) {
        bool is_longer =
            longest == count || schedule_compute(run, index) > schedule_compute(run, longest);
        if (schedule_deadline(run, index) > instant && is_longer) {
            longest = index;
        }
    }
    return longest;
}

uint64_t rein_i_schedule_blocking(const schedule_run *run, uint64_t instant) {
    size_t blocker = rein_i_schedule_blocker(run, instant);
    return blocker == run->request->model_count ? 0 : schedule_compute(run, blocker) - 1;
}

uint64_t rein_i_schedule_last_due(const schedule_run *run, uint64_t end) {
    uint64_t latest = 0;
    for (size_t index = 0; index < run->request->model_count; index++) {
        uint64_t deadline = schedule_deadline(run, index);
        if (deadline < end) {
            uint64_t span = end - 1 - deadline;
            uint64_t due = deadline + (span - span % schedule_period(run, index));
            latest = due > latest ? due : latest;
        }
    }
    return latest;
}

uint64_t rein_i_schedule_next_due(const schedule_run *run, uint64_t start) {
    uint64_t earliest = UINT64_MAX;
    for (size_t index = 0; index < run->request->model_count; index++) {
        uint64_t count = requests_due(run, index, start);
        uint64_t due = add_saturating(schedule_deadline(run, index),
                                      schedule_multiply(count, schedule_period(run, index)));
        earliest = due < earliest ? due : earliest;
    }
    return earliest;
}

/* Returns the work of the requests that arrive within `span`, its end excluded. */
static uint64_t work_within(const schedule_run *run, uint64_t span) {
    uint64_t sum = 0;
    for (size_t index = 0; index < run->request->model_count; index++) {
        sum = add_saturating(sum,
                             schedule_work(run, index, schedule_requests_before(run, index, span)));
    }
    return sum;
}

busy_end rein_i_schedule_busy_period(schedule_run *run, uint64_t blocking, uint64_t *out_busy) {
    uint64_t busy = 1;
    for (uint64_t longer = 0;; busy = longer) {
        if (!schedule_spend(run, run->request->model_count)) {
            return BUSY_EFFORT_SPENT;
        }
        longer = add_saturating(blocking, work_within(run, busy));
        if (longer > SCHEDULE_TIME_MAX) {
            return BUSY_BEYOND_RANGE;
        }
        if (longer == busy) {
            *out_busy = busy;
            return BUSY_ENDS;
        }
    }
}
