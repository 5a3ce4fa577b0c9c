"""
Makes of a JavaScript file one that does the same in fewer bytes: without comments, indentation, empty lines and spaces.

Line ends stay where they are, so nothing depends on where JavaScript puts semicolons by itself. What cannot be told
apart without a parser (whether "/" after "}" divides or begins a regular expression) is not guessed: `InDoubt`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from visualizer.models.errors import InDoubt

_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\r\f\v]+) | (?P<line>\n)
    | (?P<comment>//[^\n]*|/\*.*?\*/)
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<word>[\w$\#\u0080-\uffff]+)
    | (?P<mark>.)
    """,
    re.DOTALL | re.VERBOSE,
)
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?P<end>`|\$\{)", re.DOTALL)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
#: What a "/" begins a regular expression after, though they look like the end of an operand.
_BEFORE_OPERAND = frozenset(
    (
        *("await", "case", "delete", "do", "else", "in", "instanceof", "new"),
        *("of", "return", "throw", "typeof", "void", "yield"),
    )
)
#: What stands before the condition of a statement.
_BEFORE_CONDITION = frozenset(["if", "for", "while", "with"])
_CLOSES = {"(": ")", "[": "]", "{": "}", "${": "}"}
_KEPT = ("/*!", "@license", "@preserve", "Copyright")


def lean_script(text: str) -> str:
    """
    The same script, smaller. Comments that tell a licence stay.

    Raises:
        InDoubt: it may be read in two ways, or is not whole.
    """
    return "".join(script_parts(text)).strip() + "\n"


def script_parts(text: str) -> list[str]:
    """
    The same in parts: words, marks, spaces, and strings, templates and regular expressions whole.

    Raises: as lean_script.
    """
    return _Reader(text).read()


@dataclass(slots=True)
class _Reader:
    """Reads from left to right what it has not yet written."""

    #: The script.
    text: str
    #: How far it is read.
    at: int = 0
    #: What is written.
    out: list[str] = field(default_factory=list)
    #: The last two parts that are no space and no comment.
    last: tuple[str, str] = ("", "")
    #: What is open, and what stood before it.
    opened: list[tuple[str, str]] = field(default_factory=list)

    def read(self) -> list[str]:
        while self.at < len(self.text):
            match = _TOKEN.match(self.text, self.at)
            assert match is not None, "every character is a mark at least"
            self.at = match.end()
            self._take(match.lastgroup or "", match[0])
        if self.opened:
            raise InDoubt(f"{self.opened[-1][0]} is not closed")
        return self.out

    def _take(self, kind: str, part: str) -> None:
        if kind == "space":
            self._space(" ")
        elif kind == "line":
            self._space("\n")
        elif kind == "comment":
            self._comment(part)
        elif part == "`":
            self._template(part)
        elif part == "/" and self._begins_regex():
            self._regex()
        elif part in ("'", '"', "\\"):
            raise InDoubt(f"{part} at {self.at}")
        else:
            self._bracket(part)

    def _space(self, part: str) -> None:
        """At most one, and a line end rather than a space."""
        before = self.out[-1] if self.out else "\n"
        if part == "\n" and before == " ":
            self.out[-1] = "\n"
        elif before not in (" ", "\n"):
            self.out.append(part)

    def _comment(self, part: str) -> None:
        if any(word in part for word in _KEPT):
            self.out.append(part)
        else:
            self._space("\n" if part.startswith("/*") and "\n" in part else " ")

    def _bracket(self, part: str) -> None:
        if part in _CLOSES:
            self.opened.append((part, self.last[1]))
        elif part in (")", "]", "}"):
            opened, before = self.opened.pop() if self.opened else ("nothing", "")
            if _CLOSES.get(opened) != part:
                raise InDoubt(f"{opened} is closed by {part} at {self.at}")
            if opened == "${":
                self._template(part)
                return
            if part == ")" and before in _BEFORE_CONDITION:
                # An operand may follow, as after an operator.
                self._write(part, said="=")
                return
        self._write(part)

    def _template(self, begin: str) -> None:
        match = _TEMPLATE.match(self.text, self.at)
        if match is None:
            raise InDoubt(f"the template at {self.at} does not end")
        self.at = match.end()
        if match["end"] == "${":
            self.opened.append(("${", ""))
        self._write(begin + match[0], said="`" if match["end"] == "`" else "(")

    def _begins_regex(self) -> bool:
        before, last = self.last
        if last in ("}", ".") or (last in ("+", "-") and before == last):
            raise InDoubt(f"/ after {last} at {self.at}")
        if last[-1:].isalnum() or last[-1:] in ("_", "$"):
            return last in _BEFORE_OPERAND and before != "."
        return last == "" or last[-1] not in (")", "]", "`", "'", '"', "/")

    def _regex(self) -> None:
        match = _REGEX.match(self.text, self.at - 1)
        if match is None:
            raise InDoubt(f"the regular expression at {self.at} does not end")
        self.at = match.end()
        self._write(match[0], said="/")

    def _write(self, part: str, *, said: str = "") -> None:
        """Args: said: what it is for what follows, if it is not what is written."""
        if len(self.out) > 1 and self.out[-1] == " " and not _would_join(self.out[-2][-1], part[0]):
            self.out.pop()
        self.out.append(part)
        self.last = (self.last[1], said or part)


def _would_join(left: str, right: str) -> bool:
    """Whether two parts would be read as another one, had they no space between them."""
    both = left + right
    if all(each.isalnum() or each in "_$#" for each in both) or all(each in "+-" for each in both):
        return True
    # A comment or a regular expression; a decimal point; <!-- and -->, which old scripts take for comments.
    return "/" in both or (left.isdigit() and right == ".") or both in ("<!", "!-", "->")
