#include "cli/run/wait.h"

#include "cli/base/numbers.h"
#include "cli/base/progress.h"
#include "cli/base/text.h"

static const char *wait_text(arena *memory, const void *what) {
    const run_wait *watched = what;
    rein_duration so_far =
        rein_timestamp_since_saturating(rein_clock_now(rein_clock_system()), watched->start);
    return arena_print(memory, "waiting for room for %s on %s: %s of %s",
                       text_quote(memory, watched->model), watched->device_uuid,
                       rounded_duration(memory, so_far), rounded_duration(memory, watched->limit));
}

static rein_timestamp now(void *self) {
    progress_report(wait_text, self);
    return rein_clock_now(rein_clock_system());
}

static void sleep_until(void *self, rein_timestamp wake) {
    (void)self;
    rein_clock_sleep_until(rein_clock_system(), wake);
}

rein_clock run_wait_clock(run_wait *watched) {
    return (rein_clock){.now = now, .sleep_until = sleep_until, .self = watched};
}
