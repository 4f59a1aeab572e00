/* Planning the lifetimes of a file: time and height. The live peak is a lower bound on the height
 * of any plan. */
#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fleet/planned_lifetimes.h"
#include "cli/read/lifetimes.h"
#include "host/greedy_by_size.h"
#include "host/subject.h"
#include "host/topics.h"

#define PLAN_TABLE "plan: one network's activations"

typedef struct plan_case {
    lifetimes_file input;
    uint64_t *offsets;
    size_t *order;
    rein_workspace workspace;
} plan_case;

/* Plans as `rein plan` does without options. */
static uint64_t plan_once(const plan_case *given) {
    rein_plan_problem problem = {.lifetimes = given->input.lifetimes, .count = given->input.count};
    rein_plan_options options = {.effort_steps = plan_effort_default().steps};
    return REIN_UNWRAP(
               rein_plan_minimise(&problem, &options, given->workspace, given->offsets, NULL))
        .height_bytes;
}

static uint64_t run_plan(void *context, uint64_t count) {
    uint64_t height = 0;
    for (uint64_t i = 0; i < count; i++) {
        height = plan_once(context);
    }
    return height;
}

static uint64_t run_greedy(void *context, uint64_t count) {
    const plan_case *given = context;
    uint64_t height = 0;
    for (uint64_t i = 0; i < count; i++) {
        height = greedy_by_size(given->input.lifetimes, given->input.count, given->offsets,
                                given->order);
    }
    return height;
}

static uint64_t run_peak(void *context, uint64_t count) {
    const plan_case *given = context;
    uint64_t peak = 0;
    for (uint64_t i = 0; i < count; i++) {
        peak = REIN_UNWRAP(rein_lifetimes_peak(given->input.lifetimes, given->input.count,
                                               given->workspace))
                   .bytes;
    }
    return peak;
}

/* Checks that the peer's placement is valid. */
static void check_greedy(const plan_case *given) {
    uint64_t height = run_greedy((void *)(uintptr_t)given, 1);
    rein_placement_verdict verdict = REIN_UNWRAP(rein_placement_check(
        given->input.lifetimes, given->input.count, given->offsets, given->workspace));
    if (verdict.fault == REIN_PLACEMENT_OVERLAP || verdict.fault == REIN_PLACEMENT_OVERFLOW ||
        (verdict.fault == REIN_PLACEMENT_SOUND && verdict.height_bytes != height)) {
        bench_stop("the peer's placement is not sound");
    }
}

/* Reads a case. It is never freed, like the subjects. */
static plan_case *read_case(const char *path) {
    diagnostics sink = {.stream = stderr, .memory = arena_create()};
    plan_case *made = arena_allocate(sink.memory, 1, sizeof *made);
    const upper_ends half_open = {.are_included = false};
    if (!lifetimes_file_read(&sink, path, half_open, NULL, &made->input)) {
        bench_stop("the lifetimes were not read");
    }
    size_t count = made->input.count;
    made->workspace.size_bytes = REIN_UNWRAP(rein_plan_workspace_bytes(count)) +
                                 REIN_UNWRAP(rein_lifetime_workspace_bytes(count));
    made->workspace.memory = arena_allocate(sink.memory, made->workspace.size_bytes, 1);
    made->offsets = arena_allocate(sink.memory, count, sizeof *made->offsets);
    made->order = arena_allocate(sink.memory, 2 * count, sizeof *made->order);
    check_greedy(made);
    return made;
}

static void write_name(const char *path, char *out_name, size_t capacity) {
    const char *slash = strrchr(path, '/');
    snprintf(out_name, capacity, "%s", slash == NULL ? path : slash + 1);
    char *end = strstr(out_name, ".csv");
    if (end != NULL) {
        *end = '\0';
    }
}

void bench_add_plan(const char *path) {
    static const struct {
        const char *name;
        bench_role role;
        bench_operation run;
    } planners[] = {{"rein, exact", BENCH_OURS, run_plan},
                    {"greedy by size", BENCH_PEER, run_greedy},
                    {"the live peak alone", BENCH_LIMIT, run_peak}};
    char case_name[128];
    plan_case *made = read_case(path);
    write_name(path, case_name, sizeof case_name);
    for (unsigned i = 0; i < sizeof planners / sizeof planners[0]; i++) {
        bench_subject subject = {.table = PLAN_TABLE,
                                 .case_name = case_name,
                                 .subject = planners[i].name,
                                 .role = planners[i].role,
                                 .run = planners[i].run,
                                 .context = made,
                                 .batch = 1,
                                 .counter = "height in bytes"};
        bench_add(&subject);
    }
}
