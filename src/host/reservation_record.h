/* The text of a reservation's file. There is exactly one text for a record: what reads differently
 * is damaged. */
#ifndef REIN_HOST_RESERVATION_RECORD_H
#define REIN_HOST_RESERVATION_RECORD_H

#include "contract/reservation.h"

/* Room for any record, the terminating NUL included: 1 KiB for what comes before the models. */
enum { RECORD_TEXT_CAPACITY = 1024 + REIN_RESERVATION_MODELS_MAX * 256 };

/* Letters, digits, '-', '_', '.', not first a '.', of a length that fits. */
bool record_is_device_uuid(const char *text);

/* Returns the length of the text, which always fits. */
size_t record_write(const rein_reservation_record *record, char out_text[RECORD_TEXT_CAPACITY]);

/* False where `text` of `length` bytes, NUL-terminated, is no record's text. */
bool record_read(const char *text, size_t length, rein_reservation_record *out_record);

#endif
