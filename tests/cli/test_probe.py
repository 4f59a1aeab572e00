"""`rein probe` without a device, or without a runtime to find it: its message and exit code."""

import json

import rein_case
from rein_case import CANNOT_TELL, FITS, ReinCase


class Probe(ReinCase):
    def test_says_why_there_is_no_device(self):
        done = self.run_rein("probe")
        if done.returncode == FITS:
            self.assertIn("device 0: ", done.stdout)
            return
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertEqual(done.stdout, "")
        reason = json.loads(self.run_rein("probe", "--json").stdout)["reason"]
        self.expect_messages(done.stderr, ("rein", reason))

    def test_json_is_a_document_all_the_same(self):
        done = self.run_rein("probe", "--json", "--exact")
        document = json.loads(done.stdout)
        self.assertEqual(document["command"], "probe")
        self.assertEqual(document["reason"] is None, done.returncode == FITS)
        self.assertEqual(document["devices"] == [], done.returncode == CANNOT_TELL)

    def test_a_word_that_names_no_device_is_bad_input(self):
        for word in ("nonsense", "GPU-12", "GPU-", "MIG-0", "-1", "1x", "0x1", " 0", "AUTO", "1.0",
                     "GPU:0", "0000:65:00.g"):
            self.expect_refusal(("rein", "--device", f"'{word}'", "index", "GPU-", "0000:65:00.0", "'auto'",
                                 "'all'"), "probe", f"--device={word}")

    def test_a_name_of_the_right_form_is_looked_for(self):
        for word in ("99", "auto", "0000:ff:00.0", "GPU-00112233-4455-6677-8899-aabbccddeeff"):
            done = self.run_rein("probe", "--device", word)
            self.assertIn(done.returncode, (FITS, CANNOT_TELL))

    def test_bad_usage(self):
        self.expect_refusal(("rein", "'--output'", "FILE"), "probe", "-o")
        self.expect_refusal(("rein", "'--output'", "twice"), "probe", "-o", "a", "--output", "b")
        self.expect_refusal(("rein", "'--device'", "DEVICE"), "probe", "--device=")
        self.expect_refusal(("rein", "'-o'", "'plan'"), "plan", "-o", "a")


if __name__ == "__main__":
    rein_case.main()
