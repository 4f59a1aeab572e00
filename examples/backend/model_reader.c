#include "model_reader.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Empty at the end of the file. */
typedef struct model_word {
    char text[MODEL_WORD_CAPACITY];
    bool is_cut; /* the word in the file is longer; all readers refuse it */
} model_word;

model_reader_result model_reader_open(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        int reason = errno;
        bool is_missing = reason == ENOENT || reason == ENOTDIR;
        rein_error error =
            rein_error_make(is_missing ? REIN_ERROR_NOT_FOUND : REIN_ERROR_BACKEND_ERROR, REIN_HERE,
                            "cannot open {text}");
        error = rein_error_with_native_code(error, reason);
        return model_reader_result_fail(rein_error_with_text(error, path));
    }
    return model_reader_result_ok((model_reader){.file = file, .line = 1});
}

void model_reader_close(model_reader *reader) {
    fclose(reader->file);
    reader->file = NULL;
}

static bool is_blank(int character) {
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

static void skip_comment(model_reader *reader) {
    int character = '#';
    while (character != '\n' && character != EOF) {
        character = fgetc(reader->file);
    }
    ungetc(character, reader->file);
}

/* Returns the first character of the next word, or EOF. */
static int skip_to_word(model_reader *reader) {
    int character = fgetc(reader->file);
    while (is_blank(character) || character == '#') {
        if (character == '#') {
            skip_comment(reader);
        }
        reader->line += character == '\n' ? 1 : 0;
        character = fgetc(reader->file);
    }
    return character;
}

static model_word next_word(model_reader *reader) {
    model_word word = {.text = ""};
    size_t length = 0;
    int character = skip_to_word(reader);
    while (character != EOF && !is_blank(character) && character != '#') {
        if (length + 1 < sizeof word.text) {
            word.text[length++] = (char)character;
        } else {
            word.is_cut = true;
        }
        character = fgetc(reader->file);
    }
    ungetc(character, reader->file);
    return word;
}

static rein_error wrong_word(const model_reader *reader, const model_word *word,
                             const char *message, rein_source_location where) {
    rein_error error = rein_error_make(REIN_ERROR_BACKEND_ERROR, where, message);
    error = rein_error_with_numbers(error, reader->line, 0, 0);
    return rein_error_with_text(error, word->text[0] == '\0' ? "the end of the file" : word->text);
}

rein_result_void model_read_exactly(model_reader *reader, const char *expected,
                                    const char *message) {
    REIN_TRY(rein_result_void, model_read_choice(reader, expected, expected, message));
    return rein_done();
}

model_count_result model_read_choice(model_reader *reader, const char *first, const char *second,
                                     const char *message) {
    model_word word = next_word(reader);
    if (!word.is_cut && strcmp(word.text, first) == 0) {
        return model_count_result_ok(0);
    }
    if (!word.is_cut && strcmp(word.text, second) == 0) {
        return model_count_result_ok(1);
    }
    return model_count_result_fail(wrong_word(reader, &word, message, REIN_HERE));
}

model_count_result model_read_count(model_reader *reader, uint32_t most) {
    model_word word = next_word(reader);
    bool is_digits = word.text[0] != '\0' && word.text[strspn(word.text, "0123456789")] == '\0';
    unsigned long long count = is_digits ? strtoull(word.text, NULL, 10) : 0;
    if (word.is_cut || count < 1 || count > most) {
        rein_error error = wrong_word(
            reader, &word, "line {u}: found {text}; write a whole number from 1 to {u}", REIN_HERE);
        error.numbers[1] = most;
        return model_count_result_fail(error);
    }
    return model_count_result_ok((uint32_t)count);
}

model_number_result model_read_number(model_reader *reader) {
    model_word word = next_word(reader);
    char *end = word.text;
    float number = strtof(word.text, &end);
    if (word.is_cut || end == word.text || *end != '\0' || !isfinite(number)) {
        return model_number_result_fail(
            wrong_word(reader, &word, "line {u}: found {text}; write a finite number", REIN_HERE));
    }
    return model_number_result_ok(number);
}

bool model_has_more(model_reader *reader) {
    int character = skip_to_word(reader);
    ungetc(character, reader->file);
    return character != EOF;
}
