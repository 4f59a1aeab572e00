/* The description of a model from its files, in one form for all formats. */
#ifndef REIN_CLI_MODELS_DESCRIPTION_H
#define REIN_CLI_MODELS_DESCRIPTION_H

#include "cli/base/diagnostics.h"
#include "models/file.h"
#include "models/memory.h"
#include "models/onnx.h"

/* The tensors of one element type. */
typedef struct weight_type {
    const char *name; /* as the format spells it */
    uint64_t element_count;
    uint64_t size_bytes;
} weight_type;

/* A fact that is unknown. */
typedef struct unknown_fact {
    const char *fact;
    const char *why;
} unknown_fact;

/* A value that the numbers were computed from. */
typedef struct described_input {
    const char *name; /* a key of the metadata, or an option */
    const char *value;
    const char *origin; /* "file", "option", "default" or "engine" */
} described_input;

/* An input or an output of a graph. */
typedef struct described_value {
    const char *name;
    const char *type; /* element type and shape: float32[batch,3,224,224] */
    bool is_output;
} described_value;

/* A model. Its lists grow through the functions below. */
typedef struct model_description {
    rein_model_format format;
    const char **files; /* every file that was read, the one that the user named first */
    size_t file_count;
    size_t file_capacity;
    const char *architecture; /* NULL: unknown */
    rein_fact_u64 parameter_count;
    weight_type *types; /* the largest first */
    size_t type_count;
    size_t type_capacity;
    rein_model_weights weights;
    rein_model_state state;
    rein_model_context context;
    rein_fact_u64 trained_tokens; /* the context that the model was trained with */
    /* NULL if the format has no engine whose options decide anything. */
    const rein_engine_settings *engine;
    rein_fact_u64 block_bytes; /* of a block of a paged cache, in all layers */
    uint64_t block_tokens;     /* tokens of such a block; 0 if there are none */
    described_value *values;   /* inputs and outputs of a graph, the inputs first */
    size_t value_count;
    size_t value_capacity;
    /* Lifetimes of a graph's activations, with the names of the tensors; NULL if they are unknown.
     * An engine that writes in place or fuses operators needs less, one with workspaces more. */
    const rein_tensor_lifetime *lifetimes;
    const char *const *lifetime_names;
    size_t lifetime_count;
    rein_fact_u64 graph_peak_bytes; /* the most of them alive at once */
    unknown_fact *unknowns;
    size_t unknown_count;
    size_t unknown_capacity;
    described_input *inputs;
    size_t input_count;
    size_t input_capacity;
} model_description;

/* How a model is described. */
typedef struct describe_request {
    const char *const *paths; /* the files of one model, or its directory */
    size_t path_count;        /* at least 1 */
    rein_engine_options options;
    uint32_t stated_options; /* bit N: the user stated the engine_option N (engine_option.h) */
    const char *const *option_names;   /* of each engine_option, as the user spells it */
    const rein_onnx_binding *bindings; /* extents of a graph's symbols */
    size_t binding_count;
    /* Sizes of activations are rounded up to a multiple of it; above 0. */
    uint64_t granularity_bytes;
} describe_request;

/* Describes the model in `out_description`. Reports errors and returns false. */
bool model_describe(diagnostics *sink, const describe_request *request,
                    model_description *out_description);

/* A model whose files stay open, so that it can be described with several options of its engine. */
typedef struct opened_model opened_model;

/* As model_describe, but the files stay open until model_close. Returns NULL after an error. The
 * request's lists must stay valid as long. */
opened_model *model_open(diagnostics *sink, const describe_request *request,
                         model_description *out_description);

/* Replaces the state and the context in a description of the model, and the reasons for which they
 * are unknown, by those for other options of its engine. Reads no header again. Reports errors and
 * returns false; the description is then unchanged. */
bool model_describe_state(diagnostics *sink, opened_model *opened,
                          const rein_engine_options *options, model_description *target);

/* Reports a read of the files that failed since they were opened, and returns false. */
bool model_check_reads(diagnostics *sink, const opened_model *opened);

void model_close(opened_model *opened);

/* Sets whether the path is a directory or a file in a format of models. Reports a file that cannot
 * be read and returns false. */
bool model_is_at(diagnostics *sink, const char *path, bool *out_is_model);

void description_add_file(arena *memory, model_description *target, const char *path);
void description_add_unknown(arena *memory, model_description *target, const char *fact,
                             const char *why);
void description_add_value(arena *memory, model_description *target, described_value value);
void description_add_input(arena *memory, model_description *target, described_input input);

/* States that the model keeps nothing between executions. */
void description_set_no_state(model_description *target);

/* Adds the elements and the bytes to those of the type of that name, a static text. */
void description_count_type(arena *memory, model_description *target, weight_type counted);

#endif
