/* An engine that doubles 1 to 64 bytes. */
#ifndef REIN_TESTS_CXX_DOUBLER_HPP
#define REIN_TESTS_CXX_DOUBLER_HPP

#include <atomic>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "contract/rein_backend.hpp"
#include "cxx_fault.hpp"

/* The doublers that are alive. */
inline std::atomic<int> doublers_alive;

class doubler : public rein::backend_base<doubler> {
    rein_backend_capabilities capabilities_{};
    rein_tensor_spec spec_{};
    rein_model_id model_{};
    bool is_loaded_ = false;
    fault how_;

  public:
    /* Fails in `load` and `estimate_memory`, or in this constructor. */
    explicit doubler(fault how = fault::none, fault at_birth = fault::none) : how_(how) {
        *fail(at_birth);
        capabilities_.struct_size = sizeof capabilities_;
        std::strcpy(capabilities_.backend_name, "doubler");
        capabilities_.max_batch_size = 64;
        capabilities_.supported_dtypes = rein_dtype_set_with({}, REIN_DTYPE_UINT8);
        capabilities_.memory_kinds = rein_memory_kind_set_with({}, REIN_MEMORY_HOST);
        rein_shape one{{1}, 1};
        spec_ = *rein::result(
            rein_tensor_spec_make("bytes", &one, REIN_DTYPE_UINT8, REIN_LAYOUT_ROW_MAJOR));
        spec_ = *rein::result(rein_tensor_spec_with_range(&spec_, 0, 1, 64, "count"));
        doublers_alive++;
    }
    ~doubler() {
        doublers_alive--;
    }
    rein::result<void> load(const char *path, const rein_model_id &id) {
        if (is_loaded_) {
            return rein::make_error(REIN_ERROR_INVALID_STATE, "a model is loaded");
        }
        rein::result done = find(path).and_then([&] { return fail(how_); });
        is_loaded_ = done.has_value();
        model_ = id;
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
        rein::result ready =
            rein::result(
                rein_backend_check_execution(&request, &out_result, &model_, specs(), specs()))
                .and_then([&] {
                    const rein_shape &shape = request.input_tensors[0].descriptor.shape;
                    return rein_execution_result_set_shapes(&out_result, &shape, 1);
                });
        if (!ready) {
            return ready;
        }
        const rein_tensor &input = request.input_tensors[0];
        auto *from = static_cast<const std::uint8_t *>(input.data);
        auto *to = static_cast<std::uint8_t *>(out_result.output_tensors[0].data);
        for (std::int64_t index = 0; index < input.descriptor.shape.dimensions[0]; index++) {
            to[index] = static_cast<std::uint8_t>(2 * from[index]);
        }
        rein_execution_result_complete(&request, rein_clock_now(rein_clock_system()), &out_result);
        return {};
    }
    const rein_backend_capabilities &capabilities() noexcept {
        return capabilities_;
    }
    bool is_loaded() noexcept {
        return is_loaded_;
    }
    rein::result<rein_memory_estimate> estimate_memory(const char *path,
                                                       const rein_input_shapes *shapes) {
        rein_memory_estimate estimate{};
        estimate.weights_bytes = rein_fact_u64_known(0);
        estimate.activation_bytes = rein_fact_u64_known(0);
        return find(path)
            .and_then([&] { return rein_backend_check_shapes(shapes, specs()); })
            .and_then([&] { return fail(how_); })
            .map([&] { return estimate; });
    }
    /* Returns a result of C, as any of these functions may. */
    rein_result_lifetime_view estimate_lifetimes(const char *path,
                                                 const rein_input_shapes *shapes) {
        return find(path)
            .and_then([&] { return rein_backend_check_shapes(shapes, specs()); })
            .map([] { return rein_lifetime_view{}; })
            .to_c<rein_result_lifetime_view>();
    }
    rein::result<rein_tensor_spec_view> input_specs(const char *path) {
        return find(path).map([&] { return specs(); });
    }
    rein::result<rein_tensor_spec_view> output_specs(const char *path) {
        return input_specs(path);
    }

  private:
    rein_tensor_spec_view specs() const {
        return {&spec_, 1};
    }
    static rein::result<void> find(const char *path) {
        if (std::strcmp(path, "missing") == 0) {
            return rein::make_error(REIN_ERROR_NOT_FOUND, "no such model");
        }
        if (std::strcmp(path, "broken") == 0) {
            throw std::runtime_error("not a model");
        }
        return {};
    }
};

#endif
