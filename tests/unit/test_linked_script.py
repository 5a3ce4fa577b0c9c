"""Our modules as one script: it does what they do, or is refused."""

from __future__ import annotations

import json

import pytest

from tests.world import ROOT
from visualizer.core.linked_script import Given, link_in_two, link_script
from visualizer.core.source_map import source_map
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


def test_what_is_loaded_later_is_a_second_script_that_shares_the_first_ones_modules() -> None:
    modules = {
        "a.js": 'import { later } from "./later.js";\nimport { d } from "./d.js";\nlater("./b.js").then(d);\n',
        "later.js": "export const later = (name) => fetch(import.meta.resolve(name)).then(() => import(name));\n",
        "b.js": 'import { d } from "./d.js";\nimport { later } from "./later.js";\nlater("./c.js").then(d);\n',
        "c.js": "export const c = 1;\n",
        "d.js": "export const d = alert;\n",
        "e.js": "export const e = 1;\n",
    }
    first, rest = link_in_two(modules, "a.js", rest="./rest.js")
    assert list(first.lines) == ["a.js", "d.js", "later.js"]
    assert "fetch($address(name)).then(()=>$load(name))" in first.text
    assert '(await import("./rest.js")).link($need)' in first.text
    assert rest.text == (
        'export const link=($need)=>({\n"b.js":()=>{\nconst {d}=$need("d.js");\nconst {later}=$need("later.js");\n'
        '\n\nlater("./c.js").then(d);\n\nreturn{}},\n"c.js":()=>{\nconst c=1;\n\nreturn{c}}});\n'
    )


def test_its_map_says_of_which_module_and_line_a_line_is() -> None:
    modules = {"a.js": 'import {\n  b,\n} from "./b.js"; b(1);\nb(2);\n', "b.js": "export const b = alert;\n"}
    linked, _ = link_in_two(modules, "a.js", rest="./rest.js")
    lines = linked.text.splitlines()
    assert [lines[begin : begin + count] for begin, count in linked.lines.values()] == [
        ["", "", "b(1);", "b(2);", ""],
        ["const b=alert;", ""],
    ]
    told = json.loads(source_map(linked, {"a.js": "/a.0.js", "b.js": "/b.0.js"}))
    assert told["sources"] == ["/a.0.js", "/b.0.js"]
    # Lines of neither; a.js from its first line on; b.js, which is one source and four lines back.
    begins = [";" * 3 + "AAAA;AACA;AACA;AACA;AACA", ";" * 3 + "ACJA;AACA", ""]
    assert told["mappings"].rstrip(";") == "".join(begins)


def test_modules_that_import_each_other_are_refused() -> None:
    circle = 'import { b } from "./b.js";\nexport const a = 1;\n'
    with pytest.raises(InDoubt, match=r"import each other"):
        linked(circle, b='import { a } from "./a.js";\nexport const b = 1;\n')


def test_the_page_of_a_file_is_linked_whole_and_without_what_asks_a_server() -> None:
    script = link_script(OURS, "graph_page.js", given=GIVEN, instead=INSTEAD)
    assert all(f'"{name}":' in script for name in ("painter.js", "find_parser.js", "keys.js", *INSTEAD.values()))
    assert all(f'"{name}":' not in script for name in ("socket.js", "parts.js", "later.js", "follow_part.js"))
