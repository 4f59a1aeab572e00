/* Lifetimes as a CSV file: `id,lower,upper,size[,alignment][,offset]`, one tensor per row.
 *
 * A tensor is alive in [lower, upper); sizes and alignments are in bytes. The first row names the
 * columns. Quotes, empty rows, spaces around numbers and repeated ids are errors. `rein plan --csv`
 * writes such a file, with the offsets of its plan. If the name ends in .gz, the file is
 * decompressed with gzip; both sizes must be at most 256 MiB. */
#ifndef REIN_CLI_READ_LIFETIMES_H
#define REIN_CLI_READ_LIFETIMES_H

#include "cli/base/diagnostics.h"
#include "cli/base/work_limits.h"
#include "cli/read/input_file.h"
#include "contract/lifetime.h"

typedef struct lifetimes_file {
    const char *path;
    const char **ids; /* of the tensors, in row order */
    rein_tensor_lifetime *lifetimes;
    uint64_t *offsets; /* of the tensors; NULL if the file has no such column */
    size_t count;      /* above 0 */
    bool has_alignments;
    rein_duration read_took; /* time to parse the text after it was in memory */
} lifetimes_file;

/* Reads the file at `path`. Reports the first error, or that the limits stopped it, and returns
 * false. `limits` may be NULL. */
bool lifetimes_file_read(diagnostics *sink, const char *path, work_limits *limits,
                         lifetimes_file *out_lifetimes);

/* As lifetimes_file_read, for a text in memory. */
bool lifetimes_file_read_text(diagnostics *sink, const input_file *file, work_limits *limits,
                              lifetimes_file *out_lifetimes);

/* Returns whether the planner can keep the file's offsets, if any. Reports the first row with an
 * offset of REIN_PLAN_FREE, which would free the tensor. */
bool lifetimes_file_can_keep(diagnostics *sink, const lifetimes_file *file);

#endif
