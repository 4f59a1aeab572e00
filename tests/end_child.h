/* Ends a child of fork in a test. A child that calls _exit writes no coverage counts by itself. */
#ifndef REIN_TESTS_END_CHILD_H
#define REIN_TESTS_END_CHILD_H

#include <unistd.h>

#ifdef REIN_COVERAGE
extern void __gcov_dump(void);
#endif

__attribute__((noreturn)) static inline void end_child(int status) {
#ifdef REIN_COVERAGE
    __gcov_dump();
#endif
    _exit(status);
}

#endif
