#include "models/file.h"

const char *rein_model_format_name(rein_model_format format) {
    static const char *const names[] = {
        [REIN_MODEL_FORMAT_UNKNOWN] = "unknown",
        [REIN_MODEL_FORMAT_GGUF] = "gguf",
        [REIN_MODEL_FORMAT_SAFETENSORS] = "safetensors",
        [REIN_MODEL_FORMAT_ONNX] = "onnx",
    };
    int value = (int)format;
    return value >= 1 && value <= (int)REIN_MODEL_FORMAT_ONNX ? names[value] : "unknown";
}
