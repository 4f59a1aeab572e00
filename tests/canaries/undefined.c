/* A test that passes but overflows a signed integer. */
#include <criterion/criterion.h>

#include <limits.h>

Test(undefined, seeded) {
    volatile int largest = INT_MAX;
    volatile int sum = largest + 1;
    cr_assert(sum != largest, "adding one changes a number");
}
