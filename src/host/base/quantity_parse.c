#include "host/base/quantity_parse.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "host/base/checked.h"

/* A number, whose fraction is text: digits without zeros at the end. */
typedef struct decimal {
    uint64_t whole;
    bool is_too_large; /* `whole` does not fit */
    const char *fraction;
    size_t fraction_length;
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

static void read_fraction(const char **text, decimal *out_number) {
    out_number->fraction = *text;
    for (; is_digit(**text); ++*text) {
        if (**text != '0') {
            out_number->fraction_length = (size_t)(*text - out_number->fraction) + 1;
        }
    }
}

/* Reads digits, perhaps with a point between them; returns false if a digit is missing before or
 * after the point. */
static bool read_decimal(const char **text, decimal *out_number) {
    *out_number = (decimal){.whole = 0};
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

/* The fraction of `size`, rounded down. Divides by ten once for each digit, from the last one on: a
 * remainder anywhere means that the result is not exact. */
static uint64_t fraction_of(const decimal *number, uint64_t size, bool *out_is_exact) {
    uint64_t result = 0;
    *out_is_exact = true;
    for (size_t index = number->fraction_length; index > 0; index--) {
        uint64_t tenths = (uint64_t)(number->fraction[index - 1] - '0') * size + result;
        *out_is_exact = *out_is_exact && tenths % 10 == 0;
        result = tenths / 10;
    }
    return result;
}

/* Writes the number times `size`, rounded down; returns false if it does not fit. */
static bool scale(const decimal *number, uint64_t size, uint64_t *out_product, bool *out_is_exact) {
    uint64_t whole = 0;
    uint64_t fraction = fraction_of(number, size, out_is_exact);
    return !number->is_too_large && checked_multiply(number->whole, size, &whole) &&
           checked_add(whole, fraction, out_product);
}

/* The nearest multiples of the largest smaller unit of which there is at least one. The number of
 * `size` itself fits. */
static quantity_reading read_neighbours(const decimal *number, const quantity_kind *kind,
                                        uint64_t size) {
    bool is_exact = false;
    uint64_t count = 0;
    size_t index = kind->unit_count;
    while (count == 0 && index > 0) {
        index--;
        if (kind->units[index].size < size || index == 0) {
            (void)scale(number, size / kind->units[index].size, &count, &is_exact);
        }
    }
    uint64_t step = kind->units[index].size;
    uint64_t above = 0;
    if (!checked_add(count * step, step, &above) || above > kind->largest) {
        return of_outcome(QUANTITY_TOO_LARGE);
    }
    return (quantity_reading){.outcome = QUANTITY_NOT_WHOLE, .values = {count * step, above}};
}

static quantity_reading read_units(const decimal *number, const quantity_kind *kind,
                                   uint64_t size) {
    bool is_exact = false;
    uint64_t quantity = 0;
    if (!scale(number, size, &quantity, &is_exact) || quantity > kind->largest) {
        return of_outcome(QUANTITY_TOO_LARGE);
    }
    return is_exact ? (quantity_reading){.outcome = QUANTITY_READ, .values = {quantity, 0}}
                    : read_neighbours(number, kind, size);
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

/* Returns whether the suffix is the unit in another case, or without its B: "Gi" is what Kubernetes
 * calls GiB. */
static bool is_misspelling(const char *suffix, const char *unit) {
    size_t length = strlen(suffix);
    if (strncasecmp(suffix, unit, length) != 0) {
        return false;
    }
    return unit[length] == '\0' || (length > 1 && strcmp(unit + length, "B") == 0);
}

static quantity_reading read_misspelt(const decimal *number, const quantity_kind *kind,
                                      const char *suffix) {
    for (size_t index = 0; index < kind->unit_count; index++) {
        if (is_misspelling(suffix, kind->units[index].suffix)) {
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
