"""`rein check --largest` gives the number that separate runs of `rein check` find one by one."""

import json
import os
import random
import threading

import model_files
import rein_case
from rein_case import BAD_INPUT, CANNOT_TELL, DOES_NOT_FIT, FITS, HARD
from reservations_case import ReservationsCase
from test_json import load_schema

MIB = 2 ** 20
GIB = 2 ** 30
LLAMA = "smollm2-135m.Q4_K_M"
# Full attention, sliding windows, latent attention, recurrent states, hybrids, encoders.
NAMES = [LLAMA, "llama-3.2-1b.Q4_K_M", "gemma-3-1b.Q8_0", "gemma-2-9b.Q4_K_M", "gpt-oss-20b.MXFP4",
         "deepseek-v2-lite.Q4_K_M", "mamba-130m.F16", "lfm2-1.2b.Q4_K_M", "flan-t5-small.F16",
         "bge-small-en-v1.5.F16", "phi-3-mini-4k.Q4_K_M", "jamba-v0.1.Q4_K_M", "olmo3-7b.Q4_K_M"]
BIG = "schema: 1\nsource: synthetic\nname: Big\ntotal: 256GiB\ncontext_overhead: 300MiB\n"
CONTEXTS_MAX = 2147483647


def flow(keys):
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}"


class LargestCase(ReservationsCase):
    def setUp(self):
        super().setUp()
        self.write("big.yaml", BIG + "granularity: 2MiB\n")

    def model(self, name, **keys):
        """Returns a model of a manifest; its budget is of 1 MiB unless `memory` states it."""
        budget = flow({"memory": keys.pop("memory", "1MiB"), "streams": 1, "compute": "1s"})
        lines = [f"  - id: {name}", f"    budget: {budget}"]
        return "\n".join(lines + [f"    {key}: {value}" for key, value in keys.items()]) + "\n"

    def fleet(self, *models, **device):
        device = {"profile": "big.yaml", **device}
        self.write("fleet.yaml", f"schema: 1\ndevice: {flow(device)}\nmodels:\n" + "".join(models))

    def largest(self, code, *arguments):
        """Returns the document of the answer, after it was compared with the table."""
        document = json.loads(self.expect_result(code, "check", "--json", "--largest", *arguments))
        load_schema("largest").validate(document)
        self.expect_same(self.expect_result(code, "check", "--largest", *arguments), document)
        return document

    def expect_same(self, table, document):
        for text in (document["path"], document["outcome"], *document["notes"], *document["advice"]):
            self.assertIn(text, table)
        for step in document["steps"]:
            self.assertRegex(table, rf"\b{step['number']}\b.* {step['outcome']}\n")
            for key in ("needed_bytes", "limit_bytes", "refusal"):
                self.assertIn(str(step.get(key) or ""), table, key)
        for key in ("number", "at_most", "fits_again"):
            self.assertRegex(table, rf"\b{document[key] or ''}\b", key)

    def check(self, *options):
        """Returns the exit code of `rein check` and its document, None if the manifest is refused."""
        done = self.run_rein("check", "--json", "fleet.yaml", *options)
        return done.returncode, json.loads(done.stdout) if done.stdout else None

    def expect_bounds(self, document, number, at_most=None, fits_again=None):
        at_most = number if at_most is None else at_most
        self.assertEqual((document["at_least"], document["at_most"], document["fits_again"]),
                         (number, at_most, fits_again))
        self.assertEqual(document["number"], number if number == at_most else None)


class AgainstSeparateRuns(LargestCase):
    @classmethod
    def setUpClass(cls):
        cls.random = random.Random(21)

    def engine(self):
        engine = {}
        if self.random.random() < 0.5:
            engine["kv_type"] = self.random.choice(["f16", "q8_0", "f32"])
            engine["flash_attention"] = "on"
        if self.random.random() < 0.5:
            engine.update(parallel=self.random.randint(1, 9), unified_kv=self.random.choice(["on", "off"]))
        if self.random.random() < 0.3:
            engine.update(swa_full="on", ubatch=128)
        return engine

    def needed(self, name, engine, activations):
        """Returns what a model needs with this engine, or None if the engine refuses it."""
        self.fleet(self.model("m", file=f"{name}.gguf", engine=flow(engine), activations=activations))
        document = self.check()[1]
        return document and document["models"][0]["needed_bytes"]

    def outcome(self, name, engine, memory, activations):
        keys = {"activations": activations} if activations else {}
        self.fleet(self.model("m", memory=f"{memory}B", file=f"{name}.gguf", engine=flow(engine), **keys))
        code = self.check()[0]
        return DOES_NOT_FIT if code == BAD_INPUT else code

    def answer(self, kind, name, engine, memory, activations):
        """Returns the answer after it was compared with one run at each of its steps."""
        self.outcome(name, engine, memory, activations)
        done = self.run_rein("check", "--json", "--largest", kind, "fleet.yaml")
        document = json.loads(done.stdout)
        load_schema("largest").validate(document)
        wanted = {FITS: "fits", DOES_NOT_FIT: "does not fit", CANNOT_TELL: "cannot tell"}
        self.assertEqual(document["outcome"], wanted[done.returncode])
        for step in document["steps"]:
            code = self.outcome(name, {**engine, kind: step["number"]}, memory, activations)
            self.assertEqual(step["outcome"], wanted[code], step)
        return document

    def test_contexts(self):
        for turn in range(18):
            name = self.random.choice(NAMES)
            engine = self.engine()
            activations = "64MiB" if turn % 3 else None
            tokens = self.random.choice([1, 300, 5000, 40000])
            model_files.write_gguf(self.folder, name)
            needed = self.needed(name, {**engine, "context": tokens}, "64MiB")
            if needed is None:
                continue
            memory = needed + self.random.choice([-4 * MIB, 0, 1, MIB * 100])
            with self.subTest(name=name, engine=engine, memory=memory, activations=activations):
                found = self.answer("context", name, engine, memory, activations)
                at_most = CONTEXTS_MAX if found["at_most"] is None else found["at_most"]
                for low, high, code in ((1, found["at_least"], FITS),
                                        (found["at_least"] + 1, at_most, CANNOT_TELL),
                                        (at_most + 1, CONTEXTS_MAX, DOES_NOT_FIT)):
                    for _ in range(2 if low <= high else 0):
                        tried = self.random.randint(low, min(high, 2 * low + 1000))
                        self.assertEqual(self.outcome(name, {**engine, "context": tried}, memory, activations),
                                         code, tried)

    def test_sequences_one_by_one(self):
        for name in (LLAMA, "gemma-3-1b.Q8_0", "mamba-130m.F16", "jamba-v0.1.Q4_K_M", "flan-t5-small.F16"):
            engine = {"context": self.random.choice([1024, 8192]),
                      "unified_kv": self.random.choice(["on", "off"]), "parallel": 1}
            model_files.write_gguf(self.folder, name)
            memory = self.needed(name, {**engine, "parallel": self.random.randint(1, 20)}, "64MiB")
            if memory is None:
                memory = self.needed(name, engine, "64MiB")
            with self.subTest(name=name, engine=engine, memory=memory):
                found = self.answer("parallel", name, engine, memory, "64MiB")
                last = min(found["fits_again"] or found["at_least"] + 6, 256)
                codes = [self.outcome(name, {**engine, "parallel": number}, memory, "64MiB")
                         for number in range(1, last + 1)]
                failing = codes.index(DOES_NOT_FIT) if DOES_NOT_FIT in codes else len(codes)
                again = [number for number, code in enumerate(codes, 1) if number > failing and code == FITS]
                self.assertEqual(found["number"], failing if failing < len(codes) else 256)
                self.assertEqual(found["fits_again"], again[0] if again else None)

    def test_instances_one_by_one(self):
        for turn in range(8):
            device = self.random.choice([{}, {"processes": 3}, {"headroom": "100MiB"}, {"reserved": "1GiB"}])
            own = self.random.choice([{}, {"processes": 2}])
            pools = self.random.choice(["", "memory_pools: true\npool_growth: 32MiB\n"])
            self.write("big.yaml", BIG.replace("256GiB", f"{self.random.randint(2000, 9000)}MiB") +
                       "granularity: 2MiB\n" + pools)
            copied = dict(memory=f"{self.random.randint(100, 900)}MiB", weights="50MiB", activations="1MiB", **own)
            others = [self.model("other", memory="333MiB", weights="1MiB", activations="1MiB")] * (turn % 2)
            with self.subTest(device=device, own=own, pools=pools, copied=copied):
                self.fleet(self.model("m", **copied), *others, **device)
                found = self.run_rein("check", "--json", "--largest", "instances", "--model", "m", "fleet.yaml")
                found = json.loads(found.stdout)
                for number in (1, found["number"], found["number"] + 1):
                    self.fleet(*(self.model(f"m{index}", **copied) for index in range(number)), *others, **device)
                    if number:
                        self.assertEqual(self.check()[0], FITS if number <= found["number"] else DOES_NOT_FIT)

    def test_a_model_file_needs_no_budget(self):
        model_files.write_gguf(self.folder, LLAMA)
        self.write("big.yaml", BIG.replace("256GiB", "3GiB") + "granularity: 2MiB\n")
        found = self.largest(FITS, "context", f"{LLAMA}.gguf", "--device", "big.yaml", "--activations", "64MiB",
                             "--headroom", "100MiB", "--parallel", "4", "--kv-type", "f16")
        for tokens, code in ((found["number"], FITS), (found["number"] + 1, DOES_NOT_FIT)):
            engine = {"context": tokens, "parallel": 4, "kv_type": "f16"}
            memory = self.needed(LLAMA, engine, "64MiB")
            self.fleet(self.model("m", memory=f"{memory}B", file=f"{LLAMA}.gguf", engine=flow(engine),
                                  activations="64MiB"), headroom="100MiB")
            checked, document = self.check()
            self.assertEqual(checked, code)
            step = next(step for step in found["steps"] if step["number"] == tokens)
            self.assertEqual((step["limit"], step["needed_bytes"], step["shortfall_bytes"]),
                             ("device", document["memory"]["requested_bytes"],
                              document["memory"]["shortfall_bytes"]))


class Answers(LargestCase):
    def setUp(self):
        super().setUp()
        model_files.write_gguf(self.folder, LLAMA)
        self.file = f"{LLAMA}.gguf"

    def fleet_of_file(self, memory, engine, **keys):
        self.fleet(self.model("chat", memory=memory, file=self.file, engine=engine, **keys))

    def write_qwen(self):
        """Writes a directory with a model whose cache has 12288 bytes for each token."""
        os.mkdir(self.path("qwen"))
        self.write("qwen/config.json", json.dumps(
            {"model_type": "qwen2", "num_hidden_layers": 24, "num_attention_heads": 14, "num_key_value_heads": 2,
             "hidden_size": 896, "use_sliding_window": False, "torch_dtype": "bfloat16"}))
        self.write("qwen/model.safetensors", model_files.safetensors({"w": ("BF16", [1024], 2048)}))

    def test_more_sequences_can_take_less(self):
        # 31 take 31 x 512 cells, 32 take 32 x 256.
        self.fleet_of_file("400MiB", "{context: 8192, parallel: 1, unified_kv: off}", activations="8MiB")
        found = self.largest(FITS, "parallel", "fleet.yaml")
        self.assertLess(found["number"], 31)
        self.assertEqual((found["fits_again"], found["maximum"]), (32, 256))
        self.assertIn(f"{-(-8192 // found['number'] // 256) * 256} tokens", found["notes"][0])
        self.assertIn("32", found["notes"][1])

    def test_the_most_that_the_engine_runs(self):
        self.fleet_of_file("200GiB", "{context: 8192, parallel: 1}", activations="8MiB")
        found = self.largest(FITS, "parallel", "fleet.yaml")
        self.assertEqual((found["number"], found["at_most"], len(found["steps"])), (256, None, 1))
        self.assertIn("256 tokens", found["notes"][0])
        self.fleet_of_file("200GiB", "{context: 8192, parallel: 1, unified_kv: on}", activations="8MiB")
        self.assertIn("8192 tokens", self.largest(FITS, "parallel", "fleet.yaml")["notes"][0])

    def test_sequences_of_a_file_with_caches_of_their_own(self):
        arguments = [self.file, "--context=8192", "--device=big.yaml", "--activations=8MiB", "--headroom=261444MiB"]
        found = self.largest(FITS, "parallel", *arguments)
        self.assertEqual(self.largest(FITS, "parallel", *arguments, "--unified-kv=off")["steps"], found["steps"])
        self.assertEqual(found["fits_again"], 32)

    def test_an_encoder_has_every_context(self):
        model_files.write_gguf(self.folder, "bge-small-en-v1.5.F16")
        self.fleet(self.model("m", memory="1GiB", file="bge-small-en-v1.5.F16.gguf", activations="8MiB"))
        found = self.largest(FITS, "context", "fleet.yaml")
        self.assertEqual((found["number"], found["maximum"]), (CONTEXTS_MAX, CONTEXTS_MAX))
        self.assertIn(str(CONTEXTS_MAX), self.expect_result(FITS, "check", "--largest", "context", "fleet.yaml"))

    def test_a_context_above_the_trained_one(self):
        self.fleet_of_file("8GiB", "{parallel: 1}", activations="8MiB")
        found = self.largest(FITS, "context", "fleet.yaml")
        self.assertGreater(found["number"], found["trained_tokens"])
        self.assertIn(str(found["trained_tokens"]), found["notes"][0])
        self.fleet_of_file("150MiB", "{parallel: 1}", activations="8MiB")
        self.assertEqual(self.largest(FITS, "context", "fleet.yaml")["notes"], [])

    def test_the_next_number_and_its_numbers(self):
        self.fleet_of_file("500MiB", "{parallel: 1}", activations="8MiB")
        found = self.largest(FITS, "context", "fleet.yaml")
        last, following = found["steps"]
        self.assertEqual((last["number"] + 1, following["limit"], following["limit_bytes"]),
                         (following["number"], "budget", 500 * MIB))
        self.assertEqual(following["needed_bytes"], following["limit_bytes"] + following["shortfall_bytes"])
        table = self.expect_result(FITS, "check", "--largest", "context", "fleet.yaml")
        for number in (last["number"], following["number"], following["needed_bytes"], 500 * MIB):
            self.assertIn(str(number), table)

    def test_not_even_one_fits(self):
        self.fleet_of_file("8MiB", "{parallel: 1}", activations="8MiB")
        for kind in ("context", "parallel", "instances"):
            found = self.largest(DOES_NOT_FIT, kind, "fleet.yaml")
            self.expect_bounds(found, 0)
            self.assertEqual([step["number"] for step in found["steps"]], [1])

    def test_unknown_activations_leave_a_bound(self):
        self.fleet_of_file("500MiB", "{parallel: 1}")
        found = self.largest(CANNOT_TELL, "context", "fleet.yaml")
        self.assertEqual((found["number"], found["at_least"], found["missing"]), (None, 0, ["activations"]))
        self.fleet_of_file("500MiB", "{parallel: 1}", activations="0B")
        self.assertEqual(self.largest(FITS, "context", "fleet.yaml")["number"], found["at_most"])
        bound = found["at_most"]
        self.fleet_of_file("500MiB", "{parallel: 1}")
        self.assertIn(str(bound + 1), self.expect_result(CANNOT_TELL, "check", "--largest", "context", "fleet.yaml"))

    def test_options_for_what_a_file_does_not_say(self):
        self.write("bare.yaml", "schema: 1\nsource: synthetic\ntotal: 4GiB\n")
        arguments = ["context", self.file, "--device", "bare.yaml"]
        for missing, option in (("activations", "--activations=64MiB"), ("context_overhead", "--context-overhead=300MiB"),
                                ("granularity", "--granularity=2MiB")):
            found = self.largest(CANNOT_TELL, *arguments)
            self.assertIn(missing, found["missing"])
            name = option.split("=", maxsplit=1)[0]
            self.assertTrue(any(name in sentence for sentence in found["advice"]), found["advice"])
            arguments.append(option)
        self.assertEqual(self.largest(FITS, *arguments)["missing"], [])
        found = self.largest(CANNOT_TELL, "parallel", *arguments[1:])
        self.assertEqual((found["missing"], found["at_most"]), (["state"], None))
        self.assertIn("--context", found["advice"][0])

    def test_a_state_that_depends_on_an_option(self):
        model_files.write_gguf(self.folder, "gemma-4-e4b.Q8_0")
        arguments = ["context", "gemma-4-e4b.Q8_0.gguf", "--device", "big.yaml", "--activations", "8MiB"]
        found = self.largest(CANNOT_TELL, *arguments)
        self.assertEqual(found["missing"], ["state"])
        self.assertIn("flash_attention", found["advice"][0])
        self.assertGreater(self.largest(FITS, *arguments, "--flash-attention", "on")["number"], 0)

    def test_weights_that_are_not_in_the_file(self):
        model_files.write_gguf(self.folder, "lora-llama-3.1-8b-r16.F16")
        for kind in ("instances", "context"):
            found = self.largest(CANNOT_TELL, kind, "lora-llama-3.1-8b-r16.F16.gguf", "--device", "big.yaml",
                                 "--activations", "8MiB")
            self.assertEqual((found["missing"], len(found["advice"])), (["weights"], 1))

    def test_an_architecture_that_is_not_known(self):
        model_files.write_gguf(self.folder, "unknownarch-smollm2-135m")
        found = self.largest(CANNOT_TELL, "context", "unknownarch-smollm2-135m.gguf", "--device", "big.yaml",
                             "--activations", "8MiB")
        self.assertEqual(found["missing"], ["weights", "state"])
        for sentence in found["advice"]:
            self.assertIn("manifest", sentence)

    def test_no_device(self):
        self.fleet_of_file("500MiB", "{parallel: 1}", activations="8MiB")
        bound = self.largest(FITS, "context", "fleet.yaml")["number"]
        self.fleet(self.model("chat", memory="500MiB", file=self.file, engine="{parallel: 1}", activations="8MiB"),
                   granularity="2MiB")
        # No machine has so many devices.
        found = self.largest(CANNOT_TELL, "context", "fleet.yaml", "--device", "999999")
        self.expect_bounds(found, 0, bound)
        self.assertIn("device_memory", found["missing"])
        found = self.largest(CANNOT_TELL, "context", self.file, "--device", "999999", "--parallel", "1",
                             "--activations", "8MiB", "--context-overhead", "1MiB", "--granularity", "1B")
        self.assertEqual((found["missing"], found["at_most"]), (["device_memory"], None))
        self.assertIn("--device", found["advice"][0])

    def test_live_reservations_count(self):
        self.write("fleet.yaml", "schema: 1\ndevice: {profile: gpu.yaml}\nmodels:\n" +
                   self.model("m", memory="100MiB", weights="1MiB", activations="1MiB"))
        # 1024 MiB; each takes 100, and all together a context of 64.
        self.expect_bounds(self.largest(FITS, "instances", "fleet.yaml"), 9)
        held = self.start("sh", "-c", "echo ready; read line")
        found = self.largest(FITS, "instances", "fleet.yaml")
        self.expect_bounds(found, 3)
        self.assertEqual([(step["limit"], step["needed_bytes"], step["limit_bytes"], step["shortfall_bytes"])
                          for step in found["steps"]],
                         [("device", 300 * MIB, 396 * MIB, 0), ("device", 400 * MIB, 396 * MIB, 4 * MIB)])
        # A model in a file takes what the reservation leaves.
        self.write("m.onnx", model_files.onnx([], [], []))
        found = self.largest(FITS, "instances", "m.onnx", "--device=gpu.yaml", "--activations=100MiB")
        self.expect_bounds(found, 2)
        held.communicate()

    def test_a_measured_model(self):
        self.write("m.yaml", "schema: 1\npeak: 200MiB\nincludes_contexts: true\n")
        self.write("fleet.yaml", "schema: 1\ndevice: {profile: gpu.yaml}\nmodels:\n" +
                   self.model("chat", memory="200MiB", file=self.file, measured="m.yaml"))
        # Each budget covers the context of its instance.
        found = self.largest(FITS, "instances", "fleet.yaml")
        self.expect_bounds(found, 5)
        self.assertEqual([note.count("chat") for note in found["notes"]], [1])
        self.assertIn("as measured", self.expect_result(FITS, "check", "--largest", "instances", "fleet.yaml"))
        for kind in ("context", "parallel"):
            self.expect_refusal(("fleet.yaml:", "'chat'", f"--largest {kind}", "'measured'"), "check", "--largest",
                                kind, "fleet.yaml")

    def test_a_model_that_needs_nothing(self):
        self.write("m.onnx", model_files.onnx([], [], []))
        found = self.largest(FITS, "instances", "m.onnx", "--device=gpu.yaml", "--activations=0B")
        # A context of 64 MiB and a step of 2 MiB for each.
        self.expect_bounds(found, 15)

    def test_other_models_stay(self):
        other = self.model("other", memory="1GiB", weights="1000MiB", activations="1MiB")
        copied = self.model("m", memory="100MiB", weights="1MiB", activations="1MiB")
        self.write("big.yaml", BIG.replace("256GiB", "3GiB") + "granularity: 2MiB\n")
        self.fleet(copied, other, processes=2)
        # 3072 = 1024 + 2 x 300, and 100 for each instance.
        found = self.largest(FITS, "instances", "fleet.yaml", "--model", "m")
        self.expect_bounds(found, 14)
        self.assertRegex(found["notes"][0], r"\b2 processes\b.*'processes: 1'")
        self.expect_bounds(self.largest(FITS, "instances", "fleet.yaml", "--model", "other"), 2)
        # With a process and a context of 300 for each.
        self.fleet(self.model("m", memory="100MiB", weights="1MiB", activations="1MiB", processes=1), other)
        found = self.largest(FITS, "instances", "fleet.yaml", "--model", "m")
        self.expect_bounds(found, 4)
        self.assertEqual(found["notes"], [])
        self.fleet(copied, self.model("other", memory="1GiB", weights="1025MiB", activations="1MiB"))
        found = self.largest(DOES_NOT_FIT, "instances", "fleet.yaml", "--model", "m")
        self.assertEqual((found["steps"][0]["limit"], found["steps"][0]["shortfall_bytes"]),
                         ("other_model", 4 * MIB))

    def test_instances_of_a_cap_are_not_judged(self):
        self.fleet(self.model("cap", memory="1GiB"))
        found = self.largest(FITS, "instances", "fleet.yaml")
        self.assertEqual(sum(note.count("cap") for note in found["notes"]), 1)

    def test_instances_of_a_server(self):
        # 10 instances of 2248 MiB and a context of 500 MiB fit 24 GiB if they share a process.
        self.write("a30.yaml", "schema: 1\nsource: synthetic\ntotal: 24576MiB\ncontext_overhead: 500MiB\n"
                   "granularity: 2MiB\n")
        self.fleet(self.model("m", memory="2248MiB", weights="200MiB", activations="2GiB"), profile="a30.yaml")
        self.expect_bounds(self.largest(FITS, "instances", "fleet.yaml"), 10)

    def test_the_most_instances_that_are_tried(self):
        self.fleet(self.model("m", weights="0B", activations="0B"))
        found = self.largest(FITS, "instances", "fleet.yaml")
        self.assertEqual((found["number"], found["at_most"], found["maximum"]), (4096, None, 4096))
        self.fleet(self.model("m", memory="200GiB", weights="0B", activations="0B"))
        self.expect_bounds(self.largest(FITS, "instances", "fleet.yaml"), 1)

    def test_a_plan_that_is_not_exact(self):
        self.write("hard.csv", HARD)
        self.fleet(self.model("m", memory="60B", weights="0B", lifetimes="hard.csv", sequences=1, state="1B"),
                   granularity="1B")
        plan = self.check("--effort", "0")[1]["models"][0]["activations"]
        low, high = plan["lower_bound_bytes"], plan["bytes"]
        self.assertLess(low, high)
        found = self.largest(CANNOT_TELL, "parallel", "fleet.yaml", "--effort", "0")
        self.expect_bounds(found, 60 - high, 60 - low)
        self.assertEqual(found["missing"], ["exact_plan"])

    def test_a_doubt_about_another_model(self):
        self.fleet(self.model("m", memory="100MiB", weights="2MiB", activations="2MiB", sequences=1, state="2MiB"),
                   self.model("other", memory="1GiB", weights="1MiB"))
        found = self.largest(CANNOT_TELL, "parallel", "fleet.yaml", "--model", "m")
        self.expect_bounds(found, 0, 48)
        self.assertEqual(found["missing"], ["activations"])

    def test_an_architecture_that_is_not_known(self):
        model_files.write_gguf(self.folder, "alltypes")
        found = self.largest(CANNOT_TELL, "context", "alltypes.gguf", "--device=big.yaml", "--activations=0B")
        self.assertEqual((found["missing"], found["at_most"]), (["weights", "state"], None))
        self.assertTrue(any("frobnicate" in sentence for sentence in found["advice"]), found["advice"])

    def test_a_trained_context_without_a_known_one(self):
        self.write("m.gguf", model_files.gguf(
            general__architecture="llama", llama__block_count=2, llama__context_length=4096,
            llama__embedding_length=512, llama__attention__head_count=8, llama__nextn_predict_layers=1))
        found = self.largest(CANNOT_TELL, "context", "m.gguf", "--device=big.yaml", "--activations=0B")
        self.assertEqual((found["trained_tokens"], found["notes"]), (4096, []))
        self.assertTrue(any("nextn_predict_layers" in sentence for sentence in found["advice"]), found["advice"])

    def test_instances_of_servers(self):
        model_files.write_gguf(self.folder, LLAMA)
        stated = dict(file=f"{LLAMA}.gguf", engine="{context: 512, parallel: 1}", activations="1MiB", memory="2GiB")
        self.write("big.yaml", BIG.replace("256GiB", "7GiB") + "granularity: 2MiB\n")
        self.fleet(self.model("m", **stated))
        # 7168 MiB: 2048 and a context of 300 for each.
        found = self.largest(FITS, "instances", "fleet.yaml")
        self.expect_bounds(found, 3)
        self.assertEqual(found["notes"], [])
        self.fleet(self.model("m", **stated), processes=1)
        found = self.run_rein("check", "--json", "--largest", "instances", "fleet.yaml")
        self.assertIn("1 process", json.loads(found.stdout)["notes"][0])

    def test_sequences_that_the_manifest_states(self):
        self.fleet(self.model("m", memory="1000MiB", weights="100MiB", activations="20MiB", sequences=1,
                              state="8MiB"))
        self.expect_bounds(self.largest(FITS, "parallel", "fleet.yaml"), 110)
        self.fleet(self.model("m", memory="1000MiB", weights="100MiB", activations="20MiB", sequences=1))
        self.assertEqual(self.largest(CANNOT_TELL, "parallel", "fleet.yaml")["missing"], ["state"])

    def test_sequences_beside_the_engine(self):
        self.fleet_of_file("500MiB", "{context: 8192, parallel: 2, unified_kv: off}", activations="8MiB", sequences=2)
        found = self.largest(FITS, "parallel", "fleet.yaml")
        self.fleet_of_file("500MiB", "{context: 8192, parallel: 2, unified_kv: off}", activations="8MiB")
        self.assertEqual(self.largest(FITS, "parallel", "fleet.yaml")["number"], found["number"])

    def test_a_state_below_that_of_the_file(self):
        # 8 sequences have 2048 cells of 23040 bytes, 45 MiB; one has 1024.
        self.fleet_of_file("9GiB", "{context: 1024, parallel: 8, unified_kv: off}", activations="8MiB", sequences=8,
                           state="6MiB")
        self.assertEqual(self.run_rein("check", "fleet.yaml").returncode, FITS)
        self.expect_refusal(("fleet.yaml:", "state", "6291456", "23592960"), "check", "--largest", "parallel",
                            "fleet.yaml")

    def test_sums_beyond_64_bits(self):
        self.write("huge.yaml", f"schema: 1\nsource: synthetic\ntotal: {2 ** 64 - 1}B\ncontext_overhead: 0B\n"
                   "granularity: 1B\n")
        self.fleet(self.model("m", memory=f"{2 ** 62}B", weights="1MiB", activations="1MiB"), profile="huge.yaml")
        found = self.largest(FITS, "instances", "fleet.yaml")
        self.assertEqual((found["number"], found["steps"][1]["limit"]), (3, "refused"))
        self.assertIn("64 bits", self.expect_result(FITS, "check", "--largest", "instances", "fleet.yaml"))
        # Each token has 2^9 blocks with 2^14 heads of K and V, of 2^9 elements of 2 bytes: 2^34 bytes.
        self.write("m.gguf", model_files.gguf(
            ["blk.511.attn_norm.weight"], general__architecture="llama", llama__block_count=2 ** 9, llama__context_length=4096,
            llama__embedding_length=2 ** 23, llama__attention__head_count=2 ** 14))
        found = self.largest(FITS, "context", "m.gguf", "--device", "huge.yaml", "--activations", "0B",
                             "--flash-attention", "on")
        self.assertEqual((found["number"], found["steps"][1]["limit"]), (2 ** 30 - 256, "refused"))
        self.write_qwen()
        found = self.largest(FITS, "context", "qwen", "--device", "huge.yaml", "--activations", "0B", "--parallel",
                             str(2 ** 40))
        self.assertEqual((found["number"], found["steps"][1]["limit"]), (2 ** 24 // 12288, "refused"))

    def test_a_directory_of_safetensors(self):
        self.write_qwen()
        self.write("big.yaml", BIG.replace("256GiB", "1GiB") + "granularity: 1B\n")
        arguments = ["qwen", "--device", "big.yaml", "--activations", "0B"]
        available = 724 * MIB - 2048
        self.expect_bounds(self.largest(FITS, "context", *arguments, "--parallel", "4"), available // 12288 // 4)
        self.expect_bounds(self.largest(FITS, "context", "qwen/", *arguments[1:]), available // 12288)
        self.expect_bounds(self.largest(FITS, "parallel", *arguments, "--context", "1000"),
                           available // 12288 // 1000)
        self.expect_bounds(self.largest(FITS, "instances", *arguments, "--context", "1000"), 3)

    def test_a_name_does_not_decide(self):
        os.rename(self.path(self.file), self.path("model.yaml"))
        self.assertIsNone(self.largest(FITS, "context", "model.yaml", "--device", "big.yaml", "--activations",
                                       "8MiB")["model"])
        self.fleet(self.model("m", memory="1GiB", file="model.yaml", activations="8MiB"))
        os.rename(self.path("fleet.yaml"), self.path("fleet.gguf"))
        self.assertEqual(self.largest(FITS, "context", "fleet.gguf")["model"], "m")

    def test_a_manifest_from_a_pipe(self):
        self.fleet_of_file("500MiB", "{parallel: 1}", activations="8MiB")
        number = self.largest(FITS, "context", "fleet.yaml")["number"]
        with open(self.path("fleet.yaml"), "rb") as manifest:
            piped = self.expect_result(FITS, "check", "--json", "--largest", "context", "-", stdin=manifest)
        self.assertEqual(json.loads(piped)["number"], number)
        # The writer of a named pipe writes once.
        os.mkfifo(self.path("pipe"))
        writer = threading.Thread(target=self.write, args=("pipe", self.read("fleet.yaml")))
        writer.start()
        piped = self.expect_result(FITS, "check", "--json", "--largest", "context", "pipe")
        self.assertEqual(json.loads(piped)["number"], number)
        writer.join()


REFUSALS = [
    (["--largest", "contexts", "one.yaml"], ("rein", "'--largest'", "'contexts'", "'context'")),
    (["--largest", "instances", "two.yaml"], ("two.yaml", "2", "--model ID")),
    (["--largest", "instances", "--model", "b", "one.yaml"], ("one.yaml", "'b'", "a")),
    (["--largest", "context", "one.yaml"], ("one.yaml:", "'a'", "--largest context", "GGUF", "safetensors")),
    (["--largest", "parallel", "one.yaml"], ("one.yaml:", "'a'", "--largest parallel", "'sequences'")),
    (["--largest", "context", "state.yaml"], ("state.yaml:", "'a'", "--largest context", "'state'")),
    (["--largest", "context", "missing.yaml"], ("missing.yaml", "No such file")),
    (["--model", "a", "one.yaml"], ("rein", "'--model'", "'--largest'")),
    (["--activations", "1MiB", "one.yaml"], ("rein", "'--activations'", "'--largest'")),
    (["--gpu-layers", "1", "one.yaml"], ("rein", "'--gpu-layers'", "'--largest'")),
    (["--largest", "instances", "--svg", "x", "one.yaml"], ("rein", "--largest instances", "--svg")),
    (["--largest", "instances", "--explain", "one.yaml"], ("rein", "--largest instances", "--explain")),
    (["--largest", "instances", "--format", "junit", "one.yaml"],
     ("rein", "--largest instances", "--format junit", "table", "json")),
    (["--largest", "instances", "--format", "github", "one.yaml"],
     ("rein", "--largest instances", "--format github", "table", "json")),
    (["--largest", "instances", "--context", "9", "one.yaml"], ("rein", "'--context'", "manifest")),
    (["--largest", "instances", "--headroom", "9B", "one.yaml"], ("rein", "'--headroom'", "manifest")),
    (["--largest", "context", "--context", "9", "m.gguf"], ("rein", "--largest context", "--context")),
    (["--largest", "parallel", "--parallel", "9", "m.gguf"], ("rein", "--largest parallel", "--parallel")),
    (["--largest", "parallel", "--model", "m", "m.gguf"], ("rein", "'--model'", "'m.gguf'")),
    (["--largest", "parallel", "--effort", "5", "m.gguf"], ("rein", "'--effort'", "'m.gguf'")),
    (["--largest", "context", "--kv-type", "f17", "m.gguf"], ("rein", "'--kv-type'", "'f17'")),
    (["--largest", "context", "--granularity", "0B", "m.gguf"], ("rein", "'--granularity'", "0")),
    *((["--largest", "context", option, "5", "m.gguf"], ("rein", f"'{option}'", "'5'"))
      for option in ("--activations", "--headroom", "--context-overhead", "--granularity")),
    (["--largest", "context", "--parallel", "0", "m.gguf"], ("m.gguf", "parallel", "0")),
    (["--largest", "context", "m.onnx"], ("m.onnx", "--largest context", "GGUF", "safetensors")),
    (["--largest", "parallel", "m.onnx"], ("m.onnx", "--largest parallel", "GGUF", "safetensors")),
    (["--largest", "instances", "--context", "9", "m.onnx"], ("m.onnx", "--context", "onnx")),
    (["--largest", "context", "empty"], ("empty", "model.safetensors")),
    (["--largest", "context", "bad.gguf"], ("bad.gguf", "4", "0")),
]


class Refusals(LargestCase):
    def test_each_refusal(self):
        model_files.write_gguf(self.folder, LLAMA)
        os.rename(self.path(f"{LLAMA}.gguf"), self.path("m.gguf"))
        one = self.model("a", memory="1GiB", weights="1MiB", activations="1MiB")
        for name, models in (("one", [one]), ("two", [one, one.replace("id: a", "id: b")]),
                             ("state", [self.model("a", file="m.gguf", sequences=4, state="1GiB")])):
            self.fleet(*models)
            os.rename(self.path("fleet.yaml"), self.path(f"{name}.yaml"))
        self.write("m.onnx", model_files.onnx([], [], []))
        self.write("bad.gguf", b"GGUF" + bytes(40))
        os.mkdir(self.path("empty"))
        for arguments, said in REFUSALS:
            with self.subTest(arguments):
                self.expect_refusal(said, "check", "--device", "big.yaml", *arguments)
        for path in ("one.yaml", "m.gguf"):
            self.expect_refusal(("missing.yaml", "No such file"), "check", "--device", "missing.yaml", "--largest",
                                "instances", path)


if __name__ == "__main__":
    rein_case.main()
