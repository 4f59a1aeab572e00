#include "mocks/mock_latency.h"

enum { UNIFORM_BITS = 16, UNIFORM_MAX = 65535, UNIFORMS_PER_DRAW = 12, UNIFORMS_PER_WORD = 4 };

mock_latency_result mock_latency_make(rein_duration mean, rein_duration standard_deviation,
                                      uint64_t seed) {
    if (mean.ns < 0) {
        rein_error error = rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                           "the latency is {duration}; it must not be negative");
        return mock_latency_result_fail(rein_error_with_numbers(error, (uint64_t)mean.ns, 0, 0));
    }
    if (standard_deviation.ns < 0 ||
        standard_deviation.ns > MOCK_LATENCY_STANDARD_DEVIATION_MAX_NS) {
        rein_error error = rein_error_make(
            REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
            "the standard deviation is {duration}; it must be from 0 to {duration}");
        return mock_latency_result_fail(
            rein_error_with_numbers(error, (uint64_t)standard_deviation.ns,
                                    (uint64_t)MOCK_LATENCY_STANDARD_DEVIATION_MAX_NS, 0));
    }
    return mock_latency_result_ok(
        (mock_latency){.mean = mean, .standard_deviation = standard_deviation, .state = seed});
}

static uint64_t splitmix64_next(uint64_t *state) {
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t mixed = *state;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

/* Returns a normal deviate in units of 2^-16, at most 6 * 65535 from zero. */
static int64_t draw_deviate(uint64_t *state) {
    int64_t sum = 0;
    for (int word = 0; word < UNIFORMS_PER_DRAW / UNIFORMS_PER_WORD; word++) {
        uint64_t bits = splitmix64_next(state);
        for (int uniform = 0; uniform < UNIFORMS_PER_WORD; uniform++) {
            sum += (int64_t)(bits & UNIFORM_MAX);
            bits >>= UNIFORM_BITS;
        }
    }
    return sum - UNIFORMS_PER_DRAW * UNIFORM_MAX / 2;
}

rein_duration mock_latency_next(mock_latency *latency) {
    if (latency->standard_deviation.ns == 0) {
        return latency->mean;
    }
    int64_t deviate = draw_deviate(&latency->state);
    int64_t offset_ns = latency->standard_deviation.ns * deviate / (INT64_C(1) << UNIFORM_BITS);
    rein_duration drawn =
        rein_duration_add_saturating(latency->mean, rein_duration_from_ns(offset_ns));
    return drawn.ns < 0 ? rein_duration_from_ns(0) : drawn;
}
