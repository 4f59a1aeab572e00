/* Reads the keys of a GGUF file, and finds out where their values are. */
#ifndef REIN_HOST_MODELS_GGUF_METADATA_H
#define REIN_HOST_MODELS_GGUF_METADATA_H

#include "host/models/byte_reader.h"
#include "models/gguf.h"

enum { GGUF_VALUE_TYPES = REIN_GGUF_FLOAT64 + 1 };

/* Returns the bytes of a value of this type; 0 for strings and arrays. */
size_t rein_i_gguf_value_bytes(rein_gguf_value_type type);

/* Reads the next key and moves past its value. `out_hash` gets the hash of the whole key. Errors:
 * as rein_gguf_read. */
rein_result_void rein_i_gguf_entry_read(byte_reader *reader, rein_gguf_entry *out_entry,
                                        uint64_t *out_hash);

/* Returns the offset in the file of a key's first byte. */
uint64_t rein_i_gguf_entry_offset(const rein_gguf_entry *entry);

#endif
