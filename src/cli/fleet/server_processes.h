/* The processes that the engines of a fleet's models start. */
#ifndef REIN_CLI_FLEET_SERVER_PROCESSES_H
#define REIN_CLI_FLEET_SERVER_PROCESSES_H

#include "cli/base/diagnostics.h"
#include "cli/fleet/fleet.h"

/* Returns whether llama-server runs the model, in a process of its own. */
bool fleet_is_run_by_server(const fleet_model *model);

/* Returns the least number of processes that run the models: one for each model of llama-server,
 * and one for all others. It is the number if the manifest states none. */
uint64_t fleet_least_processes(const fleet *gathered);

/* Notes that fewer processes count than run the models: a llama-server runs one model alone. */
void note_server_processes(diagnostics *sink, const fleet *gathered);

#endif
