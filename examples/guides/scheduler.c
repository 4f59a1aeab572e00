#include "scheduler.h"

#include <stdlib.h>

static int by_deadline(const void *left, const void *right) {
    return rein_timestamp_compare(rein_execution_request_deadline(left),
                                  rein_execution_request_deadline(right));
}

/* Returns the time that counts for the budget: what the device computed, if the backend measures
 * it.
 */
static rein_duration compute_time(const rein_execution_result *result, rein_duration elapsed) {
    return result->device_time_ns.is_known
               ? rein_duration_from_ns((int64_t)result->device_time_ns.value)
               : elapsed;
}

scheduler_counts scheduler_run(const rein_backend *backend, const rein_clock *clock,
                               rein_ledger *ledger, rein_execution_request *requests,
                               size_t count) {
    scheduler_counts counts = {0};
    qsort(requests, count, sizeof *requests, by_deadline);
    for (size_t index = 0; index < count; index++) {
        rein_timestamp start = rein_clock_now(clock);
        rein_execution_result result = rein_execution_result_make(NULL, 0);
        rein_result_void done = rein_backend_execute(backend, &requests[index], &result);
        rein_duration elapsed = rein_timestamp_since_saturating(rein_clock_now(clock), start);
        rein_ledger_verdict charged =
            REIN_UNWRAP(rein_ledger_account_compute(ledger, compute_time(&result, elapsed)));
        counts.over_budget += !charged.is_granted;
        if (rein_result_void_is_error(done)) {
            counts.failed++;
        } else if (result.deadline_met) {
            counts.met++;
        } else {
            counts.missed++;
        }
    }
    return counts;
}
