/* Identifiers: model, request, tensor, sequence. Types that cannot be mixed up, made by checked
 * functions. Plain values: copy them freely; any thread may read one that no thread writes. */
#ifndef REIN_CONTRACT_IDS_H
#define REIN_CONTRACT_IDS_H

#include "contract/api.h"
#include "contract/result.h"

REIN_API_BEGIN

/* The longest text of an id or a name, in bytes without the terminating NUL. */
enum { REIN_NAME_MAX_BYTES = 127 };

/* The text that names a model: 1 to REIN_NAME_MAX_BYTES bytes of UTF-8. The bytes after the text
 * are zero, so equal ids are equal byte by byte. These characters are not allowed:
 *  - control characters (Unicode's category Cc);
 *  - format characters (Cf: zero width, or the direction of a line);
 *  - line and paragraph separators (U+2028, U+2029);
 *  - noncharacters (such as U+FFFE). */
typedef struct rein_model_id {
    char text[REIN_NAME_MAX_BYTES + 1]; /* NUL-terminated; empty in a zeroed id: no model */
} rein_model_id;

REIN_RESULT_DEFINE(rein_result_model_id, rein_model_id)

/* Returns the id of this text. Errors: InvalidArgument if `text` is NULL, empty, too long, not
 * UTF-8, or has a character that is not allowed. The message says which rule, and the position in
 * the text in bytes. */
REIN_MUST_USE rein_result_model_id rein_model_id_make(const char *text);

/* Returns whether the texts are the same. Hot: does not check for NULL. */
bool rein_model_id_equal(const rein_model_id *left, const rein_model_id *right);

/* Returns a number below, at or above zero. The order is that of the bytes, which in UTF-8 is the
 * order of the code points. Hot: does not check for NULL. */
int rein_model_id_compare(const rein_model_id *left, const rein_model_id *right);

/* Returns a hash for tables in memory: every bit depends on every byte. Must not be stored, and
 * does not resist an attacker who chooses ids. Hot: does not check for NULL. */
uint64_t rein_model_id_hash(const rein_model_id *id);

/* Returns the id's text, which lives as long as `id`. Empty if the id is NULL. */
static inline const char *rein_model_id_text(const rein_model_id *id) {
    return id == NULL ? "" : id->text;
}

/* Names one request: a UUID (RFC 9562), in network byte order. */
typedef struct rein_request_id {
    uint8_t bytes[16]; /* in the order of the text */
} rein_request_id;

REIN_RESULT_DEFINE(rein_result_request_id, rein_request_id)

/* Room for a request id's text: 36 characters and the terminating NUL. */
enum { REIN_REQUEST_ID_TEXT_CAPACITY = 37 };

/* Returns a random UUID (version 4) from the system's randomness (getrandom). Thread-safe. Errors:
 * InternalError with the errno if the system provides none. */
REIN_MUST_USE rein_result_request_id rein_request_id_generate(void);

/* Reads the 36 characters 8-4-4-4-12, in either case, of any version. Errors: InvalidArgument with
 * the position of the first wrong character. */
REIN_MUST_USE rein_result_request_id rein_request_id_parse(const char *text);

/* Writes the 36 lower-case characters and a NUL. Writes the empty text if the id is NULL, and
 * nothing if `out_text` is NULL. */
void rein_request_id_format(const rein_request_id *id,
                            char out_text[REIN_REQUEST_ID_TEXT_CAPACITY]);

/* Compares and hashes like the functions of the same names for model ids. Hot: does not check for
 * NULL. */
bool rein_request_id_equal(const rein_request_id *left, const rein_request_id *right);
int rein_request_id_compare(const rein_request_id *left, const rein_request_id *right);
uint64_t rein_request_id_hash(const rein_request_id *id);

/* Numbers a tensor within its model; the meaning of the number is the model's. */
typedef struct rein_tensor_id {
    uint64_t value; /* the model's number for the tensor; 0 is valid */
} rein_tensor_id;

/* Returns the id of this number. */
static inline rein_tensor_id rein_tensor_id_make(uint64_t value) {
    rein_tensor_id id;
    id.value = value;
    return id;
}

/* Returns whether the numbers are the same. */
static inline bool rein_tensor_id_equal(rein_tensor_id left, rein_tensor_id right) {
    return left.value == right.value;
}

/* Returns a number below, at or above zero; the order of the numbers. */
static inline int rein_tensor_id_compare(rein_tensor_id left, rein_tensor_id right) {
    return (left.value > right.value) - (left.value < right.value);
}

/* Returns a hash, on the terms of rein_model_id_hash. */
uint64_t rein_tensor_id_hash(rein_tensor_id id);

/* A sequence of executions that share state in one backend, such as a conversation. */
typedef struct rein_sequence_id {
    uint64_t value; /* chosen by the backend; 0 stands for no sequence */
} rein_sequence_id;

/* Returns whether the numbers are the same. */
static inline bool rein_sequence_id_equal(rein_sequence_id left, rein_sequence_id right) {
    return left.value == right.value;
}

REIN_API_END

#endif
