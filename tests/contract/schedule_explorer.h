/* Explores every pattern of arrivals of up to three models with small numbers: the slow answer that
 * schedules are compared with. Shares nothing with the library but its plain data.
 *
 * The device advances by 1 ns at a time. At each instant any models may request whose last request
 * is at least a period ago; then, if the device is free, the policy chooses. All choices are
 * followed: which models request, and which of equal requests starts. */
#ifndef REIN_TESTS_SCHEDULE_EXPLORER_H
#define REIN_TESTS_SCHEDULE_EXPLORER_H

#include "contract/schedule.h"

enum { EXPLORER_MODELS_MAX = 3, EXPLORER_PERIOD_MAX = 12, EXPLORER_DEADLINE_MAX = 24 };

typedef struct exploration {
    bool is_complete; /* false: too many states or waiting requests */
    bool is_late;     /* a request ended after its deadline, or will */
    uint64_t longest_response[EXPLORER_MODELS_MAX]; /* valid if nothing is late */
} exploration;

/* Explores the request. Its models' numbers are at most those above. */
exploration explore_schedule(const rein_schedule_request *request);

#endif
