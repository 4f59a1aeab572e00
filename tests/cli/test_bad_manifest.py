"""Every kind of bad manifest: the message and its position."""

import rein_case
from quantities import ambiguous_size, misspelt_size, not_a_size, not_a_time
from rein_case import MANIFEST, ReinCase

HEAD = "schema: 1\nmodels:\n"
MODEL = "  - id: a\n    budget: {memory: 1MiB, streams: 1, compute: 1ms}\n"


def with_budget(budget):
    return HEAD + "  - id: a\n    budget: " + budget + "\n"


def with_line(line):
    return HEAD + MODEL + "    " + line + "\n"


def with_device(line):
    return "schema: 1\ndevice: {" + line + "}\nmodels:\n" + MODEL

COMMENT = ("m.yaml:{}: JSON has no comments: remove it or begin it with '# ' as YAML does; a text that "
           "begins with // or /* must be in quotes\n")

# By the fault: the manifest and the complete standard error.
CASES = {
    "empty file":
        ('',
         "m.yaml: is empty, expected a manifest\n"),
    "only a comment":
        ('# nothing\n',
         "m.yaml:2:1: no document, expected a mapping\n"),
    "only a byte order mark":
        (b"\xef\xbb\xbf",
         "m.yaml: is empty, expected a manifest\n"),
    "not UTF-8":
        (b"schema: 1\n# caf\xe9\n",
         "m.yaml:2:6: byte 0xe9 is not UTF-8, expected UTF-8 text\n"),
    "beyond Unicode":
        (b"# \xf4\x90\x80\x80\n",
         "m.yaml:1:3: byte 0xf4 is not UTF-8, expected UTF-8 text\n"),
    "a surrogate":
        (b"# \xed\xa0\x80\n",
         "m.yaml:1:3: byte 0xed is not UTF-8, expected UTF-8 text\n"),
    "UTF-16":
        (HEAD.encode("utf-16"),
         "m.yaml:1:1: byte 0xff is not UTF-8, expected UTF-8 text\n"),
    "a NUL byte":
        (b"schema: 1\n\0",
         "m.yaml:2:1: character U+0000, expected text without control characters and noncharacters\n"),
    "an escape character":
        (b"schema: 1\nx: \x1b[31m\n",
         "m.yaml:2:4: character U+001B, expected text without control characters and noncharacters\n"),
    "no character":
        ("schema: 1\n# \uffff\n",
         "m.yaml:2:3: character U+FFFF, expected text without control characters and noncharacters\n"),
    "not YAML":
        ("schema: [1\n",
         "m.yaml:2:1: did not find expected ',' or ']' while parsing a flow sequence, expected YAML or JSON\n"),
    "JSON with a comment before it":
        ('// x\n{"schema": 1}\n', COMMENT.format("1:1")),
    "JSON with a comment behind a comma":
        ('{"schema": 1, // x\n"models": [\n]}\n', COMMENT.format("1:15")),
    "JSON with a comment as a line":
        ('{\n  "schema": 1,\n  // "x"\n  "models": [\n]}\n', COMMENT.format("3:3")),
    "JSON with a comment behind a value":
        ('{"models": [{"id": "a//\\"é" // x\n}]}\n', COMMENT.format("1:29")),
    "JSON with a comment behind a document marker":
        ('---\n{"schema": 1, // x\n"models": [\n]}\n', COMMENT.format("2:15")),
    "JSON with a comment behind a document marker in its line":
        ('# x\n--- {"schema": 1, // x\n"models": [\n]}\n', COMMENT.format("2:19")),
    "a key that begins as a document marker does":
        ('---x{"a": // x}', "m.yaml:1:1: unknown key '---x{\"a\"' in a manifest, expected one of: "
         "schema, device, models\n"),
    "a document marker alone":
        ("---", "m.yaml:2:1: nothing, expected a manifest, a mapping with the keys: schema, device, "
         "models\n"),
    "JSON with a comment behind it":
        ('{"schema": 1}\n// x', COMMENT.format("2:1")),
    "JSON with a comment between asterisks":
        ("# x\n[\n'http://x', a//b, # // y\n/* x */]\n", COMMENT.format("4:1")),
    "JSON that begins with a slash":
        ("/x", "m.yaml:1:1: a single value, expected a manifest, a mapping with the keys: schema, "
         "device, models\n"),
    "JSON with a comment at its end":
        ('{"schema": 1 # // x',
         "m.yaml:2:1: did not find expected ',' or '}' while parsing a flow mapping, expected YAML or JSON\n"),
    "JSON with a text without an end":
        ('{"schema // \\" 1', "m.yaml:1:17: found unexpected end of stream while scanning a quoted "
         "scalar, expected YAML or JSON\n"),
    "JSON with an escape without an end":
        ('{"schema // \\', "m.yaml:1:13: found unknown escape character while parsing a quoted "
         "scalar, expected YAML or JSON\n"),
    "a tab as indentation":
        ("schema: 1\nmodels:\n\t- id: a\n",
         "m.yaml:3:1: found character that cannot start any token while scanning for the next token, expected YAML or JSON\n"),
    "an unclosed quote":
        ('schema: "1\n',
         "m.yaml:2:1: found unexpected end of stream while scanning a quoted scalar, expected YAML or JSON\n"),
    "a list":
        ("- 1\n",
         "m.yaml:1:1: a list, expected a manifest, a mapping with the keys: schema, device, models\n"),
    "a single value":
        ("manifest\n",
         "m.yaml:1:1: a single value, expected a manifest, a mapping with the keys: schema, device, models\n"),
    "two documents":
        (MANIFEST + "---\n" + MANIFEST,
         "m.yaml:8:1: a second document, expected only one\n"),
    "an alias":
        ("schema: 1\nmodels: *all\n",
         "m.yaml:2:9: an alias, expected the value itself\n"),
    "an anchor":
        ("schema: &one 1\n",
         "m.yaml:1:9: an anchor, expected the value itself\n"),
    "an anchor on a list":
        ("schema: 1\nmodels: &all []\n",
         "m.yaml:2:9: an anchor, expected the value itself\n"),
    "an anchor on a mapping":
        ("schema: 1\ndevice: &d {}\n",
         "m.yaml:2:9: an anchor, expected the value itself\n"),
    "a tag":
        ("schema: !!int 1\n",
         "m.yaml:1:9: a tag, expected the value itself\n"),
    "a tag on a list":
        ("schema: 1\nmodels: !!seq []\n",
         "m.yaml:2:9: a tag, expected the value itself\n"),
    "a tag of one's own":
        ("schema: !mine 1\n",
         "m.yaml:1:9: a tag, expected the value itself\n"),
    "a tag directive":
        ("%TAG ! tag:example.com,2026:\n---\nschema: 1\n",
         "m.yaml:1:1: a tag directive, expected none\n"),
    "another YAML":
        ("%YAML 2.0\n---\nschema: 1\n",
         "m.yaml:1:1: found incompatible YAML document, expected YAML or JSON\n"),
    "a merge key":
        (with_line("<<: {weights: 1B}"),
         "m.yaml:5:5: unknown key '<<' in a model, expected one of: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"),
    "a mapping as a key":
        ("{schema: 1}: 2\n",
         "m.yaml:1:1: a key that is a list or a mapping, expected a text\n"),
    "too deep in brackets":
        ("schema: 1\nmodels: " + "[" * 100000,
         "m.yaml:2:24: nested too deep, expected at most 16 levels\n"),
    "too deep in braces":
        ("schema: 1\nmodels: " + "{a: " * 100000,
         "m.yaml:2:69: nested too deep, expected at most 16 levels\n"),
    "too deep in dashes":
        ("schema: 1\nmodels:\n" + "- " * 20 + "a\n",
         "m.yaml:3:31: nested too deep, expected at most 16 levels\n"),
    "no schema":
        ("models:\n" + MODEL,
         "m.yaml:1:1: no key 'schema', expected it in a manifest\n"),
    "another schema":
        ("schema: 2\nanything: else\n",
         "m.yaml:1:9: '2', expected 1, the only schema that this version reads\n"),
    "a schema in quotes":
        ('schema: "1"\nmodels:\n' + MODEL,
         "m.yaml:1:9: '1', expected 1, the only schema that this version reads, not in quotes\n"),
    "a list as schema":
        ("schema: [1]\nmodels:\n" + MODEL,
         "m.yaml:1:9: a list, expected 1\n"),
    "no models":
        ("schema: 1\n",
         "m.yaml:1:1: no key 'models', expected it in a manifest\n"),
    "nothing as models":
        ("schema: 1\nmodels:\n",
         "m.yaml:2:8: nothing, expected a list of models\n"),
    "an empty list of models":
        ("schema: 1\nmodels: []\n",
         "m.yaml:2:9: no model, expected at least one\n"),
    "a mapping as models":
        ("schema: 1\nmodels: {id: a}\n",
         "m.yaml:2:9: a mapping, expected a list of models\n"),
    "a text as a model":
        ("schema: 1\nmodels: [resnet50]\n",
         "m.yaml:2:10: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"),
    "an unknown key":
        ("schema: 1\nflavour: sweet\nmodels:\n" + MODEL,
         "m.yaml:2:1: unknown key 'flavour' in a manifest, expected one of: schema, device, models\n"),
    "a misspelt key":
        ("schema: 1\nmodles:\n" + MODEL,
         "m.yaml:2:1: unknown key 'modles' in a manifest, did you mean 'models'?\n"),
    "a misspelt key of a model":
        (with_line("wieghts: 1B"),
         "m.yaml:5:5: unknown key 'wieghts' in a model, did you mean 'weights'?\n"),
    "a misspelt key of a budget":
        (with_budget("{memroy: 1MiB, streams: 1, compute: 1ms}"),
         "m.yaml:4:14: unknown key 'memroy' in a budget, did you mean 'memory'?\n"),
    "a misspelt key of a device":
        (with_device("head_room: 1MiB"),
         "m.yaml:2:10: unknown key 'head_room' in the device, did you mean 'headroom'?\n"),
    "a key in the wrong case":
        (with_line("Weights: 1B"),
         "m.yaml:5:5: unknown key 'Weights' in a model, did you mean 'weights'?\n"),
    "a key again":
        ("schema: 1\nschema: 1\nmodels:\n" + MODEL,
         "m.yaml:2:1: key 'schema' again, expected it once (first at 1:1)\n"),
    "a key again in a model":
        (with_line("id: b"),
         "m.yaml:5:5: key 'id' again, expected it once (first at 3:5)\n"),
    "a key again in quotes":
        (with_line('"id": b'),
         "m.yaml:5:5: key 'id' again, expected it once (first at 3:5)\n"),
    "no id":
        (HEAD + "  - budget: {memory: 1MiB, streams: 1, compute: 1ms}\n",
         "m.yaml:3:5: no key 'id', expected it in a model\n"),
    "no budget":
        (HEAD + "  - id: a\n",
         "m.yaml:3:5: no key 'budget', expected it in a model\n"),
    "an empty budget":
        (with_budget("{}"),
         "m.yaml:4:13: no key 'memory', expected it in a budget\n"
         "m.yaml:4:13: no key 'streams', expected it in a budget\n"
         "m.yaml:4:13: no key 'compute', expected it in a budget\n"),
    "a number as a budget":
        (with_budget("512MiB"),
         "m.yaml:4:13: a single value, expected a budget, a mapping with the keys: memory, streams, compute, limit_includes_context\n"),
    "an empty id":
        (HEAD + MODEL.replace("id: a", 'id: ""'),
         "m.yaml:3:9: '', expected a model id\n"),
    "nothing as an id":
        (HEAD + MODEL.replace("id: a", "id:"),
         "m.yaml:3:8: nothing, expected a model id\n"),
    "null as an id":
        (HEAD + MODEL.replace("id: a", "id: null"),
         "m.yaml:3:9: 'null', expected a model id\n"),
    "true as an id":
        (HEAD + MODEL.replace("id: a", "id: True"),
         "m.yaml:3:9: 'True', expected a model id\n"),
    "a list as an id":
        (HEAD + MODEL.replace("id: a", "id: [a]"),
         "m.yaml:3:9: a list, expected a model id\n"),
    "too long an id":
        (HEAD + MODEL.replace("id: a", "id: " + "x" * 128),
         "m.yaml:3:9: a model id: the text is too long, expected 1 to 127 bytes\n"),
    "an escape in an id":
        (HEAD + MODEL.replace("id: a", 'id: "a\\e[31m"'),
         "m.yaml:3:9: a text with a control character or noncharacter, expected one without\n"),
    "a NUL in an id":
        (HEAD + MODEL.replace("id: a", 'id: "a\\0b"'),
         "m.yaml:3:9: a text with a control character or noncharacter, expected one without\n"),
    "a line end in an id":
        (HEAD + MODEL.replace("id: a", 'id: "a\\nb"'),
         "m.yaml:3:9: a text with a control character or noncharacter, expected one without\n"),
    "the first key again of several":
        ("schema: 1\nb: 1\na: 2\na: 3\nb: 4\n",
         "m.yaml:4:1: key 'a' again, expected it once (first at 3:1)\n"),
    "the first key again of several, in another order":
        ("schema: 1\nb: 1\nb: 2\na: 3\na: 4\n",
         "m.yaml:3:1: key 'b' again, expected it once (first at 2:1)\n"),
    "an id again":
        (HEAD + MODEL + MODEL,
         "m.yaml:5:9: model id 'a' again, expected each id once (first at 3:9)\n"),
    "the first id again of several":
        (HEAD + MODEL + MODEL.replace(": a", ": b") + MODEL + MODEL,
         "m.yaml:7:9: model id 'a' again, expected each id once (first at 3:9)\n"),
    "no unit":
        (with_budget("{memory: 512, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: " + not_a_size("512")),
    "a decimal unit":
        (with_budget("{memory: 8GB, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: " + ambiguous_size("8GB", "8GiB", "8000000000B")),
    "a unit in the wrong case":
        (with_budget("{memory: 8gib, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: " + misspelt_size("8gib", "8GiB")),
    "a bare letter as unit":
        (with_budget("{memory: 8G, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: " + ambiguous_size("8G", "8GiB", "8000000000B")),
    "a negative size":
        (with_budget("{memory: -1B, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: " + not_a_size("-1B")),
    "a plus sign":
        (with_budget("{memory: +1B, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: " + not_a_size("+1B")),
    "a fraction that does not come out even":
        (with_budget("{memory: 0.3GiB, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: '0.3GiB' is not a whole number of bytes; write 307MiB or 308MiB\n"),
    "two spaces before the unit":
        (with_budget("{memory: 1  GiB, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: " + not_a_size("1  GiB")),
    "an underscore":
        (with_budget("{memory: 1_000B, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: " + not_a_size("1_000B")),
    "hexadecimal":
        (with_budget("{memory: 0x10B, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: " + not_a_size("0x10B")),
    "only a unit":
        (with_budget("{memory: MiB, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: " + not_a_size("MiB")),
    "nothing as a size":
        (with_budget("{memory: , streams: 1, compute: 1ms}"),
         "m.yaml:4:22: nothing, expected a size with its unit, such as 512MiB\n"),
    "a list as a size":
        (with_budget("{memory: [1MiB], streams: 1, compute: 1ms}"),
         "m.yaml:4:22: a list, expected a size with its unit, such as 512MiB\n"),
    "a zero size":
        (with_budget("{memory: 0B, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: '0B', expected above 0\n"),
    "2^64 bytes":
        (with_budget("{memory: 18446744073709551616B, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: '18446744073709551616B' is too large; at most 18446744073709551615B is valid\n"),
    "2^64 bytes in GiB":
        (with_budget("{memory: 17179869184GiB, streams: 1, compute: 1ms}"),
         "m.yaml:4:22: '17179869184GiB' is too large; at most 18446744073709551615B is valid\n"),
    "zero streams":
        (with_budget("{memory: 1MiB, streams: 0, compute: 1ms}"),
         "m.yaml:4:37: '0', expected above 0\n"),
    "negative streams":
        (with_budget("{memory: 1MiB, streams: -1, compute: 1ms}"),
         "m.yaml:4:37: '-1', expected a whole number from 0 to 2147483647\n"),
    "2^31 streams":
        (with_budget("{memory: 1MiB, streams: 2147483648, compute: 1ms}"),
         "m.yaml:4:37: '2147483648', expected a whole number from 0 to 2147483647\n"),
    "streams in quotes":
        (with_budget('{memory: 1MiB, streams: "4", compute: 1ms}'),
         "m.yaml:4:37: '4', expected a whole number from 0 to 2147483647, not in quotes\n"),
    "octal streams":
        (with_budget("{memory: 1MiB, streams: 010, compute: 1ms}"),
         "m.yaml:4:37: '010', expected a whole number from 0 to 2147483647\n"),
    "a list as streams":
        (with_budget("{memory: 1MiB, streams: [], compute: 1ms}"),
         "m.yaml:4:37: a list, expected a whole number\n"),
    "a time without a unit":
        (with_budget("{memory: 1MiB, streams: 1, compute: 100}"),
         "m.yaml:4:49: " + not_a_time("100")),
    "days":
        (with_budget("{memory: 1MiB, streams: 1, compute: 1d}"),
         "m.yaml:4:49: " + not_a_time("1d")),
    "no time":
        (with_budget("{memory: 1MiB, streams: 1, compute: 0ms}"),
         "m.yaml:4:49: '0ms', expected above 0\n"),
    "2^63 ns":
        (with_budget("{memory: 1MiB, streams: 1, compute: 9223372036854775808ns}"),
         "m.yaml:4:49: '9223372036854775808ns' is too large; at most 9223372036854775807ns is valid\n"),
    "a list as a time":
        (with_budget("{memory: 1MiB, streams: 1, compute: {}}"),
         "m.yaml:4:49: a mapping, expected a time with its unit, such as 100ms\n"),
    "lifetimes and activations":
        (with_line("lifetimes: small.csv\n    activations: 1MiB"),
         "m.yaml:6:18: both lifetimes and activations, expected one of them (the other at 5:16)\n"),
    "activations and lifetimes":
        (with_line("activations: 1MiB\n    lifetimes: small.csv"),
         "m.yaml:6:16: both lifetimes and activations, expected one of them (the other at 5:18)\n"),
    "no granularity":
        (with_device("granularity: 0B"),
         "m.yaml:2:23: '0B', expected above 0\n"),
    "no growth of pools":
        (with_device("pool_growth: 0B"),
         "m.yaml:2:23: '0B', expected above 0\n"),
    "state without sequences":
        (with_line("state: 1MiB"),
         "m.yaml:5:12: state without sequences, expected both: how many sequences there are at once\n"),
    "no executions":
        (with_line("concurrent: 0"),
         "m.yaml:5:17: '0', expected at least 1\n"),
    "executions below 0":
        (with_line("concurrent: -1"),
         "m.yaml:5:17: '-1', expected a whole number from 0 to 18446744073709551615\n"),
    "sequences with a unit":
        (with_line("sequences: 1B"),
         "m.yaml:5:16: '1B', expected a whole number from 0 to 18446744073709551615\n"),
    "no processes of a model":
        (with_line("processes: 0"),
         "m.yaml:5:16: '0', expected at least 1\n"),
    "a load peak without a unit":
        (with_line("load_peak: 1"),
         "m.yaml:5:16: " + not_a_size("1")),
    "a limit that includes a context now and then":
        (with_budget("{memory: 1MiB, streams: 1, compute: 1ms, limit_includes_context: sometimes}"),
         "m.yaml:4:78: 'sometimes', expected true or false\n"),
    "no processes":
        (with_device("processes: 0"),
         "m.yaml:2:21: '0', expected at least 1\n"),
    "a size as processes":
        (with_device("processes: 1B"),
         "m.yaml:2:21: '1B', expected a whole number from 0 to 18446744073709551615\n"),
    "a number as a profile":
        (with_device("profile: {}"),
         "m.yaml:2:19: a mapping, expected a text\n"),
    "nothing as a profile":
        (with_device("profile: "),
         "m.yaml:2:19: nothing, expected a text\n"),
    "a list as a device":
        (with_device("headroom: 0B").replace("{headroom: 0B}", "[]"),
         "m.yaml:2:9: a list, expected the device, a mapping with the keys: profile, headroom, context_overhead, granularity, pool_growth, processes, reserved\n"),
    "several errors":
        ("schema: 1\nmodels:\n  - id: a\n    budget: {memory: 1, streams: 1}\n    wieght: 1B\n",
         "m.yaml:4:22: " + not_a_size("1")
         + "m.yaml:4:13: no key 'compute', expected it in a budget\n"
         "m.yaml:5:5: unknown key 'wieght' in a model, did you mean 'weights'?\n"),
    "more errors than are shown":
        ("schema: 1\nmodels: [" + "x, " * 30 + "]\n",
         "m.yaml:2:10: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:13: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:16: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:19: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:22: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:25: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:28: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:31: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:34: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:37: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:40: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:43: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:46: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:49: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:52: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:55: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:58: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:61: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:64: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "m.yaml:2:67: a single value, expected a model, a mapping with the keys: id, budget, weights, activations, lifetimes, load_peak, concurrent, sequences, state, processes\n"
         "rein: more errors follow\n"),
    "sums beyond 2^64":
        (HEAD + MODEL.replace("1MiB", "10000000TiB") + MODEL.replace("id: a", "id: b").replace("1MiB", "10000000TiB"),
         "m.yaml: the sum of the demands up to model 1 does not fit in 64 bits\n"),
    "a tag directive in the only line":
        ("%TAG ! tag:x,2000:",
         "m.yaml:1:1: a tag directive, expected none\n"),
    "a tag directive behind a blank":
        (" %TAG ! tag:x,2000:\n",
         "m.yaml:1:2: found character that cannot start any token while scanning for the next token, "
         "expected YAML or JSON\n"),
    "activations beside lifetimes in one line":
        (HEAD + "  - {id: a, budget: {memory: 1MiB, streams: 1, compute: 1ms}, lifetimes: a.csv, "
         "activations: 1B}\n",
         "m.yaml:3:94: both lifetimes and activations, expected one of them (the other at 3:74)\n"),
    "no such profile":
        (with_device("profile: none.yaml"),
         "none.yaml: No such file or directory, expected a device profile that can be read\n"
         "m.yaml:2:19: the profile of the device\n"),
    "a folder as a profile":
        (with_device("profile: ."),
         ".: is a directory, expected a device profile\n"
         "m.yaml:2:19: the profile of the device\n"),
    "no such lifetimes":
        (with_line("lifetimes: none.csv"),
         "none.csv: No such file or directory, expected a CSV file of lifetimes that can be read\n"
         "m.yaml:5:16: the lifetimes of model 'a'\n"),
    "a folder as lifetimes":
        (with_line("lifetimes: ."),
         ".: is a directory, expected a CSV file of lifetimes\n"
         "m.yaml:5:16: the lifetimes of model 'a'\n"),
    "bad lifetimes":
        (with_line("lifetimes: m.yaml"),
         "m.yaml:1:1: 'schema: 1', expected the columns id,lower,upper,size[,alignment][,offset]\n"
         "m.yaml:5:16: the lifetimes of model 'a'\n"),
}


class BadManifest(ReinCase):
    def test_each_case(self):
        for name, (manifest, message) in CASES.items():
            with self.subTest(name):
                self.write("m.yaml", manifest)
                self.expect_refusal(message, "check", "m.yaml")


if __name__ == "__main__":
    rein_case.main()
