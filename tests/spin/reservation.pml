/* The protocol of the node-wide reservations (src/host/node/reservation*.c): one system call a step.
 *
 * Processes take, change and release reservations of a device of DEVICE units and wait for room. A
 * system call may fail, and a process may be killed between any two calls. A stranger may leave an
 * unrecognised locked file in the folder. The operator may move the device's folder away while
 * nothing is reserved. All interleavings are explored. A child of fork closes its copy of the
 * folder's lock before fork returns to it, so the model has no children.
 *
 * Not modelled:
 *  - processes that break the rules;
 *  - readers, which take no lock and change nothing;
 *  - the time limit on the folder's lock, which is for a stopped process;
 *  - the creation of the folder and of its lock file;
 *  - the contents of the files.
 *
 * Each rule below is a name in an assertion. explore.sh runs these variants and expects these
 * results:
 *
 * explore: holds -DPROCESSES=2 -DKILLS=2 -DFAULTS=2
 * explore: holds -DPROCESSES=2 -DKILLS=1 -DFAULTS=1 -DMOVES=1
 * explore: holds -DPROCESSES=2 -DKILLS=1 -DFAULTS=1 -DUNKNOWN=1
 * explore: holds -DPROCESSES=3 -DFAULTS=1
 * explore: fails sum_fits_the_device -DBUG_HELD_IS_SUBTRACTED
 * explore: fails sum_fits_the_device -DBUG_FOLDER_IS_NOT_COMPARED -DMOVES=1
 * explore: fails unlocked_stays_dead -DBUG_RENAME_BEFORE_LOCK
 * explore: fails only_the_locker_changes -DBUG_SHARED_LOCK
 * explore: fails held_is_visible_once -DBUG_CLOSE_BEFORE_RENAME
 * explore: fails held_is_visible_once -DBUG_UNLINK_BEFORE_RENAME
 * explore: fails dead_files_are_removed -DBUG_UNFINISHED_STAY -DKILLS=1
 * explore: fails what_is_free_is_granted -DBUG_NAME_IS_ENOUGH -DKILLS=1
 * explore: fails live_is_counted -DBUG_SCAN_BEFORE_LOCK
 * explore: fails nothing_beside_unknown -DBUG_UNKNOWN_IS_IGNORED -DUNKNOWN=1
 * explore: fails waits_without_the_lock -DBUG_LOCK_IS_KEPT_BY_A_WAITER
 * explore: fails deadlock -DBUG_LOCK_IS_KEPT_BY_A_HOLDER
 * explore: fails deadlock -DBUG_LOCK_IS_KEPT_BY_A_CHILD -DKILLS=1
 * explore: fails model_is_large_enough -DSLOTS=1
 */
#ifndef PROCESSES
#define PROCESSES 2
#endif
#ifndef KILLS
#define KILLS 0
#endif
#ifndef FAULTS
#define FAULTS 0
#endif
#ifndef UNKNOWN
#define UNKNOWN 0
#endif
#ifndef MOVES
#define MOVES 0
#endif

#define DEVICE 4
#define NOBODY 255
#define NO_SLOT 255
#ifndef SLOTS
#define SLOTS (2 * PROCESSES + 2 * KILLS + FAULTS) /* inodes at once */
#endif

/* The rules. Each is false, so that `rule || condition` equals the condition, and a violated
 * assertion is reported with the name of its rule. */
hidden byte sum_fits_the_device = 0;     /* neither the live sum nor the promised sum exceeds it */
hidden byte unlocked_stays_dead = 0;     /* a visible file without a lock is never locked */
hidden byte only_the_locker_changes = 0; /* writing, renaming and removing need the folder's lock */
hidden byte held_is_visible_once = 0;    /* a reservation has exactly one file at every instant */
hidden byte dead_files_are_removed = 0;  /* at the end only the last process's file is left */
hidden byte what_is_free_is_granted = 0; /* at the end the last process gets the whole device */
hidden byte live_is_counted = 0;         /* the sum in judge is at least the live sum */
hidden byte nothing_beside_unknown = 0;  /* nothing new or larger beside an unknown file */
hidden byte waits_without_the_lock = 0;  /* a process waits for room without the folder's lock */
hidden byte model_is_large_enough = 0;   /* of the model itself: SLOTS */

/* A file. Its inode exists as long as it has a name or its holder has it open. */
mtype = { NO_NAME, NEW_NAME, VISIBLE };
typedef inode {
    mtype name = NO_NAME;
    byte folder;
    byte holder = NOBODY; /* the process that has it open */
    bool is_locked;       /* by the holder */
    byte amount;
}
inode files[SLOTS];

/* The device's folder: 0 at first, a new number after each move. */
byte folder_at_path = 0;
byte locker[MOVES + 1] = NOBODY; /* the process that holds the exclusive lock */
#ifdef BUG_SHARED_LOCK
byte sharers[MOVES + 1];         /* number of shared locks */
#endif
bool has_unknown[MOVES + 1];     /* the folder contains an unrecognised file */

byte promised[PROCESSES]; /* what the holder may use, from the grant to the release */
byte victim = NOBODY;     /* the process that is killed before its next step */
byte faults_left = FAULTS;
byte ended_count = 0;

/* Used only by the assertions. */
hidden byte each;
hidden byte sum;
hidden byte count;
hidden byte slot;

inline add_live(of_folder, but) {
    sum = 0;
    each = 0;
    do
    :: each == SLOTS -> break
    :: else ->
        if
        :: files[each].name == VISIBLE && files[each].is_locked &&
           files[each].folder == of_folder && files[each].holder != but ->
            sum = sum + files[each].amount
        :: else
        fi;
        each++
    od;
    skip
}

inline add_promised() {
    sum = 0;
    each = 0;
    do
    :: each == PROCESSES -> break
    :: else -> sum = sum + promised[each]; each++
    od;
    skip
}

/* Counts the visible and locked files of p. */
inline count_own(p) {
    count = 0;
    each = 0;
    do
    :: each == SLOTS -> break
    :: else ->
        if
        :: files[each].name == VISIBLE && files[each].is_locked && files[each].holder == p ->
            count++
        :: else
        fi;
        each++
    od;
    skip
}

/* Runs after each step of p. */
inline check(p) {
    add_live(folder_at_path, NOBODY);
    assert(sum_fits_the_device || sum <= DEVICE);
    add_promised();
    assert(sum_fits_the_device || sum <= DEVICE);
    count_own(p);
    assert(held_is_visible_once || promised[p] == 0 || count == 1)
}

inline free_if_unused(file_index) {
    if
    :: files[file_index].name == NO_NAME && files[file_index].holder == NOBODY ->
        files[file_index].folder = 0;
        files[file_index].is_locked = false;
        files[file_index].amount = 0
    :: else
    fi
}

inline close_file(file_index) {
    files[file_index].holder = NOBODY;
    files[file_index].is_locked = false;
    free_if_unused(file_index)
}

inline unlink_file(file_index) {
    files[file_index].name = NO_NAME;
    free_if_unused(file_index)
}

inline assert_locked(p) {
    assert(only_the_locker_changes || locker[folder] == p)
}

/* The kernel closes the files of a killed process. */
inline die(p) {
    slot = 0;
    do
    :: slot == SLOTS -> break
    :: else ->
        if
        :: files[slot].holder == p -> close_file(slot)
        :: else
        fi;
        slot++
    od;
#ifndef BUG_LOCK_IS_KEPT_BY_A_CHILD
    unlock_folder(p);
#endif
    promised[p] = 0;
    folder = 0;
    wanted = 0;
    counted = 0;
    listed = 0;
    own = NO_SLOT;
    new = NO_SLOT;
    read_amount = 0;
    is_read = false;
    is_dead = false;
    unknown_seen = false;
    unknown_before = false;
    is_fit = false
}

#ifdef BUG_SHARED_LOCK
#define LOCK_CAN_BE_HAD (locker[folder] == NOBODY)
inline take_lock(p) { sharers[folder] = sharers[folder] + 1 }
inline unlock_folder(p) {
    if
    :: sharers[folder] > 0 -> sharers[folder] = sharers[folder] - 1
    :: else
    fi
}
#else
#define LOCK_CAN_BE_HAD (locker[folder] == NOBODY)
inline take_lock(p) { locker[folder] = p }
inline unlock_folder(p) {
    if
    :: locker[folder] == p -> locker[folder] = NOBODY
    :: else
    fi
}
#endif

/* An array entry is reused for another inode, in the folder of the process that creates it. */
#define IS_THERE(which) (files[which].name != NO_NAME && files[which].folder == folder)

/* Moves to the next name in the folder, in listing order; SLOTS after the last. */
inline go_to_name() {
    do
    :: listed == SLOTS -> break
    :: else ->
        if
        :: listed != own && IS_THERE(listed) -> break
        :: else -> listed++
        fi
    od;
    skip
}

inline start_scan() {
    counted = 0;
    listed = 0;
    unknown_before = has_unknown[folder];
    unknown_seen = unknown_before;
    go_to_name()
}

inline end_of_name() {
    read_amount = 0;
    is_read = false;
    is_dead = false;
    listed++;
    go_to_name()
}

/* The file can be opened and read. If it no longer exists, it has been released. */
#define IS_TO_READ (listed < SLOTS && !is_read && !is_dead && files[listed].name != NEW_NAME)
#define IS_UNFINISHED (listed < SLOTS && files[listed].name == NEW_NAME)
#ifdef BUG_NAME_IS_ENOUGH
#define COUNTS(which) IS_THERE(which)
#else
#define COUNTS(which) (files[which].is_locked && files[which].folder == folder)
#endif
#ifdef BUG_UNFINISHED_STAY
#define REMOVES_UNFINISHED false
#else
#define REMOVES_UNFINISHED true
#endif

/* rein_i_reservation_scan: opens and reads each file, then tests its lock, then removes it if it is
 * dead: three calls. */
inline scan(p, drops) {
    d_step { start_scan() };
    do
    :: listed == SLOTS -> break
    :: d_step { IS_TO_READ -> read_amount = files[listed].amount; is_read = true }
    :: d_step {
        is_read ->
        is_read = false;
        if
        :: COUNTS(listed) -> counted = counted + read_amount; end_of_name()
        :: else -> is_dead = true
        fi }
    :: d_step { /* opening, reading or testing the lock fails */
        (IS_TO_READ || is_read) && faults_left > 0 ->
        faults_left--;
        unknown_seen = true;
        end_of_name() }
    :: d_step {
        is_dead || IS_UNFINISHED ->
        if
        :: drops && IS_THERE(listed) && (is_dead || REMOVES_UNFINISHED) ->
            assert_locked(p);
            unlink_file(listed)
        :: else
        fi;
        end_of_name();
        check(p) }
    :: d_step { /* removing fails */
        (is_dead || IS_UNFINISHED) && faults_left > 0 -> faults_left--; end_of_name() }
    od;
    skip /* the listing ends */
}

#define IS_SHRINKING (own != NO_SLOT && wanted <= promised[_pid])
#ifdef BUG_UNKNOWN_IS_IGNORED
#define KEEPS_OUT(unknown) false
#else
#define KEEPS_OUT(unknown) (unknown)
#endif
#ifdef BUG_HELD_IS_SUBTRACTED
#define TAKEN (counted - (own == NO_SLOT -> 0 : (counted < promised[_pid] -> counted : promised[_pid])))
#else
#define TAKEN counted
#endif

/* rein_i_reservation_judge */
inline judge(p) {
    add_live(folder, p);
    assert(live_is_counted || counted >= sum || unknown_seen);
    is_fit = IS_SHRINKING || (TAKEN + wanted <= DEVICE && !KEEPS_OUT(unknown_seen));
    assert(nothing_beside_unknown || !is_fit || !unknown_before || IS_SHRINKING);
    counted = 0;
    unknown_before = false;
    unknown_seen = false
}

inline create_file(p) {
    assert_locked(p);
    new = 0;
    do
    :: new == SLOTS || (files[new].name == NO_NAME && files[new].holder == NOBODY) -> break
    :: else -> new++
    od;
    assert(model_is_large_enough || new < SLOTS);
    files[new].name = NEW_NAME;
    files[new].folder = folder;
    files[new].holder = p;
    files[new].amount = wanted
}

inline lock_file(p) {
    assert(unlocked_stays_dead || files[new].name != VISIBLE);
    files[new].is_locked = true
}

inline rename_file(p) {
    assert_locked(p);
    if
    :: own != NO_SLOT -> unlink_file(own); promised[p] = wanted
    :: else
    fi;
    files[new].name = VISIBLE
}

inline take_back(p) {
    slot = new;
    new = NO_SLOT;
    unlink_file(slot);
    close_file(slot)
}

#ifdef BUG_FOLDER_IS_NOT_COMPARED
#define IS_FOLDER_CURRENT true
#else
#define IS_FOLDER_CURRENT (folder_at_path == folder)
#endif

/* The process number is _pid; the reserving processes are numbered first. */
active [PROCESSES] proctype process() {
    byte folder = 0;       /* the open folder */
    byte wanted = 0;
    byte own = NO_SLOT;    /* the file of the reservation that is held */
    byte new = NO_SLOT;    /* the file that is being written */
    byte listed = 0;       /* position of the scan */
    byte read_amount = 0;
    bool is_read = false;
    bool is_dead = false;
    byte counted = 0;
    bool unknown_seen = false;
    bool unknown_before = false; /* an unknown file was there when the scan started */
    bool is_fit = false;
    bool has_changed = false;
    bool is_last = false;  /* takes the whole device when all others have ended */
    byte faults_before = 0;

again:
    {
        if
        :: is_last -> wanted = DEVICE
        :: !is_last -> wanted = 2
        :: !is_last -> wanted = 3
        fi;
open:
        folder = folder_at_path;
try:
        skip;
#ifdef BUG_SCAN_BEFORE_LOCK
        scan(_pid, false);
#endif
        d_step { LOCK_CAN_BE_HAD -> take_lock(_pid) };
        if
        :: d_step { !IS_FOLDER_CURRENT -> unlock_folder(_pid) };
            goto open
        :: IS_FOLDER_CURRENT
        fi;
#ifndef BUG_SCAN_BEFORE_LOCK
        scan(_pid, true);
#endif
        d_step { judge(_pid) };
        if
        :: !is_fit -> goto refused
        :: is_fit -> is_fit = false
        fi;

        /* reservation_file.c */
        if
        :: d_step { create_file(_pid); check(_pid) }
        :: d_step { faults_left > 0 -> faults_left-- }; goto refused
        fi;
#ifdef BUG_RENAME_BEFORE_LOCK
        d_step { rename_file(_pid); check(_pid) };
        d_step { lock_file(_pid); check(_pid) };
#else
        if
        :: d_step { lock_file(_pid); check(_pid) }
        :: d_step { faults_left > 0 -> faults_left--; take_back(_pid) }; goto refused
        fi;
#ifdef BUG_CLOSE_BEFORE_RENAME
        d_step {
            if
            :: own != NO_SLOT -> close_file(own)
            :: else
            fi;
            check(_pid)
        };
#endif
#ifdef BUG_UNLINK_BEFORE_RENAME
        d_step {
            if
            :: own != NO_SLOT -> unlink_file(own)
            :: else
            fi;
            check(_pid)
        };
#endif
        if
        :: d_step { rename_file(_pid); check(_pid) }
        :: d_step { faults_left > 0 -> faults_left--; take_back(_pid) }; goto refused
        fi;
#endif
        /* A change closes its old file. The operator does not move a folder with a reservation. */
        if
        :: d_step { own != NO_SLOT -> close_file(own); own = new; new = NO_SLOT; check(_pid) }
        :: d_step {
            own == NO_SLOT && IS_FOLDER_CURRENT ->
            own = new;
            new = NO_SLOT;
            promised[_pid] = wanted;
            check(_pid) }
        :: d_step {
            own == NO_SLOT && !IS_FOLDER_CURRENT ->
            take_back(_pid);
            check(_pid) };
            goto refused
        fi;
        if
        :: is_last && faults_left == faults_before ->
            d_step {
                count = 0;
                each = 0;
                do
                :: each == SLOTS -> break
                :: else ->
                    if
                    :: files[each].name != NO_NAME && files[each].folder == folder -> count++
                    :: else
                    fi;
                    each++
                od;
                assert(dead_files_are_removed || count == 1)
            }
        :: else
        fi;
#ifndef BUG_LOCK_IS_KEPT_BY_A_HOLDER
        d_step { unlock_folder(_pid) };
#endif

holding:
        if
        :: d_step { !has_changed && !is_last -> has_changed = true; wanted = 1 }; goto try
        :: d_step { !has_changed && !is_last -> has_changed = true; wanted = 4 }; goto try
        :: goto release
        fi;

refused:
        assert(what_is_free_is_granted || !is_last || faults_left < faults_before ||
               has_unknown[folder] || folder != folder_at_path);
#ifndef BUG_LOCK_IS_KEPT_BY_A_WAITER
        d_step { unlock_folder(_pid) };
#endif
        if
        :: !is_last -> /* waits for room */
            assert(waits_without_the_lock || locker[folder] != _pid);
            if
            :: own == NO_SLOT -> goto open
            :: own != NO_SLOT -> goto try
            fi
        :: own != NO_SLOT -> goto holding
        :: own == NO_SLOT -> goto end_of_life
        fi;

release: /* without the folder's lock */
        promised[_pid] = 0;
        if
        :: d_step { files[own].is_locked = false; check(_pid) }
        :: d_step { faults_left > 0 -> faults_left-- }
        fi;
        if
        :: d_step { unlink_file(own); check(_pid) }
        :: d_step { faults_left > 0 -> faults_left-- }
        fi;
        d_step { close_file(own); own = NO_SLOT; check(_pid) };
end_of_life:
        skip
    } unless {
        d_step { victim == _pid -> victim = NOBODY; die(_pid); check(_pid) }
    };

    atomic { folder = 0; wanted = 0; has_changed = false; ended_count++ };
    if
    :: _pid == 0 && !is_last ->
        d_step { ended_count == PROCESSES -> is_last = true; faults_before = faults_left };
        goto again
    :: else
    fi
}

#if KILLS > 0
active proctype killer() {
    byte kills = 0;
    byte next = 0;
end:
    do
    :: atomic { kills < KILLS && victim == NOBODY -> victim = next; kills++ }
    :: next + 1 < PROCESSES && kills < KILLS -> next++
    od
}
#endif

#if MOVES > 0
active proctype operator() {
    byte moves = 0;
end:
    do
    :: d_step {
        moves < MOVES ->
        add_live(folder_at_path, NOBODY);
        if
        :: sum == 0 -> folder_at_path++; moves++
        :: else
        fi }
    od
}
#endif

#if UNKNOWN > 0
active proctype stranger() {
end:
    has_unknown[folder_at_path] = true
}
#endif
