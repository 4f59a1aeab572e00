#include "cli/check/largest_sentence.h"

#include <inttypes.h>
#include <string.h>

#include "cli/base/numbers.h"
#include "cli/fleet/device.h"
#include "cli/fleet/missing.h"
#include "cli/fleet/sentence.h"
#include "cli/fleet/server_processes.h"

/* Returns "45056 tokens". */
static const char *number_text(arena *memory, largest_kind kind, uint64_t number) {
    static const char *const units[][2] = {[LARGEST_CONTEXT] = {"tokens", "token"},
                                           [LARGEST_PARALLEL] = {"sequences", "sequence"},
                                           [LARGEST_INSTANCES] = {"instances", "instance"}};
    return arena_print(memory, "%" PRIu64 " %s", number, units[kind][number == 1]);
}

static const char *limit_text(arena *memory, const largest_step *step, const largest_sizes *sizes) {
    if (sizes->limit == LARGEST_LIMIT_BUDGET) {
        return "its budget is";
    }
    return sizes->limit == LARGEST_LIMIT_OTHER_MODEL
               ? arena_print(memory, "the budget of %s is",
                             rein_model_id_text(&step->judged.models[sizes->model].stated->id))
               : arena_print(memory, "the device's %s memory leaves",
                             rein_memory_basis_name(step->judged.verdict.device.basis));
}

/* Returns why a step does not fit: "needs 4150MiB, its budget is 4096MiB: 54MiB short". */
static const char *refusal_text(arena *memory, const largest_question *asked,
                                const largest_step *step) {
    if (step->refusal != NULL) {
        return step->refusal;
    }
    largest_sizes sizes = largest_sizes_of(asked, step);
    const uint64_t all[] = {sizes.needed_bytes, sizes.limit_bytes.value, sizes.shortfall_bytes};
    size_t unit = common_unit(all, sizeof all / sizeof all[0]);
    bool are_budgets = sizes.limit == LARGEST_LIMIT_DEVICE && asked->has_budget;
    return arena_print(
        memory, "%s %s%s, %s %s: %s short", are_budgets ? "the budgets take" : "needs",
        sizes.is_at_least ? "at least " : "", bytes_in_unit(memory, sizes.needed_bytes, unit),
        limit_text(memory, step, &sizes), bytes_in_unit(memory, sizes.limit_bytes.value, unit),
        bytes_in_unit(memory, sizes.shortfall_bytes, unit));
}

/* Returns "45057 do not fit: ..." of the first number that does not; "" if there is none. */
static const char *next_text(arena *memory, const largest_answer *answer) {
    const largest_step *next = &answer->steps[answer->step_count - 1];
    return next->outcome != REIN_ADMISSION_DOES_NOT_FIT
               ? ""
               : arena_print(memory, "%" PRIu64 " do not fit: %s", next->number,
                             refusal_text(memory, answer->asked, next));
}

/* Returns the unknown facts that keep the answer from being certain. */
static const char *doubt_text(arena *memory, const largest_answer *answer) {
    const fleet *judged = &answer->unsure.judged;
    if (!judged->device.is_found) {
        return missing_device_text(memory, &judged->device);
    }
    const char *model =
        check_model_doubt(memory, &largest_model(answer->asked, &answer->unsure)->verdict);
    const char *device = check_device_doubt(memory, judged);
    if (*model == '\0' && *device == '\0') {
        return check_verdict_of(memory, judged).sentence;
    }
    return arena_print(memory, "%s%s%s", model, *model == '\0' || *device == '\0' ? "" : "; ",
                       device);
}

static const char *unsure_sentence(arena *memory, const largest_answer *answer) {
    largest_kind kind = answer->asked->kind;
    const char *next = next_text(memory, answer);
    const char *doubt = doubt_text(memory, answer);
    if (answer->fitting_count > 0) {
        doubt = arena_print(memory, "%s; at least %s", doubt,
                            number_text(memory, kind, answer->fitting_count));
    }
    if (*next == '\0') {
        return arena_print(memory, "%s; all numbers up to %" PRIu64 " may fit", doubt,
                           answer->maximum);
    }
    return arena_print(memory, "%s; at most %s, whatever is unknown: %s", doubt,
                       number_text(memory, kind, answer->possible_count), next);
}

/* Returns "the largest context is 45056 tokens" or "4 sequences fit". */
static const char *fitting_text(arena *memory, const largest_answer *answer) {
    largest_kind kind = answer->asked->kind;
    const char *largest = number_text(memory, kind, answer->fitting_count);
    bool is_all = answer->fitting_count == answer->maximum;
    if (kind == LARGEST_CONTEXT) {
        return is_all ? arena_print(memory, "every context up to %s fits", largest)
                      : arena_print(memory, "the largest context is %s", largest);
    }
    return arena_print(memory, "%s %s%s", largest, answer->fitting_count == 1 ? "fits" : "fit",
                       is_all ? "; more are not tried" : "");
}

const char *largest_sentence(arena *memory, const largest_answer *answer) {
    if (answer->outcome == REIN_ADMISSION_CANNOT_TELL) {
        return unsure_sentence(memory, answer);
    }
    const largest_step *first = &answer->steps[0];
    if (answer->fitting_count == 0) {
        return arena_print(memory, "not even %s fits: %s",
                           number_text(memory, answer->asked->kind, first->number),
                           refusal_text(memory, answer->asked, first));
    }
    const char *next = next_text(memory, answer);
    const char *fitting = fitting_text(memory, answer);
    return *next == '\0' ? fitting : arena_print(memory, "%s; %s", fitting, next);
}

/* Returns the context that one sequence of the answer has, if the model was trained for less. */
static rein_fact_u64 untrained_tokens(const largest_answer *answer) {
    if (answer->asked->kind != LARGEST_CONTEXT || answer->possible_count == 0) {
        return rein_fact_u64_unknown();
    }
    const model_description *described = largest_model(answer->asked, &answer->steps[0])->described;
    if (!described->trained_tokens.is_known) {
        return rein_fact_u64_unknown();
    }
    rein_fact_u64 tokens = described->context.tokens_per_sequence;
    bool is_above = tokens.is_known && tokens.value > described->trained_tokens.value;
    return is_above ? tokens : rein_fact_u64_unknown();
}

/* Returns the tokens that each sequence of the answer has at most; unknown unless the engine
 * divides a context among the sequences that vary. */
static rein_fact_u64 divided_tokens(const largest_answer *answer) {
    if (answer->asked->kind != LARGEST_PARALLEL || answer->possible_count == 0) {
        return rein_fact_u64_unknown();
    }
    const model_description *described = largest_model(answer->asked, &answer->steps[0])->described;
    bool is_divided = described != NULL && described->engine != NULL;
    return is_divided ? described->context.tokens_per_sequence : rein_fact_u64_unknown();
}

/* Returns "28 sequences: up to 768 tokens each, because the context stays as stated". */
static const char *divided_text(arena *memory, const largest_answer *answer, uint64_t tokens) {
    return arena_print(memory,
                       "%s: up to %" PRIu64 " tokens each, because the context stays as stated",
                       number_text(memory, answer->asked->kind, answer->steps[0].number), tokens);
}

/* Returns how many contexts the instances share; NULL if each has its own. */
static const char *shared_contexts_text(arena *memory, const largest_answer *answer) {
    const fleet *judged = &answer->first.judged;
    uint64_t count = judged->processes.fact.value;
    bool is_stated = judged->processes.origin != NUMBER_DEFAULT;
    bool are_apart =
        judged->has_own_processes ||
        (fleet_is_run_by_server(largest_model(answer->asked, &answer->first)) && !is_stated);
    return answer->asked->kind != LARGEST_INSTANCES || are_apart
               ? NULL
               : arena_print(memory,
                             "all models share %" PRIu64 " process%s and context%s; if each "
                             "instance has its own, state 'processes: 1' in the model",
                             count, count == 1 ? "" : "es", count == 1 ? "" : "s");
}

size_t largest_notes(arena *memory, const largest_answer *answer,
                     const char *out_notes[LARGEST_NOTES_MAX]) {
    size_t count = 0;
    rein_fact_u64 tokens = untrained_tokens(answer);
    rein_fact_u64 divided = divided_tokens(answer);
    const char *caps = check_caps_sentence(memory, &answer->first.judged);
    const char *measured = check_measured_sentence(memory, &answer->first.judged);
    const char *shared = shared_contexts_text(memory, answer);
    if (tokens.is_known) {
        const fleet_model *model = largest_model(answer->asked, &answer->first);
        out_notes[count++] = arena_print(
            memory, "a sequence then has %" PRIu64 " tokens; the model was trained for %" PRIu64,
            tokens.value, model->described->trained_tokens.value);
    }
    if (divided.is_known) {
        out_notes[count++] = divided_text(memory, answer, divided.value);
    }
    if (answer->fits_again.is_known) {
        out_notes[count++] =
            arena_print(memory, "%s fit again: the engine divides the context among the sequences",
                        number_text(memory, answer->asked->kind, answer->fits_again.value));
    }
    if (shared != NULL) {
        out_notes[count++] = shared;
    }
    if (caps != NULL) {
        out_notes[count++] = caps;
    }
    if (measured != NULL) {
        out_notes[count++] = measured;
    }
    return count;
}

uint32_t largest_missing(const largest_answer *answer) {
    if (answer->outcome != REIN_ADMISSION_CANNOT_TELL) {
        return 0;
    }
    const fleet *judged = &answer->unsure.judged;
    uint32_t missing = judged->verdict.device.missing;
    for (size_t index = 0; index < judged->model_count; index++) {
        missing |= judged->models[index].verdict.missing;
    }
    return missing;
}

/* Returns the option that states a missing fact of a model file or of its device, or NULL. */
static const char *option_remedy(uint32_t missing_bit) {
    switch (missing_bit) {
    case REIN_MISSING_ACTIVATIONS:
        return "state the activations, as measured: --activations SIZE";
    case REIN_MISSING_CONTEXT_OVERHEAD:
        return "state what a context takes: --context-overhead SIZE";
    case REIN_MISSING_GRANULARITY:
        return "state the granularity of allocations: --granularity SIZE";
    case REIN_MISSING_WEIGHTS:
        return "state the weights on the device in a manifest";
    default:
        return NULL;
    }
}

/* Returns how to know the state of a model file: by an option, which the reason names unless it is
 * the context, or by a manifest. */
static const char *state_remedy(arena *memory, const model_description *described) {
    if (described->state.bytes_per_token.is_known &&
        !described->context.tokens_per_sequence.is_known) {
        return "state the context of all sequences: --context TOKENS";
    }
    const char *reason = "";
    for (size_t index = 0; index < described->unknown_count; index++) {
        const unknown_fact *unknown = &described->unknowns[index];
        reason = strcmp(unknown->fact, "state") == 0 ? unknown->why : reason;
    }
    return arena_print(memory, "%s; a manifest can state sequences and state", reason);
}

static const char *remedy_of(arena *memory, const largest_answer *answer, uint32_t missing_bit) {
    const char *option = option_remedy(missing_bit);
    if (missing_bit == REIN_MISSING_STATE) {
        return state_remedy(memory, largest_model(answer->asked, &answer->unsure)->described);
    }
    return option == NULL ? advice_remedy(memory, &answer->unsure.judged, missing_bit) : option;
}

/* Returns advice for a model file: the option for each fact that is missing. */
static advice advice_of_file(arena *memory, const largest_answer *answer) {
    uint32_t missing = largest_missing(answer);
    advice made = {.sentences = arena_allocate(memory, missing_fact_count, sizeof *made.sentences)};
    for (size_t index = 0; index < missing_fact_count; index++) {
        uint32_t bit = missing_facts[index].bit;
        if ((missing & bit) != 0) {
            made.sentences[made.count++] = remedy_of(memory, answer, bit);
        }
    }
    return made;
}

advice largest_advice(arena *memory, const largest_answer *answer) {
    if (answer->outcome != REIN_ADMISSION_CANNOT_TELL) {
        return (advice){.count = 0};
    }
    return answer->asked->has_budget ? advice_make(memory, &answer->unsure.judged)
                                     : advice_of_file(memory, answer);
}
