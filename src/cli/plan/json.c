#include "cli/fleet/plan_outcome.h"
#include "cli/plan/report.h"

static void add_placements(json_object *document, const plan_report *result) {
    json_object *placements = json_add_array(document, "placements");
    for (size_t index = 0; index < result->input.count; index++) {
        if (!work_may_write_row(result->limits, index)) {
            return;
        }
        const rein_tensor_lifetime *lifetime = &result->input.lifetimes[index];
        json_object *placement = json_append_object(placements);
        json_add_text(placement, "id", result->input.ids[index]);
        json_add_signed(placement, "lower", lifetime->from);
        json_add_signed(placement, "upper", lifetime->until);
        json_add_unsigned(placement, "size_bytes", lifetime->size_bytes);
        json_add_unsigned(placement, "alignment_bytes", lifetime->alignment_bytes);
        json_add_unsigned(placement, "offset_bytes", result->planned.offsets[index]);
    }
}

/* Returns NULL after reporting that the limits stopped it. */
static json_object *make_document(diagnostics *sink, const plan_report *result) {
    arena *memory = sink->memory;
    const rein_plan_outcome *outcome = &result->planned.outcome;
    json_object *document = json_document("plan");
    json_add_text(document, "lifetimes", result->input.path);
    json_add_text(document, "outcome",
                  result->capacity_bytes.is_known ? rein_admission_outcome_name(result->outcome)
                                                  : NULL);
    json_add_fact(document, "capacity_bytes", result->capacity_bytes);
    json_add_unsigned(document, "tensor_count", result->input.count);
    json_add_bool(document, "had_included_ends", result->input.had_included_ends);
    json_add_bool(document, "has_offsets", result->input.offsets != NULL);
    json_add_bool(document, "keeps_offsets", result->keeps_offsets);
    json_add_signed(document, "from", result->from);
    json_add_signed(document, "until", result->until);
    json_add_fact(document, "sum_bytes", result->sum_bytes);
    json_add_unsigned(document, "height_bytes", outcome->height_bytes);
    json_add_unsigned(document, "gap_bytes", outcome->height_bytes - outcome->lower_bound_bytes);
    json_add_plan_outcome(memory, document, outcome);
    json_add_unsigned(document, "peak_bytes", result->planned.peak.bytes);
    json_add_signed(document, "peak_instant", result->planned.peak.instant);
    json_add_signed(document, "plan_ns", result->planned.took.ns);
    add_placements(document, result);
    if (!work_is_stopped(result->limits)) {
        return document;
    }
    json_object_put(document);
    work_report_stop(sink, result->limits, result->input.path, NULL,
                     "preparing the JSON of its plan");
    return NULL;
}

bool plan_print_json(diagnostics *sink, const plan_report *result) {
    json_object *document = make_document(sink, result);
    return document != NULL && json_print(sink, document);
}

char *plan_json_line(diagnostics *sink, const plan_report *result) {
    json_object *document = make_document(sink, result);
    return document == NULL ? NULL : json_line(document);
}
