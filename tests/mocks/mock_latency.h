/* How long a mock's executions take: always the same, or drawn at random.
 *
 * The draws are the same on every machine: no floating point and no libm take part. The generator
 * is SplitMix64: the state grows by 0x9E3779B97F4A7C15 and is mixed by two multiplications. The
 * normal distribution is approached by the sum of twelve uniform 16-bit numbers, which has a
 * standard deviation of 65536 (to 1e-9) and never lies more than six standard deviations from the
 * mean:
 *
 *     latency = mean + standard_deviation * (sum - 12 * 65535 / 2) / 65536
 *
 * with the quotient cut towards zero. What falls below zero is zero, so where the mean is less than
 * some three standard deviations the average of the draws lies above the mean. */
#ifndef REIN_TESTS_MOCKS_MOCK_LATENCY_H
#define REIN_TESTS_MOCKS_MOCK_LATENCY_H

#include "contract/api.h"
#include "contract/clock.h"

REIN_API_BEGIN

/* A plain value; a standard deviation of zero is a fixed latency. */
typedef struct mock_latency {
    rein_duration mean;
    rein_duration standard_deviation;
    uint64_t state; /* of the generator; the seed at first */
} mock_latency;

REIN_RESULT_DEFINE(mock_latency_result, mock_latency)

/* The longest standard deviation, 4.8 hours: above it the product could leave 64 bits. */
#define MOCK_LATENCY_STANDARD_DEVIATION_MAX_NS (INT64_C(1) << 44)

/* Errors: InvalidArgument where `mean` is negative, or `standard_deviation` is negative or above
 * MOCK_LATENCY_STANDARD_DEVIATION_MAX_NS. */
mock_latency_result mock_latency_make(rein_duration mean, rein_duration standard_deviation,
                                      uint64_t seed);

/* The next latency, zero or more. */
rein_duration mock_latency_next(mock_latency *latency);

REIN_API_END

#endif
