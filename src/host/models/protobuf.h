/* The wire format of Protocol Buffers: a message is a sequence of numbered fields. */
#ifndef REIN_HOST_MODELS_PROTOBUF_H
#define REIN_HOST_MODELS_PROTOBUF_H

#include <stdbool.h>

#include "host/models/byte_reader.h"

typedef enum protobuf_wire {
    PROTOBUF_VARINT = 0, /* 7 bits a byte, the lowest first */
    PROTOBUF_FIXED64 = 1,
    PROTOBUF_BLOCK = 2, /* a text, a message, or packed numbers */
    PROTOBUF_FIXED32 = 5
} protobuf_wire;

typedef struct protobuf_field {
    uint32_t number;
    protobuf_wire wire;
    uint64_t offset;  /* in the file, of the field */
    uint64_t begin;   /* offset of its content */
    uint64_t end;     /* offset behind its content */
    uint64_t integer; /* the value of a varint; 0 for others */
} protobuf_field;

/* The types of a field that is known. A repeated field of numbers may be packed into a block. */
typedef enum protobuf_type {
    PROTOBUF_UNKNOWN, /* skipped */
    PROTOBUF_INTEGER,
    PROTOBUF_FLOAT,
    PROTOBUF_BYTES,
    PROTOBUF_INTEGERS,
    PROTOBUF_FLOATS,
    PROTOBUF_DOUBLES
} protobuf_type;

typedef struct protobuf_rule {
    uint8_t type;   /* a protobuf_type */
    bool is_single; /* may occur once in a message */
} protobuf_rule;

enum { PROTOBUF_RULE_COUNT = 32 };

/* A kind of message: the rules of its fields, and a function that is called for each field that has
 * a rule. The function may read the content, and leaves the reader anywhere. */
typedef struct protobuf_message {
    protobuf_rule rules[PROTOBUF_RULE_COUNT]; /* by number of the field */
    rein_result_void (*on_field)(void *self, byte_reader *reader, const protobuf_field *field);
} protobuf_message;

/* Reads the fields of a message from `begin` to before `end`, which are within the file, and leaves
 * the reader there. Errors:
 *  - InvalidArgument, with the offset first, if a field does not end within the message, has
 *    another wire type than its rule, or is single and occurs twice;
 *  - those of read_at and of on_field. */
rein_result_void rein_i_protobuf_read(byte_reader *reader, uint64_t begin, uint64_t end,
                                      const protobuf_message *message, void *self);

/* Counts the numbers of a field that may be packed. Errors: InvalidArgument if a number is cut
 * off; those of read_at. */
rein_result_void rein_i_protobuf_count(byte_reader *reader, const protobuf_field *field,
                                       protobuf_type type, uint64_t *out_count);

/* Reads the integers of a field that may be packed, and calls `on_integer` for each. Errors: as
 * rein_i_protobuf_count. */
rein_result_void rein_i_protobuf_integers(byte_reader *reader, const protobuf_field *field,
                                          void (*on_integer)(void *self, uint64_t integer),
                                          void *self);

#endif
