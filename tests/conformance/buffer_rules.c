#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "conformance/rules.h"
#include "contract/buffers.h"

static bool host_can_access(rein_memory_kind kind) {
    return kind != REIN_MEMORY_DEVICE;
}

/* Tries a buffer of this kind and size; returns whether the backend allocates this kind. */
static bool try_buffer(conformance_probe *probe, rein_memory_kind kind, uint64_t size_bytes) {
    rein_result_buffer allocated = rein_backend_allocate_buffer(&probe->backend, size_bytes, kind);
    if (!allocated.is_ok) {
        bool is_unsupported = REIN_ERROR(allocated).code == REIN_ERROR_UNSUPPORTED;
        return !is_unsupported &&
               probe_expect_ok(probe, rein_result_void_fail(REIN_ERROR(allocated)),
                               "a buffer is allocated or its kind is Unsupported", REIN_HERE);
    }
    void *buffer = REIN_VALUE(allocated);
    probe_expect(probe, buffer != NULL && (uintptr_t)buffer % alignof(max_align_t) == 0,
                 "a buffer is aligned for every element type", REIN_HERE);
    if (buffer != NULL && host_can_access(kind)) {
        memset(buffer, 1, size_bytes);
    }
    rein_backend_release_buffer(&probe->backend, buffer);
    return true;
}

void rule_allocates_buffers(conformance_probe *probe) {
    if (!probe_has_part(probe, offsetof(rein_backend_interface, buffers),
                        "the backend has no buffers")) {
        return;
    }
    size_t kind_count = 0;
    for (int value = 1; value <= (int)REIN_MEMORY_KIND_LAST; value++) {
        rein_memory_kind kind = (rein_memory_kind)value;
        if (try_buffer(probe, kind, 1) && try_buffer(probe, kind, 4097)) {
            kind_count++;
            /* One that is left over is released by destroy. */
            REIN_IGNORE(rein_backend_allocate_buffer(&probe->backend, 64, kind));
        }
    }
    probe_expect(probe, kind_count > 0, "buffers of at least one kind are allocated", REIN_HERE);
}
