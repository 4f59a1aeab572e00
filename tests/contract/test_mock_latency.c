#include "mocks/mock_latency.h"

#include "expect.h"

static mock_latency latency_of(int64_t mean_ns, int64_t deviation_ns, uint64_t seed) {
    return REIN_UNWRAP(mock_latency_make(rein_duration_from_ns(mean_ns),
                                         rein_duration_from_ns(deviation_ns), seed));
}

Test(mock_latency, without_a_deviation_is_fixed) {
    mock_latency latency = latency_of(10, 0, 42);
    cr_assert(mock_latency_next(&latency).ns == 10, "the mean");
    cr_assert(mock_latency_next(&latency).ns == 10, "and again");
}

/* Computed independently, from the description in mock_latency.h. */
Test(mock_latency, draws_the_published_sequence) {
    const int64_t expected_ns[] = {9621460,  8992478, 8731736,  8924515,
                                   10158142, 9732132, 10283081, 8748780};
    mock_latency latency = latency_of(10 * REIN_NS_PER_MS, REIN_NS_PER_MS, 42);
    for (size_t draw = 0; draw < sizeof expected_ns / sizeof expected_ns[0]; draw++) {
        int64_t drawn_ns = mock_latency_next(&latency).ns;
        cr_assert(drawn_ns == expected_ns[draw], "draw %zu is %lld, expected %lld", draw,
                  (long long)drawn_ns, (long long)expected_ns[draw]);
    }
}

Test(mock_latency, another_seed_draws_another_sequence) {
    mock_latency first = latency_of(1000000, 1000, 1);
    mock_latency second = latency_of(1000000, 1000, 2);
    cr_assert(mock_latency_next(&first).ns != mock_latency_next(&second).ns, "seeds 1 and 2");
}

enum { DRAW_COUNT = 100000 };

Test(mock_latency, draws_have_the_requested_mean_and_deviation) {
    const double mean_ns = 10e6;
    const double deviation_ns = 1e6;
    mock_latency latency = latency_of((int64_t)mean_ns, (int64_t)deviation_ns, 7);
    double sum = 0;
    double square_sum = 0;
    int within_one = 0;
    for (int draw = 0; draw < DRAW_COUNT; draw++) {
        double offset = (double)mock_latency_next(&latency).ns - mean_ns;
        sum += offset;
        square_sum += offset * offset;
        within_one += offset > -deviation_ns && offset < deviation_ns ? 1 : 0;
    }
    double mean_error = sum / DRAW_COUNT / deviation_ns;
    double variance = square_sum / DRAW_COUNT / (deviation_ns * deviation_ns);
    double share = (double)within_one / DRAW_COUNT;
    cr_assert(mean_error > -0.02 && mean_error < 0.02, "the mean is off by %g", mean_error);
    cr_assert(variance > 0.98 && variance < 1.02, "the variance is %g of the expected one",
              variance);
    cr_assert(share > 0.67 && share < 0.70, "%g of the draws within one deviation", share);
}

Test(mock_latency, is_never_below_zero) {
    mock_latency latency = latency_of(0, 1000, 3);
    int zeros = 0;
    for (int draw = 0; draw < 1000; draw++) {
        int64_t drawn_ns = mock_latency_next(&latency).ns;
        cr_assert(drawn_ns >= 0, "draw %d is %lld", draw, (long long)drawn_ns);
        zeros += drawn_ns == 0 ? 1 : 0;
    }
    cr_assert(zeros > 400 && zeros < 600, "half of the draws are cut to zero: %d", zeros);
}

Test(mock_latency, does_not_wrap_at_the_ends_of_its_range) {
    mock_latency latency = latency_of(INT64_MAX, MOCK_LATENCY_STANDARD_DEVIATION_MAX_NS, 3);
    for (int draw = 0; draw < 1000; draw++) {
        int64_t drawn_ns = mock_latency_next(&latency).ns;
        cr_assert(drawn_ns > INT64_MAX / 2, "draw %d is %lld", draw, (long long)drawn_ns);
    }
}

static void expect_refusal(int64_t mean_ns, int64_t deviation_ns, const char *facts) {
    mock_latency_result made =
        mock_latency_make(rein_duration_from_ns(mean_ns), rein_duration_from_ns(deviation_ns), 0);
    cr_assert(!made.is_ok, "refused: %s", facts);
    expect_invalid(&REIN_ERROR(made), facts);
}

Test(mock_latency, refuses_parameters_that_are_not_a_distribution) {
    expect_refusal(-1, 0, "latency -1ns");
    expect_refusal(0, -1, "deviation -1ns 17592186044416ns");
    expect_refusal(0, MOCK_LATENCY_STANDARD_DEVIATION_MAX_NS + 1,
                   "deviation 17592186044417ns 17592186044416ns");
}
