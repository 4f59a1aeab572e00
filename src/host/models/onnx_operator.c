#include "host/models/onnx_operator.h"

rein_result_void rein_i_onnx_is_constant(byte_reader *reader, file_text op_type, file_text domain,
                                         bool *out_is_constant) {
    bool is_own = domain.length == 0;
    if (!is_own) {
        REIN_TRY(rein_result_void, rein_i_onnx_text_equals(reader, domain, "ai.onnx", &is_own));
    }
    *out_is_constant = false;
    return is_own ? rein_i_onnx_text_equals(reader, op_type, "Constant", out_is_constant)
                  : rein_done();
}
