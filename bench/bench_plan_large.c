/* Measures the planner's heuristics on large problems of many shapes, made in memory.
 *
 *     bench_plan_large [COUNT [SEED [EFFORT]]]
 *
 * Prints for each shape of COUNT tensors (1000000) the height, the bound, their difference, the
 * processor time, and the workspace per tensor. Checks every placement. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "plan/plan.h"
#include "plan/plan_shapes.h"

static double processor_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Returns the gap in percent. */
static double measure(plan_shape shape, uint64_t count, uint64_t seed, uint64_t effort) {
    rein_tensor_lifetime *lifetimes = malloc(count * sizeof *lifetimes);
    uint64_t *offsets = malloc(count * sizeof *offsets);
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(count));
    rein_workspace workspace = {malloc(bytes), bytes};
    plan_shape_make(shape, count, seed, lifetimes);
    rein_plan_problem problem = {lifetimes, count, NULL};
    rein_plan_options options = {.effort_steps = effort};
    double start = processor_ms();
    rein_plan_outcome outcome =
        REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, offsets, NULL));
    double taken = processor_ms() - start;
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(lifetimes, count, offsets, workspace));
    bool is_sound =
        verdict.fault == REIN_PLACEMENT_SOUND && verdict.height_bytes == outcome.height_bytes;
    double gap = 100.0 * ((double)outcome.height_bytes / (double)outcome.lower_bound_bytes - 1.0);
    printf("%-12s %8" PRIu64 " %18" PRIu64 " %18" PRIu64 " %8.3f%% %10.1f ms %10" PRIu64
           " steps %s\n",
           plan_shape_name(shape), count, outcome.height_bytes, outcome.lower_bound_bytes, gap,
           taken, outcome.steps, is_sound ? "" : "NOT SOUND");
    fflush(stdout);
    free(workspace.memory);
    free(offsets);
    free(lifetimes);
    return is_sound ? gap : 1e9;
}

int main(int argc, char **argv) {
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    uint64_t effort = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
    double worst = 0;
    for (int shape = argc > 4 ? atoi(argv[4]) : 0; shape < PLAN_SHAPE_COUNT; shape++) {
        double gap = measure((plan_shape)shape, count, seed, effort);
        worst = gap > worst ? gap : worst;
    }
    printf("worst gap %.3f%%; workspace %.1f bytes a tensor\n", worst,
           (double)REIN_UNWRAP(rein_plan_workspace_bytes(count)) / (double)count);
    return worst < 1e9 ? 0 : 1;
}
