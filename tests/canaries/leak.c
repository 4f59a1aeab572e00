/* A test that passes but leaks. */
#include <criterion/criterion.h>

#include <stdlib.h>

static void *volatile last_reference;

Test(leak, seeded) {
    last_reference = malloc(16);
    cr_assert(last_reference != NULL, "16 bytes are available");
    last_reference = NULL;
}
