/* A stream into memory that reports lost output. glibc's open_memstream does not: if it is out of
 * memory, it drops a part and sets no error. */
#ifndef REIN_CLI_BASE_MEMORY_STREAM_H
#define REIN_CLI_BASE_MEMORY_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/base/arena.h"

typedef struct memory_stream {
    FILE *stream;
    char *text; /* complete after the stream is closed; the owner frees it */
    size_t length;
    size_t capacity;
    bool is_short; /* out of memory; further output is dropped */
} memory_stream;

/* Opens the stream, which must not move until it is closed. Ends the command if out of memory. */
void memory_stream_open(memory_stream *opened);

/* Closes the stream. Returns false if output was dropped. */
bool memory_stream_close(memory_stream *open);

#endif
