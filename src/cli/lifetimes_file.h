/* Lifetimes as a CSV file: `id,lower,upper,size[,alignment]`, one tensor a row.
 *
 * A tensor is alive in [lower, upper); sizes and alignments are bytes. The first row names the
 * columns. No quotes, no empty rows, no spaces around numbers; each id once. Where the name ends in
 * .gz, it is read through gzip: at most 256 MiB, before and after. */
#ifndef REIN_CLI_LIFETIMES_FILE_H
#define REIN_CLI_LIFETIMES_FILE_H

#include "cli/diagnostics.h"
#include "cli/input_file.h"
#include "contract/lifetime.h"

typedef struct lifetimes_file {
    const char *path;
    const char **ids; /* of the tensors, in the order of the rows */
    rein_tensor_lifetime *lifetimes;
    size_t count; /* above 0 */
    bool has_alignments;
} lifetimes_file;

/* Reads the file at `path`; reports the first thing that is wrong and returns false. */
bool lifetimes_file_read(diagnostics *sink, const char *path, lifetimes_file *out_lifetimes);

/* The same for a text that is already in memory. */
bool lifetimes_file_read_text(diagnostics *sink, const input_file *file,
                              lifetimes_file *out_lifetimes);

#endif
