/* The backend of the guide tells a missing model from one that cannot be opened. */
#include <errno.h>

#include "expect.h"
#include "scaler_backend.h"
#include "unopenable_path.h"

static rein_backend backend;

static void set_up(void) {
    backend = REIN_UNWRAP(scaler_backend_create(rein_clock_system()));
}

static void tear_down(void) {
    rein_backend_destroy(&backend);
}

TestSuite(guide_scaler, .init = set_up, .fini = tear_down);

static void expect_not_opened(const char *path, rein_error_code code, int native_code) {
    rein_model_id id = REIN_UNWRAP(rein_model_id_make("sample"));
    rein_result_void loaded = rein_backend_load(&backend, path, &id);
    cr_assert(!loaded.is_ok, "%s is not loaded", path);
    expect_code(&REIN_ERROR(loaded), code);
    cr_assert(REIN_ERROR(loaded).native_code == native_code, "errno is %d, expected %d",
              REIN_ERROR(loaded).native_code, native_code);
}

Test(guide_scaler, a_missing_model_is_not_found) {
    expect_not_opened("no/such/model", REIN_ERROR_NOT_FOUND, ENOENT);
    expect_not_opened("/dev/null/model", REIN_ERROR_NOT_FOUND, ENOTDIR);
}

Test(guide_scaler, a_model_that_cannot_be_opened_is_a_failure_of_the_backend) {
    expect_not_opened(unopenable_path(), REIN_ERROR_BACKEND_ERROR, ENAMETOOLONG);
}
