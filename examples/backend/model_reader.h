/* Reads a model file word by word. Words are separated by blanks and line ends; `#` starts a
 * comment that ends with its line. */
#ifndef REIN_EXAMPLES_MODEL_READER_H
#define REIN_EXAMPLES_MODEL_READER_H

#include <stdio.h>

#include <contract/contract.h>

enum { MODEL_WORD_CAPACITY = 32 /* bytes, the terminating NUL included */ };

/* Set up by model_reader_open; closed by model_reader_close. */
typedef struct model_reader {
    FILE *file;
    uint64_t line; /* of the last word that was read, from 1 on */
} model_reader;

REIN_RESULT_DEFINE(model_reader_result, model_reader)
REIN_RESULT_DEFINE(model_count_result, uint32_t)
REIN_RESULT_DEFINE(model_number_result, float)

/* Errors: NotFound where the path names nothing; BackendError with the errno where it cannot be
 * opened. */
model_reader_result model_reader_open(const char *path);
void model_reader_close(model_reader *reader);

/* The readers take the next word. Errors: BackendError with the line, the word and what was
 * expected. Where a reader takes a message, it is a template in which {u} is the line and {text}
 * the word (rein_error_make). */

/* A word: `expected` and no other. */
rein_result_void model_read_exactly(model_reader *reader, const char *expected,
                                    const char *message);

/* One of two words; 1 where it is the second. */
model_count_result model_read_choice(model_reader *reader, const char *first, const char *second,
                                     const char *message);

/* A whole number from 1 to `most`. */
model_count_result model_read_count(model_reader *reader, uint32_t most);

/* A finite number in the C locale's form. */
model_number_result model_read_number(model_reader *reader);

/* Whether there is a further word; it is not taken. */
bool model_has_more(model_reader *reader);

#endif
