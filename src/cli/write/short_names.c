#include "cli/write/short_names.h"

#include <stdlib.h>
#include <string.h>

#include "cli/base/text.h"
#include "host/base/utf8.h"

/* The common start and end of all names, in bytes. */
typedef struct common_ends {
    size_t head;
    size_t tail;
} common_ends;

static int compare_names(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static size_t count_distinct(arena *memory, const char *const *names, size_t count) {
    const char **sorted = arena_allocate(memory, count, sizeof *sorted);
    memcpy(sorted, names, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_names);
    size_t distinct = 1;
    for (size_t at = 1; at < count; at++) {
        distinct += strcmp(sorted[at - 1], sorted[at]) != 0;
    }
    return distinct;
}

static size_t common_head(const char *left, const char *right, size_t most) {
    size_t length = 0;
    while (length < most && left[length] == right[length]) {
        length++;
    }
    return length;
}

/* Returns the length, up to `most`, of the common end of texts that end at `left` and `right`. */
static size_t common_tail(const char *left, const char *right, size_t most) {
    size_t length = 0;
    while (length < most && left[-1 - (ptrdiff_t)length] == right[-1 - (ptrdiff_t)length]) {
        length++;
    }
    return length;
}

/* Finds common ends that do not split a character and do not overlap in any name. */
static common_ends find_common_ends(const short_names *request) {
    const char *first = request->names[0];
    size_t length = strlen(first);
    common_ends common = {.head = length, .tail = length};
    size_t shortest = length;
    for (size_t index = 1; index < request->count; index++) {
        const char *name = request->names[index];
        size_t other = strlen(name);
        shortest = other < shortest ? other : shortest;
        common.head = common_head(first, name, common.head);
        common.tail = common_tail(first + length, name + other,
                                  common.tail < shortest ? common.tail : shortest);
    }
    while (utf8_is_continuation(first[common.head])) {
        common.head--;
    }
    size_t most = shortest - common.head;
    common.tail = common.tail < most ? common.tail : most;
    while (utf8_is_continuation(first[length - common.tail])) {
        common.tail--;
    }
    return common;
}

static const char *shorten(arena *memory, const short_names *request, const char *name) {
    return request->keeps_ends
               ? text_shorten_to_end(memory, name, request->columns, request->ellipsis)
               : text_shorten(memory, name, request->columns, request->ellipsis);
}

static const char *cut_ends(arena *memory, const short_names *request, common_ends common,
                            const char *name) {
    size_t length = strlen(name);
    name = arena_print(memory, "%s%.*s%s", common.head > 0 ? request->ellipsis : "",
                       (int)(length - common.head - common.tail), name + common.head,
                       common.tail > 0 ? request->ellipsis : "");
    return text_shorten(memory, name, request->columns, request->ellipsis);
}

const char *const *names_shorten(arena *memory, const short_names *request) {
    const char **made = arena_allocate(memory, request->count, sizeof *made);
    size_t distinct = count_distinct(memory, request->names, request->count);
    for (size_t index = 0; index < request->count; index++) {
        made[index] = shorten(memory, request, request->names[index]);
    }
    if (count_distinct(memory, made, request->count) == distinct) {
        return made;
    }
    common_ends common = find_common_ends(request);
    for (size_t index = 0; index < request->count; index++) {
        made[index] = cut_ends(memory, request, common, request->names[index]);
    }
    return count_distinct(memory, made, request->count) == distinct ? made : NULL;
}
