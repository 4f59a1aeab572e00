#include "cli/models/read_workspace.h"

#include "cli/base/numbers.h"

/* Enough for three million tensors; the largest models have some ten thousand. */
static const uint64_t largest_bytes = UINT64_C(1) << 30;

bool read_workspace_make(diagnostics *sink, const model_file *file, rein_result_bytes needed,
                         rein_workspace *out_workspace) {
    if (!needed.is_ok) {
        return refuse_model_file(sink, file, &needed.as.error);
    }
    if (needed.as.value > largest_bytes) {
        report_in_file(sink, file->path, "takes %s of memory to read; the most is %s",
                       rounded_bytes(sink->memory, needed.as.value),
                       rounded_bytes(sink->memory, largest_bytes));
        return false;
    }
    out_workspace->size_bytes = (size_t)needed.as.value;
    out_workspace->memory = arena_allocate(sink->memory, out_workspace->size_bytes, 1);
    return true;
}
