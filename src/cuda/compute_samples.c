#include "cuda/compute_samples.h"

#include <stdlib.h>
#include <string.h>

void rein_i_compute_samples_add(compute_samples *samples, rein_duration elapsed) {
    samples->ns[samples->added_count % REIN_CUDA_WINDOW_SAMPLE_COUNT] = elapsed.ns;
    samples->added_count++;
}

static int compare_ns(const void *left, const void *right) {
    int64_t left_ns = *(const int64_t *)left;
    int64_t right_ns = *(const int64_t *)right;
    return (left_ns > right_ns) - (left_ns < right_ns);
}

/* Returns the smallest sample that at least `per_mille` thousandths of all do not exceed. */
static rein_duration nearest_rank(const int64_t *sorted, size_t count, size_t per_mille) {
    size_t rank = (count * per_mille + 999) / 1000;
    return rein_duration_from_ns(sorted[rank - 1]);
}

void rein_i_compute_samples_summarise(const compute_samples *samples,
                                      rein_cuda_compute_statistics *out_statistics) {
    size_t count = samples->added_count < REIN_CUDA_WINDOW_SAMPLE_COUNT
                       ? (size_t)samples->added_count
                       : (size_t)REIN_CUDA_WINDOW_SAMPLE_COUNT;
    if (count == 0) {
        return;
    }
    int64_t sorted[REIN_CUDA_WINDOW_SAMPLE_COUNT];
    memcpy(sorted, samples->ns, count * sizeof sorted[0]);
    qsort(sorted, count, sizeof sorted[0], compare_ns);
    out_statistics->p50 = nearest_rank(sorted, count, 500);
    out_statistics->p90 = nearest_rank(sorted, count, 900);
    out_statistics->p99 = nearest_rank(sorted, count, 990);
    out_statistics->p999 = nearest_rank(sorted, count, 999);
    out_statistics->longest = nearest_rank(sorted, count, 1000);
}
