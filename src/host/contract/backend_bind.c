#include <string.h>

#include "contract/buffers.h"
#include "contract/sequences.h"
#include "contract/submission.h"
#include "host/contract/backend.h"
#include "host/contract/invalid.h"

/* Members after struct_size are pointers of one size: 11 slots and 3 optional parts. */
enum { MEMBER_BYTES = sizeof(void (*)(void)), MEMBER_COUNT = 14 };

_Static_assert(sizeof(void *) == MEMBER_BYTES, "slots and parts have one size");
_Static_assert(sizeof(rein_backend_interface) ==
                   offsetof(rein_backend_interface, load) + MEMBER_COUNT * MEMBER_BYTES,
               "a new member is counted here and, if it is required, listed in absent_slot");

/* Returns whether a table of this size ends with a whole member and this library knows it whole. */
static bool table_size_is_known(size_t struct_size) {
    size_t first = offsetof(rein_backend_interface, load);
    return struct_size >= first && struct_size <= sizeof(rein_backend_interface) &&
           (struct_size - first) % MEMBER_BYTES == 0;
}

/* Returns whether the pointer at `offset` of a table is set. */
static bool is_set(const void *table, size_t offset) {
    void (*slot)(void);
    memcpy(&slot, (const char *)table + offset, sizeof slot);
    return slot != NULL;
}

bool rein_i_backend_has(const rein_backend_interface *table, size_t offset) {
    return offset + MEMBER_BYTES <= table->struct_size && is_set(table, offset);
}

/* A slot that must not be absent. */
typedef struct required_slot {
    const char *name;
    size_t offset; /* in its table */
} required_slot;

/* Returns the name of the first required slot that is absent, or NULL. */
static const char *absent_slot(const rein_backend_interface *table) {
    static const required_slot required[] = {
        {"load", offsetof(rein_backend_interface, load)},
        {"unload", offsetof(rein_backend_interface, unload)},
        {"execute", offsetof(rein_backend_interface, execute)},
        {"capabilities", offsetof(rein_backend_interface, capabilities)},
        {"is_loaded", offsetof(rein_backend_interface, is_loaded)},
        {"destroy", offsetof(rein_backend_interface, destroy)},
        {"estimate_memory", offsetof(rein_backend_interface, estimate_memory)},
        {"estimate_lifetimes", offsetof(rein_backend_interface, estimate_lifetimes)},
        {"input_specs", offsetof(rein_backend_interface, input_specs)},
        {"output_specs", offsetof(rein_backend_interface, output_specs)},
    };
    for (size_t index = 0; index < sizeof required / sizeof required[0]; index++) {
        if (!rein_i_backend_has(table, required[index].offset)) {
            return required[index].name;
        }
    }
    return NULL;
}

enum { PART_SLOTS_MAX = 3 };

/* An optional part, whose slots are all required. */
typedef struct backend_part {
    const char *name;
    size_t offset; /* of the part in rein_backend_interface */
    size_t struct_size;
    required_slot slots[PART_SLOTS_MAX]; /* of the others, the name is NULL */
} backend_part;

static const backend_part parts[] = {
    {"sequences",
     offsetof(rein_backend_interface, sequences),
     sizeof(rein_sequences_interface),
     {{"sequences.estimate_state", offsetof(rein_sequences_interface, estimate_state)},
      {"sequences.open", offsetof(rein_sequences_interface, open)},
      {"sequences.close", offsetof(rein_sequences_interface, close)}}},
    {"submission",
     offsetof(rein_backend_interface, submission),
     sizeof(rein_submission_interface),
     {{"submission.submit", offsetof(rein_submission_interface, submit)},
      {"submission.drain", offsetof(rein_submission_interface, drain)}}},
    {"buffers",
     offsetof(rein_backend_interface, buffers),
     sizeof(rein_buffers_interface),
     {{"buffers.allocate", offsetof(rein_buffers_interface, allocate)},
      {"buffers.release", offsetof(rein_buffers_interface, release)}}},
};

static rein_result_void absent_slot_failure(const char *name) {
    return rein_result_void_fail(rein_i_error_about(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                                    "the required slot '{text}' is absent", name));
}

static rein_result_void check_part(const rein_backend_interface *table, const backend_part *part) {
    if (!rein_i_backend_has(table, part->offset)) {
        return rein_done();
    }
    const void *part_table;
    memcpy(&part_table, (const char *)table + part->offset, sizeof part_table);
    size_t struct_size;
    memcpy(&struct_size, part_table, sizeof struct_size);
    if (struct_size != part->struct_size) {
        rein_error error =
            rein_i_invalid_error(REIN_HERE, "the part '{text}'" MUST_HAVE_STRUCT_SIZE, struct_size,
                                 part->struct_size, 0);
        return rein_result_void_fail(rein_error_with_text(error, part->name));
    }
    for (size_t index = 0; index < PART_SLOTS_MAX && part->slots[index].name != NULL; index++) {
        if (!is_set(part_table, part->slots[index].offset)) {
            return absent_slot_failure(part->slots[index].name);
        }
    }
    return rein_done();
}

static rein_result_void check_table(const rein_backend_interface *table) {
    if (!table_size_is_known(table->struct_size)) {
        return rein_i_invalid(
            REIN_HERE,
            "the table has struct_size {u}; it must end after a slot, and be at most {u}",
            table->struct_size, sizeof *table, 0);
    }
    const char *absent = absent_slot(table);
    if (absent != NULL) {
        return absent_slot_failure(absent);
    }
    for (size_t index = 0; index < sizeof parts / sizeof parts[0]; index++) {
        REIN_TRY(rein_result_void, check_part(table, &parts[index]));
    }
    return rein_done();
}

static rein_result_void check_capabilities(const rein_backend *backend) {
    const rein_backend_capabilities *answered = backend->table->capabilities(backend->self);
    if (answered == NULL) {
        return rein_i_invalid(
            REIN_HERE, "the slot capabilities returned NULL; it must return the capabilities", 0, 0,
            0);
    }
    if (answered->struct_size != sizeof *answered) {
        return rein_i_invalid(REIN_HERE, "the capabilities" MUST_HAVE_STRUCT_SIZE,
                              answered->struct_size, sizeof *answered, 0);
    }
    if (answered->max_batch_size == 0) {
        return rein_i_invalid(REIN_HERE, "max_batch_size is 0" MUST_BE_POSITIVE, 0, 0, 0);
    }
    bool submits = rein_i_backend_has(backend->table, offsetof(rein_backend_interface, submission));
    if (answered->supports_async_execution != submits) {
        return rein_i_invalid(REIN_HERE,
                              "supports_async_execution is {u}; it must be {u}: 1 if the table has "
                              "a submission part, else 0",
                              answered->supports_async_execution, submits, 0);
    }
    return rein_done();
}

rein_result_backend rein_backend_bind(const rein_backend_interface *table, void *self) {
    if (table == NULL) {
        return rein_result_backend_fail(
            rein_i_invalid_error(REIN_HERE, "the table" MUST_NOT_BE_NULL, 0, 0, 0));
    }
    REIN_TRY(rein_result_backend, check_table(table));
    rein_backend backend = {.table = table, .self = self};
    REIN_TRY(rein_result_backend, check_capabilities(&backend));
    return rein_result_backend_ok(backend);
}
