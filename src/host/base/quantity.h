/* Sizes and times as text: a whole number and a unit. */
#ifndef REIN_HOST_BASE_QUANTITY_H
#define REIN_HOST_BASE_QUANTITY_H

#include "host/base/text_writer.h"

typedef struct quantity_unit {
    const char *suffix;
    uint64_t size;
} quantity_unit;

/* Minutes and hours are read, but not written. */
enum { QUANTITY_BYTE_UNITS = 5, QUANTITY_TIME_UNITS = 6, QUANTITY_TIME_UNITS_WRITTEN = 4 };

/* Smallest first: B, KiB, MiB, GiB, TiB; ns, us, ms, s, min, h. */
extern const quantity_unit rein_i_byte_units[QUANTITY_BYTE_UNITS];
extern const quantity_unit rein_i_time_units[QUANTITY_TIME_UNITS];

/* Returns the largest unit that divides the quantity; the smallest unit for 0. */
const quantity_unit *rein_i_quantity_byte_unit(uint64_t bytes);
const quantity_unit *rein_i_quantity_time_unit(int64_t ns);

/* Appends the quantity in a unit that divides it. */
void rein_i_quantity_append_bytes_in(text_writer *writer, const quantity_unit *unit,
                                     uint64_t bytes);
void rein_i_quantity_append_ns_in(text_writer *writer, const quantity_unit *unit, int64_t ns);

/* Appends the quantity in the largest unit that divides it. */
void rein_i_quantity_append_bytes(text_writer *writer, uint64_t bytes);
void rein_i_quantity_append_ns(text_writer *writer, int64_t ns);

#endif
