/* Workspaces of the library's readers. */
#ifndef REIN_CLI_MODELS_READ_WORKSPACE_H
#define REIN_CLI_MODELS_READ_WORKSPACE_H

#include "cli/models/model_file.h"
#include "contract/lifetime.h"

/* Makes a workspace of the size that the library asks for. Reports an error of the library, or that
 * the file would take too much memory to read, and returns false. */
bool read_workspace_make(diagnostics *sink, const model_file *file, rein_result_bytes needed,
                         rein_workspace *out_workspace);

#endif
