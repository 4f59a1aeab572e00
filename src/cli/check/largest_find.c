#include "cli/check/largest.h"

/* The most that is tried. An engine has at most 2147483647 tokens and llama.cpp at most 256
 * sequences. The drivers' own limits on processes are far below that of the instances. */
enum { NUMBERS_MAX = 2147483647, LLAMA_SEQUENCES_MAX = 256, INSTANCES_MAX = 4096 };

const char *largest_kind_name(largest_kind kind) {
    static const char *const names[] = {[LARGEST_CONTEXT] = "context",
                                        [LARGEST_PARALLEL] = "parallel",
                                        [LARGEST_INSTANCES] = "instances"};
    return names[kind];
}

/* Returns whether llama.cpp runs the model and its sequences vary. It divides a context among
 * them, so that more of them can take less. */
static bool divides_context(const largest_question *asked) {
    const model_description *described = asked->stated->models[asked->model].described;
    return asked->kind == LARGEST_PARALLEL && asked->opened != NULL && described->engine != NULL;
}

static uint64_t maximum_of(const largest_question *asked) {
    if (asked->kind == LARGEST_INSTANCES) {
        return INSTANCES_MAX;
    }
    return divides_context(asked) ? LLAMA_SEQUENCES_MAX : NUMBERS_MAX;
}

static rein_admission_outcome outcome_at(const largest_question *asked, uint64_t number) {
    arena *memory = arena_create();
    rein_admission_outcome outcome = largest_step_make(memory, asked, number).outcome;
    arena_destroy(memory);
    return outcome;
}

static bool is_sure(rein_admission_outcome outcome) {
    return outcome == REIN_ADMISSION_FITS;
}

static bool is_possible(rein_admission_outcome outcome) {
    return outcome != REIN_ADMISSION_DOES_NOT_FIT;
}

/* Returns the largest number from `low` to `maximum` whose outcome passes. That of `low`, unless it
 * is 0, does, and none passes above one that does not. */
static uint64_t last_passing(const largest_question *asked, uint64_t low, uint64_t maximum,
                             bool (*passes)(rein_admission_outcome)) {
    uint64_t high = maximum + 1;
    for (uint64_t step = 1; low + 1 < high && high == maximum + 1; step *= 2) {
        uint64_t next = maximum - low < step ? maximum : low + step;
        *(passes(outcome_at(asked, next)) ? &low : &high) = next;
    }
    while (low + 1 < high) {
        uint64_t middle = low + (high - low) / 2;
        *(passes(outcome_at(asked, middle)) ? &low : &high) = middle;
    }
    return low;
}

/* Finds the numbers by trying all of them. */
static void scan(const largest_question *asked, largest_answer *target) {
    for (uint64_t number = 1; number <= target->maximum && !target->fits_again.is_known; number++) {
        rein_admission_outcome outcome = outcome_at(asked, number);
        bool is_next = is_possible(outcome) && target->possible_count == number - 1;
        if (is_next) {
            target->possible_count = number;
        } else if (is_sure(outcome)) {
            target->fits_again = rein_fact_u64_known(number);
        }
        if (is_sure(outcome) && target->fitting_count == number - 1) {
            target->fitting_count = number;
        }
    }
}

static void bisect(const largest_question *asked, largest_answer *target) {
    target->fitting_count = last_passing(asked, 0, target->maximum, is_sure);
    target->possible_count =
        last_passing(asked, target->fitting_count, target->maximum, is_possible);
}

static rein_admission_outcome outcome_of(const largest_answer *answer) {
    if (answer->fitting_count < answer->possible_count) {
        return REIN_ADMISSION_CANNOT_TELL;
    }
    return answer->fitting_count == 0 ? REIN_ADMISSION_DOES_NOT_FIT : REIN_ADMISSION_FITS;
}

static void add_step(arena *memory, uint64_t number, largest_answer *target) {
    bool is_there =
        target->step_count > 0 && target->steps[target->step_count - 1].number == number;
    if (number > 0 && number <= target->maximum && !is_there) {
        target->steps[target->step_count++] = largest_step_make(memory, target->asked, number);
    }
}

bool largest_find(diagnostics *sink, const largest_question *asked, largest_answer *out_answer) {
    largest_answer answer = {.asked = asked, .maximum = maximum_of(asked)};
    if (!largest_step_try(sink, asked, 1, &answer.first)) {
        return false;
    }
    (divides_context(asked) ? scan : bisect)(asked, &answer);
    answer.outcome = outcome_of(&answer);
    add_step(sink->memory, answer.fitting_count, &answer);
    add_step(sink->memory, answer.possible_count, &answer);
    add_step(sink->memory, answer.possible_count + 1, &answer);
    if (answer.outcome == REIN_ADMISSION_CANNOT_TELL) {
        answer.unsure = largest_step_make(sink->memory, asked, answer.fitting_count + 1);
    }
    /* A step for which a file could not be read looks as if the engine refused it. */
    if (asked->opened != NULL && !model_check_reads(sink, asked->opened)) {
        return false;
    }
    *out_answer = answer;
    return true;
}
