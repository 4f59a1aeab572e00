#include "host/models/memory_place.h"

#include "host/base/checked.h"

bool rein_i_place_bytes(bool is_on_device, uint64_t bytes, uint64_t row_elements,
                        uint32_t block_elements, uint32_t block_bytes, uint64_t *out_bytes) {
    if (!is_on_device) {
        return checked_round_up(bytes, HOST_ALIGNMENT_BYTES, out_bytes);
    }
    uint64_t beyond = row_elements % DEVICE_ROW_ELEMENTS;
    uint64_t padding = 0;
    if (block_elements > 1 && beyond != 0) {
        padding = (DEVICE_ROW_ELEMENTS - beyond) / block_elements * block_bytes;
    }
    uint64_t padded = 0;
    return checked_add(bytes, padding, &padded) &&
           checked_round_up(padded, DEVICE_ALIGNMENT_BYTES, out_bytes);
}
