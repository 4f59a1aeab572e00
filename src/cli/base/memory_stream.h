/* A stream into memory that knows whether everything was kept. glibc's open_memstream does not: if
 * there is no memory for more, it leaves a part out and sets no error. */
#ifndef REIN_CLI_BASE_MEMORY_STREAM_H
#define REIN_CLI_BASE_MEMORY_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct memory_stream {
    FILE *stream;
    char *text; /* complete once the stream is closed; to be freed by its owner */
    size_t length;
    size_t capacity;
    bool is_short; /* of memory: nothing more is kept */
} memory_stream;

/* `opened` stays where it is until it is closed. Ends the command if there is no memory. */
void memory_stream_open(memory_stream *opened);

/* Whether everything was kept. */
bool memory_stream_close(memory_stream *open);

#endif
