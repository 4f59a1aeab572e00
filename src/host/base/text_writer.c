#include "host/base/text_writer.h"

#include <string.h>

text_writer rein_i_text_writer_make(char *buffer, size_t capacity) {
    text_writer writer = {.buffer = buffer, .capacity = buffer == NULL ? 0 : capacity, .length = 0};
    if (writer.capacity > 0) {
        buffer[0] = '\0';
    }
    return writer;
}

void rein_i_text_writer_append_bytes(text_writer *writer, const char *bytes, size_t count) {
    if (writer->length < writer->capacity) {
        size_t room = writer->capacity - 1 - writer->length;
        size_t written = count < room ? count : room;
        memcpy(writer->buffer + writer->length, bytes, written);
        writer->buffer[writer->length + written] = '\0';
    }
    writer->length += count;
}

void rein_i_text_writer_append(text_writer *writer, const char *text) {
    rein_i_text_writer_append_bytes(writer, text, strlen(text));
}

void rein_i_text_writer_append_unsigned(text_writer *writer, uint64_t number) {
    char digits[20];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    rein_i_text_writer_append_bytes(writer, digits + first, sizeof digits - first);
}

void rein_i_text_writer_append_signed(text_writer *writer, int64_t number) {
    if (number < 0) {
        rein_i_text_writer_append(writer, "-");
        rein_i_text_writer_append_unsigned(writer, UINT64_C(0) - (uint64_t)number);
    } else {
        rein_i_text_writer_append_unsigned(writer, (uint64_t)number);
    }
}
