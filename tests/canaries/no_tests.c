/* A test program in which no test is left. */
#include <criterion/criterion.h>

TestSuite(no_tests);
