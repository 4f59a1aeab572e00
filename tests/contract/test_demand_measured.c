/* Models with a measured peak: the need, what the peak stands for, and the contexts. */
#include <criterion/criterion.h>

#include "admission_case.h"

enum { OVERHEAD = 7, PROCESSES = 3, ANY_SIZE = 1000000 };

/* The least and the largest need among all values that the unknown facts may have. */
typedef struct need_range {
    uint64_t least;
    uint64_t most; /* above ANY_SIZE: no size is large enough */
} need_range;

static uint64_t larger_of(uint64_t left, uint64_t right) {
    return left > right ? left : right;
}

/* Bit `bit` of `choice` decides whether an unknown fact is 0 or larger than any limit. */
static uint64_t chosen(rein_fact_u64 fact, unsigned choice, unsigned bit) {
    return fact.is_known ? fact.value : (choice >> bit & 1U) * ANY_SIZE;
}

/* The activations are between the lower bound and the plan. */
static uint64_t chosen_activations(const rein_model_demand *model, unsigned choice) {
    bool is_lower = (choice >> 1 & 1U) == 0;
    return is_lower ? model->activation_lower_bound_bytes.value
                    : chosen(model->activation_bytes, choice, 1);
}

static uint64_t need_for(const rein_model_demand *model, rein_fact_u64 overhead, bool has_contexts,
                         unsigned choice) {
    uint64_t running = chosen(model->weights_bytes, choice, 0) + chosen_activations(model, choice) +
                       model->sequence_count * chosen(model->state_bytes_per_sequence, choice, 2);
    uint64_t contexts = has_contexts ? PROCESSES * chosen(overhead, choice, 3) : 0;
    return larger_of(running, model->load_peak_bytes.value) + contexts;
}

static need_range need_by_facts(const rein_model_demand *model, rein_fact_u64 overhead,
                                bool has_contexts) {
    need_range range = {.least = UINT64_MAX};
    for (unsigned choice = 0; choice < 16; choice++) {
        uint64_t need = need_for(model, overhead, has_contexts, choice);
        range.least = need < range.least ? need : range.least;
        range.most = larger_of(range.most, need);
    }
    return range;
}

/* Sets the unknown facts to 0, or the activations to their lower bound: what the peak replaces. */
static rein_model_demand filled(const rein_model_demand *model) {
    rein_model_demand full = *model;
    full.weights_bytes.is_known = true;
    full.state_bytes_per_sequence.is_known = true;
    full.activation_bytes = model->activation_bytes.is_known
                                ? model->activation_bytes
                                : known(model->activation_lower_bound_bytes.value);
    return full;
}

static need_range need_of_measured(const rein_model_demand *model, rein_fact_u64 overhead) {
    bool has_contexts = model->measured_includes_contexts || model->limit_includes_context;
    uint64_t beside = has_contexts && !model->measured_includes_contexts
                          ? (overhead.is_known ? PROCESSES * OVERHEAD : 0)
                          : 0;
    rein_model_demand full = filled(model);
    rein_fact_u64 counted = model->measured_includes_contexts ? known(overhead.value) : overhead;
    need_range range = need_by_facts(&full, counted, has_contexts);
    range.least = larger_of(range.least, model->measured_peak_bytes.value + beside);
    range.most = larger_of(range.most, model->measured_peak_bytes.value + beside);
    return range;
}

static rein_admission_outcome outcome_of(need_range range, uint64_t limit) {
    if (range.least > limit) {
        return REIN_ADMISSION_DOES_NOT_FIT;
    }
    return range.most < ANY_SIZE && range.most <= limit ? REIN_ADMISSION_FITS
                                                        : REIN_ADMISSION_CANNOT_TELL;
}

static void expect_range(const rein_model_verdict *verdict, need_range range) {
    bool is_bounded = range.most < ANY_SIZE;
    expect_number(verdict->needed_at_least_bytes, range.least, "needed at least");
    cr_assert(verdict->needed_bytes.is_known == is_bounded, "needed is known: %d", is_bounded);
    expect_number(verdict->needed_bytes.value, is_bounded ? range.most : 0, "needed");
}

/* Compares the verdict on a measured model with the need by facts and with the measured need. */
static void check_measured(admission_case *trial) {
    const rein_model_demand *model = &trial->models[0];
    rein_fact_u64 overhead = trial->device.context_overhead_bytes;
    bool covers = model->limit_includes_context || model->measured_includes_contexts;
    need_range by_facts = need_by_facts(model, overhead, covers);
    need_range range = need_of_measured(model, overhead);
    const uint64_t limits[] = {range.least - 1, range.least,        range.most - 1,
                               range.most,      by_facts.least + 1, 2 * ANY_SIZE};
    for (size_t index = 0; index < sizeof limits / sizeof limits[0]; index++) {
        trial->models[0].budget.memory_limit_bytes = limits[index] > 0 ? limits[index] : 1;
        decide(trial);
        const rein_model_verdict *verdict = &trial->verdicts[0];
        rein_admission_outcome outcome = outcome_of(range, verdict->limit_bytes);
        expect_outcome(verdict->outcome, outcome, "measured");
        expect_range(verdict, range);
        bool is_more = outcome == REIN_ADMISSION_FITS ? range.most != by_facts.most
                                                      : range.least != by_facts.least;
        cr_assert(verdict->is_measured == (is_more && outcome != REIN_ADMISSION_CANNOT_TELL),
                  "as measured, %s", rein_admission_outcome_name(outcome));
        expect_number(trial->verdict.device.context_count, covers ? 0 : PROCESSES, "contexts");
    }
}

/* Returns a known fact if its bit is set in `known_facts`. */
static rein_fact_u64 fact_if(unsigned known_facts, unsigned bit, uint64_t value) {
    return (known_facts >> bit & 1U) != 0 ? known(value) : unknown();
}

static void set_facts(admission_case *trial, unsigned known_facts) {
    rein_model_demand *model = &trial->models[0];
    model->weights_bytes = fact_if(known_facts, 0, 30);
    model->activation_bytes = fact_if(known_facts, 1, 20);
    model->activation_lower_bound_bytes = fact_if(known_facts, 2, 12);
    model->state_bytes_per_sequence = fact_if(known_facts, 3, 5);
    model->load_peak_bytes = fact_if(known_facts, 4, 55);
    trial->device.context_overhead_bytes = fact_if(known_facts, 5, OVERHEAD);
    model->limit_includes_context = (known_facts >> 6 & 1U) != 0;
    model->measured_includes_contexts = (known_facts >> 7 & 1U) != 0;
    model->sequence_count = (known_facts >> 8 & 1U) != 0 ? 2 : 0;
    model->process_count = PROCESSES;
}

/* Below, between, at and above the sums of the facts. */
static const uint64_t peaks[] = {1, 12, 42, 50, 55, 56, 60, 63, 81, 82, 500};

Test(demand_measured, the_need_is_the_larger_of_the_facts_and_the_measured_peak) {
    for (unsigned known_facts = 0; known_facts < 1U << 9; known_facts++) {
        for (size_t index = 0; index < sizeof peaks / sizeof peaks[0]; index++) {
            admission_case trial = case_of(1);
            set_facts(&trial, known_facts);
            trial.models[0].measured_peak_bytes = known(peaks[index]);
            check_measured(&trial);
        }
    }
}

Test(demand_measured, an_unknown_peak_changes_nothing) {
    for (unsigned known_facts = 0; known_facts < 1U << 9; known_facts++) {
        admission_case trial = case_of(1);
        set_facts(&trial, known_facts);
        trial.models[0].measured_peak_bytes = (rein_fact_u64){.value = UINT64_MAX};
        decide(&trial);
        admission_case plain = trial;
        plain.models[0].measured_includes_contexts = false;
        plain.models[0].measured_peak_bytes = unknown();
        decide(&plain);
        expect_outcome(trial.verdicts[0].outcome, plain.verdicts[0].outcome, "the model");
        expect_number(trial.verdicts[0].needed_bytes.value, plain.verdicts[0].needed_bytes.value,
                      "needed");
        expect_number(trial.verdict.device.context_count, plain.verdict.device.context_count,
                      "contexts");
        cr_assert(!trial.verdicts[0].is_measured, "nothing was measured");
    }
}

static admission_case measured_case(uint64_t limit, uint64_t peak) {
    admission_case trial = case_of(1);
    trial.models[0] = rein_model_demand_make(trial.models[0].id, trial.models[0].budget);
    trial.models[0].budget.memory_limit_bytes = limit;
    trial.models[0].measured_peak_bytes = known(peak);
    decide(&trial);
    return trial;
}

Test(demand_measured, a_measured_peak_alone_is_not_a_cap) {
    admission_case trial = measured_case(100, 100);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_FITS, "100 of 100");
    expect_number(trial.verdict.cap_count, 0, "caps");
    cr_assert(trial.verdicts[0].is_measured, "nothing else is known");
    trial = measured_case(99, 100);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_DOES_NOT_FIT, "100 of 99");
    expect_number(trial.verdicts[0].shortfall_bytes, 1, "shortfall");
    cr_assert(trial.verdicts[0].is_measured, "nothing else is known");
}

Test(demand_measured, the_peak_is_rounded_up) {
    admission_case trial = measured_case(112, 97);
    trial.device.allocation_granularity_bytes = known(16);
    trial.device.context_overhead_bytes = known(3);
    decide(&trial);
    expect_known(trial.verdicts[0].needed_bytes, 112, "97 in steps of 16");
    trial.models[0].measured_includes_contexts = true;
    decide(&trial);
    expect_known(trial.verdicts[0].needed_bytes, 112, "the context is in the 97");
    trial.device.allocation_granularity_bytes = unknown();
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_CANNOT_TELL, "steps are unknown");
    expect_number(trial.verdicts[0].missing, REIN_MISSING_GRANULARITY, "missing");
    expect_number(trial.verdicts[0].needed_at_least_bytes, 97, "needed at least");
    cr_assert(!trial.verdicts[0].is_measured, "an outcome that is open rests on nothing");
}

Test(demand_measured, contexts_that_are_not_in_the_peak_are_added_if_the_limit_includes_them) {
    admission_case trial = measured_case(106, 100);
    trial.device.context_overhead_bytes = known(3);
    trial.models[0].limit_includes_context = true;
    trial.models[0].process_count = 2;
    decide(&trial);
    expect_known(trial.verdicts[0].needed_bytes, 106, "100 and 2 contexts");
    trial.device.context_overhead_bytes = unknown();
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_CANNOT_TELL, "100 and ? of 106");
    expect_number(trial.verdicts[0].missing, REIN_MISSING_CONTEXT_OVERHEAD, "missing");
    trial.models[0].measured_includes_contexts = true;
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_FITS, "100 with them of 106");
    expect_known(trial.verdicts[0].needed_bytes, 100, "none is added");
}

Test(demand_measured, contexts_in_the_peak_do_not_count_on_the_device) {
    admission_case trial = case_of(2);
    trial.device.context_overhead_bytes = known(50);
    trial.request.process_count = 4;
    trial.models[0].measured_peak_bytes = known(90);
    decide(&trial);
    cr_assert(!rein_admission_has_own_processes(&trial.request), "no context is in a limit");
    expect_known(trial.verdict.device.context_bytes, 200, "of the request");
    trial.models[0].measured_includes_contexts = true;
    decide(&trial);
    cr_assert(rein_admission_has_own_processes(&trial.request), "a limit covers its contexts");
    expect_number(rein_admission_process_count(&trial.request), 2, "processes");
    expect_known(trial.verdict.device.context_bytes, 50, "of the other model");
    cr_assert(trial.verdict.device.removable_model == 2, "it fits");
}

Test(demand_measured, a_limit_covers_contexts_if_it_is_stated_or_measured) {
    rein_model_demand model = model_of(1, 1, 1);
    cr_assert(!rein_model_demand_covers_contexts(NULL), "no demand");
    cr_assert(!rein_model_demand_covers_contexts(&model), "neither");
    model.measured_includes_contexts = true;
    cr_assert(!rein_model_demand_covers_contexts(&model), "without a peak");
    model.measured_peak_bytes = known(1);
    cr_assert(rein_model_demand_covers_contexts(&model), "measured");
    model.measured_includes_contexts = false;
    cr_assert(!rein_model_demand_covers_contexts(&model), "measured without them");
    model.limit_includes_context = true;
    cr_assert(rein_model_demand_covers_contexts(&model), "stated");
}

Test(demand_measured, the_exact_plan_is_missing_if_the_limit_is_between_the_bounds) {
    admission_case trial = case_of(1);
    trial.models[0] = model_of(100, 60, 45);
    trial.models[0].activation_lower_bound_bytes = known(30);
    trial.models[0].measured_peak_bytes = known(95);
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_CANNOT_TELL, "95 to 105 of 100");
    expect_number(trial.verdicts[0].missing, REIN_MISSING_EXACT_PLAN, "missing");
}

Test(demand_measured, a_peak_of_0_is_refused) {
    admission_case trial = case_of(2);
    trial.models[1].measured_peak_bytes = known(0);
    rein_result_admission_verdict decided = attempt(&trial);
    expect_invalid(&REIN_ERROR(decided), "model 1 measured_peak_bytes 0B");
}

Test(demand_measured, a_peak_that_cannot_be_rounded_up_is_refused) {
    admission_case trial = case_of(2);
    trial.device.allocation_granularity_bytes = known(512);
    trial.models[1].measured_peak_bytes = known(UINT64_MAX);
    rein_result_admission_verdict decided = attempt(&trial);
    expect_invalid(&REIN_ERROR(decided), "model 1 64 bits");
    trial.device.allocation_granularity_bytes = known(1);
    trial.device.context_overhead_bytes = known(1);
    trial.models[1].limit_includes_context = true;
    decided = attempt(&trial);
    expect_invalid(&REIN_ERROR(decided), "model 1 64 bits");
}
