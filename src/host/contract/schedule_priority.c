#include "host/contract/schedule_priority.h"

#include "host/contract/schedule_utilization.h"

/* The requests that a model of fixed priority waits for: those of models with a higher priority,
 * and one of lower priority that started 1 ns before 0. */
typedef struct priority_level {
    schedule_run *run;
    size_t index;
    size_t blocker; /* model_count if there is none */
    uint64_t blocking;
    /* Not above the least solution of L = blocking + sum of ceil(L / period) * compute, over the
     * model and those of higher priority: the time for which they keep the device busy. */
    uint64_t busy;
    bool is_whole; /* `busy` is that solution */
    /* The pattern repeats after so many requests of the model; UINT64_MAX if that is not known.
     * Needed if the whole time of the device is promised: the busy period then has no end. */
    uint64_t repeats_after;
} priority_level;

static bool is_higher(const priority_level *level, size_t index) {
    const rein_schedule_model *models = level->run->request->models;
    return models[index].priority < models[level->index].priority;
}

static void find_blocker(priority_level *level) {
    const schedule_run *run = level->run;
    level->blocker = run->request->model_count;
    for (size_t index = 0; index < run->request->model_count; index++) {
        bool is_lower = index != level->index && !is_higher(level, index);
        if (is_lower && schedule_compute(run, index) - 1 >= level->blocking) {
            level->blocker = index;
            level->blocking = schedule_compute(run, index) - 1;
        }
    }
}

/* Both numbers are above 0. */
static uint64_t greatest_divisor(uint64_t left, uint64_t right) {
    do {
        uint64_t rest = left % right;
        left = right;
        right = rest;
    } while (right > 0);
    return left;
}

/* Finds when the arrivals repeat: after the least common multiple of the periods, unless more time
 * is promised than there is. */
static void find_repetition(priority_level *level) {
    const schedule_run *run = level->run;
    uint64_t common = schedule_period(run, level->index);
    for (size_t index = 0; index < run->request->model_count; index++) {
        if (is_higher(level, index) && common < UINT64_MAX) {
            uint64_t period = schedule_period(run, index);
            common = schedule_multiply(common, period / greatest_divisor(common, period));
        }
    }
    uint64_t work = 0;
    for (size_t index = 0; index < run->request->model_count; index++) {
        if (index == level->index || is_higher(level, index)) {
            uint64_t count = common / schedule_period(run, index);
            work = add_saturating(work, schedule_work(run, index, count));
        }
    }
    level->repeats_after = common == UINT64_MAX || work > common
                               ? UINT64_MAX
                               : common / schedule_period(run, level->index);
}

static priority_level level_of(schedule_run *run, size_t index) {
    priority_level level = {.run = run, .index = index};
    find_blocker(&level);
    find_repetition(&level);
    return level;
}

/* Approaches the end of the busy period from below, until it is after `instant` or found. Returns
 * false if the effort is spent. */
static bool extend_busy(priority_level *level, uint64_t instant) {
    schedule_run *run = level->run;
    while (!level->is_whole && level->busy <= instant) {
        if (!schedule_spend(run, run->request->model_count)) {
            return false;
        }
        uint64_t longer = level->blocking;
        uint64_t span = level->busy > 0 ? level->busy : 1;
        for (size_t index = 0; index < run->request->model_count; index++) {
            if (index == level->index || is_higher(level, index)) {
                uint64_t count = schedule_requests_before(run, index, span);
                longer = add_saturating(longer, schedule_work(run, index, count));
            }
        }
        level->is_whole = longer == level->busy;
        level->busy = longer;
    }
    return true;
}

/* Returns the work that comes before the request `number` of the model if that has not started
 * before `start`. */
static uint64_t work_before(const priority_level *level, uint64_t number, uint64_t start) {
    const schedule_run *run = level->run;
    uint64_t sum = add_saturating(level->blocking, schedule_work(run, level->index, number));
    for (size_t index = 0; index < run->request->model_count; index++) {
        if (is_higher(level, index)) {
            uint64_t count = start / schedule_period(run, index) + 1;
            sum = add_saturating(sum, schedule_work(run, index, count));
        }
    }
    return sum;
}

typedef enum request_fate {
    FATE_IN_TIME,
    FATE_LATE,
    FATE_BEYOND_RANGE, /* its end is later than all times that count */
    FATE_EFFORT_SPENT
} request_fate;

/* Finds when the request `number` starts, which is not before `*start`. Stops as soon as it is
 * known to be late. It arrives at number * period. */
static request_fate find_start(priority_level *level, uint64_t number, uint64_t *start) {
    schedule_run *run = level->run;
    uint64_t arrival = schedule_multiply(number, schedule_period(run, level->index));
    uint64_t due = add_saturating(arrival, schedule_deadline(run, level->index));
    for (;;) {
        if (add_saturating(*start, schedule_compute(run, level->index)) > due) {
            return due < SCHEDULE_TIME_MAX ? FATE_LATE : FATE_BEYOND_RANGE;
        }
        if (!schedule_spend(run, run->request->model_count)) {
            return FATE_EFFORT_SPENT;
        }
        uint64_t later = work_before(level, number, *start);
        if (later == *start) {
            return FATE_IN_TIME;
        }
        *start = later;
    }
}

/* The requests of a model in its worst pattern, up to the first one that is not in time. */
typedef struct level_requests {
    uint64_t longest_response; /* of those in time */
    uint64_t number;           /* of the one that is not in time, from 0 */
    uint64_t start;            /* of that one: not before */
} level_requests;

static request_fate judge_level(priority_level *level, level_requests *out_requests) {
    schedule_run *run = level->run;
    level_requests seen = {.start = level->blocking};
    request_fate fate = FATE_IN_TIME;
    for (; seen.number < level->repeats_after; seen.number++) {
        uint64_t arrival = schedule_multiply(seen.number, schedule_period(run, level->index));
        if (!extend_busy(level, arrival)) {
            fate = FATE_EFFORT_SPENT;
            break;
        }
        if (level->busy <= arrival) {
            break;
        }
        fate = find_start(level, seen.number, &seen.start);
        if (fate != FATE_IN_TIME) {
            break;
        }
        uint64_t end = seen.start + schedule_compute(run, level->index);
        uint64_t response = end - arrival;
        seen.longest_response = response > seen.longest_response ? response : seen.longest_response;
        seen.start = end;
    }
    *out_requests = seen;
    return fate;
}

/* Times count from the blocking request, if there is one. */
static rein_schedule_witness witness_of(const priority_level *level, const level_requests *seen) {
    const schedule_run *run = level->run;
    bool is_blocked = level->blocker < run->request->model_count;
    uint64_t due =
        seen->number * schedule_period(run, level->index) + schedule_deadline(run, level->index);
    return (rein_schedule_witness){
        .late_model = level->index,
        .blocking_model = level->blocker,
        .due_ns = (int64_t)(due + is_blocked),
        .demand_ns = add_saturating(seen->start, schedule_compute(run, level->index) + is_blocked),
    };
}

/* Judges the model `index`. The first model that is late decides; a model that could not be decided
 * leaves "cannot tell". */
static void judge_model(schedule_run *run, size_t index, rein_schedule_verdict *target) {
    priority_level level = level_of(run, index);
    level_requests seen;
    request_fate fate = judge_level(&level, &seen);
    if (fate == FATE_LATE) {
        target->outcome = REIN_SCHEDULE_MISSES;
        target->reason = REIN_SCHEDULE_DEADLINE;
        target->has_witness = true;
        target->witness = witness_of(&level, &seen);
    } else if (fate != FATE_IN_TIME) {
        target->outcome = REIN_SCHEDULE_CANNOT_TELL;
        target->reason =
            fate == FATE_EFFORT_SPENT ? REIN_SCHEDULE_EFFORT : REIN_SCHEDULE_TIME_RANGE;
    }
}

void rein_i_schedule_by_priority(schedule_run *run, rein_schedule_verdict *target) {
    for (size_t index = 0; index < run->request->model_count; index++) {
        judge_model(run, index, target);
        if (target->has_witness || target->reason == REIN_SCHEDULE_EFFORT) {
            break;
        }
    }
    if (schedule_is_overload(rein_i_schedule_utilization(run))) {
        target->outcome = REIN_SCHEDULE_MISSES;
        target->reason = REIN_SCHEDULE_OVERLOAD;
    }
}

rein_fact_u64 rein_i_schedule_priority_response(schedule_run *run, size_t index) {
    priority_level level = level_of(run, index);
    level_requests seen;
    return judge_level(&level, &seen) == FATE_IN_TIME ? rein_fact_u64_known(seen.longest_response)
                                                      : rein_fact_u64_unknown();
}
