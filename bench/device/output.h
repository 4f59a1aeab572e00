/* What a run found, for a reader and for the report. */
#ifndef BENCH_DEVICE_OUTPUT_H
#define BENCH_DEVICE_OUTPUT_H

#include "bench.h"

void output_text(const bench *run);

/* Before anything is measured: whether the file can be written. What is in it stays. Said on
 * standard error where not. */
bool output_json_prepare(const char *path);

/* rein-bench/1. Returns false, said on standard error, where the file cannot be written. */
bool output_json(const bench *run, const char *path);

#endif
