#include "contract/ids.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "host/contract/name.h"

/* The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators,
 * 2014): each bit of the result depends on each bit of `value`. */
static uint64_t mix(uint64_t value) {
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

/* The golden ratio in 64 bits: keeps a run of zero words from hashing to zero. */
static const uint64_t hash_increment = UINT64_C(0x9e3779b97f4a7c15);

__extension__ typedef unsigned __int128 wide_product;

enum { BLOCK_BYTES = 16 };

/* Returns a hash in which each bit depends on both words of the block: their 128-bit product, with
 * its halves folded (as in XXH3, Collet 2019, and wyhash, Wang 2019). The keys differ by place.
 * Blocks do not depend on each other, so they can be computed in parallel. */
static uint64_t hash_block(const void *block, uint64_t place) {
    uint64_t words[2];
    memcpy(words, block, sizeof words);
    wide_product product = (wide_product)(words[0] ^ (2 * place + 1) * hash_increment) *
                           (words[1] ^ (2 * place + 2) * hash_increment);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

rein_result_model_id rein_model_id_make(const char *text) {
    rein_model_id id;
    REIN_TRY(rein_result_model_id, rein_i_name_copy(text, id.text));
    /* cppcheck-suppress uninitvar ; rein_i_name_copy has written it */
    return rein_result_model_id_ok(id);
}

bool rein_model_id_equal(const rein_model_id *left, const rein_model_id *right) {
    return memcmp(left->text, right->text, sizeof left->text) == 0;
}

int rein_model_id_compare(const rein_model_id *left, const rein_model_id *right) {
    return memcmp(left->text, right->text, sizeof left->text);
}

/* Reads whole blocks: the bytes after the text are zero. The text ends in the first block whose
 * last byte is zero. */
uint64_t rein_model_id_hash(const rein_model_id *id) {
    uint64_t sum = 0;
    for (uint64_t place = 0; place < sizeof id->text / BLOCK_BYTES; place++) {
        const char *block = id->text + place * BLOCK_BYTES;
        sum += hash_block(block, place);
        if (block[BLOCK_BYTES - 1] == '\0') {
            break;
        }
    }
    return mix(sum);
}

_Static_assert(sizeof(rein_model_id) % BLOCK_BYTES == 0, "an id is a whole number of blocks");

rein_result_request_id rein_request_id_generate(void) {
    rein_request_id id;
    ssize_t received = 0;
    do {
        received = getrandom(id.bytes, sizeof id.bytes, 0);
    } while (received < 0 && errno == EINTR);
    if (received != (ssize_t)sizeof id.bytes) {
        rein_error error = rein_error_make(REIN_ERROR_INTERNAL_ERROR, REIN_HERE,
                                           "the system provides no random bytes for a request id");
        return rein_result_request_id_fail(rein_error_with_native_code(error, errno));
    }
    id.bytes[6] = (uint8_t)((id.bytes[6] & 0x0FU) | 0x40U); /* version 4 (RFC 9562, 5.4) */
    id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3FU) | 0x80U); /* variant 10 */
    return rein_result_request_id_ok(id);
}

static int hex_digit_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

enum { UUID_TEXT_LENGTH = REIN_REQUEST_ID_TEXT_CAPACITY - 1 };

static bool is_hyphen_position(size_t position) {
    return position == 8 || position == 13 || position == 18 || position == 23;
}

/* Returns the position of the first character that is wrong for a UUID; UUID_TEXT_LENGTH + 1 if all
 * are right. */
static size_t first_wrong_position(const char *text) {
    for (size_t position = 0; position < UUID_TEXT_LENGTH; position++) {
        bool is_right = is_hyphen_position(position) ? text[position] == '-'
                                                     : hex_digit_value(text[position]) >= 0;
        if (!is_right) {
            return position;
        }
    }
    return text[UUID_TEXT_LENGTH] == '\0' ? UUID_TEXT_LENGTH + 1 : UUID_TEXT_LENGTH;
}

rein_result_request_id rein_request_id_parse(const char *text) {
    size_t wrong = text == NULL ? 0 : first_wrong_position(text);
    if (wrong <= UUID_TEXT_LENGTH) {
        rein_error error = rein_error_make(
            REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
            "'{text}' is not a UUID: wrong from character {u} on; write 36 characters as in "
            "123e4567-e89b-42d3-a456-426614174000");
        error = rein_error_with_numbers(error, wrong, 0, 0);
        return rein_result_request_id_fail(rein_error_with_text(error, text));
    }
    rein_request_id id;
    size_t position = 0;
    for (size_t index = 0; index < sizeof id.bytes; index++) {
        position += is_hyphen_position(position) ? 1 : 0;
        int high = hex_digit_value(text[position]);
        int low = hex_digit_value(text[position + 1]);
        id.bytes[index] = (uint8_t)(high * 16 + low);
        position += 2;
    }
    return rein_result_request_id_ok(id);
}

void rein_request_id_format(const rein_request_id *id,
                            char out_text[REIN_REQUEST_ID_TEXT_CAPACITY]) {
    static const char digits[] = "0123456789abcdef";
    size_t position = 0;
    if (out_text == NULL) {
        return;
    }
    for (size_t index = 0; id != NULL && index < sizeof id->bytes; index++) {
        if (is_hyphen_position(position)) {
            out_text[position++] = '-';
        }
        out_text[position++] = digits[id->bytes[index] >> 4];
        out_text[position++] = digits[id->bytes[index] & 0x0FU];
    }
    out_text[position] = '\0';
}

bool rein_request_id_equal(const rein_request_id *left, const rein_request_id *right) {
    return memcmp(left->bytes, right->bytes, sizeof left->bytes) == 0;
}

int rein_request_id_compare(const rein_request_id *left, const rein_request_id *right) {
    return memcmp(left->bytes, right->bytes, sizeof left->bytes);
}

_Static_assert(sizeof(rein_request_id) == BLOCK_BYTES, "an id is one block");

uint64_t rein_request_id_hash(const rein_request_id *id) {
    return mix(hash_block(id->bytes, 0));
}

uint64_t rein_tensor_id_hash(rein_tensor_id id) {
    return mix(id.value + hash_increment);
}
