#include <stdlib.h>

#include "schedule_case.h"

enum { MODELS_MAX = 5 };

/* A request to a model in a simulation. */
typedef struct arrival {
    size_t model;
    int64_t at;
    int64_t due;
    bool is_done;
} arrival;

typedef struct simulation {
    const rein_schedule_request *request;
    const rein_schedule_witness *witness;
    arrival *arrivals;
    size_t count;
} simulation;

static void list_arrivals(simulation *self) {
    for (size_t index = 0; index < self->request->model_count; index++) {
        const rein_schedule_model *model = &self->request->models[index];
        rein_schedule_arrivals sent =
            rein_schedule_witness_arrivals(self->request, self->witness, index);
        self->arrivals =
            realloc(self->arrivals, (self->count + sent.count + 1) * sizeof *self->arrivals);
        cr_assert(self->arrivals != NULL);
        for (uint64_t number = 0; number < sent.count; number++) {
            int64_t at = sent.first_ns + (int64_t)number * model->period.ns;
            self->arrivals[self->count++] =
                (arrival){.model = index, .at = at, .due = at + model->deadline.ns};
        }
    }
}

/* Returns whether `left` starts before `right`, both waiting. The late model starts last of equals.
 */
static bool starts_before(const simulation *self, const arrival *left, const arrival *right) {
    const rein_schedule_model *models = self->request->models;
    int64_t before = left->due;
    int64_t after = right->due;
    if (self->request->policy == REIN_SCHEDULE_FIXED_PRIORITY) {
        before = models[left->model].priority;
        after = models[right->model].priority;
    } else if (self->request->policy == REIN_SCHEDULE_FIRST_COME) {
        before = left->at;
        after = right->at;
    }
    return before != after ? before < after : right->model == self->witness->late_model;
}

static arrival *next_to_start(simulation *self, int64_t now) {
    arrival *best = NULL;
    for (size_t index = 0; index < self->count; index++) {
        arrival *candidate = &self->arrivals[index];
        if (!candidate->is_done && candidate->at <= now &&
            (best == NULL || starts_before(self, candidate, best))) {
            best = candidate;
        }
    }
    return best;
}

static int64_t next_arrival(const simulation *self, int64_t now) {
    int64_t next = INT64_MAX;
    for (size_t index = 0; index < self->count; index++) {
        const arrival *candidate = &self->arrivals[index];
        if (!candidate->is_done && candidate->at > now && candidate->at < next) {
            next = candidate->at;
        }
    }
    return next;
}

/* Runs the arrivals of the witness, each for its whole budget. Returns whether a request that is
 * due by then ends late. */
static bool is_late(const rein_schedule_request *request, const rein_schedule_witness *witness) {
    simulation self = {.request = request, .witness = witness};
    list_arrivals(&self);
    bool is_any_late = false;
    int64_t now = 0;
    for (size_t left = self.count; left > 0 && !is_any_late;) {
        arrival *started = next_to_start(&self, now);
        if (started == NULL) {
            now = next_arrival(&self, now);
            continue;
        }
        now += request->models[started->model].compute.ns;
        started->is_done = true;
        left--;
        is_any_late = now > started->due && started->due <= witness->due_ns;
    }
    free(self.arrivals);
    return is_any_late;
}

static size_t draw_models(uint64_t *state, rein_schedule_model out_models[MODELS_MAX]) {
    size_t count = 1 + (size_t)draw(state, MODELS_MAX);
    for (size_t index = 0; index < count; index++) {
        int64_t period = 10 + draw(state, 1000);
        int64_t compute = 1 + draw(state, 3 * period / (2 * (int64_t)count));
        int64_t deadline = compute + draw(state, 2 * period);
        out_models[index] = schedule_model_of(compute, period, deadline, (int32_t)index);
    }
    return count;
}

Test(schedule_witness, every_witness_is_late_when_it_is_run) {
    enum { SETS = 3000 };
    uint64_t state = 20261203;
    int refused = 0;
    int overloads = 0;
    for (int set = 0; set < SETS; set++) {
        rein_schedule_model models[MODELS_MAX];
        size_t count = draw_models(&state, models);
        rein_schedule_request request = rein_schedule_request_make(
            schedule_policies[set % SCHEDULE_POLICY_COUNT], models, count);
        rein_schedule_verdict verdict = decided(&request);
        if (verdict.outcome == REIN_SCHEDULE_MISSES) {
            refused++;
            overloads += verdict.reason == REIN_SCHEDULE_OVERLOAD;
            cr_assert(verdict.has_witness);
            cr_assert(verdict.witness.demand_ns > (uint64_t)verdict.witness.due_ns);
            cr_assert(is_late(&request, &verdict.witness), "set %d, policy %d", set,
                      (int)request.policy);
        }
    }
    cr_assert(refused > SETS / 4 && refused < SETS);
    cr_assert(overloads > 0);
}

Test(schedule_witness, a_long_execution_blocks_a_short_deadline) {
    const rein_schedule_model models[] = {schedule_model_of(80, 1000, 1000, 2),
                                          schedule_model_of(10, 100, 50, 1)};
    for (size_t policy = 0; policy < 2; policy++) {
        rein_schedule_request request =
            rein_schedule_request_make(schedule_policies[policy], models, 2);
        rein_schedule_verdict verdict = decided(&request);
        cr_assert(verdict.outcome == REIN_SCHEDULE_MISSES);
        cr_assert(verdict.reason == REIN_SCHEDULE_DEADLINE);
        cr_assert(verdict.witness.late_model == 1 && verdict.witness.blocking_model == 0);
        cr_assert(verdict.witness.due_ns == 51 && verdict.witness.demand_ns == 90);
        rein_schedule_arrivals blocking =
            rein_schedule_witness_arrivals(&request, &verdict.witness, 0);
        rein_schedule_arrivals late = rein_schedule_witness_arrivals(&request, &verdict.witness, 1);
        cr_assert(blocking.first_ns == 0 && blocking.count == 1);
        cr_assert(late.first_ns == 1 && late.count == 1);
    }
}

Test(schedule_witness, no_arrivals_without_a_model) {
    const rein_schedule_model model = schedule_model_of(2, 1, 1, 0);
    rein_schedule_request request =
        rein_schedule_request_make(REIN_SCHEDULE_EARLIEST_DEADLINE, &model, 1);
    rein_schedule_verdict verdict = decided(&request);
    cr_assert(rein_schedule_witness_arrivals(NULL, &verdict.witness, 0).count == 0);
    cr_assert(rein_schedule_witness_arrivals(&request, NULL, 0).count == 0);
    cr_assert(rein_schedule_witness_arrivals(&request, &verdict.witness, 1).count == 0);
    cr_assert(rein_schedule_witness_arrivals(&request, &verdict.witness, 0).count == 1);
    request.policy = (rein_schedule_policy)9;
    cr_assert(rein_schedule_witness_arrivals(&request, &verdict.witness, 0).count == 0);
}
