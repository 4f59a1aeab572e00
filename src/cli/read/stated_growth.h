/* The growth of a model's own allocator, as a manifest states it. */
#ifndef REIN_CLI_READ_STATED_GROWTH_H
#define REIN_CLI_READ_STATED_GROWTH_H

#include "cli/read/values.h"

typedef struct stated_growth {
    bool is_stated;
    bool doubles;
    uint64_t bytes; /* the step, above 0; 0 if it doubles or is not stated */
} stated_growth;

/* Reads "doubling", or a size above 0, into a stated_growth. */
bool read_stated_growth(const field_reader *reader, const node *value, void *out_stated_growth);

#endif
