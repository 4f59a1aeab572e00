"""Makes of the house's headers and pages what Doxygen reads: its INPUT_FILTER. Keeps every line's number.

Headers. A comment belongs to what it stands before, on the line above, or behind, on the same line. One
that stands before a row of declarations without a blank line between them belongs to each of them. The
first comment of a header is about the file. REIN_RESULT_DEFINE(R, V) and REIN_FACT_DEFINE(R, V) declare the type R.

Pages. What links to no page of the site stays as text, and the markers of the tests go. Code in a
heading is text: Doxygen 1.9.4 shows its tags.
usage: filter.py FILE
"""
import pathlib
import re
import sys

RESULT = re.compile(r"^REIN_(?:RESULT|FACT)_DEFINE\((\w+), (.*)\)$")
DOCS = pathlib.Path(__file__).resolve().parents[1]
OTHER_PAGES = ("roadmap.md", "testing.md")  # EXCLUDE of the Doxyfile
LINK = re.compile(r"(!?)\[([^\]\n]*)\]\(([^)\s]+)\)")
HEADING = re.compile(r"^##+ ")
MARKER = re.compile(r"^<!-- .* -->$")
DECLARATION_END = re.compile(r"[;}]$")
NO_DECLARATION = re.compile(r'^\s*($|#(?!define)|extern "C"|REIN_API_|}|/\*)')
FORWARD = re.compile(r"(?m)^template <.*> class \w+;$")
GUARD = re.compile(r"(?m)^#ifndef (\w+_H(?:PP)?)\n#define \1\n")


class Header:
    """The lines of a header, in which comments become Doxygen's."""

    def __init__(self, text):
        self.lines = text.split("\n")
        self.row_comment = None  # of the declarations that follow without a blank line

    def comment_end(self, index):
        while "*/" not in self.lines[index]:
            index += 1
        return index

    def declaration_end(self, index):
        """The last line of the declaration, up to its ';' or the end of its braces."""
        depth = 0
        while index + 1 < len(self.lines):
            code = re.sub(r"/\*.*?(\*/|$)", "", self.lines[index]).rstrip()
            depth += code.count("{") - code.count("}")
            is_macro = self.lines[index].startswith("#define") or code.endswith("\\")
            if depth == 0 and (is_macro and not code.endswith("\\") or DECLARATION_END.search(code)):
                break
            index += 1
        return index

    def mark_trailing(self, first, last):
        """Comments behind code on lines first..last of a declaration; inside braces, those before too."""
        is_inside = False
        for index in range(first, last + 1):
            line = self.lines[index]
            if is_inside:
                is_inside = "*/" not in line
                continue
            start = line.find("/*")
            if start >= 0 and not line.lstrip().startswith("/**"):
                mark = "/**" if line.lstrip().startswith("/*") else "/**<"
                self.lines[index] = line[:start] + mark + line[start + 2:]
                is_inside = "*/" not in line

    def declare_result(self, index, comment):
        found = RESULT.match(self.lines[index])
        if not found:
            return False
        name, value = found.groups()
        text = "" if comment else f"/** A `{value}`, or an error; made and read as result.h says. */ "
        self.lines[index] = f"{text}typedef struct {name} {name};"
        return True

    def convert(self):
        """The whole header."""
        is_first = True
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            if line.startswith("/*"):
                index = self.convert_comment(index, is_first)
                is_first = False
            elif NO_DECLARATION.match(line):
                self.row_comment = None
                index += 1
            else:
                index = self.convert_declaration(index, self.row_comment)
        text = "\n".join(self.lines)
        # Doxygen takes the attribute for a name, and a class that is announced for the class.
        return FORWARD.sub("", text.replace("[[nodiscard]] ", ""))

    def convert_comment(self, index, is_first):
        end = self.comment_end(index)
        if is_first:
            self.lines[index] = "/** @file\n *" + self.lines[index][2:]
            return end + 1
        text = "\n".join(self.lines[index:end + 1])
        if end + 1 < len(self.lines) and not NO_DECLARATION.match(self.lines[end + 1]):
            self.lines[index] = "/**" + self.lines[index][2:]
            self.row_comment = " ".join(re.sub(r"\n \*", "\n", text[2:-2]).split())
            return self.convert_declaration(end + 1, None, has_comment=True)
        self.row_comment = None
        return end + 1

    def convert_declaration(self, index, comment, has_comment=False):
        if not self.declare_result(index, comment or has_comment):
            end = self.declaration_end(index)
            self.mark_trailing(index, end)
        else:
            end = index
        if comment:
            self.lines[index] = f"/** {comment} */ {self.lines[index]}"
        return end + 1


def page(path, text):
    def link(found):
        is_image, words, target = found[1], found[2], found[3]
        if re.match(r"\w+:", target):
            return found[0]
        file_name = target.split("#")[0]
        if is_image:
            return f"![{words}]({pathlib.Path(target).name})"
        target_path = (path.parent / file_name).resolve()
        is_page = (target_path.suffix == ".md" and target_path.exists() and target_path.is_relative_to(DOCS)
                   and target_path.name not in OTHER_PAGES)
        return f"[{words}]({target_path})" if is_page else words

    lines = ["" if MARKER.match(line) else line for line in text.split("\n")]
    lines = [line.replace("`", "") if HEADING.match(line) else line for line in lines]
    return LINK.sub(link, "\n".join(lines))


def main():
    path = pathlib.Path(sys.argv[1])
    text = path.read_text(encoding="utf-8")
    sys.stdout.write(page(path, text) if path.suffix == ".md" else Header(GUARD.sub("#if 1\n", text)).convert())


main()
