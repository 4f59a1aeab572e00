/* The factor by which tests of large problems are reduced. The build sets it above 1 if every
 * instruction is many times slower: under valgrind, emulators, sanitizers or coverage. */
#ifndef REIN_TESTS_TEST_DIVISOR_H
#define REIN_TESTS_TEST_DIVISOR_H

#ifndef REIN_TEST_DIVISOR
#define REIN_TEST_DIVISOR 1
#endif

enum { TEST_DIVISOR = REIN_TEST_DIVISOR };

#endif
