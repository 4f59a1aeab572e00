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

/* Opens a model file. Errors: NotFound if the path does not exist; BackendError if it cannot be
 * opened for another reason. Both have the errno as native code. */
model_reader_result model_reader_open(const char *path);
void model_reader_close(model_reader *reader);

/* Each reader takes the next word. Errors: BackendError with the line, the word and what is
 * accepted. The message that a reader takes is a template (rein_error_make): {u} is the line and
 * {text} the word. */

/* Reads the word `expected`. */
rein_result_void model_read_exactly(model_reader *reader, const char *expected,
                                    const char *message);

/* Reads one of two words. Returns 0 for the first, 1 for the second. */
model_count_result model_read_choice(model_reader *reader, const char *first, const char *second,
                                     const char *message);

/* Reads a whole number from 1 to `most`. */
model_count_result model_read_count(model_reader *reader, uint32_t most);

/* Reads a finite number in the form of the C locale. */
model_number_result model_read_number(model_reader *reader);

/* Returns whether another word follows. Does not take it. */
bool model_has_more(model_reader *reader);

#endif
