#include "cli/read/stated_growth.h"

#include <string.h>

static bool begins_with_digit(const char *text) {
    return *text >= '0' && *text <= '9';
}

bool read_stated_growth(const field_reader *reader, const node *value, void *out_stated_growth) {
    static const value_form form = {"a growth", "doubling, or a size such as 1GiB"};
    if (!expect_kind(reader, value, NODE_SCALAR, &form)) {
        return false;
    }
    stated_growth read = {.is_stated = true, .doubles = strcmp(value->text, "doubling") == 0};
    if (!read.doubles && !begins_with_digit(value->text)) {
        return refuse_value(reader, value, &form);
    }
    stated_bytes step = {.is_stated = false};
    if (!read.doubles && !read_positive_bytes(reader, value, &step)) {
        return false;
    }
    read.bytes = step.bytes;
    *(stated_growth *)out_stated_growth = read;
    return true;
}
