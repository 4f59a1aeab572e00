/* The node's state directory and its reservations. */
#ifndef REIN_CLI_FLEET_RESERVATIONS_H
#define REIN_CLI_FLEET_RESERVATIONS_H

#include <stdbool.h>

#include "cli/base/diagnostics.h"
#include "node/reservation.h"

/* The node's state directory, as far as it exists. */
typedef struct node_state {
    char path[REIN_STATE_PATH_CAPACITY];
    bool is_open; /* false if the user's directory does not exist yet: nothing is reserved */
    rein_state_directory directory;
} node_state;

/* Opens the node's state directory to read it; makes nothing. Reports what is wrong and returns
 * false. The caller ends it with state_close. */
bool state_open(diagnostics *sink, node_state *out_state);

void state_close(node_state *state);

/* Opens the node's state directory to reserve. The user's own one is made if it is missing, with a
 * warning if it will be emptied at the user's logout. Reports what is wrong and returns false. */
bool state_open_to_reserve(diagnostics *sink, rein_state_directory *out_directory);

/* The message of a library error, and what the system said. */
const char *state_error_text(arena *memory, const rein_error *error);

/* The live reservations of a device: none if it has no UUID or the node has no state directory.
 * What cannot be read is reported and counts as unknown. */
rein_reservation_summary count_live_reservations(diagnostics *sink,
                                                 const rein_device_profile *device);

#endif
