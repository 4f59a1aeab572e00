#include "host/plan/instance.h"

#include "host/index_sort.h"

void instance_layout(instance *in, size_t count, arena *memory) {
    in->source = arena_take(memory, count, sizeof *in->source);
    in->first = arena_take(memory, count, sizeof *in->first);
    in->last = arena_take(memory, count, sizeof *in->last);
    in->size = arena_take(memory, count, sizeof *in->size);
    in->mask = arena_take(memory, count, sizeof *in->mask);
    in->alignment_log2 = arena_take(memory, count, sizeof *in->alignment_log2);
    in->fixed = arena_take(memory, count, sizeof *in->fixed);
    in->live = arena_take(memory, count, sizeof *in->live);
    in->instant = arena_take(memory, count, sizeof *in->instant);
}

static uint64_t fixed_offset(const rein_plan_problem *problem, size_t row) {
    return problem->fixed_offsets == NULL ? REIN_PLAN_FREE : problem->fixed_offsets[row];
}

/* The caller's order must not matter: ties go on to every field before they go to the row. */
static bool row_before(const void *context, size_t left, size_t right) {
    const rein_plan_problem *problem = context;
    const rein_tensor_lifetime *l = &problem->lifetimes[left];
    const rein_tensor_lifetime *r = &problem->lifetimes[right];
    if (l->from != r->from) {
        return l->from < r->from;
    }
    if (l->until != r->until) {
        return l->until < r->until;
    }
    if (l->size_bytes != r->size_bytes) {
        return l->size_bytes > r->size_bytes;
    }
    if (l->alignment_bytes != r->alignment_bytes) {
        return l->alignment_bytes < r->alignment_bytes;
    }
    return fixed_offset(problem, left) < fixed_offset(problem, right);
}

/* What orders the tensors of an instance by their end. */
typedef struct end_order {
    const rein_tensor_lifetime *rows;
    const uint32_t *source;
} end_order;

static bool ends_before(const void *context, size_t left, size_t right) {
    const end_order *order = context;
    return order->rows[order->source[left]].until < order->rows[order->source[right]].until;
}

static uint64_t common_divisor(uint64_t a, uint64_t b) {
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Rounding up to an alignment must not leave the multiples of the granule: the granule divides the
 * alignment, or the alignment divides the granule. */
static uint64_t find_granule(const rein_plan_problem *problem) {
    uint64_t granule = 0;
    uint64_t alignment = 1;
    for (size_t i = 0; i < problem->count; i++) {
        uint64_t fixed = fixed_offset(problem, i);
        const rein_tensor_lifetime *lifetime = &problem->lifetimes[i];
        if (lifetime->size_bytes == 0) {
            continue;
        }
        granule = common_divisor(granule, lifetime->size_bytes);
        granule = fixed == REIN_PLAN_FREE ? granule : common_divisor(granule, fixed);
        alignment = lifetime->alignment_bytes > alignment ? lifetime->alignment_bytes : alignment;
    }
    granule = granule == 0 ? 1 : granule;
    return granule % alignment == 0 ? granule : common_divisor(granule, alignment);
}

static uint32_t collect_rows(const rein_plan_problem *problem, size_t *by_start, size_t *scratch) {
    uint32_t count = 0;
    for (size_t i = 0; i < problem->count; i++) {
        if (problem->lifetimes[i].size_bytes > 0) {
            by_start[count++] = i;
        }
    }
    index_sort(by_start, count, scratch, row_before, problem);
    return count;
}

static void fill_tensors(instance *in, const rein_plan_problem *problem, const size_t *by_start) {
    in->has_fixed = false;
    for (uint32_t i = 0; i < in->count; i++) {
        const rein_tensor_lifetime *lifetime = &problem->lifetimes[by_start[i]];
        uint64_t fixed = fixed_offset(problem, by_start[i]);
        uint64_t alignment = lifetime->alignment_bytes / in->granule_bytes;
        in->source[i] = (uint32_t)by_start[i];
        in->size[i] = lifetime->size_bytes / in->granule_bytes;
        in->mask[i] = alignment == 0 ? 0 : alignment - 1;
        in->alignment_log2[i] = (uint8_t)__builtin_ctzll(lifetime->alignment_bytes);
        in->fixed[i] = fixed == REIN_PLAN_FREE ? fixed : fixed / in->granule_bytes;
        in->has_fixed |= fixed != REIN_PLAN_FREE;
    }
}

/* A section ends where a tensor ends after another has started. `by_end` holds the tensors. */
static void find_sections(instance *in, const rein_tensor_lifetime *rows, const size_t *by_end) {
    uint32_t section = 0;
    uint32_t started = 0;
    uint64_t live = 0;
    bool is_growing = false;
    for (uint32_t i = 0; i < in->count; i++) {
        size_t ending = by_end[i];
        int64_t until = rows[in->source[ending]].until;
        while (started < in->count && rows[in->source[started]].from < until) {
            in->first[started] = section;
            in->instant[section] = rows[in->source[started]].from;
            live += in->size[started++];
            is_growing = true;
        }
        if (is_growing) {
            in->live[section++] = live;
            is_growing = false;
        }
        in->last[ending] = section;
        live -= in->size[ending];
    }
    in->section_count = section;
}

static void find_peak(instance *in) {
    in->peak = 0;
    in->peak_section = 0;
    for (uint32_t s = 0; s < in->section_count; s++) {
        if (in->live[s] > in->peak) {
            in->peak = in->live[s];
            in->peak_section = s;
        }
    }
}

void instance_build(instance *in, const rein_plan_problem *problem, size_t *scratch) {
    size_t *order = scratch;
    size_t *rest = scratch + problem->count;
    in->granule_bytes = find_granule(problem);
    in->count = collect_rows(problem, order, rest);
    fill_tensors(in, problem, order);
    for (uint32_t i = 0; i < in->count; i++) {
        order[i] = i;
    }
    end_order ends = {problem->lifetimes, in->source};
    index_sort(order, in->count, rest, ends_before, &ends);
    find_sections(in, problem->lifetimes, order);
    find_peak(in);
}
