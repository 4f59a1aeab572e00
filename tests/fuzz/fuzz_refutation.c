/* The replayer of refutations: it never accepts a log as a refutation of a capacity that brute
 * force fills. The log is the planner's own, with random changes, or random. */
#include <string.h>

#include "fuzz_plan_case.h"

enum { LOG_CAPACITY = 512, EFFORT_STEPS = 4000 };

static uint32_t words[LOG_CAPACITY];

/* Returns the planner's refutation of the capacity, or no words if there is none. */
static rein_plan_log write_log(const plan_case *pc, uint64_t capacity) {
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    rein_plan_log log = {words, LOG_CAPACITY, 0};
    rein_plan_problem problem = plan_case_problem(pc);
    rein_plan_options options = {.effort_steps = EFFORT_STEPS};
    rein_workspace workspace = fuzz_workspace(REIN_UNWRAP(rein_plan_workspace_bytes(pc->count)));
    rein_plan_outcome outcome =
        REIN_UNWRAP(rein_plan_decide(&problem, capacity, &options, workspace, offsets, &log));
    free(workspace.memory);
    if (outcome.answer != REIN_PLAN_CANNOT || outcome.proof != REIN_PLAN_PROOF_REFUTATION) {
        log.length = 0;
    }
    return log;
}

static void change(choices *from, rein_plan_log *log) {
    while (from->length > 0) {
        size_t at = choose_byte(from) % (log->length + 1);
        uint32_t word = choose_byte(from);
        if (word == UINT8_MAX) {
            word = (uint32_t)choose_number(from);
        }
        if (at == log->length && log->length < log->capacity) {
            log->length++;
        }
        if (at < log->length) {
            log->words[at] = word;
        }
        if (choose_below(from, 8) == 0) {
            log->length = at;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    choices from = {data, size};
    plan_case pc = choose_plan_case(&from);
    uint64_t least = plan_case_least_height(&pc);
    uint64_t capacity = choose_number(&from);
    unsigned below = choose_below(&from, 4);
    bool is_near = choose_below(&from, 4) != 0 && least != UINT64_MAX;
    capacity = is_near ? least - (below < least ? below : least) : capacity;
    rein_plan_log log = write_log(&pc, capacity);
    if (log.length > 0) {
        require(fuzz_refutes(&pc, capacity, &log), "the planner's own refutation is replayed");
        require(least == UINT64_MAX || !fuzz_refutes(&pc, least, &log),
                "and refutes nothing that fits");
    }
    change(&from, &log);
    require(!fuzz_refutes(&pc, capacity, &log) || capacity < least,
            "a refuted capacity does not fit");
    return 0;
}
