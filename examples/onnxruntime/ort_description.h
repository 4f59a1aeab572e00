/* The engine's description of one input or output. */
#ifndef REIN_EXAMPLES_ORT_DESCRIPTION_H
#define REIN_EXAMPLES_ORT_DESCRIPTION_H

#include "ort_engine.h"

typedef enum ort_side { ORT_INPUT, ORT_OUTPUT } ort_side;

/* Texts that are longer than the contract's are empty. */
typedef struct ort_description {
    char name[REIN_NAME_MAX_BYTES + 1];
    rein_dtype dtype;
    int32_t rank;
    int64_t dimensions[REIN_SHAPE_MAX_RANK]; /* below 0: dynamic */
    char symbols[REIN_SHAPE_MAX_RANK][REIN_SYMBOL_CAPACITY];
} ort_description;

REIN_RESULT_DEFINE(ort_result_description, ort_description)
REIN_RESULT_DEFINE(ort_result_count, size_t)

/* Returns how many inputs or outputs a session has. Errors: BackendError. */
REIN_MUST_USE ort_result_count ort_count(const ort_engine *engine, const ort_session *session,
                                         ort_side side);

/* Returns the description of the input or output `index` of the model at `path`. Errors:
 * BackendError, also if it is not a tensor of an element type of the contract, of known rank, with
 * at most REIN_SHAPE_MAX_RANK dimensions. */
REIN_MUST_USE ort_result_description ort_describe(const ort_engine *engine,
                                                  const ort_session *session, const char *path,
                                                  ort_side side, size_t index);

#endif
