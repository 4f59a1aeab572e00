/* A scheduler's test: the second execution fails, and not a millisecond is waited for any. */
#include <inttypes.h>
#include <stdio.h>

#include "contract/contract.h"
#include "mocks/mock_backend.h"
#include "mocks/virtual_clock.h"

/* What is tested: executes until `wanted` executions have succeeded; returns how often it tried. */
static int execute_with_retries(const rein_backend *backend, const rein_clock *clock, int wanted) {
    int tries = 0;
    for (int done = 0; done < wanted; tries++) {
        rein_execution_request request = {.submission_time = rein_clock_now(clock),
                                          .deadline = rein_timestamp_never()};
        rein_execution_result result = {.output_tensor_count = 0};
        done += rein_result_void_is_ok(rein_backend_execute(backend, &request, &result));
    }
    return tries;
}

int main(void) {
    virtual_clock time;
    virtual_clock_init(&time, rein_timestamp_from_ns(0));
    rein_clock clock = virtual_clock_view(&time);
    mock_backend *mock = REIN_UNWRAP(mock_backend_create(&clock));
    rein_backend backend = mock_backend_bind(mock);
    REIN_UNWRAP(rein_backend_load(&backend, "any"));
    REIN_UNWRAP(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 2));

    int tries = execute_with_retries(&backend, &clock, 3);
    int64_t passed_ms = rein_clock_now(&clock).ns / REIN_NS_PER_MS;
    rein_backend_destroy(&backend);
    printf("3 executions took %d tries and %" PRId64 " ms of virtual time\n", tries, passed_ms);
    return tries == 4 && passed_ms == 30 ? 0 : 1;
}
