/* Makes a call of a program to the C library fail. Loaded with LD_PRELOAD.
 *
 * REIN_FAIL_CALL=NAME:N:ERRNO fails the N-th call of NAME with that errno, counted from 1 since the
 * start of main. REIN_FAIL_MARK names a file that is created when the call fails; if it does not
 * exist, there were fewer calls. Programs that the program executes are not affected. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char failing_name[64];
static long failing_number;
static int failing_errno;
static char mark[512];
static bool is_armed;
static long call_count;

static bool fails_now(const char *name) {
    if (!__atomic_load_n(&is_armed, __ATOMIC_ACQUIRE) || strcmp(name, failing_name) != 0 ||
        __atomic_add_fetch(&call_count, 1, __ATOMIC_RELAXED) != failing_number) {
        return false;
    }
    long file = syscall(SYS_openat, AT_FDCWD, mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    syscall(SYS_close, file);
    errno = failing_errno;
    return true;
}

void fail_no_more_calls(void);

void fail_no_more_calls(void) {
    __atomic_store_n(&is_armed, false, __ATOMIC_RELEASE);
}

static void arm(void) {
    const char *wanted = getenv("REIN_FAIL_CALL");
    const char *path = getenv("REIN_FAIL_MARK");
    if (wanted == NULL || path == NULL ||
        sscanf(wanted, "%63[a-z_0-9]:%ld:%d", failing_name, &failing_number, &failing_errno) != 3) {
        abort();
    }
    snprintf(mark, sizeof mark, "%s", path);
    unsetenv("LD_PRELOAD");
    unsetenv("REIN_FAIL_CALL");
    unsetenv("REIN_FAIL_MARK");
    atexit(fail_no_more_calls);
    __atomic_store_n(&is_armed, true, __ATOMIC_RELEASE);
}

static int (*real_main)(int, char **, char **);

static int armed_main(int count, char **arguments, char **environment) {
    arm();
    return real_main(count, arguments, environment);
}

int __libc_start_main(int (*main)(int, char **, char **), int count, char **arguments,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                      void *stack_end);

int __libc_start_main(int (*main)(int, char **, char **), int count, char **arguments,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                      void *stack_end) {
    __typeof__(&__libc_start_main) real = dlsym(RTLD_NEXT, "__libc_start_main");
    real_main = main;
    return real(armed_main, count, arguments, init, fini, rtld_fini, stack_end);
}

/* glibc's own functions, because dlsym allocates. */
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *memory, size_t bytes);

void *malloc(size_t bytes) {
    return fails_now("malloc") ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
    return fails_now("calloc") ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *memory, size_t bytes) {
    return fails_now("realloc") ? NULL : __libc_realloc(memory, bytes);
}

#define FAILING(type, failure, name, parameters, arguments)                   \
    type name parameters {                                                    \
        type(*real) parameters = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
        return fails_now(#name) ? (failure) : real arguments;                 \
    }

FAILING(char *, NULL, strdup, (const char *text), (text))
FAILING(ssize_t, -1, getdents64, (int folder, void *buffer, size_t size), (folder, buffer, size))
FAILING(int, -1, fstat, (int file, struct stat *facts), (file, facts))
FAILING(ssize_t, -1, read, (int file, void *buffer, size_t size), (file, buffer, size))
FAILING(ssize_t, -1, pread, (int file, void *buffer, size_t size, off_t offset),
        (file, buffer, size, offset))
FAILING(ssize_t, -1, write, (int file, const void *buffer, size_t size), (file, buffer, size))
FAILING(int, -1, fsync, (int file), (file))
FAILING(int, -1, fchmod, (int file, mode_t mode), (file, mode))
FAILING(int, -1, rename, (const char *from, const char *to), (from, to))
FAILING(int, -1, link, (const char *from, const char *to), (from, to))
FAILING(int, -1, mkstemp, (char *path), (path))
FAILING(char *, NULL, realpath, (const char *restrict path, char *restrict real_path),
        (path, real_path))
FAILING(char *, NULL, setlocale, (int category, const char *name), (category, name))
FAILING(int, -1, setenv, (const char *name, const char *value, int replaces),
        (name, value, replaces))
FAILING(int, -1, sched_getaffinity, (pid_t process, size_t size, cpu_set_t *set),
        (process, size, set))
FAILING(int, EAGAIN, pthread_create,
        (pthread_t *restrict thread, const pthread_attr_t *restrict with, void *(*start)(void *),
         void *restrict argument),
        (thread, with, start, argument))

/* Closes the descriptor even if the call fails, as Linux does. */
int close(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "close");
    bool fails = fails_now("close");
    int failure = errno;
    int closed = real(file);
    errno = fails ? failure : errno;
    return fails ? -1 : closed;
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
    return fails_now("open") ? -1 : real(path, flags, mode);
}
