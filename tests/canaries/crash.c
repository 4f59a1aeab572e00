/* A test that is killed by a signal. */
#include <criterion/criterion.h>

#include <stdlib.h>

Test(crash, seeded) {
    abort();
}
