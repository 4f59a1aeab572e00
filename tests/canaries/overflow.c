/* A test that passes and writes one byte behind its memory. */
#include <criterion/criterion.h>

#include <stdlib.h>

Test(overflow, seeded) {
    volatile char *volatile bytes = malloc(16);
    cr_assert(bytes != NULL, "16 bytes are to be had");
    bytes[16] = 1;
    free((void *)bytes);
}
