#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "conformance/rules.h"
#include "conformance/trial.h"
#include "contract/buffers.h"

static bool host_can_access(rein_memory_kind kind) {
    return kind != REIN_MEMORY_DEVICE;
}

/* Tries a buffer of this kind and size. Returns whether the backend allocates this kind. */
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

static bool has_buffers(conformance_probe *probe) {
    return probe_has_part(probe, offsetof(rein_backend_interface, buffers),
                          "the backend has no buffers");
}

void rule_allocates_buffers(conformance_probe *probe) {
    if (!has_buffers(probe)) {
        return;
    }
    size_t kind_count = 0;
    for (int value = 1; value <= (int)REIN_MEMORY_KIND_LAST; value++) {
        rein_memory_kind kind = (rein_memory_kind)value;
        if (try_buffer(probe, kind, 1) && try_buffer(probe, kind, 4097)) {
            kind_count++;
            /* The slot destroy releases this one. */
            REIN_IGNORE(rein_backend_allocate_buffer(&probe->backend, 64, kind));
        }
    }
    probe_expect(probe, kind_count > 0, "buffers of at least one kind are allocated", REIN_HERE);
}

/* Executes with the input moved into a buffer, and compares the outputs with those of `alone`. */
static void try_moved(conformance_probe *probe, conformance_trial *trial, size_t index,
                      rein_memory_kind kind, const conformance_trial *alone) {
    rein_tensor right = trial->inputs[index];
    rein_result_buffer allocated =
        rein_backend_allocate_buffer(&probe->backend, right.capacity_bytes, kind);
    void *buffer = allocated.is_ok ? REIN_VALUE(allocated) : NULL;
    if (!probe_expect(probe, buffer != NULL, "a second buffer is allocated", REIN_HERE)) {
        return;
    }
    memcpy(buffer, right.data, right.capacity_bytes);
    trial->inputs[index].data = buffer;
    trial->inputs[index].memory_kind = kind;
    if (probe_expect_ok(probe, trial_execute(probe, trial),
                        "execute succeeds with an input in a buffer of the backend", REIN_HERE)) {
        probe_expect(probe, !probe->subject->is_deterministic || trial_outputs_equal(trial, alone),
                     "an input in a buffer of the backend gives equal outputs", REIN_HERE);
    }
    trial->inputs[index] = right;
    rein_backend_release_buffer(&probe->backend, buffer);
}

/* Tries each kind of buffer for an input. Returns whether there is one that the spec takes and the
 * host can access. */
static bool try_input_buffers(conformance_probe *probe, conformance_trial *trial, size_t index,
                              const conformance_trial *alone) {
    uint64_t bytes = trial->inputs[index].capacity_bytes;
    bool is_tried = false;
    for (int value = 1; bytes > 0 && value <= (int)REIN_MEMORY_KIND_LAST; value++) {
        rein_memory_kind kind = (rein_memory_kind)value;
        if (!probe_is_broken(probe) && host_can_access(kind) &&
            rein_memory_kind_set_has(trial->input_specs.specs[index].memory_kinds, kind) &&
            try_buffer(probe, kind, bytes)) {
            try_moved(probe, trial, index, kind, alone);
            is_tried = true;
        }
    }
    return is_tried;
}

static void try_all_buffers(conformance_probe *probe, conformance_trial *trial) {
    conformance_trial alone;
    bool is_tried = false;
    if (trial_init(probe, CONFORMANCE_TYPICAL, 1, 0, &alone) &&
        probe_expect_ok(probe, trial_execute(probe, &alone), "execute succeeds", REIN_HERE)) {
        for (size_t index = 0; index < trial->input_specs.count; index++) {
            is_tried = try_input_buffers(probe, trial, index, &alone) || is_tried;
        }
    }
    if (!is_tried) {
        probe_waive(probe, "no input takes a buffer of the backend that the host can access");
    }
    trial_deinit(probe, &alone);
}

void rule_executes_with_its_own_buffers(conformance_probe *probe) {
    if (has_buffers(probe)) {
        probe_try_loaded(probe, try_all_buffers);
    }
}
