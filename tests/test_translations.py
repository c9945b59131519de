"""The check that keeps the English catalogue complete, on a small tree of its own."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "lth_translations", ROOT / "scripts" / "translations.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = load_script()

SOURCE = """
from flask_babel import lazy_gettext, ngettext
from lth.i18n import N_
A = lazy_gettext("Trình phê duyệt")
B = N_("%(unit)s đã trả lại")
def c(n): return ngettext("%(num)s xã", "%(num)s xã", n)
"""
ENGLISH = {
    "Trình phê duyệt": "Submit for approval",
    "%(unit)s đã trả lại": "%(unit)s has returned it",
    "%(num)s xã": ("%(num)s commune", "%(num)s communes"),
    "Bàn làm việc": "Desk",
}


@pytest.fixture
def files(tmp_path: Path) -> object:
    """A tree with four texts, all translated and compiled."""
    (tmp_path / "babel.cfg").write_bytes((ROOT / "babel.cfg").read_bytes())
    (tmp_path / "lth" / "templates").mkdir(parents=True)
    (tmp_path / "lth" / "page.py").write_text(SOURCE, encoding="utf-8")
    template = tmp_path / "lth" / "templates" / "desk.html"
    template.write_text("<h1>{{ _('Bàn làm việc') }}</h1>", encoding="utf-8")
    files = script.Files(tmp_path)
    script.update(files)
    translate(files, ENGLISH)
    return files


def translate(files: object, texts: dict[str, str | tuple[str, ...]]) -> None:
    catalog = script.stored(files)
    for message in script.entries(catalog):
        key = message.id if isinstance(message.id, str) else message.id[0]
        message.string = texts.get(key, message.string)
    script._write_po(files.po, catalog)
    script.compile_catalog(files)


def test_a_complete_catalogue_passes(files: object) -> None:
    assert list(script.problems(files)) == []
    script.check(files)


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        ({"Bàn làm việc": ""}, "not translated"),
        ({"%(num)s xã": ("%(num)s commune", "")}, "not translated"),
        ({"%(unit)s đã trả lại": "%(office)s has returned it"}, "not in the source"),
    ],
)
def test_a_bad_entry_is_named(
    files: object, texts: dict[str, str | tuple[str, ...]], problem: str
) -> None:
    translate(files, texts)
    found = list(script.problems(files))
    assert found
    assert any(problem in line for line in found)
    with pytest.raises(SystemExit, match="problems"):
        script.check(files)


def test_a_fuzzy_entry_is_named(files: object) -> None:
    catalog = script.stored(files)
    catalog["Bàn làm việc"].flags.add("fuzzy")
    script._write_po(files.po, catalog)
    assert any(line.startswith("fuzzy") for line in script.problems(files))


def test_source_and_catalogue_must_name_the_same_texts(files: object) -> None:
    page = files.root / "lth" / "page.py"
    page.write_text(SOURCE.replace("Trình phê duyệt", "Trình ký"), encoding="utf-8")
    found = "\n".join(script.problems(files))
    assert "not in the catalogue (run: make translations): 'Trình ký'" in found
    assert "no longer in the source (run: make translations): 'Trình phê duyệt'" in found
    script.update(files)
    assert any("not translated: 'Trình ký'" in line for line in script.problems(files))


def test_a_stale_compiled_file_is_named(files: object) -> None:
    files.mo.write_bytes(files.mo.read_bytes() + b"x")
    assert [line for line in script.problems(files) if "messages.mo" in line]


def test_an_update_that_changes_nothing_writes_the_same_file(files: object) -> None:
    before = files.po.read_bytes()
    script.update(files)
    assert files.po.read_bytes() == before
