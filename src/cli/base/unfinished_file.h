/* Files that are being written: if a signal ends the process, they are removed first. */
#ifndef REIN_CLI_BASE_UNFINISHED_FILE_H
#define REIN_CLI_BASE_UNFINISHED_FILE_H

/* Must not move between make and done. */
typedef struct unfinished_file {
    char *path; /* ends in XXXXXX before it is made */
    struct unfinished_file *next;
} unfinished_file;

/* Makes the file as mkstemp does, and puts its name into `path`. Returns its descriptor, or -1 with
 * errno. Any thread. */
int unfinished_file_make(unfinished_file *file);

/* Removes the file from the list, once it has another name or is gone. Any thread. */
void unfinished_file_done(unfinished_file *file);

/* Removes all unfinished files and ends the process by the signal, as its default action does.
 * Async-signal-safe; no thread makes a file after it. */
void end_by_signal(int signal_number);

#endif
