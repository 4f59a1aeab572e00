#include <string.h>

#include "cli/local_device.h"

bool is_local_device_name(const char *name) {
    return strcmp(name, "auto") == 0 || (*name != '\0' && name[strspn(name, "0123456789")] == '\0');
}
