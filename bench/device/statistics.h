/* Statistics of measured values, and random numbers. */
#ifndef BENCH_DEVICE_STATISTICS_H
#define BENCH_DEVICE_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/* Sorts in ascending order. O(n log n). */
void statistics_sort(double *values, size_t count);

/* Returns the nearest rank: the least value that at least `per_mille` thousandths do not exceed.
 * `sorted` is ascending, `count` above 0. */
double statistics_percentile(const double *sorted, size_t count, unsigned per_mille);

/* Returns the middle value, or the mean of the two in the middle; sorts. `count` is above 0. */
double statistics_median(double *values, size_t count);

/* Returns the next number of a sequence that depends only on the initial state (splitmix64). */
uint64_t random_next(uint64_t *state);

/* Returns a number below `bound`, which is above 0; the bias is below bound / 2^64. */
uint64_t random_below(uint64_t *state, uint64_t bound);

#endif
