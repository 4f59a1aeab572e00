/* The peer of the planner: what inference runtimes place their activations with. */
#ifndef REIN_BENCH_GREEDY_BY_SIZE_H
#define REIN_BENCH_GREEDY_BY_SIZE_H

#include "contract/lifetime.h"

/* Largest first, each in the smallest gap between what is placed and alive with it, else on top
 * (Pisarchyk, Lee: Efficient memory management for deep neural net inference, 2020, greedy by size
 * for offset calculation). Alignments are not looked at. `order` has room for 2 * count numbers.
 * Returns the height. */
uint64_t greedy_by_size(const rein_tensor_lifetime *lifetimes, size_t count, uint64_t *out_offsets,
                        size_t *order);

#endif
