/* The goals that the rows are judged by. */
#ifndef BENCH_DEVICE_GOALS_H
#define BENCH_DEVICE_GOALS_H

#include "bench.h"

/* Adds every goal, judged by the existing rows; unknown if they were waived. */
void goals_judge(bench *run);

#endif
