/* A check that ends the program where it is not met, and says where. */
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
