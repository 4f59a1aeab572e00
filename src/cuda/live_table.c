#include "cuda/live_table.h"

#include <stdlib.h>

enum { FIRST_BUCKET_COUNT = 64 };

static size_t bucket_of(const live_table *table, const void *pointer) {
    uint64_t mixed = (uint64_t)(uintptr_t)pointer * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> 32) & (table->bucket_count - 1);
}

static void link_in(live_table *table, live_allocation *allocation) {
    live_bucket *bucket = &table->buckets[bucket_of(table, allocation->facts.pointer)];
    allocation->next = bucket->first;
    bucket->first = allocation;
}

static void grow(live_table *table) {
    live_table grown = *table;
    grown.bucket_count = 2 * table->bucket_count;
    grown.buckets = calloc(grown.bucket_count, sizeof *grown.buckets);
    if (grown.buckets == NULL) {
        return;
    }
    for (size_t i = 0; i < table->bucket_count; i++) {
        live_allocation *next = NULL;
        for (live_allocation *each = table->buckets[i].first; each != NULL; each = next) {
            next = each->next;
            link_in(&grown, each);
        }
    }
    free(table->buckets);
    *table = grown;
}

bool rein_i_live_table_init(live_table *table) {
    *table = (live_table){.bucket_count = FIRST_BUCKET_COUNT};
    table->buckets = calloc(table->bucket_count, sizeof *table->buckets);
    return table->buckets != NULL;
}

void rein_i_live_table_insert(live_table *table, live_allocation *allocation) {
    if (table->count == table->bucket_count) {
        grow(table);
    }
    link_in(table, allocation);
    table->count++;
    table->charged_bytes += allocation->facts.charged_bytes;
}

static live_allocation *unlink_from(live_table *table, live_allocation **link) {
    live_allocation *found = *link;
    *link = found->next;
    table->count--;
    table->charged_bytes -= found->facts.charged_bytes;
    return found;
}

live_allocation *rein_i_live_table_remove(live_table *table, const void *pointer) {
    live_allocation **link = &table->buckets[bucket_of(table, pointer)].first;
    for (; *link != NULL; link = &(*link)->next) {
        if ((*link)->facts.pointer == pointer) {
            return unlink_from(table, link);
        }
    }
    return NULL;
}

live_allocation *rein_i_live_table_any(const live_table *table) {
    for (size_t i = 0; i < table->bucket_count; i++) {
        if (table->buckets[i].first != NULL) {
            return table->buckets[i].first;
        }
    }
    return NULL;
}

size_t rein_i_live_table_list(const live_table *table, rein_cuda_live_allocation *out_allocations,
                              size_t capacity) {
    size_t written = 0;
    for (size_t i = 0; i < table->bucket_count; i++) {
        for (live_allocation *each = table->buckets[i].first; each != NULL; each = each->next) {
            if (written < capacity) {
                out_allocations[written++] = each->facts;
            }
        }
    }
    return table->count;
}

void rein_i_live_table_deinit(live_table *table) {
    free(table->buckets);
}
