"""The pages on which an administrator says who takes part."""

import re

import pytest
from sqlalchemy import select
from support.pages import check_page

from lth.core import clock
from lth.core.formats import format_date
from lth.models import Document, Participation, Period, Programme, Unit


@pytest.fixture
def place(read):
    """Tỉnh Bắc Ninh, xã Tam Tiến, and the period that the province's communes take part in."""
    [commune] = read(select(Unit).where(Unit.name == "Tam Tiến", Unit.valid_to.is_(None)))
    [province] = read(select(Unit).where(Unit.id == commune.parent_id))
    [period] = read(
        select(Period).join(Programme).where(Programme.code == "1648", Period.code == "2026-2035")
    )
    return province, commune, period


def seen(page: str) -> str:
    return re.search(r'name="seen" type="hidden" value="([^"]*)"', page)[1]


def terms(administrator, address: str, **more) -> dict[str, str]:
    return {"on": format_date(clock.today()), "reason": "Văn bản 12", **more} | {
        "seen": seen(administrator.get(address).text)
    }


def test_a_unit_leaves_and_comes_back(visitor, place, read, statements) -> None:
    _, commune, period = place
    administrator = visitor("quan-tri.tinh-bac-ninh@lth.example")
    listing = f"/admin/participation/{period.id}"
    leave = f"{listing}/units/{commune.id}/leave"
    asked = administrator.post(leave, terms(administrator, leave))
    check_page(asked.text)
    assert "Kế hoạch giai đoạn 2026–2035" in asked.text  # what it has begun is said
    assert not read(select(Participation).where(Participation.left_on.is_not(None)))
    answer = administrator.confirm(leave, terms(administrator, leave))
    assert answer.status_code == 302
    [row] = read(select(Participation).where(Participation.left_on.is_not(None)))
    assert row.unit_id == commune.id
    statements.clear()
    page = administrator.get(listing)
    assert len(statements) <= 12, statements
    check_page(page.text)
    assert "Văn bản 12" in page.text
    assert administrator.confirm(leave, terms(administrator, leave)).status_code == 422
    join = f"{listing}/units/{commune.id}/join"
    again = administrator.confirm(join, terms(administrator, join))
    assert again.status_code == 302
    assert not read(select(Participation).where(Participation.left_on.is_not(None)))
    assert read(select(Document).where(Document.unit_id == commune.id))


def test_a_page_that_is_no_longer_so_moves_nobody(visitor, place, read) -> None:
    _, commune, period = place
    administrator = visitor("quan-tri.tinh-bac-ninh@lth.example")
    leave = f"/admin/participation/{period.id}/units/{commune.id}/leave"
    old = terms(administrator, leave)
    administrator.confirm(leave, old)
    join = f"/admin/participation/{period.id}/units/{commune.id}/join"
    answer = administrator.post(join, old | {"confirmed": "1"})
    assert answer.status_code == 302
    assert read(select(Participation).where(Participation.left_on.is_not(None)))


@pytest.mark.parametrize("whose", ["the unit itself", "elsewhere"])
def test_others_are_not_to_be_moved(visitor, place, read, whose) -> None:
    province, _, period = place
    [other] = read(select(Unit).where(Unit.name == "Trà Cú", Unit.level == "district").limit(1))
    member = province if whose == "the unit itself" else other
    administrator = visitor("quan-tri.tinh-bac-ninh@lth.example")
    address = f"/admin/participation/{period.id}/units/{member.id}/leave"
    assert administrator.get(address).status_code == 404
    assert (
        administrator.post(address, {"on": format_date(clock.today()), "reason": "x"}).status_code
        == 404
    )


def test_everybody_below_is_taken_in_at_once(visitor, read) -> None:
    root = visitor("system administrator")
    [district] = read(select(Unit).where(Unit.name == "Trà Cú", Unit.level == "district"))
    joined = select(Participation.period_id).where(Participation.unit_id == district.id)
    early = Period.starts_on.between(district.valid_from, district.valid_to)
    later = read(select(Period).where(early, Period.id.not_in(joined)))[0]
    listing = f"/admin/units/{district.parent_id}/participation/{later.id}"
    page = root.get(listing).text
    check_page(page)
    form = re.search(r'name="seen" value="([^"]*)"', page)[1]
    before = read(select(Participation).where(Participation.period_id == later.id))
    answer = root.confirm(f"{listing}/join", {"seen": form})
    assert answer.status_code == 302
    assert len(read(select(Participation).where(Participation.period_id == later.id))) > len(before)
