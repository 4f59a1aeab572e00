/* Large planning problems of many shapes; deterministic for a shape, count and seed. */
#ifndef REIN_TESTS_PLAN_PLAN_SHAPES_H
#define REIN_TESTS_PLAN_PLAN_SHAPES_H

#include "plan/plan.h"

typedef enum plan_shape {
    PLAN_SHAPE_SCALES,       /* short and long lives, sizes of all scales */
    PLAN_SHAPE_UNIFORM,      /* start and end anywhere: half of all are alive in the middle */
    PLAN_SHAPE_NESTED,       /* each life is inside the one before */
    PLAN_SHAPE_FEW_LONG,     /* one in a hundred lives a hundred times longer */
    PLAN_SHAPE_CLUSTERED,    /* bursts of starts with pauses between them */
    PLAN_SHAPE_EQUAL_SIZES,  /* only two sizes */
    PLAN_SHAPE_SLIDING,      /* equally long lives: a sliding window */
    PLAN_SHAPE_ALL_ALIVE,    /* all are alive together, no two lives are equal */
    PLAN_SHAPE_TRAINING,     /* created in order, used in reverse, and temporaries */
    PLAN_SHAPE_ALIGNED,      /* like scales, with alignments from 1 to 4096 */
    PLAN_SHAPE_HEAVY_TAILED, /* a few take as much as all others together */
    PLAN_SHAPE_COUNT
} plan_shape;

static inline const char *plan_shape_name(plan_shape shape) {
    static const char *const names[] = {"scales",    "uniform",     "nested",    "few long",
                                        "clustered", "equal sizes", "sliding",   "all alive",
                                        "training",  "aligned",     "heavy tail"};
    return names[shape];
}

typedef struct plan_shape_source {
    plan_shape shape;
    uint64_t count;
    uint64_t random;
} plan_shape_source;

static inline uint64_t plan_shape_below(plan_shape_source *source, uint64_t bound) {
    source->random = source->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint64_t)((source->random >> 32) * bound >> 32);
}

/* Returns a number from 1 to 2^power - 1, all scales equally likely. */
static inline uint64_t plan_shape_scale(plan_shape_source *source, uint64_t power) {
    uint64_t whole = plan_shape_below(source, power);
    return (UINT64_C(1) << whole) + plan_shape_below(source, UINT64_C(1) << whole);
}

static inline rein_tensor_lifetime plan_shape_at(plan_shape_source *source, uint64_t from,
                                                 uint64_t length, uint64_t size) {
    (void)source;
    return (rein_tensor_lifetime){rein_tensor_id_make(0), (int64_t)from,
                                  (int64_t)(from + 1 + length), size, 1};
}

static inline rein_tensor_lifetime plan_shape_row(plan_shape_source *source, uint64_t row) {
    uint64_t n = source->count;
    uint64_t size = 64 * plan_shape_scale(source, 16);
    uint64_t from = plan_shape_below(source, 2 * n);
    uint64_t other = plan_shape_below(source, 2 * n);
    uint64_t length = plan_shape_scale(source, 12);
    rein_tensor_lifetime made = plan_shape_at(source, from, length, size);
    switch (source->shape) {
    case PLAN_SHAPE_UNIFORM:
        return plan_shape_at(source, from < other ? from : other,
                             from < other ? other - from : from - other, size);
    case PLAN_SHAPE_NESTED:
        return plan_shape_at(source, row, 2 * (n - row), size);
    case PLAN_SHAPE_FEW_LONG:
        return plan_shape_at(source, from, other % (row % 100 == 0 ? 20000 : 200), size);
    case PLAN_SHAPE_CLUSTERED:
        return plan_shape_at(source, from / 5000 * 5000 + other % 50, length, size);
    case PLAN_SHAPE_EQUAL_SIZES:
        return plan_shape_at(source, from, length, row % 3 == 0 ? 4096 : 1024);
    case PLAN_SHAPE_SLIDING:
        return plan_shape_at(source, from, n / 10, size);
    case PLAN_SHAPE_ALL_ALIVE:
        return plan_shape_at(source, from, 2 * n + other, size);
    case PLAN_SHAPE_TRAINING:
        return row % 2 == 0 ? plan_shape_at(source, row, 4 * (n - row), size)
                            : plan_shape_at(source, other * 2, 1 + other % 30, size);
    case PLAN_SHAPE_ALIGNED:
        made.alignment_bytes = UINT64_C(1) << plan_shape_below(source, 13);
        return made;
    case PLAN_SHAPE_HEAVY_TAILED:
        made.size_bytes = row % 1000 == 0 ? size * 1000 : size;
        return made;
    case PLAN_SHAPE_SCALES:
    case PLAN_SHAPE_COUNT:
        break;
    }
    return made;
}

static inline void plan_shape_make(plan_shape shape, uint64_t count, uint64_t seed,
                                   rein_tensor_lifetime *out_lifetimes) {
    plan_shape_source source = {shape, count, seed};
    for (uint64_t row = 0; row < count; row++) {
        out_lifetimes[row] = plan_shape_row(&source, row);
    }
}

#endif
