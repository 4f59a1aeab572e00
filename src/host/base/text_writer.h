/* Appends text to a caller's buffer. Never writes past its end, always terminates the text, and
 * counts the length of the whole text, as snprintf does. */
#ifndef REIN_HOST_BASE_TEXT_WRITER_H
#define REIN_HOST_BASE_TEXT_WRITER_H

#include <stddef.h>
#include <stdint.h>

typedef struct text_writer {
    char *buffer; /* may be NULL if the capacity is 0 */
    size_t capacity;
    size_t length; /* of the whole text, including the part that was cut */
} text_writer;

/* Returns a writer, and terminates the buffer, so that an empty text is valid too. */
text_writer rein_i_text_writer_make(char *buffer, size_t capacity);

void rein_i_text_writer_append_bytes(text_writer *writer, const char *bytes, size_t count);
void rein_i_text_writer_append(text_writer *writer, const char *text);
void rein_i_text_writer_append_unsigned(text_writer *writer, uint64_t number);
void rein_i_text_writer_append_signed(text_writer *writer, int64_t number);

#endif
