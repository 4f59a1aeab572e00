#include "cli/run/command.h"

#include <string.h>

#include "cli/base/numbers.h"
#include "cli/base/option.h"
#include "cli/base/path.h"
#include "cli/base/progress.h"
#include "cli/base/text.h"
#include "cli/fleet/device.h"
#include "cli/fleet/inputs.h"
#include "cli/fleet/reservations.h"
#include "cli/fleet/shared_options.h"
#include "cli/run/execution.h"
#include "cli/run/measure.h"
#include "cli/run/model.h"
#include "cli/run/refusal.h"
#include "cli/write/output.h"

enum {
    OPTION_DEVICE,
    OPTION_MODEL,
    OPTION_MEMORY,
    OPTION_STREAMS,
    OPTION_COMPUTE,
    OPTION_MANIFEST,
    OPTION_WAIT,
    OPTION_BY_TOTAL,
    OPTION_MEASURE,
    OPTION_EFFORT,
    OPTION_EXIT_BASE,
    OPTION_COUNT
};

static const command_option options[OPTION_COUNT] = {
    [OPTION_DEVICE] = SHARED_OPTION_DEVICE,
    [OPTION_MODEL] = {"model", "ID", "the model that the command runs"},
    [OPTION_MEMORY] = {"memory", "SIZE", "its device memory, such as 512MiB"},
    [OPTION_STREAMS] = {"streams", "N", "its number of streams"},
    [OPTION_COMPUTE] = {"compute", "TIME", "its device time per execution, such as 100ms"},
    [OPTION_MANIFEST] = {"manifest", "FILE", "take the device and the budget from a manifest"},
    [OPTION_WAIT] = {"wait", "TIME", "wait for room, up to this long"},
    [OPTION_BY_TOTAL] = SHARED_OPTION_BY_TOTAL,
    [OPTION_MEASURE] = {"measure", "FILE", "measure the memory that the command uses"},
    [OPTION_EFFORT] = SHARED_OPTION_EFFORT,
    [OPTION_EXIT_BASE] = {"exit-base", "N", "add N (at most 120) to rein's exit codes 1, 2 and 3"},
};

static run_options options_of(const invocation *called) {
    return (run_options){.device = called->options[OPTION_DEVICE],
                         .model = called->options[OPTION_MODEL],
                         .memory = called->options[OPTION_MEMORY],
                         .streams = called->options[OPTION_STREAMS],
                         .compute = called->options[OPTION_COMPUTE],
                         .manifest = called->options[OPTION_MANIFEST],
                         .effort = called->options[OPTION_EFFORT],
                         .stays = called->options[OPTION_MEASURE] != NULL};
}

/* Returns the last part of the command's path if it is a valid id, else "command". */
static const char *holder_of(const char *command_path) {
    const char *name = path_name(command_path);
    return rein_result_model_id_is_ok(rein_model_id_make(name)) ? name : "command";
}

static bool has_device(diagnostics *sink, const fleet *candidate) {
    if (!candidate->device.is_found) {
        report(sink, "%s", missing_device_text(sink->memory, &candidate->device));
        return false;
    }
    if (*candidate->device.profile.uuid == '\0') {
        report_in_file(
            sink, candidate->device.path,
            "the device has no uuid, which a reservation needs; add 'uuid' to its profile");
        return false;
    }
    return true;
}

/* Reports why the request was not judged. A request that breaks a rule is bad input, as in `rein
 * check`; any other error means that the node cannot reserve. */
static exit_code report_not_judged(diagnostics *sink, const fleet *candidate,
                                   const rein_error *error) {
    const char *text = state_error_text(sink->memory, error);
    if (error->code == REIN_ERROR_INVALID_ARGUMENT) {
        report_in_file(sink, candidate->from->path, "%s", text);
        return EXIT_CODE_BAD_INPUT;
    }
    report(sink, "%s", text);
    return EXIT_CODE_CANNOT_TELL;
}

/* The state of waiting for room on a device. */
typedef struct run_wait {
    const char *model;
    const char *device_uuid;
    rein_timestamp start; /* system clock */
    rein_duration limit;
} run_wait;

static const char *wait_text(arena *memory, const void *self) {
    const run_wait *watched = self;
    rein_duration so_far =
        rein_timestamp_since_saturating(rein_clock_now(rein_clock_system()), watched->start);
    return arena_print(memory, "waiting for room for %s on %s: %s of %s",
                       text_quote(memory, watched->model), watched->device_uuid,
                       rounded_duration(memory, so_far), rounded_duration(memory, watched->limit));
}

static rein_timestamp now(void *self) {
    progress_report(wait_text, self);
    return rein_clock_now(rein_clock_system());
}

static void sleep_until(void *self, rein_timestamp wake) {
    (void)self;
    rein_clock_sleep_until(rein_clock_system(), wake);
}

/* Returns the system clock. It reports the wait each time it is read. */
static rein_clock clock_of_wait(run_wait *watched) {
    return (rein_clock){.now = now, .sleep_until = sleep_until, .self = watched};
}

static exit_code reserve_and_execute(diagnostics *sink, fleet *candidate, rein_duration wait,
                                     execution *of) {
    rein_state_directory directory;
    if (!state_open_to_reserve(sink, &directory)) {
        return EXIT_CODE_CANNOT_TELL;
    }
    run_wait watched = {.model = rein_model_id_text(&candidate->models[0].stated->id),
                        .device_uuid = candidate->device.profile.uuid,
                        .start = rein_clock_now(rein_clock_system()),
                        .limit = wait};
    const rein_clock clock = clock_of_wait(&watched);
    rein_reservation_request request = {.admission = fleet_request(sink->memory, candidate),
                                        .holder = holder_of(of->arguments[0]),
                                        .clock = &clock,
                                        .deadline =
                                            rein_timestamp_add_saturating(watched.start, wait)};
    rein_model_verdict verdict;
    rein_reservation held;
    rein_result_reservation_verdict taken =
        rein_reservation_take(&directory, &request, &verdict, &held);
    rein_state_directory_close(&directory);
    if (rein_result_reservation_verdict_is_error(taken)) {
        return report_not_judged(sink, candidate, &REIN_ERROR(taken));
    }
    if (REIN_VALUE(taken).outcome != REIN_ADMISSION_FITS) {
        fleet_set_verdict(candidate, &REIN_VALUE(taken), &verdict);
        report_refusal(sink, candidate);
        return exit_code_of(REIN_VALUE(taken).outcome);
    }
    return execute_held(sink, of, &request.admission, &held);
}

/* Refuses a measurement that would replace an input or that cannot be written: an hour's run must
 * not be lost. The previous measurement of the model may be replaced. */
static bool can_write_measurement(diagnostics *sink, const invocation *called,
                                  const fleet *candidate) {
    const char *path = called->options[OPTION_MEASURE];
    const char *manifest_path = called->options[OPTION_MANIFEST];
    bool is_manifest = manifest_path != NULL && output_replaces(path, manifest_path);
    if (is_manifest || fleet_input_is_replaced(candidate, path)) {
        return refuse_replacing(sink, path);
    }
    return output_check(sink, path);
}

static exit_code measure_and_execute(const invocation *called, diagnostics *sink, fleet *candidate,
                                     rein_duration wait, execution *of) {
    char uuid[REIN_DEVICE_UUID_CAPACITY];
    nvml_session session;
    if (!can_write_measurement(sink, called, candidate)) {
        return EXIT_CODE_BAD_INPUT;
    }
    rein_result_void normalized = rein_device_uuid_normalize(candidate->device.profile.uuid, uuid);
    if (rein_result_void_is_error(normalized)) {
        return report_not_judged(sink, candidate, &REIN_ERROR(normalized));
    }
    if (!measure_open(sink, uuid, &session)) {
        return EXIT_CODE_CANNOT_TELL;
    }
    of->measure = &session;
    exit_code code = reserve_and_execute(sink, candidate, wait, of);
    of->measure = NULL;
    rein_i_nvml_close(&session);
    return code;
}

/* Returns only if the command does not run, or if it was measured. */
static exit_code gather_and_run(const invocation *called, diagnostics *sink, execution *of) {
    run_options stated = options_of(called);
    rein_duration wait = rein_duration_from_ns(0);
    fleet candidate;
    if (!option_duration(sink, "wait", called->options[OPTION_WAIT], &wait) ||
        !run_model_gather(sink, &stated, &candidate)) {
        return EXIT_CODE_BAD_INPUT;
    }
    if (!has_device(sink, &candidate)) {
        return candidate.device.is_found ? EXIT_CODE_BAD_INPUT : EXIT_CODE_CANNOT_TELL;
    }
    if (called->options[OPTION_BY_TOTAL] != NULL && !judge_by_total(sink, &candidate.device)) {
        return EXIT_CODE_BAD_INPUT;
    }
    return of->measure_path == NULL ? reserve_and_execute(sink, &candidate, wait, of)
                                    : measure_and_execute(called, sink, &candidate, wait, of);
}

/* The command may also exit with 1, 2 or 3, so --exit-base moves rein's own codes. Shells give
 * codes from 124 on a meaning. */
static exit_code run_run(const invocation *called, diagnostics *sink) {
    enum { EXIT_BASE_MAX = 120 };
    const char *text = called->options[OPTION_EXIT_BASE];
    uint64_t base = 0;
    if (!option_number(sink, "exit-base", text, 0, EXIT_BASE_MAX, &base)) {
        return EXIT_CODE_BAD_INPUT;
    }
    execution of = {.arguments = called->operands, .measure_path = called->options[OPTION_MEASURE]};
    exit_code code = gather_and_run(called, sink, &of);
    bool is_of_rein = !of.has_run && code <= EXIT_CODE_CANNOT_TELL;
    return is_of_rein ? code + (exit_code)base : code;
}

const command run_command = {
    .name = "run",
    .operands = "-- COMMAND [ARGUMENT...]",
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .summary = "run a command with its budget reserved",
    .details = "Reserves the model's budget on this node, then becomes the command: the process\n"
               "id, the terminal and all signals are the command's. The reservation lasts until\n"
               "the command and every child that inherited its open files have ended, for\n"
               "whatever reason.\n\n"
               "The device and the budget come from --device, --model, --memory, --streams and\n"
               "--compute, or from --manifest and --model. The command finds its budget in\n"
               "REIN_DEVICE, REIN_MODEL, REIN_MEMORY_LIMIT_BYTES, REIN_STREAM_LIMIT,\n"
               "REIN_COMPUTE_BUDGET_NS, REIN_RESERVED_BYTES, REIN_DEVICE_TOTAL_BYTES and\n"
               "REIN_RESERVATION.\n"
               "CUDA_DEVICE_MAX_CONNECTIONS is set too, unless it has a value. So is\n"
               "CUDA_MPS_PINNED_DEVICE_MEM_LIMIT if MPS runs and CUDA_VISIBLE_DEVICES names one\n"
               "device.\n\n"
               "With --measure, rein stays as the parent. Every 20 ms it asks the driver how\n"
               "much device memory the command and its descendants use. It writes the peak to\n"
               "FILE, for the key 'measured' of a manifest, and ends as the command did. A\n"
               "sampled peak is a lower bound. Engines that take a share of the device at their\n"
               "start, such as vLLM and JAX, measure their own option for that share.\n\n"
               "Reservations are kept in $REIN_STATE_DIR, else in /run/rein, else in\n"
               "$XDG_RUNTIME_DIR/rein (see docs/reservations.md).\n\n"
               "exit: the command's own code; before the command runs, with a message that\n"
               "      starts with 'rein: ':\n"
               "      1 does not fit\n"
               "      2 bad input\n"
               "      3 cannot tell, or cannot reserve\n"
               "      126 the command cannot be executed\n"
               "      127 the command cannot be found\n"
               "--exit-base 120 turns rein's 1, 2 and 3 into 121, 122 and 123, so that scripts\n"
               "can tell them from the command's. Unknown options still exit with 2.\n",
    .options = options,
    .option_count = OPTION_COUNT,
    .takes_command = true,
    .run = run_run,
};
