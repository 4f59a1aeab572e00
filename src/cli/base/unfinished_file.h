/* Files that are being written, and that are removed if a signal ends the process. */
#ifndef REIN_CLI_BASE_UNFINISHED_FILE_H
#define REIN_CLI_BASE_UNFINISHED_FILE_H

/* Must not move between unfinished_file_make and unfinished_file_done. */
typedef struct unfinished_file {
    char *path; /* ends in XXXXXX until the file is made */
    struct unfinished_file *next;
} unfinished_file;

/* Makes the file as mkstemp does and puts its name into `path`. Returns its descriptor, or -1 with
 * errno set. Thread-safe. */
int unfinished_file_make(unfinished_file *file);

/* Removes the file from the list, after it was renamed or removed. Thread-safe. */
void unfinished_file_done(unfinished_file *file);

/* Removes all unfinished files and ends the process by the signal's default action. No thread can
 * make a file afterwards. Async-signal-safe. */
void end_by_signal(int signal_number);

#endif
