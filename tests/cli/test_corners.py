"""Rare cases, which must not give a wrong answer."""

import json
import os

import rein_case
from facts import Facts, advice_of
from rein_case import (BAD_INPUT, CANNOT_TELL, DEVICE, DOES_NOT_FIT, FITS, HARD, LIFETIMES, MANIFEST,
                       ReinCase)
from reservations_case import GPU, HOLD, ONE, ReservationsCase

LARGEST = 2 ** 64 - 1


class CheckCorners(Facts, ReinCase):
    def check(self, code, device, *arguments, **budget):
        """Returns the report of a check of one model with stated needs."""
        wanted = {"memory": "100MiB", "weights": "50MiB", "activations": "1MiB", "head": "64MiB",
                  **budget}
        self.write("d.yaml", device)
        self.write("m.yaml", f"schema: 1\ndevice: {{profile: d.yaml, headroom: {wanted['head']}}}\n"
                   f"models:\n  - id: a\n    budget: {{memory: {wanted['memory']}, streams: 1, "
                   f"compute: 1s}}\n    weights: {wanted['weights']}\n"
                   f"    activations: {wanted['activations']}\n")
        return self.expect_result(code, "check", "m.yaml", *arguments)

    def test_an_advice_that_cannot_be_rounded(self):
        exact = DEVICE.replace("2MiB", "1B").replace("64MiB", "0B")
        text = self.check(DOES_NOT_FIT, exact, memory="1B", weights=f"{LARGEST - 5}B",
                          activations="0B", head="0B")
        self.expect_facts(advice_of(text)[0], "a", "1B", f"{LARGEST - 5}B")

    def test_a_device_of_unknown_granularity(self):
        coarse = DEVICE.replace("granularity: 2MiB\n", "")
        text = self.check(DOES_NOT_FIT, coarse, memory="8GiB")
        self.expect_advice(text, ("a", "8GiB"), ("at least", "7296MiB"), ("granularity",))
        self.expect_lines(self.check(CANNOT_TELL, coarse, "--explain"), ("requested", "1 budget", "unknown"),
                          ("set aside", "unknown"))

    def test_a_device_whose_pools_grow_by_an_unknown_step(self):
        pools = DEVICE + "memory_pools: true\n"
        text = self.check(DOES_NOT_FIT, pools, memory="8GiB")
        self.expect_advice(text, ("a", "8GiB"), ("at least", "7296MiB"))
        self.expect_lines(self.check(CANNOT_TELL, pools, "--explain"), ("requested", "1 budget", "unknown"),
                          ("set aside", "unknown"), ("needed",), ("2MiB",))

    def test_a_device_of_unknown_size(self):
        text = self.check(CANNOT_TELL, DEVICE.replace("total: 1GiB\n", ""))
        self.expect_advice(text, ("total", "free", "profile"))

    def test_a_headroom_that_is_too_small_to_help(self):
        self.assertNotIn("headroom", advice_of(self.check(DOES_NOT_FIT, DEVICE, memory="8GiB", head="1MiB")))
        self.expect_facts(advice_of(self.check(DOES_NOT_FIT, DEVICE, head="1000MiB"))[-2], "headroom",
                          "1000MiB", "860MiB")

    def test_a_picture_of_a_device_without_a_name(self):
        os.mkdir(self.path("deep"))
        self.check(FITS, DEVICE.replace("name: Test device\n", ""), "--svg", "deep/out.svg")
        self.assertIn("the device", self.read("deep/out.svg"))
        self.check(FITS, DEVICE, "--svg", self.path("deep/out.svg"))
        self.assertIn("Test device", self.read("deep/out.svg"))

    def test_a_picture_of_a_manifest_in_a_folder(self):
        self.expect_result(FITS, "check", "./fleet.yaml", "--svg", "out.svg")
        self.assertIn("<title>fleet.yaml on Test device</title>", self.read("out.svg"))

    def test_lifetimes_that_no_placement_holds(self):
        self.write("small.csv", f"id,lower,upper,size\na,0,1,{2 ** 63}\nb,0,1,{2 ** 63}\n")
        self.expect_refusal([("small.csv", "0", "1", "64"), ("fleet.yaml:7:16", "'small'")],
                            "check", "fleet.yaml")

    def test_an_unproven_plan_is_explained(self):
        self.write("small.csv", HARD)
        text = self.expect_result(FITS, "check", "fleet.yaml", "--explain", "--effort", "0")
        self.expect_facts(text.partition("\nsmall (")[2], "activations", "within 12.5%", "16 B", "--effort")

    def test_a_manifest_in_the_root_of_a_name(self):
        self.write("absolute.yaml", MANIFEST.replace("lifetimes: small.csv",
                                                     f"lifetimes: {self.path('small.csv')}"))
        self.expect_result(FITS, "check", self.path("absolute.yaml"))
        self.expect_result(FITS, "check", self.path("fleet.yaml"))

    def test_more_errors_in_a_profile_than_are_told(self):
        self.write("d.yaml", DEVICE + "".join(f"key{index}: 1\n" for index in range(30)))
        self.write("m.yaml", MANIFEST.replace("device.yaml", "d.yaml"))
        done = self.run_rein("check", "m.yaml")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertEqual(len(done.stderr.splitlines()), 21)
        self.assertIn("more errors", done.stderr.splitlines()[-1])

    def test_dates_that_are_none(self):
        for date in ("2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-01T24:00:00Z",
                     "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:60Z"):
            self.write("d.yaml", DEVICE + f"recorded_at: {date}\n")
            self.expect_refusal(("d.yaml:8:14", f"'{date}'", "UTC"), "check", "fleet.yaml", "--device", "d.yaml")

    def test_words_that_are_too_long_to_be_misspelt(self):
        long = "x" * 50
        self.write("fleet.yaml", MANIFEST + f"{long}: 1\n")
        self.expect_refusal(("fleet.yaml:8:1", f"'{long}'", "schema", "device", "models"), "check",
                            "fleet.yaml")

    def test_a_quoted_word_is_cut_between_characters(self):
        for start in range(4):
            word = "a" * start + "漢" * 40
            self.write("d.yaml", DEVICE + f"{word}: 1\n")
            shown = word[:start + (60 - start) // 3]
            self.expect_refusal(("d.yaml:8:1", f"'{shown}..'"), "check", "fleet.yaml", "--device", "d.yaml")


class PlanCorners(ReinCase):
    def test_names_without_an_end(self):
        os.mkdir(self.path("out"))
        for name in ("plain", "other"):
            self.write(name, LIFETIMES)
        self.expect_result(FITS, "plan", "plain", "other", "--csv", "out")
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["other.csv", "plain.csv"])

    def test_a_folder_by_its_name_with_a_slash(self):
        os.mkdir(self.path("in"))
        self.write("in/a.csv", LIFETIMES)
        self.assertIn("in/a.csv", self.expect_result(FITS, "plan", "in/"))
        self.assertNotIn("in//a.csv", self.expect_result(FITS, "plan", "in/"))

    def test_folders_with_nothing_in_them(self):
        for index in range(25):
            os.mkdir(self.path(f"empty{index}"))
        done = self.run_rein("plan", *(f"empty{index}" for index in range(25)))
        self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""))
        self.assertEqual(len(done.stderr.splitlines()), 21)

    def test_times_around_the_ends_of_what_there_is(self):
        least, largest = -2 ** 63, 2 ** 63 - 1
        for rows in (f"a,{least},{largest},1\n", f"a,{least},{least + 1},1\n",
                     f"a,{largest - 1},{largest},1\n", "a,-7,-1,5\nb,-1,3,5\n",
                     f"a,{least},{least + 3},1\nb,{largest - 2},{largest},9\n"):
            self.write("l.csv", "id,lower,upper,size\n" + rows)
            self.expect_result(FITS, "plan", "l.csv", "--svg", "out.svg")
            self.assertTrue(self.read("out.svg").endswith("</svg>\n"))

    def test_a_sum_that_is_too_large(self):
        self.write("l.csv", "id,lower,upper,size\n" + "".join(
            f"t{index},{index},{index + 1},{2 ** 63}\n" for index in range(3)))
        self.assertIn("9223372036854775808", self.expect_result(FITS, "plan", "l.csv"))
        self.assertIsNone(json.loads(self.expect_result(FITS, "plan", "l.csv", "--json"))["sum_bytes"])

    def test_verify_reads_its_deadline(self):
        self.run_rein("plan", "small.csv", "--certificate", "proof")
        self.expect_result(FITS, "verify", "small.csv", "proof", "--deadline", "10s")
        self.expect_refusal(("rein", "'--deadline'", "'soon'"), "verify", "small.csv", "proof",
                            "--deadline", "soon")

    def test_a_capacity_between_nothing_planned(self):
        self.write("bad.csv", "id\n")
        done = self.run_rein("plan", "bad.csv", "bad.csv", "--capacity", "1MiB")
        self.assertEqual(done.returncode, BAD_INPUT)


class ReservationCorners(ReservationsCase):
    def test_devices_and_reservations_in_order(self):
        self.write("second.yaml", GPU.replace("GPU-1", "GPU-0"))
        first = self.start(*HOLD)
        done = self.run_rein("run", "--device", "second.yaml", *ONE[2:], "--", rein_case.REIN,
                             "run", "--device", "second.yaml", "--model", "two", "--memory", "1MiB",
                             "--streams", "1", "--compute", "1ms", "--",
                             rein_case.REIN, "status", "--json")
        self.assertEqual((done.returncode, done.stderr), (FITS, ""))
        devices = json.loads(done.stdout)["devices"]
        self.assertEqual([device["uuid"] for device in devices], ["GPU-0", "GPU-1"])
        self.assertEqual(len(devices[0]["reservations"]), 2)
        first.communicate("\n")

    def test_more_is_reserved_than_can_be_counted(self):
        held = self.start(*HOLD)
        self.write("fleet.yaml", self.read("fleet.yaml").replace(
            "headroom: 64MiB", f"reserved: {LARGEST}B"))
        done = self.run_rein("check", "fleet.yaml")
        self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""))
        self.assertRegex(done.stderr, r"\Afleet\.yaml: [^\n]*64 bits\n\Z")
        held.communicate("\n")

    def test_what_is_missing_is_named(self):
        for index, name in enumerate(("--device", "--model", "--memory", "--streams", "--compute")):
            options = [word for at, word in enumerate(ONE) if at // 2 != index]
            self.expect_refusal(("rein", name, "--device", "--manifest"), "run", *options, "--", "true")

    def test_values_that_are_none(self):
        for name, value in (("--model", "a b\x01"), ("--memory", "1"), ("--memory", "0B"),
                            ("--streams", "0"), ("--streams", "x"), ("--compute", "1"),
                            ("--compute", "0s")):
            options = list(ONE)
            options[options.index(name) + 1] = value
            done = self.run_rein("run", *options, "--", "true")
            self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""), value)
            self.assertTrue(done.stderr.startswith("rein: "), done.stderr)

    def test_a_device_folder_that_is_a_file(self):
        with open(self.folder_of_device(), "w", encoding="utf-8"):
            pass
        for options in ([], ["--prometheus"]):
            done = self.run_rein("status", "--device", "gpu.yaml", *options)
            self.assertIn(done.returncode, (BAD_INPUT, CANNOT_TELL))
        self.assertEqual(self.run_rein("check", "fleet.yaml").returncode, CANNOT_TELL)
        done = self.run_rein("status", "--device", "none.yaml")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.expect_messages(done.stderr, ("none.yaml", "No such file or directory"))

    def test_a_file_that_nobody_understands(self):
        os.mkdir(self.folder_of_device(), 0o700)
        with open(os.path.join(self.folder_of_device(), "0" * 32), "w", encoding="utf-8") as file:
            file.write("nonsense")
        self.lock(file.name)
        for options in ([], ["--json"], ["--format", "junit"], ["--format", "github"],
                        ["--explain"]):
            done = self.run_rein("check", "fleet.yaml", *options)
            self.assertEqual(done.returncode, CANNOT_TELL, done.stdout)

    def test_a_state_directory_that_cannot_be_read(self):
        done = self.run_rein("status", variables={"REIN_STATE_DIR": self.path("small.csv")})
        self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""))
        self.assertIn("small.csv is not a directory, or is a symbolic link", done.stderr)


if __name__ == "__main__":
    rein_case.main()
