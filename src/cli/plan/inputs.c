#include "cli/plan/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/base/path.h"

static bool is_directory(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static int is_lifetimes(const struct dirent *entry) {
    return entry->d_name[0] != '.' &&
           (path_ends_in(entry->d_name, ".csv") || path_ends_in(entry->d_name, ".csv.gz"));
}

/* Compares bytes, so that the order does not depend on the locale. */
static int compare_names(const struct dirent **left, const struct dirent **right) {
    return strcmp((*left)->d_name, (*right)->d_name);
}

static void add_path(arena *memory, plan_inputs *found, size_t *capacity, const char *path) {
    found->paths = arena_grow(memory, found->paths, found->count, capacity, sizeof *found->paths);
    found->paths[found->count++] = path;
}

static bool add_directory(diagnostics *sink, plan_inputs *found, size_t *capacity,
                          const char *path) {
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_lifetimes, compare_names);
    if (count < 0) {
        report_failure(sink, path, "read", errno);
        return false;
    }
    const char *separator = path[strlen(path) - 1] == '/' ? "" : "/";
    for (int index = 0; index < count; index++) {
        add_path(sink->memory, found, capacity,
                 arena_print(sink->memory, "%s%s%s", path, separator, entries[index]->d_name));
        free(entries[index]);
    }
    free(entries);
    if (count == 0) {
        report_in_file(sink, path,
                       "contains no *.csv and no *.csv.gz; name a directory with lifetimes");
    }
    return count > 0;
}

bool plan_inputs_find(diagnostics *sink, const invocation *called, plan_inputs *out_inputs) {
    plan_inputs found = {.is_list = called->operand_count > 1};
    size_t capacity = 0;
    bool is_sound = true;
    for (size_t index = 0; index < called->operand_count; index++) {
        const char *path = called->operands[index];
        if (is_directory(path)) {
            found.is_list = true;
            is_sound = add_directory(sink, &found, &capacity, path) && is_sound;
        } else {
            add_path(sink->memory, &found, &capacity, path);
        }
    }
    *out_inputs = found;
    return is_sound;
}
