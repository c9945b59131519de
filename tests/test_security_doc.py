"""The threat model names tests and pages that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"tests/[\w/]+(?:\.py)?|docs/proxy", SECURITY)))
LINKED = sorted(set(re.findall(r"\]\(([\w./-]+)\)", SECURITY)))
RULES = r"`((?:web|core|administration|access|workflow)/[\w/]+\.py)`"
SOURCES = sorted(set(re.findall(RULES, SECURITY)))


@pytest.mark.parametrize("path", NAMED)
def test_what_it_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("path", LINKED)
def test_what_it_links_to_is_there(path: str) -> None:
    assert (ROOT / "docs" / path).exists()


@pytest.mark.parametrize("path", SOURCES)
def test_where_a_rule_stands_is_there(path: str) -> None:
    assert any((ROOT / "lth" / room / path).exists() for room in ("", "blueprints"))
