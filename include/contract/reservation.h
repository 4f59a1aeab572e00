/* Node-wide reservations: processes that share a device never count the same free byte.
 *
 * A state directory has a folder for each device, named by the device's UUID, and in it a small
 * readable file for each reservation. The holder keeps its file locked (an open file description
 * lock), so a reservation lives exactly as long as a process that has the file open: the kernel
 * ends it, however the process ends. Process ids are shown, never trusted.
 *
 * To take a reservation, a process locks the device's folder, removes the files that nobody holds,
 * adds up the others, asks rein_admission_decide with that sum as reserved, and puts its own file
 * in place, locked before it is visible. What is no reservation or cannot be read counts as
 * unknown, keeps everyone from a "fits", and is never removed.
 *
 * This is cooperation, not a jail: who may write to the directory may break its rules, and a
 * process that asks nobody is not seen. Linux only, on a local file system that keeps open file
 * description locks; a file system in memory is best, for what a power cut tears counts as unknown.
 * A file or a folder that someone removes or moves away is not seen either: its holder is told when
 * it asks to change it.
 *
 * A child of fork holds its parent's reservations too, until it closes the file, ends or executes
 * another program; what the parent changes then is the parent's alone. Nothing here allocates. */
#ifndef REIN_CONTRACT_RESERVATION_H
#define REIN_CONTRACT_RESERVATION_H

#include "contract/admission.h"
#include "contract/api.h"

REIN_API_BEGIN

/* What texts and numbers here are bounded by. */
enum {
    REIN_STATE_PATH_CAPACITY = 4096,      /* bytes, the terminating NUL included */
    REIN_RESERVATION_MODELS_MAX = 32,     /* of one reservation */
    REIN_RESERVATION_NAME_CAPACITY = 256, /* of a file's name */
    REIN_RESERVATION_LOCK_WAIT_S = 10 /* the longest that one process may keep a folder locked */
};

/* Writes the path of the state directory: $REIN_STATE_DIR where it is set and not empty, else
 * /run/rein where it exists, else $XDG_RUNTIME_DIR/rein, which is made where it is missing.
 * Reads the environment: no other thread may change it meanwhile. Errors: NotFound where there is
 * none of them; InvalidArgument where the path is not absolute or too long; InternalError with the
 * errno where the last cannot be made. */
rein_result_void rein_state_path_find(char out_path[REIN_STATE_PATH_CAPACITY]);

/* An open state directory. Any number of threads may use one. */
typedef struct rein_state_directory {
    int descriptor; /* owned, closed on exec; -1 once it was closed */
} rein_state_directory;

REIN_RESULT_DEFINE(rein_result_state_directory, rein_state_directory)

/* Opens `path`; the caller closes it with rein_state_directory_close. `path` is no symbolic link,
 * is owned by root or by the caller's effective user, and is not writable by everyone. Errors:
 * NotFound where there is nothing; InvalidState where one of these is not so; InternalError with
 * the errno where the system refuses. */
rein_result_state_directory rein_state_directory_open(const char *path);

/* Closes the descriptor, once. Reservations that were taken through it live on. */
void rein_state_directory_close(rein_state_directory *directory);

/* What is promised to one model. */
typedef struct rein_reserved_model {
    rein_model_id id;            /* as the holder named it */
    rein_resource_budget budget; /* as it was requested: the limit is not rounded up */
} rein_reserved_model;

/* What a reservation's file says. */
typedef struct rein_reservation_record {
    char device_uuid[REIN_DEVICE_UUID_CAPACITY]; /* names the folder, too */
    uint64_t bytes;         /* set aside: the limits as the device rounds them, and the contexts */
    uint64_t process_count; /* a context is set aside for each; at least 1 */
    int64_t pid;            /* as the holder sees itself: containers have ids of their own */
    uint64_t uid;           /* the holder's effective user, in its own user namespace */
    int64_t since_unix_s;   /* when it was taken or last changed: seconds since 1970-01-01 UTC */
    char holder[REIN_NAME_MAX_BYTES + 1];                    /* what the holder called itself */
    size_t model_count;                                      /* 1 to REIN_RESERVATION_MODELS_MAX */
    rein_reserved_model models[REIN_RESERVATION_MODELS_MAX]; /* the first model_count are set */
} rein_reservation_record;

/* The reservations of one device, added up. */
typedef struct rein_reservation_summary {
    size_t live_count;    /* reservations that a process holds */
    uint64_t live_bytes;  /* sum of their bytes */
    size_t unknown_count; /* files that cannot be understood: the sum may be larger */
} rein_reservation_summary;

REIN_RESULT_DEFINE(rein_result_reservation_summary, rein_reservation_summary)

/* What is to be reserved, by whom, and how long to wait for room. */
typedef struct rein_reservation_request {
    /* The device has a UUID. `reserved_bytes` is what is promised beside the live reservations. */
    rein_admission_request admission;
    const char *holder;      /* shown to people: a name as ids.h has it */
    const rein_clock *clock; /* borrowed; for waiting */
    rein_timestamp deadline; /* of that clock: wait for room until then; an instant that has passed:
                                do not wait */
} rein_reservation_request;

/* The answer to a request for a reservation. */
typedef struct rein_reservation_verdict {
    rein_admission_outcome outcome;   /* the admission's; "cannot tell" where it fits and something
                                         is unknown, and where it depends on how much of the live
                                         reservations the device's free memory lacks already */
    rein_admission_verdict admission; /* of the request, with the others' bytes as reserved */
    rein_reservation_summary others;  /* the caller's own reservation is not in it */
    uint64_t bytes;                   /* what is reserved where it fits, else 0 */
} rein_reservation_verdict;

REIN_RESULT_DEFINE(rein_result_reservation_verdict, rein_reservation_verdict)

/* A reservation that is held; its fields are read only. One thread at a time. */
typedef struct rein_reservation {
    rein_request_id id;                          /* names the file */
    uint64_t bytes;                              /* what the node counts for it */
    char device_uuid[REIN_DEVICE_UUID_CAPACITY]; /* of the device it is on */
    int folder_descriptor; /* the device's folder, not locked; -1 once it was released */
    int file_descriptor;   /* the lock: it is held as long as any copy of this is open */
} rein_reservation;

/* Reserves for all models or for none. Where the outcome is "fits", and only there, the reservation
 * is held and `*out_reservation` is written. Writes a verdict for each model into `out_models` as
 * rein_admission_decide does.
 *
 * Waits until the deadline as long as others' reservations are what stands in the way; no order
 * among those who wait is kept. Looks again after 1 ms, then ever less often, up to every 100 ms.
 * O(live reservations) for each look.
 *
 * Errors: InvalidArgument as rein_admission_decide, and where the device has no UUID or one with
 * other characters than letters, digits, '-', '_' and '.', starts with '.', the holder is no name,
 * or there are no models or too many; InvalidState where the device's folder is not safe, or was
 * moved away meanwhile; Timeout where its lock was not free for REIN_RESERVATION_LOCK_WAIT_S;
 * InternalError with the errno where the system refuses. */
rein_result_reservation_verdict rein_reservation_take(const rein_state_directory *directory,
                                                      const rein_reservation_request *request,
                                                      rein_model_verdict *out_models,
                                                      rein_reservation *out_reservation);

/* Puts other models in the place of those that are reserved, at once and on the same terms: where
 * the outcome is not "fits" or an error comes back, the reservation is as it was. Fewer bytes than
 * are held are always granted, as long as each model fits its own budget. Errors: as above, and
 * InvalidArgument where the device is another one; InvalidState where the reservation's file or
 * folder is no longer there: nobody counts it, so release it and take another. */
rein_result_reservation_verdict rein_reservation_change(rein_reservation *reservation,
                                                        const rein_reservation_request *request,
                                                        rein_model_verdict *out_models);

/* Ends a reservation; cannot fail: a file that cannot be removed is held by nobody from now on, and
 * the next to reserve removes it. Where a child holds it too, it ends for the child as well. */
void rein_reservation_release(rein_reservation *reservation);

/* Lets the reservation live on in the program that this process executes: the lock moves to a high
 * descriptor that is not closed. The program, and every child that inherits it, holds the
 * reservation. After a change, which puts another file in the place of the one that is kept, it is
 * to be asked for again. Errors: InternalError with the errno. */
rein_result_void rein_reservation_keep_on_exec(rein_reservation *reservation);

/* A file in a device's folder. The texts live during the visit. */
typedef struct rein_reservation_entry {
    const char *file_name;                 /* without the folder */
    const rein_reservation_record *record; /* NULL: unknown */
    const char *reason;                    /* why it is unknown, else NULL */
} rein_reservation_entry;

/* Called for each entry by the thread that visits; `context` is what was given to the visit. */
typedef void (*rein_reservation_visitor)(const rein_reservation_entry *entry, void *context);

/* Visits the live reservations of a device and the files that cannot be understood, under the
 * folder's lock: `visit` takes no reservation. Changes nothing, so being able to read is enough.
 * `visit` may be NULL. A device without a folder has no reservations. Errors: as
 * rein_reservation_take, where they concern the folder. */
rein_result_reservation_summary
rein_reservation_visit(const rein_state_directory *directory, const char *device_uuid,
                       const rein_clock *clock, rein_reservation_visitor visit, void *context);

/* Called for each device by the thread that visits; the text lives during the visit. */
typedef void (*rein_device_visitor)(const char *device_uuid, void *context);

/* Visits the devices that have a folder, in no order. Errors: InternalError with the errno. */
rein_result_void rein_state_directory_visit_devices(const rein_state_directory *directory,
                                                    rein_device_visitor visit, void *context);

REIN_API_END

#endif
