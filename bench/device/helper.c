#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "raw.h"

extern char **environ;

/* Two pipes: [0] is the read end, [1] the write end. */
typedef struct channels {
    int input[2];
    int output[2];
} channels;

static rein_result_void open_channels(channels *out_channels) {
    if (pipe(out_channels->input) != 0) {
        return raw_failure("a pipe to a second process cannot be opened", REIN_HERE);
    }
    if (pipe(out_channels->output) != 0) {
        close(out_channels->input[0]);
        close(out_channels->input[1]);
        return raw_failure("a pipe from a second process cannot be opened", REIN_HERE);
    }
    (void)fcntl(out_channels->input[1], F_SETFD, FD_CLOEXEC);
    (void)fcntl(out_channels->output[0], F_SETFD, FD_CLOEXEC);
    return rein_done();
}

static int spawn(const bench *run, const char *part, const channels *opened, pid_t *out_process) {
    char helper_option[] = "--helper";
    char device_option[] = "--device";
    char program[RECORD_NAME_CAPACITY];
    char part_text[RECORD_NAME_CAPACITY];
    char device[16];
    snprintf(program, sizeof program, "%s", run->program);
    snprintf(part_text, sizeof part_text, "%s", part);
    snprintf(device, sizeof device, "%d", run->device);
    char *const arguments[] = {program, helper_option, part_text, device_option, device, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, opened->input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, opened->output[1], STDOUT_FILENO);
    int code = posix_spawn(out_process, run->program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

const char *helper_obstacle(const bench *run) {
    if (bench_is_waived(run)) {
        return run->waiver;
    }
    return run->is_exclusive ? "the device lets no second process in (compute mode)" : NULL;
}

rein_result_void helper_start(const bench *run, const char *part, helper *out_helper) {
    channels opened;
    REIN_TRY(rein_result_void, open_channels(&opened));
    int code = spawn(run, part, &opened, &out_helper->process);
    close(opened.input[0]);
    close(opened.output[1]);
    out_helper->input = opened.input[1];
    out_helper->output = code == 0 ? fdopen(opened.output[0], "r") : NULL;
    if (out_helper->output == NULL) {
        close(opened.input[1]);
        close(opened.output[0]);
        return raw_failure("a second process cannot be started", REIN_HERE);
    }
    return rein_done();
}

rein_result_void helper_read(helper *started, double *out_first, double *out_second) {
    return fscanf(started->output, "%lf %lf", out_first, out_second) == 2
               ? rein_done()
               : raw_failure("the second process does not answer with two numbers", REIN_HERE);
}

static rein_result_void wait_for_end(helper *started) {
    int status = 0;
    pid_t ended = 0;
    do {
        ended = waitpid(started->process, &status, 0);
    } while (ended < 0 && errno == EINTR);
    fclose(started->output);
    return ended == started->process && WIFEXITED(status) && WEXITSTATUS(status) == 0
               ? rein_done()
               : raw_failure("the second process did not end well", REIN_HERE);
}

rein_result_void helper_stop(helper *started) {
    close(started->input);
    return wait_for_end(started);
}

rein_result_void helper_finish(helper *started, double *out_first, double *out_second) {
    close(started->input);
    rein_result_void read = helper_read(started, out_first, out_second);
    rein_result_void ended = wait_for_end(started);
    return read.is_ok ? ended : read;
}
