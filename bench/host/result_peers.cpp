// Results in C++, used as documented: std::expected with an error as detailed as the library's,
// std::expected with an error code, and absl::StatusOr.
#include "contract/error.h"
#include "host/results.h"
#include "host/subject.h"
#include "host/topics.h"

#if defined(__has_include)
#if __has_include(<expected>)
#include <expected>
#endif
#endif
#ifdef REIN_BENCH_ABSL
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#endif
#include <system_error>

namespace {

bench_subject subject_of(const char *case_name, const char *subject, bench_operation run) {
    bench_subject made{};
    made.table = RESULT_TABLE;
    made.case_name = case_name;
    made.subject = subject;
    made.role = BENCH_PEER;
    made.run = run;
    made.batch = RESULT_BATCH;
    made.counts_instructions = true;
    return made;
}

[[maybe_unused]] void add_waived(const char *subject, const char *reason) {
    for (const char *case_name : {RESULT_CASE_OK, RESULT_CASE_ERROR, RESULT_CASE_MAP}) {
        bench_subject waived = subject_of(case_name, subject, nullptr);
        waived.waived_because = reason;
        bench_add(&waived);
    }
}

[[maybe_unused]] uint64_t add_context(uint64_t number, const uint64_t &one) {
    return number + one;
}

#ifdef __cpp_lib_expected

rein_error wide_error(const rein_error *) {
    return rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                           "the number is 0, expected above 0");
}

std::error_code wide_error(const std::error_code *) {
    return std::make_error_code(std::errc::invalid_argument);
}

uint64_t number_of(const rein_error &error) {
    return error.code;
}

uint64_t number_of(const std::error_code &error) {
    return static_cast<uint64_t>(error.value());
}

template <class Error> using expected_number = std::expected<uint64_t, Error>;

template <class Error> BENCH_OPAQUE expected_number<Error> expected_innermost(uint64_t number) {
    if (number == 0) {
        return std::unexpected(wide_error(static_cast<const Error *>(nullptr)));
    }
    return number + 1;
}

template <class Error> BENCH_OPAQUE expected_number<Error> expected_middle(uint64_t number) {
    expected_number<Error> inner = expected_innermost<Error>(number);
    if (!inner) {
        return std::unexpected(inner.error());
    }
    return *inner + 1;
}

template <class Error> BENCH_OPAQUE expected_number<Error> expected_outermost(uint64_t number) {
    expected_number<Error> inner = expected_middle<Error>(number);
    if (!inner) {
        return std::unexpected(inner.error());
    }
    return *inner + 1;
}

template <class Error, uint64_t number> uint64_t run_expected(void *, uint64_t count) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        expected_number<Error> outer = expected_outermost<Error>(bench_hide(number));
        sum += outer ? *outer : number_of(outer.error());
    }
    return sum;
}

// Stands for Stands for std::expected::transform, which the C++ library may lack.
template <class Error>
expected_number<Error> transform(const expected_number<Error> &result, const uint64_t &one) {
    if (!result) {
        return std::unexpected(result.error());
    }
    return add_context(*result, one);
}

template <class Error> uint64_t run_expected_map(void *, uint64_t count) {
    uint64_t sum = 0;
    uint64_t one = bench_hide(1);
    for (uint64_t i = 0; i < count; i++) {
        expected_number<Error> made = expected_innermost<Error>(bench_hide(1));
        expected_number<Error> once = transform(made, one);
        expected_number<Error> twice = transform(once, one);
        expected_number<Error> result = transform(twice, one);
        sum += result ? *result : number_of(result.error());
    }
    return sum;
}

template <class Error> void add_expected(const char *subject) {
    bench_subject ok = subject_of(RESULT_CASE_OK, subject, run_expected<Error, 1>);
    bench_subject error = subject_of(RESULT_CASE_ERROR, subject, run_expected<Error, 0>);
    bench_subject map = subject_of(RESULT_CASE_MAP, subject, run_expected_map<Error>);
    bench_add(&ok);
    bench_add(&error);
    bench_add(&map);
}

void add_all_expected() {
    add_expected<rein_error>("std::expected");
    add_expected<std::error_code>("std::expected, error_code");
}

#else

void add_all_expected() {
    add_waived("std::expected", "the compiler's library has no std::expected");
    add_waived("std::expected, error_code", "the compiler's library has no std::expected");
}

#endif

#ifdef REIN_BENCH_ABSL

BENCH_OPAQUE absl::StatusOr<uint64_t> absl_innermost(uint64_t number) {
    if (number == 0) {
        return absl::InvalidArgumentError("the number is 0, expected above 0");
    }
    return number + 1;
}

BENCH_OPAQUE absl::StatusOr<uint64_t> absl_middle(uint64_t number) {
    absl::StatusOr<uint64_t> inner = absl_innermost(number);
    if (!inner.ok()) {
        return std::move(inner).status();
    }
    return *inner + 1;
}

BENCH_OPAQUE absl::StatusOr<uint64_t> absl_outermost(uint64_t number) {
    absl::StatusOr<uint64_t> inner = absl_middle(number);
    if (!inner.ok()) {
        return std::move(inner).status();
    }
    return *inner + 1;
}

template <uint64_t number> uint64_t run_absl(void *, uint64_t count) {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        absl::StatusOr<uint64_t> outer = absl_outermost(bench_hide(number));
        sum += outer.ok() ? *outer : static_cast<uint64_t>(outer.status().code());
    }
    return sum;
}

absl::StatusOr<uint64_t> transform(absl::StatusOr<uint64_t> result, const uint64_t &one) {
    if (!result.ok()) {
        return std::move(result).status();
    }
    return add_context(*result, one);
}

uint64_t run_absl_map(void *, uint64_t count) {
    uint64_t sum = 0;
    uint64_t one = bench_hide(1);
    for (uint64_t i = 0; i < count; i++) {
        absl::StatusOr<uint64_t> made = absl_innermost(bench_hide(1));
        absl::StatusOr<uint64_t> once = transform(std::move(made), one);
        absl::StatusOr<uint64_t> twice = transform(std::move(once), one);
        absl::StatusOr<uint64_t> result = transform(std::move(twice), one);
        sum += result.ok() ? *result : static_cast<uint64_t>(result.status().code());
    }
    return sum;
}

void add_absl() {
    bench_subject ok = subject_of(RESULT_CASE_OK, "absl::StatusOr", run_absl<1>);
    bench_subject error = subject_of(RESULT_CASE_ERROR, "absl::StatusOr", run_absl<0>);
    bench_subject map = subject_of(RESULT_CASE_MAP, "absl::StatusOr", run_absl_map);
    bench_add(&ok);
    bench_add(&error);
    bench_add(&map);
}

#else

void add_absl() {
    add_waived("absl::StatusOr", "Abseil is not installed");
}

#endif

} // namespace

void bench_add_result_peers(void) {
    add_all_expected();
    add_absl();
}
