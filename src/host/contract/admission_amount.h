/* Amounts of memory whose bounds may be unknown.
 *
 * The comments that begin with an @ are contracts in ACSL: tests/proof/prove.sh proves them. */
#ifndef REIN_HOST_CONTRACT_ADMISSION_AMOUNT_H
#define REIN_HOST_CONTRACT_ADMISSION_AMOUNT_H

#include "contract/admission.h"
#include "host/base/checked.h"

/* An interval: an unknown amount is at least 0 and has no upper bound. */
typedef struct amount {
    uint64_t at_least;
    bool is_bounded;
    uint64_t at_most; /* if it is bounded */
} amount;

/*@ predicate is_range(amount a) = a.is_bounded ==> a.at_least <= a.at_most; */

/*@ assigns \nothing;
    ensures \result.is_bounded && \result.at_least == \result.at_most == value; */
static inline amount amount_exactly(uint64_t value) {
    return (amount){.at_least = value, .is_bounded = true, .at_most = value};
}

/* Ignores the value of an unknown fact. */
/*@ assigns \nothing;
    ensures \result.is_bounded <==> fact.is_known;
    ensures \result.at_least == (fact.is_known ? fact.value : 0);
    ensures \result.at_most == \result.at_least; */
static inline amount amount_of_fact(rein_fact_u64 fact) {
    return fact.is_known ? amount_exactly(fact.value) : (amount){.at_least = 0};
}

static inline rein_fact_u64 amount_upper_bound(amount range) {
    return range.is_bounded ? rein_fact_u64_known(range.at_most) : rein_fact_u64_unknown();
}

/* Adds to both bounds. Returns false, with `sum` unchanged, if a sum does not fit in 64 bits. */
/*@ requires \valid(sum);
    assigns *sum;
    ensures \result <==> \old(sum->at_least) + more.at_least <= UINT64_MAX &&
        (\old(sum->is_bounded) && more.is_bounded ==>
            \old(sum->at_most) + more.at_most <= UINT64_MAX);
    ensures \result ==> sum->at_least == \old(sum->at_least) + more.at_least;
    ensures \result ==> (sum->is_bounded <==> \old(sum->is_bounded) && more.is_bounded);
    ensures \result && sum->is_bounded ==> sum->at_most == \old(sum->at_most) + more.at_most;
    ensures !\result ==> *sum == \old(*sum); */
static inline bool amount_add(amount *sum, amount more) {
    amount total = {.is_bounded = sum->is_bounded && more.is_bounded};
    if (!checked_add(sum->at_least, more.at_least, &total.at_least)) {
        return false;
    }
    if (total.is_bounded && !checked_add(sum->at_most, more.at_most, &total.at_most)) {
        return false;
    }
    *sum = total;
    return true;
}

/* Multiplies both bounds. Returns false if a product does not fit in 64 bits. */
/*@ requires \valid(range);
    assigns *range;
    ensures \result <==> \old(range->at_least) * count <= UINT64_MAX &&
        (\old(range->is_bounded) ==> \old(range->at_most) * count <= UINT64_MAX);
    ensures range->is_bounded <==> \old(range->is_bounded);
    ensures \result ==> range->at_least == \old(range->at_least) * count;
    ensures \result && range->is_bounded ==> range->at_most == \old(range->at_most) * count; */
static inline bool amount_multiply(amount *range, uint64_t count) {
    return checked_multiply(range->at_least, count, &range->at_least) &&
           (!range->is_bounded || checked_multiply(range->at_most, count, &range->at_most));
}

/* Returns the larger of two amounts, bound by bound. */
/*@ assigns \nothing;
    ensures \result.at_least == \max(left.at_least, right.at_least);
    ensures \result.is_bounded <==> left.is_bounded && right.is_bounded;
    ensures \result.at_most == \max(left.at_most, right.at_most); */
static inline amount amount_larger(amount left, amount right) {
    return (amount){.at_least = left.at_least > right.at_least ? left.at_least : right.at_least,
                    .is_bounded = (left.is_bounded & right.is_bounded) != 0,
                    .at_most = left.at_most > right.at_most ? left.at_most : right.at_most};
}

/* Rounds both bounds up to a multiple of the granularity. If that is unknown, the lower bound stays
 * and the upper bound is lost. Returns false if a bound does not fit in 64 bits. */
/*@ requires \valid(range) && is_range(*range);
    requires granularity.is_known ==> granularity.value > 0;
    assigns *range;
    ensures \result ==> \old(range->at_least) <= range->at_least && is_range(*range);
    ensures \result ==> (range->is_bounded <==> \old(range->is_bounded) && granularity.is_known);
    ensures \result && range->is_bounded ==> \old(range->at_most) <= range->at_most;
    ensures \result && granularity.is_known ==>
        range->at_least % granularity.value == 0 && range->at_most % granularity.value == 0 &&
        range->at_least < \old(range->at_least) + granularity.value; */
static inline bool amount_round_up(amount *range, rein_fact_u64 granularity) {
    if (!granularity.is_known) {
        range->is_bounded = false;
        return true;
    }
    return checked_round_up(range->at_least, granularity.value, &range->at_least) &&
           checked_round_up(range->at_most, granularity.value, &range->at_most);
}

/* Compares what is needed with what is available. */
/*@ assigns \nothing;
    ensures \result == REIN_ADMISSION_DOES_NOT_FIT <==> needed.at_least > available;
    ensures \result == REIN_ADMISSION_FITS <==>
        needed.is_bounded && needed.at_least <= available && needed.at_most <= available; */
static inline rein_admission_outcome amount_outcome(amount needed, uint64_t available) {
    if (needed.at_least > available) {
        return REIN_ADMISSION_DOES_NOT_FIT;
    }
    return needed.is_bounded && needed.at_most <= available ? REIN_ADMISSION_FITS
                                                            : REIN_ADMISSION_CANNOT_TELL;
}

#endif
