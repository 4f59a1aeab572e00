/* The rules of JSON, through the reader of config.json. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "expect.h"
#include "json_file.h"
#include "models/config.h"
#include "models/safetensors.h"

static json_file storage;

static rein_result_config read_bytes(const void *bytes, size_t size) {
    memcpy(storage.bytes, bytes, size);
    return rein_config_read(json_file_finish(&storage, size, size));
}

static void accepted(const char *text) {
    rein_result_config result = read_bytes(text, strlen(text));
    char message[EXPECT_TEXT_CAPACITY] = "";
    if (!result.is_ok) {
        rein_error_message(&result.as.error, message, sizeof message);
    }
    cr_assert(result.is_ok, "%s: %s", text, message);
    cr_assert(!storage.memory.has_read_outside);
}

static void refused_bytes(const void *text, size_t size, uint64_t offset) {
    rein_result_config result = read_bytes(text, size);
    cr_assert(!result.is_ok, "%.*s is accepted", (int)size, (const char *)text);
    expect_code(&result.as.error, REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(result.as.error.numbers[0] == offset, "%.*s: the offset is %llu, expected %llu",
              (int)size, (const char *)text, (unsigned long long)result.as.error.numbers[0],
              (unsigned long long)offset);
    cr_assert(!storage.memory.has_read_outside);
}

/* Expects that an object with this value is refused at an offset of the value. */
static void value_refused(const char *value, uint64_t offset) {
    char text[256];
    snprintf(text, sizeof text, "{\"k\":%s}", value);
    refused_bytes(text, strlen(text), 5 + offset);
}

static void value_accepted(const char *value) {
    char text[256];
    snprintf(text, sizeof text, "{\"k\":%s}", value);
    accepted(text);
}

Test(json, accepts_each_kind_of_value) {
    static const char *const values[] = {"null",
                                         "true",
                                         "false",
                                         "0",
                                         "-0",
                                         "10",
                                         "-1.5",
                                         "0.25",
                                         "1e5",
                                         "1E+5",
                                         "1e-05",
                                         "[]",
                                         "[ ]",
                                         "[1,2]",
                                         "{}",
                                         "{ }",
                                         "\"\"",
                                         "\"a\"",
                                         "[[],{}]",
                                         "[{\"a\":[{\"b\":null}]},[true]]",
                                         "NaN",
                                         "Infinity",
                                         "-Infinity",
                                         "[NaN,-Infinity]",
                                         "123456789012345678901234567890",
                                         "\"\x7F\"",
                                         "\"\xC2\x80\xF4\x8F\xBF\xBF\""};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        value_accepted(values[i]);
    }
    accepted(" \t\r\n{ \t\r\n\"k\" \t\r\n: \t\r\n1 \t\r\n, \t\r\n\"l\":[ \t\r\n1 \t\r\n] \t\r\n} "
             "\t\r\n");
}

Test(json, refuses_values_that_are_cut_off_or_misspelt) {
    value_refused("", 0);
    value_refused("nul", 0);
    value_refused("nulL", 0);
    value_refused("True", 0);
    value_refused("falsy", 0);
    value_refused("x", 0);
    value_refused("-NaN", 0);
    value_refused("Inf", 0);
    value_refused("-Infinite", 1);
    value_refused("'a'", 0);
    value_refused("\xEF\xBB\xBF", 0);
}

Test(json, refuses_numbers_with_a_wrong_form) {
    value_refused("-", 0);
    value_refused("+1", 0);
    value_refused(".5", 0);
    value_refused("01", 0);
    value_refused("-01", 1);
    value_refused("1.", 2);
    value_refused("1.e5", 2);
    value_refused("1e", 2);
    value_refused("1e+", 3);
    value_refused("0x10", 1);
    value_refused("1_000", 1);
}

Test(json, refuses_wrong_punctuation) {
    value_refused("1,", 2);
    value_refused("1 2", 2);
    value_refused("[1", 2);
    value_refused("[1 2]", 3);
    value_refused("[,]", 1);
    value_refused("[1,]", 3);
    value_refused("[1}", 2);
    value_refused("{\"a\":1]", 6);
    value_refused("{\"a\"}", 4);
    value_refused("{\"a\" 1}", 5);
    value_refused("{\"a\":}", 5);
    value_refused("{1:2}", 1);
    value_refused("{,}", 1);
    value_refused("{a:1}", 1);
    value_refused("]", 0);
    value_refused("1}", 2);
}

Test(json, refuses_strings_with_wrong_escapes_or_bytes) {
    value_refused("\"a", 3);
    value_refused("\"\\x\"", 1);
    value_refused("\"\\u12\"", 5);
    value_refused("\"\\u12G4\"", 5);
    value_refused("\"\\uD800\"", 1);
    value_refused("\"\\uD800x\"", 1);
    value_refused("\"\\uD800\\n\"", 1);
    value_refused("\"\\uD800\\u0041\"", 1);
    value_refused("\"\\uD800\\uE000\"", 1);
    value_refused("\"\\uD800\\u12\"", 11);
    value_refused("\"\\uDC00\\uDC00\"", 1);
    value_refused("\"\n\"", 1);
    value_refused("\"\x1F\"", 1);
    value_refused("\"\x80\"", 1);
    value_refused("\"\xC0\x80\"", 1);
    value_refused("\"\xC3\"", 1);
    value_refused("\"\xE0\x80\x80\"", 1);
    value_refused("\"\xED\xA0\x80\"", 1);
    value_refused("\"\xF4\x90\x80\x80\"", 1);
    value_refused("\"\xFF\"", 1);
    static const char with_nul[] = "{\"k\":\"a\0b\"}";
    refused_bytes(with_nul, sizeof with_nul - 1, 7);
    static const char with_escaped_nul[] = "{\"k\":\"\\\0\"}";
    refused_bytes(with_escaped_nul, sizeof with_escaped_nul - 1, 6);
}

Test(json, refuses_every_text_that_is_cut_off) {
    static const char text[] = "{\"a\":[1.5e+3,\"\\u00e9\\uD83D\\uDE00\xC3\xA9\",{\"b\":null}],"
                               "\"c\":-Infinity,\"d\":true}";
    accepted(text);
    for (size_t size = 0; size < sizeof text - 1; size++) {
        rein_result_config result = read_bytes(text, size);
        cr_assert(!result.is_ok, "%zu bytes are accepted", size);
        expect_code(&result.as.error, REIN_ERROR_INVALID_ARGUMENT);
        cr_assert(result.as.error.numbers[0] <= size);
    }
}

Test(json, accepts_values_in_up_to_64_levels) {
    char text[200];
    for (size_t levels = 63; levels <= 64; levels++) {
        memset(text, '[', sizeof text);
        memcpy(text, "{\"k\":", 5);
        memset(text + 5 + levels, ']', levels);
        text[5 + 2 * levels] = '}';
        text[6 + 2 * levels] = '\0';
        if (levels == 63) {
            accepted(text);
        } else {
            refused_bytes(text, strlen(text), 5 + 63);
        }
    }
}

Test(json, decodes_each_escape) {
    static const char header[] =
        "{\"__metadata__\":{\"k\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\uFFFF"
        "\\uD834\\uDD1E\\uD800\\uDC00\\uDBFF\\uDFFF\xC3\xA9\"}}";
    static _Alignas(16) unsigned char space[1024];
    rein_workspace workspace = {space, sizeof space};
    rein_safetensors model =
        REIN_UNWRAP(rein_safetensors_read(safetensors_file_of(&storage, header, 0), workspace));
    char text[64];
    REIN_UNWRAP(
        rein_safetensors_read_text(model.file, &model.entries[0].value_text, text, sizeof text));
    cr_assert_str_eq(text, "\"\\/"
                           "\b\f\n\r\tA\xC3\xA9\xE2\x82\xAC\xEF\xBF\xBF\xF0\x9D\x84\x9E\xF0\x90\x80"
                           "\x80\xF4\x8F\xBF\xBF\xC3\xA9");
}

Test(json, does_not_accept_numbers_of_python_in_a_header) {
    static const char header[] = "{\"t\":{\"x\":NaN}}";
    static const char negative[] = "{\"t\":{\"x\":-Infinity}}";
    cr_assert(!rein_safetensors_workspace_bytes(safetensors_file_of(&storage, header, 0)).is_ok);
    cr_assert(!rein_safetensors_workspace_bytes(safetensors_file_of(&storage, negative, 0)).is_ok);
}

/* Puts each part of a text across the border of the buffer of the reader. */
Test(json, reads_across_buffers) {
    static char text[5000];
    static const char member[] = "\"model_type\":\"ll\\u0061ma\",\"num_hidden_layers\":12";
    for (size_t shift = 4000; shift < 4100; shift++) {
        memset(text, ' ', sizeof text);
        text[0] = '{';
        memcpy(text + shift, member, sizeof member - 1);
        text[sizeof text - 1] = '}';
        rein_config config = REIN_UNWRAP(read_bytes(text, sizeof text));
        cr_assert(config.full_layer_count.value == 12, "shifted by %zu", shift);
    }
}
