#include "cli/base/numbers.h"

bool parse_unsigned(const char *text, uint64_t largest, uint64_t *out_number) {
    bool has_leading_zero = text[0] == '0' && text[1] != '\0';
    if (*text == '\0' || has_leading_zero) {
        return false;
    }
    uint64_t number = 0;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(*text - '0'), &number)) {
            return false;
        }
    }
    if (number > largest) {
        return false;
    }
    *out_number = number;
    return true;
}

bool parse_signed(const char *text, int64_t *out_number) {
    bool is_negative = *text == '-';
    uint64_t magnitude = 0;
    uint64_t largest = is_negative ? UINT64_C(1) << 63 : INT64_MAX;
    if (!parse_unsigned(text + is_negative, largest, &magnitude) ||
        (is_negative && magnitude == 0)) {
        return false;
    }
    *out_number = is_negative ? -(int64_t)(magnitude - 1) - 1 : (int64_t)magnitude;
    return true;
}
