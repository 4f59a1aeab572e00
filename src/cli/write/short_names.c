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
static common_ends find_common_ends(const short_names *asked) {
    const char *first = asked->names[0];
    size_t length = strlen(first);
    common_ends common = {.head = length, .tail = length};
    size_t shortest = length;
    for (size_t index = 1; index < asked->count; index++) {
        const char *name = asked->names[index];
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

static const char *shorten(arena *memory, const short_names *asked, const char *name) {
    return asked->keeps_ends ? text_shorten_to_end(memory, name, asked->columns, asked->ellipsis)
                             : text_shorten(memory, name, asked->columns, asked->ellipsis);
}

static const char *cut_ends(arena *memory, const short_names *asked, common_ends common,
                            const char *name) {
    size_t length = strlen(name);
    name = arena_print(memory, "%s%.*s%s", common.head > 0 ? asked->ellipsis : "",
                       (int)(length - common.head - common.tail), name + common.head,
                       common.tail > 0 ? asked->ellipsis : "");
    return text_shorten(memory, name, asked->columns, asked->ellipsis);
}

const char *const *names_shorten(arena *memory, const short_names *asked) {
    const char **made = arena_allocate(memory, asked->count, sizeof *made);
    size_t distinct = count_distinct(memory, asked->names, asked->count);
    for (size_t index = 0; index < asked->count; index++) {
        made[index] = shorten(memory, asked, asked->names[index]);
    }
    if (count_distinct(memory, made, asked->count) == distinct) {
        return made;
    }
    common_ends common = find_common_ends(asked);
    for (size_t index = 0; index < asked->count; index++) {
        made[index] = cut_ends(memory, asked, common, asked->names[index]);
    }
    return count_distinct(memory, made, asked->count) == distinct ? made : NULL;
}
