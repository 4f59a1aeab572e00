/* Files that break a rule of the format: the offset and the name in the error. */
#include "gguf_case.h"

enum { FULL = 24, MANY = 2000 };

static gguf_writer writer;

static void expect_refused_head(const char *head, size_t bytes, rein_error_code code,
                                uint64_t offset) {
    writer.length = 0;
    put_bytes(&writer, head, bytes);
    expect_refused_file(&writer, bytes, code, offset, "");
}

Test(head, is_that_of_gguf) {
    const char head[FULL + 1] = "GGUF\3\0\0\0";
    expect_refused_head("", 0, REIN_ERROR_INVALID_ARGUMENT, 0);
    expect_refused_head("GGU", 3, REIN_ERROR_INVALID_ARGUMENT, 0);
    expect_refused_head("GGUG", 4, REIN_ERROR_INVALID_ARGUMENT, 0);
    expect_refused_head(head, 7, REIN_ERROR_INVALID_ARGUMENT, 4);
    expect_refused_head(head, 15, REIN_ERROR_INVALID_ARGUMENT, 8);
    expect_refused_head(head, 23, REIN_ERROR_INVALID_ARGUMENT, 16);
}

Test(head, has_a_version_that_is_read) {
    expect_refused_head("GGUF\0\0\0\0", 8, REIN_ERROR_INVALID_ARGUMENT, 4);
    expect_refused_head("GGUF\1\0\0\0", 8, REIN_ERROR_UNSUPPORTED, 4);
    expect_refused_head("GGUF\4\0\0\0", 8, REIN_ERROR_UNSUPPORTED, 4);
    expect_refused_head("GGUF\0\0\0\3", 8, REIN_ERROR_UNSUPPORTED, 4);
    expect_refused_head("GGUF\0\0\0\2", 8, REIN_ERROR_UNSUPPORTED, 4);
}

static void expect_refused_counts(uint64_t tensors, uint64_t keys, uint64_t size_bytes,
                                  uint64_t offset) {
    put_head(&writer, tensors, keys);
    expect_refused_file(&writer, size_bytes, REIN_ERROR_INVALID_ARGUMENT, offset, "");
}

Test(head, has_counts_that_fit_in_the_file) {
    enum { LEFT = 24000 };
    expect_refused_counts(1001, 0, FULL + LEFT, 8);
    expect_refused_counts(UINT64_MAX, 0, FULL + LEFT, 8);
    expect_refused_counts(0, LEFT / 14 + 1, FULL + LEFT, 16);
    expect_refused_counts(0, UINT64_MAX, FULL + LEFT, 16);
    expect_refused_counts(1000, 1, FULL + LEFT, 16);
    /* The file has room, but the address space has none for the workspace. */
    expect_refused_counts(UINT64_C(1) << 55, 0, UINT64_MAX, 8);
    expect_refused_counts(0, UINT64_C(1) << 55, UINT64_MAX, 8);
    /* With room for each, the second tensor of zeros is at the wrong place. */
    expect_refused_counts(1000, 0, FULL + LEFT, FULL + 24 + 16);
}

Test(keys, have_a_text) {
    put_head(&writer, 0, 1);
    put_text_key(&writer, "", "value");
    expect_refused(&writer, FULL, "");
    put_head(&writer, 0, 1);
    put_string_of(&writer, "ab\0cd", 5);
    put_u32(&writer, REIN_GGUF_UINT32);
    put_u32(&writer, 1);
    expect_refused(&writer, FULL + 8 + 2, "ab");
}

Test(keys, have_no_nul_behind_their_capacity) {
    char key[700];
    char beginning[REIN_GGUF_KEY_CAPACITY] = {0};
    memset(key, 'k', sizeof key);
    memset(beginning, 'k', sizeof beginning - 1);
    key[699] = '\0';
    put_head(&writer, 0, 1);
    put_string_of(&writer, key, sizeof key);
    put_u32_key(&writer, "", 1);
    expect_refused(&writer, FULL + 8 + 699, beginning);
}

static void expect_refused_key_length(uint64_t length, uint64_t size_bytes) {
    put_head(&writer, 0, 1);
    put_u64(&writer, length);
    put_bytes(&writer, "key", 3);
    expect_refused_file(&writer, size_bytes, REIN_ERROR_INVALID_ARGUMENT, FULL, "");
}

Test(keys, end_within_the_file) {
    expect_refused_key_length(UINT64_C(1) << 63, 100);
    expect_refused_key_length(UINT64_MAX, 100);
    expect_refused_key_length(100 - FULL - 8 + 1, 100);
    expect_refused_key_length((UINT64_C(1) << 30) + 1, UINT64_C(1) << 40);
}

static void put_long_key(char last) {
    char key[600];
    memset(key, 'k', sizeof key);
    key[599] = last;
    put_string_of(&writer, key, sizeof key);
    put_u32(&writer, REIN_GGUF_ARRAY);
    put_u32(&writer, REIN_GGUF_UINT8);
    put_u64(&writer, 0);
}

Test(keys, occur_once) {
    put_head(&writer, 0, 3);
    put_u32_key(&writer, "a", 1);
    put_u32_key(&writer, "b", 1);
    uint64_t second = writer.length + 8;
    put_text_key(&writer, "a", "text");
    expect_refused(&writer, second, "a");
    char beginning[REIN_GGUF_KEY_CAPACITY] = {0};
    memset(beginning, 'k', sizeof beginning - 1);
    put_head(&writer, 0, 3);
    put_long_key('1');
    put_long_key('2');
    second = writer.length + 8;
    put_long_key('1');
    expect_refused(&writer, second, beginning);
}

static void write_key(char out_key[64], uint32_t number) {
    snprintf(out_key, 64, "%u is the first word, and then %u", number % 7, number);
}

/* The first key that was there before is reported, however many there are. */
Test(keys, occur_once_among_many) {
    char key[64];
    for (uint32_t again = 1; again < MANY; again += 97) {
        put_head(&writer, 0, MANY);
        uint64_t second = 0;
        for (uint32_t i = 0; i < MANY; i++) {
            bool is_again = i == again || i > MANY - 5;
            write_key(key, is_again ? again / 2 : i);
            second = i == again ? writer.length + 8 : second;
            put_u32_key(&writer, key, i);
        }
        write_key(key, again / 2);
        expect_refused(&writer, second, key);
    }
}

Test(values, have_a_type) {
    put_head(&writer, 0, 1);
    put_u32_key(&writer, "key", 1);
    writer.bytes[FULL + 8 + 3] = 13;
    expect_refused(&writer, FULL + 8 + 3, "key");
    put_head(&writer, 0, 1);
    put_array_key(&writer, "key", 13, 0);
    expect_refused(&writer, FULL + 8 + 3 + 4, "key");
    put_head(&writer, 0, 1);
    put_array_key(&writer, "key", REIN_GGUF_ARRAY, 0);
    expect_refused(&writer, FULL + 8 + 3 + 4, "key");
}

static void expect_refused_array(uint32_t type, uint64_t count) {
    put_head(&writer, 0, 1);
    put_array_key(&writer, "key", type, count);
    uint64_t offset = writer.length;
    put_u64(&writer, 0);
    expect_refused_file(&writer, writer.length, REIN_ERROR_INVALID_ARGUMENT, offset, "key");
}

Test(values, end_within_the_file) {
    expect_refused_array(REIN_GGUF_UINT8, 9);
    expect_refused_array(REIN_GGUF_UINT8, UINT64_MAX);
    expect_refused_array(REIN_GGUF_INT16, 5);
    expect_refused_array(REIN_GGUF_FLOAT32, (UINT64_C(1) << 62) + 1); /* 2^64 + 4 bytes */
    expect_refused_array(REIN_GGUF_FLOAT64, 2);
    expect_refused_array(REIN_GGUF_STRING, 2);
    expect_refused_array(REIN_GGUF_STRING, UINT64_C(1) << 61);
    put_head(&writer, 0, 1);
    put_key(&writer, "key", REIN_GGUF_UINT64);
    uint64_t offset = writer.length;
    put_u32(&writer, 1);
    expect_refused_file(&writer, writer.length, REIN_ERROR_INVALID_ARGUMENT, offset, "key");
}

static void expect_refused_string(uint64_t length, uint64_t size_bytes) {
    put_head(&writer, 0, 1);
    put_array_key(&writer, "key", REIN_GGUF_STRING, 2);
    put_string(&writer, "");
    uint64_t offset = writer.length;
    put_u64(&writer, length);
    expect_refused_file(&writer, size_bytes, REIN_ERROR_INVALID_ARGUMENT, offset, "key");
}

Test(values, have_strings_that_end_within_the_file) {
    expect_refused_string(UINT64_C(1) << 40, 100);
    expect_refused_string(UINT64_MAX, 100);
    expect_refused_string(100 - (FULL + 8 + 3 + 4 + 12 + 16) + 1, 100);
    expect_refused_string((UINT64_C(1) << 30) + 1, UINT64_C(1) << 40);
}

static void expect_refused_alignment(uint32_t alignment) {
    put_head(&writer, 0, 1);
    put_u32_key(&writer, "general.alignment", alignment);
    expect_refused(&writer, writer.length - 4, "general.alignment");
}

Test(alignment, is_a_power_of_two) {
    expect_refused_alignment(0);
    expect_refused_alignment(24);
    expect_refused_alignment(UINT32_MAX);
    put_head(&writer, 0, 1);
    put_key(&writer, "general.alignment", REIN_GGUF_UINT64);
    put_u64(&writer, 32);
    expect_refused(&writer, FULL + 8, "general.alignment");
    put_head(&writer, 0, 1);
    put_array_key(&writer, "general.alignment", REIN_GGUF_UINT32, 1);
    put_u32(&writer, 32);
    expect_refused(&writer, FULL + 8, "general.alignment");
}

/* Offsets of the fields of the info of a tensor "t" with one dimension, the first of the file. */
enum { RANK_AT = FULL + 9, TYPE_AT = RANK_AT + 4 + 8, OFFSET_AT = TYPE_AT + 4 };

static void put_first_tensor(uint32_t type, uint64_t extent, uint64_t offset) {
    put_head(&writer, 1, 0);
    put_tensor(&writer, "t", 1, &extent, type, offset);
}

Test(tensors, have_a_short_name) {
    char name[REIN_GGUF_NAME_CAPACITY + 1] = {0};
    memset(name, 'n', REIN_GGUF_NAME_CAPACITY);
    put_head(&writer, 1, 0);
    put_row(&writer, name, 1, 0);
    expect_refused(&writer, FULL, "");
    name[REIN_GGUF_NAME_CAPACITY - 1] = '\0';
    put_head(&writer, 1, 0);
    put_row(&writer, name, 1, 0);
    gguf_case c;
    cr_assert(is_same_text(gguf_case_accept(&c, &writer).tensors[0].name, name), "63 bytes");
    gguf_case_free(&c);
    writer.bytes[FULL + 8 + 5] = '\0';
    expect_refused(&writer, FULL + 8 + 5, "nnnnn");
}

Test(tensors, have_at_most_four_dimensions) {
    const uint64_t extents[] = {1, 1, 1, 1, 1};
    put_head(&writer, 1, 0);
    put_tensor(&writer, "t", 5, extents, 0, 0);
    expect_refused(&writer, RANK_AT, "t");
}

Test(tensors, have_a_type) {
    const uint32_t wrong[] = {4, 5, 31, 38, 43, 99, UINT32_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        put_first_tensor(wrong[i], 256, 0);
        expect_refused(&writer, TYPE_AT, "t");
    }
}

Test(tensors, have_rows_of_whole_blocks) {
    put_first_tensor(8, 33, 0);
    expect_refused(&writer, TYPE_AT, "t");
    put_first_tensor(12, 128, 0);
    expect_refused(&writer, TYPE_AT, "t");
    put_head(&writer, 1, 0);
    put_tensor(&writer, "t", 0, NULL, 8, 0);
    expect_refused(&writer, TYPE_AT - 8, "t");
}

static void expect_refused_extents(uint64_t first, uint64_t second, uint32_t type,
                                   uint64_t offset) {
    const uint64_t extents[] = {first, second};
    put_head(&writer, 1, 0);
    put_tensor(&writer, "t", 2, extents, type, 0);
    expect_refused_file(&writer, UINT64_C(1) << 62, REIN_ERROR_INVALID_ARGUMENT, offset, "t");
}

Test(tensors, have_a_size_that_can_be_counted) {
    enum { TYPE_OF_TWO_AT = TYPE_AT + 8 };
    expect_refused_extents(UINT64_C(1) << 32, UINT64_C(1) << 32, 0, TYPE_OF_TWO_AT);
    expect_refused_extents(UINT64_C(1) << 63, 3, 24, TYPE_OF_TWO_AT);
    expect_refused_extents(UINT64_C(1) << 40, UINT64_C(1) << 22, 28, TYPE_OF_TWO_AT);
    /* Can be counted, but no file is as large. */
    expect_refused_extents(UINT64_C(1) << 40, UINT64_C(1) << 23, 24, UINT64_C(1) << 62);
    expect_refused_extents(UINT64_MAX, 1, 24, UINT64_C(1) << 62);
}

Test(tensors, follow_each_other_without_gap) {
    put_first_tensor(0, 1, 32);
    expect_refused(&writer, OFFSET_AT, "t");
    const uint64_t wrong[] = {0, 32, 63, 65, 96, UINT64_C(1) << 63, UINT64_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        put_head(&writer, 2, 0);
        put_row(&writer, "a", 9, 0);
        put_row(&writer, "b", 9, wrong[i]);
        expect_refused(&writer, writer.length - 8, "b");
    }
}

/* Behind a tensor that ends at 2^64 no offset is right. */
Test(tensors, do_not_follow_the_largest_offset) {
    const uint64_t extent = UINT64_MAX;
    put_head(&writer, 2, 0);
    put_tensor(&writer, "a", 1, &extent, 24, 0);
    put_row(&writer, "b", 1, UINT64_MAX);
    expect_refused_file(&writer, UINT64_MAX, REIN_ERROR_INVALID_ARGUMENT, UINT64_MAX, "a");
    put_head(&writer, 2, 0);
    put_tensor(&writer, "a", 1, &extent, 24, 0);
    put_row(&writer, "b", 1, 0);
    expect_refused_file(&writer, UINT64_MAX, REIN_ERROR_INVALID_ARGUMENT, writer.length - 8, "b");
}

Test(tensors, have_different_names) {
    put_head(&writer, 4, 0);
    put_row(&writer, "a", 1, 0);
    put_row(&writer, "b", 1, 32);
    uint64_t second = writer.length + 8;
    put_tensor(&writer, "a", 0, NULL, 0, 64);
    put_row(&writer, "b", 1, 96);
    expect_refused(&writer, second, "a");
}

Test(tensors, end_within_the_file) {
    put_head(&writer, 2, 0);
    put_row(&writer, "a", 1, 0);
    put_row(&writer, "b", 3, 32);
    uint64_t data = (writer.length + 31) / 32 * 32;
    gguf_case c;
    gguf_case_read(&c, writer.bytes, writer.length, data + 32 + 12);
    cr_assert(c.result.is_ok, "the last tensor needs no padding");
    gguf_case_free(&c);
    const struct {
        uint64_t size_bytes;
        const char *name;
    } cut[] = {
        {data + 32 + 11, "b"}, {data + 3, "a"}, {data, "a"}, {data - 1, ""}, {writer.length, ""}};
    for (size_t i = 0; i < sizeof cut / sizeof cut[0]; i++) {
        expect_refused_file(&writer, cut[i].size_bytes, REIN_ERROR_INVALID_ARGUMENT,
                            cut[i].size_bytes, cut[i].name);
    }
}

/* Even a tensor without data has a place. */
Test(tensors, begin_within_the_file) {
    put_head(&writer, 1, 1);
    put_u32_key(&writer, "general.alignment", UINT32_C(1) << 31);
    put_row(&writer, "t", 0, 0);
    expect_refused_file(&writer, 4096, REIN_ERROR_INVALID_ARGUMENT, 4096, "");
}

/* The header ends at 2^64 - 1, with a tensor of zeros. */
Test(tensors, begin_where_an_offset_can_be_counted) {
    put_head(&writer, 1, 1);
    put_array_key(&writer, "numbers", REIN_GGUF_UINT8, 0);
    writer.length -= 8;
    put_u64(&writer, UINT64_MAX - (writer.length + 8) - 24);
    expect_refused_file(&writer, UINT64_MAX, REIN_ERROR_INVALID_ARGUMENT, UINT64_MAX, "");
}

/* Whatever is missing at the end, the file is refused at an offset within it. */
Test(cut, is_refused_at_every_byte) {
    put_head(&writer, 2, 4);
    put_text_key(&writer, "text", "value");
    put_array_key(&writer, "texts", REIN_GGUF_STRING, 2);
    put_string(&writer, "a");
    put_string(&writer, "b");
    put_array_key(&writer, "numbers", REIN_GGUF_INT64, 2);
    put_u64(&writer, 1);
    put_u64(&writer, 2);
    put_u32_key(&writer, "number", 1);
    put_row(&writer, "a", 2, 0);
    put_row(&writer, "b", 2, 32);
    size_t data = (writer.length + 31) / 32 * 32;
    for (uint64_t size = 0; size < data + 32 + 8; size++) {
        gguf_case c;
        gguf_case_read(&c, writer.bytes, writer.length, size);
        expect_code(&REIN_ERROR(c.result), REIN_ERROR_INVALID_ARGUMENT);
        cr_assert(REIN_ERROR(c.result).numbers[0] <= size, "of %llu bytes",
                  (unsigned long long)size);
        gguf_case_free(&c);
    }
}
