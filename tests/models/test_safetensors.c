#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "expect.h"
#include "json_file.h"
#include "models/safetensors.h"
#include "same_hash.h"

static json_file storage;
static _Alignas(16) unsigned char space[1 << 16];
static const rein_workspace workspace = {space, sizeof space};

static rein_result_safetensors read_header(const char *header, uint64_t data_bytes) {
    memset(space, 1, sizeof space);
    return rein_safetensors_read(safetensors_file_of(&storage, header, data_bytes), workspace);
}

static rein_safetensors accepted(const char *header, uint64_t data_bytes) {
    rein_result_safetensors result = read_header(header, data_bytes);
    char text[EXPECT_TEXT_CAPACITY] = "";
    if (!result.is_ok) {
        rein_error_message(&result.as.error, text, sizeof text);
    }
    cr_assert(result.is_ok, "%s: %s", header, text);
    return result.as.value;
}

/* Expects an error at this offset of the header, about this name. */
static void refused_with(const char *header, uint64_t data_bytes, rein_error_code code,
                         uint64_t offset, const char *name) {
    rein_result_safetensors result = read_header(header, data_bytes);
    cr_assert(!result.is_ok, "%s is accepted", header);
    expect_code(&result.as.error, code);
    cr_assert(result.as.error.numbers[0] == 8 + offset, "%s: the offset is %llu, expected %llu",
              header, (unsigned long long)result.as.error.numbers[0],
              (unsigned long long)offset + 8);
    cr_assert_str_eq(result.as.error.foreign_text, name, "%s", header);
}

static void refused(const char *header, uint64_t data_bytes, uint64_t offset, const char *name) {
    refused_with(header, data_bytes, REIN_ERROR_INVALID_ARGUMENT, offset, name);
}

/* Expects that a tensor with these members, the name t and 4 bytes of data is refused at an offset
 * of its text. */
static void member_refused(const char *members, uint64_t offset) {
    char header[512];
    cr_assert(snprintf(header, sizeof header, "{\"t\":%s}", members) < (int)sizeof header);
    refused(header, 4, 5 + offset, "t");
}

static uint64_t workspace_bytes(void) {
    return REIN_UNWRAP(rein_safetensors_workspace_bytes(&storage.file));
}

Test(read, returns_tensors_and_metadata_in_the_order_of_the_header) {
    rein_safetensors model =
        accepted("{\"__metadata__\":{\"format\":\"pt\",\"x\":\"\"},"
                 "\"b\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[4,16]},"
                 "\"a\":{\"data_offsets\":[0,4],\"shape\":[],\"dtype\":\"F32\"}}  ",
                 16);
    cr_assert(model.file == &storage.file && model.data_offset == storage.memory.byte_count);
    cr_assert(model.tensor_bytes == 16 && model.tensor_count == 2 && model.entry_count == 2);
    const rein_safetensors_tensor *b = &model.tensors[0];
    cr_assert_str_eq(b->name, "b");
    cr_assert(b->name_text.size_bytes == 1 && storage.bytes[b->name_text.offset] == 'b');
    cr_assert(b->dtype == REIN_SAFETENSORS_F16 && b->rank == 2 && b->element_count == 6);
    cr_assert(b->extents[0] == 2 && b->extents[1] == 3 && b->extents[2] == 1);
    cr_assert(b->size_bytes == 12 && b->offset_bytes == 4);
    const rein_safetensors_tensor *a = &model.tensors[1];
    cr_assert(a->dtype == REIN_SAFETENSORS_F32 && a->rank == 0 && a->element_count == 1);
    cr_assert(a->size_bytes == 4 && a->offset_bytes == 0 && a->extents[0] == 1);
    cr_assert_str_eq(model.entries[0].key, "format");
    cr_assert_str_eq(model.entries[1].key, "x");
    cr_assert(model.entries[0].value_text.size_bytes == 2);
    cr_assert(rein_safetensors_find_tensor(&model, "a") == a &&
              rein_safetensors_find_tensor(&model, "b") == b);
    cr_assert(rein_safetensors_find_tensor(&model, "c") == NULL);
    cr_assert(rein_safetensors_find_tensor(&model, "") == NULL);
    cr_assert(!storage.memory.has_read_outside);
}

Test(read, accepts_a_file_without_tensors) {
    cr_assert(accepted("{}", 0).tensor_count == 0);
    cr_assert(accepted("{\"__metadata__\":{}}", 0).entry_count == 0);
    safetensors_file_of(&storage, "{}", 0);
    rein_workspace none = {NULL, 0};
    cr_assert(workspace_bytes() == 0);
    cr_assert(rein_safetensors_read(&storage.file, none).is_ok);
}

Test(read, accepts_empty_tensors_at_the_border_of_others) {
    rein_safetensors model =
        accepted("{\"full\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
                 "\"end\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[2,2]},"
                 "\"begin\":{\"dtype\":\"F4\",\"shape\":[5,0],\"data_offsets\":[0,0]},"
                 "\"more\":{\"dtype\":\"U8\",\"shape\":[1,1],\"data_offsets\":[2,3]}}",
                 3);
    cr_assert(model.tensors[1].size_bytes == 0 && model.tensors[2].element_count == 0);
    refused("{\"full\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
            "\"in\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[1,1]}}",
            2, 56, "in");
}

Test(read, knows_the_bits_of_each_dtype) {
    static const struct {
        const char *name;
        uint32_t bits;
    } dtypes[] = {{"BOOL", 8},    {"F4", 4},          {"F6_E2M3", 6},     {"F6_E3M2", 6},
                  {"U8", 8},      {"I8", 8},          {"F8_E5M2", 8},     {"F8_E4M3", 8},
                  {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"I16", 16},
                  {"U16", 16},    {"F16", 16},        {"BF16", 16},       {"I32", 32},
                  {"U32", 32},    {"F32", 32},        {"C64", 64},        {"F64", 64},
                  {"I64", 64},    {"U64", 64}};
    cr_assert(sizeof dtypes / sizeof dtypes[0] == REIN_SAFETENSORS_DTYPE_LAST);
    for (size_t i = 0; i < sizeof dtypes / sizeof dtypes[0]; i++) {
        char header[256];
        snprintf(header, sizeof header,
                 "{\"t\":{\"dtype\":\"%s\",\"shape\":[8],\"data_offsets\":[0,%u]}}", dtypes[i].name,
                 dtypes[i].bits);
        rein_safetensors_dtype dtype = accepted(header, dtypes[i].bits).tensors[0].dtype;
        cr_assert((size_t)dtype == i + 1, "%s", dtypes[i].name);
        cr_assert(rein_safetensors_dtype_bits(dtype) == dtypes[i].bits);
        cr_assert_str_eq(rein_safetensors_dtype_name(dtype), dtypes[i].name);
        refused(header, dtypes[i].bits + 1, strlen(header), "");
    }
    static const int others[] = {-1, 0, REIN_SAFETENSORS_DTYPE_LAST + 1};
    for (size_t i = 0; i < 3; i++) {
        cr_assert(rein_safetensors_dtype_bits((rein_safetensors_dtype)others[i]) == 0);
        cr_assert_str_eq(rein_safetensors_dtype_name((rein_safetensors_dtype)others[i]), "unknown");
    }
}

Test(read, keeps_the_beginning_of_a_shape_with_many_dimensions) {
    rein_safetensors model =
        accepted("{\"t\":{\"dtype\":\"U8\",\"shape\":[1,2,1,1,3,1,1,2,5,1],\"data_offsets\":"
                 "[0,60]}}",
                 60);
    cr_assert(model.tensors[0].rank == 10 && model.tensors[0].element_count == 60);
    cr_assert(model.tensors[0].extents[7] == 2);
}

Test(read, ignores_other_members_of_a_tensor) {
    accepted("{\"t\":{\"x\":{\"shape\":[[1]],\"y\":null},\"dtype\":\"U8\",\"z\":[1,{}],"
             "\"shape\":[1],\"data_offsets\":[0,1]}}",
             1);
}

Test(read, refuses_a_wrong_length_of_the_header) {
    static const unsigned char bytes[] = {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'};
    for (size_t size = 0; size < sizeof bytes; size++) {
        memcpy(storage.bytes, bytes, size);
        json_file_finish(&storage, size, size);
        rein_result_safetensors result = rein_safetensors_read(&storage.file, workspace);
        cr_assert(!result.is_ok, "%zu bytes", size);
        expect_code(&result.as.error, REIN_ERROR_INVALID_ARGUMENT);
        cr_assert(result.as.error.numbers[0] == 0);
    }
    memcpy(storage.bytes, bytes, sizeof bytes);
    json_file_finish(&storage, sizeof bytes, sizeof bytes);
    cr_assert(rein_safetensors_read(&storage.file, workspace).is_ok);
}

Test(read, refuses_a_header_of_more_than_100000000_bytes) {
    static const unsigned char bytes[] = {0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0, '{', '}'};
    memcpy(storage.bytes, bytes, sizeof bytes);
    json_file_finish(&storage, sizeof bytes, UINT64_C(1) << 40);
    rein_result_bytes result = rein_safetensors_workspace_bytes(&storage.file);
    cr_assert(!result.is_ok);
    expect_numbers(&result.as.error, 0, 100000001, 100000000);
    storage.bytes[0] = 0; /* exactly 100,000,000: refused only because a NUL follows the object */
    result = rein_safetensors_workspace_bytes(&storage.file);
    cr_assert(!result.is_ok && result.as.error.numbers[0] == 10);
}

Test(read, refuses_a_header_that_does_not_begin_with_a_brace) {
    refused("", 0, 0, "");
    refused("[]", 0, 0, "");
    refused(" {}", 0, 0, "");
    refused("\"{\"", 0, 0, "");
    refused("{}{", 0, 2, "");
    refused("{},", 0, 2, "");
    refused("{", 0, 1, "");
}

Test(read, refuses_metadata_that_are_not_strings) {
    refused("{\"__metadata__\":[]}", 0, 16, "__metadata__");
    refused("{\"__metadata__\":null}", 0, 16, "__metadata__");
    refused("{\"__metadata__\":{\"k\":1}}", 0, 21, "k");
    refused("{\"__metadata__\":{\"k\":[", 0, 22, "");
    refused("{\"__metadata__\":{\"k\":{\"a\":\"b\"}}}", 0, 21, "k");
    refused("{\"__metadata__\":{},\"__metadata__\":{}}", 0, 19, "__metadata__");
    refused("{\"__metadata__\":{\"k\":\"a\",\"\\u006b\":\"b\"}}", 0, 25, "k");
}

Test(read, refuses_a_name_that_occurs_twice) {
    refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
            "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]},"
            "\"\\u0061\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[2,3]}}",
            3, 105, "a");
}

Test(read, refuses_a_tensor_that_is_not_described) {
    member_refused("1", 0);
    member_refused("[]", 0);
    member_refused("{}", 0);
    member_refused("{\"shape\":[1],\"data_offsets\":[0,4]}", 0);
    member_refused("{\"dtype\":\"F32\",\"data_offsets\":[0,4]}", 0);
    member_refused("{\"dtype\":\"F32\",\"shape\":[1]}", 0);
    member_refused("{\"shape\":[],\"shape\":[]}", 12);
    member_refused("{\"dtype\":\"F32\",\"dtype\":\"F32\"}", 15);
    member_refused("{\"data_offsets\":[0,1],\"data_offsets\":[0,1]}", 22);
}

Test(read, refuses_a_dtype_that_it_does_not_know) {
    member_refused("{\"dtype\":4}", 9);
    refused_with("{\"t\":{\"dtype\":\"F33\"}}", 0, REIN_ERROR_UNSUPPORTED, 14, "t");
    refused_with("{\"t\":{\"dtype\":\"\"}}", 0, REIN_ERROR_UNSUPPORTED, 14, "t");
    refused_with("{\"t\":{\"dtype\":\"F32\\u0000\"}}", 0, REIN_ERROR_UNSUPPORTED, 14, "t");
}

Test(read, refuses_a_shape_that_is_not_whole_numbers) {
    member_refused("{\"shape\":1}", 9);
    member_refused("{\"shape\":{}}", 9);
    member_refused("{\"shape\":[\"1\"]}", 10);
    member_refused("{\"shape\":[1,-1]}", 12);
    member_refused("{\"shape\":[-0]}", 10);
    member_refused("{\"shape\":[1.0]}", 10);
    member_refused("{\"shape\":[1e2]}", 10);
    member_refused("{\"shape\":[18446744073709551616]}", 10);
    member_refused("{\"shape\":[[1]]}", 10);
    member_refused("{\"shape\":[4294967296,4294967296]}", 21);
}

Test(read, refuses_data_offsets_that_are_not_a_range_of_the_data) {
    member_refused("{\"data_offsets\":4}", 16);
    member_refused("{\"data_offsets\":[]}", 16);
    member_refused("{\"data_offsets\":[0]}", 16);
    member_refused("{\"data_offsets\":[0,1,2]}", 16);
    member_refused("{\"data_offsets\":[0,-4]}", 19);
    member_refused("{\"data_offsets\":[0,5]}", 16);
    member_refused("{\"data_offsets\":[5,6]}", 16);
    member_refused("{\"data_offsets\":[3,2]}", 16);
    member_refused("{\"data_offsets\":[0,null]}", 19);
}

Test(read, refuses_a_size_that_shape_and_dtype_do_not_give) {
    member_refused("{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}", 0);
    member_refused("{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,4]}", 0);
    member_refused("{\"dtype\":\"F4\",\"shape\":[7],\"data_offsets\":[0,4]}", 0);
    member_refused("{\"dtype\":\"F4\",\"shape\":[7],\"data_offsets\":[0,3]}", 0);
    member_refused("{\"dtype\":\"U64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}", 0);
    member_refused("{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,4]}", 0);
}

Test(read, refuses_data_with_overlaps_or_gaps) {
    refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
            "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
            3, 53, "b");
    refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
            "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[3,4]}}",
            4, 53, "b");
    refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", 3, 1, "a");
    refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 3, 53, "");
    refused("{}", 1, 2, "");
}

Test(read, refuses_a_workspace_that_is_too_small) {
    safetensors_file_of(&storage,
                        "{\"__metadata__\":{\"k\":\"v\"},"
                        "\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}",
                        2);
    uint64_t needed = workspace_bytes();
    cr_assert(needed <= 280 + 192);
    void *memory = malloc(needed);
    rein_workspace exact = {memory, needed};
    cr_assert(rein_safetensors_read(&storage.file, exact).is_ok);
    exact.size_bytes--;
    rein_result_safetensors result = rein_safetensors_read(&storage.file, exact);
    cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_INVALID_ARGUMENT);
    free(memory);
}

/* Puts each byte of a header at the border of two buffers, and fails each read. */
Test(read, passes_on_the_error_of_each_read) {
    static char header[4096 + 512];
    static const char members[] =
        "\"__metadata__\":{\"k\":\"v\",\"l\":\"w\"},"
        "\"a\":{\"x\":[1],\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}";
    header[0] = '{';
    for (size_t shift = 4096 - sizeof members; shift < 4096; shift++) {
        memset(header + 1, ' ', shift);
        memcpy(header + shift, members, sizeof members);
        accepted(header, 2);
        uint64_t reads = storage.memory.read_count;
        for (uint64_t failing = 1; failing <= reads; failing++) {
            storage.memory.read_count = 0;
            storage.memory.failing_read = failing;
            rein_result_safetensors result = rein_safetensors_read(&storage.file, workspace);
            cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_INTERNAL_ERROR);
        }
        cr_assert(!storage.memory.has_read_outside);
    }
}

/* A file that has another header after `old_reads` reads. */
typedef struct changing_file {
    const char *headers[2];
    unsigned old_reads;
} changing_file;

static rein_result_void changing_read_at(void *self, uint64_t offset, void *out_bytes,
                                         size_t size) {
    changing_file *file = self;
    static json_file version;
    safetensors_file_of(&version, file->headers[file->old_reads == 0], 2);
    file->old_reads -= file->old_reads > 0 ? 1 : 0;
    memcpy(out_bytes, version.bytes + offset, size);
    return rein_done();
}

static void expect_change_refused(const char *before, const char *after) {
    changing_file changing = {{before, after}, 2};
    rein_model_file file = {changing_read_at, &changing, 8 + strlen(before) + 2};
    rein_result_safetensors result = rein_safetensors_read(&file, workspace);
    cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_INVALID_ARGUMENT);
}

Test(read, refuses_a_file_that_grows_while_it_is_read) {
    expect_change_refused(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2],\"\":\"                \"}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"\":{},\"b\":{}     }");
    expect_change_refused("{\"__metadata__\":{\"k\":\"v\"        }}",
                          "{\"__metadata__\":{\"k\":\"v\",\"l\":\"\"}}");
}

enum { NAME_BYTES = 2 * SAME_HASH_BLOCK_BYTES };

/* Returns a header with `count` tensors, whose names have these numbers and the same hash. */
static const char *header_of_numbers(const unsigned *numbers, size_t count) {
    static char header[6 * (NAME_BYTES + 80)];
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        char name[NAME_BYTES + 1];
        put_same_hash_name(name, numbers[i], 2);
        length +=
            (size_t)snprintf(header + length, sizeof header - length,
                             "%s\"%s\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[%zu,%zu]}",
                             i == 0 ? "{" : ",", name, i, i + 1);
    }
    snprintf(header + length, sizeof header - length, "}");
    return header;
}

Test(read, tells_long_names_with_the_same_hash_apart) {
    static const unsigned numbers[] = {2, 0, 3, 1};
    rein_safetensors model = accepted(header_of_numbers(numbers, 4), 4);
    uint64_t reads = storage.memory.read_count;
    for (size_t i = 0; i < 4; i++) {
        const rein_safetensors_tensor *tensor = &model.tensors[i];
        cr_assert(tensor->name_text.hash == model.tensors[0].name_text.hash);
        cr_assert(tensor->name_text.size_bytes == NAME_BYTES);
        cr_assert(strlen(tensor->name) == REIN_SAFETENSORS_NAME_CAPACITY - 1);
        cr_assert(rein_safetensors_find_tensor(&model, tensor->name) == NULL,
                  "it is not the whole name");
    }
    char whole[NAME_BYTES + 1];
    cr_assert(REIN_UNWRAP(rein_safetensors_read_text(&storage.file, &model.tensors[0].name_text,
                                                     whole, sizeof whole)) == NAME_BYTES);
    cr_assert(rein_safetensors_find_tensor(&model, whole) == NULL, "it is longer than its copy");
    for (uint64_t failing = 1; failing <= reads; failing++) {
        storage.memory.read_count = 0;
        storage.memory.failing_read = failing;
        rein_result_safetensors result = rein_safetensors_read(&storage.file, workspace);
        cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_INTERNAL_ERROR);
    }
}

#define EMPTY_TENSOR(name) "\"" name "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"

Test(read, needs_280_bytes_for_a_tensor_and_208_for_a_key) {
    (void)accepted("{" EMPTY_TENSOR("a") "," EMPTY_TENSOR("b") "}", 0);
    cr_assert(workspace_bytes() == UINT64_C(2) * 280);
    (void)accepted("{\"__metadata__\":{\"a\":\"\",\"b\":\"\"}}", 0);
    cr_assert(workspace_bytes() == UINT64_C(2) * 208);
}

Test(read, tells_names_of_other_lengths_with_the_same_hash_apart) {
    rein_safetensors model =
        accepted("{\"__metadata__\":{\"\\u0000k\":\"\",\"k\":\"\",\"\\u0000\\u0000k\":\"\"}}", 0);
    for (size_t i = 1; i < 3; i++) {
        cr_assert(model.entries[i].key_text.hash == model.entries[0].key_text.hash);
    }
    refused("{\"__metadata__\":{\"\\u0000k\":\"\",\"k\":\"\",\"\\u0000k\":\"\"}}", 0, 37, "");
}

Test(read, refuses_a_long_name_that_occurs_twice) {
    static const unsigned numbers[] = {2, 0, 3, 0};
    rein_result_safetensors result = read_header(header_of_numbers(numbers, 4), 4);
    cr_assert(!result.is_ok);
    expect_code(&result.as.error, REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(result.as.error.numbers[0] > UINT64_C(3) * NAME_BYTES, "the second one is reported");
}

/* Expects that two long names with these ends, as they are in the file, are the same or not. */
static void expect_same(const char *left, const char *right, bool is_same) {
    char header[1200];
    char begin[181];
    memset(begin, 'n', sizeof begin);
    begin[180] = '\0';
    snprintf(header, sizeof header,
             "{\"%s%s\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
             "\"%s%s\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
             begin, left, begin, right);
    rein_result_safetensors result = read_header(header, 0);
    cr_assert(result.is_ok != is_same, "%s %s", left, right);
    cr_assert(result.is_ok || result.as.error.code == REIN_ERROR_INVALID_ARGUMENT);
}

Test(read, compares_long_names_after_their_escapes_are_decoded) {
    expect_same("abc", "abc", true);
    expect_same("abc", "a\\u0062c", true);
    expect_same("abc", "abd", false);
    expect_same("a\\\"c", "a\\u0022c", true);
    expect_same("a\\\"c", "a\\\\c", false);
    expect_same("\xC3\xA9x", "\\u00E9x", true);
    expect_same("\xC3\xA9x", "\xC3\xA9x", true);
    expect_same("\xC3\xA9x", "\xC3\xA9y", false);
    expect_same("\\n", "\\u000a", true);
    expect_same("\\ud83d\\ude00", "\xF0\x9F\x98\x80", true);
}

Test(read, accepts_many_names_in_any_order) {
    static char header[JSON_FILE_CAPACITY - 8];
    enum { COUNT = 200 };
    size_t length = 0;
    for (unsigned i = 0; i < COUNT; i++) {
        unsigned number = i * 77 % COUNT;
        length += (size_t)snprintf(
            header + length, sizeof header - length,
            "%s\"layer.%u\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[%u,%u]}",
            i == 0 ? "{" : ",", number, number, number + 1);
    }
    snprintf(header + length, sizeof header - length, "}");
    rein_safetensors model = accepted(header, COUNT);
    cr_assert(model.tensor_count == COUNT);
    cr_assert(rein_safetensors_find_tensor(&model, "layer.77")->offset_bytes == 77);
}

Test(read_text, returns_the_decoded_text) {
    rein_safetensors model =
        accepted("{\"__metadata__\":{\"\\u00e9\":\"a\\n\\uD83D\\uDE00\\u0000b\"}}", 0);
    cr_assert_str_eq(model.entries[0].key, "\xC3\xA9");
    const rein_safetensors_text *value = &model.entries[0].value_text;
    cr_assert(value->size_bytes == 8);
    char buffer[16];
    cr_assert(REIN_UNWRAP(rein_safetensors_read_text(model.file, value, buffer, 9)) == 8);
    cr_assert(memcmp(buffer, "a\n\xF0\x9F\x98\x80\0b", 9) == 0);
    for (size_t capacity = 1; capacity < 9; capacity++) {
        static const size_t kept[] = {0, 0, 1, 2, 2, 2, 2, 6, 7};
        memset(buffer, '#', sizeof buffer);
        cr_assert(REIN_UNWRAP(rein_safetensors_read_text(model.file, value, buffer, capacity)) ==
                  8);
        cr_assert(buffer[kept[capacity]] == '\0' && buffer[capacity] == '#', "%zu", capacity);
    }
    cr_assert(REIN_UNWRAP(rein_safetensors_read_text(model.file, value, NULL, 0)) == 8);
}

Test(read_text, refuses_what_is_not_in_the_file) {
    rein_safetensors model = accepted("{\"__metadata__\":{\"k\":\"v\"}}", 0);
    char buffer[4];
    rein_safetensors_text text = model.entries[0].value_text;
    text.offset = model.file->size_bytes + 1;
    cr_assert(!rein_safetensors_read_text(model.file, &text, buffer, sizeof buffer).is_ok);
    text.offset = model.file->size_bytes;
    cr_assert(!rein_safetensors_read_text(model.file, &text, buffer, sizeof buffer).is_ok);
    storage.memory.failing_read = storage.memory.read_count + 1;
    text.offset = model.entries[0].value_text.offset;
    rein_result_bytes result = rein_safetensors_read_text(model.file, &text, buffer, 4);
    cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_INTERNAL_ERROR);
}
