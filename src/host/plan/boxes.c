#include "host/plan/boxes.h"

#include <string.h>

enum { OPEN_MAX = 16 };

void rein_i_boxes_layout(boxes *b, size_t count, arena *memory) {
    b->packed.first = arena_take(memory, count, sizeof *b->packed.first);
    b->packed.last = arena_take(memory, count, sizeof *b->packed.last);
    b->packed.size = arena_take(memory, count, sizeof *b->packed.size);
    b->packed.mask = arena_take(memory, count, sizeof *b->packed.mask);
    b->packed.fixed = arena_take(memory, count, sizeof *b->packed.fixed);
    b->hot = arena_take(memory, count + 1, sizeof *b->hot);
    b->area = arena_take(memory, count, sizeof *b->area);
    b->box_of = arena_take(memory, count, sizeof *b->box_of);
    b->inside = arena_take(memory, count, sizeof *b->inside);
}

/* Returns the bits of `value`, each followed by a zero bit. */
static uint64_t spread_bits(uint32_t value) {
    uint64_t bits = value;
    bits = (bits | bits << 16) & UINT64_C(0x0000FFFF0000FFFF);
    bits = (bits | bits << 8) & UINT64_C(0x00FF00FF00FF00FF);
    bits = (bits | bits << 4) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    bits = (bits | bits << 2) & UINT64_C(0x3333333333333333);
    return (bits | bits << 1) & UINT64_C(0x5555555555555555);
}

bool rein_i_boxes_sort(boxes *b, const instance *in, keyed_index *space, stop_check *stop) {
    b->in = in;
    b->order = space;
    for (uint32_t i = 0; i < in->count; i++) {
        if (!stop_check_may_list(stop, i)) {
            return false;
        }
        /* Morton order of the points (first, last). */
        space[i] = (keyed_index){spread_bits(in->first[i]) | spread_bits(in->last[i]) << 1, i};
    }
    return rein_i_radix_sort(space, in->count, space + in->count, stop_check_may_sort, stop);
}

/* The boxes that accept more tensors, oldest first. */
typedef struct open_boxes {
    uint32_t box[OPEN_MAX];
    uint32_t count;
} open_boxes;

static uint64_t end_inside(const boxes *b, uint32_t box, uint32_t tensor) {
    return instance_align(b->in, tensor, b->packed.size[box]) + b->in->size[tensor];
}

static double area_of(const instance *in, uint32_t tensor) {
    return (double)in->size[tensor] * (double)(in->last[tensor] - in->first[tensor]);
}

static uint32_t hot_sections(const boxes *b, uint32_t first, uint32_t last) {
    return b->hot[last] - b->hot[first];
}

static bool takes(const boxes *b, box_rules rules, uint32_t box, uint32_t tensor) {
    const instance *in = b->in;
    uint64_t end = end_inside(b, box, tensor);
    uint32_t first = in->first[tensor];
    uint32_t last = in->last[tensor];
    first = first < b->packed.first[box] ? first : b->packed.first[box];
    last = last > b->packed.last[box] ? last : b->packed.last[box];
    uint32_t hot = hot_sections(b, first, last);
    if (hot != hot_sections(b, in->first[tensor], in->last[tensor]) ||
        hot != hot_sections(b, b->packed.first[box], b->packed.last[box])) {
        return false;
    }
    double used = b->area[box] + area_of(in, tensor);
    return end <= rules.height && (double)(last - first) * (double)end <= used * (1 + rules.waste);
}

/* Returns the open box that would be fullest with the tensor, or `open->count` if none takes it. */
static uint32_t find_box(const boxes *b, box_rules rules, const open_boxes *open, uint32_t tensor) {
    uint32_t found = open->count;
    uint64_t fullest = 0;
    for (uint32_t i = 0; i < open->count; i++) {
        uint64_t end = end_inside(b, open->box[i], tensor);
        if (end > fullest && takes(b, rules, open->box[i], tensor)) {
            found = i;
            fullest = end;
        }
    }
    return found;
}

static uint32_t add_box(boxes *b, uint32_t tensor) {
    uint32_t box = b->packed.count++;
    b->packed.first[box] = b->in->first[tensor];
    b->packed.last[box] = b->in->last[tensor];
    b->packed.size[box] = 0;
    b->packed.mask[box] = 0;
    b->packed.fixed[box] = b->in->fixed[tensor];
    b->area[box] = 0;
    return box;
}

static void put_into(boxes *b, uint32_t box, uint32_t tensor) {
    const instance *in = b->in;
    instance *packed = &b->packed;
    uint64_t end = end_inside(b, box, tensor);
    b->box_of[tensor] = box;
    b->inside[tensor] = end - in->size[tensor];
    packed->size[box] = end;
    packed->first[box] =
        in->first[tensor] < packed->first[box] ? in->first[tensor] : packed->first[box];
    packed->last[box] = in->last[tensor] > packed->last[box] ? in->last[tensor] : packed->last[box];
    packed->mask[box] = in->mask[tensor] > packed->mask[box] ? in->mask[tensor] : packed->mask[box];
    b->area[box] += area_of(in, tensor);
}

static uint32_t open_box(boxes *b, open_boxes *open, uint32_t tensor) {
    if (open->count == OPEN_MAX) {
        memmove(open->box, open->box + 1, --open->count * sizeof *open->box);
    }
    return open->box[open->count++] = add_box(b, tensor);
}

static void find_hot(boxes *b, uint64_t hot_from) {
    b->hot[0] = 0;
    for (uint32_t s = 0; s < b->in->section_count; s++) {
        b->hot[s + 1] = b->hot[s] + (b->in->live[s] >= hot_from);
    }
}

/* Rounds nearly full boxes up to one height: boxes of one height leave no gaps between them. */
static void round_up(instance *packed, box_rules rules) {
    for (uint32_t box = 0; box < packed->count; box++) {
        uint64_t size = packed->size[box];
        bool is_rounded =
            size > rules.round_from && size < rules.height && !instance_is_fixed(packed, box);
        packed->size[box] = is_rounded ? rules.height : size;
    }
}

bool rein_i_boxes_pack(boxes *b, box_rules rules, stop_check *stop) {
    const instance *in = b->in;
    open_boxes open = {.count = 0};
    find_hot(b, rules.hot_from);
    b->packed.count = 0;
    b->packed.section_count = in->section_count;
    for (uint32_t i = 0; i < in->count; i++) {
        if (i % TENSORS_PER_STOP_CHECK == 0 && !stop_check_may_place(stop, 0)) {
            return false;
        }
        uint32_t tensor = (uint32_t)b->order[i].index;
        if (instance_is_fixed(in, tensor) || in->size[tensor] >= rules.height) {
            put_into(b, add_box(b, tensor), tensor);
            continue;
        }
        uint32_t at = find_box(b, rules, &open, tensor);
        put_into(b, at < open.count ? open.box[at] : open_box(b, &open, tensor), tensor);
    }
    round_up(&b->packed, rules);
    return true;
}

uint64_t rein_i_boxes_unpack(const boxes *b, const uint64_t *box_offset, uint64_t *out_offset) {
    uint64_t height = 0;
    for (uint32_t i = 0; i < b->in->count; i++) {
        out_offset[i] = box_offset[b->box_of[i]] + b->inside[i];
        uint64_t end = out_offset[i] + b->in->size[i];
        height = end > height ? end : height;
    }
    return height;
}
