"""`rein check`: verdicts, exit codes, the table, and the source of each number."""

import json
import os
import re
import unicodedata

import rein_case
from facts import Facts, advice_of
from rein_case import BAD_INPUT, CANNOT_TELL, DOES_NOT_FIT, FITS, HARD, MANIFEST, ROOT, ReinCase

EXAMPLES = os.path.join(ROOT, "examples")

TITLES = ("MODEL", "BUDGET", "WEIGHTS", "PEAK", "PRECISION", "NEEDED", "VERDICT")
TABLE = (
    TITLES,
    ("small", "100.0 MiB", "50.0 MiB", "3.0 MiB", "exact", "54.0 MiB", "fits"),
    ("DEVICE", "Test device"),
    ("device.yaml: synthetic",),
    ("memory", "1.0 GiB", "1073741824 B", "profile", "total"),
    ("- contexts", "64.0 MiB", "67108864 B", "1 (default) x 64MiB (profile)"),
    ("- headroom", "64.0 MiB", "67108864 B", "manifest:2"),
    ("- reserved", "0 B", "0 B", "default"),
    ("= available", "896.0 MiB", "939524096 B"),
    ("requested", "100.0 MiB", "104857600 B", "1 budget", "2MiB (profile)"),
    ("left", "796.0 MiB", "834666496 B"),
    ("Verdict: fits", "1 model", "100.0 MiB", "896.0 MiB"),
)


def columns(text):
    """Returns the columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else
               0 if unicodedata.combining(letter) else 1 for letter in text)


class Check(Facts, ReinCase):
    def change(self, *changes, manifest=MANIFEST):
        for old, new in changes:
            self.assertIn(old, manifest)
            manifest = manifest.replace(old, new)
        self.write("fleet.yaml", manifest)

    def check(self, code, *options):
        return self.expect_result(code, "check", "fleet.yaml", *options)

    def test_the_whole_table(self):
        self.expect_lines(self.check(FITS), *TABLE)

    def test_a_model_above_its_own_budget(self):
        self.change(("memory: 100MiB", "memory: 53MiB"))
        table = self.check(DOES_NOT_FIT)
        self.assertRegex(table, r"(?m)^small .* 54\.0 MiB  does not fit$")
        self.expect_advice(table, ("small", "53MiB", "54MiB", "set aside"))
        self.expect_verdict(table, "does not fit", "1 model", "budget")

    def test_a_budget_that_is_just_enough(self):
        self.change(("memory: 100MiB", "memory: 54MiB"))
        self.check(FITS)

    def test_a_device_that_is_too_small(self):
        self.change(("memory: 100MiB", "memory: 1000MiB"))
        table = self.check(DOES_NOT_FIT)
        self.assertRegex(table, r"(?m)^  short by +104\.0 MiB +109051904 B$")
        self.expect_advice(table, ("1000.0 MiB", "54.0 MiB"), ("small", "1000MiB"), ("104MiB",))
        self.expect_verdict(table, "does not fit", "device", "total memory", "104.0 MiB")

    def test_a_device_that_fits_to_the_byte(self):
        self.change(("memory: 100MiB", "memory: 896MiB"))
        self.assertRegex(self.check(FITS), r"(?m)^  left +0 B +0 B$")
        self.change(("memory: 100MiB", "memory: 939524097B"))
        table = self.check(DOES_NOT_FIT)
        self.assertRegex(table, r"(?m)^  short by +2\.0 MiB +2097152 B$")
        self.expect_facts(advice_of(table)[-2], "headroom", "64MiB", "62MiB")

    def test_both_reasons_are_told(self):
        self.change(("memory: 100MiB", "memory: 897MiB"), ("weights: 50MiB", "weights: 1GiB"))
        self.expect_verdict(self.check(DOES_NOT_FIT), "does not fit", "1 model", "budget",
                            "total memory", "2.0 MiB")

    def test_no_device(self):
        # The reason depends on the build and the machine. With a GPU there is nothing to test.
        probed = json.loads(self.run_rein("probe", "--json").stdout)
        if probed["reason"] is None:
            return
        for options in ([], ["--device", "auto"], ["--device=auto"]):
            if not options:
                self.change(("profile: device.yaml, ", ""))
            table = self.check(CANNOT_TELL, *options)
            self.expect_lines(table, ("DEVICE", "auto", probed["reason"]))
            self.expect_verdict(table, "cannot tell", probed["reason"])
            self.expect_facts(advice_of(table)[0], "--device PROFILE")
        self.change(("profile: device.yaml", "profile: auto"))
        self.expect_lines(self.check(CANNOT_TELL), ("DEVICE", "auto", probed["reason"]))

    def test_unknown_facts_of_the_device(self):
        for key, line, size in (("context_overhead", "context_overhead: 64MiB\n", "64MiB"),
                                ("granularity", "granularity: 2MiB\n", "2MiB")):
            self.change()
            self.write("device.yaml", rein_case.DEVICE.replace(line, ""))
            table = self.check(CANNOT_TELL)
            self.expect_advice(table, (key, "manifest", "profile"))
            self.expect_verdict(table, "cannot tell", "device", key, "unknown")
            self.change(("{profile", f"{{{key}: {size}, profile"))
            self.assertIn(f"{size} (manifest:2)", self.check(FITS))

    def test_an_unknown_growth_of_the_device_s_pools(self):
        self.change()
        self.write("device.yaml", rein_case.DEVICE + "memory_pools: true\n")
        table = self.check(CANNOT_TELL)
        self.expect_advice(table, ("pool_growth", "manifest", "profile"))
        self.expect_verdict(table, "cannot tell", "device", "pool_growth", "unknown")
        self.change(("{profile", "{pool_growth: 32MiB, profile"))
        self.expect_lines(self.check(FITS), ("requested", "1 budget", "32MiB (manifest:2)"))

    def test_budgets_count_in_steps_of_a_pool_s_growth(self):
        self.change()
        self.write("device.yaml", rein_case.DEVICE + "pool_growth: 32MiB\n")
        table = self.check(FITS, "--explain")
        self.expect_lines(table, ("requested", "128.0 MiB", "134217728 B", "1 budget", "32MiB (profile)"),
                          ("set aside", "32MiB"), ("needed",), ("2MiB",))
        self.change(("{profile", "{pool_growth: 64MiB, profile"))
        self.expect_lines(self.check(FITS), ("requested", "64MiB (manifest:2; the profile says 32MiB)"))

    def test_what_is_too_large_for_a_device_of_unknown_context_overhead(self):
        self.change(("memory: 100MiB", "memory: 1GiB"))
        self.write("device.yaml", rein_case.DEVICE.replace("context_overhead: 64MiB\n", ""))
        table = self.check(DOES_NOT_FIT)
        self.expect_advice(table, ("at least 64MiB",))

    def test_unknown_memory_of_the_device(self):
        self.write("device.yaml", rein_case.DEVICE.replace("total: 1GiB\n", ""))
        self.expect_advice(self.check(CANNOT_TELL), ("total", "free", "profile"))

    def test_free_memory_goes_before_total(self):
        self.write("device.yaml", rein_case.DEVICE + "free: 200MiB\n")
        table = self.check(DOES_NOT_FIT)
        self.expect_lines(table, ("memory", "200.0 MiB", "209715200 B", "profile", "free"))
        self.expect_verdict(table, "does not fit", "free memory", "28.0 MiB")

    def test_unknown_facts_of_a_model(self):
        self.change(("    weights: 50MiB\n", ""))
        table = self.check(CANNOT_TELL)
        self.expect_advice(table, ("small", "weights"))
        self.expect_verdict(table, "cannot tell", "budgets", "small", "weights")
        self.change(("    lifetimes: small.csv\n", ""))
        table = self.check(CANNOT_TELL)
        self.expect_verdict(table, "cannot tell", "small", "activations")
        self.expect_advice(table, ("small", "lifetimes", "activations"))
        self.assertRegex(table, r"(?m)^small .* unknown +unknown  >= 50\.0 MiB  cannot tell$")

    def test_what_cannot_fit_whatever_is_unknown(self):
        self.change(("    lifetimes: small.csv\n", ""), ("weights: 50MiB", "weights: 101MiB"))
        table = self.check(DOES_NOT_FIT)
        self.expect_advice(table, ("small", "100MiB", "102MiB", "or more"))

    def test_stated_activations_are_not_verified(self):
        self.change(("lifetimes: small.csv", "activations: 50MiB"))
        self.assertRegex(self.check(FITS), r"(?m)^small .*  50\.0 MiB +stated  100\.0 MiB  fits$")
        self.change(("lifetimes: small.csv", "activations: 51MiB"))
        self.check(DOES_NOT_FIT)

    def test_a_limit_between_the_bound_and_the_plan(self):
        self.write("small.csv", re.sub(r"(?m),(\d+)$", lambda size: f",{int(size[1]) << 20}", HARD))
        self.change(("memory: 100MiB", "memory: 16MiB"), ("weights: 50MiB", "weights: 0B"))
        table = self.check(CANNOT_TELL, "--effort", "0")
        self.assertRegex(table, r"(?m)^small .*  18\.0 MiB  within 12\.5%  18\.0 MiB  cannot tell$")
        self.expect_advice(table, ("small", "16MiB", "18MiB"))
        self.assertRegex(self.check(DOES_NOT_FIT),
                         r"(?m)^small .*  17\.0 MiB +exact  18\.0 MiB  does not fit$")

    def test_what_the_total_memory_limits(self):
        """Free memory minus reserved memory is more than the total allows."""
        limited = "limited by the total memory"
        self.change(("headroom: 64MiB", "reserved: 100MiB"))
        for free, notes in (("1000MiB", (False, True)), ("800MiB", (False, False)),
                            ("64MiB", (False, False)), ("1024MiB", (False, False))):
            self.write("device.yaml", rein_case.DEVICE + f"free: {free}\n")
            done = self.run_rein("check", "fleet.yaml")
            rows = [re.search(rf"(?m)^ +{name} +\S+ MiB +\d+ B.*$", done.stdout)
                    for name in ("= available", "or up to")]
            found = tuple(row is not None and limited in row[0] for row in rows)
            self.assertEqual(found, notes, done.stdout)

    def test_by_total_leaves_the_profile_as_it_is(self):
        self.write("device.yaml", rein_case.DEVICE + "free: 300MiB\n")
        document = json.loads(self.check(FITS, "--by-total", "--json"))
        self.assertEqual(document["memory"]["basis"], "total")
        self.assertEqual(document["device"]["free_bytes"], 300 << 20)

    def test_the_manifest_goes_before_the_profile_and_says_so(self):
        self.change(("headroom: 64MiB", "headroom: 1MiB, context_overhead: 10MiB, processes: 3, "
                                        "granularity: 4MiB, reserved: 5MiB"))
        table = self.check(FITS)
        self.expect_lines(
            table, ("30.0 MiB", "31457280 B", "3 (manifest:2) x 10MiB (manifest:2; the profile says 64MiB)"),
            ("1 budget", "4MiB (manifest:2; the profile says 2MiB)"))
        self.assertRegex(table, r"(?m)^  - reserved +5\.0 MiB +5242880 B  manifest:2$")
        self.assertRegex(table, r"(?m)^  = available +988\.0 MiB +1035993088 B$")

    def test_a_manifest_that_says_what_the_profile_says(self):
        self.change(("headroom: 64MiB", "granularity: 2MiB"))
        self.expect_lines(self.check(FITS), ("1 budget", "2MiB (manifest:2)"))

    def test_the_option_goes_before_the_manifest(self):
        self.write("other.yaml", rein_case.DEVICE.replace("Test device", "Another device"))
        self.assertIn("DEVICE  Another device\n  other.yaml: synthetic\n",
                      self.check(FITS, "--device", "other.yaml"))

    def test_paths_are_relative_to_the_manifest(self):
        os.mkdir(self.path("elsewhere"))
        done = self.run_rein("check", "../fleet.yaml")
        self.assertEqual(done.returncode, BAD_INPUT)
        done = self.run_rein("check", os.path.join(self.folder, "fleet.yaml"))
        self.assertEqual((done.returncode, done.stderr), (FITS, ""))
        os.rename(self.path("device.yaml"), self.path("elsewhere/device.yaml"))
        os.rename(self.path("small.csv"), self.path("elsewhere/small.csv"))
        os.rename(self.path("fleet.yaml"), self.path("elsewhere/fleet.yaml"))
        self.assertIn("elsewhere/device.yaml: synthetic",
                      self.expect_result(FITS, "check", "elsewhere/fleet.yaml"))

    def test_streams_that_share_queues_are_a_warning(self):
        self.change(("streams: 1", "streams: 8"))
        self.assertNotIn("warning", self.check(FITS))
        self.change(("streams: 1", "streams: 9"))
        self.expect_lines(self.check(FITS), ("warning", "9 streams", "8", "queues"))

    def test_a_json_manifest(self):
        self.write("fleet.json", '{"schema": 1, "device": {"profile": "device.yaml", '
                                 '"headroom": "64MiB"},\n"models": [{"id": "small", "budget":'
                                 '{"memory":"100MiB","streams":1,"compute":"10ms"},\n'
                                 '\t"weights": "50MiB", "lifetimes": "small.csv"}]}\n')
        self.assertEqual(self.expect_result(FITS, "check", "fleet.json"),
                         self.check(FITS).replace("manifest:2", "manifest:1"))

    def test_other_ways_to_write_the_same(self):
        expected = self.check(FITS)
        for other in (MANIFEST.replace("\n", "\r\n"), "\ufeff" + MANIFEST, "---\n" + MANIFEST,
                      "%YAML 1.1\n---\n" + MANIFEST, MANIFEST + "...\n",
                      MANIFEST.replace("id: small", "'id': \"sm\\u0061ll\"")):
            self.write("fleet.yaml", other)
            self.assertEqual(re.sub("manifest:[0-9]+", "manifest:2", self.check(FITS)), expected)

    def test_columns_line_up_whatever_the_ids(self):
        ids = ["a", "x" * 127, "漢字モデル", "nai\u0308ve", "Ünïcödé-модель", "👩🔬"]
        model = MANIFEST[MANIFEST.index("  - id"):]
        self.change(manifest=MANIFEST + "".join(
            model.replace("id: small", f"id: {name}") for name in ids))
        rows = [line for line in self.check(FITS).splitlines() if line.endswith("  fits")]
        self.assertEqual(len(rows), len(ids) + 1)
        # Only some terminals draw the last id as a single picture.
        self.assertEqual(len({columns(row) for row in rows[:-1]}), 1, rows)

    def test_the_example_fleets(self):
        self.expect_result(FITS, "check", os.path.join(EXAMPLES, "fleet", "edge-8gib.yaml"))
        table = self.expect_result(
            DOES_NOT_FIT, "check", os.path.join(EXAMPLES, "fleet", "edge-8gib-overloaded.yaml"))
        self.assertGreater(len(advice_of(table)), 2)

    def test_the_example_profiles(self):
        profiles = [name for name in os.listdir(os.path.join(EXAMPLES, "devices"))
                    if name.endswith(".yaml")]
        self.assertGreaterEqual(len(profiles), 4)
        for name in profiles:
            self.change(("headroom: 64MiB", "context_overhead: 1MiB, granularity: 1MiB"))
            table = self.check(FITS, "--device", os.path.join(EXAMPLES, "devices", name))
            self.assertRegex(table, rf"{name}: (recorded|documented|synthetic)")


if __name__ == "__main__":
    rein_case.main()
