/* ModelProto: reads a model in one pass. */
#ifndef REIN_HOST_MODELS_ONNX_MODEL_H
#define REIN_HOST_MODELS_ONNX_MODEL_H

#include "host/models/onnx_reading.h"

/* Reads the file into a reading whose store is set. Errors: as rein_onnx_read, without those about
 * names that occur twice. */
rein_result_void rein_i_onnx_model_read(const rein_model_file *file, onnx_reading *reading);

#endif
