/* Node-wide reservations: processes that share a device never count the same free byte.
 *
 * A state directory has a folder for each device, named by the device's UUID, and in it a small
 * readable file for each reservation. The holder keeps its file locked (an open file description
 * lock), so a reservation lives exactly as long as a process that has the file open: the kernel
 * ends it, however the process ends. Process ids are shown, never trusted.
 *
 * To take a reservation, a process locks the device's folder, removes the files that no process
 * holds, adds up the others, asks rein_admission_decide with that sum as reserved, and puts its own
 * file in place, locked before it is visible. A file that is not locked is dead, whatever it
 * contains. A file that is locked and cannot be read, or that cannot be opened, counts as unknown:
 * while it is there nothing fits, and it is never removed.
 *
 * This is cooperation, not a jail: a process that may write to the directory may break its rules,
 * and a process that does not reserve is not seen. A process that may only read the directory can
 * neither block, forge nor remove a reservation. docs/reservations.md states who can do what.
 * Linux only, on a local file system that keeps open file description locks, best one in memory.
 *
 * Fork: state directories and reservations belong to the process that opened them. In a child of
 * fork every function refuses them with InvalidState, except rein_state_directory_close and
 * rein_reservation_release, which close the child's copies and leave the parent's reservation as it
 * is. A child keeps the reservation alive until it closes its copy, ends or executes another
 * program, or until the parent changes or releases it. Children made by clone, vfork or _Fork must
 * execute another program or end.
 *
 * No function here may be called, and no fork may happen, in a signal handler. A thread must not be
 * cancelled in a function of this header. Nothing here allocates, but for the handlers of fork. */
#ifndef REIN_NODE_RESERVATION_H
#define REIN_NODE_RESERVATION_H

#include "contract/admission.h"
#include "contract/api.h"

REIN_API_BEGIN

/* Limits of texts and counts. */
enum {
    REIN_STATE_PATH_CAPACITY = 4096,      /* bytes, the terminating NUL included */
    REIN_RESERVATION_MODELS_MAX = 32,     /* of one reservation */
    REIN_RESERVATION_NAME_CAPACITY = 256, /* of a file's name */
    REIN_RESERVATION_LOCK_WAIT_S = 10     /* how long to wait for a folder's lock, at least */
};

/* Where the path of the state directory comes from. */
typedef enum rein_state_origin {
    REIN_STATE_FROM_ENVIRONMENT = 1, /* $REIN_STATE_DIR */
    REIN_STATE_FROM_SYSTEM = 2,      /* /run/rein */
    REIN_STATE_FROM_RUNTIME = 3      /* $XDG_RUNTIME_DIR/rein: ends with the user's session */
} rein_state_origin;

REIN_RESULT_DEFINE(rein_result_state_origin, rein_state_origin)

/* Writes the path of the state directory: $REIN_STATE_DIR if it is set and not empty, else
 * /run/rein if it exists, else $XDG_RUNTIME_DIR/rein. Makes nothing: the directory may be missing.
 * Reads the environment: no other thread may change it meanwhile. Errors: NotFound if none is set
 * or exists; InvalidArgument if the path is not absolute or too long, or `out_path` is NULL. */
REIN_MUST_USE rein_result_state_origin
rein_state_path_find(char out_path[REIN_STATE_PATH_CAPACITY]);

/* An open state directory. Any number of threads may use one. Fork: a child can only close it. A
 * zeroed one is closed. */
typedef struct rein_state_directory {
    int descriptor;   /* owned, closed on exec */
    uint32_t process; /* tells a forked child; 0 if the directory is not open */
} rein_state_directory;

REIN_RESULT_DEFINE(rein_result_state_directory, rein_state_directory)

/* Opens `path`; the caller closes it with rein_state_directory_close. `path` must not be a symbolic
 * link, must be owned by root or by the caller's effective user, and must not be world-writable.
 * Errors: NotFound if it does not exist; InvalidState if one of these does not hold; OutOfMemory if
 * forks cannot be watched; InternalError with the errno if the system refuses. */
REIN_MUST_USE rein_result_state_directory rein_state_directory_open(const char *path);

/* Makes the directory `path` with mode 0700 if it does not exist, and opens it. Errors: as
 * rein_state_directory_open; InternalError with the errno if it cannot be made. */
REIN_MUST_USE rein_result_state_directory rein_state_directory_create(const char *path);

/* Closes the descriptor. Reservations that were taken through it live on. Does nothing to a
 * directory that is NULL, closed or zeroed. A child of fork closes its copy. */
void rein_state_directory_close(rein_state_directory *directory);

/* The budget promised to one model. */
typedef struct rein_reserved_model {
    rein_model_id id;            /* as the holder named it */
    rein_resource_budget budget; /* as it was requested: the limit is not rounded up */
} rein_reserved_model;

/* The contents of a reservation's file. */
typedef struct rein_reservation_record {
    char device_uuid[REIN_DEVICE_UUID_CAPACITY]; /* normalized; names the folder, too */
    rein_fact_u64 device_total_bytes; /* the total of the profile that it was judged by */
    uint64_t bytes;         /* set aside: the limits as the device rounds them, and the contexts */
    uint64_t process_count; /* processes that run the models; at least 1 */
    int64_t pid;            /* as the holder sees itself: containers have ids of their own */
    uint64_t uid;           /* the holder's effective user, in its own user namespace */
    /* When it was taken or last changed: seconds since 1970-01-01 UTC, below 0 if the system's
     * clock is wrong. */
    int64_t since_unix_s;
    char holder[REIN_NAME_MAX_BYTES + 1];                    /* what the holder called itself */
    size_t model_count;                                      /* 1 to REIN_RESERVATION_MODELS_MAX */
    rein_reserved_model models[REIN_RESERVATION_MODELS_MAX]; /* the first model_count are set */
} rein_reservation_record;

/* The reservations of one device, added up. */
typedef struct rein_reservation_summary {
    size_t live_count;                /* reservations that a process holds */
    uint64_t live_bytes;              /* sum of their bytes */
    size_t unknown_count;             /* files that cannot be understood: the sum may be larger */
    rein_fact_u64 device_total_bytes; /* the total that the first live one with a total states */
} rein_reservation_summary;

REIN_RESULT_DEFINE(rein_result_reservation_summary, rein_reservation_summary)

/* A request: models, holder, and the deadline for waiting. */
typedef struct rein_reservation_request {
    /* The device has a UUID. `reserved_bytes` is what is promised beside the live reservations. */
    rein_admission_request admission;
    const char *holder;      /* shown to people: a name as ids.h has it */
    const rein_clock *clock; /* borrowed; for waiting */
    rein_timestamp deadline; /* of that clock: waits for room until then, if it has not passed */
} rein_reservation_request;

/* The answer to a request for a reservation. */
typedef struct rein_reservation_verdict {
    /* The admission's. A change also fits if it takes no more than is held; it is "cannot tell" if
     * it depends on how many of the caller's bytes the device's free memory lacks already. */
    rein_admission_outcome outcome;
    /* Of the request, with the others' bytes as reserved, and with their unknown reservations and
     * their total of the device. */
    rein_admission_verdict admission;
    rein_reservation_summary others; /* the caller's own reservation is not in it */
    uint64_t bytes;                  /* what is reserved if it fits, else 0 */
} rein_reservation_verdict;

REIN_RESULT_DEFINE(rein_result_reservation_verdict, rein_reservation_verdict)

/* Returns the answer that rein_reservation_take would give beside the reservations `others`, and
 * reserves nothing: rein_admission_decide, with the bytes of `others` added to what the request has
 * as reserved. If the request or `others` has unknown reservations, the outcome is not "fits". If
 * the request or `others` has a total that is not the device's, the device's outcome is "cannot
 * tell". Any number of models; the device needs no UUID. Writes a verdict for each model into
 * `out_models`. A pure function: any number of threads at a time. Errors: InvalidArgument as
 * rein_admission_decide, and if `others` is NULL or the sum of what is reserved does not fit in 64
 * bits. */
REIN_MUST_USE rein_result_reservation_verdict
rein_reservation_judge(const rein_admission_request *request,
                       const rein_reservation_summary *others, rein_model_verdict *out_models);

/* A reservation that is held; its fields are read only. One thread at a time. Fork: a child can
 * only release it, which ends nothing for the parent. A zeroed one is released. */
typedef struct rein_reservation {
    rein_request_id id;                          /* names the file */
    uint64_t bytes;                              /* what the node counts for it */
    char device_uuid[REIN_DEVICE_UUID_CAPACITY]; /* of the device it is on, normalized */
    int folder_descriptor; /* the device's folder, not locked; -1 once it was released */
    int file_descriptor;   /* the lock: it is held as long as any copy of this is open */
    uint32_t process;      /* tells a forked child; 0 if nothing is held */
} rein_reservation;

/* Reserves for all models or for none. If and only if the outcome is "fits", the reservation is
 * held and `*out_reservation` is written. Writes a verdict for each model into `out_models` as
 * rein_admission_decide does.
 *
 * Waits until the deadline as long as others' reservations are in the way; waiters do not queue.
 * Tries again after 1 ms, then less and less often, up to every 100 ms. O(live reservations) for
 * each try. If the device's folder does not exist, the descriptors of processes in /proc are read
 * first, as rein_reservation_visit_removed does: a reservation that a process still holds counts as
 * unknown, and the folder is not made.
 *
 * Errors: InvalidArgument as rein_admission_decide and rein_device_uuid_normalize, if the
 * holder or the id of a model is not a name, if there are no models or too many, and if the
 * system's clock is beyond the years 0 to 9999; InvalidState if the directory is not open or
 * belongs to the parent process, if the device's folder is not safe, or if it was moved away
 * meanwhile; Timeout if its lock was not free until the deadline, and for
 * REIN_RESERVATION_LOCK_WAIT_S at least; InternalError with the errno if the system refuses. */
REIN_MUST_USE rein_result_reservation_verdict rein_reservation_take(
    const rein_state_directory *directory, const rein_reservation_request *request,
    rein_model_verdict *out_models, rein_reservation *out_reservation);

/* Replaces the reserved models by others, at once and on the same terms: if the outcome is not
 * "fits" or an error comes back, the reservation is as it was. Fewer bytes than are held are
 * granted if each model fits its own budget and no other reservation states another total of the
 * device. Errors: as above, and InvalidArgument if the device is another one; InvalidState if the
 * reservation's file or folder is no longer there: it is not counted any more, so release it and
 * take another. */
REIN_MUST_USE rein_result_reservation_verdict
rein_reservation_change(rein_reservation *reservation, const rein_reservation_request *request,
                        rein_model_verdict *out_models);

/* Checks that the reservation still counts: that its file is in the device's folder, and the folder
 * in the state directory. A state directory that was moved as a whole is not noticed. A few system
 * calls, no lock. Errors: InvalidState if the file or the folder was removed or moved, if the
 * reservation was released or belongs to the parent process; InternalError with the errno. */
REIN_MUST_USE rein_result_void rein_reservation_check(const rein_reservation *reservation);

/* Ends a reservation, for children that hold it too; cannot fail. If its file cannot be removed,
 * the next reservation removes it. In a child of fork it closes the child's copy and changes
 * nothing else. Does nothing to a reservation that is released or zeroed. */
void rein_reservation_release(rein_reservation *reservation);

/* Lets the reservation live on in the program that this process executes: the lock moves to a high
 * descriptor that is not closed. The program, and every child that inherits it, holds the
 * reservation. Call it again after a change, which replaces the kept descriptor. Errors:
 * InvalidState if it was released, or is the parent process's; InternalError with the errno. */
REIN_MUST_USE rein_result_void rein_reservation_keep_on_exec(rein_reservation *reservation);

/* A file in a device's folder. The texts live during the visit. */
typedef struct rein_reservation_entry {
    const char *file_name;                 /* without the folder */
    const rein_reservation_record *record; /* NULL: unknown */
    const char *reason;                    /* why it is unknown, else NULL */
} rein_reservation_entry;

/* Called for each entry by the thread that visits; `context` is what was given to the visit. */
typedef void (*rein_reservation_visitor)(const rein_reservation_entry *entry, void *context);

/* Visits the live reservations of a device and the files that cannot be understood. Changes nothing
 * and takes no lock, so being able to read is enough, and a reader does not block any process: a
 * reservation that begins, changes or ends during the visit may be seen as it was before or as it
 * is after, and one that changes may be missed. `visit` may be NULL. A device without a folder has
 * no reservations. Errors: InvalidArgument as rein_device_uuid_normalize; InvalidState if the
 * directory is not open or belongs to the parent process, or if the device's folder is not safe;
 * InternalError with the errno. */
REIN_MUST_USE rein_result_reservation_summary
rein_reservation_visit(const rein_state_directory *directory, const char *device_uuid,
                       rein_reservation_visitor visit, void *context);

/* Visits the reservations of the state directory `path` that processes hold although their files or
 * folders were removed or moved: nothing counts them, and the node may grant their bytes again. The
 * directory need not exist any more. Reads the descriptors of the processes in /proc that this
 * process may read: those of its own user, or of all users if it is root, in its own PID namespace.
 * Files of other users count only if they belong to the group of a directory that the group may
 * write to. The record's `pid` is that of a process that holds the lock; a reservation that several
 * processes hold is visited for each. Best effort: what cannot be read is left out. Does nothing if
 * `path` or `visit` is NULL. */
void rein_reservation_visit_removed(const char *path, rein_reservation_visitor visit,
                                    void *context);

/* Called for each device by the thread that visits; the text lives during the visit. */
typedef void (*rein_device_visitor)(const char *device_uuid, void *context);

/* Visits the devices that have a folder, in no order. Errors: InvalidArgument if a pointer is NULL;
 * InvalidState if the directory is not open, or the parent process's; InternalError with errno. */
REIN_MUST_USE rein_result_void rein_state_directory_visit_devices(
    const rein_state_directory *directory, rein_device_visitor visit, void *context);

REIN_API_END

#endif
