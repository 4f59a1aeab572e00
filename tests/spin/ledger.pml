/* The lock-free loops of src/host/contract/ledger.c: charge, release, the peak, the counts, the sum
 * of accounted time, and a reader.
 *
 * Three workers charge one counter, release what they were granted, try to release more than is in
 * use, and account time. A reader may read at any instant. Every load, compare-and-swap and
 * fetch-and-add is one step, because each is one atomic operation in the code; any process may run
 * between two steps. A compare-and-swap may fail spuriously, like a weak one.
 *
 * Not modelled:
 *  - memory orders weaker than sequential consistency: the model says nothing about machines that
 *    reorder accesses to different words. Each word by itself is consistent everywhere;
 *  - 64-bit arithmetic: amounts are small here. tests/proof proves that nothing wraps;
 *  - more than three workers;
 *  - termination of the loops.
 *
 * ROOMY: two of the workers fit together and must never be refused; the third always asks for too
 * much. TIGHT: there is room for one worker at a time. COMPUTE: all workers account time, none
 * charges.
 *
 * explore: holds -DROOMY
 * explore: holds -DTIGHT
 * explore: holds -DCOMPUTE
 * explore: fails within_limit -DTIGHT -DCHECK_THEN_ADD
 * explore: fails within_limit -DTIGHT -DRELEASE_UNCHECKED
 * explore: fails fitting_is_granted -DROOMY -DADD_THEN_ROLL_BACK
 * explore: fails balanced -DROOMY -DRELEASE_STORED
 * explore: fails peak_is_reached -DROOMY -DPEAK_STORED
 * explore: fails peak_is_reached -DROOMY -DPEAK_NOT_RETRIED
 * explore: fails peak_is_reached -DTIGHT -DPEAK_AFTER_RELEASE
 * explore: fails peak_was_used -DROOMY -DPEAK_BEFORE_CHARGE
 * explore: fails refusals_are_counted -DTIGHT -DREFUSAL_NOT_ATOMIC
 * explore: fails sum_is_whole -DCOMPUTE -DSUM_STORED
 * explore: fails longest_is_kept -DCOMPUTE -DPEAK_STORED
 */
#define LIMIT 5
#define WORKERS 3
#define SUM_MOST 9 /* stands for UINT64_MAX */

hidden byte within_limit = 0;
hidden byte fitting_is_granted = 0;
hidden byte balanced = 0;
hidden byte peak_is_reached = 0;
hidden byte peak_was_used = 0;
hidden byte refusals_are_counted = 0;
hidden byte sum_is_whole = 0;
hidden byte longest_is_kept = 0;

/* The counters in the code. */
byte used = 0;
byte peak = 0;
byte refused = 0;
byte sum = 0;
byte longest = 0;

/* Ground truth, updated in the deciding steps: the most ever in use, refusals returned, time
 * accounted. */
byte highest = 0;
byte told = 0;
byte accounted = 0;
byte done = 0;

#define MAX(left, right) (left > right -> left : right)
#define MIN(left, right) (left < right -> left : right)

/* `effect` happens in the same step as the exchange. */
#define EXCHANGE_IF_UNCHANGED(word, expected, desired, effect) \
    atomic {                                                   \
        if                                                     \
        :: word == expected ->                                 \
            word = desired;                                    \
            swapped = true;                                    \
            effect                                             \
        :: expected = word;                                    \
            swapped = false                                    \
        fi                                                     \
    }

#define NOTE_LEVEL                                \
    highest = MAX(highest, used);                 \
    assert(within_limit || used <= LIMIT)

inline raise_peak(word, level) {
    old = word;
    do
    :: old >= level -> break
    :: else ->
#if defined(PEAK_STORED)
        word = level;
        break
#else
        EXCHANGE_IF_UNCHANGED(word, old, level, skip);
        if
        :: swapped -> break
#ifdef PEAK_NOT_RETRIED
        :: else -> break
#else
        :: else
#endif
        fi
#endif
    od
}

inline refuse() {
    is_granted = false;
    told++;
#ifdef REFUSAL_NOT_ATOMIC
    old = refused;
    refused = old + 1
#else
    refused++
#endif
}

#ifdef ADD_THEN_ROLL_BACK
inline charge(amount) {
    atomic {
        used = used + amount;
        seen = used
    }
    if
    :: seen > LIMIT ->
        used = used - amount;
        refuse()
    :: else -> is_granted = true
    fi
}
#else
inline charge(amount) {
    seen = used;
    do
    :: amount > LIMIT - seen ->
        refuse();
        break
    :: else ->
#ifdef PEAK_BEFORE_CHARGE
        raise_peak(peak, seen + amount);
#endif
        is_granted = true;
#ifdef CHECK_THEN_ADD
        atomic {
            used = used + amount;
            NOTE_LEVEL
        }
        break
#else
        EXCHANGE_IF_UNCHANGED(used, seen, seen + amount, NOTE_LEVEL);
        if
        :: swapped -> break
        :: else
        fi
#endif
    od
}
#endif

inline release(amount) {
    seen = used;
    do
#ifdef RELEASE_UNCHECKED
    :: true ->
#else
    :: amount > seen -> break
    :: else ->
#endif
#ifndef PEAK_AFTER_RELEASE
        raise_peak(peak, seen);
#endif
#ifdef RELEASE_STORED
        used = seen - amount;
        break
#else
        EXCHANGE_IF_UNCHANGED(used, seen, seen - amount, NOTE_LEVEL);
        if
        :: swapped ->
#ifdef PEAK_AFTER_RELEASE
            raise_peak(peak, seen);
#endif
            break
        :: else
        fi
#endif
    od
}

inline account(amount) {
    accounted = accounted + amount;
    seen = sum;
    do
    :: true ->
#ifdef SUM_STORED
        sum = MIN(seen + amount, SUM_MOST);
        break
#else
        EXCHANGE_IF_UNCHANGED(sum, seen, MIN(seen + amount, SUM_MOST), skip);
        if
        :: swapped -> break
        :: else
        fi
#endif
    od;
    raise_peak(longest, amount)
}

proctype worker(byte amount; bool must_fit) {
    byte seen, old;
    bool swapped, is_granted;
#ifdef COMPUTE
    account(amount);
#else
    charge(amount);
    assert(fitting_is_granted || is_granted || !must_fit);
    amount = (is_granted -> amount : LIMIT + 1);
    release(amount);
#endif
    done++
}

/* The current level may not be in the peak yet. */
proctype reader() {
    byte level, most, reached;
    atomic {
        level = used;
        reached = highest
    }
    most = MAX(peak, level);
    assert(peak_is_reached || most >= reached);
    assert(peak_was_used || most <= highest)
}

#ifdef TIGHT
#define AMOUNT_1 3
#define AMOUNT_2 4
#define AMOUNT_3 5
#define ROOM_FOR_TWO false
#else
#define AMOUNT_1 3
#define AMOUNT_2 2
#define AMOUNT_3 6
#define ROOM_FOR_TWO true
#endif

init {
    atomic {
        /* Rules that a seeded bug also breaks, besides the rule that it is meant to break. */
#ifdef RELEASE_STORED
        peak_is_reached = 1;
#endif
#ifdef ADD_THEN_ROLL_BACK
        peak_is_reached = 1;
        peak_was_used = 1;
#endif
        run worker(AMOUNT_1, ROOM_FOR_TWO);
        run worker(AMOUNT_2, ROOM_FOR_TWO);
        run worker(AMOUNT_3, false);
        run reader()
    }
    done == WORKERS;
    assert(balanced || used == 0);
    assert(peak_is_reached || peak >= highest);
    assert(peak_was_used || peak <= highest);
    assert(refusals_are_counted || refused == told);
    assert(sum_is_whole || sum == MIN(accounted, SUM_MOST));
    assert(longest_is_kept || longest == (accounted == 0 -> 0 : AMOUNT_3))
}
