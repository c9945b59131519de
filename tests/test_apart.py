"""Files of strangers are read in a process that is killed when it takes too much."""

import ast
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import lth
from lth.core import apart
from lth.core.errors import BlockedError

HERE = "support.reading_apart"


@pytest.fixture(autouse=True)
def _found_by_the_process(monkeypatch, request):
    monkeypatch.setenv("PYTHONPATH", str(request.config.rootpath / "tests"))


def test_what_is_made_of_the_bytes_comes_back():
    assert apart.call(f"{HERE}:count", "xã, xã và phường".encode(), "xã") == {"xã": 2}


@pytest.mark.parametrize(
    ("what", "told"),
    [("take_all", apart.TOO_MUCH), ("go_on", apart.TOO_SLOW), ("fail", apart.BROKEN)],
)
def test_too_much_and_too_long_and_an_error_are_told(what, told):
    with pytest.raises(BlockedError) as caught:
        apart.call(f"{HERE}:{what}", b"x", seconds=1, megabytes=256)
    assert list(caught.value.messages) == [told]


def test_a_refusal_comes_back_with_what_fills_it():
    with pytest.raises(BlockedError) as caught:
        apart.call(f"{HERE}:refuse", b"xyz")
    (message,) = caught.value.messages
    assert (message.field, str(message)) == ("file", "Sai ở dòng 3")


def test_our_settings_are_not_there(monkeypatch):
    monkeypatch.setenv("LTH_SECRET_KEY", "x")
    assert apart.call(f"{HERE}:settings", b"") == []


def test_what_a_library_prints_is_dropped_and_spoils_no_answer():
    assert apart.call(f"{HERE}:chatter", b"") == "xong"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert apart.call(f"{HERE}:chatter", b"") == "xong"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 32 * 1024, "64 MB were printed on each way out, and none gathered here"


def test_no_file_is_written_there(tmp_path):
    assert apart.call(f"{HERE}:leave_a_file", str(tmp_path).encode()) == "File too large"
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [0]


NOT_THERE = ("flask", "werkzeug", "sqlalchemy", "alembic", "babel", "flask_babel", "requests")
"""What no reader of a file needs, and half a second goes into."""

MAY_HAVE = {"lth.exchange.plan_reading.trying:items_in": {"sqlalchemy"}}
"""What a reader makes of a text may be lines of a plan, which stand on the models."""

LTH = Path(lth.__file__).parent


def _called_apart() -> list[str]:
    """The functions that run apart: every text "lth.exchange.…:name"."""
    texts = {
        node.value
        for path in LTH.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return sorted(text for text in texts if re.fullmatch(r"lth\.exchange(\.\w+)+:\w+", text))


def test_the_readers_of_files_are_found():
    assert {"lth.exchange.grids.inside:read_workbook"} < set(_called_apart())
    assert len(_called_apart()) >= 9


@pytest.mark.parametrize("what", _called_apart())
def test_what_is_called_apart_imports_little(what):
    """The process begins anew for each file: what it imports, each file waits for."""
    module, _, name = what.partition(":")
    code = f"import sys, {module} as it; it.{name}; print(*sorted(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(NOT_THERE) & set(found.stdout.split()) <= MAY_HAVE.get(what, set())
