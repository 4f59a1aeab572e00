/* Notes about the figures of a rein_model_memory: inputs and unknown facts. */
#ifndef REIN_HOST_MODELS_MEMORY_NOTES_H
#define REIN_HOST_MODELS_MEMORY_NOTES_H

#include "models/memory.h"

/* Adds an input that is a number, or the largest of `count` numbers. Each option and key is noted
 * at most once, so that there is always room. */
void rein_i_note_number(rein_model_memory *memory, const char *name, rein_memory_origin origin,
                        uint64_t count, uint64_t value);

/* Adds an unknown fact. `about` may be NULL. */
void rein_i_note_unknown(rein_model_memory *memory, rein_memory_fact fact, const char *reason,
                         const char *about);

/* Adds the options of an engine that its settings state. */
void rein_i_note_options(rein_model_memory *memory, const rein_engine_settings *settings);

#endif
