#include "host/models/cache_type.h"

#include <string.h>

#include "host/contract/invalid.h"

static const cache_type_layout layouts[] = {
    [REIN_CACHE_F32] = {"f32", 1, 4},        [REIN_CACHE_F16] = {"f16", 1, 2},
    [REIN_CACHE_BF16] = {"bf16", 1, 2},      [REIN_CACHE_Q8_0] = {"q8_0", 32, 34},
    [REIN_CACHE_Q5_1] = {"q5_1", 32, 24},    [REIN_CACHE_Q5_0] = {"q5_0", 32, 22},
    [REIN_CACHE_Q4_1] = {"q4_1", 32, 20},    [REIN_CACHE_Q4_0] = {"q4_0", 32, 18},
    [REIN_CACHE_IQ4_NL] = {"iq4_nl", 32, 18}};

const cache_type_layout *rein_i_cache_type_layout(rein_cache_type type) {
    int value = (int)type;
    return value >= REIN_CACHE_F32 && value <= REIN_CACHE_IQ4_NL ? &layouts[value] : NULL;
}

const char *rein_cache_type_name(rein_cache_type type) {
    const cache_type_layout *layout = rein_i_cache_type_layout(type);
    if (layout != NULL) {
        return layout->name;
    }
    return type == REIN_CACHE_UNSET ? "unset" : "unknown";
}

rein_result_cache_type rein_cache_type_parse(const char *text) {
    for (int type = REIN_CACHE_F32; text != NULL && type <= REIN_CACHE_IQ4_NL; type++) {
        if (strcmp(text, layouts[type].name) == 0) {
            return rein_result_cache_type_ok((rein_cache_type)type);
        }
    }
    return rein_result_cache_type_fail(rein_i_error_about(
        REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
        "'{text}' is not a type of cache; write f32, f16, bf16, q8_0, q5_1, q5_0, q4_1, q4_0 or "
        "iq4_nl",
        text));
}
