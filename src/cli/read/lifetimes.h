/* Lifetimes as a CSV file: `id,lower,upper,size[,alignment][,offset]`, one tensor per row.
 *
 * A tensor is alive in [lower, upper), or in [lower, upper] if the caller says that upper ends are
 * included; sizes and alignments are in bytes. The first row names the columns
 * (read/lifetimes_header.h), and values are written as read/csv.h says. Blank lines may end the
 * file. Blank lines between rows, tabs and line breaks in ids, and repeated ids are errors, so each
 * row is one line.
 *
 * `rein plan --csv` writes such a file, with the offsets of its plan. If the name ends in .gz, the
 * file is decompressed with gzip; both sizes must be at most 256 MiB. */
#ifndef REIN_CLI_READ_LIFETIMES_H
#define REIN_CLI_READ_LIFETIMES_H

#include "cli/base/diagnostics.h"
#include "cli/base/work_limits.h"
#include "cli/read/input_file.h"
#include "cli/read/lifetimes_header.h"
#include "contract/lifetime.h"

/* Whether the last instant of a row is included. Zero-initialised: it is not. */
typedef struct upper_ends {
    bool are_included;
    const char *advice; /* how the user states that they are, such as "use --inclusive"; or NULL */
} upper_ends;

typedef struct lifetimes_file {
    const char *path;
    const lifetimes_header *header; /* NULL if the lifetimes are not from a CSV file */
    const char **ids;               /* of the tensors, in row order */
    rein_tensor_lifetime *lifetimes;
    uint64_t *offsets; /* of the tensors; NULL if the file has no such column */
    size_t count;      /* above 0 */
    bool has_alignments;
    bool had_included_ends;  /* in the file; `lifetimes` are half-open */
    rein_duration read_took; /* time to parse the text after it was in memory */
} lifetimes_file;

/* Reads the file at `path`. Reports the first error, or that the limits stopped it, and returns
 * false. `limits` may be NULL. */
bool lifetimes_file_read(diagnostics *sink, const char *path, upper_ends ends, work_limits *limits,
                         lifetimes_file *out_lifetimes);

/* As lifetimes_file_read, for a text in memory. */
bool lifetimes_file_read_text(diagnostics *sink, const input_file *file, upper_ends ends,
                              work_limits *limits, lifetimes_file *out_lifetimes);

/* Returns whether the ends were read as exclusive from a column `end`, which is the last use in the
 * files of some tools, so that the user should be told. */
bool lifetimes_file_has_doubtful_ends(const lifetimes_file *file);

/* Returns whether the planner can keep the file's offsets, if any. Reports the first row with an
 * offset of REIN_PLAN_FREE, which would free the tensor. */
bool lifetimes_file_can_keep(diagnostics *sink, const lifetimes_file *file);

#endif
