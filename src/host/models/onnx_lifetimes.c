/* Lifetimes: all uses of a tensor together. */
#include <string.h>

#include "host/contract/lifetime_input.h"
#include "host/models/file_check.h"
#include "host/models/malformed.h"
#include "host/models/onnx_uses.h"

/* The room for an answer. */
typedef struct answer_room {
    onnx_uses uses;
    keyed_index *order;
    keyed_index *scratch;
    rein_tensor_lifetime *lifetimes;
    rein_onnx_text *names;
    size_t capacity; /* of the lifetimes */
} answer_room;

/* Returns the bytes of the room. Only counts them if `memory` is NULL. */
static size_t place_room(const rein_onnx_lifetimes_request *request, void *memory,
                         answer_room *out_room) {
    arena space = {memory, 0};
    size_t name_count = (size_t)request->onnx->graph_name_count;
    rein_i_onnx_uses_place(request, &space, &out_room->uses);
    out_room->capacity = (size_t)request->onnx->graph_tensor_count;
    out_room->order = arena_take(&space, name_count, sizeof(keyed_index));
    out_room->scratch = arena_take(&space, name_count, sizeof(keyed_index));
    out_room->lifetimes = arena_take(&space, out_room->capacity, sizeof(rein_tensor_lifetime));
    out_room->names = arena_take(&space, out_room->capacity, sizeof(rein_onnx_text));
    return space.used_bytes;
}

rein_result_bytes rein_onnx_lifetimes_workspace_bytes(const rein_onnx_lifetimes_request *request) {
    answer_room room;
    REIN_TRY(rein_result_bytes, rein_i_onnx_request_check(request));
    return rein_result_bytes_ok(place_room(request, NULL, &room));
}

/* All uses of one tensor. */
typedef struct tensor_summary {
    onnx_tensor_use *writer; /* the input, weight or write; NULL: there is none */
    size_t writer_count;
    int64_t first_read; /* position of a node */
    int64_t last_read;
    bool is_read;
    bool is_output;
    onnx_size size;
    bool has_two_sizes;
} tensor_summary;

static void take_size(tensor_summary *tensor, onnx_size size) {
    bool was_known = tensor->size.reason == REIN_ONNX_REASON_NONE;
    bool is_known = size.reason == REIN_ONNX_REASON_NONE;
    if (was_known && is_known && tensor->size.bytes != size.bytes) {
        tensor->has_two_sizes = true;
    }
    tensor->size = was_known ? tensor->size : size;
}

/* Takes a use. They come in the order of the file, so that reads come in the order of the nodes. */
static void take_use(tensor_summary *tensor, onnx_tensor_use *use) {
    if (use->role == ONNX_ROLE_READ) {
        tensor->first_read = tensor->is_read ? tensor->first_read : use->node;
        tensor->last_read = use->node;
        tensor->is_read = true;
        return;
    }
    if (use->role != ONNX_ROLE_WEIGHT && use->role != ONNX_ROLE_WRITE) {
        take_size(tensor, use->size);
    }
    if (use->role != ONNX_ROLE_OUTPUT && use->role != ONNX_ROLE_VALUE) {
        tensor->writer = use;
        tensor->writer_count++;
    }
    tensor->is_output = tensor->is_output || use->role == ONNX_ROLE_OUTPUT;
}

static rein_result_void check_tensor(const tensor_summary *tensor, rein_onnx_text name) {
    if (tensor->writer_count > 1) {
        return rein_i_malformed(REIN_HERE,
                                "tensor '{text}' is written {u} times, by inputs, initializers or "
                                "nodes",
                                tensor->writer_count, 0, 0, name.bytes);
    }
    if (tensor->writer == NULL && (tensor->is_read || tensor->is_output)) {
        return rein_i_malformed(REIN_HERE, "tensor '{text}' is used, but not written", 0, 0, 0,
                                name.bytes);
    }
    if (tensor->writer != NULL && tensor->is_read && tensor->first_read <= tensor->writer->node) {
        return rein_i_malformed(REIN_HERE,
                                "node {u} reads tensor '{text}', which node {u} writes; nodes must "
                                "come after those that they read from",
                                (uint64_t)tensor->first_read, (uint64_t)tensor->writer->node, 0,
                                name.bytes);
    }
    if (tensor->has_two_sizes) {
        return rein_i_malformed(REIN_HERE, "the model states two sizes of tensor '{text}'", 0, 0, 0,
                                name.bytes);
    }
    return rein_done();
}

/* Stores the end and the size of a tensor with the use that writes it. */
static rein_result_void join_run(answer_room *room, size_t begin, size_t end) {
    onnx_uses *uses = &room->uses;
    tensor_summary tensor = {.size = {0, REIN_ONNX_REASON_SHAPE}};
    for (size_t at = begin; at < end; at++) {
        take_use(&tensor, &uses->uses[room->order[at].index]);
    }
    REIN_TRY(rein_result_void, check_tensor(&tensor, uses->names[room->order[begin].index]));
    if (tensor.writer == NULL) {
        return rein_done();
    }
    int64_t from = tensor.writer->node < 0 ? 0 : tensor.writer->node;
    int64_t until = tensor.is_output ? uses->node_count : tensor.is_read ? tensor.last_read + 1 : 0;
    tensor.writer->size = tensor.size;
    tensor.writer->until = until > from ? until : from + 1;
    return rein_done();
}

static rein_result_void join_uses(answer_room *room) {
    const onnx_uses *uses = &room->uses;
    rein_i_onnx_names_order(uses->names, uses->count, room->order, room->scratch);
    for (size_t begin = 0; begin < uses->count;) {
        size_t end = rein_i_onnx_names_run_end(uses->names, room->order, uses->count, begin);
        REIN_TRY(rein_result_void, join_run(room, begin, end));
        begin = end;
    }
    return rein_done();
}

static bool is_activation(const onnx_tensor_use *use) {
    return use->role == ONNX_ROLE_INPUT || use->role == ONNX_ROLE_WRITE;
}

static const rein_onnx_text no_name = {"", 0};

static rein_onnx_lifetimes answer_of(rein_onnx_reason reason, uint64_t count, rein_onnx_text name) {
    rein_onnx_lifetimes answer;
    memset(&answer, 0, sizeof answer);
    answer.reason = reason;
    answer.unknown_count = count;
    answer.unknown = name;
    return answer;
}

/* Returns the greatest reason and its tensors. */
static rein_onnx_lifetimes find_unknown(const onnx_uses *uses) {
    rein_onnx_lifetimes answer = answer_of(REIN_ONNX_REASON_NONE, 0, no_name);
    for (size_t index = 0; index < uses->count; index++) {
        rein_onnx_reason reason = uses->uses[index].size.reason;
        if (!is_activation(&uses->uses[index]) || reason == REIN_ONNX_REASON_NONE) {
            continue;
        }
        if (reason > answer.reason) {
            answer = answer_of(reason, 0, uses->names[index]);
        }
        answer.unknown_count += reason == answer.reason;
    }
    return answer;
}

static rein_tensor_lifetime lifetime_of(const onnx_tensor_use *use, size_t index) {
    return (rein_tensor_lifetime){.tensor = {index},
                                  .from = use->node < 0 ? 0 : use->node,
                                  .until = use->until,
                                  .size_bytes = use->size.bytes,
                                  .alignment_bytes = 1};
}

static rein_result_void write_lifetimes(const answer_room *room, rein_onnx_lifetimes *out_answer) {
    const onnx_uses *uses = &room->uses;
    size_t count = 0;
    for (size_t index = 0; index < uses->count; index++) {
        const onnx_tensor_use *use = &uses->uses[index];
        if (!is_activation(use)) {
            continue;
        }
        if (count == room->capacity) {
            return rein_i_model_file_changed(REIN_HERE);
        }
        room->names[count] = uses->names[index];
        room->lifetimes[count] = lifetime_of(use, count);
        count++;
    }
    out_answer->lifetimes = room->lifetimes;
    out_answer->names = room->names;
    out_answer->count = count;
    return rein_done();
}

static rein_result_void open_room(const rein_onnx_lifetimes_request *request,
                                  rein_workspace workspace, answer_room *out_room) {
    size_t needed = place_room(request, NULL, out_room);
    REIN_TRY(rein_result_void, rein_i_workspace_check(workspace, needed, REIN_HERE));
    (void)place_room(request, workspace.memory, out_room);
    return rein_done();
}

rein_result_onnx_lifetimes rein_onnx_lifetimes_compute(const rein_onnx_lifetimes_request *request,
                                                       rein_workspace workspace) {
    answer_room room;
    REIN_TRY(rein_result_onnx_lifetimes, rein_i_onnx_request_check(request));
    if (request->onnx->subgraph_count > 0) {
        return rein_result_onnx_lifetimes_ok(
            answer_of(REIN_ONNX_REASON_SUBGRAPH, request->onnx->subgraph_count, no_name));
    }
    if (request->onnx->function_count > 0) {
        return rein_result_onnx_lifetimes_ok(
            answer_of(REIN_ONNX_REASON_FUNCTION, request->onnx->function_count, no_name));
    }
    REIN_TRY(rein_result_onnx_lifetimes, open_room(request, workspace, &room));
    REIN_TRY(rein_result_onnx_lifetimes, rein_i_onnx_uses_read(request, &room.uses));
    REIN_TRY(rein_result_onnx_lifetimes, join_uses(&room));
    rein_onnx_lifetimes answer = find_unknown(&room.uses);
    if (answer.reason == REIN_ONNX_REASON_NONE) {
        REIN_TRY(rein_result_onnx_lifetimes, write_lifetimes(&room, &answer));
    }
    return rein_result_onnx_lifetimes_ok(answer);
}
