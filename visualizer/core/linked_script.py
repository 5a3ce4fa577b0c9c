"""
Makes of our modules one script that does the same: a page that is opened from a disk can import nothing.

Each module becomes a function that is called once, when it is first imported, and answers what it exports. What this
cannot do exactly is not guessed (`InDoubt`): modules that import each other, and anything but plain imports and exports
by name of what does not change.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from posixpath import dirname, join, normpath

from visualizer.core.lean_script import script_parts
from visualizer.models.errors import InDoubt

_IMPORT = re.compile(r'import\s?(?:\{(?P<names>[\w$,\s]+)\}\s?from\s?)?"(?P<path>[^"\n]+)";')
_LATER = re.compile(r'import\("(?P<path>[^"\n]+)"\)')
_EXPORT = re.compile(r"export (?=(?:async )?(?P<kind>function|class|const)\b)")
#: What would end a script, or change how its end is found.
_ENDS = re.compile(r"</script|<script|<!--", re.IGNORECASE)
#: `$` begins no name of ours.
_LINK = """const $kept=new Map();
const $need=(name)=>{if(!$kept.has(name))$kept.set(name,$modules[name]());return $kept.get(name)};
const $load=async(name)=>$need(name);
"""


@dataclass(frozen=True, slots=True)
class Given:
    """What stands for globals of the browser, in every module."""

    #: Path of the module that exports it.
    path: str
    #: The names.
    names: Collection[str]


@dataclass(slots=True)
class _Module:
    """A module, rewritten."""

    #: Path → the names that are imported from it, as a pattern: "a,b:c".
    imports: dict[str, list[str]] = field(default_factory=dict)
    #: Paths of what is imported while it runs.
    later: list[str] = field(default_factory=list)
    exports: list[str] = field(default_factory=list)
    #: What is left of its text.
    text: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        needed = [f'const {{{",".join(names)}}}=$need("{path}");\n' for path, names in self.imports.items()]
        return f"()=>{{\n{''.join([*needed, *self.text])}\nreturn{{{','.join(self.exports)}}}}}"


def link_script(
    modules: Mapping[str, str], first: str, *, given: Given | None = None, instead: Mapping[str, str] | None = None
) -> str:
    """
    The script. It belongs into `<script type="module">`, and holds nothing that would end one.

    Args:
        modules: path → text, of all that may be imported.
        first: path of the module that begins.
        instead: path → path of what is imported in its place, but by what is imported in its place itself.

    Raises:
        InDoubt: it cannot be done exactly, or a module is missing.
    """
    begins = [given.path, first] if given else [first]
    read, waiting = dict[str, _Module](), list(begins)
    while waiting:
        name = waiting.pop()
        if name not in modules:
            raise InDoubt(f"{name} is imported and not there")
        if name not in read:
            read[name] = _read(name, modules[name], instead or {})
            waiting += [*read[name].imports, *read[name].later]
    _refuse_circles(read)
    _refuse_missing(read)
    written = ",\n".join(f'"{name}":{module}' for name, module in sorted(read.items()))
    provided = f'const {{{",".join(given.names)}}}=$need("{given.path}");\n' if given else ""
    script = f'const $modules={{\n{written}}};\n{_LINK}{provided}$need("{first}");\n'
    if found := _ENDS.search(script):
        raise InDoubt(f"{found[0]} in a script")
    return script


def _refuse_circles(read: Mapping[str, _Module]) -> None:
    try:
        TopologicalSorter({name: list(module.imports) for name, module in read.items()}).prepare()
    except CycleError as exc:
        raise InDoubt(f"{' → '.join(exc.args[1])} import each other") from exc


def _refuse_missing(read: Mapping[str, _Module]) -> None:
    for name, module in read.items():
        for path, names in module.imports.items():
            if missing := {each.partition(":")[0] for each in names}.difference(read[path].exports):
                raise InDoubt(f"{name} imports {', '.join(sorted(missing))}, which {path} does not export")


def _read(name: str, text: str, instead: Mapping[str, str]) -> _Module:
    parts = script_parts(text)
    lean, module, at, done = "".join(parts), _Module(), 0, 0

    def path_of(written: str) -> str:
        path = normpath(join(dirname(name), written))
        return path if instead.get(path, name) == name else instead[path]

    for place, part in enumerate(parts):
        begin, at = at, at + len(part)
        if begin < done or part not in ("import", "export") or lean[:begin].rstrip().endswith("."):
            continue
        if found := _IMPORT.match(lean, begin):
            names = (found["names"] or "").replace("\n", " ").split(",")
            module.imports.setdefault(path_of(found["path"]), []).extend(_pattern(each) for each in names if each)
            new = ""
        elif found := _LATER.match(lean, begin):
            module.later.append(path_of(found["path"]))
            new = f'$load("{module.later[-1]}")'
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
