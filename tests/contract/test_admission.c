#include <criterion/criterion.h>

#include <limits.h>
#include <stdio.h>

#include "admission_case.h"

Test(admission, names_are_stable) {
    static const char *const outcomes[] = {"unknown",     "fits", "does not fit",
                                           "cannot tell", "cap",  "unknown"};
    static const char *const bases[] = {"unknown", "unknown", "free",
                                        "total",   "unknown", "unknown"};
    for (int value = 0; value <= 5; value++) {
        cr_assert(is_same_text(rein_admission_outcome_name((rein_admission_outcome)value),
                               outcomes[value]),
                  "outcome %d", value);
        cr_assert(is_same_text(rein_memory_basis_name((rein_memory_basis)value), bases[value]),
                  "basis %d", value);
    }
    cr_assert(REIN_ADMISSION_FITS == 1 && REIN_ADMISSION_DOES_NOT_FIT == 2 &&
                  REIN_ADMISSION_CANNOT_TELL == 3 && REIN_ADMISSION_CAP == 4,
              "outcomes are stable");
    cr_assert(is_same_text(rein_admission_outcome_name((rein_admission_outcome)-1), "unknown") &&
                  is_same_text(rein_memory_basis_name((rein_memory_basis)INT_MAX), "unknown"),
              "others are unknown");
}

Test(admission_model, fits_its_budget_to_the_byte) {
    admission_case trial = case_of(1);
    trial.models[0] = model_of(100, 60, 40);
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_FITS, "60 + 40 of 100");
    expect_number(trial.verdicts[0].limit_bytes, 100, "limit");
    expect_number(trial.verdicts[0].reserved_bytes, 100, "reserved");
    expect_known(trial.verdicts[0].needed_bytes, 100, "needed");
    expect_number(trial.verdicts[0].needed_at_least_bytes, 100, "needed at least");
    expect_number(trial.verdicts[0].shortfall_bytes, 0, "shortfall");
    expect_number(trial.verdicts[0].missing, 0, "missing");
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_FITS, "the set");
    cr_assert(trial.verdict.first_failing_model == 1, "none fails");
}

Test(admission_model, does_not_fit_by_one_byte) {
    admission_case trial = case_of(1);
    trial.models[0] = model_of(100, 61, 40);
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_DOES_NOT_FIT, "61 + 40 of 100");
    expect_number(trial.verdicts[0].shortfall_bytes, 1, "shortfall");
    expect_known(trial.verdicts[0].needed_bytes, 101, "needed");
    expect_number(trial.verdicts[0].missing, 0, "missing");
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_FITS, "the limit fits the device");
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_DOES_NOT_FIT, "the set");
    cr_assert(trial.verdict.first_failing_model == 0, "the first fails");
}

Test(admission_model, rounds_each_part_and_the_limit_up) {
    admission_case trial = case_of(1);
    trial.device.allocation_granularity_bytes = rein_fact_u64_known(64);
    trial.models[0] = model_of(192, 65, 64);
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_FITS, "128 + 64 of 192");
    expect_known(trial.verdicts[0].needed_bytes, 192, "needed");
    trial.models[0] = model_of(191, 65, 1);
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_DOES_NOT_FIT,
                   "128 + 64 of 191: what is reserved is not what was promised");
    expect_number(trial.verdicts[0].shortfall_bytes, 1, "shortfall");
    expect_number(trial.verdicts[0].limit_bytes, 191, "the limit stays as it was given");
    expect_number(trial.verdicts[0].reserved_bytes, 192, "the limit rounded up");
    expect_number(trial.verdict.device.requested_bytes, 192, "and requested from the device");
}

static admission_case one_model(rein_fact_u64 weights, rein_fact_u64 activations,
                                rein_fact_u64 lower_bound) {
    admission_case trial = case_of(1);
    trial.models[0].weights_bytes = weights;
    trial.models[0].activation_bytes = activations;
    trial.models[0].activation_lower_bound_bytes = lower_bound;
    return trial;
}

/* Models with a limit of 100 bytes. At least one number of each is unknown in some row. */
Test(admission_model, cannot_tell_what_is_unknown_unless_no_value_could_help) {
    const struct {
        admission_case trial;
        rein_admission_outcome outcome;
        uint32_t missing;
        uint64_t at_least;
        const char *what;
    } rows[] = {
        {one_model(unknown(), known(40), known(40)), REIN_ADMISSION_CANNOT_TELL,
         REIN_MISSING_WEIGHTS, 40, "weights unknown"},
        {one_model(unknown(), known(100), known(100)), REIN_ADMISSION_CANNOT_TELL,
         REIN_MISSING_WEIGHTS, 100, "weights unknown, and room for none"},
        {one_model(unknown(), known(101), known(101)), REIN_ADMISSION_DOES_NOT_FIT, 0, 101,
         "weights unknown, activations alone too large"},
        {one_model(known(60), unknown(), unknown()), REIN_ADMISSION_CANNOT_TELL,
         REIN_MISSING_ACTIVATIONS, 60, "activations unknown"},
        {one_model(known(101), unknown(), unknown()), REIN_ADMISSION_DOES_NOT_FIT, 0, 101,
         "activations unknown, weights alone too large"},
        {one_model(known(60), unknown(), known(40)), REIN_ADMISSION_CANNOT_TELL,
         REIN_MISSING_ACTIVATIONS, 100, "a lower bound alone does not show what suffices"},
        {one_model(known(60), unknown(), known(41)), REIN_ADMISSION_DOES_NOT_FIT, 0, 101,
         "a lower bound can be too much"},
        {one_model(unknown(), unknown(), known(7)), REIN_ADMISSION_CANNOT_TELL,
         REIN_MISSING_WEIGHTS | REIN_MISSING_ACTIVATIONS, 7, "both unknown"},
        {one_model(known(60), known(41), known(40)), REIN_ADMISSION_CANNOT_TELL,
         REIN_MISSING_EXACT_PLAN, 100, "the limit is between bound and plan"},
        {one_model(known(60), known(41), unknown()), REIN_ADMISSION_CANNOT_TELL,
         REIN_MISSING_EXACT_PLAN, 60, "a plan too high, and no bound"},
        {one_model(known(60), known(40), unknown()), REIN_ADMISSION_FITS, 0, 60,
         "a plan that fits needs no bound"},
        {one_model(known(60), known(40), known(0)), REIN_ADMISSION_FITS, 0, 60, "nor a tight one"},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        admission_case trial = rows[index].trial;
        decide(&trial);
        const rein_model_verdict *verdict = &trial.verdicts[0];
        expect_outcome(verdict->outcome, rows[index].outcome, rows[index].what);
        expect_number(verdict->missing, rows[index].missing, rows[index].what);
        expect_number(verdict->needed_at_least_bytes, rows[index].at_least, rows[index].what);
        bool is_refused = verdict->outcome == REIN_ADMISSION_DOES_NOT_FIT;
        expect_number(verdict->shortfall_bytes, is_refused ? rows[index].at_least - 100 : 0,
                      rows[index].what);
        rein_fact_u64 weights = trial.models[0].weights_bytes;
        rein_fact_u64 activations = trial.models[0].activation_bytes;
        if (weights.is_known && activations.is_known) {
            expect_known(verdict->needed_bytes, weights.value + activations.value,
                         rows[index].what);
        } else {
            expect_unknown(verdict->needed_bytes, rows[index].what);
        }
        expect_outcome(trial.verdict.outcome, rows[index].outcome, rows[index].what);
    }
}

Test(admission_model, cannot_tell_without_the_granularity_unless_no_value_could_help) {
    admission_case trial = case_of(1);
    trial.device.allocation_granularity_bytes = unknown();
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_CANNOT_TELL, "100 of 100");
    expect_number(trial.verdicts[0].missing, REIN_MISSING_GRANULARITY, "missing");
    expect_unknown(trial.verdicts[0].needed_bytes, "needed");
    expect_number(trial.verdicts[0].needed_at_least_bytes, 100, "needed at least");
    expect_number(trial.verdicts[0].reserved_bytes, 100, "the limit, for all that is known");
    trial.models[0] = model_of(100, 61, 40);
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_DOES_NOT_FIT, "101 of 100");
    expect_number(trial.verdicts[0].shortfall_bytes, 1, "shortfall");
    expect_number(trial.verdicts[0].missing, 0, "missing");
}

Test(admission_model, value_of_an_unknown_fact_is_not_read) {
    rein_fact_u64 stale = {.is_known = false, .value = UINT64_MAX};
    admission_case trial = one_model(stale, stale, stale);
    trial.device.context_overhead_bytes = stale;
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_CAP, "the model");
    expect_number(trial.verdicts[0].needed_at_least_bytes, 0, "needed at least");
    expect_unknown(trial.verdicts[0].needed_bytes, "needed");
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_CANNOT_TELL, "the device");
    expect_unknown(trial.verdict.device.context_bytes, "contexts");
}

static void make_cap(rein_model_demand *model) {
    model->weights_bytes = unknown();
    model->activation_bytes = unknown();
    model->activation_lower_bound_bytes = unknown();
}

Test(admission_cap, is_judged_only_by_its_promise) {
    admission_case trial = case_of(2);
    trial.device.allocation_granularity_bytes = known(8);
    trial.device.free_bytes = known(208);
    make_cap(&trial.models[0]);
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_CAP, "a budget and nothing else");
    expect_number(trial.verdicts[0].missing, 0, "nothing is missing to judge its promise");
    expect_number(trial.verdicts[0].limit_bytes, 100, "its limit");
    expect_number(trial.verdicts[0].reserved_bytes, 104, "the bytes set aside for it");
    expect_unknown(trial.verdicts[0].needed_bytes, "needed");
    expect_number(trial.verdicts[0].shortfall_bytes, 0, "shortfall");
    expect_number(trial.verdict.device.requested_bytes, 208, "both count on the device");
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_DOES_NOT_FIT,
                   "60 + 40, in eights, of 100");
    cr_assert(trial.verdict.first_failing_model == 1, "the other one fails");
    expect_number(trial.verdict.cap_count, 1, "caps");
    make_cap(&trial.models[1]);
    decide(&trial);
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_FITS, "208 of 208");
    expect_number(trial.verdict.cap_count, 2, "caps");
    cr_assert(trial.verdict.first_failing_model == 2, "none fails");
    trial.device.free_bytes = known(207);
    decide(&trial);
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_DOES_NOT_FIT, "208 of 207");
    expect_number(trial.verdict.device.shortfall_bytes, 1, "shortfall");
    cr_assert(trial.verdict.device.removable_model == 0, "without one of them it fits");
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_CAP, "still not judged");
}

/* Tries every set of known facts. A model with a single known fact is not a cap. */
Test(admission_cap, is_a_model_that_states_only_a_budget) {
    for (int facts = 0; facts < 8; facts++) {
        admission_case trial = case_of(1);
        make_cap(&trial.models[0]);
        trial.models[0].weights_bytes = (facts & 1) != 0 ? known(0) : unknown();
        trial.models[0].activation_bytes = (facts & 2) != 0 ? known(0) : unknown();
        trial.models[0].activation_lower_bound_bytes = (facts & 4) != 0 ? known(0) : unknown();
        decide(&trial);
        bool is_cap = trial.verdicts[0].outcome == REIN_ADMISSION_CAP;
        cr_assert(is_cap == (facts == 0), "facts %d", facts);
        expect_number(trial.verdict.cap_count, is_cap ? 1 : 0, "caps");
    }
}

Test(admission_cap, does_not_fit_below_the_contexts_that_its_limit_covers) {
    admission_case trial = case_of(1);
    make_cap(&trial.models[0]);
    trial.models[0].limit_includes_context = true;
    trial.models[0].process_count = 2;
    trial.device.context_overhead_bytes = known(50);
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_CAP, "100 for two contexts of 50");
    trial.device.context_overhead_bytes = known(51);
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_DOES_NOT_FIT, "two contexts of 51");
    expect_number(trial.verdicts[0].shortfall_bytes, 2, "shortfall");
    expect_number(trial.verdict.cap_count, 0, "caps");
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_DOES_NOT_FIT, "the set");
    trial.models[0].limit_includes_context = false;
    decide(&trial);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_CAP, "contexts beside the limit");
}

Test(admission_growth, counts_for_the_model_that_grows_alone) {
    admission_case trial = case_of(2);
    trial.device.allocation_granularity_bytes = known(8);
    trial.models[1].growth_doubles = true;
    decide(&trial);
    expect_number(trial.verdicts[0].reserved_bytes, 104, "100, in eights");
    expect_number(trial.verdicts[1].reserved_bytes, 128, "100, doubled from 1");
    expect_number(trial.verdict.device.requested_bytes, 232, "requested");
    expect_number(trial.verdicts[1].limit_bytes, 100, "the limit is as it was");
    trial.models[1].growth_doubles = false;
    trial.models[1].growth_bytes = 30;
    decide(&trial);
    expect_number(trial.verdicts[1].reserved_bytes, 120, "100, in steps of 30, in eights");
    trial.models[1].budget.memory_limit_bytes = 128;
    trial.models[1].growth_doubles = true;
    decide(&trial);
    expect_number(trial.verdicts[1].reserved_bytes, 128, "a power of two, whatever the step");
}

Test(admission_cap, does_not_make_the_device_known) {
    static const uint32_t bits[] = {REIN_MISSING_DEVICE_MEMORY, REIN_MISSING_CONTEXT_OVERHEAD,
                                    REIN_MISSING_GRANULARITY};
    for (size_t fact = 0; fact < 3; fact++) {
        admission_case trial = case_of(1);
        make_cap(&trial.models[0]);
        rein_fact_u64 *const facts[] = {&trial.device.free_bytes,
                                        &trial.device.context_overhead_bytes,
                                        &trial.device.allocation_granularity_bytes};
        *facts[fact] = unknown();
        decide(&trial);
        expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_CAP, "the model");
        expect_outcome(trial.verdict.outcome, REIN_ADMISSION_CANNOT_TELL, "the set");
        expect_number(trial.verdict.device.missing, bits[fact], "missing");
    }
}

/* A model of 100 bytes beside `reserved` bytes, of which `in_use` to all are already missing from
 * the free memory. */
Test(admission_device, free_memory_may_lack_what_others_reserved) {
    static const struct {
        uint64_t total, free_bytes, reserved, in_use;
        rein_admission_outcome outcome;
        rein_memory_basis basis;
        uint64_t available, available_at_most, shortfall;
    } rows[] = {
        {1000, 500, 400, 0, REIN_ADMISSION_FITS, REIN_MEMORY_BASIS_FREE, 100, 500, 0},
        {1000, 499, 400, 0, REIN_ADMISSION_CANNOT_TELL, REIN_MEMORY_BASIS_FREE, 99, 499, 0},
        {1000, 499, 400, 1, REIN_ADMISSION_FITS, REIN_MEMORY_BASIS_FREE, 100, 499, 0},
        {1000, 100, 400, 0, REIN_ADMISSION_CANNOT_TELL, REIN_MEMORY_BASIS_FREE, 0, 100, 0},
        {1000, 100, 400, 400, REIN_ADMISSION_FITS, REIN_MEMORY_BASIS_FREE, 100, 100, 0},
        {1000, 99, 400, 0, REIN_ADMISSION_DOES_NOT_FIT, REIN_MEMORY_BASIS_FREE, 0, 99, 1},
        {500, 100, 400, 0, REIN_ADMISSION_CANNOT_TELL, REIN_MEMORY_BASIS_FREE, 0, 100, 0},
        {499, 100, 400, 0, REIN_ADMISSION_DOES_NOT_FIT, REIN_MEMORY_BASIS_TOTAL, 99, 99, 1},
        {450, 400, 400, 0, REIN_ADMISSION_DOES_NOT_FIT, REIN_MEMORY_BASIS_TOTAL, 50, 50, 50},
        {600, 550, 400, 0, REIN_ADMISSION_FITS, REIN_MEMORY_BASIS_FREE, 150, 200, 0},
        {499, 40, 400, 0, REIN_ADMISSION_DOES_NOT_FIT, REIN_MEMORY_BASIS_FREE, 0, 40, 60},
        {0, 499, 400, 0, REIN_ADMISSION_CANNOT_TELL, REIN_MEMORY_BASIS_FREE, 99, 499, 0},
        {0, 100, 4000, 0, REIN_ADMISSION_CANNOT_TELL, REIN_MEMORY_BASIS_FREE, 0, 100, 0},
        /* Free and used memory exceed the total. The promises must still be within the total. */
        {499, 499, 400, 400, REIN_ADMISSION_DOES_NOT_FIT, REIN_MEMORY_BASIS_TOTAL, 99, 99, 1},
        {600, 599, 400, 400, REIN_ADMISSION_FITS, REIN_MEMORY_BASIS_FREE, 200, 200, 0},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        char what[32];
        snprintf(what, sizeof what, "row %zu", index);
        admission_case trial = case_of(1);
        trial.device.total_bytes = rows[index].total > 0 ? known(rows[index].total) : unknown();
        trial.device.free_bytes = known(rows[index].free_bytes);
        trial.request.reserved_bytes = rows[index].reserved;
        trial.request.reserved_in_use_bytes = rows[index].in_use;
        decide(&trial);
        const rein_device_verdict *device = &trial.verdict.device;
        expect_outcome(device->outcome, rows[index].outcome, what);
        expect_outcome(trial.verdict.outcome, rows[index].outcome, what);
        cr_assert(device->basis == rows[index].basis, "%s: by %s", what,
                  rein_memory_basis_name(device->basis));
        expect_known(device->available_bytes, rows[index].available, what);
        expect_known(device->available_at_most_bytes, rows[index].available_at_most, what);
        expect_number(device->shortfall_bytes, rows[index].shortfall, what);
        bool is_untold = rows[index].outcome == REIN_ADMISSION_CANNOT_TELL;
        expect_number(device->missing, is_untold ? REIN_MISSING_RESERVED_IN_USE : 0, what);
    }
}

/* Without the removable model the rest fits, however much others use. */
Test(admission_device, removable_model_makes_room_beside_reservations) {
    admission_case trial = case_of(2);
    trial.models[0] = model_of(300, 1, 1);
    trial.device.total_bytes = known(1000);
    trial.device.free_bytes = known(350);
    trial.request.reserved_bytes = 100;
    decide(&trial);
    expect_number(trial.verdict.device.shortfall_bytes, 50, "whatever is in use");
    cr_assert(trial.verdict.device.removable_model == 0, "350 - 100 has room for 100");
    trial.device.free_bytes = known(399);
    decide(&trial);
    cr_assert(trial.verdict.device.removable_model == 0, "without the 100, 299 to 399 for 300");
    trial.device.free_bytes = known(199);
    trial.models[0] = model_of(100, 1, 1);
    decide(&trial);
    expect_number(trial.verdict.device.shortfall_bytes, 1, "whatever is in use");
    cr_assert(trial.verdict.device.removable_model == 2, "99 to 199 may be too little for 100");
}

/* If both totals are known and differ, the outcome is "cannot tell", whichever is larger. */
Test(admission_device, cannot_tell_if_others_state_another_total) {
    static const uint64_t totals[] = {50, 999, 1001, UINT64_MAX};
    for (size_t index = 0; index < sizeof totals / sizeof totals[0]; index++) {
        admission_case trial = case_of(1);
        trial.device.total_bytes = known(1000);
        trial.request.others_total_bytes = known(totals[index]);
        decide(&trial);
        expect_outcome(trial.verdict.outcome, REIN_ADMISSION_CANNOT_TELL, "100 of 1000");
        expect_number(trial.verdict.device.missing, REIN_MISSING_DEVICE_TOTAL, "missing");
        trial.device.free_bytes = known(99);
        decide(&trial);
        expect_outcome(trial.verdict.outcome, REIN_ADMISSION_CANNOT_TELL, "100 of 99");
        trial.device.total_bytes = unknown();
        decide(&trial);
        expect_outcome(trial.verdict.outcome, REIN_ADMISSION_DOES_NOT_FIT, "by the free memory");
        trial.request.others_total_bytes = known(1000);
        trial.device.total_bytes = known(1000);
        decide(&trial);
        expect_outcome(trial.verdict.outcome, REIN_ADMISSION_DOES_NOT_FIT, "by the same total");
    }
}

Test(admission_device, never_fits_beside_unknown_reservations) {
    admission_case trial = case_of(1);
    trial.request.has_unknown_reservations = true;
    decide(&trial);
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_CANNOT_TELL, "100 of 1000");
    expect_number(trial.verdict.device.missing, REIN_MISSING_RESERVATIONS, "missing");
    expect_known(trial.verdict.device.available_bytes, 1000, "beside the known bytes");
    trial.device.free_bytes = known(99);
    decide(&trial);
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_DOES_NOT_FIT, "100 of 99");
    cr_assert(trial.verdict.device.removable_model == 1, "no removal is known to help");
}

Test(admission_device, fits_to_the_byte) {
    admission_case trial = case_of(3);
    trial.models[2] = model_of(200, 1, 1);
    trial.device.context_overhead_bytes = known(150);
    trial.request.process_count = 2;
    trial.request.headroom_bytes = 250;
    trial.request.reserved_bytes = 70;
    trial.request.reserved_in_use_bytes = 20;
    decide(&trial); /* 400 + 2 * 150 + 250 + 50 = 1000 */
    const rein_device_verdict *device = &trial.verdict.device;
    expect_outcome(device->outcome, REIN_ADMISSION_FITS, "1000 of 1000");
    expect_number(device->missing, 0, "missing");
    cr_assert(device->basis == REIN_MEMORY_BASIS_FREE, "by free bytes");
    expect_number(device->basis_bytes, 1000, "basis");
    expect_known(device->context_bytes, 300, "contexts");
    expect_number(device->headroom_bytes, 250, "headroom");
    expect_number(device->others_bytes, 50, "others");
    expect_known(device->available_bytes, 400, "available");
    expect_number(device->requested_bytes, 400, "requested");
    expect_number(device->shortfall_bytes, 0, "shortfall");
    expect_known(device->needed_bytes, 202, "needed: 100 + 100 + 2");
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_FITS, "the set");
    cr_assert(trial.verdict.first_failing_model == 3, "none fails");
    cr_assert(device->removable_model == 3, "no removal is needed");
}

Test(admission_device, each_part_can_break_it_by_one_byte) {
    for (int part = 0; part < 5; part++) {
        admission_case trial = case_of(2);
        trial.device.free_bytes = unknown();
        trial.device.total_bytes = known(part == 0 ? 999 : 1000);
        trial.device.context_overhead_bytes = known(part == 1 ? 301 : 300);
        trial.request.headroom_bytes = part == 2 ? 401 : 400;
        trial.request.reserved_bytes = part == 3 ? 101 : 100;
        trial.models[1].budget.memory_limit_bytes = part == 4 ? 101 : 100;
        decide(&trial);
        const rein_device_verdict *device = &trial.verdict.device;
        expect_outcome(device->outcome, REIN_ADMISSION_DOES_NOT_FIT, "1001 of 1000");
        expect_number(device->shortfall_bytes, 1, "shortfall");
        expect_known(device->available_bytes, part == 4 ? 200 : 199, "available");
        expect_number(device->missing, 0, "missing");
        expect_outcome(trial.verdict.outcome, REIN_ADMISSION_DOES_NOT_FIT, "the set");
        cr_assert(trial.verdict.first_failing_model == 2, "each model is within its budget");
    }
}

Test(admission_device, shortfall_counts_from_below_nothing_available) {
    admission_case trial = case_of(1);
    trial.request.headroom_bytes = 1500;
    decide(&trial);
    expect_known(trial.verdict.device.available_bytes, 0, "available is not below 0");
    expect_number(trial.verdict.device.shortfall_bytes, 600, "1500 + 100 - 1000");
    cr_assert(trial.verdict.device.removable_model == 1, "removing the model is not enough");
}

Test(admission_device, without_models_headroom_alone_may_not_fit) {
    admission_case trial = case_of(0);
    trial.request.headroom_bytes = 1000;
    trial.request.models = NULL;
    trial.request.device = &trial.device;
    rein_result_admission_verdict decided = rein_admission_decide(&trial.request, NULL);
    cr_assert(REIN_VALUE(decided).outcome == REIN_ADMISSION_FITS, "1000 of 1000");
    cr_assert(REIN_VALUE(decided).first_failing_model == 0, "there is none");
    expect_known(REIN_VALUE(decided).device.needed_bytes, 0, "nothing is needed");
    trial.request.headroom_bytes = 1001;
    decided = rein_admission_decide(&trial.request, NULL);
    cr_assert(REIN_VALUE(decided).outcome == REIN_ADMISSION_DOES_NOT_FIT, "1001 of 1000");
    expect_number(REIN_VALUE(decided).device.shortfall_bytes, 1, "shortfall");
    cr_assert(REIN_VALUE(decided).device.removable_model == 0, "nothing to remove");
}

Test(admission_device, free_bytes_are_the_basis_if_known_else_total_bytes) {
    admission_case trial = case_of(1);
    trial.device.total_bytes = known(5000);
    trial.device.free_bytes = known(99);
    trial.request.reserved_bytes = 30;
    trial.request.reserved_in_use_bytes = 30;
    decide(&trial);
    cr_assert(trial.verdict.device.basis == REIN_MEMORY_BASIS_FREE, "free");
    expect_number(trial.verdict.device.basis_bytes, 99, "free");
    expect_number(trial.verdict.device.others_bytes, 0, "free memory counts the use of others");
    expect_number(trial.verdict.device.shortfall_bytes, 1, "100 of 99");
    trial.device.free_bytes = unknown();
    trial.device.total_bytes = known(129);
    decide(&trial);
    cr_assert(trial.verdict.device.basis == REIN_MEMORY_BASIS_TOTAL, "total");
    expect_number(trial.verdict.device.basis_bytes, 129, "total");
    expect_number(trial.verdict.device.others_bytes, 30, "the total does not count use");
    expect_number(trial.verdict.device.shortfall_bytes, 1, "130 of 129");
    trial.device.total_bytes = known(130);
    decide(&trial);
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_FITS, "130 of 130");
    trial.device.free_bytes = known(0);
    decide(&trial);
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_DOES_NOT_FIT,
                   "known to be 0 is known");
    expect_number(trial.verdict.device.shortfall_bytes, 100, "100 of 0");
}

Test(admission_device, cannot_tell_without_its_memory) {
    admission_case trial = case_of(1);
    trial.device.free_bytes = unknown();
    trial.request.headroom_bytes = UINT64_MAX / 2;
    decide(&trial);
    const rein_device_verdict *device = &trial.verdict.device;
    expect_outcome(device->outcome, REIN_ADMISSION_CANNOT_TELL, "the device");
    expect_number(device->missing, REIN_MISSING_DEVICE_MEMORY, "missing");
    cr_assert(device->basis == REIN_MEMORY_BASIS_UNKNOWN && device->basis_bytes == 0, "basis");
    expect_unknown(device->available_bytes, "available");
    expect_number(device->shortfall_bytes, 0, "no shortfall");
    cr_assert(device->removable_model == 1, "no removal is known to help");
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_FITS, "the model in its budget");
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_CANNOT_TELL, "the set");
    cr_assert(trial.verdict.first_failing_model == 1, "no model fails");
}

Test(admission_device, cannot_tell_without_overhead_unless_no_value_could_help) {
    admission_case trial = case_of(1);
    trial.device.context_overhead_bytes = unknown();
    trial.request.headroom_bytes = 900;
    decide(&trial);
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_CANNOT_TELL, "1000 and more");
    expect_number(trial.verdict.device.missing, REIN_MISSING_CONTEXT_OVERHEAD, "missing");
    expect_unknown(trial.verdict.device.context_bytes, "contexts");
    expect_unknown(trial.verdict.device.available_bytes, "available");
    trial.request.headroom_bytes = 901;
    decide(&trial);
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_DOES_NOT_FIT, "1001 and more");
    expect_number(trial.verdict.device.missing, 0, "nothing that could help is missing");
    expect_number(trial.verdict.device.shortfall_bytes, 1, "from the known numbers");
    cr_assert(trial.verdict.device.removable_model == 1, "the rest may still not fit");
}

/* On a device of 1000 bytes in steps of unknown size, 100 bytes may fit (cannot tell), and 1001 do
 * not. */
static void expect_unknown_steps(admission_case *trial, uint32_t missing) {
    const rein_device_verdict *device = &trial->verdict.device;
    decide(trial);
    expect_outcome(device->outcome, REIN_ADMISSION_CANNOT_TELL, "100 of 1000");
    expect_number(device->missing, missing, "missing");
    expect_number(device->requested_bytes, 100, "the limit, for all that is known");
    expect_unknown(device->needed_bytes, "needed");
    expect_known(device->available_bytes, 1000, "available");
    trial->request.headroom_bytes = 901;
    decide(trial);
    expect_outcome(device->outcome, REIN_ADMISSION_DOES_NOT_FIT, "1001 of 1000");
    expect_number(device->missing, 0, "missing");
    cr_assert(device->removable_model == 0, "without it nothing is left to round up");
}

Test(admission_device, cannot_tell_without_granularity_unless_no_value_could_help) {
    admission_case trial = case_of(1);
    trial.device.allocation_granularity_bytes = unknown();
    expect_unknown_steps(&trial, REIN_MISSING_GRANULARITY);
}

Test(admission_device, counts_limits_in_steps_of_a_pool_s_growth) {
    admission_case trial = case_of(2);
    trial.device.allocation_granularity_bytes = known(8);
    trial.device.pool_growth_bytes = known(256);
    trial.models[0] = model_of(257, 90, 8);
    decide(&trial);
    expect_number(trial.verdicts[0].limit_bytes, 257, "the limit stays as it was given");
    expect_number(trial.verdicts[0].reserved_bytes, 512, "two steps of the pool's");
    expect_known(trial.verdicts[0].needed_bytes, 104, "an allocation takes what it takes");
    expect_number(trial.verdicts[1].reserved_bytes, 256, "one step, for 100");
    expect_number(trial.verdict.device.requested_bytes, 768, "of the device");
    expect_known(trial.verdict.device.needed_bytes, 512, "a step for each need");
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_FITS, "768 of 1000");
    trial.device.free_bytes = known(767);
    decide(&trial);
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_DOES_NOT_FIT, "768 of 767");
    expect_number(trial.verdict.device.shortfall_bytes, 1, "shortfall");
    cr_assert(trial.verdict.device.removable_model == 1, "the smaller limit frees a step");
}

Test(admission_device, rounds_to_the_granularity_before_the_growth) {
    admission_case trial = case_of(1);
    trial.device.allocation_granularity_bytes = known(96);
    trial.device.pool_growth_bytes = known(64);
    decide(&trial);
    expect_number(trial.verdicts[0].reserved_bytes, 192, "100, to 192, a multiple of 64");
    trial.models[0] = model_of(90, 1, 1);
    decide(&trial);
    expect_number(trial.verdicts[0].reserved_bytes, 128, "90, to 96, to 128");
}

Test(admission_device, cannot_tell_how_pools_grow_unless_no_value_could_help) {
    admission_case trial = case_of(1);
    trial.device.supports_memory_pools = rein_fact_bool_known(false);
    decide(&trial);
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_FITS, "there are no pools");
    trial.device.supports_memory_pools = rein_fact_bool_known(true);
    expect_unknown_steps(&trial, REIN_MISSING_POOL_GROWTH);
    expect_outcome(trial.verdicts[0].outcome, REIN_ADMISSION_FITS, "in its own budget");
    trial.device.pool_growth_bytes = known(1000);
    trial.request.headroom_bytes = 0;
    decide(&trial);
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_FITS, "one step of 1000");
}

Test(admission_device, names_every_missing_fact) {
    admission_case trial = case_of(1);
    trial.device = rein_device_profile_unknown(REIN_PROFILE_RECORDED);
    trial.device.supports_memory_pools = rein_fact_bool_known(true);
    trial.request.has_unknown_reservations = true;
    decide(&trial);
    expect_number(trial.verdict.device.missing,
                  REIN_MISSING_DEVICE_MEMORY | REIN_MISSING_CONTEXT_OVERHEAD |
                      REIN_MISSING_GRANULARITY | REIN_MISSING_POOL_GROWTH |
                      REIN_MISSING_RESERVATIONS,
                  "missing");
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_CANNOT_TELL, "nothing is known");
}

Test(admission_device, names_the_smallest_model_whose_removal_is_enough) {
    static const struct {
        uint64_t limits[4];
        uint64_t free_bytes;
        size_t removable;
        const char *what;
    } rows[] = {
        {{400, 100, 300, 200}, 1000, 4, "all fit"},
        {{400, 100, 300, 200}, 999, 1, "1 too much: the 100"},
        {{400, 100, 300, 200}, 900, 1, "100 too much: the 100, exactly"},
        {{400, 100, 300, 200}, 899, 3, "101 too much: the 200"},
        {{400, 100, 300, 200}, 700, 2, "300 too much: the 300"},
        {{400, 100, 300, 200}, 600, 0, "400 too much: the 400"},
        {{400, 100, 300, 200}, 599, 4, "401 too much: no single one"},
        {{200, 200, 200, 200}, 700, 0, "the first of equals"},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        admission_case trial = case_of(4);
        trial.device.free_bytes = known(rows[index].free_bytes);
        for (size_t model = 0; model < 4; model++) {
            trial.models[model] = model_of(rows[index].limits[model], 0, 1);
        }
        decide(&trial);
        cr_assert(trial.verdict.device.removable_model == rows[index].removable, "%s: %zu",
                  rows[index].what, trial.verdict.device.removable_model);
        expect_known(trial.verdict.device.needed_bytes, 4, rows[index].what);
    }
}

Test(admission_device, smaller_limit_is_removable_if_the_rounded_ones_are_equal) {
    admission_case trial = case_of(2);
    trial.device.allocation_granularity_bytes = known(256);
    trial.device.free_bytes = known(400);
    trial.models[0] = model_of(200, 1, 0);
    trial.models[1] = model_of(100, 1, 0);
    decide(&trial);
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_DOES_NOT_FIT, "512 of 400");
    cr_assert(trial.verdict.device.removable_model == 1, "the model of the smallest limit");
}

Test(admission_device, needs_are_known_if_those_of_every_model_are) {
    admission_case trial = case_of(2);
    trial.models[1].weights_bytes = unknown();
    decide(&trial);
    expect_unknown(trial.verdict.device.needed_bytes, "needed");
    expect_outcome(trial.verdict.device.outcome, REIN_ADMISSION_FITS, "limits are promised");
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_CANNOT_TELL, "the set");
    cr_assert(trial.verdict.first_failing_model == 1, "the second is \"cannot tell\"");
}

Test(admission, streams_beyond_the_connections_are_only_a_warning) {
    admission_case trial = case_of(2);
    trial.models[0].budget.stream_limit = 5;
    trial.models[1].budget.stream_limit = 3;
    decide(&trial);
    expect_number(trial.verdict.streams.requested_streams, 8, "streams");
    expect_unknown(trial.verdict.streams.connection_count, "connections");
    cr_assert(!trial.verdict.streams.may_share_queues, "not known");
    trial.device.connection_count = known(8);
    decide(&trial);
    expect_known(trial.verdict.streams.connection_count, 8, "connections");
    cr_assert(!trial.verdict.streams.may_share_queues, "8 of 8");
    trial.device.connection_count = known(7);
    decide(&trial);
    cr_assert(trial.verdict.streams.may_share_queues, "8 of 7");
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_FITS, "a warning is not a refusal");
    for (size_t model = 0; model < 2; model++) {
        trial.models[model].budget.stream_limit = INT32_MAX;
    }
    decide(&trial);
    expect_number(trial.verdict.streams.requested_streams, UINT64_C(4294967294), "streams");
}

/* Outcomes of two models and of the device, and the overall outcome. */
Test(admission, worst_outcome_is_that_of_the_set) {
    static const rein_admission_outcome all[] = {REIN_ADMISSION_FITS, REIN_ADMISSION_DOES_NOT_FIT,
                                                 REIN_ADMISSION_CANNOT_TELL};
    for (int combination = 0; combination < 27; combination++) {
        rein_admission_outcome wanted[3] = {all[combination % 3], all[combination / 3 % 3],
                                            all[combination / 9]};
        admission_case trial = case_of(2);
        for (size_t model = 0; model < 2; model++) {
            trial.models[model].weights_bytes = wanted[model] == REIN_ADMISSION_FITS ? known(60)
                                                : wanted[model] == REIN_ADMISSION_DOES_NOT_FIT
                                                    ? known(61)
                                                    : unknown();
        }
        trial.device.free_bytes = wanted[2] == REIN_ADMISSION_FITS           ? known(200)
                                  : wanted[2] == REIN_ADMISSION_DOES_NOT_FIT ? known(199)
                                                                             : unknown();
        decide(&trial);
        rein_admission_outcome expected = REIN_ADMISSION_FITS;
        size_t first = 2;
        for (size_t part = 3; part-- > 0;) {
            if (wanted[part] != REIN_ADMISSION_FITS) {
                first = part < 2 ? part : 2;
                expected = expected == REIN_ADMISSION_DOES_NOT_FIT ? expected : wanted[part];
            }
        }
        expect_outcome(trial.verdicts[0].outcome, wanted[0], "the first model");
        expect_outcome(trial.verdicts[1].outcome, wanted[1], "the second model");
        expect_outcome(trial.verdict.device.outcome, wanted[2], "the device");
        expect_outcome(trial.verdict.outcome, expected, "the set");
        cr_assert(trial.verdict.first_failing_model == first, "combination %d: %zu", combination,
                  trial.verdict.first_failing_model);
    }
}

Test(admission, is_exact_at_the_end_of_the_range) {
    admission_case trial = case_of(1);
    trial.device.free_bytes = known(UINT64_MAX);
    trial.models[0] = model_of(UINT64_MAX, UINT64_MAX - 1, 1);
    decide(&trial);
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_FITS, "all of 64 bits");
    expect_known(trial.verdicts[0].needed_bytes, UINT64_MAX, "needed");
    trial.device.context_overhead_bytes = unknown();
    trial.request.process_count = UINT64_MAX;
    decide(&trial);
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_CANNOT_TELL, "and contexts, unknown");
    trial.device.free_bytes = known(UINT64_MAX - 1);
    decide(&trial);
    expect_outcome(trial.verdict.outcome, REIN_ADMISSION_DOES_NOT_FIT, "one byte less");
    expect_number(trial.verdict.device.shortfall_bytes, 1, "shortfall");
}
