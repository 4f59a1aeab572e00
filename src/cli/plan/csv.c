#include <inttypes.h>

#include "cli/plan/report.h"

bool plan_write_csv(diagnostics *sink, const plan_report *shown, const char *path) {
    output_text *text = output_open(sink->memory);
    bool has_alignments = shown->input.has_alignments;
    fprintf(text->stream, "id,lower,upper,size%s,offset\n", has_alignments ? ",alignment" : "");
    for (size_t index = 0; index < shown->input.count; index++) {
        if (!work_may_write_row(shown->limits, index)) {
            break;
        }
        const rein_tensor_lifetime *lifetime = &shown->input.lifetimes[index];
        fprintf(text->stream, "%s,%" PRId64 ",%" PRId64 ",%" PRIu64, shown->input.ids[index],
                lifetime->from, lifetime->until, lifetime->size_bytes);
        if (has_alignments) {
            fprintf(text->stream, ",%" PRIu64, lifetime->alignment_bytes);
        }
        fprintf(text->stream, ",%" PRIu64 "\n", shown->planned.offsets[index]);
    }
    return output_to_file_within(sink, text, shown->limits, path);
}
