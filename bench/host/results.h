/* Declarations shared by both files about results. */
#ifndef REIN_BENCH_RESULTS_H
#define REIN_BENCH_RESULTS_H

#define RESULT_TABLE      "results: through three calls"
#define RESULT_CASE_OK    "ok"
#define RESULT_CASE_ERROR "error"
#define RESULT_CASE_MAP   "map three times, ok"

enum { RESULT_BATCH = 1000 };

#endif
