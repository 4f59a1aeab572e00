"""Each key that the command reads is in all lists of keys: the schema, the man page, the pages, the
output of `rein init`, the fuzzer's words and the values of test_input_schemas. So is each command."""

import json
import os
import re

import accepted
import rein_case
import test_input_schemas
from rein_case import FITS, ROOT, ReinCase


def schema_keys(schema, root, path=()):
    """Returns the keys of the mappings in a part of a schema, in the form of accepted.keys_of."""
    found = {}
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "properties" in schema:
        found[path] = set(schema["properties"])
    for key, inner in schema.get("properties", {}).items():
        found.update(schema_keys(inner, root, (*path, key)))
    if "items" in schema:
        found.update(schema_keys(schema["items"], root, (*path, "[]")))
    return found


def read(*parts):
    with open(os.path.join(ROOT, *parts), encoding="utf-8") as file:
        return file.read()


class Accepted(ReinCase):
    @classmethod
    def setUpClass(cls):
        cls.keys = {kind: accepted.keys_of(rein_case.REIN, kind) for kind in accepted.DOCUMENTS}
        cls.all = {kind: set().union(*keys.values()) for kind, keys in cls.keys.items()}

    def test_nested_mappings_are_found(self):
        self.assertEqual(set(self.keys["manifest"]),
                         {(), ("device",), ("models", "[]"), ("models", "[]", "budget"),
                          ("models", "[]", "engine")})
        self.assertEqual(set(self.keys["profile"]), {(), ("stream_priorities",)})
        self.assertEqual(set(self.keys["measurement"]), {()})

    def test_schemas(self):
        for kind, keys in self.keys.items():
            schema = json.loads(read("docs", "schema", f"{kind}.schema.json"))
            self.assertEqual(schema_keys(schema, schema), keys)

    def test_man_pages(self):
        for kind, keys in self.all.items():
            page = re.findall(r"(?m)^\*([a-z_]+)\*\n\t", read("docs", "man", f"rein-{kind}.5.scd"))
            self.assertEqual(set(page), keys)

    def test_the_page_of_the_manifest(self):
        block = re.search(r"(?s)a manifest with every key -->\n```yaml\n(.*?)```", read("docs", "manifest.md"))[1]
        self.assertEqual(set(re.findall(r"(?m)^[ #-]*([a-z_]+):", block)), self.all["manifest"])

    def test_what_init_writes(self):
        text = self.expect_result(FITS, "init", "-")
        written = set(re.findall(r"([a-z_]+): ?(?=\S|$)", text, re.MULTILINE))
        self.assertLessEqual(self.all["manifest"], written)

    def test_words_of_the_fuzzers(self):
        words = set(re.findall(r'(?m)^"([a-z_]+): "$', read("tests", "fuzz", "documents.dict")))
        self.assertEqual(words, set().union(*self.all.values()))

    def test_values_are_tried_for_each_key(self):
        tables = {"manifest": test_input_schemas.MANIFEST_VALUES + test_input_schemas.FILE_VALUES,
                  "profile": test_input_schemas.DEVICE_VALUES,
                  "measurement": test_input_schemas.MEASUREMENT_VALUES}
        for kind, values in tables.items():
            tried = {tuple("[]" if step == 0 else step for step in path) for path, _ in values}
            tried |= {(*path, key) for path, candidates in values for value in candidates
                      if isinstance(value, dict) for key in value}
            wanted = {(*path, key) for path, keys in self.keys[kind].items() for key in keys}
            self.assertEqual(wanted - tried, set())

    def test_commands(self):
        commands = accepted.commands(rein_case.REIN)
        overview = self.expect_result(FITS, "help")
        self.assertEqual(re.findall(r"(?m)^  ([a-z][a-z-]*) +\S", overview), commands)
        pages = {name.removeprefix("rein-").removesuffix(".1.scd")
                 for name in os.listdir(os.path.join(ROOT, "docs", "man")) if name.startswith("rein-")
                 and name.endswith(".1.scd")}
        self.assertEqual(pages, set(commands))
        for command in commands:
            self.assertIn("help", accepted.options(rein_case.REIN, command))


if __name__ == "__main__":
    rein_case.main()
