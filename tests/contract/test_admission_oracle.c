#include <criterion/criterion.h>

#include "admission_case.h"

/* The same question answered the slow and straightforward way, in numbers that cannot overflow. */
__extension__ typedef unsigned __int128 wide;

/* A need between a lower and an upper bound; the upper one may be missing. */
typedef struct span {
    wide low;
    bool has_high;
    wide high;
} span;

static wide oracle_round_up(wide bytes, wide granularity) {
    wide multiple = bytes / granularity * granularity;
    return multiple < bytes ? multiple + granularity : multiple;
}

static span oracle_part(rein_fact_u64 least, rein_fact_u64 enough, rein_fact_u64 granularity) {
    wide multiple = granularity.is_known ? granularity.value : 1;
    span part = {.low = least.is_known ? oracle_round_up(least.value, multiple) : 0};
    part.has_high = enough.is_known && granularity.is_known;
    part.high = part.has_high ? oracle_round_up(enough.value, multiple) : 0;
    return part;
}

static span oracle_sum(span left, span right) {
    return (span){.low = left.low + right.low,
                  .has_high = left.has_high && right.has_high,
                  .high = left.high + right.high};
}

static rein_admission_outcome oracle_outcome(span need, wide limit) {
    if (need.low > limit) {
        return REIN_ADMISSION_DOES_NOT_FIT;
    }
    return need.has_high && need.high <= limit ? REIN_ADMISSION_FITS : REIN_ADMISSION_CANNOT_TELL;
}

static span oracle_weights(const rein_model_demand *model, rein_fact_u64 granularity) {
    return oracle_part(model->weights_bytes, model->weights_bytes, granularity);
}

static span oracle_activations(const rein_model_demand *model, rein_fact_u64 granularity) {
    return oracle_part(model->activation_lower_bound_bytes, model->activation_bytes, granularity);
}

static span oracle_times(span part, wide count) {
    return (span){.low = part.low * count, .has_high = part.has_high, .high = part.high * count};
}

static wide oracle_or_one(uint64_t count) {
    return count == 0 ? 1 : count;
}

/* The activations of all concurrent executions. */
static span oracle_all_activations(const rein_model_demand *model, rein_fact_u64 granularity) {
    return oracle_times(oracle_activations(model, granularity),
                        oracle_or_one(model->concurrent_executions));
}

/* The state of all sequences. Known to be 0 for a model without sequences. */
static span oracle_state(const rein_model_demand *model, rein_fact_u64 granularity) {
    rein_fact_u64 state = model->state_bytes_per_sequence;
    return model->sequence_count == 0
               ? (span){.has_high = true}
               : oracle_times(oracle_part(state, state, granularity), model->sequence_count);
}

static span oracle_without_state(const rein_model_demand *model, rein_fact_u64 granularity) {
    return oracle_sum(oracle_weights(model, granularity),
                      oracle_all_activations(model, granularity));
}

static span oracle_running(const rein_model_demand *model, rein_fact_u64 granularity) {
    return oracle_sum(oracle_without_state(model, granularity), oracle_state(model, granularity));
}

/* Loading raises both bounds, if the load peak is known. */
static span oracle_raised(span running, rein_fact_u64 load_peak, rein_fact_u64 granularity) {
    wide peak = oracle_part(load_peak, load_peak, granularity).low;
    running.low = peak > running.low ? peak : running.low;
    running.high = peak > running.high ? peak : running.high;
    return running;
}

static wide oracle_processes(const rein_model_demand *model) {
    return oracle_or_one(model->process_count);
}

static bool oracle_is_measured_with_contexts(const rein_model_demand *model) {
    return model->measured_peak_bytes.is_known && model->measured_includes_contexts;
}

static bool oracle_covers_contexts(const rein_model_demand *model) {
    return model->limit_includes_context || oracle_is_measured_with_contexts(model);
}

/* The unknown facts of a measured model are 0, or the lower bound of its activations. */
static rein_model_demand oracle_filled(const rein_model_demand *model) {
    rein_model_demand filled = *model;
    rein_fact_u64 *const facts[] = {&filled.weights_bytes, &filled.activation_lower_bound_bytes,
                                    &filled.state_bytes_per_sequence};
    for (size_t index = 0; index < 3 && model->measured_peak_bytes.is_known; index++) {
        *facts[index] = known(facts[index]->value);
    }
    if (model->measured_peak_bytes.is_known && !filled.activation_bytes.is_known) {
        filled.activation_bytes = filled.activation_lower_bound_bytes;
    }
    return filled;
}

static span oracle_model_need(const rein_model_demand *model, const rein_device_profile *device) {
    rein_fact_u64 granularity = device->allocation_granularity_bytes;
    rein_fact_u64 overhead = device->context_overhead_bytes;
    bool has_contexts = oracle_is_measured_with_contexts(model);
    rein_model_demand filled = oracle_filled(model);
    span need = oracle_running(&filled, granularity);
    need = oracle_raised(need, model->load_peak_bytes, granularity);
    need = has_contexts ? need : oracle_raised(need, model->measured_peak_bytes, granularity);
    span context = {.low = overhead.value,
                    .has_high = overhead.is_known || has_contexts,
                    .high = overhead.value};
    wide count = oracle_covers_contexts(model) ? oracle_processes(model) : 0;
    context.has_high = context.has_high || count == 0;
    need = oracle_sum(need, oracle_times(context, count));
    return has_contexts ? oracle_raised(need, model->measured_peak_bytes, granularity) : need;
}

/* Judges the model again without its measured peak, but with the same contexts in its limit. */
static bool oracle_is_measured(const rein_model_demand *model, const rein_device_profile *device,
                               rein_admission_outcome outcome) {
    rein_model_demand without = *model;
    without.limit_includes_context = oracle_covers_contexts(model);
    without.measured_peak_bytes = unknown();
    span need = oracle_model_need(model, device);
    span by_facts = oracle_model_need(&without, device);
    bool is_smaller = !by_facts.has_high || by_facts.high < need.high;
    return outcome == REIN_ADMISSION_FITS
               ? is_smaller
               : outcome == REIN_ADMISSION_DOES_NOT_FIT && by_facts.low < need.low;
}

static bool oracle_states_processes(const admission_case *trial) {
    bool states = false;
    for (size_t model = 0; model < trial->request.model_count; model++) {
        states = states || trial->models[model].process_count != 0 ||
                 oracle_covers_contexts(&trial->models[model]);
    }
    return states;
}

/* Contexts that count on the device, without those of the model that is left out, if they are its
 * own. */
static wide oracle_contexts(const admission_case *trial, size_t left_out) {
    if (!oracle_states_processes(trial)) {
        return trial->request.process_count;
    }
    wide contexts = 0;
    for (size_t model = 0; model < trial->request.model_count; model++) {
        bool counts = model != left_out && !oracle_covers_contexts(&trial->models[model]);
        contexts += counts ? oracle_processes(&trial->models[model]) : 0;
    }
    return contexts;
}

static wide oracle_step(rein_fact_u64 step) {
    return step.is_known ? step.value : 1;
}

/* Nothing is said of pools: there are none. */
static bool oracle_knows_growth(const rein_device_profile *device) {
    return device->pool_growth_bytes.is_known || !device->supports_memory_pools.is_known ||
           !device->supports_memory_pools.value;
}

/* Compares with every power of two. */
static wide oracle_power_of_two(wide bytes) {
    wide best = bytes == 0 ? 0 : (wide)1 << 80;
    for (int exponent = 79; exponent >= 0 && bytes > 0; exponent--) {
        wide power = (wide)1 << exponent;
        best = power >= bytes ? power : best;
    }
    return best;
}

/* Returns the bytes that the model's allocator takes to hold these. */
static wide oracle_grown(const rein_model_demand *model, wide bytes) {
    wide step = model->growth_bytes == 0 ? 1 : model->growth_bytes;
    return model->growth_doubles ? oracle_power_of_two(bytes) : oracle_round_up(bytes, step);
}

/* Returns the bytes of the device that hold these bytes of the model. */
static wide oracle_on_device(const rein_model_demand *model, const rein_device_profile *device,
                             wide bytes) {
    wide charged = oracle_round_up(oracle_grown(model, bytes),
                                   oracle_step(device->allocation_granularity_bytes));
    return oracle_round_up(charged, oracle_step(device->pool_growth_bytes));
}

static wide oracle_reserved(const rein_model_demand *model, const rein_device_profile *device) {
    return oracle_on_device(model, device, model->budget.memory_limit_bytes);
}

/* A model's need, as the device gives it away. */
static span oracle_need_on(const rein_model_demand *model, const rein_device_profile *device,
                           span need) {
    return (span){.low = oracle_on_device(model, device, need.low),
                  .has_high = need.has_high && oracle_knows_growth(device),
                  .high = oracle_on_device(model, device, need.high)};
}

/* Headroom, contexts and reservations, against free or total memory. */
static span oracle_taken(const admission_case *trial, size_t left_out, bool is_free) {
    const rein_admission_request *request = &trial->request;
    rein_fact_u64 overhead = trial->device.context_overhead_bytes;
    wide contexts = oracle_contexts(trial, left_out);
    wide fixed = (wide)request->headroom_bytes + overhead.value * contexts;
    wide reserved_low = is_free ? 0 : request->reserved_bytes;
    wide reserved_high = request->reserved_bytes - (is_free ? request->reserved_in_use_bytes : 0);
    return (span){.low = fixed + reserved_low,
                  .has_high =
                      overhead.is_known || oracle_contexts(trial, request->model_count) == 0,
                  .high = fixed + reserved_high};
}

/* The same and all models but `left_out`. */
static span oracle_device_need(const admission_case *trial, size_t left_out, bool is_free) {
    const rein_admission_request *request = &trial->request;
    bool are_steps_known =
        trial->device.allocation_granularity_bytes.is_known && oracle_knows_growth(&trial->device);
    span need = oracle_taken(trial, left_out, is_free);
    for (size_t model = 0; model < request->model_count; model++) {
        wide reserved = oracle_reserved(&trial->models[model], &trial->device);
        if (model != left_out) {
            need = oracle_sum(need, (span){reserved, are_steps_known, reserved});
        }
    }
    return need;
}

static rein_fact_u64 oracle_size(const admission_case *trial, bool is_free) {
    return is_free ? trial->device.free_bytes : trial->device.total_bytes;
}

/* Others know another total of the device. */
static bool oracle_contradicts(const admission_case *trial) {
    rein_fact_u64 total = trial->device.total_bytes;
    rein_fact_u64 others = trial->request.others_total_bytes;
    return total.is_known && others.is_known && total.value != others.value;
}

/* By one of the device's sizes alone. */
static rein_admission_outcome oracle_outcome_by(const admission_case *trial, size_t left_out,
                                                bool is_free) {
    span need = oracle_device_need(trial, left_out, is_free);
    rein_fact_u64 size = oracle_size(trial, is_free);
    need.has_high = need.has_high && !trial->request.has_unknown_reservations;
    return size.is_known && !oracle_contradicts(trial) ? oracle_outcome(need, size.value)
                                                       : REIN_ADMISSION_CANNOT_TELL;
}

/* A refusal by either size refuses. Otherwise the free memory decides, if it is known. */
static rein_admission_outcome oracle_device_outcome(const admission_case *trial, size_t left_out) {
    rein_admission_outcome by_free = oracle_outcome_by(trial, left_out, true);
    rein_admission_outcome by_total = oracle_outcome_by(trial, left_out, false);
    if (by_free == REIN_ADMISSION_DOES_NOT_FIT || by_total == REIN_ADMISSION_DOES_NOT_FIT) {
        return REIN_ADMISSION_DOES_NOT_FIT;
    }
    return trial->device.free_bytes.is_known ? by_free : by_total;
}

static wide oracle_lack_by(const admission_case *trial, bool is_free) {
    rein_fact_u64 size = oracle_size(trial, is_free);
    span need = oracle_device_need(trial, trial->request.model_count, is_free);
    bool lacks = size.is_known && need.low > size.value && !oracle_contradicts(trial);
    return lacks ? need.low - size.value : 0;
}

static wide oracle_shortfall(const admission_case *trial) {
    wide by_free = oracle_lack_by(trial, true);
    wide by_total = oracle_lack_by(trial, false);
    return by_free > by_total ? by_free : by_total;
}

/* Tries every model. */
static size_t oracle_removable(const admission_case *trial) {
    size_t count = trial->request.model_count;
    size_t best = count;
    if (oracle_device_outcome(trial, count) != REIN_ADMISSION_DOES_NOT_FIT) {
        return count;
    }
    for (size_t model = 0; model < count; model++) {
        bool is_enough = oracle_device_outcome(trial, model) == REIN_ADMISSION_FITS;
        if (is_enough && (best == count || trial->models[model].budget.memory_limit_bytes <
                                               trial->models[best].budget.memory_limit_bytes)) {
            best = model;
        }
    }
    return best;
}

static bool is_beyond_64_bits(span need) {
    return need.low > UINT64_MAX || (need.has_high && need.high > UINT64_MAX);
}

/* Whether a sum for the device does not fit in 64 bits. */
static bool oracle_device_overflows(const admission_case *trial, bool is_free) {
    size_t count = trial->request.model_count;
    return is_beyond_64_bits(oracle_taken(trial, count, is_free)) ||
           is_beyond_64_bits(oracle_device_need(trial, count, is_free));
}

/* Whether a size that is rounded up, or a sum, does not fit in 64 bits. */
static bool oracle_overflows(const admission_case *trial) {
    rein_fact_u64 granularity = trial->device.allocation_granularity_bytes;
    span all_needed = {.has_high = true};
    size_t count = trial->request.model_count;
    bool is_by_total = trial->device.total_bytes.is_known || !trial->device.free_bytes.is_known;
    bool overflows = (trial->device.free_bytes.is_known && oracle_device_overflows(trial, true)) ||
                     (is_by_total && oracle_device_overflows(trial, false));
    for (size_t index = 0; index < count; index++) {
        const rein_model_demand *model = &trial->models[index];
        span needed = oracle_model_need(model, &trial->device);
        span counted = oracle_need_on(model, &trial->device, needed);
        rein_model_demand filled = oracle_filled(model);
        all_needed = oracle_sum(all_needed, counted);
        overflows = overflows || is_beyond_64_bits(needed) || is_beyond_64_bits(counted) ||
                    (needed.has_high && oracle_grown(model, needed.high) > UINT64_MAX) ||
                    is_beyond_64_bits(all_needed) ||
                    is_beyond_64_bits(oracle_weights(&filled, granularity)) ||
                    is_beyond_64_bits(oracle_all_activations(&filled, granularity)) ||
                    is_beyond_64_bits(oracle_state(&filled, granularity)) ||
                    is_beyond_64_bits(oracle_without_state(&filled, granularity)) ||
                    is_beyond_64_bits(oracle_running(&filled, granularity));
    }
    return overflows;
}

static bool oracle_is_cap(const rein_model_demand *model) {
    const rein_fact_u64 facts[] = {model->weights_bytes,
                                   model->activation_bytes,
                                   model->activation_lower_bound_bytes,
                                   model->load_peak_bytes,
                                   model->state_bytes_per_sequence,
                                   model->measured_peak_bytes};
    bool is_known = false;
    for (size_t index = 0; index < sizeof facts / sizeof facts[0]; index++) {
        is_known = is_known || facts[index].is_known;
    }
    return !is_known;
}

static void check_model(const admission_case *trial, size_t index) {
    const rein_model_demand *model = &trial->models[index];
    const rein_model_verdict *verdict = &trial->verdicts[index];
    span need = oracle_model_need(model, &trial->device);
    uint64_t limit = model->budget.memory_limit_bytes;
    bool is_cap = oracle_is_cap(model) && need.low <= limit;
    rein_admission_outcome outcome = is_cap ? REIN_ADMISSION_CAP : oracle_outcome(need, limit);
    expect_outcome(verdict->outcome, outcome, "a model");
    expect_number(verdict->reserved_bytes, (uint64_t)oracle_reserved(model, &trial->device),
                  "reserved");
    expect_number(verdict->needed_at_least_bytes, (uint64_t)need.low, "needed at least");
    cr_assert(verdict->needed_bytes.is_known == need.has_high &&
                  verdict->needed_bytes.value == (need.has_high ? (uint64_t)need.high : 0),
              "needed");
    expect_number(verdict->shortfall_bytes,
                  outcome == REIN_ADMISSION_DOES_NOT_FIT ? (uint64_t)need.low - limit : 0,
                  "a model's shortfall");
    cr_assert((verdict->missing != 0) == (outcome == REIN_ADMISSION_CANNOT_TELL),
              "something is missing exactly if the outcome is \"cannot tell\"");
    cr_assert(verdict->is_measured == oracle_is_measured(model, &trial->device, outcome),
              "as measured");
}

static void check_case(const admission_case *trial) {
    size_t count = trial->request.model_count;
    const rein_device_verdict *device = &trial->verdict.device;
    rein_admission_outcome outcome = oracle_device_outcome(trial, count);
    expect_outcome(device->outcome, outcome, "the device");
    expect_number(device->shortfall_bytes, (uint64_t)oracle_shortfall(trial), "shortfall");
    expect_number(device->context_count, (uint64_t)oracle_contexts(trial, count), "contexts");
    cr_assert((device->missing != 0) == (outcome == REIN_ADMISSION_CANNOT_TELL),
              "something is missing exactly if the outcome is \"cannot tell\"");
    wide requested = 0;
    span needed = {.has_high = true};
    rein_admission_outcome worst = outcome;
    size_t first = count;
    size_t caps = 0;
    for (size_t index = count; index-- > 0;) {
        check_model(trial, index);
        requested += trial->verdicts[index].reserved_bytes;
        needed = oracle_sum(
            needed, oracle_need_on(&trial->models[index], &trial->device,
                                   oracle_model_need(&trial->models[index], &trial->device)));
        rein_admission_outcome one = trial->verdicts[index].outcome;
        caps += one == REIN_ADMISSION_CAP;
        one = one == REIN_ADMISSION_CAP ? REIN_ADMISSION_FITS : one;
        first = one == REIN_ADMISSION_FITS ? first : index;
        worst = one == REIN_ADMISSION_FITS || worst == REIN_ADMISSION_DOES_NOT_FIT ? worst : one;
    }
    expect_number(device->requested_bytes, (uint64_t)requested, "requested");
    cr_assert(device->needed_bytes.is_known == needed.has_high &&
                  device->needed_bytes.value == (needed.has_high ? (uint64_t)needed.high : 0),
              "needed");
    expect_outcome(trial->verdict.outcome, worst, "the set");
    cr_assert(trial->verdict.first_failing_model == first, "the first failing model");
    expect_number(trial->verdict.cap_count, caps, "caps");
    cr_assert(device->removable_model == oracle_removable(trial), "removable: %zu, expected %zu",
              device->removable_model, oracle_removable(trial));
}

static uint64_t next_random(uint64_t *state, uint64_t bound) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state >> 33) % bound;
}

/* Mostly small and close to each other, so that boundaries are hit; sometimes near the maximum. */
static uint64_t random_size(uint64_t *state) {
    static const uint64_t bounds[] = {4, 16, 64, 200};
    uint64_t size = next_random(state, bounds[next_random(state, 4)]);
    return next_random(state, 60) == 0 ? UINT64_MAX - size : size;
}

static rein_fact_u64 random_fact(uint64_t *state) {
    return next_random(state, 6) == 0 ? unknown() : known(random_size(state));
}

static void random_model(uint64_t *state, rein_model_demand *model) {
    model->budget.memory_limit_bytes = 1 + random_size(state) / 2;
    model->weights_bytes = random_fact(state);
    model->activation_bytes = random_fact(state);
    model->activation_lower_bound_bytes = random_fact(state);
    if (model->activation_bytes.is_known && model->activation_lower_bound_bytes.is_known &&
        model->activation_lower_bound_bytes.value > model->activation_bytes.value) {
        model->activation_lower_bound_bytes = model->activation_bytes;
    }
}

/* Half of the models state no more than that. */
static void random_extras(uint64_t *state, rein_model_demand *model) {
    bool has_extras = next_random(state, 2) == 0;
    model->load_peak_bytes = has_extras ? random_fact(state) : unknown();
    model->state_bytes_per_sequence = has_extras ? random_fact(state) : unknown();
    model->concurrent_executions = has_extras ? next_random(state, 4) : 0;
    model->sequence_count = has_extras ? next_random(state, 4) : 0;
}

/* Measures some of the models. */
static void random_measurement(uint64_t *state, rein_model_demand *model) {
    if (next_random(state, 3) == 0) {
        model->measured_peak_bytes = known(1 + random_size(state) % (UINT64_MAX - 1));
    }
    model->measured_includes_contexts = next_random(state, 4) == 0;
}

/* Some models have an allocator that grows in steps, some one that doubles. */
static void random_growth(uint64_t *state, rein_model_demand *model) {
    model->growth_bytes = next_random(state, 4) == 0 ? next_random(state, 40) : 0;
    model->growth_doubles = next_random(state, 6) == 0;
}

/* In a third of the requests some models run in their own processes. */
static void random_processes(uint64_t *state, rein_model_demand *models, size_t count) {
    bool is_any_own = next_random(state, 3) == 0;
    for (size_t index = 0; index < count; index++) {
        models[index].process_count = is_any_own ? next_random(state, 4) : 0;
        models[index].limit_includes_context = is_any_own && next_random(state, 2) == 0;
    }
}

static admission_case random_case(uint64_t *state) {
    admission_case trial = case_of(next_random(state, MODEL_MAX + 1));
    for (size_t index = 0; index < trial.request.model_count; index++) {
        random_model(state, &trial.models[index]);
        random_extras(state, &trial.models[index]);
        random_measurement(state, &trial.models[index]);
        random_growth(state, &trial.models[index]);
    }
    random_processes(state, trial.models, trial.request.model_count);
    rein_device_profile *device = &trial.device;
    device->total_bytes = next_random(state, 4) == 0 ? unknown() : known(1 + random_size(state));
    device->free_bytes = random_fact(state);
    if (device->total_bytes.is_known && device->total_bytes.value == 0) {
        device->total_bytes = unknown();
    }
    if (device->total_bytes.is_known && device->free_bytes.value > device->total_bytes.value) {
        device->free_bytes = device->total_bytes;
    }
    device->context_overhead_bytes = random_fact(state);
    device->allocation_granularity_bytes =
        next_random(state, 6) == 0 ? unknown() : known(1 + next_random(state, 9));
    device->pool_growth_bytes =
        next_random(state, 2) == 0 ? unknown() : known(1 + next_random(state, 40));
    device->supports_memory_pools = (rein_fact_bool){.is_known = next_random(state, 2) == 0,
                                                     .value = next_random(state, 2) == 0};
    trial.request.process_count = 1 + next_random(state, 3);
    trial.request.headroom_bytes = random_size(state) / 4;
    trial.request.reserved_bytes = random_size(state) / 4;
    trial.request.reserved_in_use_bytes =
        trial.request.reserved_bytes / (1 + next_random(state, 3)) * next_random(state, 2);
    trial.request.has_unknown_reservations = next_random(state, 16) == 0;
    trial.request.others_total_bytes =
        next_random(state, 16) == 0 ? known(next_random(state, 2000)) : device->total_bytes;
    return trial;
}

Test(admission, agrees_with_the_oracle_on_random_requests) {
    uint64_t state = 20;
    size_t outcomes[4] = {0};
    size_t overflows = 0;
    for (int round = 0; round < 100000; round++) {
        admission_case trial = random_case(&state);
        rein_result_admission_verdict decided = attempt(&trial);
        cr_assert(rein_result_admission_verdict_is_error(decided) == oracle_overflows(&trial),
                  "round %d: an error exactly where a number does not fit", round);
        if (rein_result_admission_verdict_is_error(decided)) {
            overflows++;
            continue;
        }
        trial.verdict = REIN_VALUE(decided);
        check_case(&trial);
        outcomes[trial.verdict.outcome]++;
    }
    cr_assert(outcomes[1] > 1000 && outcomes[2] > 1000 && outcomes[3] > 1000 && overflows > 1000,
              "every outcome was met: %zu, %zu, %zu, and %zu overflows", outcomes[1], outcomes[2],
              outcomes[3], overflows);
}
