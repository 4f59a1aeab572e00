#include "host/contract/schedule_deadline.h"

#include "host/contract/schedule_demand.h"
#include "host/contract/schedule_utilization.h"

/* Returns the work that must be done by `instant`, in the worst pattern of arrivals. */
static uint64_t work_due(const schedule_run *run, uint64_t instant) {
    return add_saturating(rein_i_schedule_demand(run, instant),
                          rein_i_schedule_blocking(run, instant));
}

/* Returns a model that has a request due at `instant`. With one deadline for all, the model of the
 * least deadline is late: its request can arrive as the last one. */
static size_t late_model(const schedule_run *run, uint64_t instant) {
    const rein_schedule_model *models = run->request->models;
    size_t late = 0;
    for (size_t index = 0; index < run->request->model_count; index++) {
        bool is_due = schedule_deadline(run, index) <= instant &&
                      (instant - schedule_deadline(run, index)) % schedule_period(run, index) == 0;
        bool is_least = models[index].deadline.ns < models[late].deadline.ns;
        late = (run->common_deadline > 0 ? is_least : is_due) ? index : late;
    }
    return late;
}

/* Describes the pattern whose work by `instant` is too much. Its times count from the blocking
 * request, if there is one. */
static rein_schedule_witness witness_at(const schedule_run *run, uint64_t instant) {
    size_t blocker = rein_i_schedule_blocker(run, instant);
    bool is_blocked = blocker < run->request->model_count;
    return (rein_schedule_witness){
        .late_model = late_model(run, instant),
        .blocking_model = blocker,
        .due_ns = (int64_t)(instant + is_blocked),
        .demand_ns = add_saturating(work_due(run, instant), is_blocked),
    };
}

/* Returns the earliest instant whose work is too much, if it is among the first ones; otherwise
 * `instant`. */
static uint64_t earlier_miss(const schedule_run *run, uint64_t instant) {
    enum { LOOKED_AT_MAX = 64 };
    uint64_t early = rein_i_schedule_next_due(run, 0);
    for (int looked = 0; looked < LOOKED_AT_MAX && early < instant; looked++) {
        if (work_due(run, early) > early) {
            return early;
        }
        early = rein_i_schedule_next_due(run, early);
    }
    return instant;
}

static void refuse_at(const schedule_run *run, uint64_t instant, rein_schedule_verdict *target) {
    uint64_t early = earlier_miss(run, instant);
    target->has_witness = early < SCHEDULE_TIME_MAX;
    if (target->has_witness) {
        target->witness = witness_at(run, early);
    }
}

/* Finds an instant whose work is too much, among 1, 3, 7 and so on. An overload exceeds every
 * deadline sooner or later. */
static void refuse_overload(const schedule_run *run, rein_schedule_verdict *target) {
    target->outcome = REIN_SCHEDULE_MISSES;
    target->reason = REIN_SCHEDULE_OVERLOAD;
    for (uint64_t instant = 1; instant <= SCHEDULE_TIME_MAX; instant = 2 * instant + 1) {
        if (rein_i_schedule_demand(run, instant) > instant) {
            refuse_at(run, rein_i_schedule_last_due(run, instant + 1), target);
            return;
        }
    }
}

/* Looks for an instant before `end` whose work is too much, from late to early; 0 if there is none.
 * If the work due at an instant is less than the instant, no instant between the two has too much,
 * because work never falls over time. Returns false if the effort is spent. */
static bool find_miss(schedule_run *run, uint64_t end, uint64_t *out_instant) {
    enum { PASSES = 3 };
    uint64_t instant = rein_i_schedule_last_due(run, end);
    while (instant > 0) {
        if (!schedule_spend(run, schedule_multiply(PASSES, run->request->model_count))) {
            return false;
        }
        uint64_t work = work_due(run, instant);
        if (work > instant) {
            break;
        }
        instant = rein_i_schedule_last_due(run, work < instant ? work + 1 : instant);
    }
    *out_instant = instant;
    return true;
}

/* Decides for models that are not known to be an overload. All instants that can fail are before
 * the end of the busy period. */
static void decide_within(schedule_run *run, rein_schedule_verdict *target) {
    uint64_t end = SCHEDULE_TIME_MAX;
    uint64_t instant = 0;
    busy_end found = rein_i_schedule_busy_period(run, 0, &end);
    bool is_spent = found == BUSY_EFFORT_SPENT || !find_miss(run, end, &instant);
    if (is_spent || (instant == 0 && found == BUSY_BEYOND_RANGE)) {
        target->outcome = REIN_SCHEDULE_CANNOT_TELL;
        target->reason = is_spent ? REIN_SCHEDULE_EFFORT : REIN_SCHEDULE_TIME_RANGE;
    } else if (instant > 0) {
        target->outcome = REIN_SCHEDULE_MISSES;
        target->reason = REIN_SCHEDULE_DEADLINE;
        refuse_at(run, instant, target);
    }
}

void rein_i_schedule_by_deadline(schedule_run *run, rein_schedule_verdict *target) {
    if (schedule_is_overload(rein_i_schedule_utilization(run))) {
        refuse_overload(run, target);
    } else {
        decide_within(run, target);
    }
}
