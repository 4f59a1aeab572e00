#include "cli/base/numbers_text.h"

#include <inttypes.h>

#include "contract/units.h"

const char *rounded_bytes(arena *memory, uint64_t bytes) {
    char *text = arena_allocate(memory, REIN_UNITS_TEXT_CAPACITY, 1);
    rein_bytes_to_rounded_string(bytes, text, REIN_UNITS_TEXT_CAPACITY);
    return text;
}

const char *rounded_fact(arena *memory, rein_fact_u64 fact) {
    return fact.is_known ? rounded_bytes(memory, fact.value) : "unknown";
}

const char *exact_bytes(arena *memory, uint64_t bytes) {
    char *text = arena_allocate(memory, REIN_UNITS_TEXT_CAPACITY, 1);
    rein_bytes_to_string(bytes, text, REIN_UNITS_TEXT_CAPACITY);
    return text;
}

static const struct {
    uint64_t bytes;
    const char *name;
} units[] = {{1, "B"}, {REIN_KIB, "KiB"}, {REIN_MIB, "MiB"}, {REIN_GIB, "GiB"}, {REIN_TIB, "TiB"}};

size_t common_unit(const uint64_t *sizes, size_t count) {
    size_t unit = sizeof units / sizeof units[0] - 1;
    for (size_t index = 0; index < count; index++) {
        while (sizes[index] % units[unit].bytes != 0) {
            unit--;
        }
    }
    return unit;
}

const char *bytes_in_unit(arena *memory, uint64_t bytes, size_t unit) {
    return arena_print(memory, "%" PRIu64 "%s", bytes / units[unit].bytes, units[unit].name);
}

const char *plain_bytes(arena *memory, uint64_t bytes) {
    return arena_print(memory, "%" PRIu64 " B", bytes);
}

const char *rounded_duration(arena *memory, rein_duration duration) {
    double ns = (double)duration.ns;
    if (duration.ns < REIN_NS_PER_MS) {
        return arena_print(memory, "%.0f us", ns / (double)REIN_NS_PER_US);
    }
    return duration.ns < REIN_NS_PER_S ? arena_print(memory, "%.1f ms", ns / (double)REIN_NS_PER_MS)
                                       : arena_print(memory, "%.2f s", ns / (double)REIN_NS_PER_S);
}

const char *percent_at_most(arena *memory, uint64_t part, uint64_t whole) {
    double exact = 1000.0 * (double)part / (double)whole;
    uint64_t tenths = (uint64_t)exact;
    tenths += exact > (double)tenths;
    return arena_print(memory, "%" PRIu64 ".%" PRIu64 "%%", tenths / 10, tenths % 10);
}
