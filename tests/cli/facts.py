"""Compares reports by the facts that they name, so that a sentence can be reworded without a change of
the tests. A fact is a name, a size, a number, an option or an outcome."""

from messages import missing_facts


def advice_of(table):
    """Returns the sentences of advice of a report, which stand before its verdict."""
    _, _, rest = table.rpartition("\n\nVerdict: ")[0].rpartition("\n\n")
    head, *sentences = rest.splitlines()
    return [sentence[4:] for sentence in sentences] if head.endswith(":") and head[0] != " " else []


class Facts:
    """For a test case."""

    def expect_facts(self, text, *facts):
        """Expects these facts in the text, in this order."""
        self.assertEqual(missing_facts(text, facts), (), text)

    def expect_lines(self, text, *lines):
        """Expects a line with the facts of each tuple, in this order."""
        rest = text.splitlines()
        for facts in lines:
            at = next((index for index, line in enumerate(rest) if not missing_facts(line, facts)), None)
            self.assertIsNotNone(at, f"no line names {facts} in this place:\n{text}")
            rest = rest[at + 1:]

    def expect_verdict(self, table, name, *facts):
        """Expects that the report ends with the verdict `name`, whose sentence names the facts."""
        line = table.splitlines()[-1]
        self.assertTrue(line.startswith(f"Verdict: {name}"), line)
        self.assertFalse(line.endswith("."), line)
        self.expect_facts(line.removeprefix(f"Verdict: {name}"), *facts)

    def expect_advice(self, table, *sentences):
        """Expects advice of as many sentences, each of which names the facts of its tuple."""
        found = advice_of(table) if isinstance(table, str) else table
        self.assertEqual(len(found), len(sentences), found)
        for sentence, facts in zip(found, sentences):
            self.expect_facts(sentence, *facts)
