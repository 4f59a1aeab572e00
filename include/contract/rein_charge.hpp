/* Charges of a ledger in C++17 (contract/ledger.h): released with the object that holds them. */
#ifndef REIN_CONTRACT_REIN_CHARGE_HPP
#define REIN_CONTRACT_REIN_CHARGE_HPP

#include <cstdint>
#include <utility>

#include "contract/ledger.h"
#include "contract/result.h"

namespace rein {

namespace detail {

inline void give_back_memory(rein_ledger *ledger, const rein_ledger_verdict &granted) noexcept {
    REIN_IGNORE(rein_ledger_release_memory(ledger, granted.requested));
}
inline void give_back_stream(rein_ledger *ledger, const rein_ledger_verdict &) noexcept {
    REIN_IGNORE(rein_ledger_release_stream(ledger));
}

/* The verdict of a ledger. Released on destruction if it was granted. */
template <void (*give_back)(rein_ledger *, const rein_ledger_verdict &)> class charge {
    rein_ledger_verdict verdict_;
    rein_ledger *ledger_;
    bool is_charged_; /* must be released */

  public:
    charge(charge &&other) noexcept
        : verdict_(other.verdict_), ledger_(other.ledger_),
          is_charged_(std::exchange(other.is_charged_, false)) {
    }
    charge &operator=(charge &&) = delete;
    /* Releases the charge. Always inlined: otherwise the compiler keeps the whole object in
     * memory. */
    __attribute__((always_inline)) ~charge() {
        if (is_charged_) {
            give_back(ledger_, verdict_);
        }
    }

    explicit operator bool() const noexcept {
        return is_charged_;
    }
    [[nodiscard]] const rein_ledger_verdict &verdict() const noexcept {
        return verdict_;
    }

  protected:
    charge(const rein_ledger_verdict &verdict, rein_ledger &ledger) noexcept
        : verdict_(verdict), ledger_(&ledger), is_charged_(verdict.is_granted) {
    }
};

} // namespace detail

/* Bytes charged to a ledger, released on destruction. Converts to true if they were granted;
 * verdict() has the numbers. The ledger must outlive the charge. One thread at a time; several
 * charges may use the ledger at once. */
struct memory_charge : detail::charge<detail::give_back_memory> {
    /* Charges `bytes` (rein_ledger_charge_memory). */
    [[nodiscard]] memory_charge(rein_ledger &ledger, std::uint64_t bytes) noexcept
        : charge(rein_ledger_charge_memory(&ledger, bytes), ledger) {
    }
};

/* One stream of a ledger, by the same rules. */
struct stream_charge : detail::charge<detail::give_back_stream> {
    /* Acquires a stream (rein_ledger_acquire_stream). */
    [[nodiscard]] explicit stream_charge(rein_ledger &ledger) noexcept
        : charge(rein_ledger_acquire_stream(&ledger), ledger) {
    }
};

} // namespace rein

#endif
