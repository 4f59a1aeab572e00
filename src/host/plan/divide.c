#include "host/plan/divide.h"

/* Tensors [from, until). None of them is alive together with a tensor outside this range. */
typedef struct part_of_time {
    uint32_t from;
    uint32_t until;
} part_of_time;

static part_of_time next_part(const instance *in, uint32_t from) {
    uint32_t until = from;
    uint32_t last = 0;
    do {
        last = in->last[until] > last ? in->last[until] : last;
        until++;
    } while (until < in->count && in->first[until] < last);
    return (part_of_time){from, until};
}

/* Sets `pl->in` to the part alone, with sections that start at zero. */
static void enter(planner *pl, part_of_time p, const instance *whole) {
    instance *in = &pl->in;
    uint32_t section = whole->first[p.from];
    in->count = p.until - p.from;
    in->first = pl->part_first;
    in->last = pl->part_last;
    in->section_count = 0;
    for (uint32_t i = 0; i < in->count; i++) {
        in->first[i] = whole->first[p.from + i] - section;
        in->last[i] = whole->last[p.from + i] - section;
        in->section_count = in->last[i] > in->section_count ? in->last[i] : in->section_count;
    }
    in->source = whole->source + p.from;
    in->size = whole->size + p.from;
    in->mask = whole->mask + p.from;
    in->alignment_log2 = whole->alignment_log2 + p.from;
    in->fixed = whole->fixed + p.from;
    in->live = whole->live + section;
}

/* Searches one part. During the search, the best placement is that of the part. Does not update the
 * height of the whole problem, because that would read all tensors for each part. */
static search_end search_part(planner *pl, part_of_time p, uint64_t capacity, uint64_t steps,
                              divide_search in_part) {
    const instance whole = pl->in;
    uint64_t *offset = pl->best.offset;
    search_end end = SEARCH_LIMIT;
    uint64_t height = pl->best.height;
    pl->height_beside = height;
    enter(pl, p, &whole);
    pl->best.offset += p.from;
    pl->best.height = rein_i_instance_height(&pl->in, pl->best.offset);
    if (rein_i_state_holds(&pl->in)) {
        rein_i_planner_prepare_search(pl);
        end = in_part(pl, capacity, steps);
    }
    pl->in = whole;
    pl->best.offset = offset;
    pl->best.height = height;
    pl->height_beside = 0;
    return end;
}

static uint64_t height_of(const planner *pl, part_of_time p) {
    uint64_t height = 0;
    for (uint32_t i = p.from; i < p.until; i++) {
        uint64_t end = pl->best.offset[i] + pl->in.size[i];
        height = end > height ? end : height;
    }
    return height;
}

static search_end search_small_parts(planner *pl, uint64_t capacity, uint64_t steps,
                                     divide_search in_part) {
    search_end end = SEARCH_LIMIT;
    part_of_time p = {0, 0};
    bool is_decided = false;
    while (p.until < pl->in.count && end != SEARCH_STOPPED && !is_decided) {
        p = next_part(&pl->in, p.until);
        uint64_t enough = pl->lower_bound > capacity ? pl->lower_bound : capacity;
        uint64_t left = pl->options->effort_steps - pl->se.steps;
        bool is_small = p.until - p.from <= PLAN_SEARCH_MAX_COUNT;
        if (is_small && left > 0 && height_of(pl, p) > enough) {
            end = search_part(pl, p, capacity, steps < left ? steps : left, in_part);
            is_decided = capacity > 0 && pl->lower_bound > capacity;
        }
    }
    pl->best.height = rein_i_instance_height(&pl->in, pl->best.offset);
    return end;
}

/* Reads of a repair that count as one step. */
enum { READS_PER_STEP = 256 };

static void repair_all(planner *pl, uint64_t capacity, uint64_t steps) {
    uint64_t left = pl->options->effort_steps - pl->se.steps;
    steps = steps < left ? steps : left;
    uint64_t reads = steps * READS_PER_STEP;
    uint64_t before = reads;
    pl->heuristics.bound = pl->lower_bound > capacity ? pl->lower_bound : capacity;
    rein_i_heuristics_improve(&pl->heuristics, &reads);
    uint64_t spent = (before - reads + READS_PER_STEP - 1) / READS_PER_STEP;
    pl->se.steps += spent < steps ? spent : steps;
}

search_end rein_i_divide_and_search(planner *pl, uint64_t capacity, uint64_t steps,
                                    divide_search in_part) {
    search_end end = search_small_parts(pl, capacity, steps, in_part);
    if (end == SEARCH_STOPPED) {
        return end;
    }
    if (capacity == 0 || pl->lower_bound <= capacity) {
        repair_all(pl, capacity, steps);
    }
    return pl->stopping.is_stopped ? SEARCH_STOPPED : SEARCH_LIMIT;
}
