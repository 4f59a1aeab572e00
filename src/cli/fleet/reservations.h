/* The node's state directory and its reservations. */
#ifndef REIN_CLI_FLEET_RESERVATIONS_H
#define REIN_CLI_FLEET_RESERVATIONS_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "node/reservation.h"

/* The node's state directory, which may not exist. */
typedef struct node_state {
    char path[REIN_STATE_PATH_CAPACITY];
    /* False if the user's directory does not exist: nothing is reserved. */
    bool is_open;
    rein_state_directory directory;
} node_state;

/* Opens the node's state directory for reading, without creating anything. Reports errors and
 * returns false. The caller must call state_close. */
bool state_open(diagnostics *sink, node_state *out_state);

void state_close(node_state *state);

/* Opens the node's state directory for reserving. Creates the user's own directory if it is
 * missing, and warns if it is emptied at the user's logout. Reports errors and returns false. */
bool state_open_to_reserve(diagnostics *sink, rein_state_directory *out_directory);

/* Returns the message of a library error and of its system error. */
const char *state_error_text(arena *memory, const rein_error *error);

/* Returns "the device's total memory is 2GiB in its profile and 1GiB in the live reservations".
 * Either may be wrong. */
const char *contradicted_totals_text(arena *memory, uint64_t profile_bytes, uint64_t live_bytes);

/* Returns the live reservations of a device: none if it has no UUID or the node has no state
 * directory. Reports files that cannot be read and counts them as unknown. */
rein_reservation_summary count_live_reservations(diagnostics *sink,
                                                 const rein_device_profile *device);

#endif
