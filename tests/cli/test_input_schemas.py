"""The schemas of the command's input accept and reject the same documents as the command."""

import copy
import glob
import json
import os
import re

import jsonschema
import yaml

import rein_case
from model_files import write_gguf
from rein_case import BAD_INPUT, ROOT, ReinCase

DEVICE = {"schema": 1, "source": "synthetic", "total": "1GiB", "context_overhead": "64MiB",
          "granularity": "2MiB"}
MODEL = {"id": "a", "budget": {"memory": "1MiB", "streams": 1, "compute": "1ms"}}
MANIFEST = {"schema": 1, "device": {"profile": "device.json"}, "models": [MODEL]}
MEASUREMENT = {"schema": 1, "peak": "4TiB", "includes_contexts": False}
FILES = {"manifest": "manifest.json", "profile": "device.json", "measurement": "measured.json"}

SIZES = ["0B", "1B", "512MiB", "1KiB", "2GiB", "3TiB", "001B", 512, 5.5, "512", "512MB", "512mib",
         "512 MiB", "-1B", "+1B", "1.5GiB", "", "MiB", "0x1B", "1e3B", None, True, [], {}]
TIMES = ["1ns", "100us", "20ms", "1s", "0ms", "100", 100, "1m", "1.5s", "-1s", "ms", None, False]
COUNTS = [0, 1, 2147483647, 2147483648, -1, 1.5, "1", "one", None, True, "", [1]]
TEXTS = ["x", "", 1, None, True, [], {}]
FLAGS = [True, False, "true", "yes", 1, None]
VERSIONS = ["8.7", "12.2", 8.7, "8", 8, "8.", ".7", "8.7.1", "-8.7", "x", None, True]

MANIFEST_VALUES = [
    (("schema",), [1, 2, 0, "1", None, True]),
    (("device",), [{}, None, [], "auto", {"profil": "x"}]),
    (("device", "profile"), ["device.json", "", None, True, []]),
    (("device", "headroom"), SIZES), (("device", "reserved"), SIZES),
    (("device", "context_overhead"), SIZES), (("device", "granularity"), SIZES),
    (("device", "pool_growth"), SIZES),
    (("device", "processes"), COUNTS),
    (("models",), [[], None, {}, "x", [MODEL, {**MODEL, "id": "b"}], [None], [{}]]),
    (("models", 0, "id"), ["a", "", "a b", "\u00e9", "x" * 127, "x" * 128, 1, None, True, []]),
    (("models", 0, "budget"), [None, {}, [], "1MiB"]),
    (("models", 0, "budget", "memory"), SIZES), (("models", 0, "budget", "streams"), COUNTS),
    (("models", 0, "budget", "compute"), TIMES), (("models", 0, "budget", "more"), [1]),
    (("models", 0, "weights"), SIZES), (("models", 0, "activations"), SIZES),
    (("models", 0, "budget", "limit_includes_context"), FLAGS),
    (("models", 0, "load_peak"), SIZES), (("models", 0, "concurrent"), COUNTS),
    (("models", 0, "sequences"), COUNTS), (("models", 0, "state"), SIZES),
    (("models", 0, "processes"), COUNTS),
    (("models", 0, "growth"), [*SIZES, "doubling", "Doubling", " doubling", "doubling1"]),
    (("models", 0, "lifetimes"), ["small.csv", "", None, True, []]),
    (("models", 0, "lifetimes_inclusive"), FLAGS), (("models", 0, "wieghts"), ["1B"]),
    (("models", 0, "measured"), ["measured.json", "", None, True, []]),
    (("more",), [1]),
]

NAMED_SCHEMA = re.compile(
    r"# yaml-language-server: \$schema=(?P<path>(?:\.\./)+docs/schema/(?P<kind>\w+)\.schema\.json)\n")

# Values of keys beside a model's file.
ENGINE = ("models", 0, "engine")
WORDS = ["on", "off", "auto", True, False, "yes", "", 1, None, []]
FILE_VALUES = [
    (("models", 0, "file"), ["m.gguf", ["m.gguf"], [], "", None, True, {}, [1], [""]]),
    (ENGINE, [{}, None, [], "llama-server", {"nmae": "x"}]),
    ((*ENGINE, "name"), ["llama-server", "llama-c-api", "vllm", "", None, 1]),
    ((*ENGINE, "context"), [0, 512, "512", -1, 2147483648, None, True]),
    ((*ENGINE, "parallel"), [0, 1, 256, "1", None]),
    ((*ENGINE, "batch"), [0, 1, "1", 2147483648]), ((*ENGINE, "ubatch"), [0, 1, "1", 2147483648]),
    ((*ENGINE, "gpu_layers"), [0, 99, 2 ** 64 - 1, -1, "all", None]),
    ((*ENGINE, "flash_attention"), WORDS),
    ((*ENGINE, "unified_kv"), [word for word in WORDS if word != "auto"]),
    ((*ENGINE, "swa_full"), [word for word in WORDS if word != "auto"]),
    ((*ENGINE, "kv_type"), ["f16", "q8_0,q4_0", None, True, []]),
    (("models", 0, "bind"), [{}, None, [], "x", {"batch": "1"}, {"batch": -1}]),
    (("models", 0, "follows_plan"), FLAGS),
]

DEVICE_VALUES = [
    (("schema",), [1, 2, "1", None]), (("source",), ["probed", "recorded", "documented", "synthetic",
                                                     "made up", "", None, 1]),
    (("name",), TEXTS + ["x" * 127, "x" * 128]), (("note",), TEXTS), (("uuid",), ["GPU-1", 1, None]),
    (("granularity",), SIZES[1:]),
    (("total",), SIZES[1:]), (("pool_growth",), SIZES[1:]), (("free",), [size for size in SIZES if size not in ("2GiB", "1.5GiB", "3TiB")]),
    (("context_overhead",), [size for size in SIZES if size not in ("2GiB", "1.5GiB", "3TiB")]),
    (("compute_capability",), VERSIONS), (("driver",), VERSIONS), (("runtime",), VERSIONS),
    (("multiprocessors",), [0, 1, 128, -1, 1.5, "x", None, True]),
    (("connections",), [1, 8, -1, 1.5, "x", None]),
    (("stream_priorities",), [{"least": 0, "greatest": -5}, {"least": 0}, {}, None, 5, [0, -5]]),
    (("memory_pools",), FLAGS), (("integrated",), FLAGS),
    (("recorded_at",), ["2026-01-31", "2026-01-31T12:30:00Z", "2026-1-31", "yesterday", "", None,
                        "2026-01-31T12:30:00"]),
    (("more",), [1]),
]

MEASUREMENT_VALUES = [
    (("schema",), [1, 2, "1", None]),
    (("device",), ["GPU-1", "x" * 63, "x" * 64, "a/b", ".a", "", 1, None, True, []]),
    (("peak",), SIZES), (("final",), SIZES),
    (("includes_contexts",), FLAGS),
    (("method",), ["engine", "processes", "free-memory", "free", "", None, 1]),
    (("interval",), TIMES), (("samples",), COUNTS), (("more",), [1]),
]

# Schemas treat 8 and 8.0 as equal numbers; the command reads the text.
BEYOND_A_SCHEMA = {"manifest": [], "measurement": [], "profile": [(("compute_capability",), 8), (("driver",), 8),
                                               (("runtime",), 8)]}


class Strings(yaml.SafeLoader):
    """Loads dates as texts, as YAML 1.2 and editors do."""


Strings.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def load_schema(name):
    with open(os.path.join(ROOT, "docs", "schema", f"{name}.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def changed(document, path, value):
    document = copy.deepcopy(document)
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return document


class InputSchemas(ReinCase):
    def setUp(self):
        super().setUp()
        self.write("device.json", json.dumps(DEVICE))
        self.write("manifest.json", json.dumps(MANIFEST))
        self.write("measured.json", json.dumps(MEASUREMENT))

    def compare(self, kind, document, values):
        schema = load_schema(kind)
        differences = []
        for path, candidates in values:
            for value in candidates:
                tried = changed(document, path, value)
                self.write(FILES[kind], json.dumps(tried))
                done = self.run_rein("check", "manifest.json", "--effort", "0")
                if schema.is_valid(tried) != (done.returncode != BAD_INPUT):
                    differences.append((path, value))
        self.assertEqual(differences, BEYOND_A_SCHEMA[kind], "where schema and command disagree")

    def test_a_manifest(self):
        self.compare("manifest", MANIFEST, MANIFEST_VALUES)

    def test_the_keys_of_a_model_file(self):
        write_gguf(self.folder, "smollm2-135m.Q4_K_M")
        os.rename(self.path("smollm2-135m.Q4_K_M.gguf"), self.path("m.gguf"))
        model = {**MODEL, "file": "m.gguf", "engine": {"parallel": 2}}
        self.compare("manifest", {**MANIFEST, "models": [model]}, FILE_VALUES)
        for key, value in (("engine", {}), ("bind", {}), ("follows_plan", False)):
            self.compare("manifest", MANIFEST, [(("models", 0, key), [value])])
        for key, value in (("activations", "1MiB"), ("lifetimes", "small.csv")):
            self.compare("manifest", {**MANIFEST, "models": [{**model, "follows_plan": True}]},
                         [(("models", 0, key), [value])])

    def test_the_ends_of_lifetimes(self):
        self.compare("manifest", changed(MANIFEST, ("models", 0, "lifetimes"), "small.csv"),
                     [(("models", 0, "lifetimes_inclusive"), FLAGS)])

    def test_the_state_of_sequences(self):
        self.compare("manifest", changed(MANIFEST, ("models", 0, "sequences"), 2),
                     [(("models", 0, "state"), SIZES)])

    def test_a_profile(self):
        self.compare("profile", DEVICE, DEVICE_VALUES)

    def test_a_measurement(self):
        self.write("manifest.json", json.dumps(changed(MANIFEST, ("models", 0, "measured"),
                                                       "measured.json")))
        self.compare("measurement", MEASUREMENT, MEASUREMENT_VALUES)
        self.compare("measurement", {**MEASUREMENT, "interval": "1ms"},
                     [(("method",), ["processes", "free-memory"])])

    def test_missing_keys(self):
        measured = changed(MANIFEST, ("models", 0, "measured"), "measured.json")
        for kind, document in (("manifest", MANIFEST), ("profile", DEVICE),
                               ("measurement", MEASUREMENT)):
            schema = load_schema(kind)
            for key in document:
                lacking = {name: value for name, value in document.items() if name != key}
                if kind == "measurement":
                    self.write("manifest.json", json.dumps(measured))
                self.write(FILES[kind], json.dumps(lacking))
                done = self.run_rein("check", "manifest.json", "--device", "device.json")
                self.assertEqual(schema.is_valid(lacking), done.returncode != BAD_INPUT, key)
                self.setUp()

    def test_lifetimes_and_activations(self):
        both = changed(changed(MANIFEST, ("models", 0, "lifetimes"), "small.csv"),
                       ("models", 0, "activations"), "1MiB")
        self.assertFalse(load_schema("manifest").is_valid(both))

    def test_the_examples_are_valid_and_name_their_schema(self):
        for folder in ("fleet", "devices", os.path.join("cases", "*")):
            paths = glob.glob(os.path.join(ROOT, "examples", folder, "*.yaml"))
            self.assertNotEqual(paths, [])
            for path in paths:
                if os.path.basename(path) != "expected.yaml":
                    self.expect_valid_example(path)

    def expect_valid_example(self, path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        named = NAMED_SCHEMA.match(text)
        self.assertIsNotNone(named, path)
        self.assertTrue(os.path.exists(os.path.join(os.path.dirname(path), named["path"])), path)
        load_schema(named["kind"]).validate(yaml.load(text, Strings))

    def test_what_init_writes(self):
        text = self.expect_result(rein_case.FITS, "init", "-")
        load_schema("manifest").validate(yaml.safe_load(text))


if __name__ == "__main__":
    rein_case.main()
