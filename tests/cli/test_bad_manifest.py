"""Every kind of bad manifest: the position and the facts of its message."""

import rein_case
from messages import COLUMNS
from rein_case import MANIFEST, ReinCase

TOP_KEYS = ("schema", "device", "models")
MODEL_KEYS = ("id", "budget", "weights", "activations", "lifetimes", "load_peak", "concurrent", "sequences",
              "state", "processes", "growth", "measured")
BUDGET_KEYS = ("memory", "streams", "compute", "limit_includes_context")
DEVICE_KEYS = ("profile", "headroom", "context_overhead", "granularity", "pool_growth", "processes",
               "reserved")

HEAD = "schema: 1\nmodels:\n"
MODEL = "  - id: a\n    budget: {memory: 1MiB, streams: 1, compute: 1ms}\n"


def with_budget(budget):
    return HEAD + "  - id: a\n    budget: " + budget + "\n"


def with_line(line):
    return HEAD + MODEL + "    " + line + "\n"


def with_device(line):
    return "schema: 1\ndevice: {" + line + "}\nmodels:\n" + MODEL


def comment(position):
    return (f"m.yaml:{position}", "JSON", "'# '", "//", "/*")


# By the fault: the manifest and the message or messages.
CASES = {
    "empty file":
        ('',
         ("m.yaml", "empty", "manifest")),
    "only a comment":
        ('# nothing\n',
         ("m.yaml:2:1", "document")),
    "only a byte order mark":
        (b"\xef\xbb\xbf",
         ("m.yaml", "empty", "manifest")),
    "not UTF-8":
        (b"schema: 1\n# caf\xe9\n",
         ("m.yaml:2:6", "0xe9", "UTF-8")),
    "beyond Unicode":
        (b"# \xf4\x90\x80\x80\n",
         ("m.yaml:1:3", "0xf4", "UTF-8")),
    "a surrogate":
        (b"# \xed\xa0\x80\n",
         ("m.yaml:1:3", "0xed", "UTF-8")),
    "UTF-16":
        (HEAD.encode("utf-16"),
         ("m.yaml", "UTF-16", "manifest", "UTF-8")),
    "a NUL byte":
        (b"schema: 1\n\0",
         ("m.yaml:2:1", "U+0000")),
    "an escape character":
        (b"schema: 1\nx: \x1b[31m\n",
         ("m.yaml:2:4", "U+001B")),
    "no character":
        ("schema: 1\n# \uffff\n",
         ("m.yaml:2:3", "U+FFFF")),
    "not YAML":
        ("schema: [1\n",
         ("m.yaml:2:1", "YAML", "','", "']'")),
    "a list that ends outside its mapping":
        ("schema: 1\n- a\n",
         ("m.yaml:2:1", "YAML", "key", "indentation")),
    "a key behind a list":
        ("- a\nb: 1\n",
         ("m.yaml:2:1", "YAML", "'- '", "indentation")),
    "a key without a value":
        ("schema: 1\nab\nc: 1\n",
         ("m.yaml:3:1", "YAML", "':'", "key")),
    "a value with a colon":
        ("schema: b: c\n",
         ("m.yaml:1:10", "YAML", "':'", "quotes")),
    "a list without an end":
        ("schema: [\n",
         ("m.yaml:2:1", "YAML", "value")),
    "JSON with a comment before it":
        ('// x\n{"schema": 1}\n', comment("1:1")),
    "JSON with a comment behind a comma":
        ('{"schema": 1, // x\n"models": [\n]}\n', comment("1:15")),
    "JSON with a comment as a line":
        ('{\n  "schema": 1,\n  // "x"\n  "models": [\n]}\n', comment("3:3")),
    "JSON with a comment behind a value":
        ('{"models": [{"id": "a//\\"é" // x\n}]}\n', comment("1:29")),
    "JSON with a comment behind a document marker":
        ('---\n{"schema": 1, // x\n"models": [\n]}\n', comment("2:15")),
    "JSON with a comment behind a document marker in its line":
        ('# x\n--- {"schema": 1, // x\n"models": [\n]}\n', comment("2:19")),
    "a key that begins as a document marker does":
        ('---x{"a": // x}', ("m.yaml:1:1", "'---x{\"a\"'", "manifest", *TOP_KEYS)),
    "a document marker alone":
        ("---", ("m.yaml:2:1", "manifest", *TOP_KEYS, "empty value")),
    "JSON with a comment behind it":
        ('{"schema": 1}\n// x', comment("2:1")),
    "JSON with a comment between asterisks":
        ("# x\n[\n'http://x', a//b, # // y\n/* x */]\n", comment("4:1")),
    "JSON that begins with a slash":
        ("/x", ("m.yaml:1:1", "manifest", *TOP_KEYS, "single value")),
    "JSON with a comment at its end":
        ('{"schema": 1 # // x',
         ("m.yaml:2:1", "YAML", "','", "'}'")),
    "JSON with a text without an end":
        ('{"schema // \\" 1', ("m.yaml:1:17", "YAML", "quote")),
    "JSON with an escape without an end":
        ('{"schema // \\', ("m.yaml:1:13", "YAML", "escape")),
    "a tab as indentation":
        ("schema: 1\nmodels:\n\t- id: a\n",
         ("m.yaml:3:1", "YAML", "tab", "spaces")),
    "a tab behind a text":
        ("schema: 1\nmodels:\n- id: a\n\tbudget: {memory: 1GiB}\n",
         ("m.yaml:4:1", "YAML", "tab", "spaces")),
    "a tab behind spaces and other characters":
        ("# \u00e9\u4e2d\U0001f600\r\nmodels:\n  \t - id: a\n",
         ("m.yaml:3:3", "YAML", "tab", "spaces")),
    "a character that begins nothing":
        ("schema: @1\n",
         ("m.yaml:1:9", "YAML", "character", "quotes")),
    "an unclosed quote":
        ('schema: "1\n',
         ("m.yaml:2:1", "YAML", "quote")),
    "a list":
        ("- 1\n",
         ("m.yaml:1:1", "manifest", *TOP_KEYS, "list")),
    "a single value":
        ("manifest\n",
         ("m.yaml:1:1", "manifest", *TOP_KEYS, "single value")),
    "two documents":
        (MANIFEST + "---\n" + MANIFEST,
         ("m.yaml:8:1", "document")),
    "an alias":
        ("schema: 1\nmodels: *all\n",
         ("m.yaml:2:9", "aliases")),
    "an anchor":
        ("schema: &one 1\n",
         ("m.yaml:1:9", "anchors")),
    "an anchor on a list":
        ("schema: 1\nmodels: &all []\n",
         ("m.yaml:2:9", "anchors")),
    "an anchor on a mapping":
        ("schema: 1\ndevice: &d {}\n",
         ("m.yaml:2:9", "anchors")),
    "a tag":
        ("schema: !!int 1\n",
         ("m.yaml:1:9", "tags")),
    "a tag on a list":
        ("schema: 1\nmodels: !!seq []\n",
         ("m.yaml:2:9", "tags")),
    "a tag of one's own":
        ("schema: !mine 1\n",
         ("m.yaml:1:9", "tags")),
    "a tag directive":
        ("%TAG ! tag:example.com,2026:\n---\nschema: 1\n",
         ("m.yaml:1:1", "%TAG")),
    "another YAML":
        ("%YAML 2.0\n---\nschema: 1\n",
         ("m.yaml:1:1", "found incompatible YAML document")),
    "a merge key":
        (with_line("<<: {weights: 1B}"),
         ("m.yaml:5:5", "'<<'", "model", *MODEL_KEYS)),
    "a mapping as a key":
        ("{schema: 1}: 2\n",
         ("m.yaml:1:1", "key", "mapping")),
    "too deep in brackets":
        ("schema: 1\nmodels: " + "[" * 100000,
         ("m.yaml:2:24", "nested", "16")),
    "too deep in braces":
        ("schema: 1\nmodels: " + "{a: " * 100000,
         ("m.yaml:2:69", "nested", "16")),
    "too deep in dashes":
        ("schema: 1\nmodels:\n" + "- " * 20 + "a\n",
         ("m.yaml:3:31", "nested", "16")),
    "no schema":
        ("models:\n" + MODEL,
         ("m.yaml:1:1", "manifest", "'schema'")),
    "another schema":
        ("schema: 2\nanything: else\n",
         ("m.yaml:1:9", "'2'", "1")),
    "a schema in quotes":
        ('schema: "1"\nmodels:\n' + MODEL,
         ("m.yaml:1:9", "'1'", "quotes")),
    "a list as schema":
        ("schema: [1]\nmodels:\n" + MODEL,
         ("m.yaml:1:9", "list", "1")),
    "no models":
        ("schema: 1\n",
         ("m.yaml:1:1", "manifest", "'models'")),
    "nothing as models":
        ("schema: 1\nmodels:\n",
         ("m.yaml:2:8", "missing", "list")),
    "an empty list of models":
        ("schema: 1\nmodels: []\n",
         ("m.yaml:2:9", "model")),
    "a mapping as models":
        ("schema: 1\nmodels: {id: a}\n",
         ("m.yaml:2:9", "mapping", "list of models")),
    "a text as a model":
        ("schema: 1\nmodels: [resnet50]\n",
         ("m.yaml:2:10", "model", *MODEL_KEYS, "single value")),
    "an unknown key":
        ("schema: 1\nflavour: sweet\nmodels:\n" + MODEL,
         ("m.yaml:2:1", "'flavour'", "manifest", *TOP_KEYS)),
    "a misspelt key":
        ("schema: 1\nmodles:\n" + MODEL,
         ("m.yaml:2:1", "'modles'", "manifest", "'models'")),
    "a misspelt key of a model":
        (with_line("wieghts: 1B"),
         ("m.yaml:5:5", "'wieghts'", "model", "'weights'")),
    "a misspelt key of a budget":
        (with_budget("{memroy: 1MiB, streams: 1, compute: 1ms}"),
         ("m.yaml:4:14", "'memroy'", "budget", "'memory'")),
    "a misspelt key of a device":
        (with_device("head_room: 1MiB"),
         ("m.yaml:2:10", "'head_room'", "device", "'headroom'")),
    "a key in the wrong case":
        (with_line("Weights: 1B"),
         ("m.yaml:5:5", "'Weights'", "model", "'weights'")),
    "a key again":
        ("schema: 1\nschema: 1\nmodels:\n" + MODEL,
         ("m.yaml:2:1", "key", "'schema'", "1:1")),
    "a key again in a model":
        (with_line("id: b"),
         ("m.yaml:5:5", "key", "'id'", "3:5")),
    "a key again in quotes":
        (with_line('"id": b'),
         ("m.yaml:5:5", "key", "'id'", "3:5")),
    "no id":
        (HEAD + "  - budget: {memory: 1MiB, streams: 1, compute: 1ms}\n",
         ("m.yaml:3:5", "model", "'id'")),
    "no budget":
        (HEAD + "  - id: a\n",
         ("m.yaml:3:5", "model", "'budget'")),
    "an empty budget":
        (with_budget("{}"),
         [("m.yaml:4:13", "budget", "'memory'"),
          ("m.yaml:4:13", "budget", "'streams'"),
          ("m.yaml:4:13", "budget", "'compute'")]),
    "a number as a budget":
        (with_budget("512MiB"),
         ("m.yaml:4:13", "budget", *BUDGET_KEYS, "single value")),
    "an empty id":
        (HEAD + MODEL.replace("id: a", 'id: ""'),
         ("m.yaml:3:9", "''")),
    "nothing as an id":
        (HEAD + MODEL.replace("id: a", "id:"),
         ("m.yaml:3:8", "missing")),
    "null as an id":
        (HEAD + MODEL.replace("id: a", "id: null"),
         ("m.yaml:3:9", "'null'")),
    "true as an id":
        (HEAD + MODEL.replace("id: a", "id: True"),
         ("m.yaml:3:9", "'True'")),
    "a list as an id":
        (HEAD + MODEL.replace("id: a", "id: [a]"),
         ("m.yaml:3:9", "list")),
    "too long an id":
        (HEAD + MODEL.replace("id: a", "id: " + "x" * 128),
         ("m.yaml:3:9", "model id", "127")),
    "an escape in an id":
        (HEAD + MODEL.replace("id: a", 'id: "a\\e[31m"'),
         ("m.yaml:3:9", "control character")),
    "a NUL in an id":
        (HEAD + MODEL.replace("id: a", 'id: "a\\0b"'),
         ("m.yaml:3:9", "control character")),
    "a line end in an id":
        (HEAD + MODEL.replace("id: a", 'id: "a\\nb"'),
         ("m.yaml:3:9", "control character")),
    "the first key again of several":
        ("schema: 1\nb: 1\na: 2\na: 3\nb: 4\n",
         ("m.yaml:4:1", "key", "'a'", "3:1")),
    "the first key again of several, in another order":
        ("schema: 1\nb: 1\nb: 2\na: 3\na: 4\n",
         ("m.yaml:3:1", "key", "'b'", "2:1")),
    "an id again":
        (HEAD + MODEL + MODEL,
         ("m.yaml:5:9", "model id", "'a'", "3:9")),
    "the first id again of several":
        (HEAD + MODEL + MODEL.replace(": a", ": b") + MODEL + MODEL,
         ("m.yaml:7:9", "model id", "'a'", "3:9")),
    "no unit":
        (with_budget("{memory: 512, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'512'", "size")),
    "a decimal unit":
        (with_budget("{memory: 8GB, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'8GB'", "8GiB", "8000000000B")),
    "a unit in the wrong case":
        (with_budget("{memory: 8gib, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'8gib'", "8GiB")),
    "a bare letter as unit":
        (with_budget("{memory: 8G, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'8G'", "8GiB", "8000000000B")),
    "a negative size":
        (with_budget("{memory: -1B, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'-1B'", "size")),
    "a plus sign":
        (with_budget("{memory: +1B, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'+1B'", "size")),
    "a fraction that does not come out even":
        (with_budget("{memory: 0.3GiB, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'0.3GiB'", "307MiB", "308MiB")),
    "two spaces before the unit":
        (with_budget("{memory: 1  GiB, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'1  GiB'", "size")),
    "an underscore":
        (with_budget("{memory: 1_000B, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'1_000B'", "size")),
    "hexadecimal":
        (with_budget("{memory: 0x10B, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'0x10B'", "size")),
    "only a unit":
        (with_budget("{memory: MiB, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'MiB'", "size")),
    "nothing as a size":
        (with_budget("{memory: , streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "missing", "512MiB")),
    "a list as a size":
        (with_budget("{memory: [1MiB], streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "list", "512MiB")),
    "a zero size":
        (with_budget("{memory: 0B, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'0B'", "0")),
    "2^64 bytes":
        (with_budget("{memory: 18446744073709551616B, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'18446744073709551616B'", "18446744073709551615B")),
    "2^64 bytes in GiB":
        (with_budget("{memory: 17179869184GiB, streams: 1, compute: 1ms}"),
         ("m.yaml:4:22", "'17179869184GiB'", "18446744073709551615B")),
    "zero streams":
        (with_budget("{memory: 1MiB, streams: 0, compute: 1ms}"),
         ("m.yaml:4:37", "'0'", "0")),
    "negative streams":
        (with_budget("{memory: 1MiB, streams: -1, compute: 1ms}"),
         ("m.yaml:4:37", "'-1'", "0", "2147483647")),
    "2^31 streams":
        (with_budget("{memory: 1MiB, streams: 2147483648, compute: 1ms}"),
         ("m.yaml:4:37", "'2147483648'", "0", "2147483647")),
    "streams in quotes":
        (with_budget('{memory: 1MiB, streams: "4", compute: 1ms}'),
         ("m.yaml:4:37", "'4'", "quotes")),
    "octal streams":
        (with_budget("{memory: 1MiB, streams: 010, compute: 1ms}"),
         ("m.yaml:4:37", "'010'", "0", "2147483647")),
    "a list as streams":
        (with_budget("{memory: 1MiB, streams: [], compute: 1ms}"),
         ("m.yaml:4:37", "list")),
    "a time without a unit":
        (with_budget("{memory: 1MiB, streams: 1, compute: 100}"),
         ("m.yaml:4:49", "'100'", "time")),
    "days":
        (with_budget("{memory: 1MiB, streams: 1, compute: 1d}"),
         ("m.yaml:4:49", "'1d'", "time")),
    "no time":
        (with_budget("{memory: 1MiB, streams: 1, compute: 0ms}"),
         ("m.yaml:4:49", "'0ms'", "0")),
    "2^63 ns":
        (with_budget("{memory: 1MiB, streams: 1, compute: 9223372036854775808ns}"),
         ("m.yaml:4:49", "'9223372036854775808ns'", "9223372036854775807ns")),
    "a list as a time":
        (with_budget("{memory: 1MiB, streams: 1, compute: {}}"),
         ("m.yaml:4:49", "mapping", "100ms")),
    "lifetimes and activations":
        (with_line("lifetimes: small.csv\n    activations: 1MiB"),
         ("m.yaml:6:18", "lifetimes", "activations", "5:16")),
    "activations and lifetimes":
        (with_line("activations: 1MiB\n    lifetimes: small.csv"),
         ("m.yaml:6:16", "lifetimes", "activations", "5:18")),
    "no granularity":
        (with_device("granularity: 0B"),
         ("m.yaml:2:23", "'0B'", "0")),
    "no growth of pools":
        (with_device("pool_growth: 0B"),
         ("m.yaml:2:23", "'0B'", "0")),
    "state without sequences":
        (with_line("state: 1MiB"),
         ("m.yaml:5:12", "state", "sequences")),
    "no executions":
        (with_line("concurrent: 0"),
         ("m.yaml:5:17", "'0'", "0")),
    "executions below 0":
        (with_line("concurrent: -1"),
         ("m.yaml:5:17", "'-1'", "0", "2^64 - 1")),
    "sequences with a unit":
        (with_line("sequences: 1B"),
         ("m.yaml:5:16", "'1B'", "0", "2^64 - 1")),
    "no processes of a model":
        (with_line("processes: 0"),
         ("m.yaml:5:16", "'0'", "0")),
    "an allocator that grows somehow":
        (with_line("growth: double"),
         ("m.yaml:5:13", "'double'", "doubling", "size")),
    "an allocator that does not grow":
        (with_line("growth: 0B"),
         ("m.yaml:5:13", "'0B'", "0")),
    "a growth without a unit":
        (with_line("growth: 5"),
         ("m.yaml:5:13", "'5'", "size")),
    "two growths":
        (with_line("growth: [doubling]"),
         ("m.yaml:5:13", "a growth")),
    "a load peak without a unit":
        (with_line("load_peak: 1"),
         ("m.yaml:5:16", "'1'", "size")),
    "a limit that includes a context now and then":
        (with_budget("{memory: 1MiB, streams: 1, compute: 1ms, limit_includes_context: sometimes}"),
         ("m.yaml:4:78", "'sometimes'", "true", "false")),
    "no processes":
        (with_device("processes: 0"),
         ("m.yaml:2:21", "'0'", "0")),
    "a size as processes":
        (with_device("processes: 1B"),
         ("m.yaml:2:21", "'1B'", "0", "2^64 - 1")),
    "a number as a profile":
        (with_device("profile: {}"),
         ("m.yaml:2:19", "mapping")),
    "nothing as a profile":
        (with_device("profile: "),
         ("m.yaml:2:19", "missing")),
    "a list as a device":
        (with_device("headroom: 0B").replace("{headroom: 0B}", "[]"),
         ("m.yaml:2:9", "device", *DEVICE_KEYS, "list")),
    "several errors":
        ("schema: 1\nmodels:\n  - id: a\n    budget: {memory: 1, streams: 1}\n    wieght: 1B\n",
         [("m.yaml:4:22", "'1'", "size"),
          ("m.yaml:4:13", "budget", "'compute'"),
          ("m.yaml:5:5", "'wieght'", "model", "'weights'")]),
    "more errors than are shown":
        ("schema: 1\nmodels: [" + "x, " * 30 + "]\n",
         [*((f"m.yaml:2:{column}", "model", *MODEL_KEYS, "single value") for column in range(10, 70, 3)),
          ("rein", "more errors")]),
    "sums beyond 2^64":
        (HEAD + MODEL.replace("1MiB", "10000000TiB") + MODEL.replace("id: a", "id: b").replace("1MiB", "10000000TiB"),
         ("m.yaml", "1", "64")),
    "a tag directive in the only line":
        ("%TAG ! tag:x,2000:",
         ("m.yaml:1:1", "%TAG")),
    "a tag directive behind a blank":
        (" %TAG ! tag:x,2000:\n",
         ("m.yaml:1:2", "YAML", "character", "quotes")),
    "activations beside lifetimes in one line":
        (HEAD + "  - {id: a, budget: {memory: 1MiB, streams: 1, compute: 1ms}, lifetimes: a.csv, "
         "activations: 1B}\n",
         ("m.yaml:3:94", "lifetimes", "activations", "3:74")),
    "no such profile":
        (with_device("profile: none.yaml"),
         [("none.yaml", "No such file or directory"),
          ("m.yaml:2:19", "profile")]),
    "a folder as a profile":
        (with_device("profile: ."),
         [(".", "directory", "device profile"),
          ("m.yaml:2:19", "profile")]),
    "no such lifetimes":
        (with_line("lifetimes: none.csv"),
         [("none.csv", "No such file or directory"),
          ("m.yaml:5:16", "lifetimes", "'a'")]),
    "a folder as lifetimes":
        (with_line("lifetimes: ."),
         [(".", "directory", "lifetimes"),
          ("m.yaml:5:16", "lifetimes", "'a'")]),
    "no such measurement":
        (with_line("measured: none.yaml"),
         [("none.yaml", "No such file or directory"),
          ("m.yaml:5:15", "measurement", "'a'")]),
    "a folder as a measurement":
        (with_line("measured: ."),
         [(".", "directory", "measurement"),
          ("m.yaml:5:15", "measurement", "'a'")]),
    "a manifest as a measurement":
        (with_line("measured: m.yaml"),
         [("m.yaml:2:1", "'models'", "measurement"),
          ("m.yaml:5:15", "measurement", "'a'")]),
    "nothing as a measurement":
        (with_line("measured:"),
         ("m.yaml:5:14", "missing")),
    "bad lifetimes":
        (with_line("lifetimes: m.yaml"),
         [("m.yaml:1:1", "'schema: 1'", COLUMNS),
          ("m.yaml:5:16", "lifetimes", "'a'")]),
}


class BadManifest(ReinCase):
    def test_each_case(self):
        for name, (manifest, said) in CASES.items():
            with self.subTest(name):
                self.write("m.yaml", manifest)
                self.expect_refusal(said, "check", "m.yaml")


if __name__ == "__main__":
    rein_case.main()
