"""`rein check` of models whose manifest names their files."""

import json
import os

import rein_case
from model_files import ONNX_FUNCTION, onnx, safetensors, write_gguf
from rein_case import CANNOT_TELL, DEVICE, DOES_NOT_FIT, FITS, ReinCase
from test_inspect import CONFIG, GRAPH
from test_json import load_schema

LLAMA = "llama-3.1-8b.Q4_K_M"
WEIGHTS, STATE, ACTIVATIONS = 4617396480, 2 ** 32, 2 ** 20


class ModelFiles(ReinCase):
    def setUp(self):
        super().setUp()
        self.write("device.yaml", "schema: 1\nsource: synthetic\ntotal: 24GiB\n"
                                  "context_overhead: 64MiB\ngranularity: 1B\n")

    def write_model(self, *lines, budget="10GiB"):
        self.write("fleet.yaml", "schema: 1\ndevice: {profile: device.yaml}\nmodels:\n  - id: chat\n"
                                 f"    budget: {{memory: {budget}, streams: 1, compute: 1s}}\n" +
                                 "".join(f"    {line}\n" for line in lines))

    def write_llama(self, *lines, engine="context: 32768, parallel: 1", **options):
        if not os.path.exists(self.path(f"{LLAMA}.gguf")):
            write_gguf(self.folder, LLAMA)
        self.write_model(f"file: {LLAMA}.gguf", f"engine: {{{engine}}}", *lines, **options)

    def check(self, code):
        document = json.loads(self.expect_result(code, "check", "--json", "fleet.yaml"))
        load_schema("check").validate(document)
        return document["models"][0]

    def test_weights_and_state_are_those_of_the_file(self):
        self.write_llama("activations: 1MiB")
        model = self.check(FITS)
        self.assertEqual(model["needed_bytes"], WEIGHTS + STATE + ACTIVATIONS)
        self.assertEqual(model["weights_bytes"], WEIGHTS)
        files = model["model_files"]
        self.assertEqual((files["files"], files["format"], files["architecture"]),
                         ([f"{LLAMA}.gguf"], "gguf", "llama"))
        self.assertEqual((files["weights_bytes"], files["state_bytes"]), (WEIGHTS, STATE))
        self.write_llama("activations: 1MiB", budget=f"{WEIGHTS + STATE + ACTIVATIONS - 1}B")
        self.assertEqual(self.check(DOES_NOT_FIT)["shortfall_bytes"], 1)

    def test_the_picture_does_not_replace_a_file_of_the_model(self):
        self.write_llama()
        self.expect_refusal(("rein", f"{LLAMA}.gguf", "overwritten"), "check", "fleet.yaml", "--svg", f"{LLAMA}.gguf")
        self.expect_result(CANNOT_TELL, "check", "fleet.yaml", "--svg", "out.svg")
        self.assertTrue(os.path.exists(self.path("out.svg")))

    def expect_contexts(self, counted, least, device, *models):
        """Expects a note if fewer contexts are counted than processes run the models."""
        self.write("fleet.yaml", f"schema: 1\ndevice: {{profile: device.yaml{device}}}\nmodels:\n" + "".join(
            f"  - {{id: m{index}, budget: {{memory: 1GiB, streams: 1, compute: 1s}}{keys}}}\n"
            for index, keys in enumerate(models)))
        done = self.run_rein("check", "--json", "fleet.yaml")
        self.assertEqual(json.loads(done.stdout)["memory"]["processes"]["count"], counted)
        if counted < least:
            self.expect_messages(done.stderr, ("fleet.yaml", "llama-server", str(counted), f"'processes: {least}'"))
        else:
            self.assertEqual(done.stderr, "")

    def test_a_server_for_each_model(self):
        write_gguf(self.folder, LLAMA)
        file = f", file: {LLAMA}.gguf"
        self.expect_contexts(1, 1, "", file)
        self.expect_contexts(2, 2, "", file, file)
        self.expect_contexts(2, 2, "", file, "", "")
        self.expect_contexts(1, 2, ", processes: 1", file, file)
        self.expect_contexts(1, 2, ", processes: 1", file, "", "")
        self.expect_contexts(2, 3, ", processes: 2", file, "", file)
        self.expect_contexts(3, 3, ", processes: 3", file, "", file)
        self.expect_contexts(2, 2, "", file + ", processes: 1", file)
        self.expect_contexts(1, 1, "", "", "")
        program = file + ", engine: {name: llama-c-api}"
        self.expect_contexts(1, 1, "", program, program)

    def test_activations_are_never_in_the_file(self):
        self.write_llama()
        model = self.check(CANNOT_TELL)
        self.assertEqual(model["missing"], ["activations"])
        self.assertEqual(model["needed_at_least_bytes"], WEIGHTS + STATE)
        self.assertEqual([entry["fact"] for entry in model["model_files"]["unknown"]], ["activations"])

    def test_a_measured_peak_is_not_below_the_file(self):
        for peak, is_sound in ((WEIGHTS + STATE, True), (WEIGHTS + STATE - 1, False), (1, False)):
            self.write("m.yaml", f"schema: 1\npeak: {peak}B\nincludes_contexts: false\n")
            self.write_llama("measured: m.yaml")
            if is_sound:
                self.assertEqual(self.check(FITS)["needed_bytes"], WEIGHTS + STATE)
            else:
                self.expect_refusal(("fleet.yaml:8:15", f"{peak} B", f"{WEIGHTS} B", f"{STATE} B", "gpu_layers"),
                                    "check", "fleet.yaml")
        self.write("w.safetensors", safetensors({"a": ("F32", [1024], 4096)}))
        self.write("m.yaml", "schema: 1\npeak: 1B\nincludes_contexts: false\n")
        self.write_model("file: w.safetensors", "measured: m.yaml")
        self.assertEqual(self.check(FITS)["needed_bytes"], 4096)

    def test_without_a_context_the_state_is_unknown(self):
        self.write_llama("activations: 1MiB", engine="name: llama-server")
        self.assertEqual(self.check(CANNOT_TELL)["missing"], ["state"])
        self.write_llama("activations: 1MiB", engine="name: llama-c-api")
        self.assertEqual(self.check(FITS)["model_files"]["state_bytes"], 512 * 131072)

    def test_a_stated_key_wins(self):
        self.write_llama("activations: 0B", "weights: 5GiB", "sequences: 1", "state: 4.5GiB")
        self.assertEqual(self.check(FITS)["needed_bytes"], 5 * 2 ** 30 + 9 * 2 ** 29)
        self.write_llama("activations: 0B", "weights: 5GiB", "sequences: 1", "state: 4GiB",
                         engine="parallel: 1")
        self.assertEqual(self.check(FITS)["needed_bytes"], 9 * 2 ** 30)

    def test_a_stated_key_must_not_be_less_than_the_file(self):
        self.write_llama(f"weights: {WEIGHTS - 1}B")
        self.expect_refusal(("fleet.yaml:8:14", "weights", f"{WEIGHTS - 1} B", f"{WEIGHTS} B"),
                            "check", "fleet.yaml")
        self.write_llama("sequences: 1", "state: 1GiB")
        self.expect_refusal(("fleet.yaml:9:12", "state", "1073741824 B", "4294967296 B"), "check",
                            "fleet.yaml")
        self.write_llama("sequences: 4")
        self.expect_refusal(("fleet.yaml:8:16", "sequences", "4", "1", "parallel"), "check", "fleet.yaml")

    def test_stated_sequences_of_a_model_without_a_known_engine(self):
        self.write("m.safetensors", safetensors({"a": ("F16", [4], 8)}))
        self.write("config.json", json.dumps(CONFIG))
        stated = ["file: m.safetensors", "activations: 0B", "sequences: 2", "state: 4GiB"]
        self.write_model(*stated)
        self.assertEqual(self.check(FITS)["needed_bytes"], 8 + 2 * 2 ** 32)
        self.write_model(*stated, "engine: {context: 32768, parallel: 2}")
        self.assertEqual(self.check(FITS)["needed_bytes"], 8 + 2 * 2 ** 32)
        self.write_model(*stated, "engine: {context: 32768, parallel: 3}")
        self.expect_refusal(("fleet.yaml:8:16", "sequences", "2", "3", "parallel"), "check",
                            "fleet.yaml")

    def test_a_graph_whose_plan_the_runtime_follows(self):
        self.write("m.onnx", onnx(**GRAPH))
        lines = ["file: m.onnx", "bind: {batch: 2}"]
        self.write_model(*lines)
        self.assertEqual(self.check(CANNOT_TELL)["missing"], ["activations"])
        self.write_model(*lines, "follows_plan: true")
        model = self.check(FITS)
        self.assertEqual((model["activations"]["from"], model["activations"]["bytes"]),
                         ("lifetimes", 4096))
        self.assertEqual(model["needed_bytes"], 1024 + 4096)
        self.assertIn("m.onnx", self.expect_result(FITS, "check", "--explain", "fleet.yaml"))
        self.write_model("file: m.onnx", "follows_plan: true")
        self.assertEqual(self.check(CANNOT_TELL)["missing"], ["activations"])

    def test_explain_of_what_the_files_leave_open(self):
        write_gguf(self.folder, "unknownarch-smollm2-135m")
        self.write_model("file: unknownarch-smollm2-135m.gguf", "activations: 0B")
        text = " ".join(self.expect_result(CANNOT_TELL, "check", "--explain", "fleet.yaml").split())
        self.assertIn("frobnicate", text)
        self.write("m.onnx", onnx(**GRAPH))
        self.write_model("file: m.onnx")
        text = self.expect_result(CANNOT_TELL, "check", "--explain", "fleet.yaml")
        self.assertNotIn("computed from", text)
        self.write("m.onnx", onnx(**GRAPH) + ONNX_FUNCTION)
        self.assertEqual(self.check(CANNOT_TELL)["missing"], ["weights", "activations"])

    def test_windows_without_a_batch(self):
        self.write("m.safetensors", safetensors({"a": ("BF16", [64], 128)}))
        self.write("config.json", json.dumps({**CONFIG, "model_type": "mistral",
                                              "sliding_window": 4096}))
        self.write_model("file: m.safetensors", "engine: {context: 8192}", "activations: 0B")
        self.assertEqual(self.check(CANNOT_TELL)["missing"], ["state"])

    def test_sequences_of_a_model_whose_state_is_unknown(self):
        self.write("m.safetensors", safetensors({"a": ("BF16", [64], 128)}))
        self.write_model("file: m.safetensors", "engine: {parallel: 2}", "sequences: 3",
                         "state: 1MiB", "activations: 0B")
        self.assertEqual(self.check(FITS)["needed_bytes"], 128 + 3 * 2 ** 20)

    def test_a_stated_state_beyond_64_bits(self):
        self.write_llama("activations: 0B", "sequences: 2", "state: 16777215TiB",
                         engine="context: 512, parallel: 2")
        self.assertEqual(self.run_rein("check", "fleet.yaml").returncode, rein_case.BAD_INPUT)

    def test_each_model_with_a_bad_file_is_named(self):
        self.write("m.onnx", onnx(**GRAPH))
        budget = "budget: {memory: 1GiB, streams: 1, compute: 1s}"
        self.write("fleet.yaml", "schema: 1\ndevice: {profile: device.yaml}\nmodels:\n" + "".join(
            f"  - {{id: {name}, {budget}, file: {name}}}\n" for name in ("small.csv", "m.onnx", "none")))
        self.expect_refusal([("small.csv", "GGUF, safetensors or ONNX"), ("fleet.yaml:", "'small.csv'"),
                             ("none", "No such file"), ("fleet.yaml:", "'none'")], "check", "fleet.yaml")

    def test_a_device_of_unknown_granularity(self):
        self.write("device.yaml", "schema: 1\nsource: synthetic\ntotal: 24GiB\n"
                                  "context_overhead: 64MiB\n")
        self.write("m.onnx", onnx(**GRAPH))
        self.write_model("file: m.onnx", "bind: {batch: 2}", "follows_plan: true")
        self.assertEqual(self.check(CANNOT_TELL)["activations"]["bytes"], 4096)

    def test_files_are_relative_to_the_manifest(self):
        os.mkdir(self.path("models"))
        write_gguf(self.path("models"), LLAMA, "lora-llama-3.1-8b-r16.F16")
        self.write_model(f"file: [models/{LLAMA}.gguf, models/lora-llama-3.1-8b-r16.F16.gguf]",
                         "weights: 5GiB", "activations: 0B",
                         "engine: {context: 8192, parallel: 1, flash_attention: on, kv_type: 'f16,q8_0'}")
        files = self.check(FITS)["model_files"]
        self.assertEqual(files["files"], [f"models/{LLAMA}.gguf",
                                          "models/lora-llama-3.1-8b-r16.F16.gguf"])
        self.assertIsNone(files["weights_bytes"])

    def test_a_bad_file_names_the_model(self):
        self.write_model("file: small.csv")
        self.expect_refusal([("small.csv", "GGUF, safetensors or ONNX"),
                             ("fleet.yaml:6:11", "'chat'")], "check", "fleet.yaml")
        self.write("m.onnx", onnx(**GRAPH))
        self.write_model("file: m.onnx", "engine: {context: 1}")
        self.expect_refusal([("m.onnx", "context", "onnx"), ("fleet.yaml:6:11", "'chat'")], "check",
                            "fleet.yaml")

    def test_the_keys_need_a_file(self):
        for line in ("engine: {context: 1}", "bind: {batch: 1}", "follows_plan: false"):
            key = line.split(":")[0]
            self.write_model(line)
            self.expect_refusal((f"fleet.yaml:6:{len(key) + 7}", f"'{key}'", "'file'"), "check",
                                "fleet.yaml")
        self.write_llama("follows_plan: true", "activations: 1B")
        self.expect_refusal(("fleet.yaml:8:19", "follows_plan", "activations"), "check", "fleet.yaml")
        self.write_llama(engine="flash_attention: off, kv_type: q8_0")
        self.expect_refusal([(f"{LLAMA}.gguf", "q8_0"), ("fleet.yaml:6:11", "'chat'")], "check",
                            "fleet.yaml")
        self.write_llama(engine="kv_type: q9")
        self.expect_refusal(("fleet.yaml:7:23", "kv_type", "'q9'"), "check", "fleet.yaml")

    def test_explain_names_the_metadata(self):
        self.write_llama("activations: 1MiB")
        text = " ".join(self.expect_result(FITS, "check", "--explain", "fleet.yaml").split())
        for fact in ("llama.block_count 32 (file)", "context 32768 (option)", f"{WEIGHTS} B",
                     f"{STATE} B", f"{LLAMA}.gguf"):
            self.assertIn(fact, text)

    def test_explain_tells_what_the_files_leave_open(self):
        self.write("m.onnx", onnx(**GRAPH))
        self.write_model("file: m.onnx", "bind: {batch: 2}", "activations: 1MiB")
        text = " ".join(self.expect_result(FITS, "check", "--explain", "fleet.yaml").split())
        self.assertIn("computed from: batch 2 (option)", text)
        self.assertIn("not in the files: activations", text)

    def test_advice_on_what_is_missing(self):
        def advice():
            report = self.expect_result(CANNOT_TELL, "check", "fleet.yaml")
            return report[report.index("To get a verdict:"):]
        self.write_llama("activations: 1MiB", engine="parallel: 1")
        self.assertIn("chat: state the context", advice())
        self.write("m.onnx", onnx(**GRAPH))
        self.write_model("file: m.onnx", "bind: {batch: 2}")
        self.assertIn("follows_plan", advice())
        self.write("m.safetensors", safetensors({"a": ("F16", [4], 8)}))
        self.write_model("file: m.safetensors", "activations: 0B")
        self.assertIn("chat: state its sequences", advice())
        write_gguf(self.folder, "lora-llama-3.1-8b-r16.F16")
        self.write_model("file: lora-llama-3.1-8b-r16.F16.gguf", "activations: 0B")
        self.assertIn("chat: state its weights on the device; its files have 26MiB", advice())

    def test_the_lines_of_inspect_state_the_options_of_safetensors(self):
        self.write("m.safetensors", safetensors({"a": ("F16", [4], 8)}))
        self.write("config.json", json.dumps(CONFIG))
        for options in ([], ["--context", "8192", "--parallel", "300", "--batch", "16"],
                        ["--context", "100", "--kv-type", "f32"]):
            report = self.expect_result(FITS, "inspect", "m.safetensors", *options)
            lines = report[report.index("    file: "):].splitlines()
            self.write_model(*(line[4:] for line in lines), "activations: 0B", budget="10TiB")
            self.write("device.yaml", DEVICE.replace("1GiB", "20TiB"))
            stated = self.check(FITS if options else CANNOT_TELL)["model_files"]
            told = json.loads(self.expect_result(FITS, "inspect", "--json", "m.safetensors", *options))
            self.assertEqual(stated["state_bytes"], told["state"]["device_bytes"])

    def test_the_lines_of_inspect_are_keys_of_a_manifest(self):
        write_gguf(self.folder, LLAMA)
        report = self.expect_result(FITS, "inspect", f"{LLAMA}.gguf", "--context", "8192",
                                    "--kv-type", "f16,q8_0")
        lines = report[report.index("    file: "):].splitlines()
        self.write_model(*(line[4:] for line in lines), "activations: 0B")
        stated = self.check(FITS)["model_files"]
        told = json.loads(self.expect_result(FITS, "inspect", "--json", f"{LLAMA}.gguf", "--context",
                                             "8192", "--kv-type", "f16,q8_0"))
        self.assertEqual(stated["state_bytes"], told["state"]["device_bytes"])


if __name__ == "__main__":
    rein_case.main()
