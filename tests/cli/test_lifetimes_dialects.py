"""Lifetimes in every accepted dialect of CSV give the same plan as the plain form, and each refusal names
the position and what was found."""

import csv
import gzip
import io
import json
import random

import rein_case
from facts import Facts
from messages import COLUMNS
from rein_case import BAD_INPUT, DOES_NOT_FIT, FITS, MANIFEST, ReinCase

NAMES = "id", "buffer_id", "lower", "start", "upper", "end", "size", "offset", "alignment"
PLAIN = "id,lower,upper,size\na,0,2,1048576\nb,1,3,2097152\n"
DOES_NOT_PROVE = DOES_NOT_FIT

# By what differs from PLAIN.
DIALECTS = {
    "columns in another order": "size,upper,id,lower\n1048576,2,a,0\n2097152,3,b,1\n",
    "upper case": "ID,Lower,UPPER,sIzE\na,0,2,1048576\nb,1,3,2097152\n",
    "other names": "buffer_id,start,end,size\na,0,2,1048576\nb,1,3,2097152\n",
    "semicolons": PLAIN.replace(",", ";"),
    "tabs": PLAIN.replace(",", "\t"),
    "spaces around values": " id , lower,upper ,size\na ,0,\t2,  1048576\n b,1,3 ,2097152 \n",
    "spaces around tabs": PLAIN.replace(",", " \t "),
    "quotes around all values": "".join(
        ",".join(f'"{value}"' for value in line.split(",")) + "\n" for line in PLAIN.splitlines()),
    "spaces around quotes": '"id" , "lower","upper" ,size\n "a",0,2, "1048576"\t\n"b" ,1,3,2097152\n',
    "CR LF": PLAIN.replace("\n", "\r\n"),
    "quotes before CR LF": PLAIN.replace("\n", "\r\n").replace("2097152", '"2097152"'),
    "CR LF after a space": PLAIN.replace("\n", " \r\n"),
    "no end of the last line": PLAIN[:-1],
    "blank lines at the end": PLAIN + "\n \n\t\r\n\n",
    "a byte order mark": "\ufeff" + PLAIN,
    "a byte order mark before quotes": "\ufeff" + PLAIN.replace("id", '"id"'),
    "an alignment of 1": "alignment;id;lower;upper;size\n1;a;0;2;1048576\n1;b;1;3;2097152\n",
    "offsets that are ignored": "offset,id,lower,upper,size\n7,a,0,2,1048576\n9,b,1,3,2097152\n",
}

# By the fault.
REFUSED = {
    "a column again": ("id,lower,upper,size,ID\n", ("l.csv:1:21", "'ID'", "'id'", "1:1")),
    "two columns of one meaning": ("id,lower,size,\"start\",upper\n", ("l.csv:1:15", "'start'", "'lower'", "1:4")),
    "a misspelt column": ("id,lower,uper,size\n", ("l.csv:1:10", "'uper'", "'upper'")),
    "another column": ("id,lower,upper,size,colour\n", ("l.csv:1:21", "'colour'", *NAMES)),
    "an empty column": ("id,lower,upper,size,\n", ("l.csv:1:21", "''", *NAMES)),
    "gaps": ("id,lower,upper,size,Gaps\n", ("l.csv:1:21", "'Gaps'", "not alive", "remove")),
    "a hint": ("id;hint;lower;upper;size\n", ("l.csv:1:4", "'hint'", "offset", "remove")),
    "a missing column": ("id,lower,size\n", ("l.csv:1:1", "upper", "end")),
    "missing columns": ("size\n", ("l.csv:1:1", "id", "buffer_id", "lower", "start", "upper", "end")),
    "a space in quotes around a name": ('" id",lower,upper,size\n', ("l.csv:1:1", "' id'", "'id'")),
    "two separators": ("id,lower,upper;size\n", ("l.csv:1:10", "'upper;size'", *NAMES)),
    "a comma in quotes": ('"a,b";id;lower;upper;size\n', ("l.csv:1:1", "'a,b'", *NAMES)),
    "no header": ("a;0;1;1\n", ("l.csv:1:1", "'a;0;1;1'", COLUMNS)),
    "a column after many others": ("x," * 64 + PLAIN, ("l.csv:1:1", "'x,x", COLUMNS)),
    "an empty first line": ("\n" + PLAIN, ("l.csv:1:1", "''", COLUMNS)),
    "a quote in a name": ('id,lo"wer,upper,size\n', ("l.csv:1:6", "quote", '""')),
    "an open quote in the header": ('id,"lower,upper,size\n', ("l.csv:1:4", "quote", '""')),
    "a blank line between rows": (PLAIN + " \nc,0,1,1\n", ("l.csv:4:1", "empty", "4", "id,lower,upper,size")),
    "blank lines alone": ("id,lower,upper,size\n\n\n", ("l.csv:1:1", "rows")),
    "tabs alone in a row of tabs": (PLAIN.replace(",", "\t") + "\t\t\t\n", ("l.csv:4:1", "''", "empty")),
    "empty quotes": ('id,lower,upper,size\n"",0,1,1\n', ("l.csv:2:1", "''", "empty")),
    "empty quotes in a row of their own": (PLAIN + '""\n', ("l.csv:4:1", "1", "4", "id,lower,upper,size")),
    "a line break in an id": ('id,lower,upper,size\nx,0,1,1\n"a\nb",0,1,1\n', ("l.csv:3:1", "'a\\x0ab'", "line breaks")),
    "a line break in a number": ('id,size,lower,upper\na,"1\n",0,1\n', ("l.csv:2:3", "'1\\x0a'", "0", "2^63")),
    "a tab in quotes": ('id,lower,upper,size\n"a\tb",0,1,1\n', ("l.csv:2:1", "'a\\x09b'", "tabs")),
    "a space in quotes around a number": ('id,lower,upper,size\na,"0 ",1,1\n', ("l.csv:2:3", "'0 '", "-2^63")),
    "a quote in a number": ('id,lower,upper,size\na,"1""",2,1\n', ("l.csv:2:3", "'1\"'", "-2^63")),
    "a quote inside": ('id,lower,upper,size\na"b,0,1,1\n', ("l.csv:2:2", "quote", '""')),
    "a quote after wide letters": ('id,lower,upper,size\n漢字"b,0,1,1\n', ("l.csv:2:3", "quote", '""')),
    "text after a quote": ('id,lower,upper,size\n"a" b,0,1,1\n', ("l.csv:2:5", "quote", '""')),
    "a carriage return after a quote": ('id,lower,upper,size\n"a"\rb,0,1,1\n', ("l.csv:2:4", "quote", '""')),
    "an open quote": ('id,lower,upper,size\nx,0,1,1\n "a,0,1,1\ny,0,1,1\n', ("l.csv:3:2", "quote", '""')),
    "an open quote after a doubled one": ('id,lower,upper,size\n"a""b,0,1,1\n', ("l.csv:2:1", "quote", '""')),
    "positions with quotes": ('size,id,upper,lower\n7,"a,""漢", 3 ,x\n', ("l.csv:2:15", "lower", "'x'", "-2^63")),
    "the file's own names": ("buffer_id,size,end,start\na,1,0,0\n", ("l.csv:2:5", "end", "'0'", "start", "'0'")),
    "the names of a row": ("buffer_id;size;end;start\na;1\n",
                           ("l.csv:2:1", "2", "4", "buffer_id,size,end,start")),
    "an id again": ('size,id,lower,upper\n1, a,0,1\n22,"a",0,1\n', ("l.csv:3:4", "id", "'a'", "2:4")),
    "an offset in another place": ("offset,id,lower,upper,size\n-1,a,0,1,1\n", ("l.csv:2:1", "offset", "'-1'", "0")),
    "an alignment in another place": ("id,alignment,lower,upper,size\na,3,0,1,1\n",
                                      ("l.csv:2:3", "alignment", "'3'", "power of two")),
}


class LifetimesCase(ReinCase, Facts):
    def plan(self, content, *options, name="l.csv"):
        """Returns the plan of a file without the parts that name it or take time."""
        self.write(name, content)
        found = json.loads(self.expect_result(FITS, "plan", name, "--json", "--effort", "300", *options))
        for key in ("lifetimes", "plan_ns", "had_included_ends", "has_offsets"):
            del found[key]
        return found


class Dialects(LifetimesCase):
    def test_each_dialect(self):
        plain = self.plan(PLAIN)
        for name, content in DIALECTS.items():
            with self.subTest(name):
                self.assertEqual(self.plan(content), plain)
        self.assertEqual(self.plan(gzip.compress(PLAIN.replace(",", ";").encode()), name="l.csv.gz"), plain)

    def test_each_refusal(self):
        for name, (content, said) in REFUSED.items():
            with self.subTest(name):
                self.write("l.csv", content)
                self.expect_refusal(said, "plan", "l.csv")

    def test_ids_that_need_quotes(self):
        ids = ["a,b", 'say "a"', " a", "a ", '"', "a;b", "漢,字", "','", '""']
        table = io.StringIO()
        rows = csv.writer(table, quoting=csv.QUOTE_ALL)
        rows.writerows([["id", "lower", "upper", "size"], *([name, 0, 1, 1] for name in ids)])
        self.write("l.csv", table.getvalue())
        outputs = ("--csv", "out.csv", "--certificate", "proof", "--svg", "out.svg")
        self.expect_result(FITS, "plan", "l.csv", *outputs)
        found = list(csv.DictReader(io.StringIO(self.read("out.csv"))))
        self.assertEqual([row["id"] for row in found], ids)
        for name in ("l.csv", "out.csv"):
            self.expect_result(FITS, "verify", name, "proof")
        self.assertEqual(self.plan(self.read("out.csv")), self.plan(table.getvalue()))
        self.expect_result(FITS, "plan", "out.csv", "--keep-offsets", "--csv", "again.csv")
        self.assertEqual(self.read("again.csv"), self.read("out.csv"))

    def test_a_column_end_is_said_to_be_exclusive(self):
        self.write("l.csv", DIALECTS["other names"])
        self.expect_facts(self.expect_result(FITS, "plan", "l.csv"), "end", "last use + 1", "--inclusive")
        self.expect_lines(self.expect_result(FITS, "plan", "l.csv", "small.csv"),
                          ("end", "1 file", "last use + 1", "--inclusive"))
        self.expect_lines(self.expect_result(FITS, "plan", "l.csv", "l.csv"),
                          ("end", "2 files", "last use + 1", "--inclusive"))
        for files in (["small.csv"], ["small.csv", "small.csv"], ["l.csv", "--inclusive"]):
            self.assertNotIn("--inclusive", self.expect_result(FITS, "plan", *files))

    def test_a_check_notes_a_column_end_unless_the_manifest_says_what_it_is(self):
        self.write("small.csv", DIALECTS["other names"])
        done = self.run_rein("check", "fleet.yaml")
        self.assertEqual(done.returncode, FITS)
        self.expect_messages(done.stderr, ("small.csv", "end", "last use + 1", "lifetimes_inclusive: true", "false"))
        for value in ("true", "false"):
            self.write("fleet.yaml", MANIFEST.replace("small.csv", f"small.csv\n    lifetimes_inclusive: {value}"))
            self.expect_result(FITS, "check", "fleet.yaml")


class RandomDialects(LifetimesCase):
    """Compares random instances in random dialects with the plain form."""

    def instance(self, chance):
        """Returns the columns of an instance, by their first names."""
        rows = [{"id": f"t{index}", "lower": (lower := chance.randint(-9, 9)),
                 "upper": lower + chance.randint(1, 9), "size": chance.randint(0, 99)}
                for index in range(chance.randint(1, 12))]
        for row in rows:
            row["id"] += chance.choice(["", "", ",x", ';"y"', " z", "漢"])
        for column, values in (("alignment", [1, 2, 16]), ("offset", range(50))):
            if chance.random() < 0.5:
                for row in rows:
                    row[column] = chance.choice(values)
        return rows

    def value(self, chance, value, separator):
        text = str(value)
        if any(special in text for special in '",;\t ') or chance.random() < 0.2:
            text = '"' + text.replace('"', '""') + '"'
        blanks = " " if separator == "\t" else " \t"
        return (chance.choice(blanks) * chance.randint(0, 2) * (chance.random() < 0.3) + text
                + chance.choice(blanks) * (chance.random() < 0.2))

    def dialect(self, chance, rows, added):
        """Returns the rows as text, with `added` on each upper end."""
        columns = chance.sample(list(rows[0]), len(rows[0]))
        others = {"id": "buffer_id", "lower": "start", "upper": "end"}
        names = [chance.choice([name, others.get(name, name)]) for name in columns]
        names = [chance.choice([name, name.upper(), name.title()]) for name in names]
        separator, end = chance.choice(",;\t"), chance.choice(["\n", "\r\n"])
        rows = [{**row, "upper": row["upper"] + added} for row in rows]
        lines = [names] + [[row[column] for column in columns] for row in rows]
        text = end.join(separator.join(self.value(chance, value, separator) for value in line) for line in lines)
        return chance.choice(["", "\ufeff"]) + text + end * chance.randint(0, 3)

    def plain(self, rows):
        table = io.StringIO()
        writer = csv.DictWriter(table, ["id", "lower", "upper", "size", *(
            name for name in ("alignment", "offset") if name in rows[0])], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return table.getvalue()

    def test_random_dialects(self):
        for seed in range(100):
            chance = random.Random(seed)
            rows = self.instance(chance)
            is_inclusive = chance.random() < 0.5
            with self.subTest(seed=seed):
                content = self.dialect(chance, rows, -1 if is_inclusive else 0)
                self.assertEqual(self.plan(content, *(["--inclusive"] if is_inclusive else [])),
                                 self.plan(self.plain(rows)), content)


# The lifetimes of PLAIN with included ends.
INCLUDED = "id,lower,upper,size\na,0,1,1048576\nb,1,2,2097152\n"


class IncludedEnds(LifetimesCase):
    def test_a_plan_and_its_outputs(self):
        self.write("i.csv", INCLUDED)
        self.write("p.csv", PLAIN)
        for name, options in (("i", ["--inclusive"]), ("p", [])):
            self.expect_result(FITS, "plan", f"{name}.csv", "--csv", f"{name}.out.csv", "--certificate",
                               f"{name}.proof", "--svg", f"{name}.svg", *options)
        self.assertEqual(self.read("i.out.csv"), self.read("p.out.csv"))
        self.assertEqual(self.read("i.proof"), self.read("p.proof"))
        self.assertIn("last use + 1", self.read("i.svg"))
        self.assertNotIn("last use + 1", self.read("p.svg"))
        self.assertEqual(self.plan(INCLUDED, "--inclusive"), self.plan(PLAIN))
        self.assertTrue(json.loads(self.expect_result(FITS, "plan", "i.csv", "--inclusive", "--json"))
                        ["had_included_ends"])
        self.expect_facts(self.expect_result(FITS, "plan", "i.csv", "--inclusive"), "upper", "included", "last use + 1")

    def test_what_is_written_is_read_without_the_option(self):
        self.write("i.csv", INCLUDED)
        self.expect_result(FITS, "plan", "i.csv", "--inclusive", "--csv", "out.csv")
        self.assertEqual(self.plan(self.read("out.csv")), self.plan(PLAIN))

    def test_half_open_is_never_guessed(self):
        """Tests three tensors of which the half-open form needs 100 bytes, and included ends 180."""
        ranges = "id,start,end,size\na,0,1,100\nb,1,2,80\nc,2,3,60\n"
        self.assertEqual(self.plan(ranges)["height_bytes"], 100)
        self.assertEqual(self.plan(ranges, "--inclusive")["height_bytes"], 180)

    def test_several_files(self):
        for name in ("i.csv", "j.csv"):
            self.write(name, INCLUDED)
        lines = self.expect_result(FITS, "plan", "i.csv", "j.csv", "--inclusive", "--json").splitlines()
        for line in lines:
            self.assertEqual(json.loads(line)["height_bytes"], 3145728)
        self.assertEqual(len(lines), 2)

    def test_verify(self):
        self.write("i.csv", INCLUDED)
        self.write("p.csv", PLAIN)
        self.expect_result(FITS, "plan", "i.csv", "--inclusive", "--certificate", "proof", "--csv", "out.csv")
        self.expect_result(FITS, "verify", "i.csv", "proof", "--inclusive")
        self.expect_result(FITS, "verify", "p.csv", "proof")
        self.expect_result(FITS, "verify", "out.csv", "proof")
        self.assertNotIn("--inclusive", self.expect_result(DOES_NOT_PROVE, "verify", "i.csv", "proof"))
        self.write("e.csv", INCLUDED.replace("lower,upper", "start,end"))
        self.expect_facts(self.expect_result(DOES_NOT_PROVE, "verify", "e.csv", "proof"), "last use + 1", "--inclusive")

    def test_check(self):
        needs = []
        for content, key in ((PLAIN, ""), (INCLUDED, "\n    lifetimes_inclusive: true"),
                             (INCLUDED, "\n    lifetimes_inclusive: false"), (INCLUDED, "")):
            self.write("small.csv", content)
            self.write("fleet.yaml", MANIFEST.replace("small.csv", "small.csv" + key))
            document = json.loads(self.expect_result(FITS, "check", "fleet.yaml", "--json"))
            needs.append(document["models"][0]["activations"]["bytes"])
        self.assertEqual(needs, [3145728, 3145728, 2097152, 2097152])

    def test_check_explains_it(self):
        self.write("small.csv", INCLUDED)
        self.write("fleet.yaml", MANIFEST.replace("small.csv", "small.csv\n    lifetimes_inclusive: true"))
        text = " ".join(self.expect_result(FITS, "check", "fleet.yaml", "--explain").split())
        self.expect_facts(text, "small.csv", "upper ends", "included", "instant 1")

    def test_the_key_needs_lifetimes(self):
        for value in ("true", "false"):
            self.write("fleet.yaml", MANIFEST.replace("lifetimes: small.csv", f"lifetimes_inclusive: {value}"))
            self.expect_refusal(("fleet.yaml:7:26", "'lifetimes_inclusive'", "'lifetimes'"), "check", "fleet.yaml")

    def test_rows_that_are_refused(self):
        self.write("l.csv", f"id,lower,upper,size\na,0,{2 ** 63 - 1},1\n")
        self.expect_result(FITS, "plan", "l.csv")
        self.expect_refusal(("l.csv:2:5", f"'{2 ** 63 - 1}'", "2^63 - 2"), "plan", "l.csv", "--inclusive")
        self.write("l.csv", f"id,lower,upper,size\na,0,{2 ** 63 - 2},1\n")
        self.expect_result(FITS, "plan", "l.csv", "--inclusive")
        self.write("l.csv", "id,lower,upper,size\na,2,1,1\n")
        self.expect_refusal(("l.csv:2:5", "'1'", "at least", "'2'"), "plan", "l.csv", "--inclusive")

    def test_the_hint_of_a_row_of_one_instant(self):
        self.write("small.csv", "id,lower,upper,size\na,1,1,1\n")
        self.expect_refusal(("small.csv:2:5", "'1'", "'1'", "last use + 1", "--inclusive"), "plan", "small.csv")
        self.expect_refusal(("small.csv:2:5", "'1'", "'1'", "last use + 1", "--inclusive"), "verify", "small.csv",
                            "proof")
        self.expect_refusal([("small.csv:2:5", "'1'", "'1'", "last use + 1", "lifetimes_inclusive: true"),
                             ("fleet.yaml:7:16", "'small'")], "check", "fleet.yaml")
        self.expect_result(FITS, "plan", "small.csv", "--inclusive")
        self.write("small.csv", "id,lower,upper,size\na,2,1,1\n")
        self.assertNotIn("inclusive", self.run_rein("plan", "small.csv").stderr)
        self.assertEqual(self.run_rein("plan", "small.csv").returncode, BAD_INPUT)


if __name__ == "__main__":
    rein_case.main()
