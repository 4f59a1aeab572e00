/* The C version of overhead_cpp.cpp. */
#include "contract/ledger.h"

bool serve(rein_ledger *ledger, uint64_t bytes, bool (*work)(void));

/* Charges, works, and releases. */
bool serve(rein_ledger *ledger, uint64_t bytes, bool (*work)(void)) {
    rein_ledger_verdict charge = rein_ledger_charge_memory(ledger, bytes);
    bool is_done = false;
    if (charge.is_granted) {
        is_done = work();
        REIN_IGNORE(rein_ledger_release_memory(ledger, bytes));
    }
    return is_done;
}
