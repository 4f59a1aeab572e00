#include "cli/duplicates.h"

#include <stdlib.h>
#include <string.h>

typedef struct numbered_name {
    const char *name;
    size_t index;
} numbered_name;

static int compare_names(const void *left, const void *right) {
    const numbered_name *first = left;
    const numbered_name *second = right;
    int order = strcmp(first->name, second->name);
    return order != 0 ? order : (first->index > second->index) - (first->index < second->index);
}

bool find_duplicate(arena *memory, const char *const *names, size_t count, size_t *out_first,
                    size_t *out_again) {
    numbered_name *sorted = arena_allocate(memory, count + 1, sizeof *sorted);
    for (size_t index = 0; index < count; index++) {
        sorted[index] = (numbered_name){.name = names[index], .index = index};
    }
    qsort(sorted, count, sizeof *sorted, compare_names);
    bool is_found = false;
    for (size_t at = 1; at < count; at++) {
        bool is_same = strcmp(sorted[at - 1].name, sorted[at].name) == 0;
        if (is_same && (!is_found || sorted[at].index < *out_again)) {
            *out_first = sorted[at - 1].index;
            *out_again = sorted[at].index;
            is_found = true;
        }
    }
    return is_found;
}
