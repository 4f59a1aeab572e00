/* Reads the metadata of an architecture, as strictly as the engine, and notes what was used. */
#ifndef REIN_HOST_MODELS_MEMORY_METADATA_H
#define REIN_HOST_MODELS_MEMORY_METADATA_H

#include "models/memory.h"

typedef struct arch_metadata {
    const rein_gguf *gguf;
    const char *architecture; /* the prefix of the keys */
    rein_model_memory *memory;
} arch_metadata;

/* Writes the key of an architecture: "llama" and "block_count" give "llama.block_count". Returns
 * its entry; NULL if it is missing. */
const rein_gguf_entry *rein_i_metadata_find(const arch_metadata *metadata, const char *suffix,
                                            char out_key[REIN_GGUF_KEY_CAPACITY]);

/* Reads a number that the engine needs. Errors: InvalidArgument with the key if it is missing or
 * not a UINT32; those of read_at. */
rein_result_void rein_i_metadata_need(const arch_metadata *metadata, const char *suffix,
                                      uint32_t *out_number);

/* Reads a number, or sets `missing`. A missing number is noted unless it is 0. Errors: as above,
 * except that the key may be missing. */
rein_result_void rein_i_metadata_take(const arch_metadata *metadata, const char *suffix,
                                      uint32_t missing, uint32_t *out_number);

/* Reads a number for each of `count` blocks: a UINT32 that all have, or an array of INT32 or UINT32
 * of exactly `count` elements. Leaves the numbers as they are if the key is missing. Errors:
 * InvalidArgument with the key if it is neither, or an element is negative; those of read_at. */
rein_result_void rein_i_metadata_take_each(const arch_metadata *metadata, const char *suffix,
                                           uint32_t count, uint32_t *numbers);

/* Reads an array of at least `least` and at most `most` elements of BOOL, UINT32 or INT32, as yes
 * or no. Errors: InvalidArgument with the key; those of read_at. */
rein_result_void rein_i_metadata_read_flags(const arch_metadata *metadata,
                                            const rein_gguf_entry *entry, uint32_t least,
                                            uint32_t most, bool *flags);

/* Returns the error about a key whose value breaks a rule. The template may ask for the offset of
 * the value and two numbers, and for the key. */
rein_result_void rein_i_metadata_refuse(const rein_gguf_entry *entry, rein_source_location where,
                                        const char *message, uint64_t second, uint64_t third);

#endif
