// An engine that doubles a byte, as a backend that is held to a budget.
#include "contract/rein_backend.hpp"

#include <cstring>
#include <iostream>
#include <stdexcept>

class doubler : public rein::backend_base<doubler> {
    bool is_loaded_ = false;

  public:
    rein::result<void> load(const char *path) {
        if (std::strcmp(path, "broken") == 0) {
            throw std::runtime_error("the file is damaged"); // becomes a BackendError
        }
        is_loaded_ = true;
        return {};
    }
    rein::result<void> unload() {
        is_loaded_ = false;
        return {};
    }
    rein::result<void> execute(const rein_execution_request &request,
                               rein_execution_result &out_result) {
        if (!is_loaded_) {
            return rein::make_error(REIN_ERROR_INVALID_STATE, "no model is loaded");
        }
        auto *from = static_cast<const unsigned char *>(request.input_tensors[0].data);
        auto *to = static_cast<unsigned char *>(out_result.output_tensors[0].data);
        *to = static_cast<unsigned char>(2 * *from);
        rein_execution_result_complete(&request, rein_clock_now(rein_clock_system()), &out_result);
        return {};
    }
    rein_backend_capabilities capabilities() noexcept {
        return {"doubler", 1, rein_dtype_set_with({}, REIN_DTYPE_UINT8), false, false};
    }
    bool is_loaded() noexcept {
        return is_loaded_;
    }
    rein::result<rein_memory_estimate> estimate_memory(const char *) {
        return rein_memory_estimate{0, 2};
    }
    rein::result<rein_lifetime_view> estimate_lifetimes(const char *) {
        return rein_lifetime_view{};
    }
    rein::result<rein_tensor_spec_view> input_specs(const char *) {
        return rein_tensor_spec_view{};
    }
    rein::result<rein_tensor_spec_view> output_specs(const char *) {
        return rein_tensor_spec_view{};
    }
};

int main() {
    rein_resource_budget budget = rein_resource_budget_default(); // 512 MiB
    rein_ledger ledger;
    rein::result ready = rein_ledger_init(&ledger, &budget);
    rein::result backend = rein::make_backend<doubler>();
    if (!ready || !backend) {
        return 2;
    }
    rein::result loaded = rein_backend_load(backend->get(), "broken");
    if (!loaded) {
        std::cout << "not loaded: " << loaded.error().foreign_text << '\n';
    }
    {
        rein::memory_charge charge(ledger, 400 * REIN_MIB);
        rein::memory_charge refused(ledger, 200 * REIN_MIB);
        std::cout << "granted: " << bool(charge) << ' ' << bool(refused) << ", short by "
                  << refused.verdict().shortfall / REIN_MIB << " MiB\n";
    }
    std::cout << "in use: " << rein_ledger_read(&ledger).memory_bytes.used << '\n';
} // the backend is destroyed
