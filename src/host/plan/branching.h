/* Where the search branches, and what it tries there. */
#ifndef REIN_HOST_PLAN_BRANCHING_H
#define REIN_HOST_PLAN_BRANCHING_H

#include "host/plan/state.h"

/* How a run chooses the section to branch on; ties go to the noise. */
typedef enum section_rule {
    SECTION_FEWEST_CHILDREN,   /* then the least slack */
    SECTION_LEAST_SLACK,       /* then the fewest children */
    SECTION_LEAST_SLACK_LOWEST /* then the lowest floor */
} section_rule;

/* Which candidate a run tries first. */
typedef enum candidate_rule {
    CANDIDATE_LARGEST,
    CANDIDATE_WIDEST,        /* the most sections, then the largest */
    CANDIDATE_NOISY_LARGEST, /* sizes blurred by an eighth to either side */
    /* The most edges in line with the floors beside it, then the largest. */
    CANDIDATE_FLUSH_LARGEST,
    CANDIDATE_FLUSH_WIDEST,
    CANDIDATE_IN_ORDER /* as the tensors are ordered: what a refutation is written with */
} candidate_rule;

/* The rules of one run. Every pair is complete; they differ in what they try first. */
typedef struct search_rules {
    section_rule section;
    candidate_rule candidate;
    uint64_t noise;
} search_rules;

/* Sections [from, until) whose unplaced tensors hang together. */
typedef struct part {
    uint32_t from;
    uint32_t until;
} part;

/* The part within `focus` that has the least slack; an empty one where all is placed. */
part rein_i_branching_tightest_part(const state *st, part focus);

/* A section of a plateau that is a local minimum of the floors. */
uint32_t rein_i_branching_choose_section(const state *st, part p, search_rules rules,
                                         uint64_t step);

/* Writes the candidates of the section, the most promising first; returns their number. */
uint32_t rein_i_branching_list_candidates(const state *st, uint32_t section, search_rules rules,
                                          uint64_t step, uint16_t *out_candidates);

#endif
