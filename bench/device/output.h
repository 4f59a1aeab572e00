/* Writes the results of a run, as text and as JSON. */
#ifndef BENCH_DEVICE_OUTPUT_H
#define BENCH_DEVICE_OUTPUT_H

#include "bench.h"

void output_text(const bench *run);

/* Returns whether the file can be written, and keeps its contents; prints the reason if not. Called
 * before the measurements. */
bool output_json_prepare(const char *path);

/* Writes rein-bench/1. Returns false, with the reason on standard error, if the file cannot be
 * written. */
bool output_json(const bench *run, const char *path);

#endif
