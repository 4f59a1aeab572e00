/* Model files as the readers of this library use them, and the recognition of their format.
 *
 * The readers trust nothing in a file: every length, count and offset is checked before it is used,
 * and no size is multiplied before it is known to fit. They look at headers only, which they read
 * in pieces of 4 KiB; a piece may hold data of tensors too. They allocate nothing: the caller
 * provides a workspace.
 *
 * Errors that are common to all readers
 *  - InvalidArgument: the file breaks a rule of its format. The message states the rule, and the
 *    first number of the error is the offset in the file at which it is broken.
 *  - InvalidArgument with an offset of 0: a reader that reads the file twice found other contents
 *    the second time.
 *  - Unsupported: the file may be sound, but this library does not read its version or byte order.
 *  - Any error of read_at, unchanged.
 *
 * All functions are reentrant: calls with different workspaces and outputs may run at the same
 * time, on one file only if its read_at may. */
#ifndef REIN_MODELS_FILE_H
#define REIN_MODELS_FILE_H

#include "contract/api.h"
#include "contract/result.h"

REIN_API_BEGIN

/* A file, given by the caller. */
typedef struct rein_model_file {
    /* Reads exactly `size` bytes at `offset` into `out_bytes`. Called only for bytes that are
     * within the file. Errors: any; the reader returns them unchanged. */
    rein_result_void (*read_at)(void *self, uint64_t offset, void *out_bytes, size_t size);
    void *self;          /* passed to read_at; may be NULL */
    uint64_t size_bytes; /* of the file */
} rein_model_file;

/* The formats that can be recognised. Values are stable. */
typedef enum rein_model_format {
    REIN_MODEL_FORMAT_UNKNOWN = 1,     /* none of these */
    REIN_MODEL_FORMAT_GGUF = 2,        /* models/gguf.h */
    REIN_MODEL_FORMAT_SAFETENSORS = 3, /* models/safetensors.h */
    REIN_MODEL_FORMAT_ONNX = 4         /* models/onnx.h */
} rein_model_format;

REIN_RESULT_DEFINE(rein_result_model_format, rein_model_format)

/* Returns "gguf", "safetensors" or "onnx"; "unknown" for any other value. Static storage. */
const char *rein_model_format_name(rein_model_format format);

/* Returns the format that the first bytes of the file suggest. The readers decide whether the file
 * is sound. ONNX has no magic number: a file counts as ONNX if it begins with the version field of
 * ModelProto, and only fields of ModelProto follow. Reads at most 4 KiB. Errors: InvalidArgument if
 * the file or its read_at is NULL; those of read_at. */
REIN_MUST_USE rein_result_model_format rein_model_file_format(const rein_model_file *file);

REIN_API_END

#endif
