#include <string.h>

#include "cli/fleet/local_device.h"
#include "contract/ids.h"

static bool consists_of(const char *text, const char *characters) {
    return text[strspn(text, characters)] == '\0';
}

static bool is_uuid(const char *name) {
    enum { PREFIX_LENGTH = 4 };
    return (strncmp(name, "GPU-", PREFIX_LENGTH) == 0 ||
            strncmp(name, "MIG-", PREFIX_LENGTH) == 0) &&
           rein_result_request_id_is_ok(rein_request_id_parse(name + PREFIX_LENGTH));
}

static bool is_pci_id(const char *name) {
    return strchr(name, ':') != NULL && consists_of(name, "0123456789abcdefABCDEF:.");
}

bool is_local_device_name(const char *name) {
    return strcmp(name, "auto") == 0 || consists_of(name, "0123456789") || is_pci_id(name) ||
           is_uuid(name);
}
