#include "host/models/protobuf.h"

#include "host/contract/invalid.h"

enum { VARINT_BYTES_MAX = 10, WIRE_BITS = 3, WIRE_MASK = 7 };

static const uint32_t number_max = (UINT32_C(1) << 29) - 1;

/* Takes a byte, most often from the buffer: this is called for each byte of each number. */
static rein_result_void take_byte(byte_reader *reader, unsigned char *out_byte) {
    uint64_t at = reader->position - reader->buffer_offset;
    if (reader->position < reader->end && reader->position >= reader->buffer_offset &&
        at < reader->buffered_bytes) {
        *out_byte = reader->buffer[at];
        reader->position++;
        return rein_done();
    }
    return rein_i_byte_reader_take(reader, out_byte, 1);
}

static rein_result_void take_varint(byte_reader *reader, uint64_t *out_integer) {
    uint64_t begin = reader->position;
    uint64_t integer = 0;
    for (unsigned index = 0; index < VARINT_BYTES_MAX; index++) {
        unsigned char byte = 0;
        REIN_TRY(rein_result_void, take_byte(reader, &byte));
        integer |= (uint64_t)(byte & 0x7FU) << (7 * index);
        if (byte < 0x80U && (index < VARINT_BYTES_MAX - 1 || byte <= 1)) {
            *out_integer = integer;
            return rein_done();
        }
    }
    return rein_i_invalid(REIN_HERE, "at byte {u}: an integer does not fit in 64 bits", begin, 0,
                          0);
}

static rein_result_void take_tag(byte_reader *reader, protobuf_field *out_field) {
    uint64_t tag = 0;
    out_field->offset = reader->position;
    REIN_TRY(rein_result_void, take_varint(reader, &tag));
    uint64_t number = tag >> WIRE_BITS;
    if (number == 0 || number > number_max) {
        return rein_i_invalid(REIN_HERE, "at byte {u}: field {u} has no valid number",
                              out_field->offset, number, 0);
    }
    uint64_t wire = tag & WIRE_MASK;
    if (wire > PROTOBUF_BLOCK && wire != PROTOBUF_FIXED32) {
        return rein_i_invalid(REIN_HERE,
                              "at byte {u}: field {u} has wire type {u}; groups and unknown types "
                              "are refused",
                              out_field->offset, number, wire);
    }
    out_field->number = (uint32_t)number;
    out_field->wire = (protobuf_wire)wire;
    return rein_done();
}

/* Takes the next field, and leaves the reader behind its content. */
static rein_result_void take_field(byte_reader *reader, protobuf_field *out_field) {
    *out_field = (protobuf_field){.wire = PROTOBUF_VARINT};
    REIN_TRY(rein_result_void, take_tag(reader, out_field));
    uint64_t size = out_field->wire == PROTOBUF_FIXED64 ? 8 : 4;
    out_field->begin = reader->position;
    out_field->integer = 0;
    if (out_field->wire == PROTOBUF_VARINT) {
        REIN_TRY(rein_result_void, take_varint(reader, &out_field->integer));
        out_field->end = reader->position;
        return rein_done();
    }
    if (out_field->wire == PROTOBUF_BLOCK) {
        REIN_TRY(rein_result_void, take_varint(reader, &size));
        out_field->begin = reader->position;
    }
    REIN_TRY(rein_result_void, rein_i_byte_reader_skip(reader, size));
    out_field->end = reader->position;
    return rein_done();
}

static bool is_wire_of(uint8_t type, protobuf_wire wire) {
    static const uint8_t wires[] = {
        /* by protobuf_type: a bit for each wire type */
        [PROTOBUF_INTEGER] = 1U << PROTOBUF_VARINT,
        [PROTOBUF_INTEGERS] = 1U << PROTOBUF_VARINT | 1U << PROTOBUF_BLOCK,
        [PROTOBUF_FLOAT] = 1U << PROTOBUF_FIXED32,
        [PROTOBUF_FLOATS] = 1U << PROTOBUF_FIXED32 | 1U << PROTOBUF_BLOCK,
        [PROTOBUF_DOUBLES] = 1U << PROTOBUF_FIXED64 | 1U << PROTOBUF_BLOCK,
        [PROTOBUF_BYTES] = 1U << PROTOBUF_BLOCK,
    };
    return (wires[type] >> wire & 1U) != 0;
}

static rein_result_void check_field(const protobuf_field *field, protobuf_rule rule,
                                    uint32_t *seen) {
    if (!is_wire_of(rule.type, field->wire)) {
        return rein_i_invalid(REIN_HERE, "at byte {u}: field {u} must not have wire type {u}",
                              field->offset, field->number, field->wire);
    }
    uint32_t bit = UINT32_C(1) << field->number;
    if (rule.is_single && (*seen & bit) != 0) {
        return rein_i_invalid(REIN_HERE, "at byte {u}: field {u} occurs twice in its message",
                              field->offset, field->number, 0);
    }
    *seen |= bit;
    return rein_done();
}

rein_result_void rein_i_protobuf_read(byte_reader *reader, uint64_t begin, uint64_t end,
                                      const protobuf_message *message, void *self) {
    uint64_t outer_end = reader->end;
    uint32_t seen = 0;
    reader->position = begin;
    reader->end = end;
    while (reader->position < end) {
        protobuf_field field;
        REIN_TRY(rein_result_void, take_field(reader, &field));
        if (field.number < PROTOBUF_RULE_COUNT &&
            message->rules[field.number].type != PROTOBUF_UNKNOWN) {
            REIN_TRY(rein_result_void, check_field(&field, message->rules[field.number], &seen));
            REIN_TRY(rein_result_void, message->on_field(self, reader, &field));
            reader->position = field.end;
        }
    }
    reader->end = outer_end;
    return rein_done();
}

static void count_one(void *self, uint64_t integer) {
    (void)integer;
    ++*(uint64_t *)self;
}

rein_result_void rein_i_protobuf_count(byte_reader *reader, const protobuf_field *field,
                                       protobuf_type type, uint64_t *out_count) {
    if (type == PROTOBUF_INTEGERS) {
        *out_count = 0;
        return rein_i_protobuf_integers(reader, field, count_one, out_count);
    }
    uint64_t size = type == PROTOBUF_DOUBLES ? 8 : 4;
    uint64_t bytes = field->end - field->begin;
    if (bytes % size != 0) {
        return rein_i_invalid(REIN_HERE,
                              "at byte {u}: {u} bytes are not a whole number of elements of {u}",
                              field->offset, bytes, size);
    }
    *out_count = bytes / size;
    return rein_done();
}

rein_result_void rein_i_protobuf_integers(byte_reader *reader, const protobuf_field *field,
                                          void (*on_integer)(void *self, uint64_t integer),
                                          void *self) {
    if (field->wire == PROTOBUF_VARINT) {
        on_integer(self, field->integer);
        return rein_done();
    }
    uint64_t outer_end = reader->end;
    reader->position = field->begin;
    reader->end = field->end;
    while (reader->position < field->end) {
        uint64_t integer = 0;
        REIN_TRY(rein_result_void, take_varint(reader, &integer));
        on_integer(self, integer);
    }
    reader->end = outer_end;
    return rein_done();
}
