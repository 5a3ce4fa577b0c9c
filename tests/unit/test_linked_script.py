"""Our modules as one script: it does what they do, or is refused."""

from __future__ import annotations

import pytest

from tests.world import ROOT
from visualizer.core.linked_script import Given, link_script
from visualizer.interfaces.saved_files import GIVEN, INSTEAD
from visualizer.models.errors import InDoubt

JS = ROOT / "static" / "js"
OURS = {path.relative_to(JS).as_posix(): path.read_text("utf-8") for path in JS.rglob("*.js")}
LINK = (
    "const $kept=new Map();\n"
    "const $need=(name)=>{if(!$kept.has(name))$kept.set(name,$modules[name]());return $kept.get(name)};\n"
    "const $load=async(name)=>$need(name);\n"
)


def linked(text: str, **others: str) -> str:
    """A script of "a.js" with this text, and others it may import."""
    return link_script({"a.js": text} | {f"{name}.js": other for name, other in others.items()}, "a.js")


def test_a_module_becomes_a_function_that_is_called_once() -> None:
    script = linked(
        'import { b, c as d } from "./b.js";\nimport "./e.js"; // e\nd.export(b, `import ${"export"}`);\n',
        b="export const b = [1, (2, 3)], c = { f: `${4},` };\nconst g = 5;\nexport async function h() {}\n",
        e="export class E {}\n",
    )
    assert script == (
        'const $modules={\n"a.js":()=>{\nconst {b,c:d}=$need("b.js");\nconst {}=$need("e.js");\n'
        '\n\nd.export(b,`import ${"export"}`);\n\nreturn{}},\n'
        '"b.js":()=>{\nconst b=[1,(2,3)],c={f:`${4},`};\nconst g=5;\nasync function h(){}\n\nreturn{b,c,h}},\n'
        f'"e.js":()=>{{\nclass E{{}}\n\nreturn{{E}}}}}};\n{LINK}$need("a.js");\n'
    )


def test_a_module_may_stand_for_another_and_for_what_the_browser_has() -> None:
    modules = {
        "a.js": 'import { b } from "./b.js";\nfetch(b);\n',
        "b.js": "export const b = 1;\n",
        "saved/b.js": 'import { b as was } from "../b.js";\nexport const b = was + 1;\n',
        "saved/c.js": "export const fetch = alert;\n",
    }
    script = link_script(modules, "a.js", given=Given("saved/c.js", ["fetch"]), instead={"b.js": "saved/b.js"})
    assert '"a.js":()=>{\nconst {b}=$need("saved/b.js");\n' in script
    assert '"saved/b.js":()=>{\nconst {b:was}=$need("b.js");\n' in script
    assert script.endswith(f'{LINK}const {{fetch}}=$need("saved/c.js");\n$need("a.js");\n')


def test_what_is_imported_later_is_there_and_runs_later() -> None:
    script = linked('const b = () => import("./b.js").then(({ c }) => c);\n', b="export const c = 1;\n")
    assert 'const b=()=>$load("b.js").then(({c})=>c);' in script
    assert '"b.js":()=>{\nconst c=1;' in script


@pytest.mark.parametrize(
    "text",
    [
        'import * as b from "./b.js";',
        'import b from "./b.js";',
        'import { no } from "./b.js";',
        'import { b } from "./no.js";',
        "export default 1;",
        "const b = 1;\nexport { b };",
        "export let b = 1;",
        "export const { b } = c;",
        "const b = import.meta.url;",
        "const b = import(c);",
        'const b = "</script>";',
        'const b = "<!-- <script";',
        "const b = 'c",
    ],
)
def test_what_it_cannot_do_exactly_is_refused(text: str) -> None:
    with pytest.raises(InDoubt):
        linked(f"{text}\n", b="export const b = 1;\n")


def test_modules_that_import_each_other_are_refused() -> None:
    circle = 'import { b } from "./b.js";\nexport const a = 1;\n'
    with pytest.raises(InDoubt, match=r"import each other"):
        linked(circle, b='import { a } from "./a.js";\nexport const b = 1;\n')


def test_the_page_of_a_file_is_linked_whole_and_without_what_asks_a_server() -> None:
    script = link_script(OURS, "graph_page.js", given=GIVEN, instead=INSTEAD)
    assert all(f'"{name}":' in script for name in ("painter.js", "find_parser.js", "keys.js", *INSTEAD.values()))
    assert all(f'"{name}":' not in script for name in ("socket.js", "parts.js", "later.js", "follow_part.js"))
