#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "contract/lifetime.h"
#include "contract/plan.h"

enum { MANY = 300, SMALL = 12, ROUNDS = 3000 };

#define BIGGEST (UINT64_C(1) << 63)

static uint64_t words[7 * MANY];
static const rein_workspace workspace = {words, sizeof words};

static rein_tensor_lifetime make(int64_t from, int64_t until, uint64_t size) {
    return (rein_tensor_lifetime){rein_tensor_id_make(0), from, until, size, 1};
}

static rein_tensor_lifetime make_aligned(int64_t from, int64_t until, uint64_t size,
                                         uint64_t alignment) {
    rein_tensor_lifetime lifetime = make(from, until, size);
    lifetime.alignment_bytes = alignment;
    return lifetime;
}

/* A small generator of its own, so that every run sees the same instances. */
static uint64_t random_state = 1;

static uint64_t random_below(uint64_t limit) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (random_state >> 33) % limit;
}

static size_t make_random(rein_tensor_lifetime *out_lifetimes, size_t most, int64_t horizon) {
    size_t count = 1 + random_below(most);
    for (size_t i = 0; i < count; i++) {
        int64_t from = (int64_t)random_below((uint64_t)horizon) - horizon / 2;
        int64_t until = from + 1 + (int64_t)random_below((uint64_t)horizon / 2);
        out_lifetimes[i] =
            make_aligned(from, until, random_below(20), UINT64_C(1) << random_below(4));
    }
    return count;
}

static bool overlap_in_time(const rein_tensor_lifetime *a, const rein_tensor_lifetime *b) {
    return a->from < b->until && b->from < a->until;
}

static bool overlap(const rein_tensor_lifetime *lifetimes, const uint64_t *offsets, size_t i,
                    size_t k) {
    const rein_tensor_lifetime *a = &lifetimes[i];
    const rein_tensor_lifetime *b = &lifetimes[k];
    return overlap_in_time(a, b) && a->size_bytes > 0 && b->size_bytes > 0 &&
           offsets[i] < offsets[k] + b->size_bytes && offsets[k] < offsets[i] + a->size_bytes;
}

static bool is_sound_by_pairs(const rein_tensor_lifetime *lifetimes, size_t count,
                              const uint64_t *offsets) {
    for (size_t i = 0; i < count; i++) {
        if (offsets[i] % lifetimes[i].alignment_bytes != 0) {
            return false;
        }
        for (size_t k = 0; k < i; k++) {
            if (overlap(lifetimes, offsets, i, k)) {
                return false;
            }
        }
    }
    return true;
}

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

static rein_placement_verdict checked(const rein_tensor_lifetime *lifetimes, size_t count,
                                      const uint64_t *offsets) {
    return REIN_UNWRAP(rein_result_placement_verdict,
                       rein_placement_check(lifetimes, count, offsets, workspace));
}

static void assert_refused(rein_result_void result, const char *message) {
    cr_assert(rein_result_void_is_error(result), "refused: %s", message);
    rein_error error = REIN_ERROR(result);
    char text[256];
    rein_error_message(&error, text, sizeof text);
    cr_assert(error.code == REIN_ERROR_INVALID_ARGUMENT, "the code");
    cr_assert_str_eq(text, message);
}

Test(validate, accepts_the_extremes) {
    const rein_tensor_lifetime lifetimes[] = {make(INT64_MIN, INT64_MAX, BIGGEST),
                                              make_aligned(0, 1, 0, BIGGEST)};
    cr_assert(rein_result_void_is_ok(rein_lifetimes_validate(lifetimes, 2)), "extremes are legal");
    cr_assert(rein_result_void_is_ok(rein_lifetimes_validate(NULL, 0)), "none is legal");
}

Test(validate, names_the_first_row_that_breaks_a_rule) {
    rein_tensor_lifetime lifetimes[] = {make(0, 1, 1), make(0, 1, 1), make(3, 3, 1)};
    assert_refused(rein_lifetimes_validate(lifetimes, 3),
                   "lifetime 2 has from 3 and until 3, expected until above from");
    lifetimes[1] = make_aligned(0, 1, 1, 0);
    assert_refused(rein_lifetimes_validate(lifetimes, 3),
                   "lifetime 1 has alignment_bytes 0, expected a power of two");
    lifetimes[1] = make_aligned(0, 1, 1, 24);
    assert_refused(rein_lifetimes_validate(lifetimes, 3),
                   "lifetime 1 has alignment_bytes 24, expected a power of two");
    lifetimes[0] = make(0, 1, BIGGEST + 1);
    assert_refused(
        rein_lifetimes_validate(lifetimes, 3),
        "lifetime 0 has size_bytes 9223372036854775809, expected at most 9223372036854775808");
    assert_refused(rein_lifetimes_validate(NULL, 2), "lifetimes is NULL, expected an array of 2");
    assert_refused(rein_lifetimes_validate(NULL, 1), "lifetimes is NULL, expected an array of 1");
}

Test(workspace, is_linear_and_refuses_what_no_memory_holds) {
    uint64_t one = REIN_UNWRAP(rein_result_bytes, rein_lifetime_workspace_bytes(1));
    uint64_t many = REIN_UNWRAP(rein_result_bytes, rein_lifetime_workspace_bytes(MANY));
    cr_assert(one > 0 && many == one * MANY, "linear");
    cr_assert(many <= sizeof words, "this test's own workspace is large enough");
    cr_assert(rein_result_bytes_is_error(rein_lifetime_workspace_bytes(SIZE_MAX)), "too many");
    cr_assert(rein_result_bytes_is_error(rein_lifetime_workspace_bytes(SIZE_MAX / one + 1)),
              "one too many");
}

Test(peak, is_that_of_half_open_lifetimes) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 5, 10), make(5, 9, 12), make(7, 8, 1),
                                              make(8, 9, 1)};
    rein_live_peak peak =
        REIN_UNWRAP(rein_result_live_peak, rein_lifetimes_peak(lifetimes, 4, workspace));
    cr_assert(peak.bytes == 13, "12 and one more");
    cr_assert(peak.instant == 7, "the first instant of the two");
}

Test(peak, of_nothing_and_of_empty_tensors) {
    rein_workspace none = {NULL, 0};
    rein_live_peak peak = REIN_UNWRAP(rein_result_live_peak, rein_lifetimes_peak(NULL, 0, none));
    cr_assert(peak.bytes == 0 && peak.instant == 0, "nothing");
    const rein_tensor_lifetime empty[] = {make(9, 10, 0), make(4, 5, 0)};
    peak = REIN_UNWRAP(rein_result_live_peak, rein_lifetimes_peak(empty, 2, workspace));
    cr_assert(peak.bytes == 0 && peak.instant == 4, "no bytes, from the first start on");
}

Test(peak, agrees_with_counting_at_every_start) {
    rein_tensor_lifetime lifetimes[SMALL];
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = make_random(lifetimes, SMALL, 16);
        rein_live_peak expected = peak_by_starts(lifetimes, count);
        rein_live_peak peak =
            REIN_UNWRAP(rein_result_live_peak, rein_lifetimes_peak(lifetimes, count, workspace));
        cr_assert(peak.bytes == expected.bytes && peak.instant == expected.instant, "round %d",
                  round);
    }
}

Test(peak, fills_64_bits_and_no_more) {
    rein_tensor_lifetime lifetimes[] = {make(0, 2, BIGGEST), make(1, 3, BIGGEST - 1),
                                        make(2, 3, 1)};
    rein_live_peak peak =
        REIN_UNWRAP(rein_result_live_peak, rein_lifetimes_peak(lifetimes, 3, workspace));
    cr_assert(peak.bytes == UINT64_MAX && peak.instant == 1, "exactly 2^64 - 1");
    lifetimes[2].from = 1;
    rein_result_live_peak refused = rein_lifetimes_peak(lifetimes, 3, workspace);
    cr_assert(rein_result_live_peak_is_error(refused), "one byte too many");
    cr_assert(REIN_ERROR(refused).numbers[0] == 1, "names the instant");
}

Test(every_function, refuses_a_workspace_that_is_too_small) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 1, 1), make(0, 1, 1)};
    const uint64_t offsets[] = {0, 1};
    rein_workspace small = {words, 2 * 7 * sizeof words[0] - 1};
    rein_workspace none = {NULL, sizeof words};
    cr_assert(rein_result_live_peak_is_error(rein_lifetimes_peak(lifetimes, 2, small)), "peak");
    cr_assert(rein_result_live_peak_is_error(rein_lifetimes_peak(lifetimes, 2, none)), "no memory");
    cr_assert(rein_result_live_peak_is_error(rein_lifetimes_peak(lifetimes, SIZE_MAX, small)),
              "a count that no memory holds");
    cr_assert(
        rein_result_placement_verdict_is_error(rein_placement_check(lifetimes, 2, offsets, small)),
        "check");
    small.size_bytes++;
    cr_assert(
        rein_result_placement_verdict_is_ok(rein_placement_check(lifetimes, 2, offsets, small)),
        "exactly enough");
}

Test(every_function, refuses_missing_offsets_and_broken_rows) {
    rein_tensor_lifetime lifetimes[] = {make(0, 1, 1), make(1, 1, 1)};
    const uint64_t offsets[] = {0, 1};
    cr_assert(
        rein_result_placement_verdict_is_error(rein_placement_check(lifetimes, 1, NULL, workspace)),
        "check without offsets");
    rein_result_placement_verdict broken = rein_placement_check(lifetimes, 2, offsets, workspace);
    cr_assert(rein_result_placement_verdict_is_error(broken), "check of a broken row");
    cr_assert(REIN_ERROR(broken).numbers[0] == 1, "names the row");
}

Test(check, names_an_overlap_a_misfit_and_an_overflow) {
    const rein_tensor_lifetime lifetimes[] = {make_aligned(0, 4, 8, 8), make(4, 8, 8),
                                              make(2, 6, 8)};
    uint64_t offsets[] = {8, 8, 15};
    rein_placement_verdict verdict = checked(lifetimes, 3, offsets);
    cr_assert(verdict.fault == REIN_PLACEMENT_OVERLAP, "one byte");
    cr_assert(verdict.first == 0 && verdict.second == 2 && verdict.instant == 2, "who and when");
    cr_assert(verdict.height_bytes == 0, "no height");
    offsets[2] = 16;
    verdict = checked(lifetimes, 3, offsets);
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND && verdict.height_bytes == 24, "sound");
    offsets[0] = 4;
    verdict = checked(lifetimes, 3, offsets);
    cr_assert(verdict.fault == REIN_PLACEMENT_MISALIGNED && verdict.first == 0, "misaligned");
    offsets[0] = 8;
    offsets[1] = UINT64_MAX - 7;
    verdict = checked(lifetimes, 3, offsets);
    cr_assert(verdict.fault == REIN_PLACEMENT_OVERFLOW && verdict.first == 1, "overflow");
    offsets[1] = UINT64_MAX - 8;
    verdict = checked(lifetimes, 3, offsets);
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "the last place that there is");
    cr_assert(verdict.height_bytes == UINT64_MAX, "its height");
}

Test(check, height_ends_at_the_highest_byte) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 4, 8), make(0, 4, 0)};
    const uint64_t offsets[] = {8, 100};
    rein_placement_verdict verdict = checked(lifetimes, 2, offsets);
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND && verdict.height_bytes == 16,
              "without a byte");
}

Test(check, of_nothing_is_sound) {
    rein_workspace none = {NULL, 0};
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_result_placement_verdict, rein_placement_check(NULL, 0, NULL, none));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND && verdict.height_bytes == 0, "nothing");
}

Test(check, lets_empty_tensors_lie_anywhere) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 4, 8), make(0, 4, 0), make(1, 3, 0)};
    const uint64_t offsets[] = {0, 4, 4};
    cr_assert(checked(lifetimes, 3, offsets).fault == REIN_PLACEMENT_SOUND, "no bytes, no overlap");
}

/* Random offsets are mostly broken, planned ones with one moved are broken in one place. */
Test(check, agrees_with_all_pairs) {
    rein_tensor_lifetime lifetimes[MANY];
    uint64_t offsets[MANY];
    uint64_t bytes = REIN_UNWRAP(rein_result_bytes, rein_plan_workspace_bytes(MANY));
    rein_workspace planner = {malloc(bytes), bytes};
    int sound = 0;
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = make_random(lifetimes, round % 50 == 0 ? MANY : SMALL, 40);
        const rein_plan_problem problem = {lifetimes, count, NULL};
        (void)REIN_UNWRAP(rein_result_plan_outcome,
                          rein_plan_minimise(&problem, NULL, planner, offsets, NULL));
        offsets[random_below(count)] = random_below(60);
        rein_placement_verdict verdict = checked(lifetimes, count, offsets);
        bool expected = is_sound_by_pairs(lifetimes, count, offsets);
        cr_assert((verdict.fault == REIN_PLACEMENT_SOUND) == expected, "round %d", round);
        sound += expected;
        if (verdict.fault != REIN_PLACEMENT_OVERLAP) {
            continue;
        }
        const rein_tensor_lifetime *first = &lifetimes[verdict.first];
        const rein_tensor_lifetime *second = &lifetimes[verdict.second];
        cr_assert(overlap(lifetimes, offsets, verdict.first, verdict.second), "round %d", round);
        cr_assert(verdict.instant >= first->from && verdict.instant < first->until, "round %d",
                  round);
        cr_assert(verdict.instant >= second->from && verdict.instant < second->until, "round %d",
                  round);
    }
    cr_assert(sound > ROUNDS / 20 && sound < ROUNDS, "both kinds were seen: %d sound", sound);
    free(planner.memory);
}

/* More ranks than two levels of the checker's set hold. */
Test(check, finds_one_overlap_among_many) {
    enum { COUNT = 64 * 64 + 100 };
    rein_tensor_lifetime *lifetimes = calloc(COUNT, sizeof *lifetimes);
    uint64_t *offsets = calloc(COUNT, sizeof *offsets);
    uint64_t bytes = REIN_UNWRAP(rein_result_bytes, rein_lifetime_workspace_bytes(COUNT));
    rein_workspace large = {malloc(bytes), bytes};
    for (size_t i = 0; i < COUNT; i++) {
        lifetimes[i] = make((int64_t)(i % 7), 100, 2);
        offsets[i] = 2 * i;
    }
    rein_placement_verdict verdict = REIN_UNWRAP(
        rein_result_placement_verdict, rein_placement_check(lifetimes, COUNT, offsets, large));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "a stack");
    for (size_t i = 1; i < COUNT; i += 97) {
        offsets[i]--;
        verdict = REIN_UNWRAP(rein_result_placement_verdict,
                              rein_placement_check(lifetimes, COUNT, offsets, large));
        cr_assert(verdict.fault == REIN_PLACEMENT_OVERLAP, "one byte at %zu", i);
        cr_assert(verdict.first == i - 1 && verdict.second == i, "who");
        offsets[i]++;
    }
    free(large.memory);
    free(offsets);
    free(lifetimes);
}

/* A clock that moves on by one at each look. */
static rein_timestamp tick(void *self) {
    int64_t *looks = self;
    return rein_timestamp_from_ns(++*looks);
}

static rein_placement_verdict checked_until(const rein_tensor_lifetime *lifetimes, size_t count,
                                            const uint64_t *offsets, int64_t look,
                                            int64_t *out_looks) {
    rein_clock clock = {tick, NULL, out_looks};
    const rein_placement_check_options options = {.clock = &clock,
                                                  .deadline = rein_timestamp_from_ns(look)};
    *out_looks = 0;
    return REIN_UNWRAP(rein_result_placement_verdict,
                       rein_placement_check_until(lifetimes, count, offsets, &options, workspace));
}

Test(check, stops_at_the_look_that_says_so) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 5, 10), make(3, 9, 12), make(9, 12, 7)};
    const uint64_t offsets[] = {0, 10, 0};
    int64_t all = 0;
    rein_placement_verdict verdict = checked_until(lifetimes, 3, offsets, INT64_MAX, &all);
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND && verdict.height_bytes == 22, "to the end");
    cr_assert(all > 3, "before each pass");
    for (int64_t look = 1; look <= all; look++) {
        int64_t looks = 0;
        verdict = checked_until(lifetimes, 3, offsets, look, &looks);
        cr_assert(verdict.fault == REIN_PLACEMENT_UNCHECKED, "look %zu", (size_t)look);
        cr_assert(verdict.height_bytes == 0 && looks == look, "no look after it");
    }
}

Test(check, stops_by_the_flag) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 5, 10)};
    const uint64_t offsets[] = {0};
    bool flag = false;
    const rein_placement_check_options options = {.cancel = &flag};
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_result_placement_verdict,
                    rein_placement_check_until(lifetimes, 1, offsets, &options, workspace));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "not set");
    flag = true;
    verdict = REIN_UNWRAP(rein_result_placement_verdict,
                          rein_placement_check_until(lifetimes, 1, offsets, &options, workspace));
    cr_assert(verdict.fault == REIN_PLACEMENT_UNCHECKED, "set");
}

/* The end is known at once, whatever the options say. */
Test(check, needs_no_look_for_a_single_tensor_that_is_wrong) {
    const rein_tensor_lifetime lifetimes[] = {make_aligned(0, 5, 10, 8)};
    const uint64_t offsets[] = {4};
    int64_t looks = 0;
    rein_placement_verdict verdict = checked_until(lifetimes, 1, offsets, 1, &looks);
    cr_assert(verdict.fault == REIN_PLACEMENT_MISALIGNED && looks == 0, "misaligned");
}
