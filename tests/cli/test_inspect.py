"""`rein inspect`: what model files of each format say, and which are refused."""

import json
import os
import struct
import tempfile

import rein_case
from model_files import ONNX_FUNCTION, field, gguf, onnx, safetensors, write_gguf
from rein_case import FITS, ReinCase
from test_json import load_schema

LLAMA = "llama-3.1-8b.Q4_K_M"
SPLIT = "split-llama-3.1-8b.Q4_K_M-0000{}-of-00003"
CONFIG = {"model_type": "llama", "num_hidden_layers": 32, "num_attention_heads": 32,
          "num_key_value_heads": 8, "hidden_size": 4096, "torch_dtype": "bfloat16"}
GRAPH = dict(nodes=[("Relu", ["x"], ["y"]), ("Add", ["y", "w"], ["z"])],
             inputs=[("x", ["batch", 256])], outputs=[("z", ["batch", 256])],
             values=[("y", ["batch", 256])], weights=[("w", [256])])


class InspectCase(ReinCase):
    def inspect(self, *arguments):
        document = json.loads(self.expect_result(FITS, "inspect", "--json", *arguments))
        load_schema("inspect").validate(document)
        return document

    def unknown(self, document):
        return sorted({entry["fact"] for entry in document["unknown"]})


class Gguf(InspectCase):
    def test_every_number_of_a_model(self):
        write_gguf(self.folder, LLAMA)
        document = self.inspect(f"{LLAMA}.gguf", "--context", "32768", "--parallel", "1")
        self.assertEqual(document["architecture"], "llama")
        self.assertEqual(document["parameters"], 8030261312)
        weights = document["weights"]
        self.assertEqual((weights["file_bytes"], weights["device_bytes"], weights["host_bytes"]),
                         (4912898304, 4617396480, 295501824))
        self.assertEqual(sum(entry["bytes"] for entry in weights["types"]), 4912898304)
        state = document["state"]
        self.assertEqual((state["total_bytes"], state["kv_bytes"], state["device_bytes"]),
                         (2 ** 32, 2 ** 32, 2 ** 32))
        self.assertEqual(state["bytes_per_token"], 131072)
        self.assertEqual(self.unknown(document), ["activations"])

    def test_options_change_the_state(self):
        write_gguf(self.folder, LLAMA)
        whole = self.inspect(f"{LLAMA}.gguf", "--context", "8192")["state"]
        half = self.inspect(f"{LLAMA}.gguf", "--context", "4096")["state"]
        small = self.inspect(f"{LLAMA}.gguf", "--context", "8192", "--kv-type", "q8_0")["state"]
        mixed = self.inspect(f"{LLAMA}.gguf", "--context", "8192", "--kv-type", "f16,q8_0")["state"]
        partly = self.inspect(f"{LLAMA}.gguf", "--context", "8192", "--gpu-layers", "16")["state"]
        self.assertEqual(whole["total_bytes"], 2 * half["total_bytes"])
        self.assertEqual(small["total_bytes"] * 32, whole["total_bytes"] * 17)
        self.assertEqual(2 * mixed["total_bytes"], small["total_bytes"] + whole["total_bytes"])
        self.assertEqual((partly["device_bytes"], partly["host_bytes"]), (503316480, 570425344))

    def test_all_layers_on_the_device(self):
        write_gguf(self.folder, LLAMA)
        default = self.inspect(f"{LLAMA}.gguf", "--context", "8192")
        stated = self.inspect(f"{LLAMA}.gguf", "--context", "8192", "--gpu-layers", "all")
        self.assertEqual((stated["state"], stated["weights"]), (default["state"], default["weights"]))
        self.assertIn({"name": "gpu_layers", "value": "all", "origin": "option"}, stated["inputs"])

    def test_engines_have_their_defaults(self):
        write_gguf(self.folder, LLAMA)
        server = self.inspect(f"{LLAMA}.gguf")
        self.assertEqual((server["engine"], server["context"]["sequences"]), ("llama-server", 4))
        self.assertIn("context", self.unknown(server))
        self.assertIsNone(server["state"]["total_bytes"])
        program = self.inspect(f"{LLAMA}.gguf", "--engine", "llama-c-api")
        self.assertEqual((program["context"]["sequences"], program["context"]["tokens"]), (1, 512))
        origins = {entry["name"]: entry["origin"] for entry in program["inputs"]}
        self.assertIn("default", origins.values())
        self.assertEqual(origins["llama.block_count"], "file")

    def test_the_first_part_finds_the_others(self):
        names = [SPLIT.format(part) for part in (1, 2, 3)]
        write_gguf(self.folder, *names)
        document = self.inspect(f"{names[0]}.gguf")
        self.assertEqual(document["files"], [f"{name}.gguf" for name in names])
        self.assertEqual(document["weights"]["file_bytes"], 4912898304)
        self.assertEqual(self.inspect(*document["files"])["weights"], document["weights"])
        self.expect_refusal((f"{names[1]}.gguf", "2", "first"), "inspect", f"{names[1]}.gguf")
        os.rename(self.path(f"{names[0]}.gguf"), self.path("first.gguf"))
        self.expect_refusal(("first.gguf", "3", "-00001-of-00003.gguf"), "inspect", "first.gguf")
        os.rename(self.path("first.gguf"), self.path(f"{names[0]}.gguf"))
        os.remove(self.path(f"{names[2]}.gguf"))
        self.expect_refusal((f"{names[2]}.gguf", "No such file"), "inspect", f"{names[0]}.gguf")

    def test_a_part_of_another_model_is_refused(self):
        first, *others = [f"{SPLIT.format(part)}.gguf" for part in (1, 2, 3)]
        write_gguf(self.folder, LLAMA, *(SPLIT.format(part) for part in (1, 2, 3)))
        self.expect_refusal((first, f"'{LLAMA}.gguf'"), "inspect", f"{LLAMA}.gguf", first)
        self.expect_refusal((f"{LLAMA}.gguf", f"'{first}'"), "inspect", first, f"{LLAMA}.gguf")
        self.expect_refusal((first, "2", "3"), "inspect", first, others[1])

    def test_a_bad_number_of_parts_is_refused(self):
        def write(kind, value):
            self.write("m.gguf", b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 11) + b"split.count" +
                       struct.pack("<I", kind) + value)
        for kind, value in ((8, struct.pack("<Q", 1) + b"x"), (5, struct.pack("<i", -1))):
            write(kind, value)
            self.expect_refusal(("m.gguf", "'split.count'"), "inspect", "m.gguf")

    def test_files_beside_a_model_count(self):
        beside = ["mmproj-gemma-3-4b.F16", "lora-llama-3.1-8b-r16.F16"]
        write_gguf(self.folder, "gemma-3-4b.Q4_K_M", *beside)
        alone = self.inspect("gemma-3-4b.Q4_K_M.gguf", "--context", "8192")
        document = self.inspect("gemma-3-4b.Q4_K_M.gguf", "--context", "8192",
                                *(f"{name}.gguf" for name in beside))
        each = [self.inspect(f"{name}.gguf")["weights"]["file_bytes"] for name in beside]
        self.assertEqual(document["weights"]["file_bytes"],
                         alone["weights"]["file_bytes"] + sum(each))
        self.assertEqual(document["state"], alone["state"])
        self.assertIn("weights-place", self.unknown(document))

    def test_an_unknown_architecture_has_weights(self):
        write_gguf(self.folder, "unknownarch-smollm2-135m")
        document = self.inspect("unknownarch-smollm2-135m.gguf", "--context", "4096")
        self.assertEqual(document["weights"]["file_bytes"], 103668480)
        self.assertIsNone(document["state"]["total_bytes"])
        self.assertIn("state", self.unknown(document))

    def test_what_the_engine_refuses_is_refused(self):
        write_gguf(self.folder, LLAMA, "bad-dims-wrap", "bad-cut-data", "bigendian-smollm2-135m")
        for name in ("bad-dims-wrap", "bad-cut-data", "bigendian-smollm2-135m"):
            self.expect_refusal((f"{name}.gguf", "byte"), "inspect", f"{name}.gguf")
        self.expect_refusal((f"{LLAMA}.gguf", "flash"), "inspect", f"{LLAMA}.gguf", "--kv-type",
                            "q8_0", "--flash-attention", "off")
        for count in ("0", "257"):
            self.expect_refusal((f"{LLAMA}.gguf", "parallel", count), "inspect", f"{LLAMA}.gguf",
                                "--parallel", count)

    def test_arrays_and_missing_names(self):
        write_gguf(self.folder, "headarrays-smollm2-135m", "noarch-smollm2-135m")
        inputs = self.inspect("headarrays-smollm2-135m.gguf")["inputs"]
        value, = {entry["value"] for entry in inputs if entry["name"].endswith("head_count_kv")}
        self.assertRegex(value, r"\b30\b.*\b3\b")
        self.assertIsNone(self.inspect("noarch-smollm2-135m.gguf")["architecture"])

    def test_numbers_of_parts_are_numbers(self):
        for key in ("split__count", "split__no"):
            self.write("m.gguf", gguf(**{key: "x"}))
            self.expect_refusal(("m.gguf", f"'{key.replace('__', '.')}'"), "inspect", "m.gguf")

    def test_another_part_that_is_cut_off(self):
        names = [SPLIT.format(part) for part in (1, 2, 3)]
        write_gguf(self.folder, *names)
        path = self.path(f"{names[1]}.gguf")
        os.truncate(path, os.path.getsize(path) - 4096)
        self.expect_refusal((f"{names[1]}.gguf", "byte"), "inspect", f"{names[0]}.gguf")

    def test_the_report_of_several_files(self):
        names = ["gemma-3-4b.Q4_K_M", "mmproj-gemma-3-4b.F16"]
        write_gguf(self.folder, *names)
        report = self.expect_result(FITS, "inspect", *(f"{name}.gguf" for name in names))
        self.assertIn(f"    file: ['{names[0]}.gguf', '{names[1]}.gguf']\n", report)

    def test_one_model_at_a_time(self):
        write_gguf(self.folder, LLAMA, "llama-3.1-8b.Q8_0")
        self.expect_refusal(("llama-3.1-8b.Q8_0.gguf", f"'{LLAMA}.gguf'"), "inspect",
                            f"{LLAMA}.gguf", "llama-3.1-8b.Q8_0.gguf")


class Safetensors(InspectCase):
    def test_a_file_and_its_config(self):
        self.write("m.safetensors", safetensors({"a": ("BF16", [64, 32], 4096), "b": ("F32", [8], 32)}))
        document = self.inspect("m.safetensors")
        self.assertEqual((document["parameters"], document["weights"]["file_bytes"]), (2056, 4128))
        self.assertEqual(self.unknown(document), ["activations", "state"])
        self.write("config.json", json.dumps(CONFIG))
        document = self.inspect("m.safetensors", "--context", "8192", "--parallel", "2")
        self.assertEqual(document["architecture"], "llama")
        self.assertEqual(document["state"]["bytes_per_token"], 131072)
        self.assertEqual(document["state"]["total_bytes"], 2 * 8192 * 131072)
        self.assertEqual((document["state"]["block_tokens"], document["state"]["block_bytes"]),
                         (16, 16 * 131072))
        self.assertEqual(self.unknown(document), ["activations"])
        wide = self.inspect("m.safetensors", "--context", "8192", "--kv-type", "f32")
        self.assertEqual(wide["state"]["total_bytes"], 2 * 8192 * 131072)

    def test_windows_need_the_tokens_of_a_step(self):
        self.write("m.safetensors", safetensors({"a": ("BF16", [64], 128)}))
        self.write("config.json", json.dumps({**CONFIG, "model_type": "mistral",
                                              "sliding_window": 4096}))
        document = self.inspect("m.safetensors", "--context", "32768")
        self.assertIsNone(document["state"]["total_bytes"])
        document = self.inspect("m.safetensors", "--context", "32768", "--batch", "2048")
        self.assertEqual(document["state"]["sliding_window_bytes"], (4095 + 2048) * 131072)

    def test_a_directory_with_an_index(self):
        os.mkdir(self.path("m"))
        self.write("m/a.safetensors", safetensors({"x": ("F16", [4], 8)}))
        self.write("m/b.safetensors", safetensors({"y": ("F16", [2], 4)}))
        self.write("m/model.safetensors.index.json", json.dumps(
            {"metadata": {"total_size": 12}, "weight_map": {"x": "a.safetensors", "y": "b.safetensors"}}))
        for path in ("m", "m/"):
            document = self.inspect(path)
            self.assertEqual(document["weights"]["file_bytes"], 12)
            self.assertEqual([os.path.basename(file) for file in document["files"]],
                             ["model.safetensors.index.json", "a.safetensors", "b.safetensors"])
        self.write("m/b.safetensors", safetensors({"z": ("F16", [2], 4)}))
        self.expect_refusal(("m/model.safetensors.index.json", "tensor 'z'"), "inspect", "m")
        os.remove(self.path("m/b.safetensors"))
        self.expect_refusal(("m/b.safetensors", "No such file"), "inspect", "m")

    def test_a_directory_with_one_file(self):
        os.mkdir(self.path("m"))
        self.expect_refusal(("m", "model.safetensors.index.json", "model.safetensors"), "inspect", "m")
        self.write("m/model.safetensors", safetensors({"x": ("F16", [4], 8)}))
        self.assertEqual(self.inspect("m")["weights"]["file_bytes"], 8)
        self.expect_refusal(("small.csv", "directory"), "inspect", "m", "small.csv")

    def test_a_tensor_in_two_files_is_refused(self):
        long = "x" * 200
        self.write("a.safetensors", safetensors({"x": ("F16", [4], 8), long: ("F16", [4], 8)}))
        self.write("b.safetensors", safetensors({"y": ("F16", [2], 4), f"{long}y": ("F16", [4], 8)}))
        document = self.inspect("a.safetensors", "b.safetensors")
        self.assertEqual((document["parameters"], document["weights"]["file_bytes"]), (14, 28))
        for name in ("x", long):
            self.write("b.safetensors", safetensors({"y": ("F16", [2], 4), name: ("F16", [4], 8)}))
            self.expect_refusal(("b.safetensors", "'x", "'a.safetensors'"), "inspect",
                                "a.safetensors", "b.safetensors")
        self.expect_refusal(("a.safetensors", "'a.safetensors'"), "inspect", "a.safetensors",
                            "a.safetensors")

    def test_a_bad_config_is_refused(self):
        self.write("m.safetensors", safetensors({"a": ("F32", [1], 4)}))
        self.write("config.json", "{")
        self.expect_refusal(("config.json", "byte"), "inspect", "m.safetensors")
        self.write("config.json", json.dumps(CONFIG))
        self.expect_refusal(("config.json", "64 bits"), "inspect", "m.safetensors", "--context",
                            str(2 ** 64 - 1))
        os.remove(self.path("config.json"))
        os.symlink("missing", self.path("config.json"))
        self.expect_refusal(("config.json", "No such file"), "inspect", "m.safetensors")

    def test_a_config_without_an_answer(self):
        self.write("m.safetensors", safetensors({"a": ("F32", [1], 4)}))
        for changed, why in (({"model_type": "whisper"}, "model_type"),
                             ({"num_hidden_layers": -1}, "num_hidden_layers")):
            self.write("config.json", json.dumps({**CONFIG, **changed}))
            document = self.inspect("m.safetensors", "--context", "8192")
            self.assertEqual(self.unknown(document), ["activations", "state"])
            self.assertIn(why, [entry["why"] for entry in document["unknown"]
                                if entry["fact"] == "state"][0])
        self.write("config.json", json.dumps({**CONFIG, "model_type": "mistral", "sliding_window": None}))
        inputs = self.inspect("m.safetensors")["inputs"]
        self.assertIn({"name": "sliding_window", "value": "null", "origin": "file"}, inputs)

    def test_a_bad_index_is_refused(self):
        os.mkdir(self.path("m"))
        self.write("m/model.safetensors.index.json", "{")
        self.expect_refusal(("m/model.safetensors.index.json", "byte"), "inspect", "m")
        self.write("m/model.safetensors.index.json", json.dumps({"weight_map": {"x": "a.safetensors"}}))
        self.write("m/a.safetensors", safetensors({"x": ("F16", [4], 8)}, data_bytes=7))
        self.expect_refusal(("m/a.safetensors", "byte"), "inspect", "m")
        self.write("m/a.safetensors", onnx(**GRAPH))
        self.expect_refusal(("m/a.safetensors", "onnx"), "inspect", "m")

    def test_options_of_another_engine(self):
        self.write("m.safetensors", safetensors({"a": ("F32", [1], 4)}))
        self.write("config.json", json.dumps(CONFIG))
        self.expect_refusal(("m.safetensors", "--ubatch", "safetensors", "--context", "--parallel",
                             "--kv-type", "--batch"), "inspect", "m.safetensors", "--ubatch", "4")
        for types in ("q8_0", "f16,q8_0", "f32,f16"):
            self.expect_refusal(("m.safetensors", "--kv-type", "f16"), "inspect", "m.safetensors",
                                "--kv-type", types)
        for option in ("--parallel", "--batch"):
            self.expect_refusal(("m.safetensors", option, "0", "1"), "inspect", "m.safetensors",
                                option, "0")

    def test_options_are_listed_as_inputs(self):
        self.write("m.safetensors", safetensors({"a": ("F32", [1], 4)}))
        self.write("config.json", json.dumps(CONFIG))

        def options(*arguments):
            return {(entry["name"], entry["value"], entry["origin"])
                    for entry in self.inspect("m.safetensors", *arguments)["inputs"]
                    if entry["name"] not in CONFIG and entry["name"] != "head_dim"}
        self.assertEqual(options(), {("parallel", "1", "default")})
        self.assertEqual(options("--context", "9", "--parallel", "300", "--kv-type", "bf16", "--batch",
                                 "7"), {("context", "9", "option"), ("parallel", "300", "option"),
                                        ("kv_type", "bf16", "option"), ("batch", "7", "option")})

    def test_sizes_that_do_not_fit(self):
        self.write("m.safetensors", safetensors({"a": ("BF16", [64], 128)}))
        self.write("config.json", json.dumps({**CONFIG, "head_dim": 2 ** 30, "num_key_value_heads": 2 ** 30,
                                              "num_attention_heads": 2 ** 30}))
        self.expect_refusal(("config.json", "64 bits"), "inspect", "m.safetensors")
        for config in (CONFIG, {**CONFIG, "model_type": "mistral", "sliding_window": 4096}):
            self.write("config.json", json.dumps(config))
            self.expect_refusal(("config.json", "64 bits"), "inspect", "m.safetensors", "--context",
                                str(2 ** 60), "--batch", "1")

    def test_a_context_of_0_and_a_model_without_a_type(self):
        self.write("m.safetensors", safetensors({"a": ("BF16", [64], 128)}))
        self.write("config.json", json.dumps(CONFIG))
        document = self.inspect("m.safetensors", "--context", "0")
        self.assertIsNone(document["state"]["total_bytes"])
        self.write("config.json", "{}")
        document = self.inspect("m.safetensors")
        self.assertIsNone(document["architecture"])
        self.assertIn("state", self.unknown(document))

    def test_a_directory_whose_file_is_broken(self):
        os.mkdir(self.path("m"))
        self.write("m/model.safetensors", safetensors({"x": ("F16", [4], 8)}, data_bytes=4))
        self.expect_refusal(("m/model.safetensors", "byte"), "inspect", "m")
        self.expect_refusal(("m", "--ubatch", "safetensors"), "inspect", "m", "--ubatch", "1")
        self.write("m/model.safetensors", onnx(**GRAPH))
        self.expect_refusal(("m/model.safetensors", "onnx"), "inspect", "m")


class Onnx(InspectCase):
    def test_a_graph_with_shapes(self):
        self.write("m.onnx", onnx(**GRAPH))
        document = self.inspect("m.onnx", "--bind", "batch=2")
        self.assertEqual((document["weights"]["file_bytes"], document["parameters"]), (1024, 256))
        self.assertEqual(document["activations"]["graph_peak_bytes"], 2 * 2 * 1024)
        self.assertEqual(document["values"],
                         [{"name": "x", "type": "float[batch,256]", "direction": "input"},
                          {"name": "z", "type": "float[batch,256]", "direction": "output"}])
        self.assertEqual(document["state"]["total_bytes"], 0)

    def test_a_symbol_without_an_extent(self):
        self.write("m.onnx", onnx(**GRAPH))
        document = self.inspect("m.onnx")
        self.assertIsNone(document["activations"]["graph_peak_bytes"])
        self.assertIn("lifetimes", self.unknown(document))
        self.expect_refusal(("m.onnx", "'batsh'", "'batch'"), "inspect", "m.onnx", "--bind", "batsh=1")
        for text in ("batch", "=2", "batch=", "batch=x", "batch=-1", "batch=1,", ""):
            done = self.run_rein("inspect", "m.onnx", "--bind", text)
            self.assertEqual(done.returncode, rein_case.BAD_INPUT, text)
            self.assertIn("'--bind'", done.stderr)

    def test_bindings_are_inputs(self):
        self.write("m.onnx", onnx(**GRAPH))
        self.assertEqual(self.inspect("m.onnx", "--bind", "batch=2")["inputs"],
                         [{"name": "batch", "value": "2", "origin": "option"}])
        report = self.expect_result(FITS, "inspect", "m.onnx", "--bind", "batch=0")
        self.assertRegex(report, r"- of the graph +0 B")

    def test_values_of_every_kind(self):
        def value(name, kind=b""):
            return field(11, field(1, name) + kind)
        dimensions = b"".join(field(1, extent) for extent in (field(1, 2), b"", field(2, "n")))
        self.write("m.onnx", field(1, 8) + field(8, field(1, "") + field(2, 17)) + field(7, b"".join((
            value("a", field(2, field(1, field(1, 1) + field(2, dimensions)))),
            value("b", field(2, field(1, field(1, 1)))),
            value("c", field(2, field(4, field(1, field(1, field(1, 1)))))),
            value("d")))))
        self.assertEqual([entry["type"] for entry in self.inspect("m.onnx")["values"]],
                         ["float[2,?,n]", "float, shape not stated", "not a tensor", "type not stated"])

    def test_one_parameter(self):
        self.write("m.onnx", onnx(nodes=[], inputs=[], outputs=[], weights=[("w", [1])]))
        self.assertIn("1 parameter\n", self.expect_result(FITS, "inspect", "m.onnx"))

    def test_symbols_in_messages(self):
        def write(*shapes):
            self.write("m.onnx", onnx(nodes=[], inputs=[(f"x{index}", shape) for index, shape in
                                                        enumerate(shapes)], outputs=[]))

        def refusal():
            done = self.run_rein("inspect", "m.onnx", "--bind", "zz=1")
            self.expect_messages(done.stderr, ("m.onnx", "'zz'"))
            return done.stderr
        write(["width", "batch"], ["batch", 2, "width"])
        self.assertRegex(refusal(), "use one of: batch, width$")
        write([2])
        self.assertRegex(refusal(), "the inputs have no symbols$")
        write([f"symbol{index}" for index in range(17)])
        self.assertNotIn("symbol1", refusal())
        self.expect_refusal(("m.onnx", "'simbol1'", "'symbol1'"), "inspect", "m.onnx", "--bind",
                            "simbol1=1")

    def test_weights_in_another_file(self):
        self.write("m.onnx", onnx(**GRAPH, external="m.data"))
        self.expect_refusal(("m.data", "No such file"), "inspect", "m.onnx")
        self.write("m.data", bytes(1023))
        self.expect_refusal(("m.data", "1023", "'m.onnx'", "1024"), "inspect", "m.onnx")
        self.write("m.data", bytes(1024))
        document = self.inspect("m.onnx")
        self.assertEqual((document["files"], document["weights"]["file_bytes"]),
                         (["m.onnx", "m.data"], 1024))

    def test_sizes_of_a_graph_that_do_not_fit(self):
        self.write("m.onnx", onnx(**GRAPH))
        self.expect_refusal(("m.onnx", "64 bits"), "inspect", "m.onnx", "--bind", f"batch={2 ** 53}")

    def test_weights_that_depend_on_a_call(self):
        self.write("m.onnx", onnx(**GRAPH) + ONNX_FUNCTION)
        document = self.inspect("m.onnx")
        self.assertIsNone(document["weights"]["device_bytes"])
        self.assertLessEqual({"weights", "lifetimes"}, set(self.unknown(document)))

    def test_sparse_inputs_and_several_symbols(self):
        self.write("m.onnx", onnx([], [("x", ["a", "b"]), ("s", [2], 8)], [("x", ["a", "b"])]))
        report = self.expect_result(FITS, "inspect", "m.onnx", "--bind", "a=2,b=3")
        self.assertIn("float[2]", report)
        self.assertIn("    bind: {'a': 2, 'b': 3}\n", report)

    def test_engine_options_do_not_apply(self):
        self.write("m.onnx", onnx(**GRAPH))
        self.expect_refusal(("m.onnx", "--context", "onnx"), "inspect", "m.onnx", "--context", "1")
        write_gguf(self.folder, LLAMA)
        self.expect_refusal((f"{LLAMA}.gguf", "gguf", "symbols"), "inspect", f"{LLAMA}.gguf",
                            "--bind", "batch=1")


class Files(InspectCase):
    def test_what_is_not_a_model(self):
        os.mkfifo(self.path("pipe"))
        self.write("empty", "")
        self.write("config.json", json.dumps(CONFIG))
        self.expect_refusal(("small.csv", "GGUF, safetensors or ONNX"), "inspect", "small.csv")
        self.expect_refusal(("empty", "GGUF, safetensors or ONNX"), "inspect", "empty")
        self.expect_refusal(("pipe", "regular file"), "inspect", "pipe")
        self.expect_refusal(("standard input", "not a file"), "inspect", "-")
        self.expect_refusal(("config.json", "directory"), "inspect", "config.json")
        self.expect_refusal(("missing", "No such file"), "inspect", "missing")

    def test_files_that_cannot_be_summed_are_refused(self):
        # A tmpfs holds sparse files of any size.
        with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
            path = os.path.join(folder, "m.gguf")
            write_gguf(folder, LLAMA)
            os.rename(os.path.join(folder, f"{LLAMA}.gguf"), path)
            os.truncate(path, 2 ** 60)
            self.inspect(path)
            self.expect_refusal((path, "larger"), "inspect", path, path)

    def test_a_file_that_shrinks_is_refused(self):
        # Its size is that of a page, and its content is shorter.
        path = "/sys/devices/system/cpu/online"
        self.assertGreater(os.stat(path).st_size, len(self.read(path)))
        self.expect_refusal((path, "shorter"), "inspect", path)

    def test_formats_are_not_mixed(self):
        self.write("m.onnx", onnx(**GRAPH))
        write_gguf(self.folder, LLAMA)
        self.expect_refusal(("m.onnx", "onnx"), "inspect", f"{LLAMA}.gguf", "m.onnx")
        self.expect_refusal(("m.onnx", "'m.onnx'"), "inspect", "m.onnx", "m.onnx")

    def test_each_option_refuses_a_bad_value(self):
        write_gguf(self.folder, LLAMA)
        self.expect_refusal(("rein", "'--kv-type'", "'q9'"), "inspect", f"{LLAMA}.gguf",
                            "--kv-type", "f16,q9")
        self.expect_refusal(("rein", "'--gpu-layers'", "'-1'", "or all"), "inspect", f"{LLAMA}.gguf",
                            "--gpu-layers", "-1")
        for option in ("engine", "context", "parallel", "kv-type", "batch", "ubatch",
                       "flash-attention", "unified-kv", "swa-full", "gpu-layers"):
            self.expect_refusal(("rein", f"'--{option}'", "'x'"), "inspect",
                                f"{LLAMA}.gguf", f"--{option}", "x")

    def test_the_report_has_the_numbers(self):
        write_gguf(self.folder, LLAMA)
        report = self.expect_result(FITS, "inspect", f"{LLAMA}.gguf", "--context", "32768")
        for number in ("8030261312", "4912898304 B", "4617396480 B", "295501824 B", "4294967296 B"):
            self.assertIn(number, report)
        self.assertIn(f"    file: '{LLAMA}.gguf'\n", report)
        self.assertIn("    engine: {name: llama-server, context: 32768, parallel: 4,", report)


if __name__ == "__main__":
    rein_case.main()
