/* Texts of an ONNX file, and errors about them. */
#ifndef REIN_HOST_MODELS_ONNX_TEXT_H
#define REIN_HOST_MODELS_ONNX_TEXT_H

#include <stdbool.h>

#include "host/models/protobuf.h"

enum { ONNX_WORD_BYTES_MAX = 8 };

/* A text in the file. */
typedef struct file_text {
    uint64_t offset;
    uint64_t length;
} file_text;

static inline file_text file_text_of(const protobuf_field *field) {
    return (file_text){field->begin, field->end - field->begin};
}

/* Returns an error of `code` at the offset, with up to two more numbers and the name as its text.
 * Errors: those of read_at. */
rein_result_void rein_i_onnx_fail(byte_reader *reader, rein_error_code code,
                                  rein_source_location where, const char *message,
                                  const uint64_t numbers[3], file_text name);

/* Reads the text into a buffer of text.length bytes. Errors: those of read_at. */
rein_result_void rein_i_onnx_text_read(byte_reader *reader, file_text text, char *out_bytes);

/* Finds the text among `count` words of at most ONNX_WORD_BYTES_MAX bytes. Sets `*out_index` to the
 * count if it is none of them. Errors: those of read_at. */
rein_result_void rein_i_onnx_text_find(byte_reader *reader, file_text text,
                                       const char *const *words, size_t count, size_t *out_index);

/* Reads a decimal number without a sign. Errors: InvalidArgument with the offset if the text is
 * something else or the number does not fit in 64 bits; those of read_at. */
rein_result_void rein_i_onnx_text_number(byte_reader *reader, file_text text, uint64_t *out_number);

/* Checks that the text is a relative path without "..", empty parts, colons, backslashes and
 * control characters. Errors: InvalidArgument with the offset and the path; those of read_at. */
rein_result_void rein_i_onnx_path_check(byte_reader *reader, file_text path);

#endif
