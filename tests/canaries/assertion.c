/* A failing assertion. */
#include <criterion/criterion.h>

Test(assertion, seeded) {
    cr_assert(1 == 2, "one is two: the seeded failure");
}
