/* First-fit placement: a fixed order, each tensor at the lowest offset free for its whole life. */
#ifndef REIN_HOST_PLAN_FIRST_FIT_H
#define REIN_HOST_PLAN_FIRST_FIT_H

#include "host/plan/stop_check.h"
#include "host/plan/time_index.h"

typedef enum first_fit_order {
    FIRST_FIT_BY_SIZE,
    FIRST_FIT_BY_AREA,
    FIRST_FIT_BY_DURATION,
    FIRST_FIT_BY_START,
    /* Half octaves of size, earliest first within each, so that reads of the index are local. */
    FIRST_FIT_BY_SIZE_CLASS,
} first_fit_order;

typedef struct first_fit {
    const instance *in;
    keyed_index *sequence;
    time_index placed;
    uint64_t *offset;
    uint64_t height;
} first_fit;

/* `sequence` holds 2 * count elements; other code may use it between runs. */
void rein_i_first_fit_layout(first_fit *ff, size_t count, keyed_index *sequence, arena *memory);

/* Must be called before the first run on an instance. */
void rein_i_first_fit_build(first_fit *ff, const instance *in);

/* Sets the offsets and the height; returns false if the height would exceed `most`. No fixed tensor
 * may end above `most`. If stopped, stacks the remaining tensors above all others. */
bool rein_i_first_fit_run(first_fit *ff, first_fit_order order, uint64_t most, stop_check *stop);

#endif
