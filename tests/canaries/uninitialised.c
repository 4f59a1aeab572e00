/* A test that passes because of an uninitialised byte. */
#include <criterion/criterion.h>

#include <stdlib.h>

Test(uninitialised, seeded) {
    char *volatile bytes = malloc(16);
    cr_assert(bytes != NULL, "16 bytes are available");
    int sum = 1;
    if (bytes[8] != 0) {
        sum++;
    }
    free(bytes);
    cr_assert(sum > 0, "a sum of positive numbers");
}
