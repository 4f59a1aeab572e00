#include "host/models/gguf_duplicates.h"

#include <string.h>

static const unsigned char *name_of(const name_table *table, size_t index) {
    return (const unsigned char *)table->records + index * table->record_bytes;
}

static uint64_t word_of(const name_table *table, size_t index, size_t offset_bytes) {
    uint64_t word = 0;
    memcpy(&word, name_of(table, index) + offset_bytes, sizeof word);
    return word;
}

static bool is_same_name(const name_table *table, size_t left, size_t right) {
    return memcmp(name_of(table, left), name_of(table, right), table->name_bytes) == 0 &&
           (table->words == NULL || table->words[left] == table->words[right]);
}

/* Sorts by the last word first. The sort is stable, so equal names end up in the order of their
 * indices. */
static void sort_by_name(const name_table *table, keyed_index *items, keyed_index *scratch) {
    for (size_t i = 0; i < table->count; i++) {
        items[i] = (keyed_index){table->words == NULL ? 0 : table->words[i], i};
    }
    (void)rein_i_radix_sort(items, table->count, scratch, NULL, NULL);
    for (size_t end = table->name_bytes; end > 0; end -= sizeof(uint64_t)) {
        for (size_t i = 0; i < table->count; i++) {
            items[i].key = word_of(table, items[i].index, end - sizeof(uint64_t));
        }
        (void)rein_i_radix_sort(items, table->count, scratch, NULL, NULL);
    }
}

size_t rein_i_name_table_find_duplicate(const name_table *table, keyed_index *space) {
    if (table->count < 2) {
        return table->count; /* the space may be NULL */
    }
    sort_by_name(table, space, space + table->count);
    size_t first = table->count;
    for (size_t i = 1; i < table->count; i++) {
        size_t later = space[i].index;
        if (later < first && is_same_name(table, space[i - 1].index, later)) {
            first = later;
        }
    }
    return first;
}
