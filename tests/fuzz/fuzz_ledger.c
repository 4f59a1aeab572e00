/* Compares the ledger with simple accounting: all numbers agree after every call. */
#include <string.h>

#include "contract/ledger.h"
#include "fuzz.h"

typedef struct account {
    uint64_t limit;
    uint64_t used;
    uint64_t peak;
    uint64_t refused;
} account;

typedef struct model {
    rein_ledger ledger;
    account memory;
    account streams;
    account compute;
} model;

static void require_account(const rein_resource_usage *usage, const account *own) {
    require(usage->limit == own->limit && usage->used == own->used, "limit and use agree");
    require(usage->peak == own->peak && usage->refused == own->refused, "peak and refusals agree");
}

static void take(account *own, uint64_t amount, const rein_ledger_verdict *verdict) {
    bool fits = amount <= own->limit && own->used <= own->limit - amount;
    require(verdict->is_granted == fits, "exactly the fitting requests are granted");
    require(verdict->requested == amount && verdict->limit == own->limit &&
                verdict->used == own->used,
            "a verdict has the numbers of its instant");
    require(verdict->shortfall == (fits ? 0 : amount - (own->limit - own->used)),
            "the shortfall is the missing part");
    own->used += fits ? amount : 0;
    own->refused += !fits;
    own->peak = own->used > own->peak ? own->used : own->peak;
}

static void give(account *own, uint64_t amount, rein_result_void released) {
    require(released.is_ok == (amount <= own->used), "no more than is in use can be released");
    own->used -= released.is_ok ? amount : 0;
}

static void spend(model *m, int64_t ns) {
    rein_result_ledger_verdict answer =
        rein_ledger_account_compute(&m->ledger, rein_duration_from_ns(ns));
    require(answer.is_ok == (ns >= 0), "time that is spent is not negative");
    if (!answer.is_ok) {
        return;
    }
    account *own = &m->compute;
    uint64_t spent = (uint64_t)ns;
    rein_ledger_verdict verdict = REIN_VALUE(answer);
    require(verdict.is_granted == (spent <= own->limit), "a compute budget is kept or not");
    require(verdict.shortfall == (verdict.is_granted ? 0 : spent - own->limit),
            "a shortfall of time is the excess");
    own->used = own->used + spent < spent ? UINT64_MAX : own->used + spent;
    own->peak = spent > own->peak ? spent : own->peak;
    own->refused += !verdict.is_granted;
}

/* Returns any amount, or one at or near the free or the used amount. */
static uint64_t choose_amount(choices *from, const account *own) {
    uint64_t near = choose_below(from, 3);
    switch (choose_below(from, 4)) {
    case 0:
        return own->limit - own->used + near - 1;
    case 1:
        return own->used + near - 1;
    case 2:
        return choose_byte(from);
    default:
        return choose_number(from);
    }
}

static void operate(model *m, choices *from) {
    uint64_t amount = choose_amount(from, &m->memory);
    rein_ledger_verdict verdict;
    switch (choose_below(from, 5)) {
    case 0:
        verdict = rein_ledger_charge_memory(&m->ledger, amount);
        take(&m->memory, amount, &verdict);
        break;
    case 1:
        give(&m->memory, amount, rein_ledger_release_memory(&m->ledger, amount));
        break;
    case 2:
        verdict = rein_ledger_acquire_stream(&m->ledger);
        take(&m->streams, 1, &verdict);
        break;
    case 3:
        give(&m->streams, 1, rein_ledger_release_stream(&m->ledger));
        break;
    default:
        spend(m, (int64_t)amount);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    choices from = {data, size};
    rein_resource_budget budget = {
        .memory_limit_bytes = choose_number(&from),
        .stream_limit = (int32_t)choose_below(&from, 5),
        .compute_budget = rein_duration_from_ns((int64_t)choose_number(&from)),
    };
    model m;
    memset(&m, 0, sizeof m);
    bool is_made = rein_ledger_init(&m.ledger, &budget).is_ok;
    require(is_made == rein_resource_budget_is_valid(&budget), "a valid budget makes a ledger");
    if (!is_made) {
        return 0;
    }
    m.memory.limit = budget.memory_limit_bytes;
    m.streams.limit = (uint64_t)budget.stream_limit;
    m.compute.limit = (uint64_t)budget.compute_budget.ns;
    while (from.length > 0) {
        operate(&m, &from);
        rein_ledger_usage usage = rein_ledger_read(&m.ledger);
        require_account(&usage.memory_bytes, &m.memory);
        require_account(&usage.streams, &m.streams);
        require_account(&usage.compute_ns, &m.compute);
    }
    return 0;
}
