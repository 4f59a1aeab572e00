/* Coverage builds only. Writes the counts of a command before it executes another program, raises a
 * signal that ends it or ends at once. faults/fail_calls.c does not fail the calls made for
 * this. */
#include <dlfcn.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

void __gcov_dump(void);
void __gcov_reset(void);
int __real_execvp(const char *file, char *const arguments[]);
int __wrap_execvp(const char *file, char *const arguments[]);
int __real_raise(int signal_number);
int __wrap_raise(int signal_number);
__attribute__((noreturn)) void __real__exit(int status);
__attribute__((noreturn)) void __wrap__exit(int status);

static void keep_counts(void) {
    void (*stop_failing)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "fail_no_more_calls");
    if (stop_failing != NULL) {
        stop_failing();
    }
    __gcov_dump();
    __gcov_reset();
}

int __wrap_execvp(const char *file, char *const arguments[]) {
    keep_counts();
    return __real_execvp(file, arguments);
}

int __wrap_raise(int signal_number) {
    keep_counts();
    return __real_raise(signal_number);
}

void __wrap__exit(int status) {
    keep_counts();
    __real__exit(status);
}
