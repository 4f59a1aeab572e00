#include "cli/read/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/base/numbers.h"
#include "cli/base/path.h"
#include "cli/base/text.h"
#include "cli/read/binary_kind.h"
#include "cli/read/gunzip.h"

enum { FIRST_READ_BYTES = 64 * 1024 };

/* Reports that `path` is `found`, such as "a directory", in place of `noun`. */
static void refuse_as(diagnostics *sink, const char *path, const char *found, const char *noun) {
    report_in_file(sink, path, "is %s, not %s", found, noun);
}

static void refuse_size(diagnostics *sink, const char *path, const char *noun,
                        size_t largest_bytes) {
    report_in_file(sink, path, "is too large for %s: at most %s are allowed", noun,
                   exact_bytes(sink->memory, largest_bytes));
}

static const char *binary_advice(arena *memory, const char *path, const binary_kind *kind) {
    if (kind->advice != NULL) {
        return kind->advice;
    }
    return arena_print(memory, "try 'rein inspect %s'",
                       path_is_standard(path) ? "FILE" : text_printable(memory, path));
}

/* Reports that the file of this beginning is a binary file of a known kind, and returns true. */
static bool refuse_binary(diagnostics *sink, const char *path, const char *noun, const char *bytes,
                          size_t count, size_t file_bytes) {
    binary_kind kind = binary_kind_of(bytes, count, file_bytes);
    if (kind.name == NULL) {
        return false;
    }
    report_in_file(sink, path, "is %s, not %s; %s", kind.name, noun,
                   binary_advice(sink->memory, path, &kind));
    return true;
}

/* Returns whether to poll again, by its result. Other errors are left to read, which reports
 * them. */
static bool has_to_wait(int ready) {
    return ready == 0 || (ready < 0 && errno == EINTR);
}

/* Returns true if a read will not block for long, false if the limits stopped the wait. Without
 * limits, returns at once and the read may block. */
static bool wait_for_input(int file, work_limits *limits) {
    enum { WAIT_MS = 50 };
    struct pollfd waiting = {.fd = file, .events = POLLIN};
    while (limits != NULL && has_to_wait(poll(&waiting, 1, WAIT_MS))) {
        if (!work_may_go_on(limits)) {
            return false;
        }
    }
    return true;
}

/* Reads `capacity` bytes, or fewer at the end of the file or if the limits stopped it. Returns -1
 * with errno set on an error. */
static ssize_t read_fully(int file, char *buffer, size_t capacity, work_limits *limits) {
    size_t length = 0;
    while (length < capacity && wait_for_input(file, limits)) {
        size_t piece = capacity - length;
        piece = piece > WORK_BYTES_PER_LOOK ? WORK_BYTES_PER_LOOK : piece;
        ssize_t got = read(file, buffer + length, piece);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 ? got : (ssize_t)length;
        }
        length += (size_t)got;
        if (got == WORK_BYTES_PER_LOOK && !work_may_go_on(limits)) {
            break;
        }
    }
    return (ssize_t)length;
}

/* Reports a file that is larger than a text may be, and says what it is if that is known. */
static void refuse_large(diagnostics *sink, const char *path, const char *noun,
                         size_t largest_bytes, int file, size_t file_bytes) {
    char start[BINARY_KIND_BYTES] = {0}; /* the file may have become shorter */
    ssize_t count = read_fully(file, start, sizeof start, NULL);
    if (count < 0) {
        report_failure(sink, path, "read", errno);
    } else if (!refuse_binary(sink, path, noun, start, (size_t)count, file_bytes)) {
        refuse_size(sink, path, noun, largest_bytes);
    }
}

/* As open. Standard input is duplicated, so that the result can be closed without closing it. */
static int open_input(const char *path) {
    return path_is_standard(path) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                  : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

/* Returns a descriptor, or -1 after a message. `out_bytes` is the size of a regular file, else
 * 0. */
static int open_file(diagnostics *sink, const char *path, const char *noun, size_t largest_bytes,
                     size_t *out_bytes) {
    int file = open_input(path);
    struct stat facts;
    if (file < 0) {
        report_failure(sink, path, "read", errno);
        return -1;
    }
    if (fstat(file, &facts) != 0) {
        report_failure(sink, path, "read", errno);
    } else if (S_ISDIR(facts.st_mode)) {
        refuse_as(sink, path, "a directory", noun);
    } else if (S_ISREG(facts.st_mode) && facts.st_size > (off_t)largest_bytes) {
        refuse_large(sink, path, noun, largest_bytes, file, (size_t)facts.st_size);
    } else {
        *out_bytes = S_ISREG(facts.st_mode) ? (size_t)facts.st_size : 0;
        return file;
    }
    close(file);
    return -1;
}

/* Reads to the end of the file, to one byte beyond `largest_bytes`, or until the limits stop it. A
 * correct `expected_bytes` avoids reallocation. */
static bool read_all(arena *memory, int file, size_t expected_bytes, size_t largest_bytes,
                     work_limits *limits, input_file *out_file) {
    size_t capacity = expected_bytes < FIRST_READ_BYTES ? FIRST_READ_BYTES : expected_bytes + 1;
    char *text = arena_allocate(memory, capacity + 1, 1);
    size_t length = 0;
    for (;;) {
        ssize_t got = read_fully(file, text + length, capacity - length, limits);
        if (got < 0) {
            return false;
        }
        length += (size_t)got;
        if (length < capacity || length > largest_bytes) {
            break;
        }
        capacity = capacity >= largest_bytes / 2 ? largest_bytes + 1 : capacity * 2;
        char *larger = arena_allocate(memory, capacity + 1, 1);
        memcpy(larger, text, length);
        text = larger;
    }
    out_file->text = text;
    out_file->length = length;
    return true;
}

/* Moves `at` past `character`. */
static void advance(position *at, wchar_t character) {
    if (character == '\n') {
        at->line++;
        at->column = 1;
        return;
    }
    at->column++;
}

static bool is_allowed(wchar_t character) {
    bool is_blank = character == '\t' || character == '\n' || character == '\r';
    return is_blank || text_is_character(character);
}

/* Fast path for printable ASCII, which most input consists of. */
static bool is_plain(unsigned byte) {
    return byte >= ' ' && byte <= '~';
}

static bool check_text(diagnostics *sink, const input_file *file, work_limits *limits) {
    position at = {.line = 1, .column = 1};
    size_t next_look = WORK_BYTES_PER_LOOK;
    for (size_t offset = 0; offset < file->length;) {
        wchar_t character = 0;
        unsigned byte = (unsigned char)file->text[offset];
        if (offset >= next_look) {
            if (!work_may_go_on(limits)) {
                work_report_stop(sink, limits, file->path, &at, "reading");
                return false;
            }
            next_look += WORK_BYTES_PER_LOOK;
        }
        if (is_plain(byte)) {
            at.column++;
            offset++;
            continue;
        }
        size_t size = text_decode(file->text + offset, file->length - offset, &character);
        if (size == 0) {
            report_at(sink, file->path, at, "byte 0x%02x is not UTF-8; save the file as UTF-8",
                      byte);
            return false;
        }
        if (!is_allowed(character)) {
            report_at(sink, file->path, at,
                      "character U+%04X is a control character or a noncharacter; remove it",
                      (unsigned)character);
            return false;
        }
        advance(&at, character);
        offset += size;
    }
    return true;
}

/* Removes the byte order mark and checks the text. */
static bool take_text(diagnostics *sink, const char *path, const char *noun, const char *text,
                      size_t length, work_limits *limits, input_file *out_file) {
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    const size_t mark_length = sizeof byte_order_mark - 1;
    input_file file = {.path = path, .text = text, .length = length};
    if (length >= mark_length && memcmp(text, byte_order_mark, mark_length) == 0) {
        file.text += mark_length;
        file.length -= mark_length;
        file.had_byte_order_mark = true;
    }
    if (file.length == 0) {
        refuse_as(sink, path, "an empty file", noun);
        return false;
    }
    if (refuse_binary(sink, path, noun, file.text, file.length, file.length)) {
        return false;
    }
    if (!check_text(sink, &file, limits)) {
        return false;
    }
    *out_file = file;
    return true;
}

bool input_file_from_text(diagnostics *sink, const char *path, const char *noun, const char *text,
                          size_t length, input_file *out_file) {
    return take_text(sink, path, noun, text, length, NULL, out_file);
}

/* Reads the file as it is, without checking its content. */
static bool read_raw(diagnostics *sink, const char *path, const char *noun, size_t largest_bytes,
                     work_limits *limits, input_file *out_file) {
    size_t expected_bytes = 0;
    int file = open_file(sink, path, noun, largest_bytes, &expected_bytes);
    if (file < 0) {
        return false;
    }
    input_file raw = {.path = path};
    bool is_read = read_all(sink->memory, file, expected_bytes, largest_bytes, limits, &raw);
    if (!is_read) {
        report_failure(sink, path, "read", errno);
    }
    close(file);
    if (work_is_stopped(limits)) {
        work_report_stop(sink, limits, path, NULL, "reading");
        return false;
    }
    if (is_read && raw.length > largest_bytes) {
        refuse_size(sink, path, noun, largest_bytes);
        return false;
    }
    *out_file = raw;
    return is_read;
}

bool input_file_read_within(diagnostics *sink, const char *path, const char *noun,
                            size_t largest_bytes, work_limits *limits, input_file *out_file) {
    input_file raw;
    return read_raw(sink, path, noun, largest_bytes, limits, &raw) &&
           take_text(sink, path, noun, raw.text, raw.length, limits, out_file);
}

bool input_file_read(diagnostics *sink, const char *path, const char *noun, size_t largest_bytes,
                     input_file *out_file) {
    return input_file_read_within(sink, path, noun, largest_bytes, NULL, out_file);
}

bool input_file_read_gzip(diagnostics *sink, const char *path, const char *noun,
                          size_t largest_bytes, work_limits *limits, input_file *out_file) {
    input_file packed;
    char *text = NULL;
    size_t length = 0;
    return read_raw(sink, path, noun, largest_bytes, limits, &packed) &&
           gunzip(sink, path, packed.text, packed.length, largest_bytes, limits, &text, &length) &&
           take_text(sink, path, noun, text, length, limits, out_file);
}
