/* Sizes and times as people write them. */
#include <stdio.h>
#include <string.h>

#include "contract/units.h"
#include "expect.h"

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
        "GiB 1GiB", "Pi",  "iB", "i",    ":B",  "/B",  ".B", "\xC2\xA0GiB", " ",
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
    expect_no_size("8Gi", 8 * REIN_GIB, 0);
    expect_no_size("1.5gi", 3 * (REIN_GIB / 2), 0);
    expect_no_size("8Gi B", 0, 0);
    expect_no_size("8 GIB", 8 * REIN_GIB, 0);
    expect_no_size("1b", 1, 0);
    expect_no_size("0.3gib", 0, 0);
}

Test(bytes_parse, refuses_control_characters_and_shows_none) {
    rein_result_bytes result = rein_bytes_parse("\t1B");
    cr_assert(rein_result_bytes_is_error(result), "a tab is not a digit");
    cr_assert(is_same_text(REIN_ERROR(result).foreign_text, "?1B"), "the tab is shown as '?'");
    result = rein_bytes_parse("1B\n");
    cr_assert(rein_result_bytes_is_error(result), "the end of a line is not part of a unit");
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
        expect_invalid(&REIN_ERROR(result), "18446744073709551615B");
    }
}

Test(bytes_parse, refuses_null) {
    rein_result_bytes result = rein_bytes_parse(NULL);
    cr_assert(rein_result_bytes_is_error(result), "NULL is not a size");
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
        "",           "s",     "ms",   "1",    "100",   "-1ms", "+1ms", " 1ms",
        "1ms ",       "1  ms", "1sec", "1nss", "1mss",  "1n",   "1u",   "1d",
        "1\xC2\xB5s", "1e3s",  "-0ns", "1s1s", "0x1ns", "1.s",  "1mi",
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
        expect_invalid(&REIN_ERROR(result), "9223372036854775807ns");
    }
}

Test(duration_parse, refuses_null) {
    rein_result_duration result = rein_duration_parse(NULL);
    cr_assert(rein_result_duration_is_error(result), "NULL is not a time");
    cr_assert(REIN_ERROR(result).code == REIN_ERROR_INVALID_ARGUMENT, "it is an argument");
}
