#include <criterion/criterion.h>

#include "expect.h"
#include "memory_file.h"
#include "models/file.h"

enum { MANY = 5000 };

/* Returns the format of a file of `size_bytes` that begins with these bytes. */
static rein_model_format format_of_file(const void *bytes, size_t byte_count, uint64_t size_bytes) {
    memory_file memory = {.bytes = bytes, .byte_count = byte_count, .size_bytes = size_bytes};
    rein_model_file file = memory_file_of(&memory);
    rein_model_format format = REIN_UNWRAP(rein_model_file_format(&file));
    cr_assert(!memory.has_read_outside && memory.read_count == (size_bytes > 0 ? 1 : 0));
    return format;
}

static rein_model_format format_of(const void *bytes, size_t byte_count) {
    return format_of_file(bytes, byte_count, byte_count);
}

#define FORMAT_OF(text) format_of(text, sizeof(text) - 1)

Test(format, has_a_name) {
    cr_assert_str_eq(rein_model_format_name(REIN_MODEL_FORMAT_GGUF), "gguf");
    cr_assert_str_eq(rein_model_format_name(REIN_MODEL_FORMAT_SAFETENSORS), "safetensors");
    cr_assert_str_eq(rein_model_format_name(REIN_MODEL_FORMAT_ONNX), "onnx");
    cr_assert_str_eq(rein_model_format_name(REIN_MODEL_FORMAT_UNKNOWN), "unknown");
    static const int others[] = {-1, 0, 5};
    for (size_t i = 0; i < 3; i++) {
        cr_assert_str_eq(rein_model_format_name((rein_model_format)others[i]), "unknown");
    }
}

Test(format, is_unknown_for_short_and_foreign_files) {
    cr_assert(FORMAT_OF("") == REIN_MODEL_FORMAT_UNKNOWN);
    cr_assert(FORMAT_OF("GGU") == REIN_MODEL_FORMAT_UNKNOWN);
    cr_assert(FORMAT_OF("FUGG\3\0\0\0") == REIN_MODEL_FORMAT_UNKNOWN);
    cr_assert(FORMAT_OF("PK\3\4 a zip file") == REIN_MODEL_FORMAT_UNKNOWN);
    cr_assert(FORMAT_OF("{\"model_type\":\"llama\"}") == REIN_MODEL_FORMAT_UNKNOWN);
}

Test(format, is_gguf_with_its_magic) {
    cr_assert(FORMAT_OF("GGUF") == REIN_MODEL_FORMAT_GGUF);
    cr_assert(FORMAT_OF("GGUF\3\0\0\0") == REIN_MODEL_FORMAT_GGUF);
}

Test(format, is_safetensors_with_a_length_and_a_brace) {
    cr_assert(FORMAT_OF("\2\0\0\0\0\0\0\0{}") == REIN_MODEL_FORMAT_SAFETENSORS);
    cr_assert(FORMAT_OF("\2\0\0\0\0\0\0\0[]") == REIN_MODEL_FORMAT_UNKNOWN);
    cr_assert(FORMAT_OF("\3\0\0\0\0\0\0\0{}") == REIN_MODEL_FORMAT_UNKNOWN, "cut off");
    cr_assert(FORMAT_OF("\0\0\0\0\0\0\0\0{}") == REIN_MODEL_FORMAT_UNKNOWN, "no header");
    cr_assert(FORMAT_OF("\2\0\0\0\0\0\0\0") == REIN_MODEL_FORMAT_UNKNOWN, "no header");
    static const char largest[] = "\x00\xE1\xF5\x05\0\0\0\0{";
    cr_assert(format_of_file(largest, 9, 100000008) == REIN_MODEL_FORMAT_SAFETENSORS);
    cr_assert(format_of_file(largest, 9, 100000007) == REIN_MODEL_FORMAT_UNKNOWN);
    static const char larger[] = "\x01\xE1\xF5\x05\0\0\0\0{";
    cr_assert(format_of_file(larger, 9, UINT64_MAX) == REIN_MODEL_FORMAT_UNKNOWN);
    static const char like_onnx[] = "\x08\0\0\0\0\0\0\0{      }";
    cr_assert(format_of(like_onnx, 16) == REIN_MODEL_FORMAT_SAFETENSORS);
}

Test(format, is_onnx_with_the_fields_of_a_model) {
    cr_assert(FORMAT_OF("\x08\x07") == REIN_MODEL_FORMAT_ONNX);
    cr_assert(FORMAT_OF("\x08\x07\x12\x02yz\x1A\x00\x22\x00\x28\x81\x01\x32\x00\x3A\x01g"
                        "\x42\x00\x72\x00\xA2\x01\x00\xCA\x01\x00\xD2\x01\x00") ==
              REIN_MODEL_FORMAT_ONNX);
    cr_assert(FORMAT_OF("\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01") == REIN_MODEL_FORMAT_ONNX);
}

Test(format, is_unknown_if_a_field_is_not_of_a_model) {
    cr_assert(FORMAT_OF("\x12\x02"
                        "ab") == REIN_MODEL_FORMAT_UNKNOWN,
              "does not begin with the version");
    cr_assert(FORMAT_OF("\x0A\x00") == REIN_MODEL_FORMAT_UNKNOWN, "the version is a number");
    cr_assert(FORMAT_OF("\x08") == REIN_MODEL_FORMAT_UNKNOWN, "cut off");
    cr_assert(FORMAT_OF("\x08\x87") == REIN_MODEL_FORMAT_UNKNOWN, "cut off");
    cr_assert(FORMAT_OF("\x08\x07\x10\x01") == REIN_MODEL_FORMAT_UNKNOWN, "wrong type");
    cr_assert(FORMAT_OF("\x08\x07\x2A\x00") == REIN_MODEL_FORMAT_UNKNOWN, "wrong type");
    cr_assert(FORMAT_OF("\x08\x07\x48\x00") == REIN_MODEL_FORMAT_UNKNOWN, "field 9");
    cr_assert(FORMAT_OF("\x08\x07\x00\x00") == REIN_MODEL_FORMAT_UNKNOWN, "field 0");
    cr_assert(FORMAT_OF("\x08\x07\x12\x03"
                        "ab") == REIN_MODEL_FORMAT_UNKNOWN,
              "the field ends after the file");
    cr_assert(FORMAT_OF("\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01") ==
                  REIN_MODEL_FORMAT_UNKNOWN,
              "a number of 11 bytes");
    cr_assert(format_of_file("\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 12, MANY) ==
                  REIN_MODEL_FORMAT_UNKNOWN,
              "a number of 11 bytes");
}

Test(format, is_decided_by_the_first_4096_bytes) {
    static unsigned char bytes[MANY] = {0x08, 0x07, 0x3A, 0x84, 0x27}; /* a graph of 4996 bytes */
    cr_assert(format_of(bytes, MANY) == REIN_MODEL_FORMAT_UNKNOWN, "longer than the file");
    bytes[3] = 0x83;
    cr_assert(format_of(bytes, MANY) == REIN_MODEL_FORMAT_ONNX);
    /* The graph ends one byte before the prefix ends: the next tag is not looked at in full. */
    bytes[3] = 0xFA;
    bytes[4] = 0x1F;
    bytes[4095] = 0x42;
    cr_assert(format_of(bytes, MANY) == REIN_MODEL_FORMAT_ONNX);
    cr_assert(format_of(bytes, 4096) == REIN_MODEL_FORMAT_UNKNOWN, "the file ends there");
}

Test(format, passes_on_the_error_of_a_read) {
    memory_file memory = {.bytes = (const unsigned char *)"GGUF",
                          .byte_count = 4,
                          .size_bytes = 4,
                          .failing_read = 1};
    rein_model_file file = memory_file_of(&memory);
    rein_result_model_format result = rein_model_file_format(&file);
    cr_assert(!result.is_ok);
    expect_code(&result.as.error, REIN_ERROR_INTERNAL_ERROR);
    file.read_at = NULL;
    result = rein_model_file_format(&file);
    cr_assert(!result.is_ok);
    expect_code(&result.as.error, REIN_ERROR_INVALID_ARGUMENT);
}
