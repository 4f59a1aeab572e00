#include <criterion/criterion.h>

#include "reservation_expect.h"

TestSuite(reservation, .init = open_case, .fini = close_case);

Test(reservation, is_counted_until_it_is_released) {
    rein_reservation first;
    rein_reservation second;
    expect_sum(0, 0, 0);
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_FITS, &first);
    cr_assert(verdict.bytes == 400 && verdict.others.live_count == 0, "no other process exists");
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
    cr_assert(held.folder_descriptor == -1 && held.file_descriptor == -1, "they report it");
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

Test(reservation, takes_the_contexts_that_no_limit_includes) {
    rein_reservation held;
    trial.device.context_overhead_bytes = rein_fact_u64_known(50);
    trial.models[0].process_count = 3;
    cr_assert(expect_take(REIN_ADMISSION_FITS, &held).bytes == 400 + 150, "three contexts of 50");
    cr_assert(see_all().record.process_count == 3, "of three processes");
    rein_reservation_release(&held);
    trial.models[0].limit_includes_context = true;
    cr_assert(expect_take(REIN_ADMISSION_FITS, &held).bytes == 400, "the limit alone");
    cr_assert(see_all().record.process_count == 3, "of three processes, too");
    rein_reservation_release(&held);
}

Test(reservation, takes_no_contexts_that_a_measured_peak_includes) {
    rein_reservation held;
    trial.device.context_overhead_bytes = rein_fact_u64_known(50);
    trial.models[0].process_count = 3;
    trial.models[0].measured_peak_bytes = rein_fact_u64_known(390);
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(verdict.bytes == 400 + 150, "three contexts beside the limit");
    rein_reservation_release(&held);
    trial.models[0].measured_includes_contexts = true;
    trial.models[0].weights_bytes = rein_fact_u64_known(1);
    cr_assert(expect_take(REIN_ADMISSION_FITS, &held).bytes == 400, "the limit alone");
    cr_assert(see_all().record.process_count == 3, "of three processes");
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

Test(reservation, shrinks_even_if_nothing_can_be_taken) {
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
    cr_assert(!changed.is_ok && REIN_ERROR(changed).code == REIN_ERROR_INVALID_ARGUMENT, "refused");
    cr_assert(is_same_text(REIN_ERROR(changed).foreign_text, "GPU-other and GPU-test"), "both");
    rein_reservation_release(&held);
}

Test(reservation, lists_holders_and_their_models) {
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
    expect_invalid(&REIN_ERROR(taken), "reserved_bytes live 64 bits");
    rein_reservation_release(&first);
}

static void expect_refused(rein_error_code code) {
    rein_reservation held;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, trial.verdicts, &held);
    cr_assert(!taken.is_ok && REIN_ERROR(taken).code == code, "refused as %s",
              rein_error_code_name(code));
    cr_assert(case_files(&trial, NULL) == 0, "nothing was written");
}

Test(reservation, refuses_requests_that_break_a_rule) {
    static const char *const uuids[] = {"", ".", "..", ".x", "a/b", "a:b", "\xC3\xA4"};
    for (size_t index = 0; index < sizeof uuids / sizeof uuids[0]; index++) {
        strcpy(trial.device.uuid, uuids[index]);
        expect_refused(REIN_ERROR_INVALID_ARGUMENT);
        rein_result_reservation_summary visited =
            rein_reservation_visit(&trial.directory, uuids[index], NULL, NULL);
        cr_assert(!visited.is_ok && REIN_ERROR(visited).code == REIN_ERROR_INVALID_ARGUMENT,
                  "'%s' is not visited", uuids[index]);
    }
    strcpy(trial.device.uuid, CASE_DEVICE);
    rein_admission_request *admission = &trial.request.admission;
    admission->model_count = 0;
    expect_refused(REIN_ERROR_INVALID_ARGUMENT);
    admission->model_count = REIN_RESERVATION_MODELS_MAX + 1;
    expect_refused(REIN_ERROR_INVALID_ARGUMENT);
    admission->model_count = 1;
    admission->models = NULL;
    expect_refused(REIN_ERROR_INVALID_ARGUMENT);
    admission->model_count = 0;
    expect_refused(REIN_ERROR_INVALID_ARGUMENT);
    admission->model_count = 1;
    admission->models = trial.models;
    admission->process_count = 0;
    expect_refused(REIN_ERROR_INVALID_ARGUMENT);
    admission->process_count = 1;
    trial.request.holder = NULL;
    expect_refused(REIN_ERROR_INVALID_ARGUMENT);
    trial.request.holder = "test";
    trial.request.clock = NULL;
    expect_refused(REIN_ERROR_INVALID_ARGUMENT);
    trial.request.clock = &trial.clock;
    rein_reservation held;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&trial.directory, &trial.request, NULL, &held);
    cr_assert(!taken.is_ok, "no room for verdicts");
    taken = rein_reservation_take(&trial.directory, NULL, trial.verdicts, NULL);
    cr_assert(!taken.is_ok, "no room for a reservation");
    taken = rein_reservation_take(&trial.directory, NULL, trial.verdicts, &held);
    cr_assert(!taken.is_ok, "no request");
    admission->device = NULL;
    expect_refused(REIN_ERROR_INVALID_ARGUMENT);
    admission->device = &trial.device;
    trial.models[0].budget.stream_limit = 0;
    expect_refused(REIN_ERROR_INVALID_ARGUMENT);
}

/* An unreadable record would block the device. */
Test(reservation, refuses_ids_that_are_not_names) {
    rein_reservation held;
    rein_model_id good = trial.models[0].id;
    trial.models[1] = trial.models[0];
    trial.request.admission.model_count = 2;
    static const char *const bad[] = {"", "a\nb", "\xFF"};
    for (size_t index = 0; index < sizeof bad / sizeof bad[0]; index++) {
        memset(&trial.models[1].id, 0, sizeof trial.models[1].id);
        strcpy(trial.models[1].id.text, bad[index]);
        expect_refused(REIN_ERROR_INVALID_ARGUMENT);
    }
    memset(trial.models[1].id.text, 'x', sizeof trial.models[1].id.text);
    expect_refused(REIN_ERROR_INVALID_ARGUMENT);
    trial.models[1].id = good;
    expect_take(REIN_ADMISSION_FITS, &held);
    expect_sum(1, 800, 0);
    rein_reservation_release(&held);
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

/* `free_bytes` of the device's 1000 bytes are free; the live reservation has 400. */
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

Test(reservation, visits_only_devices_with_valid_names) {
    char longest[REIN_DEVICE_UUID_CAPACITY + 1];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    const char *const uuids[] = {NULL, longest};
    for (size_t index = 0; index < 2; index++) {
        rein_result_reservation_summary visited =
            rein_reservation_visit(&trial.directory, uuids[index], NULL, NULL);
        cr_assert(!visited.is_ok && REIN_ERROR(visited).code == REIN_ERROR_INVALID_ARGUMENT,
                  "refused");
    }
    rein_reservation held;
    strcpy(trial.device.uuid, "AZaz09-_.");
    expect_take(REIN_ADMISSION_FITS, &held);
    rein_reservation_release(&held);
    case_empty_folder_of(&trial, "azaz09-_.");
    cr_assert(rein_reservation_visit(&trial.directory, "G", NULL, NULL).is_ok,
              "one character is enough");
}

/* Two spellings of one device, in every pair: as NVML prints it, and in other cases. */
Test(reservation, counts_every_spelling_of_a_device_as_one) {
    static const char *const spellings[] = {"GPU-8c1f", "gpu-8C1F", "Gpu-8c1F"};
    enum { COUNT = sizeof spellings / sizeof spellings[0] };
    for (size_t first = 0; first < COUNT; first++) {
        rein_reservation held;
        rein_reservation more;
        strcpy(trial.device.uuid, spellings[first]);
        trial.models[0].budget.memory_limit_bytes = 600;
        expect_take(REIN_ADMISSION_FITS, &held);
        cr_assert(is_same_text(held.device_uuid, "GPU-8c1f"), "'%s'", held.device_uuid);
        for (size_t second = 0; second < COUNT; second++) {
            strcpy(trial.device.uuid, spellings[second]);
            expect_take(REIN_ADMISSION_DOES_NOT_FIT, &more);
            rein_result_reservation_summary found =
                rein_reservation_visit(&trial.directory, spellings[second], NULL, NULL);
            cr_assert(found.is_ok && REIN_VALUE(found).live_bytes == 600, "%s is visited",
                      spellings[second]);
            expect_change(REIN_ADMISSION_FITS, 600, &held);
        }
        rein_reservation_release(&held);
    }
    case_empty_folder_of(&trial, "GPU-8c1f");
}

/* Two profiles of one device contradict each other; which is wrong is unknown. */
Test(reservation, cannot_tell_beside_another_total) {
    rein_reservation held;
    rein_reservation more;
    expect_take(REIN_ADMISSION_FITS, &held);
    rein_fact_u64 others[] = {rein_fact_u64_known(999), rein_fact_u64_known(1 << 20)};
    for (size_t index = 0; index < sizeof others / sizeof others[0]; index++) {
        trial.device.total_bytes = others[index];
        rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_CANNOT_TELL, &more);
        cr_assert(verdict.others.device_total_bytes.is_known &&
                      verdict.others.device_total_bytes.value == 1000,
                  "the error has both numbers");
        trial.device.total_bytes = rein_fact_u64_known(1000);
        expect_change(REIN_ADMISSION_FITS, 400, &held);
    }
    rein_reservation_release(&held);
}

/* A change with another total would make every later answer "cannot tell". */
Test(reservation, refuses_a_change_by_another_total) {
    rein_reservation first;
    rein_reservation second;
    rein_reservation more;
    trial.models[0].budget.memory_limit_bytes = 100;
    expect_take(REIN_ADMISSION_FITS, &first);
    expect_take(REIN_ADMISSION_FITS, &second);
    trial.device.total_bytes = rein_fact_u64_known(999);
    expect_change(REIN_ADMISSION_CANNOT_TELL, 100, &second);
    expect_change(REIN_ADMISSION_CANNOT_TELL, 50, &second);
    trial.device.total_bytes = rein_fact_u64_known(1000);
    trial.models[0].budget.memory_limit_bytes = 100;
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_FITS, &more);
    cr_assert(verdict.others.live_count == 2 && verdict.others.unknown_count == 0, "both count");
    expect_change(REIN_ADMISSION_FITS, 50, &second);
    rein_reservation_release(&more);
    rein_reservation_release(&second);
    rein_reservation_release(&first);
}

/* A missing total contradicts nothing. */
Test(reservation, takes_the_total_that_is_stated) {
    rein_reservation free_alone;
    rein_reservation held;
    rein_reservation more;
    trial.models[0].budget.memory_limit_bytes = 100;
    trial.device.free_bytes = rein_fact_u64_known(1000);
    trial.device.total_bytes = rein_fact_u64_unknown();
    expect_take(REIN_ADMISSION_FITS, &free_alone);
    trial.device.free_bytes = rein_fact_u64_unknown();
    trial.device.total_bytes = rein_fact_u64_known(1000);
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.device.total_bytes = rein_fact_u64_known(1001);
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_CANNOT_TELL, &more);
    cr_assert(verdict.others.device_total_bytes.value == 1000, "of the one that states it");
    rein_reservation_release(&free_alone);
    rein_reservation_release(&held);
}

Test(reservation, changes_nothing_by_a_request_that_breaks_a_rule) {
    rein_reservation held;
    expect_take(REIN_ADMISSION_FITS, &held);
    trial.request.admission.model_count = 0;
    rein_result_reservation_verdict changed =
        rein_reservation_change(&held, &trial.request, trial.verdicts);
    cr_assert(!changed.is_ok && REIN_ERROR(changed).code == REIN_ERROR_INVALID_ARGUMENT, "refused");
    expect_sum(1, 400, 0);
    rein_reservation_release(&held);
}

Test(reservation, reserves_nothing_if_a_context_s_size_is_unknown) {
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

Test(reservation, does_not_fit_whatever_is_in_use) {
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
    expect_take(REIN_ADMISSION_CANNOT_TELL, &more);
    trial.models[0].budget.memory_limit_bytes = 601;
    expect_take(REIN_ADMISSION_DOES_NOT_FIT, &more);
    rein_reservation_release(&held);
}

static void expect_both_named(const char *uuid, const char *both) {
    rein_reservation held;
    strcpy(trial.device.uuid, uuid);
    expect_take(REIN_ADMISSION_FITS, &held);
    memset(trial.device.uuid, 'x', sizeof trial.device.uuid - 1);
    rein_result_reservation_verdict changed =
        rein_reservation_change(&held, &trial.request, trial.verdicts);
    cr_assert(!changed.is_ok && is_same_text(REIN_ERROR(changed).foreign_text, both), "%s", both);
    rein_reservation_release(&held);
    case_empty_folder_of(&trial, uuid);
}

Test(reservation, names_both_devices_however_long) {
    expect_both_named("an-identifier-of-28-letters-",
                      "xxxxxxxxxxxxxxxxxxxxxxxxxxx.. and an-identifier-of-28-letters..");
    expect_both_named("an-identifier-of-27-letters",
                      "xxxxxxxxxxxxxxxxxxxxxxxxxxx.. and an-identifier-of-27-letters");
}
