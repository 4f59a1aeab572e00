/* The version of Rein, stated only here. The build reads it from this file. */
#ifndef REIN_CONTRACT_VERSION_H
#define REIN_CONTRACT_VERSION_H

#include "contract/api.h"

/* The version of these headers. */
#define REIN_VERSION_MAJOR  0
#define REIN_VERSION_MINOR  1
#define REIN_VERSION_PATCH  0
#define REIN_VERSION_STRING "0.1.0"

REIN_API_BEGIN

/* Returns the version of the library that is linked, such as "0.1.0". Static storage. Compare it
 * with REIN_VERSION_STRING to find out whether the headers match the library. */
const char *rein_version(void);

REIN_API_END

#endif
