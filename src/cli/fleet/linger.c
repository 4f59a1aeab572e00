#include "cli/fleet/linger.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "cli/base/text.h"

/* Where logind keeps the runtime directories, and the names of the users that linger. */
static const char runtime_parent[] = "/run/user/";
static const char linger_parent[] = "/var/lib/systemd/linger/";

static bool is_managed(const char *path) {
    return strncmp(path, runtime_parent, sizeof runtime_parent - 1) == 0;
}

static bool lingers(arena *memory) {
    const struct passwd *user = getpwuid(getuid());
    return user != NULL &&
           access(arena_print(memory, "%s%s", linger_parent, user->pw_name), F_OK) == 0;
}

void warn_unless_lingering(diagnostics *sink, const char *path) {
    if (is_managed(path) && !lingers(sink->memory)) {
        report(sink,
               "%s is emptied at your last logout, and reservations that are still held are then "
               "forgotten: enable lingering (loginctl enable-linger) or make /run/rein",
               text_quote(sink->memory, path));
    }
}
