/* Integers and texts of the metadata. */
#include "gguf_case.h"

static gguf_writer writer;

typedef struct integer_row {
    uint32_t type;
    size_t bytes;
    uint64_t bits;
    bool is_negative;
    uint64_t magnitude;
} integer_row;

static const integer_row rows[] = {
    {REIN_GGUF_UINT8, 1, 0, false, 0},
    {REIN_GGUF_UINT8, 1, 200, false, 200},
    {REIN_GGUF_UINT8, 1, 255, false, 255},
    {REIN_GGUF_INT8, 1, 127, false, 127},
    {REIN_GGUF_INT8, 1, 0x80, true, 128},
    {REIN_GGUF_INT8, 1, 0xFF, true, 1},
    {REIN_GGUF_UINT16, 2, 60000, false, 60000},
    {REIN_GGUF_INT16, 2, 0x1234, false, 0x1234},
    {REIN_GGUF_INT16, 2, 0x8000, true, 32768},
    {REIN_GGUF_UINT32, 4, 4000000000, false, 4000000000},
    {REIN_GGUF_INT32, 4, 0xFFFFFFF9, true, 7},
    {REIN_GGUF_INT32, 4, 0x7FFFFFFF, false, 0x7FFFFFFF},
    {REIN_GGUF_UINT64, 8, UINT64_MAX, false, UINT64_MAX},
    {REIN_GGUF_INT64, 8, UINT64_MAX, true, 1},
    {REIN_GGUF_INT64, 8, UINT64_C(1) << 63, true, UINT64_C(1) << 63},
    {REIN_GGUF_BOOL, 1, 0, false, 0},
    {REIN_GGUF_BOOL, 1, 1, false, 1},
    {REIN_GGUF_BOOL, 1, 0xFE, false, 1},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static void expect_integer(const rein_gguf *gguf, const rein_gguf_entry *entry, uint64_t index,
                           const integer_row *row) {
    rein_gguf_integer integer = REIN_UNWRAP(rein_gguf_read_integer(gguf, entry, index));
    cr_assert(integer.is_negative == row->is_negative && integer.magnitude == row->magnitude,
              "type %u, bits %llx: %s%llu", row->type, (unsigned long long)row->bits,
              integer.is_negative ? "-" : "", (unsigned long long)integer.magnitude);
}

Test(integers, are_read_from_values_and_arrays) {
    put_head(&writer, 0, 2 * ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        char key[16];
        snprintf(key, sizeof key, "key %zu", i);
        put_key(&writer, key, rows[i].type);
        put_number(&writer, rows[i].bits, rows[i].bytes);
        snprintf(key, sizeof key, "array %zu", i);
        put_array_key(&writer, key, rows[i].type, 3);
        put_number(&writer, 1, rows[i].bytes);
        put_number(&writer, 1, rows[i].bytes);
        put_number(&writer, rows[i].bits, rows[i].bytes);
    }
    gguf_case c;
    rein_gguf gguf = gguf_case_accept(&c, &writer);
    for (size_t i = 0; i < ROWS; i++) {
        const integer_row one = {rows[i].type, 1, 1, false, 1};
        expect_integer(&gguf, &gguf.entries[2 * i], 0, &rows[i]);
        expect_integer(&gguf, &gguf.entries[2 * i + 1], 1, &one);
        expect_integer(&gguf, &gguf.entries[2 * i + 1], 2, &rows[i]);
    }
    gguf_case_free(&c);
}

static void expect_no_integer(const rein_gguf *gguf, const char *key, uint64_t index) {
    const rein_gguf_entry *entry = rein_gguf_find(gguf, key);
    rein_result_gguf_integer result = rein_gguf_read_integer(gguf, entry, index);
    expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(is_same_text(REIN_ERROR(result).foreign_text, key), "the error names %s", key);
    cr_assert(REIN_ERROR(result).numbers[0] == entry->value_offset, "%s", key);
}

/* A value of each kind that is not an integer, an array and a text. */
static rein_gguf read_others(gguf_case *c) {
    put_head(&writer, 0, 6);
    put_key(&writer, "f32", REIN_GGUF_FLOAT32);
    put_u32(&writer, 1);
    put_key(&writer, "f64", REIN_GGUF_FLOAT64);
    put_u64(&writer, 1);
    put_array_key(&writer, "texts", REIN_GGUF_STRING, 1);
    put_string(&writer, "abc");
    put_array_key(&writer, "empty", REIN_GGUF_UINT8, 0);
    put_u32_key(&writer, "one", 1);
    put_text_key(&writer, "text", "four");
    return gguf_case_accept(c, &writer);
}

Test(integers, are_refused_if_there_is_none) {
    gguf_case c;
    rein_gguf gguf = read_others(&c);
    expect_no_integer(&gguf, "f32", 0);
    expect_no_integer(&gguf, "f64", 0);
    expect_no_integer(&gguf, "texts", 0);
    expect_no_integer(&gguf, "text", 0);
    expect_no_integer(&gguf, "empty", 0);
    expect_no_integer(&gguf, "one", 1);
    expect_no_integer(&gguf, "one", UINT64_MAX);
    gguf_case_free(&c);
}

/* Entries that no reader returned. */
Test(integers, are_never_read_outside_the_file) {
    gguf_case c;
    rein_gguf gguf = read_others(&c);
    const rein_gguf_entry forged[] = {
        {.type = REIN_GGUF_UINT64, .count = 1, .value_offset = c.file.size_bytes - 7},
        {.type = REIN_GGUF_UINT64, .count = 1, .value_offset = UINT64_MAX},
        {.type = REIN_GGUF_UINT64, .count = UINT64_MAX, .value_offset = 8},
        {.type = (rein_gguf_value_type)13, .count = 1},
        {.type = (rein_gguf_value_type)-1, .count = 1},
        {.type = REIN_GGUF_ARRAY, .count = 1},
    };
    for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++) {
        rein_result_gguf_integer result =
            rein_gguf_read_integer(&gguf, &forged[i], forged[i].count - 1);
        expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
    }
    rein_result_gguf_integer result =
        rein_gguf_read_integer(&gguf, &forged[2], (UINT64_MAX - 7) / 8);
    expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(!c.memory.has_read_outside);
    gguf_case_free(&c);
}

Test(texts, are_cut_to_the_buffer) {
    gguf_case c;
    rein_gguf gguf = read_others(&c);
    const rein_gguf_entry *entry = rein_gguf_find(&gguf, "text");
    for (size_t capacity = 0; capacity <= 8; capacity++) {
        char buffer[9] = "########";
        uint64_t length = REIN_UNWRAP(rein_gguf_read_text(&gguf, entry, buffer, capacity));
        size_t kept = capacity > 4 ? 4 : capacity == 0 ? 0 : capacity - 1;
        cr_assert(length == 4, "capacity %zu", capacity);
        cr_assert(memcmp(buffer, "four", kept) == 0, "capacity %zu: %s", capacity, buffer);
        cr_assert(capacity == 0 || buffer[kept] == '\0', "capacity %zu: %s", capacity, buffer);
        for (size_t i = capacity == 0 ? 0 : kept + 1; i < 8; i++) {
            cr_assert(buffer[i] == '#', "capacity %zu: byte %zu", capacity, i);
        }
    }
    cr_assert(REIN_UNWRAP(rein_gguf_read_text(&gguf, entry, NULL, 8)) == 4, "the length alone");
    gguf_case_free(&c);
}

static void expect_no_text(const rein_gguf *gguf, const char *key) {
    char buffer[8] = "before";
    const rein_gguf_entry *entry = rein_gguf_find(gguf, key);
    rein_result_bytes result = rein_gguf_read_text(gguf, entry, buffer, sizeof buffer);
    expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(is_same_text(REIN_ERROR(result).foreign_text, key), "the error names %s", key);
    cr_assert(is_same_text(buffer, "before"), "the buffer is as before");
}

Test(texts, are_refused_if_there_is_none) {
    gguf_case c;
    rein_gguf gguf = read_others(&c);
    expect_no_text(&gguf, "one");
    expect_no_text(&gguf, "texts");
    gguf_case_free(&c);
}

/* The length of the text would reach past the end of the file. */
Test(texts, are_never_read_outside_the_file) {
    gguf_case c;
    rein_gguf gguf = read_others(&c);
    char buffer[1024] = "before";
    const uint64_t size = c.file.size_bytes;
    const uint64_t offsets[] = {size - 7, UINT64_MAX, rein_gguf_find(&gguf, "text")->value_offset};
    for (size_t i = 0; i < 3; i++) {
        const rein_gguf_entry forged = {.type = REIN_GGUF_STRING, .value_offset = offsets[i]};
        c.file.size_bytes = i == 2 ? offsets[i] + 8 : size; /* the file was cut since */
        rein_result_bytes result = rein_gguf_read_text(&gguf, &forged, buffer, sizeof buffer);
        expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
        cr_assert(is_same_text(buffer, "before") && !c.memory.has_read_outside);
    }
    gguf_case_free(&c);
}

Test(values, may_fail_to_be_read) {
    gguf_case c;
    rein_gguf gguf = read_others(&c);
    char buffer[8] = "before";
    for (uint64_t failing = 1; failing <= 2; failing++) {
        c.memory.read_count = 0;
        c.memory.failing_read = failing;
        rein_result_bytes text =
            rein_gguf_read_text(&gguf, rein_gguf_find(&gguf, "text"), buffer, sizeof buffer);
        expect_code(&REIN_ERROR(text), REIN_ERROR_INTERNAL_ERROR);
        cr_assert(is_same_text(buffer, "before"), "the buffer is as before");
    }
    c.memory.read_count = 0;
    c.memory.failing_read = 1;
    rein_result_gguf_integer one = rein_gguf_read_integer(&gguf, rein_gguf_find(&gguf, "one"), 0);
    expect_code(&REIN_ERROR(one), REIN_ERROR_INTERNAL_ERROR);
    gguf_case_free(&c);
}
