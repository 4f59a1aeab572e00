#include "cli/base/memory_stream.h"

#include <stdlib.h>
#include <string.h>

#include "cli/base/arena.h"

enum { FIRST_BYTES = 1024 };

static bool make_room(memory_stream *into, size_t count) {
    if (count <= into->capacity - into->length) {
        return true;
    }
    size_t larger = 2 * (into->length + count);
    char *text = realloc(into->text, larger);
    if (text == NULL) {
        return false;
    }
    into->text = text;
    into->capacity = larger;
    return true;
}

/* Appends all the bytes or none. */
static ssize_t keep(void *stream, const char *bytes, size_t count) {
    memory_stream *into = stream;
    into->is_short = into->is_short || !make_room(into, count);
    if (into->is_short) {
        return 0;
    }
    memcpy(into->text + into->length, bytes, count);
    into->length += count;
    return (ssize_t)count;
}

void memory_stream_open(memory_stream *opened) {
    static const cookie_io_functions_t functions = {.write = keep};
    *opened = (memory_stream){.text = malloc(FIRST_BYTES), .capacity = FIRST_BYTES};
    opened->stream = fopencookie(opened, "w", functions);
    if (opened->text == NULL || opened->stream == NULL) {
        stop_without_memory();
    }
}

bool memory_stream_close(memory_stream *open) {
    fclose(open->stream);
    open->stream = NULL;
    return !open->is_short;
}
