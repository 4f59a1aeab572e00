#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "contract/lifetime.h"
#include "expect.h"
#include "lifetime_case.h"

enum { MANY = 300, SMALL = 12, ROUNDS = 3000 };

#define BIGGEST (UINT64_C(1) << 63)

static uint64_t words[7 * MANY];
static const rein_workspace workspace = {words, sizeof words};

/* The live bytes at each start, one after the other. */
static rein_live_peak peak_by_starts(const rein_tensor_lifetime *lifetimes, size_t count) {
    rein_live_peak peak = {0, INT64_MAX};
    for (size_t i = 0; i < count; i++) {
        uint64_t live = 0;
        for (size_t k = 0; k < count; k++) {
            bool is_live =
                lifetimes[k].from <= lifetimes[i].from && lifetimes[i].from < lifetimes[k].until;
            live += is_live ? lifetimes[k].size_bytes : 0;
        }
        if (live > peak.bytes || (live == peak.bytes && lifetimes[i].from < peak.instant)) {
            peak = (rein_live_peak){live, lifetimes[i].from};
        }
    }
    return peak;
}

static void assert_refused(rein_result_void result, const char *facts) {
    cr_assert(rein_result_void_is_error(result), "refused: %s", facts);
    expect_invalid(&REIN_ERROR(result), facts);
}

Test(validate, accepts_the_extremes) {
    const rein_tensor_lifetime lifetimes[] = {make(INT64_MIN, INT64_MAX, BIGGEST),
                                              make_aligned(0, 1, 0, BIGGEST)};
    cr_assert(rein_result_void_is_ok(rein_lifetimes_validate(lifetimes, 2)), "extremes are legal");
    cr_assert(rein_result_void_is_ok(rein_lifetimes_validate(NULL, 0)), "none is legal");
}

Test(validate, names_the_first_row_that_breaks_a_rule) {
    rein_tensor_lifetime lifetimes[] = {make(0, 1, 1), make(0, 1, 1), make(3, 3, 1)};
    assert_refused(rein_lifetimes_validate(lifetimes, 3), "lifetime 2 from 3 until 3");
    lifetimes[1] = make_aligned(0, 1, 1, 0);
    assert_refused(rein_lifetimes_validate(lifetimes, 3), "lifetime 1 alignment_bytes 0");
    lifetimes[1] = make_aligned(0, 1, 1, 24);
    assert_refused(rein_lifetimes_validate(lifetimes, 3), "lifetime 1 alignment_bytes 24");
    lifetimes[0] = make(0, 1, BIGGEST + 1);
    assert_refused(rein_lifetimes_validate(lifetimes, 3),
                   "lifetime 0 size_bytes 9223372036854775809 9223372036854775808");
    assert_refused(rein_lifetimes_validate(NULL, 2), "lifetimes NULL 2");
    assert_refused(rein_lifetimes_validate(NULL, 1), "lifetimes NULL 1");
}

Test(workspace, is_linear_and_refuses_what_no_memory_holds) {
    uint64_t one = REIN_UNWRAP(rein_lifetime_workspace_bytes(1));
    uint64_t many = REIN_UNWRAP(rein_lifetime_workspace_bytes(MANY));
    cr_assert(one > 0 && many == one * MANY, "linear");
    cr_assert(many <= sizeof words, "this test's own workspace is large enough");
    cr_assert(rein_result_bytes_is_error(rein_lifetime_workspace_bytes(SIZE_MAX)), "too many");
    cr_assert(rein_result_bytes_is_error(rein_lifetime_workspace_bytes(SIZE_MAX / one + 1)),
              "one too many");
}

Test(peak, is_that_of_half_open_lifetimes) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 5, 10), make(5, 9, 12), make(7, 8, 1),
                                              make(8, 9, 1)};
    rein_live_peak peak = REIN_UNWRAP(rein_lifetimes_peak(lifetimes, 4, workspace));
    cr_assert(peak.bytes == 13, "12 and one more");
    cr_assert(peak.instant == 7, "the first instant of the two");
}

Test(peak, of_nothing_and_of_empty_tensors) {
    rein_workspace none = {NULL, 0};
    rein_live_peak peak = REIN_UNWRAP(rein_lifetimes_peak(NULL, 0, none));
    cr_assert(peak.bytes == 0 && peak.instant == 0, "nothing");
    const rein_tensor_lifetime empty[] = {make(9, 10, 0), make(4, 5, 0)};
    peak = REIN_UNWRAP(rein_lifetimes_peak(empty, 2, workspace));
    cr_assert(peak.bytes == 0 && peak.instant == 4, "no bytes, from the first start on");
}

Test(peak, agrees_with_counting_at_every_start) {
    rein_tensor_lifetime lifetimes[SMALL];
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = make_random(lifetimes, SMALL, 16);
        rein_live_peak expected = peak_by_starts(lifetimes, count);
        rein_live_peak peak = REIN_UNWRAP(rein_lifetimes_peak(lifetimes, count, workspace));
        cr_assert(peak.bytes == expected.bytes && peak.instant == expected.instant, "round %d",
                  round);
    }
}

/* From about a hundred on, lifetimes are sorted in another way. */
Test(peak, of_many_agrees_with_counting_at_every_start) {
    rein_tensor_lifetime lifetimes[MANY];
    for (int round = 0; round < ROUNDS / 100; round++) {
        size_t count = make_random(lifetimes, MANY, 600);
        rein_live_peak expected = peak_by_starts(lifetimes, count);
        rein_live_peak peak = REIN_UNWRAP(rein_lifetimes_peak(lifetimes, count, workspace));
        cr_assert(peak.bytes == expected.bytes && peak.instant == expected.instant, "round %d",
                  round);
    }
}

/* Each lives for ten instants, and their starts lie on both sides of 0. */
Test(peak, of_very_many) {
    enum { VERY_MANY = 70000, LIFE = 10 };
    uint64_t bytes = REIN_UNWRAP(rein_lifetime_workspace_bytes(VERY_MANY));
    rein_workspace large = {malloc(bytes), bytes};
    rein_tensor_lifetime *lifetimes = malloc(VERY_MANY * sizeof *lifetimes);
    for (int64_t i = 0; i < VERY_MANY; i++) {
        int64_t from = VERY_MANY / 2 - i;
        lifetimes[i] = make(from, from + LIFE, 1);
    }
    rein_live_peak peak = REIN_UNWRAP(rein_lifetimes_peak(lifetimes, VERY_MANY, large));
    cr_assert(peak.bytes == LIFE && peak.instant == LIFE - VERY_MANY / 2, "the first ten");
    free(lifetimes);
    free(large.memory);
}

Test(peak, fills_64_bits_and_no_more) {
    rein_tensor_lifetime lifetimes[] = {make(0, 2, BIGGEST), make(1, 3, BIGGEST - 1),
                                        make(2, 3, 1)};
    rein_live_peak peak = REIN_UNWRAP(rein_lifetimes_peak(lifetimes, 3, workspace));
    cr_assert(peak.bytes == UINT64_MAX && peak.instant == 1, "exactly 2^64 - 1");
    lifetimes[2].from = 1;
    rein_result_live_peak refused = rein_lifetimes_peak(lifetimes, 3, workspace);
    cr_assert(rein_result_live_peak_is_error(refused), "one byte too many");
    cr_assert(REIN_ERROR(refused).numbers[0] == 1, "names the instant");
}

Test(peak, refuses_a_workspace_that_is_too_small) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 1, 1), make(0, 1, 1)};
    rein_workspace small = {words, 2 * 7 * sizeof words[0] - 1};
    rein_workspace none = {NULL, sizeof words};
    cr_assert(rein_result_live_peak_is_error(rein_lifetimes_peak(lifetimes, 2, small)), "peak");
    cr_assert(rein_result_live_peak_is_error(rein_lifetimes_peak(lifetimes, 2, none)), "no memory");
    cr_assert(rein_result_live_peak_is_error(rein_lifetimes_peak(lifetimes, SIZE_MAX, small)),
              "a count that no memory holds");
    small.size_bytes++;
    cr_assert(rein_result_live_peak_is_ok(rein_lifetimes_peak(lifetimes, 2, small)),
              "exactly enough");
}
