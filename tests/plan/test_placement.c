#include <criterion/criterion.h>
#include <stdlib.h>

#include "lifetime_case.h"
#include "plan/placement.h"
#include "plan/plan.h"
#include "ticking_clock.h"

enum { MANY = 300, SMALL = 12, ROUNDS = 3000 };

#define BIGGEST (UINT64_C(1) << 63)

static uint64_t words[7 * MANY];
static const rein_workspace workspace = {words, sizeof words};

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

static rein_placement_verdict checked(const rein_tensor_lifetime *lifetimes, size_t count,
                                      const uint64_t *offsets) {
    return REIN_UNWRAP(rein_placement_check(lifetimes, count, offsets, workspace));
}

Test(check, refuses_a_workspace_that_is_too_small) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 1, 1), make(0, 1, 1)};
    const uint64_t offsets[] = {0, 1};
    rein_workspace small = {words, 2 * 7 * sizeof words[0] - 1};
    cr_assert(
        rein_result_placement_verdict_is_error(rein_placement_check(lifetimes, 2, offsets, small)),
        "too small");
    small.size_bytes++;
    cr_assert(
        rein_result_placement_verdict_is_ok(rein_placement_check(lifetimes, 2, offsets, small)),
        "exactly enough");
}

Test(check, refuses_missing_offsets_and_broken_rows) {
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
    rein_placement_verdict verdict = REIN_UNWRAP(rein_placement_check(NULL, 0, NULL, none));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND && verdict.height_bytes == 0, "nothing");
}

Test(check, lets_empty_tensors_lie_anywhere) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 4, 8), make(0, 4, 0), make(1, 3, 0)};
    const uint64_t offsets[] = {0, 4, 4};
    cr_assert(checked(lifetimes, 3, offsets).fault == REIN_PLACEMENT_SOUND, "no bytes, no overlap");
}

/* Random offsets have many overlaps; planned offsets with one tensor moved have few. */
Test(check, agrees_with_all_pairs) {
    rein_tensor_lifetime lifetimes[MANY];
    uint64_t offsets[MANY];
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(MANY));
    rein_workspace planner = {malloc(bytes), bytes};
    int sound = 0;
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = make_random(lifetimes, round % 50 == 0 ? MANY : SMALL, 40);
        const rein_plan_problem problem = {lifetimes, count, NULL};
        (void)REIN_UNWRAP(rein_plan_minimise(&problem, NULL, planner, offsets, NULL));
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

/* More tensors than two levels of the checker's set hold. */
Test(check, finds_one_overlap_among_many) {
    enum { COUNT = 64 * 64 + 100 };
    rein_tensor_lifetime *lifetimes = calloc(COUNT, sizeof *lifetimes);
    uint64_t *offsets = calloc(COUNT, sizeof *offsets);
    uint64_t bytes = REIN_UNWRAP(rein_lifetime_workspace_bytes(COUNT));
    rein_workspace large = {malloc(bytes), bytes};
    for (size_t i = 0; i < COUNT; i++) {
        lifetimes[i] = make((int64_t)(i % 7), 100, 2);
        offsets[i] = 2 * i;
    }
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(lifetimes, COUNT, offsets, large));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "a stack");
    for (size_t i = 1; i < COUNT; i += 97) {
        offsets[i]--;
        verdict = REIN_UNWRAP(rein_placement_check(lifetimes, COUNT, offsets, large));
        cr_assert(verdict.fault == REIN_PLACEMENT_OVERLAP, "one byte at %zu", i);
        cr_assert(verdict.first == i - 1 && verdict.second == i, "who");
        offsets[i]++;
    }
    free(large.memory);
    free(offsets);
    free(lifetimes);
}

static rein_placement_verdict checked_until(const rein_tensor_lifetime *lifetimes, size_t count,
                                            const uint64_t *offsets, int64_t look,
                                            int64_t *out_looks) {
    ticking t = {.flag_at_ns = INT64_MAX};
    rein_clock clock = ticking_clock(&t);
    const rein_placement_check_options options = {.clock = &clock,
                                                  .deadline = rein_timestamp_from_ns(look)};
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check_until(lifetimes, count, offsets, &options, workspace));
    *out_looks = t.now_ns;
    return verdict;
}

Test(check, stops_at_the_poll_that_says_so) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 5, 10), make(3, 9, 12), make(9, 12, 7)};
    const uint64_t offsets[] = {0, 10, 0};
    int64_t all = 0;
    rein_placement_verdict verdict = checked_until(lifetimes, 3, offsets, INT64_MAX, &all);
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND && verdict.height_bytes == 22, "to the end");
    cr_assert(all > 3, "before each sort");
    for (int64_t look = 1; look <= all; look++) {
        int64_t looks = 0;
        verdict = checked_until(lifetimes, 3, offsets, look, &looks);
        cr_assert(verdict.fault == REIN_PLACEMENT_UNCHECKED, "look %zu", (size_t)look);
        cr_assert(verdict.height_bytes == 0 && looks == look, "no poll after it");
    }
}

Test(check, stops_by_the_flag) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 5, 10)};
    const uint64_t offsets[] = {0};
    bool flag = false;
    const rein_placement_check_options options = {.cancel = &flag};
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check_until(lifetimes, 1, offsets, &options, workspace));
    cr_assert(verdict.fault == REIN_PLACEMENT_SOUND, "not set");
    flag = true;
    verdict = REIN_UNWRAP(rein_placement_check_until(lifetimes, 1, offsets, &options, workspace));
    cr_assert(verdict.fault == REIN_PLACEMENT_UNCHECKED, "set");
}

/* The fault is found before the first stop check. */
Test(check, finds_a_single_wrong_tensor_without_polling) {
    const rein_tensor_lifetime lifetimes[] = {make_aligned(0, 5, 10, 8)};
    const uint64_t offsets[] = {4};
    int64_t looks = 0;
    rein_placement_verdict verdict = checked_until(lifetimes, 1, offsets, 1, &looks);
    cr_assert(verdict.fault == REIN_PLACEMENT_MISALIGNED && looks == 0, "misaligned");
}
