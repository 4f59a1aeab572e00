#include "contract/units.h"

#include <string.h>

#include "host/base/checked.h"
#include "host/base/quantity.h"
#include "host/contract/invalid.h"

typedef enum quantity_fault {
    QUANTITY_SOUND,
    QUANTITY_MALFORMED,
    QUANTITY_TOO_LARGE
} quantity_fault;

/* The size of the unit that `suffix` spells, or 0. */
static uint64_t unit_size(const quantity_unit *units, size_t count, const char *suffix) {
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

static quantity_fault parse_quantity(const char *text, const quantity_unit *units, size_t count,
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

rein_result_bytes rein_bytes_parse(const char *text) {
    uint64_t bytes = 0;
    quantity_fault fault = text == NULL ? QUANTITY_MALFORMED
                                        : parse_quantity(text, rein_i_byte_units,
                                                         QUANTITY_BYTE_UNITS, UINT64_MAX, &bytes);
    if (fault == QUANTITY_MALFORMED) {
        return rein_result_bytes_fail(rein_i_error_about(
            REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
            "'{text}' is not a valid size; write a whole number and a unit, such as 512MiB "
            "(units: B, KiB, MiB, GiB, TiB)",
            text));
    }
    if (fault == QUANTITY_TOO_LARGE) {
        return rein_result_bytes_fail(rein_i_error_about(
            REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
            "'{text}' is too large, expected at most 18446744073709551615B", text));
    }
    return rein_result_bytes_ok(bytes);
}

rein_result_duration rein_duration_parse(const char *text) {
    uint64_t ns = 0;
    quantity_fault fault =
        text == NULL ? QUANTITY_MALFORMED
                     : parse_quantity(text, rein_i_time_units, QUANTITY_TIME_UNITS, INT64_MAX, &ns);
    if (fault == QUANTITY_MALFORMED) {
        return rein_result_duration_fail(rein_i_error_about(
            REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
            "'{text}' is not a valid time; write a whole number and a unit, such as 100ms "
            "(units: ns, us, ms, s)",
            text));
    }
    if (fault == QUANTITY_TOO_LARGE) {
        return rein_result_duration_fail(rein_i_error_about(
            REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
            "'{text}' is too large, expected at most 9223372036854775807ns", text));
    }
    return rein_result_duration_ok(rein_duration_from_ns((int64_t)ns));
}

size_t rein_bytes_to_string(uint64_t bytes, char *buffer, size_t capacity) {
    text_writer writer = rein_i_text_writer_make(buffer, capacity);
    rein_i_quantity_append_bytes(&writer, bytes);
    return writer.length;
}

size_t rein_duration_to_string(rein_duration duration, char *buffer, size_t capacity) {
    text_writer writer = rein_i_text_writer_make(buffer, capacity);
    rein_i_quantity_append_ns(&writer, duration.ns);
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
    text_writer writer = rein_i_text_writer_make(buffer, capacity);
    if (bytes < REIN_KIB) {
        rein_i_text_writer_append_unsigned(&writer, bytes);
        rein_i_text_writer_append(&writer, " B");
        return writer.length;
    }
    size_t index = 1;
    while (index + 1 < QUANTITY_BYTE_UNITS &&
           tenths_of(bytes, rein_i_byte_units[index].size) >= 10240) {
        index++;
    }
    uint64_t tenths = tenths_of(bytes, rein_i_byte_units[index].size);
    rein_i_text_writer_append_unsigned(&writer, tenths / 10);
    rein_i_text_writer_append(&writer, ".");
    rein_i_text_writer_append_unsigned(&writer, tenths % 10);
    rein_i_text_writer_append(&writer, " ");
    rein_i_text_writer_append(&writer, rein_i_byte_units[index].suffix);
    return writer.length;
}

/*@ ensures \result.is_ok <==> left + right <= UINT64_MAX;
    ensures \result.is_ok ==> \result.as.value == left + right; */
rein_result_bytes rein_bytes_add(uint64_t left, uint64_t right) {
    uint64_t sum = 0;
    if (!checked_add(left, right, &sum)) {
        return rein_result_bytes_fail(rein_i_invalid_error(
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
            rein_i_invalid_error(REIN_HERE, "the granularity is 0, expected above 0", 0, 0, 0));
    }
    uint64_t rounded = 0;
    if (!checked_round_up(bytes, granularity, &rounded)) {
        return rein_result_bytes_fail(rein_i_invalid_error(
            REIN_HERE, "{bytes} rounded up to a multiple of {bytes} does not fit in 64 bits", bytes,
            granularity, 0));
    }
    return rein_result_bytes_ok(rounded);
}
