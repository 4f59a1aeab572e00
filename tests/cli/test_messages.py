"""messages.py, by which the other tests compare messages, finds each difference that matters."""

import unittest

import rein_case
from messages import faults_of

MESSAGE = ("f:1:2", "'ab'", "12", "KiB")
SAID = "f:1:2: 'ab' has 12 bytes; write KiB\n"


class Messages(unittest.TestCase):
    def test_a_sentence_may_be_reworded(self):
        for text in (SAID, "f:1:2: write 'ab', '. ' in 12 ways, or KiB...\n"):
            self.assertEqual(faults_of(text, MESSAGE), [])
        self.assertEqual(faults_of(SAID + SAID, [MESSAGE, ("f:", "'ab'")]), [])

    def test_facts_and_positions_must_be_right(self):
        for text in ("", "f:1:3: 'ab' 12 KiB\n", "f: 'ab' 12 KiB\n", "f:1:2: 'abc' 12 KiB\n",
                     "f:1:2: 12 'ab' KiB\n", "f:1:2: 'ab' 120 KiB\n", "f:1:2: 'ab' 112 KiB\n",
                     "f:1:2: 'ab' 12\n", SAID + SAID, SAID.rstrip("\n"), "note\n" + SAID):
            self.assertNotEqual(faults_of(text, MESSAGE), [], text)
        self.assertNotEqual(faults_of("f: x\n", ("f:",)), [])

    def test_style(self):
        for text in ("f: a. b.\n", "f: a \n", "f: a, expected b\n", "f: 'b' is no a\n"):
            self.assertNotEqual(faults_of(text, ("f",)), [], text)


if __name__ == "__main__":
    rein_case.main()
