/* GGUF: metadata and tensors of a file of llama.cpp and the engines built on ggml.
 *
 * Versions 2 and 3, little endian. A file must keep these rules, which llama.cpp also checks:
 *  - The alignment (key general.alignment, 32 without it) is a UINT32 and a power of two.
 *  - Keys are not empty and occur once. Arrays are not nested. Keys and strings have at most 1 GiB.
 *  - Tensor names occur once and have at most 63 bytes. A tensor has at most four dimensions, and a
 *    row has whole blocks of its type.
 *  - Keys and tensor names have no NUL bytes. This rule is Rein's own: the engine ends them there.
 *  - The data of tensors are in the order of their infos, each at the end of the one before,
 *    rounded up to the alignment.
 *  - Each tensor ends within the file. The engine's reader accepts a file that is cut off, but its
 *    loader does not.
 *
 * models/file.h states the errors that all readers have in common. */
#ifndef REIN_MODELS_GGUF_H
#define REIN_MODELS_GGUF_H

#include "contract/lifetime.h"
#include "models/file.h"

REIN_API_BEGIN

/* Capacities. */
enum {
    REIN_GGUF_NAME_CAPACITY = 64, /* bytes of a tensor's name, the terminating NUL included */
    REIN_GGUF_KEY_CAPACITY = 128, /* bytes of a key, the terminating NUL included */
    REIN_GGUF_RANK_MAX = 4        /* dimensions of a tensor */
};

/* How a type of tensor is stored: blocks of elements. */
typedef struct rein_gguf_type_layout {
    const char *name;        /* as the engine prints it, such as "q4_K"; static storage */
    uint32_t block_elements; /* elements of a block, at least 1 */
    uint32_t block_bytes;    /* bytes of a block, at least 1 */
} rein_gguf_type_layout;

/* Returns the layout of the type with this number in a file; NULL if there is no such type, or it
 * was removed from the format. Static storage. */
const rein_gguf_type_layout *rein_gguf_type_find(uint32_t type);

/* A tensor of a file. */
typedef struct rein_gguf_tensor {
    char name[REIN_GGUF_NAME_CAPACITY]; /* terminated; may hold bytes that are not UTF-8 */
    uint32_t type;                      /* it has a rein_gguf_type_layout */
    uint32_t rank;                      /* number of dimensions, 0 to 4 */
    /* Elements in each dimension, the row first; 1 beyond the rank. An extent of 0 is legal. */
    uint64_t extents[REIN_GGUF_RANK_MAX];
    uint64_t element_count; /* product of the extents */
    uint64_t size_bytes;    /* of the data, without padding */
    uint64_t offset_bytes;  /* of the data, from rein_gguf.data_offset */
} rein_gguf_tensor;

/* Types of metadata, with their numbers in a file. */
typedef enum rein_gguf_value_type {
    REIN_GGUF_UINT8 = 0,   /* 1 byte */
    REIN_GGUF_INT8 = 1,    /* 1 byte */
    REIN_GGUF_UINT16 = 2,  /* 2 bytes */
    REIN_GGUF_INT16 = 3,   /* 2 bytes */
    REIN_GGUF_UINT32 = 4,  /* 4 bytes */
    REIN_GGUF_INT32 = 5,   /* 4 bytes */
    REIN_GGUF_FLOAT32 = 6, /* 4 bytes, IEEE 754 */
    REIN_GGUF_BOOL = 7,    /* 1 byte */
    REIN_GGUF_STRING = 8,  /* a length of 8 bytes, then the text */
    REIN_GGUF_ARRAY = 9,   /* never the type of an element */
    REIN_GGUF_UINT64 = 10, /* 8 bytes */
    REIN_GGUF_INT64 = 11,  /* 8 bytes */
    REIN_GGUF_FLOAT64 = 12 /* 8 bytes, IEEE 754 */
} rein_gguf_value_type;

/* A key of the metadata. Its value stays in the file until it is read. */
typedef struct rein_gguf_entry {
    char key[REIN_GGUF_KEY_CAPACITY]; /* terminated; the beginning of a key that is longer */
    uint64_t key_bytes;               /* length of the key in the file */
    rein_gguf_value_type type;        /* of the value, or of the elements of an array */
    bool is_array;                    /* `type` is then that of its elements */
    uint64_t count;                   /* elements of the array; 1 if it is not an array */
    uint64_t value_offset;            /* in the file, of the value or of the first element */
} rein_gguf_entry;

/* A file that was read. Its arrays are in the workspace; it is valid as long as the workspace is
 * untouched and the file unchanged. */
typedef struct rein_gguf {
    const rein_model_file *file;     /* borrowed */
    uint32_t version;                /* of the format: 2 or 3 */
    uint32_t alignment_bytes;        /* of the data: a power of two */
    uint64_t data_offset;            /* in the file, of the data of tensors */
    uint64_t tensor_bytes;           /* sum of the tensors' sizes, without padding */
    const rein_gguf_entry *entries;  /* in the order of the file */
    size_t entry_count;              /* keys of the metadata */
    const rein_gguf_tensor *tensors; /* in the order of the file */
    size_t tensor_count;             /* tensors of this file */
} rein_gguf;

REIN_RESULT_DEFINE(rein_result_gguf, rein_gguf)

/* Returns the bytes of workspace that rein_gguf_read needs: about 200 for each key and 160 for each
 * tensor.
 * Reads at most 4 KiB, and refuses counts that the size of the file rules out.
 * Errors: as rein_gguf_read. */
REIN_MUST_USE rein_result_bytes rein_gguf_workspace_bytes(const rein_model_file *file);

/* Reads the header of the file, and checks every rule above. Reads the header once, and takes
 * O(n log n) steps for n bytes of it. Two keys that are longer than their capacity count as equal
 * if they have the same beginning and hash. Errors: see models/file.h; InvalidArgument if the file
 * is NULL or the workspace too small. */
REIN_MUST_USE rein_result_gguf rein_gguf_read(const rein_model_file *file,
                                              rein_workspace workspace);

/* Returns the entry with this key; NULL if there is none. O(keys). Never finds a key that is longer
 * than its capacity. */
const rein_gguf_entry *rein_gguf_find(const rein_gguf *gguf, const char *key);

/* Returns the tensor of this name; NULL if there is none. O(tensors). */
const rein_gguf_tensor *rein_gguf_find_tensor(const rein_gguf *gguf, const char *name);

/* An integer of the metadata. */
typedef struct rein_gguf_integer {
    bool is_negative;   /* never with a magnitude of 0 */
    uint64_t magnitude; /* the value without its sign */
} rein_gguf_integer;

REIN_RESULT_DEFINE(rein_result_gguf_integer, rein_gguf_integer)

/* Returns the value, or the element `index` of an array; true is 1, false is 0. Errors:
 * InvalidArgument if the type is not an integer or a boolean, or `index` is not below the count;
 * those of read_at. */
REIN_MUST_USE rein_result_gguf_integer rein_gguf_read_integer(const rein_gguf *gguf,
                                                              const rein_gguf_entry *entry,
                                                              uint64_t index);

/* Writes the text of a value that is a single string into `buffer`, cut to `capacity` bytes with
 * the terminating NUL, and returns the length of the whole text. Writes nothing if `buffer` is
 * NULL. The text may contain any bytes, NUL too. Errors, after which the contents of `buffer` are
 * unspecified: InvalidArgument if the value is not a single string; those of read_at. */
REIN_MUST_USE rein_result_bytes rein_gguf_read_text(const rein_gguf *gguf,
                                                    const rein_gguf_entry *entry, char *buffer,
                                                    size_t capacity);

REIN_API_END

#endif
