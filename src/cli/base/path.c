#include "cli/base/path.h"

#include <string.h>
#include <sys/stat.h>

bool path_is_standard(const char *path) {
    return strcmp(path, "-") == 0;
}

const char *path_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

bool path_ends_in(const char *path, const char *end) {
    size_t length = strlen(path);
    size_t end_length = strlen(end);
    return length > end_length && strcmp(path + length - end_length, end) == 0;
}

bool path_exists(const char *path) {
    struct stat facts;
    return lstat(path, &facts) == 0;
}

const char *path_resolve(arena *memory, const char *from, const char *path) {
    const char *name = path_name(from);
    if (*path == '/') {
        return path;
    }
    if (name == from) {
        return path_is_standard(path) ? "./-" : path;
    }
    return arena_print(memory, "%.*s%s", (int)(name - from), from, path);
}
