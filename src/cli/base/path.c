#include "cli/base/path.h"

#include <string.h>

const char *path_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

bool path_ends_in(const char *path, const char *end) {
    size_t length = strlen(path);
    size_t end_length = strlen(end);
    return length > end_length && strcmp(path + length - end_length, end) == 0;
}
