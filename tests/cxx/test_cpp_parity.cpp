/* For each task of docs/roadmap.md, the C functions and the C++ call that replaces them. */
#include "contract/rein.hpp"

#include <cstring>
#include <map>
#include <string>
#include <type_traits>
#include <unordered_map>

#include "cxx_case.hpp"

namespace {

const rein_error some_error = rein::make_error(REIN_ERROR_TIMEOUT, "too late");

/* Whether ==, !=, < and std::hash agree with the C functions for two ids. */
template <class Id> bool agrees(const Id &left, const Id &right, bool is_equal, int order) {
    bool is_same_hash = std::hash<Id>()(left) == std::hash<Id>()(right);
    return (left == right) == is_equal && (left != right) != is_equal &&
           (left < right) == (order < 0) && (right < left) == (order > 0) &&
           is_same_hash == is_equal;
}

/* a-0, models. */
void model_ids_are_keys() {
    rein_model_id bert = *rein::result(rein_model_id_make("bert"));
    rein_model_id resnet = *rein::result(rein_model_id_make("resnet50"));
    static_assert(!std::is_convertible_v<const char *, rein_model_id>);
    for (const rein_model_id *other : {&bert, &resnet}) {
        CHECK(agrees(bert, *other, rein_model_id_equal(&bert, other),
                     rein_model_id_compare(&bert, other)));
    }
    CHECK(std::hash<rein_model_id>()(bert) == rein_model_id_hash(&bert));
    std::map<rein_model_id, int> ordered = {{resnet, 2}, {bert, 1}};
    std::unordered_map<rein_model_id, int> hashed(ordered.begin(), ordered.end());
    CHECK(ordered.begin()->first == bert && hashed.at(resnet) == 2 && hashed.size() == 2);
    CHECK(std::string(rein_model_id_text(&resnet)) == "resnet50");
}

/* a-0, requests and tensors. */
void other_ids_are_keys() {
    rein_request_id one = *rein::result(rein_request_id_generate());
    char text[REIN_REQUEST_ID_TEXT_CAPACITY];
    rein_request_id_format(&one, text);
    rein_request_id same = *rein::result(rein_request_id_parse(text));
    rein_request_id other = *rein::result(rein_request_id_generate());
    for (const rein_request_id *id : {&same, &other}) {
        CHECK(agrees(one, *id, rein_request_id_equal(&one, id), rein_request_id_compare(&one, id)));
    }
    CHECK(std::hash<rein_request_id>()(one) == rein_request_id_hash(&same));
    std::unordered_map<rein_request_id, int> requests = {{one, 1}, {other, 2}};
    std::map<rein_request_id, int> ordered(requests.begin(), requests.end());
    CHECK(requests.at(same) == 1 && ordered.at(other) == 2);
    rein_tensor_id three = rein_tensor_id_make(3);
    for (rein_tensor_id id : {three, rein_tensor_id_make(4)}) {
        CHECK(
            agrees(three, id, rein_tensor_id_equal(three, id), rein_tensor_id_compare(three, id)));
    }
    CHECK(std::hash<rein_tensor_id>()(three) == rein_tensor_id_hash(three));
    std::unordered_map<rein_tensor_id, int> tensors = {{three, 1}};
    std::map<rein_tensor_id, int> ordered_tensors(tensors.begin(), tensors.end());
    CHECK(tensors.at(three) == 1 && ordered_tensors.at(three) == 1);
}

/* Beyond a-0: sequences. Their numbers have no order, so they can be keys only of hash tables. */
void sequence_ids_are_keys() {
    rein_sequence_id five{5};
    for (rein_sequence_id id : {five, rein_sequence_id{6}}) {
        bool is_equal = rein_sequence_id_equal(five, id);
        CHECK((five == id) == is_equal && (five != id) != is_equal);
        CHECK((std::hash<rein_sequence_id>()(five) == std::hash<rein_sequence_id>()(id)) ==
              is_equal);
    }
    static_assert(!std::is_convertible_v<std::uint64_t, rein_sequence_id>);
    std::unordered_map<rein_sequence_id, int> sequences = {{five, 1}, {rein_sequence_id{6}, 2}};
    CHECK(sequences.at(rein_sequence_id{5}) == 1 && sequences.size() == 2);
}

/* a-1 and a-2. */
void errors_are_made_as_in_c() {
    rein_error cpp = rein::make_error(REIN_ERROR_BACKEND_ERROR, "{text} at {u}");
    rein_error c = rein_error_make(REIN_ERROR_BACKEND_ERROR, cpp.where, "{text} at {u}");
    for (rein_error *error : {&cpp, &c}) {
        *error = rein_error_with_numbers(rein_error_with_text(*error, "stopped"), 7, 0, 0);
        *error = rein_error_with_native_code(*error, 5);
    }
    cpp = rein::result<void>(cpp).with_context("loading").error();
    c = rein_error_with_context(c, "loading");
    char text[512];
    rein_error_to_string(&c, text, sizeof text);
    CHECK(rein::to_string(cpp) == text);
    CHECK(rein::to_string(cpp).find("BackendError: loading: stopped at 7 (native code 5)") == 0);
    CHECK(rein_error_message(&c, text, sizeof text) == std::strlen("loading: stopped at 7"));
    CHECK(std::strcmp(rein_error_code_name(REIN_ERROR_CANCELLED), "Cancelled") == 0);
    rein_source_location where = REIN_HERE;
    CHECK(std::strcmp(where.function, rein::here().function) == 0);
    CHECK(rein_source_location_make("f", "a.c", 3).line == 3);
}

/* a-3. */
void results_agree_with_those_of_c() {
    for (const char *text : {"8GiB", "8GB"}) {
        rein_result_bytes c = rein_bytes_parse(text);
        rein::result<std::uint64_t> cpp = c;
        CHECK(rein_result_bytes_is_ok(c) == cpp.has_value());
        CHECK(rein_result_bytes_is_error(c) == !cpp);
        CHECK(cpp ? REIN_VALUE(c) == *cpp : REIN_ERROR(c).code == cpp.error().code);
    }
    rein::result<std::uint64_t> cpp = rein_result_bytes_ok(3);
    cpp.value() = 4;
    CHECK(*std::move(cpp) == 4 && REIN_UNWRAP(rein_result_bytes_ok(4)) == 4);
    CHECK(!rein::result(rein_result_bytes_fail(some_error)));
    CHECK(rein::result<void>() && rein::result(rein_done()));
}

REIN_RESULT_DEFINE(result_text, const char *)
REIN_RESULT_CHAIN_DEFINE(rein_result_bytes, result_text)

const char *name_of(std::uint64_t bytes, void *) {
    return bytes > 4 ? "large" : "small";
}
result_text name_large(std::uint64_t bytes, void *) {
    return bytes > 4 ? result_text_ok("large") : result_text_fail(some_error);
}
rein_result_bytes take_nine(rein_error, void *) {
    return rein_result_bytes_ok(9);
}

template <class T, class C> bool is_same(const rein::result<T> &cpp, const C &c) {
    return cpp.has_value() == c.is_ok &&
           (c.is_ok ? *cpp == c.as.value : cpp.error().code == c.as.error.code);
}

/* a-4. */
void results_are_chained_as_in_c() {
    auto name = [](std::uint64_t bytes) { return name_of(bytes, nullptr); };
    auto name_if_large = [](std::uint64_t bytes) { return name_large(bytes, nullptr); };
    auto nine = [](const rein_error &error) { return take_nine(error, nullptr); };
    const rein_result_bytes all[] = {rein_result_bytes_ok(3), rein_result_bytes_ok(5),
                                     rein_result_bytes_fail(some_error)};
    for (const rein_result_bytes &c : all) {
        const rein::result<std::uint64_t> cpp = c;
        CHECK(is_same(cpp.map(name), rein_result_bytes_map_to_result_text(c, name_of, nullptr)));
        CHECK(is_same(cpp.and_then(name_if_large),
                      rein_result_bytes_and_then_result_text(c, name_large, nullptr)));
        CHECK(is_same(cpp.or_else(nine), rein_result_bytes_or_else(c, take_nine, nullptr)));
    }
}

/* b-0 and b-1. */
void budgets_are_made_as_in_c() {
    rein_resource_budget budget = rein_resource_budget_default();
    rein::result made = rein_resource_budget_make(512 * REIN_MIB, 4, budget.compute_budget);
    CHECK(made && rein_resource_budget_equal(&*made, &budget));
    budget.stream_limit = 0;
    CHECK(!rein_resource_budget_is_valid(&budget));
    rein::result checked = rein_resource_budget_validate(&budget);
    CHECK(rein::to_string(checked.error()).find("stream_limit") != std::string::npos);
}

/* b-2. */
void tensors_are_described_as_in_c() {
    std::int64_t dimensions[] = {2, 3};
    auto describe_tensor = [](const rein_shape &shape) {
        return rein_tensor_descriptor_make("image", &shape, REIN_DTYPE_FLOAT32);
    };
    auto measure = [](const rein_tensor_descriptor &descriptor) {
        return rein_tensor_descriptor_size_bytes(&descriptor);
    };
    rein::result shape = rein_shape_make(dimensions, 2);
    CHECK(*shape.and_then(describe_tensor).and_then(measure) == 24);
    CHECK(rein_shape_equal(&*shape, &*shape));
    dimensions[1] = -3;
    CHECK(!rein::result(rein_shape_make(dimensions, 2)).and_then(describe_tensor));
}

/* b-2, the sets of element types and of kinds of memory. */
void sets_are_made_as_in_c() {
    rein_dtype_set dtypes = rein_dtype_set_with({}, REIN_DTYPE_INT8);
    CHECK(rein_dtype_set_has(dtypes, REIN_DTYPE_INT8) && rein_dtype_is_valid(REIN_DTYPE_INT8));
    CHECK(!rein_dtype_set_has(dtypes, REIN_DTYPE_BOOL) && rein_dtype_bits(REIN_DTYPE_BOOL) == 8);
    CHECK(std::string(rein_dtype_name(REIN_DTYPE_BOOL)) == "Bool");
    CHECK(std::string(rein_layout_name(REIN_LAYOUT_NHWC)) == "NHWC");
    rein_memory_kind_set kinds = rein_memory_kind_set_with({}, REIN_MEMORY_PINNED);
    CHECK(rein_memory_kind_set_has(kinds, REIN_MEMORY_PINNED));
    CHECK(!rein_memory_kind_set_has(kinds, REIN_MEMORY_HOST));
    CHECK(std::string(rein_memory_kind_name(REIN_MEMORY_PINNED)) == "Pinned");
}

/* A spec of 1 to 8 rows of 3 bytes. */
rein_tensor_spec rows_spec() {
    rein_shape shape{{1, 3}, 2};
    rein::result ranged =
        rein::result(rein_tensor_spec_make("rows", &shape, REIN_DTYPE_UINT8, REIN_LAYOUT_ROW_MAJOR))
            .and_then([](const rein_tensor_spec &spec) {
                return rein_tensor_spec_with_range(&spec, 0, 1, 8, "row_count");
            });
    return *ranged;
}

/* High level: specs. */
void specs_have_ranges_as_in_c() {
    rein_tensor_spec spec = rows_spec();
    CHECK(rein::result(rein_tensor_spec_validate(&spec)) && !rein_tensor_spec_is_fixed(&spec));
    CHECK(rein_tensor_spec_equal(&spec, &spec));
    rein_shape smallest = rein_tensor_spec_min_shape(&spec);
    rein_shape largest = rein_tensor_spec_max_shape(&spec);
    CHECK(smallest.dimensions[0] == 1 && largest.dimensions[0] == 8);
    CHECK(*rein::result(rein_tensor_spec_size_bytes(&spec, &largest)) == 24);
    rein_shape above{{9, 3}, 2};
    CHECK(rein_tensor_spec_allows(&spec, &largest) && !rein_tensor_spec_allows(&spec, &above));
    rein::result refused = rein_tensor_spec_with_range(&spec, 2, 1, 8, nullptr);
    CHECK(refused.error().code == REIN_ERROR_INVALID_ARGUMENT);
}

/* High level: tensors. */
void tensors_are_made_as_in_c() {
    rein_tensor_spec spec = rows_spec();
    std::uint8_t bytes[6] = {};
    rein_shape two{{2, 3}, 2};
    rein::result input = rein_tensor_make_shaped(&spec, &two, bytes);
    CHECK(input && rein::result(rein_tensor_validate(&*input)));
    CHECK(*rein::result(rein_tensor_size_bytes(&*input)) == sizeof bytes);
    rein::result output = rein_tensor_make_output(&spec, bytes, sizeof bytes);
    CHECK(output && output->capacity_bytes == sizeof bytes);
    CHECK(rein::result(rein_tensor_make(&spec, bytes)).error().code == REIN_ERROR_INVALID_ARGUMENT);
}

rein_execution_request request_for(const char *model) {
    return rein_execution_request_make(*rein::result(rein_model_id_make(model)),
                                       *rein::result(rein_request_id_generate()), nullptr, 0,
                                       rein_timestamp_from_ns(2));
}

/* b-3. */
void requests_are_made_as_in_c() {
    rein_execution_request request = request_for("resnet50");
    CHECK(rein::result(rein_execution_request_validate(&request)));
    CHECK(rein_execution_request_deadline(&request).ns == rein_timestamp_never().ns);
    CHECK(!rein_execution_request_is_cancelled(&request));
    bool cancelled = false;
    rein_cancel(&cancelled);
    request.cancel = &cancelled;
    CHECK(rein_execution_request_is_cancelled(&request));
    request.struct_size = 0;
    CHECK(!rein::result(rein_execution_request_validate(&request)));
}

/* b-4. */
void executions_are_completed_as_in_c() {
    rein_execution_request request = request_for("resnet50");
    rein_execution_result done = rein_execution_result_make(nullptr, 0);
    CHECK(rein::result(rein_execution_result_validate(&done)));
    rein_execution_result_complete(&request, rein_timestamp_from_ns(9), &done);
    CHECK(done.model_id == request.model_id && done.request_id == request.request_id);
    CHECK(done.actual_latency.ns == 7 && done.deadline_met && !done.device_time_ns.is_known);
}

/* b-4, outputs whose shape the execution decides. */
void outputs_get_their_shape_as_in_c() {
    rein_tensor_spec spec = rows_spec();
    std::uint8_t bytes[6] = {};
    rein::result output = rein_tensor_make_output(&spec, bytes, sizeof bytes);
    rein_execution_result done = rein_execution_result_make(&*output, 1);
    rein_shape two{{2, 3}, 2};
    CHECK(rein::result(rein_execution_result_set_shapes(&done, &two, 1)));
    CHECK(output->descriptor.shape.dimensions[0] == 2);
    rein_shape three{{3, 3}, 2};
    rein::result small = rein_execution_result_set_shapes(&done, &three, 1);
    CHECK(small.error().code == REIN_ERROR_BUFFER_TOO_SMALL && small.error().numbers[0] == 9);
    CHECK(output->descriptor.shape.dimensions[0] == 2);
}

} // namespace

int main() {
    model_ids_are_keys();
    other_ids_are_keys();
    sequence_ids_are_keys();
    errors_are_made_as_in_c();
    results_agree_with_those_of_c();
    results_are_chained_as_in_c();
    budgets_are_made_as_in_c();
    tensors_are_described_as_in_c();
    sets_are_made_as_in_c();
    specs_have_ranges_as_in_c();
    tensors_are_made_as_in_c();
    requests_are_made_as_in_c();
    executions_are_completed_as_in_c();
    outputs_get_their_shape_as_in_c();
    return 0;
}
