/* The node's reservations, for the commands that look at them. */
#ifndef REIN_CLI_STATE_H
#define REIN_CLI_STATE_H

#include <stdbool.h>

#include "cli/diagnostics.h"
#include "contract/reservation.h"

/* Opens the node's state directory; reports what is wrong and returns false. */
bool state_open(diagnostics *sink, rein_state_directory *out_directory);

/* The message of a library error, and what the system said. */
const char *state_error_text(arena *memory, const rein_error *error);

/* The live reservations of a device: none where it has no UUID or the node has no state directory.
 * What cannot be looked at is reported and counts as unknown. */
rein_reservation_summary count_live_reservations(diagnostics *sink,
                                                 const rein_device_profile *device);

#endif
