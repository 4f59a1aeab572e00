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

static const quantity_unit *exact_unit(const quantity_unit *units, size_t count,
                                       uint64_t quantity) {
    size_t index = quantity == 0 ? 0 : count - 1;
    while (quantity % units[index].size != 0) {
        index--;
    }
    return &units[index];
}

static uint64_t magnitude_of(int64_t ns) {
    return ns < 0 ? UINT64_C(0) - (uint64_t)ns : (uint64_t)ns;
}

const quantity_unit *rein_i_quantity_byte_unit(uint64_t bytes) {
    return exact_unit(rein_i_byte_units, QUANTITY_BYTE_UNITS, bytes);
}

const quantity_unit *rein_i_quantity_time_unit(int64_t ns) {
    return exact_unit(rein_i_time_units, QUANTITY_TIME_UNITS_WRITTEN, magnitude_of(ns));
}

void rein_i_quantity_append_bytes_in(text_writer *writer, const quantity_unit *unit,
                                     uint64_t bytes) {
    rein_i_text_writer_append_unsigned(writer, bytes / unit->size);
    rein_i_text_writer_append(writer, unit->suffix);
}

void rein_i_quantity_append_bytes(text_writer *writer, uint64_t bytes) {
    rein_i_quantity_append_bytes_in(writer, rein_i_quantity_byte_unit(bytes), bytes);
}

void rein_i_quantity_append_ns_in(text_writer *writer, const quantity_unit *unit, int64_t ns) {
    rein_i_text_writer_append(writer, ns < 0 ? "-" : "");
    rein_i_quantity_append_bytes_in(writer, unit, magnitude_of(ns));
}

void rein_i_quantity_append_ns(text_writer *writer, int64_t ns) {
    rein_i_quantity_append_ns_in(writer, rein_i_quantity_time_unit(ns), ns);
}
