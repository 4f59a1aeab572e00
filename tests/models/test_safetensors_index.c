#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "expect.h"
#include "json_file.h"
#include "models/safetensors_index.h"

static json_file storage;
static _Alignas(16) unsigned char space[1 << 16];
static const rein_workspace workspace = {space, sizeof space};

static rein_safetensors_index accepted(const char *text) {
    memset(space, 1, sizeof space);
    return REIN_UNWRAP(rein_safetensors_index_read(json_file_of(&storage, text), workspace));
}

static void refused(const char *text, uint64_t offset, const char *name) {
    rein_result_safetensors_index result =
        rein_safetensors_index_read(json_file_of(&storage, text), workspace);
    cr_assert(!result.is_ok, "%s is accepted", text);
    expect_code(&result.as.error, REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(result.as.error.numbers[0] == offset, "%s: the offset is %llu, expected %llu", text,
              (unsigned long long)result.as.error.numbers[0], (unsigned long long)offset);
    cr_assert_str_eq(result.as.error.foreign_text, name, "%s", text);
}

/* Expects that an index with this value of its only tensor, in JSON, is refused. */
static void shard_refused(const char *value) {
    static char text[4096];
    snprintf(text, sizeof text, "{\"weight_map\":{\"t\":%s}}", value);
    refused(text, 19, "t");
}

Test(read, returns_tensors_and_their_shards) {
    rein_safetensors_index index =
        accepted("{\"metadata\":{\"total_size\":18446744073709551615,\"x\":[1]},\"y\":{},"
                 "\"weight_map\":{\"a\":\"s1\",\"b\":\"s2\",\"c\":\"s2\",\"d\":\"s1\",\"e\":\"s3\","
                 "\"f\":\"s2\"}}");
    static const size_t shards[] = {0, 1, 1, 0, 2, 1};
    cr_assert(index.tensor_count == 6 && index.shard_count == 3);
    cr_assert(index.total_size.is_known && index.total_size.value == UINT64_MAX);
    for (size_t i = 0; i < 6; i++) {
        cr_assert(index.tensors[i].name[0] == (char)('a' + i));
        cr_assert(index.tensors[i].shard == shards[i], "tensor %zu", i);
    }
    cr_assert_str_eq(index.shards[0].name, "s1");
    cr_assert_str_eq(index.shards[1].name, "s2");
    cr_assert_str_eq(index.shards[2].name, "s3");
    cr_assert(index.shards[0].tensor_count == 2 && index.shards[1].tensor_count == 3 &&
              index.shards[2].tensor_count == 1);
}

Test(read, needs_192_bytes_for_a_tensor_and_312_for_a_run_of_tensors_in_a_shard) {
    (void)accepted("{\"weight_map\":{\"a\":\"s\",\"b\":\"s\",\"c\":\"t\",\"d\":\"t\"}}");
    cr_assert(REIN_UNWRAP(rein_safetensors_index_workspace_bytes(&storage.file)) ==
              UINT64_C(4) * 192 + UINT64_C(2) * 312);
}

Test(read, does_not_know_a_total_size_that_is_not_stated_as_an_integer) {
    cr_assert(!accepted("{\"weight_map\":{}}").total_size.is_known);
    cr_assert(!accepted("{\"weight_map\":{},\"metadata\":{}}").total_size.is_known);
    cr_assert(!accepted("{\"weight_map\":{},\"metadata\":7}").total_size.is_known);
    cr_assert(
        !accepted("{\"weight_map\":{},\"metadata\":{\"total_size\":1.0}}").total_size.is_known);
    cr_assert(
        !accepted("{\"weight_map\":{},\"metadata\":{\"total_size\":-1}}").total_size.is_known);
}

Test(read, accepts_names_of_shards_of_up_to_255_bytes) {
    char text[600];
    char name[257];
    memset(name, 's', sizeof name);
    name[255] = '\0';
    snprintf(text, sizeof text, "{\"weight_map\":{\"a\":\"%s\",\"b\":\"x\",\"c\":\"%s\"}}", name,
             name);
    rein_safetensors_index index = accepted(text);
    cr_assert(index.shard_count == 2);
    cr_assert_str_eq(index.shards[0].name, name);
    name[255] = 's';
    name[256] = '\0';
    snprintf(text, sizeof text, "\"%s\"", name);
    shard_refused(text);
}

Test(read, refuses_shards_that_are_not_plain_file_names) {
    shard_refused("\"\"");
    shard_refused("\".\"");
    shard_refused("\"..\"");
    shard_refused("\"/etc/passwd\"");
    shard_refused("\"a/b\"");
    shard_refused("\"../b\"");
    shard_refused("\"a\\u002fb\"");
    shard_refused("\"a\\\\b\"");
    shard_refused("\"a\\u0000\"");
    shard_refused("1");
    shard_refused("[\"a\"]");
    accepted("{\"weight_map\":{\"t\":\"...\"}}");
    accepted("{\"weight_map\":{\"t\":\".a\"}}");
}

Test(read, refuses_a_file_that_is_not_an_index) {
    refused("", 0, "");
    refused("[]", 0, "");
    refused("{}", 0, "weight_map");
    refused("{\"weight_map\":[]}", 14, "weight_map");
    refused("{\"weight_map\":{},\"weight_map\":{}}", 17, "weight_map");
    refused("{\"weight_map\":{}}x", 17, "");
    refused("{\"weight_map\":{\"a\":\"s\",\"b\":\"s\",\"a\":\"t\"}}", 31, "a");
}

Test(read, refuses_an_index_of_more_than_100000000_bytes) {
    json_file_of(&storage, "{}");
    storage.file.size_bytes = storage.memory.size_bytes = 100000001;
    rein_result_bytes result = rein_safetensors_index_workspace_bytes(&storage.file);
    cr_assert(!result.is_ok);
    expect_numbers(&result.as.error, 0, 100000001, 100000000);
    storage.file.size_bytes = storage.memory.size_bytes = 100000000;
    result = rein_safetensors_index_workspace_bytes(&storage.file);
    cr_assert(!result.is_ok && result.as.error.numbers[0] == 2, "a NUL follows the object");
}

Test(read, uses_the_workspace_that_it_asks_for) {
    json_file_of(&storage, "{\"weight_map\":{\"a\":\"s\",\"b\":\"s\",\"c\":\"t\"}}");
    uint64_t needed = REIN_UNWRAP(rein_safetensors_index_workspace_bytes(&storage.file));
    cr_assert(needed <= 3 * 176 + 2 * 312 + 6 * 16);
    rein_workspace exact = {malloc(needed), needed};
    cr_assert(rein_safetensors_index_read(&storage.file, exact).is_ok);
    exact.size_bytes--;
    cr_assert(!rein_safetensors_index_read(&storage.file, exact).is_ok);
    free(exact.memory);
    json_file_of(&storage, "{\"weight_map\":{}}");
    rein_workspace none = {NULL, 0};
    cr_assert(rein_safetensors_index_read(&storage.file, none).is_ok);
}

Test(read, passes_on_the_error_of_each_read) {
    static char text[6000];
    char name[300];
    memset(name, 'n', sizeof name);
    name[299] = '\0';
    name[200] = '\0';
    int length =
        snprintf(text, sizeof text, "{\"weight_map\":{\"%s\":\"%s\",\"b\":\"s\",\"%sx\":\"%s\"}}",
                 name, name, name, name);
    memset(text + length, ' ', sizeof text - 1 - (size_t)length);
    accepted(text);
    uint64_t reads = storage.memory.read_count;
    cr_assert(reads >= 6, "the names of the shards are compared in the file");
    for (uint64_t failing = 1; failing <= reads; failing++) {
        storage.memory.read_count = 0;
        storage.memory.failing_read = failing;
        rein_result_safetensors_index result =
            rein_safetensors_index_read(&storage.file, workspace);
        cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_INTERNAL_ERROR);
    }
    cr_assert(!storage.memory.has_read_outside);
}

/* Puts each byte of the text at the border of two buffers, and fails each read. */
Test(read, passes_on_the_error_of_each_read_at_each_byte) {
    static char text[4096 + 512];
    static const char all[] = "{\"x\":{},\"metadata\":{\"total_size\":1,\"x\":[1]},"
                              "\"weight_map\":{\"a\":\"s\",\"b\":\"t\"}}";
    for (size_t shift = 4096 - sizeof all; shift < 4096; shift++) {
        memset(text, ' ', shift);
        memcpy(text + shift, all, sizeof all);
        accepted(text);
        uint64_t reads = storage.memory.read_count;
        for (uint64_t failing = 1; failing <= reads; failing++) {
            storage.memory.read_count = 0;
            storage.memory.failing_read = failing;
            rein_result_safetensors_index result =
                rein_safetensors_index_read(&storage.file, workspace);
            cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_INTERNAL_ERROR);
        }
        cr_assert(!storage.memory.has_read_outside);
        cr_assert(REIN_UNWRAP(rein_safetensors_index_workspace_bytes(&storage.file)) > 0);
    }
}

/* A file that has another text after its first read. */
typedef struct changing_file {
    const char *texts[2];
    unsigned reads;
} changing_file;

static rein_result_void changing_read_at(void *self, uint64_t offset, void *out_bytes,
                                         size_t size) {
    changing_file *file = self;
    memcpy(out_bytes, file->texts[file->reads++ > 0] + offset, size);
    return rein_done();
}

static void expect_change_refused(const char *before, const char *after) {
    cr_assert(strlen(before) == strlen(after));
    changing_file changing = {{before, after}, 0};
    rein_model_file file = {changing_read_at, &changing, strlen(before)};
    rein_result_safetensors_index result = rein_safetensors_index_read(&file, workspace);
    cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_INVALID_ARGUMENT);
}

Test(read, refuses_a_file_that_changes_while_it_is_read) {
    expect_change_refused("{\"weight_map\":{\"a\":\"s\"        }}",
                          "{\"weight_map\":{\"a\":\"s\",\"b\":\"s\"}}");
    expect_change_refused("{\"weight_map\":{\"a\":\"s\",\"b\":\"s\"}}",
                          "{\"weight_map\":{\"a\":\"s\",\"b\":\"t\"}}");
}

/* The shards of a model. */
enum { SHARDS_MAX = 9 };

static json_file shard_files[SHARDS_MAX];
static _Alignas(16) unsigned char shard_spaces[SHARDS_MAX][1 << 14];
static rein_safetensors shards[SHARDS_MAX];
static _Alignas(16) unsigned char check_space[1 << 12];

static void make_shard(size_t shard, const char *header, uint64_t data_bytes) {
    rein_workspace memory = {shard_spaces[shard], sizeof shard_spaces[shard]};
    shards[shard] = REIN_UNWRAP(rein_safetensors_read(
        safetensors_file_of(&shard_files[shard], header, data_bytes), memory));
}

#define U8(name, begin, end) \
    "\"" name "\":{\"dtype\":\"U8\",\"shape\":[" #end "],\"data_offsets\":[" #begin "," #end "]}"

static rein_result_safetensors_model check(const rein_safetensors_index *index) {
    uint64_t needed = REIN_UNWRAP(rein_safetensors_index_check_workspace_bytes(index));
    cr_assert(needed <= sizeof check_space);
    memset(check_space, 1, sizeof check_space);
    rein_workspace memory = {check_space, needed};
    return rein_safetensors_index_check(index, shards, memory);
}

Test(check, returns_the_bytes_of_the_tensors) {
    rein_safetensors_index index =
        accepted("{\"weight_map\":{\"a\":\"s1\",\"b\":\"s2\",\"c\":\"s1\"}}");
    make_shard(
        0, "{" U8("a", 0, 3) ",\"c\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[3,11]}}",
        11);
    make_shard(1, "{" U8("b", 0, 5) "}", 5);
    rein_safetensors_model model = REIN_UNWRAP(check(&index));
    cr_assert(model.tensor_bytes == 16 && model.repeated_bytes == 0 && model.repeated_count == 0);
}

Test(check, counts_a_tensor_in_several_shards_once) {
    rein_safetensors_index index = accepted("{\"weight_map\":{\"a\":\"s1\",\"b\":\"s2\"}}");
    make_shard(0, "{" U8("a", 0, 3) "}", 3);
    make_shard(
        1, "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[5,8]}," U8("b", 0, 5) "}", 8);
    rein_safetensors_model model = REIN_UNWRAP(check(&index));
    cr_assert(model.tensor_bytes == 8 && model.repeated_bytes == 3 && model.repeated_count == 1);
}

static void check_refused(const rein_safetensors_index *index, uint64_t offset, uint64_t shard,
                          const char *name) {
    rein_result_safetensors_model result = check(index);
    cr_assert(!result.is_ok);
    expect_code(&result.as.error, REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&result.as.error, offset, shard, 0);
    cr_assert_str_eq(result.as.error.foreign_text, name);
}

Test(check, refuses_a_shard_without_its_tensor) {
    rein_safetensors_index index = accepted("{\"weight_map\":{\"a\":\"s1\",\"b\":\"s2\"}}");
    make_shard(0, "{" U8("a", 0, 3) "}", 3);
    make_shard(1, "{}", 0);
    check_refused(&index, 24, 1, "b");
    make_shard(
        0, "{" U8("a", 0, 3) ",\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[3,6]}}", 6);
    check_refused(&index, 24, 1, "b");
}

Test(check, refuses_a_tensor_that_the_index_lacks) {
    rein_safetensors_index index = accepted("{\"weight_map\":{\"a\":\"s1\"}}");
    make_shard(
        0, "{" U8("a", 0, 3) ",\"x\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[3,3]}}", 3);
    check_refused(&index, 8 + 53, 0, "x");
}

Test(check, refuses_sums_that_do_not_fit) {
    rein_safetensors_index index =
        accepted("{\"weight_map\":{\"a\":\"0\",\"b\":\"1\",\"c\":\"2\",\"d\":\"3\",\"e\":\"4\","
                 "\"f\":\"5\",\"g\":\"6\",\"h\":\"7\",\"i\":\"8\"}}");
    for (unsigned i = 0; i < SHARDS_MAX; i++) {
        char header[200];
        snprintf(header, sizeof header,
                 "{\"%c\":{\"dtype\":\"U8\",\"shape\":[2305843009213693951],"
                 "\"data_offsets\":[0,2305843009213693951]}}",
                 'a' + (int)i);
        make_shard(i, header, UINT64_C(2305843009213693951));
    }
    check_refused(&index, 9, 8, "i");
}

Test(check, compares_long_names_in_their_files) {
    char name[201];
    char text[600];
    memset(name, 'n', sizeof name);
    name[200] = '\0';
    snprintf(text, sizeof text, "{\"weight_map\":{\"%s\":\"s\"}}", name);
    rein_safetensors_index index = accepted(text);
    snprintf(text, sizeof text, "{\"%s\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}",
             name);
    make_shard(0, text, 3);
    cr_assert(REIN_UNWRAP(check(&index)).tensor_bytes == 3);
    memory_file *const files[] = {&storage.memory, &shard_files[0].memory};
    for (size_t i = 0; i < 2; i++) {
        files[i]->failing_read = files[i]->read_count + 1;
        rein_result_safetensors_model result = check(&index);
        cr_assert(!result.is_ok && result.as.error.code == REIN_ERROR_INTERNAL_ERROR);
        files[i]->failing_read = 0;
    }
}

Test(check, refuses_a_workspace_that_is_too_small) {
    rein_safetensors_index index = accepted("{\"weight_map\":{\"a\":\"s1\"}}");
    make_shard(0, "{" U8("a", 0, 3) "}", 3);
    uint64_t needed = REIN_UNWRAP(rein_safetensors_index_check_workspace_bytes(&index));
    rein_workspace small = {check_space, needed - 1};
    cr_assert(!rein_safetensors_index_check(&index, shards, small).is_ok);
}

Test(check, accepts_an_index_without_tensors) {
    rein_safetensors_index index = accepted("{\"weight_map\":{}}");
    rein_workspace none = {NULL, 0};
    cr_assert(rein_safetensors_index_check(&index, NULL, none).is_ok);
}
