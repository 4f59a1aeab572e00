// What overhead_c.c does, in C++.
#include "contract/rein.hpp"

extern "C" bool serve(rein_ledger *ledger, std::uint64_t bytes, bool (*work)());

// Charges, works, and gives back, whether work returns or throws.
bool serve(rein_ledger *ledger, std::uint64_t bytes, bool (*work)()) {
    rein::memory_charge charge(*ledger, bytes);
    return charge && work();
}
