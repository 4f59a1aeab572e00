#include "host/plan/sweep_fit.h"

#include <string.h>

void sweep_fit_layout(sweep_fit *sf, size_t count, arena *memory) {
    sf->live = arena_take(memory, count, sizeof *sf->live);
    sf->offset = arena_take(memory, count, sizeof *sf->offset);
}

static void drop_ended(sweep_fit *sf, uint32_t section) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < sf->live_count; i++) {
        if (sf->live[i].last > section) {
            sf->live[kept++] = sf->live[i];
        }
    }
    sf->live_count = kept;
}

/* The position in the live list, and the offset, of the smallest gap that holds the tensor; above
 * everything where none does. */
static uint32_t find_gap(const sweep_fit *sf, const instance *in, uint32_t tensor,
                         uint64_t *out_offset) {
    uint64_t least = REIN_PLAN_FREE;
    uint32_t chosen = sf->live_count;
    uint64_t below = 0;
    for (uint32_t i = 0; i < sf->live_count; i++) {
        uint64_t offset = instance_align(in, tensor, below);
        uint64_t gap = sf->live[i].offset - below;
        bool holds = gap >= in->size[tensor] && offset <= sf->live[i].offset - in->size[tensor];
        if (holds && gap < least) {
            least = gap;
            chosen = i;
            *out_offset = offset;
        }
        below = sf->live[i].end;
    }
    if (chosen == sf->live_count) {
        *out_offset = instance_align(in, tensor, below);
    }
    return chosen;
}

bool sweep_fit_run(sweep_fit *sf, const instance *in, uint64_t most) {
    sf->live_count = 0;
    sf->height = 0;
    for (uint32_t i = 0; i < in->count; i++) {
        if (i > 0 && in->first[i] != in->first[i - 1]) {
            drop_ended(sf, in->first[i]);
        }
        uint64_t offset = 0;
        uint32_t at = find_gap(sf, in, i, &offset);
        if (offset > most || in->size[i] > most - offset) {
            return false;
        }
        uint64_t end = offset + in->size[i];
        uint32_t above = sf->live_count++ - at;
        memmove(&sf->live[at + 1], &sf->live[at], above * sizeof *sf->live);
        sf->live[at] = (sweep_entry){offset, end, in->last[i]};
        sf->offset[i] = offset;
        sf->height = end > sf->height ? end : sf->height;
    }
    return true;
}
