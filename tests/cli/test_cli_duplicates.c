/* The search for repeated names finds the earliest repetition, with any hashes. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/read/duplicates.h"

/* Enough for some names to have equal 32-bit hashes. */
enum { MANY = 300000, NAME_BYTES = 16 };

static arena *memory;

static void set_up(void) {
    memory = arena_create();
}

static void tear_down(void) {
    arena_destroy(memory);
}

TestSuite(cli_duplicates, .init = set_up, .fini = tear_down);

static const char **make_names(void) {
    const char **names = arena_allocate(memory, MANY, sizeof *names);
    char *text = arena_allocate(memory, MANY, NAME_BYTES);
    for (int i = 0; i < MANY; i++) {
        sprintf(text, "name%d", i);
        names[i] = text;
        text += NAME_BYTES;
    }
    return names;
}

Test(cli_duplicates, names_of_the_same_hash_differ) {
    size_t first = 0;
    size_t again = 0;
    cr_assert(!find_duplicate(memory, make_names(), MANY, NULL, &first, &again), "%zu and %zu",
              first, again);
}

Test(cli_duplicates, the_earliest_repetition_is_found) {
    const char **names = make_names();
    size_t first = 0;
    size_t again = 0;
    for (size_t i = 1; i < 40; i++) {
        names[MANY - i] = names[3 * i];
    }
    cr_assert(find_duplicate(memory, names, MANY, NULL, &first, &again), "none");
    cr_assert(first == 117 && again == MANY - 39, "%zu and %zu", first, again);
}

Test(cli_duplicates, few_names) {
    const char *const names[] = {"b", "a", "b", "a", "b"};
    size_t first = 9;
    size_t again = 9;
    cr_assert(!find_duplicate(memory, names, 0, NULL, &first, &again), "of none");
    cr_assert(!find_duplicate(memory, names, 2, NULL, &first, &again), "of two");
    cr_assert(find_duplicate(memory, names, 5, NULL, &first, &again), "none");
    cr_assert(first == 0 && again == 2, "%zu and %zu", first, again);
}
