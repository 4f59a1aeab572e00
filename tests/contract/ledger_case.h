/* Ledgers that the tests start from, and checks of their readings. */
#ifndef REIN_TESTS_CONTRACT_LEDGER_CASE_H
#define REIN_TESTS_CONTRACT_LEDGER_CASE_H

#include <criterion/criterion.h>

#include "contract/ledger.h"
#include "expect.h"

static inline rein_ledger ledger_of(uint64_t memory, int32_t streams, int64_t compute_ns) {
    rein_resource_budget budget = {.memory_limit_bytes = memory,
                                   .stream_limit = streams,
                                   .compute_budget = rein_duration_from_ns(compute_ns)};
    rein_ledger ledger;
    rein_result_void made = rein_ledger_init(&ledger, &budget);
    cr_assert(rein_result_void_is_ok(made), "the ledger is made");
    return ledger;
}

static inline void expect_usage(const rein_resource_usage *usage, uint64_t limit, uint64_t used,
                                uint64_t peak, uint64_t refused) {
    cr_assert(usage->limit == limit && usage->used == used && usage->peak == peak &&
                  usage->refused == refused,
              "limit %llu, used %llu, peak %llu, refused %llu; expected %llu, %llu, %llu, %llu",
              (unsigned long long)usage->limit, (unsigned long long)usage->used,
              (unsigned long long)usage->peak, (unsigned long long)usage->refused,
              (unsigned long long)limit, (unsigned long long)used, (unsigned long long)peak,
              (unsigned long long)refused);
}

static inline void expect_memory(const rein_ledger *ledger, uint64_t used, uint64_t peak,
                                 uint64_t refused) {
    rein_ledger_usage usage = rein_ledger_read(ledger);
    expect_usage(&usage.memory_bytes, rein_ledger_budget(ledger).memory_limit_bytes, used, peak,
                 refused);
}

static inline void expect_streams(const rein_ledger *ledger, uint64_t used, uint64_t peak,
                                  uint64_t refused) {
    rein_ledger_usage usage = rein_ledger_read(ledger);
    expect_usage(&usage.streams, (uint64_t)rein_ledger_budget(ledger).stream_limit, used, peak,
                 refused);
}

static inline void expect_compute(const rein_ledger *ledger, uint64_t used, uint64_t peak,
                                  uint64_t refused) {
    rein_ledger_usage usage = rein_ledger_read(ledger);
    expect_usage(&usage.compute_ns, (uint64_t)rein_ledger_budget(ledger).compute_budget.ns, used,
                 peak, refused);
}

static inline rein_ledger_verdict spend(rein_ledger *ledger, int64_t ns) {
    return REIN_UNWRAP(rein_ledger_account_compute(ledger, rein_duration_from_ns(ns)));
}

#endif
