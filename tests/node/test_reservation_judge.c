/* The judgements agree: admission beside reserved bytes, a reservation that is judged, and one that
 * is taken beside a live reservation. */
#include <criterion/criterion.h>

#include "reservation_expect.h"

TestSuite(reservation_judge, .init = open_case, .fini = close_case);

static rein_fact_u64 known(uint64_t value) {
    return rein_fact_u64_known(value);
}

static rein_fact_u64 unknown(void) {
    return rein_fact_u64_unknown();
}

static void make_cap(rein_model_demand *model) {
    model->weights_bytes = unknown();
    model->activation_bytes = unknown();
    model->activation_lower_bound_bytes = unknown();
}

Test(reservation_judge, a_cap_is_reserved_if_the_device_has_room) {
    rein_reservation held;
    rein_reservation more;
    make_cap(&trial.models[0]);
    rein_reservation_verdict taken = expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(taken.admission.cap_count == 1 && trial.verdicts[0].outcome == REIN_ADMISSION_CAP,
              "and is not judged");
    trial.models[0].budget.memory_limit_bytes = 601;
    taken = expect_take(REIN_ADMISSION_DOES_NOT_FIT, &more);
    cr_assert(taken.admission.device.shortfall_bytes == 1, "601 beside 400 of 1000");
    expect_change(REIN_ADMISSION_FITS, 300, &held);
    trial.device.context_overhead_bytes = unknown();
    expect_take(REIN_ADMISSION_CANNOT_TELL, &more);
    rein_reservation_release(&held);
}

Test(reservation_judge, one_fact_more_than_a_budget_is_not_a_cap) {
    rein_reservation held;
    make_cap(&trial.models[0]);
    trial.models[0].weights_bytes = known(1);
    expect_take(REIN_ADMISSION_CANNOT_TELL, &held);
    trial.models[0].weights_bytes = known(401);
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &held);
}

static rein_reservation_verdict judge(const rein_reservation_summary *others) {
    return REIN_UNWRAP(rein_reservation_judge(&trial.request.admission, others, trial.verdicts));
}

/* The caller's total of the others and the counted one: a difference in either causes doubt. */
Test(reservation_judge, cannot_tell_if_either_total_of_the_others_differs) {
    rein_reservation_summary others = {.live_count = 1, .live_bytes = 1};
    trial.request.admission.others_total_bytes = known(999);
    cr_assert(judge(&others).outcome == REIN_ADMISSION_CANNOT_TELL, "the caller's alone");
    others.device_total_bytes = known(1000);
    cr_assert(judge(&others).outcome == REIN_ADMISSION_CANNOT_TELL, "beside the right one");
    trial.request.admission.others_total_bytes = known(1000);
    cr_assert(judge(&others).outcome == REIN_ADMISSION_FITS, "both are right");
    others.device_total_bytes = known(999);
    cr_assert(judge(&others).outcome == REIN_ADMISSION_CANNOT_TELL, "the counted one");
}

static uint64_t random_below(uint64_t *state, uint64_t bound) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state >> 33) % bound;
}

static rein_fact_u64 random_fact(uint64_t *state, uint64_t least, uint64_t most) {
    return random_below(state, 4) == 0 ? unknown()
                                       : known(least + random_below(state, most - least + 1));
}

/* Makes a request near the limits of what is free, present and needed, with 400 of 1000 bytes
 * live. */
static void random_request(uint64_t *state) {
    rein_device_profile *device = &trial.device;
    device->total_bytes = random_below(state, 4) == 0 ? unknown() : known(1000);
    device->free_bytes = random_fact(state, 0, 1000);
    device->context_overhead_bytes = random_fact(state, 0, 2);
    device->allocation_granularity_bytes = random_fact(state, 1, 8);
    trial.request.admission.headroom_bytes = random_below(state, 20);
    trial.request.admission.reserved_bytes = random_below(state, 3) * 50;
    trial.request.admission.reserved_in_use_bytes =
        trial.request.admission.reserved_bytes * random_below(state, 2);
    rein_model_demand *model = &trial.models[0];
    make_cap(model);
    model->budget.memory_limit_bytes = 1 + random_below(state, 700);
    if (random_below(state, 3) > 0) {
        uint64_t limit = model->budget.memory_limit_bytes;
        model->weights_bytes = random_fact(state, limit / 2, limit / 2 + 2);
        model->activation_bytes = random_fact(state, limit / 2, limit / 2 + 2);
        model->activation_lower_bound_bytes = model->activation_bytes;
    }
}

static void expect_same_device(const rein_device_verdict *left, const rein_device_verdict *right,
                               int round) {
    cr_assert(left->outcome == right->outcome && left->missing == right->missing &&
                  left->basis == right->basis && left->basis_bytes == right->basis_bytes &&
                  left->others_bytes == right->others_bytes &&
                  left->available_bytes.is_known == right->available_bytes.is_known &&
                  left->available_bytes.value == right->available_bytes.value &&
                  left->available_at_most_bytes.value == right->available_at_most_bytes.value &&
                  left->requested_bytes == right->requested_bytes &&
                  left->shortfall_bytes == right->shortfall_bytes,
              "round %d: one device, one judgement", round);
}

Test(reservation_judge, is_the_admission_beside_live_reservations) {
    uint64_t state = 13;
    size_t outcomes[4] = {0};
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    const rein_reservation_summary live = {.live_count = 1, .live_bytes = 400};
    for (int round = 0; round < 400; round++) {
        rein_model_verdict model;
        rein_reservation more;
        random_request(&state);
        rein_admission_request beside = trial.request.admission;
        beside.reserved_bytes += 400;
        rein_admission_verdict decided = REIN_UNWRAP(rein_admission_decide(&beside, &model));
        rein_reservation_verdict judged =
            REIN_UNWRAP(rein_reservation_judge(&trial.request.admission, &live, &model));
        rein_reservation_verdict taken = expect_take(decided.outcome, &more);
        cr_assert(judged.outcome == decided.outcome, "round %d: judged", round);
        cr_assert(judged.bytes == taken.bytes, "round %d: the same bytes", round);
        cr_assert(model.outcome == trial.verdicts[0].outcome, "round %d: the model", round);
        expect_same_device(&decided.device, &judged.admission.device, round);
        expect_same_device(&decided.device, &taken.admission.device, round);
        outcomes[decided.outcome]++;
        if (decided.outcome == REIN_ADMISSION_FITS) {
            rein_reservation_release(&more);
        }
    }
    cr_assert(outcomes[1] > 20 && outcomes[2] > 20 && outcomes[3] > 20,
              "every outcome was met: %zu, %zu, %zu", outcomes[1], outcomes[2], outcomes[3]);
    rein_reservation_release(&held);
}

Test(reservation_judge, takes_any_number_of_models_and_no_uuid) {
    enum { COUNT = REIN_RESERVATION_MODELS_MAX + 1 };
    const rein_reservation_summary others = {.live_count = 1, .live_bytes = 900};
    for (size_t index = 0; index < COUNT; index++) {
        trial.models[index] = case_model("many", 3);
    }
    trial.request.admission.model_count = COUNT;
    trial.device.uuid[0] = '\0';
    rein_reservation_verdict judged =
        REIN_UNWRAP(rein_reservation_judge(&trial.request.admission, &others, trial.verdicts));
    cr_assert(judged.outcome == REIN_ADMISSION_FITS && judged.bytes == 99, "99 beside 900");
    cr_assert(judged.others.live_bytes == 900, "beside these");
}

Test(reservation_judge, nothing_fits_beside_unreadable_reservations) {
    const rein_reservation_summary others = {.unknown_count = 1};
    rein_reservation_verdict judged =
        REIN_UNWRAP(rein_reservation_judge(&trial.request.admission, &others, trial.verdicts));
    cr_assert(judged.outcome == REIN_ADMISSION_CANNOT_TELL && judged.bytes == 0, "400 of 1000");
    cr_assert(judged.admission.device.missing == REIN_MISSING_RESERVATIONS, "and says why");
}

Test(reservation_judge, refuses_what_it_cannot_judge) {
    const rein_reservation_summary others = {.live_bytes = UINT64_MAX};
    static const char facts[] = "request device others NULL";
    rein_result_reservation_verdict judged = rein_reservation_judge(NULL, &others, trial.verdicts);
    expect_invalid(&REIN_ERROR(judged), facts);
    judged = rein_reservation_judge(&trial.request.admission, NULL, trial.verdicts);
    expect_invalid(&REIN_ERROR(judged), facts);
    rein_admission_request without_device = trial.request.admission;
    without_device.device = NULL;
    judged = rein_reservation_judge(&without_device, &others, trial.verdicts);
    expect_invalid(&REIN_ERROR(judged), facts);
    trial.request.admission.reserved_bytes = 1;
    judged = rein_reservation_judge(&trial.request.admission, &others, trial.verdicts);
    expect_invalid(&REIN_ERROR(judged), "reserved_bytes live 64 bits");
    trial.request.admission.process_count = 0;
    trial.request.admission.reserved_bytes = 0;
    judged = rein_reservation_judge(&trial.request.admission, &others, trial.verdicts);
    expect_invalid(&REIN_ERROR(judged), "process_count 0");
}

/* The holder's own use is missing from the free memory, and its model is not known well enough. */
Test(reservation_judge, a_change_that_depends_on_two_unknowns_cannot_be_told) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.device.free_bytes = known(100);
    trial.models[0].weights_bytes = unknown();
    expect_change(REIN_ADMISSION_CANNOT_TELL, 450, &held);
    expect_change(REIN_ADMISSION_DOES_NOT_FIT, 501, &held);
    trial.device.total_bytes = unknown();
    expect_change(REIN_ADMISSION_CANNOT_TELL, 500, &held);
    expect_change(REIN_ADMISSION_DOES_NOT_FIT, 501, &held);
    rein_reservation_release(&held);
}
