/* Processes and their parents, from /proc. */
#ifndef REIN_CLI_RUN_PROCESS_TREE_H
#define REIN_CLI_RUN_PROCESS_TREE_H

#include <stdbool.h>
#include <sys/types.h>

/* Finds the parent in the text of /proc/PID/stat. Returns false if the text is not valid. */
bool process_stat_parent(const char *text, pid_t *out_parent);

/* Returns whether the process is a child of `ancestor`, or a child of such a process, and so on.
 * Returns false if a process of the chain has ended. */
bool process_descends(pid_t process, pid_t ancestor);

/* Sends the signal to each child of this process. */
void signal_children(int signal_number);

#endif
