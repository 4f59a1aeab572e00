#include "host/models/json_text.h"

#include <string.h>

#include "host/models/json_reader.h"
#include "host/models/json_string.h"
#include "host/models/malformed.h"

/* Returns whether the byte is a character by itself. The texts have no control characters. */
static bool is_plain(unsigned char byte) {
    return byte < 0x80 && byte != '"' && byte != '\\';
}

/* Moves past equal bytes that are buffered and characters by themselves. Long names often have the
 * same beginning. */
static void skip_equal(json_reader *left, json_reader *right) {
    size_t left_size = (size_t)(left->limit - left->next);
    size_t right_size = (size_t)(right->limit - right->next);
    size_t most = left_size < right_size ? left_size : right_size;
    size_t size = 0;
    while (size < most && left->next[size] == right->next[size] && is_plain(left->next[size])) {
        size++;
    }
    left->next += size;
    right->next += size;
}

static rein_result_void compare_next(json_reader *left, json_reader *right, size_t *size,
                                     int *out_order) {
    char left_bytes[4] = "";
    char right_bytes[4] = "";
    if (!rein_i_json_read_character(left, left_bytes, size)) {
        return rein_result_void_fail(left->failure);
    }
    size_t right_size = 0;
    if (!rein_i_json_read_character(right, right_bytes, &right_size)) {
        return rein_result_void_fail(right->failure);
    }
    /* UTF-8: the first byte decides the length. */
    *out_order = *size == 0 ? 0 : memcmp(left_bytes, right_bytes, *size);
    return rein_done();
}

/* Starts reading the characters of a text. A byte of a text has at most 6 bytes in the file. */
static void open_text(json_text text, json_reader *reader, char *unused) {
    uint64_t left = text.file->size_bytes - text.text->offset;
    uint64_t most = text.text->size_bytes < left / 6 ? 6 * text.text->size_bytes + 1 : left;
    rein_i_json_reader_init(reader, text.file, text.text->offset, text.text->offset + most, unused,
                            1);
}

/* Compares texts of the same length in their files. */
static rein_result_void compare_in_files(json_text left, json_text right, int *out_order) {
    json_reader left_reader;
    json_reader right_reader;
    char unused = '\0';
    open_text(left, &left_reader, &unused);
    open_text(right, &right_reader, &unused);
    size_t size = 1;
    *out_order = 0;
    while (*out_order == 0 && size > 0) {
        skip_equal(&left_reader, &right_reader);
        REIN_TRY(rein_result_void, compare_next(&left_reader, &right_reader, &size, out_order));
    }
    return rein_done();
}

/* Compares texts with the same hash by their lengths, then by their bytes. */
static rein_result_void compare_texts(json_text left, json_text right, int *out_order) {
    uint64_t size = left.text->size_bytes;
    uint64_t right_size = right.text->size_bytes;
    *out_order = (size > right_size) - (size < right_size);
    if (*out_order != 0) {
        return rein_done();
    }
    if (size < REIN_SAFETENSORS_NAME_CAPACITY) {
        *out_order = memcmp(left.kept, right.kept, (size_t)size);
        return rein_done();
    }
    return compare_in_files(left, right, out_order);
}

static uint64_t hash(void *self, size_t index) {
    const json_texts *texts = self;
    return texts->at(texts->self, index).text->hash;
}

static int compare(void *self, size_t left, size_t right) {
    json_texts *texts = self;
    if (texts->has_failed) {
        return 0;
    }
    int order = 0;
    rein_result_void compared =
        compare_texts(texts->at(texts->self, left),
                      right == NAME_WANTED ? texts->wanted : texts->at(texts->self, right), &order);
    if (!compared.is_ok) {
        texts->has_failed = true;
        texts->failure = compared.as.error;
    }
    return order;
}

static name_list list_of(json_texts *texts) {
    return (name_list){texts->count, texts, hash, compare};
}

static rein_result_void end_of(const json_texts *texts) {
    return texts->has_failed ? rein_result_void_fail(texts->failure) : rein_done();
}

rein_result_void rein_i_json_texts_order(json_texts *texts, keyed_index *out_order,
                                         keyed_index *scratch) {
    const name_list list = list_of(texts);
    rein_i_names_order(&list, out_order, scratch);
    return end_of(texts);
}

rein_result_void rein_i_json_texts_check_unique(json_texts *texts, keyed_index *out_order,
                                                keyed_index *scratch) {
    const name_list list = list_of(texts);
    rein_i_names_order(&list, out_order, scratch);
    size_t again = rein_i_names_find_again(&list, out_order);
    REIN_TRY(rein_result_void, end_of(texts));
    if (again < texts->count) {
        json_text second = texts->at(texts->self, again);
        return rein_i_occurs_twice(REIN_HERE, second.text->offset - 1, second.kept);
    }
    return rein_done();
}

rein_result_void rein_i_json_texts_run_end(json_texts *texts, const keyed_index *order,
                                           size_t begin, size_t *out_end) {
    const name_list list = list_of(texts);
    *out_end = rein_i_names_run_end(&list, order, begin);
    return end_of(texts);
}

rein_result_void rein_i_json_texts_find(json_texts *texts, const keyed_index *order, json_text text,
                                        size_t *out_index) {
    const name_list list = list_of(texts);
    texts->wanted = text;
    size_t place = rein_i_names_find(&list, order, text.text->hash);
    *out_index = place < texts->count ? order[place].index : place;
    return end_of(texts);
}
