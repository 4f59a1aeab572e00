/* The exact search: whether an instance fits a capacity. docs/planning.md explains it. */
#ifndef REIN_HOST_PLAN_SEARCH_H
#define REIN_HOST_PLAN_SEARCH_H

#include "host/plan/branching.h"
#include "host/plan/memo.h"

typedef struct search_frame {
    uint32_t from, until; /* the sections of the node's part */
    uint32_t section;
    uint32_t children_start; /* in the pool */
    uint32_t children_count; /* without the last child, which is waste */
    uint32_t next_child;
    uint32_t trail_length;
    uint32_t ordinal;
    memo_key key;
    uint64_t need; /* the least capacity that one of the failed children needed */
    uint64_t steps_before;
} search_frame;

typedef enum search_end {
    SEARCH_SOLVED,  /* the state holds all offsets */
    SEARCH_REFUTED, /* `need` is the least capacity that is not refuted */
    SEARCH_LIMIT,   /* the run's steps are spent */
    SEARCH_STOPPED  /* the poll returned false */
} search_end;

typedef struct search {
    state st;
    memo refuted;
    uint64_t salt; /* part of the keys: refuted states of one instance do not hold for another */
    search_rules rules;
    search_frame *frames;
    uint32_t depth;
    uint32_t frame_capacity;
    uint16_t *pool; /* the children of all open frames */
    uint32_t pool_capacity;
    uint64_t steps;      /* of all runs */
    uint64_t step_limit; /* the value of `steps` at which this run ends */
    uint64_t need;
    uint32_t ordinal;   /* nodes opened in this run */
    rein_plan_log *log; /* receives the refutation of the run; may be NULL */
    bool (*poll)(void *self);
    void *poll_self;
} search;

void rein_i_search_layout(search *se, size_t count, arena *memory);

/* Runs one search from the root. The capacity must meet the conditions of rein_i_state_reset.
 * Refuted states are kept between runs, until rein_i_memo_clear. */
search_end rein_i_search_run(search *se, uint64_t capacity, search_rules rules);

#endif
