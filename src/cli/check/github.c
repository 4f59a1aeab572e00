/* `rein check` as workflow commands of GitHub Actions, which become annotations of the manifest's
 * lines. */
#include <string.h>

#include "cli/base/text.h"
#include "cli/check/report.h"
#include "cli/fleet/sentence.h"
#include "cli/write/output.h"

/* The characters that would end one of the command's properties as %XX; what would end its line is
 * not visible. */
static void print_escaped(FILE *stream, const char *text, const char *special) {
    char shown[TEXT_SHOWN_CAPACITY];
    for (size_t rest = strlen(text); rest > 0;) {
        size_t size = text_show(text, rest, shown);
        text += size;
        rest -= size;
        if (strchr(special, *shown) != NULL) {
            fprintf(stream, "%%%02X", (unsigned)(unsigned char)*shown);
        } else {
            fputs(shown, stream);
        }
    }
}

/* A line of 0 stands for none. */
static void print_annotation(FILE *stream, const char *level, const fleet *checked, size_t line,
                             const char *title, const char *sentence) {
    static const char special_in_property[] = "%:,";
    static const char special_in_message[] = "%";
    fprintf(stream, "::%s file=", level);
    print_escaped(stream, checked->from->path, special_in_property);
    if (line > 0) {
        fprintf(stream, ",line=%zu", line);
    }
    fputs(",title=", stream);
    print_escaped(stream, title, special_in_property);
    fputs("::", stream);
    print_escaped(stream, sentence, special_in_message);
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
