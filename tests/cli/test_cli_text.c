/* Texts in memory and on a terminal: invalid, too wide, or too large for memory. */
#include <criterion/criterion.h>
#include <locale.h>
#include <stdint.h>
#include <string.h>

#include "cli/base/exit_code.h"
#include "cli/base/text.h"

static arena *memory;

static void set_up(void) {
    cr_assert(setlocale(LC_CTYPE, "C.UTF-8") != NULL, "no locale C.UTF-8");
    memory = arena_create();
}

static void tear_down(void) {
    arena_destroy(memory);
}

TestSuite(cli_text, .init = set_up, .fini = tear_down);

static void assert_no_character(const char *bytes) {
    wchar_t character = L'?';
    cr_assert(text_decode(bytes, strlen(bytes), &character) == 0, "decoded as U+%04X",
              (unsigned)character);
}

Test(cli_text, bytes_that_are_not_a_character) {
    assert_no_character("");
    assert_no_character("\x80");
    assert_no_character("\xC3");
    assert_no_character("\xE6\xBC");
    assert_no_character("\xED\xA0\x80");
    assert_no_character("\xF4\x90\x80\x80");
    assert_no_character("\xFF");
}

Test(cli_text, columns) {
    cr_assert(text_columns("") == 0, "nothing");
    cr_assert(text_columns("a\xE6\xBC\xA2") == 3, "a letter and a wide one");
    cr_assert(text_columns("e\xCC\x88") == 1, "a combining mark has no width");
    cr_assert(text_columns("\x80\xFF") == 2, "one for each invalid byte");
    cr_assert(text_columns("\t") == 1, "one for a character without a width");
}

static void assert_shortened(const char *text, size_t columns, const char *expected) {
    const char *shortened = text_shorten(memory, text, columns, "..");
    cr_assert(strcmp(shortened, expected) == 0, "'%s' in %zu columns: '%s'", text, columns,
              shortened);
}

Test(cli_text, shortened) {
    assert_shortened("abcdef", 6, "abcdef");
    assert_shortened("abcdefg", 6, "ab..fg");
    assert_shortened("abcdefg", 5, "ab..g");
    assert_shortened("\xE6\xBC\xA2\xE6\xBC\xA2\xE6\xBC\xA2", 5, "\xE6\xBC\xA2..");
    assert_shortened("\x80\x81\x82\x83\x84\x85\x86", 4, "\x80..\x86");
}

Test(cli_text, a_quote_of_invalid_text_is_cut_too) {
    char bytes[101];
    memset(bytes, 0x80, sizeof bytes);
    bytes[100] = '\0';
    const char *quoted = text_quote(memory, bytes);
    cr_assert(strlen(quoted) == 2 + 4 * 56 + 2, "%zu bytes", strlen(quoted));
    cr_assert(strncmp(quoted, "'\\x80\\x80", 9) == 0, "%s", quoted);
    cr_assert(strcmp(quoted + strlen(quoted) - 7, "\\x80..'") == 0, "%s", quoted);
}

Test(cli_text, more_elements_than_can_be_counted, .exit_code = EXIT_CODE_BAD_INPUT) {
    arena_allocate(memory, SIZE_MAX / 2, 4);
}

Test(cli_text, more_bytes_than_an_object_has, .exit_code = EXIT_CODE_BAD_INPUT) {
    arena_allocate(memory, SIZE_MAX, 1);
}

/* Stands for texts of more than INT_MAX bytes, which take half a minute to print. */
Test(cli_text, what_printf_cannot_write, .exit_code = EXIT_CODE_BAD_INPUT) {
    static const wchar_t surrogate[] = {0xD800, L'\0'};
    arena_print(memory, "%ls", surrogate);
}
