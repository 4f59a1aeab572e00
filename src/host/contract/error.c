#include "contract/error.h"

#include <stdbool.h>
#include <string.h>

#include "host/base/character.h"
#include "host/base/quantity.h"
#include "host/base/text_writer.h"
#include "host/base/utf8.h"

static const char *const code_names[] = {
    [REIN_ERROR_BUDGET_EXCEEDED] = "BudgetExceeded",
    [REIN_ERROR_BACKEND_ERROR] = "BackendError",
    [REIN_ERROR_INVALID_ARGUMENT] = "InvalidArgument",
    [REIN_ERROR_NOT_FOUND] = "NotFound",
    [REIN_ERROR_TIMEOUT] = "Timeout",
    [REIN_ERROR_INTERNAL_ERROR] = "InternalError",
    [REIN_ERROR_DEADLINE_MISSED] = "DeadlineMissed",
    [REIN_ERROR_NOT_SCHEDULABLE] = "NotSchedulable",
    [REIN_ERROR_UNSUPPORTED] = "Unsupported",
    [REIN_ERROR_DEVICE_UNAVAILABLE] = "DeviceUnavailable",
    [REIN_ERROR_DEVICE_LOST] = "DeviceLost",
    [REIN_ERROR_OUT_OF_MEMORY] = "OutOfMemory",
    [REIN_ERROR_INVALID_STATE] = "InvalidState",
    [REIN_ERROR_BUFFER_TOO_SMALL] = "BufferTooSmall",
    [REIN_ERROR_CANCELLED] = "Cancelled",
};

_Static_assert(sizeof code_names / sizeof code_names[0] == REIN_ERROR_CODE_LAST + 1,
               "every error code has a name");

const char *rein_error_code_name(rein_error_code code) {
    int value = (int)code;
    return value >= 1 && value <= (int)REIN_ERROR_CODE_LAST ? code_names[value] : "Unknown";
}

rein_error rein_error_make(rein_error_code code, rein_source_location where, const char *message) {
    return (rein_error){.code = code, .where = where, .message = message};
}

rein_error rein_error_with_numbers(rein_error error, uint64_t first, uint64_t second,
                                   uint64_t third) {
    error.numbers[0] = first;
    error.numbers[1] = second;
    error.numbers[2] = third;
    return error;
}

/* Marks the place at which a text was cut: U+2026. */
static const char cut_mark[] = "\xE2\x80\xA6";
enum { CUT_MARK_BYTES = sizeof cut_mark - 1 };

/* Reads the character at `*text` and advances past it. Returns the text to show for it, which is
 * `*out_bytes` long: the character itself, or '?'. */
static const char *next_shown(const char **text, size_t *out_bytes) {
    const char *at = *text;
    size_t bytes = utf8_sequence_bytes(at, SIZE_MAX);
    bool is_shown = bytes > 0 && character_kind_of(utf8_character(at, bytes)) == CHARACTER_VISIBLE;
    *text += bytes > 0 ? bytes : 1;
    *out_bytes = is_shown ? bytes : 1;
    return is_shown ? at : "?";
}

static size_t shown_length(const char *text) {
    size_t length = 0;
    while (*text != '\0') {
        size_t bytes = 0;
        next_shown(&text, &bytes);
        length += bytes;
    }
    return length;
}

/* Appends `text` as it is shown, up to `limit` bytes of the target, in whole characters. Returns
 * the rest of the text. */
static const char *append_shown(const char *text, char *target, size_t limit, size_t *length) {
    while (*text != '\0') {
        const char *rest = text;
        size_t bytes = 0;
        const char *shown = next_shown(&rest, &bytes);
        if (*length + bytes > limit) {
            break;
        }
        memcpy(target + *length, shown, bytes);
        *length += bytes;
        text = rest;
    }
    return text;
}

rein_error rein_error_with_text(rein_error error, const char *text) {
    enum { MOST = REIN_ERROR_FOREIGN_TEXT_CAPACITY - 1, HEAD = MOST / 2 };
    memset(error.foreign_text, 0, sizeof error.foreign_text);
    size_t length = 0;
    size_t left = text == NULL ? 0 : shown_length(text);
    if (left == 0) {
        return error;
    }
    if (left > MOST) {
        text = append_shown(text, error.foreign_text, HEAD, &length);
        left -= length;
        memcpy(error.foreign_text + length, cut_mark, CUT_MARK_BYTES);
        length += CUT_MARK_BYTES;
    }
    while (left > MOST - length) {
        size_t bytes = 0;
        next_shown(&text, &bytes);
        left -= bytes;
    }
    append_shown(text, error.foreign_text, MOST, &length);
    return error;
}

rein_error rein_error_with_context(rein_error error, const char *text) {
    enum { MOST = REIN_ERROR_CONTEXT_CAPACITY - 1 };
    const char *const parts[] = {text == NULL ? "" : text, ": ", error.context};
    if (*parts[0] == '\0') {
        return error;
    }
    size_t part_count = error.context[0] == '\0' ? 1 : 3;
    size_t whole = 0;
    for (size_t index = 0; index < part_count; index++) {
        whole += shown_length(parts[index]);
    }
    char context[REIN_ERROR_CONTEXT_CAPACITY] = {0};
    size_t length = 0;
    size_t limit = whole > MOST ? MOST - CUT_MARK_BYTES : MOST;
    bool is_whole = true;
    for (size_t index = 0; index < part_count && is_whole; index++) {
        is_whole = *append_shown(parts[index], context, limit, &length) == '\0';
    }
    memcpy(context + length, cut_mark, is_whole ? 0 : CUT_MARK_BYTES);
    memcpy(error.context, context, sizeof context);
    return error;
}

rein_error rein_error_with_native_code(rein_error error, int32_t native_code) {
    error.native_code = native_code;
    return error;
}

typedef enum placeholder_kind {
    PLACEHOLDER_NONE,
    PLACEHOLDER_UNSIGNED,
    PLACEHOLDER_SIGNED,
    PLACEHOLDER_BYTES,
    PLACEHOLDER_DURATION,
    PLACEHOLDER_TEXT
} placeholder_kind;

typedef struct placeholder {
    const char *spelling;
    placeholder_kind kind;
} placeholder;

static const placeholder placeholders[] = {
    {"{u}", PLACEHOLDER_UNSIGNED},  {"{i}", PLACEHOLDER_SIGNED},
    {"{bytes}", PLACEHOLDER_BYTES}, {"{duration}", PLACEHOLDER_DURATION},
    {"{text}", PLACEHOLDER_TEXT},
};

static placeholder placeholder_at(const char *template) {
    for (size_t index = 0; index < sizeof placeholders / sizeof placeholders[0]; index++) {
        const char *spelling = placeholders[index].spelling;
        if (strncmp(template, spelling, strlen(spelling)) == 0) {
            return placeholders[index];
        }
    }
    return (placeholder){.spelling = "", .kind = PLACEHOLDER_NONE};
}

static bool is_number(placeholder_kind kind) {
    return kind != PLACEHOLDER_NONE && kind != PLACEHOLDER_TEXT;
}

/* The largest units in which all sizes and all times of a message are whole, so that a reader can
 * compare them. */
typedef struct message_units {
    const quantity_unit *bytes;
    const quantity_unit *time;
} message_units;

static uint64_t common_divisor(uint64_t left, uint64_t right) {
    while (right != 0) {
        uint64_t rest = left % right;
        left = right;
        right = rest;
    }
    return left;
}

static message_units find_units(const char *template, const uint64_t *numbers) {
    uint64_t bytes = 0;
    uint64_t ns = 0;
    size_t next_number = 0;
    for (; *template != '\0' && next_number < REIN_ERROR_NUMBER_COUNT; template ++) {
        placeholder_kind kind = placeholder_at(template).kind;
        uint64_t number = numbers[next_number];
        next_number += is_number(kind) ? 1 : 0;
        if (kind == PLACEHOLDER_BYTES) {
            bytes = common_divisor(bytes, number);
        } else if (kind == PLACEHOLDER_DURATION) {
            ns = common_divisor(ns, (int64_t)number < 0 ? UINT64_C(0) - number : number);
        }
    }
    return (message_units){.bytes = rein_i_quantity_byte_unit(bytes),
                           .time = rein_i_quantity_time_unit((int64_t)ns)};
}

static void append_number(text_writer *writer, placeholder_kind kind, uint64_t number,
                          const message_units *units) {
    if (kind == PLACEHOLDER_UNSIGNED) {
        rein_i_text_writer_append_unsigned(writer, number);
    } else if (kind == PLACEHOLDER_SIGNED) {
        rein_i_text_writer_append_signed(writer, (int64_t)number);
    } else if (kind == PLACEHOLDER_BYTES) {
        rein_i_quantity_append_bytes_in(writer, units->bytes, number);
    } else {
        rein_i_quantity_append_ns_in(writer, units->time, (int64_t)number);
    }
}

static void append_message(text_writer *writer, const rein_error *error) {
    if (error->context[0] != '\0') {
        rein_i_text_writer_append(writer, error->context);
        rein_i_text_writer_append(writer, ": ");
    }
    const char *rest = error->message == NULL ? "" : error->message;
    message_units units = find_units(rest, error->numbers);
    size_t next_number = 0;
    while (*rest != '\0') {
        placeholder found = placeholder_at(rest);
        size_t bytes = strlen(found.spelling);
        if (found.kind == PLACEHOLDER_TEXT) {
            rein_i_text_writer_append(writer, error->foreign_text);
        } else if (found.kind != PLACEHOLDER_NONE && next_number < REIN_ERROR_NUMBER_COUNT) {
            append_number(writer, found.kind, error->numbers[next_number++], &units);
        } else {
            bytes = 1;
            rein_i_text_writer_append_bytes(writer, rest, bytes);
        }
        rest += bytes;
    }
}

size_t rein_error_message(const rein_error *error, char *buffer, size_t capacity) {
    text_writer writer = rein_i_text_writer_make(buffer, capacity);
    if (error != NULL) {
        append_message(&writer, error);
    }
    return writer.length;
}

static void append_location(text_writer *writer, rein_source_location where) {
    rein_i_text_writer_append(writer, " [");
    rein_i_text_writer_append(writer, where.function == NULL ? "?" : where.function);
    rein_i_text_writer_append(writer, ", ");
    rein_i_text_writer_append(writer, where.file == NULL ? "?" : where.file);
    rein_i_text_writer_append(writer, ":");
    rein_i_text_writer_append_signed(writer, where.line);
    rein_i_text_writer_append(writer, "]");
}

size_t rein_error_to_string(const rein_error *error, char *buffer, size_t capacity) {
    text_writer writer = rein_i_text_writer_make(buffer, capacity);
    if (error == NULL) {
        return 0;
    }
    rein_i_text_writer_append(&writer, rein_error_code_name(error->code));
    rein_i_text_writer_append(&writer, ": ");
    append_message(&writer, error);
    if (error->native_code != 0) {
        rein_i_text_writer_append(&writer, " (native code ");
        rein_i_text_writer_append_signed(&writer, error->native_code);
        rein_i_text_writer_append(&writer, ")");
    }
    append_location(&writer, error->where);
    return writer.length;
}
