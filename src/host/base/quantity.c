#include "host/base/quantity.h"

const quantity_unit rein_i_byte_units[QUANTITY_BYTE_UNITS] = {{"B", 1},
                                                              {"KiB", UINT64_C(1) << 10},
                                                              {"MiB", UINT64_C(1) << 20},
                                                              {"GiB", UINT64_C(1) << 30},
                                                              {"TiB", UINT64_C(1) << 40}};
const quantity_unit rein_i_time_units[QUANTITY_TIME_UNITS] = {{"ns", 1},
                                                              {"us", 1000},
                                                              {"ms", 1000000},
                                                              {"s", 1000000000},
                                                              {"min", UINT64_C(60000000000)},
                                                              {"h", UINT64_C(3600000000000)}};

/* Returns the largest unit that divides `quantity`; the smallest unit for 0. */
static const quantity_unit *exact_unit(const quantity_unit *units, size_t count,
                                       uint64_t quantity) {
    size_t index = quantity == 0 ? 0 : count - 1;
    while (quantity % units[index].size != 0) {
        index--;
    }
    return &units[index];
}

static void append_quantity(text_writer *writer, const quantity_unit *units, size_t count,
                            uint64_t quantity) {
    const quantity_unit *exact = exact_unit(units, count, quantity);
    rein_i_text_writer_append_unsigned(writer, quantity / exact->size);
    rein_i_text_writer_append(writer, exact->suffix);
}

void rein_i_quantity_append_bytes(text_writer *writer, uint64_t bytes) {
    append_quantity(writer, rein_i_byte_units, QUANTITY_BYTE_UNITS, bytes);
}

void rein_i_quantity_append_ns(text_writer *writer, int64_t ns) {
    uint64_t magnitude = (uint64_t)ns;
    if (ns < 0) {
        rein_i_text_writer_append(writer, "-");
        magnitude = UINT64_C(0) - magnitude;
    }
    append_quantity(writer, rein_i_time_units, QUANTITY_TIME_UNITS_WRITTEN, magnitude);
}
