/* A test program without tests. */
#include <criterion/criterion.h>

TestSuite(no_tests);
