/* Safetensors: the tensors and the metadata of a file.
 *
 * A file is the length of its header in 8 bytes, little endian, then the header in JSON, then the
 * data of the tensors. A file must keep these rules:
 *  - The header has at most 100,000,000 bytes, begins with '{' and is one object. Only white space
 *    follows the object.
 *  - `__metadata__`, if it is there, is an object whose values are strings. Each other key is the
 *    name of a tensor, and its value is an object with dtype, shape and data_offsets. Other keys of
 *    that object are ignored.
 *  - Names and keys of the metadata occur once.
 *  - The size of a tensor is exactly its number of elements times the bits of its dtype, and a
 *    whole number of bytes.
 *  - The tensors cover the data without overlaps or gaps, and the file ends with the data.
 *
 *     uint64_t size_bytes = REIN_TRY(my_result, rein_safetensors_workspace_bytes(&file));
 *     rein_workspace workspace = {.memory = malloc(size_bytes), .size_bytes = size_bytes};
 *     rein_safetensors model = REIN_TRY(my_result, rein_safetensors_read(&file, workspace));
 *     printf("%zu tensors, %" PRIu64 " bytes\n", model.tensor_count, model.tensor_bytes);
 *
 * models/file.h states the errors that all readers have in common. models/safetensors_index.h reads
 * the index of a model in several files. */
#ifndef REIN_MODELS_SAFETENSORS_H
#define REIN_MODELS_SAFETENSORS_H

#include "contract/lifetime.h"
#include "models/file.h"

REIN_API_BEGIN

/* Capacities. */
enum {
    REIN_SAFETENSORS_NAME_CAPACITY = 128, /* bytes kept of a name, the terminating NUL included */
    REIN_SAFETENSORS_RANK_KEPT = 8        /* extents kept of a shape */
};

/* Element types. Values are stable; new ones are added at the end. */
typedef enum rein_safetensors_dtype {
    REIN_SAFETENSORS_BOOL = 1,         /* 1 byte */
    REIN_SAFETENSORS_F4 = 2,           /* 4 bits */
    REIN_SAFETENSORS_F6_E2M3 = 3,      /* 6 bits */
    REIN_SAFETENSORS_F6_E3M2 = 4,      /* 6 bits */
    REIN_SAFETENSORS_U8 = 5,           /* 1 byte */
    REIN_SAFETENSORS_I8 = 6,           /* 1 byte */
    REIN_SAFETENSORS_F8_E5M2 = 7,      /* 1 byte */
    REIN_SAFETENSORS_F8_E4M3 = 8,      /* 1 byte */
    REIN_SAFETENSORS_F8_E8M0 = 9,      /* 1 byte, a scale */
    REIN_SAFETENSORS_F8_E4M3FNUZ = 10, /* 1 byte */
    REIN_SAFETENSORS_F8_E5M2FNUZ = 11, /* 1 byte */
    REIN_SAFETENSORS_I16 = 12,         /* 2 bytes */
    REIN_SAFETENSORS_U16 = 13,         /* 2 bytes */
    REIN_SAFETENSORS_F16 = 14,         /* 2 bytes */
    REIN_SAFETENSORS_BF16 = 15,        /* 2 bytes */
    REIN_SAFETENSORS_I32 = 16,         /* 4 bytes */
    REIN_SAFETENSORS_U32 = 17,         /* 4 bytes */
    REIN_SAFETENSORS_F32 = 18,         /* 4 bytes */
    REIN_SAFETENSORS_C64 = 19,         /* 8 bytes, two of F32 */
    REIN_SAFETENSORS_F64 = 20,         /* 8 bytes */
    REIN_SAFETENSORS_I64 = 21,         /* 8 bytes */
    REIN_SAFETENSORS_U64 = 22          /* 8 bytes */
} rein_safetensors_dtype;

/* The element type with the greatest value. */
enum { REIN_SAFETENSORS_DTYPE_LAST = REIN_SAFETENSORS_U64 };

/* Returns the name in a file, such as "BF16"; "unknown" for any other value. Static storage. */
const char *rein_safetensors_dtype_name(rein_safetensors_dtype dtype);

/* Returns the bits of one element; 0 for any other value. */
uint32_t rein_safetensors_dtype_bits(rein_safetensors_dtype dtype);

/* A text in a JSON file. It may be longer than its copy in a structure, and may hold any
 * character, NUL included. */
typedef struct rein_safetensors_text {
    uint64_t offset;     /* in the file, of the first byte after the opening quote */
    uint64_t size_bytes; /* of the text in UTF-8, after the escapes are decoded */
    uint64_t hash;       /* of those bytes; different texts may have the same one */
} rein_safetensors_text;

/* A tensor of a file. */
typedef struct rein_safetensors_tensor {
    char name[REIN_SAFETENSORS_NAME_CAPACITY]; /* terminated; the beginning of a longer name */
    rein_safetensors_text name_text;           /* the whole name */
    rein_safetensors_dtype dtype;              /* of the elements */
    uint32_t rank;                             /* number of dimensions, may exceed RANK_KEPT */
    /* The first extents, in elements, outermost first; 1 beyond the rank. 0 is legal. */
    uint64_t extents[REIN_SAFETENSORS_RANK_KEPT];
    uint64_t element_count; /* product of all extents */
    uint64_t size_bytes;    /* of the data */
    uint64_t offset_bytes;  /* of the data, from rein_safetensors.data_offset */
} rein_safetensors_tensor;

/* A key of the metadata. Its value stays in the file until it is read. */
typedef struct rein_safetensors_entry {
    char key[REIN_SAFETENSORS_NAME_CAPACITY]; /* terminated; the beginning of a longer key */
    rein_safetensors_text key_text;           /* the whole key */
    rein_safetensors_text value_text;         /* the value */
} rein_safetensors_entry;

/* A file that was read. Its arrays are in the workspace; it is valid as long as the workspace is
 * untouched and the file unchanged. */
typedef struct rein_safetensors {
    const rein_model_file *file;            /* borrowed */
    uint64_t data_offset;                   /* in the file, of the data of tensors */
    uint64_t tensor_bytes;                  /* sum of the tensors' sizes: all bytes from there on */
    const rein_safetensors_entry *entries;  /* in the order of the header */
    size_t entry_count;                     /* 0 without metadata */
    const rein_safetensors_tensor *tensors; /* in the order of the header */
    size_t tensor_count;                    /* 0 is legal */
} rein_safetensors;

REIN_RESULT_DEFINE(rein_result_safetensors, rein_safetensors)

/* Returns the bytes of workspace that rein_safetensors_read needs: 280 for each tensor and 208 for
 * each key of the metadata. Reads the header once. Errors: as rein_safetensors_read, but only those
 * of the lengths and of JSON. */
REIN_MUST_USE rein_result_bytes rein_safetensors_workspace_bytes(const rein_model_file *file);

/* Reads the header of the file, and checks every rule above. Reads the header twice, and takes
 * O(n log n) comparisons for n names and keys. Names that are longer than their capacity are read
 * again if their hashes are equal. The text of an error is the name or the key. Errors: see
 * models/file.h; Unsupported if a tensor has an unknown dtype; InvalidArgument if the file is NULL
 * or the workspace is too small. */
REIN_MUST_USE rein_result_safetensors rein_safetensors_read(const rein_model_file *file,
                                                            rein_workspace workspace);

/* Returns the tensor of this name; NULL if there is none. O(tensors). Never finds a name that is
 * longer than its capacity. */
const rein_safetensors_tensor *rein_safetensors_find_tensor(const rein_safetensors *safetensors,
                                                            const char *name);

/* Writes a text of the file, cut to `capacity` bytes with the terminating NUL, into `buffer`, which
 * may be NULL if the capacity is 0. Returns the length of the whole text. `file` is the file that
 * the text was found in. Errors, after which the contents of `buffer` are unspecified:
 * InvalidArgument if a pointer is NULL, or no text begins there; those of read_at. */
REIN_MUST_USE rein_result_bytes rein_safetensors_read_text(const rein_model_file *file,
                                                           const rein_safetensors_text *text,
                                                           char *buffer, size_t capacity);

REIN_API_END

#endif
