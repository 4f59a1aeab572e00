#include <criterion/criterion.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "reservation_expect.h"

TestSuite(reservation_files, .init = open_case, .fini = close_case);

static void write_file(const char *name, const char *text, size_t length) {
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, name, path);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    cr_assert(file >= 0 && write(file, text, length) == (ssize_t)length, "%s is written", path);
    close(file);
}

static void remove_file(const char *name) {
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, name, path);
    cr_assert(remove(path) == 0, "%s is still there", path);
}

/* Reads the text of a reservation's file. */
static size_t read_own_file(char *out_text, size_t capacity) {
    rein_reservation held;
    char path[2 * CASE_PATH_CAPACITY];
    expect_take_in_file(&held, path);
    FILE *file = fopen(path, "r");
    size_t length = file == NULL ? 0 : fread(out_text, 1, capacity, file);
    cr_assert(length > 0, "it can be read");
    fclose(file);
    rein_reservation_release(&held);
    return length;
}

static const char some_name[] = "00000000-0000-4000-8000-000000000000.reservation";

/* Locks a file as the holder of a reservation does or, with F_RDLCK, as a reader can. */
static int lock_file(const char *name, short type) {
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, name, path);
    struct flock whole = {.l_type = type, .l_whence = SEEK_SET};
    int lock = open(path, (type == F_WRLCK ? O_RDWR : O_RDONLY) | O_NONBLOCK);
    cr_assert(lock >= 0 && fcntl(lock, F_OFD_SETLK, &whole) == 0, "%s is locked", path);
    return lock;
}

/* Expects that an unreadable locked file blocks all requests, is reported, and is not removed. When
 * its holder ends it is not counted, whatever its name and text. A reservation's file is then
 * removed. */
static void expect_unknown_while_locked(const char *name, const char *reason) {
    rein_reservation held;
    int lock = lock_file(name, F_WRLCK);
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_CANNOT_TELL, &held);
    cr_assert(verdict.others.unknown_count == 1, "%s: it is counted", reason);
    expect_sum(0, 0, 1);
    seen_entries seen = see_all();
    cr_assert(is_same_text(seen.reason, reason), "'%s', expected '%s'", seen.reason, reason);
    cr_assert(is_same_text(seen.file_name, name), "'%s', expected '%s'", seen.file_name, name);
    close(lock);
    lock = lock_file(name, F_RDLCK);
    expect_sum(0, 0, 0);
    expect_take(REIN_ADMISSION_FITS, &held);
    rein_reservation_release(&held);
    close(lock);
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, name, path);
    bool is_left = access(path, F_OK) == 0;
    cr_assert(is_left != is_same_text(name, some_name), "%s: only a reservation is removed", name);
    remove(path);
}

/* 1 KiB before the models, and 256 bytes for each of 32, minus the terminating NUL. */
enum { LARGEST_FILE_BYTES = 1024 + 32 * 256 - 1 };

Test(reservation_files, fails_closed_on_files_that_are_locked_and_foreign) {
    static const char foreign[] = "its name is not a reservation's";
    static const char *const names[] = {"notes.txt", ".hidden",
                                        "00000000-0000-4000-8000-000000000000.reservatioN",
                                        "not-an-identifier-but-just-as-long-.reservation"};
    char text[4096];
    char large[20000];
    size_t length = read_own_file(text, sizeof text);
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        write_file(names[index], text, length);
        expect_unknown_while_locked(names[index], foreign);
        write_file(names[index], "x", 1);
        expect_unknown_while_locked(names[index], "it is damaged");
    }
    memset(large, 'x', sizeof large);
    write_file(some_name, large, sizeof large);
    expect_unknown_while_locked(some_name, "it is too large");
    write_file(some_name, large, LARGEST_FILE_BYTES + 1);
    expect_unknown_while_locked(some_name, "it is too large");
    write_file(some_name, large, LARGEST_FILE_BYTES);
    expect_unknown_while_locked(some_name, "it is damaged");
    write_file(some_name, "", 0);
    expect_unknown_while_locked(some_name, "it is damaged");
    char path[2 * CASE_PATH_CAPACITY];
    case_file(&trial, some_name, path);
    cr_assert(mkfifo(path, 0600) == 0, "a pipe");
    expect_unknown_while_locked(some_name, "it is not a regular file");
}

/* Files that cannot be locked block nothing. */
Test(reservation_files, counts_nothing_that_cannot_be_locked) {
    char path[2 * CASE_PATH_CAPACITY];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    make_folder();
    case_file(&trial, some_name, path);
    cr_assert(symlink("/etc/passwd", path) == 0, "a link");
    expect_sum(0, 0, 0);
    make_folder();
    cr_assert(access(path, F_OK) != 0, "it is removed as any dead reservation's file");
    cr_assert(mkdir(path, 0700) == 0, "a folder");
    make_folder();
    cr_assert(rmdir(path) == 0 && (size_t)snprintf(address.sun_path, sizeof address.sun_path, "%s",
                                                   path) < sizeof address.sun_path,
              "room for a socket's path");
    int endpoint = socket(AF_UNIX, SOCK_STREAM, 0);
    cr_assert(bind(endpoint, (struct sockaddr *)&address, sizeof address) == 0, "a socket");
    make_folder();
    close(endpoint);
    write_file("notes.txt", "x", 1);
    make_folder();
    remove_file("notes.txt");
}

Test(reservation_files, refuses_a_second_name_and_another_device) {
    rein_reservation held;
    char from[2 * CASE_PATH_CAPACITY];
    char to[2 * CASE_PATH_CAPACITY];
    expect_take_in_file(&held, from);
    case_file(&trial, some_name, to);
    cr_assert(link(from, to) == 0, "a second name");
    expect_sum(0, 0, 2);
    remove_file(some_name);
    expect_sum(1, 400, 0);
    snprintf(to, sizeof to, "%s/GPU-other", trial.path);
    cr_assert(mkdir(to, 0700) == 0, "another device");
    strcpy(trial.device.uuid, "GPU-other");
    make_folder();
    snprintf(to, sizeof to, "%s/GPU-other%s", trial.path, strrchr(from, '/'));
    cr_assert(rename(from, to) == 0, "the file moves there");
    rein_reservation none;
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_CANNOT_TELL, &none);
    cr_assert(verdict.others.unknown_count == 1, "it is of another device");
    cr_assert(remove(to) == 0, "it was not removed");
    rein_reservation_release(&held);
    snprintf(to, sizeof to, "%s/GPU-other", trial.path);
    case_empty_folder(to);
}

static rein_reservation_summary visit_locked_file(const char *text, size_t length) {
    write_file(some_name, text, length);
    int lock = lock_file(some_name, F_WRLCK);
    rein_reservation_summary found =
        REIN_UNWRAP(rein_reservation_visit(&trial.directory, CASE_DEVICE, NULL, NULL));
    close(lock);
    remove_file(some_name);
    return found;
}

static void expect_damaged(const char *text, size_t length) {
    cr_assert(visit_locked_file(text, length).unknown_count == 1, "damaged: '%.*s'", (int)length,
              text);
}

static void expect_sound(const char *text, size_t length) {
    rein_reservation_summary found = visit_locked_file(text, length);
    cr_assert(found.live_count == 1 && found.unknown_count == 0, "sound: '%.*s'", (int)length,
              text);
}

Test(reservation_files, refuses_every_part_of_a_file) {
    char text[4096];
    size_t length = read_own_file(text, sizeof text);
    expect_sound(text, length);
    for (size_t part = 0; part < length; part++) {
        expect_damaged(text, part);
    }
    text[length] = '\n';
    expect_damaged(text, length + 1);
    text[length] = '\0';
    expect_damaged(text, length + 1);
}

/* Expects a damaged record after replacing the first `from` by `to`, whose length may differ. */
static void expect_damaged_by(const char *text, const char *from, const char *to) {
    char changed[4096];
    const char *at = strstr(text, from);
    cr_assert(at != NULL, "'%s' is there", from);
    int length = snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to,
                          at + strlen(from));
    expect_damaged(changed, (size_t)length);
}

/* Expects a damaged record after replacing the number after `name`. */
static void expect_damaged_number(const char *text, const char *name, const char *number) {
    char from[64];
    char to[64];
    const char *digits = strstr(text, name) + strlen(name);
    snprintf(from, sizeof from, "%s%.*s\n", name, (int)strspn(digits, "0123456789"), digits);
    snprintf(to, sizeof to, "%s%s\n", name, number);
    expect_damaged_by(text, from, to);
}

/* The lines before the models, with the smallest numbers. */
static const char head[] =
    "rein-reservation 2\ndevice " CASE_DEVICE "\ntotal 0\nbytes 1\nprocesses 1\n"
    "pid 1\nuid 0\nsince -62167219200\nholder t\n";

Test(reservation_files, reads_the_least_numbers_and_the_most_streams) {
    char text[512];
    make_folder();
    size_t length =
        (size_t)snprintf(text, sizeof text, "%smodel 1 1 1 m\nmodel 1 2147483647 1 m\nend\n", head);
    expect_sound(text, length);
}

/* The first total found counts; which of two is right is unknown. */
Test(reservation_files, refuses_a_second_total) {
    rein_reservation held;
    char text[512];
    make_folder();
    int length = snprintf(text, sizeof text, "%smodel 1 1 1 m\nend\n", head);
    write_file(some_name, text, (size_t)length);
    int lock = lock_file(some_name, F_WRLCK);
    trial.device.total_bytes = rein_fact_u64_unknown();
    trial.device.free_bytes = rein_fact_u64_known(1000);
    expect_take(REIN_ADMISSION_FITS, &held);
    rein_reservation_release(&held);
    write_file("00000000-0000-4000-8000-000000000001.reservation", text, (size_t)length);
    int second = lock_file("00000000-0000-4000-8000-000000000001.reservation", F_WRLCK);
    expect_sum(2, 2, 0);
    char *digit = strstr(text, "total 0");
    digit[6] = '7';
    write_file("00000000-0000-4000-8000-000000000002.reservation", text, (size_t)length);
    int third = lock_file("00000000-0000-4000-8000-000000000002.reservation", F_WRLCK);
    rein_reservation_summary found =
        REIN_UNWRAP(rein_reservation_visit(&trial.directory, CASE_DEVICE, NULL, NULL));
    cr_assert(found.live_count + found.unknown_count == 3 && found.unknown_count >= 1,
              "%zu live, %zu unknown", found.live_count, found.unknown_count);
    close(third);
    close(second);
    close(lock);
}

Test(reservation_files, reads_every_model) {
    char text[512];
    make_folder();
    size_t length =
        (size_t)snprintf(text, sizeof text, "%smodel 1 1 1 m\nmodel 0 1 1 m\nend\n", head);
    expect_damaged(text, length);
}

/* Runs over the room for the last model's name, the last text of a record. */
Test(reservation_files, refuses_a_name_that_is_much_too_long) {
    char text[8192];
    make_folder();
    size_t used = (size_t)snprintf(text, sizeof text, "%s", head);
    for (size_t index = 1; index < REIN_RESERVATION_MODELS_MAX; index++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "model 1 1 1 m\n");
    }
    used += (size_t)snprintf(text + used, sizeof text - used, "model 1 1 1 %06000d\nend\n", 0);
    expect_damaged(text, used);
}

Test(reservation_files, refuses_any_other_spelling) {
    static const char *const changes[][2] = {
        {"reservation 2", "reservation 1"},
        {"GPU-test", "GPU-Test"},
        {"GPU-test", "gpu-test"},
        {"total 1000", "total 01000"},
        {"total 1000", "total unknowN"},
        {"total 1000", "total"},
        {"total 1000\n", ""},
        {"bytes 400", "bytes 0400"},
        {"bytes 400", "bytes +400"},
        {"bytes 400", "bytes -400"},
        {"bytes 400", "bytes  400"},
        {"bytes 400", "bytes 18446744073709551616"},
        {"bytes 400", "bytes 0x190"},
        {"processes 1", "processes 0"},
        {"GPU-test", "GPU/test"},
        {"GPU-test", "..........................................................................."},
        {"GPU-test", "GPU-tesu"},
        {"holder test", "holder "},
        {"holder test", "holder te\x01t"},
        {"holder test", "holder te\xFFt"},
        {"model 400 1 1 small", ""},
        {"model 400 1 1 small\n", ""},
        {"model 400 1 1 small", "model 0 1 1 small"},
        {"model 400 1 1 small", "model 400 4294967297 1 small"},
        {"model 400 1 1 small", "model 400 1 9223372036854775808 small"},
        {"model 400 1 1 small", "model 400 1 1 "},
        {"end\n", "end"},
        {"end\n", "END\n"},
        {"since ", "since 99999999999"},
        {"since ", "since -0"},
    };
    char text[4096];
    size_t length = read_own_file(text, sizeof text - 1);
    text[length] = '\0';
    for (size_t index = 0; index < sizeof changes / sizeof changes[0]; index++) {
        expect_damaged_by(text, changes[index][0], changes[index][1]);
    }
    expect_damaged_number(text, "pid ", "0");
    expect_damaged_number(text, "pid ", "9223372036854775808");
    expect_damaged_number(text, "since ", "9223372036854775808");
    expect_damaged_number(text, "since ", "253402300800");
    expect_damaged_number(text, "since ", "-62167219201");
}

Test(reservation_files, refuses_more_models_than_there_is_room_for) {
    char text[4096];
    char many[8192];
    size_t length = read_own_file(text, sizeof text - 1);
    text[length] = '\0';
    char *models = strstr(text, "model ");
    size_t used = (size_t)snprintf(many, sizeof many, "%.*s", (int)(models - text), text);
    for (size_t index = 0; index <= REIN_RESERVATION_MODELS_MAX; index++) {
        used += (size_t)snprintf(many + used, sizeof many - used, "model 1 1 1 small\n");
    }
    used += (size_t)snprintf(many + used, sizeof many - used, "end\n");
    expect_damaged(many, used);
    memmove(many + used - 4 - 18, "end\n", 4);
    expect_sound(many, used - 18);
}

/* Two live files of nearly 2^64 bytes each: a correct process would not write the second. */
Test(reservation_files, counts_a_sum_that_overflows_as_unknown) {
    rein_reservation first;
    rein_reservation second;
    char from[2 * CASE_PATH_CAPACITY];
    char to[2 * CASE_PATH_CAPACITY];
    trial.device.total_bytes = rein_fact_u64_known(UINT64_MAX);
    trial.models[0].budget.memory_limit_bytes = UINT64_MAX - 1;
    expect_take_in_file(&first, from);
    snprintf(to, sizeof to, "%s/aside", trial.path);
    cr_assert(rename(from, to) == 0, "hidden");
    expect_take(REIN_ADMISSION_FITS, &second);
    cr_assert(rename(to, from) == 0, "and back");
    expect_sum(1, UINT64_MAX - 1, 1);
    rein_reservation_release(&first);
    rein_reservation_release(&second);
}

Test(reservation_files, removes_unfinished_files) {
    rein_reservation held;
    make_folder();
    char lock[2 * CASE_PATH_CAPACITY];
    case_file(&trial, ".lock.00000000-0000-4000-8000-000000000000", lock);
    write_file("00000000-0000-4000-8000-000000000000.new", "rein", 4);
    write_file(".lock.00000000-0000-4000-8000-000000000000", "", 0);
    expect_sum(0, 0, 0);
    cr_assert(case_files(&trial, NULL) == 1 && access(lock, F_OK) == 0, "a reader removes nothing");
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(case_files(&trial, NULL) == 1, "only the reservation is left");
    cr_assert(access(lock, F_OK) != 0, "the lock's file that was never finished is gone");
    rein_reservation_release(&held);
}
