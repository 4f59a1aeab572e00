/* Signals while a file is written: the process ends by the signal and leaves no file. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/base/signals.h"
#include "cli/base/unfinished_file.h"
#include "cli/write/output.h"

enum { NO_SIGNAL = 7 }; /* the exit status of a child that no signal ended */

static int signal_in_fsync; /* 0: none */
static bool meets_another_thread;
static sem_t has_met;
static pthread_t other;

int __wrap_fsync(int file);
int __real_fsync(int file);
int __wrap_mkstemp(char *path);
int __real_mkstemp(char *path);
int __wrap_sched_yield(void);

/* Called when the text is written and the file does not have its name yet. */
int __wrap_fsync(int file) {
    if (signal_in_fsync != 0) {
        kill(getpid(), signal_in_fsync);
    }
    return __real_fsync(file);
}

static void *make_another(void *unused) {
    char path[] = "other.XXXXXX";
    unfinished_file file = {.path = path};
    close(unfinished_file_make(&file));
    unfinished_file_done(&file);
    return unused;
}

/* Returns after another thread began to wait to make a file. */
int __wrap_mkstemp(char *path) {
    if (meets_another_thread) {
        meets_another_thread = false;
        pthread_create(&other, NULL, make_another, NULL);
        sem_wait(&has_met);
    }
    return __real_mkstemp(path);
}

int __wrap_sched_yield(void) {
    sem_post(&has_met);
    return 0;
}

static char folder_path[] = "/tmp/rein-unfinished.XXXXXX";

static void enter_empty_folder(void) {
    cr_assert(mkdtemp(folder_path) != NULL && chdir(folder_path) == 0, "no folder");
}

static void remove_folder(void) {
    DIR *folder = opendir(".");
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        unlink(entry->d_name);
    }
    closedir(folder);
    rmdir(folder_path);
}

TestSuite(cli_unfinished, .init = enter_empty_folder, .fini = remove_folder);

static size_t count_files(void) {
    size_t count = 0;
    DIR *folder = opendir(".");
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        count += entry->d_name[0] != '.';
    }
    closedir(folder);
    return count;
}

static bool write_file(const char *path, bool is_new) {
    arena *memory = arena_create();
    diagnostics sink = {.stream = stderr, .memory = memory};
    output_text *text = output_open(memory);
    fputs("a text", text->stream);
    bool is_written =
        is_new ? output_to_new_file(&sink, text, path) : output_to_file(&sink, text, path);
    arena_destroy(memory);
    return is_written;
}

/* Runs `what` in a child process and returns its wait status. */
static int status_of(void (*what)(void)) {
    pid_t child = fork();
    if (child == 0) {
        what();
        exit(NO_SIGNAL);
    }
    int status = 0;
    cr_assert(waitpid(child, &status, 0) == child, "no child");
    return status;
}

static void replace(void) {
    write_file("old", false);
}

static void make_new(void) {
    write_file("new", true);
}

static void expect_nothing_left(int signal_number, void (*what)(void)) {
    signal_in_fsync = signal_number;
    int status = status_of(what);
    signal_in_fsync = 0;
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == signal_number, "signal %d: status %d",
              signal_number, status);
    cr_assert(count_files() == 1, "signal %d: %zu files", signal_number, count_files());
}

Test(cli_unfinished, nothing_is_left_by_any_signal_that_ends_the_process) {
    const int ending[] = {SIGHUP,    SIGINT,   SIGQUIT,      SIGTERM, SIGALRM, SIGUSR1,
                          SIGUSR2,   SIGXCPU,  SIGVTALRM,    SIGPROF, SIGPOLL, SIGPWR,
                          SIGSTKFLT, SIGRTMIN, SIGRTMIN + 1, SIGRTMAX};
    cr_assert(write_file("old", false), "not written");
    for (size_t index = 0; index < sizeof ending / sizeof ending[0]; index++) {
        expect_nothing_left(ending[index], replace);
        expect_nothing_left(ending[index], make_new);
    }
}

static void replace_despite_hangup(void) {
    signal(SIGHUP, SIG_IGN);
    exit(write_file("old", false) ? NO_SIGNAL : EXIT_FAILURE);
}

Test(cli_unfinished, a_signal_that_is_ignored_stays_ignored) {
    signal_in_fsync = SIGHUP;
    int status = status_of(replace_despite_hangup);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == NO_SIGNAL, "status %d", status);
    cr_assert(count_files() == 1, "%zu files", count_files());
}

static void replace_and_pass_on(void) {
    interrupt_watch();
    if (write_file("old", false) && interrupt_came()) {
        interrupt_pass_on();
    }
}

static void replace_twice(void) {
    interrupt_watch();
    if (write_file("old", false)) {
        write_file("new", false);
    }
}

Test(cli_unfinished, the_first_interrupt_waits_for_the_output_and_the_second_removes_it) {
    expect_nothing_left(SIGINT, replace_and_pass_on);
    expect_nothing_left(SIGINT, replace_twice);
}

static void make_two_at_once(void) {
    char path[] = "first.XXXXXX";
    unfinished_file file = {.path = path};
    meets_another_thread = true;
    close(unfinished_file_make(&file));
    pthread_join(other, NULL);
    unfinished_file_done(&file);
}

Test(cli_unfinished, threads_make_their_files_one_after_the_other) {
    sem_init(&has_met, 0, 0);
    int status = status_of(make_two_at_once);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == NO_SIGNAL, "status %d", status);
    cr_assert(count_files() == 2, "%zu files", count_files());
}
