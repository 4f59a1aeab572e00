#include "cli/base/numbers.h"

#include <inttypes.h>
#include <string.h>

#include "contract/units.h"

bool parse_unsigned_part(const char *text, size_t length, uint64_t largest, uint64_t *out_number) {
    bool has_leading_zero = length > 1 && text[0] == '0';
    if (length == 0 || has_leading_zero) {
        return false;
    }
    uint64_t number = 0;
    for (const char *end = text + length; text < end; text++) {
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(*text - '0'), &number)) {
            return false;
        }
    }
    if (number > largest) {
        return false;
    }
    *out_number = number;
    return true;
}

bool parse_signed_part(const char *text, size_t length, int64_t *out_number) {
    bool is_negative = length > 0 && *text == '-';
    uint64_t magnitude = 0;
    uint64_t largest = is_negative ? UINT64_C(1) << 63 : INT64_MAX;
    if (!parse_unsigned_part(text + is_negative, length - is_negative, largest, &magnitude) ||
        (is_negative && magnitude == 0)) {
        return false;
    }
    *out_number = is_negative ? -(int64_t)(magnitude - 1) - 1 : (int64_t)magnitude;
    return true;
}

bool parse_unsigned(const char *text, uint64_t largest, uint64_t *out_number) {
    return parse_unsigned_part(text, strlen(text), largest, out_number);
}

bool parse_signed(const char *text, int64_t *out_number) {
    return parse_signed_part(text, strlen(text), out_number);
}

const char *number_range(arena *memory, uint64_t least, uint64_t largest) {
    const char *end = arena_print(memory, "%" PRIu64, largest);
    if (largest == UINT64_MAX) {
        end = "2^64 - 1";
    } else if (largest == UINT64_C(1) << 63) {
        end = "2^63";
    }
    return arena_print(memory, "a whole number from %" PRIu64 " to %s", least, end);
}

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

size_t rounding_unit(const uint64_t *sizes, size_t count) {
    uint64_t smallest = 0; /* 0 if there is none above 0 */
    for (size_t index = 0; index < count; index++) {
        bool is_smaller = smallest == 0 || sizes[index] < smallest;
        smallest = sizes[index] != 0 && is_smaller ? sizes[index] : smallest;
    }
    size_t unit = sizeof units / sizeof units[0] - 1;
    while (unit > 0 && smallest < units[unit].bytes) {
        unit--;
    }
    return unit;
}

const char *rounded_in_unit(arena *memory, uint64_t bytes, size_t unit) {
    uint64_t size = units[unit].bytes;
    if (size == 1) {
        return plain_bytes(memory, bytes);
    }
    uint64_t tenths = bytes / size * 10 + (bytes % size * 10 + size / 2) / size;
    return arena_print(memory, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10, tenths % 10,
                       units[unit].name);
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
