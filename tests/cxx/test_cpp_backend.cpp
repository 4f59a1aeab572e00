#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "cxx_case.hpp"
#include "cxx_conformance.hpp"
#include "doubler.hpp"

namespace {

const rein_model_id model = *rein::result(rein_model_id_make("model"));

/* The same engine with a warm-up. */
class warm_doubler : public rein::backend_base<warm_doubler> {
    doubler inner_;
    fault how_;

  public:
    explicit warm_doubler(fault how = fault::none) : how_(how) {
    }
    auto load(const char *path, const rein_model_id &id) {
        return inner_.load(path, id);
    }
    auto unload() {
        return inner_.unload();
    }
    auto execute(const rein_execution_request &request, rein_execution_result &out_result) {
        return inner_.execute(request, out_result);
    }
    const rein_backend_capabilities &capabilities() noexcept {
        return inner_.capabilities();
    }
    bool is_loaded() noexcept {
        return inner_.is_loaded();
    }
    auto estimate_memory(const char *path, const rein_input_shapes *shapes) {
        return inner_.estimate_memory(path, shapes);
    }
    auto estimate_lifetimes(const char *path, const rein_input_shapes *shapes) {
        return inner_.estimate_lifetimes(path, shapes);
    }
    auto input_specs(const char *path) {
        return inner_.input_specs(path);
    }
    auto output_specs(const char *path) {
        return inner_.output_specs(path);
    }
    rein::result<void> warmup(CUstream_st *) {
        if (!is_loaded()) {
            return rein::make_error(REIN_ERROR_INVALID_STATE, "no model is loaded");
        }
        return fail(how_);
    }
};

rein::backend make_doubler(fault how = fault::none) {
    return rein::result(rein::make_backend<doubler>(how)).value();
}

void it_conforms() {
    /* Waived: the rules of the optional parts, which neither has. */
    CHECK(conforms<doubler>(12) && conforms<warm_doubler>(12));
    CHECK(doublers_alive == 0);
}

/* Doubles `count` bytes into a buffer of `capacity` bytes. */
rein::result<std::vector<std::uint8_t>> double_bytes(rein::backend &backend, std::size_t count,
                                                     std::size_t capacity) {
    rein::result specs = rein_backend_input_specs(backend.get(), "any");
    std::vector<std::uint8_t> data(count);
    std::iota(data.begin(), data.end(), std::uint8_t{1});
    rein_shape shape{{static_cast<std::int64_t>(count)}, 1};
    rein::result input = rein_tensor_make_shaped(specs->specs, &shape, data.data());
    std::vector<std::uint8_t> doubled(capacity);
    rein::result output = rein_tensor_make_output(specs->specs, doubled.data(), capacity);
    rein_execution_request request = rein_execution_request_make(
        model, rein_request_id{}, &*input, 1, rein_clock_now(rein_clock_system()));
    rein_execution_result done = rein_execution_result_make(&*output, 1);
    return rein::result(rein_backend_execute(backend.get(), &request, &done)).map([&] {
        doubled.resize(static_cast<std::size_t>(output->descriptor.shape.dimensions[0]));
        return doubled;
    });
}

void a_dynamic_input_has_any_extent_of_its_range() {
    rein::backend backend = make_doubler();
    CHECK(rein_backend_load(backend.get(), "any", &model).is_ok);
    for (std::size_t count : {1UL, 3UL, 64UL}) {
        rein::result doubled = double_bytes(backend, count, 64);
        CHECK(doubled && doubled->size() == count && doubled->back() == 2 * count);
    }
    rein::result small = double_bytes(backend, 3, 2);
    CHECK(small.error().code == REIN_ERROR_BUFFER_TOO_SMALL && small.error().numbers[0] == 3);
}

void estimates_take_shapes() {
    rein::backend backend = make_doubler();
    rein_shape shape{{64}, 1};
    rein_input_shapes shapes{&shape, 1};
    for (const rein_input_shapes *asked : {&shapes, static_cast<rein_input_shapes *>(nullptr)}) {
        rein::result estimate = rein_backend_estimate_memory(backend.get(), "any", asked);
        CHECK(estimate && estimate->weights_bytes.is_known && !estimate->load_peak_bytes.is_known);
        CHECK(rein_backend_estimate_lifetimes(backend.get(), "any", asked).is_ok);
    }
    shape.dimensions[0] = 65;
    rein::result estimate = rein_backend_estimate_memory(backend.get(), "any", &shapes);
    CHECK(estimate.error().code == REIN_ERROR_INVALID_ARGUMENT);
    rein::result lifetimes = rein_backend_estimate_lifetimes(backend.get(), "any", &shapes);
    CHECK(lifetimes.error().code == REIN_ERROR_INVALID_ARGUMENT);
}

rein_error error_of_load(fault how) {
    rein::backend backend = make_doubler(how);
    rein::result loaded = rein_backend_load(backend.get(), "any", &model);
    CHECK(!loaded && !rein_backend_is_loaded(backend.get()));
    return loaded.error();
}

void an_exception_does_not_leave_the_slot() {
    for (fault how : {fault::returned, fault::bad_alloc, fault::exception, fault::number}) {
        CHECK(error_of_load(how).code == code_of(how));
        rein::backend backend = make_doubler(how);
        rein::result estimate = rein_backend_estimate_memory(backend.get(), "any", nullptr);
        CHECK(estimate.error().code == code_of(how));
    }
    rein_error thrown = error_of_load(fault::exception);
    CHECK(std::strcmp(thrown.foreign_text, "the engine's own words") == 0);
    CHECK(rein::message(thrown) == "the backend threw: the engine's own words");
    rein::result failed = rein::make_backend<doubler>(fault::none, fault::exception);
    CHECK(failed.error().code == REIN_ERROR_BACKEND_ERROR && doublers_alive == 0);
    CHECK(rein::bind_backend(std::unique_ptr<doubler>()).error().code ==
          REIN_ERROR_INVALID_ARGUMENT);
}

/* Loads a model with one engine, or with another if the first fails. Reports why it failed. */
rein::result<void> load_with_either(rein::backend &first, rein::backend &second,
                                    std::string &out_reason) {
    return rein::result(rein_backend_load(first.get(), "any", &model))
        .with_context("loading any")
        .or_else([&](const rein_error &error) {
            out_reason = rein::message(error);
            return rein_backend_load(second.get(), "any", &model);
        });
}

void an_exception_of_an_engine_becomes_an_error() {
    rein::backend broken = make_doubler(fault::exception);
    rein::backend sound = make_doubler();
    std::string reason;
    CHECK(load_with_either(broken, sound, reason));
    CHECK(reason == "loading any: the backend threw: the engine's own words");
    CHECK(!rein_backend_is_loaded(broken.get()) && rein_backend_is_loaded(sound.get()));
    CHECK(load_with_either(sound, sound, reason).error().code == REIN_ERROR_INVALID_STATE);
}

void a_warmup_is_optional() {
    CHECK(doubler::interface().warmup == nullptr && warm_doubler::interface().warmup != nullptr);
    for (fault how : {fault::returned, fault::bad_alloc, fault::exception, fault::number}) {
        rein::result warm = rein::make_backend<warm_doubler>(how);
        CHECK(rein_backend_load(warm->get(), "any", &model).is_ok);
        CHECK(rein::result(rein_backend_warmup(warm->get(), nullptr)).error().code == code_of(how));
    }
    rein::backend cold = make_doubler();
    CHECK(rein_backend_warmup(cold.get(), nullptr).is_ok);
}

void a_backend_is_destroyed_with_its_owner() {
    {
        rein::backend owner = make_doubler();
        CHECK(doublers_alive == 1 && rein_backend_load(owner.get(), "any", &model).is_ok);
        rein::backend moved = std::move(owner);
        CHECK(doublers_alive == 1 && rein_backend_is_loaded(moved.get()));
        CHECK(owner.get() == nullptr);
    }
    CHECK(doublers_alive == 0);
}

} // namespace

int main() {
    it_conforms();
    a_dynamic_input_has_any_extent_of_its_range();
    estimates_take_shapes();
    an_exception_does_not_leave_the_slot();
    an_exception_of_an_engine_becomes_an_error();
    a_warmup_is_optional();
    a_backend_is_destroyed_with_its_owner();
    return 0;
}
