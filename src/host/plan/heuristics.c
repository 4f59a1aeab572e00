#include "host/plan/heuristics.h"

/* If a tensor overlaps more others in time than this, on average, boxes are packed first. */
enum { PAIRS_PER_TENSOR = 3000 };

/* Maximum number of pairs that a pass compares one by one: about a second of work. */
enum { PAIRS_MAX = 500000000 };

void rein_i_heuristics_layout(heuristics *h, size_t count, arena *memory) {
    h->space = arena_take(memory, 2 * count, sizeof *h->space);
    size_t mark = memory->used_bytes;
    rein_i_first_fit_layout(&h->ff, count, h->space, memory);
    size_t end = arena_reuse(memory, mark);
    rein_i_repair_layout(&h->repairs, count, memory);
    arena_keep(memory, end);
}

static uint64_t gap(const heuristics *h) {
    return h->best->height - h->bound;
}

static bool is_at_bound(const heuristics *h) {
    return h->best->exists && gap(h) == 0;
}

/* Returns the greatest height that a further placement may have. */
static uint64_t height_limit(const heuristics *h) {
    return h->best->exists ? h->best->height - 1 : h->highest;
}

static void run_order(heuristics *h, first_fit_order order) {
    if (!rein_i_first_fit_run(&h->ff, order, height_limit(h), h->stop)) {
        return;
    }
    for (uint32_t i = 0; i < h->in->count; i++) {
        h->best->offset[i] = h->ff.offset[i];
    }
    h->best->height = h->ff.height;
    h->best->exists = true;
}

void rein_i_heuristics_run_small(heuristics *h) {
    static const first_fit_order orders[] = {FIRST_FIT_BY_SIZE, FIRST_FIT_BY_AREA,
                                             FIRST_FIT_BY_DURATION, FIRST_FIT_BY_START};
    rein_i_first_fit_build(&h->ff, h->in);
    for (size_t i = 0; i < sizeof orders / sizeof *orders && !is_at_bound(h); i++) {
        run_order(h, orders[i]);
    }
}

/* Parameters for packing boxes. Boxes of any height usually leave small gaps; boxes of one height
 * do if all lives are equally long. Boxes that spare hot sections do not raise the peak. */
typedef struct box_shape {
    uint64_t boxes_of_bound; /* maximum height of a box: the bound divided by this */
    double round_from;       /* boxes above this fraction of the maximum height are rounded up */
    double hot_from;         /* a section is hot from this fraction of the bound; above 1: never */
    double most_waste;
    uint64_t gap_of_bound; /* skipped if the gap is at most the bound divided by this */
} box_shape;

/* In the order of trial. Shapes that spare hot sections are skipped only at the bound itself. */
static const box_shape box_shapes[] = {{100, 1.0, 0.8, 1.0 / 128, UINT64_MAX},
                                       {100, 1.0, 0.95, 1.0 / 128, UINT64_MAX},
                                       {100, 1.0, 1.1, 1.0 / 8, 256},
                                       {1000, 0.9, 1.1, 1.0 / 8, 256}};

enum { BOX_PAIRS_PER_TENSOR = 400 };

/* Packs boxes with the least waste that leaves few enough pairs. Returns false if even the most
 * waste leaves too many, or if stopped. */
static bool pack(heuristics *h, box_shape shape) {
    static const double least_waste = 1.0 / 128;
    uint64_t height = h->bound / shape.boxes_of_bound;
    box_rules rules = {.height = height,
                       .round_from = (uint64_t)((double)height * shape.round_from),
                       .hot_from = (uint64_t)((double)h->bound * shape.hot_from),
                       .waste = least_waste};
    bool has_few_pairs = false;
    bool is_sorted = rein_i_boxes_sort(&h->packing, h->in, h->space, h->stop);
    while (!has_few_pairs && rules.waste <= shape.most_waste) {
        if (!is_sorted || !rein_i_boxes_pack(&h->packing, rules, h->stop)) {
            return false;
        }
        uint64_t pairs = rein_i_time_index_count_pairs(&h->ff.placed, &h->packing.packed);
        has_few_pairs = pairs <= (uint64_t)BOX_PAIRS_PER_TENSOR * h->in->count;
        rules.waste *= 2;
    }
    return has_few_pairs;
}

static void run_boxes(heuristics *h, box_shape shape) {
    if (!pack(h, shape)) {
        return;
    }
    rein_i_first_fit_build(&h->ff, &h->packing.packed);
    if (!rein_i_first_fit_run(&h->ff, FIRST_FIT_BY_SIZE_CLASS, height_limit(h), h->stop)) {
        return;
    }
    h->best->height = rein_i_boxes_unpack(&h->packing, h->ff.offset, h->best->offset);
    h->best->exists = true;
}

/* Lowers the best placement to `target`. rein_i_repair_build must have run. */
static bool repair_to(heuristics *h, uint64_t target, uint64_t *reads_left) {
    if (!rein_i_repair_run(&h->repairs, target, reads_left, h->stop, h->best->offset)) {
        return false;
    }
    h->best->height = rein_i_instance_height(h->in, h->best->offset);
    return true;
}

/* Lowers the height by a third of the gap at a time; closes a small gap at once. */
void rein_i_heuristics_improve(heuristics *h, uint64_t *reads_left) {
    enum { LAST_PART = 512, FAILURES_MAX = 3 };
    uint64_t low = h->bound;
    rein_i_repair_build(&h->repairs, h->in, h->space);
    for (int failures = 0; low < h->best->height && failures < FAILURES_MAX;) {
        uint64_t third = (h->best->height - low) / 3;
        uint64_t target = third < h->bound / LAST_PART ? low : low + 2 * third;
        bool is_lower = repair_to(h, target, reads_left);
        low = is_lower ? low : target + 1;
        failures = *reads_left == 0 || h->stop->is_stopped ? FAILURES_MAX : failures + !is_lower;
    }
}

/* Repairs the best placement. Skipped if tensors overlap very many others in time, because a single
 * repair would take too long. */
static void improve(heuristics *h, uint64_t pairs) {
    enum { PAIRS_PER_TENSOR_MAX = 10000 };
    enum { READS_PER_TENSOR = 1000, READS_LEAST = 1 << 26 };
    uint64_t reads = (uint64_t)READS_PER_TENSOR * h->in->count;
    reads = reads > READS_LEAST ? reads : READS_LEAST;
    bool is_cheap = pairs <= (uint64_t)PAIRS_PER_TENSOR_MAX * h->in->count;
    if (h->best->exists && !is_at_bound(h) && is_cheap && !h->stop->is_stopped) {
        rein_i_heuristics_improve(h, &reads);
    }
}

static void run_all_shapes(heuristics *h) {
    for (size_t i = 0; i < sizeof box_shapes / sizeof *box_shapes; i++) {
        if (!h->best->exists || gap(h) > h->bound / box_shapes[i].gap_of_bound) {
            run_boxes(h, box_shapes[i]);
        }
    }
}

void rein_i_heuristics_run_large(heuristics *h) {
    uint64_t pairs = rein_i_time_index_count_pairs(&h->ff.placed, h->in);
    if (pairs > (uint64_t)PAIRS_PER_TENSOR * h->in->count) {
        run_all_shapes(h);
    }
    bool needs_placement = !h->best->exists;
    if (needs_placement || (!is_at_bound(h) && pairs <= PAIRS_MAX && !h->stop->is_stopped)) {
        rein_i_first_fit_build(&h->ff, h->in);
        run_order(h, FIRST_FIT_BY_SIZE_CLASS);
    }
    improve(h, pairs);
}
