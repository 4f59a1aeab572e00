#include "cli/write/output.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/base/path.h"
#include "cli/base/progress.h"
#include "cli/base/terminal.h"
#include "cli/base/text.h"
#include "cli/base/unfinished_file.h"
#include "cli/write/wrap.h"

static bool is_same_inode(const struct stat *left, const struct stat *right) {
    return left->st_dev == right->st_dev && left->st_ino == right->st_ino;
}

bool is_standard_output(const char *path) {
    struct stat named;
    struct stat standard = {.st_ino = 0}; /* matches no file if standard output is closed */
    if (path_is_standard(path)) {
        return true;
    }
    fstat(STDOUT_FILENO, &standard);
    return stat(path, &named) == 0 && !S_ISCHR(named.st_mode) && is_same_inode(&named, &standard);
}

output_text *output_open(arena *memory) {
    output_text *opened = arena_allocate(memory, 1, sizeof *opened);
    memory_stream_open(opened);
    return opened;
}

/* Frees a finished text. */
static void discard(output_text *text) {
    free(text->text);
    text->text = NULL;
}

/* Finishes the text. Returns 0 or an errno. */
static int finish(output_text *text) {
    return memory_stream_close(text) ? 0 : ENOMEM;
}

/* Returns 0 or an errno. */
static int write_all(int file, const char *text, size_t length) {
    while (length > 0) {
        ssize_t written = write(file, text, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return errno;
        }
        text += written;
        length -= (size_t)written;
    }
    return 0;
}

bool output_to_standard(diagnostics *sink, output_text *text) {
    int failure = finish(text);
    if (failure == 0) {
        progress_pause();
        failure = write_all(reports_file(), text->text, text->length);
        progress_resume();
    }
    discard(text);
    if (failure != 0) {
        report(sink, "cannot write to standard %s: %s",
               reports_file() == STDOUT_FILENO ? "output" : "error", strerror(failure));
    }
    return failure == 0;
}

bool output_report(diagnostics *sink, output_text *text, const terminal *shown_on) {
    if (shown_on->columns == 0) {
        return output_to_standard(sink, text);
    }
    output_text *folded = output_open(sink->memory);
    folded->is_short = !memory_stream_close(text);
    print_folded(folded->stream, text->text, text->length, shown_on->columns);
    discard(text);
    return output_to_standard(sink, folded);
}

static mode_t mode_of_new_files;

static void find_mode_of_new_files(void) {
    mode_t mask = umask(0);
    umask(mask);
    mode_of_new_files = (mode_t)(0666 & ~mask);
}

/* Returns the mode of new files. Read once, because the mask can only be read by changing it, which
 * other threads would see. */
static mode_t new_file_mode(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_mode_of_new_files);
    return mode_of_new_files;
}

/* Writes and closes the file. Returns 0 or an errno. If `is_durable`, syncs it, because a file must
 * be on disk before it replaces another. */
static int write_and_close(int file, const output_text *text, bool is_durable) {
    int failure = write_all(file, text->text, text->length);
    if (failure == 0 && is_durable && fsync(file) != 0) {
        failure = errno;
    }
    int closed = close(file) == 0 ? 0 : errno;
    return failure == 0 ? closed : failure;
}

/* Gives the complete file at `beside` its name. Returns 0 or an errno. */
static int put_in_place(const char *beside, const char *path, bool replaces) {
    if (replaces) {
        return rename(beside, path) == 0 ? 0 : errno;
    }
    /* Unlike rename, link does not replace a file. */
    int failure = link(beside, path) == 0 ? 0 : errno;
    unlink(beside);
    return failure;
}

/* Makes `beside` and renames it to `path`. Returns 0 or an errno. */
static int make_and_put_in_place(unfinished_file *beside, const char *path, mode_t mode,
                                 bool replaces, const output_text *text) {
    int file = unfinished_file_make(beside);
    if (file < 0) {
        return errno;
    }
    int failure = fchmod(file, mode) == 0 ? 0 : errno;
    int written = write_and_close(file, text, true);
    failure = failure == 0 ? written : failure;
    if (failure == 0) {
        failure = put_in_place(beside->path, path, replaces);
    }
    if (failure != 0) {
        unlink(beside->path);
    }
    unfinished_file_done(beside);
    return failure;
}

/* Returns a file in the folder of `path`, to be made. */
static unfinished_file file_beside(arena *memory, const char *path) {
    const char *folder = arena_copy(memory, path, (size_t)(path_name(path) - path));
    return (unfinished_file){.path = arena_print(memory, "%srein.XXXXXX", folder)};
}

static int write_beside(arena *memory, const char *path, mode_t mode, bool replaces,
                        const output_text *text) {
    unfinished_file beside = file_beside(memory, path);
    put_off_stop();
    int failure = make_and_put_in_place(&beside, path, mode, replaces, text);
    allow_stop();
    return failure;
}

/* Returns 0 if a file can be made in the folder of `path`, or an errno. */
static int try_beside(arena *memory, const char *path) {
    unfinished_file beside = file_beside(memory, path);
    put_off_stop();
    int file = unfinished_file_make(&beside);
    int failure = file < 0 ? errno : 0;
    if (file >= 0) {
        close(file);
        unlink(beside.path);
        unfinished_file_done(&beside);
    }
    allow_stop();
    return failure;
}

/* How a file is written. */
typedef struct destination {
    const char *path; /* with symbolic links followed */
    bool is_special;  /* such as a pipe: written directly */
    mode_t mode;
} destination;

/* Returns 0 or an errno. Finds the file at the end of a chain of symbolic links. */
static int find_destination(arena *memory, const char *path, destination *out_found) {
    struct stat facts;
    bool exists = stat(path, &facts) == 0;
    if (exists && S_ISDIR(facts.st_mode)) {
        return EISDIR;
    }
    *out_found = (destination){.path = path,
                               .is_special = exists && !S_ISREG(facts.st_mode),
                               .mode = exists ? facts.st_mode & 0777 : new_file_mode()};
    if (!exists || out_found->is_special) {
        return 0;
    }
    char *real = realpath(path, NULL);
    if (real == NULL) {
        return errno;
    }
    out_found->path = arena_print(memory, "%s", real);
    free(real);
    return 0;
}

/* Replaces the file at the end of a chain of symbolic links, not the link. */
static int write_to(arena *memory, const char *path, const output_text *text) {
    destination found;
    int failure = find_destination(memory, path, &found);
    if (failure != 0) {
        return failure;
    }
    if (found.is_special) {
        int file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        return file < 0 ? errno : write_and_close(file, text, false);
    }
    return write_beside(memory, found.path, found.mode, true, text);
}

/* Discards the text. Reports a failure and returns false. */
static bool end_file(diagnostics *sink, output_text *text, const char *path, int failure) {
    discard(text);
    if (failure != 0) {
        report_failure(sink, path, "write", failure);
    }
    return failure == 0;
}

/* Rejects dangling links: the link's owner could choose the name of the file that would be made. */
static bool refuse_dangling_link(diagnostics *sink, const char *path) {
    struct stat facts;
    char target[1];
    int reason = stat(path, &facts) == 0 ? 0 : errno;
    if (reason == 0 || readlink(path, target, sizeof target) < 0) {
        return false;
    }
    report_in_file(sink, path,
                   "is a symbolic link whose target cannot be reached: %s; create the target first "
                   "or name another output",
                   strerror(reason));
    return true;
}

bool output_to_file(diagnostics *sink, output_text *text, const char *path) {
    if (is_standard_output(path)) {
        bool is_written = output_to_standard(sink, text);
        move_reports_to_standard_error();
        return is_written;
    }
    int failure = finish(text);
    if (failure == 0 && refuse_dangling_link(sink, path)) {
        discard(text);
        return false;
    }
    if (failure == 0) {
        failure = write_to(sink->memory, path, text);
    }
    return end_file(sink, text, path, failure);
}

bool output_check(diagnostics *sink, const char *path) {
    if (is_standard_output(path)) {
        return true;
    }
    if (refuse_dangling_link(sink, path)) {
        return false;
    }
    destination found;
    int failure = find_destination(sink->memory, path, &found);
    if (failure == 0 && !found.is_special) {
        failure = try_beside(sink->memory, found.path);
    }
    if (failure != 0) {
        report_failure(sink, path, "write", failure);
    }
    return failure == 0;
}

bool output_to_new_file(diagnostics *sink, output_text *text, const char *path) {
    int failure = finish(text);
    if (failure == 0) {
        failure = write_beside(sink->memory, path, new_file_mode(), false, text);
    }
    if (failure == EEXIST) {
        discard(text);
        report_in_file(sink, path, "already exists; choose another name");
        return false;
    }
    return end_file(sink, text, path, failure);
}

/* Finds the folder and the name of a file that need not exist. */
static bool find_place(arena *memory, const char *path, struct stat *out_folder,
                       const char **out_name) {
    const char *name = path_name(path);
    const char *folder = name == path ? "." : arena_copy(memory, path, (size_t)(name - path));
    *out_name = name;
    return stat(folder, out_folder) == 0;
}

static bool is_same_place(arena *memory, const char *left, const char *right) {
    struct stat first;
    struct stat second;
    const char *name;
    const char *other;
    return find_place(memory, left, &first, &name) && find_place(memory, right, &second, &other) &&
           is_same_inode(&first, &second) && strcmp(name, other) == 0;
}

bool is_same_file(arena *memory, const char *left, const char *right) {
    struct stat first;
    struct stat second;
    if (left == NULL || right == NULL) {
        return false;
    }
    if (is_standard_output(left) || is_standard_output(right)) {
        return is_standard_output(left) && is_standard_output(right);
    }
    if (stat(left, &first) == 0 && stat(right, &second) == 0) {
        return is_same_inode(&first, &second);
    }
    return is_same_place(memory, left, right);
}

bool output_replaces(const char *output, const char *input) {
    struct stat written;
    struct stat read;
    if (output == NULL || is_standard_output(output) || path_is_standard(input)) {
        return false;
    }
    return stat(output, &written) == 0 && stat(input, &read) == 0 && is_same_inode(&written, &read);
}

bool refuse_replacing(diagnostics *sink, const char *path) {
    report(sink, "%s is an input and would be overwritten; choose another output",
           text_quote(sink->memory, path));
    return false;
}

bool output_to_file_within(diagnostics *sink, output_text *text, const work_limits *limits,
                           const char *path) {
    if (!work_is_stopped(limits)) {
        return output_to_file(sink, text, path);
    }
    finish(text);
    discard(text);
    work_report_stop(sink, limits, path, NULL, "preparing it, so it was not written");
    return false;
}
