"""
Makes of our modules scripts that do the same: one for a page that is opened from a disk and can import nothing; or two
for one that has a slow line, on which each file costs more than what is in it.

Each module becomes a function that is called once, when it is first imported, and answers what it exports. Modules that
import each other are refused (`InDoubt`), and what script_module.py cannot do exactly.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from visualizer.core.script_module import ScriptModule, read_module
from visualizer.models.errors import InDoubt

#: What would end a script, or change how its end is found.
_ENDS = re.compile(r"</script|<script|<!--", re.IGNORECASE)
_BETWEEN = ",\n"
#: `$` begins no name of ours.
_LINK = """const $kept=new Map();
const $need=(name)=>{if(!$kept.has(name))$kept.set(name,$modules[name]());return $kept.get(name)};
"""
_LOAD = """const $load=async(name)=>$need(name);
"""
_LOAD_REST = """const $address=()=>import.meta.resolve("{rest}");
const $rest=async()=>Object.assign($modules,(await import("{rest}")).link($need));
const $load=async(name)=>{{await $rest();return $need(name.replace("./",""))}};
"""


@dataclass(frozen=True, slots=True)
class Given:
    """What stands for globals of the browser, in every module."""

    #: Path of the module that exports it.
    path: str
    #: The names.
    names: Collection[str]


@dataclass(frozen=True, slots=True)
class Linked:
    """A script, and where in it the modules are."""

    #: The script.
    text: str
    #: Path of a module → the line on which its lean text begins, from 0, and how many lines that has; in this order.
    lines: Mapping[str, tuple[int, int]]


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
    read = _read(modules, begins, instead=instead)
    provided = f'const {{{",".join(given.names)}}}=$need("{given.path}");\n' if given else ""
    script = _written("const $modules={\n", read, f'}};\n{_LINK}{_LOAD}{provided}$need("{first}");\n').text
    if found := _ENDS.search(script):
        raise InDoubt(f"{found[0]} in a script")
    return script


def link_in_two(modules: Mapping[str, str], first: str, *, rest: str) -> tuple[Linked, Linked]:
    """
    Two scripts, both modules: one that begins, and one with what is loaded by static/js/later.js, which comes whole as
    soon as any of it is asked for. The second is of no module where nothing ever is.

    Args:
        modules: as link_script, all in one folder.
        rest: where the second script is, as the first one imports it: "./rest.js".

    Raises:
        InDoubt: as link_script.
    """
    begin = _read(modules, [first], loads=True)
    everything, loaded = begin, {path for module in begin.values() for path in module.loaded}
    while not loaded <= everything.keys():
        everything = _read(modules, loaded, known=everything, loads=True)
        loaded = {path for module in everything.values() for path in module.loaded}
    others = {name: module for name, module in everything.items() if name not in begin}
    load = _LOAD_REST.format(rest=rest) if others else _LOAD
    return (
        _written("const $modules={\n", begin, f'}};\n{_LINK}{load}$need("{first}");\n'),
        _written("export const link=($need)=>({\n", others, "});\n"),
    )


def _read(
    modules: Mapping[str, str],
    begins: Iterable[str],
    *,
    known: Mapping[str, ScriptModule] | None = None,
    instead: Mapping[str, str] | None = None,
    loads: bool = False,
) -> dict[str, ScriptModule]:
    """These and all they import, each of them once, and what is known."""
    read, waiting = dict(known or {}), list(begins)
    while waiting:
        name = waiting.pop()
        if name not in modules:
            raise InDoubt(f"{name} is imported and not there")
        if name not in read:
            read[name] = read_module(name, modules[name], instead=instead, loads=loads)
            waiting += [*read[name].imports, *read[name].later]
    _refuse_circles(read)
    _refuse_missing(read)
    return read


def _written(begin: str, read: Mapping[str, ScriptModule], end: str) -> Linked:
    text, at, lines = list[str](), begin.count("\n"), {}
    for name, module in sorted(read.items()):
        lines[name] = (at + module.head().count("\n"), "".join(module.text).count("\n") + 1)
        text.append(f'"{name}":{module}')
        at += text[-1].count("\n") + 1
    return Linked(f"{begin}{_BETWEEN.join(text)}{end}", lines)


def _refuse_circles(read: Mapping[str, ScriptModule]) -> None:
    try:
        TopologicalSorter({name: list(module.imports) for name, module in read.items()}).prepare()
    except CycleError as exc:
        raise InDoubt(f"{' → '.join(exc.args[1])} import each other") from exc


def _refuse_missing(read: Mapping[str, ScriptModule]) -> None:
    for name, module in read.items():
        for path, names in module.imports.items():
            if missing := {each.partition(":")[0] for each in names}.difference(read[path].exports):
                raise InDoubt(f"{name} imports {', '.join(sorted(missing))}, which {path} does not export")
