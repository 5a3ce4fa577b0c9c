"""
A part of a JSON document, with where it stands. References inside the document are followed, so that whoever reads it
sees what is meant; what leads out of it is counted and never fetched.

Documents are untrusted: what is not of the expected kind is said, with its JSON pointer, and is as good as missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from visualizer.core.untrusted import MAX_TEXT_CHARS, kind_words, visible

#: References that lead to references. Real documents have two.
MAX_HOPS = 16
#: References that are followed in one document. The largest known ones need some ten thousand.
MAX_FOLLOWED = 200_000
#: Hundreds of problems help nobody.
MAX_PROBLEMS = 30
_MAX_POINTER_CHARS = 160


@dataclass(slots=True)
class Problems:
    """What is wrong with a document, in words for people, one for each place."""

    #: References that were followed.
    followed: int = 0
    _texts: dict[str, str] = field(default_factory=dict)
    _outside: dict[str, None] = field(default_factory=dict)

    def say(self, pointer: str, text: str) -> None:
        """Something is wrong there."""
        if pointer not in self._outside:
            self._texts.setdefault(pointer, f"{_shown(pointer)}: {text}")

    def leads_out(self, pointer: str) -> None:
        """A reference to another document stands there."""
        self._outside[pointer] = None

    def texts(self) -> tuple[str, ...]:
        """All of them; of many a few, and how many more there are."""
        texts = list(self._texts.values())
        if self._outside:
            first, count = _shown(next(iter(self._outside))), len(self._outside)
            of = f"{count} references lead" if count > 1 else "a reference leads"
            texts.insert(0, f"{first}: {of} out of the document, which is not followed: bundle it into one")
        if len(texts) > MAX_PROBLEMS:
            return (*texts[: MAX_PROBLEMS - 1], f"… and {len(texts) - MAX_PROBLEMS + 1} more problems")
        return tuple(texts)


@dataclass(frozen=True, slots=True)
class Part:
    """A value and its place. One that is missing has the value None."""

    #: The whole document.
    root: object
    #: What stands there.
    value: object
    #: JSON pointer as a fragment: "#/channels/orders".
    pointer: str
    #: Where problems are said.
    problems: Problems

    @classmethod
    def whole(cls, document: object, problems: Problems) -> Part:
        """The document itself."""
        return cls(document, document, "#", problems)

    @property
    def key(self) -> str:
        """The last name of its pointer, as the document has it."""
        return _unescaped(self.pointer.rpartition("/")[2])

    @property
    def is_missing(self) -> bool:
        """Does nothing stand there?"""
        return self.value is None

    def is_object(self) -> bool:
        """Is it an object? What else stands there is said."""
        return isinstance(self.value, dict) or bool(self._dict())

    def part(self, *names: str) -> Part:
        """What stands under these names."""
        found = self
        for name in names:
            found = found._below(name)._resolved(MAX_HOPS)
        return found

    def parts(self) -> Iterator[tuple[str, Part]]:
        """Everything in an object, by name."""
        for name in self._dict():
            yield name, self.part(name)

    def items(self) -> Iterator[Part]:
        """Everything in a list."""
        if isinstance(self.value, list):
            for number in range(len(self.value)):
                yield self._below(str(number))._resolved(MAX_HOPS)
        elif self.value is not None:
            self._wants("a list")

    def text(self) -> str:
        """The text, with what cannot be seen spelled out; "" where there is none."""
        if self.value is None:
            return ""
        if not isinstance(self.value, str):
            self._wants("text")
            return ""
        if len(self.value) > MAX_TEXT_CHARS:
            self.problems.say(self.pointer, f"expected at most {MAX_TEXT_CHARS} characters, came {len(self.value)}")
            return ""
        return visible(self.value)

    def _dict(self) -> dict[str, object]:
        if isinstance(self.value, dict):
            return self.value
        if self.value is not None:
            self._wants("an object")
        return {}

    def _below(self, name: str) -> Part:
        value = self.value
        if isinstance(value, list):
            below = value[int(name)] if name.isdecimal() and len(name) < 9 and int(name) < len(value) else None
        else:
            below = self._dict().get(name)
        escaped = name.replace("~", "~0").replace("/", "~1")
        return Part(self.root, below, f"{self.pointer}/{escaped}", self.problems)

    def _resolved(self, hops: int) -> Part:
        """What a reference means, through further ones; anything else is what it is."""
        reference = self.value.get("$ref") if isinstance(self.value, dict) else None
        if reference is None:
            return self
        nothing = Part(self.root, None, self.pointer, self.problems)
        if not isinstance(reference, str):
            self.problems.say(self.pointer, f"expected text under $ref, came {kind_words(reference)}")
            return nothing
        if reference != "#" and not reference.startswith("#/"):
            self.problems.leads_out(self.pointer)
            return nothing
        self.problems.followed += 1
        if hops <= 0 or self.problems.followed > MAX_FOLLOWED:
            self.problems.say(self.pointer, "the reference leads round in a circle, or through too many others")
            return nothing
        found = Part.whole(self.root, self.problems)
        for name in reference.split("/")[1:]:
            found = found._below(_unescaped(unquote(name)))._resolved(hops - 1)
        if found.is_missing:
            self.problems.say(self.pointer, f"its reference leads to {_shown(reference)}, where nothing is")
            return nothing
        return found

    def _wants(self, what: str) -> None:
        self.problems.say(self.pointer, f"expected {what}, came {kind_words(self.value)}")


def _unescaped(name: str) -> str:
    return name.replace("~1", "/").replace("~0", "~")


def _shown(pointer: str) -> str:
    text = visible(pointer[:_MAX_POINTER_CHARS])
    return f"{text}…" if len(pointer) > _MAX_POINTER_CHARS else text
