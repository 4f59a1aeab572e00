/* Runs a command and measures the device memory that it uses. */
#ifndef REIN_CLI_RUN_MEASURE_H
#define REIN_CLI_RUN_MEASURE_H

#include "cli/base/diagnostics.h"
#include "cli/run/child.h"
#include "cli/run/samples.h"
#include "nvml/session.h"

/* Connects to NVML for the device. Returns false after reporting that the device cannot be
 * measured. The caller closes the session. */
bool measure_open(diagnostics *sink, const char *device_uuid, nvml_session *out_session);

/* Runs the command, and takes samples until it and all of its descendants have ended. Signals that
 * another process sends to this one are passed on. Returns false with errno set if the command
 * cannot be executed. */
bool measure_command(const nvml_session *session, char *const *arguments, child *out_ended,
                     samples *out_samples);

#endif
