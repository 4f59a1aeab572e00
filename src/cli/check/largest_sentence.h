/* The findings of `rein check --largest` in sentences. */
#ifndef REIN_CLI_CHECK_LARGEST_SENTENCE_H
#define REIN_CLI_CHECK_LARGEST_SENTENCE_H

#include "cli/check/largest.h"
#include "cli/fleet/advice.h"

/* Returns the answer: "the largest context is 45056 tokens; 45057 do not fit: ...". */
const char *largest_sentence(arena *memory, const largest_answer *answer);

/* Returns what else is worth knowing about the answer: at most LARGEST_NOTES_MAX sentences. Returns
 * their number. */
enum { LARGEST_NOTES_MAX = 4 };
size_t largest_notes(arena *memory, const largest_answer *answer,
                     const char *out_notes[LARGEST_NOTES_MAX]);

/* Returns what to state so that the answer is certain; empty if it is. */
advice largest_advice(arena *memory, const largest_answer *answer);

/* Returns the facts whose absence keeps the answer from being certain: REIN_MISSING_*. */
uint32_t largest_missing(const largest_answer *answer);

#endif
