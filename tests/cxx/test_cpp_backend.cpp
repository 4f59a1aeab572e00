#include "contract/rein_backend.hpp"

#include <cstring>
#include <stdexcept>

#include "conformance/backend_conformance.h"
#include "cxx_case.hpp"

namespace {

enum class fault { none, returned, bad_alloc, exception, number };

rein::result<void> fail(fault how) {
    switch (how) {
    case fault::none:
        return {};
    case fault::returned:
        return rein::make_error(REIN_ERROR_TIMEOUT, "too late");
    case fault::bad_alloc:
        throw std::bad_alloc();
    case fault::exception:
        throw std::runtime_error("the engine's own words");
    case fault::number:
        throw 42;
    }
    return {};
}

int alive;

/* Doubles one byte. Fails as it is told, in the slots that can. */
class doubler : public rein::backend_base<doubler> {
    bool is_loaded_ = false;
    fault how_;
    rein_tensor_spec spec_{};

  public:
    explicit doubler(fault how, fault at_birth = fault::none) : how_(how) {
        *fail(at_birth);
        std::int64_t one = 1;
        rein::result shape = rein_shape_make(&one, 1);
        spec_ = *rein::result(
            rein_tensor_spec_make("byte", &*shape, REIN_DTYPE_UINT8, REIN_LAYOUT_ROW_MAJOR));
        alive++;
    }
    ~doubler() {
        alive--;
    }
    rein::result<void> load(const char *path) {
        if (is_loaded_) {
            return rein::make_error(REIN_ERROR_INVALID_STATE, "a model is loaded");
        }
        if (std::strcmp(path, "missing") == 0) {
            return rein::make_error(REIN_ERROR_NOT_FOUND, "no such model");
        }
        rein::result<void> done = fail(how_);
        is_loaded_ = done.has_value();
        return done;
    }
    rein::result<void> unload() {
        if (!std::exchange(is_loaded_, false)) {
            return rein::make_error(REIN_ERROR_INVALID_STATE, "no model is loaded");
        }
        return {};
    }
    rein::result<void> execute(const rein_execution_request &request,
                               rein_execution_result &out_result) {
        if (!is_loaded_) {
            return rein::make_error(REIN_ERROR_INVALID_STATE, "no model is loaded");
        }
        rein_tensor_spec_view specs{&spec_, 1};
        rein::result fit = rein_backend_check_tensors(&request, &out_result, specs, specs);
        if (!fit) {
            return fit;
        }
        auto *from = static_cast<const std::uint8_t *>(request.input_tensors[0].data);
        auto *to = static_cast<std::uint8_t *>(out_result.output_tensors[0].data);
        *to = static_cast<std::uint8_t>(2 * *from);
        rein_execution_result_complete(&request, rein_clock_now(rein_clock_system()), &out_result);
        return {};
    }
    rein_backend_capabilities capabilities() noexcept {
        rein_backend_capabilities all{};
        std::strcpy(all.backend_name, "doubler");
        all.max_batch_size = 1;
        all.supported_dtypes = rein_dtype_set_with(rein_dtype_set{}, REIN_DTYPE_UINT8);
        return all;
    }
    bool is_loaded() noexcept {
        return is_loaded_;
    }
    rein::result<rein_memory_estimate> estimate_memory(const char *path) {
        if (std::strcmp(path, "missing") == 0) {
            return rein::make_error(REIN_ERROR_NOT_FOUND, "no such model");
        }
        return fail(how_).and_then([]() -> rein::result<rein_memory_estimate> {
            return rein_memory_estimate{0, 2};
        });
    }
    /* The results of C do as well. */
    rein_result_lifetime_view estimate_lifetimes(const char *path) {
        if (std::strcmp(path, "missing") == 0) {
            return rein_result_lifetime_view_fail(
                rein::make_error(REIN_ERROR_NOT_FOUND, "no such model"));
        }
        return rein_result_lifetime_view_ok(rein_lifetime_view{nullptr, 0});
    }
    rein::result<rein_tensor_spec_view> input_specs(const char *path) {
        if (std::strcmp(path, "missing") == 0) {
            return rein::make_error(REIN_ERROR_NOT_FOUND, "no such model");
        }
        return rein_tensor_spec_view{&spec_, 1};
    }
    rein::result<rein_tensor_spec_view> output_specs(const char *path) {
        return input_specs(path);
    }
};

/* The same with a warm-up. */
class warm_doubler : public rein::backend_base<warm_doubler> {
    doubler inner_{fault::none};
    int warmups_ = 0;

  public:
    auto load(const char *path) {
        return inner_.load(path);
    }
    auto unload() {
        return inner_.unload();
    }
    auto execute(const rein_execution_request &request, rein_execution_result &out_result) {
        return inner_.execute(request, out_result);
    }
    auto capabilities() noexcept {
        return inner_.capabilities();
    }
    bool is_loaded() noexcept {
        return inner_.is_loaded();
    }
    auto estimate_memory(const char *path) {
        return inner_.estimate_memory(path);
    }
    auto estimate_lifetimes(const char *path) {
        return inner_.estimate_lifetimes(path);
    }
    auto input_specs(const char *path) {
        return inner_.input_specs(path);
    }
    auto output_specs(const char *path) {
        return inner_.output_specs(path);
    }
    rein::result<void> warmup(CUstream_st *) {
        if (++warmups_ == 2) {
            return rein::make_error(REIN_ERROR_TIMEOUT, "twice");
        }
        return {};
    }
};

void it_keeps_the_rules_of_backends() {
    conformance_subject subject{};
    subject.create = [](void *) {
        rein::result made = rein::make_backend<doubler>(fault::none);
        return made ? rein_result_backend_ok(made->release())
                    : rein_result_backend_fail(made.error());
    };
    subject.clock = rein_clock_system();
    subject.model_path = "any";
    subject.missing_path = "missing";
    subject.is_deterministic = true;
    conformance_report report = conformance_check(&subject);
    if (report.broken > 0) {
        char text[512];
        conformance_finding_to_string(&report.first_broken, text, sizeof text);
        std::fprintf(stderr, "%s\n", text);
    }
    CHECK(report.broken == 0 && report.held > 20);
    CHECK(alive == 0);
}

rein_error error_of_load(fault how) {
    rein::result backend = rein::make_backend<doubler>(how);
    rein::result loaded = rein_backend_load(backend->get(), "any");
    CHECK(!loaded && !rein_backend_is_loaded(backend->get()));
    return loaded.error();
}

void an_exception_ends_at_the_slot() {
    CHECK(error_of_load(fault::returned).code == REIN_ERROR_TIMEOUT);
    CHECK(error_of_load(fault::bad_alloc).code == REIN_ERROR_OUT_OF_MEMORY);
    rein_error thrown = error_of_load(fault::exception);
    CHECK(thrown.code == REIN_ERROR_BACKEND_ERROR);
    CHECK(std::strcmp(thrown.foreign_text, "the engine's own words") == 0);
    CHECK(rein::to_string(thrown).find("the backend threw: the engine's own words") !=
          std::string::npos);
    CHECK(error_of_load(fault::number).code == REIN_ERROR_BACKEND_ERROR);
    rein::result backend = rein::make_backend<doubler>(fault::exception);
    rein::result estimate = rein_backend_estimate_memory(backend->get(), "any");
    CHECK(estimate.error().code == REIN_ERROR_BACKEND_ERROR);
    rein::result unborn = rein::make_backend<doubler>(fault::none, fault::exception);
    CHECK(unborn.error().code == REIN_ERROR_BACKEND_ERROR);
    CHECK(rein::bind_backend(std::unique_ptr<doubler>()).error().code ==
          REIN_ERROR_INVALID_ARGUMENT);
}

void a_warmup_may_be_there_or_not() {
    CHECK(doubler::interface().warmup == nullptr && warm_doubler::interface().warmup != nullptr);
    rein::result warm = rein::make_backend<warm_doubler>();
    CHECK(rein_backend_warmup(warm->get(), nullptr).is_ok);
    CHECK(rein::result(rein_backend_warmup(warm->get(), nullptr)).error().code ==
          REIN_ERROR_TIMEOUT);
    rein::result cold = rein::make_backend<doubler>(fault::none);
    CHECK(rein_backend_warmup(cold->get(), nullptr).is_ok);
}

void a_backend_goes_with_its_owner() {
    {
        rein::result made = rein::make_backend<doubler>(fault::none);
        rein::backend owner = std::move(made).value();
        CHECK(alive == 1 && rein_backend_load(owner.get(), "any").is_ok);
        rein::backend moved = std::move(owner);
        CHECK(alive == 1 && rein_backend_is_loaded(moved.get()) && owner.get() == nullptr);
    }
    CHECK(alive == 0);
}

} // namespace

int main() {
    it_keeps_the_rules_of_backends();
    an_exception_ends_at_the_slot();
    a_warmup_may_be_there_or_not();
    a_backend_goes_with_its_owner();
    return 0;
}
