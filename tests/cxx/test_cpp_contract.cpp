#include "contract/rein.hpp"

#include <cstring>
#include <memory>
#include <string>
#include <type_traits>

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

void a_result_is_made_from_a_result_of_c() {
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

void a_result_converts_to_a_result_of_c() {
    rein_result_bytes bytes = rein::result<std::uint64_t>(7).to_c<rein_result_bytes>();
    CHECK(REIN_VALUE(bytes) == 7);
    bytes = rein::result<std::uint64_t>(some_error).to_c<rein_result_bytes>();
    CHECK(REIN_ERROR(bytes).code == REIN_ERROR_TIMEOUT);
    CHECK(rein::result<void>().to_c<rein_result_void>().is_ok);
    CHECK(!rein::result<void>(some_error).to_c<rein_result_void>().is_ok);
}

void a_result_holds_a_move_only_value() {
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
    CHECK(rein::to_string(error) == expected && rein::message(error) == "too late");
}

/* Runs `body` in a child. Returns its standard error, or nothing if no signal ended the child. */
template <class Body> std::string standard_error_of(Body &&body) {
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
    std::string said = standard_error_of([&] { (void)failed.value(); });
    CHECK(said.find("the value of a result that holds an error") != std::string::npos);
    CHECK(said.find("test_cpp_contract.cpp:" + std::to_string(line)) != std::string::npos);
    CHECK(said.find("too late") != std::string::npos);
    said = standard_error_of([] { (void)rein::result<int>(1).error(); });
    CHECK(said.find("the error of a result that holds a value") != std::string::npos);
    CHECK(!standard_error_of([&] { (void)*failed; }).empty());
}

int given_back;

struct thing {
    int number;
};

void give_back(thing *held) {
    given_back += held->number;
}

using owned_thing = rein::owned<thing, give_back>;

void an_owned_value_is_released_once() {
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

void a_charge_is_released_once() {
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
    a_result_is_made_from_a_result_of_c();
    a_result_converts_to_a_result_of_c();
    a_result_holds_a_move_only_value();
    results_are_chained();
    a_value_is_mapped();
    functions_of_c_are_chained();
    a_caller_adds_a_context();
    an_error_knows_where_it_was_made();
    a_wrong_access_stops_the_program();
    an_owned_value_is_released_once();
    a_charge_is_released_once();
    a_budget_alone_is_judged_as_a_cap();
    a_result_becomes_an_expected();
    return 0;
}
