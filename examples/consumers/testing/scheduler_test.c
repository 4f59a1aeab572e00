/* The test of a scheduler: the second execution fails, and the test never waits. */
#include <inttypes.h>
#include <stdio.h>

#include "contract/contract.h"
#include "mocks/mock_backend.h"
#include "mocks/virtual_clock.h"

/* The code under test: executes until `wanted` executions have succeeded. Returns how often it
 * tried. */
static int execute_with_retries(const rein_backend *backend, const rein_clock *clock,
                                rein_model_id model, int wanted) {
    int tries = 0;
    for (int done = 0; done < wanted; tries++) {
        rein_execution_request request = rein_execution_request_make(
            model, REIN_UNWRAP(rein_request_id_generate()), NULL, 0, rein_clock_now(clock));
        rein_execution_result result = rein_execution_result_make(NULL, 0);
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
    rein_model_id model = REIN_UNWRAP(rein_model_id_make("resnet50"));
    REIN_UNWRAP(rein_backend_load(&backend, "any path", &model));
    REIN_UNWRAP(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 2));

    int tries = execute_with_retries(&backend, &clock, model, 3);
    int64_t passed_ms = rein_clock_now(&clock).ns / REIN_NS_PER_MS;
    rein_backend_destroy(&backend);
    printf("3 executions took %d tries and %" PRId64 " ms of virtual time\n", tries, passed_ms);
    return tries == 4 && passed_ms == 30 ? 0 : 1;
}
