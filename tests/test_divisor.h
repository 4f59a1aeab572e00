/* How much less the tests of large problems ask for. The build sets it above 1 if every instruction
 * takes many times as long: under valgrind, emulators and sanitizers, or to count coverage. */
#ifndef REIN_TESTS_TEST_DIVISOR_H
#define REIN_TESTS_TEST_DIVISOR_H

#ifndef REIN_TEST_DIVISOR
#define REIN_TEST_DIVISOR 1
#endif

enum { TEST_DIVISOR = REIN_TEST_DIVISOR };

#endif
