#include "contract/units.h"

#include <string.h>

#include "host/checked.h"
#include "host/invalid.h"
#include "host/text_writer.h"

typedef struct unit {
    const char *suffix;
    uint64_t size;
} unit;

/* Smallest first. */
static const unit byte_units[] = {
    {"B", 1}, {"KiB", REIN_KIB}, {"MiB", REIN_MIB}, {"GiB", REIN_GIB}, {"TiB", REIN_TIB}};
static const unit time_units[] = {
    {"ns", 1}, {"us", REIN_NS_PER_US}, {"ms", REIN_NS_PER_MS}, {"s", REIN_NS_PER_S}};

enum {
    BYTE_UNIT_COUNT = sizeof byte_units / sizeof byte_units[0],
    TIME_UNIT_COUNT = sizeof time_units / sizeof time_units[0]
};

typedef enum quantity_fault {
    QUANTITY_SOUND,
    QUANTITY_MALFORMED,
    QUANTITY_TOO_LARGE
} quantity_fault;

/* The size of the unit that `suffix` spells, or 0. */
static uint64_t unit_size(const unit *units, size_t count, const char *suffix) {
    for (size_t index = 0; index < count; index++) {
        if (strcmp(units[index].suffix, suffix) == 0) {
            return units[index].size;
        }
    }
    return 0;
}

/* Reads digits up to the first other character; whether the number fits in 64 bits. */
static bool read_digits(const char **text, uint64_t *out_number) {
    bool fits = true;
    uint64_t number = 0;
    for (; **text >= '0' && **text <= '9'; ++*text) {
        uint64_t digit = (uint64_t)(**text - '0');
        fits = fits && checked_append_digit(&number, digit);
    }
    *out_number = number;
    return fits;
}

static quantity_fault parse_quantity(const char *text, const unit *units, size_t count,
                                     uint64_t largest, uint64_t *out_quantity) {
    const char *suffix = text;
    uint64_t number = 0;
    bool fits = read_digits(&suffix, &number);
    uint64_t size = suffix == text ? 0 : unit_size(units, count, suffix);
    if (size == 0) {
        return QUANTITY_MALFORMED;
    }
    uint64_t quantity = 0;
    if (!fits || !checked_multiply(number, size, &quantity) || quantity > largest) {
        return QUANTITY_TOO_LARGE;
    }
    *out_quantity = quantity;
    return QUANTITY_SOUND;
}

static rein_error quantity_error(rein_source_location where, const char *message,
                                 const char *text) {
    return rein_error_with_text(rein_error_make(REIN_ERROR_INVALID_ARGUMENT, where, message), text);
}

rein_result_bytes rein_bytes_parse(const char *text) {
    uint64_t bytes = 0;
    quantity_fault fault =
        text == NULL ? QUANTITY_MALFORMED
                     : parse_quantity(text, byte_units, BYTE_UNIT_COUNT, UINT64_MAX, &bytes);
    if (fault == QUANTITY_MALFORMED) {
        return rein_result_bytes_fail(quantity_error(
            REIN_HERE,
            "'{text}' is no size, expected a whole number and a unit, such as 512MiB "
            "(units: B, KiB, MiB, GiB, TiB)",
            text));
    }
    if (fault == QUANTITY_TOO_LARGE) {
        return rein_result_bytes_fail(quantity_error(
            REIN_HERE, "'{text}' is too large, expected at most 18446744073709551615B", text));
    }
    return rein_result_bytes_ok(bytes);
}

rein_result_duration rein_duration_parse(const char *text) {
    uint64_t ns = 0;
    quantity_fault fault = text == NULL
                               ? QUANTITY_MALFORMED
                               : parse_quantity(text, time_units, TIME_UNIT_COUNT, INT64_MAX, &ns);
    if (fault == QUANTITY_MALFORMED) {
        return rein_result_duration_fail(
            quantity_error(REIN_HERE,
                           "'{text}' is no time, expected a whole number and a unit, such as 100ms "
                           "(units: ns, us, ms, s)",
                           text));
    }
    if (fault == QUANTITY_TOO_LARGE) {
        return rein_result_duration_fail(quantity_error(
            REIN_HERE, "'{text}' is too large, expected at most 9223372036854775807ns", text));
    }
    return rein_result_duration_ok(rein_duration_from_ns((int64_t)ns));
}

/* The largest unit that divides `quantity`; the smallest for 0. */
static const unit *exact_unit(const unit *units, size_t count, uint64_t quantity) {
    size_t index = quantity == 0 ? 0 : count - 1;
    while (quantity % units[index].size != 0) {
        index--;
    }
    return &units[index];
}

static void append_quantity(text_writer *writer, const unit *units, size_t count,
                            uint64_t quantity) {
    const unit *exact = exact_unit(units, count, quantity);
    text_writer_append_unsigned(writer, quantity / exact->size);
    text_writer_append(writer, exact->suffix);
}

size_t rein_bytes_to_string(uint64_t bytes, char *buffer, size_t capacity) {
    text_writer writer = text_writer_make(buffer, capacity);
    append_quantity(&writer, byte_units, BYTE_UNIT_COUNT, bytes);
    return writer.length;
}

size_t rein_duration_to_string(rein_duration duration, char *buffer, size_t capacity) {
    text_writer writer = text_writer_make(buffer, capacity);
    uint64_t magnitude = (uint64_t)duration.ns;
    if (duration.ns < 0) {
        text_writer_append(&writer, "-");
        magnitude = UINT64_C(0) - magnitude;
    }
    append_quantity(&writer, time_units, TIME_UNIT_COUNT, magnitude);
    return writer.length;
}

/* Tenths of `size` in `bytes`, rounded half up. A unit's size is even, so the half is exact; and
 * the remainder is below 2^40, so that no product overflows. */
/*@ requires size == 1 << 10 || size == 1 << 20 || size == 1 << 30 || size == 1 << 40;
    assigns \nothing;
    ensures \result * size <= bytes * 10 + size / 2 < (\result + 1) * size; */
static uint64_t tenths_of(uint64_t bytes, uint64_t size) {
    return bytes / size * 10 + (bytes % size * 10 + size / 2) / size;
}

size_t rein_bytes_to_rounded_string(uint64_t bytes, char *buffer, size_t capacity) {
    text_writer writer = text_writer_make(buffer, capacity);
    if (bytes < REIN_KIB) {
        text_writer_append_unsigned(&writer, bytes);
        text_writer_append(&writer, " B");
        return writer.length;
    }
    size_t index = 1;
    while (index + 1 < BYTE_UNIT_COUNT && tenths_of(bytes, byte_units[index].size) >= 10240) {
        index++;
    }
    uint64_t tenths = tenths_of(bytes, byte_units[index].size);
    text_writer_append_unsigned(&writer, tenths / 10);
    text_writer_append(&writer, ".");
    text_writer_append_unsigned(&writer, tenths % 10);
    text_writer_append(&writer, " ");
    text_writer_append(&writer, byte_units[index].suffix);
    return writer.length;
}

/*@ ensures \result.is_ok <==> left + right <= UINT64_MAX;
    ensures \result.is_ok ==> \result.as.value == left + right; */
rein_result_bytes rein_bytes_add(uint64_t left, uint64_t right) {
    uint64_t sum = 0;
    if (!checked_add(left, right, &sum)) {
        return rein_result_bytes_fail(invalid_error(
            REIN_HERE, "the sum of {bytes} and {bytes} does not fit in 64 bits", left, right, 0));
    }
    return rein_result_bytes_ok(sum);
}

/*@ ensures granularity == 0 ==> !\result.is_ok;
    ensures \result.is_ok ==> \result.as.value % granularity == 0 &&
        bytes <= \result.as.value < bytes + granularity;
    ensures !\result.is_ok && granularity != 0 ==> bytes + granularity > UINT64_MAX; */
rein_result_bytes rein_bytes_round_up(uint64_t bytes, uint64_t granularity) {
    if (granularity == 0) {
        return rein_result_bytes_fail(
            invalid_error(REIN_HERE, "the granularity is 0, expected above 0", 0, 0, 0));
    }
    uint64_t rounded = 0;
    if (!checked_round_up(bytes, granularity, &rounded)) {
        return rein_result_bytes_fail(invalid_error(
            REIN_HERE, "{bytes} rounded up to a multiple of {bytes} does not fit in 64 bits", bytes,
            granularity, 0));
    }
    return rein_result_bytes_ok(rounded);
}
