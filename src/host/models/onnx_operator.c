#include "host/models/onnx_operator.h"

rein_result_void rein_i_onnx_is_constant(byte_reader *reader, file_text op_type, file_text domain,
                                         bool *out_is_constant) {
    static const char *const own_domains[] = {"", "ai.onnx"};
    static const char *const operators[] = {"Constant"};
    size_t found_domain = 0;
    size_t found_operator = 0;
    REIN_TRY(rein_result_void,
             rein_i_onnx_text_find(reader, domain, own_domains, 2, &found_domain));
    REIN_TRY(rein_result_void,
             rein_i_onnx_text_find(reader, op_type, operators, 1, &found_operator));
    *out_is_constant = found_domain < 2 && found_operator < 1;
    return rein_done();
}
