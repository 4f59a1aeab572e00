/* Lifetimes as a CSV file: `id,lower,upper,size[,alignment][,offset]`, one tensor a row.
 *
 * A tensor is alive in [lower, upper); sizes and alignments are bytes. The first row names the
 * columns. No quotes, no empty rows, no spaces around numbers; each id once. `rein plan --csv`
 * writes such a file, with the offsets of its plan. If the name ends in .gz, the file is read
 * through gzip: at most 256 MiB, before and after. */
#ifndef REIN_CLI_READ_LIFETIMES_H
#define REIN_CLI_READ_LIFETIMES_H

#include "cli/base/diagnostics.h"
#include "cli/base/work_limits.h"
#include "cli/read/input_file.h"
#include "contract/lifetime.h"

typedef struct lifetimes_file {
    const char *path;
    const char **ids; /* of the tensors, in the order of the rows */
    rein_tensor_lifetime *lifetimes;
    uint64_t *offsets; /* of the tensors; NULL: the file has no such column */
    size_t count;      /* above 0 */
    bool has_alignments;
    rein_duration read_took; /* to read its text, which was in memory */
} lifetimes_file;

/* Reads the file at `path`. Reports the first thing that is wrong, or that the limits stopped it,
 * and returns false. `limits` may be NULL. */
bool lifetimes_file_read(diagnostics *sink, const char *path, work_limits *limits,
                         lifetimes_file *out_lifetimes);

/* The same for a text that is already in memory. */
bool lifetimes_file_read_text(diagnostics *sink, const input_file *file, work_limits *limits,
                              lifetimes_file *out_lifetimes);

/* Whether the planner can keep the offsets of the file, if it has any: REIN_PLAN_FREE would free a
 * tensor. Reports the first row that has it. */
bool lifetimes_file_can_keep(diagnostics *sink, const lifetimes_file *file);

#endif
