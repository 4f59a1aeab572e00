#include "contract/version.h"

const char *rein_version(void) {
    return REIN_VERSION_STRING;
}
