#include "host/plan/time_index.h"

#include <string.h>

enum { ENTRIES_PER_TENSOR = 4, TENSORS_PER_STRETCH = 64 };

void rein_i_time_index_layout(time_index *index, size_t count, arena *memory) {
    index->start = arena_take(memory, count + 1, sizeof *index->start);
    index->count = arena_take(memory, count, sizeof *index->count);
    index->head = arena_take(memory, count, sizeof *index->head);
    index->entries = arena_take(memory, ENTRIES_PER_TENSOR * count, sizeof *index->entries);
}

static size_t count_entries(const instance *in, uint32_t width) {
    size_t entries = 0;
    for (uint32_t i = 0; i < in->count; i++) {
        entries += (in->last[i] - 1) / width - in->first[i] / width + 1;
    }
    return entries;
}

void rein_i_time_index_build(time_index *index, const instance *in) {
    uint32_t width = TENSORS_PER_STRETCH;
    while (count_entries(in, width) > (size_t)ENTRIES_PER_TENSOR * in->count) {
        width *= 2;
    }
    index->width = width;
    index->stretch_count = in->section_count == 0 ? 0 : (in->section_count - 1) / width + 1;
    for (uint32_t s = 0; s <= index->stretch_count; s++) {
        index->start[s] = 0;
    }
    for (uint32_t i = 0; i < in->count; i++) {
        for (uint32_t s = in->first[i] / width; s <= (in->last[i] - 1) / width; s++) {
            index->start[s + 1]++;
        }
    }
    for (uint32_t s = 0; s < index->stretch_count; s++) {
        index->start[s + 1] += index->start[s];
    }
}

uint64_t rein_i_time_index_count_pairs(time_index *index, const instance *in) {
    size_t *started = index->start; /* by section: tensors that start before it */
    memset(started, 0, (in->section_count + 1) * sizeof *started);
    for (uint32_t i = 0; i < in->count; i++) {
        started[in->first[i] + 1]++;
    }
    for (uint32_t s = 0; s < in->section_count; s++) {
        started[s + 1] += started[s];
    }
    uint64_t pairs = 0;
    for (uint32_t i = 0; i < in->count; i++) {
        pairs += started[in->last[i]] - started[in->first[i]] - 1;
    }
    return pairs;
}

void rein_i_time_index_clear(time_index *index) {
    for (uint32_t s = 0; s < index->stretch_count; s++) {
        index->count[s] = 0;
    }
}

/* Returns the position of the first entry with a higher offset. */
static uint32_t find_position(const time_index_entry *list, uint32_t count, uint64_t offset) {
    uint32_t low = 0;
    uint32_t high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        bool is_below = list[middle].offset <= offset;
        low = is_below ? middle + 1 : low;
        high = is_below ? high : middle;
    }
    return low;
}

static bool is_solid(const time_index_entry *entry) {
    return entry->first == 0 && entry->last == UINT32_MAX;
}

/* Merges an entry that covers the whole stretch with the solids that it touches, because most
 * long-lived tensors are adjacent. Returns false if it touches none. */
static bool join_solids(time_index *index, uint32_t stretch, uint32_t at,
                        const time_index_entry *entry) {
    time_index_entry *list = index->entries + index->start[stretch];
    uint32_t count = index->count[stretch];
    bool joins_below = at > 0 && is_solid(&list[at - 1]) && list[at - 1].end == entry->offset;
    bool joins_above = at < count && is_solid(&list[at]) && list[at].offset == entry->end;
    if (joins_below) {
        list[at - 1].end = joins_above ? list[at].end : entry->end;
    } else if (joins_above) {
        list[at].offset = entry->offset;
    }
    if (joins_below && joins_above) {
        memmove(&list[at], &list[at + 1], (count - at - 1) * sizeof *list);
        index->count[stretch]--;
    }
    return joins_below || joins_above;
}

static void insert_into(time_index *index, uint32_t stretch, time_index_entry entry) {
    time_index_entry *list = index->entries + index->start[stretch];
    uint32_t at = find_position(list, index->count[stretch], entry.offset);
    bool covers_all = entry.first <= stretch * index->width &&
                      entry.last >= stretch * index->width + index->width;
    if (covers_all) {
        entry.first = 0;
        entry.last = UINT32_MAX;
        if (join_solids(index, stretch, at, &entry)) {
            return;
        }
    }
    memmove(&list[at + 1], &list[at], (index->count[stretch] - at) * sizeof *list);
    list[at] = entry;
    index->count[stretch]++;
}

void rein_i_time_index_insert(time_index *index, time_index_entry entry) {
    for (uint32_t s = entry.first / index->width; s <= (entry.last - 1) / index->width; s++) {
        insert_into(index, s, entry);
    }
}

/* A search for a gap: the tensor to place, and the lowest offset that is still possible. */
typedef struct gap_search {
    uint32_t first;
    uint32_t last;
    uint64_t size;
    uint64_t mask;
    uint64_t offset;
} gap_search;

/* Reads a list from its head to the first entry with a large enough gap below it. Raises the offset
 * above all entries before that. Does not branch on whether an entry is alive, because that is
 * unpredictable. */
static void search_stretch(time_index *index, uint32_t stretch, gap_search *gs) {
    const time_index_entry *list = index->entries + index->start[stretch];
    uint32_t count = index->count[stretch];
    uint32_t at = index->head[stretch];
    uint64_t offset = gs->offset;
    for (; at < count; at++) {
        const time_index_entry *entry = &list[at];
        bool is_alive = (entry->first < gs->last) & (entry->last > gs->first);
        bool is_above = (entry->offset >= offset) & (entry->offset - offset >= gs->size);
        if (is_alive & is_above) {
            break;
        }
        uint64_t risen = (entry->end + gs->mask) & ~gs->mask;
        offset = (is_alive & (entry->end > offset)) ? risen : offset;
    }
    index->head[stretch] = at;
    gs->offset = offset;
}

uint64_t rein_i_time_index_lowest_free(time_index *index, const instance *in, uint32_t tensor,
                                       uint64_t offset) {
    gap_search gs = {in->first[tensor], in->last[tensor], in->size[tensor], in->mask[tensor],
                     offset};
    uint32_t from = gs.first / index->width;
    uint32_t until = (gs.last - 1) / index->width + 1;
    for (uint32_t s = from; s < until; s++) {
        index->head[s] = 0;
    }
    /* Each stretch may raise the offset. Stops when all in a row have left it unchanged. */
    uint32_t agreed = 0;
    for (uint32_t s = from; agreed < until - from; s = s + 1 == until ? from : s + 1) {
        uint64_t before = gs.offset;
        search_stretch(index, s, &gs);
        agreed = gs.offset == before ? agreed + 1 : 1;
    }
    return gs.offset;
}
