/* Output of `rein check` as a JUnit report: a test case for each model and one for the device.
 * "Does not fit" is a failure, "cannot tell" an error, and a model that is not judged is
 * skipped. */
#include "cli/check/report.h"
#include "cli/fleet/sentence.h"
#include "cli/write/escape.h"
#include "cli/write/output.h"

typedef struct junit_counts {
    size_t failures;
    size_t errors;
    size_t skipped;
} junit_counts;

static void count_outcome(rein_admission_outcome outcome, junit_counts *counts) {
    counts->failures += outcome == REIN_ADMISSION_DOES_NOT_FIT;
    counts->errors += outcome == REIN_ADMISSION_CANNOT_TELL;
    counts->skipped += outcome == REIN_ADMISSION_CAP;
}

static junit_counts count_outcomes(const fleet *checked) {
    junit_counts counts = {.failures = 0};
    for (size_t index = 0; index < checked->model_count; index++) {
        count_outcome(checked->models[index].verdict.outcome, &counts);
    }
    count_outcome(checked->verdict.device.outcome, &counts);
    return counts;
}

static void print_attribute(FILE *stream, const char *name, const char *value) {
    fprintf(stream, " %s=\"", name);
    print_markup(stream, value);
    fputs("\"", stream);
}

static void print_case(FILE *stream, const char *name, rein_admission_outcome outcome,
                       const char *sentence) {
    fputs("    <testcase", stream);
    print_attribute(stream, "classname", "rein check");
    print_attribute(stream, "name", name);
    fputs(">\n", stream);
    if (outcome == REIN_ADMISSION_FITS) {
        fputs("      <system-out>", stream);
        print_markup(stream, sentence);
        fputs("</system-out>\n    </testcase>\n", stream);
        return;
    }
    if (outcome == REIN_ADMISSION_CAP) {
        fputs("      <skipped", stream);
        print_attribute(stream, "message", sentence);
        fputs("/>\n    </testcase>\n", stream);
        return;
    }
    fprintf(stream, "      <%s", outcome == REIN_ADMISSION_DOES_NOT_FIT ? "failure" : "error");
    print_attribute(stream, "type", rein_admission_outcome_name(outcome));
    print_attribute(stream, "message", sentence);
    fputs("/>\n    </testcase>\n", stream);
}

static void print_cases(arena *memory, const fleet *checked, FILE *stream) {
    for (size_t index = 0; index < checked->model_count; index++) {
        const fleet_model *model = &checked->models[index];
        print_case(stream, arena_print(memory, "model %s", rein_model_id_text(&model->stated->id)),
                   model->verdict.outcome, check_model_sentence(memory, &model->verdict));
    }
    print_case(stream, "device", checked->verdict.device.outcome,
               check_device_sentence(memory, checked));
}

bool check_print_junit(diagnostics *sink, const fleet *checked) {
    arena *memory = sink->memory;
    output_text *text = output_open(memory);
    junit_counts counts = count_outcomes(checked);
    const char *totals =
        arena_print(memory, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
                    checked->model_count + 1, counts.failures, counts.errors, counts.skipped);
    fprintf(text->stream, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites%s>\n", totals);
    fputs("  <testsuite", text->stream);
    print_attribute(text->stream, "name", checked->from->path);
    fprintf(text->stream, "%s>\n", totals);
    print_cases(memory, checked, text->stream);
    fputs("  </testsuite>\n</testsuites>\n", text->stream);
    return output_to_standard(sink, text);
}
