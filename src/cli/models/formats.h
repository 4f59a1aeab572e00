/* The description of a model by its format: a function for each. They report errors and return
 * false. The files are open, in the order in which the user named them. */
#ifndef REIN_CLI_MODELS_FORMATS_H
#define REIN_CLI_MODELS_FORMATS_H

#include "cli/models/description.h"
#include "cli/models/model_file.h"
#include "models/config.h"
#include "models/gguf.h"

/* The open files of a model. */
typedef struct model_files {
    model_file **files;
    size_t count;
    size_t capacity;
    uint64_t size_bytes;      /* of all files */
    rein_model_format format; /* of the model files */
    /* The basis of the state. NULL if the model has no such file. */
    const model_file *metadata; /* the file of the next two */
    const rein_gguf *parts;     /* of a GGUF model, in order */
    size_t part_count;
    const rein_config *config; /* of a model in safetensors */
} model_files;

/* Opens a model file and appends it. All model files must have one format: `format`, or that of the
 * first if it is UNKNOWN. */
bool model_files_open(diagnostics *sink, model_files *target, const char *path,
                      rein_model_format format);

/* Opens a file of any content and appends it. Reports an error and returns NULL. */
model_file *model_files_open_any(diagnostics *sink, model_files *target, const char *path);

/* Describes a GGUF model: one file or all parts of a split one, and projectors and adapters. Opens
 * the other parts if the first one alone is named. */
bool describe_gguf(diagnostics *sink, const describe_request *request, model_files *files,
                   model_description *target);

/* Sets the state and the context of a GGUF model that was described, for the request's options. */
bool describe_gguf_state(diagnostics *sink, const describe_request *request,
                         const model_files *files, model_description *target);

/* Describes safetensors files, with the config.json beside the first. */
bool describe_safetensors(diagnostics *sink, const describe_request *request, model_files *files,
                          model_description *target);

/* Describes a directory with an index of safetensors files, or a single one. */
bool describe_directory(diagnostics *sink, const describe_request *request, model_files *files,
                        model_description *target);

/* Describes an ONNX model, which is one file and those with the external data that it names. */
bool describe_onnx(diagnostics *sink, const describe_request *request, model_files *files,
                   model_description *target);

#endif
