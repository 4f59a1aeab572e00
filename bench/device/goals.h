/* What the rows are held against. */
#ifndef BENCH_DEVICE_GOALS_H
#define BENCH_DEVICE_GOALS_H

#include "bench.h"

/* Adds every goal, judged by the rows that are there; unknown where they were waived. */
void goals_judge(bench *run);

#endif
