"""How many places know a thing: what docs/changing.md promises, counted."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from lth.access.scope import SIGHT
from lth.models.person import Role

LTH = Path(__file__).parents[1] / "lth"
MODULES = {
    path: path.read_text("utf-8")
    for path in sorted(LTH.rglob("*.py"))
    if "demo" not in path.relative_to(LTH).parts
}


def naming(pattern: str) -> list[str]:
    """The modules of `lth`, the demo aside, in which something is named."""
    return [
        str(path.relative_to(LTH)) for path, text in MODULES.items() if re.search(pattern, text)
    ]


@pytest.mark.parametrize(
    ("named", "most"),
    [
        (r"\bStatus\.RETURNED\b", 4),
        (r"\bStatus\.CLEARANCE\b", 8),
        (r"\b(PLAN|SYNTHESIS)\b(?=\.| *= Kind|,? *now=)|workflow\.kinds import .*\bPLAN\b", 4),
        (r"\bDuty\b", 3),
        (r"\binsert\(OutboxMessage\)|\bOutboxMessage\(", 1),
        (r"\bWRITTEN *= ", 1),
        (r"ZoneInfo\(", 1),
    ],
)
def test_few_modules_know(named: str, most: int) -> None:
    assert len(naming(named)) <= most, naming(named)


def test_what_each_role_sees_is_said() -> None:
    assert set(SIGHT) == set(Role)


def test_no_class_name_means_two_things() -> None:
    declared = defaultdict(list)
    for path, text in MODULES.items():
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                declared[node.name].append(str(path.relative_to(LTH)))
    assert {name: where for name, where in declared.items() if len(where) > 1} == {}


def test_lists_are_sorted_and_searched_by_keys() -> None:
    """A name is compared as the alphabet has it: by the key beside it, or `collation_key`."""
    by_bytes = (
        r"order_by\([^)]*\.name\b(?!s)",
        r"\.name\.(i?like|i?contains|i?startswith|i?endswith|desc|asc)\(",
        r"(sorted|\.sort|min|max)\([^\n]*key=[^\n]*\b(name|full_name|unit_name|label)\b(?!\))",
        r"attrgetter\([\"'](\w+\.)?(name|full_name|title|label)[\"']\)",
        r"COLLATE NOCASE|func\.lower\(",
    )
    assert {pattern: naming(pattern) for pattern in by_bytes} == {
        pattern: [] for pattern in by_bytes
    }
    templates = {path.name: path.read_text("utf-8") for path in LTH.rglob("*.html")}
    sorting = r"\|\s*(dict)?sort\b"
    assert [name for name, text in templates.items() if re.search(sorting, text)] == []


def test_what_is_typed_is_read_by_the_readers_alone() -> None:
    """Numbers and days that people type have one reader each; what machines wrote has codecs."""
    assert naming(r"\bstrptime\(") == []
    assert naming(r"\b(IntegerRangeField|DecimalField|FloatField|DateTimeField)\b") == []
    assert naming(r"\bDateField\b") == ["blueprints/web/forms.py"]
