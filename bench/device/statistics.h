/* What is made of many measured values. */
#ifndef BENCH_DEVICE_STATISTICS_H
#define BENCH_DEVICE_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/* Ascending. O(n log n). */
void statistics_sort(double *values, size_t count);

/* Nearest rank over ascending values: the least of them that at least `per_mille` thousandths are
 * not above. `count` is above 0. */
double statistics_percentile(const double *sorted, size_t count, unsigned per_mille);

/* The middle one, or the mean of the two in the middle; sorts. `count` is above 0. */
double statistics_median(double *values, size_t count);

/* The next number of a sequence that its state's first value alone decides (splitmix64). */
uint64_t random_next(uint64_t *state);

/* Below `bound`, which is above 0; the bias is below bound / 2^64. */
uint64_t random_below(uint64_t *state, uint64_t bound);

#endif
