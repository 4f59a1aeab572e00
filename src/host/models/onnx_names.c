#include "host/models/onnx_names.h"

#include <string.h>

#include "host/models/name_list.h"

int rein_i_onnx_text_compare(rein_onnx_text left, rein_onnx_text right) {
    if (left.length != right.length) {
        return (left.length > right.length) - (left.length < right.length);
    }
    return memcmp(left.bytes, right.bytes, left.length);
}

/* Names, and the one that is looked for. */
typedef struct text_names {
    const rein_onnx_text *texts;
    rein_onnx_text wanted;
} text_names;

static uint64_t hash(void *self, size_t index) {
    const text_names *names = self;
    return name_hash(0, names->texts[index].bytes, names->texts[index].length);
}

static int compare(void *self, size_t left, size_t right) {
    const text_names *names = self;
    return rein_i_onnx_text_compare(names->texts[left],
                                    right == NAME_WANTED ? names->wanted : names->texts[right]);
}

static name_list list_of(text_names *names, size_t count) {
    return (name_list){count, names, hash, compare};
}

void rein_i_onnx_names_order(const rein_onnx_text *names, size_t count, keyed_index *out_order,
                             keyed_index *scratch) {
    text_names self = {.texts = names};
    const name_list list = list_of(&self, count);
    rein_i_names_order(&list, out_order, scratch);
}

size_t rein_i_onnx_names_run_end(const rein_onnx_text *names, const keyed_index *order,
                                 size_t count, size_t begin) {
    text_names self = {.texts = names};
    const name_list list = list_of(&self, count);
    return rein_i_names_run_end(&list, order, begin);
}

size_t rein_i_onnx_names_find(const rein_onnx_text *names, const keyed_index *order, size_t count,
                              rein_onnx_text wanted) {
    text_names self = {.texts = names, .wanted = wanted};
    const name_list list = list_of(&self, count);
    return rein_i_names_find(&list, order, name_hash(0, wanted.bytes, wanted.length));
}
