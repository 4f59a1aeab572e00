#include "host/base/quantity_parse.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "host/base/checked.h"

__extension__ typedef unsigned __int128 wide;

/* No fraction of more digits is read: 10^18 fits in 64 bits. */
enum { FRACTION_DIGITS_MAX = 18 };

/* whole + fraction / scale. */
typedef struct decimal {
    uint64_t whole;
    uint64_t fraction;
    uint64_t scale; /* a power of ten */
    bool is_too_large;
    bool is_too_fine;
} decimal;

static bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

static void read_whole(const char **text, decimal *out_number) {
    for (; is_digit(**text); ++*text) {
        bool fits = checked_append_digit(&out_number->whole, (uint64_t)(**text - '0'));
        out_number->is_too_large = out_number->is_too_large || !fits;
    }
}

/* Zeros at the end do not count. */
static void read_fraction(const char **text, decimal *out_number) {
    const char *last = *text;
    for (const char *digit = *text; is_digit(*digit); digit++) {
        last = *digit == '0' ? last : digit + 1;
    }
    out_number->is_too_fine = last - *text > FRACTION_DIGITS_MAX;
    for (; is_digit(**text); ++*text) {
        if (*text < last && !out_number->is_too_fine) {
            out_number->fraction = out_number->fraction * 10 + (uint64_t)(**text - '0');
            out_number->scale *= 10;
        }
    }
}

/* Reads digits, with a point between them or none; returns false if there is no digit where one
 * must be. */
static bool read_decimal(const char **text, decimal *out_number) {
    *out_number = (decimal){.scale = 1};
    if (!is_digit(**text)) {
        return false;
    }
    read_whole(text, out_number);
    if (**text != '.') {
        return true;
    }
    ++*text;
    bool has_digits = is_digit(**text);
    read_fraction(text, out_number);
    return has_digits;
}

static quantity_reading of_outcome(quantity_outcome outcome) {
    return (quantity_reading){.outcome = outcome};
}

/* The number of whole steps in so many units, each of `steps` steps; rounded down. */
static wide whole_steps(const decimal *number, uint64_t steps) {
    return (wide)number->whole * steps + (wide)number->fraction * steps / number->scale;
}

/* The nearest multiples of the largest smaller unit of which there is one. */
static quantity_reading read_neighbours(const decimal *number, const quantity_kind *kind,
                                        uint64_t size) {
    size_t index = kind->unit_count - 1;
    while (index > 0 && (kind->units[index].size >= size ||
                         whole_steps(number, size / kind->units[index].size) == 0)) {
        index--;
    }
    uint64_t step = kind->units[index].size;
    wide below = whole_steps(number, size / step) * step;
    if (below + step > kind->largest) {
        return of_outcome(QUANTITY_TOO_LARGE);
    }
    return (quantity_reading){.outcome = QUANTITY_NOT_WHOLE,
                              .values = {(uint64_t)below, (uint64_t)below + step}};
}

static quantity_reading read_units(const decimal *number, const quantity_kind *kind,
                                   uint64_t size) {
    wide quantity = whole_steps(number, size);
    if (number->is_too_large || quantity > kind->largest) {
        return of_outcome(QUANTITY_TOO_LARGE);
    }
    if (number->is_too_fine || (wide)number->fraction * size % number->scale != 0) {
        return read_neighbours(number, kind, size);
    }
    return (quantity_reading){.outcome = QUANTITY_READ, .values = {(uint64_t)quantity, 0}};
}

static quantity_reading read_ambiguity(const decimal *number, const quantity_kind *kind,
                                       const char *suffix) {
    for (size_t index = 0; index < kind->ambiguity_count; index++) {
        const quantity_ambiguity *found = &kind->ambiguities[index];
        if (strcasecmp(found->suffix, suffix) == 0) {
            quantity_reading first = read_units(number, kind, found->sizes[0]);
            quantity_reading second = read_units(number, kind, found->sizes[1]);
            bool are_read = first.outcome == QUANTITY_READ && second.outcome == QUANTITY_READ;
            return are_read
                       ? (quantity_reading){QUANTITY_AMBIGUOUS, {first.values[0], second.values[0]}}
                       : of_outcome(QUANTITY_MALFORMED);
        }
    }
    return of_outcome(QUANTITY_MALFORMED);
}

static quantity_reading read_misspelt(const decimal *number, const quantity_kind *kind,
                                      const char *suffix) {
    for (size_t index = 0; index < kind->unit_count; index++) {
        if (strcasecmp(kind->units[index].suffix, suffix) == 0) {
            quantity_reading meant = read_units(number, kind, kind->units[index].size);
            bool is_read = meant.outcome == QUANTITY_READ;
            return is_read ? (quantity_reading){QUANTITY_MISSPELT, {meant.values[0], 0}}
                           : of_outcome(QUANTITY_MALFORMED);
        }
    }
    return read_ambiguity(number, kind, suffix);
}

quantity_reading rein_i_quantity_parse(const char *text, const quantity_kind *kind) {
    decimal number;
    if (text == NULL || !read_decimal(&text, &number)) {
        return of_outcome(QUANTITY_MALFORMED);
    }
    text += *text == ' ' ? 1 : 0;
    for (size_t index = 0; index < kind->unit_count; index++) {
        if (strcmp(kind->units[index].suffix, text) == 0) {
            return read_units(&number, kind, kind->units[index].size);
        }
    }
    return read_misspelt(&number, kind, text);
}
