#include "host/verify/replay_walk.h"

#include "host/base/radix_sort.h"
#include "host/contract/stop.h"

size_t rein_i_replay_walk_count_citations(const rein_plan_log *log) {
    size_t citations = 0;
    for (size_t i = 0; i < log->length; i++) {
        citations += log->words[i] & 1U;
    }
    return citations;
}

/* Returns the first citable of the node, or NULL if it is never cited. A node that is cited several
 * times is listed as often. */
static citable *find_citable(const replay_walk *walk, uint32_t ordinal) {
    size_t low = 0;
    size_t high = walk->citable_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (walk->citables[middle].ordinal < ordinal) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < walk->citable_count && walk->citables[low].ordinal == ordinal;
    return is_found ? &walk->citables[low] : NULL;
}

static tensor_state *saved_tensors_of(const replay_walk *walk, const citable *c) {
    return walk->saved + (size_t)(c - walk->citables) * walk->state.count;
}

_Static_assert(sizeof(keyed_index) <= sizeof(citable) &&
                   sizeof(keyed_index) <= sizeof(tensor_state),
               "the workspace of the citations has room to sort them");

/* Lists the nodes that the log cites, by ordinal. Sorts in the memory of the saved states, which
 * has one state for each citation if there is a tensor. */
static void collect_citables(replay_walk *walk) {
    keyed_index *found = (keyed_index *)(void *)walk->saved;
    for (size_t i = 0; i < walk->log->length && walk->state.count > 0; i++) {
        if ((walk->log->words[i] & 1U) != 0) {
            found[walk->citable_count++] = (keyed_index){.key = walk->log->words[i] / 2};
        }
    }
    (void)rein_i_radix_sort(found, walk->citable_count, (keyed_index *)(void *)walk->citables, NULL,
                            NULL);
    for (size_t i = 0; i < walk->citable_count; i++) {
        walk->citables[i] = (citable){.ordinal = (uint32_t)found[i].key};
    }
}

/* Backtracks to the last choice in a part that cannot be completed. */
static void fail_stretch(replay_walk *walk, stretch part) {
    uint32_t kept = 0;
    while (walk->depth > 0) {
        const walk_node *top = &walk->nodes[walk->depth - 1];
        kept = top->undo_length;
        if (top->part.begin < part.end && part.begin < top->part.end) {
            break;
        }
        walk->depth--;
    }
    rein_i_replay_undo(&walk->state, kept);
}

/* Returns whether the cited node was refuted with the same unplaced tensors and the same bounds in
 * the same part. */
static bool is_cited_state(const replay_walk *walk, const citable *c) {
    return c != NULL && c->is_refuted &&
           rein_i_replay_is_same(&walk->state, c->part, saved_tensors_of(walk, c));
}

static void cite(replay_walk *walk, uint32_t ordinal) {
    const citable *c = find_citable(walk, ordinal);
    if (is_cited_state(walk, c)) {
        fail_stretch(walk, c->part);
    } else {
        walk->is_broken = true;
    }
}

static bool may_open(const replay_walk *walk, uint32_t instant) {
    const replay_state *state = &walk->state;
    return walk->depth < state->count * WALK_NODES_PER_TENSOR &&
           state->floor[instant] != REPLAY_GONE && rein_i_replay_is_local_minimum(state, instant);
}

/* Opens a node at the instant that the start of the tensor at `row` completes. */
static void open(replay_walk *walk, uint32_t row) {
    uint32_t instant = 0;
    if (!rein_i_replay_find_instant(&walk->state, row, &instant) || !may_open(walk, instant)) {
        walk->is_broken = true;
        return;
    }
    walk_node opened = {.part = rein_i_replay_part_around(&walk->state, instant),
                        .instant = instant,
                        .ordinal = walk->opened++,
                        .undo_length = walk->state.undo_length};
    citable *c = find_citable(walk, opened.ordinal);
    if (c != NULL) {
        c->part = opened.part;
        for (uint32_t i = 0; i < walk->state.count; i++) {
            saved_tensors_of(walk, c)[i] = walk->state.now[i];
        }
    }
    walk->nodes[walk->depth++] = opened;
}

static void read_word(replay_walk *walk) {
    if (walk->position == walk->log->length) {
        walk->is_broken = true;
        return;
    }
    uint32_t word = walk->log->words[walk->position];
    if ((word & 1U) != 0) {
        cite(walk, word / 2);
    } else {
        open(walk, word / 2);
    }
    walk->position += !walk->is_broken;
}

/* Closes the top node after its last child has failed. */
static void close(replay_walk *walk) {
    walk_node closed = walk->nodes[--walk->depth];
    citable *c = find_citable(walk, closed.ordinal);
    if (c != NULL) {
        c->is_refuted = true;
    }
    fail_stretch(walk, closed.part);
}

/* Makes the next move of the top node. Reads the next word if the move does not fail at once. */
static void step(replay_walk *walk) {
    replay_state *state = &walk->state;
    walk_node *top = &walk->nodes[walk->depth - 1];
    if (top->next_child > state->count) {
        close(walk);
        return;
    }
    while (top->next_child < state->count &&
           !rein_i_replay_is_candidate(state, top->next_child, top->instant)) {
        top->next_child++;
    }
    uint32_t child = top->next_child++;
    bool is_open = child == state->count ? rein_i_replay_waste(state, top->instant)
                                         : rein_i_replay_place(state, child);
    walk->is_broken |= state->is_full;
    if (!is_open) {
        rein_i_replay_undo(state, top->undo_length);
    } else if (!walk->is_broken) {
        read_word(walk);
    }
}

static rein_plan_stop find_stop(const rein_plan_replay_options *options) {
    if (stop_is_cancelled(options->cancel)) {
        return REIN_PLAN_STOP_CANCEL;
    }
    bool is_late = stop_is_late(options->clock, options->deadline);
    return is_late ? REIN_PLAN_STOP_DEADLINE : REIN_PLAN_STOP_DONE;
}

static void report_progress(const replay_walk *walk, const rein_plan_replay_options *options) {
    if (options->on_progress != NULL) {
        options->on_progress(options->self, walk->position);
    }
}

bool rein_i_replay_walk_replay(replay_walk *walk, const rein_plan_replay_options *options,
                               rein_plan_stop *out_stop) {
    *out_stop = REIN_PLAN_STOP_DONE;
    if (!rein_i_replay_begin(&walk->state)) {
        return walk->log->length == 0;
    }
    collect_citables(walk);
    read_word(walk);
    while (!walk->is_broken && walk->depth > 0) {
        report_progress(walk, options);
        *out_stop = find_stop(options);
        if (*out_stop != REIN_PLAN_STOP_DONE) {
            return false;
        }
        step(walk);
    }
    return !walk->is_broken && walk->position == walk->log->length;
}
