#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/units.h"
#include "expect.h"

/* A repeatable stream of numbers of every magnitude. */
static uint64_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state ^ *state >> 29) >> (*state >> 58);
}

static size_t write_bytes(const void *bytes, char *buffer, size_t capacity) {
    return rein_bytes_to_string(*(const uint64_t *)bytes, buffer, capacity);
}

static size_t write_rounded(const void *bytes, char *buffer, size_t capacity) {
    return rein_bytes_to_rounded_string(*(const uint64_t *)bytes, buffer, capacity);
}

static size_t write_duration(const void *ns, char *buffer, size_t capacity) {
    return rein_duration_to_string(rein_duration_from_ns(*(const int64_t *)ns), buffer, capacity);
}

Test(bytes_parse, reads_a_whole_number_of_a_unit) {
    static const struct {
        const char *text;
        uint64_t bytes;
    } rows[] = {
        {"0B", 0},
        {"0TiB", 0},
        {"1B", 1},
        {"007B", 7},
        {"1KiB", UINT64_C(1) << 10},
        {"1MiB", UINT64_C(1) << 20},
        {"1GiB", UINT64_C(1) << 30},
        {"1TiB", UINT64_C(1) << 40},
        {"8GiB", UINT64_C(8589934592)},
        {"512MiB", UINT64_C(536870912)},
        {"102440624B", 102440624},
        {"9007199254740993B", UINT64_C(9007199254740993)},
        {"18446744073709551615B", UINT64_MAX},
        {"18014398509481983KiB", UINT64_MAX - 1023},
        {"17592186044415MiB", UINT64_MAX - (REIN_MIB - 1)},
        {"17179869183GiB", UINT64_MAX - (REIN_GIB - 1)},
        {"16777215TiB", UINT64_MAX - (REIN_TIB - 1)},
        {"0000000000000000000000000000000000000000001B", 1},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        rein_result_bytes result = rein_bytes_parse(rows[index].text);
        cr_assert(rein_result_bytes_is_ok(result), "%s is a size", rows[index].text);
        cr_assert(REIN_VALUE(result) == rows[index].bytes, "%s is not %llu", rows[index].text,
                  (unsigned long long)REIN_VALUE(result));
    }
}

/* The size is refused; its error has these numbers, 0 if it suggests nothing. */
static void expect_no_size(const char *text, uint64_t first, uint64_t second) {
    rein_result_bytes result = rein_bytes_parse(text);
    cr_assert(!result.is_ok, "'%s' is not a size", text);
    expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(result), first, second, 0);
}

Test(bytes_parse, refuses_any_other_unit) {
    static const char *const units[] = {
        "",         "PiB", "B ", "GiB ", "  B", "\tB", "BB", "GiBB",        "GiB1",
        "GiB 1GiB", "Gi",  "Ki", "i",    ":B",  "/B",  ".B", "\xC2\xA0GiB", " ",
    };
    for (size_t index = 0; index < sizeof units / sizeof units[0]; index++) {
        char text[32];
        snprintf(text, sizeof text, "1%s", units[index]);
        expect_no_size(text, 0, 0);
    }
    expect_no_size("18446744073709551616", 0, 0);
    expect_no_size("99999999999999999999999999PB", 0, 0);
}

Test(bytes_parse, refuses_any_other_number) {
    static const char *const numbers[] = {"",   "1.",  ".5",    "1,5",     "1e3",   "0x10",
                                          "-1", "+1",  "-0",    " 1",      "1.5.5", "1. 5",
                                          "B1", "one", "1_000", "\xD9\xA1"};
    for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++) {
        char text[32];
        snprintf(text, sizeof text, "%sB", numbers[index]);
        expect_no_size(text, 0, 0);
        snprintf(text, sizeof text, "%sGiB", numbers[index]);
        expect_no_size(text, 0, 0);
    }
    expect_no_size("", 0, 0);
}

Test(bytes_parse, accepts_a_space_and_a_fraction_that_comes_out_even) {
    static const struct {
        const char *text;
        uint64_t bytes;
    } rows[] = {
        {"8 GiB", 8 * REIN_GIB},
        {"1.5GiB", 3 * REIN_GIB / 2},
        {"954.5MiB", 1909 * REIN_MIB / 2},
        {"0.0009765625 KiB", 1},
        {"1.50000000000000000000000000000000GiB", 3 * REIN_GIB / 2},
        {"1.0B", 1},
        {"0.25TiB", REIN_TIB / 4},
        {"0.000003814697265625MiB", 4},
        {"16777215.5TiB", UINT64_MAX - (REIN_TIB / 2 - 1)},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        rein_result_bytes result = rein_bytes_parse(rows[index].text);
        cr_assert(result.is_ok, "%s is a size", rows[index].text);
        cr_assert(REIN_VALUE(result) == rows[index].bytes, "%s is not %llu", rows[index].text,
                  (unsigned long long)REIN_VALUE(result));
    }
}

Test(bytes_parse, offers_what_a_size_that_is_not_whole_is_near_to) {
    expect_no_size("0.3GiB", 307 * REIN_MIB, 308 * REIN_MIB);
    expect_no_size("0.1 KiB", 102, 103);
    expect_no_size("1.5B", 1, 2);
    expect_no_size("0.00001GiB", 10 * REIN_KIB, 11 * REIN_KIB);
    expect_no_size("0.0000000001KiB", 0, 1);
    expect_no_size("1.3333333333333333333333333333GiB", 1365 * REIN_MIB, 1366 * REIN_MIB);
    expect_no_size("18446744073709551615.5B", 0, 0);
}

Test(bytes_parse, offers_both_readings_of_a_unit_with_two_meanings) {
    expect_no_size("8GB", 8 * REIN_GIB, UINT64_C(8000000000));
    expect_no_size("8 G", 8 * REIN_GIB, UINT64_C(8000000000));
    expect_no_size("8gb", 8 * REIN_GIB, UINT64_C(8000000000));
    expect_no_size("1kB", REIN_KIB, 1000);
    expect_no_size("1K", REIN_KIB, 1000);
    expect_no_size("1.5M", 3 * REIN_MIB / 2, 1500000);
    expect_no_size("2MB", 2 * REIN_MIB, 2000000);
    expect_no_size("3T", 3 * REIN_TIB, UINT64_C(3000000000000));
    expect_no_size("3TB", 3 * REIN_TIB, UINT64_C(3000000000000));
    expect_no_size("99999999999TB", 0, 0);
    expect_no_size("0.0009765625K", 0, 0);
}

Test(bytes_parse, offers_the_unit_in_the_right_case) {
    expect_no_size("8gib", 8 * REIN_GIB, 0);
    expect_no_size("8 GIB", 8 * REIN_GIB, 0);
    expect_no_size("1b", 1, 0);
    expect_no_size("0.3gib", 0, 0);
}

Test(bytes_parse, refuses_control_characters_and_shows_none) {
    rein_result_bytes result = rein_bytes_parse("\t1B");
    cr_assert(rein_result_bytes_is_error(result), "a tab is no digit");
    cr_assert(is_same_text(REIN_ERROR(result).foreign_text, "?1B"), "the tab is shown as '?'");
    result = rein_bytes_parse("1B\n");
    cr_assert(rein_result_bytes_is_error(result), "a line's end is no part of a unit");
    cr_assert(is_same_text(REIN_ERROR(result).foreign_text, "1B?"), "it is shown as '?'");
}

Test(bytes_parse, refuses_what_does_not_fit_in_64_bits) {
    static const char *const texts[] = {
        "18446744073709551616B",
        "18446744073709551625B",
        "28446744073709551615B",
        "184467440737095516150B",
        "18014398509481984KiB",
        "17592186044416MiB",
        "17179869184GiB",
        "16777216TiB",
        "18446744073709551615TiB",
        "99999999999999999999999999999999999999999999999999B",
        /* Wraps to a small number if a later digit hides the overflow of an earlier one. */
        "36893488147419103232B",
        "340282366920938463463374607431768211456B",
    };
    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++) {
        rein_result_bytes result = rein_bytes_parse(texts[index]);
        cr_assert(rein_result_bytes_is_error(result), "%s does not fit", texts[index]);
        expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
        cr_assert(strstr(REIN_ERROR(result).message, "too large") != NULL, "says so");
    }
}

Test(bytes_parse, refuses_null) {
    rein_result_bytes result = rein_bytes_parse(NULL);
    cr_assert(rein_result_bytes_is_error(result), "NULL is no size");
    cr_assert(REIN_ERROR(result).code == REIN_ERROR_INVALID_ARGUMENT, "it is an argument");
}

Test(duration_parse, reads_a_whole_number_of_a_unit) {
    static const struct {
        const char *text;
        int64_t ns;
    } rows[] = {
        {"0ns", 0},
        {"0s", 0},
        {"1ns", 1},
        {"1us", 1000},
        {"1ms", 1000000},
        {"1s", 1000000000},
        {"100ms", 100000000},
        {"9223372036854775807ns", INT64_MAX},
        {"9223372036854775us", INT64_C(9223372036854775000)},
        {"9223372036854ms", INT64_C(9223372036854000000)},
        {"9223372036s", INT64_C(9223372036000000000)},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        rein_result_duration result = rein_duration_parse(rows[index].text);
        cr_assert(rein_result_duration_is_ok(result), "%s is a time", rows[index].text);
        cr_assert(REIN_VALUE(result).ns == rows[index].ns, "%s is not %lld", rows[index].text,
                  (long long)REIN_VALUE(result).ns);
    }
}

/* As expect_no_size. */
static void expect_no_time(const char *text, int64_t first, int64_t second) {
    rein_result_duration result = rein_duration_parse(text);
    cr_assert(!result.is_ok, "'%s' is not a time", text);
    expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(result), (uint64_t)first, (uint64_t)second, 0);
}

Test(duration_parse, refuses_any_other_text) {
    static const char *const texts[] = {
        "",     "s",    "ms", "1",  "100", "-1ms",       "+1ms", " 1ms", "1ms ", "1  ms", "1sec",
        "1nss", "1mss", "1n", "1u", "1d",  "1\xC2\xB5s", "1e3s", "-0ns", "1s1s", "0x1ns", "1.s",
    };
    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++) {
        expect_no_time(texts[index], 0, 0);
    }
}

Test(duration_parse, accepts_fractions_minutes_and_hours) {
    static const struct {
        const char *text;
        int64_t ns;
    } rows[] = {{"1 ms", REIN_NS_PER_MS},
                {"1.5ms", 1500000},
                {"16.6ms", 16600000},
                {"0.000000001s", 1},
                {"1min", 60 * REIN_NS_PER_S},
                {"1.5 h", 5400 * REIN_NS_PER_S},
                {"2562047h", INT64_C(2562047) * 3600 * REIN_NS_PER_S}};
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        rein_result_duration result = rein_duration_parse(rows[index].text);
        cr_assert(result.is_ok, "%s is a time", rows[index].text);
        cr_assert(REIN_VALUE(result).ns == rows[index].ns, "%s is not %lld", rows[index].text,
                  (long long)REIN_VALUE(result).ns);
    }
}

Test(duration_parse, offers_what_was_meant) {
    expect_no_time("0.5ns", 0, 1);
    expect_no_time("1.0000005us", 1000, 1001);
    expect_no_time("9223372036854775807.5ns", 0, 0);
    expect_no_time("5m", 5 * REIN_NS_PER_MS, 300 * REIN_NS_PER_S);
    expect_no_time("1S", REIN_NS_PER_S, 0);
    expect_no_time("1MS", REIN_NS_PER_MS, 0);
}

Test(duration_parse, refuses_what_does_not_fit_in_64_bits) {
    static const char *const texts[] = {
        "9223372036854775808ns", "18446744073709551615ns", "18446744073709551616ns",
        "9223372036854776us",    "18446744073709551.7us",  "9223372036855ms",
        "9223372037s",           "18446744074s",           "18446744073709551615s",
    };
    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++) {
        rein_result_duration result = rein_duration_parse(texts[index]);
        cr_assert(rein_result_duration_is_error(result), "%s does not fit", texts[index]);
        expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
        cr_assert(strstr(REIN_ERROR(result).message, "too large") != NULL, "says so");
    }
}

Test(duration_parse, refuses_null) {
    rein_result_duration result = rein_duration_parse(NULL);
    cr_assert(rein_result_duration_is_error(result), "NULL is no time");
    cr_assert(REIN_ERROR(result).code == REIN_ERROR_INVALID_ARGUMENT, "it is an argument");
}

Test(bytes_to_string, is_exact_in_the_largest_unit_that_divides) {
    static const struct {
        uint64_t bytes;
        const char *text;
    } rows[] = {
        {0, "0B"},
        {1, "1B"},
        {1023, "1023B"},
        {1024, "1KiB"},
        {1025, "1025B"},
        {1536, "1536B"},
        {REIN_MIB - 1, "1048575B"},
        {REIN_MIB - 1024, "1023KiB"},
        {REIN_MIB, "1MiB"},
        {512 * REIN_MIB, "512MiB"},
        {REIN_GIB, "1GiB"},
        {REIN_GIB + REIN_MIB, "1025MiB"},
        {REIN_TIB, "1TiB"},
        {REIN_TIB * 1024, "1024TiB"},
        {102440624, "102440624B"},
        {UINT64_MAX, "18446744073709551615B"},
        {UINT64_C(1) << 63, "8388608TiB"},
        {UINT64_MAX - 1023, "18014398509481983KiB"},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        expect_text(write_bytes, &rows[index].bytes, rows[index].text);
    }
}

Test(bytes_to_string, is_what_parse_reads_back) {
    uint64_t state = 1;
    for (int round = 0; round < 20000; round++) {
        uint64_t bytes = next_random(&state) << (next_random(&state) % 48);
        char text[REIN_UNITS_TEXT_CAPACITY];
        size_t length = rein_bytes_to_string(bytes, text, sizeof text);
        cr_assert(length < sizeof text, "'%s' needs %zu bytes", text, length);
        rein_result_bytes read = rein_bytes_parse(text);
        cr_assert(rein_result_bytes_is_ok(read) && REIN_VALUE(read) == bytes, "%s is not %llu",
                  text, (unsigned long long)bytes);
    }
}

Test(bytes_to_rounded_string, has_one_decimal) {
    static const struct {
        uint64_t bytes;
        const char *text;
    } rows[] = {
        {0, "0 B"},
        {1, "1 B"},
        {512, "512 B"},
        {1023, "1023 B"},
        {1024, "1.0 KiB"},
        {1024 + 51, "1.0 KiB"},
        {1024 + 52, "1.1 KiB"},
        {1536, "1.5 KiB"},
        {1844674407370955162, "1677721.6 TiB"}, /* ten times that is 2^64 and a little */
        {102440624, "97.7 MiB"},
        {10 * REIN_KIB, "10.0 KiB"},
        {94 * REIN_KIB + 256, "94.3 KiB"}, /* half is rounded up */
        {REIN_MIB - 52, "1023.9 KiB"},
        {REIN_MIB - 51, "1.0 MiB"},
        {REIN_MIB - 1, "1.0 MiB"},
        {REIN_MIB, "1.0 MiB"},
        {REIN_GIB - 1, "1.0 GiB"},
        {REIN_TIB - 1, "1.0 TiB"},
        {REIN_TIB, "1.0 TiB"},
        {REIN_TIB * 1023 + REIN_TIB / 2, "1023.5 TiB"},
        {REIN_TIB * 1024 - 1, "1024.0 TiB"},
        {REIN_TIB * 1024, "1024.0 TiB"},
        {UINT64_MAX, "16777216.0 TiB"},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        expect_text(write_rounded, &rows[index].bytes, rows[index].text);
    }
}

/* The shown value differs from the true one by at most half of its last decimal. Its unit keeps it
 * from 1.0 to 1023.9, except above a TiB, the largest unit. */
Test(bytes_to_rounded_string, is_off_by_half_a_decimal_at_most) {
    static const char *const suffixes[] = {"KiB", "MiB", "GiB", "TiB"};
    uint64_t state = 2;
    for (int round = 0; round < 20000; round++) {
        uint64_t bytes = next_random(&state) % (UINT64_C(1) << 50);
        char text[REIN_UNITS_TEXT_CAPACITY];
        size_t length = rein_bytes_to_rounded_string(bytes, text, sizeof text);
        cr_assert(length < sizeof text, "'%s' needs %zu bytes", text, length);
        unsigned long long whole = 0;
        unsigned tenth = 0;
        char suffix[8] = "";
        if (bytes < 1024) {
            cr_assert(sscanf(text, "%llu %7s", &whole, suffix) == 2 && whole == bytes, "%s", text);
            continue;
        }
        cr_assert(sscanf(text, "%llu.%1u %7s", &whole, &tenth, suffix) == 3, "'%s'", text);
        size_t unit = 0;
        while (unit < 3 && strcmp(suffixes[unit], suffix) != 0) {
            unit++;
        }
        uint64_t size = UINT64_C(1) << (10 * (unit + 1));
        int64_t off_by_tenths = (int64_t)((whole * 10 + tenth) * size - bytes * 10);
        cr_assert(llabs(off_by_tenths) <= (int64_t)(size / 2), "%s is not %llu bytes", text,
                  (unsigned long long)bytes);
        cr_assert(whole >= 1 && whole < 1024, "'%s' has the wrong unit", text);
    }
}

Test(duration_to_string, is_exact_in_the_largest_unit_that_divides) {
    static const struct {
        int64_t ns;
        const char *text;
    } rows[] = {
        {0, "0ns"},
        {1, "1ns"},
        {-1, "-1ns"},
        {-3, "-3ns"},
        {999, "999ns"},
        {1000, "1us"},
        {1001, "1001ns"},
        {-1000, "-1us"},
        {100000000, "100ms"},
        {999000, "999us"},
        {1000000000, "1s"},
        {-2000000000, "-2s"},
        {60000000000, "60s"},
        {INT64_MAX, "9223372036854775807ns"},
        {INT64_MIN, "-9223372036854775808ns"},
        {INT64_C(9223372036000000000), "9223372036s"},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        expect_text(write_duration, &rows[index].ns, rows[index].text);
    }
}

Test(duration_to_string, is_what_parse_reads_back) {
    uint64_t state = 3;
    for (int round = 0; round < 20000; round++) {
        int64_t ns = (int64_t)(next_random(&state) >> 1);
        ns -= round % 4 == 0 ? ns % REIN_NS_PER_MS : 0;
        char text[REIN_UNITS_TEXT_CAPACITY];
        size_t length = rein_duration_to_string(rein_duration_from_ns(ns), text, sizeof text);
        cr_assert(length < sizeof text, "'%s' needs %zu bytes", text, length);
        rein_result_duration read = rein_duration_parse(text);
        cr_assert(rein_result_duration_is_ok(read) && REIN_VALUE(read).ns == ns, "%s is not %lld",
                  text, (long long)ns);
    }
}

Test(bytes_add, is_the_sum_where_it_fits) {
    static const uint64_t rows[][3] = {
        {0, 0, 0},
        {1, 2, 3},
        {UINT64_MAX, 0, UINT64_MAX},
        {0, UINT64_MAX, UINT64_MAX},
        {UINT64_MAX - 1, 1, UINT64_MAX},
        {UINT64_C(1) << 63, (UINT64_C(1) << 63) - 1, UINT64_MAX},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        rein_result_bytes sum = rein_bytes_add(rows[index][0], rows[index][1]);
        cr_assert(rein_result_bytes_is_ok(sum) && REIN_VALUE(sum) == rows[index][2], "row %zu",
                  index);
    }
}

Test(bytes_add, refuses_a_sum_beyond_64_bits) {
    rein_result_bytes sum = rein_bytes_add(UINT64_MAX, 1);
    expect_invalid_argument(&REIN_ERROR(sum),
                            "the sum of 18446744073709551615B and 1B does not fit in 64 bits");
    sum = rein_bytes_add(UINT64_C(1) << 63, UINT64_C(1) << 63);
    expect_invalid_argument(&REIN_ERROR(sum),
                            "the sum of 8388608TiB and 8388608TiB does not fit in 64 bits");
    sum = rein_bytes_add(1, UINT64_MAX);
    cr_assert(rein_result_bytes_is_error(sum), "either way round");
}

Test(bytes_round_up, is_the_least_multiple_that_is_not_below) {
    static const uint64_t rows[][3] = {
        {0, 1, 0},
        {0, UINT64_MAX, 0},
        {1, 1, 1},
        {1, 512, 512},
        {511, 512, 512},
        {512, 512, 512},
        {513, 512, 1024},
        {10, 3, 12},
        {12, 3, 12},
        {1, 7, 7},
        {1, UINT64_MAX, UINT64_MAX},
        {UINT64_MAX, 1, UINT64_MAX},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX},
        {UINT64_MAX - 1, 3, UINT64_MAX}, /* 2^64 - 1 is a multiple of 3 */
        {UINT64_MAX - 1023, 1024, UINT64_MAX - 1023},
        {UINT64_MAX - 1024, 1024, UINT64_MAX - 1023},
        {(UINT64_C(1) << 63) - 1, UINT64_C(1) << 63, UINT64_C(1) << 63},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        rein_result_bytes rounded = rein_bytes_round_up(rows[index][0], rows[index][1]);
        cr_assert(rein_result_bytes_is_ok(rounded), "row %zu fits", index);
        cr_assert(REIN_VALUE(rounded) == rows[index][2], "row %zu gives %llu", index,
                  (unsigned long long)REIN_VALUE(rounded));
    }
}

Test(bytes_round_up, refuses_zero_and_what_does_not_fit) {
    rein_result_bytes rounded = rein_bytes_round_up(1, 0);
    expect_invalid_argument(&REIN_ERROR(rounded), "the granularity is 0, expected above 0");
    rounded = rein_bytes_round_up(0, 0);
    cr_assert(rein_result_bytes_is_error(rounded), "zero bytes too");
    rounded = rein_bytes_round_up(UINT64_MAX, 2 * REIN_MIB);
    expect_invalid_argument(
        &REIN_ERROR(rounded),
        "18446744073709551615B rounded up to a multiple of 2MiB does not fit in 64 bits");
    rounded = rein_bytes_round_up(UINT64_MAX - 1022, 1024);
    cr_assert(rein_result_bytes_is_error(rounded), "one byte beyond the last multiple");
    rounded = rein_bytes_round_up((UINT64_C(1) << 63) + 1, UINT64_C(1) << 63);
    cr_assert(rein_result_bytes_is_error(rounded), "2^64 does not fit");
}

Test(units, have_the_values_of_their_names) {
    cr_assert(REIN_KIB == 1024 && REIN_MIB == 1048576 && REIN_GIB == 1073741824 &&
                  REIN_TIB == 1099511627776,
              "binary units");
}
