"""The subjects of the host half's tables, and the bounds of their figures."""

RESULTS = "results: through three calls"
ID_EQUALITY = "model ids: equality"
ID_HASH = "model ids: hash"
ID_LOOKUP = "model ids: look-up among 1000"
LEDGER = "ledger: charge and release"
RIVAL = "ledger: beside a rival that asks for too much"
BACKEND = "backend: a call"
BACKEND_TENSORS = "backend: an execution that checks its tensors"
MOCK = "mock backend: execute without latency"
ADMISSION = "admission: each model of a set"
MANIFEST = "manifest: each model of it"
PLAN = "plan: one network's activations"
RESERVATION = "reservation: reserve and release"
RUN = "command: start of a program"
SIZE = "size: code and data"
HEADER = "header: time to compile"

TABLES = [
    {
        "name": RESULTS, "unit": "ns", "chart": "log",
        "what": "A value or an error is made in the innermost of three functions that are not "
                "inlined, and handed on by the other two. Map: a value is made in one function and "
                "mapped three times. The errors of rein and of the first std::expected are the same "
                "256 bytes; absl::StatusOr allocates its message; the other two carry a number.",
        "limits": "When ok, three calls and returns. In an error, copying 256 bytes three times.",
        "subjects": ["rein", "plain codes", "std::expected", "std::expected, error_code",
                     "absl::StatusOr"],
    },
    {
        "name": ID_EQUALITY, "unit": "ns",
        "what": "Two equal ids in different places are compared.",
        "limits": "rein calls its library and compares all 128 bytes, whatever the length; "
                  "std::string is inlined, follows a pointer and compares the length first.",
        "subjects": ["rein", "std::string"],
    },
    {
        "name": ID_HASH, "unit": "ns",
        "what": "An id is hashed.",
        "limits": "One multiplication for each 16 bytes and a final mixing.",
        "subjects": ["rein", "std::string, std::hash", "std::string, xxHash"],
    },
    {
        "name": ID_LOOKUP, "unit": "ns",
        "what": "An id is found among 1000 in a std::unordered_map; only the key and its hash "
                "differ.",
        "limits": "A hash, one or two cache lines of the table, one comparison.",
        "subjects": ["rein", "std::string, std::hash", "std::string, xxHash"],
    },
    {
        "name": LEDGER, "unit": "ns", "chart": "linear",
        "what": "4 KiB are charged and released on one counter that all threads share; wall time "
                "over all threads' operations. The process always has a second thread: without one "
                "the C library leaves a mutex's atomics out. The peers are inlined; the ledger is "
                "called in its library, answers with a verdict and a result, keeps the peak and "
                "counts refusals. Above the number of cores, "
                "threads take turns: there is no more contention than cores.",
        "limits": "Two atomic operations on one cache line; with threads, that line's way between "
                  "the cores. The pair of the same two operations, called and answering alike, "
                  "shows what the calls and the answers cost. Each atomic operation waits until "
                  "earlier stores, such as an answer, are in the cache.",
        "subjects": ["rein", "atomic add, no limit", "compare-and-swap pair",
                     "the pair, called, with answers", "add, then roll back", "mutex"],
    },
    {
        "name": RIVAL, "unit": "ns",
        "what": "The same, by one thread, while a second one asks all the time for one byte more "
                "than the limit. Each request of the first fits at every instant, for nothing else "
                "is ever granted: whatever is refused is refused wrongly.",
        "limits": "The cache line's way between the cores. Adding first and rolling back lets the "
                  "rival's bytes be seen as used; the peers and the ledger differ in what they "
                  "refuse more than in time.",
        "subjects": ["rein", "compare-and-swap pair", "add, then roll back", "mutex"],
    },
    {
        "name": BACKEND, "unit": "ns",
        "what": "A slot that does nothing is called through the interface; directly; and as a C++ "
                "virtual function of the same signature. Through the interface, execute also checks "
                "the binding, the request and the result.",
        "limits": "One indirect call, and for execute the checks.",
        "subjects": ["rein", "direct call", "C++ virtual call"],
    },
    {
        "name": BACKEND_TENSORS, "unit": "ns",
        "what": "An execution through the interface whose slot checks each tensor against the "
                "model's spec (rein_backend_check_execution) and does nothing else. One of the two "
                "dimensions is a range.",
        "limits": "Some 200 instructions for each tensor: its name, type, layout, memory, ranges and "
                  "size.",
        "subjects": ["rein", "a slot that does nothing"],
    },
    {
        "name": MOCK, "unit": "ns",
        "what": "An execution of the mock backend, which keeps what it was asked, and its share of "
                "forgetting it; in tests alone.",
        "limits": "One allocation for the history, and a lock.",
        "subjects": ["rein", "a slot that does nothing"],
    },
    {
        "name": ADMISSION, "unit": "ns", "chart": "log",
        "what": "A set is admitted, all facts known; time for each model.",
        "limits": "Six roundings for each model; with 10^6 models, reading 200 and writing 64 bytes "
                  "for each from memory that no cache holds.",
        "subjects": ["rein", "reading the limits alone"],
    },
    {
        "name": MANIFEST, "unit": "us",
        "what": "A manifest in memory is read, its memory freed; time for each model of four lines.",
        "limits": "libyaml's events, and a tree with the place of every value for the messages.",
        "subjects": ["rein", "libyaml's events alone"],
    },
    {
        "name": PLAN, "unit": "us", "chart": "log",
        "what": "The lifetimes of a network's activations are placed: exactly, as `rein plan` does "
                "it without options; greedily, as inference runtimes do it. The live peak is a "
                "height that no plan beats.",
        "limits": "The effort of the search, 300000 steps; none if a heuristic reaches the peak.",
        "subjects": ["rein, exact", "greedy by size", "the live peak alone"],
    },
    {
        "name": RESERVATION, "unit": "us", "chart": "log",
        "what": "A reservation is taken and released beside others that are held, in a directory in "
                "memory.",
        "limits": "Five system calls for every live reservation: open, stat, read, look at the "
                  "lock, close.",
        "subjects": ["rein", "one file, locked and removed"],
    },
    {
        "name": RUN, "unit": "us",
        "what": "/bin/true is started and waited for: through `rein run`, which reserves first; "
                "through `env`; and by itself. The three take turns.",
        "limits": "The start of one more program: rein is executed, reads a manifest and a profile, "
                  "reserves, and becomes the program.",
        "subjects": ["rein run", "env", "the program alone"],
    },
    {
        "name": SIZE, "unit": "KiB",
        "what": "Code and initialised data: of the whole archive; of a program that charges a ledger "
                "and links it statically, above the same program without.",
        "limits": "A program links what it uses, object by object.",
        "subjects": ["rein"],
    },
    {
        "name": HEADER, "unit": "ms",
        "what": "A file that includes one header is compiled, processor time; the headers take "
                "turns. contract.h is the whole contract.",
        "limits": "The start of the compiler, which the empty file shows.",
        "subjects": [],
    },
]

# Operations of a serving program; their allocations are counted.
HOT = (RESULTS, ID_EQUALITY, ID_HASH, ID_LOOKUP, LEDGER, RIVAL, BACKEND, BACKEND_TENSORS,
       ADMISSION, PLAN, RESERVATION)
