/* Workspaces for the library's work on lifetimes that were read from a file: their count is far
 * below the largest that the library takes. */
#ifndef REIN_CLI_FLEET_WORKSPACE_H
#define REIN_CLI_FLEET_WORKSPACE_H

#include "cli/base/arena.h"
#include "contract/lifetime.h"

/* Of as many bytes as the library asks for; that it asks is a precondition. */
rein_workspace workspace_make(arena *memory, rein_result_bytes asked);

#endif
