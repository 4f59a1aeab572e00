/* Tensors of a model and their data: in raw form, in typed fields, in other files. */
#include "onnx_case.h"

static const rein_onnx *read_tensor(message tensor) {
    static onnx_case subject;
    message graph = {0};
    put_message(&graph, GRAPH_INITIALIZER, tensor);
    read_graph(graph, &subject);
    return &subject.onnx;
}

static void refuse_tensor(message tensor, rein_error_code code) {
    expect_field_refused(GRAPH_INITIALIZER, tensor, code, "w");
}

static void refuse_invalid(message tensor) {
    refuse_tensor(tensor, REIN_ERROR_INVALID_ARGUMENT);
}

/* Bits of each element type, by its number; 0 for strings. */
static const uint32_t bits[] = {0,  32,  8,  8, 16, 16, 32, 64, 0, 8, 16, 64, 32, 64,
                                64, 128, 16, 8, 8,  8,  8,  4,  4, 4, 8,  2,  2};

/* The field with the data of each element type. */
static const uint64_t data_fields[] = {0, 4,  5, 5, 5, 5, 5, 7, 6, 5, 5, 10, 11, 11,
                                       4, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5,  5};

enum { TYPE_COUNT = 27, COMPLEX64 = 14, COMPLEX128 = 15 };

static uint64_t bytes_of(uint64_t type, uint64_t elements) {
    return (bits[type] * elements + 7) / 8;
}

Test(onnx_tensor, raw_data_of_every_type) {
    for (uint64_t type = 1; type < TYPE_COUNT; type++) {
        for (int64_t extent = 1; extent < 10 && type != STRING; extent++) {
            size_t size = bytes_of(type, (uint64_t)extent);
            const rein_onnx *onnx = read_tensor(make_tensor("w", type, extent, size));
            cr_assert(onnx->weights[type].size_bytes == size, "type %d", (int)type);
            cr_assert(onnx->weights[type].element_count == (uint64_t)extent);
            refuse_invalid(make_tensor("w", type, extent, size + 1));
            refuse_invalid(make_tensor("w", type, extent, size - 1));
        }
    }
}

/* Entries of the data field for a number of elements. */
static uint64_t entries_of(uint64_t type, uint64_t elements) {
    bool is_complex = type == COMPLEX64 || type == COMPLEX128;
    uint64_t per_entry = bits[type] == 0 || bits[type] >= 8 ? 1 : 8 / bits[type];
    return is_complex ? 2 * elements : (elements + per_entry - 1) / per_entry;
}

/* Adds entries to a tensor: each in a field of its own, or all in a block. */
static void put_entries(message *tensor, uint64_t field, uint64_t count, bool is_packed) {
    static const unsigned char zeros[8];
    message block = {0};
    unsigned wire = field == TENSOR_FLOATS    ? WIRE_FIXED32
                    : field == TENSOR_DOUBLES ? WIRE_FIXED64
                    : field == TENSOR_STRINGS ? WIRE_BLOCK
                                              : WIRE_VARINT;
    size_t size = wire == WIRE_FIXED32 ? 4 : wire == WIRE_FIXED64 ? 8 : 1;
    for (uint64_t entry = 0; entry < count; entry++) {
        if (is_packed) {
            put_bytes(&block, zeros, size);
        } else {
            put_tag(tensor, field, wire);
            put_bytes(tensor, zeros, size);
        }
    }
    if (is_packed) {
        put_message(tensor, field, block);
    }
}

static message make_typed(uint64_t type, int64_t extent, uint64_t count, bool is_packed) {
    message tensor = make_tensor_head("w", type, &extent, 1);
    put_entries(&tensor, data_fields[type], count, is_packed);
    return tensor;
}

Test(onnx_tensor, typed_data_of_every_type) {
    for (uint64_t type = 1; type < TYPE_COUNT; type++) {
        for (int packed = 0; packed < (type == STRING ? 1 : 2); packed++) {
            uint64_t count = entries_of(type, 9);
            const rein_onnx *onnx = read_tensor(make_typed(type, 9, count, packed == 1));
            cr_assert(onnx->weights[type].element_count == 9, "type %d", (int)type);
            cr_assert(onnx->weights[type].size_bytes == bytes_of(type, 9), "type %d", (int)type);
            refuse_invalid(make_typed(type, 9, count - 1, packed == 1));
            refuse_invalid(make_typed(type, 9, count + 1, packed == 1));
        }
    }
}

Test(onnx_tensor, texts_count_with_their_bytes) {
    const int64_t extents[] = {1, 3};
    message tensor = make_tensor_head("w", STRING, extents, 2);
    put_text(&tensor, TENSOR_STRINGS, "one");
    put_text(&tensor, TENSOR_STRINGS, "");
    put_text(&tensor, TENSOR_STRINGS, "three");
    const rein_onnx *onnx = read_tensor(tensor);
    cr_assert(onnx->weights[STRING].size_bytes == 8 && onnx->weights_bytes.value == 8);
    cr_assert(onnx->parameter_count == 3);
}

Test(onnx_tensor, a_scalar_has_one_element) {
    message tensor = make_tensor_head("w", FLOAT, NULL, 0);
    put_zeros(&tensor, TENSOR_RAW, 4);
    cr_assert(read_tensor(tensor)->weights_bytes.value == 4);
}

Test(onnx_tensor, an_empty_tensor_needs_no_data) {
    const int64_t extents[] = {INT64_MAX, 0, INT64_MAX};
    cr_assert(read_tensor(make_tensor_head("w", FLOAT, extents, 3))->weights_bytes.value == 0);
    refuse_invalid(make_tensor_head("w", FLOAT, extents, 1));
    const int64_t one = 1;
    refuse_invalid(make_tensor_head("w", FLOAT, &one, 1));
}

Test(onnx_tensor, packed_dimensions) {
    message dims = {0};
    message tensor = {0};
    put_varint(&dims, 300);
    put_varint(&dims, 2);
    put_message(&tensor, TENSOR_DIMS, dims);
    put_integer(&tensor, TENSOR_TYPE, UINT8);
    put_zeros(&tensor, TENSOR_RAW, 600);
    cr_assert(read_tensor(tensor)->weights_bytes.value == 600);
}

Test(onnx_tensor, sizes_that_do_not_fit_are_refused) {
    const int64_t extents[] = {INT64_MAX, 3, 1};
    const int64_t negative = -1;
    refuse_invalid(make_tensor_head("w", UINT8, extents, 2));
    refuse_invalid(make_tensor_head("w", DOUBLE, extents, 1));
    refuse_invalid(make_tensor_head("w", COMPLEX128, extents, 1));
    refuse_invalid(make_tensor_head("w", UINT8, &negative, 1));
    const int64_t negative_and_zero[] = {-1, 0};
    refuse_invalid(make_tensor_head("w", UINT8, negative_and_zero, 2));
}

Test(onnx_tensor, types_that_are_not_known_are_refused) {
    refuse_invalid(make_tensor("w", 0, 1, 1));
    refuse_tensor(make_tensor("w", TYPE_COUNT, 1, 1), REIN_ERROR_UNSUPPORTED);
    refuse_tensor(make_tensor("w", UINT64_MAX, 1, 1), REIN_ERROR_UNSUPPORTED);
    message segment = {0};
    message tensor = make_tensor("w", UINT8, 1, 1);
    put_message(&tensor, TENSOR_SEGMENT, segment);
    refuse_tensor(tensor, REIN_ERROR_UNSUPPORTED);
}

Test(onnx_tensor, data_are_in_one_place) {
    message tensor = make_typed(FLOAT, 2, 2, true);
    put_zeros(&tensor, TENSOR_RAW, 8);
    refuse_invalid(tensor);
    tensor = make_typed(FLOAT, 2, 2, true);
    put_zeros(&tensor, TENSOR_RAW, 0);
    cr_assert(read_tensor(tensor)->weights_bytes.value == 8, "empty raw data are none");
    tensor = make_typed(FLOAT, 2, 1, true);
    put_entries(&tensor, TENSOR_INT32S, 1, true);
    refuse_invalid(tensor);
    const int64_t two = 2;
    tensor = make_tensor_head("w", FLOAT, &two, 1);
    put_entries(&tensor, TENSOR_INT32S, 1, true);
    put_entries(&tensor, TENSOR_FLOATS, 1, true);
    refuse_invalid(tensor);
    tensor = make_typed(FLOAT, 2, 2, true);
    put_entries(&tensor, TENSOR_INT32S, 0, true);
    cr_assert(read_tensor(tensor)->weights_bytes.value == 8, "an empty field is none");
    const int64_t extent = 1;
    tensor = make_tensor_head("w", FLOAT, &extent, 1);
    put_entries(&tensor, TENSOR_DOUBLES, 1, true);
    refuse_invalid(tensor);
    refuse_invalid(make_tensor("w", STRING, 1, 1));
}

Test(onnx_tensor, packed_numbers_are_whole) {
    const int64_t extent = 1;
    message graph = {0};
    message tensor = make_tensor_head("w", FLOAT, &extent, 1);
    put_zeros(&tensor, TENSOR_FLOATS, 5);
    put_message(&graph, GRAPH_INITIALIZER, tensor);
    onnx_case subject;
    rein_result_onnx onnx = try_model(make_model(graph), &subject);
    cr_assert(!onnx.is_ok && onnx.as.error.numbers[1] == 5, "five bytes are not floats");
    tensor = make_tensor_head("w", DOUBLE, &extent, 1);
    put_zeros(&tensor, TENSOR_DOUBLES, 9);
    graph.size = 0;
    put_message(&graph, GRAPH_INITIALIZER, tensor);
    onnx = try_model(make_model(graph), &subject);
    cr_assert(!onnx.is_ok && onnx.as.error.numbers[1] == 9, "nine bytes are not doubles");
    tensor = make_tensor_head("w", INT64, &extent, 1);
    put_block(&tensor, TENSOR_INT64S, "\x80", 1);
    graph.size = 0;
    put_message(&graph, GRAPH_INITIALIZER, tensor);
    onnx = try_model(make_model(graph), &subject);
    cr_assert(!onnx.is_ok, "an integer that is cut off");
    expect_code(&onnx.as.error, REIN_ERROR_INVALID_ARGUMENT);
}

static void put_entry(message *tensor, const char *key, const char *value) {
    message entry = {0};
    put_text(&entry, 1, key);
    put_text(&entry, 2, value);
    put_message(tensor, TENSOR_EXTERNAL, entry);
}

/* Makes an external tensor. A text that is NULL is left out. */
static message make_external(const char *location, const char *offset, const char *length) {
    const int64_t extent = 10;
    message tensor = make_tensor_head("w", FLOAT, &extent, 1);
    put_integer(&tensor, TENSOR_LOCATION, 1);
    put_entry(&tensor, "checksum", "0123");
    if (location != NULL) {
        put_entry(&tensor, "location", location);
    }
    if (offset != NULL) {
        put_entry(&tensor, "offset", offset);
    }
    if (length != NULL) {
        put_entry(&tensor, "length", length);
    }
    return tensor;
}

Test(onnx_tensor, external_files_have_a_least_size) {
    onnx_case subject;
    message graph = {0};
    const char *const offsets[] = {"4096", "0", NULL};
    const char *const locations[] = {"w.bin", "folder/v.bin", "w.bin"};
    for (size_t index = 0; index < 3; index++) {
        const char name[] = {(char)('a' + (char)index), '\0'};
        message named = make_tensor_head(name, FLOAT, (const int64_t[]){10}, 1);
        put_integer(&named, TENSOR_LOCATION, 1);
        put_entry(&named, "location", locations[index]);
        if (offsets[index] != NULL) {
            put_entry(&named, "offset", offsets[index]);
        }
        put_message(&graph, GRAPH_INITIALIZER, named);
    }
    read_graph(graph, &subject);
    const rein_onnx *onnx = &subject.onnx;
    cr_assert(onnx->weights_bytes.value == 120 && onnx->external_file_count == 2);
    cr_assert(text_is(onnx->external_files[0].location, "w.bin"), "the first that is named");
    cr_assert(onnx->external_files[0].size_bytes == 4136);
    cr_assert(onnx->external_files[0].tensor_count == 2);
    cr_assert(text_is(onnx->external_files[1].location, "folder/v.bin"));
    cr_assert(onnx->external_files[1].size_bytes == 40);
    cr_assert(onnx->external_files[1].tensor_count == 1);
}

Test(onnx_tensor, numbers_of_external_data_are_checked) {
    cr_assert(read_tensor(make_external("w", "7", "40"))->external_files[0].size_bytes == 47);
    refuse_invalid(make_external("w", NULL, "39"));
    refuse_invalid(make_external("w", NULL, "41"));
    refuse_invalid(make_external("w", "18446744073709551615", NULL));
    const char *const numbers[] = {
        "", "-1", "+1", "1 ", "0x1", "18446744073709551616", "000000000000000000001"};
    for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++) {
        onnx_case subject;
        message graph = {0};
        put_message(&graph, GRAPH_INITIALIZER, make_external("w", numbers[index], NULL));
        rein_result_onnx onnx = try_model(make_model(graph), &subject);
        cr_assert(!onnx.is_ok, "'%s' is refused", numbers[index]);
        expect_code(&onnx.as.error, REIN_ERROR_INVALID_ARGUMENT);
        cr_assert(is_same_text(onnx.as.error.foreign_text, numbers[index]));
    }
}

Test(onnx_tensor, external_data_are_stated_once) {
    const char *const keys[] = {"location", "offset", "length"};
    for (size_t index = 0; index < 3; index++) {
        onnx_case subject;
        message graph = {0};
        message tensor = make_external("w", "0", "40");
        put_entry(&tensor, keys[index], "0");
        put_message(&graph, GRAPH_INITIALIZER, tensor);
        rein_result_onnx onnx = try_model(make_model(graph), &subject);
        cr_assert(!onnx.is_ok, "a second %s is refused", keys[index]);
        cr_assert(is_same_text(onnx.as.error.foreign_text, keys[index]));
    }
}

Test(onnx_tensor, locations_are_plain_relative_paths) {
    const char *const good[] = {"w", "a/b/c.bin", "..w", "w..", "...", "a/.b", "./w", "w*"};
    for (size_t index = 0; index < sizeof good / sizeof good[0]; index++) {
        const rein_onnx *onnx = read_tensor(make_external(good[index], NULL, NULL));
        cr_assert(text_is(onnx->external_files[0].location, good[index]));
    }
    const char *const bad[] = {"",     "/w", "..",   "../w", "a/../w", "a/..",
                               "a//w", "a/", "a\\w", "C:w",  "a\nw",   "a\x7Fw"};
    for (size_t index = 0; index < sizeof bad / sizeof bad[0]; index++) {
        onnx_case subject;
        message graph = {0};
        put_message(&graph, GRAPH_INITIALIZER, make_external(bad[index], NULL, NULL));
        rein_result_onnx onnx = try_model(make_model(graph), &subject);
        cr_assert(!onnx.is_ok, "'%s' is refused", bad[index]);
        expect_code(&onnx.as.error, REIN_ERROR_INVALID_ARGUMENT);
    }
    message graph = {0};
    message entry = {0};
    message tensor = make_external(NULL, NULL, NULL);
    put_text(&entry, 1, "location");
    put_block(&entry, 2, "a\0b", 3);
    put_message(&tensor, TENSOR_EXTERNAL, entry);
    put_message(&graph, GRAPH_INITIALIZER, tensor);
    onnx_case subject;
    cr_assert(!try_model(make_model(graph), &subject).is_ok, "a NUL is refused");
}

Test(onnx_tensor, external_data_exclude_others) {
    refuse_invalid(make_external(NULL, NULL, NULL));
    message tensor = make_external("w", NULL, NULL);
    put_zeros(&tensor, TENSOR_RAW, 40);
    refuse_invalid(tensor);
    tensor = make_external("w", NULL, NULL);
    put_entries(&tensor, TENSOR_FLOATS, 10, true);
    refuse_invalid(tensor);
    const int64_t extent = 1;
    tensor = make_tensor_head("w", STRING, &extent, 1);
    put_integer(&tensor, TENSOR_LOCATION, 1);
    put_entry(&tensor, "location", "w");
    refuse_invalid(tensor);
    tensor = make_tensor_head("w", UINT8, &extent, 1);
    put_entry(&tensor, "location", "w");
    put_integer(&tensor, TENSOR_LOCATION, 2);
    refuse_invalid(tensor);
    tensor = make_tensor("w", UINT8, 1, 1);
    put_entry(&tensor, "location", "w");
    cr_assert(read_tensor(tensor)->external_file_count == 0, "ignored, as the data are here");
}

Test(onnx_tensor, long_names_are_cut_in_errors) {
    char name[400];
    char shown[REIN_ERROR_FOREIGN_TEXT_CAPACITY];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    message graph = {0};
    onnx_case subject;
    put_message(&graph, GRAPH_INITIALIZER, make_tensor(name, UINT8, 1, 2));
    rein_result_onnx onnx = try_model(make_model(graph), &subject);
    cr_assert(!onnx.is_ok, "refused");
    memcpy(shown, onnx.as.error.foreign_text, sizeof shown);
    cr_assert(strlen(shown) < sizeof shown && strncmp(shown, name, 32) == 0);
    cr_assert(strstr(shown, "\xE2\x80\xA6") != NULL, "an ellipsis shows that it was cut");
}
