#include "cli/models/model_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/base/path.h"

static rein_result_void fail(model_file *file, int native_code, const char *message) {
    rein_error error = rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE, message);
    file->failure = rein_error_with_native_code(rein_error_with_text(error, strerror(native_code)),
                                                native_code);
    file->has_failed = true;
    return rein_result_void_fail(file->failure);
}

static rein_result_void read_at(void *self, uint64_t offset, void *out_bytes, size_t size) {
    model_file *file = self;
    char *next = out_bytes;
    while (size > 0) {
        ssize_t got = pread(file->descriptor, next, size, (off_t)offset);
        if (got == 0) {
            return fail(file, 0, "the file became shorter while it was read");
        }
        if (got < 0 && errno != EINTR) {
            return fail(file, errno, "cannot read the file: {text}");
        }
        size_t taken = got < 0 ? 0 : (size_t)got;
        next += taken;
        offset += taken;
        size -= taken;
    }
    return rein_done();
}

/* Returns the descriptor of a regular file and its size, or -1 after a message. */
static int open_regular(diagnostics *sink, const char *path, uint64_t *out_bytes) {
    struct stat facts;
    if (path_is_standard(path)) {
        report_in_file(sink, path, "is not a file; a model is read by position");
        return -1;
    }
    /* Without O_NONBLOCK, opening a pipe would wait for a writer. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0 || fstat(descriptor, &facts) != 0) {
        report_failure(sink, path, "read", errno);
    } else if (!S_ISREG(facts.st_mode)) {
        report_in_file(sink, path, "is not a regular file; a model is read by position");
    } else {
        *out_bytes = (uint64_t)facts.st_size;
        return descriptor;
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    return -1;
}

bool model_file_open_any(diagnostics *sink, const char *path, model_file *out_file) {
    uint64_t size_bytes = 0;
    int descriptor = open_regular(sink, path, &size_bytes);
    if (descriptor < 0) {
        return false;
    }
    *out_file =
        (model_file){.path = path,
                     .descriptor = descriptor,
                     .format = REIN_MODEL_FORMAT_UNKNOWN,
                     .source = {.read_at = read_at, .self = out_file, .size_bytes = size_bytes}};
    return true;
}

void model_file_close(model_file *file) {
    close(file->descriptor);
    file->descriptor = -1;
}

bool refuse_model_file(diagnostics *sink, const model_file *file, const rein_error *error) {
    report_in_file(sink, file->path, "%s", error_text(sink->memory, error));
    return false;
}

bool model_file_format(diagnostics *sink, const char *path, rein_model_format *out_format) {
    struct stat facts;
    model_file file;
    *out_format = REIN_MODEL_FORMAT_UNKNOWN;
    /* A pipe must not be opened: its writer would take the end of the look for the end of reading.
     */
    if (path_is_standard(path) || stat(path, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        return true;
    }
    if (!model_file_open_any(sink, path, &file)) {
        return false;
    }
    rein_result_model_format found = rein_model_file_format(&file.source);
    model_file_close(&file);
    if (!found.is_ok) {
        return refuse_model_file(sink, &file, &found.as.error);
    }
    *out_format = found.as.value;
    return true;
}

static bool recognise(diagnostics *sink, model_file *file) {
    rein_result_model_format format = rein_model_file_format(&file->source);
    if (!format.is_ok) {
        return refuse_model_file(sink, file, &format.as.error);
    }
    if (format.as.value == REIN_MODEL_FORMAT_UNKNOWN) {
        report_in_file(
            sink, file->path,
            "is not a GGUF, safetensors or ONNX file; give a model file, or the directory of a "
            "Hugging Face model");
        return false;
    }
    file->format = format.as.value;
    return true;
}

bool model_file_open(diagnostics *sink, const char *path, model_file *out_file) {
    if (!model_file_open_any(sink, path, out_file)) {
        return false;
    }
    if (!recognise(sink, out_file)) {
        model_file_close(out_file);
        return false;
    }
    return true;
}
