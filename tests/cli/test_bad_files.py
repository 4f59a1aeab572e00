"""Bad lifetimes, bad profiles, and paths that are not files."""

import os
import shutil
import subprocess
import tempfile

import rein_case
from quantities import not_a_size
from rein_case import DEVICE, FITS, ReinCase

HEADER = "id,lower,upper,size\n"
ALIGNED = "id,lower,upper,size,alignment\n"

# By the fault: the file and the complete standard error.
LIFETIMES = {
    "empty":
        ("",
         "l.csv: is empty, expected a CSV file of lifetimes\n"),
    "no header":
        ("a,0,1,1\n",
         "l.csv:1:1: 'a,0,1,1', expected the columns id,lower,upper,size[,alignment][,offset]\n"),
    "another header":
        ("id,start,end,size\n",
         "l.csv:1:1: 'id,start,end,size', expected the columns id,lower,upper,size[,alignment][,offset]\n"),
    "a header with spaces":
        ("id, lower, upper, size\na,0,1,1\n",
         "l.csv:1:1: 'id, lower, upper, size', expected the columns id,lower,upper,size[,alignment][,offset]\n"),
    "columns in another order":
        ("id,lower,upper,size,offset,alignment\na,0,1,1,0,1\n",
         "l.csv:1:1: 'id,lower,upper,size,offset,alignment', expected the columns id,lower,upper,size"
         "[,alignment][,offset]\n"),
    "an offset that is no number":
        ("id,lower,upper,size,offset\na,0,1,1,-1\n",
         "l.csv:2:9: '-1', expected a whole number of bytes from 0 to 2^64 - 1, without a unit\n"),
    "an alignment that is no power of two beside an offset":
        ("id,lower,upper,size,alignment,offset\na,0,1,1,3,0\n",
         "l.csv:2:9: '3', expected a power of two, 1 for no alignment\n"),
    "no offset in a row":
        ("id,lower,upper,size,offset\na,0,1,1\n",
         "l.csv:2:1: a row of 4 values, expected 5 values: id,lower,upper,size,offset\n"),
    "no row":
        (HEADER,
         "l.csv:1:1: no row behind the header, expected at least one lifetime\n"),
    "an empty row":
        (HEADER + "a,0,1,1\n\nb,0,1,1\n",
         "l.csv:3:1: an empty row, expected 4 values: id,lower,upper,size\n"),
    "an empty row at the end":
        (HEADER + "a,0,1,1\n\n",
         "l.csv:3:1: an empty row, expected 4 values: id,lower,upper,size\n"),
    "too few values":
        (HEADER + "a,0,1\n",
         "l.csv:2:1: a row of 3 values, expected 4 values: id,lower,upper,size\n"),
    "too many values":
        (HEADER + "a,0,1,1,1\n",
         "l.csv:2:1: a row of 5 values, expected 4 values: id,lower,upper,size\n"),
    "no alignment":
        (ALIGNED + "a,0,1,1\n",
         "l.csv:2:1: a row of 4 values, expected 5 values: id,lower,upper,size,alignment\n"),
    "no id":
        (HEADER + ",0,1,1\n",
         "l.csv:2:1: '', expected a tensor's id\n"),
    "an id again":
        (HEADER + "a,0,1,1\nb,0,1,1\na,0,1,1\n",
         "l.csv:4:1: id 'a' again, expected each id once (first at 2:1)\n"),
    "an id in quotes":
        (HEADER + '"a",0,1,1\n',
         "l.csv:2:1: '\"a\"', expected an id without quotes, tabs and carriage returns\n"),
    "a tab in an id":
        (HEADER + "a\tb,0,1,1\n",
         "l.csv:2:1: 'a\\x09b', expected an id without quotes, tabs and carriage returns\n"),
    "no lower":
        (HEADER + "a,,1,1\n",
         "l.csv:2:3: '', expected a whole number from -2^63 to 2^63 - 1\n"),
    "a fraction":
        (HEADER + "a,0.5,1,1\n",
         "l.csv:2:3: '0.5', expected a whole number from -2^63 to 2^63 - 1\n"),
    "a space":
        (HEADER + "a, 0,1,1\n",
         "l.csv:2:3: ' 0', expected a whole number from -2^63 to 2^63 - 1\n"),
    "a leading zero":
        (HEADER + "a,00,1,1\n",
         "l.csv:2:3: '00', expected a whole number from -2^63 to 2^63 - 1\n"),
    "minus zero":
        (HEADER + "a,-0,1,1\n",
         "l.csv:2:3: '-0', expected a whole number from -2^63 to 2^63 - 1\n"),
    "a plus sign":
        (HEADER + "a,+0,1,1\n",
         "l.csv:2:3: '+0', expected a whole number from -2^63 to 2^63 - 1\n"),
    "a lower of 2^63":
        (HEADER + "a,9223372036854775808,1,1\n",
         "l.csv:2:3: '9223372036854775808', expected a whole number from -2^63 to 2^63 - 1\n"),
    "an upper below -2^63":
        (HEADER + "a,0,-9223372036854775809,1\n",
         "l.csv:2:5: '-9223372036854775809', expected a whole number from -2^63 to 2^63 - 1\n"),
    "an upper at lower":
        (HEADER + "a,1,1,1\n",
         "l.csv:2:5: '1', expected an upper above lower\n"),
    "an upper below lower":
        (HEADER + "a,2,1,1\n",
         "l.csv:2:5: '1', expected an upper above lower\n"),
    "a negative size":
        (HEADER + "a,0,1,-1\n",
         "l.csv:2:7: '-1', expected a whole number of bytes from 0 to 2^63, without a unit\n"),
    "a size with a unit":
        (HEADER + "a,0,1,1KiB\n",
         "l.csv:2:7: '1KiB', expected a whole number of bytes from 0 to 2^63, without a unit\n"),
    "a size above 2^63":
        (HEADER + "a,0,1,9223372036854775809\n",
         "l.csv:2:7: '9223372036854775809', expected a whole number of bytes from 0 to 2^63, without a unit\n"),
    "a size of 2^64":
        (HEADER + "a,0,1,18446744073709551616\n",
         "l.csv:2:7: '18446744073709551616', expected a whole number of bytes from 0 to 2^63, without a unit\n"),
    "an alignment of 0":
        (ALIGNED + "a,0,1,1,0\n",
         "l.csv:2:9: '0', expected a power of two, 1 for no alignment\n"),
    "an alignment of 3":
        (ALIGNED + "a,0,1,1,3\n",
         "l.csv:2:9: '3', expected a power of two, 1 for no alignment\n"),
    "live bytes beyond 2^64":
        (HEADER + "a,0,1,9223372036854775808\nb,0,1,9223372036854775808\n",
         "l.csv: the bytes alive at 0 with lifetime 1 do not fit in 64 bits\n"),
    "a position behind wide letters":
        (HEADER + "漢字,x,1,1\n",
         "l.csv:2:4: 'x', expected a whole number from -2^63 to 2^63 - 1\n"),
    "a carriage return within":
        (HEADER + "a\rb,0,1,1\n",
         "l.csv:2:1: 'a\\x0db', expected an id without quotes, tabs and carriage returns\n"),
    "only carriage returns":
        ((HEADER + "a,0,1,1\n").replace("\n", "\r"),
         "l.csv:1:1: 'id,lower,upper,size\\x0da,0,1,1', expected the columns id,lower,upper,size[,alignment][,offset]\n"),
    "not UTF-8":
        (HEADER.encode() + b"\xff,0,1,1\n",
         "l.csv:2:1: byte 0xff is not UTF-8, expected UTF-8 text\n"),
    "a NUL byte":
        (HEADER + "a,0,1,1\0\n",
         "l.csv:2:8: character U+0000, expected text without control characters and noncharacters\n"),
}

PROFILES = {
    "empty":
        ("",
         "d.yaml: is empty, expected a device profile\n"),
    "no schema":
        (DEVICE.replace("schema: 1\n", ""),
         "d.yaml:1:1: no key 'schema', expected it in a device profile\n"),
    "another schema":
        (DEVICE.replace("schema: 1", "schema: 2"),
         "d.yaml:1:9: '2', expected 1, the only schema that this version reads\n"),
    "no source":
        (DEVICE.replace("source: synthetic\n", ""),
         "d.yaml:1:1: no key 'source', expected it in a device profile\n"),
    "another source":
        (DEVICE.replace("synthetic", "guessed"),
         "d.yaml:3:9: 'guessed', expected one of: probed, recorded, documented, synthetic\n"),
    "a misspelt key":
        (DEVICE.replace("granularity", "granluarity"),
         "d.yaml:6:1: unknown key 'granluarity' in a device profile, did you mean 'granularity'?\n"),
    "a size without a unit":
        (DEVICE.replace("1GiB", "1073741824"),
         "d.yaml:4:8: " + not_a_size("1073741824")),
    "a total of 0":
        (DEVICE.replace("1GiB", "0B"),
         "d.yaml:4:8: total is known to be 0, expected above 0 or unknown\n"),
    "a granularity of 0":
        (DEVICE.replace("2MiB", "0B"),
         "d.yaml:6:14: granularity is known to be 0, expected above 0 or unknown\n"),
    "a pool growth of 0":
        (DEVICE + "pool_growth: 0B\n",
         "d.yaml:8:14: pool_growth is known to be 0, expected above 0 or unknown\n"),
    "free above total":
        (DEVICE + "free: 2GiB\n",
         "d.yaml:8:7: free is 2GiB, expected at most total, 1GiB\n"),
    "total below free":
        (DEVICE.replace("total: 1GiB", "free: 2GiB") + "total: 1GiB\n",
         "d.yaml:8:8: free is 2GiB, expected at most total, 1GiB\n"),
    "priorities the wrong way round":
        (DEVICE + "stream_priorities: {least: -5, greatest: 0}\n",
         "d.yaml:8:20: greatest is 0, expected numerically at most least, -5\n"),
    "only one priority":
        (DEVICE + "stream_priorities: {least: 0}\n",
         "d.yaml:8:20: no key 'greatest', expected it in stream_priorities\n"),
    "a priority in quotes":
        (DEVICE + 'stream_priorities: {least: "0", greatest: -5}\n',
         "d.yaml:8:28: '0', expected a whole number such as -5, not in quotes\n"),
    "a fraction as priority":
        (DEVICE + "stream_priorities: {least: 0.5, greatest: -5}\n",
         "d.yaml:8:28: '0.5', expected a whole number such as -5\n"),
    "a word as priority":
        (DEVICE + "stream_priorities: {least: [], greatest: -5}\n",
         "d.yaml:8:28: a list, expected a whole number such as -5\n"),
    "yes":
        (DEVICE + "integrated: yes\n",
         "d.yaml:8:13: 'yes', expected true or false\n"),
    "a true in quotes":
        (DEVICE + 'integrated: "true"\n',
         "d.yaml:8:13: 'true', expected true or false, not in quotes\n"),
    "a list as a bool":
        (DEVICE + "integrated: [true]\n",
         "d.yaml:8:13: a list, expected true or false\n"),
    "a capability without a point":
        (DEVICE + "compute_capability: 87\n",
         "d.yaml:8:21: '87', expected a version with one point, such as 8.7\n"),
    "a capability with two points":
        (DEVICE + "compute_capability: 8.7.0\n",
         "d.yaml:8:21: '8.7.0', expected a version with one point, such as 8.7\n"),
    "a capability with a long number":
        (DEVICE + "compute_capability: 123456789.0\n",
         "d.yaml:8:21: '123456789.0', expected a version with one point, such as 8.7\n"),
    "a list as a capability":
        (DEVICE + "compute_capability: [8, 7]\n",
         "d.yaml:8:21: a list, expected a version with one point, such as 8.7\n"),
    "a driver by CUDA's count":
        (DEVICE + "driver: 13000\n",
         "d.yaml:8:9: '13000', expected a version with one point, such as 8.7\n"),
    "a driver with three digits":
        (DEVICE + "driver: 12.100\n",
         "d.yaml:8:9: '12.100', expected a version with one point, such as 8.7\n"),
    "a negative count":
        (DEVICE + "multiprocessors: -1\n",
         "d.yaml:8:18: '-1', expected a whole number from 0 to 18446744073709551615\n"),
    "no date":
        (DEVICE + "recorded_at: yesterday\n",
         "d.yaml:8:14: 'yesterday', expected a date in UTC, such as 2026-01-31 or 2026-01-31T12:30:00Z\n"),
    "a day that is none":
        (DEVICE + "recorded_at: 2026-02-31\n",
         "d.yaml:8:14: '2026-02-31', expected a date in UTC, such as 2026-01-31 or 2026-01-31T12:30:00Z\n"),
    "another zone":
        (DEVICE + "recorded_at: 2026-01-31T12:30:00+01:00\n",
         "d.yaml:8:14: '2026-01-31T12:30:00+01:00', expected a date in UTC, such as 2026-01-31 or 2026-01-31T12:30:00Z\n"),
    "a short date":
        (DEVICE + "recorded_at: 2026-1-31\n",
         "d.yaml:8:14: '2026-1-31', expected a date in UTC, such as 2026-01-31 or 2026-01-31T12:30:00Z\n"),
    "an hour that is none":
        (DEVICE + "recorded_at: 2026-01-31T25:30:00Z\n",
         "d.yaml:8:14: '2026-01-31T25:30:00Z', expected a date in UTC, such as 2026-01-31 or 2026-01-31T12:30:00Z\n"),
    "a list as a date":
        (DEVICE + "recorded_at: []\n",
         "d.yaml:8:14: a list, expected a date in UTC, such as 2026-01-31 or 2026-01-31T12:30:00Z\n"),
    "too long a name":
        (DEVICE.replace("Test device", "é" * 64),
         "d.yaml:2:7: 'éééééééééééééééééééééééééééééé..', expected a text of at most 127 bytes (this has 128)\n"),
    "too long a uuid":
        (DEVICE + "uuid: " + "x" * 64 + "\n",
         "d.yaml:8:7: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..', expected a text of at most 63 bytes (this has 64)\n"),
    "a number of a name":
        (DEVICE.replace("Test device", "null"),
         "d.yaml:2:7: 'null', expected a text\n"),
    "a manifest":
        (rein_case.MANIFEST,
         "d.yaml:2:1: unknown key 'device' in a device profile, expected one of: schema, name, uuid, total, free, context_overhead, granularity, pool_growth, compute_capability, multiprocessors, connections, stream_priorities, memory_pools, integrated, driver, runtime, source, note, recorded_at\n"
         "d.yaml:3:1: unknown key 'models' in a device profile, expected one of: schema, name, uuid, total, free, context_overhead, granularity, pool_growth, compute_capability, multiprocessors, connections, stream_priorities, memory_pools, integrated, driver, runtime, source, note, recorded_at\n"),
}


class BadFiles(ReinCase):
    def test_each_lifetimes_file(self):
        for name, (content, message) in LIFETIMES.items():
            with self.subTest(name):
                self.write("l.csv", content)
                self.expect_refusal(message, "plan", "l.csv")

    def test_each_profile(self):
        for name, (content, message) in PROFILES.items():
            with self.subTest(name):
                self.write("d.yaml", content)
                self.expect_refusal(message, "check", "fleet.yaml", "--device", "d.yaml")

    def test_what_lifetimes_may_look_like(self):
        for content in (HEADER + "a,0,1,0\n", HEADER + "a,-5,-4,1", HEADER + "a b,0,1,1\n",
                        (HEADER + "a,0,1,1\nb,0,1,1\n").replace("\n", "\r\n"),
                        "\ufeff" + HEADER + "a,0,1,1\n", ALIGNED + "a,0,1,1,256\n",
                        HEADER + "x" * 5000 + ",0,1,1\n", HEADER + "漢,0,1,1\n"):
            self.write("l.csv", content)
            self.expect_result(FITS, "plan", "l.csv")

    def test_what_is_no_file(self):
        os.symlink("loop", self.path("loop"))
        for path, message in (
                ("none", "none: No such file or directory"),
                ("loop", "loop: Too many levels of symbolic links"),
                ("fleet.yaml/x", "fleet.yaml/x: Not a directory"),
                ("", ": No such file or directory"),
                ("x" * 300, "x" * 300 + ": File name too long")):
            self.expect_refusal(message + ", expected a manifest that can be read\n", "check", path)
            self.expect_refusal(
                message + ", expected a CSV file of lifetimes that can be read\n", "plan", path)
        self.expect_refusal(".: is a directory, expected a manifest\n", "check", ".")
        self.expect_refusal(".: is a directory, expected a CSV file of lifetimes\n", "verify", ".",
                            "proof")
        self.expect_refusal(".: is a directory, expected a device profile\n",
                            "check", "fleet.yaml", "--device", ".")

    def test_a_file_that_must_not_be_read(self):
        # Root can read any file, so the command then runs as nobody, in a folder that nobody can reach.
        # A coverage build needs a place for its counts there.
        is_root = os.geteuid() == 0
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            command = shutil.copy(rein_case.REIN, os.path.join(folder, "rein"))
            secret = os.path.join(folder, "secret.yaml")
            with open(secret, "w", encoding="utf-8") as file:
                file.write(rein_case.MANIFEST)
            os.chmod(secret, 0)
            counts = os.path.join(folder, "counts")
            os.mkdir(counts)
            os.chmod(counts, 0o777)
            done = subprocess.run([command, "check", "secret.yaml"], cwd=folder, timeout=60,
                                  check=False, capture_output=True, encoding="utf-8",
                                  env={**os.environ, "GCOV_PREFIX": counts},
                                  user=65534 if is_root else None)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (
            2, "", "secret.yaml: Permission denied, expected a manifest that can be read\n"))

    def test_a_file_without_end(self):
        self.expect_refusal("/dev/zero: is larger than 16777216 bytes, expected a manifest\n",
                            "check", "/dev/zero")

    def test_a_pipe_is_read_to_its_end(self):
        reader, writer = os.pipe()
        os.write(writer, rein_case.LIFETIMES.encode())
        os.close(writer)
        with os.fdopen(reader) as pipe:
            self.expect_result(FITS, "plan", "/dev/stdin", stdin=pipe)


if __name__ == "__main__":
    rein_case.main()
