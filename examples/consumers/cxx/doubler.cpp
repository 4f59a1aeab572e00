// An engine that doubles bytes, as a backend that is held to a budget.
#include "contract/rein_backend.hpp"

#include <cstring>
#include <iostream>
#include <stdexcept>

class doubler : public rein::backend_base<doubler> {
    rein_backend_capabilities capabilities_{};
    rein_tensor_spec spec_; // of the input and of the output: 1 to 4 bytes
    rein_model_id model_{};
    bool is_loaded_ = false;

  public:
    doubler() {
        capabilities_.struct_size = sizeof capabilities_;
        std::strcpy(capabilities_.backend_name, "doubler");
        capabilities_.max_batch_size = 4;
        capabilities_.supported_dtypes = rein_dtype_set_with({}, REIN_DTYPE_UINT8);
        capabilities_.memory_kinds = rein_memory_kind_set_with({}, REIN_MEMORY_HOST);
        rein_shape shape{{1}, 1};
        spec_ = *rein::result(
            rein_tensor_spec_make("bytes", &shape, REIN_DTYPE_UINT8, REIN_LAYOUT_ROW_MAJOR));
        spec_ = *rein::result(rein_tensor_spec_with_range(&spec_, 0, 1, 4, "count"));
    }
    rein::result<void> load(const char *path, const rein_model_id &id) {
        if (is_loaded_) {
            return rein::make_error(REIN_ERROR_INVALID_STATE, "a model is loaded");
        }
        if (std::strcmp(path, "broken") == 0) {
            throw std::runtime_error("the file is damaged"); // becomes a BackendError
        }
        model_ = id;
        is_loaded_ = true;
        return {};
    }
    rein::result<void> unload() {
        if (!is_loaded_) {
            return rein::make_error(REIN_ERROR_INVALID_STATE, "no model is loaded");
        }
        is_loaded_ = false;
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
        auto *from = static_cast<const unsigned char *>(request.input_tensors[0].data);
        auto *to = static_cast<unsigned char *>(out_result.output_tensors[0].data);
        std::int64_t count = request.input_tensors[0].descriptor.shape.dimensions[0];
        for (std::int64_t index = 0; index < count; index++) {
            to[index] = static_cast<unsigned char>(2 * from[index]);
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
    rein::result<rein_memory_estimate> estimate_memory(const char *,
                                                       const rein_input_shapes *shapes) {
        rein_memory_estimate estimate{}; // its other facts are unknown
        estimate.weights_bytes = rein_fact_u64_known(0);
        estimate.activation_bytes = rein_fact_u64_known(0);
        return rein::result(rein_backend_check_shapes(shapes, specs())).map([&] {
            return estimate;
        });
    }
    rein::result<rein_lifetime_view> estimate_lifetimes(const char *,
                                                        const rein_input_shapes *shapes) {
        // It has no hidden tensor.
        return rein::result(rein_backend_check_shapes(shapes, specs())).map([] {
            return rein_lifetime_view{};
        });
    }
    rein::result<rein_tensor_spec_view> input_specs(const char *) {
        return specs();
    }
    rein::result<rein_tensor_spec_view> output_specs(const char *) {
        return specs();
    }

  private:
    rein_tensor_spec_view specs() const {
        return {&spec_, 1};
    }
};

// Loads a model, or returns why not. Exceptions of the engine arrive as errors.
rein::result<void> load(rein::backend &backend, const char *path, const rein_model_id &id) {
    return rein::result(rein_backend_load(backend.get(), path, &id)).with_context(path);
}

// Doubles each byte of a text.
rein::result<std::string> double_text(rein::backend &backend, const rein_model_id &id,
                                      std::string text) {
    rein_result_tensor_spec_view specs = rein_backend_input_specs(backend.get(), "model");
    const rein_tensor_spec *spec = REIN_UNWRAP(specs).specs;
    rein_shape shape{{static_cast<std::int64_t>(text.size())}, 1};
    std::string doubled(text.size(), '\0');
    rein::result input = rein_tensor_make_shaped(spec, &shape, text.data());
    rein::result output = rein_tensor_make_output(spec, doubled.data(), doubled.size());
    if (!input || !output) {
        return input ? output.error() : input.error();
    }
    rein_execution_request request = rein_execution_request_make(
        id, rein_request_id{}, &*input, 1, rein_clock_now(rein_clock_system()));
    rein_execution_result done = rein_execution_result_make(&*output, 1);
    return rein::result(rein_backend_execute(backend.get(), &request, &done)).map([&] {
        return doubled;
    });
}

int main() {
    rein_resource_budget budget = rein_resource_budget_default(); // 512 MiB
    rein_ledger ledger;
    rein::result ready = rein_ledger_init(&ledger, &budget);
    rein::result id = rein_model_id_make("doubler");
    rein::result backend = rein::make_backend<doubler>();
    if (!ready || !id || !backend) {
        return 2;
    }
    rein::result loaded = load(*backend, "broken", *id).or_else([&](const rein_error &error) {
        std::cout << "not loaded: " << rein::message(error) << '\n';
        return load(*backend, "model", *id);
    });
    rein::memory_charge charge(ledger, 400 * REIN_MIB);
    if (loaded && charge) {
        rein::result doubled = double_text(*backend, *id, "!'#");
        std::cout << "doubled: " << doubled.value_or("nothing") << '\n';
    }
    rein::memory_charge refused(ledger, 200 * REIN_MIB);
    std::cout << "granted: " << bool(charge) << ' ' << bool(refused) << ", short by "
              << refused.verdict().shortfall / REIN_MIB << " MiB\n";
} // the charge is released and the backend destroyed
