"""Writes the temporary buffers in a text dump of XLA as lifetimes for `rein plan`.
usage: xla_dump.py BUFFER-ASSIGNMENT.txt [LIVE-RANGE.txt] > lifetimes.csv

The live ranges are in the second file, or at the end of the first. Values that are alive at once at one
offset of an allocation share a buffer: one row. XLA's last instant is included, so 1 is added."""
import csv
import pathlib
import re
import sys

LINE = re.compile(r"allocation (?P<allocation>\d+): size \d+(?P<kind>.*):"
                  r"| value: <\d+ (?P<name>[^\s{]+)(?P<index>\{[\d,]*\})?(?: \(phi\))?(?: @\d+)?> "
                  r"\(size=(?P<size>\d+),offset=(?P<offset>\d+)\): .*")
RANGE = re.compile(r"(?m)^ {4}(\S+\{[\d,]*\}):(\d+)-(\d+)$")


def temporaries(text, ranges):
    """Yields (place, start, end, size, name) for each value of an allocation for temporary buffers."""
    place = None
    for line in filter(None, map(LINE.fullmatch, text.splitlines())):
        if line["allocation"]:
            place = line["allocation"] if ", preallocated-temp" in line["kind"] else None
        elif place:
            name = line["name"] + (line["index"] or "{}")
            if name not in ranges:
                sys.exit(f"no live range of {name}; name the file -live-range.txt, too")
            yield (place, int(line["offset"])), *ranges[name], int(line["size"]), name


if not sys.argv[1:]:
    sys.exit(__doc__)
text = "\n".join(pathlib.Path(path).read_text(encoding="utf-8") for path in sys.argv[1:])
live = RANGE.findall(text.partition("BufferLiveRange:")[2])
buffers = []
for place, start, end, size, name in sorted(temporaries(text, {key: (int(a), int(b)) for key, a, b in live})):
    last = buffers[-1] if buffers else [None]
    if last[0] == place and start <= last[2]:
        last[2:4] = max(last[2], end), max(last[3], size)
    else:
        buffers.append([place, start, end, size, name])
if not buffers:
    sys.exit(f"{sys.argv[1]} has no temporary buffers; name a file *-buffer-assignment.txt")
rows = ((name, start, end + 1, size) for _, start, end, size, name in buffers)
csv.writer(sys.stdout, lineterminator="\n").writerows([("id", "lower", "upper", "size"), *rows])
