/* A placement of lifetimes, checked by the library's independent checker, and how long it took. */
#ifndef REIN_CLI_PLANNED_LIFETIMES_H
#define REIN_CLI_PLANNED_LIFETIMES_H

#include "cli/lifetimes_file.h"

typedef struct planned_lifetimes {
    rein_placement placement;
    rein_live_peak peak;
    uint64_t *offsets;
    rein_duration took; /* to plan and to check */
} planned_lifetimes;

/* Reports what the library refuses and returns false. */
bool lifetimes_plan(diagnostics *sink, const lifetimes_file *input, planned_lifetimes *out_planned);

#endif
