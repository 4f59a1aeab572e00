/* Passes NULL for each pointer: functions that return a result refuse it, others return their safe
 * answer, and an empty array may be NULL. A plain program, so that clang can build it too: its
 * sanitizer reports arithmetic on NULL, which gcc's does not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/contract.h"
#include "models/config.h"
#include "models/gguf.h"
#include "models/memory.h"
#include "models/onnx.h"
#include "models/safetensors_index.h"
#include "node/reservation.h"
#include "plan/plan.h"

enum { WORKSPACE_BYTES = 1 << 20 };

static int failure_count;

static void expect(bool is_so, int line, const char *call) {
    if (!is_so) {
        fprintf(stderr, "line %d: not as expected: %s\n", line, call);
        failure_count++;
    }
}

#define EXPECT(condition) expect((condition), __LINE__, #condition)

/* The call of a function that returns `type` is refused with InvalidArgument. */
#define EXPECT_INVALID(type, call)                                                               \
    do {                                                                                         \
        type result_ = (call);                                                                   \
        expect(!result_.is_ok && result_.as.error.code == REIN_ERROR_INVALID_ARGUMENT, __LINE__, \
               #call);                                                                           \
    } while (0)

#define EXPECT_OK(type, call)                   \
    do {                                        \
        type result_ = (call);                  \
        expect(result_.is_ok, __LINE__, #call); \
    } while (0)

static const rein_tensor_lifetime lifetime = {.until = 1, .size_bytes = 1, .alignment_bytes = 1};
static const rein_workspace no_workspace = {.memory = NULL};

static void values_refuse_null(void) {
    EXPECT_INVALID(rein_result_void, rein_resource_budget_validate(NULL));
    EXPECT(!rein_resource_budget_is_valid(NULL));
    EXPECT_INVALID(rein_result_void, rein_device_profile_validate(NULL));
    EXPECT_INVALID(rein_result_void, rein_reservation_check(NULL));
    EXPECT_INVALID(rein_result_void, rein_device_uuid_normalize("GPU-0", NULL));
    EXPECT(!rein_device_profile_counts_growth(NULL));
    rein_reservation_release(NULL);
    rein_state_directory_close(NULL);
    EXPECT_INVALID(rein_result_void, rein_tensor_spec_validate(NULL));
    EXPECT_INVALID(rein_result_void, rein_tensor_validate(NULL));
    EXPECT_INVALID(rein_result_bytes, rein_tensor_size_bytes(NULL));
    EXPECT_INVALID(rein_result_bytes, rein_tensor_descriptor_size_bytes(NULL));
    EXPECT_INVALID(rein_result_tensor, rein_tensor_make(NULL, NULL));
    EXPECT_INVALID(rein_result_tensor, rein_tensor_make_shaped(NULL, NULL, NULL));
    EXPECT_INVALID(rein_result_tensor, rein_tensor_make_output(NULL, NULL, 0));
    EXPECT_INVALID(rein_result_tensor_spec,
                   rein_tensor_spec_make("t", NULL, REIN_DTYPE_INT8, REIN_LAYOUT_ROW_MAJOR));
    EXPECT_INVALID(rein_result_tensor_descriptor,
                   rein_tensor_descriptor_make("t", NULL, REIN_DTYPE_INT8));
    EXPECT_INVALID(rein_result_shape, rein_shape_make(NULL, 1));
}

static void specs_refuse_null(void) {
    static const rein_shape shape = {.rank = 0};
    rein_tensor_spec spec =
        REIN_UNWRAP(rein_tensor_spec_make("t", &shape, REIN_DTYPE_INT8, REIN_LAYOUT_ROW_MAJOR));
    EXPECT_INVALID(rein_result_tensor_spec, rein_tensor_spec_with_range(NULL, 0, 0, 1, NULL));
    EXPECT_INVALID(rein_result_bytes, rein_tensor_spec_size_bytes(NULL, &shape));
    EXPECT_INVALID(rein_result_bytes, rein_tensor_spec_size_bytes(&spec, NULL));
    EXPECT_INVALID(rein_result_tensor, rein_tensor_make_shaped(&spec, NULL, &spec));
    EXPECT_INVALID(rein_result_tensor, rein_tensor_make_shaped(&spec, &shape, NULL));
    EXPECT_INVALID(rein_result_tensor, rein_tensor_make_output(&spec, NULL, 1));
    EXPECT(!rein_tensor_spec_is_fixed(NULL));
    EXPECT(rein_tensor_spec_min_shape(NULL).rank == 0);
    EXPECT(rein_tensor_spec_max_shape(NULL).rank == 0);
    EXPECT(!rein_tensor_spec_allows(NULL, &shape));
    EXPECT(!rein_tensor_spec_allows(&spec, NULL));
}

static rein_execution_request request_of(const rein_tensor *inputs, size_t count) {
    static const rein_request_id id = {{0}};
    return rein_execution_request_make(REIN_UNWRAP(rein_model_id_make("m")), id, inputs, count,
                                       rein_timestamp_from_ns(0));
}

static void executions_refuse_null(void) {
    static const rein_shape scalar = {.rank = 0};
    rein_execution_request request = request_of(NULL, 1);
    rein_execution_result result = rein_execution_result_make(NULL, 1);
    EXPECT_INVALID(rein_result_void, rein_execution_request_validate(NULL));
    EXPECT_INVALID(rein_result_void, rein_execution_request_validate(&request));
    EXPECT_INVALID(rein_result_void, rein_execution_result_validate(NULL));
    EXPECT_INVALID(rein_result_void, rein_execution_result_validate(&result));
    EXPECT_INVALID(rein_result_void, rein_execution_result_set_shapes(NULL, &scalar, 1));
    EXPECT_INVALID(rein_result_void, rein_execution_result_set_shapes(&result, &scalar, 1));
    rein_cancel(NULL);
    EXPECT(rein_execution_request_deadline(NULL).ns == INT64_MAX);
    EXPECT(!rein_execution_request_is_cancelled(NULL));
    rein_execution_result_complete(NULL, rein_timestamp_never(), &result);
    EXPECT(!result.deadline_met);
    rein_execution_result_complete(&request, rein_timestamp_never(), NULL);
}

static void outputs_need_their_shapes(void) {
    rein_tensor output = {.data = NULL};
    rein_execution_result result = rein_execution_result_make(&output, 1);
    EXPECT_INVALID(rein_result_void, rein_execution_result_set_shapes(&result, NULL, 1));
}

static void a_demand_without_an_estimate_is_unknown(void) {
    rein_model_demand demand = rein_model_demand_from_estimate(
        REIN_UNWRAP(rein_model_id_make("m")), rein_resource_budget_default(), NULL,
        rein_fact_u64_unknown(), rein_fact_u64_unknown());
    EXPECT(!demand.weights_bytes.is_known && !demand.activation_bytes.is_known);
    EXPECT(!rein_model_demand_covers_contexts(NULL));
}

static void ledgers_refuse_null(void) {
    rein_resource_budget budget = rein_resource_budget_default();
    rein_ledger ledger;
    EXPECT_INVALID(rein_result_void, rein_ledger_init(NULL, &budget));
    EXPECT_INVALID(rein_result_void, rein_ledger_init(&ledger, NULL));
    EXPECT(rein_ledger_budget(NULL).memory_limit_bytes == 0);
    EXPECT(rein_ledger_read(NULL).memory_bytes.limit == 0);
    EXPECT(rein_ledger_verdict_error(NULL, REIN_HERE).code == REIN_ERROR_INVALID_ARGUMENT);
}

static void engines_refuse_null(void) {
    EXPECT_INVALID(rein_result_engine, rein_engine_parse(NULL));
    EXPECT_INVALID(rein_result_cache_type, rein_cache_type_parse(NULL));
    EXPECT_INVALID(rein_result_switch, rein_switch_parse(NULL));
    EXPECT_INVALID(rein_result_engine_settings, rein_engine_options_resolve(NULL));
}

static void memories_refuse_null(void) {
    static const rein_gguf part = {.file = NULL};
    rein_engine_options options = rein_engine_options_make(REIN_ENGINE_LLAMA_C_API);
    rein_model_memory memory = rein_model_memory_make();
    rein_model_memory_request without = rein_model_memory_request_make(NULL, 1, options);
    rein_model_memory_request request = rein_model_memory_request_make(&part, 1, options);
    EXPECT_INVALID(rein_result_void, rein_model_memory_compute(NULL, &memory));
    EXPECT_INVALID(rein_result_void, rein_model_memory_compute(&request, NULL));
    EXPECT_INVALID(rein_result_void, rein_model_memory_compute(&without, &memory));
}

static void nothing_equals_null(void) {
    static const rein_tensor_spec spec = {.layout = REIN_LAYOUT_ROW_MAJOR};
    static const rein_shape shape = {.rank = 0};
    static const rein_resource_budget budget = {.stream_limit = 1};
    EXPECT(!rein_tensor_spec_equal(NULL, NULL));
    EXPECT(!rein_tensor_spec_equal(&spec, NULL));
    EXPECT(!rein_tensor_spec_equal(NULL, &spec));
    EXPECT(!rein_shape_equal(NULL, NULL));
    EXPECT(!rein_shape_equal(&shape, NULL));
    EXPECT(!rein_shape_equal(NULL, &shape));
    EXPECT(!rein_resource_budget_equal(NULL, NULL));
    EXPECT(!rein_resource_budget_equal(&budget, NULL));
    EXPECT(!rein_resource_budget_equal(NULL, &budget));
}

static void ignore_entry(const rein_reservation_entry *entry, void *context) {
    (void)entry;
    (void)context;
}

static void reservations_refuse_null(void) {
    char uuid[REIN_DEVICE_UUID_CAPACITY];
    rein_reservation_summary none = {.live_count = 0};
    rein_admission_request request = rein_admission_request_make(NULL, 0, NULL);
    EXPECT(!rein_admission_has_own_processes(NULL));
    EXPECT(rein_admission_process_count(NULL) == 0);
    EXPECT_INVALID(rein_result_void, rein_device_uuid_normalize(NULL, uuid));
    EXPECT_INVALID(rein_result_reservation_verdict, rein_reservation_judge(NULL, &none, NULL));
    EXPECT_INVALID(rein_result_reservation_verdict, rein_reservation_judge(&request, &none, NULL));
    EXPECT_INVALID(rein_result_reservation_verdict, rein_reservation_judge(&request, NULL, NULL));
    EXPECT_INVALID(rein_result_reservation_verdict, rein_reservation_take(NULL, NULL, NULL, NULL));
    EXPECT_INVALID(rein_result_reservation_verdict, rein_reservation_change(NULL, NULL, NULL));
    EXPECT_INVALID(rein_result_void, rein_reservation_keep_on_exec(NULL));
    EXPECT_INVALID(rein_result_reservation_summary, rein_reservation_visit(NULL, NULL, NULL, NULL));
    EXPECT_INVALID(rein_result_state_directory, rein_state_directory_open(NULL));
    EXPECT_INVALID(rein_result_state_directory, rein_state_directory_create(NULL));
    EXPECT_INVALID(rein_result_void, rein_state_directory_visit_devices(NULL, NULL, NULL));
    rein_state_directory closed = {.process = 0};
    EXPECT_INVALID(rein_result_void, rein_state_directory_visit_devices(&closed, NULL, NULL));
    EXPECT_INVALID(rein_result_state_origin, rein_state_path_find(NULL));
    rein_reservation_visit_removed(NULL, ignore_entry, NULL);
    rein_reservation_visit_removed("/", NULL, NULL);
}

static void texts_refuse_null(void) {
    EXPECT_INVALID(rein_result_bytes, rein_bytes_parse(NULL));
    EXPECT_INVALID(rein_result_duration, rein_duration_parse(NULL));
    EXPECT_INVALID(rein_result_model_id, rein_model_id_make(NULL));
    EXPECT_INVALID(rein_result_request_id, rein_request_id_parse(NULL));
    rein_error error = rein_error_make(REIN_ERROR_NOT_FOUND, REIN_HERE, "{text}");
    EXPECT(rein_error_with_text(error, NULL).foreign_text[0] == '\0');
    EXPECT(rein_error_with_context(error, NULL).context[0] == '\0');
    EXPECT(strcmp(rein_model_id_text(NULL), "") == 0);
    rein_require_value(true, NULL, rein_source_location_make(NULL, NULL, 0));
}

/* Writers of text. */
static void writers_refuse_null(void) {
    static const rein_request_id id = {{0}};
    char text[REIN_REQUEST_ID_TEXT_CAPACITY] = "as before";
    rein_request_id_format(NULL, text);
    EXPECT(strcmp(text, "") == 0);
    rein_request_id_format(&id, NULL);
    text[0] = 'x';
    EXPECT(rein_error_message(NULL, text, sizeof text) == 0 && text[0] == '\0');
    text[0] = 'x';
    EXPECT(rein_error_to_string(NULL, text, sizeof text) == 0 && text[0] == '\0');
    EXPECT(rein_bytes_to_string(1, NULL, sizeof text) == 2);
}

static void lifetimes_refuse_null(void) {
    static const rein_plan_problem without_lifetimes = {.count = 1};
    static const rein_plan_problem problem = {.lifetimes = &lifetime, .count = 1};
    static const rein_plan_log without_words = {.length = 1};
    EXPECT_INVALID(rein_result_void, rein_lifetimes_validate(NULL, 1));
    EXPECT_INVALID(rein_result_live_peak, rein_lifetimes_peak(NULL, 1, no_workspace));
    EXPECT_INVALID(rein_result_live_peak, rein_lifetimes_peak(&lifetime, 1, no_workspace));
    EXPECT_INVALID(rein_result_placement_verdict,
                   rein_placement_check(&lifetime, 1, NULL, no_workspace));
    EXPECT_INVALID(rein_result_placement_verdict,
                   rein_placement_check_until(&lifetime, 1, NULL, NULL, no_workspace));
    EXPECT_INVALID(rein_result_void, rein_plan_validate(NULL));
    EXPECT_INVALID(rein_result_void, rein_plan_validate(&without_lifetimes));
    EXPECT_INVALID(rein_result_bytes, rein_plan_refutation_workspace_bytes(1, NULL));
    EXPECT_INVALID(rein_result_bytes, rein_plan_refutation_workspace_bytes(1, &without_words));
    EXPECT_INVALID(rein_result_plan_refutation_verdict,
                   rein_plan_check_refutation(NULL, 0, NULL, NULL, no_workspace));
    EXPECT_INVALID(rein_result_plan_refutation_verdict,
                   rein_plan_check_refutation(&problem, 0, NULL, NULL, no_workspace));
    EXPECT_INVALID(rein_result_plan_outcome,
                   rein_plan_decide(NULL, 0, NULL, no_workspace, NULL, NULL));
    EXPECT_INVALID(rein_result_plan_outcome,
                   rein_plan_minimise(NULL, NULL, no_workspace, NULL, NULL));
}

static void plans_need_an_array_of_offsets(void) {
    static const rein_plan_problem problem = {.lifetimes = &lifetime, .count = 1};
    rein_workspace workspace = {malloc(WORKSPACE_BYTES), WORKSPACE_BYTES};
    EXPECT_INVALID(rein_result_placement_verdict,
                   rein_placement_check(&lifetime, 1, NULL, workspace));
    EXPECT_INVALID(rein_result_plan_outcome,
                   rein_plan_decide(&problem, 1, NULL, workspace, NULL, NULL));
    EXPECT_INVALID(rein_result_plan_outcome,
                   rein_plan_minimise(&problem, NULL, workspace, NULL, NULL));
    EXPECT_INVALID(rein_result_plan_refutation_verdict,
                   rein_plan_check_refutation(&problem, 0, NULL, NULL, workspace));
    free(workspace.memory);
}

static void admission_refuses_null(void) {
    rein_device_profile device = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    rein_model_demand model = {.budget = rein_resource_budget_default()};
    rein_model_verdict of_model;
    rein_admission_request request = {
        .models = &model, .model_count = 1, .device = &device, .process_count = 1};
    EXPECT_INVALID(rein_result_admission_verdict, rein_admission_decide(NULL, &of_model));
    EXPECT_INVALID(rein_result_admission_verdict, rein_admission_decide(&request, NULL));
    request.device = NULL;
    EXPECT_INVALID(rein_result_admission_verdict, rein_admission_decide(&request, &of_model));
    request.device = &device;
    request.models = NULL;
    EXPECT_INVALID(rein_result_admission_verdict, rein_admission_decide(&request, &of_model));
}

static void schedule_refuses_null(void) {
    EXPECT_INVALID(rein_result_schedule_verdict, rein_schedule_decide(NULL));
    EXPECT_INVALID(rein_result_schedule_time, rein_schedule_response(NULL, 0));
    EXPECT_INVALID(rein_result_schedule_time, rein_schedule_largest_compute(NULL, 0));
    EXPECT_INVALID(rein_result_schedule_time, rein_schedule_least_period(NULL, 0));
    rein_schedule_request request = rein_schedule_request_make(REIN_SCHEDULE_FIRST_COME, NULL, 1);
    EXPECT_INVALID(rein_result_schedule_verdict, rein_schedule_decide(&request));
    EXPECT(rein_schedule_witness_arrivals(&request, NULL, 0).count == 0);
    EXPECT(rein_schedule_witness_arrivals(NULL, NULL, 0).count == 0);
}

/* A backend that was never bound, a destroyed backend, and NULL. */
static void an_unbound_backend_refuses(const rein_backend *backend) {
    rein_execution_request request = request_of(NULL, 0);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    EXPECT_INVALID(rein_result_void, rein_backend_load(backend, "model", &request.model_id));
    EXPECT_INVALID(rein_result_void, rein_backend_unload(backend));
    EXPECT_INVALID(rein_result_void, rein_backend_execute(backend, &request, &result));
    EXPECT_INVALID(rein_result_memory_estimate,
                   rein_backend_estimate_memory(backend, "model", NULL));
    EXPECT_INVALID(rein_result_lifetime_view,
                   rein_backend_estimate_lifetimes(backend, "model", NULL));
    EXPECT_INVALID(rein_result_tensor_spec_view, rein_backend_input_specs(backend, "model"));
    EXPECT_INVALID(rein_result_tensor_spec_view, rein_backend_output_specs(backend, "model"));
    EXPECT_INVALID(rein_result_void, rein_backend_warmup(backend, NULL));
    EXPECT(!rein_backend_is_loaded(backend));
    EXPECT(rein_backend_get_capabilities(backend)->max_batch_size == 0);
}

static void complete_nothing(void *context, rein_result_void outcome,
                             rein_execution_result *result) {
    (void)context;
    (void)outcome;
    (void)result;
}

/* The calls of the optional parts. */
static void the_parts_of_an_unbound_backend_refuse(const rein_backend *backend) {
    rein_execution_request request = request_of(NULL, 0);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_completion completion = {.function = complete_nothing};
    rein_sequence_id sequence = {.value = 1};
    EXPECT_INVALID(rein_result_sequence_id, rein_backend_open_sequence(backend, 1));
    EXPECT_INVALID(rein_result_bytes, rein_backend_estimate_state(backend, "model", 1));
    EXPECT_INVALID(rein_result_void, rein_backend_close_sequence(backend, sequence));
    EXPECT_INVALID(rein_result_void, rein_backend_submit(backend, &request, &result, completion));
    EXPECT_INVALID(rein_result_void, rein_backend_drain(backend));
    EXPECT_INVALID(rein_result_buffer, rein_backend_allocate_buffer(backend, 1, REIN_MEMORY_HOST));
    rein_backend_release_buffer(backend, &result);
    rein_backend_release_buffer(backend, NULL);
}

static void backends_refuse_null(void) {
    rein_backend zeroed = {.self = NULL};
    an_unbound_backend_refuses(NULL);
    an_unbound_backend_refuses(&zeroed);
    the_parts_of_an_unbound_backend_refuse(NULL);
    the_parts_of_an_unbound_backend_refuse(&zeroed);
    rein_backend_destroy(NULL);
    rein_backend_destroy(&zeroed);
    EXPECT_INVALID(rein_result_backend, rein_backend_bind(NULL, NULL));
}

static void tensors_refuse_null(void) {
    static const rein_tensor_spec_view none = {.count = 0};
    static const rein_tensor_spec_view missing = {.count = 1};
    rein_tensor tensor = {.data = NULL};
    rein_execution_request request = request_of(NULL, 0);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_execution_request with_tensor = request_of(&tensor, 1);
    rein_execution_request without_tensor = request_of(NULL, 1);
    rein_execution_result without_output = rein_execution_result_make(NULL, 1);
    const rein_model_id *id = &request.model_id;
    EXPECT_INVALID(rein_result_void, rein_backend_check_execution(NULL, &result, id, none, none));
    EXPECT_INVALID(rein_result_void, rein_backend_check_execution(&request, NULL, id, none, none));
    EXPECT_INVALID(rein_result_void,
                   rein_backend_check_execution(&request, &result, NULL, none, none));
    EXPECT_INVALID(rein_result_void,
                   rein_backend_check_execution(&with_tensor, &result, id, missing, none));
    EXPECT_INVALID(rein_result_void,
                   rein_backend_check_execution(&without_tensor, &result, id, missing, none));
    EXPECT_INVALID(rein_result_void,
                   rein_backend_check_execution(&request, &without_output, id, none, missing));
}

static void symbols_refuse_null(void) {
    static const rein_tensor_spec_view missing = {.count = 1};
    static const rein_tensor_spec spec = {.rank = 1, .extents = {{.symbol = "n"}}};
    const rein_tensor_spec_view present = {.specs = &spec, .count = 1};
    size_t index = 7;
    int32_t dimension = 7;
    EXPECT(!rein_tensor_spec_view_find(missing, "n", &index, &dimension));
    EXPECT(!rein_tensor_spec_view_find(present, NULL, &index, &dimension));
    EXPECT(!rein_tensor_spec_view_find(present, "n", NULL, &dimension));
    EXPECT(!rein_tensor_spec_view_find(present, "n", &index, NULL));
    EXPECT(index == 7 && dimension == 7);
}

static void shapes_refuse_null(void) {
    static const rein_tensor_spec_view none = {.count = 0};
    static const rein_tensor_spec_view missing = {.count = 1};
    static const rein_shape scalar = {.rank = 0};
    static const rein_input_shapes no_array = {.count = 1};
    static const rein_input_shapes one = {.shapes = &scalar, .count = 1};
    static const rein_input_shapes empty = {.count = 0};
    EXPECT_INVALID(rein_result_void, rein_backend_check_shapes(&no_array, missing));
    EXPECT_INVALID(rein_result_void, rein_backend_check_shapes(&one, missing));
    EXPECT_OK(rein_result_void, rein_backend_check_shapes(&empty, none));
    EXPECT_OK(rein_result_void, rein_backend_check_shapes(NULL, missing));
}

static void an_empty_array_of_lifetimes_may_be_null(void) {
    rein_workspace workspace = {malloc(WORKSPACE_BYTES), WORKSPACE_BYTES};
    const rein_plan_problem empty = {.count = 0};
    rein_plan_log log = {.words = NULL};
    EXPECT_OK(rein_result_void, rein_lifetimes_validate(NULL, 0));
    EXPECT_OK(rein_result_live_peak, rein_lifetimes_peak(NULL, 0, no_workspace));
    EXPECT_OK(rein_result_live_peak, rein_lifetimes_peak(NULL, 0, workspace));
    EXPECT_OK(rein_result_placement_verdict, rein_placement_check(NULL, 0, NULL, no_workspace));
    EXPECT_OK(rein_result_placement_verdict, rein_placement_check(NULL, 0, NULL, workspace));
    EXPECT_OK(rein_result_placement_verdict,
              rein_placement_check_until(NULL, 0, NULL, NULL, no_workspace));
    EXPECT_OK(rein_result_void, rein_plan_validate(&empty));
    EXPECT_OK(rein_result_plan_outcome, rein_plan_decide(&empty, 0, NULL, workspace, NULL, &log));
    EXPECT_OK(rein_result_plan_outcome, rein_plan_minimise(&empty, NULL, workspace, NULL, &log));
    EXPECT_OK(rein_result_bytes, rein_plan_refutation_workspace_bytes(0, &log));
    EXPECT_OK(rein_result_plan_refutation_verdict,
              rein_plan_check_refutation(&empty, 0, &log, NULL, workspace));
    free(workspace.memory);
}

static void an_empty_array_may_be_null(void) {
    static const rein_tensor_spec_view none = {.count = 0};
    rein_execution_request request = request_of(NULL, 0);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_device_profile device = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    rein_admission_request admission = rein_admission_request_make(NULL, 0, &device);
    rein_error error = rein_error_make(REIN_ERROR_NOT_FOUND, REIN_HERE, "{text}");
    EXPECT_OK(rein_result_shape, rein_shape_make(NULL, 0));
    EXPECT_OK(rein_result_void, rein_execution_request_validate(&request));
    EXPECT_OK(rein_result_void, rein_execution_result_validate(&result));
    EXPECT_OK(rein_result_void, rein_execution_result_set_shapes(&result, NULL, 0));
    EXPECT_OK(rein_result_void,
              rein_backend_check_execution(&request, &result, &request.model_id, none, none));
    EXPECT_OK(rein_result_admission_verdict, rein_admission_decide(&admission, NULL));
    EXPECT(rein_error_message(&error, NULL, 0) == 0);
    EXPECT(rein_error_to_string(&error, NULL, 0) > 0);
    EXPECT(rein_bytes_to_string(1, NULL, 0) == 2);
    EXPECT(rein_bytes_to_rounded_string(1, NULL, 0) > 0);
    EXPECT(rein_duration_to_string(rein_duration_from_ns(1), NULL, 0) == 3);
}

static void gguf_files_refuse_null(void) {
    static const rein_model_file without_read = {.size_bytes = 24};
    static const rein_gguf without_file = {.file = NULL};
    static const rein_gguf unreadable = {.file = &without_read};
    static const rein_gguf_entry entry = {.type = REIN_GGUF_BOOL, .count = 1};
    EXPECT_INVALID(rein_result_bytes, rein_gguf_workspace_bytes(NULL));
    EXPECT_INVALID(rein_result_bytes, rein_gguf_workspace_bytes(&without_read));
    EXPECT_INVALID(rein_result_gguf, rein_gguf_read(NULL, no_workspace));
    EXPECT_INVALID(rein_result_gguf, rein_gguf_read(&without_read, no_workspace));
    EXPECT(rein_gguf_find(NULL, "key") == NULL);
    EXPECT(rein_gguf_find(&without_file, NULL) == NULL);
    EXPECT(rein_gguf_find_tensor(NULL, "name") == NULL);
    EXPECT(rein_gguf_find_tensor(&without_file, NULL) == NULL);
    EXPECT_INVALID(rein_result_gguf_integer, rein_gguf_read_integer(NULL, &entry, 0));
    EXPECT_INVALID(rein_result_gguf_integer, rein_gguf_read_integer(&without_file, &entry, 0));
    EXPECT_INVALID(rein_result_gguf_integer, rein_gguf_read_integer(&unreadable, &entry, 0));
    EXPECT_INVALID(rein_result_bytes, rein_gguf_read_text(NULL, &entry, NULL, 0));
    EXPECT_INVALID(rein_result_bytes, rein_gguf_read_text(&without_file, &entry, NULL, 0));
}

static rein_result_void read_zeros(void *self, uint64_t offset, void *out_bytes, size_t size) {
    (void)self;
    (void)offset;
    memset(out_bytes, 0, size);
    return rein_done();
}

static void a_gguf_file_needs_an_entry(void) {
    static const rein_model_file file = {.read_at = read_zeros, .size_bytes = 24};
    static const rein_gguf gguf = {.file = &file};
    static const rein_gguf_entry text = {.type = REIN_GGUF_STRING, .count = 1};
    EXPECT_INVALID(rein_result_gguf_integer, rein_gguf_read_integer(&gguf, NULL, 0));
    EXPECT_INVALID(rein_result_bytes, rein_gguf_read_text(&gguf, NULL, NULL, 0));
    EXPECT_OK(rein_result_bytes, rein_gguf_read_text(&gguf, &text, NULL, 1));
}

static void onnx_files_refuse_null(void) {
    static const rein_model_file unreadable = {.size_bytes = 1};
    static const rein_onnx without_file = {.ir_version = 8};
    rein_onnx_lifetimes_request request = rein_onnx_lifetimes_request_make(NULL, 1);
    EXPECT_INVALID(rein_result_bytes, rein_onnx_workspace_bytes(NULL));
    EXPECT_INVALID(rein_result_bytes, rein_onnx_workspace_bytes(&unreadable));
    EXPECT_INVALID(rein_result_onnx, rein_onnx_read(NULL, no_workspace));
    EXPECT_INVALID(rein_result_onnx, rein_onnx_read(&unreadable, no_workspace));
    EXPECT_INVALID(rein_result_bytes, rein_onnx_lifetimes_workspace_bytes(NULL));
    EXPECT_INVALID(rein_result_bytes, rein_onnx_lifetimes_workspace_bytes(&request));
    EXPECT_INVALID(rein_result_onnx_lifetimes, rein_onnx_lifetimes_compute(NULL, no_workspace));
    request.onnx = &without_file;
    EXPECT_INVALID(rein_result_onnx_lifetimes, rein_onnx_lifetimes_compute(&request, no_workspace));
}

static void lists_of_onnx_models_refuse_null(void) {
    static const rein_model_file file = {.size_bytes = 1};
    static const rein_onnx onnx = {.file = &file, .graph_name_count = 1};
    rein_onnx_lifetimes_request request = rein_onnx_lifetimes_request_make(&onnx, 1);
    EXPECT_INVALID(rein_result_onnx_lifetimes, rein_onnx_lifetimes_compute(&request, no_workspace));
    request.binding_count = 1;
    EXPECT_INVALID(rein_result_bytes, rein_onnx_lifetimes_workspace_bytes(&request));
    request.binding_count = 0;
    request.input_shape_count = 1;
    EXPECT_INVALID(rein_result_bytes, rein_onnx_lifetimes_workspace_bytes(&request));
}

static void model_files_refuse_null(void) {
    static const rein_model_file without_read = {.size_bytes = 8};
    EXPECT_INVALID(rein_result_model_format, rein_model_file_format(NULL));
    EXPECT_INVALID(rein_result_model_format, rein_model_file_format(&without_read));
    EXPECT_INVALID(rein_result_config, rein_config_read(NULL));
    EXPECT_INVALID(rein_result_config, rein_config_read(&without_read));
    EXPECT_INVALID(rein_result_bytes, rein_safetensors_workspace_bytes(NULL));
    EXPECT_INVALID(rein_result_bytes, rein_safetensors_workspace_bytes(&without_read));
    EXPECT_INVALID(rein_result_safetensors, rein_safetensors_read(NULL, no_workspace));
    EXPECT_INVALID(rein_result_bytes, rein_safetensors_index_workspace_bytes(NULL));
    EXPECT_INVALID(rein_result_bytes, rein_safetensors_index_workspace_bytes(&without_read));
    EXPECT_INVALID(rein_result_safetensors_index, rein_safetensors_index_read(NULL, no_workspace));
}

/* Fills a file with quotes: each ends a text. */
static rein_result_void read_quotes(void *self, uint64_t offset, void *out_bytes, size_t size) {
    (void)self;
    (void)offset;
    memset(out_bytes, '"', size);
    return rein_done();
}

static void safetensors_refuse_null(void) {
    static const rein_model_file file = {.read_at = read_quotes, .size_bytes = 8};
    static const rein_model_file without_read = {.size_bytes = 8};
    static const rein_safetensors_text text = {.offset = 1};
    static const rein_safetensors safetensors = {.file = &file};
    static const rein_safetensors_index index = {.file = &file, .shard_count = 1};
    EXPECT(rein_safetensors_find_tensor(NULL, "t") == NULL);
    EXPECT(rein_safetensors_find_tensor(&safetensors, NULL) == NULL);
    EXPECT_INVALID(rein_result_bytes, rein_safetensors_read_text(NULL, &text, NULL, 0));
    EXPECT_INVALID(rein_result_bytes, rein_safetensors_read_text(&without_read, &text, NULL, 0));
    EXPECT_INVALID(rein_result_bytes, rein_safetensors_read_text(&file, NULL, NULL, 0));
    EXPECT_INVALID(rein_result_bytes, rein_safetensors_read_text(&file, &text, NULL, 1));
    EXPECT_OK(rein_result_bytes, rein_safetensors_read_text(&file, &text, NULL, 0));
    EXPECT_INVALID(rein_result_bytes, rein_safetensors_index_check_workspace_bytes(NULL));
    EXPECT_INVALID(rein_result_safetensors_model,
                   rein_safetensors_index_check(NULL, &safetensors, no_workspace));
    EXPECT_INVALID(rein_result_safetensors_model,
                   rein_safetensors_index_check(&index, NULL, no_workspace));
}

static void caches_refuse_null(void) {
    static const rein_config config = {.unknown_reason = "unknown"};
    rein_config_cache_options options = rein_config_cache_options_make();
    options.context_tokens = 1;
    EXPECT_INVALID(rein_result_config_cache, rein_config_cache_compute(NULL, &options));
    EXPECT_INVALID(rein_result_config_cache, rein_config_cache_compute(&config, NULL));
    EXPECT_OK(rein_result_config_cache, rein_config_cache_compute(&config, &options));
}

int main(void) {
    values_refuse_null();
    gguf_files_refuse_null();
    a_gguf_file_needs_an_entry();
    engines_refuse_null();
    memories_refuse_null();
    model_files_refuse_null();
    safetensors_refuse_null();
    caches_refuse_null();
    nothing_equals_null();
    reservations_refuse_null();
    specs_refuse_null();
    executions_refuse_null();
    outputs_need_their_shapes();
    a_demand_without_an_estimate_is_unknown();
    ledgers_refuse_null();
    texts_refuse_null();
    writers_refuse_null();
    lifetimes_refuse_null();
    plans_need_an_array_of_offsets();
    onnx_files_refuse_null();
    lists_of_onnx_models_refuse_null();
    admission_refuses_null();
    schedule_refuses_null();
    backends_refuse_null();
    tensors_refuse_null();
    symbols_refuse_null();
    shapes_refuse_null();
    an_empty_array_of_lifetimes_may_be_null();
    an_empty_array_may_be_null();
    return failure_count == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
