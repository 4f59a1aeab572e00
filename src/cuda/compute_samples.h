/* Ring of the durations of the last executions. Not thread-safe. */
#ifndef REIN_CUDA_COMPUTE_SAMPLES_H
#define REIN_CUDA_COMPUTE_SAMPLES_H

#include "cuda/compute_window.h"

typedef struct compute_samples {
    int64_t ns[REIN_CUDA_WINDOW_SAMPLE_COUNT]; /* ring buffer */
    uint64_t added_count;
} compute_samples;

void rein_i_compute_samples_add(compute_samples *samples, rein_duration elapsed);

/* Sets the percentiles and `longest` of `out_statistics`. O(n log n) in the number of samples. */
void rein_i_compute_samples_summarise(const compute_samples *samples,
                                      rein_cuda_compute_statistics *out_statistics);

#endif
