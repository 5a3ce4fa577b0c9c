"""The page's files as browsers get them: they say the same, in fewer bytes, and are made once."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from inspect import getsourcefile
from pathlib import Path
from shutil import copy

import pytest
from django.contrib.staticfiles import finders

from tests.world import ROOT
from visualizer.core.lean_script import lean_script
from visualizer.core.lean_sheet import lean_sheet
from visualizer.core.linked_script import link_in_two
from visualizer.core.script_module import read_module
from visualizer.core.source_map import source_map
from visualizer.interfaces.linked_files import linked_files
from visualizer.io.lean_files import MAKERS, content_hash, forget_lean_files, lean_file, makers_hash
from visualizer.models.errors import InDoubt

OURS = sorted(path for kind in ("js", "css") for path in (ROOT / "static" / kind).rglob(f"*.{kind}"))
HTMX = "django_htmx/htmx-2.min.js"
#: What the first picture needs may weigh, and all of it, gzipped.
FIRST_BYTES, ALL_BYTES = 95_000, 125_000


@pytest.mark.parametrize(
    ("script", "lean"),
    [
        ("/* a */ let a = 1; // b\n\n\n    a += 2;\n", "let a=1;\na+=2;\n"),
        ("let a = 1 /* one\n two */ let b", "let a=1\nlet b\n"),
        ("let a = 'x // y', b = \"/* z */\", c = '\\'//';", "let a='x // y',b=\"/* z */\",c='\\'//';\n"),
        ("a = `x // ${b /* c */ + `/* ${d} */`}\n   y`; // e", "a=`x // ${b+`/* ${d} */`}\n   y`;\n"),
        ("a = `\\` // \\${` + `$ // {`; // e", "a=`\\` // \\${`+`$ // {`;\n"),
        ("a = b.replace(/[/\"'`]\\/*/g, '//'); // c", "a=b.replace(/[/\"'`]\\/*/g,'//');\n"),
        ("if (a) /'/.test(b) // c", "if(a) /'/.test(b)\n"),
        ("a = (b + c) / 2 / d[0] / e; // '", "a=(b+c) / 2 / d[0] / e;\n"),
        ("return /'/.test(a) ? a.return / 2 : 1 // '", "return /'/.test(a)?a.return / 2:1\n"),
        ("/*! © somebody */ a", "/*! © somebody */ a\n"),
        ("a + +b - -c + - d; 1 .e; f < !--g; h-- > i", "a+ +b- -c+ -d;1 .e;f< !--g;h-- >i\n"),
        (
            "async (a) => { for (const b of [c]) yield * d ? .5 : #e in f }",
            "async(a)=>{for(const b of[c])yield*d?.5:#e in f}\n",
        ),
    ],
)
def test_a_script_loses_what_only_people_read(script: str, lean: str) -> None:
    assert lean_script(script) == lean
    assert lean_script(lean) == lean


@pytest.mark.parametrize(
    "script", ["{} /a/g", "a++ / 2", "a = 'b", "a = `b ${c`", "f(a]", "(", ")", "a = /b", "\\u0061 = 1"]
)
def test_what_would_have_to_be_guessed_is_not(script: str) -> None:
    with pytest.raises(InDoubt):
        lean_script(script)


@pytest.mark.parametrize(
    ("sheet", "lean"),
    [
        ("/* a */\n.a {\n  color: red; /* b */\n\n  margin: 0\n}\n", ".a{color:red;margin:0}\n"),
        (".a/* b */.c, .d /* e */ .f { }", ".a .c,.d .f{}\n"),
        ("a { content: '/* b */'; background: url(/*c.svg) }", "a{content:'/* b */';background:url(/*c.svg)}\n"),
        (".a :is(.b , .c) > .d { width: calc(1px + 2px) }", ".a :is(.b,.c) > .d{width:calc(1px + 2px)}\n"),
        (".a\\; .b { --c: d e }", ".a\\; .b{--c:d e}\n"),
        ("/*! © somebody */ a {}", "/*! © somebody */ a{}\n"),
    ],
)
def test_a_sheet_loses_what_only_people_read(sheet: str, lean: str) -> None:
    assert lean_sheet(sheet) == lean
    assert lean_sheet(lean) == lean


@pytest.mark.parametrize("sheet", ["a { content: 'b }", "a {} /* b"])
def test_a_sheet_that_does_not_end_is_refused(sheet: str) -> None:
    with pytest.raises(InDoubt):
        lean_sheet(sheet)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_nothing_of_ours_is_in_doubt(path: Path) -> None:
    text = path.read_text("utf-8")
    lean = (lean_script if path.suffix == ".js" else lean_sheet)(text)
    assert len(lean) < len(text)
    assert "\n " not in lean or "`" in lean


def test_the_page_keeps_to_its_budget(tmp_path: Path) -> None:
    htmx = finders.find(HTMX)
    assert htmx
    made = {path.name.partition(".")[0]: path for path in linked_files(tmp_path).values() if path.suffix != ".map"}
    made["htmx"] = lean_file(Path(htmx), tmp_path, key="0", as_written=True)
    classic = ("not_loaded", "theme")
    made |= {name: lean_file(ROOT / "static" / "js" / f"{name}.js", tmp_path, key="0") for name in classic}
    weights = {name: path.with_name(f"{path.name}.gz").stat().st_size for name, path in made.items()}
    first = sum(weights[name] for name in ("htmx", *classic, "page", "graph", "graph_page"))
    assert first <= FIRST_BYTES
    assert first + weights["graph_page_rest"] <= ALL_BYTES


def test_a_file_is_made_once_for_each_content(tmp_path: Path) -> None:
    script, folder = tmp_path / "a.js", tmp_path / "made"
    folder.mkdir()
    script.write_text("let a = 1; // one\n")
    made = lean_file(script, folder, key=content_hash(script))
    assert gzip.decompress(made.with_name(f"{made.name}.gz").read_bytes()) == made.read_bytes() == b"let a=1;\n"
    made.write_text("as it was found")
    assert lean_file(script, folder, key=content_hash(script)).read_text() == "as it was found"
    script.write_text("let a = 2; // two\n")
    assert lean_file(script, folder, key=content_hash(script)).read_text() == "let a=2;\n"
    assert {path.suffix for path in folder.iterdir()} == {".js", ".gz"}


def test_what_is_in_doubt_or_others_work_is_sent_as_it_is_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    script, data = tmp_path / "a.js", b"a++ / 2 // half\n"
    script.write_bytes(data)
    assert lean_file(script, tmp_path, key="1").read_bytes() == data
    assert "a.js is sent as it is" in caplog.text
    script.write_bytes(b"a // half\n")
    assert lean_file(script, tmp_path, key="2", as_written=True).read_bytes() == b"a // half\n"


def test_several_may_make_them_at_the_same_time(tmp_path: Path) -> None:
    def start(_: int) -> set[Path]:
        made = {lean_file(path, tmp_path, key=content_hash(path)) for path in OURS}
        forget_lean_files(tmp_path, but=made)
        return made

    with ThreadPoolExecutor(8) as pool:
        first, *others = pool.map(start, range(8))
    assert others == [first] * 7
    assert {path.name for path in tmp_path.iterdir()} == {
        name for path in first for name in (path.name, f"{path.name}.gz")
    }


def test_who_has_run_for_months_keeps_its_files_for_a_month_after_a_newer_one_began(tmp_path: Path) -> None:
    day_s, old, new = 86_400, tmp_path / "page.1.js", tmp_path / "page.2.js"

    def start(day: int, asked: Path) -> set[str]:
        asked.touch()
        forget_lean_files(tmp_path, but=[asked], now_s=day * day_s)
        return {path.name for path in tmp_path.iterdir()}

    assert start(100, old) == {old.name}
    assert start(200, new) == {old.name, new.name}
    assert start(300, new) == {old.name, new.name}
    third = tmp_path / "page.3.js"
    assert start(301, third) == {old.name, new.name, third.name}
    assert start(332, third) == {new.name, third.name}


def test_other_makers_make_all_files_anew(tmp_path: Path) -> None:
    core = ROOT / "visualizer" / "core"
    makers = (lean_script, lean_sheet, link_in_two, read_module, source_map)
    assert {Path(str(getsourcefile(each))).relative_to(core).as_posix() for each in makers} == set(MAKERS)
    for name in MAKERS:
        copy(core / name, tmp_path)
    hashes = {makers_hash(core), makers_hash(tmp_path)}
    assert len(hashes) == 1
    for name in MAKERS:
        with (tmp_path / name).open("a") as file:
            file.write("# another\n")
        hashes.add(makers_hash(tmp_path))
    assert len(hashes) == 1 + len(MAKERS)
