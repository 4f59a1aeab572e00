#include "host/plan/repair.h"

#include <string.h>

enum {
    LISTED_PER_TENSOR = 4,
    SECTIONS_PER_STRETCH = 64,
    EJECTIONS_MAX = 1000,
    READS_OF_SORTING = 16
};

#define REPAIR_OUT UINT64_MAX

__extension__ typedef unsigned __int128 wide;

/* More than the total weight of all tensors that can be moved. */
#define FIXED_WEIGHT ((wide)1 << 80)

void rein_i_repair_layout(repair *r, size_t count, arena *memory) {
    r->start = arena_take(memory, count + 1, sizeof *r->start);
    r->listed = arena_take(memory, LISTED_PER_TENSOR * count, sizeof *r->listed);
    r->offset = arena_take(memory, count, sizeof *r->offset);
    r->ejections = arena_take(memory, count, sizeof *r->ejections);
    r->queue = arena_take(memory, count, sizeof *r->queue);
    r->near = arena_take(memory, count, sizeof *r->near);
    r->by_end = arena_take(memory, count, sizeof *r->by_end);
}

static uint32_t first_stretch(const repair *r, uint32_t tensor) {
    return r->in->first[tensor] / r->width;
}

static uint32_t last_stretch(const repair *r, uint32_t tensor) {
    return (r->in->last[tensor] - 1) / r->width;
}

static size_t count_listed(const repair *r) {
    size_t listed = 0;
    for (uint32_t i = 0; i < r->in->count; i++) {
        listed += last_stretch(r, i) - first_stretch(r, i) + 1;
    }
    return listed;
}

/* Lists every tensor in each stretch that it touches. */
static void fill_lists(repair *r) {
    const instance *in = r->in;
    uint32_t stretches = (in->section_count - 1) / r->width + 1;
    memset(r->start, 0, (stretches + 1) * sizeof *r->start);
    for (uint32_t i = 0; i < in->count; i++) {
        for (uint32_t s = first_stretch(r, i); s <= last_stretch(r, i); s++) {
            r->start[s]++;
        }
    }
    for (uint32_t s = 0; s < stretches; s++) {
        r->start[s + 1] += r->start[s];
    }
    for (uint32_t i = in->count; i-- > 0;) {
        for (uint32_t s = first_stretch(r, i); s <= last_stretch(r, i); s++) {
            r->listed[--r->start[s]] = i;
        }
    }
}

void rein_i_repair_build(repair *r, const instance *in, keyed_index *space) {
    r->in = in;
    r->by_offset = space;
    r->width = SECTIONS_PER_STRETCH;
    while (count_listed(r) > (size_t)LISTED_PER_TENSOR * in->count) {
        r->width *= 2;
    }
    fill_lists(r);
    r->size_shift = 0;
    while (in->peak >> r->size_shift >= UINT64_C(1) << 24) {
        r->size_shift++;
    }
}

static bool is_before(const repair *r, uint32_t left, uint32_t right) {
    uint64_t l = r->in->size[left];
    uint64_t s = r->in->size[right];
    return l > s || (l == s && left < right);
}

static void queue_push(repair *r, uint32_t tensor) {
    uint32_t at = r->queue_length++;
    for (; at > 0 && is_before(r, tensor, r->queue[(at - 1) / 2]); at = (at - 1) / 2) {
        r->queue[at] = r->queue[(at - 1) / 2];
    }
    r->queue[at] = tensor;
    r->offset[tensor] = REPAIR_OUT;
}

static uint32_t queue_pop(repair *r) {
    uint32_t top = r->queue[0];
    uint32_t moved = r->queue[--r->queue_length];
    uint32_t at = 0;
    for (uint32_t child = 1; child < r->queue_length; child = 2 * at + 1) {
        bool is_right =
            child + 1 < r->queue_length && is_before(r, r->queue[child + 1], r->queue[child]);
        child += is_right;
        if (!is_before(r, r->queue[child], moved)) {
            break;
        }
        r->queue[at] = r->queue[child];
        at = child;
    }
    r->queue[at] = moved;
    return top;
}

static void add_neighbour(repair *r, uint32_t tensor) {
    uint64_t size = r->in->size[tensor];
    uint32_t index = r->near_count++;
    r->near[index] = (repair_neighbour){.offset = r->offset[tensor],
                                        .end = r->offset[tensor] + size,
                                        .weight = ((size >> r->size_shift) + 1) *
                                                  (1 + (uint64_t)r->ejections[tensor]),
                                        .tensor = tensor};
    r->by_offset[index] = (keyed_index){r->near[index].offset, index};
    r->by_end[index] = (keyed_index){r->near[index].end, index};
}

static uint64_t count_reads(const repair *r, uint32_t tensor) {
    return r->start[last_stretch(r, tensor) + 1] - r->start[first_stretch(r, tensor)];
}

/* Collects the placed tensors that overlap the tensor in time; returns the cost in reads. */
static uint64_t find_neighbours(repair *r, uint32_t tensor) {
    const instance *in = r->in;
    uint32_t from = first_stretch(r, tensor);
    r->near_count = 0;
    for (uint32_t s = from; s <= last_stretch(r, tensor); s++) {
        for (size_t i = r->start[s]; i < r->start[s + 1]; i++) {
            uint32_t other = r->listed[i];
            bool is_first_time = s == from || first_stretch(r, other) == s;
            bool is_alive =
                in->first[other] < in->last[tensor] && in->last[other] > in->first[tensor];
            if (is_first_time && is_alive && r->offset[other] != REPAIR_OUT) {
                add_neighbour(r, other);
            }
        }
    }
    keyed_index *scratch = r->by_offset + in->count;
    rein_i_radix_sort(r->by_offset, r->near_count, scratch, NULL, NULL);
    rein_i_radix_sort(r->by_end, r->near_count, scratch, NULL, NULL);
    return count_reads(r, tensor) + (uint64_t)READS_OF_SORTING * r->near_count;
}

static wide weight_of(const repair *r, keyed_index item) {
    const repair_neighbour *n = &r->near[item.index];
    return instance_is_fixed(r->in, n->tensor) ? FIXED_WEIGHT : n->weight;
}

/* A possible offset of a tensor, and the total weight of the tensors that it would eject. */
typedef struct slot {
    uint64_t offset;
    wide cost;
} slot;

/* Returns the cheapest slot, or the first free one. Tries offset 0 and the end of each neighbour.
 * The weight at [offset, offset + size) is that of all neighbours that begin before its end, minus
 * those that end by its start. The sums do not wrap: sizes are at most the height of the placement,
 * which is at most 2^63. */
static slot find_slot(const repair *r, uint32_t tensor, uint64_t target) {
    uint64_t size = r->in->size[tensor];
    slot best = {0, ~(wide)0};
    wide begun = 0;
    wide ended = 0;
    uint32_t begun_count = 0;
    uint64_t offset = 0;
    for (uint32_t ended_count = 0; best.cost > 0 && offset + size <= target;) {
        for (; begun_count < r->near_count && r->by_offset[begun_count].key < offset + size;
             begun_count++) {
            begun += weight_of(r, r->by_offset[begun_count]);
        }
        for (; ended_count < r->near_count && r->by_end[ended_count].key <= offset; ended_count++) {
            ended += weight_of(r, r->by_end[ended_count]);
        }
        best = begun - ended < best.cost ? (slot){offset, begun - ended} : best;
        if (ended_count == r->near_count) {
            break;
        }
        offset = instance_align(r->in, tensor, r->by_end[ended_count].key);
    }
    return best;
}

static void eject_from(repair *r, uint64_t offset, uint64_t size) {
    for (uint32_t i = 0; i < r->near_count; i++) {
        const repair_neighbour *n = &r->near[i];
        if (n->offset < offset + size && n->end > offset) {
            r->ejections[n->tensor] += r->ejections[n->tensor] < EJECTIONS_MAX;
            queue_push(r, n->tensor);
        }
    }
}

/* Removes the tensors that end above the target; returns about the reads to reinsert each once. */
static uint64_t begin(repair *r, uint64_t target, const uint64_t *offsets) {
    uint64_t reads = 0;
    memcpy(r->offset, offsets, r->in->count * sizeof *offsets);
    memset(r->ejections, 0, r->in->count * sizeof *r->ejections);
    r->queue_length = 0;
    for (uint32_t i = 0; i < r->in->count; i++) {
        if (offsets[i] + r->in->size[i] > target) {
            queue_push(r, i);
            reads += count_reads(r, i);
        }
    }
    return reads;
}

bool rein_i_repair_run(repair *r, uint64_t target, uint64_t *reads_left, stop_check *stop,
                       uint64_t *offsets) {
    if (begin(r, target, offsets) > *reads_left) {
        return false;
    }
    while (r->queue_length > 0) {
        uint32_t placed_count = r->in->count - r->queue_length;
        if (*reads_left == 0 || !stop_check_may_place(stop, placed_count)) {
            return false;
        }
        uint32_t tensor = queue_pop(r);
        uint64_t reads = find_neighbours(r, tensor);
        *reads_left -= reads < *reads_left ? reads : *reads_left;
        slot best = find_slot(r, tensor, target);
        if (best.cost >= FIXED_WEIGHT) {
            return false;
        }
        eject_from(r, best.offset, r->in->size[tensor]);
        r->offset[tensor] = best.offset;
    }
    memcpy(offsets, r->offset, r->in->count * sizeof *offsets);
    return true;
}
