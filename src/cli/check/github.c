/* Output of `rein check` as workflow commands of GitHub Actions, which annotate the lines of the
 * manifest. */
#include "cli/check/report.h"
#include "cli/fleet/sentence.h"
#include "cli/write/escape.h"
#include "cli/write/output.h"

/* Characters that would end a property of the command, or start an escape. Line feeds need no
 * entry: characters that are not visible are always escaped. */
static const escape in_property[] = {{'%', "%25"}, {':', "%3A"}, {',', "%2C"}, {0, NULL}};
static const escape in_message[] = {{'%', "%25"}, {0, NULL}};

/* Prints an annotation. A line of 0 means none. */
static void print_annotation(FILE *stream, const char *level, const fleet *checked, size_t line,
                             const char *title, const char *sentence) {
    fprintf(stream, "::%s file=", level);
    print_escaped(stream, checked->from->path, in_property);
    if (line > 0) {
        fprintf(stream, ",line=%zu", line);
    }
    fputs(",title=", stream);
    print_escaped(stream, title, in_property);
    fputs("::", stream);
    print_escaped(stream, sentence, in_message);
    fputc('\n', stream);
}

static void print_models(arena *memory, const fleet *checked, FILE *stream) {
    for (size_t index = 0; index < checked->model_count; index++) {
        const fleet_model *model = &checked->models[index];
        rein_admission_outcome outcome = model->verdict.outcome;
        if (outcome != REIN_ADMISSION_FITS && outcome != REIN_ADMISSION_CAP) {
            print_annotation(stream, "error", checked, model->stated->id_at.line,
                             arena_print(memory, "model %s: %s",
                                         rein_model_id_text(&model->stated->id),
                                         rein_admission_outcome_name(outcome)),
                             check_model_sentence(memory, &model->verdict));
        }
    }
}

/* Prints notices: the verdict if everything fits, and the models that are not judged. */
static void print_notice(arena *memory, const fleet *checked, FILE *stream) {
    check_verdict found = check_verdict_of(memory, checked);
    const char *caps = check_caps_sentence(memory, checked);
    if (checked->verdict.outcome == REIN_ADMISSION_FITS) {
        print_annotation(stream, "notice", checked, 0,
                         arena_print(memory, "rein check: %s", found.name), found.sentence);
    } else if (caps != NULL) {
        print_annotation(stream, "notice", checked, 0, "caps", caps);
    }
}

bool check_print_github(diagnostics *sink, const fleet *checked) {
    arena *memory = sink->memory;
    output_text *text = output_open(memory);
    print_models(memory, checked, text->stream);
    rein_admission_outcome outcome = checked->verdict.device.outcome;
    if (outcome != REIN_ADMISSION_FITS) {
        print_annotation(text->stream, "error", checked, 0,
                         arena_print(memory, "device: %s", rein_admission_outcome_name(outcome)),
                         check_device_sentence(memory, checked));
    }
    const char *warning = check_stream_warning(memory, checked);
    if (warning != NULL) {
        print_annotation(text->stream, "warning", checked, 0, "streams", warning);
    }
    print_notice(memory, checked, text->stream);
    return output_to_standard(sink, text);
}
