/* Lifetimes that the reader accepts are valid, and are the same after being written and read
 * again. */
#ifndef REIN_TESTS_FUZZ_LIFETIMES_H
#define REIN_TESTS_FUZZ_LIFETIMES_H

#include <inttypes.h>

#include "cli/read/lifetimes.h"
#include "cli/write/csv.h"
#include "fuzz_readers.h"

static inline void write_lifetimes(FILE *out, const lifetimes_file *read) {
    fprintf(out, "id,lower,upper,size%s%s\n", read->has_alignments ? ",alignment" : "",
            read->offsets != NULL ? ",offset" : "");
    for (size_t i = 0; i < read->count; i++) {
        const rein_tensor_lifetime *row = &read->lifetimes[i];
        csv_print_value(out, read->ids[i]);
        fprintf(out, ",%" PRId64 ",%" PRId64 ",%" PRIu64, row->from, row->until, row->size_bytes);
        if (read->has_alignments) {
            fprintf(out, ",%" PRIu64, row->alignment_bytes);
        }
        if (read->offsets != NULL) {
            fprintf(out, ",%" PRIu64, read->offsets[i]);
        }
        fputc('\n', out);
    }
}

static inline bool is_same_lifetime(const rein_tensor_lifetime *left,
                                    const rein_tensor_lifetime *right) {
    return left->from == right->from && left->until == right->until &&
           left->size_bytes == right->size_bytes && left->alignment_bytes == right->alignment_bytes;
}

static inline void require_sound_lifetimes(kept_sink *kept, const lifetimes_file *read) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    require(out != NULL, "there is memory for a text");
    write_lifetimes(out, read);
    fclose(out);
    lifetimes_file again;
    input_file file = fuzz_written_file(kept, text, length);
    require(read->count > 0, "there is a lifetime");
    require(rein_lifetimes_validate(read->lifetimes, read->count).is_ok, "lifetimes are valid");
    require(lifetimes_file_read_text(&kept->sink, &file, (upper_ends){.are_included = false}, NULL,
                                     &again),
            "lifetimes can be written again");
    require(again.count == read->count, "the rows are as many");
    for (size_t i = 0; i < read->count; i++) {
        require(strcmp(read->ids[i], again.ids[i]) == 0, "an id reads as the same");
        require(is_same_lifetime(&read->lifetimes[i], &again.lifetimes[i]),
                "a lifetime reads as the same");
        require(read->offsets == NULL || read->offsets[i] == again.offsets[i],
                "an offset reads as the same");
    }
    free(text);
}

#endif
