#include <criterion/criterion.h>

#include <fcntl.h>

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

static const char some_name[] = "00000000-0000-4000-8000-000000000000.reservation";

/* It keeps everyone out, is reported, and is not removed. */
static void expect_unknown_file(const char *name, const char *reason) {
    rein_reservation held;
    rein_reservation_verdict verdict = expect_take(REIN_ADMISSION_CANNOT_TELL, &held);
    cr_assert(verdict.others.unknown_count == 1, "%s: it is counted", reason);
    expect_sum(0, 0, 1);
    seen_entries seen = see_all();
    cr_assert(is_same_text(seen.reason, reason), "'%s', expected '%s'", seen.reason, reason);
    cr_assert(is_same_text(seen.file_name, name), "'%s', expected '%s'", seen.file_name, name);
    remove_file(name);
}

/* 1 KiB before the models, and 256 bytes for each of 32, less the terminating NUL. */
enum { LARGEST_FILE_BYTES = 1024 + 32 * 256 - 1 };

Test(reservation_files, fails_closed_on_foreign_files) {
    char path[2 * CASE_PATH_CAPACITY];
    make_folder();
    write_file("notes.txt", "x", 1);
    expect_unknown_file("notes.txt", "its name is no reservation's");
    write_file(".hidden", "x", 1);
    expect_unknown_file(".hidden", "its name is no reservation's");
    case_file(&trial, some_name, path);
    cr_assert(symlink("/etc/passwd", path) == 0, "a link");
    expect_unknown_file(some_name, "it is a symbolic link");
    cr_assert(mkdir(path, 0700) == 0, "a folder");
    expect_unknown_file(some_name, "it is no regular file");
    cr_assert(mkfifo(path, 0600) == 0, "a pipe");
    expect_unknown_file(some_name, "it is no regular file");
    char large[20000];
    memset(large, 'x', sizeof large);
    write_file(some_name, large, sizeof large);
    expect_unknown_file(some_name, "it is too large");
    write_file(some_name, large, LARGEST_FILE_BYTES + 1);
    expect_unknown_file(some_name, "it is too large");
    write_file(some_name, large, LARGEST_FILE_BYTES);
    expect_unknown_file(some_name, "it is damaged");
    write_file("00000000-0000-4000-8000-000000000000.reservatioN", "x", 1);
    expect_unknown_file("00000000-0000-4000-8000-000000000000.reservatioN",
                        "its name is no reservation's");
    write_file("not-an-identifier-but-just-as-long-.reservation", "x", 1);
    expect_unknown_file("not-an-identifier-but-just-as-long-.reservation",
                        "its name is no reservation's");
    write_file(some_name, "", 0);
    expect_unknown_file(some_name, "it is damaged");
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

/* The text of a reservation, as it lies in its file. */
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

static void expect_damaged(const char *text, size_t length) {
    write_file(some_name, text, length);
    rein_reservation_summary found = REIN_UNWRAP(
        rein_result_reservation_summary,
        rein_reservation_visit(&trial.directory, CASE_DEVICE, &trial.clock, NULL, NULL));
    cr_assert(found.unknown_count == 1, "damaged: '%.*s'", (int)length, text);
    remove_file(some_name);
}

Test(reservation_files, refuses_every_part_of_a_file) {
    char text[4096];
    size_t length = read_own_file(text, sizeof text);
    write_file(some_name, text, length);
    expect_sum(0, 0, 0);
    for (size_t part = 0; part < length; part++) {
        expect_damaged(text, part);
    }
    text[length] = '\n';
    expect_damaged(text, length + 1);
    text[length] = '\0';
    expect_damaged(text, length + 1);
}

/* The text with its first `from` replaced by `to`, where they are of one length or not. */
static void expect_damaged_by(const char *text, const char *from, const char *to) {
    char changed[4096];
    const char *at = strstr(text, from);
    cr_assert(at != NULL, "'%s' is there", from);
    int length = snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to,
                          at + strlen(from));
    expect_damaged(changed, (size_t)length);
}

/* The text with another number after `name`. */
static void expect_damaged_number(const char *text, const char *name, const char *number) {
    char from[64];
    char to[64];
    const char *digits = strstr(text, name) + strlen(name);
    snprintf(from, sizeof from, "%s%.*s\n", name, (int)strspn(digits, "0123456789"), digits);
    snprintf(to, sizeof to, "%s%s\n", name, number);
    expect_damaged_by(text, from, to);
}

/* What comes before the models, with the least numbers that there can be; without a lock, the
 * reservation has ended. */
static const char head[] = "rein-reservation 1\ndevice " CASE_DEVICE "\nbytes 1\nprocesses 1\n"
                           "pid 1\nuid 0\nsince 0\nholder t\n";

Test(reservation_files, reads_the_least_numbers_and_the_most_streams) {
    char text[512];
    make_folder();
    size_t length =
        (size_t)snprintf(text, sizeof text, "%smodel 1 1 1 m\nmodel 1 2147483647 1 m\nend\n", head);
    write_file(some_name, text, length);
    expect_sum(0, 0, 0);
}

Test(reservation_files, looks_at_every_model) {
    char text[512];
    make_folder();
    size_t length =
        (size_t)snprintf(text, sizeof text, "%smodel 1 1 1 m\nmodel 0 1 1 m\nend\n", head);
    expect_damaged(text, length);
}

/* Behind the last model there is no room that a name could be read into. */
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

Test(reservation_files, refuses_what_reads_differently) {
    static const char *const changes[][2] = {
        {"reservation 1", "reservation 2"},
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
}

/* Two live files, each of nearly 2^64 bytes: no process of ours would write the second. */
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
    write_file(some_name, many, used - 18);
    expect_sum(0, 0, 0);
}

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

Test(reservation_files, removes_what_was_never_finished) {
    rein_reservation held;
    make_folder();
    write_file("00000000-0000-4000-8000-000000000000.new", "rein", 4);
    expect_sum(0, 0, 0);
    cr_assert(case_files(&trial, NULL) == 1, "who looks removes nothing");
    expect_take(REIN_ADMISSION_FITS, &held);
    cr_assert(case_files(&trial, NULL) == 1, "only the reservation is left");
    rein_reservation_release(&held);
}
