/* Recognition of binary files that are given in place of a text. */
#ifndef REIN_CLI_READ_BINARY_KIND_H
#define REIN_CLI_READ_BINARY_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct binary_kind {
    const char *name;   /* with its article, such as "a GGUF model"; NULL: not recognised */
    const char *advice; /* what to do with the file; NULL for a model, which can be inspected */
} binary_kind;

/* At least so many bytes of a longer file decide its kind. */
enum { BINARY_KIND_BYTES = 4096 };

/* Returns the kind of a file by its first `count` bytes. `file_bytes` is the size of the whole
 * file. Never recognises a text in UTF-8 without control characters. */
binary_kind binary_kind_of(const char *bytes, size_t count, uint64_t file_bytes);

#endif
