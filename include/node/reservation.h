/* Node-wide reservations: processes that share a device never count the same free byte twice.
 *
 * A state directory has a folder for each device, named by the device's UUID. The folder has a
 * small readable file for each reservation. The holder keeps its file locked (an open file
 * description lock), so a reservation lasts as long as any process has the file open. The kernel
 * releases it, however the process ends. Process ids are shown, but never trusted.
 *
 * To take a reservation, a process locks the device's folder, removes the files that no process
 * holds and adds up the others. It calls rein_admission_decide with that sum as reserved, and puts
 * its own file in place, locked before it is visible. A file that is not locked is dead, whatever
 * it contains. A locked file that cannot be read, or a file that cannot be opened, counts as
 * unknown: while it exists nothing fits, and it is never removed.
 *
 * Reservations are cooperative. A process that may write to the directory can break the rules, and
 * a process that does not reserve is not counted. A process that may only read the directory cannot
 * block, forge or remove a reservation. docs/reservations.md lists who can do what. Linux only;
 * needs a local file system with open file description locks, preferably in memory.
 *
 * Fork: state directories and reservations belong to the process that opened them. In a child of
 * fork every function fails with InvalidState, except rein_state_directory_close and
 * rein_reservation_release. These close the child's copies and do not change the parent's
 * reservation. A child keeps the reservation alive until it closes its copy, ends or executes
 * another program, or until the parent changes or releases it. Children made by clone, vfork or
 * _Fork must execute another program or end.
 *
 * Signal handlers must not call these functions or fork. A thread must not be cancelled in a
 * function of this header. Nothing here allocates, except registering the fork handlers. */
#ifndef REIN_NODE_RESERVATION_H
#define REIN_NODE_RESERVATION_H

#include "contract/admission.h"
#include "contract/api.h"

REIN_API_BEGIN

/* Limits of texts and counts. */
enum {
    REIN_STATE_PATH_CAPACITY = 4096,      /* bytes, including the terminating NUL */
    REIN_RESERVATION_MODELS_MAX = 32,     /* per reservation */
    REIN_RESERVATION_NAME_CAPACITY = 256, /* bytes of a file name, including the NUL */
    REIN_RESERVATION_LOCK_WAIT_S = 10     /* least time to wait for a folder's lock */
};

/* The source of the state directory's path. */
typedef enum rein_state_origin {
    REIN_STATE_FROM_ENVIRONMENT = 1, /* $REIN_STATE_DIR */
    REIN_STATE_FROM_SYSTEM = 2,      /* /run/rein */
    REIN_STATE_FROM_RUNTIME = 3      /* $XDG_RUNTIME_DIR/rein: removed when the user logs out */
} rein_state_origin;

REIN_RESULT_DEFINE(rein_result_state_origin, rein_state_origin)

/* Writes the path of the state directory and returns its source: $REIN_STATE_DIR if set and not
 * empty, else /run/rein if it exists, else $XDG_RUNTIME_DIR/rein. Creates nothing: the directory
 * may be missing. Reads the environment, which other threads must not change meanwhile. Errors:
 * NotFound if none is set or exists; InvalidArgument if the path is not absolute or too long, or
 * `out_path` is NULL. */
REIN_MUST_USE rein_result_state_origin
rein_state_path_find(char out_path[REIN_STATE_PATH_CAPACITY]);

/* An open state directory. Any number of threads may use it. Fork: a child can only close it. A
 * zeroed struct is closed. */
typedef struct rein_state_directory {
    int descriptor;   /* owned, closed on exec */
    uint32_t process; /* detects a forked child; 0 if not open */
} rein_state_directory;

REIN_RESULT_DEFINE(rein_result_state_directory, rein_state_directory)

/* Opens `path`; the caller closes it with rein_state_directory_close. `path` must not be a symbolic
 * link, must be owned by root or by the caller's effective user, and must not be world-writable.
 * Errors: NotFound if it does not exist; InvalidState if it breaks one of these rules; OutOfMemory
 * if the fork handlers cannot be registered; InternalError with the errno otherwise. */
REIN_MUST_USE rein_result_state_directory rein_state_directory_open(const char *path);

/* Creates the directory `path` with mode 0700 if it does not exist, and opens it. Errors: as
 * rein_state_directory_open; InternalError with the errno if it cannot be created. */
REIN_MUST_USE rein_result_state_directory rein_state_directory_create(const char *path);

/* Closes the descriptor. Reservations taken through it stay held. Does nothing if `directory` is
 * NULL, closed or zeroed. A child of fork closes its copy. */
void rein_state_directory_close(rein_state_directory *directory);

/* The budget promised to one model. */
typedef struct rein_reserved_model {
    rein_model_id id;            /* the name given by the holder */
    rein_resource_budget budget; /* as requested: the limit is not rounded up */
} rein_reserved_model;

/* The contents of a reservation's file. */
typedef struct rein_reservation_record {
    char device_uuid[REIN_DEVICE_UUID_CAPACITY]; /* normalized; also names the folder */
    rein_fact_u64 device_total_bytes;            /* the total of the profile that decided */
    uint64_t bytes;         /* reserved: the limits as the device rounds them, and the contexts */
    uint64_t process_count; /* processes that run the models; at least 1 */
    int64_t pid;            /* in the holder's own PID namespace */
    uint64_t uid;           /* the holder's effective user, in its own user namespace */
    /* When taken or last changed: seconds since 1970-01-01 UTC; below 0 if the clock is wrong. */
    int64_t since_unix_s;
    char holder[REIN_NAME_MAX_BYTES + 1];                    /* chosen by the holder */
    size_t model_count;                                      /* 1 to REIN_RESERVATION_MODELS_MAX */
    rein_reserved_model models[REIN_RESERVATION_MODELS_MAX]; /* the first model_count are set */
} rein_reservation_record;

/* The reservations of one device, added up. */
typedef struct rein_reservation_summary {
    size_t live_count;                /* reservations that a process holds */
    uint64_t live_bytes;              /* sum of their bytes */
    size_t unknown_count;             /* unrecognised files: the sum may be larger */
    rein_fact_u64 device_total_bytes; /* stated by the first live one with a total */
} rein_reservation_summary;

REIN_RESULT_DEFINE(rein_result_reservation_summary, rein_reservation_summary)

/* A request: models, holder, and the deadline for waiting. */
typedef struct rein_reservation_request {
    /* The device must have a UUID. `reserved_bytes` is added to the live reservations. */
    rein_admission_request admission;
    const char *holder;      /* shown to people; a name as in ids.h */
    const rein_clock *clock; /* borrowed; used for waiting */
    rein_timestamp deadline; /* on that clock: waits for room until then */
} rein_reservation_request;

/* The answer to a request for a reservation. */
typedef struct rein_reservation_verdict {
    /* The admission's. A change also fits if it takes no more than is held. It is "cannot tell" if
     * it depends on how much of its memory the caller already uses. */
    rein_admission_outcome outcome;
    /* The request's, with the others' bytes as reserved, their unknown reservations, and their
     * total of the device. */
    rein_admission_verdict admission;
    rein_reservation_summary others; /* without the caller's own reservation */
    uint64_t bytes;                  /* the reserved bytes if it fits, else 0 */
} rein_reservation_verdict;

REIN_RESULT_DEFINE(rein_result_reservation_verdict, rein_reservation_verdict)

/* Returns the answer of rein_reservation_take beside the reservations `others`, without reserving:
 * rein_admission_decide with the bytes of `others` added to the request's reserved bytes. If the
 * request or `others` has unknown reservations, the outcome is not "fits". If either states a total
 * that is not the device's, the device's outcome is "cannot tell". Allows any number of models; the
 * device needs no UUID. Writes a verdict for each model into `out_models`. Thread-safe: a pure
 * function. Errors: InvalidArgument as rein_admission_decide, and if `others` is NULL or the sum of
 * the reserved bytes does not fit in 64 bits. */
REIN_MUST_USE rein_result_reservation_verdict
rein_reservation_judge(const rein_admission_request *request,
                       const rein_reservation_summary *others, rein_model_verdict *out_models);

/* A held reservation; its fields are read-only. One thread at a time. Fork: a child can only
 * release it, which does not end the parent's. A zeroed struct is released. */
typedef struct rein_reservation {
    rein_request_id id;                          /* names the file */
    uint64_t bytes;                              /* the bytes that the node counts */
    char device_uuid[REIN_DEVICE_UUID_CAPACITY]; /* normalized */
    int folder_descriptor; /* the device's folder, not locked; -1 once released */
    int file_descriptor;   /* the lock, held while any copy of this is open */
    uint32_t process;      /* detects a forked child; 0 if nothing is held */
} rein_reservation;

/* Reserves for all models or for none. The reservation is held and `*out_reservation` is written if
 * and only if the outcome is "fits". Writes a verdict for each model into `out_models` as
 * rein_admission_decide does.
 *
 * Waits until the deadline while other reservations prevent it; waiters do not queue. Retries after
 * 1 ms, then less and less often, at least every 100 ms. Each try is O(live reservations). If the
 * device's folder does not exist, first reads the descriptors of processes in /proc, as
 * rein_reservation_visit_removed does. A reservation that a process still holds counts as unknown,
 * and the folder is not created.
 *
 * Errors:
 *  - InvalidArgument as rein_admission_decide and rein_device_uuid_normalize;
 *  - InvalidArgument if the holder or a model's id is not a name, or there are no models or too
 *    many. Also if the system clock is outside the years 0 to 9999;
 *  - InvalidState if the directory is not open or belongs to the parent process, or if the device's
 *    folder is not safe or was moved meanwhile;
 *  - Timeout if others hold the lock until the deadline and for REIN_RESERVATION_LOCK_WAIT_S;
 *  - InternalError with the errno if a system call fails. */
REIN_MUST_USE rein_result_reservation_verdict rein_reservation_take(
    const rein_state_directory *directory, const rein_reservation_request *request,
    rein_model_verdict *out_models, rein_reservation *out_reservation);

/* Replaces the reserved models, atomically and on the same terms. If the outcome is not "fits", or
 * on an error, the reservation is unchanged. A change to fewer bytes is granted if each model fits
 * its own budget and no other reservation states another total of the device. Errors: as above;
 * InvalidArgument if the device differs; InvalidState if the reservation's file or folder no longer
 * exists. It is then no longer counted: release it and take another. */
REIN_MUST_USE rein_result_reservation_verdict
rein_reservation_change(rein_reservation *reservation, const rein_reservation_request *request,
                        rein_model_verdict *out_models);

/* Checks that the reservation still counts: that its file is in the device's folder, and the folder
 * in the state directory. Does not detect a state directory that was moved as a whole. A few system
 * calls; no lock. Errors: InvalidState if the file or the folder was removed or moved, or if the
 * reservation was released or belongs to the parent process; InternalError with the errno. */
REIN_MUST_USE rein_result_void rein_reservation_check(const rein_reservation *reservation);

/* Ends a reservation, also for children that hold it; cannot fail. If its file cannot be removed,
 * the next reservation removes it. In a child of fork it only closes the child's copy. Does nothing
 * to a reservation that is released or zeroed. */
void rein_reservation_release(rein_reservation *reservation);

/* Keeps the reservation held by the program that this process executes: moves the lock to a high
 * descriptor that is not closed on exec. The program, and every child that inherits it, holds the
 * reservation. Call it again after a change, which replaces the descriptor. Errors: InvalidState if
 * it was released or belongs to the parent process; InternalError with the errno. */
REIN_MUST_USE rein_result_void rein_reservation_keep_on_exec(rein_reservation *reservation);

/* A file in a device's folder. The texts are valid during the visit. */
typedef struct rein_reservation_entry {
    const char *file_name;                 /* without the folder */
    const rein_reservation_record *record; /* NULL: unknown */
    const char *reason;                    /* why it is unknown, else NULL */
} rein_reservation_entry;

/* Called for each entry by the visiting thread. `context` is the argument of the visit. */
typedef void (*rein_reservation_visitor)(const rein_reservation_entry *entry, void *context);

/* Visits the live reservations and the unrecognised files of a device. Changes nothing and takes no
 * lock: needs only read permission, and does not block any process. A reservation that begins,
 * changes or ends during the visit may be seen as before or after; one that changes may be missed.
 * `visit` may be NULL. A device without a folder has no reservations. Errors: InvalidArgument as
 * rein_device_uuid_normalize; InvalidState if the directory is not open or belongs to the parent
 * process, or if the device's folder is not safe; InternalError with the errno. */
REIN_MUST_USE rein_result_reservation_summary
rein_reservation_visit(const rein_state_directory *directory, const char *device_uuid,
                       rein_reservation_visitor visit, void *context);

/* Visits the reservations of the state directory `path` that processes hold although their files or
 * folders were removed or moved. They are no longer counted, and the node may grant their bytes
 * again. The directory need not exist. Reads the descriptors that this process may read in /proc,
 * within its PID namespace: of its own user's processes, or of all if it is root. Files of other
 * users count only if they belong to the group of a directory that the group may write to. The
 * record's `pid` is that of a process that holds the lock. A reservation that several processes
 * hold is visited once for each. Best effort: processes that cannot be read are skipped. Does
 * nothing if `path` or `visit` is NULL. */
void rein_reservation_visit_removed(const char *path, rein_reservation_visitor visit,
                                    void *context);

/* Called for each device by the visiting thread. The text is valid during the visit. */
typedef void (*rein_device_visitor)(const char *device_uuid, void *context);

/* Visits the devices that have a folder, in any order. Errors: InvalidArgument if a pointer is
 * NULL; InvalidState if the directory is not open or belongs to the parent process; InternalError
 * with the errno. */
REIN_MUST_USE rein_result_void rein_state_directory_visit_devices(
    const rein_state_directory *directory, rein_device_visitor visit, void *context);

REIN_API_END

#endif
