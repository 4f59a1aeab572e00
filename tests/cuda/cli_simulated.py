"""`rein probe` and `rein check --device auto` end to end, on simulated devices."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "cli"))

import jsonschema

import rein_case
from messages import faults_of
from rein_case import BAD_INPUT, CANNOT_TELL, DOES_NOT_FIT, FITS, ROOT, ReinCase

ONE = {"REIN_SIMULATED_DEVICES": "1"}
TWO = {"REIN_SIMULATED_DEVICES": "2"}


class Simulated(ReinCase):
    def probe(self, *arguments, variables=None):
        return self.expect_result(FITS, "probe", *arguments, variables=variables or ONE)

    def test_probe_is_context_free_by_default(self):
        text = self.probe()
        self.assertIn("device 0: Simulated device\n", text)
        self.assertRegex(text, r"(?m)^  total memory +8\.0 GiB$")
        self.assertRegex(text, r"(?m)^  free memory +unknown$")

    def test_exact_probe_says_more_and_its_cost(self):
        text = self.probe("--exact")
        self.assertRegex(text, r"(?m)^  free memory +7\.7 GiB$")
        self.assertRegex(text, r"(?m)^  granularity +512 B$")
        self.assertRegex(text, r"(?m)^  pool growth +32\.0 MiB$")
        self.assertRegex(text, r"(?m)^  stream priorities +0 to -5$")
        self.assertRegex(text, r"(?m)^  probe took .* and 300\.0 MiB of device memory$")

    def probe_schema(self):
        with open(os.path.join(ROOT, "docs", "schema", "probe.schema.json"),
                  encoding="utf-8") as file:
            return jsonschema.Draft202012Validator(json.load(file))

    def test_json_keeps_its_schema(self):
        schema = self.probe_schema()
        for options in ([], ["--exact"]):
            document = json.loads(self.probe("--json", *options, variables=TWO))
            schema.validate(document)
            self.assertEqual([device["index"] for device in document["devices"]], [0, 1])
            self.assertEqual(document["devices"][0]["total_bytes"], 8 * 2 ** 30)
        self.assertEqual(document["devices"][0]["free_bytes"], (8 * 1024 - 300) * 2 ** 20)

    def test_one_device_of_two(self):
        document = json.loads(self.probe("--json", "--device", "0000:02:00.0", variables=TWO))
        self.assertEqual([device["index"] for device in document["devices"]], [1])
        done = self.run_rein("probe", "--device", "2", variables=TWO)
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertRegex(done.stderr, "'2'.*CUDA_VISIBLE_DEVICES")

    def test_a_device_that_cannot_be_read_does_not_hide_the_others(self):
        broken = {**TWO, "REIN_SIMULATED_FAULT": "cudaGetDeviceProperties"}
        done = self.run_rein("probe", variables=broken)
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertTrue(done.stderr.startswith("rein: device 0: "), done.stderr)
        self.assertIn("device 0: cannot be read\ndevice 1: Simulated device\n", done.stdout)
        done = self.run_rein("probe", "--json", variables=broken)
        self.assertEqual(done.returncode, CANNOT_TELL)
        document = json.loads(done.stdout)
        self.probe_schema().validate(document)
        unread, read = document["devices"]
        self.assertIn(unread["reason"], done.stderr)
        self.assertEqual((unread["total_bytes"], unread["name"]), (None, None))
        self.assertEqual((read["reason"], read["total_bytes"]), (None, 8 * 2 ** 30))

    def test_an_unread_device_writes_no_profile(self):
        broken = {**ONE, "REIN_SIMULATED_FAULT": "cudaGetDeviceProperties"}
        done = self.run_rein("probe", "-o", "recorded.yaml", variables=broken)
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertFalse(os.path.exists(self.path("recorded.yaml")))

    def test_a_written_profile_is_read_back(self):
        self.probe("--exact", "-o", "recorded.yaml")
        self.assertIn("source: recorded\n", self.read("recorded.yaml"))
        table = self.expect_result(FITS, "check", "fleet.yaml", "--device", "recorded.yaml")
        self.assertIn("Simulated device", table)

    def test_a_profile_to_standard_output(self):
        done = self.run_rein("probe", "-o", "-", variables=ONE)
        self.assertEqual((done.returncode, done.stdout.split("\n")[0]), (FITS, "schema: 1"))
        self.assertIn("device 0: Simulated device", done.stderr)

    def test_output_that_cannot_be_written(self):
        full = ("rein", "standard output", "No space left on device")
        for form in ([], ["--json"]):
            for variables in (ONE, {"REIN_SIMULATED_DEVICES": "0"}):
                with open("/dev/full", "w", encoding="utf-8") as stdout:
                    done = self.run_rein("probe", *form, variables=variables, stdout=stdout)
                is_silent = variables != ONE and not form
                self.assertEqual(done.returncode, CANNOT_TELL if is_silent else BAD_INPUT)
                last = "".join(done.stderr.splitlines(True)[-1:])
                self.assertEqual(faults_of(last, full) == [], not is_silent, done.stderr)
        done = self.run_rein("probe", "-o", "none/recorded.yaml", variables=ONE)
        self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""))
        self.expect_messages(done.stderr, ("none/recorded.yaml", "cannot write", "No such file or directory"))

    def test_two_devices_do_not_go_into_one_file(self):
        self.expect_refusal(("rein", "2 devices", "--device"), "probe", "-o", "recorded.yaml", variables=TWO)
        self.assertFalse(os.path.exists(self.path("recorded.yaml")))

    def test_check_reads_the_live_device(self):
        uuid = json.loads(self.probe("--json"))["devices"][0]["uuid"]
        for name in ("auto", "0", uuid, "0000:01:00.0"):
            table = self.expect_result(FITS, "check", "fleet.yaml", "--device", name, variables=ONE)
            self.assertIn("Simulated device", table)
        done = self.run_rein("check", "fleet.yaml", "--device", "1", variables=ONE)
        self.assertEqual(done.returncode, CANNOT_TELL)

    def test_check_without_the_live_device(self):
        text = self.expect_result(CANNOT_TELL, "check", "fleet.yaml", "--device", "1", "--format",
                                  "github", variables=ONE)
        self.assertRegex(text, "title=device%3A cannot tell::no device: .*'1'")
        text = self.expect_result(CANNOT_TELL, "check", "fleet.yaml", "--device", "auto", variables={
            **ONE, "REIN_SIMULATED_FAULT": "cudaGetDeviceProperties"})
        self.assertIn("DEVICE  auto: no device: ", text)

    def test_check_gives_the_cost_of_the_probe_back_where_it_is_known(self):
        for answer, free in (("", "8.0 GiB"), ("no_init", "7.7 GiB")):
            text = self.run_rein("check", "fleet.yaml", "--device", "auto",
                                 variables={**ONE, "FAKE_NVML": answer}).stdout
            self.assertRegex(text, rf"(?m)^  memory +{free} .* free memory$")

    def test_check_refuses_what_the_live_device_lacks(self):
        self.write("large.yaml", self.read("fleet.yaml").replace("memory: 100MiB", "memory: 8GiB"))
        self.expect_result(DOES_NOT_FIT, "check", "large.yaml", "--device", "auto", variables=ONE)

    def test_run_reserves_on_the_live_device(self):
        done = self.run_on_live_device("1GiB", "sh", "-c",
                                       "echo $REIN_DEVICE $REIN_MEMORY_LIMIT_BYTES")
        self.assertRegex(done.stdout, rf"\AGPU-[0-9a-f-]+ {2 ** 30}\n\Z")
        self.assertEqual(self.run_on_live_device("8GiB", "true").returncode, DOES_NOT_FIT)

    def test_a_measured_run_keeps_no_context(self):
        # The fake NVML counts its queries in the environment. The exact probe makes two of them, in a
        # process of its own; the one that the command sees is that before its start.
        done = self.run_rein("run", *self.on_live_device("1GiB"), "--measure", "measured.yaml", "--",
                             "sh", "-c", "echo $FAKE_NVML_ASKED; exit 5", variables=ONE)
        self.assertEqual((done.returncode, done.stdout), (5, "1\n"), done.stderr)
        self.assertIn(f"\npeak: {300 * 2 ** 20}B\n", self.read("measured.yaml"))

    def test_a_measured_run_without_the_live_device(self):
        done = self.run_rein("run", "--device", "1", *self.on_live_device("1GiB")[2:], "--measure",
                             "measured.yaml", "--", "true", variables=ONE)
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertRegex(done.stderr, r"\Arein: no device: .*'1'")

    def test_run_without_the_live_device(self):
        done = self.run_rein("run", "--device", "1", *self.on_live_device("1GiB")[2:], "--", "true",
                             variables=ONE)
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertRegex(done.stderr, r"\Arein: no device: .*'1'")

    def test_runs_share_the_live_device(self):
        # The fake NVML counts its queries in the environment.
        rein = ["env", "-u", "FAKE_NVML_ASKED", rein_case.REIN]
        first = ["run", *self.on_live_device("4GiB"), "--by-total", "--"]
        second = [*rein, "run", *self.on_live_device("2GiB"), "--by-total", "--"]
        done = self.run_rein(*first, *second, *rein, "status", "--device", "auto", variables=ONE)
        self.assertEqual((done.returncode, done.stderr), (FITS, ""))
        self.assertRegex(done.stdout, r"GPU-[0-9a-f-]+: 6\.\d GiB .*8\.0 GiB .*1\.\d GiB ")
        done = self.run_rein(*first, *second, *second, "true", variables=ONE)
        self.assertEqual(done.returncode, DOES_NOT_FIT)
        self.assertIn(" - 2 live reservations 6", done.stderr)

    @staticmethod
    def on_live_device(memory):
        return ["--device", "auto", "--model", "one", "--memory", memory, "--streams", "1",
                "--compute", "1ms"]

    def run_on_live_device(self, memory, *command):
        return self.run_rein("run", *self.on_live_device(memory), "--", *command, variables=ONE)

    def test_status_of_the_live_device(self):
        self.assertRegex(self.expect_result(FITS, "status", "--device", "auto", variables=ONE),
                         r"\AGPU-[0-9a-f-]+: 0\.0 GiB .*8\.0 GiB .*8\.0 GiB .*\n\Z")
        done = self.run_rein("status", "--device", "1", variables=ONE)
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertIn("rein: no device: ", done.stderr)


if __name__ == "__main__":
    rein_case.main()
