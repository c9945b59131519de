"""Settings that a province makes for all units below it, and a unit that differs."""

import re

import pytest
from sqlalchemy import select
from support.pages import check_page

from lth.blueprints.web.forms import BOXES
from lth.models import AuditEntry, Unit, UnitSettings

PROVINCE = "quan-tri.tinh-bac-ninh@lth.example"
COMMUNE = "quan-tri.tam-tien@lth.example"
BELOW = "/admin/settings/below"
WANTED = {"clearance": "no", "content": "no", "finance": "yes", "format": "no"}


def seen(page: str) -> str:
    return re.search(r'name="seen" type="hidden" value="([^"]*)"', page)[1]


@pytest.fixture
def commune(read) -> Unit:
    [found] = read(select(Unit).where(Unit.name == "Tam Tiến", Unit.valid_to.is_(None)))
    return found


def settings(read, unit: Unit) -> tuple[bool, bool, int | None]:
    """Whether its leader clears, whether that is its own, and whose default it has else."""
    [row] = read(select(UnitSettings).where(UnitSettings.unit_id == unit.id))
    return row.clearance_needed, row.own, row.from_unit_id


def set_below(administrator, **more: str):
    page = administrator.get(BELOW)
    check_page(page.text)
    return administrator.confirm(BELOW, WANTED | {"seen": seen(page.text)} | more)


def test_all_below_follow_and_one_may_differ_and_follow_again(
    visitor, read, commune, statements
) -> None:
    administrator, clerk = visitor(PROVINCE), visitor(COMMUNE)
    asked = administrator.post(BELOW, WANTED | {"seen": seen(administrator.get(BELOW).text)})
    check_page(asked.text)
    assert settings(read, commune) == (True, False, None)
    assert set_below(administrator).status_code == 302
    assert settings(read, commune) == (False, False, commune.parent_id)
    page = clerk.get("/admin/settings").text
    assert "Theo cấp trên: tỉnh Bắc Ninh" in page
    boxes = re.findall(rf'name="{BOXES}" value="([^"]*)"', page)
    kept = {"clearance_needed": "y", "leading_office_id": "", "seen": seen(page), BOXES: boxes}
    answer = clerk.post("/admin/settings", kept)
    assert answer.status_code == 302, answer.text
    assert settings(read, commune) == (True, True, None)
    assert set_below(administrator).status_code == 302
    assert settings(read, commune)[0] is True  # it has its own
    statements.clear()
    listed = administrator.get(BELOW).text
    assert len(statements) <= 12, statements
    assert "Xã Tam Tiến" in listed
    reset = f"{BELOW}/{commune.id}/reset"
    administrator.post(reset, {"seen": "0" * 24})
    assert settings(read, commune) == (True, True, None)
    found = re.search(rf'action="{reset}".*?name="seen" value="([^"]+)"', listed, re.S)
    assert administrator.post(reset, {"seen": found[1]}).status_code == 302
    assert settings(read, commune) == (False, False, commune.parent_id)
    said = {one.what for one in read(select(AuditEntry))}
    assert {"settings.below", "settings.reset", "settings.changed"} <= said


def test_what_is_not_said_is_refused_and_a_stale_page_changes_nothing(
    visitor, read, commune
) -> None:
    administrator = visitor(PROVINCE)
    old = seen(administrator.get(BELOW).text)
    partial = {name: value for name, value in WANTED.items() if name != "finance"}
    assert administrator.post(BELOW, partial | {"seen": old}).status_code == 422
    assert set_below(administrator).status_code == 302
    set_below(administrator, clearance="yes", seen=old)
    assert settings(read, commune)[0] is False


@pytest.mark.parametrize("who", ["itself", "elsewhere"])
def test_only_those_below_are_reset(visitor, read, commune, who) -> None:
    [other] = read(select(Unit).where(Unit.name == "Trà Cú", Unit.level == "district"))
    id_ = commune.parent_id if who == "itself" else other.id
    assert visitor(PROVINCE).post(f"{BELOW}/{id_}/reset").status_code == 404
    assert visitor(COMMUNE).get(BELOW).status_code == 404
