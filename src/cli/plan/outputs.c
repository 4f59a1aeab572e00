#include "cli/plan/outputs.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/base/path.h"
#include "cli/base/text.h"
#include "cli/certificate/certificate.h"
#include "cli/read/duplicates.h"
#include "cli/write/csv.h"

static const char *const output_names[PLAN_OUTPUT_COUNT] = {[PLAN_OUTPUT_CSV] = "csv",
                                                            [PLAN_OUTPUT_SVG] = "svg",
                                                            [PLAN_OUTPUT_CERTIFICATE] =
                                                                "certificate"};

static bool refuse_same_file(diagnostics *sink, const char *path, const char *name,
                             const char *other) {
    if (is_standard_output(path)) {
        report(sink, "options --%s and --%s: only one output can be '-'", name, other);
    } else {
        report(sink, "options --%s and --%s name the same file; choose two names", name, other);
    }
    return false;
}

bool plan_outputs_check(diagnostics *sink, const plan_outputs *files, const char *input) {
    for (size_t index = 0; index < PLAN_OUTPUT_COUNT; index++) {
        const char *path = files->paths[index];
        for (size_t other = index + 1; other < PLAN_OUTPUT_COUNT; other++) {
            if (is_same_file(sink->memory, path, files->paths[other])) {
                return refuse_same_file(sink, path, output_names[index], output_names[other]);
            }
        }
        if (output_replaces(path, input)) {
            return refuse_replacing(sink, path);
        }
    }
    return true;
}

/* Returns `x` for `in/x.csv` and for `in/x.csv.gz`. */
static const char *stem_of(arena *memory, const char *path) {
    static const char *const ends[] = {".csv.gz", ".csv", ".gz"};
    const char *name = path_name(path);
    for (size_t index = 0; index < sizeof ends / sizeof ends[0]; index++) {
        if (path_ends_in(name, ends[index])) {
            return arena_copy(memory, name, strlen(name) - strlen(ends[index]));
        }
    }
    return name;
}

plan_outputs plan_outputs_in(arena *memory, const plan_outputs *folders, const char *input) {
    plan_outputs files = {.paths = {NULL}};
    const char *stem = stem_of(memory, input);
    for (size_t index = 0; index < PLAN_OUTPUT_COUNT; index++) {
        if (folders->paths[index] != NULL) {
            files.paths[index] =
                arena_print(memory, "%s/%s.%s", folders->paths[index], stem, output_names[index]);
        }
    }
    return files;
}

static bool check_is_folder(diagnostics *sink, const char *name, const char *path) {
    struct stat facts;
    if (path == NULL ||
        (!is_standard_output(path) && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode))) {
        return true;
    }
    report(sink,
           "option '--%s': %s is not a directory; several files need a directory for their outputs",
           name, text_quote(sink->memory, path));
    return false;
}

static bool check_stems(diagnostics *sink, const plan_inputs *inputs) {
    arena *memory = sink->memory;
    size_t first = 0;
    size_t again = 0;
    const char **stems = arena_allocate(memory, inputs->count, sizeof *stems);
    for (size_t index = 0; index < inputs->count; index++) {
        stems[index] = stem_of(memory, inputs->paths[index]);
    }
    if (!find_duplicate(memory, stems, inputs->count, NULL, &first, &again)) {
        return true;
    }
    report(sink, "%s and %s would have the same file as output; plan one of them alone",
           text_quote(memory, inputs->paths[first]), text_quote(memory, inputs->paths[again]));
    return false;
}

bool plan_outputs_check_folders(diagnostics *sink, const plan_outputs *folders,
                                const plan_inputs *inputs) {
    bool is_asked = false;
    for (size_t index = 0; index < PLAN_OUTPUT_COUNT; index++) {
        is_asked = is_asked || folders->paths[index] != NULL;
        if (!check_is_folder(sink, output_names[index], folders->paths[index])) {
            return false;
        }
    }
    if (is_asked && !check_stems(sink, inputs)) {
        return false;
    }
    for (size_t index = 0; is_asked && index < inputs->count; index++) {
        plan_outputs files = plan_outputs_in(sink->memory, folders, inputs->paths[index]);
        if (!plan_outputs_check(sink, &files, inputs->paths[index])) {
            return false;
        }
    }
    return true;
}

bool plan_write_csv(diagnostics *sink, const plan_report *result, const char *path) {
    output_text *text = output_open(sink->memory);
    bool has_alignments = result->input.has_alignments;
    fprintf(text->stream, "id,lower,upper,size%s,offset\n", has_alignments ? ",alignment" : "");
    for (size_t index = 0; index < result->input.count; index++) {
        if (!work_may_write_row(result->limits, index)) {
            break;
        }
        const rein_tensor_lifetime *lifetime = &result->input.lifetimes[index];
        csv_print_value(text->stream, result->input.ids[index]);
        fprintf(text->stream, ",%" PRId64 ",%" PRId64 ",%" PRIu64, lifetime->from, lifetime->until,
                lifetime->size_bytes);
        if (has_alignments) {
            fprintf(text->stream, ",%" PRIu64, lifetime->alignment_bytes);
        }
        fprintf(text->stream, ",%" PRIu64 "\n", result->planned.offsets[index]);
    }
    return output_to_file_within(sink, text, result->limits, path);
}

static bool write_certificate(diagnostics *sink, const plan_request *request,
                              const plan_report *result, const char *path) {
    certificate made;
    return certificate_make(sink, &result->input, request, &result->planned, &made) &&
           certificate_write(sink, &made, request->limits, path);
}

bool plan_outputs_write(diagnostics *sink, const plan_outputs *files, const plan_request *request,
                        const plan_report *result) {
    const char *csv = files->paths[PLAN_OUTPUT_CSV];
    const char *svg = files->paths[PLAN_OUTPUT_SVG];
    const char *proof = files->paths[PLAN_OUTPUT_CERTIFICATE];
    return (csv == NULL || plan_write_csv(sink, result, csv)) &&
           (svg == NULL || plan_write_svg(sink, result, svg)) &&
           (proof == NULL || write_certificate(sink, request, result, proof));
}
