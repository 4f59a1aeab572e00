#include "cli/fleet/demand_text.h"

#include <inttypes.h>

#include "cli/base/numbers.h"

static const char *append(arena *memory, const char *list, const char *item) {
    return *list == '\0' ? item : arena_print(memory, "%s, %s", list, item);
}

/* Appends "2 processes" if the count is stated. */
static const char *append_count(arena *memory, const char *list, const stated_count *stated,
                                const char *one, const char *several) {
    return stated->is_stated ? append(memory, list,
                                      arena_print(memory, "%" PRIu64 " %s", stated->count,
                                                  stated->count == 1 ? one : several))
                             : list;
}

/* Appends "a load peak of 3GiB" if the size is stated. */
static const char *append_bytes(arena *memory, const char *list, const stated_bytes *stated,
                                const char *noun, size_t unit) {
    return stated->is_stated ? append(memory, list,
                                      arena_print(memory, "%s of %s", noun,
                                                  bytes_in_unit(memory, stated->bytes, unit)))
                             : list;
}

static const char *growth_text(arena *memory, const stated_growth *growth) {
    return growth->doubles ? "an allocator that doubles"
                           : arena_print(memory, "an allocator that grows by %s",
                                         exact_bytes(memory, growth->bytes));
}

const char *demand_text(arena *memory, const fleet_model *model) {
    const manifest_model *stated = model->stated;
    const uint64_t sizes[] = {stated->load_peak.bytes, stated->state.bytes};
    size_t unit = common_unit(sizes, sizeof sizes / sizeof sizes[0]);
    const char *list = append_bytes(memory, "", &stated->load_peak, "a load peak", unit);
    list = append_count(memory, list, &stated->concurrent, "concurrent execution",
                        "concurrent executions");
    list = append_count(memory, list, &stated->sequences, "sequence", "sequences");
    list = append_bytes(memory, list, &stated->state,
                        stated->sequences.count == 1 ? "with a state" : "each with a state", unit);
    list = append_count(memory, list, &stated->processes, "process", "processes");
    if (stated->growth.is_stated) {
        list = append(memory, list, growth_text(memory, &stated->growth));
    }
    if (model->state.origin == NUMBER_FROM_FILE && model->sequence_count > 0) {
        list = append(memory, list,
                      arena_print(memory, "a state of %s, computed from its file",
                                  exact_bytes(memory, model->state.fact.value)));
    }
    if (model->measured != NULL) {
        list = append(memory, list,
                      arena_print(memory, "a measured peak of %s",
                                  rounded_bytes(memory, model->measured->peak_bytes)));
    }
    return fleet_covers_contexts(model)
               ? append(memory, list, "contexts included in the memory limit")
               : list;
}
