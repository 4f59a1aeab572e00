// The C++ version of overhead_c.c.
#include "contract/rein.hpp"

extern "C" bool serve(rein_ledger *ledger, std::uint64_t bytes, bool (*work)());

// Charges, works, and releases, whether work returns or throws.
bool serve(rein_ledger *ledger, std::uint64_t bytes, bool (*work)()) {
    rein::memory_charge charge(*ledger, bytes);
    return charge && work();
}
