/* The symbols of an ONNX graph that the user binds. */
#ifndef REIN_CLI_MODELS_ONNX_BINDINGS_H
#define REIN_CLI_MODELS_ONNX_BINDINGS_H

#include "cli/models/description.h"
#include "cli/models/model_file.h"

/* Reports a binding of a symbol that no input has, and returns false. */
bool onnx_bindings_check(diagnostics *sink, const describe_request *request, const model_file *file,
                         const rein_onnx *model);

#endif
