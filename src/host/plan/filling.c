#include "host/plan/filling.h"

#include <string.h>

#include "host/plan/noise.h"

enum {
    TENSORS_PER_FILLER = 8,
    OPEN_MAX = 8,    /* maximum number of fillers alive together */
    DRAWS_MAX = 256, /* per filling; the draw with the fewest fillers is used */
    CHANGES_PER_FILLING = 1 << 14,
    COST_OF_OPENING = 12, /* of a filler */
    COST_OF_CLOSING = 4,
    COST_OF_SPLITTING = 14
};

size_t rein_i_filling_max_count(size_t count) {
    return count / TENSORS_PER_FILLER;
}

void rein_i_filling_layout(filling *f, size_t count, arena *memory) {
    size_t most = count < PLAN_SEARCH_MAX_COUNT ? count : PLAN_SEARCH_MAX_COUNT;
    f->filler_capacity = (uint32_t)rein_i_filling_max_count(most);
    rein_i_instance_layout(&f->in, most + f->filler_capacity, memory);
    f->changes = arena_take(memory, most + 1, sizeof *f->changes);
    f->drawn = arena_take(memory, f->filler_capacity, sizeof *f->drawn);
    f->fewest = arena_take(memory, f->filler_capacity, sizeof *f->fewest);
}

void rein_i_filling_begin(filling *f, const instance *original, uint64_t capacity) {
    f->original = original;
    f->change_count = 0;
    uint64_t before = 0;
    for (uint32_t s = 0; s <= original->section_count; s++) {
        uint64_t slack = s == original->section_count ? 0 : capacity - original->live[s];
        if (slack != before) {
            f->changes[f->change_count++] = (slack_change){s, before, slack};
        }
        before = slack;
    }
}

/* The state of one draw, which follows the slack through time. */
typedef struct draw {
    filler *fillers; /* the fillers that have ended */
    uint32_t count;
    uint32_t fewer_than; /* the draw fails if it needs this many fillers */
    filler open[OPEN_MAX];
    uint32_t open_count;
    uint64_t noise;
} draw;

/* A way to explain a change of the slack. The open fillers in the bit set `closing` end and one of
 * size `opening` starts. Or `split` divides into a filler that ends and one that continues. */
typedef struct explanation {
    uint32_t closing;
    uint64_t opening;
    bool is_split;
    uint32_t split;
    uint64_t cost;
} explanation;

static uint64_t perturb(draw *d, uint64_t cost) {
    d->noise = noise_mix(d->noise + 1);
    return 16 * cost + d->noise % 256;
}

/* Returns the total size of the open fillers in the bit set `chosen`, and their number. */
static uint64_t sum_of(const draw *d, uint32_t chosen, uint32_t *out_count) {
    uint64_t sum = 0;
    *out_count = 0;
    for (uint32_t rest = chosen; rest != 0; rest &= rest - 1) {
        sum += d->open[__builtin_ctz(rest)].size;
        ++*out_count;
    }
    return sum;
}

static void consider_splits(draw *d, const slack_change *change, explanation *best) {
    for (uint32_t i = 0; i < d->open_count && change->from > change->to; i++) {
        uint64_t cost = perturb(d, COST_OF_SPLITTING);
        if (d->open[i].size > change->from - change->to && cost < best->cost) {
            *best = (explanation){.is_split = true, .split = i, .cost = cost};
        }
    }
}

/* Returns the cheapest explanation of a change. There is always one: all fillers end and a new one
 * starts. The sizes of the open fillers sum up to the slack. */
static explanation explain(draw *d, const slack_change *change) {
    explanation best = {.cost = UINT64_MAX};
    for (uint32_t closing = 0; closing < UINT32_C(1) << d->open_count; closing++) {
        uint32_t closed = 0;
        uint64_t left = change->from - sum_of(d, closing, &closed);
        if (left > change->to) {
            continue;
        }
        uint64_t opening = change->to - left;
        uint64_t cost = COST_OF_CLOSING * (uint64_t)closed;
        cost = perturb(d, cost + (opening > 0 ? COST_OF_OPENING : 0));
        if (cost < best.cost) {
            best = (explanation){.closing = closing, .opening = opening, .cost = cost};
        }
    }
    consider_splits(d, change, &best);
    return best;
}

static bool end_filler(draw *d, filler ended) {
    if (d->count + 1 >= d->fewer_than) {
        return false;
    }
    d->fillers[d->count++] = ended;
    return true;
}

static bool open_filler(draw *d, uint32_t section, uint64_t size) {
    if (d->open_count == OPEN_MAX) {
        return false;
    }
    d->open[d->open_count++] = (filler){.first = section, .size = size};
    return true;
}

static bool close_fillers(draw *d, uint32_t section, uint32_t closing) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < d->open_count; i++) {
        filler f = d->open[i];
        if ((closing >> i & 1U) == 0) {
            d->open[kept++] = f;
        } else if (!end_filler(d, (filler){f.first, section, f.size})) {
            return false;
        }
    }
    d->open_count = kept;
    return true;
}

static bool follow_change(draw *d, const slack_change *change) {
    if (change->to == 0) {
        return close_fillers(d, change->section, UINT32_MAX);
    }
    explanation e = explain(d, change);
    if (e.is_split) {
        uint64_t ending = change->from - change->to;
        d->open[e.split].size -= ending;
        return end_filler(d, (filler){d->open[e.split].first, change->section, ending});
    }
    return close_fillers(d, change->section, e.closing) &&
           (e.opening == 0 || open_filler(d, change->section, e.opening));
}

static bool draw_fillers(const filling *f, draw *d) {
    for (uint32_t i = 0; i < f->change_count; i++) {
        if (!follow_change(d, &f->changes[i])) {
            return false;
        }
    }
    return true;
}

/* Sets `fewest` to the draw with the fewest fillers and returns their number. Returns more than the
 * filler capacity if no draw succeeded. */
static uint32_t draw_fewest(filling *f, uint64_t noise) {
    uint32_t fewest = f->filler_capacity + 1;
    uint64_t affordable = CHANGES_PER_FILLING / (f->change_count + 1);
    uint64_t draws = affordable < DRAWS_MAX ? affordable : DRAWS_MAX;
    for (uint64_t i = 0; i < draws; i++) {
        draw d = {.fillers = f->drawn, .fewer_than = fewest, .noise = noise_mix(noise ^ i)};
        if (draw_fillers(f, &d)) {
            fewest = d.count;
            f->drawn = f->fewest;
            f->fewest = d.fillers;
        }
    }
    return fewest;
}

static void insert_by_start(filler *fillers, uint32_t count, filler added) {
    uint32_t at = count;
    for (; at > 0 && fillers[at - 1].first > added.first; at--) {
        fillers[at] = fillers[at - 1];
    }
    fillers[at] = added;
}

/* Drops some fillers at random, because a wrong filler is worse than slack. Sorts the others by
 * start and returns their number. */
static uint32_t thin_out(filling *f, uint32_t count, uint64_t noise) {
    uint64_t kept_of_256 = noise % 2 == 0 ? 256 : 128 + noise / 2 % 128;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        noise = noise_mix(noise + 1);
        if (noise % 256 < kept_of_256) {
            insert_by_start(f->fewest, kept++, f->fewest[i]);
        }
    }
    return kept;
}

static void add_original(filling *f, uint32_t tensor) {
    const instance *from = f->original;
    instance *in = &f->in;
    uint32_t at = in->count++;
    in->source[at] = tensor;
    in->first[at] = from->first[tensor];
    in->last[at] = from->last[tensor];
    in->size[at] = from->size[tensor];
    in->mask[at] = from->mask[tensor];
    in->alignment_log2[at] = from->alignment_log2[tensor];
    in->fixed[at] = from->fixed[tensor];
}

static void add_filler(filling *f, const filler *added) {
    instance *in = &f->in;
    uint32_t at = in->count++;
    in->source[at] = FILLING_NONE;
    in->first[at] = added->first;
    in->last[at] = added->last;
    in->size[at] = added->size;
    in->mask[at] = 0;
    in->alignment_log2[at] = 0;
    in->fixed[at] = REIN_PLAN_FREE;
    for (uint32_t s = added->first; s < added->last; s++) {
        in->live[s] += added->size;
    }
}

static void merge(filling *f, uint32_t filler_count) {
    const instance *original = f->original;
    instance *in = &f->in;
    in->count = 0;
    in->section_count = original->section_count;
    memcpy(in->live, original->live, original->section_count * sizeof *in->live);
    /* A tensor starts in the last section, so no filler follows the last tensor. */
    uint32_t next = 0;
    for (uint32_t i = 0; i < original->count; i++) {
        while (next < filler_count && f->fewest[next].first <= original->first[i]) {
            add_filler(f, &f->fewest[next++]);
        }
        add_original(f, i);
    }
}

bool rein_i_filling_draw(filling *f, uint64_t noise) {
    uint32_t count = draw_fewest(f, noise);
    if (count > f->filler_capacity) {
        return false;
    }
    count = thin_out(f, count, noise_mix(noise ^ DRAWS_MAX));
    merge(f, count);
    return true;
}

void rein_i_filling_take_out(const filling *f, uint64_t *offsets) {
    for (uint32_t i = 0; i < f->in.count; i++) {
        if (f->in.source[i] != FILLING_NONE) {
            offsets[f->in.source[i]] = offsets[i];
        }
    }
}
