/* The GGUF files of a model, read. */
#ifndef REIN_CLI_MODELS_GGUF_PARTS_H
#define REIN_CLI_MODELS_GGUF_PARTS_H

#include "cli/models/formats.h"
#include "models/gguf.h"

/* A file that was read. */
typedef struct gguf_part {
    const model_file *file;
    rein_gguf gguf;
    uint64_t split_count; /* parts of the model that it belongs to; 1 if that is not split */
    uint64_t split_index; /* of this part, from 0 */
} gguf_part;

typedef struct gguf_parts {
    gguf_part *parts;
    size_t count;
} gguf_parts;

/* Reads the files. If only the first part of a split model is among them, opens and reads the
 * others, and appends them to both lists. Reports errors and returns false. */
bool gguf_parts_read(diagnostics *sink, model_files *files, gguf_parts *out_parts);

#endif
