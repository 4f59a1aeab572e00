#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "conformance/rules.h"
#include "contract/buffers.h"

static bool host_can_access(rein_memory_kind kind) {
    return kind != REIN_MEMORY_DEVICE;
}

static void try_buffer(conformance_probe *probe, rein_memory_kind kind, uint64_t size_bytes) {
    rein_result_buffer allocated = rein_backend_allocate_buffer(&probe->backend, size_bytes, kind);
    if (!allocated.is_ok) {
        probe_expect_ok(probe, rein_result_void_fail(REIN_ERROR(allocated)),
                        "a buffer of each kind is allocated", REIN_HERE);
        return;
    }
    void *buffer = REIN_VALUE(allocated);
    probe_expect(probe, buffer != NULL && (uintptr_t)buffer % alignof(max_align_t) == 0,
                 "a buffer is aligned for every element type", REIN_HERE);
    if (buffer != NULL && host_can_access(kind)) {
        memset(buffer, 1, size_bytes);
    }
    rein_backend_release_buffer(&probe->backend, buffer);
}

void rule_allocates_buffers(conformance_probe *probe) {
    if (!probe_has_part(probe, offsetof(rein_backend_interface, buffers),
                        "the backend has no buffers")) {
        return;
    }
    rein_memory_kind_set kinds = rein_backend_get_capabilities(&probe->backend)->memory_kinds;
    for (int kind = 1; kind <= (int)REIN_MEMORY_KIND_LAST; kind++) {
        if (rein_memory_kind_set_has(kinds, (rein_memory_kind)kind)) {
            try_buffer(probe, (rein_memory_kind)kind, 1);
            try_buffer(probe, (rein_memory_kind)kind, 4097);
        }
    }
    /* One that is left over is released by destroy. */
    rein_memory_kind first = REIN_MEMORY_HOST;
    while (!rein_memory_kind_set_has(kinds, first)) {
        first = (rein_memory_kind)((int)first + 1);
    }
    REIN_IGNORE(rein_backend_allocate_buffer(&probe->backend, 64, first));
}
