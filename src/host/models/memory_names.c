#include "models/memory.h"

/* Returns the name of `value` in names that begin with that of 1. */
static const char *name_of(int value, const char *const *names, int count) {
    return value >= 1 && value <= count ? names[value - 1] : "unknown";
}

const char *rein_model_kind_name(rein_model_kind kind) {
    static const char *const names[] = {"model", "projector", "adapter"};
    return name_of((int)kind, names, REIN_MODEL_KIND_ADAPTER);
}

const char *rein_memory_fact_name(rein_memory_fact fact) {
    static const char *const names[] = {"weights-place", "state", "context", "activations"};
    return name_of((int)fact, names, REIN_MEMORY_ACTIVATIONS);
}

const char *rein_memory_origin_name(rein_memory_origin origin) {
    static const char *const names[] = {"file", "option", "default", "engine"};
    return name_of((int)origin, names, REIN_MEMORY_FROM_ENGINE);
}
