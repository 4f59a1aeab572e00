/* The exact search: does an instance fit a capacity? docs/planning.md explains it. */
#ifndef REIN_HOST_PLAN_SEARCH_H
#define REIN_HOST_PLAN_SEARCH_H

#include "host/plan/branching.h"
#include "host/plan/memo.h"

typedef struct search_frame {
    uint32_t from, until; /* the sections of the part that this node belongs to */
    uint32_t section;
    uint32_t children_start; /* in the pool */
    uint32_t children_count; /* without the last, which is waste */
    uint32_t next_child;
    uint32_t trail_length;
    uint32_t ordinal;
    memo_key key;
    uint64_t need; /* the least of the capacities that its failed children needed */
    uint64_t steps_before;
} search_frame;

typedef enum search_end {
    SEARCH_SOLVED,  /* the state holds all offsets */
    SEARCH_REFUTED, /* `need` is the least capacity that is not refuted */
    SEARCH_LIMIT,   /* the run's steps are spent */
    SEARCH_STOPPED  /* the caller's poll said so */
} search_end;

typedef struct search {
    state st;
    memo refuted;
    uint64_t salt; /* of the keys: what is remembered of one instance says nothing of another */
    search_rules rules;
    search_frame *frames;
    uint32_t depth;
    uint32_t frame_capacity;
    uint16_t *pool; /* the children of all open frames */
    uint32_t pool_capacity;
    uint64_t steps;      /* of all runs */
    uint64_t step_limit; /* of this run, as a value of `steps` */
    uint64_t need;
    uint32_t ordinal;   /* nodes opened in this run */
    rein_plan_log *log; /* NULL, or where the run writes its refutation */
    bool (*poll)(void *self);
    void *poll_self;
} search;

void rein_i_search_layout(search *se, size_t count, arena *memory);

/* One run from the start, at a capacity that rein_i_state_reset takes. What was refuted
 * before stays known, until rein_i_memo_clear. */
search_end rein_i_search_run(search *se, uint64_t capacity, search_rules rules);

#endif
