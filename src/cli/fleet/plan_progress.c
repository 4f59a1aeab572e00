#include "cli/fleet/plan_progress.h"

#include <inttypes.h>

#include "cli/base/numbers.h"
#include "cli/base/path.h"
#include "cli/base/progress.h"
#include "cli/base/text.h"

/* The data of a progress line. */
typedef struct plan_state {
    const plan_progress *progress;
    const char *path;
    const rein_plan_progress *searched; /* NULL: no search */
} plan_state;

static const char *search_text(arena *memory, const plan_state *state) {
    const rein_plan_progress *searched = state->searched;
    const char *name = text_printable(memory, path_name(state->path));
    const char *done =
        searched->placed_count > 0
            ? arena_print(memory, "%" PRIu64 " tensors placed", searched->placed_count)
            : arena_print(memory, "%" PRIu64 " steps", searched->steps);
    const char *best =
        searched->height_bytes == UINT64_MAX
            ? ""
            : arena_print(memory, ", best %s", rounded_bytes(memory, searched->height_bytes));
    return arena_print(memory, "%s: %s%s, bound %s", name, done, best,
                       rounded_bytes(memory, searched->lower_bound_bytes));
}

/* Returns a line such as `planned 3 of 12; hard.csv: 40960 steps, best 17.0 MiB, bound 16.0 MiB`.
 */
static const char *line_text(arena *memory, const void *self) {
    const plan_state *state = self;
    const char *search = state->searched == NULL ? "" : search_text(memory, state);
    size_t done_count = __atomic_load_n(&state->progress->done_count, __ATOMIC_RELAXED);
    return state->progress->file_count == 1
               ? search
               : arena_print(memory, "planned %zu of %zu%s%s", done_count,
                             state->progress->file_count, *search == '\0' ? "" : "; ", search);
}

void plan_progress_report(const plan_progress *progress, const char *path,
                          const rein_plan_progress *searched) {
    const plan_state state = {progress, path, searched};
    progress_report(line_text, &state);
}

void plan_progress_count(plan_progress *progress) {
    __atomic_fetch_add(&progress->done_count, 1, __ATOMIC_RELAXED);
    plan_progress_report(progress, NULL, NULL);
}
