#include "host/models/onnx_names.h"

#include <string.h>

int rein_i_onnx_text_compare(rein_onnx_text left, rein_onnx_text right) {
    if (left.length != right.length) {
        return (left.length > right.length) - (left.length < right.length);
    }
    return memcmp(left.bytes, right.bytes, left.length);
}

/* A polynomial hash. An attacker can build names with the same hash. They only have to be sorted by
 * their bytes then. */
static uint64_t hash_of(rein_onnx_text name) {
    uint64_t hash = name.length;
    for (size_t index = 0; index < name.length; index++) {
        hash = hash * UINT64_C(0x9E3779B97F4A7C15) + (unsigned char)name.bytes[index];
    }
    return hash;
}

static bool comes_first(const rein_onnx_text *names, const keyed_index *left,
                        const keyed_index *right) {
    return rein_i_onnx_text_compare(names[left->index], names[right->index]) <= 0;
}

/* Merges the sorted parts [0, middle) and [middle, count) of `from` into `to`. */
static void merge(const rein_onnx_text *names, const keyed_index *from, size_t middle, size_t count,
                  keyed_index *to) {
    size_t left = 0;
    size_t right = middle;
    for (size_t at = 0; at < count; at++) {
        bool takes_left =
            left < middle && (right == count || comes_first(names, &from[left], &from[right]));
        to[at] = takes_left ? from[left++] : from[right++];
    }
}

/* Sorts by the bytes of the names; stable. */
static void sort_by_bytes(const rein_onnx_text *names, keyed_index *items, size_t count,
                          keyed_index *scratch) {
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t begin = 0; begin < count; begin += 2 * width) {
            size_t left = count - begin;
            size_t middle = width < left ? width : left;
            size_t size = 2 * width < left ? 2 * width : left;
            merge(names, items + begin, middle, size, scratch + begin);
        }
        memcpy(items, scratch, count * sizeof *items);
    }
}

static size_t same_hash_end(const keyed_index *order, size_t count, size_t begin) {
    size_t end = begin + 1;
    while (end < count && order[end].key == order[begin].key) {
        end++;
    }
    return end;
}

size_t rein_i_onnx_names_run_end(const rein_onnx_text *names, const keyed_index *order,
                                 size_t count, size_t begin) {
    size_t end = begin + 1;
    while (end < count && order[end].key == order[begin].key &&
           rein_i_onnx_text_compare(names[order[begin].index], names[order[end].index]) == 0) {
        end++;
    }
    return end;
}

void rein_i_onnx_names_order(const rein_onnx_text *names, size_t count, keyed_index *out_order,
                             keyed_index *scratch) {
    for (size_t index = 0; index < count; index++) {
        out_order[index] = (keyed_index){hash_of(names[index]), index};
    }
    (void)rein_i_radix_sort(out_order, count, scratch, NULL, NULL);
    for (size_t begin = 0; begin < count;) {
        size_t end = same_hash_end(out_order, count, begin);
        if (rein_i_onnx_names_run_end(names, out_order, end, begin) < end) {
            sort_by_bytes(names, out_order + begin, end - begin, scratch);
        }
        begin = end;
    }
}

size_t rein_i_onnx_names_find(const rein_onnx_text *names, const keyed_index *order, size_t count,
                              rein_onnx_text wanted) {
    uint64_t hash = hash_of(wanted);
    size_t begin = 0;
    size_t end = count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        bool is_before = order[middle].key != hash
                             ? order[middle].key < hash
                             : rein_i_onnx_text_compare(names[order[middle].index], wanted) < 0;
        begin = is_before ? middle + 1 : begin;
        end = is_before ? end : middle;
    }
    bool is_found = begin < count && order[begin].key == hash &&
                    rein_i_onnx_text_compare(names[order[begin].index], wanted) == 0;
    return is_found ? begin : count;
}
