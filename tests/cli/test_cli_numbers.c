/* Sizes of one message in one unit. */
#include <criterion/criterion.h>
#include <string.h>

#include "cli/base/numbers.h"
#include "contract/units.h"

enum { SIZES_MAX = 3 };

typedef struct rounding {
    uint64_t sizes[SIZES_MAX];
    const char *shown[SIZES_MAX];
} rounding;

static const rounding roundings[] = {
    {{REIN_GIB, 8 * REIN_GIB, 7 * REIN_GIB}, {"1.0 GiB", "8.0 GiB", "7.0 GiB"}},
    {{564 * REIN_MIB, REIN_GIB, 460 * REIN_MIB}, {"564.0 MiB", "1024.0 MiB", "460.0 MiB"}},
    {{0, REIN_GIB, REIN_GIB}, {"0.0 GiB", "1.0 GiB", "1.0 GiB"}},
    {{0, 0, 0}, {"0 B", "0 B", "0 B"}},
    {{1, REIN_MIB, REIN_MIB - 1}, {"1 B", "1048576 B", "1048575 B"}},
    {{REIN_KIB - 1, 0, REIN_TIB}, {"1023 B", "0 B", "1099511627776 B"}},
    {{REIN_MIB + REIN_MIB / 20, REIN_MIB + REIN_MIB / 20 + 1, 2 * REIN_MIB - 1},
     {"1.0 MiB", "1.1 MiB", "2.0 MiB"}},
    {{UINT64_MAX, UINT64_MAX, UINT64_MAX}, {"16777216.0 TiB", "16777216.0 TiB", "16777216.0 TiB"}},
};

Test(cli_numbers, sizes_are_rounded_in_the_largest_unit_that_shows_each) {
    arena *memory = arena_create();
    for (size_t row = 0; row < sizeof roundings / sizeof roundings[0]; row++) {
        const rounding *expected = &roundings[row];
        size_t unit = rounding_unit(expected->sizes, SIZES_MAX);
        for (size_t index = 0; index < SIZES_MAX; index++) {
            const char *shown = rounded_in_unit(memory, expected->sizes[index], unit);
            cr_assert(strcmp(shown, expected->shown[index]) == 0, "row %zu: %s, expected %s", row,
                      shown, expected->shown[index]);
        }
    }
    arena_destroy(memory);
}
