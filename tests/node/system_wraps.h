/* Replaces system calls in a test that is linked with ld's --wrap. */
#ifndef REIN_TESTS_NODE_SYSTEM_WRAPS_H
#define REIN_TESTS_NODE_SYSTEM_WRAPS_H

#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Begins the definition of a replacement; __real_NAME is the original call. */
#define WRAPPED(Result, name, parameters) \
    Result __real_##name parameters;      \
    Result __wrap_##name parameters;      \
    Result __wrap_##name parameters

/* Replaces openat with a function that always gets a mode; it is 0 if no file is created. */
#define WRAP_OPENAT(function)                                              \
    WRAPPED(int, openat, (int folder, const char *name, int flags, ...)) { \
        va_list rest;                                                      \
        va_start(rest, flags);                                             \
        mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;   \
        va_end(rest);                                                      \
        return function(folder, name, flags, mode);                        \
    }
int __real_openat(int folder, const char *name, int flags, ...);

#endif
