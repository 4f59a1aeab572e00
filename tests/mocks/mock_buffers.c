#include "mocks/mock_buffers.h"

#include <stdlib.h>

#include "mocks/mock_backend_state.h"

static rein_result_buffer allocate_locked(mock_backend *mock, uint64_t size_bytes) {
    REIN_TRY(rein_result_buffer, mock_begin_call_locked(mock, MOCK_BACKEND_ALLOCATE));
    bool fits = size_bytes <= SIZE_MAX - sizeof(mock_buffer);
    mock_buffer *buffer = fits ? malloc(sizeof *buffer + size_bytes) : NULL;
    if (buffer == NULL) {
        return rein_result_buffer_fail(mock_out_of_memory(REIN_HERE));
    }
    buffer->next = mock->buffers;
    mock->buffers = buffer;
    return rein_result_buffer_ok(buffer->bytes);
}

static rein_result_buffer slot_allocate(void *self, uint64_t size_bytes, rein_memory_kind kind) {
    (void)kind;
    mock_backend *mock = self;
    mock_lock(mock);
    rein_result_buffer allocated = allocate_locked(mock, size_bytes);
    mock_unlock(mock);
    return allocated;
}

static void slot_release(void *self, void *buffer) {
    mock_backend *mock = self;
    mock_lock(mock);
    mock_buffer **link = &mock->buffers;
    while (*link != NULL && (void *)(*link)->bytes != buffer) {
        link = &(*link)->next;
    }
    mock_buffer *released = *link;
    if (released != NULL) {
        *link = released->next;
    } else {
        mock->stray_release_count++;
    }
    mock_unlock(mock);
    free(released);
}

const rein_buffers_interface mock_buffers_interface = {
    .struct_size = sizeof mock_buffers_interface,
    .allocate = slot_allocate,
    .release = slot_release,
};

void mock_buffers_release_all(mock_backend *mock) {
    while (mock->buffers != NULL) {
        mock_buffer *next = mock->buffers->next;
        free(mock->buffers);
        mock->buffers = next;
    }
}

size_t mock_backend_buffer_count(mock_backend *mock) {
    mock_lock(mock);
    size_t count = 0;
    for (const mock_buffer *buffer = mock->buffers; buffer != NULL; buffer = buffer->next) {
        count++;
    }
    mock_unlock(mock);
    return count;
}

uint64_t mock_backend_stray_release_count(mock_backend *mock) {
    mock_lock(mock);
    uint64_t count = mock->stray_release_count;
    mock_unlock(mock);
    return count;
}
