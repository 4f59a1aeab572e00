/* A test that passes but writes one byte past the end of its memory. */
#include <criterion/criterion.h>

#include <stdlib.h>

Test(overflow, seeded) {
    volatile char *volatile bytes = malloc(16);
    cr_assert(bytes != NULL, "16 bytes are available");
    bytes[16] = 1;
    free((void *)bytes);
}
