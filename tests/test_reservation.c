#include <criterion/criterion.h>

#include "reservation_expect.h"

TestSuite(reservation, .init = open_case, .fini = close_case);

Test(reservation, is_counted_until_it_is_released) {
    rein_reservation first;
    rein_reservation second;
    expect_sum(0, 0, 0);
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_FITS, &first);
    cr_assert(verdict.bytes == 400 && verdict.others.live_count == 0, "nobody else is there");
    verdict = expect_take(REIN_ADMISSION_FITS, &second);
    cr_assert(verdict.others.live_count == 1 && verdict.others.live_bytes == 400, "one is there");
    expect_sum(2, 800, 0);
    memset(trial.verdicts, 0, sizeof trial.verdicts);
    rein_reservation third = {.bytes = 7};
    verdict = expect_take(REIN_ADMISSION_DOES_NOT_FIT, &third);
    cr_assert(third.bytes == 7 && verdict.bytes == 0, "a refusal leaves the output alone");
    cr_assert(verdict.admission.device.shortfall_bytes == 200, "short by 200");
    cr_assert(trial.verdicts[0].outcome == REIN_ADMISSION_FITS, "the model fits its budget");
    rein_reservation_release(&first);
    expect_sum(1, 400, 0);
    expect_take(REIN_ADMISSION_FITS, &third);
    rein_reservation_release(&second);
    rein_reservation_release(&third);
    expect_sum(0, 0, 0);
    cr_assert(case_files(&trial, NULL) == 0, "no file is left");
}

Test(reservation, keeps_no_descriptor_once_it_is_released) {
    rein_reservation held;
    size_t before = open_descriptors();
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(held.folder_descriptor >= 0 && held.file_descriptor >= 0, "two of its own");
    rein_reservation_release(&held);
    cr_assert(held.folder_descriptor == -1 && held.file_descriptor == -1, "they say so");
    cr_assert(open_descriptors() == before, "they are closed");
}

Test(reservation, takes_contexts_with_the_models) {
    rein_reservation held;
    trial.device.context_overhead_bytes = rein_fact_u64_known(50);
    trial.device.allocation_granularity_bytes = rein_fact_u64_known(64);
    trial.request.admission.process_count = 2;
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(verdict.bytes == 448 + 100 && held.bytes == 548, "448 and two contexts of 50");
    expect_sum(1, 548, 0);
    rein_reservation_release(&held);
}

Test(reservation, holds_the_device_to_the_last_byte) {
    rein_reservation held;
    rein_reservation more;
    trial.models[0].budget.memory_limit_bytes = 999;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.models[0].budget.memory_limit_bytes = 2;
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &more);
    trial.models[0].budget.memory_limit_bytes = 1;
    expect_take(REIN_ADMISSION_FITS, &more);
    expect_sum(2, 1000, 0);
    rein_reservation_release(&held);
    rein_reservation_release(&more);
}

Test(reservation, takes_all_models_or_none) {
    rein_reservation held;
    trial.models[1] = case_model("large", 700);
    trial.request.admission.model_count = 2;
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &held);
    expect_sum(0, 0, 0);
    cr_assert(case_files(&trial, NULL) == 0, "nothing was written");
    trial.models[1] = case_model("large", 600);
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_sum(1, 1000, 0);
    rein_reservation_release(&held);
}

Test(reservation, takes_as_many_models_as_a_file_has_room_for) {
    rein_reservation held;
    char longest[REIN_NAME_MAX_BYTES + 1];
    memset(longest, 'x', REIN_NAME_MAX_BYTES);
    longest[REIN_NAME_MAX_BYTES] = '\0';
    for (size_t index = 0; index <= REIN_RESERVATION_MODELS_MAX; index++) {
        trial.models[index] = case_model(longest, 1);
        trial.models[index].budget.stream_limit = INT32_MAX;
        trial.models[index].budget.compute_budget.ns = INT64_MAX;
        trial.models[index].budget.memory_limit_bytes = UINT64_C(10000000000000000);
    }
    trial.device.total_bytes = rein_fact_u64_known(UINT64_MAX);
    trial.request.holder = longest;
    trial.request.admission.model_count = REIN_RESERVATION_MODELS_MAX;
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_sum(1, UINT64_C(10000000000000000) * REIN_RESERVATION_MODELS_MAX, 0);
    rein_reservation_release(&held);
}

Test(reservation, changes_at_once_or_not_at_all) {
    rein_reservation held;
    rein_reservation other;
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_take(REIN_ADMISSION_FITS, &other);
    expect_change(REIN_ADMISSION_DOES_NOT_FIT, 601, &held);
    cr_assert(held.bytes == 400, "as it was");
    expect_sum(2, 800, 0);
    expect_change(REIN_ADMISSION_FITS, 600, &held);
    cr_assert(held.bytes == 600, "grown");
    expect_sum(2, 1000, 0);
    expect_change(REIN_ADMISSION_FITS, 10, &held);
    expect_sum(2, 410, 0);
    cr_assert(case_files(&trial, NULL) == 2, "one file for each");
    rein_reservation_release(&held);
    expect_sum(1, 400, 0);
    rein_reservation_release(&other);
}

Test(reservation, shrinks_where_nothing_could_be_taken) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.device.total_bytes = rein_fact_u64_known(100);
    expect_change(REIN_ADMISSION_FITS, 300, &held);
    expect_change(REIN_ADMISSION_FITS, 300, &held);
    expect_change(REIN_ADMISSION_DOES_NOT_FIT, 301, &held);
    trial.models[0].weights_bytes = rein_fact_u64_known(9);
    expect_change(REIN_ADMISSION_DOES_NOT_FIT, 8, &held);
    expect_sum(1, 300, 0);
    trial.models[0].weights_bytes = rein_fact_u64_known(0);
    trial.device.free_bytes = rein_fact_u64_known(0);
    expect_change(REIN_ADMISSION_FITS, 1, &held);
    rein_reservation_release(&held);
}

Test(reservation, changes_only_on_its_own_device) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    strcpy(trial.device.uuid, "GPU-other");
    rein_result_reservation_verdict changed =
        rein_reservation_change(&held, &trial.request, trial.verdicts);
    expect_invalid_argument(&REIN_ERROR(changed),
                            "the device of the request and that of the reservation are GPU-other "
                            "and GPU-test, expected the same");
    rein_reservation_release(&held);
}

Test(reservation, says_who_holds_what) {
    rein_reservation held;
    trial.models[1] = case_model("a model \xC3\xA4", 7);
    trial.request.admission.model_count = 2;
    trial.request.holder = "server one";
    expect_take(REIN_ADMISSION_FITS, &held);
    seen_entries seen = see_all();
    const rein_reservation_record *record = &seen.record;
    cr_assert(seen.count == 1 && record->bytes == 407 && record->process_count == 1, "the sizes");
    cr_assert(record->pid == getpid() && record->uid == geteuid(), "the process and its user");
    cr_assert(record->since_unix_s > 1500000000, "a time of this century");
    cr_assert(is_same_text(record->holder, "server one") && record->model_count == 2, "the holder");
    cr_assert(is_same_text(record->device_uuid, CASE_DEVICE), "the device");
    cr_assert(is_same_text(record->models[1].id.text, "a model \xC3\xA4") &&
                  rein_resource_budget_equal(&record->models[1].budget, &trial.models[1].budget),
              "the models");
    rein_reservation_release(&held);
}

Test(reservation, refuses_what_does_not_fit_in_64_bits) {
    rein_reservation first;
    rein_reservation second;
    trial.device.total_bytes = rein_fact_u64_known(UINT64_MAX);
    trial.models[0].budget.memory_limit_bytes = UINT64_MAX - 1;
    expect_take(REIN_ADMISSION_FITS, &first);
    trial.request.admission.reserved_bytes = 2;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &second);
    expect_invalid_argument(&REIN_ERROR(taken), "what is reserved does not fit in 64 bits");
    rein_reservation_release(&first);
}

static void expect_refused(const char *message) {
    rein_reservation held;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    expect_invalid_argument(&REIN_ERROR(taken), message);
}

static const char no_uuid[] = "the device has no UUID that can name a folder, expected 1 to 63 "
                              "letters, digits, '-', '_' and '.'";

Test(reservation, refuses_requests_that_break_a_rule) {
    static const char *const uuids[] = {"",    ".",   "..",  ".x",  "a/b", "a:b",
                                        "a@b", "a[b", "a`b", "a{b", "a b", "\xC3\xA4"};
    for (size_t index = 0; index < sizeof uuids / sizeof uuids[0]; index++) {
        strcpy(trial.device.uuid, uuids[index]);
        expect_refused(no_uuid);
        rein_result_reservation_summary visited =
            rein_reservation_visit(&trial.directory, uuids[index], &trial.clock, NULL, NULL);
        expect_invalid_argument(&REIN_ERROR(visited), no_uuid);
    }
    strcpy(trial.device.uuid, CASE_DEVICE);
    trial.request.admission.model_count = 0;
    expect_refused("0 models, expected 1 to 32");
    trial.request.admission.model_count = 33;
    expect_refused("33 models, expected 1 to 32");
    trial.request.admission.model_count = 1;
    trial.request.holder = NULL;
    cr_assert(!rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, NULL).is_ok,
              "no holder");
    trial.request.holder = "test";
    trial.request.clock = NULL;
    expect_refused("the clock or the room for verdicts is NULL, expected both");
    trial.request.clock = &trial.clock;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, NULL, NULL);
    expect_invalid_argument(&REIN_ERROR(taken),
                            "the clock or the room for verdicts is NULL, expected both");
    trial.request.admission.device = NULL;
    expect_refused(no_uuid);
    trial.request.admission.device = &trial.device;
    trial.models[0].budget.stream_limit = 0;
    rein_reservation held;
    cr_assert(!rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held).is_ok,
              "no valid budget");
    cr_assert(case_files(&trial, NULL) == 0, "nothing was written");
}

Test(reservation, leaves_no_descriptor_open) {
    rein_reservation held;
    make_folder();
    size_t before = open_descriptors();
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_change(REIN_ADMISSION_FITS, 500, &held);
    cr_assert(open_descriptors() == before + 2, "the folder and the file");
    rein_reservation_release(&held);
    trial.models[0].budget.memory_limit_bytes = 2000;
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &held);
    expect_sum(0, 0, 0);
    cr_assert(open_descriptors() == before, "nothing is left open");
}

/* Of the device's 1000 bytes, `free_bytes` are free; the live reservation is of 400. */
static void expect_beside_400(rein_admission_outcome outcome, uint64_t free_bytes,
                              uint64_t limit_bytes) {
    rein_reservation more;
    trial.device.free_bytes = rein_fact_u64_known(free_bytes);
    trial.models[0].budget.memory_limit_bytes = limit_bytes;
    expect_take(outcome, &more);
    if (outcome == REIN_ADMISSION_FITS) {
        rein_reservation_release(&more);
    }
}

Test(reservation, looks_for_a_device_of_a_sound_name_alone) {
    char longest[REIN_DEVICE_UUID_CAPACITY + 1];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    const char *const uuids[] = {NULL, longest};
    for (size_t index = 0; index < 2; index++) {
        rein_result_reservation_summary visited =
            rein_reservation_visit(&trial.directory, uuids[index], &trial.clock, NULL, NULL);
        expect_invalid_argument(&REIN_ERROR(visited), no_uuid);
    }
    rein_reservation held;
    strcpy(trial.device.uuid, "AZaz09-_.");
    expect_take(REIN_ADMISSION_FITS, &held);
    rein_reservation_release(&held);
    case_empty_folder_of(&trial, "AZaz09-_.");
    cr_assert(rein_reservation_visit(&trial.directory, "G", &trial.clock, NULL, NULL).is_ok,
              "one character is enough");
}

Test(reservation, changes_nothing_by_a_request_that_breaks_a_rule) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.request.admission.model_count = 0;
    rein_result_reservation_verdict changed =
        rein_reservation_change(&held, &trial.request, trial.verdicts);
    expect_invalid_argument(&REIN_ERROR(changed), "0 models, expected 1 to 32");
    expect_sum(1, 400, 0);
    rein_reservation_release(&held);
}

Test(reservation, reserves_nothing_where_a_context_s_size_is_unknown) {
    rein_reservation held;
    rein_reservation more;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.device.context_overhead_bytes = rein_fact_u64_unknown();
    cr_assert(expect_take(REIN_ADMISSION_CANNOT_TELL, &more).bytes == 0, "nothing is reserved");
    expect_change(REIN_ADMISSION_CANNOT_TELL, 1, &held);
    expect_sum(1, 400, 0);
    rein_reservation_release(&held);
}

Test(reservation, cannot_tell_how_much_of_it_is_in_use) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_beside_400(REIN_ADMISSION_FITS, 600, 200);
    expect_beside_400(REIN_ADMISSION_CANNOT_TELL, 600, 201);
    expect_beside_400(REIN_ADMISSION_CANNOT_TELL, 600, 600);
    expect_beside_400(REIN_ADMISSION_DOES_NOT_FIT, 600, 601);
    expect_beside_400(REIN_ADMISSION_DOES_NOT_FIT, 900, 601);
    expect_beside_400(REIN_ADMISSION_DOES_NOT_FIT, 300, 301);
    expect_sum(1, 400, 0);
    rein_reservation_release(&held);
}

Test(reservation, cannot_tell_how_much_of_its_own_is_in_use) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.device.free_bytes = rein_fact_u64_known(600);
    expect_change(REIN_ADMISSION_FITS, 600, &held);
    expect_change(REIN_ADMISSION_CANNOT_TELL, 601, &held);
    expect_change(REIN_ADMISSION_CANNOT_TELL, 1000, &held);
    expect_change(REIN_ADMISSION_DOES_NOT_FIT, 1001, &held);
    expect_sum(1, 600, 0);
    rein_reservation_release(&held);
}

Test(reservation, refuses_what_no_use_could_make_room_for) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.device.total_bytes = rein_fact_u64_unknown();
    trial.device.free_bytes = rein_fact_u64_known(UINT64_MAX - 10);
    expect_change(REIN_ADMISSION_DOES_NOT_FIT, UINT64_MAX - 5, &held);
    trial.device.free_bytes = rein_fact_u64_known(600);
    trial.request.admission.reserved_bytes = UINT64_MAX - 500;
    trial.request.admission.reserved_in_use_bytes = UINT64_MAX - 500;
    rein_reservation more;
    trial.models[0].budget.memory_limit_bytes = 300;
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &more);
    rein_reservation_release(&held);
}

static void expect_both_named(const char *uuid, const char *message) {
    rein_reservation held;
    strcpy(trial.device.uuid, uuid);
    expect_take(REIN_ADMISSION_FITS, &held);
    memset(trial.device.uuid, 'x', sizeof trial.device.uuid - 1);
    rein_result_reservation_verdict changed =
        rein_reservation_change(&held, &trial.request, trial.verdicts);
    expect_invalid_argument(&REIN_ERROR(changed), message);
    rein_reservation_release(&held);
    case_empty_folder_of(&trial, uuid);
}

Test(reservation, names_both_devices_however_long) {
    expect_both_named("an-identifier-of-28-letters-",
                      "the device of the request and that of the reservation are "
                      "xxxxxxxxxxxxxxxxxxxxxxxxxxx.. and an-identifier-of-28-letters.., "
                      "expected the same");
    expect_both_named("an-identifier-of-27-letters",
                      "the device of the request and that of the reservation are "
                      "xxxxxxxxxxxxxxxxxxxxxxxxxxx.. and an-identifier-of-27-letters, "
                      "expected the same");
}
