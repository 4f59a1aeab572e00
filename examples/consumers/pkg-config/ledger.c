/* Charges a ledger until it refuses. */
#include <inttypes.h>
#include <stdio.h>

#include "contract/ledger.h"
#include "contract/units.h"

int main(void) {
    rein_resource_budget budget = rein_resource_budget_default(); /* 512 MiB */
    rein_ledger ledger;
    rein_result_void ready = rein_ledger_init(&ledger, &budget);
    if (rein_result_void_is_error(ready)) {
        return 2;
    }
    rein_ledger_verdict charge = rein_ledger_charge_memory(&ledger, 200 * REIN_MIB);
    while (charge.is_granted) {
        charge = rein_ledger_charge_memory(&ledger, 200 * REIN_MIB);
    }
    printf("refused: %" PRIu64 " of %" PRIu64 " MiB are in use, short by %" PRIu64 " MiB\n",
           charge.used / REIN_MIB, charge.limit / REIN_MIB, charge.shortfall / REIN_MIB);
    return 0;
}
