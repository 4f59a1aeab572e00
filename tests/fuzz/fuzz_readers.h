/* Feeds a text to a reader of the command: it accepts the text, or reports the error and its
 * place. */
#ifndef REIN_TESTS_FUZZ_READERS_H
#define REIN_TESTS_FUZZ_READERS_H

#include <string.h>

#include "cli/read/input_file.h"
#include "fuzz.h"

/* A sink that keeps its messages. */
typedef struct kept_sink {
    diagnostics sink;
    char *messages;
    size_t length;
} kept_sink;

static inline void kept_sink_open(kept_sink *kept) {
    *kept = (kept_sink){.sink = {.memory = arena_create()}};
    kept->sink.stream = open_memstream(&kept->messages, &kept->length);
    require(kept->sink.stream != NULL, "there is memory for messages");
}

/* Requires messages, in lines that begin with the file, if and only if the file was not read. */
static inline void kept_sink_require(kept_sink *kept, const char *path, bool is_read) {
    fflush(kept->sink.stream);
    require(is_read == (kept->length == 0), "a refusal is reported, a success is not");
    require(is_read || strncmp(kept->messages, path, strlen(path)) == 0,
            "a message begins with the file");
    require(is_read || kept->messages[kept->length - 1] == '\n', "a message is a line");
}

static inline void kept_sink_close(kept_sink *kept) {
    fclose(kept->sink.stream);
    free(kept->messages);
    arena_destroy(kept->sink.memory);
}

/* Opens the input as a text that ends with a NUL, as a file's text does. */
static inline bool fuzz_input_file(kept_sink *kept, const uint8_t *data, size_t size,
                                   input_file *out_file) {
    const char *text = arena_copy(kept->sink.memory, (const char *)data, size);
    return input_file_from_text(&kept->sink, "f", "a text", text, size, out_file);
}

/* Reads a text that was written; the reader must accept it. */
static inline input_file fuzz_written_file(kept_sink *kept, const char *text, size_t length) {
    input_file file = {0};
    require(input_file_from_text(&kept->sink, "written", "a text", text, length, &file),
            "the output is text");
    return file;
}

#endif
