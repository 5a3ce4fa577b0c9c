"""
One of our modules, read for linked_script.py: what it imports and exports, and its text without that, line for line.

What cannot be done exactly is not guessed (`InDoubt`): anything but plain imports and exports by name of what does not
change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath

from visualizer.core.lean_script import script_parts
from visualizer.models.errors import InDoubt

_IMPORT = re.compile(r'import\s?(?:\{(?P<names>[\w$,\s]+)\}\s?from\s?)?"(?P<path>[^"\n]+)";')
_LATER = re.compile(r'import\("(?P<path>[^"\n]+)"\)')
#: What static/js/later.js does with a name it is given.
_LOADS = re.compile(r"import(?P<what>|\.meta\.resolve)\((?P<name>\w+)\)")
_EXPORT = re.compile(r"export (?=(?:async )?(?P<kind>function|class|const)\b)")
_LOADED = re.compile(r'\blater\("(?P<path>\./[^"\n]+)"\)')


@dataclass(slots=True)
class ScriptModule:
    """A module, rewritten."""

    #: Path → the names that are imported from it, as a pattern: "a,b:c".
    imports: dict[str, list[str]] = field(default_factory=dict)
    #: Paths of what is imported while it runs.
    later: list[str] = field(default_factory=list)
    #: Paths of what it has loaded by static/js/later.js.
    loaded: list[str] = field(default_factory=list)
    exports: list[str] = field(default_factory=list)
    #: What is left of its text.
    text: list[str] = field(default_factory=list)

    def head(self) -> str:
        """How its function begins, before its text."""
        needed = [f'const {{{",".join(names)}}}=$need("{path}");\n' for path, names in self.imports.items()]
        return f"()=>{{\n{''.join(needed)}"

    def __str__(self) -> str:
        return f"{self.head()}{''.join(self.text)}\nreturn{{{','.join(self.exports)}}}}}"


def read_module(name: str, text: str, *, instead: Mapping[str, str] | None = None, loads: bool = False) -> ScriptModule:
    """
    What the module at this path becomes.

    Args:
        instead: as link_script.
        loads: it may import what it is told by a name: `$load(name)` and `$address(name)` are there.

    Raises:
        InDoubt: it cannot be done exactly.
    """
    parts = script_parts(text)
    lean, module, at, done = "".join(parts), ScriptModule(), 0, 0

    def path_of(written: str) -> str:
        path = normpath(join(dirname(name), written))
        other = (instead or {}).get(path, path)
        return path if other == name else other

    module.loaded = [path_of(each["path"]) for each in _LOADED.finditer(lean)]
    for place, part in enumerate(parts):
        begin, at = at, at + len(part)
        if begin < done or part not in ("import", "export") or lean[:begin].rstrip().endswith("."):
            continue
        if found := _IMPORT.match(lean, begin):
            names = (found["names"] or "").replace("\n", " ").split(",")
            module.imports.setdefault(path_of(found["path"]), []).extend(
                _pattern(each) for each in names if each.strip()
            )
            # Whatever follows stays on its line.
            new = "\n" * found[0].count("\n")
        elif found := _LATER.match(lean, begin):
            module.later.append(path_of(found["path"]))
            new = f'$load("{module.later[-1]}")'
        elif loads and (found := _LOADS.match(lean, begin)):
            new = f"{'$address' if found['what'] else '$load'}({found['name']})"
        elif found := _EXPORT.match(lean, begin):
            declared = parts.index(found["kind"], place) + 1
            module.exports += _exported(found["kind"], parts[declared:])
            new = ""
        else:
            raise InDoubt(f"{name}: {lean[begin : begin + 40]!r}")
        module.text += [lean[done:begin], new]
        done = found.end()
    module.text.append(lean[done:])
    return module


def _exported(kind: str, parts: Sequence[str]) -> list[str]:
    """The names of what is declared by these parts: one function or class, or all of a const."""
    depth, awaited, names = 0, True, list[str]()
    for part in parts:
        if awaited and part.strip() and part != "*":
            names.append(part)
            awaited = False
        elif not awaited and not depth and (part == ";" or kind != "const"):
            break
        awaited = awaited or (part == "," and not depth)
        depth += (part in ("(", "[", "{") or part.endswith("${")) - (part[0] in ")]}")
    if not all(name.isidentifier() or "$" in name for name in names):
        raise InDoubt(f"export {kind} {names[-1]}")
    return names


def _pattern(imported: str) -> str:
    """ "a as b" → "a:b"."""
    return ":".join(imported.split(" as ")).strip()
