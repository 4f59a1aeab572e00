/* Functions that add the subjects of each topic. Code that needs C++ is in a separate file. */
#ifndef REIN_BENCH_TOPICS_H
#define REIN_BENCH_TOPICS_H

#ifdef __cplusplus
extern "C" {
#endif

void bench_add_results(void);
void bench_add_result_peers(void);
void bench_add_ids(void);
void bench_add_id_peers(void);
void bench_add_ledger(int core_count);
void bench_add_backend(void);
void bench_add_backend_peers(void);
void bench_add_admission(void);
void bench_add_manifest(void);
/* `path`: a file of lifetimes. */
void bench_add_plan(const char *path);
void bench_add_reservation(void);

#ifdef __cplusplus
}
#endif

#endif
