/* The suite finds every rule of estimates that is broken, and refuses no sound estimate. The
 * backends are mocks with a slot replaced. */
#include "conformance/backend_conformance_criterion.h"
#include "mock_subject.h"

TestSuite(backend_conformance_estimates, .init = set_up);

static rein_result_lifetime_view unsound_lifetimes(void *self, const char *path,
                                                   const rein_input_shapes *shapes) {
    static const rein_tensor_lifetime lifetime = {.from = 1, .until = 1, .alignment_bytes = 1};
    (void)self;
    (void)path;
    (void)shapes;
    return rein_result_lifetime_view_ok((rein_lifetime_view){.lifetimes = &lifetime, .count = 1});
}

static rein_result_memory_estimate too_low_estimate(void *self, const char *path,
                                                    const rein_input_shapes *shapes) {
    rein_result_memory_estimate estimate =
        mock_backend_interface()->estimate_memory(self, path, shapes);
    REIN_TRY(rein_result_memory_estimate, estimate);
    REIN_VALUE(estimate).activation_bytes.value = 95;
    return estimate;
}

static rein_result_memory_estimate low_load_peak(void *self, const char *path,
                                                 const rein_input_shapes *shapes) {
    rein_result_memory_estimate estimate =
        mock_backend_interface()->estimate_memory(self, path, shapes);
    REIN_TRY(rein_result_memory_estimate, estimate);
    REIN_VALUE(estimate).load_peak_bytes = rein_fact_u64_known(999);
    return estimate;
}

static rein_result_memory_estimate high_lower_bound(void *self, const char *path,
                                                    const rein_input_shapes *shapes) {
    rein_result_memory_estimate estimate =
        mock_backend_interface()->estimate_memory(self, path, shapes);
    REIN_TRY(rein_result_memory_estimate, estimate);
    REIN_VALUE(estimate).activation_lower_bound_bytes = rein_fact_u64_known(97);
    return estimate;
}

Test(backend_conformance_estimates, faults_are_found) {
    table.estimate_lifetimes = unsound_lifetimes;
    expect_broken("lifetimes are sound");
    table.estimate_memory = too_low_estimate;
    expect_broken("activations cover the lifetimes");
    table.estimate_memory = low_load_peak;
    expect_broken("the memory estimate is sound");
    table.estimate_memory = high_lower_bound;
    expect_broken("the memory estimate is sound");
}

/* Each answers wrongly if it is asked about shapes. */
static rein_result_memory_estimate low_for_shapes(void *self, const char *path,
                                                  const rein_input_shapes *shapes) {
    return shapes != NULL ? too_low_estimate(self, path, shapes)
                          : mock_backend_interface()->estimate_memory(self, path, NULL);
}

static rein_result_memory_estimate low_load_peak_for_shapes(void *self, const char *path,
                                                            const rein_input_shapes *shapes) {
    return shapes != NULL ? low_load_peak(self, path, shapes)
                          : mock_backend_interface()->estimate_memory(self, path, NULL);
}

static rein_result_lifetime_view unsound_for_shapes(void *self, const char *path,
                                                    const rein_input_shapes *shapes) {
    return shapes != NULL ? unsound_lifetimes(self, path, shapes)
                          : mock_backend_interface()->estimate_lifetimes(self, path, NULL);
}

static rein_result_memory_estimate estimate_of_any_shapes(void *self, const char *path,
                                                          const rein_input_shapes *shapes) {
    (void)shapes;
    return mock_backend_interface()->estimate_memory(self, path, NULL);
}

static rein_result_lifetime_view lifetimes_of_any_shapes(void *self, const char *path,
                                                         const rein_input_shapes *shapes) {
    (void)shapes;
    return mock_backend_interface()->estimate_lifetimes(self, path, NULL);
}

/* Fails for the smallest shapes, and does not know the memory of others. */
static rein_result_memory_estimate failing_estimate(void *self, const char *path,
                                                    const rein_input_shapes *shapes) {
    bool is_smallest = shapes != NULL && shapes->shapes[0].dimensions[0] == 1;
    rein_error_code code = is_smallest ? REIN_ERROR_BACKEND_ERROR : REIN_ERROR_UNSUPPORTED;
    (void)self;
    (void)path;
    return rein_result_memory_estimate_fail(rein_error_make(code, REIN_HERE, "no estimate"));
}

Test(backend_conformance_estimates, faults_for_shapes_are_found) {
    static const char rule[] = "estimates are sound at every size";
    table.estimate_memory = low_for_shapes;
    expect_broken(rule);
    table.estimate_memory = low_load_peak_for_shapes;
    expect_broken(rule);
    table.estimate_lifetimes = unsound_for_shapes;
    expect_broken(rule);
    table.estimate_memory = failing_estimate;
    expect_broken(rule);
    table.estimate_memory = estimate_of_any_shapes;
    expect_broken("analysis refuses other shapes");
    table.estimate_lifetimes = lifetimes_of_any_shapes;
    expect_broken("analysis refuses other shapes");
}

/* The estimate of smaller shapes is larger. */
static rein_result_memory_estimate shrinking_estimate(void *self, const char *path,
                                                      const rein_input_shapes *shapes) {
    rein_result_memory_estimate estimate =
        mock_backend_interface()->estimate_memory(self, path, shapes);
    REIN_TRY(rein_result_memory_estimate, estimate);
    if (shapes != NULL) {
        REIN_VALUE(estimate).activation_bytes.value +=
            8 - (uint64_t)shapes->shapes[0].dimensions[0];
    }
    return estimate;
}

Test(backend_conformance_estimates, smaller_shapes_may_need_more) {
    table.estimate_memory = shrinking_estimate;
    expect_backend_conforms(&subject, 0);
}

static rein_result_memory_estimate no_estimate(void *self, const char *path,
                                               const rein_input_shapes *shapes) {
    (void)self;
    (void)path;
    (void)shapes;
    return rein_result_memory_estimate_fail(
        rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE, "not known"));
}

static rein_result_lifetime_view no_lifetimes(void *self, const char *path,
                                              const rein_input_shapes *shapes) {
    (void)self;
    (void)path;
    (void)shapes;
    return rein_result_lifetime_view_fail(
        rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE, "not known"));
}

Test(backend_conformance_estimates, an_engine_without_estimates_is_waived) {
    table.estimate_lifetimes = no_lifetimes;
    expect_backend_conforms(&subject, 2);
    table.estimate_memory = no_estimate;
    expect_backend_conforms(&subject, 4);
}
