#include "cli/read/gunzip.h"

#include <string.h>
#include <zlib.h>

#include "cli/base/numbers.h"

/* zlib's sizes are unsigned int, so the data passes in pieces. */
enum { PIECE_BYTES = 64 * 1024, GZIP_ONLY = 16 };

enum { PIECES_PER_LOOK = WORK_BYTES_PER_LOOK / PIECE_BYTES };

typedef struct inflated {
    arena *memory;
    work_limits *limits;
    size_t largest_bytes;
    char *text; /* has room for one byte more */
    size_t capacity;
    size_t length;
    size_t piece_count; /* inflated so far */
} inflated;

bool is_gzip_name(const char *path) {
    size_t length = strlen(path);
    return length >= 3 && strcmp(path + length - 3, ".gz") == 0;
}

static void make_room(inflated *target) {
    if (target->length < target->capacity) {
        return;
    }
    size_t larger = target->capacity == 0 ? PIECE_BYTES : 2 * target->capacity;
    larger = larger > target->largest_bytes ? target->largest_bytes + 1 : larger;
    char *text = arena_allocate(target->memory, larger + 1, 1);
    if (target->length > 0) {
        memcpy(text, target->text, target->length);
    }
    target->text = text;
    target->capacity = larger;
}

/* Inflates into the remaining room. Returns zlib's result. */
static int inflate_piece(z_stream *stream, inflated *target) {
    make_room(target);
    size_t room = target->capacity - target->length;
    room = room > PIECE_BYTES ? PIECE_BYTES : room;
    stream->next_out = (Bytef *)target->text + target->length;
    stream->avail_out = (uInt)room;
    int answer = inflate(stream, Z_NO_FLUSH);
    target->length += room - stream->avail_out;
    return answer;
}

static bool may_inflate(inflated *target) {
    return target->length <= target->largest_bytes &&
           (++target->piece_count % PIECES_PER_LOOK != 0 || work_may_go_on(target->limits));
}

/* Returns NULL, or a description of the fault. */
static const char *inflate_all(z_stream *stream, const char *packed, size_t length,
                               inflated *target) {
    const char *end = packed + length;
    int answer = Z_OK;
    while (may_inflate(target)) {
        if (stream->avail_in == 0) {
            size_t left = (size_t)(end - packed);
            stream->avail_in = (uInt)(left > PIECE_BYTES ? PIECE_BYTES : left);
            stream->next_in = (z_const Bytef *)packed;
            packed += stream->avail_in;
        }
        if (stream->avail_in == 0 && answer == Z_STREAM_END) {
            return NULL;
        }
        if (answer == Z_STREAM_END) {
            inflateReset(stream);
        }
        answer = inflate_piece(stream, target);
        /* The output had room, so input is missing. */
        if (answer == Z_BUF_ERROR) {
            return "it ends too early";
        }
        if (answer == Z_MEM_ERROR) {
            stop_without_memory();
        }
        if (answer != Z_OK && answer != Z_STREAM_END) {
            return stream->msg;
        }
    }
    return NULL;
}

bool gunzip(diagnostics *sink, const char *path, const char *packed, size_t length,
            size_t largest_bytes, work_limits *limits, char **out_text, size_t *out_length) {
    z_stream stream = {.next_in = Z_NULL};
    inflated target = {.memory = sink->memory, .limits = limits, .largest_bytes = largest_bytes};
    if (inflateInit2(&stream, MAX_WBITS + GZIP_ONLY) != Z_OK) {
        report_in_file(sink, path, "cannot read: zlib is out of memory");
        return false;
    }
    const char *fault = inflate_all(&stream, packed, length, &target);
    if (fault != NULL) {
        report_in_file(sink, path, "is not a valid gzip file: %s", fault);
    } else if (target.length > largest_bytes) {
        report_in_file(sink, path, "is too large when decompressed: at most %s are allowed",
                       exact_bytes(sink->memory, largest_bytes));
    } else if (work_is_stopped(limits)) {
        work_report_stop(sink, limits, path, NULL, "reading");
    }
    inflateEnd(&stream);
    if (fault != NULL || target.length > largest_bytes || work_is_stopped(limits)) {
        return false;
    }
    target.text[target.length] = '\0';
    *out_text = target.text;
    *out_length = target.length;
    return true;
}
