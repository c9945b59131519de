"""A line type that only a test declares has its form on its page, and its row where it is read."""

import html
import re

import pytest
from support.equipment import PART, declared
from support.pages import check_page

from lth.content.schema import LINE_TYPES

pytestmark = pytest.mark.databases("sqlite")  # what the pages save is tested on both beneath them


@pytest.fixture(autouse=True)
def _equipment():
    with declared():
        yield


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_it_is_drafted_and_read_like_any_other(visitor, document_of):
    clerk, document = visitor("can-bo.long-hiep@lth.example"), document_of("xã Long Hiệp")
    pages = f"/commune/documents/{document.id}/draft/parts"
    empty = clerk.get(f"{pages}/budget").text
    check_page(empty)
    for field in LINE_TYPES[PART].fields:
        assert f'id="add-{PART}-{field.name}"' in empty
        assert field.label in words(empty)
    shown = {f"{field.name}:was": "" for field in LINE_TYPES[PART].fields}
    typed = {"name": "Loa kéo", "state": "used", "count": "2", "indicator": "clubs_existing"}
    answer = clerk.post(f"{pages}/{PART}/lines", {"seen": 0, **shown, **typed})
    assert answer.headers["Location"].endswith(f"#add-{PART}")
    full = clerk.get(f"{pages}/budget").text
    check_page(full)
    assert "Loa kéo 2 cái" in words(full)
    assert "Đã dùng" in words(full)
    read = clerk.get(f"/commune/documents/{document.id}").text
    check_page(read)
    assert "Loa kéo 2 cái" in words(read)
