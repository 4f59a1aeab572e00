/* A check that prints its location and ends the program if its condition is false. */
#ifndef REIN_TESTS_CXX_CXX_CASE_HPP
#define REIN_TESTS_CXX_CXX_CASE_HPP

#include <cstdio>
#include <cstdlib>

#define CHECK(condition)                                                                 \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            std::exit(1);                                                                \
        }                                                                                \
    } while (0)

#endif
