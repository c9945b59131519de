"""The page that sets every deadline of a period at once for all units below."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from support.pages import check_page

from lth.core import clock
from lth.core.formats import format_date
from lth.core.workdays import Calendar
from lth.models import AuditEntry, Deadline, OutboxMessage, Period, Programme, Unit

WHO = "quan-tri.tinh-bac-ninh@lth.example"


@pytest.fixture
def place(read):
    [commune] = read(select(Unit).where(Unit.name == "Tam Tiến", Unit.valid_to.is_(None)))
    [period] = read(
        select(Period).join(Programme).where(Programme.code == "1648", Period.code == "2026-2035")
    )
    return commune, period


def typed(page: str, day) -> dict[str, str]:
    seen = re.search(r'name="seen" type="hidden" value="([^"]*)"', page)[1]
    kinds = re.findall(r'name="due_on_(\w+)"', page)
    fields = {"seen": seen}
    for kind in kinds:
        fields |= {f"due_on_{kind}": format_date(day), f"grace_days_{kind}": "3"}
        fields[f"last_correction_on_{kind}"] = ""
    return fields


def workday(days: int):
    return Calendar().shift(clock.today() + timedelta(days=days), 1)


def test_all_kinds_are_set_for_all_and_whose_day_moves_is_said(
    visitor, place, read, statements
) -> None:
    commune, period = place
    administrator = visitor(WHO)
    check_page(administrator.get("/admin/deadlines/rounds").text)
    address = f"/admin/deadlines/rounds/{period.id}"
    administrator.get(address)
    statements.clear()
    page = administrator.get(address).text
    assert len(statements) <= 12, statements
    check_page(page)
    day = workday(40)
    mine = Deadline.setter_id == commune.parent_id, Deadline.unit_id.is_(None)
    here = select(Deadline).where(*mine, Deadline.period_id == period.id)
    before = {one.kind: one.due_on for one in read(here)}
    asked = administrator.post(address, typed(page, day))
    assert asked.status_code == 200, asked.text
    check_page(asked.text)
    assert "đơn vị có ngày thay đổi" in asked.text
    assert {one.kind: one.due_on for one in read(here)} == before
    mails = len(read(select(OutboxMessage)))
    answer = administrator.confirm(address, typed(page, day))
    assert answer.status_code == 302
    after = read(here)
    assert {one.due_on for one in after} == {day}
    assert {one.grace_days for one in after} == {3}
    assert len(read(select(OutboxMessage))) > mails
    assert read(select(AuditEntry).where(AuditEntry.what.startswith("deadlines.")))
    fields = typed(administrator.get(address).text, workday(50))
    partial = {name: value for name, value in fields.items() if not name.startswith("due_on")}
    administrator.post(address, partial | {"confirmed": "1"})
    assert {one.due_on for one in read(here)} == {day}  # what is not sent is not changed
    stale = administrator.confirm(address, typed(page, workday(50)))
    assert stale.status_code == 302  # said on the list to be no longer so
    assert {one.due_on for one in read(here)} == {day}


def test_what_a_rule_refuses_is_said_at_the_field_of_its_kind(visitor, place) -> None:
    _, period = place
    administrator = visitor(WHO)
    address = f"/admin/deadlines/rounds/{period.id}"
    page = administrator.get(address).text
    fields = typed(page, workday(40))
    kind = re.findall(r'name="due_on_(\w+)"', page)[0]
    fields[f"last_correction_on_{kind}"] = format_date(workday(20))
    answer = administrator.post(address, fields)
    assert answer.status_code == 422
    assert f'id="last_correction_on_{kind}-error"' in answer.text


def test_a_unit_with_nobody_below_has_no_such_page(visitor, place) -> None:
    _, period = place
    administrator = visitor("quan-tri.tam-tien@lth.example")
    assert administrator.get(f"/admin/deadlines/rounds/{period.id}").status_code == 404
