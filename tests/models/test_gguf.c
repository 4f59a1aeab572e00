#include "models/gguf.h"

#include "gguf_case.h"

enum { MANY = 3000 };

static gguf_writer writer;

/* Two keys and two tensors, the second with a type of blocks. */
static void put_sample(void) {
    put_head(&writer, 2, 2);
    put_text_key(&writer, "general.architecture", "llama");
    put_array_key(&writer, "sizes", REIN_GGUF_UINT16, 3);
    put_bytes(&writer, "\1\0\2\0\3\0", 6);
    put_tensor(&writer, "a", 2, (const uint64_t[]){5, 3}, 0, 0);
    put_tensor(&writer, "b", 1, (const uint64_t[]){96}, 8, 64);
}

Test(gguf, says_where_values_are) {
    put_sample();
    gguf_case c;
    rein_gguf gguf = gguf_case_accept(&c, &writer);
    cr_assert(gguf.version == 3 && gguf.alignment_bytes == 32 && gguf.file == &c.file);
    cr_assert(gguf.entry_count == 2);
    const rein_gguf_entry *text = &gguf.entries[0];
    cr_assert(is_same_text(text->key, "general.architecture") && text->key_bytes == 20);
    cr_assert(text->type == REIN_GGUF_STRING && !text->is_array && text->count == 1);
    cr_assert(text->value_offset == 24 + 8 + 20 + 4, "the length of the text is there");
    const rein_gguf_entry *sizes = &gguf.entries[1];
    cr_assert(is_same_text(sizes->key, "sizes"));
    cr_assert(sizes->type == REIN_GGUF_UINT16 && sizes->is_array && sizes->count == 3);
    cr_assert(memcmp(writer.bytes + sizes->value_offset, "\1\0\2\0\3\0", 6) == 0);
    gguf_case_free(&c);
}

Test(gguf, measures_tensors) {
    put_sample();
    gguf_case c;
    rein_gguf gguf = gguf_case_accept(&c, &writer);
    cr_assert(gguf.tensor_count == 2 && gguf.tensor_bytes == 60 + 102);
    cr_assert(gguf.data_offset % 32 == 0 && gguf.data_offset >= writer.length &&
              gguf.data_offset < writer.length + 32);
    const rein_gguf_tensor *a = &gguf.tensors[0];
    cr_assert(is_same_text(a->name, "a") && a->type == 0 && a->rank == 2);
    cr_assert(a->extents[0] == 5 && a->extents[1] == 3 && a->extents[2] == 1 && a->extents[3] == 1);
    cr_assert(a->element_count == 15 && a->size_bytes == 60 && a->offset_bytes == 0);
    const rein_gguf_tensor *b = &gguf.tensors[1];
    cr_assert(b->element_count == 96 && b->size_bytes == 102 && b->offset_bytes == 64);
    gguf_case_free(&c);
}

Test(gguf, may_hold_nothing) {
    put_head(&writer, 0, 0);
    gguf_case c;
    gguf_case_read(&c, writer.bytes, writer.length, writer.length);
    rein_gguf gguf = REIN_UNWRAP(c.result);
    cr_assert(gguf.entry_count == 0 && gguf.tensor_count == 0 && gguf.tensor_bytes == 0);
    cr_assert(gguf.data_offset == 24, "there is no padding without tensors");
    rein_result_gguf without_memory = rein_gguf_read(&c.file, (rein_workspace){NULL, 0});
    cr_assert(without_memory.is_ok, "nothing needs no workspace");
    gguf_case_free(&c);
}

Test(gguf, tensors_may_be_scalar_or_empty) {
    const uint64_t huge = UINT64_C(1) << 40;
    put_head(&writer, 4, 0);
    put_tensor(&writer, "scalar", 0, NULL, 0, 0);
    put_tensor(&writer, "empty", 3, (const uint64_t[]){huge, huge, 0}, 0, 32);
    put_tensor(&writer, "no blocks", 2, (const uint64_t[]){0, huge}, 2, 32);
    put_tensor(&writer, "", 4, (const uint64_t[]){1, 2, 3, 4}, 0, 32);
    gguf_case c;
    rein_gguf gguf = gguf_case_accept(&c, &writer);
    cr_assert(gguf.tensors[0].element_count == 1 && gguf.tensors[0].size_bytes == 4);
    cr_assert(gguf.tensors[1].element_count == 0 && gguf.tensors[1].size_bytes == 0);
    cr_assert(gguf.tensors[2].element_count == 0 && gguf.tensors[2].size_bytes == 0);
    cr_assert(gguf.tensors[3].element_count == 24 && gguf.tensor_bytes == 100);
    gguf_case_free(&c);
}

Test(gguf, keeps_the_stated_alignment) {
    put_head(&writer, 2, 1);
    put_u32_key(&writer, "general.alignment", 256);
    put_row(&writer, "a", 1, 0);
    put_row(&writer, "b", 1, 256);
    gguf_case c;
    rein_gguf gguf = gguf_case_accept(&c, &writer);
    cr_assert(gguf.alignment_bytes == 256 && gguf.data_offset == 256);
    gguf_case_free(&c);
}

Test(gguf, reads_version_2) {
    put_sample();
    writer.bytes[4] = 2;
    gguf_case c;
    cr_assert(gguf_case_accept(&c, &writer).version == 2);
    gguf_case_free(&c);
}

/* Keys that differ only behind their capacity, in their text or in their length. */
Test(gguf, tells_long_keys_apart) {
    char key[1000];
    memset(key, 'k', sizeof key);
    put_head(&writer, 0, 4);
    const size_t lengths[] = {999, 999, 128, 127};
    for (size_t i = 0; i < 4; i++) {
        key[998] = (char)('0' + i % 2);
        put_string_of(&writer, key, lengths[i]);
        put_u32(&writer, REIN_GGUF_BOOL);
        put_bytes(&writer, "\1", 1);
    }
    gguf_case c;
    rein_gguf gguf = gguf_case_accept(&c, &writer);
    for (size_t i = 0; i < 4; i++) {
        cr_assert(gguf.entries[i].key_bytes == lengths[i]);
        cr_assert(strlen(gguf.entries[i].key) == REIN_GGUF_KEY_CAPACITY - 1);
    }
    cr_assert(rein_gguf_find(&gguf, gguf.entries[0].key) == &gguf.entries[3],
              "a key of 127 bytes is found, not a longer one that begins with it");
    gguf_case_free(&c);
}

/* Values of all lengths, so that numbers and texts lie across the ends of buffers. */
Test(gguf, reads_long_headers) {
    static char text[MANY];
    memset(text, 't', sizeof text);
    put_head(&writer, 0, 300);
    for (uint32_t i = 0; i < 300; i++) {
        char key[16];
        snprintf(key, sizeof key, "key %u", i);
        put_array_key(&writer, key, REIN_GGUF_STRING, 2);
        put_string_of(&writer, text, i);
        put_string_of(&writer, text, MANY - i * 10);
    }
    gguf_case c;
    rein_gguf gguf = gguf_case_accept(&c, &writer);
    for (uint32_t i = 0; i < 300; i++) {
        char key[16];
        snprintf(key, sizeof key, "key %u", i);
        const rein_gguf_entry *entry = &gguf.entries[i];
        cr_assert(is_same_text(entry->key, key) && entry->count == 2, "%s", entry->key);
        cr_assert(writer.bytes[entry->value_offset] == i % 256, "%s", entry->key);
    }
    cr_assert(c.memory.read_count < 2 * writer.length / 2048, "pieces of a few KiB");
    gguf_case_free(&c);
}

Test(gguf, finds_keys_and_tensors) {
    put_head(&writer, MANY, MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        char name[16];
        snprintf(name, sizeof name, "key %u", i * 7919 % MANY);
        put_u32_key(&writer, name, i);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        char name[16];
        snprintf(name, sizeof name, "tensor %u", i * 7919 % MANY);
        put_row(&writer, name, 0, 0);
    }
    gguf_case c;
    rein_gguf gguf = gguf_case_accept(&c, &writer);
    cr_assert(rein_gguf_find(&gguf, "key 0") == &gguf.entries[0]);
    cr_assert(is_same_text(rein_gguf_find(&gguf, "key 2999")->key, "key 2999"));
    cr_assert(rein_gguf_find_tensor(&gguf, "tensor 0") == &gguf.tensors[0]);
    cr_assert(is_same_text(rein_gguf_find_tensor(&gguf, "tensor 2999")->name, "tensor 2999"));
    cr_assert(rein_gguf_find(&gguf, "key") == NULL && rein_gguf_find(&gguf, "key 3000") == NULL);
    cr_assert(rein_gguf_find_tensor(&gguf, "tensor") == NULL);
    gguf_case_free(&c);
}

Test(gguf, layouts_exist_for_types_of_the_format) {
    const uint32_t removed[] = {4, 5, 31, 32, 33, 36, 37, 38, 43, UINT32_MAX};
    for (size_t i = 0; i < sizeof removed / sizeof removed[0]; i++) {
        cr_assert(rein_gguf_type_find(removed[i]) == NULL, "type %u", removed[i]);
    }
    size_t count = 0;
    for (uint32_t type = 0; type < 256; type++) {
        const rein_gguf_type_layout *layout = rein_gguf_type_find(type);
        count += layout != NULL;
        cr_assert(layout == NULL || (layout->block_elements >= 1 && layout->block_bytes >= 1));
    }
    cr_assert(count == 35);
    /* Types that are newer than the files of the oracle. */
    const rein_gguf_type_layout *one_bit = rein_gguf_type_find(41);
    const rein_gguf_type_layout *two_bits = rein_gguf_type_find(42);
    cr_assert(one_bit->block_elements == 128 && one_bit->block_bytes == 2 + 128 / 8);
    cr_assert(two_bits->block_elements == 64 && two_bits->block_bytes == 2 + 64 / 4);
}

Test(workspace, is_linear_in_the_records) {
    put_head(&writer, 0, 0);
    gguf_case c;
    gguf_case_read(&c, writer.bytes, writer.length, UINT64_C(1) << 40);
    writer.bytes[10] = 1; /* 65536 tensors */
    uint64_t tensors = REIN_UNWRAP(rein_gguf_workspace_bytes(&c.file));
    writer.bytes[18] = 1; /* 65536 keys too */
    uint64_t both = REIN_UNWRAP(rein_gguf_workspace_bytes(&c.file));
    cr_assert(tensors == UINT64_C(65536) * 160 && both == UINT64_C(65536) * (128 + 168 + 32),
              "%llu and %llu", (unsigned long long)tensors, (unsigned long long)both);
    gguf_case_free(&c);
}

Test(workspace, is_refused_if_too_small) {
    put_sample();
    gguf_case c;
    gguf_case_accept(&c, &writer);
    uint64_t needed = REIN_UNWRAP(rein_gguf_workspace_bytes(&c.file));
    const rein_workspace wrong[] = {{c.workspace, needed - 1}, {c.workspace, 0}, {NULL, needed}};
    for (size_t i = 0; i < 3; i++) {
        rein_result_gguf result = rein_gguf_read(&c.file, wrong[i]);
        expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
        cr_assert(REIN_ERROR(result).numbers[1] == needed, "the error says how much is needed");
    }
    gguf_case_free(&c);
}

/* Writes a file with something of everything in each piece that is read. */
static void put_long_sample(void) {
    static char text[MANY];
    memset(text, 't', sizeof text);
    put_head(&writer, 100, 62);
    put_u32_key(&writer, "general.alignment", 8);
    for (uint32_t i = 0; i < 60; i++) {
        memcpy(text, (const char[]){(char)('0' + i), 'x'}, 2);
        put_string_of(&writer, text, 300 + i);
        put_u32(&writer, REIN_GGUF_ARRAY);
        put_u32(&writer, REIN_GGUF_STRING);
        put_u64(&writer, 2);
        put_string_of(&writer, text, 50 * i);
        put_string_of(&writer, text, i);
    }
    put_array_key(&writer, "numbers", REIN_GGUF_UINT8, 4100);
    put_bytes(&writer, text, MANY);
    put_bytes(&writer, text, 4100 - MANY);
    for (uint32_t i = 0; i < 100; i++) {
        char name[16];
        snprintf(name, sizeof name, "tensor %u", i);
        put_row(&writer, name, 2, UINT64_C(8) * i);
    }
}

/* Fails each read in turn, until none is left to fail. */
Test(reads, may_fail) {
    put_long_sample();
    gguf_case c;
    gguf_case_accept(&c, &writer);
    size_t needed = (size_t)REIN_UNWRAP(rein_gguf_workspace_bytes(&c.file));
    rein_result_gguf result = c.result;
    uint64_t failing = 0;
    do {
        failing++;
        c.memory.read_count = 0;
        c.memory.failing_read = failing;
        result = rein_gguf_read(&c.file, (rein_workspace){c.workspace, needed});
        cr_assert(result.is_ok || REIN_ERROR(result).code == REIN_ERROR_INTERNAL_ERROR, "read %llu",
                  (unsigned long long)failing);
    } while (!result.is_ok);
    cr_assert(failing == c.memory.read_count + 1 && failing > 1, "every read failed once");
    c.memory.read_count = 0;
    c.memory.failing_read = 1;
    rein_result_bytes refused = rein_gguf_workspace_bytes(&c.file);
    expect_code(&REIN_ERROR(refused), REIN_ERROR_INTERNAL_ERROR);
    gguf_case_free(&c);
}
