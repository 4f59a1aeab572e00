#include <criterion/criterion.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/ids.h"
#include "expect.h"
#include "mocks/scripted_randomness.h"

/* 1 if a `Given *` can be passed as a `Wanted *`, otherwise 0. */
#define ACCEPTS(Wanted, Given) _Generic((Given *)0, Wanted * : 1, default : 0)

_Static_assert(!ACCEPTS(rein_model_id, rein_tensor_id), "a tensor id is not a model id");
_Static_assert(!ACCEPTS(rein_model_id, rein_request_id), "a request id is not a model id");
_Static_assert(!ACCEPTS(rein_request_id, rein_tensor_id), "a tensor id is not a request id");
_Static_assert(!ACCEPTS(rein_model_id, char), "a text is not a model id");
_Static_assert(!ACCEPTS(rein_tensor_id, uint64_t), "a number is not a tensor id");

static rein_model_id model_id(const char *text) {
    return REIN_UNWRAP(rein_model_id_make(text));
}

static int sign(int value) {
    return (value > 0) - (value < 0);
}

/* Fills the stack with nonzero bytes, so that the locals of the next call do not start as 0. */
static void fill_stack_with_garbage(void) {
    volatile char soil[4096];
    for (size_t index = 0; index < sizeof soil; index++) {
        soil[index] = 'x';
    }
}

Test(model_id, pads_its_text_with_zeros) {
    static const char *const texts[] = {"a", "resnet50", "a b", "\xC3\xA9t\xC3\xA9", "{u}", "~"};
    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++) {
        fill_stack_with_garbage();
        rein_result_model_id made = rein_model_id_make(texts[index]);
        rein_model_id id = REIN_VALUE(made);
        cr_assert(is_same_text(rein_model_id_text(&id), texts[index]), "'%s'", texts[index]);
        cr_assert(rein_model_id_text(&id) == id.text, "the text lives in the id");
        for (size_t byte = strlen(texts[index]); byte < sizeof id.text; byte++) {
            cr_assert(id.text[byte] == '\0', "byte %zu after '%s'", byte, texts[index]);
        }
    }
}

Test(model_id, has_1_to_127_bytes) {
    char text[300];
    for (size_t length = 1; length < sizeof text; length++) {
        memset(text, 'm', length);
        text[length] = '\0';
        rein_result_model_id made = rein_model_id_make(text);
        cr_assert(rein_result_model_id_is_ok(made) == (length <= 127), "%zu bytes", length);
        cr_assert(length > 127 || is_same_text(REIN_VALUE(made).text, text), "%zu bytes kept",
                  length);
    }
    rein_result_model_id made = rein_model_id_make(text);
    expect_invalid(&REIN_ERROR(made), "127 bytes");
}

Test(model_id, refuses_null_and_the_empty_text) {
    rein_result_model_id made = rein_model_id_make(NULL);
    expect_invalid(&REIN_ERROR(made), "NULL");
    made = rein_model_id_make("");
    expect_invalid(&REIN_ERROR(made), "empty");
}

Test(model_id, refuses_every_control_character_and_says_where) {
    for (int character = 1; character < 0x80; character++) {
        char text[] = {'a', 'b', (char)character, 'c', '\0'};
        rein_result_model_id made = rein_model_id_make(text);
        bool is_control = character < 0x20 || character == 0x7F;
        cr_assert(rein_result_model_id_is_error(made) == is_control, "character %d", character);
        if (is_control) {
            expect_invalid(&REIN_ERROR(made), "control character 2");
        }
    }
    for (int second = 0x80; second <= 0xBF; second++) {
        char text[] = {'\xC2', (char)second, '\0'};
        rein_result_model_id made = rein_model_id_make(text);
        cr_assert(rein_result_model_id_is_error(made) == (second < 0xA0 || second == 0xAD),
                  "U+00%02X", (unsigned)second);
    }
}

/* Encodes a code point as UTF-8, straight from the definition. Returns the number of bytes. */
static size_t encode(uint32_t point, char out[5]) {
    memset(out, 0, 5);
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t bytes = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t index = bytes - 1; index > 0; index--) {
        out[index] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    out[0] = (char)(marks[bytes] | point);
    return bytes;
}

/* Unicode's category Cf, as the Python module unicodedata lists it (14.0), and the hieroglyphs'
 * joiners that 15.0 added. */
static bool is_format(uint32_t point) {
    static const uint32_t ranges[][2] = {
        {0x00AD, 0x00AD},   {0x0600, 0x0605},   {0x061C, 0x061C},   {0x06DD, 0x06DD},
        {0x070F, 0x070F},   {0x0890, 0x0891},   {0x08E2, 0x08E2},   {0x180E, 0x180E},
        {0x200B, 0x200F},   {0x202A, 0x202E},   {0x2060, 0x2064},   {0x2066, 0x206F},
        {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
        {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0001, 0xE0001},
        {0xE0020, 0xE007F}};
    for (size_t index = 0; index < sizeof ranges / sizeof ranges[0]; index++) {
        if (point >= ranges[index][0] && point <= ranges[index][1]) {
            return true;
        }
    }
    return false;
}

/* The facts of the message why no id may have the code point; NULL: it may. */
static const char *refusal_of(uint32_t point) {
    if (point < 0x20 || (point >= 0x7F && point < 0xA0)) {
        return "control character 1";
    }
    if ((point >= 0xD800 && point < 0xE000) || point > 0x10FFFF) {
        return "UTF-8 1";
    }
    if (point % 0x10000 >= 0xFFFE || (point >= 0xFDD0 && point < 0xFDF0)) {
        return "noncharacter 1";
    }
    if (point == 0x2028 || point == 0x2029) {
        return "separator 1";
    }
    return is_format(point) ? "invisible character 1" : NULL;
}

Test(model_id, accepts_every_code_point_that_can_be_seen_and_says_what_is_wrong_with_others) {
    for (uint32_t point = 1; point <= 0x1FFFFF;
         point += point < 0x20000 || point % 0x10000 > 0xFF00 || point >> 8 == 0xE00 ? 1 : 97) {
        char text[6] = "a";
        encode(point, text + 1);
        const char *refusal = refusal_of(point);
        rein_result_model_id made = rein_model_id_make(text);
        cr_assert(rein_result_model_id_is_ok(made) == (refusal == NULL), "U+%04X", (unsigned)point);
        if (refusal != NULL) {
            expect_invalid(&REIN_ERROR(made), refusal);
        }
    }
    char text[5];
    encode(0x10FFFD, text);
    cr_assert(rein_result_model_id_is_ok(rein_model_id_make(text)), "the last code point");
    encode(0x110000, text);
    cr_assert(rein_result_model_id_is_error(rein_model_id_make(text)), "one beyond the last");
}

Test(model_id, refuses_what_is_not_utf8_and_says_where) {
    static const char *const tails[] = {
        "\x80",
        "\xBF",
        "\xC0\x80",
        "\xC1\xBF",
        "\xC3",
        "\xC3(",
        "\xE2\x82",
        "\xE2(\xAC",
        "\xE2\x82(",
        "\xE0\x9F\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xF0\x9F\x98",
        "\xF0\x9F(\x80",
        "\xF0\x9F\x98(",
        "\xF5\x80\x80\x80",
        "\xFE",
        "\xFF",
        "\xED\xA0\x80",
        "\xF8\x88\x80\x80\x80",
        "\x80\x80\x80\x80",
        "\xC1\x80\x80\x80",
        "\xC3\xC0",
        "\xC3\xFF",
        "\xE2\xC0\x80",
    };
    for (size_t index = 0; index < sizeof tails / sizeof tails[0]; index++) {
        char text[32];
        snprintf(text, sizeof text, "\xC3\xA9z%s", tails[index]);
        rein_result_model_id made = rein_model_id_make(text);
        cr_assert(rein_result_model_id_is_error(made), "tail %zu is not UTF-8", index);
        expect_invalid(&REIN_ERROR(made), "UTF-8 3");
    }
}

Test(model_id, may_end_in_a_sequence_at_the_last_byte_but_not_be_cut) {
    char text[140];
    memset(text, 'a', 124);
    strcpy(text + 124, "\xE2\x82\xAC");
    rein_model_id id = model_id(text);
    cr_assert(is_same_text(id.text, text), "127 bytes with a whole sequence");
    memset(text, 'a', 125);
    strcpy(text + 125, "\xE2\x82\xAC");
    cr_assert(rein_result_model_id_is_error(rein_model_id_make(text)), "128 bytes are too many");
    memset(text, 'a', 126);
    strcpy(text + 126, "\xE2");
    cr_assert(rein_result_model_id_is_error(rein_model_id_make(text)), "a cut sequence");
}

Test(model_id, order_is_that_of_the_code_points) {
    static const char *const ordered[] = {
        "A",
        "AA",
        "AB",
        "B",
        "a",
        "a b",
        "aa",
        "z",
        "z\xC2\xA0",
        "\xC3\xA9",
        "\xE2\x82\xAC",
        "\xEF\xBF\xBD",
        "\xF0\x9F\x98\x80",
    };
    int count = (int)(sizeof ordered / sizeof ordered[0]);
    for (int left = 0; left < count; left++) {
        for (int right = 0; right < count; right++) {
            rein_model_id first = model_id(ordered[left]);
            rein_model_id second = model_id(ordered[right]);
            cr_assert(sign(rein_model_id_compare(&first, &second)) == sign(left - right),
                      "'%s' and '%s'", ordered[left], ordered[right]);
            cr_assert(rein_model_id_equal(&first, &second) == (left == right), "'%s' == '%s'",
                      ordered[left], ordered[right]);
        }
    }
}

Test(model_id, equal_ids_are_equal_byte_by_byte) {
    char text[16];
    snprintf(text, sizeof text, "model-%d", 7);
    rein_model_id left = model_id("model-7");
    rein_model_id right = model_id(text);
    cr_assert(memcmp(&left, &right, sizeof left) == 0, "made from two texts");
    cr_assert(rein_model_id_equal(&left, &right), "equal");
    cr_assert(rein_model_id_hash(&left) == rein_model_id_hash(&right), "with equal hashes");
    char long_text[128];
    memset(long_text, 'x', 127);
    long_text[127] = '\0';
    left = model_id(long_text);
    long_text[126] = 'y';
    right = model_id(long_text);
    cr_assert(!rein_model_id_equal(&left, &right), "the last of 127 bytes counts");
    cr_assert(rein_model_id_compare(&left, &right) < 0, "and orders");
    cr_assert(rein_model_id_hash(&left) != rein_model_id_hash(&right), "and is hashed");
}

Test(tensor_id, compares_by_its_number) {
    static const uint64_t ordered[] = {0, 1, INT64_MAX, UINT64_C(1) << 63, UINT64_MAX};
    for (int left = 0; left < 5; left++) {
        for (int right = 0; right < 5; right++) {
            rein_tensor_id first = rein_tensor_id_make(ordered[left]);
            rein_tensor_id second = rein_tensor_id_make(ordered[right]);
            cr_assert(first.value == ordered[left], "the number is kept");
            cr_assert(rein_tensor_id_equal(first, second) == (left == right), "%d == %d", left,
                      right);
            cr_assert(sign(rein_tensor_id_compare(first, second)) == sign(left - right),
                      "%d and %d", left, right);
        }
    }
}

Test(sequence_id, is_equal_to_its_own_number_alone) {
    static const uint64_t values[] = {0, 1, INT64_MAX, UINT64_C(1) << 63, UINT64_MAX};
    for (size_t left = 0; left < 5; left++) {
        for (size_t right = 0; right < 5; right++) {
            rein_sequence_id first = {.value = values[left]};
            rein_sequence_id second = {.value = values[right]};
            cr_assert(rein_sequence_id_equal(first, second) == (left == right), "%zu == %zu", left,
                      right);
        }
    }
}

static const char example[] = "123e4567-e89b-42d3-a456-426614174000";

static rein_request_id request_id(const char *text) {
    return REIN_UNWRAP(rein_request_id_parse(text));
}

Test(request_id, parse_reads_network_byte_order) {
    static const uint8_t bytes[16] = {0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b, 0x42, 0xd3,
                                      0xa4, 0x56, 0x42, 0x66, 0x14, 0x17, 0x40, 0x00};
    rein_request_id id = request_id(example);
    cr_assert(memcmp(id.bytes, bytes, sizeof bytes) == 0, "the bytes in the order of the text");
}

Test(request_id, parse_takes_either_case_and_any_version) {
    rein_request_id lower = request_id("abcdef01-2345-6789-abcd-ef0123456789");
    rein_request_id upper = request_id("ABCDEF01-2345-6789-ABCD-EF0123456789");
    cr_assert(rein_request_id_equal(&lower, &upper), "either case");
    rein_request_id nil = request_id("00000000-0000-0000-0000-000000000000");
    rein_request_id max = request_id("ffffffff-ffff-ffff-ffff-ffffffffffff");
    for (size_t index = 0; index < 16; index++) {
        cr_assert(nil.bytes[index] == 0 && max.bytes[index] == 0xFF, "nil and max, byte %zu",
                  index);
    }
}

Test(request_id, format_writes_lower_case_and_is_read_back) {
    char text[REIN_REQUEST_ID_TEXT_CAPACITY + 1];
    for (unsigned round = 0; round < 512; round++) {
        rein_request_id id;
        for (unsigned index = 0; index < 16; index++) {
            id.bytes[index] = (uint8_t)(round * 31 + index * 17 + (round >> 3) * index);
        }
        memset(text, '#', sizeof text);
        rein_request_id_format(&id, text);
        cr_assert(strlen(text) == 36 && text[37] == '#', "36 characters and a NUL: '%s'", text);
        cr_assert(strspn(text, "0123456789abcdef-") == 36, "lower case: '%s'", text);
        rein_request_id read = request_id(text);
        cr_assert(rein_request_id_equal(&read, &id), "'%s' is read back", text);
    }
    rein_request_id id = request_id("123E4567-E89B-42D3-A456-426614174000");
    rein_request_id_format(&id, text);
    cr_assert(is_same_text(text, example), "'%s'", text);
}

static void expect_parse_error(const char *text, size_t position) {
    rein_result_request_id parsed = rein_request_id_parse(text);
    cr_assert(rein_result_request_id_is_error(parsed), "'%s' is not a UUID", text);
    expect_invalid(&REIN_ERROR(parsed), "UUID 36");
    expect_numbers(&REIN_ERROR(parsed), position, 0, 0);
    cr_assert(is_same_text(REIN_ERROR(parsed).foreign_text, text), "about '%s', expected '%s'",
              REIN_ERROR(parsed).foreign_text, text);
}

Test(request_id, parse_says_where_the_first_wrong_character_is) {
    for (size_t position = 0; position < 36; position++) {
        bool is_hyphen = example[position] == '-';
        const char *strangers = is_hyphen ? "0a_ " : "-gG/:@`xX ";
        for (; *strangers != '\0'; strangers++) {
            char text[37];
            memcpy(text, example, sizeof text);
            text[position] = *strangers;
            expect_parse_error(text, position);
        }
        char cut[37];
        memcpy(cut, example, sizeof cut);
        cut[position] = '\0';
        expect_parse_error(cut, position);
    }
    expect_parse_error("123e4567-e89b-42d3-a456-4266141740000", 36);
    expect_parse_error("123e4567-e89b-42d3-a456-426614174000 ", 36);
    expect_parse_error("{123e4567-e89b-42d3-a456-426614174000}", 0);
    expect_parse_error("123e4567e89b42d3a456426614174000", 8);
}

Test(request_id, parse_refuses_null) {
    rein_result_request_id parsed = rein_request_id_parse(NULL);
    cr_assert(rein_result_request_id_is_error(parsed), "NULL is not a UUID");
    expect_invalid(&REIN_ERROR(parsed), "'' UUID 0 36");
}

Test(request_id, order_is_that_of_the_text) {
    static const char *const ordered[] = {
        "00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000001",
        "00000000-0000-0000-0000-0000000000ff", "00000000-0000-0000-0000-000000000100",
        "7fffffff-0000-0000-0000-000000000000", "80000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    };
    for (int left = 0; left < 7; left++) {
        for (int right = 0; right < 7; right++) {
            rein_request_id first = request_id(ordered[left]);
            rein_request_id second = request_id(ordered[right]);
            cr_assert(sign(rein_request_id_compare(&first, &second)) == sign(left - right),
                      "%d and %d", left, right);
            cr_assert(rein_request_id_equal(&first, &second) == (left == right), "%d == %d", left,
                      right);
        }
    }
}

static int compare_request_ids(const void *left, const void *right) {
    return rein_request_id_compare(left, right);
}

Test(request_id, generated_ones_are_version_4_and_differ) {
    enum { COUNT = 4096 };
    static rein_request_id ids[COUNT];
    unsigned ones[128] = {0};
    for (size_t index = 0; index < COUNT; index++) {
        ids[index] = REIN_UNWRAP(rein_request_id_generate());
        cr_assert(ids[index].bytes[6] >> 4 == 4, "version 4");
        cr_assert(ids[index].bytes[8] >> 6 == 2, "variant 10");
        for (size_t bit = 0; bit < 128; bit++) {
            ones[bit] += (unsigned)ids[index].bytes[bit / 8] >> (7 - bit % 8) & 1U;
        }
    }
    for (size_t bit = 0; bit < 128; bit++) {
        bool is_fixed = (bit >= 48 && bit < 52) || bit == 64 || bit == 65;
        cr_assert(is_fixed || (ones[bit] > COUNT * 2 / 5 && ones[bit] < COUNT * 3 / 5),
                  "bit %zu is random: %u of %d ones", bit, ones[bit], (int)COUNT);
    }
    for (size_t pair = 0; pair < 256; pair++) {
        size_t equal = 0;
        for (size_t index = 0; index < COUNT; index++) {
            const uint8_t *bytes = ids[index].bytes;
            equal += ((bytes[pair / 16] ^ bytes[pair % 16]) & 0x0F) == 0 ? 1 : 0;
        }
        cr_assert(pair / 16 == pair % 16 || equal < COUNT / 8,
                  "bytes %zu and %zu are independent: %zu are alike", pair / 16, pair % 16, equal);
    }
    qsort(ids, COUNT, sizeof ids[0], compare_request_ids);
    for (size_t index = 1; index < COUNT; index++) {
        cr_assert(!rein_request_id_equal(&ids[index - 1], &ids[index]), "no two are equal");
    }
}

Test(request_id, generation_continues_after_interruptions) {
    scripted_randomness_set(3, 0);
    rein_result_request_id made = rein_request_id_generate();
    cr_assert(rein_result_request_id_is_ok(made), "the fourth call gives randomness");
    cr_assert(REIN_VALUE(made).bytes[6] >> 4 == 4, "version 4");
}

Test(request_id, generation_fails_if_the_system_provides_no_randomness) {
    scripted_randomness_set(1, ENOSYS);
    rein_result_request_id made = rein_request_id_generate();
    cr_assert(rein_result_request_id_is_error(made), "no randomness");
    expect_error_facts(&REIN_ERROR(made), REIN_ERROR_INTERNAL_ERROR, "random request id");
    cr_assert(REIN_ERROR(made).native_code == ENOSYS, "with the errno, not %d",
              REIN_ERROR(made).native_code);
}
