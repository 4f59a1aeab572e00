/* Parses sizes and times: a number, at most one space, and a unit. */
#ifndef REIN_HOST_BASE_QUANTITY_PARSE_H
#define REIN_HOST_BASE_QUANTITY_PARSE_H

#include "host/base/quantity.h"

/* A unit with two meanings, such as GB. Its case does not matter. */
typedef struct quantity_ambiguity {
    const char *suffix;
    uint64_t sizes[2];
} quantity_ambiguity;

/* A kind of quantity. Each unit is a multiple of the one before; the first has size 1. */
typedef struct quantity_kind {
    const quantity_unit *units;
    size_t unit_count;
    const quantity_ambiguity *ambiguities;
    size_t ambiguity_count;
    uint64_t largest;
} quantity_kind;

typedef enum quantity_outcome {
    QUANTITY_READ,      /* values[0] */
    QUANTITY_MALFORMED, /* not a number and a unit */
    QUANTITY_MISSPELT,  /* values[0] in another case */
    QUANTITY_AMBIGUOUS, /* values[0] or values[1] */
    QUANTITY_NOT_WHOLE, /* values[0] and values[1] are the nearest whole ones */
    QUANTITY_TOO_LARGE
} quantity_outcome;

typedef struct quantity_reading {
    quantity_outcome outcome;
    uint64_t values[2]; /* in units of size 1 */
} quantity_reading;

/* Parses `text`; NULL is malformed. A fraction is accepted if the quantity is a whole number of the
 * smallest unit. */
quantity_reading rein_i_quantity_parse(const char *text, const quantity_kind *kind);

#endif
