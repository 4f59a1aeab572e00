/* Compares the planner's answers to given problems, to the last step, with a record.
 *
 *     plan_record           prints the record
 *     plan_record FILE      compares it with FILE; exits with 1 at the first line that differs
 *
 * The same problem, seed and effort must have the same answer on every machine and with every
 * compiler. No other test notices a heuristic that became worse. A difference is a bug or an
 * intended change of the planner; after the latter, print the record again, so that the commit
 * shows which answers improved. Every placement is checked before it is printed. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "plan_case.h"
#include "plan_shapes.h"
#include "ticking_clock.h"

enum { COUNT_MOST = 20000, LOG_CAPACITY = 1 << 16, CHANGED_WORDS_MOST = 200, LINE_MOST = 320 };

static rein_tensor_lifetime lifetimes[COUNT_MOST];
static uint64_t fixed[COUNT_MOST];
static uint64_t offsets[COUNT_MOST];
static uint32_t words[LOG_CAPACITY];

/* The record to compare with; NULL: print the record. */
static FILE *expected;

/* FNV-1a. */
static uint64_t digest(uint64_t before, uint64_t number) {
    for (int i = 0; i < 64; i += 8) {
        before = (before ^ (number >> i & 0xFF)) * UINT64_C(0x100000001B3);
    }
    return before;
}

static const uint64_t empty_digest = UINT64_C(0xCBF29CE484222325);

__attribute__((format(printf, 1, 2))) static void put_line(const char *format, ...) {
    char line[LINE_MOST];
    char recorded[LINE_MOST];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (expected == NULL) {
        fputs(line, stdout);
    } else if (fgets(recorded, sizeof recorded, expected) == NULL || strcmp(line, recorded) != 0) {
        printf("now:       %son record: %s", line, feof(expected) ? "nothing more\n" : recorded);
        exit(1);
    }
}

/* A problem in the arrays above, and the arguments of the call. */
typedef struct question {
    const char *name;
    uint64_t number;
    size_t count;
    bool has_fixed;
    bool has_no_log;
    uint64_t capacity; /* 0: minimise */
    uint64_t effort;
    uint64_t seed;
    int64_t looks; /* reads of the clock until the deadline; 0: no deadline */
} question;

typedef struct reports {
    uint64_t count;
    uint64_t digest;
} reports;

static void take_report(void *self, const rein_plan_progress *progress) {
    reports *r = self;
    r->count++;
    r->digest = digest(r->digest, progress->steps);
    r->digest = digest(r->digest, progress->height_bytes);
    r->digest = digest(r->digest, progress->lower_bound_bytes);
    r->digest = digest(r->digest, progress->placed_count);
}

static void check_placement(const question *q, const rein_plan_outcome *outcome,
                            rein_workspace workspace) {
    rein_placement_verdict verdict =
        REIN_UNWRAP(rein_placement_check(lifetimes, q->count, offsets, workspace));
    bool is_right = verdict.fault == REIN_PLACEMENT_SOUND;
    uint64_t height = 0;
    for (size_t i = 0; i < q->count; i++) {
        uint64_t size = lifetimes[i].size_bytes;
        height = size > 0 && offsets[i] + size > height ? offsets[i] + size : height;
        is_right &= !q->has_fixed || fixed[i] == REIN_PLAN_FREE || offsets[i] == fixed[i];
    }
    if (!is_right || height != outcome->height_bytes) {
        printf("%s %" PRIu64 ": the placement is wrong\n", q->name, q->number);
        exit(1);
    }
}

static uint64_t digest_of_offsets(size_t count) {
    uint64_t found = empty_digest;
    for (size_t i = 0; i < count; i++) {
        found = digest(found, offsets[i]);
    }
    return found;
}

static uint64_t digest_of_log(const rein_plan_log *log) {
    uint64_t found = empty_digest;
    for (size_t i = 0; i < log->length && i < log->capacity; i++) {
        found = digest(found, log->words[i]);
    }
    return found;
}

static void put_outcome(const question *q, const rein_plan_outcome *outcome,
                        const rein_plan_log *log, const reports *seen) {
    static const char *const answers[] = {"", "fits", "cannot", "unknown"};
    static const char *const proofs[] = {"", "peak", "search", "refutation", "fixed"};
    static const char *const stops[] = {"", "done", "effort", "deadline", "cancel", "size"};
    put_line("%s %" PRIu64 " (capacity %" PRIu64 ", effort %" PRIu64 ", seed %" PRIu64
             ", looks %" PRId64 "): %s, %s; height %" PRId64 ", bound %" PRId64 " by %s at %" PRId64
             " of rows %zu, %zu; steps %" PRIu64 "; offsets %08" PRIx32 "; log %zu %08" PRIx32
             "; reports %" PRIu64 " %08" PRIx32 "\n",
             q->name, q->number, q->capacity, q->effort, q->seed, q->looks,
             answers[outcome->answer], stops[outcome->stop], (int64_t)outcome->height_bytes,
             (int64_t)outcome->lower_bound_bytes, proofs[outcome->proof], outcome->instant,
             outcome->first_row, outcome->second_row, outcome->steps,
             (uint32_t)digest_of_offsets(q->count), log->length, (uint32_t)digest_of_log(log),
             seen->count, (uint32_t)seen->digest);
}

static rein_plan_refutation_verdict replay(const rein_plan_problem *problem, uint64_t capacity,
                                           const rein_plan_log *log) {
    uint64_t bytes = REIN_UNWRAP(rein_plan_refutation_workspace_bytes(problem->count, log));
    rein_workspace workspace = {malloc(bytes), bytes};
    memset(workspace.memory, 0xA5, workspace.size_bytes);
    rein_plan_refutation_verdict verdict =
        REIN_UNWRAP(rein_plan_check_refutation(problem, capacity, log, NULL, workspace));
    free(workspace.memory);
    return verdict;
}

/* Replays the log with each of its words changed in several ways, one at a time. The record has a
 * digest of the positions at which the replays fail. */
static void put_replays(const rein_plan_problem *problem, uint64_t capacity,
                        const rein_plan_log *log) {
    static const uint32_t changes[] = {1, 2, 3, UINT32_MAX - 2, UINT32_MAX - 1, UINT32_MAX};
    uint64_t found = empty_digest;
    size_t valid = replay(problem, capacity, log).is_valid;
    for (size_t i = 0; i < log->length; i++) {
        uint32_t word = log->words[i];
        for (size_t k = 0; k < sizeof changes / sizeof *changes; k++) {
            log->words[i] = word + changes[k];
            rein_plan_refutation_verdict verdict = replay(problem, capacity, log);
            found = digest(found, verdict.position);
            valid += verdict.is_valid;
        }
        log->words[i] = word;
    }
    put_line("  replays of it, and of it changed: %zu are valid; %08" PRIx32 "\n", valid,
             (uint32_t)found);
}

static rein_plan_outcome solve_question(question q) {
    uint64_t bytes = REIN_UNWRAP(rein_plan_workspace_bytes(q.count));
    rein_workspace workspace = {malloc(bytes), bytes};
    /* Old contents of the workspace must not affect the answer. */
    memset(workspace.memory, 0xA5, workspace.size_bytes);
    memset(offsets, 0, q.count * sizeof *offsets);
    ticking t = {.flag_at_ns = INT64_MAX};
    rein_clock clock = ticking_clock(&t);
    reports seen = {0, empty_digest};
    rein_plan_problem problem = {lifetimes, q.count, q.has_fixed ? fixed : NULL};
    rein_plan_options options = {.effort_steps = q.effort,
                                 .seed = q.seed,
                                 .clock = q.looks > 0 ? &clock : NULL,
                                 .deadline = rein_timestamp_from_ns(q.looks),
                                 .on_progress = take_report,
                                 .self = &seen};
    rein_plan_log log = {words, LOG_CAPACITY, 0};
    rein_plan_log *written = q.has_no_log ? NULL : &log;
    rein_plan_outcome outcome = REIN_UNWRAP(
        q.capacity == 0
            ? rein_plan_minimise(&problem, &options, workspace, offsets, written)
            : rein_plan_decide(&problem, q.capacity, &options, workspace, offsets, written));
    put_outcome(&q, &outcome, &log, &seen);
    if (log.length > 0 && log.length <= CHANGED_WORDS_MOST) {
        put_replays(&problem, outcome.lower_bound_bytes - 1, &log);
    }
    if (outcome.height_bytes != UINT64_MAX) {
        check_placement(&q, &outcome, workspace);
    }
    free(workspace.memory);
    return outcome;
}

static size_t take_case(const plan_case *pc) {
    memcpy(lifetimes, pc->lifetimes, pc->count * sizeof *lifetimes);
    memcpy(fixed, pc->fixed_offsets, pc->count * sizeof *fixed);
    return pc->count;
}

static void record_workspace(void) {
    static const size_t counts[] = {0,  1,  2,   3,    4,    5,    6,    7,    8,
                                    40, 41, 300, 4095, 4096, 4097, 5000, 5001, 1000000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        put_line("workspace %zu: %" PRIu64 "\n", counts[i],
                 REIN_UNWRAP(rein_plan_workspace_bytes(counts[i])));
    }
}

/* Every second word of these logs is a citation. */
static void record_replay_workspace(void) {
    static const size_t lengths[] = {0, 2, 4, 6, 100};
    static const size_t counts[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 300, 4095, 4096, 4097};
    for (size_t i = 0; i < 100; i++) {
        words[i] = (uint32_t)i;
    }
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
            size_t count = counts[k];
            rein_plan_log log = {words, LOG_CAPACITY, lengths[i]};
            put_line("replay workspace %zu, %zu words: %" PRIu64 "\n", count, lengths[i],
                     REIN_UNWRAP(rein_plan_refutation_workspace_bytes(count, &log)));
        }
    }
}

/* Cases with alignments, fixed offsets and empty tensors; then with one byte less than needed. */
static void record_small(void) {
    for (uint64_t seed = 0; seed < 100; seed++) {
        plan_case pc = plan_case_make(seed, 14);
        question q = {.name = "small", .number = seed, .count = take_case(&pc), .has_fixed = true};
        q.effort = 4000;
        rein_plan_outcome outcome = solve_question(q);
        if (outcome.steps > 0 && outcome.height_bytes != UINT64_MAX) {
            q.capacity = outcome.height_bytes - 1;
            (void)solve_question(q);
        }
    }
}

/* Cases in which nothing may be wasted. The efforts end in all phases of the search. */
static void record_tight(void) {
    for (uint64_t seed = 0; seed < 24; seed++) {
        plan_case pc = plan_case_make_tight(seed, PLAN_CASE_TENSORS_MAX, 12 + seed);
        question q = {.name = "tight", .number = seed, .count = take_case(&pc)};
        q.seed = seed % 3;
        q.effort = 5000 + 9000 * (seed % 8);
        rein_plan_outcome outcome = solve_question(q);
        q.capacity = outcome.lower_bound_bytes;
        (void)solve_question(q);
    }
}

/* Sizes above 2^44, which do not fit in the ranks of the search. */
static void record_huge(void) {
    plan_case pc = plan_case_make_tight(0, PLAN_CASE_TENSORS_MAX, 12);
    question q = {.name = "huge", .count = take_case(&pc), .effort = 5000};
    for (size_t i = 0; i < q.count; i++) {
        lifetimes[i].size_bytes = (lifetimes[i].size_bytes << 46) + i % 3;
    }
    (void)solve_question(q);
}

/* Cases that need all rules of the search, and several rounds. */
static void record_hard(void) {
    static const uint64_t above_bound[][2] = {{12, 1}, {35, 3}};
    for (size_t i = 0; i < sizeof above_bound / sizeof *above_bound; i++) {
        plan_case pc = plan_case_make(above_bound[i][0], 32);
        question q = {.name = "hard", .number = above_bound[i][0], .count = take_case(&pc)};
        q.has_fixed = true;
        q.capacity = 1;
        q.capacity = solve_question(q).lower_bound_bytes + above_bound[i][1];
        q.effort = 100000;
        q.seed = i;
        (void)solve_question(q);
        q.capacity = 0;
        (void)solve_question(q);
    }
}

/* Cases that are decided after several fillings, most of them refuted quickly. The number of steps
 * depends on each filling. */
static void record_long(void) {
    static const uint64_t above_bound[][2] = {{24, 0},  {84, 0},  {95, 2},  {157, 2}, {251, 0},
                                              {267, 1}, {315, 2}, {444, 2}, {470, 1}, {472, 1},
                                              {637, 1}, {649, 2}, {713, 0}};
    for (size_t i = 0; i < sizeof above_bound / sizeof *above_bound; i++) {
        plan_case pc = plan_case_make(above_bound[i][0], PLAN_CASE_TENSORS_MAX);
        question q = {.name = "long", .number = above_bound[i][0], .count = take_case(&pc)};
        q.has_fixed = true;
        q.has_no_log = true;
        q.capacity = solve_question(q).lower_bound_bytes + above_bound[i][1];
        q.effort = 250000;
        (void)solve_question(q);
    }
}

/* Cases that need fillings. The search draws the first after some 96000 steps, then one after the
 * other. The last call fixes some tensors at their offsets and aligns the others as far as their
 * offsets allow. */
static void record_filled(size_t pieces, uint64_t seeds) {
    question q = {.name = "pieces", .number = pieces, .capacity = UINT64_C(1) << 20};
    q.count = plan_case_cut_rectangle(0, pieces, lifetimes);
    for (; q.seed < seeds; q.seed++) {
        q.effort = 105000 + 10000 * q.seed;
        (void)solve_question(q);
    }
    for (size_t i = 0; i < q.count; i++) {
        uint64_t lowest_bit = offsets[i] & (~offsets[i] + 1);
        fixed[i] = i % 40 == 0 ? offsets[i] : REIN_PLAN_FREE;
        lifetimes[i].alignment_bytes = lowest_bit > 0 && lowest_bit < 8 ? lowest_bit : 8;
    }
    q.has_fixed = true;
    (void)solve_question(q);
}

/* The same with some pieces halved: the filler of a free half can be a twin of the kept half. */
static void record_halves(size_t pieces) {
    enum { EVERY = 27 };
    question q = {.name = "halves", .number = pieces, .capacity = UINT64_C(1) << 20};
    q.seed = EVERY;
    q.effort = 120000;
    q.count = plan_case_cut_rectangle(0, pieces, lifetimes);
    for (size_t i = 0; i < q.count; i += EVERY) {
        lifetimes[i].size_bytes /= 2;
    }
    (void)solve_question(q);
}

/* Cases that one of the first fillings solves. The number of steps depends on which. */
static void record_fillings(void) {
    static const size_t cuts[][3] = {/* seed, pieces, halve every n-th; 0: none */
                                     {90, 110, 14},   {101, 130, 0},    {126, 130, 0},
                                     {315, 130, 7},   {462, 110, 14},   {518, 110, 7},
                                     {739, 130, 7},   {884, 130, 14},   {30487, 250, 0},
                                     {59427, 220, 0}, {77223, 180, 20}, {93652, 280, 0}};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        question q = {.name = "fillings", .number = cuts[i][0], .capacity = UINT64_C(1) << 20};
        q.count = plan_case_cut_rectangle(cuts[i][0], cuts[i][1], lifetimes);
        for (size_t k = 0; cuts[i][2] > 0 && k < q.count; k += cuts[i][2]) {
            lifetimes[k].size_bytes /= 2;
        }
        q.effort = 180000;
        q.seed = q.number;
        (void)solve_question(q);
    }
}

static question make_shape(plan_shape shape, size_t count) {
    plan_shape_make(shape, count, 1, lifetimes);
    return (question){.name = plan_shape_name(shape), .number = count, .count = count};
}

/* Shapes that the exact search takes, and shapes that are too large for it. A deadline cuts long
 * repairs short. */
static void record_shapes(void) {
    static const struct {
        size_t count;
        uint64_t effort;
        int64_t looks;
    } measures[] = {{100, 4000, 0}, {700, 700, 0}, {4300, 100, 300}};
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        for (int shape = 0; shape < PLAN_SHAPE_COUNT; shape++) {
            question q = make_shape((plan_shape)shape, measures[i].count);
            q.effort = measures[i].effort;
            q.looks = measures[i].looks;
            (void)solve_question(q);
        }
    }
}

/* Fixes every tenth tensor at its offset in a first plan, if that is in the lower half. Plans the
 * others again, some of them aligned. */
static void record_fixed(plan_shape shape, size_t count, int64_t looks) {
    question q = make_shape(shape, count);
    q.looks = looks;
    uint64_t half = solve_question(q).height_bytes / 2;
    for (size_t i = 0; i < count; i++) {
        fixed[i] = i % 10 == 0 && offsets[i] < half ? offsets[i] : REIN_PLAN_FREE;
        lifetimes[i].alignment_bytes = i % 10 == 1 ? 1024 : 1;
    }
    q.has_fixed = true;
    (void)solve_question(q);
}

/* Sizes without a common unit, with a peak too large for weights in single granules. The first
 * tensor to start is alive all the time and is the smallest, so it goes on top of all others. */
static void record_wide(void) {
    question q = make_shape(PLAN_SHAPE_SLIDING, 5000);
    q.looks = 1500;
    for (size_t i = 0; i < q.count; i++) {
        lifetimes[i].size_bytes += i % 5;
    }
    lifetimes[0] = (rein_tensor_lifetime){rein_tensor_id_make(0), -1, 4 * 5000, 1, 1};
    (void)solve_question(q);
}

/* A fixed tensor at the very top leaves the others only their peak: no placement is found. */
static void record_no_room(void) {
    question q = make_shape(PLAN_SHAPE_SLIDING, 5000);
    uint64_t peak = solve_question(q).lower_bound_bytes;
    q.name = "no room";
    q.looks = 3000;
    q.has_fixed = true;
    for (size_t i = 0; i < q.count; i++) {
        fixed[i] = REIN_PLAN_FREE;
    }
    fixed[q.count] = peak;
    lifetimes[q.count] =
        (rein_tensor_lifetime){rein_tensor_id_make(0), -1, 4 * 5000, (UINT64_C(1) << 63) - peak, 1};
    q.count++;
    (void)solve_question(q);
}

/* Tight cases one after the other in time: the whole is too large for the search, the parts are
 * not. Then with some tensors fixed at their offsets and some aligned. */
static void record_parts(void) {
    enum { PARTS = 250, PART_COUNT = 30, PART_TIME = 100 };
    question q = {.name = "parts", .count = (size_t)PARTS * PART_COUNT};
    for (size_t row = 0; row < q.count; row++) {
        size_t part = row / PART_COUNT;
        plan_case pc = plan_case_make_tight(part, PART_COUNT, 16);
        lifetimes[row] = pc.lifetimes[row % PART_COUNT];
        lifetimes[row].from += (int64_t)(part * PART_TIME);
        lifetimes[row].until += (int64_t)(part * PART_TIME);
    }
    q.capacity = 17;
    q.effort = 3000;
    (void)solve_question(q);
    q.capacity = 0;
    q.effort = 20000;
    (void)solve_question(q);
    for (size_t i = 0; i < q.count; i++) {
        fixed[i] = i % 20 == 3 ? offsets[i] : REIN_PLAN_FREE;
        lifetimes[i].alignment_bytes = i % 3 == 1 && offsets[i] % 2 == 0 ? 2 : 1;
    }
    q.has_fixed = true;
    (void)solve_question(q);
}

/* Two parts that take several rounds of the search, followed in time by parts of one tensor. The
 * whole is too large for the search. */
static void record_hard_parts(void) {
    enum { SINGLE = 4097, HARD_TIME = 100 };
    static const uint64_t hard[] = {649, 315};
    question q = {.name = "hard parts", .effort = 300000, .has_fixed = true};
    for (; q.count < SINGLE; q.count++) {
        int64_t from = (int64_t)q.count;
        lifetimes[q.count] =
            (rein_tensor_lifetime){rein_tensor_id_make(q.count), from, from + 1, 1, 1};
        fixed[q.count] = REIN_PLAN_FREE;
    }
    for (size_t part = 0; part < sizeof hard / sizeof *hard; part++) {
        plan_case pc = plan_case_make(hard[part], PLAN_CASE_TENSORS_MAX);
        for (size_t i = 0; i < pc.count; i++, q.count++) {
            lifetimes[q.count] = pc.lifetimes[i];
            lifetimes[q.count].from += ((int64_t)part - 2) * HARD_TIME;
            lifetimes[q.count].until += ((int64_t)part - 2) * HARD_TIME;
            fixed[q.count] = pc.fixed_offsets[i];
        }
    }
    (void)solve_question(q);
}

/* A part with the maximum number of tensors for the search, and one more tensor after it. */
static void record_largest_part(void) {
    enum { PART_COUNT = 4096 };
    question q = make_shape(PLAN_SHAPE_SLIDING, PART_COUNT + 1);
    lifetimes[PART_COUNT].from = 4 * PART_COUNT;
    lifetimes[PART_COUNT].until = 4 * PART_COUNT + 1;
    q.effort = 2000;
    q.name = "largest part";
    (void)solve_question(q);
}

/* Deadlines in each of the phases: the boxes, the first fit, the repairs, the search. */
static void record_late(plan_shape shape, size_t count, const int64_t *looks) {
    question q = make_shape(shape, count);
    q.effort = 2000;
    for (; *looks > 0; looks++) {
        q.looks = *looks;
        (void)solve_question(q);
    }
}

int main(int argc, char **argv) {
    if (argc > 2) {
        fprintf(stderr, "usage: plan_record [FILE]\n");
        return 2;
    }
    expected = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (argc == 2 && expected == NULL) {
        perror(argv[1]);
        return 2;
    }
    record_workspace();
    record_replay_workspace();
    record_small();
    record_tight();
    record_huge();
    record_hard();
    record_long();
    record_filled(150, 4);
    record_filled(175, 1);
    record_halves(150);
    record_fillings();
    record_shapes();
    record_late(PLAN_SHAPE_SCALES, 4300, (const int64_t[]){1, 2, 30, 68, 69, 150, 0});
    record_late(PLAN_SHAPE_UNIFORM, 9473, (const int64_t[]){1, 149, 150, 151, 200, 400, 600, 0});
    record_late(PLAN_SHAPE_UNIFORM, 700, (const int64_t[]){1, 12, 40, 50, 300, 0});
    record_fixed(PLAN_SHAPE_SCALES, 4300, 800);
    record_fixed(PLAN_SHAPE_SLIDING, 5000, 3000);
    record_fixed(PLAN_SHAPE_UNIFORM, 9500, 900);
    record_wide();
    record_no_room();
    record_parts();
    record_hard_parts();
    record_largest_part();
    char left[LINE_MOST];
    if (expected != NULL && fgets(left, sizeof left, expected) != NULL) {
        printf("recorded, but no longer tested: %s", left);
        return 1;
    }
    return 0;
}
