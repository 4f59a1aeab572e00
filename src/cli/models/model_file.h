/* Model files on disk, read by position. */
#ifndef REIN_CLI_MODELS_MODEL_FILE_H
#define REIN_CLI_MODELS_MODEL_FILE_H

#include "cli/base/diagnostics.h"
#include "models/file.h"

/* An open file. It is not moved while it is open: `source` refers to it. */
typedef struct model_file {
    const char *path;
    int descriptor;
    rein_model_format format;
    rein_model_file source;
    rein_error failure; /* of the last read that failed, if has_failed */
    bool has_failed;
} model_file;

/* Opens a regular file and recognises its format. Reports errors and returns false: the file cannot
 * be read, is not a regular file, or is not a model file. */
bool model_file_open(diagnostics *sink, const char *path, model_file *out_file);

/* Opens a regular file without looking at its content; `format` is UNKNOWN. */
bool model_file_open_any(diagnostics *sink, const char *path, model_file *out_file);

/* Sets the format of the file at the path: UNKNOWN unless it is a regular file. Returns false after
 * reporting that the file cannot be read. */
bool model_file_format(diagnostics *sink, const char *path, rein_model_format *out_format);

void model_file_close(model_file *file);

/* Reports the library's error about the file, and returns false. */
bool refuse_model_file(diagnostics *sink, const model_file *file, const rein_error *error);

#endif
