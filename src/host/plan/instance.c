#include "host/plan/instance.h"

void rein_i_instance_layout(instance *in, size_t count, arena *memory) {
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

/* The sort keys of the tensors, least significant first. */
typedef enum row_field {
    ROW_FIXED,
    ROW_ALIGNMENT,
    ROW_SIZE,
    ROW_UNTIL,
    ROW_FROM,
    ROW_FIELD_COUNT
} row_field;

static uint64_t key_of_row(const rein_plan_problem *problem, size_t row, row_field field) {
    const rein_tensor_lifetime *lifetime = &problem->lifetimes[row];
    switch (field) {
    case ROW_FIXED:
        return fixed_offset(problem, row);
    case ROW_ALIGNMENT:
        return lifetime->alignment_bytes;
    case ROW_SIZE:
        return UINT64_MAX - lifetime->size_bytes;
    case ROW_UNTIL:
        return radix_sort_signed_key(lifetime->until);
    case ROW_FROM:
    case ROW_FIELD_COUNT:
    default:
        return radix_sort_signed_key(lifetime->from);
    }
}

static uint64_t common_divisor(uint64_t a, uint64_t b) {
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Finds the granule. It must divide the largest alignment, or be a multiple of it: then rounding a
 * multiple of the granule up to an alignment gives a multiple of the granule. */
static bool find_granule(const rein_plan_problem *problem, stop_check *stop,
                         uint64_t *out_granule) {
    uint64_t granule = 0;
    uint64_t alignment = 1;
    for (size_t i = 0; i < problem->count; i++) {
        if (!stop_check_may_list(stop, i)) {
            return false;
        }
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
    *out_granule = granule % alignment == 0 ? granule : common_divisor(granule, alignment);
    return true;
}

/* Lists the rows with bytes, in the caller's order; returns their number. */
static uint32_t collect_rows(const rein_plan_problem *problem, keyed_index *out_rows) {
    uint32_t count = 0;
    for (size_t i = 0; i < problem->count; i++) {
        if (problem->lifetimes[i].size_bytes > 0) {
            out_rows[count++].index = i;
        }
    }
    return count;
}

static bool set_keys(const rein_plan_problem *problem, keyed_index *rows, uint32_t count,
                     row_field field, stop_check *stop) {
    for (uint32_t i = 0; i < count; i++) {
        if (!stop_check_may_list(stop, i)) {
            return false;
        }
        rows[i].key = key_of_row(problem, rows[i].index, field);
    }
    return true;
}

/* Sorts the rows by start. Every other field breaks ties before the row does, so that the caller's
 * order does not affect the answer. */
static bool sort_rows(const rein_plan_problem *problem, keyed_index *rows, uint32_t count,
                      keyed_index *scratch, stop_check *stop) {
    for (int field = 0; field < ROW_FIELD_COUNT; field++) {
        if (!set_keys(problem, rows, count, (row_field)field, stop) ||
            !rein_i_radix_sort(rows, count, scratch, stop_check_may_sort, stop)) {
            return false;
        }
    }
    return true;
}

static bool fill_tensors(instance *in, const rein_plan_problem *problem,
                         const keyed_index *by_start, stop_check *stop) {
    for (uint32_t i = 0; i < in->count; i++) {
        if (!stop_check_may_list(stop, i)) {
            return false;
        }
        size_t row = by_start[i].index;
        const rein_tensor_lifetime *lifetime = &problem->lifetimes[row];
        uint64_t fixed = fixed_offset(problem, row);
        uint64_t alignment = lifetime->alignment_bytes / in->granule_bytes;
        in->source[i] = (uint32_t)row;
        in->size[i] = lifetime->size_bytes / in->granule_bytes;
        in->mask[i] = alignment == 0 ? 0 : alignment - 1;
        in->alignment_log2[i] = (uint8_t)__builtin_ctzll(lifetime->alignment_bytes);
        in->fixed[i] = fixed == REIN_PLAN_FREE ? fixed : fixed / in->granule_bytes;
    }
    return true;
}

/* Finds the sections. A section ends at the first end of a tensor after a start. `by_end` lists the
 * tensors by their end. */
static bool find_sections(instance *in, const rein_tensor_lifetime *rows, const keyed_index *by_end,
                          stop_check *stop) {
    uint32_t section = 0;
    uint32_t started = 0;
    uint64_t live = 0;
    bool is_growing = false;
    for (uint32_t i = 0; i < in->count; i++) {
        if (!stop_check_may_list(stop, i)) {
            return false;
        }
        size_t ending = by_end[i].index;
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
    return true;
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

bool rein_i_instance_build(instance *in, const rein_plan_problem *problem, keyed_index *scratch,
                           stop_check *stop) {
    keyed_index *order = scratch;
    keyed_index *rest = scratch + problem->count;
    in->count = collect_rows(problem, order);
    if (!find_granule(problem, stop, &in->granule_bytes) ||
        !sort_rows(problem, order, in->count, rest, stop) ||
        !fill_tensors(in, problem, order, stop)) {
        return false;
    }
    /* `order` is still sorted by start, like the tensors, so its indices become theirs. */
    if (!set_keys(problem, order, in->count, ROW_UNTIL, stop)) {
        return false;
    }
    for (uint32_t i = 0; i < in->count; i++) {
        order[i].index = i;
    }
    if (!rein_i_radix_sort(order, in->count, rest, stop_check_may_sort, stop) ||
        !find_sections(in, problem->lifetimes, order, stop)) {
        return false;
    }
    find_peak(in);
    return true;
}

uint64_t rein_i_instance_height(const instance *in, const uint64_t *offset) {
    uint64_t height = 0;
    for (uint32_t i = 0; i < in->count; i++) {
        uint64_t end = offset[i] + in->size[i];
        height = end > height ? end : height;
    }
    return height;
}
