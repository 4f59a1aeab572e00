/* A small planning problem made from an input, with its least height by brute force. */
#ifndef REIN_TESTS_FUZZ_PLAN_CASE_H
#define REIN_TESTS_FUZZ_PLAN_CASE_H

#include "fuzz.h"
#include "plan/plan_case.h"

enum { FUZZ_TENSORS_MOST = 6, FUZZ_SHIFT_MOST = 55 };

/* Returns up to 6 tensors, some with alignments, fixed offsets or no bytes. All sizes may be
 * shifted up to just below 2^63. */
static inline plan_case choose_plan_case(choices *from) {
    plan_case pc = {.count = 1 + choose_below(from, FUZZ_TENSORS_MOST)};
    unsigned shift = choose_byte(from);
    shift = shift < 200 ? 0 : shift - 200;
    bool has_fixed = choose_below(from, 4) == 0;
    for (size_t i = 0; i < pc.count; i++) {
        int64_t start = (int64_t)choose_below(from, 12);
        int64_t until = start + 1 + (int64_t)choose_below(from, 6);
        uint64_t size = (uint64_t)choose_below(from, 14) << shift;
        uint64_t alignment = UINT64_C(1) << choose_below(from, 4);
        bool is_fixed = has_fixed && choose_below(from, 3) == 0;
        pc.lifetimes[i] =
            (rein_tensor_lifetime){rein_tensor_id_make(i), start, until, size, alignment};
        pc.fixed_offsets[i] =
            is_fixed ? choose_below(from, 12) * alignment << shift : REIN_PLAN_FREE;
    }
    return pc;
}

static inline rein_workspace fuzz_workspace(size_t bytes) {
    rein_workspace workspace = {.memory = malloc(bytes), .size_bytes = bytes};
    require(workspace.memory != NULL, "there is memory for a workspace");
    return workspace;
}

/* Returns whether the replayer accepts the log as a refutation of the capacity. */
static inline bool fuzz_refutes(const plan_case *pc, uint64_t capacity, const rein_plan_log *log) {
    rein_plan_problem problem = plan_case_problem(pc);
    rein_workspace workspace =
        fuzz_workspace(REIN_UNWRAP(rein_plan_refutation_workspace_bytes(pc->count, log)));
    bool is_valid =
        REIN_UNWRAP(rein_plan_check_refutation(&problem, capacity, log, NULL, workspace)).is_valid;
    free(workspace.memory);
    return is_valid;
}

#endif
