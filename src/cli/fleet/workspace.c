#include "cli/fleet/workspace.h"

rein_workspace workspace_make(arena *memory, rein_result_bytes asked) {
    uint64_t bytes = REIN_UNWRAP(rein_result_bytes, asked);
    return (rein_workspace){.memory = arena_allocate(memory, bytes, 1), .size_bytes = bytes};
}
