/* The processes that the engines of a fleet's models start. */
#ifndef REIN_CLI_FLEET_SERVER_PROCESSES_H
#define REIN_CLI_FLEET_SERVER_PROCESSES_H

#include "cli/base/diagnostics.h"
#include "cli/fleet/fleet.h"

/* Notes that fewer processes count than run the models: a llama-server runs one model alone. */
void note_server_processes(diagnostics *sink, const fleet *gathered);

#endif
