/* The index of a model that is stored in several safetensors files, the shards: the file
 * `model.safetensors.index.json`. It says which shard holds each tensor.
 *
 * An index must keep these rules:
 *  - It has at most 100,000,000 bytes, and is one object in JSON.
 *  - `weight_map` is an object that maps the name of each tensor to the name of its shard. Names of
 *    tensors occur once. Other keys are ignored, except metadata.total_size.
 *  - The name of a shard is the name of a file in the same folder: 1 to 255 bytes, without '/', '\'
 *    and NUL, and neither "." nor "..".
 *
 *     rein_safetensors_index index =
 *         REIN_TRY(my_result, rein_safetensors_index_read(&file, workspace));
 *     for (size_t i = 0; i < index.shard_count; i++) {
 *         ... open index.shards[i].name beside the index, and read it into shards[i]
 *     }
 *     rein_safetensors_model model =
 *         REIN_TRY(my_result, rein_safetensors_index_check(&index, shards, check_workspace));
 *
 * models/file.h states the errors that all readers have in common. */
#ifndef REIN_MODELS_SAFETENSORS_INDEX_H
#define REIN_MODELS_SAFETENSORS_INDEX_H

#include "contract/device.h"
#include "models/safetensors.h"

REIN_API_BEGIN

/* Bytes of the name of a shard, the terminating NUL included. */
enum { REIN_SAFETENSORS_SHARD_CAPACITY = 256 };

/* A tensor of the index. */
typedef struct rein_safetensors_index_tensor {
    char name[REIN_SAFETENSORS_NAME_CAPACITY]; /* terminated; the beginning of a longer name */
    rein_safetensors_text name_text;           /* the whole name */
    size_t shard;                              /* its index in rein_safetensors_index.shards */
} rein_safetensors_index_tensor;

/* A file that the index names. */
typedef struct rein_safetensors_shard {
    char name[REIN_SAFETENSORS_SHARD_CAPACITY]; /* terminated */
    size_t tensor_count;                        /* tensors that the index maps to it, at least 1 */
} rein_safetensors_shard;

/* An index that was read. Its arrays are in the workspace; it is valid as long as the workspace is
 * untouched and the file unchanged. */
typedef struct rein_safetensors_index {
    const rein_model_file *file;                  /* borrowed */
    rein_fact_u64 total_size;                     /* metadata.total_size, as stated, not verified */
    const rein_safetensors_index_tensor *tensors; /* in the order of the file */
    size_t tensor_count;                          /* tensors in the index */
    const rein_safetensors_shard *shards;         /* in the order of their first tensors */
    size_t shard_count;                           /* files that the index names */
} rein_safetensors_index;

REIN_RESULT_DEFINE(rein_result_safetensors_index, rein_safetensors_index)

/* Returns the bytes of workspace that rein_safetensors_index_read needs: 192 for each tensor, and
 * 312 for each tensor whose shard differs from that of the tensor before. Reads the file once.
 * Errors: as rein_safetensors_index_read, but only those of JSON and of the names of shards. */
REIN_MUST_USE rein_result_bytes rein_safetensors_index_workspace_bytes(const rein_model_file *file);

/* Reads the index, and checks every rule above. Reads the file twice, and takes O(n log n)
 * comparisons for n tensors. The text of an error is the name of the tensor. Errors: see
 * models/file.h; InvalidArgument if the file is NULL or the workspace is too small. */
REIN_MUST_USE rein_result_safetensors_index rein_safetensors_index_read(const rein_model_file *file,
                                                                        rein_workspace workspace);

/* The sizes of a model whose index agrees with its shards. */
typedef struct rein_safetensors_model {
    /* Sum of the sizes of the index's tensors. Each counts once, in the shard of the index, even if
     * other shards hold a tensor of the same name. */
    uint64_t tensor_bytes;
    uint64_t repeated_bytes; /* sum of the sizes of the other tensors with those names */
    size_t repeated_count;   /* number of these tensors */
} rein_safetensors_model;

REIN_RESULT_DEFINE(rein_result_safetensors_model, rein_safetensors_model)

/* Returns the bytes of workspace that rein_safetensors_index_check needs: 33 for each tensor of the
 * index, rounded up. Errors: InvalidArgument if the index is NULL. */
REIN_MUST_USE rein_result_bytes
rein_safetensors_index_check_workspace_bytes(const rein_safetensors_index *index);

/* Checks that index and shards agree: each tensor of the index is in its shard, and each tensor of
 * a shard has its name in the index. `shards` has index.shard_count elements, in the order of
 * index.shards. Takes O(m log n) comparisons for n tensors in the index and m in the shards.
 * Errors:
 *  - InvalidArgument if a tensor of the index is not in its shard. The text is its name, the
 *    numbers are its offset in the index and the shard.
 *  - InvalidArgument if the index lacks a tensor of a shard. The text is its name, the numbers are
 *    its offset in the shard and the shard.
 *  - InvalidArgument if a pointer is NULL, the workspace is too small, or the sum of the sizes does
 *    not fit in 64 bits.
 *  - Those of read_at. */
REIN_MUST_USE rein_result_safetensors_model rein_safetensors_index_check(
    const rein_safetensors_index *index, const rein_safetensors *shards, rein_workspace workspace);

REIN_API_END

#endif
