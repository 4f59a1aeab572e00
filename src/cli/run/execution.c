#include "cli/run/execution.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/base/path.h"
#include "cli/base/progress.h"
#include "cli/base/signals.h"
#include "cli/base/text.h"
#include "cli/fleet/reservations.h"
#include "cli/run/environment.h"
#include "cli/run/measure.h"
#include "cli/run/measurement_text.h"
#include "cli/write/output.h"

/* Reports a command that was not executed, and releases its reservation. */
static exit_code refuse_command(diagnostics *sink, const char *command, int failure,
                                rein_reservation *held) {
    report(sink, "cannot run %s: %s", text_quote(sink->memory, command), strerror(failure));
    rein_reservation_release(held);
    return failure == ENOENT ? EXIT_CODE_NO_COMMAND : EXIT_CODE_NOT_EXECUTABLE;
}

/* Returns only if the command cannot be executed. */
static exit_code become_command(diagnostics *sink, char *const *arguments, rein_reservation *held) {
    restore_write_signals();
    execvp(arguments[0], arguments);
    return refuse_command(sink, arguments[0], errno, held);
}

static void report_failed_samples(diagnostics *sink, const char *model, const samples *taken,
                                  measurement_method method) {
    uint64_t failed = samples_failed(taken, method);
    if (failed > 0) {
        note_in_file(sink, "rein",
                     "%s: %" PRIu64 " of %" PRIu64
                     " samples lack memory of the command because NVML did not report it; it may "
                     "have used more",
                     model, failed, taken->count);
    }
}

/* Writes the file, and the result as the last line. The result is reported even if the file cannot
 * be written. */
static void report_measurement(diagnostics *sink, const execution *of, const char *model,
                               const rein_reservation *held, const samples *taken) {
    measurement measured;
    bool is_seen = samples_measurement(taken, &measured);
    report_failed_samples(sink, model, taken, is_seen ? measured.method : METHOD_PROCESSES);
    if (!is_seen) {
        report(sink,
               "%s: the command was never seen on %s, so %s is not written; measure a command "
               "that uses this device for longer than %d ms",
               model, held->device_uuid, text_quote(sink->memory, of->measure_path),
               SAMPLE_INTERVAL_MS);
        return;
    }
    measured.device_uuid = held->device_uuid;
    output_text *text = output_open(sink->memory);
    write_measurement(sink->memory, &measured, path_name(of->arguments[0]), time(NULL),
                      text->stream);
    (void)output_to_file(sink, text, of->measure_path);
    note_in_file(sink, "rein", "%s %s", model,
                 measurement_summary(sink->memory, &measured, held->bytes));
}

static exit_code run_measured(diagnostics *sink, execution *of, const char *model,
                              rein_reservation *held) {
    child ended;
    samples taken;
    if (!measure_command(of->measure, of->arguments, &ended, &taken)) {
        return refuse_command(sink, of->arguments[0], errno, held);
    }
    of->has_run = true;
    report_measurement(sink, of, model, held, &taken);
    return child_end_as(&ended);
}

exit_code execute_held(diagnostics *sink, execution *of, const rein_admission_request *admitted,
                       rein_reservation *held) {
    rein_result_void kept = rein_reservation_keep_on_exec(held);
    bool is_ready = rein_result_void_is_ok(kept);
    if (!is_ready) {
        report(sink, "%s", state_error_text(sink->memory, &REIN_ERROR(kept)));
    }
    if (!is_ready || !set_run_environment(sink, held, admitted)) {
        rein_reservation_release(held);
        return EXIT_CODE_CANNOT_TELL;
    }
    progress_end();
    if (of->measure_path == NULL) {
        return become_command(sink, of->arguments, held);
    }
    return run_measured(
        sink, of, text_quote(sink->memory, rein_model_id_text(&admitted->models[0].id)), held);
}
