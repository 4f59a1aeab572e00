#include <criterion/criterion.h>

#include "admission_case.h"

static const rein_model_verdict *decide_one(admission_case *trial) {
    decide(trial);
    return &trial->verdicts[0];
}

Test(demand, a_made_demand_is_a_cap) {
    admission_case trial = case_of(1);
    trial.models[0] =
        rein_model_demand_make(REIN_UNWRAP(rein_model_id_make("m")), trial.models[0].budget);
    expect_outcome(decide_one(&trial)->outcome, REIN_ADMISSION_CAP, "no fact is known");
    trial.models[0].concurrent_executions = 3;
    trial.models[0].sequence_count = 3;
    trial.models[0].process_count = 3;
    trial.models[0].limit_includes_context = true;
    expect_outcome(decide_one(&trial)->outcome, REIN_ADMISSION_CAP, "counts are not facts");
    trial.models[0].load_peak_bytes = known(100);
    expect_outcome(decide_one(&trial)->outcome, REIN_ADMISSION_CANNOT_TELL, "one fact is known");
    expect_number(trial.verdicts[0].missing,
                  REIN_MISSING_WEIGHTS | REIN_MISSING_ACTIVATIONS | REIN_MISSING_STATE, "missing");
    trial.models[0].load_peak_bytes = unknown();
    trial.models[0].state_bytes_per_sequence = known(1);
    expect_outcome(decide_one(&trial)->outcome, REIN_ADMISSION_CANNOT_TELL,
                   "another fact is known");
}

Test(demand, each_concurrent_execution_needs_its_activations) {
    admission_case trial = case_of(1);
    trial.device.allocation_granularity_bytes = known(16);
    trial.models[0] = model_of(160, 60, 17); /* 64 + 3 * 32 */
    trial.models[0].concurrent_executions = 3;
    expect_outcome(decide_one(&trial)->outcome, REIN_ADMISSION_FITS, "160 of 160");
    expect_known(trial.verdicts[0].needed_bytes, 160, "each is rounded up");
    trial.models[0].activation_bytes = known(33); /* 64 + 3 * 48 */
    expect_outcome(decide_one(&trial)->outcome, REIN_ADMISSION_CANNOT_TELL, "160 to 208 of 160");
    expect_number(trial.verdicts[0].missing, REIN_MISSING_EXACT_PLAN, "missing");
    expect_known(trial.verdicts[0].needed_bytes, 208, "both bounds are multiplied");
    trial.models[0].concurrent_executions = 0;
    expect_known(decide_one(&trial)->needed_bytes, 112, "0 means 1");
}

Test(demand, each_sequence_needs_its_state) {
    admission_case trial = case_of(1);
    trial.device.allocation_granularity_bytes = known(16);
    trial.models[0] = model_of(160, 60, 10); /* 64 + 16 + 5 * 16 */
    trial.models[0].sequence_count = 5;
    expect_outcome(decide_one(&trial)->outcome, REIN_ADMISSION_CANNOT_TELL, "the state is unknown");
    expect_number(trial.verdicts[0].missing, REIN_MISSING_STATE, "missing");
    expect_number(trial.verdicts[0].needed_at_least_bytes, 80, "without the state");
    trial.models[0].state_bytes_per_sequence = known(9);
    expect_outcome(decide_one(&trial)->outcome, REIN_ADMISSION_FITS, "160 of 160");
    expect_known(trial.verdicts[0].needed_bytes, 160, "each is rounded up");
    trial.models[0].sequence_count = 6;
    expect_outcome(decide_one(&trial)->outcome, REIN_ADMISSION_DOES_NOT_FIT, "176 of 160");
    expect_number(trial.verdicts[0].shortfall_bytes, 16, "shortfall");
    trial.models[0].sequence_count = 0;
    trial.models[0].state_bytes_per_sequence = known(UINT64_MAX);
    expect_known(decide_one(&trial)->needed_bytes, 80, "no sequence, no state");
}

Test(demand, the_load_peak_decides_if_it_is_the_larger_amount) {
    admission_case trial = case_of(1);
    trial.device.allocation_granularity_bytes = known(8);
    trial.models[0] = model_of(104, 40, 40);
    trial.models[0].load_peak_bytes = known(80);
    expect_known(decide_one(&trial)->needed_bytes, 80, "equal");
    trial.models[0].load_peak_bytes = known(97);
    expect_outcome(decide_one(&trial)->outcome, REIN_ADMISSION_FITS, "104 of 104");
    expect_known(trial.verdicts[0].needed_bytes, 104, "rounded up");
    trial.models[0].load_peak_bytes = known(105);
    expect_outcome(decide_one(&trial)->outcome, REIN_ADMISSION_DOES_NOT_FIT, "112 of 104");
    expect_number(trial.verdicts[0].shortfall_bytes, 8, "shortfall");
    trial.models[0].load_peak_bytes = known(39);
    expect_known(decide_one(&trial)->needed_bytes, 80, "one below the weights decides nothing");
    trial.models[0].weights_bytes = unknown();
    trial.models[0].load_peak_bytes = known(97);
    expect_outcome(decide_one(&trial)->outcome, REIN_ADMISSION_CANNOT_TELL, "weights are unknown");
    expect_number(trial.verdicts[0].needed_at_least_bytes, 104, "at least to load it");
    expect_number(trial.verdicts[0].missing, REIN_MISSING_WEIGHTS, "missing");
}

Test(demand, each_model_runs_in_its_own_processes_if_one_states_some) {
    admission_case trial = case_of(3);
    trial.device.context_overhead_bytes = known(100);
    trial.request.process_count = 2;
    cr_assert(!rein_admission_has_own_processes(&trial.request), "no models yet");
    decide(&trial);
    cr_assert(!rein_admission_has_own_processes(&trial.request), "none states any");
    expect_number(rein_admission_process_count(&trial.request), 2, "of the request");
    expect_number(trial.verdict.device.context_count, 2, "contexts of the request");
    trial.models[1].process_count = 4;
    decide(&trial);
    cr_assert(rein_admission_has_own_processes(&trial.request), "one states four");
    expect_number(rein_admission_process_count(&trial.request), 6, "1 + 4 + 1");
    expect_number(trial.verdict.device.context_count, 6, "contexts");
    expect_known(trial.verdict.device.context_bytes, 600, "their overhead");
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_FITS, "300 + 600 of 1000");
    trial.models[2].process_count = UINT64_MAX;
    expect_number(rein_admission_process_count(&trial.request), UINT64_MAX, "saturates");
    cr_assert(!rein_admission_has_own_processes(NULL), "no request");
    expect_number(rein_admission_process_count(NULL), 0, "no request");
    trial.models[0].struct_size--;
    cr_assert(!rein_admission_has_own_processes(&trial.request), "a model of another layout");
    size_t other_layout = sizeof other_layout; /* and nothing after it */
    const rein_admission_request *other = (const void *)&other_layout;
    cr_assert(!rein_admission_has_own_processes(other), "another layout");
    expect_number(rein_admission_process_count(other), 0, "another layout");
}

Test(demand, a_context_inside_a_limit_counts_only_there) {
    admission_case trial = case_of(2);
    trial.device.context_overhead_bytes = known(50);
    trial.models[0].limit_includes_context = true;
    decide(&trial);
    expect_number(rein_admission_process_count(&trial.request), 2, "processes");
    expect_known(trial.verdict.device.context_bytes, 50, "of the other model");
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_DOES_NOT_FIT, "100 + 50 of 100");
    expect_number(trial.verdicts[0].shortfall_bytes, 50, "shortfall");
    trial.models[0].process_count = 2;
    trial.models[0].budget.memory_limit_bytes = 200;
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_FITS, "100 + 2 * 50 of 200");
    expect_known(trial.verdicts[0].needed_bytes, 200, "needed");
    expect_known(trial.verdict.device.context_bytes, 50, "still of the other model");
}

Test(demand, the_device_is_judged_if_every_limit_includes_the_unknown_context) {
    admission_case trial = case_of(2);
    trial.device.context_overhead_bytes = unknown();
    trial.models[0].limit_includes_context = true;
    decide(&trial);
    expect_number(trial.verdict.device.missing, REIN_MISSING_CONTEXT_OVERHEAD, "of the other");
    trial.models[1].limit_includes_context = true;
    decide(&trial);
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_FITS, "200 of 1000");
    expect_known(trial.verdict.device.context_bytes, 0, "no context counts on the device");
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_CANNOT_TELL, "100 and a context");
    expect_number(trial.verdicts[0].missing, REIN_MISSING_CONTEXT_OVERHEAD, "of the model");
    trial.device.free_bytes = known(199);
    decide(&trial);
    expect_number(trial.verdict.device.missing, 0, "nothing is missing to refuse");
    trial.device.free_bytes = unknown();
    decide(&trial);
    expect_number(trial.verdict.device.missing, REIN_MISSING_DEVICE_MEMORY, "and no context");
}

Test(demand, removing_a_model_removes_its_own_contexts) {
    admission_case trial = case_of(3);
    trial.device.context_overhead_bytes = known(300);
    trial.models[0].process_count = 1;
    trial.models[1].budget.memory_limit_bytes = 101;
    decide(&trial); /* 3 * 300 + 301: short by 201 */
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_DOES_NOT_FIT, "1201 of 1000");
    cr_assert(trial.verdict.device.removable_model == 0, "100 and a context are enough");
    trial.models[0].limit_includes_context = true;
    trial.device.free_bytes = known(800);
    decide(&trial); /* 2 * 300 + 301: short by 101 */
    cr_assert(trial.verdict.device.removable_model == 2, "its context is inside its limit");
}

static const rein_memory_estimate estimate = {.weights_bytes = {true, 10},
                                              .load_peak_bytes = {true, 20},
                                              .activation_bytes = {true, 30},
                                              .activation_lower_bound_bytes = {true, 25}};

static rein_model_demand demand_of(const rein_memory_estimate *known_facts,
                                   rein_fact_u64 planned_bytes, rein_fact_u64 lower_bound_bytes) {
    return rein_model_demand_from_estimate(REIN_UNWRAP(rein_model_id_make("m")),
                                           rein_resource_budget_default(), known_facts,
                                           planned_bytes, lower_bound_bytes);
}

Test(demand_from_estimate, has_the_facts_of_the_estimate) {
    rein_model_demand demand = demand_of(&estimate, unknown(), unknown());
    rein_resource_budget budget = rein_resource_budget_default();
    cr_assert(is_same_text(demand.id.text, "m"), "the id");
    cr_assert(rein_resource_budget_equal(&demand.budget, &budget), "the budget");
    expect_number(demand.struct_size, sizeof demand, "the size");
    expect_known(demand.weights_bytes, 10, "weights");
    expect_known(demand.load_peak_bytes, 20, "load peak");
    expect_known(demand.activation_bytes, 30, "activations");
    expect_known(demand.activation_lower_bound_bytes, 25, "lower bound");
    expect_unknown(demand.state_bytes_per_sequence, "the caller chooses the number of tokens");
    expect_number(demand.concurrent_executions + demand.sequence_count + demand.process_count, 0,
                  "the caller sets the counts");
    cr_assert(!demand.limit_includes_context, "the caller says so");
    expect_unknown(demand.measured_peak_bytes, "no estimate is a measurement");
}

Test(demand_from_estimate, is_a_cap_if_nothing_is_known) {
    const rein_memory_estimate nothing = {.weights_bytes = {false, 0}};
    rein_model_demand demands[] = {demand_of(NULL, unknown(), unknown()),
                                   demand_of(&nothing, unknown(), unknown())};
    for (size_t index = 0; index < 2; index++) {
        expect_unknown(demands[index].weights_bytes, "weights");
        expect_unknown(demands[index].load_peak_bytes, "load peak");
        expect_unknown(demands[index].activation_bytes, "activations");
        expect_unknown(demands[index].activation_lower_bound_bytes, "lower bound");
        expect_unknown(demands[index].state_bytes_per_sequence, "state");
    }
}

Test(demand_from_estimate, activations_are_the_larger_of_estimate_and_plan) {
    static const struct {
        uint64_t planned;
        uint64_t larger;
    } rows[] = {{0, 30}, {29, 30}, {30, 30}, {31, 31}, {UINT64_MAX, UINT64_MAX}};
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        rein_model_demand demand = demand_of(&estimate, known(rows[index].planned), known(7));
        expect_known(demand.activation_bytes, rows[index].larger, "the larger");
        expect_known(demand.activation_lower_bound_bytes, 25, "the larger");
        expect_known(demand.weights_bytes, 10, "the estimate's");
    }
}

Test(demand_from_estimate, a_plan_alone_gives_the_activations) {
    rein_memory_estimate partly = estimate;
    partly.activation_bytes = unknown();
    partly.activation_lower_bound_bytes = unknown();
    rein_model_demand demand = demand_of(&partly, known(5), known(5));
    expect_known(demand.activation_bytes, 5, "the plan's");
    expect_known(demand.weights_bytes, 10, "the estimate's");
    demand = demand_of(NULL, known(5), known(4));
    expect_known(demand.activation_bytes, 5, "without an estimate");
    expect_known(demand.activation_lower_bound_bytes, 4, "without an estimate");
    expect_unknown(demand.weights_bytes, "without an estimate");
}

Test(demand_from_estimate, a_plan_below_the_lower_bound_is_ignored) {
    rein_memory_estimate partly = estimate;
    partly.activation_bytes = unknown();
    rein_model_demand demand = demand_of(&partly, known(24), known(24));
    expect_unknown(demand.activation_bytes, "there is more than the plan knows of");
    expect_known(demand.activation_lower_bound_bytes, 25, "the estimate's");
    demand = demand_of(&partly, known(25), known(24));
    expect_known(demand.activation_bytes, 25, "the plan's");
    demand = demand_of(&estimate, known(40), known(40));
    expect_known(demand.activation_lower_bound_bytes, 40, "the plan's");
}
