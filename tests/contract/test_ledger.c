#include <criterion/criterion.h>

#include <string.h>

#include "ledger_case.h"

static void expect_verdict(rein_ledger_verdict verdict, bool is_granted, uint64_t requested,
                           uint64_t limit, uint64_t used, uint64_t shortfall) {
    cr_assert(verdict.is_granted == is_granted, "%s", is_granted ? "granted" : "refused");
    cr_assert(verdict.requested == requested && verdict.limit == limit && verdict.used == used &&
                  verdict.shortfall == shortfall,
              "requested %llu, limit %llu, used %llu, shortfall %llu; expected %llu, %llu, %llu, "
              "%llu",
              (unsigned long long)verdict.requested, (unsigned long long)verdict.limit,
              (unsigned long long)verdict.used, (unsigned long long)verdict.shortfall,
              (unsigned long long)requested, (unsigned long long)limit, (unsigned long long)used,
              (unsigned long long)shortfall);
}

static void expect_released(rein_ledger *ledger, uint64_t bytes) {
    cr_assert(rein_result_void_is_ok(rein_ledger_release_memory(ledger, bytes)),
              "%llu bytes are released", (unsigned long long)bytes);
}

Test(ledger, starts_empty_with_the_limits_of_the_budget) {
    rein_ledger ledger;
    memset(&ledger, 0xA5, sizeof ledger);
    rein_resource_budget budget = rein_resource_budget_default();
    rein_result_void made = rein_ledger_init(&ledger, &budget);
    cr_assert(rein_result_void_is_ok(made), "made");
    expect_memory(&ledger, 0, 0, 0);
    expect_streams(&ledger, 0, 0, 0);
    expect_compute(&ledger, 0, 0, 0);
    rein_resource_budget kept = rein_ledger_budget(&ledger);
    cr_assert(rein_resource_budget_equal(&kept, &budget), "the budget is kept");
    rein_ledger_usage usage = rein_ledger_read(&ledger);
    cr_assert(usage.memory_bytes.limit == UINT64_C(536870912) && usage.streams.limit == 4 &&
                  usage.compute_ns.limit == 100000000,
              "the limits are the budget's");
}

Test(ledger, takes_the_largest_budget) {
    rein_ledger ledger = ledger_of(UINT64_MAX, INT32_MAX, INT64_MAX);
    expect_verdict(rein_ledger_charge_memory(&ledger, UINT64_MAX), true, UINT64_MAX, UINT64_MAX, 0,
                   0);
    expect_verdict(rein_ledger_charge_memory(&ledger, 1), false, 1, UINT64_MAX, UINT64_MAX, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, UINT64_MAX), false, UINT64_MAX, UINT64_MAX,
                   UINT64_MAX, UINT64_MAX);
    expect_memory(&ledger, UINT64_MAX, UINT64_MAX, 2);
    expect_streams(&ledger, 0, 0, 0);
}

Test(ledger, init_refuses_a_budget_that_is_not_valid_and_changes_nothing) {
    rein_ledger ledger;
    memset(&ledger, 0xA5, sizeof ledger);
    rein_ledger before;
    memcpy(&before, &ledger, sizeof before);
    const rein_resource_budget wrong[] = {{0, 1, {1}}, {1, 0, {1}}, {1, 1, {0}}, {1, -1, {-1}}};
    static const char *const facts[] = {"memory_limit_bytes 0", "stream_limit 0",
                                        "compute_budget 0ns", "stream_limit -1"};
    for (size_t index = 0; index < 4; index++) {
        rein_result_void made = rein_ledger_init(&ledger, &wrong[index]);
        cr_assert(rein_result_void_is_error(made), "row %zu", index);
        expect_invalid(&REIN_ERROR(made), facts[index]);
        cr_assert(memcmp(&ledger, &before, sizeof before) == 0, "row %zu: unchanged", index);
    }
    rein_result_void made = rein_ledger_init(&ledger, NULL);
    expect_invalid(&REIN_ERROR(made), "budget NULL");
    cr_assert(memcmp(&ledger, &before, sizeof before) == 0, "unchanged");
}

Test(ledger, init_again_resets_everything) {
    rein_ledger ledger = ledger_of(100, 1, 10);
    REIN_IGNORE(rein_ledger_charge_memory(&ledger, 60));
    REIN_IGNORE(rein_ledger_charge_memory(&ledger, 60));
    REIN_IGNORE(rein_ledger_acquire_stream(&ledger));
    ledger = ledger_of(50, 2, 20);
    expect_memory(&ledger, 0, 0, 0);
    expect_streams(&ledger, 0, 0, 0);
    cr_assert(rein_ledger_read(&ledger).memory_bytes.limit == 50, "the new limit");
}

Test(ledger_memory, is_granted_up_to_the_limit_and_refused_beyond) {
    rein_ledger ledger = ledger_of(100, 1, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, 60), true, 60, 100, 0, 0);
    expect_verdict(rein_ledger_charge_memory(&ledger, 41), false, 41, 100, 60, 1);
    expect_memory(&ledger, 60, 60, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, 40), true, 40, 100, 60, 0);
    expect_verdict(rein_ledger_charge_memory(&ledger, 1), false, 1, 100, 100, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, UINT64_MAX), false, UINT64_MAX, 100, 100,
                   UINT64_MAX);
    expect_memory(&ledger, 100, 100, 3);
}

Test(ledger_memory, refusal_of_more_than_the_limit_names_the_excess) {
    rein_ledger ledger = ledger_of(100, 1, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, 101), false, 101, 100, 0, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, UINT64_MAX), false, UINT64_MAX, 100, 0,
                   UINT64_MAX - 100);
    expect_memory(&ledger, 0, 0, 2);
}

Test(ledger_memory, zero_bytes_are_always_granted) {
    rein_ledger ledger = ledger_of(1, 1, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, 0), true, 0, 1, 0, 0);
    REIN_IGNORE(rein_ledger_charge_memory(&ledger, 1));
    expect_verdict(rein_ledger_charge_memory(&ledger, 0), true, 0, 1, 1, 0);
    expect_memory(&ledger, 1, 1, 0);
    expect_released(&ledger, 0);
    expect_memory(&ledger, 1, 1, 0);
}

Test(ledger_memory, release_frees_and_keeps_the_peak) {
    rein_ledger ledger = ledger_of(100, 1, 1);
    REIN_IGNORE(rein_ledger_charge_memory(&ledger, 30));
    REIN_IGNORE(rein_ledger_charge_memory(&ledger, 50));
    expect_released(&ledger, 45);
    expect_memory(&ledger, 35, 80, 0);
    REIN_IGNORE(rein_ledger_charge_memory(&ledger, 45));
    expect_memory(&ledger, 80, 80, 0);
    REIN_IGNORE(rein_ledger_charge_memory(&ledger, 1));
    expect_memory(&ledger, 81, 81, 0);
    expect_released(&ledger, 81);
    expect_memory(&ledger, 0, 81, 0);
    expect_verdict(rein_ledger_charge_memory(&ledger, 100), true, 100, 100, 0, 0);
}

Test(ledger_memory, releasing_more_than_is_held_changes_nothing) {
    rein_ledger ledger = ledger_of(1 << 20, 1, 1);
    rein_result_void released = rein_ledger_release_memory(&ledger, 1);
    expect_invalid(&REIN_ERROR(released), "1B released 0B");
    REIN_IGNORE(rein_ledger_charge_memory(&ledger, 2048));
    released = rein_ledger_release_memory(&ledger, 2049);
    expect_invalid(&REIN_ERROR(released), "2049B released 2048B");
    cr_assert(rein_result_void_is_error(rein_ledger_release_memory(&ledger, UINT64_MAX)), "max");
    expect_memory(&ledger, 2048, 2048, 0);
    expect_released(&ledger, 2048);
    expect_memory(&ledger, 0, 2048, 0);
}

Test(ledger_streams, are_granted_up_to_the_limit_and_refused_beyond) {
    rein_ledger ledger = ledger_of(1, 2, 1);
    expect_verdict(rein_ledger_acquire_stream(&ledger), true, 1, 2, 0, 0);
    expect_verdict(rein_ledger_acquire_stream(&ledger), true, 1, 2, 1, 0);
    expect_verdict(rein_ledger_acquire_stream(&ledger), false, 1, 2, 2, 1);
    expect_streams(&ledger, 2, 2, 1);
    cr_assert(rein_result_void_is_ok(rein_ledger_release_stream(&ledger)), "one is released");
    expect_streams(&ledger, 1, 2, 1);
    expect_verdict(rein_ledger_acquire_stream(&ledger), true, 1, 2, 1, 0);
    expect_memory(&ledger, 0, 0, 0);
}

Test(ledger_streams, releasing_one_that_is_not_held_changes_nothing) {
    rein_ledger ledger = ledger_of(1, 2, 1);
    rein_result_void released = rein_ledger_release_stream(&ledger);
    expect_invalid(&REIN_ERROR(released), "1 stream released 0");
    expect_streams(&ledger, 0, 0, 0);
    REIN_IGNORE(rein_ledger_acquire_stream(&ledger));
    cr_assert(rein_result_void_is_ok(rein_ledger_release_stream(&ledger)), "the one held");
    cr_assert(rein_result_void_is_error(rein_ledger_release_stream(&ledger)), "no second");
    expect_streams(&ledger, 0, 1, 0);
}

Test(ledger_compute, accounts_all_and_judges_each_execution) {
    rein_ledger ledger = ledger_of(1, 1, 100);
    expect_verdict(spend(&ledger, 0), true, 0, 100, 0, 0);
    expect_verdict(spend(&ledger, 60), true, 60, 100, 0, 0);
    expect_verdict(spend(&ledger, 100), true, 100, 100, 0, 0);
    expect_compute(&ledger, 160, 100, 0);
    expect_verdict(spend(&ledger, 101), false, 101, 100, 0, 1);
    expect_verdict(spend(&ledger, 500), false, 500, 100, 0, 400);
    expect_verdict(spend(&ledger, 99), true, 99, 100, 0, 0);
    expect_compute(&ledger, 860, 500, 2);
    expect_memory(&ledger, 0, 0, 0);
    expect_streams(&ledger, 0, 0, 0);
}

Test(ledger_compute, sum_stops_at_the_end_of_the_range) {
    rein_ledger ledger = ledger_of(1, 1, 1);
    expect_verdict(spend(&ledger, INT64_MAX), false, INT64_MAX, 1, 0, INT64_MAX - 1);
    spend(&ledger, INT64_MAX);
    expect_compute(&ledger, UINT64_MAX - 1, INT64_MAX, 2);
    spend(&ledger, 1);
    expect_compute(&ledger, UINT64_MAX, INT64_MAX, 2);
    spend(&ledger, 1);
    spend(&ledger, INT64_MAX);
    expect_compute(&ledger, UINT64_MAX, INT64_MAX, 3);
}

Test(ledger_compute, refuses_negative_time_and_changes_nothing) {
    rein_ledger ledger = ledger_of(1, 1, 100);
    spend(&ledger, 70);
    rein_result_ledger_verdict spent =
        rein_ledger_account_compute(&ledger, rein_duration_from_ns(-1));
    expect_invalid(&REIN_ERROR(spent), "-1ns");
    spent = rein_ledger_account_compute(&ledger, rein_duration_from_ns(INT64_MIN));
    cr_assert(rein_result_ledger_verdict_is_error(spent), "the least");
    expect_compute(&ledger, 70, 70, 0);
}

Test(ledger, refusal_becomes_an_error_at_the_callers_location) {
    rein_ledger ledger = ledger_of(100, 1, 1);
    REIN_IGNORE(rein_ledger_charge_memory(&ledger, 60));
    rein_ledger_verdict verdict = rein_ledger_charge_memory(&ledger, 41);
    rein_source_location here = REIN_HERE;
    rein_error error = rein_ledger_verdict_error(&verdict, here);
    expect_error_facts(&error, REIN_ERROR_BUDGET_EXCEEDED, "41B 60B memory limit 100B");
    cr_assert(error.where.function == here.function && error.where.file == here.file &&
                  error.where.line == here.line,
              "where is the caller's");
}

Test(ledger, refusal_names_its_resource_in_its_unit) {
    rein_ledger ledger = ledger_of(100, 1, 100);
    REIN_IGNORE(rein_ledger_acquire_stream(&ledger));
    rein_ledger_verdict stream = rein_ledger_acquire_stream(&ledger);
    cr_assert(stream.resource == REIN_RESOURCE_STREAMS, "a stream");
    rein_error error = rein_ledger_verdict_error(&stream, REIN_HERE);
    expect_error_facts(&error, REIN_ERROR_BUDGET_EXCEEDED, "1 streams 1 stream limit 1");
    rein_ledger_verdict compute =
        REIN_UNWRAP(rein_ledger_account_compute(&ledger, rein_duration_from_ns(101)));
    cr_assert(compute.resource == REIN_RESOURCE_COMPUTE, "compute time");
    error = rein_ledger_verdict_error(&compute, REIN_HERE);
    expect_error_facts(&error, REIN_ERROR_BUDGET_EXCEEDED, "101ns compute budget 100ns");
    rein_ledger_verdict memory = rein_ledger_charge_memory(&ledger, 1);
    cr_assert(memory.resource == REIN_RESOURCE_MEMORY, "memory");
}
