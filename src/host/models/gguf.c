#include "models/gguf.h"

#include <string.h>

#include "host/base/arena.h"
#include "host/base/checked.h"
#include "host/contract/invalid.h"
#include "host/contract/lifetime_input.h"
#include "host/models/gguf_head.h"
#include "host/models/gguf_metadata.h"
#include "host/models/gguf_tensors.h"
#include "host/models/malformed.h"
#include "host/models/name_list.h"

enum { ALIGNMENT_DEFAULT = 32 };

/* The parts of a workspace. */
typedef struct gguf_space {
    rein_gguf_entry *entries;
    rein_gguf_tensor *tensors;
    uint64_t *hashes; /* of the keys */
    keyed_index *order;
    keyed_index *scratch;
} gguf_space;

/* The state of a read. */
typedef struct gguf_reading {
    byte_reader reader;
    gguf_space space;
    rein_gguf gguf;
} gguf_reading;

static gguf_space divide_space(arena *memory, const gguf_head *head) {
    size_t entry_count = (size_t)head->entry_count;
    size_t tensor_count = (size_t)head->tensor_count;
    gguf_space space;
    space.entries = arena_take(memory, entry_count, sizeof(rein_gguf_entry));
    space.tensors = arena_take(memory, tensor_count, sizeof(rein_gguf_tensor));
    space.hashes = arena_take(memory, entry_count, sizeof(uint64_t));
    /* The keys are sorted before the tensors are read. */
    size_t most = entry_count > tensor_count ? entry_count : tensor_count;
    space.order = arena_take(memory, most, sizeof(keyed_index));
    space.scratch = arena_take(memory, most, sizeof(keyed_index));
    return space;
}

static uint64_t space_bytes(const gguf_head *head) {
    arena counting = {.base = NULL};
    (void)divide_space(&counting, head);
    return counting.used_bytes;
}

rein_result_bytes rein_gguf_workspace_bytes(const rein_model_file *file) {
    byte_reader reader;
    gguf_head head = REIN_TRY(rein_result_bytes, rein_i_gguf_head_take(&reader, file));
    return rein_result_bytes_ok(space_bytes(&head));
}

static uint64_t key_hash(void *self, size_t index) {
    const gguf_space *space = self;
    return space->hashes[index];
}

/* Keys that are longer than their capacity are compared by their beginnings alone. */
static int compare_keys(void *self, size_t left, size_t right) {
    const rein_gguf_entry *entries = ((const gguf_space *)self)->entries;
    return strcmp(entries[left].key, entries[right].key);
}

static uint64_t tensor_hash(void *self, size_t index) {
    const rein_gguf_tensor *tensors = self;
    return name_hash(0, tensors[index].name, strlen(tensors[index].name));
}

static int compare_tensors(void *self, size_t left, size_t right) {
    const rein_gguf_tensor *tensors = self;
    return strcmp(tensors[left].name, tensors[right].name);
}

/* Returns the index of the first name that occurred before; the count if there is none. */
static size_t find_again(const name_list *names, const gguf_space *space) {
    rein_i_names_order(names, space->order, space->scratch);
    return rein_i_names_find_again(names, space->order);
}

static rein_result_void read_entries(gguf_reading *reading) {
    gguf_space *space = &reading->space;
    size_t count = reading->gguf.entry_count;
    for (size_t i = 0; i < count; i++) {
        REIN_TRY(rein_result_void,
                 rein_i_gguf_entry_read(&reading->reader, &space->entries[i], &space->hashes[i]));
    }
    const name_list keys = {count, space, key_hash, compare_keys};
    size_t again = find_again(&keys, space);
    if (again < count) {
        const rein_gguf_entry *entry = &space->entries[again];
        return rein_i_occurs_twice(REIN_HERE, rein_i_gguf_entry_offset(entry), entry->key);
    }
    return rein_done();
}

static rein_result_void find_alignment(rein_gguf *gguf) {
    const rein_gguf_entry *entry = rein_gguf_find(gguf, "general.alignment");
    if (entry == NULL) {
        return rein_done();
    }
    if (entry->type != REIN_GGUF_UINT32 || entry->is_array) {
        return rein_i_malformed(REIN_HERE, "at byte {u}: '{text}' must be a UINT32",
                                rein_i_gguf_entry_offset(entry), 0, 0, entry->key);
    }
    uint64_t alignment =
        REIN_TRY(rein_result_void, rein_gguf_read_integer(gguf, entry, 0)).magnitude;
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) {
        return rein_i_malformed(REIN_HERE,
                                "at byte {u}: '{text}' is {u}; it must be a power of two",
                                entry->value_offset, alignment, 0, entry->key);
    }
    gguf->alignment_bytes = (uint32_t)alignment;
    return rein_done();
}

/* Returns the offset in the file of the name of a tensor. `offset` is that of the first info. */
static uint64_t tensor_name_offset(const rein_gguf *gguf, uint64_t offset, size_t index) {
    for (size_t i = 0; i < index; i++) {
        offset += rein_i_gguf_tensor_info_bytes(&gguf->tensors[i]);
    }
    return offset + sizeof(uint64_t);
}

static rein_result_void read_tensors(gguf_reading *reading) {
    rein_gguf_tensor *tensors = reading->space.tensors;
    size_t count = reading->gguf.tensor_count;
    uint64_t begin = reading->reader.position;
    tensor_cursor cursor = {.alignment_bytes = reading->gguf.alignment_bytes};
    for (size_t i = 0; i < count; i++) {
        REIN_TRY(rein_result_void, rein_i_gguf_tensor_read(&reading->reader, &cursor, &tensors[i]));
    }
    const name_list names = {count, tensors, tensor_hash, compare_tensors};
    size_t again = find_again(&names, &reading->space);
    if (again < count) {
        return rein_i_occurs_twice(REIN_HERE, tensor_name_offset(&reading->gguf, begin, again),
                                   tensors[again].name);
    }
    return rein_done();
}

/* Finds out where the data begin. Without tensors there are none, and no padding before them. */
static rein_result_void find_data(rein_gguf *gguf, uint64_t header_end) {
    gguf->data_offset = header_end;
    if (gguf->tensor_count == 0) {
        return rein_done();
    }
    uint64_t size_bytes = gguf->file->size_bytes;
    if (!checked_round_up(header_end, gguf->alignment_bytes, &gguf->data_offset) ||
        gguf->data_offset > size_bytes) {
        return rein_i_invalid(REIN_HERE,
                              "at byte {u}: the file ends before its tensors begin; they are "
                              "aligned to {u} bytes",
                              size_bytes, gguf->alignment_bytes, 0);
    }
    return rein_done();
}

/* Checks that the data of all tensors are within the file, and adds up their sizes. */
static rein_result_void check_data(rein_gguf *gguf) {
    uint64_t data_bytes = gguf->file->size_bytes - gguf->data_offset;
    for (size_t i = 0; i < gguf->tensor_count; i++) {
        const rein_gguf_tensor *tensor = &gguf->tensors[i];
        if (!ends_within(tensor->offset_bytes, tensor->size_bytes, data_bytes)) {
            return rein_i_malformed(REIN_HERE,
                                    "at byte {u}: the file ends before the data of tensor "
                                    "'{text}', which has {u} bytes at offset {u} of the data",
                                    gguf->file->size_bytes, tensor->size_bytes,
                                    tensor->offset_bytes, tensor->name);
        }
        gguf->tensor_bytes += tensor->size_bytes;
    }
    return rein_done();
}

static rein_result_void read_all(gguf_reading *reading) {
    REIN_TRY(rein_result_void, read_entries(reading));
    REIN_TRY(rein_result_void, find_alignment(&reading->gguf));
    REIN_TRY(rein_result_void, read_tensors(reading));
    REIN_TRY(rein_result_void, find_data(&reading->gguf, reading->reader.position));
    return check_data(&reading->gguf);
}

rein_result_gguf rein_gguf_read(const rein_model_file *file, rein_workspace workspace) {
    gguf_reading reading;
    gguf_head head = REIN_TRY(rein_result_gguf, rein_i_gguf_head_take(&reading.reader, file));
    REIN_TRY(rein_result_gguf, rein_i_workspace_check(workspace, space_bytes(&head), REIN_HERE));
    arena memory = {.base = workspace.memory};
    reading.space = divide_space(&memory, &head);
    reading.gguf = (rein_gguf){
        .file = file,
        .version = head.version,
        .alignment_bytes = ALIGNMENT_DEFAULT,
        .entries = reading.space.entries,
        .entry_count = (size_t)head.entry_count,
        .tensors = reading.space.tensors,
        .tensor_count = (size_t)head.tensor_count,
    };
    REIN_TRY(rein_result_gguf, read_all(&reading));
    return rein_result_gguf_ok(reading.gguf);
}
