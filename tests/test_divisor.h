/* How much less the tests of large problems ask for: where every instruction takes many times as
 * long, as under valgrind and emulators, the build sets it above 1. */
#ifndef REIN_TESTS_TEST_DIVISOR_H
#define REIN_TESTS_TEST_DIVISOR_H

#ifndef REIN_TEST_DIVISOR
#define REIN_TEST_DIVISOR 1
#endif

enum { TEST_DIVISOR = REIN_TEST_DIVISOR };

#endif
