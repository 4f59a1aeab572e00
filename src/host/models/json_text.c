#include "host/models/json_text.h"

#include <string.h>

#include "host/models/json_reader.h"
#include "host/models/json_string.h"
#include "host/models/malformed.h"

static int compare_numbers(uint64_t left, uint64_t right) {
    return left < right ? -1 : left > right;
}

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

rein_result_void rein_i_json_text_compare(json_text left, json_text right, int *out_order) {
    *out_order = compare_numbers(left.text->hash, right.text->hash);
    if (*out_order == 0) {
        *out_order = compare_numbers(left.text->size_bytes, right.text->size_bytes);
    }
    if (*out_order != 0) {
        return rein_done();
    }
    if (left.text->size_bytes < REIN_SAFETENSORS_NAME_CAPACITY) {
        *out_order = memcmp(left.kept, right.kept, (size_t)left.text->size_bytes);
        return rein_done();
    }
    return compare_in_files(left, right, out_order);
}

static rein_result_void compare_items(const json_texts *texts, keyed_index left, keyed_index right,
                                      int *out_order) {
    *out_order = compare_numbers(left.key, right.key);
    if (*out_order != 0) {
        return rein_done();
    }
    return rein_i_json_text_compare(texts->at(texts->self, left.index),
                                    texts->at(texts->self, right.index), out_order);
}

/* Restores the heap, whose greatest item is the first, after its item at `root` was replaced. */
static rein_result_void sift_down(const json_texts *texts, keyed_index *heap, size_t root,
                                  size_t count) {
    keyed_index item = heap[root];
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        int order = 0;
        if (child + 1 < count) {
            REIN_TRY(rein_result_void, compare_items(texts, heap[child], heap[child + 1], &order));
            child += order < 0 ? 1 : 0;
        }
        REIN_TRY(rein_result_void, compare_items(texts, item, heap[child], &order));
        if (order >= 0) {
            break;
        }
        heap[root] = heap[child];
        root = child;
    }
    heap[root] = item;
    return rein_done();
}

rein_result_void rein_i_json_texts_sort(const json_texts *texts, keyed_index *out_order) {
    for (size_t i = 0; i < texts->count; i++) {
        out_order[i] = (keyed_index){texts->at(texts->self, i).text->hash, i};
    }
    for (size_t root = texts->count / 2; root > 0; root--) {
        REIN_TRY(rein_result_void, sift_down(texts, out_order, root - 1, texts->count));
    }
    for (size_t last = texts->count; last > 1; last--) {
        keyed_index greatest = out_order[0];
        out_order[0] = out_order[last - 1];
        REIN_TRY(rein_result_void, sift_down(texts, out_order, 0, last - 1));
        out_order[last - 1] = greatest;
    }
    return rein_done();
}

rein_result_void rein_i_json_texts_check_unique(const json_texts *texts, keyed_index *out_order) {
    REIN_TRY(rein_result_void, rein_i_json_texts_sort(texts, out_order));
    for (size_t i = 1; i < texts->count; i++) {
        int order = 0;
        size_t left = out_order[i - 1].index;
        size_t right = out_order[i].index;
        REIN_TRY(rein_result_void, compare_items(texts, out_order[i - 1], out_order[i], &order));
        if (order == 0) {
            json_text second = texts->at(texts->self, left > right ? left : right);
            return rein_i_occurs_twice(REIN_HERE, second.text->offset - 1, second.kept);
        }
    }
    return rein_done();
}

rein_result_void rein_i_json_texts_find(const json_texts *texts, const keyed_index *order,
                                        json_text text, size_t *out_index) {
    size_t begin = 0;
    size_t end = texts->count;
    *out_index = texts->count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        int comparison = 0;
        REIN_TRY(rein_result_void,
                 rein_i_json_text_compare(texts->at(texts->self, order[middle].index), text,
                                          &comparison));
        if (comparison == 0) {
            *out_index = order[middle].index;
            return rein_done();
        }
        begin = comparison < 0 ? middle + 1 : begin;
        end = comparison < 0 ? end : middle;
    }
    return rein_done();
}
