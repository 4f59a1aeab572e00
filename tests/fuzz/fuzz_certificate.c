/* Certificates for lifetimes whose least height is known by brute force. A certificate that is read
 * is written as the same bytes, and the claims of one that passes its check are true. */
#include <fcntl.h>
#include <unistd.h>

#include "cli/certificate/certificate.h"
#include "fuzz_readers.h"
#include "plan/plan_case.h"

static const char *ids[] = {"a", "b", "c", "d"};
static plan_case fixed_case = {
    .lifetimes = {{{0}, 0, 4, 3, 4}, {{1}, 2, 6, 5, 4}, {{2}, 5, 9, 6, 4}, {{3}, 0, 9, 1, 2}},
    .fixed_offsets = {REIN_PLAN_FREE, REIN_PLAN_FREE, REIN_PLAN_FREE, REIN_PLAN_FREE},
    .count = 4,
};
static uint64_t least;
static char read_path[64];
static char written_path[64];

static void remove_files(void) {
    unlink(read_path);
    unlink(written_path);
}

static void prepare(void) {
    const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    least = plan_case_least_height(&fixed_case);
    snprintf(read_path, sizeof read_path, "%s/rein_fuzz_%d_read", folder, (int)getpid());
    snprintf(written_path, sizeof written_path, "%s/rein_fuzz_%d_written", folder, (int)getpid());
    atexit(remove_files);
}

static void put_file(const uint8_t *data, size_t size) {
    int file = open(read_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    require(file >= 0 && write(file, data, size) == (ssize_t)size && close(file) == 0,
            "a file can be written");
}

static bool is_written_the_same(const uint8_t *data, size_t size) {
    char *bytes = malloc(size + 1);
    int file = open(written_path, O_RDONLY);
    bool is =
        file >= 0 && read(file, bytes, size + 1) == (ssize_t)size && memcmp(bytes, data, size) == 0;
    close(file);
    free(bytes);
    return is;
}

static bool is_so(const certificate *claimed) {
    switch (claimed->kind) {
    case CLAIM_FITS:
        return least <= claimed->bytes;
    case CLAIM_CANNOT:
        return claimed->bytes < least;
    case CLAIM_LEAST:
        return claimed->bytes == least;
    case CLAIM_BETWEEN:
        break;
    }
    return claimed->bound_bytes <= least && least <= claimed->bytes;
}

static work_limits unlimited;

static void check(kept_sink *kept, const certificate *read) {
    lifetimes_file input = {.path = "f",
                            .ids = ids,
                            .lifetimes = fixed_case.lifetimes,
                            .count = fixed_case.count,
                            .has_alignments = true};
    certificate_finding finding = certificate_check(kept->sink.memory, read, &input, &unlimited);
    require(finding.outcome != CERTIFICATE_PROVES || is_so(read), "the proof is correct");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (least == 0) {
        prepare();
    }
    kept_sink kept;
    certificate read;
    kept_sink_open(&kept);
    put_file(data, size);
    bool is_read = certificate_read(&kept.sink, read_path, NULL, &read);
    kept_sink_require(&kept, read_path, is_read);
    if (is_read) {
        require(certificate_write(&kept.sink, &read, &unlimited, written_path),
                "a certificate is written");
        require(is_written_the_same(data, size), "a certificate has one spelling");
        check(&kept, &read);
    }
    kept_sink_close(&kept);
    return 0;
}
