#include "mocks/mock_history.h"

#include <stdlib.h>
#include <string.h>

REIN_RESULT_DEFINE(request_result, rein_execution_request *)

/* One block of memory holds a request, then its tensors, then the data of each tensor. */
typedef struct request_block {
    rein_execution_request request;
    rein_tensor tensors[];
} request_block;

static rein_error out_of_memory(rein_source_location where, uint64_t bytes) {
    rein_error error =
        rein_error_make(REIN_ERROR_OUT_OF_MEMORY, where,
                        "the host is out of memory: cannot allocate {bytes} to record a request");
    return rein_error_with_numbers(error, bytes, 0, 0);
}

/* Returns the bytes from a tensor's data to the next one's, which is aligned for any type. */
static rein_result_bytes data_stride(const rein_tensor *tensor) {
    uint64_t size = REIN_TRY(rein_result_bytes, rein_tensor_size_bytes(tensor));
    return rein_bytes_round_up(size, _Alignof(max_align_t));
}

/* Returns the bytes before the data: the request and its tensors. */
static rein_result_bytes header_bytes(size_t tensor_count) {
    if (tensor_count > (SIZE_MAX - sizeof(request_block)) / sizeof(rein_tensor)) {
        return rein_result_bytes_fail(out_of_memory(REIN_HERE, SIZE_MAX));
    }
    return rein_bytes_round_up(sizeof(request_block) + tensor_count * sizeof(rein_tensor),
                               _Alignof(max_align_t));
}

static rein_result_bytes block_bytes(const rein_execution_request *request) {
    rein_result_bytes total = header_bytes(request->input_tensor_count);
    for (size_t index = 0; total.is_ok && index < request->input_tensor_count; index++) {
        uint64_t stride = REIN_TRY(rein_result_bytes, data_stride(&request->input_tensors[index]));
        total = rein_bytes_add(REIN_VALUE(total), stride);
    }
    return total;
}

static void copy_tensors(const rein_execution_request *request, request_block *block) {
    char *data = (char *)block + REIN_UNWRAP(header_bytes(request->input_tensor_count));
    for (size_t index = 0; index < request->input_tensor_count; index++) {
        const rein_tensor *source = &request->input_tensors[index];
        size_t size = REIN_UNWRAP(rein_tensor_size_bytes(source));
        block->tensors[index] = *source;
        block->tensors[index].data = data;
        block->tensors[index].capacity_bytes = size;
        if (size > 0) {
            memcpy(data, source->data, size);
        }
        data += REIN_UNWRAP(data_stride(source));
    }
    block->request.input_tensors = block->tensors;
}

static request_result copy_request(const rein_execution_request *request) {
    uint64_t bytes = REIN_TRY(request_result, block_bytes(request));
    request_block *block = malloc(bytes);
    if (block == NULL) {
        return request_result_fail(out_of_memory(REIN_HERE, bytes));
    }
    block->request = *request;
    copy_tensors(request, block);
    return request_result_ok(&block->request);
}

static rein_result_void reserve_one(mock_history *history) {
    if (history->count < history->capacity) {
        return rein_done();
    }
    size_t capacity = history->capacity == 0 ? 16 : 2 * history->capacity;
    size_t bytes = capacity * sizeof history->requests[0];
    rein_execution_request **requests = realloc(history->requests, bytes);
    if (requests == NULL) {
        return rein_result_void_fail(out_of_memory(REIN_HERE, bytes));
    }
    history->requests = requests;
    history->capacity = capacity;
    return rein_done();
}

rein_result_void mock_history_append(mock_history *history, const rein_execution_request *request) {
    REIN_TRY(rein_result_void, reserve_one(history));
    rein_execution_request *copy = REIN_TRY(rein_result_void, copy_request(request));
    history->requests[history->count++] = copy;
    return rein_done();
}

void mock_history_clear(mock_history *history) {
    for (size_t index = 0; index < history->count; index++) {
        free(history->requests[index]);
    }
    free(history->requests);
    *history = (mock_history){0};
}
