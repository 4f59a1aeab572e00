/* Lets dlsym miss functions. Include it in one file of a program that is linked with
 * -Wl,--wrap=dlsym. */
#ifndef REIN_TESTS_LACKING_FUNCTION_H
#define REIN_TESTS_LACKING_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The beginning of the names that dlsym does not find; NULL: it finds all. */
static const char *lacking_function;

void *__wrap_dlsym(void *handle, const char *name);
void *__real_dlsym(void *handle, const char *name);

void *__wrap_dlsym(void *handle, const char *name) {
    bool is_lacking =
        lacking_function != NULL && strncmp(name, lacking_function, strlen(lacking_function)) == 0;
    return is_lacking ? NULL : __real_dlsym(handle, name);
}

#endif
