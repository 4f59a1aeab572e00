/* Waiting for room on a device: a clock that shows, on a terminal, how long the wait has been. */
#ifndef REIN_CLI_RUN_WAIT_H
#define REIN_CLI_RUN_WAIT_H

#include "contract/clock.h"

typedef struct run_wait {
    const char *model;
    const char *device_uuid;
    rein_timestamp start; /* on the system's clock */
    rein_duration limit;
} run_wait;

/* The system's clock, which reports the wait whenever it is asked; `watched` outlives it. */
rein_clock run_wait_clock(run_wait *watched);

#endif
