#include "contract/units.h"

#include "host/base/checked.h"
#include "host/base/quantity.h"
#include "host/base/quantity_parse.h"
#include "host/contract/invalid.h"

static const quantity_ambiguity ambiguous_bytes[] = {
    {"K", {REIN_KIB, 1000}},
    {"KB", {REIN_KIB, 1000}},
    {"M", {REIN_MIB, 1000000}},
    {"MB", {REIN_MIB, 1000000}},
    {"G", {REIN_GIB, UINT64_C(1000000000)}},
    {"GB", {REIN_GIB, UINT64_C(1000000000)}},
    {"T", {REIN_TIB, UINT64_C(1000000000000)}},
    {"TB", {REIN_TIB, UINT64_C(1000000000000)}},
};

/* Milliseconds or minutes. */
static const quantity_ambiguity ambiguous_times[] = {{"m", {1000000, UINT64_C(60000000000)}}};

static const quantity_kind byte_kind = {
    .units = rein_i_byte_units,
    .unit_count = QUANTITY_BYTE_UNITS,
    .ambiguities = ambiguous_bytes,
    .ambiguity_count = sizeof ambiguous_bytes / sizeof ambiguous_bytes[0],
    .largest = UINT64_MAX,
};

static const quantity_kind time_kind = {
    .units = rein_i_time_units,
    .unit_count = QUANTITY_TIME_UNITS,
    .ambiguities = ambiguous_times,
    .ambiguity_count = sizeof ambiguous_times / sizeof ambiguous_times[0],
    .largest = INT64_MAX,
};

static const char not_a_size[] = "'{text}' is not a valid size; write a number and a unit, such as "
                                 "512MiB (units: B, KiB, MiB, GiB, TiB)";
static const char not_a_time[] = "'{text}' is not a valid time; write a number and a unit, such as "
                                 "100ms (units: ns, us, ms, s, min, h)";

/* For each outcome but QUANTITY_READ. */
static const char *const byte_messages[] = {
    [QUANTITY_MALFORMED] = not_a_size,
    [QUANTITY_MISSPELT] = "'{text}' is not a valid size; did you mean {bytes}?",
    [QUANTITY_AMBIGUOUS] = "'{text}' is not a valid size; did you mean {bytes} or {u}B?",
    [QUANTITY_NOT_WHOLE] = "'{text}' is not a whole number of bytes; write {bytes} or {bytes}",
    [QUANTITY_TOO_LARGE] = "'{text}' is too large; at most 18446744073709551615B is valid",
};

static const char *const time_messages[] = {
    [QUANTITY_MALFORMED] = not_a_time,
    [QUANTITY_MISSPELT] = "'{text}' is not a valid time; did you mean {duration}?",
    [QUANTITY_AMBIGUOUS] = "'{text}' is not a valid time; did you mean ms or min?",
    [QUANTITY_NOT_WHOLE] =
        "'{text}' is not a whole number of nanoseconds; write {duration} or {duration}",
    [QUANTITY_TOO_LARGE] = "'{text}' is too large; at most 9223372036854775807ns is valid",
};

/* Returns the error of a text that was not read. Cold: keeps it out of the hot path. */
__attribute__((cold)) static rein_error reading_error(const quantity_reading *reading,
                                                      const char *const *messages, const char *text,
                                                      rein_source_location where) {
    rein_error error = rein_i_invalid_error(where, messages[reading->outcome], reading->values[0],
                                            reading->values[1], 0);
    return rein_error_with_text(error, text);
}

rein_result_bytes rein_bytes_parse(const char *text) {
    quantity_reading reading = rein_i_quantity_parse(text, &byte_kind);
    return reading.outcome == QUANTITY_READ
               ? rein_result_bytes_ok(reading.values[0])
               : rein_result_bytes_fail(reading_error(&reading, byte_messages, text, REIN_HERE));
}

rein_result_duration rein_duration_parse(const char *text) {
    quantity_reading reading = rein_i_quantity_parse(text, &time_kind);
    return reading.outcome == QUANTITY_READ
               ? rein_result_duration_ok(rein_duration_from_ns((int64_t)reading.values[0]))
               : rein_result_duration_fail(reading_error(&reading, time_messages, text, REIN_HERE));
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

/* Returns the tenths of `size` in `bytes`, rounded half up. A unit's size is even, so the half is
 * exact. The remainder is below 2^40, so no product overflows. */
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
            REIN_HERE, "the sum of {bytes} and {bytes}" MUST_FIT_64_BITS, left, right, 0));
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
            rein_i_invalid_error(REIN_HERE, "the granularity is 0" MUST_BE_POSITIVE, 0, 0, 0));
    }
    uint64_t rounded = 0;
    if (!checked_round_up(bytes, granularity, &rounded)) {
        return rein_result_bytes_fail(rein_i_invalid_error(
            REIN_HERE, "{bytes} rounded up to a multiple of {bytes}" MUST_FIT_64_BITS, bytes,
            granularity, 0));
    }
    return rein_result_bytes_ok(rounded);
}
