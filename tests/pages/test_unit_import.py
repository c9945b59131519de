"""The page on which the system administrator brings provinces in from the file that ships."""

import re

import pytest
from sqlalchemy import func, select
from support.pages import check_page

from lth.models import AuditEntry, Unit
from lth.units.importing import provinces, read_units

ADDRESS = "/admin/units/import"


@pytest.fixture(scope="module")
def choices():
    return provinces(read_units())


def test_both_sets_of_provinces_are_offered(visitor, choices, statements) -> None:
    assert sum(one.valid_to is None for one in choices) == 34
    assert sum(one.valid_to is not None for one in choices) == 64  # one became a city on 01/01/2025
    root = visitor("system administrator")
    statements.clear()
    page = root.get(ADDRESS).text
    assert len(statements) <= 12
    check_page(page)
    assert len(re.findall(r'name="province"', page)) == 98


def test_what_would_be_added_is_shown_and_then_added(visitor, read, choices) -> None:
    root = visitor("system administrator")
    chosen = next(one for one in choices if one.valid_to is None and one.name.endswith("Huế"))

    def count() -> int:
        return read(select(func.count()).select_from(Unit))[0]

    before = count()
    asked = root.post(ADDRESS, {"province": chosen.key})
    check_page(asked.text)
    assert f"Thêm mới: {chosen.units}" in asked.text
    assert count() == before
    answer = root.post(ADDRESS, {"province": chosen.key, "confirmed": "1"})
    assert answer.status_code == 302
    assert count() == before + chosen.units
    again = root.post(ADDRESS, {"province": chosen.key})
    assert "Thêm mới: 0" in again.text
    [entry] = read(select(AuditEntry).where(AuditEntry.what == "units.imported"))
    assert entry.data["changes"]["units_added"] == [None, chosen.units]
    assert "đã nhập" in root.get(ADDRESS).text


@pytest.mark.parametrize("sent", [{}, {"province": "nowhere"}])
def test_a_choice_that_is_none_is_said(visitor, sent) -> None:
    answer = visitor("system administrator").post(ADDRESS, sent)
    assert answer.status_code == 422
    check_page(answer.text)
    assert "Hãy chọn tỉnh" in answer.text
