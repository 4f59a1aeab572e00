/* Every CUDA call in every scenario fails once, with every class of error. */
#include <criterion/criterion.h>
#include <string.h>

#include "cuda/error.h"
#include "cuda/scenarios.h"

static const cudaError_t faults[] = {
    cudaErrorStreamCaptureImplicit, /* transient */
    cudaErrorMemoryAllocation,      /* exhausted */
    cudaErrorIllegalAddress,        /* lost */
    cudaErrorLaunchFailure,         /* lost */
    cudaErrorDevicesUnavailable,    /* unavailable */
    cudaErrorNotPermitted,          /* unavailable */
    cudaErrorInvalidValue,          /* rejected */
    cudaErrorNotSupported,          /* rejected */
};
enum { FAULT_COUNT = sizeof faults / sizeof faults[0] };

typedef struct torture_trial {
    const cuda_scenario *scenario;
    int32_t device;
    uint64_t call;
    const char *function;
    cudaError_t fault;
    rein_result_void result;
} torture_trial;

#define ASSERT_TRIAL(condition, trial, text)                                               \
    cr_assert(condition, "%s: %s on device %d, call %llu (%s) failing with %d", text,      \
              (trial)->scenario->name, (trial)->device, (unsigned long long)(trial)->call, \
              (trial)->function, (int)(trial)->fault)

static bool is_lost(const torture_trial *trial) {
    return rein_cuda_error_classify((int32_t)trial->fault) == REIN_CUDA_LOST;
}

static bool is_one_of(const char *function, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(function, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns whether the module may absorb the fault. Restoring the caller's device and mode is
 * retried. The query during the release of a stream only makes a later query unnecessary.
 * Destruction succeeds on a lost device. Nothing depends on reading or clearing the thread's last
 * error. */
static bool may_absorb(const torture_trial *trial) {
    static const char *const retried[] = {"cudaSetDevice", "cudaThreadExchangeStreamCaptureMode",
                                          "cudaStreamQuery", "cudaGetLastError"};
    return is_lost(trial) || strcmp(trial->function, "cudaPeekAtLastError") == 0 ||
           is_one_of(trial->function, retried, sizeof retried / sizeof retried[0]);
}

/* Returns whether the code is a regular result: CUDA returns it for a PCI id that no device has. */
static bool is_an_answer(const torture_trial *trial) {
    return strcmp(trial->function, "cudaDeviceGetByPCIBusId") == 0 &&
           trial->result.as.error.code == REIN_ERROR_NOT_FOUND;
}

static void assert_error_is_complete(const torture_trial *trial) {
    if (is_an_answer(trial)) {
        return;
    }
    const rein_error *error = &trial->result.as.error;
    ASSERT_TRIAL(error->native_code == (int32_t)trial->fault, trial, "the code is not CUDA's");
    ASSERT_TRIAL((int)error->code >= 1 && (int)error->code <= REIN_ERROR_CODE_LAST, trial,
                 "no error code");
    ASSERT_TRIAL(error->where.function != NULL && error->where.line > 0, trial, "no place");
    ASSERT_TRIAL(strncmp(error->foreign_text, "cudaError", 9) == 0, trial, "no CUDA name");
    char message[256];
    rein_error_message(error, message, sizeof message);
    ASSERT_TRIAL(strstr(message, "cudaError") != NULL, trial, "the message lacks CUDA's name");
}

static void assert_thread_is_as_before(const torture_trial *trial) {
    simulated_cudart_fail_call(0, cudaSuccess);
    int device = -1;
    ASSERT_TRIAL(cudaGetDevice(&device) == cudaSuccess && device == 0, trial,
                 "the current device has changed");
    enum cudaStreamCaptureMode mode = cudaStreamCaptureModeGlobal;
    ASSERT_TRIAL(cudaThreadExchangeStreamCaptureMode(&mode) == cudaSuccess &&
                     mode == cudaStreamCaptureModeGlobal,
                 trial, "the capture mode has changed");
    if (!is_lost(trial)) {
        bool was_pending = strcmp(trial->function, "cudaPeekAtLastError") == 0;
        ASSERT_TRIAL(cudaPeekAtLastError() == (was_pending ? trial->fault : cudaSuccess), trial,
                     "an own error is left, or the caller's is gone");
    }
}

static void assert_nothing_is_left(const torture_trial *trial, const rein_ledger *ledger) {
    simulated_handles handles = simulated_cudart_handles();
    ASSERT_TRIAL(handles.streams == 0, trial, "a stream is leaked");
    ASSERT_TRIAL(handles.events == 0, trial, "an event is leaked");
    ASSERT_TRIAL(handles.pools == 0, trial, "a pool is leaked");
    ASSERT_TRIAL(handles.allocations == 0, trial, "memory is leaked");
    rein_ledger_usage usage = rein_ledger_read(ledger);
    ASSERT_TRIAL(usage.memory_bytes.used == 0, trial, "memory is still charged");
    ASSERT_TRIAL(usage.streams.used == 0, trial, "a stream is still charged");
}

/* Asserts that one refused call does not prevent the same call later. */
static void assert_it_works_again(const torture_trial *trial, rein_ledger *ledger) {
    if (is_lost(trial)) {
        return;
    }
    (void)cudaGetLastError();
    rein_result_void again = trial->scenario->run(ledger, trial->device);
    ASSERT_TRIAL(again.is_ok, trial, "it does not work again");
    assert_nothing_is_left(trial, ledger);
}

/* Asserts that later calls on a lost device are refused as lost. They succeed if the fault hit the
 * caller's device instead. */
static void assert_lost_stays_lost(const torture_trial *trial, rein_ledger *ledger) {
    if (!is_lost(trial) || trial->device != 0) {
        return;
    }
    rein_result_void again = trial->scenario->run(ledger, trial->device);
    ASSERT_TRIAL(again.is_ok || again.as.error.code == REIN_ERROR_DEVICE_LOST, trial,
                 "a lost device is not reported as lost");
    assert_nothing_is_left(trial, ledger);
}

static void run_trial(torture_trial *trial) {
    rein_ledger ledger;
    scenarios_reset(&ledger);
    simulated_cudart_fail_call(trial->call, trial->fault);
    trial->result = trial->scenario->run(&ledger, trial->device);
    trial->function = simulated_cudart_call_name(trial->call);
    cr_assert(trial->function != NULL, "the failing call was not reached");
    if (trial->result.is_ok) {
        ASSERT_TRIAL(may_absorb(trial), trial, "the error was swallowed");
    } else {
        assert_error_is_complete(trial);
    }
    assert_thread_is_as_before(trial);
    assert_nothing_is_left(trial, &ledger);
    assert_it_works_again(trial, &ledger);
    assert_lost_stays_lost(trial, &ledger);
}

static uint64_t count_calls(const cuda_scenario *scenario, int32_t device) {
    rein_ledger ledger;
    scenarios_reset(&ledger);
    simulated_cudart_fail_call(0, cudaSuccess);
    rein_result_void result = scenario->run(&ledger, device);
    cr_assert(result.is_ok, "%s does not run without a fault: %s", scenario->name,
              result.is_ok ? "" : result.as.error.message);
    return simulated_cudart_call_count();
}

Test(cuda_torture, every_call_fails_once_with_every_class) {
    uint64_t trial_count = 0;
    for (size_t i = 0; i < scenario_count; i++) {
        for (int32_t device = 0; device < 2; device++) {
            uint64_t calls = count_calls(&scenarios[i], device);
            cr_assert(calls > 0, "%s makes no call", scenarios[i].name);
            for (uint64_t call = 1; call <= calls; call++) {
                for (int fault = 0; fault < FAULT_COUNT; fault++) {
                    torture_trial each = {.scenario = &scenarios[i],
                                          .device = device,
                                          .call = call,
                                          .fault = faults[fault]};
                    run_trial(&each);
                    trial_count++;
                }
            }
        }
    }
    cr_log_info("torture: %llu trials", (unsigned long long)trial_count);
}
