/* Preloaded into programs that run under qemu-user. Programs of the same architecture that they
 * execute run under the emulator too, with this file preloaded. Programs of the host run without
 * both. A kernel with binfmt_misc does the same, but the machine that runs the tests may lack it.
 * REIN_EMULATOR and REIN_EMULATOR_ROOT name the emulator and the root of its libraries. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 512, VARIABLES_MAX = 512, ASSIGNMENT_CAPACITY = 4096 };

/* The command line executed in place of a program. Borrows all texts except `preload`. */
typedef struct execution {
    const char *path;
    char *arguments[ARGUMENTS_MAX];
    char *environment[VARIABLES_MAX];
    char preload[ASSIGNMENT_CAPACITY];
} execution;

static const char preload_name[] = "LD_PRELOAD=";

static int is_of_this_architecture(const char *path) {
    Elf64_Ehdr header = {.e_machine = EM_NONE};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file == -1 ? -1 : read(file, &header, sizeof header);
    if (file != -1) {
        close(file);
    }
    return length == (ssize_t)sizeof header && memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
           header.e_machine == EM_AARCH64;
}

/* Appends a list that ends with NULL to the first `count` entries of `out`, and returns the new
 * count. Aborts if the list is too long. */
static size_t append(char *const list[], size_t count, char *out[], size_t capacity) {
    for (; *list != NULL; list++) {
        if (count + 1 >= capacity) {
            abort();
        }
        out[count++] = *list;
    }
    out[count] = NULL;
    return count;
}

/* Copies the environment without LD_PRELOAD, which is for the emulated architecture; keeps that in
 * `preload`. */
static void take_environment(char *const environment[], execution *target) {
    char *kept[VARIABLES_MAX] = {NULL};
    size_t count = 0;
    for (; *environment != NULL && count + 1 < VARIABLES_MAX; environment++) {
        if (strncmp(*environment, preload_name, sizeof preload_name - 1) == 0) {
            snprintf(target->preload, sizeof target->preload, "%s", *environment);
        } else {
            kept[count++] = *environment;
        }
    }
    append(kept, 0, target->environment, VARIABLES_MAX);
}

static void prepare(const char *path, char *const arguments[], char *const environment[],
                    execution *out) {
    char *emulator = getenv("REIN_EMULATOR");
    char *root = getenv("REIN_EMULATOR_ROOT");
    *out = (execution){.path = path, .preload = "LD_PRELOAD="};
    take_environment(environment, out);
    size_t count = 0;
    if (emulator != NULL && root != NULL && arguments[0] != NULL && is_of_this_architecture(path)) {
        char *const prefix[] = {emulator, "-L",         root,         "-E", out->preload,
                                "-0",     arguments[0], (char *)path, NULL};
        count = append(prefix, 0, out->arguments, ARGUMENTS_MAX);
        arguments++;
        out->path = emulator;
    }
    append(arguments, count, out->arguments, ARGUMENTS_MAX);
}

/* Writes the function that this file stands before. ISO C knows no way from an object's pointer to
 * a function's but its bytes. */
static void find_next(const char *name, void *out_function) {
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        abort();
    }
    memcpy(out_function, &found, sizeof found);
}

int execve(const char *path, char *const arguments[], char *const environment[]) {
    int (*original)(const char *, char *const[], char *const[]) = NULL;
    find_next("execve", &original);
    execution run;
    prepare(path, arguments, environment, &run);
    return original(run.path, run.arguments, run.environment);
}

int execv(const char *path, char *const arguments[]) {
    return execve(path, arguments, environ);
}

/* As the C library searches: a name with a slash is a path. */
int execvp(const char *name, char *const arguments[]) {
    const char *folders = getenv("PATH");
    if (name[0] == '\0') {
        errno = ENOENT;
        return -1;
    }
    if (strchr(name, '/') != NULL || folders == NULL) {
        return execve(name, arguments, environ);
    }
    int failure = ENOENT;
    while (*folders != '\0') {
        size_t length = strcspn(folders, ":");
        char path[ASSIGNMENT_CAPACITY];
        snprintf(path, sizeof path, "%.*s/%s", (int)length, folders, name);
        execve(path, arguments, environ);
        failure = errno == EACCES ? EACCES : failure;
        folders += length + (folders[length] == ':');
    }
    errno = failure;
    return -1;
}

int posix_spawn(pid_t *out_process, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const arguments[],
                char *const environment[]) {
    int (*original)(pid_t *, const char *, const posix_spawn_file_actions_t *,
                    const posix_spawnattr_t *, char *const[], char *const[]) = NULL;
    find_next("posix_spawn", &original);
    execution run;
    prepare(path, arguments, environment, &run);
    return original(out_process, run.path, actions, attributes, run.arguments, run.environment);
}
