/* The blocks and tensors that are on the device. */
#ifndef REIN_HOST_MODELS_MEMORY_PLACE_H
#define REIN_HOST_MODELS_MEMORY_PLACE_H

#include <stdbool.h>
#include <stdint.h>

/* Sizes of tensors in the buffers of the device and of the host are multiples of these. */
enum { DEVICE_ALIGNMENT_BYTES = 128, HOST_ALIGNMENT_BYTES = 32 };

/* On the device, the last row of a quantised tensor is padded to a multiple of so many elements. */
enum { DEVICE_ROW_ELEMENTS = 512 };

/* Returns the first block on the device. The output counts as block number `block_count`; a result
 * above that means that nothing is on the device. */
static inline uint64_t first_device_block(uint32_t block_count, uint64_t gpu_layers) {
    uint64_t layers = (uint64_t)block_count + 1;
    return gpu_layers < layers ? layers - gpu_layers : 0;
}

/* Returns the bytes that a tensor takes on the device or the host, at most UINT64_MAX.
 * `block_elements` is above 1 if it is quantised. */
uint64_t rein_i_place_bytes(bool is_on_device, uint64_t bytes, uint64_t row_elements,
                            uint32_t block_elements, uint32_t block_bytes);

#endif
