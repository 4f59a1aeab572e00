/* The rules of the engine for each architecture, as data. */
#ifndef REIN_HOST_MODELS_MEMORY_ARCH_H
#define REIN_HOST_MODELS_MEMORY_ARCH_H

#include <stdbool.h>
#include <stdint.h>

/* The state that each block of a model keeps. */
typedef enum arch_cache {
    CACHE_ATTENTION, /* K and V in each block */
    CACHE_NONE,      /* nothing */
    CACHE_RECURRENT, /* a recurrent state in each block */
    CACHE_BOTH,      /* K and V, and a recurrent state, in each block */
    CACHE_BY_HEADS,  /* a recurrent state if the block has no KV heads, else K and V */
    CACHE_BY_HEADS_AND_FEED_FORWARD, /* the same, but nothing if it has a feed-forward part alone */
    CACHE_BY_INTERVAL,               /* K and V in every n-th block, else a recurrent state */
    CACHE_OF_ITS_OWN                 /* a cache whose formula is not known here */
} arch_cache;

/* How large a recurrent state is. */
typedef enum arch_recurrence {
    RECURRENCE_SSM, /* mamba and the gated delta net */
    RECURRENCE_RWKV,
    RECURRENCE_SHORT_CONVOLUTION,
    RECURRENCE_KDA
} arch_recurrence;

/* Which blocks have sliding windows, and how large they are. Zero: no block has one. */
typedef struct arch_window {
    bool is_required;        /* the engine needs the key of the window */
    bool is_off_if_zero;     /* a window of 0 means that no block slides */
    bool needs_pattern;      /* the engine needs the pattern as an array */
    bool is_dense_first;     /* the first of `period` blocks has no window, else the last */
    uint32_t period;         /* of the pattern if the key is missing */
    uint32_t default_tokens; /* if the key is missing */
    uint32_t fixed_tokens;   /* replaces the value of the key, unless 0 */
    uint32_t block_count;    /* models of other sizes have no windows, unless 0 */
} arch_window;

/* Bits of model_arch.traits. */
enum {
    ARCH_HAS_NEXTN = 1 << 0,      /* its last blocks may predict more tokens: they are skipped */
    ARCH_HAS_NO_HEAD = 1 << 1,    /* no output matrix: the embedding does not stand in for it */
    ARCH_COPIES_ON_HOST = 1 << 2, /* tied embeddings are in host memory twice if all is there */
    ARCH_SHARES_KV = 1 << 3,      /* attention.shared_kv_layers: the last blocks have no cache */
    ARCH_INDEXES_ALL = 1 << 4,    /* an index of sparse attention in each block */
    ARCH_INDEXES_SOME = 1 << 5,   /* an index in blocks that this library does not know */
    ARCH_ROPE_IF_FULL = 1 << 6,   /* blocks with windows do not use rope_freqs */
    ARCH_EMBEDDING_NORM_LAST = 1 << 7 /* token_embd_norm is the norm before the output */
};

typedef struct model_arch {
    const char *name;
    arch_cache cache;
    arch_recurrence recurrence;
    const arch_window *window; /* NULL: none */
    uint32_t traits;
    uint32_t cached_blocks; /* only so many first blocks have a cache, unless 0 */
} model_arch;

/* Returns the row of an architecture; NULL if it is not known. Static storage. O(log rows). */
const model_arch *rein_i_model_arch_find(const char *name);

#endif
