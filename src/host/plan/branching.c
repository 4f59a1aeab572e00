#include "host/plan/branching.h"

#include "host/plan/noise.h"

static uint64_t slack_of(const state *st, uint32_t section) {
    return st->capacity - st->floor[section] - st->total[section];
}

part rein_i_branching_tightest_part(const state *st, part focus) {
    part best = {0, 0};
    uint64_t best_slack = PLAN_NEVER;
    uint32_t s = focus.from;
    while (s < focus.until) {
        if (st->floor[s] == PLAN_NEVER) {
            s++;
            continue;
        }
        part p = {s, s + 1};
        uint64_t slack = slack_of(st, s);
        for (; p.until < focus.until && st->crossing[p.until] > 0; p.until++) {
            uint64_t here = slack_of(st, p.until);
            slack = here < slack ? here : slack;
        }
        if (slack < best_slack) {
            best = p;
            best_slack = slack;
        }
        s = p.until;
    }
    return best;
}

/* Returns the same number for the same run, step and index. */
static uint64_t noise_of(search_rules rules, uint64_t step, uint32_t index) {
    return noise_mix(rules.noise ^ noise_mix(step * 4099 + index));
}

/* The score of a section. The least wins; the first field that differs decides. */
typedef struct section_score {
    uint64_t first;
    uint64_t second;
    uint64_t noise;
} section_score;

static bool is_better(const section_score *left, const section_score *right) {
    if (left->first != right->first) {
        return left->first < right->first;
    }
    return left->second != right->second ? left->second < right->second
                                         : left->noise < right->noise;
}

/* Returns the number of moves at a section. Stops counting above `most`. */
static uint64_t count_children(const state *st, uint32_t section, uint64_t most) {
    uint64_t floor = st->floor[section];
    uint64_t count = slack_of(st, section) > 0;
    uint32_t end = st->clique_start[section + 1];
    for (uint32_t c = st->clique_start[section]; c < end && count <= most; c++) {
        count += state_is_candidate(st, st->clique[c], floor);
    }
    return count;
}

/* Returns the score, or any score worse than `best` if the section cannot win. */
static section_score score_section(const state *st, uint32_t section, section_rule rule,
                                   const section_score *best) {
    uint64_t slack = slack_of(st, section);
    if (rule == SECTION_FEWEST_CHILDREN) {
        return (section_score){count_children(st, section, best->first), slack, 0};
    }
    if (rule == SECTION_LEAST_SLACK_LOWEST) {
        return (section_score){slack, st->floor[section], 0};
    }
    bool may_win = slack <= best->first;
    uint64_t most = slack == best->first ? best->second : PLAN_NEVER;
    return (section_score){slack, may_win ? count_children(st, section, most) : 0, 0};
}

/* Returns the end of the plateau that begins at `start`. */
static uint32_t plateau_end(const state *st, part p, uint32_t start) {
    uint32_t end = start + 1;
    while (end < p.until && st->floor[end] == st->floor[start]) {
        end++;
    }
    return end;
}

static bool is_local_minimum(const state *st, part p, part plateau) {
    uint64_t floor = st->floor[plateau.from];
    return (plateau.from == p.from || st->floor[plateau.from - 1] > floor) &&
           (plateau.until == p.until || st->floor[plateau.until] > floor);
}

uint32_t rein_i_branching_choose_section(const state *st, part p, search_rules rules,
                                         uint64_t step) {
    section_score best = {PLAN_NEVER, PLAN_NEVER, PLAN_NEVER};
    uint32_t chosen = p.from;
    for (part plateau = {p.from, p.from}; plateau.from < p.until; plateau.from = plateau.until) {
        plateau.until = plateau_end(st, p, plateau.from);
        if (!is_local_minimum(st, p, plateau)) {
            continue;
        }
        for (uint32_t s = plateau.from; s < plateau.until; s++) {
            section_score score = score_section(st, s, rules.section, &best);
            score.noise = noise_of(rules, step, s);
            if (is_better(&score, &best)) {
                best = score;
                chosen = s;
            }
        }
    }
    return chosen;
}

/* Returns how flush the tensor would be: 2 for each side whose floor is at its end, 1 for each
 * other side whose floor is above its start. */
static uint64_t count_flush_edges(const state *st, uint32_t tensor) {
    const instance *in = st->in;
    uint64_t start = st->low[tensor];
    uint64_t end = start + in->size[tensor];
    uint64_t before = in->first[tensor] == 0 ? PLAN_NEVER : st->floor[in->first[tensor] - 1];
    uint64_t after =
        in->last[tensor] == in->section_count ? PLAN_NEVER : st->floor[in->last[tensor]];
    uint64_t edges = before == end;
    edges += after == end;
    edges += before > start;
    edges += after > start;
    return edges;
}

/* Ranks have a size or a width below this bit. */
enum { FIRST_SHIFT = 44 };

static uint64_t bounded_size(const instance *in, uint32_t tensor) {
    uint64_t most = (UINT64_C(1) << FIRST_SHIFT) - 1;
    return in->size[tensor] < most ? in->size[tensor] : most;
}

/* Returns the rank of a candidate. The search tries the highest rank first. */
static uint64_t candidate_rank(const state *st, uint32_t tensor, search_rules rules,
                               uint64_t step) {
    const instance *in = st->in;
    uint64_t size = bounded_size(in, tensor);
    uint64_t width = in->last[tensor] - in->first[tensor];
    switch (rules.candidate) {
    case CANDIDATE_LARGEST:
        return size;
    case CANDIDATE_WIDEST:
        return (width << FIRST_SHIFT) + size;
    case CANDIDATE_NOISY_LARGEST:
        return size * 8 + noise_of(rules, step, tensor) % (2 * size + 1);
    case CANDIDATE_FLUSH_LARGEST:
        return (count_flush_edges(st, tensor) << FIRST_SHIFT) + size;
    case CANDIDATE_FLUSH_WIDEST:
        return (count_flush_edges(st, tensor) << FIRST_SHIFT) + width;
    case CANDIDATE_IN_ORDER:
    default:
        return 0;
    }
}

uint32_t rein_i_branching_list_candidates(const state *st, uint32_t section, search_rules rules,
                                          uint64_t step, uint16_t *out_candidates) {
    uint32_t count = 0;
    for (uint32_t c = st->clique_start[section]; c < st->clique_start[section + 1]; c++) {
        uint16_t tensor = st->clique[c];
        if (!state_is_candidate(st, tensor, st->floor[section])) {
            continue;
        }
        uint64_t rank = candidate_rank(st, tensor, rules, step);
        uint32_t at = count++;
        while (at > 0 && candidate_rank(st, out_candidates[at - 1], rules, step) < rank) {
            out_candidates[at] = out_candidates[at - 1];
            at--;
        }
        out_candidates[at] = tensor;
    }
    return count;
}
