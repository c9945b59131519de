"""A last day on which offices do not work: it is said, and the next one is one press away."""

import html
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from support.pages import check_page
from werkzeug.datastructures import MultiDict
from wtforms import Field

from lth.access.scope import Purpose, system
from lth.blueprints.admin.forms import DeadlineForm
from lth.blueprints.document.forms import ActForm
from lth.blueprints.quotas.splitting import SplitForm
from lth.blueprints.web.forms import Form, LastDayField
from lth.core import clock
from lth.core.likely_days import DayKind
from lth.core.vietnamese import format_date
from lth.core.workdays import Calendar
from lth.models import Deadline, Quota, Unit
from lth.workflow.kinds import PLAN

from .test_quotas import fields

pytestmark = pytest.mark.databases("sqlite")

DISTRICT_ADMIN = "quan-tri.huyen-tra-cu@lth.example"
SUNDAY, MONDAY = date(2026, 11, 29), date(2026, 11, 30)
LAST_DAYS = ((DeadlineForm, "due_on"), (DeadlineForm, "last_correction_on"), (ActForm, "until"))
ALL = (*LAST_DAYS, (SplitForm, "reply_by"))


@pytest.mark.parametrize(("form", "name"), ALL)
def test_each_last_day_is_such_a_field(form: type[Form], name: str) -> None:
    assert getattr(form, name).field_class is LastDayField


def sent(app: Flask, typed: dict[str, str]) -> Field:
    class Asking(Form):
        day = LastDayField("Hạn", day_kind=DayKind.SIGNED)

    with app.test_request_context("/", method="POST"):
        form = Asking(MultiDict(typed), meta={"csrf": False})
        form.validate()
        form.day.shown = form.day._value()
        return form.day


def test_a_working_day_is_taken_as_it_is(app: Flask) -> None:
    field = sent(app, {"day": "30/11/2026"})
    assert (field.data, list(field.errors), field.typed) == (MONDAY, [], None)


def test_of_another_the_next_working_day_is_filled_in(app: Flask) -> None:
    field = sent(app, {"day": "29/11/2026"})
    assert (field.data, field.typed, field.shown) == (MONDAY, SUNDAY, "30/11/2026")
    assert "29/11/2026 không phải ngày làm việc" in field.errors[0]


def test_it_may_be_kept_all_the_same(app: Flask) -> None:
    field = sent(app, {"day": "30/11/2026", "day-keep": "29/11/2026"})
    assert (field.data, list(field.errors)) == (SUNDAY, [])
    assert sent(app, {"day": "30/11/2026", "day-keep": "chủ nhật"}).data == MONDAY


@pytest.fixture
def rest_day() -> date:
    """The first day off from a fortnight on."""
    day = clock.today() + timedelta(days=60)
    while Calendar().works(day):
        day += timedelta(days=1)
    return day


def test_an_extension_to_a_day_off_offers_the_next(visitor, document_of, rest_day):
    document_id = document_of("xã Long Hiệp").id
    browser = visitor("can-bo.long-hiep@lth.example")
    address = f"/commune/documents/{document_id}/acts/ask_extension"
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', browser.get(address).text)[1]
    typed = {"seen": seen, "until": format_date(rest_day), "reason": "Cán bộ nghỉ"}
    answer = browser.post(address, typed)
    assert answer.status_code == 422
    check_page(answer.text)
    page = html.unescape(answer.text)
    following = Calendar().shift(rest_day, 1)
    assert f"{format_date(rest_day)} không phải ngày làm việc" in page
    assert f'value="{format_date(following)}"' in page
    assert f'name="until-keep" value="{format_date(rest_day)}"' in page
    assert "Cán bộ nghỉ" in page
    assert browser.post(address, typed | {"until": format_date(following)}).status_code == 302


def test_a_day_far_off_is_asked_back_on_the_page_and_goes_on_with_a_tick(visitor, document_of):
    document_id = document_of("xã Long Hiệp").id
    browser = visitor("can-bo.long-hiep@lth.example")
    address = f"/commune/documents/{document_id}/acts/ask_extension"
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', browser.get(address).text)[1]
    day = clock.today() + timedelta(days=700)
    while not Calendar().works(day):
        day += timedelta(days=1)
    typed = {"seen": seen, "until": format_date(day), "reason": "Cán bộ nghỉ"}
    answer = browser.post(address, typed)
    assert answer.status_code == 422
    check_page(answer.text)
    assert f"Có đúng là ngày {format_date(day)} không?" in html.unescape(answer.text)
    assert f'name="until-sure" value="{format_date(day)}"' in answer.text
    assert browser.post(address, typed | {"until-sure": typed["until"]}).status_code == 302


# --- The other forms with a last day ------------------------------------------------------


def filled(page: str) -> dict[str, str]:
    """What the form of a deadline's page holds."""
    found = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input[^>]* name="([\w-]+)"[^>]* value="([^"]*)"', page)
    }
    for name, body in re.findall(r'<select[^>]*name="([\w-]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        found[name] = chosen[1] if chosen else ""
    return found


@pytest.fixture
def deadline_page(session: Session, document_of) -> str:
    """The page on which the district moves the deadline of its communes' plans."""
    period_id = document_of("xã Long Hiệp").period_id
    with system(session, Purpose.LOAD):
        found = session.scalars(
            select(Deadline.id)
            .join(Unit, Unit.id == Deadline.setter_id)
            .where(
                Unit.name == "Trà Cú",
                Deadline.kind == PLAN,
                Deadline.period_id == period_id,
                Deadline.unit_id.is_(None),
            )
        ).one()
    session.rollback()
    return f"/admin/deadlines/{found}"


@pytest.mark.parametrize("name", ["due_on", "last_correction_on"])
def test_a_deadline_on_a_day_off_offers_the_next_and_keeps_the_typed_one_by_a_tick(
    visitor, deadline_page, rest_day, name, session
):
    browser, typed_day = visitor(DISTRICT_ADMIN), format_date(rest_day)
    form = filled(browser.get(deadline_page).text) | {"grace_days": "0", "last_correction_on": ""}
    following = format_date(Calendar().shift(rest_day, 1))
    answer = browser.post(deadline_page, form | {name: typed_day})
    assert answer.status_code == 422
    check_page(answer.text)
    page = html.unescape(answer.text)
    assert f"{typed_day} không phải ngày làm việc" in page
    assert f'value="{following}"' in page
    assert f'name="{name}-keep" value="{typed_day}"' in page
    kept = form | {name: following, f"{name}-keep": typed_day}
    assert browser.post(deadline_page, kept).status_code == 302
    assert typed_day in browser.get("/admin/deadlines").text


def test_a_day_to_reply_by_on_a_day_off_offers_the_next(visitor, document_of, session, rest_day):
    document_id = document_of("huyện Trà Cú").id
    with system(session, Purpose.LOAD):
        place = session.execute(
            select(Quota.indicator_id, Quota.phase_id).where(Quota.document_id == document_id)
        ).first()
    session.rollback()
    browser = visitor("district specialist")
    url = f"/district/documents/{document_id}/quotas/split"
    line = f"{place[0]}.{place[1]}"
    sent = fields(browser.get(f"{url}?line={line}").text)
    sent |= {"line": line, "do": "hand_down", "reply_by": format_date(rest_day)}
    answer = browser.post(url, sent)
    assert answer.status_code == 422
    check_page(answer.text)
    page, following = html.unescape(answer.text), format_date(Calendar().shift(rest_day, 1))
    assert f"{sent['reply_by']} không phải ngày làm việc" in page
    assert f'value="{following}"' in page
    for more in ({"reply_by": following}, {"reply_by-keep": sent["reply_by"]}):
        assert browser.confirm(url, sent | more).status_code == 302
        asked = more.get("reply_by-keep", following)
        assert fields(browser.get(f"{url}?line={line}").text)["reply_by"] == asked


def test_whom_a_moved_deadline_binds_is_told_when_its_page_is_saved(
    visitor, deadline_page, rest_day, session
):
    with system(session, Purpose.LOAD):  # one that has ended is told nothing
        session.execute(update(Unit).where(Unit.name == "Long Hiệp").values(valid_to=None))
    session.commit()
    browser, clerk = visitor(DISTRICT_ADMIN), visitor("can-bo.long-hiep@lth.example")
    form = filled(browser.get(deadline_page).text) | {"grace_days": "0", "last_correction_on": ""}
    day = format_date(Calendar().shift(rest_day, 2))
    assert browser.post(deadline_page, form | {"due_on": format_date(rest_day)}).status_code == 422
    assert day not in html.unescape(clerk.get("/notices").text)
    assert browser.post(deadline_page, form | {"due_on": day}).status_code == 302
    page = html.unescape(clerk.get("/notices").text)
    assert day in page
    desk = html.unescape(clerk.get("/commune/").text)
    left = Calendar().between(clock.today(), Calendar().shift(rest_day, 2))
    assert f"còn {left} ngày làm việc" in desk
    other = visitor("can-bo.tap-son@lth.example")  # has sent its plan up already
    assert day not in html.unescape(other.get("/notices").text)
