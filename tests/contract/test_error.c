#include <criterion/criterion.h>

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "contract/error.h"
#include "expect.h"

static rein_error error_of(const char *message) {
    return rein_error_make(REIN_ERROR_NOT_FOUND, rein_source_location_make("load", "src/a.c", 42),
                           message);
}

static size_t write_message(const void *error, char *buffer, size_t capacity) {
    return rein_error_message(error, buffer, capacity);
}

static size_t write_string(const void *error, char *buffer, size_t capacity) {
    return rein_error_to_string(error, buffer, capacity);
}

static void expect_message(rein_error error, const char *expected) {
    expect_text(write_message, &error, expected);
}

Test(error_code, has_stable_values_and_names) {
    static const struct {
        rein_error_code code;
        int value;
        const char *name;
    } codes[] = {
        {REIN_ERROR_BUDGET_EXCEEDED, 1, "BudgetExceeded"},
        {REIN_ERROR_BACKEND_ERROR, 2, "BackendError"},
        {REIN_ERROR_INVALID_ARGUMENT, 3, "InvalidArgument"},
        {REIN_ERROR_NOT_FOUND, 4, "NotFound"},
        {REIN_ERROR_TIMEOUT, 5, "Timeout"},
        {REIN_ERROR_INTERNAL_ERROR, 6, "InternalError"},
        {REIN_ERROR_DEADLINE_MISSED, 7, "DeadlineMissed"},
        {REIN_ERROR_NOT_SCHEDULABLE, 8, "NotSchedulable"},
        {REIN_ERROR_UNSUPPORTED, 9, "Unsupported"},
        {REIN_ERROR_DEVICE_UNAVAILABLE, 10, "DeviceUnavailable"},
        {REIN_ERROR_DEVICE_LOST, 11, "DeviceLost"},
        {REIN_ERROR_OUT_OF_MEMORY, 12, "OutOfMemory"},
        {REIN_ERROR_INVALID_STATE, 13, "InvalidState"},
        {REIN_ERROR_BUFFER_TOO_SMALL, 14, "BufferTooSmall"},
        {REIN_ERROR_CANCELLED, 15, "Cancelled"},
    };
    size_t count = sizeof codes / sizeof codes[0];
    cr_assert(count == REIN_ERROR_CODE_LAST, "every code is in the table");
    for (size_t index = 0; index < count; index++) {
        const char *name = rein_error_code_name(codes[index].code);
        cr_assert((int)codes[index].code == codes[index].value, "%s is stable", name);
        cr_assert(is_same_text(name, codes[index].name), "%d is %s, not %s", codes[index].value,
                  codes[index].name, name);
    }
}

Test(error_code, is_unknown_outside_the_range) {
    static const int strangers[] = {0, -1, REIN_ERROR_CODE_LAST + 1, INT_MAX, INT_MIN};
    for (size_t index = 0; index < sizeof strangers / sizeof strangers[0]; index++) {
        const char *name = rein_error_code_name((rein_error_code)strangers[index]);
        cr_assert(is_same_text(name, "Unknown"), "%d is no code", strangers[index]);
    }
}

Test(error, is_at_most_256_bytes) {
    cr_assert(sizeof(rein_error) <= 256, "an error has %zu bytes", sizeof(rein_error));
}

Test(error, here_names_function_file_and_line) {
    rein_source_location where = REIN_HERE;
    int32_t line = __LINE__ - 1;
    cr_assert(is_same_text(where.function, __func__), "the function is %s", where.function);
    cr_assert(is_same_text(where.file, __FILE__), "the file is %s", where.file);
    cr_assert(where.line == line, "the line is %d", where.line);
}

Test(error, make_sets_its_arguments_and_leaves_the_rest_empty) {
    rein_error error = error_of("gone");
    cr_assert(error.code == REIN_ERROR_NOT_FOUND && error.native_code == 0, "code and no native");
    cr_assert(is_same_text(error.where.function, "load") &&
                  is_same_text(error.where.file, "src/a.c") && error.where.line == 42,
              "where");
    cr_assert(error.numbers[0] == 0 && error.numbers[1] == 0 && error.numbers[2] == 0, "numbers");
    for (size_t index = 0; index < sizeof error.foreign_text; index++) {
        cr_assert(error.foreign_text[index] == '\0', "no foreign text at byte %zu", index);
    }
}

Test(error, with_functions_change_one_field_of_a_copy) {
    rein_error error = error_of("{u} {text}");
    rein_error other = rein_error_with_native_code(
        rein_error_with_text(rein_error_with_numbers(error, 1, UINT64_MAX, 3), "why"), -7);
    cr_assert(error.numbers[0] == 0 && error.foreign_text[0] == '\0' && error.native_code == 0,
              "the first error is as it was");
    cr_assert(other.numbers[0] == 1 && other.numbers[1] == UINT64_MAX && other.numbers[2] == 3,
              "the numbers are set in order");
    cr_assert(is_same_text(other.foreign_text, "why") && other.native_code == -7, "text and code");
    cr_assert(other.code == error.code && other.message == error.message &&
                  other.where.line == error.where.line,
              "all else is kept");
}

Test(error_message, renders_each_kind_of_placeholder) {
    static const struct {
        const char *message;
        uint64_t number;
        const char *expected;
    } rows[] = {
        {"{u}", 0, "0"},
        {"{u}", 9, "9"},
        {"{u}", 10, "10"},
        {"{u}", UINT64_MAX, "18446744073709551615"},
        {"{i}", 0, "0"},
        {"{i}", (uint64_t)INT64_C(-1), "-1"},
        {"{i}", (uint64_t)INT64_MAX, "9223372036854775807"},
        {"{i}", (uint64_t)INT64_MIN, "-9223372036854775808"},
        {"{bytes}", 0, "0B"},
        {"{bytes}", 512 << 20, "512MiB"},
        {"{bytes}", (512 << 20) + 1, "536870913B"},
        {"{bytes}", UINT64_MAX, "18446744073709551615B"},
        {"{duration}", 100000000, "100ms"},
        {"{duration}", (uint64_t)INT64_C(-3), "-3ns"},
        {"{duration}", (uint64_t)INT64_MIN, "-9223372036854775808ns"},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        expect_message(
            rein_error_with_numbers(error_of(rows[index].message), rows[index].number, 77, 88),
            rows[index].expected);
    }
}

Test(error_message, takes_the_numbers_in_order_and_text_between) {
    rein_error error = rein_error_with_numbers(error_of("a {u}b{i} {text}{bytes}{text}c"), 1,
                                               (uint64_t)INT64_C(-2), 3072);
    expect_message(rein_error_with_text(error, "<t>"), "a 1b-2 <t>3KiB<t>c");
}

Test(error_message, has_one_unit_for_all_sizes_and_one_for_all_times) {
    static const struct {
        const char *message;
        uint64_t numbers[3];
        const char *expected;
    } rows[] = {
        {"{bytes} of {bytes}",
         {UINT64_C(2005180) << 10, UINT64_C(4) << 30, 0},
         "2005180KiB of 4194304KiB"},
        {"{bytes} of {bytes}", {UINT64_C(6) << 30, UINT64_C(4) << 30, 1}, "6GiB of 4GiB"},
        {"{bytes} of {bytes}", {1, UINT64_C(4) << 30, 0}, "1B of 4294967296B"},
        {"{bytes} of {bytes}", {0, UINT64_C(4) << 30, 0}, "0GiB of 4GiB"},
        {"{bytes} of {bytes}", {0, 0, 1024}, "0B of 0B"},
        {"{bytes} {u} {bytes}", {2048, 3, 1024}, "2KiB 3 1KiB"},
        {"{duration} of {duration}", {1500000, 2000000000, 0}, "1500us of 2000000us"},
        {"{duration} of {duration}",
         {(uint64_t)INT64_C(-3000000), 60000000000, 0},
         "-3ms of 60000ms"},
        {"{duration} of {bytes}", {1000, 1024, 0}, "1us of 1KiB"},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        const uint64_t *numbers = rows[index].numbers;
        rein_error error = error_of(rows[index].message);
        expect_message(rein_error_with_numbers(error, numbers[0], numbers[1], numbers[2]),
                       rows[index].expected);
    }
}

Test(error_message, lets_any_other_text_stand_for_itself) {
    static const char *const texts[] = {
        "",     "{",    "}",     "{}",     "{{",     "}}",         "{x}",    "{u", "u}",
        "{ u}", "{U}",  "{uu",   "{bytes", "{byte}", "{durations", "{text ", "%s", "%n",
        "\\",   "\xC3", "{text", "{i",     "{-i}",   "{bytes:",    "naïve",
    };
    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++) {
        expect_message(rein_error_with_text(error_of(texts[index]), "no"), texts[index]);
    }
}

Test(error_message, finds_a_placeholder_after_a_lone_brace) {
    rein_error error = rein_error_with_numbers(error_of("{{u}} {i{i}"), 5, 6, 0);
    expect_message(error, "{5} {i6");
}

Test(error_message, has_no_fourth_number) {
    rein_error error = rein_error_with_numbers(error_of("{u} {u} {u} {u} {i}"), 1, 2, 3);
    expect_message(error, "1 2 3 {u} {i}");
}

Test(error_message, does_not_read_placeholders_in_foreign_text) {
    rein_error error = rein_error_with_numbers(error_of("{text} {u}"), 5, 0, 0);
    expect_message(rein_error_with_text(error, "{u}{text}%s"), "{u}{text}%s 5");
}

Test(error_message, of_an_error_without_one_is_empty) {
    expect_message(error_of(NULL), "");
    expect_message(error_of("{text}"), "");
}

Test(error_to_string, names_code_message_and_place) {
    rein_error error = rein_error_with_numbers(error_of("no model {u}"), 7, 0, 0);
    expect_text(write_string, &error, "NotFound: no model 7 [load, src/a.c:42]");
}

Test(error_to_string, names_the_native_code_if_there_is_one) {
    rein_error error = rein_error_with_native_code(error_of("x"), 35);
    expect_text(write_string, &error, "NotFound: x (native code 35) [load, src/a.c:42]");
    error = rein_error_with_native_code(error, INT32_MIN);
    expect_text(write_string, &error, "NotFound: x (native code -2147483648) [load, src/a.c:42]");
}

Test(error_to_string, renders_a_zeroed_error) {
    rein_error error;
    memset(&error, 0, sizeof error);
    char text[128];
    size_t length = rein_error_to_string(&error, text, sizeof text);
    cr_assert(length == strlen(text), "the length is that of '%s'", text);
    cr_assert(strncmp(text, "Unknown: ", 9) == 0, "a zeroed error has no code: '%s'", text);
}

Test(error_to_string, leaves_errno_alone) {
    rein_error error = rein_error_with_native_code(error_of("{bytes} {duration}"), EIO);
    char text[128];
    errno = EAGAIN;
    rein_error_to_string(&error, text, sizeof text);
    cr_assert(errno == EAGAIN, "errno is %d", errno);
}

/* An error with `text` as its foreign text, which rein_error_with_text may shorten. */
static rein_error kept(const char *text) {
    return rein_error_with_text(error_of("{text}"), text);
}

enum { KEPT_MAX = REIN_ERROR_FOREIGN_TEXT_CAPACITY - 1 };

/* Asserts that `shown` is the beginning and the end of `text` with "…" between them. */
static void assert_cut(const char *shown, const char *text) {
    const char *mark = strstr(shown, "\xE2\x80\xA6");
    cr_assert(mark != NULL, "'%s' has the mark", shown);
    size_t head = (size_t)(mark - shown);
    size_t tail = strlen(mark) - 3;
    cr_assert(head > KEPT_MAX / 3 && tail > KEPT_MAX / 3, "%zu bytes, %zu bytes", head, tail);
    cr_assert(memcmp(shown, text, head) == 0, "the beginning");
    cr_assert(strcmp(mark + 3, text + strlen(text) - tail) == 0, "the end: '%s'", mark + 3);
    cr_assert(strlen(shown) <= KEPT_MAX, "%zu bytes", strlen(shown));
}

Test(error_text, keeps_all_or_the_beginning_and_the_end) {
    char text[3 * KEPT_MAX];
    for (size_t length = 0; length < sizeof text; length++) {
        for (size_t index = 0; index < length; index++) {
            text[index] = (char)('a' + index % 23);
        }
        text[length] = '\0';
        rein_error error = kept(text);
        if (length <= KEPT_MAX) {
            cr_assert(strcmp(error.foreign_text, text) == 0, "%zu bytes are kept", length);
        } else {
            assert_cut(error.foreign_text, text);
            cr_assert(strlen(error.foreign_text) == KEPT_MAX, "no room is left");
        }
    }
}

Test(error_text, is_never_cut_inside_a_sequence) {
    static const char *const sequences[] = {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    for (size_t kind = 0; kind < 3; kind++) {
        size_t bytes = strlen(sequences[kind]);
        for (size_t before = 0; before < bytes; before++) {
            char text[2 * KEPT_MAX] = {0};
            memset(text, 'a', before);
            for (size_t at = before; at + bytes < sizeof text; at += bytes) {
                memcpy(text + at, sequences[kind], bytes);
            }
            rein_error error = kept(text);
            assert_cut(error.foreign_text, text);
            cr_assert(strlen(error.foreign_text) > KEPT_MAX - 2 * bytes,
                      "as much as there is room");
            cr_assert(strchr(error.foreign_text, '?') == NULL, "'%s'", error.foreign_text);
        }
    }
}

Test(error_text, shows_control_characters_as_question_marks) {
    for (int character = 1; character < 128; character++) {
        char text[] = {'<', (char)character, '>', '\0'};
        bool is_control = character < 0x20 || character == 0x7F;
        char expected[] = {'<', is_control ? '?' : (char)character, '>', '\0'};
        rein_error error = kept(text);
        cr_assert(is_same_text(error.foreign_text, expected), "character %d", character);
    }
    for (int second = 0x80; second <= 0xBF; second++) {
        char text[] = {'\xC2', (char)second, '\0'};
        rein_error error = kept(text);
        bool is_hidden = second < 0xA0 || second == 0xAD; /* a soft hyphen */
        cr_assert(is_same_text(error.foreign_text, is_hidden ? "?" : text), "U+00%02X",
                  (unsigned)second);
    }
}

Test(error_text, shows_what_no_id_may_have_as_question_marks) {
    static const char *const hidden[] = {"\xE2\x80\xAE", "\xE2\x80\xA8", "\xEF\xBF\xBE",
                                         "\xF3\xA0\x80\x81", "\xF4\x8F\xBF\xBF"};
    for (size_t index = 0; index < sizeof hidden / sizeof hidden[0]; index++) {
        rein_error error = kept(hidden[index]);
        cr_assert(is_same_text(error.foreign_text, "?"), "row %zu: '%s'", index,
                  error.foreign_text);
    }
}

Test(error_text, is_always_utf8) {
    static const struct {
        const char *text;
        const char *expected;
    } rows[] = {
        {"a\xFFz", "a?z"},
        {"a\x80z", "a?z"},
        {"a\xC3", "a?"},
        {"a\xC3z", "a?z"},
        {"\xE2\x82", "??"},
        {"\xF0\x9F\x98", "???"},
        {"\xC0\xAF", "??"},
        {"\xE0\x80\xAF", "???"},
        {"\xED\xA0\x80", "???"},
        {"\xF4\x90\x80\x80", "????"},
        {"\xED\x9F\xBF\xEE\x80\x80", "\xED\x9F\xBF\xEE\x80\x80"},
        {"\xF4\x8F\xBF\xBD", "\xF4\x8F\xBF\xBD"},
        {"\xF0\x90\x80\x80", "\xF0\x90\x80\x80"},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        rein_error error = kept(rows[index].text);
        cr_assert(is_same_text(error.foreign_text, rows[index].expected), "row %zu gives '%s'",
                  index, error.foreign_text);
    }
}

Test(error_text, counts_question_marks_as_bytes) {
    char text[KEPT_MAX + 1];
    memset(text, 1, KEPT_MAX);
    text[KEPT_MAX] = '\0';
    rein_error error = kept(text);
    cr_assert(strspn(error.foreign_text, "?") == KEPT_MAX, "all are shown as '?'");
}

Test(error_text, of_null_is_empty_and_replaces_what_was) {
    rein_error error = rein_error_with_text(kept("a longer text"), NULL);
    static const char empty[REIN_ERROR_FOREIGN_TEXT_CAPACITY] = {0};
    cr_assert(memcmp(error.foreign_text, empty, sizeof empty) == 0, "nothing is left of it");
    error = rein_error_with_text(kept("a longer text"), "b");
    cr_assert(error.foreign_text[0] == 'b' && memcmp(error.foreign_text + 1, empty, KEPT_MAX) == 0,
              "zeros follow the shorter text");
}

static const char *message_of(const rein_error *error) {
    static char text[512];
    rein_error_message(error, text, sizeof text);
    return text;
}

Test(error_context, goes_before_the_message_and_before_earlier_contexts) {
    rein_error error = rein_error_with_numbers(error_of("line {u}"), 7, 0, 0);
    error = rein_error_with_context(error, "reading the weights");
    cr_assert(is_same_text(message_of(&error), "reading the weights: line 7"), "%s",
              message_of(&error));
    error = rein_error_with_context(error, "loading resnet50");
    cr_assert(is_same_text(message_of(&error), "loading resnet50: reading the weights: line 7"),
              "%s", message_of(&error));
    rein_error same = rein_error_with_context(rein_error_with_context(error, NULL), "");
    cr_assert(memcmp(&same, &error, sizeof same) == 0, "no text changes nothing");
    char text[512];
    rein_error_to_string(&error, text, sizeof text);
    cr_assert(strstr(text, ": loading resnet50: reading the weights: line 7 [") != NULL, "%s",
              text);
}

Test(error_context, that_does_not_fit_ends_in_a_mark) {
    enum { MOST = REIN_ERROR_CONTEXT_CAPACITY - 1 };
    char text[2 * MOST];
    for (size_t length = 1; length < sizeof text; length++) {
        memset(text, 'a', length);
        text[length] = '\0';
        rein_error error = rein_error_with_context(error_of("x"), text);
        bool is_whole = length <= MOST;
        size_t kept_bytes = is_whole ? length : MOST - 3;
        cr_assert(memcmp(error.context, text, kept_bytes) == 0, "%zu bytes", length);
        cr_assert(is_same_text(error.context + kept_bytes, is_whole ? "" : "\xE2\x80\xA6"), "%s",
                  error.context);
        error = rein_error_with_context(error, "b\n\xC3\xA9");
        cr_assert(memcmp(error.context, "b?\xC3\xA9: a", 7) == 0, "the outermost comes first");
        cr_assert(strlen(error.context) <= MOST, "%zu bytes", strlen(error.context));
        error = rein_error_with_context(error, text);
        size_t sure_bytes = length < MOST - 3 ? length : MOST - 3;
        cr_assert(memcmp(error.context, text, sure_bytes) == 0, "%zu bytes in front", length);
        cr_assert(strlen(error.context) <= MOST, "%zu bytes", strlen(error.context));
    }
}
