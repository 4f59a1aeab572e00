/* The text of a reservation's file. Each record has exactly one text; any other text is damaged. */
#ifndef REIN_HOST_NODE_RESERVATION_RECORD_H
#define REIN_HOST_NODE_RESERVATION_RECORD_H

#include "node/reservation.h"

/* Room for any record and the terminating NUL: 1 KiB for the part before the models. */
enum { RECORD_TEXT_CAPACITY = 1024 + REIN_RESERVATION_MODELS_MAX * 256 };

/* Checks that the record can be written and read back. Errors: InvalidArgument for the first broken
 * rule. */
rein_result_void rein_i_reservation_record_validate(const rein_reservation_record *record);

/* Writes a valid record. Returns the length of the text, which always fits. */
size_t rein_i_reservation_record_write(const rein_reservation_record *record,
                                       char out_text[RECORD_TEXT_CAPACITY]);

/* Returns whether `text` of `length` bytes, NUL-terminated, is the text of a valid record, and
 * reads it. */
bool rein_i_reservation_record_read(const char *text, size_t length,
                                    rein_reservation_record *out_record);

#endif
