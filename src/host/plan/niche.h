/* Where the search branches, and what it tries there. */
#ifndef REIN_HOST_PLAN_NICHE_H
#define REIN_HOST_PLAN_NICHE_H

#include "host/plan/search.h"

/* Sections [from, until) whose unplaced tensors hang together. */
typedef struct part {
    uint32_t from;
    uint32_t until;
} part;

/* The part within `focus` that has the least slack; an empty one where all is placed. */
part niche_tightest_part(const state *st, part focus);

/* A section of a plateau that is a local minimum of the floors. */
uint32_t niche_choose(const state *st, part p, search_rules rules, uint64_t step);

/* Writes the candidates of the section, the most promising first; returns their number. */
uint32_t niche_candidates(const state *st, uint32_t section, search_rules rules, uint64_t step,
                          uint16_t *out_candidates);

#endif
