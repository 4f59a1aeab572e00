#include "cli/fleet/plan_outcome.h"
#include "cli/plan/report.h"

static void add_placements(json_object *document, const plan_report *shown) {
    json_object *placements = json_add_array(document, "placements");
    for (size_t index = 0; index < shown->input.count; index++) {
        if (!work_may_write_row(shown->limits, index)) {
            return;
        }
        const rein_tensor_lifetime *lifetime = &shown->input.lifetimes[index];
        json_object *placement = json_append_object(placements);
        json_add_text(placement, "id", shown->input.ids[index]);
        json_add_signed(placement, "lower", lifetime->from);
        json_add_signed(placement, "upper", lifetime->until);
        json_add_unsigned(placement, "size_bytes", lifetime->size_bytes);
        json_add_unsigned(placement, "alignment_bytes", lifetime->alignment_bytes);
        json_add_unsigned(placement, "offset_bytes", shown->planned.offsets[index]);
    }
}

/* Returns NULL after reporting that the limits stopped it. */
static json_object *make_document(diagnostics *sink, const plan_report *shown) {
    arena *memory = sink->memory;
    const rein_plan_outcome *outcome = &shown->planned.outcome;
    json_object *document = json_document("plan");
    json_add_text(document, "lifetimes", shown->input.path);
    json_add_text(document, "outcome",
                  shown->capacity_bytes.is_known ? rein_admission_outcome_name(shown->outcome)
                                                 : NULL);
    json_add_fact(document, "capacity_bytes", shown->capacity_bytes);
    json_add_unsigned(document, "tensor_count", shown->input.count);
    json_add_bool(document, "has_offsets", shown->input.offsets != NULL);
    json_add_bool(document, "keeps_offsets", shown->keeps_offsets);
    json_add_signed(document, "from", shown->from);
    json_add_signed(document, "until", shown->until);
    json_add_fact(document, "sum_bytes", shown->sum_bytes);
    json_add_unsigned(document, "height_bytes", outcome->height_bytes);
    json_add_unsigned(document, "gap_bytes", outcome->height_bytes - outcome->lower_bound_bytes);
    json_add_plan_outcome(memory, document, outcome);
    json_add_unsigned(document, "peak_bytes", shown->planned.peak.bytes);
    json_add_signed(document, "peak_instant", shown->planned.peak.instant);
    json_add_signed(document, "plan_ns", shown->planned.took.ns);
    add_placements(document, shown);
    if (!work_is_stopped(shown->limits)) {
        return document;
    }
    json_object_put(document);
    work_report_stop(sink, shown->limits, shown->input.path, NULL,
                     "preparing the JSON of its plan");
    return NULL;
}

bool plan_print_json(diagnostics *sink, const plan_report *shown) {
    json_object *document = make_document(sink, shown);
    return document != NULL && json_print(sink, document);
}

char *plan_json_line(diagnostics *sink, const plan_report *shown) {
    json_object *document = make_document(sink, shown);
    return document == NULL ? NULL : json_line(document);
}
