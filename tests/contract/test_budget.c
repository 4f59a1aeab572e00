#include <criterion/criterion.h>

#include "contract/budget.h"
#include "expect.h"

static rein_resource_budget budget_of(uint64_t memory, int32_t streams, int64_t compute_ns) {
    return (rein_resource_budget){.memory_limit_bytes = memory,
                                  .stream_limit = streams,
                                  .compute_budget = rein_duration_from_ns(compute_ns)};
}

static const rein_resource_budget valid_budgets[] = {
    {1, 1, {1}},
    {UINT64_C(536870912), 4, {100000000}},
    {UINT64_MAX, INT32_MAX, {INT64_MAX}},
};

/* In the order of the fields: if several are wrong, the message names the first. */
static const struct {
    rein_resource_budget budget;
    const char *facts;
} violations[] = {
    {{0, 1, {1}}, "memory_limit_bytes 0"},
    {{0, 0, {0}}, "memory_limit_bytes 0"},
    {{1, 0, {1}}, "stream_limit 0"},
    {{1, -1, {1}}, "stream_limit -1"},
    {{1, INT32_MIN, {-1}}, "stream_limit -2147483648"},
    {{1, 1, {0}}, "compute_budget 0ns"},
    {{1, 1, {-1}}, "compute_budget -1ns"},
    {{1, 1, {-2000000}}, "compute_budget -2ms"},
    {{UINT64_MAX, INT32_MAX, {INT64_MIN}}, "compute_budget -9223372036854775808ns"},
};

enum {
    VALID_COUNT = sizeof valid_budgets / sizeof valid_budgets[0],
    VIOLATION_COUNT = sizeof violations / sizeof violations[0]
};

Test(resource_budget, default_is_512_mib_4_streams_100_ms) {
    rein_resource_budget budget = rein_resource_budget_default();
    cr_assert(budget.memory_limit_bytes == UINT64_C(512) * 1024 * 1024, "512 MiB");
    cr_assert(budget.stream_limit == 4, "4 streams");
    cr_assert(budget.compute_budget.ns == INT64_C(100000000), "100 ms");
    cr_assert(rein_resource_budget_is_valid(&budget), "valid");
}

Test(resource_budget, is_valid_when_all_are_above_zero) {
    for (size_t index = 0; index < VALID_COUNT; index++) {
        const rein_resource_budget *budget = &valid_budgets[index];
        cr_assert(rein_resource_budget_is_valid(budget), "row %zu", index);
        cr_assert(rein_result_void_is_ok(rein_resource_budget_validate(budget)), "row %zu", index);
    }
}

Test(resource_budget, first_violation_names_field_value_and_rule) {
    for (size_t index = 0; index < VIOLATION_COUNT; index++) {
        const rein_resource_budget *budget = &violations[index].budget;
        cr_assert(!rein_resource_budget_is_valid(budget), "row %zu is not valid", index);
        rein_result_void checked = rein_resource_budget_validate(budget);
        cr_assert(rein_result_void_is_error(checked), "row %zu is not valid", index);
        expect_invalid(&REIN_ERROR(checked), violations[index].facts);
    }
}

Test(resource_budget, validate_refuses_null) {
    rein_result_void checked = rein_resource_budget_validate(NULL);
    expect_invalid(&REIN_ERROR(checked), "budget NULL");
}

Test(resource_budget, make_gives_the_three_values) {
    for (size_t index = 0; index < VALID_COUNT; index++) {
        const rein_resource_budget *row = &valid_budgets[index];
        rein_result_resource_budget made = rein_resource_budget_make(
            row->memory_limit_bytes, row->stream_limit, row->compute_budget);
        cr_assert(rein_result_resource_budget_is_ok(made), "row %zu", index);
        cr_assert(REIN_VALUE(made).memory_limit_bytes == row->memory_limit_bytes &&
                      REIN_VALUE(made).stream_limit == row->stream_limit &&
                      REIN_VALUE(made).compute_budget.ns == row->compute_budget.ns,
                  "row %zu, unclamped", index);
    }
}

Test(resource_budget, make_refuses_what_validate_refuses) {
    for (size_t index = 0; index < VIOLATION_COUNT; index++) {
        const rein_resource_budget *row = &violations[index].budget;
        rein_result_resource_budget made = rein_resource_budget_make(
            row->memory_limit_bytes, row->stream_limit, row->compute_budget);
        cr_assert(rein_result_resource_budget_is_error(made), "row %zu is refused", index);
        expect_invalid(&REIN_ERROR(made), violations[index].facts);
    }
}

Test(resource_budget, equality_is_that_of_the_three_fields) {
    rein_resource_budget budget = budget_of(8, 2, 5);
    rein_resource_budget same = budget_of(8, 2, 5);
    cr_assert(rein_resource_budget_equal(&budget, &budget), "itself");
    cr_assert(rein_resource_budget_equal(&budget, &same), "a copy");
    const rein_resource_budget others[] = {
        budget_of(9, 2, 5), budget_of(8, 3, 5), budget_of(8, 2, 6),
        budget_of(8 + (UINT64_C(1) << 40), 2, 5), budget_of(8, 2, 5 + (INT64_C(1) << 40))};
    for (size_t index = 0; index < sizeof others / sizeof others[0]; index++) {
        cr_assert(!rein_resource_budget_equal(&budget, &others[index]), "row %zu differs", index);
        cr_assert(!rein_resource_budget_equal(&others[index], &budget), "either way round");
    }
}
