/* The latency of a mock's executions: fixed, or drawn at random.
 *
 * The draws are the same on every machine: they use neither floating point nor libm. The generator
 * is SplitMix64: the state grows by 0x9E3779B97F4A7C15 and is mixed by two multiplications. The
 * normal distribution is approximated by the sum of twelve uniform 16-bit numbers. Its standard
 * deviation is 65536 (to 1e-9), and it is never more than six standard deviations from the mean:
 *
 *     latency = mean + standard_deviation * (sum - 12 * 65535 / 2) / 65536
 *
 * The quotient is rounded towards zero. A latency below zero becomes zero, so the average of the
 * draws is above the mean if the mean is less than about three standard deviations. */
#ifndef REIN_TESTS_MOCKS_MOCK_LATENCY_H
#define REIN_TESTS_MOCKS_MOCK_LATENCY_H

#include "contract/api.h"
#include "contract/clock.h"

REIN_API_BEGIN

/* A plain value. If the standard deviation is zero, the latency is fixed. */
typedef struct mock_latency {
    rein_duration mean;
    rein_duration standard_deviation;
    uint64_t state; /* of the generator; the seed at first */
} mock_latency;

REIN_RESULT_DEFINE(mock_latency_result, mock_latency)

/* The longest standard deviation, 4.8 hours: with a longer one the product could overflow. */
#define MOCK_LATENCY_STANDARD_DEVIATION_MAX_NS (INT64_C(1) << 44)

/* Returns a latency. Errors: InvalidArgument if `mean` is negative, or `standard_deviation` is
 * negative or above MOCK_LATENCY_STANDARD_DEVIATION_MAX_NS. */
mock_latency_result mock_latency_make(rein_duration mean, rein_duration standard_deviation,
                                      uint64_t seed);

/* Returns the next latency, zero or more. */
rein_duration mock_latency_next(mock_latency *latency);

REIN_API_END

#endif
