#include "models/engine.h"

#include <string.h>

#include "host/contract/invalid.h"

static const char *const engine_names[] = {
    [REIN_ENGINE_LLAMA_SERVER] = "llama-server",
    [REIN_ENGINE_LLAMA_C_API] = "llama-c-api",
};

static const char *const switch_names[] = {
    [REIN_SWITCH_UNSET] = "unset",
    [REIN_SWITCH_OFF] = "off",
    [REIN_SWITCH_ON] = "on",
    [REIN_SWITCH_AUTO] = "auto",
};

static bool is_engine(rein_engine engine) {
    int value = (int)engine;
    return value >= REIN_ENGINE_LLAMA_SERVER && value <= REIN_ENGINE_LLAMA_C_API;
}

const char *rein_engine_name(rein_engine engine) {
    return is_engine(engine) ? engine_names[engine] : "unknown";
}

const char *rein_engine_version(rein_engine engine) {
    return is_engine(engine) ? "llama.cpp v0.5.0" : "unknown";
}

rein_result_engine rein_engine_parse(const char *text) {
    for (int engine = REIN_ENGINE_LLAMA_SERVER; text != NULL && engine <= REIN_ENGINE_LLAMA_C_API;
         engine++) {
        if (strcmp(text, engine_names[engine]) == 0) {
            return rein_result_engine_ok((rein_engine)engine);
        }
    }
    return rein_result_engine_fail(
        rein_i_error_about(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                           "'{text}' is not an engine; write llama-server or llama-c-api", text));
}

const char *rein_switch_name(rein_switch setting) {
    int value = (int)setting;
    return value >= REIN_SWITCH_UNSET && value <= REIN_SWITCH_AUTO ? switch_names[value]
                                                                   : "unknown";
}

rein_result_switch rein_switch_parse(const char *text) {
    for (int setting = REIN_SWITCH_OFF; text != NULL && setting <= REIN_SWITCH_AUTO; setting++) {
        if (strcmp(text, switch_names[setting]) == 0) {
            return rein_result_switch_ok((rein_switch)setting);
        }
    }
    return rein_result_switch_fail(
        rein_i_error_about(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                           "'{text}' is not a setting; write on, off or auto", text));
}
