/* The planner's peer: the placement algorithm that inference runtimes use for activations. */
#ifndef REIN_BENCH_GREEDY_BY_SIZE_H
#define REIN_BENCH_GREEDY_BY_SIZE_H

#include "contract/lifetime.h"

/* Places the largest first, each in the smallest gap between placed tensors that are alive with it,
 * or else on top. This is greedy by size for offset calculation (Pisarchyk, Lee: Efficient memory
 * management for deep neural net inference, 2020). Ignores alignments. `order` has room for 2 *
 * count numbers. Returns the height. */
uint64_t greedy_by_size(const rein_tensor_lifetime *lifetimes, size_t count, uint64_t *out_offsets,
                        size_t *order);

#endif
