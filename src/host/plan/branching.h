/* The branching rules of the search: the section to branch on, and the order of its candidates. */
#ifndef REIN_HOST_PLAN_BRANCHING_H
#define REIN_HOST_PLAN_BRANCHING_H

#include "host/plan/state.h"

/* The rule by which a run chooses the section to branch on. Noise breaks ties. */
typedef enum section_rule {
    SECTION_FEWEST_CHILDREN,   /* then the least slack */
    SECTION_LEAST_SLACK,       /* then the fewest children */
    SECTION_LEAST_SLACK_LOWEST /* then the lowest floor */
} section_rule;

/* The candidate that a run tries first. */
typedef enum candidate_rule {
    CANDIDATE_LARGEST,
    CANDIDATE_WIDEST,        /* the most sections, then the largest */
    CANDIDATE_NOISY_LARGEST, /* sizes blurred by an eighth either way */
    CANDIDATE_FLUSH_LARGEST, /* the most edges flush with the adjacent floors, then the largest */
    CANDIDATE_FLUSH_WIDEST,
    CANDIDATE_IN_ORDER /* the order of the tensors; the log of a refutation needs it */
} candidate_rule;

/* The rules of one run. The search is complete with every pair; only the order differs. */
typedef struct search_rules {
    section_rule section;
    candidate_rule candidate;
    uint64_t noise;
} search_rules;

/* Sections [from, until) that are connected by unplaced tensors. */
typedef struct part {
    uint32_t from;
    uint32_t until;
} part;

/* Returns the part within `focus` with the least slack; an empty part if everything is placed. */
part rein_i_branching_tightest_part(const state *st, part focus);

/* Returns a section of a plateau that is a local minimum of the floors. */
uint32_t rein_i_branching_choose_section(const state *st, part p, search_rules rules,
                                         uint64_t step);

/* Writes the candidates of the section, most promising first; returns their number. */
uint32_t rein_i_branching_list_candidates(const state *st, uint32_t section, search_rules rules,
                                          uint64_t step, uint16_t *out_candidates);

#endif
