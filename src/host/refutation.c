/* The replayer of refutations: walks the tree that a log describes and looks itself at every
 * branch, bound and citation. Shares no code with the search, only the validation of the input;
 * it works in bytes, and finds everything anew after each move. docs/planning.md has the log's
 * grammar and why each rule is sound. */
#include "contract/plan.h"

#include "host/invalid.h"

enum { TENSORS_MAX = 4096, UNDOS_PER_TENSOR = 256, FRAMES_PER_TENSOR = 8 };

#define GONE UINT64_MAX

typedef struct tensor_state {
    uint64_t low;  /* it cannot start below; GONE once it is placed */
    uint64_t rest; /* where it would come to rest on what is placed */
} tensor_state;

typedef struct tensor {
    const rein_tensor_lifetime *life;
    uint64_t fixed;
    uint32_t row;
    uint32_t begin; /* the instants at which it is alive: [begin, end) */
    uint32_t end;
} tensor;

typedef struct undo_entry {
    uint32_t index;
    tensor_state before;
} undo_entry;

/* Instants [begin, end): a set of unplaced tensors that hang together. */
typedef struct stretch {
    uint32_t begin;
    uint32_t end;
} stretch;

typedef struct node {
    stretch part;
    uint32_t instant;
    uint32_t next_child; /* the index from which the next candidate is looked for */
    uint32_t ordinal;
    uint32_t undo_length;
} node;

/* What a citation refers to: the state of one part of the problem when a node was opened. */
typedef struct citable {
    uint32_t ordinal;
    bool is_refuted;
    stretch part;
} citable;

typedef struct replay {
    const rein_plan_log *log;
    size_t position;
    uint64_t capacity;
    tensor *tensors; /* by start, end, larger size, smaller alignment, fixed offset, row */
    uint32_t count;
    uint32_t instant_count;
    tensor_state *now;
    uint64_t *floor;    /* by instant: the least low of what is alive and unplaced */
    uint64_t *total;    /* by instant: its bytes */
    uint32_t *crossing; /* by instant: what is alive also at the one before */
    undo_entry *undos;
    uint32_t undo_length;
    node *nodes;
    uint32_t depth;
    uint32_t opened;
    citable *citables;   /* by ordinal */
    tensor_state *saved; /* `count` for each citable */
    size_t citable_count;
    bool is_broken; /* the log says what is not so */
} replay;

static size_t count_citations(const rein_plan_log *log) {
    size_t citations = 0;
    for (size_t i = 0; i < log->length; i++) {
        citations += log->words[i] & 1U;
    }
    return citations;
}

/* Hands out the workspace; only counts where the memory is NULL. */
static void *take(rein_workspace *left, size_t count, size_t element_bytes) {
    size_t bytes = (count * element_bytes + 15U) & ~(size_t)15U;
    void *piece = left->memory;
    left->size_bytes += bytes;
    left->memory = piece == NULL ? NULL : (unsigned char *)piece + bytes;
    return piece;
}

static size_t lay_out(replay *re, size_t count, const rein_plan_log *log, void *memory) {
    size_t most = count < TENSORS_MAX ? count : TENSORS_MAX;
    size_t citations = count_citations(log);
    rein_workspace left = {memory, 0};
    re->tensors = take(&left, most, sizeof *re->tensors);
    re->now = take(&left, most, sizeof *re->now);
    re->floor = take(&left, most, sizeof *re->floor);
    re->total = take(&left, most, sizeof *re->total);
    re->crossing = take(&left, most + 1, sizeof *re->crossing);
    re->undos = take(&left, most * UNDOS_PER_TENSOR, sizeof *re->undos);
    re->nodes = take(&left, most * FRAMES_PER_TENSOR, sizeof *re->nodes);
    re->citables = take(&left, citations, sizeof *re->citables);
    re->saved = take(&left, citations * most, sizeof *re->saved);
    return left.size_bytes;
}

rein_result_bytes rein_plan_refutation_workspace_bytes(size_t count, const rein_plan_log *log) {
    if (log->length > SIZE_MAX / (2 * TENSORS_MAX * sizeof(tensor_state))) {
        return rein_result_bytes_fail(invalid_error(
            REIN_HERE, "a log of {u} words, expected one that a memory holds", log->length, 0, 0));
    }
    replay re;
    return rein_result_bytes_ok(lay_out(&re, count, log, NULL));
}

static int compare_numbers(uint64_t left, uint64_t right) {
    return (left > right) - (left < right);
}

static bool comes_before(const tensor *l, const tensor *r) {
    if (l->life->from != r->life->from) {
        return l->life->from < r->life->from;
    }
    if (l->life->until != r->life->until) {
        return l->life->until < r->life->until;
    }
    int order = compare_numbers(r->life->size_bytes, l->life->size_bytes);
    order =
        order != 0 ? order : compare_numbers(l->life->alignment_bytes, r->life->alignment_bytes);
    order = order != 0 ? order : compare_numbers(l->fixed, r->fixed);
    return order != 0 ? order < 0 : l->row < r->row;
}

/* False where there are more tensors with bytes than any refutation has. */
static bool collect_tensors(replay *re, const rein_plan_problem *problem) {
    re->count = 0;
    for (size_t row = 0; row < problem->count; row++) {
        if (problem->lifetimes[row].size_bytes == 0) {
            continue;
        }
        if (re->count == TENSORS_MAX) {
            return false;
        }
        tensor added = {&problem->lifetimes[row],
                        problem->fixed_offsets == NULL ? REIN_PLAN_FREE
                                                       : problem->fixed_offsets[row],
                        (uint32_t)row, 0, 0};
        uint32_t at = re->count++;
        for (; at > 0 && comes_before(&added, &re->tensors[at - 1]); at--) {
            re->tensors[at] = re->tensors[at - 1];
        }
        re->tensors[at] = added;
    }
    return true;
}

/* Whether the set of what is alive when `index` starts is part of no larger one: something in it
 * ends before anything else starts. */
static bool completes_a_set(const replay *re, uint32_t index) {
    int64_t start = re->tensors[index].life->from;
    int64_t next = index + 1 < re->count ? re->tensors[index + 1].life->from : INT64_MAX;
    for (uint32_t i = 0; i <= index; i++) {
        int64_t until = re->tensors[i].life->until;
        if (until > start && until <= next) {
            return next > start;
        }
    }
    return false;
}

static void find_instants(replay *re) {
    re->instant_count = 0;
    for (uint32_t i = 0; i < re->count; i++) {
        re->tensors[i].begin = re->instant_count;
        if (!completes_a_set(re, i)) {
            continue;
        }
        int64_t instant = re->tensors[i].life->from;
        re->instant_count++;
        for (uint32_t k = 0; k <= i; k++) {
            if (re->tensors[k].life->until > instant) {
                re->tensors[k].end = re->instant_count;
            }
        }
    }
}

static bool is_fixed(const tensor *t) {
    return t->fixed != REIN_PLAN_FREE;
}

static bool meet(const tensor *left, const tensor *right) {
    return left->begin < right->end && right->begin < left->end;
}

static bool is_alive_at(const tensor *t, uint32_t instant) {
    return t->begin <= instant && instant < t->end;
}

static uint64_t round_up(const tensor *t, uint64_t offset) {
    uint64_t rest = offset % t->life->alignment_bytes;
    return rest == 0 ? offset : offset + (t->life->alignment_bytes - rest);
}

/* Finds floors, totals and crossings anew; false where some instant has no room left. */
static bool survey(replay *re) {
    for (uint32_t s = 0; s <= re->instant_count; s++) {
        re->crossing[s] = 0;
        if (s < re->instant_count) {
            re->floor[s] = GONE;
            re->total[s] = 0;
        }
    }
    for (uint32_t i = 0; i < re->count; i++) {
        const tensor *t = &re->tensors[i];
        uint64_t low = re->now[i].low;
        for (uint32_t s = t->begin; s < t->end && low != GONE; s++) {
            re->floor[s] = low < re->floor[s] ? low : re->floor[s];
            re->total[s] += t->life->size_bytes;
            re->crossing[s] += s > t->begin;
        }
    }
    bool has_room = true;
    for (uint32_t s = 0; s < re->instant_count; s++) {
        has_room &= re->floor[s] == GONE ||
                    (re->floor[s] <= re->capacity && re->total[s] <= re->capacity - re->floor[s]);
    }
    return has_room;
}

static void change(replay *re, uint32_t index, tensor_state to) {
    if (re->undo_length == re->count * UNDOS_PER_TENSOR) {
        re->is_broken = true;
        return;
    }
    re->undos[re->undo_length++] = (undo_entry){index, re->now[index]};
    re->now[index] = to;
}

static void take_back(replay *re, uint32_t length) {
    while (re->undo_length > length) {
        undo_entry entry = re->undos[--re->undo_length];
        re->now[entry.index] = entry.before;
    }
}

/* Raises what is known of a tensor; false where it then has no place. */
static bool raise(replay *re, uint32_t index, uint64_t low, uint64_t rest) {
    const tensor *t = &re->tensors[index];
    tensor_state to = re->now[index];
    to.rest = rest > to.rest ? rest : to.rest;
    if (low > to.low) {
        if (is_fixed(t) || low > re->capacity || t->life->size_bytes > re->capacity - low) {
            return false;
        }
        to.low = low;
    }
    change(re, index, to);
    return true;
}

static bool are_same(const tensor *l, const tensor *r) {
    return l->begin == r->begin && l->end == r->end && l->life->size_bytes == r->life->size_bytes &&
           l->life->alignment_bytes == r->life->alignment_bytes && !is_fixed(l) && !is_fixed(r);
}

static bool has_unplaced_twin_before(const replay *re, uint32_t index) {
    for (uint32_t i = 0; i < index; i++) {
        if (re->now[i].low != GONE && are_same(&re->tensors[i], &re->tensors[index])) {
            return true;
        }
    }
    return false;
}

static bool is_candidate(const replay *re, uint32_t index, uint32_t instant) {
    const tensor *t = &re->tensors[index];
    uint64_t floor = re->floor[instant];
    return is_alive_at(t, instant) && re->now[index].low == floor &&
           (re->now[index].rest == floor || is_fixed(t)) && !has_unplaced_twin_before(re, index);
}

/* Places a candidate. False where it has no place, or where a tensor that is alive only while it is
 * could drop into the hole below it: then a placement with lower offsets exists. */
static bool place(replay *re, uint32_t index) {
    const tensor *t = &re->tensors[index];
    uint64_t start = re->now[index].low;
    uint64_t end = start + t->life->size_bytes;
    change(re, index, (tensor_state){GONE, re->now[index].rest});
    for (uint32_t i = 0; i < re->count; i++) {
        const tensor *other = &re->tensors[i];
        if (re->now[i].low == GONE || !meet(t, other)) {
            continue;
        }
        bool is_inside = t->begin <= other->begin && other->end <= t->end;
        if (is_inside && !is_fixed(other) && re->now[i].rest + other->life->size_bytes <= start) {
            return false;
        }
        uint64_t rest = round_up(other, end);
        if (!raise(re, i, rest, rest)) {
            return false;
        }
    }
    return survey(re);
}

/* The least end of an unplaced tensor that meets `index` but is not alive at the instant, as an
 * offset of `index`. */
static uint64_t outer_support(const replay *re, uint32_t index, uint32_t instant) {
    uint64_t least = GONE;
    for (uint32_t i = 0; i < re->count; i++) {
        const tensor *other = &re->tensors[i];
        if (re->now[i].low == GONE || is_alive_at(other, instant) ||
            !meet(other, &re->tensors[index])) {
            continue;
        }
        uint64_t end = round_up(&re->tensors[index], re->now[i].low + other->life->size_bytes);
        least = end < least ? end : least;
    }
    return least;
}

/* Nothing alive at the instant starts at its floor: the lowest of it is held up by something that
 * is not alive then, or could not start at the floor anyway. False where that has no room. */
static bool waste(replay *re, uint32_t instant) {
    uint64_t floor = re->floor[instant];
    uint64_t next = GONE;
    for (uint32_t i = 0; i < re->count; i++) {
        if (re->now[i].low == GONE || !is_alive_at(&re->tensors[i], instant)) {
            continue;
        }
        uint64_t start = re->now[i].low == floor ? outer_support(re, i, instant) : re->now[i].low;
        next = start < next ? start : next;
    }
    if (next == GONE) {
        return false;
    }
    for (uint32_t i = 0; i < re->count; i++) {
        bool is_at_floor = re->now[i].low == floor && is_alive_at(&re->tensors[i], instant);
        if (is_at_floor && !raise(re, i, round_up(&re->tensors[i], next), 0)) {
            return false;
        }
    }
    return survey(re);
}

/* The branch is complete only where no tensor that meets one at the floor can lie lower. */
static bool is_local_minimum(const replay *re, uint32_t instant) {
    uint64_t floor = re->floor[instant];
    for (uint32_t i = 0; i < re->count; i++) {
        if (re->now[i].low != floor || !is_alive_at(&re->tensors[i], instant)) {
            continue;
        }
        for (uint32_t k = 0; k < re->count; k++) {
            if (re->now[k].low < floor && meet(&re->tensors[i], &re->tensors[k])) {
                return false;
            }
        }
    }
    return true;
}

static stretch part_around(const replay *re, uint32_t instant) {
    stretch part = {instant, instant + 1};
    while (re->crossing[part.begin] > 0) {
        part.begin--;
    }
    while (re->crossing[part.end] > 0) {
        part.end++;
    }
    return part;
}

static citable *find_citable(const replay *re, uint32_t ordinal) {
    size_t low = 0;
    size_t high = re->citable_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (re->citables[middle].ordinal < ordinal) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < re->citable_count && re->citables[low].ordinal == ordinal;
    return is_found ? &re->citables[low] : NULL;
}

static tensor_state *saved_of(const replay *re, const citable *c) {
    return re->saved + (size_t)(c - re->citables) * re->count;
}

/* Lists what the log will cite: the even words are nodes, in their order. */
static void collect_citables(replay *re) {
    size_t count = 0;
    for (size_t i = 0; i < re->log->length; i++) {
        if ((re->log->words[i] & 1U) != 0) {
            re->citables[count++] = (citable){.ordinal = re->log->words[i] / 2};
        }
    }
    for (size_t gap = count / 2; gap > 0; gap /= 2) {
        for (size_t i = gap; i < count; i++) {
            citable moved = re->citables[i];
            size_t at = i;
            for (; at >= gap && re->citables[at - gap].ordinal > moved.ordinal; at -= gap) {
                re->citables[at] = re->citables[at - gap];
            }
            re->citables[at] = moved;
        }
    }
    re->citable_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || re->citables[i].ordinal != re->citables[i - 1].ordinal) {
            re->citables[re->citable_count++] = re->citables[i];
        }
    }
}

/* A part cannot be completed: back to the last choice that was made in it. */
static void fail_stretch(replay *re, stretch part) {
    while (re->depth > 0) {
        const node *top = &re->nodes[re->depth - 1];
        take_back(re, top->undo_length);
        if (top->part.begin < part.end && part.begin < top->part.end) {
            break;
        }
        re->depth--;
    }
    (void)survey(re);
}

/* The cited node was refuted with the same unplaced tensors in the same part, and with the same
 * bounds. */
static bool is_cited_state(const replay *re, const citable *c) {
    if (c == NULL || !c->is_refuted || re->crossing[c->part.begin] != 0 ||
        re->crossing[c->part.end] != 0) {
        return false;
    }
    const tensor_state *saved = saved_of(re, c);
    for (uint32_t i = 0; i < re->count; i++) {
        const tensor *t = &re->tensors[i];
        bool is_inside = t->begin < c->part.end && c->part.begin < t->end;
        bool is_same = re->now[i].low == saved[i].low &&
                       (re->now[i].low == GONE || re->now[i].rest == saved[i].rest);
        if (is_inside && !is_same) {
            return false;
        }
    }
    return true;
}

static void cite(replay *re, uint32_t ordinal) {
    const citable *c = find_citable(re, ordinal);
    if (is_cited_state(re, c)) {
        fail_stretch(re, c->part);
    } else {
        re->is_broken = true;
    }
}

static uint32_t find_row(const replay *re, uint32_t row) {
    uint32_t index = 0;
    while (index < re->count && re->tensors[index].row != row) {
        index++;
    }
    return index;
}

/* A node at the instant that the start of a tensor completes. */
static void open(replay *re, uint32_t row) {
    uint32_t index = find_row(re, row);
    uint32_t instant = index == re->count ? 0 : re->tensors[index].begin;
    bool is_known = index < re->count && completes_a_set(re, index);
    if (!is_known || re->depth == re->count * FRAMES_PER_TENSOR || re->floor[instant] == GONE ||
        !is_local_minimum(re, instant)) {
        re->is_broken = true;
        return;
    }
    node opened = {.part = part_around(re, instant),
                   .instant = instant,
                   .ordinal = re->opened++,
                   .undo_length = re->undo_length};
    citable *c = find_citable(re, opened.ordinal);
    if (c != NULL) {
        c->part = opened.part;
        for (uint32_t i = 0; i < re->count; i++) {
            saved_of(re, c)[i] = re->now[i];
        }
    }
    re->nodes[re->depth++] = opened;
}

static void read_word(replay *re) {
    if (re->position == re->log->length) {
        re->is_broken = true;
        return;
    }
    uint32_t word = re->log->words[re->position];
    if ((word & 1U) != 0) {
        cite(re, word / 2);
    } else {
        open(re, word / 2);
    }
    re->position += !re->is_broken;
}

/* The last child of the top node has failed. */
static void close(replay *re) {
    node closed = re->nodes[--re->depth];
    citable *c = find_citable(re, closed.ordinal);
    if (c != NULL) {
        c->is_refuted = true;
    }
    fail_stretch(re, closed.part);
}

/* Makes the next move of the top node; reads on where that does not fail at once. */
static void step(replay *re) {
    node *top = &re->nodes[re->depth - 1];
    if (top->next_child > re->count) {
        close(re);
        return;
    }
    while (top->next_child < re->count && !is_candidate(re, top->next_child, top->instant)) {
        top->next_child++;
    }
    uint32_t child = top->next_child++;
    bool is_open = child == re->count ? waste(re, top->instant) : place(re, child);
    if (is_open) {
        read_word(re);
    } else {
        take_back(re, top->undo_length);
        (void)survey(re);
    }
}

/* Whether the capacity is refuted before any choice. */
static bool start(replay *re) {
    for (uint32_t i = 0; i < re->count; i++) {
        const tensor *t = &re->tensors[i];
        re->now[i] = (tensor_state){is_fixed(t) ? t->fixed : 0, 0};
        if (re->now[i].low > re->capacity || t->life->size_bytes > re->capacity - re->now[i].low) {
            return true;
        }
    }
    return !survey(re);
}

static bool run(replay *re) {
    if (start(re)) {
        return re->log->length == 0;
    }
    read_word(re);
    while (!re->is_broken && re->depth > 0) {
        step(re);
    }
    return !re->is_broken && re->position == re->log->length;
}

static rein_result_void check_replay_input(const rein_plan_problem *problem,
                                           const rein_plan_log *log, rein_workspace workspace) {
    rein_result_void valid = rein_plan_validate(problem);
    REIN_RETURN_IF_ERROR(rein_result_void, valid);
    if (log == NULL || (log->words == NULL && log->length > 0)) {
        return invalid(REIN_HERE, "the log is NULL, expected words", 0, 0, 0);
    }
    rein_result_bytes needed = rein_plan_refutation_workspace_bytes(problem->count, log);
    REIN_RETURN_IF_ERROR(rein_result_void, needed);
    size_t available = workspace.memory == NULL ? 0 : workspace.size_bytes;
    if (available < REIN_VALUE(needed)) {
        return invalid(REIN_HERE, "the workspace has {bytes} for a replay, expected {bytes}",
                       available, REIN_VALUE(needed), 0);
    }
    return rein_done();
}

rein_result_plan_refutation_verdict rein_plan_check_refutation(const rein_plan_problem *problem,
                                                               uint64_t capacity_bytes,
                                                               const rein_plan_log *log,
                                                               rein_workspace workspace) {
    rein_result_void usable = check_replay_input(problem, log, workspace);
    REIN_RETURN_IF_ERROR(rein_result_plan_refutation_verdict, usable);
    replay re = {.log = log, .capacity = capacity_bytes};
    (void)lay_out(&re, problem->count, log, workspace.memory);
    rein_plan_refutation_verdict verdict = {false, 0};
    if (collect_tensors(&re, problem)) {
        find_instants(&re);
        collect_citables(&re);
        verdict.is_valid = run(&re);
        verdict.position = re.position;
    }
    return rein_result_plan_refutation_verdict_ok(verdict);
}
