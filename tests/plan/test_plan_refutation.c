#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "plan_case.h"
#include "ticking_clock.h"

enum { ROUNDS = 2000, BRUTE_FORCE_MOST = 7, LOG_CAPACITY = 1 << 16, ALL_EFFORT = 20000 };

static uint32_t words[LOG_CAPACITY];

static rein_workspace workspace_of(rein_result_bytes bytes) {
    rein_workspace workspace = {malloc(REIN_VALUE(bytes)), REIN_VALUE(bytes)};
    cr_assert(workspace.memory != NULL, "memory");
    return workspace;
}

/* Returns the refutation of the least height less one. Its length is 0 if the peak or a fixed
 * tensor is the proof. */
static rein_plan_log refute(const plan_case *pc, uint64_t *out_least) {
    rein_plan_problem problem = plan_case_problem(pc);
    rein_workspace workspace = workspace_of(rein_plan_workspace_bytes(pc->count));
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    rein_plan_log log = {words, LOG_CAPACITY, 0};
    rein_plan_options options = {.effort_steps = ALL_EFFORT};
    rein_plan_outcome outcome =
        REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, offsets, &log));
    cr_assert(outcome.proof != REIN_PLAN_PROOF_SEARCH, "proven");
    cr_assert((log.length > 0) == (outcome.proof == REIN_PLAN_PROOF_REFUTATION), "by a log or not");
    *out_least = outcome.answer == REIN_PLAN_FITS ? outcome.height_bytes : UINT64_MAX;
    free(workspace.memory);
    return log;
}

static rein_plan_refutation_verdict replay(const plan_case *pc, uint64_t capacity,
                                           const rein_plan_log *log) {
    rein_plan_problem problem = plan_case_problem(pc);
    rein_workspace workspace = workspace_of(rein_plan_refutation_workspace_bytes(pc->count, log));
    memset(workspace.memory, 0x5A, workspace.size_bytes);
    rein_plan_refutation_verdict verdict =
        REIN_UNWRAP(rein_plan_check_refutation(&problem, capacity, log, NULL, workspace));
    free(workspace.memory);
    return verdict;
}

Test(refutation, is_accepted_exactly_if_it_holds) {
    int refuted = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        plan_case pc = plan_case_make(round, BRUTE_FORCE_MOST);
        uint64_t least = 0;
        rein_plan_log log = refute(&pc, &least);
        if (log.length == 0 || least == UINT64_MAX) {
            continue;
        }
        refuted++;
        cr_assert(replay(&pc, least - 1, &log).is_valid, "round %zu: holds", (size_t)round);
        cr_assert(!replay(&pc, least, &log).is_valid, "round %zu: the least height fits",
                  (size_t)round);
    }
    cr_assert(refuted > ROUNDS / 20, "refutations were seen: %d", refuted);
}

Test(refutation, of_tight_cases_is_accepted) {
    int refuted = 0;
    for (uint64_t round = 0; round < 800; round++) {
        plan_case pc = plan_case_make_tight(round, 20 + round % 16, 16);
        uint64_t least = 0;
        rein_plan_log log = refute(&pc, &least);
        if (log.length > 0) {
            refuted++;
            cr_assert(replay(&pc, least - 1, &log).is_valid, "round %zu", (size_t)round);
        }
    }
    cr_assert(refuted > 5, "refutations were seen: %d", refuted);
}

/* No log may refute a capacity for which a placement exists. */
Test(refutation, never_refutes_what_fits_however_it_is_changed) {
    int changed = 0;
    for (uint64_t round = 0; round < ROUNDS / 4; round++) {
        plan_case pc = plan_case_make(round, BRUTE_FORCE_MOST);
        uint64_t least = 0;
        rein_plan_log log = refute(&pc, &least);
        for (size_t i = 0; i < log.length && i < 40 && least != UINT64_MAX; i++) {
            uint32_t kept = words[i];
            for (uint32_t word = 0; word < 2 * pc.count + 2; word++) {
                words[i] = word;
                changed++;
                cr_assert(!replay(&pc, least, &log).is_valid, "round %zu, word %zu", (size_t)round,
                          i);
            }
            words[i] = kept;
        }
    }
    cr_assert(changed > 1000, "logs were changed: %d", changed);
}

/* Grows a log word by word from words that the replayer accepts, citations first. Returns whether
 * the replayer accepts the whole log. */
static bool grow_log(const plan_case *pc, uint64_t capacity, uint64_t *random) {
    enum { GROWN_MOST = 24, OPENINGS_TRIED = 6 };
    rein_plan_log log = {words, LOG_CAPACITY, 0};
    uint32_t opened = 0;
    for (bool is_taken = true; is_taken && log.length < GROWN_MOST;) {
        is_taken = false;
        log.length++;
        for (uint32_t k = 0; k < opened + OPENINGS_TRIED && !is_taken; k++) {
            uint32_t row = (uint32_t)plan_case_random(random, pc->count);
            uint32_t word = k < opened ? 2 * k + 1 : 2 * row;
            words[log.length - 1] = word;
            rein_plan_refutation_verdict verdict = replay(pc, capacity, &log);
            if (verdict.is_valid) {
                return true;
            }
            is_taken = verdict.position == log.length;
            opened += is_taken && word % 2 == 0;
        }
    }
    return false;
}

Test(refutation, never_refutes_what_fits_however_it_is_made) {
    uint64_t random = 1;
    int grown = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        plan_case pc = plan_case_make(round, BRUTE_FORCE_MOST);
        uint64_t least = 0;
        (void)refute(&pc, &least);
        for (int log = 0; log < 3 && least != UINT64_MAX && least > 0; log++) {
            grown++;
            cr_assert(!grow_log(&pc, least, &random), "round %zu", (size_t)round);
        }
    }
    cr_assert(grown > ROUNDS, "logs were made: %d", grown);
}

/* In the cited node the first tensor lies above the third; in the citing state it does not. */
Test(refutation, is_rejected_if_one_tensor_of_a_cited_state_is_elsewhere) {
    plan_case pc = {.count = 5};
    static const int rows[][4] = {
        {0, 2, 1, 4}, {2, 6, 1, 2}, {1, 3, 1, 1}, {1, 4, 2, 4}, {3, 4, 4, 4}};
    for (size_t i = 0; i < pc.count; i++) {
        pc.lifetimes[i] = (rein_tensor_lifetime){rein_tensor_id_make(i), rows[i][0], rows[i][1],
                                                 (uint64_t)rows[i][2], (uint64_t)rows[i][3]};
        pc.fixed_offsets[i] = REIN_PLAN_FREE;
    }
    uint32_t made[] = {8, 2, 6, 6, 6, 5, 2};
    rein_plan_log log = {made, 7, 7};
    rein_plan_refutation_verdict verdict = replay(&pc, 7, &log);
    cr_assert(!verdict.is_valid && verdict.position == 5, "at the citation: %zu", verdict.position);
}

Test(refutation, is_rejected_when_cut_or_continued) {
    for (uint64_t round = 0; round < ROUNDS / 4; round++) {
        plan_case pc = plan_case_make(round, BRUTE_FORCE_MOST);
        uint64_t least = 0;
        rein_plan_log log = refute(&pc, &least);
        if (log.length == 0) {
            continue;
        }
        uint64_t capacity = least == UINT64_MAX ? 1000 : least - 1;
        rein_plan_log longer = {words, LOG_CAPACITY, log.length + 1};
        words[log.length] = 0;
        cr_assert(!replay(&pc, capacity, &longer).is_valid, "round %zu: continued", (size_t)round);
        for (size_t length = 0; length < log.length; length++) {
            rein_plan_log shorter = {words, LOG_CAPACITY, length};
            rein_plan_refutation_verdict verdict = replay(&pc, capacity, &shorter);
            cr_assert(!verdict.is_valid, "round %zu: cut", (size_t)round);
            cr_assert(verdict.position == length, "round %zu: says where", (size_t)round);
        }
    }
}

Test(refutation, by_the_peak_needs_no_words) {
    plan_case pc = plan_case_make_tight(1, 12, 20);
    uint64_t least = 0;
    (void)refute(&pc, &least);
    rein_plan_log empty = {NULL, 0, 0};
    cr_assert(replay(&pc, 0, &empty).is_valid, "no bytes at all");
    cr_assert(!replay(&pc, least, &empty).is_valid, "the least height");
}

Test(refutation, of_no_tensors_is_rejected) {
    plan_case pc = {.count = 0};
    uint32_t made[] = {1, 1};
    for (size_t length = 0; length <= 2; length++) {
        rein_plan_log log = {made, 2, length};
        cr_assert(!replay(&pc, 0, &log).is_valid, "nothing fits always");
    }
}

Test(refutation, by_a_fixed_offset_above_the_capacity_needs_no_words) {
    plan_case pc = {.count = 1, .fixed_offsets = {20}};
    pc.lifetimes[0] = (rein_tensor_lifetime){rein_tensor_id_make(0), 0, 1, 5, 1};
    rein_plan_log empty = {NULL, 0, 0};
    cr_assert(replay(&pc, 19, &empty).is_valid, "it starts above");
    cr_assert(replay(&pc, 24, &empty).is_valid, "it ends above");
    cr_assert(!replay(&pc, 25, &empty).is_valid, "it fits");
}

Test(refutation, is_not_recorded_if_it_does_not_fit_the_log) {
    for (uint64_t round = 0; round < ROUNDS; round++) {
        plan_case pc = plan_case_make(round, BRUTE_FORCE_MOST);
        uint64_t least = 0;
        size_t length = refute(&pc, &least).length;
        if (length < 4) {
            continue;
        }
        rein_plan_problem problem = plan_case_problem(&pc);
        rein_workspace workspace = workspace_of(rein_plan_workspace_bytes(pc.count));
        uint64_t offsets[PLAN_CASE_TENSORS_MAX];
        rein_plan_log small = {words, length - 1, 0};
        rein_plan_options options = {.effort_steps = ALL_EFFORT};
        rein_plan_outcome outcome =
            REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, offsets, &small));
        cr_assert(outcome.proof == REIN_PLAN_PROOF_SEARCH, "proven, but not on record");
        cr_assert(small.length == length, "says how long it would be");
        rein_plan_log large_enough = {words, length, 0};
        outcome =
            REIN_UNWRAP(rein_plan_minimise(&problem, &options, workspace, offsets, &large_enough));
        cr_assert(outcome.proof == REIN_PLAN_PROOF_REFUTATION, "it fits to the word");
        free(workspace.memory);
        return;
    }
}

static rein_plan_refutation_verdict replay_with(const plan_case *pc, uint64_t capacity,
                                                const rein_plan_log *log,
                                                const rein_plan_replay_options *options) {
    rein_plan_problem problem = plan_case_problem(pc);
    rein_workspace workspace = workspace_of(rein_plan_refutation_workspace_bytes(pc->count, log));
    rein_plan_refutation_verdict verdict =
        REIN_UNWRAP(rein_plan_check_refutation(&problem, capacity, log, options, workspace));
    free(workspace.memory);
    return verdict;
}

/* Returns a case with a refutation of several moves, but few enough to stop at each. */
static plan_case find_refuted(rein_plan_log *out_log, uint64_t *out_capacity) {
    for (uint64_t round = 0;; round++) {
        plan_case pc = plan_case_make_tight(round, 20 + round % 16, 16);
        uint64_t least = 0;
        *out_log = refute(&pc, &least);
        if (out_log->length > 5 && out_log->length < 500) {
            *out_capacity = least - 1;
            return pc;
        }
    }
}

Test(refutation, is_not_accepted_if_its_replay_is_stopped) {
    rein_plan_log log;
    uint64_t capacity = 0;
    plan_case pc = find_refuted(&log, &capacity);
    int64_t looks = 0;
    int64_t cancelled = 0;
    for (bool is_finished = false; !is_finished; looks++) {
        ticking late = {0, INT64_MAX, false};
        const rein_clock clock = ticking_clock(&late);
        rein_plan_replay_options options = {.clock = &clock,
                                            .deadline = rein_timestamp_from_ns(looks + 1)};
        rein_plan_refutation_verdict verdict = replay_with(&pc, capacity, &log, &options);
        is_finished = verdict.stop == REIN_PLAN_STOP_DONE;
        cr_assert(is_finished || verdict.stop == REIN_PLAN_STOP_DEADLINE, "look %d", (int)looks);
        cr_assert(verdict.is_valid == is_finished, "valid only at the end: poll %d", (int)looks);
        cr_assert(is_finished || verdict.position <= log.length, "where it stopped");
        ticking called = {0, looks + 1, false};
        const rein_clock other = ticking_clock(&called);
        options = (rein_plan_replay_options){
            .clock = &other, .deadline = rein_timestamp_from_ns(INT64_MAX), .cancel = &called.flag};
        verdict = replay_with(&pc, capacity, &log, &options);
        cr_assert(verdict.is_valid == (verdict.stop == REIN_PLAN_STOP_DONE), "fails closed");
        cancelled += verdict.stop == REIN_PLAN_STOP_CANCEL;
    }
    cr_assert(cancelled > (int64_t)log.length, "the flag is too: %d", (int)cancelled);
    cr_assert(looks > (int64_t)log.length, "the clock is read for every word: %d", (int)looks);
}

typedef struct seen_positions {
    size_t count;
    size_t last;
    bool is_in_order;
} seen_positions;

static void record_position(void *self, size_t position) {
    seen_positions *seen = self;
    seen->is_in_order = seen->is_in_order && position >= seen->last;
    seen->last = position;
    seen->count++;
}

Test(refutation, reports_the_progress_of_its_replay) {
    rein_plan_log log;
    uint64_t capacity = 0;
    plan_case pc = find_refuted(&log, &capacity);
    seen_positions seen = {.is_in_order = true};
    rein_plan_replay_options options = {.on_progress = record_position, .self = &seen};
    cr_assert(replay_with(&pc, capacity, &log, &options).is_valid, "as without it");
    cr_assert(seen.count > log.length, "at each move: %zu", seen.count);
    cr_assert(seen.is_in_order, "never back");
    cr_assert(seen.last == log.length, "up to the end: %zu of %zu", seen.last, log.length);
}

static rein_timestamp stand_still(void *self) {
    return *(const rein_timestamp *)self;
}

Test(refutation, is_not_replayed_from_the_deadline_on) {
    rein_plan_log log;
    uint64_t capacity = 0;
    plan_case pc = find_refuted(&log, &capacity);
    rein_timestamp now = rein_timestamp_from_ns(5);
    const rein_clock clock = {.now = stand_still, .self = &now};
    rein_plan_replay_options options = {.clock = &clock, .deadline = now};
    cr_assert(replay_with(&pc, capacity, &log, &options).stop == REIN_PLAN_STOP_DEADLINE, "at it");
    options.deadline = rein_timestamp_from_ns(6);
    cr_assert(replay_with(&pc, capacity, &log, &options).is_valid, "before it");
}

Test(refutation, of_too_many_tensors_is_none) {
    enum { TOO_MANY = 4097 };
    rein_tensor_lifetime *lifetimes = calloc(TOO_MANY, sizeof *lifetimes);
    for (size_t i = 0; i < TOO_MANY; i++) {
        lifetimes[i] = (rein_tensor_lifetime){rein_tensor_id_make(i), 0, 1, 1, 1};
    }
    rein_plan_log empty = {NULL, 0, 0};
    rein_workspace workspace = workspace_of(rein_plan_refutation_workspace_bytes(TOO_MANY, &empty));
    for (size_t count = TOO_MANY - 1; count <= TOO_MANY; count++) {
        rein_plan_problem problem = {lifetimes, count, NULL};
        bool is_valid =
            REIN_UNWRAP(rein_plan_check_refutation(&problem, TOO_MANY - 2, &empty, NULL, workspace))
                .is_valid;
        cr_assert(is_valid == (count < TOO_MANY), "%zu tensors", count);
    }
    free(workspace.memory);
    free(lifetimes);
}

/* The fixed tensors are alive all the time, with gaps too small for the short-lived ones. The path
 * places each fixed tensor and then moves each short-lived one above the next. All moves are sound,
 * but the path is longer than the replayer follows. */
Test(refutation, of_a_path_that_is_too_long_is_none) {
    enum { FIXED = 20, SHORT = 20, COUNT = FIXED + SHORT, NODES_MAX = 8 * COUNT };
    plan_case pc = {.count = COUNT};
    for (size_t i = 0; i < FIXED; i++) {
        pc.lifetimes[i] = (rein_tensor_lifetime){rein_tensor_id_make(i), -1, 2 * SHORT, 1, 1};
        pc.fixed_offsets[i] = 10 * i;
    }
    for (size_t i = FIXED; i < COUNT; i++) {
        int64_t from = 2 * (int64_t)(i - FIXED);
        pc.lifetimes[i] = (rein_tensor_lifetime){rein_tensor_id_make(i), from, from + 1, 10, 1};
        pc.fixed_offsets[i] = REIN_PLAN_FREE;
    }
    rein_plan_log log = {words, LOG_CAPACITY, 0};
    for (uint32_t i = 0; i < FIXED; i++) {
        words[log.length++] = 2 * FIXED;
        for (uint32_t k = FIXED; k < COUNT && i + 1 < FIXED; k++) {
            words[log.length++] = 2 * k;
        }
    }
    rein_plan_refutation_verdict verdict = replay(&pc, 1000, &log);
    cr_assert(!verdict.is_valid, "it fits");
    cr_assert(verdict.position == NODES_MAX, "stops at the node %zu", verdict.position);
}

/* So many equal tensors that a path has more changes than the replayer can undo. */
Test(refutation, of_a_path_with_too_many_changes_is_none) {
    enum { COUNT = 600 };
    rein_tensor_lifetime *lifetimes = calloc(COUNT, sizeof *lifetimes);
    rein_plan_log log = {words, LOG_CAPACITY, COUNT};
    for (size_t i = 0; i < COUNT; i++) {
        lifetimes[i] = (rein_tensor_lifetime){rein_tensor_id_make(i), 0, 1, 1, 1};
        words[i] = 2 * (COUNT - 1);
    }
    rein_plan_problem problem = {lifetimes, COUNT, NULL};
    rein_workspace workspace = workspace_of(rein_plan_refutation_workspace_bytes(COUNT, &log));
    rein_plan_refutation_verdict verdict =
        REIN_UNWRAP(rein_plan_check_refutation(&problem, COUNT, &log, NULL, workspace));
    cr_assert(!verdict.is_valid, "it fits");
    cr_assert(verdict.position < COUNT && verdict.position > COUNT / 2, "stopped at %zu",
              verdict.position);
    free(workspace.memory);
    free(lifetimes);
}

Test(refutation, refuses_bad_input) {
    plan_case pc = plan_case_make_tight(1, 12, 20);
    rein_plan_problem problem = plan_case_problem(&pc);
    rein_plan_log log = {words, LOG_CAPACITY, 3};
    rein_workspace workspace = workspace_of(rein_plan_refutation_workspace_bytes(12, &log));
    rein_workspace small = {workspace.memory, workspace.size_bytes - 1};
    cr_assert(rein_result_plan_refutation_verdict_is_error(
                  rein_plan_check_refutation(&problem, 1, &log, NULL, small)),
              "a small workspace");
    cr_assert(rein_result_plan_refutation_verdict_is_error(
                  rein_plan_check_refutation(&problem, 1, NULL, NULL, workspace)),
              "no log");
    small = (rein_workspace){NULL, workspace.size_bytes};
    cr_assert(rein_result_plan_refutation_verdict_is_error(
                  rein_plan_check_refutation(&problem, 1, &log, NULL, small)),
              "no memory");
    log.length = SIZE_MAX;
    cr_assert(rein_result_plan_refutation_verdict_is_error(
                  rein_plan_check_refutation(&problem, 1, &log, NULL, workspace)),
              "more words than a memory holds");
    log = (rein_plan_log){NULL, LOG_CAPACITY, 1};
    cr_assert(rein_result_plan_refutation_verdict_is_error(
                  rein_plan_check_refutation(&problem, 1, &log, NULL, workspace)),
              "no words");
    log.length = (size_t)1 << 47;
    cr_assert(rein_result_bytes_is_error(rein_plan_refutation_workspace_bytes(12, &log)),
              "a length that no memory holds");
    pc.lifetimes[3].until = pc.lifetimes[3].from;
    log = (rein_plan_log){words, LOG_CAPACITY, 0};
    cr_assert(rein_result_plan_refutation_verdict_is_error(
                  rein_plan_check_refutation(&problem, 1, &log, NULL, workspace)),
              "a broken row");
    free(workspace.memory);
}
