#include "cli/check/largest_sentence.h"
#include "cli/check/report.h"

static void add_step(json_object *steps, const largest_question *asked, const largest_step *step) {
    static const char *const limits[] = {[LARGEST_LIMIT_BUDGET] = "budget",
                                         [LARGEST_LIMIT_DEVICE] = "device",
                                         [LARGEST_LIMIT_OTHER_MODEL] = "other_model",
                                         [LARGEST_REFUSED] = "refused"};
    largest_sizes sizes = largest_sizes_of(asked, step);
    json_object *object = json_append_object(steps);
    json_add_unsigned(object, "number", step->number);
    json_add_text(object, "outcome", rein_admission_outcome_name(step->outcome));
    json_add_text(object, "limit", limits[sizes.limit]);
    if (sizes.limit == LARGEST_REFUSED) {
        json_add_text(object, "refusal", step->refusal);
        return;
    }
    json_add_unsigned(object, "needed_bytes", sizes.needed_bytes);
    json_add_bool(object, "is_at_least", sizes.is_at_least);
    json_add_fact(object, "limit_bytes", sizes.limit_bytes);
    json_add_unsigned(object, "shortfall_bytes", sizes.shortfall_bytes);
}

/* Adds the bounds of the answer, which are equal if it is certain. */
static void add_bounds(json_object *document, const largest_answer *answer) {
    bool is_sure = answer->fitting_count == answer->possible_count;
    bool is_bounded = answer->possible_count < answer->maximum;
    json_add_fact(document, "number",
                  is_sure ? rein_fact_u64_known(answer->fitting_count) : rein_fact_u64_unknown());
    json_add_unsigned(document, "at_least", answer->fitting_count);
    json_add_fact(document, "at_most",
                  is_bounded ? rein_fact_u64_known(answer->possible_count)
                             : rein_fact_u64_unknown());
    json_add_unsigned(document, "maximum", answer->maximum);
    json_add_fact(document, "fits_again", answer->fits_again);
}

static void add_texts(json_object *document, const char *key, const char *const *texts,
                      size_t count) {
    json_object *added = json_add_array(document, key);
    for (size_t index = 0; index < count; index++) {
        json_append_text(added, texts[index]);
    }
}

bool largest_print_json(diagnostics *sink, const largest_answer *answer) {
    const largest_question *asked = answer->asked;
    const fleet_model *model = &asked->stated->models[asked->model];
    rein_fact_u64 trained =
        model->described == NULL ? rein_fact_u64_unknown() : model->described->trained_tokens;
    const char *notes[LARGEST_NOTES_MAX];
    size_t note_count = largest_notes(sink->memory, answer, notes);
    advice made = largest_advice(sink->memory, answer);
    json_object *document = json_document("check");
    json_add_text(document, "largest", largest_kind_name(asked->kind));
    json_add_text(document, "path", asked->stated->from->path);
    json_add_text(document, "model",
                  asked->has_budget ? rein_model_id_text(&model->stated->id) : NULL);
    json_add_text(document, "outcome", rein_admission_outcome_name(answer->outcome));
    add_bounds(document, answer);
    json_add_fact(document, "trained_tokens", trained);
    json_object *steps = json_add_array(document, "steps");
    for (size_t index = 0; index < answer->step_count; index++) {
        add_step(steps, asked, &answer->steps[index]);
    }
    check_add_missing(document, largest_missing(answer));
    add_texts(document, "notes", notes, note_count);
    add_texts(document, "advice", made.sentences, made.count);
    check_add_device(sink->memory, document, &asked->stated->device);
    return json_print(sink, document);
}
