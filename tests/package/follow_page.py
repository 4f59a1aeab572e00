"""Follows a page of the documentation literally, in a folder that is emptied first and in which
`rein` is the source. The built files stay there.

  <!-- quote: file examples/consumers/PATH -->  the block becomes the file PATH
  <!-- run -->           bash runs the block; the following blocks keep its variables
  <!-- run: cuda -->     the same, if the CUDA module is built
  <!-- prints -->        the output of the last command of the block before it

After the first block that installs, the installed tree is moved. The rest of the page must work
with the moved tree.
usage: follow_page.py SOURCE PAGE FOLDER HAS_CUDA [--write]
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

BLOCK = re.compile(r"(?P<head><!-- (?P<what>quote: file|run|prints)(?:: | )?(?P<argument>[^\n]*?) ?-->\n"
                   r"```\w*\n)(?P<text>.*?)```\n", re.S)
CONSUMERS = "examples/consumers/"
INSTALLED = "cmake --install"
# Environment variables that the page's commands keep: builds share compilations.
KEPT = ("PATH", "LANG", "CMAKE_C_COMPILER_LAUNCHER", "CMAKE_CXX_COMPILER_LAUNCHER", "CCACHE_DIR")


class Shell:
    """Runs each block in its own bash, which starts with the variables that the previous block
    left."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.move_home("home")

    def move_home(self, name):
        new = self.folder / name
        if "HOME" in self.environment:
            pathlib.Path(self.environment["HOME"]).rename(new)
        else:
            new.mkdir()
        self.environment["HOME"] = str(new)

    def run(self, text):
        """Returns the output of the block's last command; exits with a message if a command
        fails."""
        *before, last = text.rstrip("\n").split("\n")
        script = "\n".join(["set -euo pipefail", "exec 3>&1 >&2", *before, f"{last} >&3", "env -0 >env"])
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, env=self.environment,
                              check=False, capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            raise SystemExit(f"{done.stdout}{done.stderr}\nfailed with {done.returncode}:\n{text}")
        entries = (self.folder / "env").read_text(encoding="utf-8").split("\0")
        self.environment = dict(entry.split("=", 1) for entry in entries if entry)
        return done.stdout


class Reader:
    """Follows the page: keeps the last output and the blocks that differ from the page."""

    def __init__(self, folder, has_cuda):
        self.folder = folder
        self.has_cuda = has_cuda
        self.shell = Shell(folder)
        self.printed = None
        self.wrong = []

    def follow(self, block):
        """Follows a block and returns it as it should be."""
        if block["what"] == "quote: file":
            path = self.folder / block["argument"].removeprefix(CONSUMERS)
            path.parent.mkdir(exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")
        elif block["what"] == "run" and (block["argument"] != "cuda" or self.has_cuda):
            self.printed = self.shell.run(block["text"])
            if INSTALLED in block["text"] and not (self.folder / "moved").exists():
                self.shell.move_home("moved")
        elif block["what"] == "prints" and self.printed != block["text"]:
            self.wrong.append(f"printed:\n{self.printed}expected:\n{block['text']}")
            return block["head"] + self.printed + "```\n"
        return block[0]


def main():
    source, page, folder = map(pathlib.Path, sys.argv[1:4])
    text = page.read_text(encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "rein").symlink_to(source)
    reader = Reader(folder, sys.argv[4] == "ON")
    followed = BLOCK.sub(reader.follow, text)
    if "--write" in sys.argv:
        page.write_text(followed, encoding="utf-8")
    elif reader.wrong:
        raise SystemExit(f"{page}:\n" + "\n".join(reader.wrong))
    blocks = [match["what"] for match in BLOCK.finditer(text)]
    fences = len(re.findall(r"(?m)^```\w+$", text))
    if len(blocks) != fences:
        raise SystemExit(f"{page}: {fences} blocks of code, but {len(blocks)} say what they are")
    print(f"{blocks.count('run')} blocks run, {blocks.count('prints')} outputs compared")


main()
