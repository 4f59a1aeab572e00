#!/usr/bin/env python3
"""prose.py [ROOT] [--report]

Finds sentences that break the rules for text: in the comments of the sources, in the messages and help texts of
the products, and in the pages. Prints each as FILE:LINE: RULE: SENTENCE, and exits with 1 if there is one.

- `where`: "where" in place of "if". It is for places.
- `is-no`: "is no command" in place of "is not a command". "There is no command" is right.
- `long`: more than 30 words.
- `phrase`: a phrase of PHRASES.
- `expected`: a message that says "FOUND, expected ACCEPTED". It says what is wrong, then what to do.
- `subject`: begins with "What", "Who", "Of" and the like, and is not a question.
- `verb`: the comment of a public function does not begin with one of VERBS.
- `statistic`: the comments of the headers use some words too often or too rarely.

The sources and the man pages must have no findings. Other pages never fail.
scripts/prose_allowed.txt lists the sentences that may break a rule, each with the reason.

--report prints the findings in all folders and pages, and a table of their numbers; it exits with 0.
"""
import argparse
import collections
import pathlib
import re
import sys

Passage = collections.namedtuple("Passage", "line text is_comment code_after")
Finding = collections.namedtuple("Finding", "path line rule sentence")

FOLDERS = ("include", "src", "tests", "bench", "examples", "cmake", "scripts", "docs")
PAGES = (".md", ".scd")
ENFORCED_PAGES = "docs/man/"
# The literals in these folders are messages. In the other tests they are data and copies of messages.
MESSAGES = ("include/", "src/", "bench/", "examples/", "tests/conformance/", "tests/mocks/")
# Messages here are plain sentences: see the rule `expected`.
PLAIN_MESSAGES = ("include/", "src/host/", "src/cuda/", "src/cli/", "tests/mocks/")
RULES = ("where", "is-no", "long", "phrase", "expected", "subject", "verb")
WORDS_MAX = 30

PHRASES = re.compile(r"""\b(?:
    how-manieth | hears? | sees?\ to | seen\ to\ (?:it|that) | lies?\ about | lying\ about | taken\ for | bites?
  | mend(?:s|ed|ing)? | all\ that | nobody | whoever | that\ which | at\ (?:its|their)\ word
  | expected\ (?:not|both|neither|none|nothing)
)\b""", re.X | re.I)
SUBJECT = re.compile(r"(?:What|Who|Whoever|Of|One that|One who)\s(?!.*\?$)")
IS_NO = re.compile(r"(?<![Tt]here )\b(?:is|are|was|were) (?:none\b(?! of)|no (?!longer|more|less|one|\w+er than)\w)")

WHERE = re.compile(r"\bwhere\b", re.I)
# Before "where": a value, so that a condition is meant; words that mean a place.
VALUE_BEFORE = re.compile(
    r"(?:\b(?:NULL|None|false|true|unknown|NAN|nothing|[01]|length|Errors|\w+(?:Argument|Error|Found|State))|X`):? $",
    re.I)
PLACE_BEFORE = re.compile(
    r"\b(?:says?|tells?|knows?|shows?|sees?|near|from|to|place|point|position|location|line|folders?|file|address"
    r"|(?:keeps?|stays?|remains?|leaves?|lies?)(?: \w+){0,3}) $", re.I)
# From "where" on: a clause that means a place.
PLACE_AFTER = re.compile(r"""where(?:
    \ to\b | (?=[,.;?)|]|$)
  | (?!\ none|\ no\ |\ one\ (?:is|was|has)|\ nothing|\ something|\ there|\ nobody|\ need\ )
    (?:\ [\w'`-]+){1,6}?\ (?:
        (?:is|are|was|were|be|arose|go)(?=[,.;:)]|$)
      | (?:is|are|was|were)\ (?:stored|defined|declared|kept|compiled|put|placed|written|documented)\b
      | (?:lies?|lay|(?:comes?|came)\ (?:from|to\ rest)|starts?|started|ends?|ended|begins?|began|stops?|stopped
        |stands?|stood|rests?|goes|belongs?|points?|keeps?)\b
    ))""", re.X | re.I)

VERBS = frozenset("""
    Aborts Accepts Accounts Acquires Adds Aligns Allocates Appends Assigns Attaches Begins Binds Builds Calls
    Cancels Changes Charges Checks Clears Closes Collects Combines Compares Computes Constructs Converts Copies
    Counts Creates Decides Declares Defines Deletes Describes Destroys Does Drops Empties Ends Estimates Executes
    Fills Finds Finishes Formats Frees Generates Gives Holds Ignores Initialises Inserts Invokes Joins Keeps Leases
    Lets Loads Locks Makes Maps Marks Measures Merges Moves Multiplies Names Notifies Opens Owns Parses Permits
    Places Plans Prints Probes Provides Raises Reads Records Registers Releases Removes Replaces Replays Reports
    Reserves Resets Returns Rounds Runs Sends Sets Shares Signals Starts Stops Stores Submits Subtracts Swaps
    Synchronises Takes Throws Transfers Translates Tries Unloads Unlocks Updates Uses Validates Verifies Visits
    Waits Warms Wraps Writes Yields
""".split())
STATISTIC = {"where": (0, 2), "if": (6, 1000), "returns": (6, 1000)}  # per 1000 words: above, below

# A token is a comment (block, lines), a literal that is read (text), or another literal, which may hold their marks.
LITERAL = r'"(?:\\.|[^"\\\n])*"'
C_TOKEN = re.compile(
    r"(?P<block>/\*.*?\*/)|(?P<lines>//[^\n]*(?:\n[ \t]*//[^\n]*)*)"
    rf'|R"(?P<end>[^(\s]*)\(.*?\)(?P=end)"|(?P<text>{LITERAL}(?:[\s\\]*(?:PRI\w+\s*)?{LITERAL})*)'
    r"|'(?:\\[^'\n]{1,8}|[^'\\\n]{1,4})'", re.S)
PYTHON_TOKEN = re.compile(
    r'(?P<block>(?<=\n)[ ]*""".*?""")|""".*?"""|(?P<lines>#[^\n]*(?:\n[ \t]*#[^\n]*)*)'
    rf"|(?P<text>{LITERAL}(?:\s*f?{LITERAL})*)|'(?:\\.|[^'\\\n])*'", re.S)
SHELL_TOKEN = re.compile(r"(?:^|(?<=\s))(?P<lines>#(?=[ \n])[^\n]*(?:\n[ \t]*#(?=[ \n])[^\n]*)*)", re.M)
TOKENS = {**dict.fromkeys((".c", ".h", ".cpp", ".hpp", ".cu", ".rs", ".pml"), C_TOKEN), ".py": PYTHON_TOKEN,
          **dict.fromkeys((".sh", ".bash", ".zsh", ".cmake", ".txt"), SHELL_TOKEN)}
MARKER = re.compile(r"\s*(?:@|!|NOLINT|cppcheck-suppress|shellcheck |clang-format|GCOVR?_|LCOV_)")
# A paragraph ends at this character; the newlines of a passage are those of the file.
BREAK = "\N{PILCROW SIGN}"
# Lines that begin a paragraph: items, and rows of a table, whose columns are at least two spaces apart.
ITEM = re.compile(r"(?:[-*|#]|\d+\.) |.*\S {2,}\S")
# Lines for other programs.
DIRECTIVE = re.compile(r"(?:shellcheck|explore:) ")
SENTENCE_END = re.compile(rf"(?<=[.!?])[\"')]*\s+(?=[A-Z`\"'(*_])|{BREAK}|\Z")
# Code and words that are quoted: nothing in them is judged.
QUOTED = re.compile(r"`[^`]*`|\"[^\"\n]{1,30}\"")
# Types and the like, which need no verb; members that point to functions, and functions that cannot be called.
NOT_FUNCTION = re.compile(r"(?:template\s*<.*>\s*)?(?:typedef|using|class|struct|union|enum|namespace|static_assert"
                          r"|REIN_\w+_DEFINE|[#}]|/[*/])", re.S)
NOT_CALLED = re.compile(r"\(\s*\*\w+\)\(|= delete$")


def paragraphs(lines):
    """Joins lines; leaves out directives, and code, which is indented after an empty line."""
    joined, is_after_gap = [], False
    for line in lines:
        words = line.strip()
        is_code = is_after_gap and len(line) - len(line.lstrip()) >= 5
        is_after_gap = not words or is_code
        is_left_out = is_after_gap or DIRECTIVE.match(words)
        joined.append(BREAK if is_left_out else BREAK + words if ITEM.match(words) else words)
    return "\n".join(joined)


def comment_text(token):
    if token.startswith("/*"):
        first, *others = token[2:-2].split("\n")
        return paragraphs([first.lstrip("*<"), *(re.sub(r"^\s*\*", "", line) for line in others)])
    if token.lstrip().startswith('"""'):
        return paragraphs(token.strip()[3:-3].split("\n"))
    return paragraphs([re.sub(r"^\s*(?://+[!/<]?|#+)", "", line) for line in token.split("\n")])


def message_text(token):
    """The text of adjacent literals, with a newline for each of the file."""
    text = re.sub(r'(?<!\\)"[^"\n]*(\n?)[^"]*"', lambda gap: gap[1], token[1:-1])
    return re.sub(r"\\n(\n?)(?:\\n| )", BREAK + r"\1", text).replace("\\n", " ").replace('\\"', '"')


def source_passages(text, tokens, with_messages):
    for token in tokens.finditer(text):
        line = text.count("\n", 0, token.start()) + 1
        groups = token.groupdict()
        comment = groups.get("block") or groups.get("lines")
        if comment and not MARKER.match(comment.lstrip("/*#")):
            yield Passage(line, comment_text(comment), True, text[token.end():token.end() + 800])
        elif groups.get("text") and with_messages and re.search(r"[a-z]{2} \S.* |, expected", groups["text"]):
            yield Passage(line, message_text(groups["text"]), False, "")


def page_passages(text):
    """A page without its code, and without the options of a man page that the lines below them explain."""
    without_code = re.sub(r"(?ms)^```.*?^```|<!--.*?-->", lambda code: "\n" * code[0].count("\n"), text)
    without_options = re.sub(r"(?m)^\*.*(?=\n\t)", "", without_code)
    yield Passage(1, paragraphs(without_options.split("\n")), True, "")


def passages_of(path, name):
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix in PAGES:
        return page_passages(text)
    return source_passages(text, TOKENS[path.suffix], name.startswith(MESSAGES))


def files_of(root):
    """The files that are read, with their names from the root."""
    paths = [*root.glob("*.*"), *(path for folder in FOLDERS for path in (root / folder).rglob("*.*"))]
    for path in sorted(paths):
        is_source = path.suffix in TOKENS and (path.suffix != ".txt" or path.name == "CMakeLists.txt")
        if (is_source or path.suffix in PAGES) and path.is_file():
            yield path, str(path.relative_to(root))


def sentences_of(passage):
    """The sentences of a passage, each with its line."""
    start = 0
    for end in SENTENCE_END.finditer(passage.text):
        sentence = passage.text[start:end.start()]
        before = passage.text[:start] + sentence[:len(sentence) - len(sentence.lstrip())]
        start = end.end()
        words = " ".join(QUOTED.sub("`X`", sentence).split())
        if words:
            yield passage.line + before.count("\n"), words, " ".join(sentence.split())


def uses_where_for_if(sentence):
    for found in WHERE.finditer(sentence):
        before = sentence[:found.start()]
        is_place = PLACE_BEFORE.search(before) or PLACE_AFTER.match(sentence, found.start())
        if VALUE_BEFORE.search(before) or not is_place:
            return True
    return False


def broken_rules(sentence):
    found = {"where": uses_where_for_if(sentence), "is-no": IS_NO.search(sentence),
             "long": len(re.findall(r"\S*\w\S*", sentence)) > WORDS_MAX, "phrase": PHRASES.search(sentence),
             "subject": SUBJECT.match(sentence)}
    return [rule for rule, is_broken in found.items() if is_broken]


def declares_function(code):
    """Whether a function is declared in the line below a comment."""
    if not re.match(r"[ \t]*\n[ \t]*\S", code):
        return False
    declaration = re.split(r"[;{]", code.lstrip(), maxsplit=1)[0]
    return "(" in declaration and not NOT_FUNCTION.match(declaration) and not NOT_CALLED.search(declaration)


def lacks_verb(name, passage):
    is_header = name.startswith("include/") and passage.is_comment
    words = passage.text.replace(BREAK, " ").split()
    return is_header and declares_function(passage.code_after) and words and words[0].strip(".,:;") not in VERBS


def findings_of(path, name):
    for passage in passages_of(path, name):
        sentences = list(sentences_of(passage))
        for line, words, shown in sentences:
            for rule in broken_rules(words):
                yield Finding(name, line, rule, shown)
            if ", expected" in words and not passage.is_comment and name.startswith(PLAIN_MESSAGES):
                yield Finding(name, line, "expected", shown)
        if sentences and lacks_verb(name, passage):
            yield Finding(name, passage.line, "verb", sentences[0][2])


def rates(files):
    """Uses of the words of STATISTIC per 1000 words of comments in headers; empty if there are fewer words."""
    passages = [passage for path, name in files if name.startswith("include/")
                for passage in passages_of(path, name) if passage.is_comment]
    words = re.findall(r"[a-z]+", QUOTED.sub("X", " ".join(passage.text for passage in passages)).lower())
    counts = collections.Counter(words)
    return {word: 1000 * counts[word] / len(words) for word in STATISTIC} if len(words) >= 1000 else {}


def statistic_findings(found):
    for word, rate in found.items():
        above, below = STATISTIC[word]
        if not above <= rate < below:
            wanted = f"below {below}" if above == 0 else f"at least {above}"
            yield Finding("include", 1, "statistic", f"'{word}' {rate:.1f} times per 1000 words: must be {wanted}")


def lines_of(path):
    """The lines of a list without comments and empty lines; none if there is no such file."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def without_allowed(findings, path):
    """The findings that no entry of the list allows; the faults of the list."""
    faults, allowed = [], set()
    for entry in lines_of(path):
        found = re.fullmatch(r"(\S+): ([a-z-]+): (.+) \| (.+)", entry)
        matches = {finding for finding in findings if found and finding.path == found[1] and finding.rule == found[2]
                   and found[3] in finding.sentence}
        if not matches:
            faults.append(f"{path.name}: allows nothing; each line is FILE: RULE: WORDS | REASON: {entry}")
        allowed |= matches
    return [finding for finding in findings if finding not in allowed], faults


def must_be_clean(finding):
    return finding.path.startswith(ENFORCED_PAGES) or not finding.path.endswith(PAGES)


def print_report(findings, rates_found):
    table = collections.Counter((str(pathlib.Path(*pathlib.Path(finding.path).parent.parts[:3])), finding.rule)
                                for finding in findings)
    print(f"\n{'folder':28}" + "".join(f"{rule:>9}" for rule in RULES))
    for folder in sorted({folder for folder, _ in table}):
        print(f"{folder:28}" + "".join(f"{table[folder, rule]:9}" for rule in RULES))
    print("per 1000 words of header comments: " + ", ".join(f"{word} {rate:.1f}" for word, rate in rates_found.items()))


def main():
    parser = argparse.ArgumentParser(description="Finds sentences that break the rules for text.")
    parser.add_argument("root", nargs="?", default=".", type=pathlib.Path)
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    files = list(files_of(options.root))
    if not files:
        sys.exit("no source was found: this check is blind")
    everything = [finding for path, name in files for finding in findings_of(path, name)]
    findings, faults = without_allowed(everything, options.root / "scripts/prose_allowed.txt")
    if not options.report:
        findings = [finding for finding in findings if must_be_clean(finding)]
        findings += statistic_findings(rates(files))
    for finding in findings:
        print(f"{finding.path}:{finding.line}: {finding.rule}: {finding.sentence}")
    print("\n".join(faults), end="\n" if faults else "")
    if options.report:
        print_report(findings, rates(files))
    sys.exit(1 if (findings or faults) and not options.report else 0)


main()
