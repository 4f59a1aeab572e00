/* The tables of a run. Each adds its rows, measured or waived, even if there is no device. */
#ifndef BENCH_DEVICE_TABLES_H
#define BENCH_DEVICE_TABLES_H

#include "bench.h"

void table_probe_run(bench *run);
void table_memory_run(bench *run);
void table_refusal_run(bench *run);
void table_streams_run(bench *run);
void table_check_run(bench *run);
void table_window_run(bench *run);

/* Tables about promises. */
void table_cap_run(bench *run);
void table_overshoot_run(bench *run);
void table_drift_run(bench *run);

#endif
