#include "host/plan/search.h"

enum { FRAMES_PER_TENSOR = 8, POOL_PER_TENSOR = 64 };

void rein_i_search_layout(search *se, size_t count, arena *memory) {
    size_t most = count < PLAN_SEARCH_MAX_COUNT ? count : PLAN_SEARCH_MAX_COUNT;
    *se = (search){.frame_capacity = (uint32_t)(most * FRAMES_PER_TENSOR),
                   .pool_capacity = (uint32_t)(most * POOL_PER_TENSOR)};
    rein_i_state_layout(&se->st, count, memory);
    rein_i_memo_layout(&se->refuted, count, memory);
    se->frames = arena_take(memory, se->frame_capacity, sizeof *se->frames);
    se->pool = arena_take(memory, se->pool_capacity, sizeof *se->pool);
}

static memo_key key_of_part(const search *se, part p) {
    const state *st = &se->st;
    memo_key key = {se->salt, se->salt};
    uint32_t end = st->section_start[p.until];
    for (uint32_t tensor = st->section_start[p.from]; tensor < end; tensor++) {
        if (st->low[tensor] != PLAN_NEVER) {
            memo_key_add(&key, tensor, st->low[tensor], st->rest[tensor]);
        }
    }
    return key;
}

static void log_word(search *se, uint32_t word) {
    if (se->log != NULL && se->log->length < se->log->capacity) {
        se->log->words[se->log->length] = word;
    }
    if (se->log != NULL) {
        se->log->length++;
    }
}

/* The result of opening a node. */
typedef enum opening { OPENED, ALL_PLACED, ALREADY_REFUTED, NO_ROOM } opening;

/* Undoes the last child of the top frame. */
static void leave_child(search *se) {
    rein_i_state_undo(&se->st, se->frames[se->depth - 1].trail_length);
}

/* Backtracks to the last choice in a part that cannot be completed. Later choices in other parts
 * are irrelevant to the failure and are dropped. */
static void fail_part(search *se, part p, uint64_t need) {
    while (se->depth > 0) {
        search_frame *top = &se->frames[se->depth - 1];
        leave_child(se);
        if (top->from < p.until && p.from < top->until) {
            top->need = need < top->need ? need : top->need;
            return;
        }
        se->depth--;
    }
    se->need = need;
}

static opening push_frame(search *se, part p, memo_key key) {
    uint32_t pool_start = 0;
    if (se->depth > 0) {
        const search_frame *top = &se->frames[se->depth - 1];
        pool_start = top->children_start + top->children_count;
    }
    uint32_t section = rein_i_branching_choose_section(&se->st, p, se->rules, se->steps);
    uint32_t room = se->pool_capacity - pool_start;
    uint32_t most = se->st.clique_start[section + 1] - se->st.clique_start[section];
    if (se->depth == se->frame_capacity || room < most) {
        return NO_ROOM;
    }
    uint32_t count = rein_i_branching_list_candidates(&se->st, section, se->rules, se->steps,
                                                      se->pool + pool_start);
    se->frames[se->depth++] = (search_frame){.from = p.from,
                                             .until = p.until,
                                             .section = section,
                                             .children_start = pool_start,
                                             .children_count = count,
                                             .trail_length = se->st.trail_length,
                                             .ordinal = se->ordinal++,
                                             .key = key,
                                             .need = PLAN_NEVER,
                                             .steps_before = se->steps};
    /* The start of the section's last tensor completes the section. */
    uint32_t last = se->st.clique[se->st.clique_start[section + 1] - 1];
    log_word(se, 2 * se->st.in->source[last]);
    return OPENED;
}

/* Opens a node for the current state: in the tightest part within `focus`, or in the tightest of
 * all parts if everything in `focus` is placed. */
static opening open_node(search *se, part focus) {
    part p = rein_i_branching_tightest_part(&se->st, focus);
    if (p.from == p.until) {
        p = rein_i_branching_tightest_part(&se->st, (part){0, se->st.in->section_count});
    }
    if (p.from == p.until) {
        return ALL_PLACED;
    }
    memo_key key = key_of_part(se, p);
    const memo_entry *known = rein_i_memo_find(&se->refuted, key);
    if (known != NULL && known->need > se->st.capacity) {
        log_word(se, 2 * known->ordinal + 1);
        fail_part(se, p, known->need);
        return ALREADY_REFUTED;
    }
    return push_frame(se, p, key);
}

/* Closes the top frame after all of its children have failed. */
static void close_node(search *se) {
    search_frame closed = se->frames[--se->depth];
    uint64_t work = se->steps - closed.steps_before;
    rein_i_memo_store(&se->refuted,
                      (memo_entry){.key = closed.key,
                                   .need = closed.need,
                                   .work = work > UINT32_MAX ? UINT32_MAX : (uint32_t)work,
                                   .ordinal = closed.ordinal});
    fail_part(se, (part){closed.from, closed.until}, closed.need);
}

/* Makes the next move of the top frame. Returns false if it fails at once. */
static bool enter_child(search *se) {
    search_frame *top = &se->frames[se->depth - 1];
    uint32_t child = top->next_child++;
    se->steps++;
    bool is_waste = child == top->children_count;
    bool is_open = is_waste ? rein_i_state_waste(&se->st, top->section)
                            : rein_i_state_place(&se->st, se->pool[top->children_start + child]);
    if (!is_open) {
        leave_child(se);
        top->need = se->st.need < top->need ? se->st.need : top->need;
    }
    return is_open;
}

/* Runs one step: closes a finished node, or makes a move and opens the node below it. */
static opening advance(search *se) {
    search_frame *top = &se->frames[se->depth - 1];
    if (top->next_child > top->children_count) {
        close_node(se);
        return OPENED;
    }
    part focus = {top->from, top->until};
    return enter_child(se) ? open_node(se, focus) : OPENED;
}

search_end rein_i_search_run(search *se, uint64_t capacity, search_rules rules) {
    se->rules = rules;
    se->depth = 0;
    se->ordinal = 0;
    rein_i_state_reset(&se->st, capacity);
    opening last = open_node(se, (part){0, 0});
    while (last != ALL_PLACED) {
        if (last == NO_ROOM || se->st.is_trail_full || se->steps >= se->step_limit) {
            return SEARCH_LIMIT;
        }
        if (se->depth == 0) {
            return SEARCH_REFUTED;
        }
        if (!se->poll(se->poll_self)) {
            return SEARCH_STOPPED;
        }
        last = advance(se);
    }
    return SEARCH_SOLVED;
}
