#include "contract/ledger.h"

#include "host/base/checked.h"
#include "host/contract/invalid.h"

/* Each number is one atomic word, accessed by the compilers' __atomic built-ins: the header is also
 * C++, which lacks C's _Atomic. Relaxed order is enough for all numbers except `used`, since they
 * order no access to other memory. `used` has acquire and release order: the thread that is granted
 * bytes sees everything that the thread which released them wrote before. */

static uint64_t load(const uint64_t *word) {
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static bool exchange_if_unchanged(uint64_t *word, uint64_t *expected, uint64_t desired) {
    return __atomic_compare_exchange_n(word, expected, desired, true, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}

static void raise_peak(rein_ledger_counter *counter, uint64_t level) {
    uint64_t peak = load(&counter->peak);
    while (peak < level && !exchange_if_unchanged(&counter->peak, &peak, level)) {
    }
}

static void count_refusal(rein_ledger_counter *counter) {
    __atomic_fetch_add(&counter->refused, 1, __ATOMIC_RELAXED);
}

/* Judges by a subtraction from the limit, which cannot wrap because `used` never exceeds it. */
/*@ requires used <= limit;
    assigns \nothing;
    ensures \result.is_granted <==> used + amount <= limit;
    ensures \result.shortfall == (\result.is_granted ? 0 : used + amount - limit);
    ensures \result.requested == amount && \result.used == used && \result.limit == limit; */
static rein_ledger_verdict judge_charge(rein_resource resource, uint64_t amount, uint64_t used,
                                        uint64_t limit) {
    uint64_t left = limit - used;
    return (rein_ledger_verdict){.is_granted = amount <= left,
                                 .resource = resource,
                                 .requested = amount,
                                 .used = used,
                                 .limit = limit,
                                 .shortfall = amount <= left ? 0 : amount - left};
}

static rein_ledger_verdict charge(rein_ledger_counter *counter, rein_resource resource,
                                  uint64_t amount) {
    rein_ledger_verdict verdict;
    uint64_t used = __atomic_load_n(&counter->used, __ATOMIC_ACQUIRE);
    do {
        verdict = judge_charge(resource, amount, used, counter->limit);
        if (!verdict.is_granted) {
            count_refusal(counter);
            return verdict;
        }
    } while (!exchange_if_unchanged(&counter->used, &used, used + amount));
    return verdict;
}

/* Returns whether `amount` was in use; writes the level at the decision. Records the peak before
 * the level goes down: until then a reader sees it in `used` itself. */
static bool release(rein_ledger_counter *counter, uint64_t amount, uint64_t *out_used) {
    uint64_t used = __atomic_load_n(&counter->used, __ATOMIC_ACQUIRE);
    uint64_t rest = 0;
    do {
        *out_used = used;
        if (!checked_subtract(used, amount, &rest)) {
            return false;
        }
        raise_peak(counter, used);
    } while (!exchange_if_unchanged(&counter->used, &used, rest));
    return true;
}

rein_result_void rein_ledger_init(rein_ledger *ledger, const rein_resource_budget *budget) {
    if (ledger == NULL) {
        return rein_i_invalid(REIN_HERE, "the ledger" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    REIN_TRY(rein_result_void, rein_resource_budget_validate(budget));
    *ledger = (rein_ledger){
        .memory_bytes = {.limit = budget->memory_limit_bytes},
        .streams = {.limit = (uint64_t)budget->stream_limit},
        .compute_ns = {.limit = (uint64_t)budget->compute_budget.ns},
        .budget = *budget,
    };
    return rein_done();
}

rein_resource_budget rein_ledger_budget(const rein_ledger *ledger) {
    static const rein_resource_budget none;
    return ledger == NULL ? none : ledger->budget;
}

rein_ledger_verdict rein_ledger_charge_memory(rein_ledger *ledger, uint64_t bytes) {
    return charge(&ledger->memory_bytes, REIN_RESOURCE_MEMORY, bytes);
}

rein_result_void rein_ledger_release_memory(rein_ledger *ledger, uint64_t bytes) {
    uint64_t used = 0;
    if (!release(&ledger->memory_bytes, bytes, &used)) {
        return rein_i_invalid(REIN_HERE, "{bytes} were released, but only {bytes} are in use",
                              bytes, used, 0);
    }
    return rein_done();
}

rein_ledger_verdict rein_ledger_acquire_stream(rein_ledger *ledger) {
    return charge(&ledger->streams, REIN_RESOURCE_STREAMS, 1);
}

rein_result_void rein_ledger_release_stream(rein_ledger *ledger) {
    uint64_t used = 0;
    if (!release(&ledger->streams, 1, &used)) {
        return rein_i_invalid(REIN_HERE, "{u} stream was released, but {u} are in use", 1, used, 0);
    }
    return rein_done();
}

static void add_to(uint64_t *word, uint64_t amount) {
    uint64_t old = load(word);
    while (!exchange_if_unchanged(word, &old, add_saturating(old, amount))) {
    }
}

rein_result_ledger_verdict rein_ledger_account_compute(rein_ledger *ledger, rein_duration spent) {
    if (spent.ns < 0) {
        return rein_result_ledger_verdict_fail(
            rein_i_invalid_error(REIN_HERE, "the time spent is {duration}" MUST_NOT_BE_NEGATIVE,
                                 (uint64_t)spent.ns, 0, 0));
    }
    rein_ledger_counter *counter = &ledger->compute_ns;
    uint64_t spent_ns = (uint64_t)spent.ns;
    add_to(&counter->used, spent_ns);
    raise_peak(counter, spent_ns);
    bool is_within = spent_ns <= counter->limit;
    if (!is_within) {
        count_refusal(counter);
    }
    return rein_result_ledger_verdict_ok(
        (rein_ledger_verdict){.is_granted = is_within,
                              .resource = REIN_RESOURCE_COMPUTE,
                              .requested = spent_ns,
                              .limit = counter->limit,
                              .shortfall = is_within ? 0 : spent_ns - counter->limit});
}

static rein_resource_usage read_counter(const rein_ledger_counter *counter) {
    uint64_t used = __atomic_load_n(&counter->used, __ATOMIC_ACQUIRE);
    return (rein_resource_usage){.limit = counter->limit,
                                 .used = used,
                                 .peak = load(&counter->peak),
                                 .refused = load(&counter->refused)};
}

/* Returns the peak of a counter that goes up and down: the larger of its highest level before a
 * release and its current level. */
static rein_resource_usage read_level(const rein_ledger_counter *counter) {
    rein_resource_usage usage = read_counter(counter);
    usage.peak = usage.peak > usage.used ? usage.peak : usage.used;
    return usage;
}

rein_ledger_usage rein_ledger_read(const rein_ledger *ledger) {
    if (ledger == NULL) {
        return (rein_ledger_usage){.memory_bytes = {.limit = 0}};
    }
    return (rein_ledger_usage){.memory_bytes = read_level(&ledger->memory_bytes),
                               .streams = read_level(&ledger->streams),
                               .compute_ns = read_counter(&ledger->compute_ns)};
}

static rein_error compute_refusal(const rein_ledger_verdict *verdict, rein_source_location where) {
    rein_error error =
        rein_error_make(REIN_ERROR_BUDGET_EXCEEDED, where,
                        "an execution took {duration}; the compute budget allows {duration}");
    return rein_error_with_numbers(error, verdict->requested, verdict->limit, 0);
}

rein_error rein_ledger_verdict_error(const rein_ledger_verdict *verdict,
                                     rein_source_location where) {
    if (verdict == NULL) {
        return rein_error_make(REIN_ERROR_INVALID_ARGUMENT, where, "the verdict" MUST_NOT_BE_NULL);
    }
    if (verdict->resource == REIN_RESOURCE_COMPUTE) {
        return compute_refusal(verdict, where);
    }
    const char *message =
        verdict->resource == REIN_RESOURCE_STREAMS
            ? "{u} streams were requested with {u} in use; the stream limit is {u}"
            : "{bytes} were requested with {bytes} in use; the memory limit is {bytes}";
    rein_error error = rein_error_make(REIN_ERROR_BUDGET_EXCEEDED, where, message);
    return rein_error_with_numbers(error, verdict->requested, verdict->used, verdict->limit);
}
