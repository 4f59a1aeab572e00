/* The walk through the tree that a refutation's log describes: its grammar, its nodes, and what it
 * cites. Checks every branch, bound and citation itself; shares only base/ with the search.
 * docs/planning.md has the grammar. */
#ifndef REIN_HOST_VERIFY_REPLAY_WALK_H
#define REIN_HOST_VERIFY_REPLAY_WALK_H

#include "host/verify/replay_state.h"

enum { WALK_NODES_PER_TENSOR = 8 };

typedef struct walk_node {
    stretch part;
    uint32_t instant;
    uint32_t next_child; /* the index from which the next candidate is looked for */
    uint32_t ordinal;
    uint32_t undo_length;
} walk_node;

/* What a citation refers to: the state of one part of the problem when a node was opened. */
typedef struct citable {
    uint32_t ordinal;
    bool is_refuted;
    stretch part;
} citable;

typedef struct replay_walk {
    replay_state state;
    const rein_plan_log *log;
    size_t position;  /* of the word that is read next */
    walk_node *nodes; /* WALK_NODES_PER_TENSOR for each tensor */
    uint32_t depth;
    uint32_t opened;
    citable *citables;   /* by ordinal: one for each odd word, at most */
    tensor_state *saved; /* as many for each of them as there are tensors */
    size_t citable_count;
    bool is_broken; /* the log says what is not so */
} replay_walk;

/* How many words of a log are citations. */
size_t rein_i_replay_walk_count_citations(const rein_plan_log *log);

/* Reads the log to its end, or to where it fails. Returns whether it is a refutation; false too
 * where `options` stop it, which `out_stop` then says. */
bool rein_i_replay_walk_replay(replay_walk *walk, const rein_plan_replay_options *options,
                               rein_plan_stop *out_stop);

#endif
