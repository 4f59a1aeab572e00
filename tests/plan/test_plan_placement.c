/* Placements with very little effort: known ones, and random ones checked pair by pair. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "plan/plan.h"

enum { MANY = 200, SMALL = 12, ROUNDS = 1000 };

#define BIGGEST (UINT64_C(1) << 63)

static rein_workspace workspace;

static void set_up(void) {
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(MANY));
    workspace = (rein_workspace){malloc(bytes), bytes};
}

static void tear_down(void) {
    free(workspace.memory);
}

static rein_tensor_lifetime make(int64_t from, int64_t until, uint64_t size, uint64_t alignment) {
    return (rein_tensor_lifetime){rein_tensor_id_make(0), from, until, size, alignment};
}

static rein_plan_outcome place(const rein_tensor_lifetime *lifetimes, size_t count,
                               uint64_t effort_steps, uint64_t *out_offsets) {
    const rein_plan_problem problem = {lifetimes, count, NULL};
    const rein_plan_options options = {.effort_steps = effort_steps};
    return REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, out_offsets, NULL));
}

TestSuite(placement, .init = set_up, .fini = tear_down);

Test(placement, shares_bytes_between_tensors_never_alive_together) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 2, 10, 1), make(2, 4, 10, 1),
                                              make(1, 3, 5, 1)};
    uint64_t offsets[3];
    rein_plan_outcome outcome = place(lifetimes, 3, 0, offsets);
    cr_assert(outcome.answer == REIN_PLAN_FITS && outcome.height_bytes == 15, "the peak");
    cr_assert(offsets[0] == offsets[1], "one after the other in the same bytes");
}

Test(placement, puts_the_aligned_tensor_below_a_larger_one) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 1, 100, 1), make(0, 2, 64, 64)};
    uint64_t offsets[2];
    rein_plan_outcome outcome = place(lifetimes, 2, 100, offsets);
    cr_assert(outcome.answer == REIN_PLAN_FITS && outcome.height_bytes == 164, "no padding");
    cr_assert(offsets[0] == 64 && offsets[1] == 0, "the larger on top");
}

/* Each of three 1-byte tensors needs its own multiple of 2^63: 64 bits have room for two. */
Test(placement, of_few_bytes_may_not_exist_in_64_bits) {
    const rein_tensor_lifetime lifetimes[] = {make(0, 2, 1, BIGGEST), make(0, 2, 1, BIGGEST),
                                              make(0, 2, 1, BIGGEST)};
    uint64_t offsets[] = {7, 7, 7};
    rein_plan_outcome outcome = place(lifetimes, 3, 1000, offsets);
    cr_assert(outcome.answer == REIN_PLAN_CANNOT && outcome.height_bytes == UINT64_MAX, "none");
    cr_assert(offsets[0] == 7 && offsets[2] == 7, "the offsets are as they were");
}

static uint64_t random_state = 1;

static uint64_t random_below(uint64_t limit) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (random_state >> 33) % limit;
}

/* Makes random tensors with negative and positive times; returns their number. */
static size_t make_random(rein_tensor_lifetime *out_lifetimes, size_t most) {
    size_t count = 1 + random_below(most);
    for (size_t i = 0; i < count; i++) {
        int64_t from = (int64_t)random_below(40) - 20;
        int64_t until = from + 1 + (int64_t)random_below(20);
        out_lifetimes[i] = make(from, until, random_below(20), UINT64_C(1) << random_below(4));
    }
    return count;
}

static bool share_a_byte(const rein_tensor_lifetime *lifetimes, const uint64_t *offsets, size_t i,
                         size_t k) {
    const rein_tensor_lifetime *a = &lifetimes[i];
    const rein_tensor_lifetime *b = &lifetimes[k];
    return a->from < b->until && b->from < a->until && offsets[i] < offsets[k] + b->size_bytes &&
           offsets[k] < offsets[i] + a->size_bytes;
}

Test(placement, is_sound_on_random_lifetimes) {
    rein_tensor_lifetime lifetimes[MANY];
    uint64_t offsets[MANY];
    for (int round = 0; round < ROUNDS; round++) {
        size_t count = make_random(lifetimes, round % 50 == 0 ? MANY : SMALL);
        rein_plan_outcome outcome = place(lifetimes, count, 0, offsets);
        uint64_t height = 0;
        for (size_t i = 0; i < count; i++) {
            uint64_t end = lifetimes[i].size_bytes == 0 ? 0 : offsets[i] + lifetimes[i].size_bytes;
            height = end > height ? end : height;
            cr_assert(offsets[i] % lifetimes[i].alignment_bytes == 0, "round %d", round);
            for (size_t k = 0; k < i; k++) {
                bool is_empty = lifetimes[i].size_bytes == 0 || lifetimes[k].size_bytes == 0;
                cr_assert(is_empty || !share_a_byte(lifetimes, offsets, i, k), "round %d", round);
            }
        }
        cr_assert(height == outcome.height_bytes, "round %d: the height", round);
        cr_assert(outcome.lower_bound_bytes <= height, "round %d: the bound", round);
    }
}
