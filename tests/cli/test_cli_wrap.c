/* Lines and names that are too wide for a terminal. */
#include <criterion/criterion.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/write/short_names.h"
#include "cli/write/wrap.h"

static arena *memory;

static void set_up(void) {
    cr_assert(setlocale(LC_CTYPE, "C.UTF-8") != NULL, "no locale C.UTF-8");
    memory = arena_create();
}

static void tear_down(void) {
    arena_destroy(memory);
}

TestSuite(cli_wrap, .init = set_up, .fini = tear_down);

static void assert_folded(const char *text, size_t columns, const char *expected) {
    char *folded = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&folded, &length);
    print_folded(stream, text, strlen(text), columns);
    fclose(stream);
    cr_assert(strcmp(folded, expected) == 0, "in %zu columns:\n%s", columns, folded);
    free(folded);
}

Test(cli_wrap, lines_that_fit_stay_as_they_are) {
    assert_folded("", 10, "");
    assert_folded("\n\n", 10, "\n\n");
    assert_folded("abc  defgh\n  ij\n", 10, "abc  defgh\n  ij\n");
}

Test(cli_wrap, lines_are_broken_between_words) {
    assert_folded("abc def ghi\n", 10, "abc def\n  ghi\n");
    assert_folded("  abc def gh\n", 10, "  abc def\n    gh\n");
    assert_folded("abc   defghijk lm\n", 10, "abc\n  defghijk\n  lm\n");
    assert_folded("abc def ghi\nabc def ghi\n", 10, "abc def\n  ghi\nabc def\n  ghi\n");
}

Test(cli_wrap, words_without_room_are_broken) {
    assert_folded("abcdefghijklm\n", 10, "abcdefghij\n  klm\n");
    assert_folded("a bcdefghijklmnopqrs\n", 10, "a\n  bcdefghi\n  jklmnopq\n  rs\n");
    assert_folded("      abcdef\n", 8, "abcdef\n");
    assert_folded("\xE6\xBC\xA2\xE6\xBC\xA2\xE6\xBC\xA2\n", 5,
                  "\xE6\xBC\xA2\xE6\xBC\xA2\n\xE6\xBC\xA2\n");
}

Test(cli_wrap, styles_take_no_room) {
    assert_folded("\033[1;31mabc\033[0m: defg\n", 9, "\033[1;31mabc\033[0m: defg\n");
    assert_folded("\033[1mabc\033[0m: defg hi\n", 9, "\033[1mabc\033[0m: defg\n  hi\n");
    assert_folded("\033[1mabcdefgh\033[0m\n", 5, "\033[1mabcde\nfgh\033[0m\n");
}

static void assert_names(const short_names *asked, const char *const *expected) {
    const char *const *made = names_shorten(memory, asked);
    cr_assert(made != NULL, "the names are the same");
    for (size_t index = 0; index < asked->count; index++) {
        cr_assert(strcmp(made[index], expected[index]) == 0, "name %zu is %s", index, made[index]);
    }
}

Test(cli_wrap, names_give_way_in_the_middle_or_at_their_start) {
    static const char *const names[] = {"abcdefghijkl", "mnopqrstuvwx", "short"};
    short_names asked = {.names = names, .count = 3, .columns = 8, .ellipsis = ".."};
    assert_names(&asked, (const char *const[]){"abc..jkl", "mno..vwx", "short"});
    asked.keeps_ends = true;
    assert_names(&asked, (const char *const[]){"..ghijkl", "..stuvwx", "short"});
}

Test(cli_wrap, names_that_would_be_equal_lose_their_common_parts) {
    static const char *const names[] = {"abcdefg1hijklmn", "abcdefg2hijklmn", "abcdefg2hijklmn"};
    const short_names asked = {.names = names, .count = 3, .columns = 8, .ellipsis = ".."};
    assert_names(&asked, (const char *const[]){"..1..", "..2..", "..2.."});
    static const char *const heads[] = {"1abcdefghijkl", "2abcdefghijkl", "abcdefghijkl"};
    const short_names at_the_head = {
        .names = heads, .count = 3, .columns = 8, .keeps_ends = true, .ellipsis = ".."};
    assert_names(&at_the_head, (const char *const[]){"1..", "2..", ".."});
    static const char *const tails[] = {"abcdefabcdefabcdefabc", "abcdefabcdefabcdefabcabc"};
    const short_names overlapping = {.names = tails, .count = 2, .columns = 8, .ellipsis = ".."};
    assert_names(&overlapping, (const char *const[]){"..", "..abc"});
}

Test(cli_wrap, characters_are_not_cut) {
    static const char *const names[] = {"abcdef\xE6\xBC\xA2ghijkl", "abcdef\xE6\xBC\xA3ghijkl",
                                        "abcdef\xE7\xBC\xA3ghijkl"};
    const short_names asked = {.names = names, .count = 2, .columns = 8, .ellipsis = ".."};
    assert_names(&asked, (const char *const[]){"..\xE6\xBC\xA2..", "..\xE6\xBC\xA3.."});
    const short_names others = {.names = names + 1, .count = 2, .columns = 8, .ellipsis = ".."};
    assert_names(&others, (const char *const[]){"..\xE6\xBC\xA3..", "..\xE7\xBC\xA3.."});
}

Test(cli_wrap, names_that_cannot_be_told_apart_are_not_shortened) {
    static const char *const names[] = {"abcd1efghijklmnop1qrst", "abcd1efghijklmnop2qrst",
                                        "abcd2efghijklmnop1qrst", "abcd1efghiXklmnop1qrst"};
    const short_names asked = {.names = names, .count = 4, .columns = 8, .ellipsis = ".."};
    cr_assert(names_shorten(memory, &asked) == NULL, "%s", names_shorten(memory, &asked)[3]);
}
