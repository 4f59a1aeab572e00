"""The goals of the host half, judged by the rows."""
import host_tables as tables


class Waived(Exception):
    """Raised with a reason if a row that a goal needs was not measured."""


class Rows:
    def __init__(self, rows):
        self.rows = rows

    def of(self, table, subject=None, case=None):
        return [row for row in self.rows if row["table"] == table
                and subject in (None, row["subject"]) and case in (None, row["case"])]

    def median(self, table, case, subject):
        found = self.of(table, subject, case)
        if not found:
            raise Waived(f"there is no row of {subject} in {case}")
        if found[0]["status"] != "measured":
            raise Waived(f"{subject} in {case} was {found[0]['status']}: {found[0]['reason']}")
        return found[0]["median"]

    def ratio(self, table, case, subject):
        return self.median(table, case, "rein") / self.median(table, case, subject)


def refused_wrongly(rows):
    found = rows.of(tables.RIVAL, "rein")
    if not found or found[0]["status"] != "measured":
        raise Waived("the ledger was not measured beside a rival")
    return found[0]["counters"]["refused wrongly per million"]


def allocations(rows):
    ours = [row for table in tables.HOT for row in rows.of(table)
            if row["role"] == "ours" and row["status"] == "measured"]
    if not ours or any("allocations_per_operation" not in row for row in ours):
        raise Waived("the C library offers no way to count allocations")
    return sum(row["allocations_per_operation"] for row in ours)


def dearer_ns(case):
    return lambda rows: (rows.median(tables.BACKEND, case, "rein")
                         - rows.median(tables.BACKEND, case, "C++ virtual call"))


def checked_ns(case):
    return lambda rows: (rows.median(tables.BACKEND_TENSORS, case, "rein")
                         - rows.median(tables.BACKEND_TENSORS, case, "a slot that does nothing"))


def ratio(table, case, subject):
    return lambda rows: rows.ratio(table, case, subject)


def median(table, case):
    return lambda rows: rows.median(table, case, "rein")


def growth(rows):
    return (rows.median(tables.ADMISSION, "1000000 models", "rein")
            / rows.median(tables.ADMISSION, "1000 models", "rein"))


# Table, subject, figure, unit, the maximum, and the reason if it is exceeded.
GOALS = [
    (tables.RESULTS, "when ok, within 10 % of plain codes",
     ratio(tables.RESULTS, "ok", "plain codes"), "x", 1.10,
     "a result is stored as a flag and a value in memory; a code is returned in a register"),
    (tables.RESULTS, "when ok, not behind std::expected",
     ratio(tables.RESULTS, "ok", "std::expected"), "x", 1.0,
     "both store the same two words; what is left is the order of the stores, and noise"),
    (tables.RESULTS, "when ok, not behind absl::StatusOr",
     ratio(tables.RESULTS, "ok", "absl::StatusOr"), "x", 1.0,
     "both store two words; what is left is the order of the stores, and noise"),
    (tables.RESULTS, "in an error, not behind std::expected with the same error",
     ratio(tables.RESULTS, "error", "std::expected"), "x", 1.0,
     "the library makes the error in a function of its own, which the peer's has inlined"),
    (tables.RESULTS, "in an error, not behind absl::StatusOr",
     ratio(tables.RESULTS, "error", "absl::StatusOr"), "x", 1.0,
     "256 bytes are copied at each of three calls; the peer hands on a pointer to what it "
     "allocated"),
    (tables.LEDGER, "one thread, within 1.1x of the bare compare-and-swap pair, inlined",
     ratio(tables.LEDGER, "1 thread", "compare-and-swap pair"), "x", 1.10,
     "two calls, and two answers through memory, which the next atomic operation waits for: the "
     "pair that is called and answers alike takes as long"),
    (tables.LEDGER, "one thread, within 1.1x of the pair that is called and answers alike",
     ratio(tables.LEDGER, "1 thread", "the pair, called, with answers"), "x", 1.10,
     "the peak, which a release keeps"),
    (tables.LEDGER, "two threads, within 1.1x of the bare compare-and-swap pair, inlined",
     ratio(tables.LEDGER, "2 threads", "compare-and-swap pair"), "x", 1.10,
     "as with one thread; besides, the time is the cache line's way between the cores: what the "
     "ledger does between two operations lets the other thread take the line away"),
    (tables.RIVAL, "no request is refused that fits", refused_wrongly, "count", 0, "a defect"),
    (tables.BACKEND, "a call within 1 ns of a virtual call",
     dearer_ns("is_loaded"), "ns", 1.0, "an indirect call behind a call of the library"),
    (tables.BACKEND, "execute with its checks within 1 ns of a virtual call without",
     dearer_ns("execute, no tensors"), "ns", 1.0,
     "the binding, the request and the result are checked, which the virtual call does not do"),
    (tables.BACKEND_TENSORS, "2 tensors within 100 ns of the bare slot",
     checked_ns("1 + 1 tensors"), "ns", 100,
     "names, types, ranges and capacities are compared"),
    (tables.BACKEND_TENSORS, "64 + 64 tensors within 1 us of the bare slot",
     checked_ns("64 + 64 tensors"), "ns", 1000,
     "name, type, layout, memory, ranges and size of a tensor: 200 instructions each"),
    (tables.ADMISSION, "one model alone under 50 ns",
     median(tables.ADMISSION, "1 model"), "ns", 50, "the device is judged too, once for each set"),
    (tables.ADMISSION, "each of 1000 models under 50 ns",
     median(tables.ADMISSION, "1000 models"), "ns", 50, "see the table's limits"),
    (tables.ADMISSION, "each of 10^6 models under 50 ns",
     median(tables.ADMISSION, "1000000 models"), "ns", 50,
     "two passes over memory that no cache holds, so that an error leaves the outputs as they were"),
    (tables.ADMISSION, "linear: a model of 10^6 takes at most twice a model of 10^3",
     growth, "x", 2.0, "two passes over memory that no cache holds"),
    ("all tables of hot operations", "no operation allocates", allocations, "count", 0, "a defect"),
]


def judge(measured_rows):
    rows = Rows(measured_rows)
    judged = []
    for table, what, figure, unit, most, why in GOALS:
        goal = {"table": table, "what": what, "unit": unit}
        try:
            value = figure(rows)
            goal |= {"figure": round(value, 4), "met": value <= most}
            goal["why"] = "" if value <= most else why
        except Waived as waived:
            goal |= {"met": None, "why": str(waived)}
        judged.append(goal)
    return judged
