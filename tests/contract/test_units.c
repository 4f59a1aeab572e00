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

Test(bytes_add, is_the_sum_if_it_fits) {
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
    expect_invalid(&REIN_ERROR(sum), "18446744073709551615B 1B 64 bits");
    sum = rein_bytes_add(UINT64_C(1) << 63, UINT64_C(1) << 63);
    expect_invalid(&REIN_ERROR(sum), "8388608TiB 8388608TiB 64 bits");
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
    expect_invalid(&REIN_ERROR(rounded), "granularity 0");
    rounded = rein_bytes_round_up(0, 0);
    cr_assert(rein_result_bytes_is_error(rounded), "zero bytes too");
    rounded = rein_bytes_round_up(UINT64_MAX, 2 * REIN_MIB);
    expect_invalid(&REIN_ERROR(rounded), "18446744073709551615B 2097152B 64 bits");
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
