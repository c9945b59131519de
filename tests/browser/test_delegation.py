"""A leader on leave is stood in for: a deputy signs on the days of the decision, and no longer."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.backstage import backstage
from support.visitor import Visitor

from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import db
from lth.core import clock
from lth.models import Credential, Delegation, Person
from lth.models.person import Role

LEADER, SPECIALIST = "Lãnh đạo UBND", "Chuyên viên Phòng LĐTBXH"
OFFICE = "Chuyên viên Văn phòng HĐND-UBND"
DISTRICT = "huyện Trà Cú"
DEPUTY = "Phó Chủ tịch Ủy ban nhân dân"
DAI_AN, DINH_AN, NGOC_BIEN = "29491", "29494", "29503"
NUMBER = "15/QĐ-UBND"

Enter = Callable[[str, str], Visitor]


@pytest.fixture
def ready(demo: Flask) -> None:
    """Two plans wait for the leader's approval; somebody of the district's office is its deputy."""
    with backstage(demo) as meanwhile:
        meanwhile.give_opinions(DAI_AN)
        meanwhile.give_opinions(DINH_AN)
        with system(meanwhile.session, Purpose.LOAD):
            person = meanwhile.session.scalars(
                select(Person)
                .join(Credential, Credential.person_id == Person.id)
                .where(Credential.email == "the-thuc.huyen-tra-cu@lth.example")
            ).one()
            person.position = DEPUTY


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.TIMEZONE)


@pytest.mark.usefixtures("ready")
def test_a_deputy_signs_during_a_delegation_and_is_refused_the_day_after(enter: Enter) -> None:
    first = clock.today()
    last = first + timedelta(days=1)
    with clock.frozen(at(first, 8)):
        record(enter(LEADER, DISTRICT), first, last)

    def standing_in() -> Visitor:
        return enter(OFFICE, DISTRICT).change_role(f"Lãnh đạo (ký thay {LEADER} {DISTRICT})")

    with clock.frozen(at(last, 9)):
        deputy = standing_in()
        deputy.sees(f"Anh/chị đang ký thay {LEADER} {DISTRICT} theo QĐ số 12/QĐ-UBND")
        approve(deputy, "Xã Đại An")
        deputy.sees(f"{OFFICE} {DISTRICT} ký thay {LEADER} {DISTRICT} theo QĐ số 12/QĐ-UBND")

    with clock.frozen(at(last, 23, 58)):
        deputy = standing_in().follow("Cấp dưới trình").follow("Xã Định An").follow("Phê duyệt")
    with clock.frozen(at(last + timedelta(days=1), 0, 1)):
        deputy.press("Phê duyệt", refused=409)
        deputy.sees("Việc ký thay", "theo QĐ số 12/QĐ-UBND", "đã kết thúc", "chưa được thực hiện")
        deputy.to_desk().misses("Anh/chị đang ký thay")

    with clock.frozen(at(last + timedelta(days=1), 8)):
        specialist = enter(SPECIALIST, DISTRICT).follow("Cấp dưới trình")
        assert "Đã duyệt" in specialist.row("Xã Đại An").inner_text()
        assert "Đang thẩm định" in specialist.row("Xã Định An").inner_text()
        leader = enter(LEADER, DISTRICT).follow("Ký thay, ủy quyền")
        leader.sees("Đã hết hiệu lực", "12/QĐ-UBND")


def test_a_decision_stands_at_the_unit_for_which_its_page_was_opened(
    demo: Flask, enter: Enter
) -> None:
    """A leader of two communes turns to the other one in a second tab before sending."""
    with backstage(demo) as meanwhile:
        meanwhile.appoint("lanh-dao.tap-son@lth.example", Role.LEADER, at=NGOC_BIEN)
    leader = enter(LEADER, "xã Tập Sơn").follow("Ký thay, ủy quyền").follow("Ghi quyết định")
    fill_in(leader, clock.today())
    in_second_tab(leader, "xã Ngọc Biên")
    leader.page.get_by_role("button", name="Ghi quyết định").last.click()
    alert = leader.page.locator(".in-place[role=alert]")
    expect(alert).to_contain_text("Biểu mẫu vừa gửi được mở với vai trò")
    assert leader.value("Số, ký hiệu quyết định") == NUMBER
    assert units_of_decisions(demo) == []
    alert.get_by_role("button", name="Gửi với vai trò của trang này").click()
    leader.sees("Sau khi ghi thì không sửa được", NUMBER)
    leader.page.get_by_role("button", name="Ghi quyết định").last.click()
    leader.sees("Đã ghi quyết định", "Đang có hiệu lực")
    assert units_of_decisions(demo) == ["xã Tập Sơn"]


def fill_in(leader: Visitor, day: date) -> None:
    leader.page.get_by_role("combobox", name="Người được giao ký").select_option(index=1)
    leader.choose("KT. – ký thay: cấp phó ký thay người đứng đầu")
    leader.fill("Số, ký hiệu quyết định", NUMBER)
    for name in ("Ngày quyết định", "Từ ngày", "Đến hết ngày"):
        leader.fill(name, shown(day))


def in_second_tab(leader: Visitor, unit: str) -> None:
    """Change to the role at another unit, in another tab of the same browser."""
    tab = leader.page.context.new_page()
    tab.goto(leader.home)
    tab.get_by_role("button", name=re.compile(f"^Chuyển vai ?: .*{unit}")).first.click()
    tab.get_by_text(f"Ủy ban nhân dân {unit}").first.wait_for()


def units_of_decisions(demo: Flask) -> list[str]:
    """The units at which a decision of this number stands."""
    with demo.app_context(), Session(db.engine) as session, system(session, Purpose.LOAD):
        found = session.scalars(select(Delegation).where(Delegation.number == NUMBER))
        return [one.unit.full_name for one in found]


def record(leader: Visitor, first: date, last: date) -> None:
    """First with days in the wrong order: said beside the field, and what was typed is there."""
    leader.follow("Ký thay, ủy quyền").follow("Ghi quyết định")
    page = leader.page
    receiver = page.get_by_role("combobox", name="Người được giao ký")
    receiver.select_option(label=f"{OFFICE} {DISTRICT} ({DEPUTY})")
    leader.choose("KT. – ký thay: cấp phó ký thay người đứng đầu")
    leader.fill("Số, ký hiệu quyết định", "12/QĐ-UBND")
    leader.fill("Ngày quyết định", shown(first))
    leader.fill("Từ ngày", shown(last)).fill("Đến hết ngày", shown(first))
    leader.press("Ghi quyết định", refused=422)
    leader.sees("Ngày cuối không được trước ngày bắt đầu.")
    assert leader.value("Số, ký hiệu quyết định") == "12/QĐ-UBND"
    leader.fill("Từ ngày", shown(first)).fill("Đến hết ngày", shown(last))
    leader.press("Ghi quyết định").sees("Sau khi ghi thì không sửa được", "12/QĐ-UBND", shown(last))
    leader.press("Ghi quyết định").sees("Đã ghi quyết định", "Đang có hiệu lực")


def approve(deputy: Visitor, unit: str) -> None:
    deputy.follow("Cấp dưới trình").follow(unit).follow("Phê duyệt")
    deputy.press("Phê duyệt").sees("Đã phê duyệt. Những người liên quan sẽ nhận được thư.")


def shown(day: date) -> str:
    return day.strftime("%d/%m/%Y")
