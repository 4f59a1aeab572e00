/* Whether the user's runtime directory survives the user's last logout. */
#ifndef REIN_CLI_FLEET_LINGER_H
#define REIN_CLI_FLEET_LINGER_H

#include "cli/base/diagnostics.h"

/* Reports that logind will empty the state directory `path`, unless the user lingers or logind does
 * not manage the directory. */
void warn_unless_lingering(diagnostics *sink, const char *path);

#endif
