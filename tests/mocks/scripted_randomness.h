/* The system's randomness, scripted: a program that links this calls it instead of getrandom(). */
#ifndef REIN_TESTS_MOCKS_SCRIPTED_RANDOMNESS_H
#define REIN_TESTS_MOCKS_SCRIPTED_RANDOMNESS_H

/* The next `interruption_count` calls are interrupted (EINTR); those behind them fail with
 * `failure_errno`, or give randomness where that is 0. Both start at 0. Not for several threads. */
void scripted_randomness_set(int interruption_count, int failure_errno);

#endif
