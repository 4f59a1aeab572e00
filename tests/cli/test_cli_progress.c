/* The line of progress, where half a second has passed since the plan began. */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "cli/plan_progress.h"

/* What stands on standard error after `count_more` files, as on a terminal that tells no width. */
static const char *shown_after(size_t count_more) {
    static char shown[256];
    int ends[2];
    cr_assert(pipe(ends) == 0 && dup2(ends[1], STDERR_FILENO) >= 0, "no pipe");
    plan_progress progress;
    plan_progress_begin(&progress, 3);
    progress.is_shown = true;
    for (size_t index = 0; index < count_more; index++) {
        progress.next = rein_timestamp_from_ns(0);
        plan_progress_count(&progress);
    }
    plan_progress_end(&progress);
    ssize_t length = read(ends[0], shown, sizeof shown - 1);
    cr_assert(length > 0, "nothing is shown");
    shown[length] = '\0';
    return shown;
}

Test(cli_progress, files_are_counted_where_no_search_reports) {
    const char *shown = shown_after(2);
    cr_assert(strcmp(shown, "\r\033[Kplanned 1 of 3\r\033[Kplanned 2 of 3\r\033[K") == 0, "%s",
              shown);
}
