/* Whether an ONNX file states the shape of an input or output. The engine does not say: it reports
 * rank 0 for a scalar, and also for a tensor whose shape the file leaves out. */
#ifndef REIN_EXAMPLES_ONNX_SHAPE_H
#define REIN_EXAMPLES_ONNX_SHAPE_H

#include <stdbool.h>

#include "ort_description.h"

/* Returns whether the file at `path` has an input or output of this name, with a shape. Returns
 * false if the file cannot be read, or is not in ONNX's format. */
bool onnx_states_shape(const char *path, ort_side side, const char *name);

#endif
