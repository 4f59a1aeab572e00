"""Checks that every block of code of a page is what its marker says. The marker is the line before
the block:

  <!-- quote: file PATH [N] -->  the file, whole or its first N lines
  <!-- quote: output ARG... -->  the output of `rein ARG...`
  <!-- save: PATH -->            a file of the reader's, for the blocks that follow
  <!-- run -->                   bash runs it, with the variables that the previous one exported;
                                 `<!-- run: exit N -->` if it exits with N
  <!-- prints -->                the output of the block before; a line `...` matches any lines
  <!-- unit: NAME -->            a unit for systemd
  <!-- yaml: WHAT -->            YAML, such as Kubernetes reads it
  <!-- syntax: WHY -->           bash syntax with scripts that exist; not run here
  <!-- shown: WHY -->            not code

A block without a marker is a fault. In units, in YAML and in the text, each call of rein must have a
command and options that the help knows. A marker `<!-- picture: ARG... -->` before a picture says
that `rein ARG... --svg OUT` draws it. Blocks are run in a folder that looks like a fresh clone, with
`rein` on the PATH; each page has its own. Measured times, holders of reservations and their start
times are not compared. With --quotes, only quotes, pictures and text are checked, for a page that
another test follows.
usage: blocks.py REIN FOLDER PAGE... [--write] [--quotes]
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import yaml

BLOCK = re.compile(r"(?:(?P<head><!-- (?P<kind>\w+)(?:: (?P<argument>[^\n]*?))? -->\n))?"
                   r"(?P<open>```\w*\n)(?P<text>.*?)(?P<close>^```\n)", re.S | re.M)
PICTURE = re.compile(r"<!-- picture: ([^\n]*?) -->\n!\[[^\]]*\]\(([^)]+)\)")
VARYING = re.compile(r"(?m)(in) [\d.]+ (?:us|ms|s)\b|^(pid|uid|since) \d+$")
INLINE = re.compile(r"`(rein [a-z][^`]*)`")
OPTION = re.compile(r"(?m)^  --([a-z-]+)")


def steady(text):
    """Returns the text without the parts that differ from run to run."""
    return VARYING.sub(r"\1\2", text)


class Fault(Exception):
    """A fault in a block."""


class Reader:
    """Follows a page in a folder of its own."""

    def __init__(self, rein, folder, page):
        self.rein = pathlib.Path(rein).resolve()
        self.page = page
        self.folder = pathlib.Path(folder).resolve() / str(page).replace("/", "-")
        self.printed = None
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for entry in pathlib.Path().resolve().iterdir():
            if not entry.name.startswith((".git", "build")):
                (self.folder / entry.name).symlink_to(entry)
        self.environment = dict(os.environ, PATH=f"{self.rein.parent}:{os.environ['PATH']}",
                                HOME=str(self.folder), LC_ALL="C.UTF-8", PYTHONDONTWRITEBYTECODE="1")
        self.environment.pop("REIN_STATE_DIR", None)

    def call(self, arguments):
        run = subprocess.run(arguments, cwd=self.folder, env=self.environment, text=True, timeout=200,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return run.returncode, run.stdout

    def follow(self, block):
        """Returns the block as it should be; raises Fault if that is unknown."""
        kind = block["kind"]
        if "--quotes" in sys.argv and kind != "quote":
            return block["text"]
        if kind is None:
            raise Fault("nothing says what it is, expected a line such as <!-- run --> before it")
        if not hasattr(self, f"do_{kind}"):
            raise Fault(f"'{kind}' is unknown, expected one of the kinds that this script's head names")
        return getattr(self, f"do_{kind}")(block["argument"] or "", block["text"])

    def do_quote(self, argument, text):
        kind, *arguments = argument.split()
        if kind == "file":
            lines = pathlib.Path(arguments[0]).read_text(encoding="utf-8").splitlines(keepends=True)
            expected = "".join(lines[: int(arguments[1])] if len(arguments) > 1 else lines)
        else:
            expected = self.call([self.rein, *arguments])[1]
        return text if steady(text) == steady(expected) else expected

    def do_save(self, argument, text):
        (self.folder / argument).write_text(text, encoding="utf-8")
        return text

    def do_run(self, argument, text):
        expected = int(argument.removeprefix("exit ") or 0)
        kept = self.folder / ".environment"
        keep = f"trap 'env -0 >{shlex.quote(str(kept))}' EXIT\n"
        status, self.printed = self.call(["bash", "-euo", "pipefail", "-c", keep + text])
        entries = kept.read_text(encoding="utf-8").split("\0")
        self.environment = dict(entry.split("=", 1) for entry in entries if entry)
        if status != expected:
            raise Fault(f"exits with {status}, expected {expected}:\n{self.printed}")
        return text

    def do_prints(self, _, text):
        if self.printed is None:
            raise Fault("nothing was run before it")
        parts = [re.escape(steady(part)) for part in re.split(r"(?m)^\.\.\.\n", text)]
        is_same = re.fullmatch(r"(?:.*\n)*?".join(parts), steady(self.printed))
        if not is_same and len(parts) > 1:
            raise Fault(f"is not what was printed:\n{self.printed}")
        return text if is_same else self.printed

    def do_unit(self, argument, text):
        path = self.folder / argument
        path.write_text(text, encoding="utf-8")
        for line in text.splitlines():
            if line.startswith("Exec"):
                self.check_call(shlex.split(line.split("=", 1)[1]))
        if shutil.which("systemd-analyze"):
            # The unit's program is not installed here.
            known = re.sub(r"(?m)^(Exec\w+=).*", r"\1/bin/true", text)
            path.write_text(known, encoding="utf-8")
            status, said = self.call(["systemd-analyze", "verify", str(path)])
            said = "\n".join(line for line in said.splitlines() if argument in line)
            if status != 0 or said:
                raise Fault(f"systemd-analyze verify: {said or status}")
        return text

    def do_yaml(self, _, text):
        try:
            documents = list(yaml.safe_load_all(text))
        except yaml.YAMLError as error:
            raise Fault(f"is no YAML: {error}") from error
        for document in documents:
            if not isinstance(document, (dict, list)):
                raise Fault("is no mapping and no list")
            self.check_calls_in(document)
        return text

    def do_syntax(self, argument, text):
        if not argument:
            raise Fault("nothing says why it is not run")
        status, said = self.call(["bash", "-n", "-c", text])
        for path in re.findall(r"(?<![\w/])(?:scripts|tests|examples|docs|bench)/[\w./-]+\.(?:sh|py|md)", text):
            if not pathlib.Path(path).exists():
                raise Fault(f"{path} is not there")
        if status != 0:
            raise Fault(said)
        return text

    def do_shown(self, argument, text):
        if not argument:
            raise Fault("nothing says why it is not checked")
        return text

    def check_calls_in(self, node):
        if isinstance(node, dict):
            for value in node.values():
                self.check_calls_in(value)
        elif isinstance(node, list):
            if node and isinstance(node[0], str):
                self.check_call([str(word) for word in node])
            for value in node:
                self.check_calls_in(value)
        elif isinstance(node, str):
            for line in node.splitlines():
                if re.match(r"\s*rein ", line):
                    self.check_call(shlex.split(line, comments=True))

    def check_call(self, words):
        """Checks that the command and its options are known if the text calls rein."""
        if pathlib.Path(words[0]).name != "rein":
            return
        status, told = self.call([self.rein, "help", words[1]])
        if status != 0:
            raise Fault(told)
        for word in words[2:]:
            if word in ("--", "|", ">"):
                break
            if word.startswith("--") and word[2:].split("=")[0] not in OPTION.findall(told):
                raise Fault(f"{word} is no option of 'rein {words[1]}'")

    def check_inline(self, call):
        self.check_call(call.split())

    def check_picture(self, arguments, path):
        drawn = self.folder / "drawn.svg"
        drawn.unlink(missing_ok=True)
        _, said = self.call([self.rein, *arguments.split(), "--svg", str(drawn)])
        target = self.page.parent / path
        if not drawn.exists():
            raise Fault(f"picture {path} was not drawn: {said}")
        if drawn.read_bytes() != target.read_bytes():
            if "--write" not in sys.argv:
                raise Fault(f"picture {path} is not what 'rein {arguments}' draws")
            target.write_bytes(drawn.read_bytes())


def follow_page(rein, folder, page):
    """Returns the faults of a page and the number of its blocks."""
    text = page.read_text(encoding="utf-8")
    reader = Reader(rein, folder, page)
    faults = []

    def follow(block):
        line = text.count("\n", 0, block.start("open")) + 1
        try:
            expected = reader.follow(block)
        except Fault as fault:
            faults.append(f"{page}:{line}: {fault}")
            return block[0]
        if expected != block["text"]:
            faults.append(f"{page}:{line}: stale, expected:\n{expected}")
        return f"{block['head'] or ''}{block['open']}{expected}{block['close']}"

    refreshed, count = BLOCK.subn(follow, text)
    for check, found in [(reader.check_picture, PICTURE.findall(text)),
                         (reader.check_inline, [(call,) for call in INLINE.findall(BLOCK.sub("", text))])]:
        for arguments in found:
            try:
                check(*arguments)
            except Fault as fault:
                faults.append(f"{page}: {fault}")
    if "--write" in sys.argv and refreshed != text:
        page.write_text(refreshed, encoding="utf-8")
    fences = len(re.findall(r"(?m)^ *```", text))
    if fences != 2 * count:
        faults.append(f"{page}: {fences} lines begin with ```, expected two for each of {count} blocks")
    return faults, count


def main():
    rein, folder, *pages = [word for word in sys.argv[1:] if word not in ("--write", "--quotes")]
    faults, count = [], 0
    for page in map(pathlib.Path, pages):
        page_faults, page_count = follow_page(rein, folder, page)
        faults += page_faults
        count += page_count
    if faults:
        raise SystemExit("\n".join(faults) + f"\n{len(faults)} faults; --write refreshes what is stale")
    print(f"{len(pages)} pages, {count} blocks")


main()
