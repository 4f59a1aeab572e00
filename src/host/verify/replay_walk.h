/* The walk through the tree that the log of a refutation describes: its grammar, nodes and
 * citations. Checks every branch, bound and citation itself; shares only base/ with the search.
 * docs/planning.md has the grammar. */
#ifndef REIN_HOST_VERIFY_REPLAY_WALK_H
#define REIN_HOST_VERIFY_REPLAY_WALK_H

#include "host/verify/replay_state.h"

enum { WALK_NODES_PER_TENSOR = 8 };

typedef struct walk_node {
    stretch part;
    uint32_t instant;
    uint32_t next_child; /* the index from which to look for the next candidate */
    uint32_t ordinal;
    uint32_t undo_length;
} walk_node;

/* The target of a citation: the state of one part of the problem when a node was opened. */
typedef struct citable {
    uint32_t ordinal;
    bool is_refuted;
    stretch part;
} citable;

typedef struct replay_walk {
    replay_state state;
    const rein_plan_log *log;
    size_t position;  /* index of the next word */
    walk_node *nodes; /* WALK_NODES_PER_TENSOR for each tensor */
    uint32_t depth;
    uint32_t opened;
    citable *citables;   /* sorted by ordinal: at most one for each odd word */
    tensor_state *saved; /* one for each tensor, for each citable */
    size_t citable_count;
    bool is_broken; /* the log is invalid */
} replay_walk;

/* Returns the number of citations in a log. */
size_t rein_i_replay_walk_count_citations(const rein_plan_log *log);

/* Replays the log to its end or to the first fault. Returns whether it is a refutation. If
 * `options` stop the replay, returns false and sets `out_stop`. */
bool rein_i_replay_walk_replay(replay_walk *walk, const rein_plan_replay_options *options,
                               rein_plan_stop *out_stop);

#endif
