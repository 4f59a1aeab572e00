#include "contract/rein.hpp"

#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>

#include <sys/wait.h>
#include <unistd.h>

#include "cxx_case.hpp"

namespace {

const rein_error some_error = rein::make_error(REIN_ERROR_TIMEOUT, "too late");

rein::result<std::string> describe(std::uint64_t bytes) {
    if (bytes == 0) {
        return rein::make_error(REIN_ERROR_NOT_FOUND, "nothing");
    }
    return std::to_string(bytes);
}

void a_result_takes_what_c_returns() {
    rein::result size = rein_bytes_parse("8GiB");
    static_assert(std::is_same_v<decltype(size), rein::result<std::uint64_t>>);
    CHECK(size && *size == 8 * REIN_GIB);
    rein::result wrong = rein_bytes_parse("8GB");
    CHECK(!wrong && wrong.error().code == REIN_ERROR_INVALID_ARGUMENT);
    rein::result<bool> yes = true;
    CHECK(yes && *yes);
    static_assert(!std::is_convertible_v<std::string, rein::result<bool>>);
    rein::result done = rein_done();
    static_assert(std::is_same_v<decltype(done), rein::result<void>>);
    CHECK(done.has_value());
}

void a_result_goes_back_to_c() {
    rein_result_bytes bytes = rein::result<std::uint64_t>(7).to_c<rein_result_bytes>();
    CHECK(REIN_VALUE(bytes) == 7);
    bytes = rein::result<std::uint64_t>(some_error).to_c<rein_result_bytes>();
    CHECK(REIN_ERROR(bytes).code == REIN_ERROR_TIMEOUT);
    CHECK(rein::result<void>().to_c<rein_result_void>().is_ok);
    CHECK(!rein::result<void>(some_error).to_c<rein_result_void>().is_ok);
}

void a_result_holds_what_can_only_be_moved() {
    rein::result<std::unique_ptr<int>> held = std::make_unique<int>(3);
    CHECK(**held == 3);
    std::unique_ptr<int> taken = std::move(held).value();
    CHECK(*taken == 3);
}

void results_are_chained() {
    CHECK(*rein::result<std::uint64_t>(5).and_then(describe) == "5");
    rein::result<std::uint64_t> zero(0);
    CHECK(zero.and_then(describe).error().code == REIN_ERROR_NOT_FOUND);
    rein::result<std::uint64_t> failed(some_error);
    CHECK(failed.and_then(describe).error().code == REIN_ERROR_TIMEOUT);
    auto recover = [](const rein_error &) { return rein::result<std::uint64_t>(9); };
    CHECK(*failed.or_else(recover) == 9 && *zero.or_else(recover) == 0);
    CHECK(*rein::result<void>().and_then([] { return describe(1); }) == "1");
    CHECK(failed.value_or(4) == 4 && zero.value_or(4) == 0);
}

void a_value_is_mapped() {
    auto half = [](std::uint64_t bytes) { return static_cast<double>(bytes) / 2; };
    rein::result mapped = rein::result<std::uint64_t>(5).map(half);
    static_assert(std::is_same_v<decltype(mapped), rein::result<double>>);
    CHECK(*mapped == 2.5);
    const rein::result<std::uint64_t> failed(some_error);
    CHECK(failed.map(half).error().code == REIN_ERROR_TIMEOUT);
    int calls = 0;
    rein::result done = rein::result<void>().map([&] { calls++; });
    static_assert(std::is_same_v<decltype(done), rein::result<void>>);
    CHECK(done && calls == 1);
    CHECK(!rein::result<void>(some_error).map([&] { calls++; }) && calls == 1);
    auto take = [](std::unique_ptr<int> held) { return *held; };
    CHECK(*rein::result<std::unique_ptr<int>>(std::make_unique<int>(3)).map(take) == 3);
    rein::result<rein_duration> duration = rein_duration_from_ns(7);
    CHECK(*duration.map(&rein_duration::ns) == 7);
}

void functions_of_c_are_chained() {
    auto to_c = [](std::uint64_t bytes) { return rein_bytes_add(bytes, 1); };
    rein::result added = rein::result(rein_bytes_parse("1KiB")).and_then(to_c);
    static_assert(std::is_same_v<decltype(added), rein::result<std::uint64_t>>);
    CHECK(*added == 1025);
    auto recover = [](const rein_error &) { return rein_bytes_parse("1B"); };
    CHECK(*rein::result(rein_bytes_parse("8GB")).or_else(recover) == 1);
    auto retry = [](const rein_error &) { return rein_done(); };
    CHECK(rein::result<void>(some_error).or_else(retry));
}

void a_caller_adds_a_context() {
    rein::result failed = rein::result(rein_bytes_parse("8GB")).with_context("reading the budget");
    CHECK(rein::to_string(failed.error()).find("InvalidArgument: reading the budget: ") == 0);
    const rein::result<int> kept(some_error);
    CHECK(std::strcmp(kept.with_context("loading").error().context, "loading") == 0);
    CHECK(*rein::result<int>(3).with_context("loading") == 3);
}

void an_error_knows_where_it_was_made() {
    rein_error error = rein::make_error(REIN_ERROR_TIMEOUT, "too late");
    int line = __LINE__ - 1;
    CHECK(error.where.line == line && std::strstr(error.where.file, "test_cpp_contract.cpp"));
    CHECK(std::strcmp(error.where.function, __func__) == 0);
    std::string expected = "Timeout: too late [" + std::string(__func__) + ", " + error.where.file +
                           ":" + std::to_string(line) + "]";
    CHECK(rein::to_string(error) == expected);
}

/* What a child wrote to standard error before a signal ended it; empty where none did. */
template <class Body> std::string last_words(Body &&body) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        body();
        std::_Exit(3);
    }
    close(ends[1]);
    std::string text(4096, '\0');
    ssize_t length = 0;
    for (ssize_t got; (got = read(ends[0], &text[static_cast<std::size_t>(length)],
                                  text.size() - static_cast<std::size_t>(length))) > 0;) {
        length += got;
    }
    close(ends[0]);
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? text.substr(0, static_cast<std::size_t>(length)) : "";
}

void a_wrong_access_stops_the_program() {
    rein::result<int> failed(some_error);
    int line = __LINE__ + 1;
    std::string said = last_words([&] { (void)failed.value(); });
    CHECK(said.find("the value of a result that holds an error") != std::string::npos);
    CHECK(said.find("test_cpp_contract.cpp:" + std::to_string(line)) != std::string::npos);
    CHECK(said.find("too late") != std::string::npos);
    said = last_words([] { (void)rein::result<int>(1).error(); });
    CHECK(said.find("the error of a result that holds a value") != std::string::npos);
    CHECK(!last_words([&] { (void)*failed; }).empty());
}

int given_back;

struct thing {
    int number;
};

void give_back(thing *held) {
    given_back += held->number;
}

using owned_thing = rein::owned<thing, give_back>;

void what_is_owned_is_given_back_once() {
    static_assert(!std::is_copy_constructible_v<owned_thing>);
    static_assert(std::is_nothrow_move_constructible_v<owned_thing>);
    {
        owned_thing first(thing{1});
        owned_thing moved = std::move(first);
        CHECK(!first && first.get() == nullptr && moved.get()->number == 1);
        moved = owned_thing(thing{10});
        CHECK(given_back == 1);
        owned_thing &same = moved;
        moved = std::move(same);
        CHECK(moved && given_back == 1);
        owned_thing kept(thing{100});
        CHECK(kept.release().number == 100 && !kept);
        owned_thing().reset();
    }
    CHECK(given_back == 11);
}

rein_ledger new_ledger() {
    rein_resource_budget budget = rein_resource_budget_default();
    rein_ledger ledger;
    CHECK(rein::result(rein_ledger_init(&ledger, &budget)));
    return ledger;
}

void a_charge_is_given_back_once() {
    rein_ledger ledger = new_ledger();
    {
        rein::memory_charge charge(ledger, 500 * REIN_MIB);
        rein::memory_charge moved = std::move(charge);
        CHECK(!charge && moved && rein_ledger_read(&ledger).memory_bytes.used == 500 * REIN_MIB);
        rein::memory_charge refused(ledger, 20 * REIN_MIB);
        CHECK(!refused && refused.verdict().shortfall == 8 * REIN_MIB);
        rein::stream_charge stream(ledger);
        rein::stream_charge same = std::move(stream);
        CHECK(same && same.verdict().limit == 4 && rein_ledger_read(&ledger).streams.used == 1);
    }
    rein_ledger_usage usage = rein_ledger_read(&ledger);
    CHECK(usage.memory_bytes.used == 0 && usage.memory_bytes.refused == 1);
    CHECK(usage.streams.used == 0 && usage.streams.peak == 1);
}

/* From here on, what the C headers have for each task of docs/roadmap.md, beside its C++ call. */

/* Whether ==, !=, < and std::hash agree with what C says of two ids. */
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
void results_say_what_c_says() {
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
void tensors_are_made_as_in_c() {
    std::int64_t dimensions[] = {2, 3};
    auto describe_tensor = [](const rein_shape &shape) {
        return rein_tensor_descriptor_make("image", &shape, REIN_DTYPE_FLOAT32);
    };
    auto measure = [](const rein_tensor_descriptor &descriptor) {
        return rein_tensor_descriptor_size_bytes(&descriptor);
    };
    rein::result shape = rein_shape_make(dimensions, 2);
    CHECK(*shape.and_then(describe_tensor).and_then(measure) == 24);
}

/* b-3 and b-4. */
void executions_are_completed_as_in_c() {
    rein_execution_request request{};
    request.model_id = *rein::result(rein_model_id_make("resnet50"));
    request.request_id = *rein::result(rein_request_id_generate());
    CHECK(rein::result(rein_execution_request_validate(&request)));
    CHECK(rein_execution_request_deadline(&request).ns == rein_timestamp_never().ns);
    rein_execution_result done{};
    CHECK(rein::result(rein_execution_result_validate(&done)));
    rein_execution_result_complete(&request, rein_timestamp_from_ns(9), &done);
    CHECK(done.model_id == request.model_id && done.request_id == request.request_id);
    CHECK(done.actual_latency.ns == 9 && done.deadline_met);
}

void a_budget_alone_is_judged_as_a_cap() {
    rein_model_demand model = rein_model_demand_make(*rein::result(rein_model_id_make("model")),
                                                     rein_resource_budget_default());
    rein_device_profile device = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    device.total_bytes = rein_fact_u64_known(1000 * REIN_MIB);
    device.context_overhead_bytes = rein_fact_u64_known(0);
    device.allocation_granularity_bytes = rein_fact_u64_known(REIN_MIB);
    rein_admission_request request = rein_admission_request_make(&model, 1, &device);
    rein_model_verdict of_model;
    rein::result decided = rein_admission_decide(&request, &of_model);
    CHECK(decided && decided->outcome == REIN_ADMISSION_FITS && decided->cap_count == 1);
    CHECK(of_model.outcome == REIN_ADMISSION_CAP);
}

#ifdef __cpp_lib_expected
void a_result_becomes_an_expected() {
    std::expected<std::uint64_t, rein_error> value = rein::result(rein_bytes_parse("1KiB"));
    CHECK(value.value() == 1024);
    std::expected<void, rein_error> failed = rein::result<void>(some_error);
    CHECK(failed.error().code == REIN_ERROR_TIMEOUT);
    std::expected<void, rein_error> done = rein::result<void>();
    CHECK(done.has_value());
    std::expected<std::unique_ptr<int>, rein_error> moved =
        rein::result<std::unique_ptr<int>>(std::make_unique<int>(3));
    CHECK(**moved == 3);
}
#else
void a_result_becomes_an_expected() {
}
#endif

} // namespace

int main() {
    a_result_takes_what_c_returns();
    a_result_goes_back_to_c();
    a_result_holds_what_can_only_be_moved();
    results_are_chained();
    a_value_is_mapped();
    functions_of_c_are_chained();
    a_caller_adds_a_context();
    model_ids_are_keys();
    other_ids_are_keys();
    errors_are_made_as_in_c();
    results_say_what_c_says();
    results_are_chained_as_in_c();
    budgets_are_made_as_in_c();
    tensors_are_made_as_in_c();
    executions_are_completed_as_in_c();
    an_error_knows_where_it_was_made();
    a_wrong_access_stops_the_program();
    what_is_owned_is_given_back_once();
    a_charge_is_given_back_once();
    a_budget_alone_is_judged_as_a_cap();
    a_result_becomes_an_expected();
    return 0;
}
