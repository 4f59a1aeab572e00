/* Assertions shared by several test files. */
#ifndef REIN_TESTS_EXPECT_H
#define REIN_TESTS_EXPECT_H

#include <criterion/criterion.h>

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "contract/error.h"

/* More than the longest message that the tests render. */
enum { EXPECT_TEXT_CAPACITY = 512 };

static inline bool is_same_text(const char *left, const char *right) {
    return strcmp(left, right) == 0;
}

/* Expects the code and a source location. */
static inline void expect_code(const rein_error *error, rein_error_code code) {
    char text[EXPECT_TEXT_CAPACITY];
    rein_error_message(error, text, sizeof text);
    cr_assert(error->code == code, "the code is %s, expected %s: %s",
              rein_error_code_name(error->code), rein_error_code_name(code), text);
    cr_assert(error->where.function != NULL && error->where.file != NULL && error->where.line > 0,
              "the error says where it arose: %s", text);
}

/* Expects the numbers of the error; a signed number as its bits. */
static inline void expect_numbers(const rein_error *error, uint64_t first, uint64_t second,
                                  uint64_t third) {
    const uint64_t expected[REIN_ERROR_NUMBER_COUNT] = {first, second, third};
    char text[EXPECT_TEXT_CAPACITY];
    rein_error_message(error, text, sizeof text);
    for (size_t index = 0; index < REIN_ERROR_NUMBER_COUNT; index++) {
        cr_assert(error->numbers[index] == expected[index], "number %zu is %lld, expected %lld: %s",
                  index, (long long)error->numbers[index], (long long)expected[index], text);
    }
}

/* Returns the end of the first occurrence of a word, which is not part of a longer word; NULL if
 * there is none. */
static inline const char *after_word(const char *text, const char *word, size_t length) {
    for (const char *at = text; *at != '\0'; at++) {
        bool begins = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_') ||
                      !isalnum((unsigned char)*word);
        bool ends = !isalnum((unsigned char)word[length - 1]) ||
                    !(isalnum((unsigned char)at[length]) || at[length] == '_');
        if (strncmp(at, word, length) == 0 && begins && ends) {
            return at + length;
        }
    }
    return NULL;
}

/* Expects what every message is to keep: one line, every placeholder filled in, and none of the
 * turns of phrase that are hard to read. */
static inline void expect_style(const char *message) {
    static const char *const unwanted[] = {"\n",         "{u}",    "{i}",        "{bytes}",
                                           "{duration}", "{text}", ", expected", " is no "};
    for (size_t index = 0; index < sizeof unwanted / sizeof unwanted[0]; index++) {
        cr_assert(strstr(message, unwanted[index]) == NULL, "'%s' is in the message: %s",
                  unwanted[index], message);
    }
    size_t length = strlen(message);
    cr_assert(length > 0 && message[length - 1] != '.', "it ends in a period: %s", message);
}

/* Expects the code and, in the message, each of the words of `facts` in their order: numbers, names
 * of arguments, and what the caller stated. The other words of the message are free. */
static inline void expect_error_facts(const rein_error *error, rein_error_code code,
                                      const char *facts) {
    expect_code(error, code);
    char text[EXPECT_TEXT_CAPACITY];
    rein_error_message(error, text, sizeof text);
    expect_style(text);
    const char *rest = text;
    while (*facts != '\0') {
        size_t length = strcspn(facts, " ");
        const char *end = after_word(rest, facts, length);
        cr_assert(end != NULL, "the message lacks '%.*s' after '%.*s': %s", (int)length, facts,
                  (int)(rest - text), text, text);
        rest = end;
        facts += length + strspn(facts + length, " ");
    }
}

static inline void expect_invalid(const rein_error *error, const char *facts) {
    expect_error_facts(error, REIN_ERROR_INVALID_ARGUMENT, facts);
}

typedef size_t (*text_function)(const void *value, char *buffer, size_t capacity);

/* Expects that the writer produces exactly `expected`, and behaves as snprintf does at every
 * capacity from 0 to one more than needed. It must truncate, terminate, return the whole length,
 * and write nothing past the capacity. */
static inline void expect_text(text_function write, const void *value, const char *expected) {
    size_t length = strlen(expected);
    for (size_t capacity = 0; capacity <= length + 2; capacity++) {
        char buffer[EXPECT_TEXT_CAPACITY];
        memset(buffer, '#', sizeof buffer);
        size_t returned = write(value, capacity == 0 ? NULL : buffer, capacity);
        cr_assert(returned == length, "capacity %zu: returned %zu, expected %zu for '%s'", capacity,
                  returned, length, expected);
        size_t kept = capacity == 0 ? 0 : length < capacity - 1 ? length : capacity - 1;
        cr_assert(memcmp(buffer, expected, kept) == 0, "capacity %zu: wrote '%.*s' of '%s'",
                  capacity, (int)kept, buffer, expected);
        cr_assert(capacity == 0 || buffer[kept] == '\0', "capacity %zu: '%s' is not terminated",
                  capacity, expected);
        for (size_t index = capacity; index < sizeof buffer; index++) {
            cr_assert(buffer[index] == '#', "capacity %zu: wrote beyond it, at byte %zu", capacity,
                      index);
        }
    }
}

#endif
