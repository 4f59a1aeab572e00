"""Generates the mutants of a C source: small faults, each of which some test should notice.

Works on tokens. Relies on clang-format: a binary operator has a blank on either side.
"""
import re
from typing import NamedTuple

TOKEN = re.compile(
    r"(?P<blank>\s+)|(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<directive>(?m:^)[ \t]*#(?:\\\n|[^\n])*)"
    r"|(?P<text>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<number>\d[\w.]*)"
    r"|(?P<sign><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)", re.S)
ENUM = re.compile(r"\benum\b\s*\w*\s*\{([^}]*)\}")
RETURN_TYPE = re.compile(r"(?:static |inline |const |struct )*(\w+ \*?)\w+$")

OPERATORS = {
    "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"],
    "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"],
    "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["/"],
    "&": ["|"], "|": ["&"], "^": ["|"], "<<": [">>"], ">>": ["<<"],
    "+=": ["-="], "-=": ["+="], "*=": ["/="], "/=": ["*="],
    "|=": ["&="], "&=": ["|="], "^=": ["|="], "++": ["--"], "--": ["++"],
}
SPACED = set("<>+-*/%&|^") | {"<<", ">>"}
UNMUTATED_CALLS = {"assert", "static_assert", "_Static_assert"}
DECLARING = {"return", "break", "continue", "goto", "if", "else", "for", "while", "do", "switch",
             "case", "default", "typedef", "static", "struct", "enum", "union", "const", "extern"}
# The messages of these calls have no placeholder for trailing zeros.
CALLS_WITH_UNUSED_ZEROS = {"invalid", "invalid_error", "rein_error_with_numbers",
                           "rein_cuda_failure"}
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "|=", "&=", "^=", "++", "--", "<<=", ">>="}


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class Mutant(NamedTuple):
    file: str
    line: int
    start: int
    end: int
    replacement: str

    def apply(self, source):
        return source[:self.start] + self.replacement + source[self.end:]

    def key(self, source):
        """(file, text, text of the mutant) of the changed lines. Independent of line numbers."""
        first = source.rfind("\n", 0, self.start) + 1
        last = source.find("\n", self.end)
        mutated = source[first:self.start] + self.replacement + source[self.end:last]
        return self.file, " ".join(source[first:last].split()), " ".join(mutated.split())


def read_enums(sources):
    """{enumerator: the next one of its enum}; the last maps to the first."""
    following = {}
    for source in sources:
        for match in ENUM.finditer(re.sub(r"/\*.*?\*/|//[^\n]*", "", source, flags=re.S)):
            names = [item.split("=")[0].strip() for item in match.group(1).split(",")]
            names = [name for name in names if name]
            if len(names) > 1:
                following.update(zip(names, names[1:] + names[:1]))
    return following


def tokens_of(source):
    """The tokens to mutate: all except comments, blanks, directives and assertions."""
    tokens = [Token(match.lastgroup, match.group(), match.start(), match.end())
              for match in TOKEN.finditer(source)]
    tokens = [token for token in tokens if token.kind not in ("blank", "comment", "directive")]
    kept, index = [], 0
    while index < len(tokens):
        if tokens[index].text in UNMUTATED_CALLS:
            index = closing(tokens, index + 1)
        else:
            kept.append(tokens[index])
        index += 1
    return kept


def closing(tokens, opening):
    """The index of the bracket that closes the one at `opening`."""
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].text in "([{") - (tokens[index].text in ")]}")
        if depth == 0:
            return index
    return len(tokens) - 1


def function_bodies(tokens, source):
    """(index of the opening brace, index of the closing brace, return type) of each function."""
    index = 0
    while index < len(tokens):
        if tokens[index].text == "{":
            end = closing(tokens, index)
            if index > 0 and tokens[index - 1].text == ")":
                head = source[:tokens[index].start].rstrip()
                head = head[head.rfind("\n\n") + 1:].split("(")[0].strip()
                declared = RETURN_TYPE.search(head)
                yield index, end, declared.group(1).strip() if declared else ""
            index = end
        index += 1


STRICTNESS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


def operand(tokens, index, step, ends):
    """The texts from `index`, in direction `step`, to one of `ends` outside of brackets."""
    texts, depth = [], 0
    while 0 <= index < len(tokens):
        text = tokens[index].text
        depth += step * ((text in "([") - (text in ")]"))
        if depth < 0 or (depth == 0 and text in ends):
            break
        texts.append(text)
        index += step
    return texts[::step], index


def chooses_an_operand(tokens, index):
    """Whether it is the sign of `a < b ? a : b`, which strictness does not change."""
    left, _ = operand(tokens, index - 1, -1,
                      {"=", "return", ",", ";", "{", "}", "&&", "||", "?", ":"})
    right, at = operand(tokens, index + 1, 1, {"?", ";", "&&", "||"})
    if tokens[at].text != "?":
        return False
    first, at = operand(tokens, at + 1, 1, {":", ";"})
    second, _ = operand(tokens, at + 1, 1, {";", ",", "?"})
    return sorted((left, right)) == sorted((first, second))


def of_operator(tokens, index, source):
    others = of_sign(tokens[index], source)
    if tokens[index].text in STRICTNESS and chooses_an_operand(tokens, index):
        others = [other for other in others if other != STRICTNESS[tokens[index].text]]
    return others


def of_sign(token, source):
    is_spaced = source[token.start - 1] in " \n" and source[token.end:token.end + 1] in " \n"
    if token.text in SPACED and not is_spaced:
        return []
    return OPERATORS.get(token.text, [])


def of_number(token):
    match = re.fullmatch(r"(\d+)([uUlL]*)", token.text)
    if not match:
        return []
    value = int(match.group(1))
    return [f"{other}{match.group(2)}" for other in {value + 1, max(value - 1, 0)} - {value}]


def of_number_at(tokens, index):
    """Only smaller sizes of a local array: an array that is too large is not a fault."""
    others = of_number(tokens[index])
    before, after = tokens[index - 3:index], tokens[index + 1]
    is_array_size = (before[2].text == "[" and after.text == "]" and before[1].kind == "word"
                     and before[0].kind == "word" and before[0].text != "return")
    return others if not is_array_size else [other for other in others
                                             if int(other) < int(tokens[index].text)]


def of_word(tokens, index, enums):
    word = tokens[index].text
    if word in ("true", "false"):
        return ["false" if word == "true" else "true"]
    if word in enums and tokens[index - 1].text != "case":
        return [enums[word]]
    return []


def of_return(returned, kind):
    if kind == "bool" and returned not in ("true", "false"):
        return [f"!({returned})"]
    if kind == "rein_result_void" and returned != "rein_done()":
        return ["rein_done()"]
    if kind.endswith("*") and returned != "NULL":
        return ["NULL"]
    if re.fullmatch(r"u?int\d*(_t)?|size_t|ssize_t|double|uint64_t|int64_t", kind):
        return [text for text in ("0", "1") if returned != text]
    return []


def begins_statement(tokens, index):
    before = [token.text for token in tokens[index - 3:index]]
    return before[-1] in ("{", "}", ";") or (
        before[-1] == ":" and (before[-2] == "default" or before[-3] == "case"))


def is_deletable(statement):
    """Whether it is a call, an assignment, break or continue, and not a declaration."""
    texts = [token.text for token in statement]
    if texts in (["break"], ["continue"]):
        return True
    if not texts or texts[0] in DECLARING or (texts[0] != "(" and statement[0].kind != "word"
                                              and texts[0] not in ("*", "++", "--")):
        return False
    if texts[:3] == ["(", "void", ")"]:
        return len(texts) > 4
    is_declaration = len(texts) > 1 and (statement[1].kind == "word" or (
        texts[1] == "*" and statement[0].end + 1 == statement[1].start
        and statement[1].end == statement[2].start))
    return not is_declaration and ("(" in texts or bool(ASSIGNMENTS & set(texts)))


def of_statement(tokens, index, source, kind):
    """Yields (start, end, replacement) for the statement at `index`: none, or another return."""
    end = index
    while end < len(tokens) and tokens[end].text not in (";", "{", "}"):
        end = closing(tokens, end) + 1 if tokens[end].text == "(" else end + 1
    if end == len(tokens) or tokens[end].text != ";":
        return
    statement = tokens[index:end]
    if is_deletable(statement):
        yield tokens[index].start, tokens[end].end, ";"
    if len(statement) > 1 and statement[0].text == "return":
        start, stop = statement[1].start, statement[-1].end
        for other in of_return(source[start:stop], kind):
            yield start, stop, other


def unused_zeros(tokens):
    """The indices of the trailing zeros for which an error message has no placeholder."""
    found = set()
    for index, token in enumerate(tokens):
        if token.text in CALLS_WITH_UNUSED_ZEROS:
            last = closing(tokens, index + 1) - 1
            while tokens[last].text == "0" and tokens[last - 1].text == ",":
                found.add(last)
                last -= 2
    return found


def of_body(tokens, first, last, kind, source, enums):
    unused = unused_zeros(tokens[:last])
    for index in range(first + 1, last):
        token = tokens[index]
        others = (of_operator(tokens, index, source) if token.kind == "sign" else
                  of_number_at(tokens, index) if token.kind == "number" and index not in unused else
                  of_word(tokens, index, enums) if token.kind == "word" else [])
        yield from ((token.start, token.end, other) for other in others)
        if token.text == "!":
            yield token.start, token.end, ""
        if token.text in ("if", "while") and tokens[index + 1].text == "(":
            start, end = tokens[index + 1].end, tokens[closing(tokens, index + 1)].start
            yield start, end, f"!({source[start:end]})"
        if begins_statement(tokens, index):
            yield from of_statement(tokens, index, source, kind)


def mutants_of(file, source, enums):
    tokens = tokens_of(source)
    places = [place for first, last, kind in function_bodies(tokens, source)
              for place in of_body(tokens, first, last, kind, source, enums)]
    return [Mutant(file, source.count("\n", 0, start) + 1, start, end, replacement)
            for start, end, replacement in sorted(set(places))]
