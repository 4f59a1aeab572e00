#include "host/models/memory_place.h"

#include "host/models/memory_saturating.h"

uint64_t rein_i_place_bytes(bool is_on_device, uint64_t bytes, uint64_t row_elements,
                            uint32_t block_elements, uint32_t block_bytes) {
    if (!is_on_device) {
        return round_up_saturating(bytes, HOST_ALIGNMENT_BYTES);
    }
    uint64_t beyond = row_elements % DEVICE_ROW_ELEMENTS;
    uint64_t padding = 0;
    if (block_elements > 1 && beyond != 0) {
        padding = (DEVICE_ROW_ELEMENTS - beyond) / block_elements * block_bytes;
    }
    return round_up_saturating(add_saturating(bytes, padding), DEVICE_ALIGNMENT_BYTES);
}
