#include "host/plan/niche.h"

static uint64_t slack_of(const state *st, uint32_t section) {
    return st->capacity - st->floor[section] - st->total[section];
}

part niche_tightest_part(const state *st, part focus) {
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

static uint64_t mix(uint64_t value) {
    value = (value ^ (value >> 31)) * UINT64_C(0x9E3779B97F4A7C15);
    value = (value ^ (value >> 29)) * UINT64_C(0xBF58476D1CE4E5B9);
    return value ^ (value >> 32);
}

/* What speaks for a section; the least wins, the first field that differs decides. */
typedef struct niche_score {
    uint64_t keys[3];
} niche_score;

static bool score_less(const niche_score *left, const niche_score *right) {
    for (int i = 0; i < 3; i++) {
        if (left->keys[i] != right->keys[i]) {
            return left->keys[i] < right->keys[i];
        }
    }
    return false;
}

static uint64_t count_children(const state *st, uint32_t section) {
    uint64_t count = slack_of(st, section) > 0;
    for (uint32_t c = st->clique_start[section]; c < st->clique_start[section + 1]; c++) {
        count += state_is_candidate(st, st->clique[c], st->floor[section]);
    }
    return count;
}

static niche_score score_section(const state *st, uint32_t section, search_rules rules,
                                 uint64_t step) {
    uint64_t children = count_children(st, section);
    uint64_t slack = slack_of(st, section);
    uint64_t floor = st->floor[section];
    uint64_t noise = rules.noise == 0 ? section : mix(rules.noise ^ mix(step * 4099 + section));
    switch (rules.niche) {
    case 0:
        return (niche_score){{children, slack, noise}};
    case 1:
        return (niche_score){{children, floor, noise}};
    case 2:
        return (niche_score){{slack, children, noise}};
    case 3:
        return (niche_score){{floor, children, noise}};
    case 4:
        return (niche_score){{slack, floor, noise}};
    case 5:
        return (niche_score){{slack, ~st->total[section], noise}};
    default:
        return (niche_score){{children + (slack << 1) , floor, noise}};
    }
}

uint32_t niche_choose(const state *st, part p, search_rules rules, uint64_t step) {
    niche_score best = {{PLAN_NEVER, PLAN_NEVER, PLAN_NEVER}};
    uint32_t chosen = p.from;
    uint32_t s = p.from;
    while (s < p.until) {
        uint32_t end = s + 1;
        while (end < p.until && st->floor[end] == st->floor[s]) {
            end++;
        }
        bool is_low = (s == p.from || st->floor[s - 1] > st->floor[s]) &&
                      (end == p.until || st->floor[end] > st->floor[s]);
        for (; s < end; s++) {
            if (!is_low) {
                continue;
            }
            niche_score score = score_section(st, s, rules, step);
            if (score_less(&score, &best)) {
                best = score;
                chosen = s;
            }
        }
    }
    return chosen;
}

static uint64_t candidate_rank(const state *st, uint32_t tensor, search_rules rules, uint64_t step) {
    const instance *in = st->in;
    uint64_t width = in->last[tensor] - in->first[tensor];
    switch (rules.candidates) {
    case 0:
        return in->size[tensor];
    case 1:
        return width << 40 | in->size[tensor];
    case 2:
        return in->size[tensor] * width;
    case 3:
        return in->size[tensor]*8 + mix(rules.noise ^ mix(step * 4099 + tensor)) % (in->size[tensor]*2+1);
    case 4: {
        uint64_t end = st->low[tensor] + in->size[tensor];
        uint64_t f = in->first[tensor], l = in->last[tensor];
        uint64_t flush = (f > 0 && st->floor[f - 1] == end) + (l < in->section_count && st->floor[l] == end);
        flush += (f==0||st->floor[f-1]>st->low[tensor])+ (l==in->section_count||st->floor[l]>st->low[tensor]);
        return flush << 40 | in->size[tensor];
    }
    case 5: {
        uint64_t end = st->low[tensor] + in->size[tensor];
        uint64_t f = in->first[tensor], l = in->last[tensor];
        uint64_t flush = (f > 0 && st->floor[f - 1] == end) + (l < in->section_count && st->floor[l] == end);
        flush += (f==0||st->floor[f-1]>st->low[tensor])+ (l==in->section_count||st->floor[l]>st->low[tensor]);
        return flush << 40 | width;
    }
    case 6: return (width << 4) + mix(rules.noise ^ mix(step * 4099 + tensor)) % (width*8);
    case 7: return in->size[tensor]*in->size[tensor]*width;
    default:
        return 0;
    }
}

uint32_t niche_candidates(const state *st, uint32_t section, search_rules rules, uint64_t step,
                          uint16_t *out_candidates) {
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
