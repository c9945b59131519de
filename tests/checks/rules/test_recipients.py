"""V26: who gets the plan."""

import pytest
from support.plandocs import changed, found

from lth.content.model import (
    RECIPIENTS,
    Content,
    PlanUnit,
    Recipient,
    ReportingDuty,
)
from lth.models.parts import Frequency
from lth.models.unit import Level

BOARD = "Ban Đại diện Hội Người cao tuổi huyện"
LABOUR = "Phòng Lao động - Thương binh và Xã hội"

COMMITTEE = "Ủy ban nhân dân huyện"
PARENT = "Ủy ban nhân dân tỉnh Sông Hậu"


def sent_to(*names: str, to: tuple[str, ...] = (), **changes) -> Content:
    recipients = tuple(Recipient(f"n{n}", name) for n, name in enumerate(names))
    lines = tuple(
        ReportingDuty(f"r{n}", "UBND các xã", (one,), "", Frequency.YEARLY, "trước ngày 15/12")
        for n, one in enumerate(to)
    )
    return changed(recipients=recipients, reporting=lines, **changes)


PARENTS = [
    (PARENT, False),
    ("UBND tỉnh", False),
    ("UBND tỉnh(B/cáo)", False),
    ("Thường trực Tỉnh ủy, HĐND, UBND tỉnh", False),
    ("CT, các PCT UBND tỉnh", False),
    ("Uỷ ban Nhân dân tỉnh", False),
    ("UBND huyện", True),
    ("UBND các xã, thị trấn", True),
    ("Thường trực Tỉnh ủy, HĐND tỉnh", True),
    ("Sở Y tế", True),
    ("Như Điều 3", True),
]


@pytest.mark.parametrize(("name", "fires"), PARENTS)
def test_who_issued_the_plan_above_gets_this_one(name, fires):
    findings = found(sent_to(name, "Lưu: VT"), "V26")
    assert [one.place for one in findings] == [RECIPIENTS] * fires


ADDRESSEES = [
    ("its own committee", COMMITTEE, [], False),
    ("the province's association", "Ban Đại diện Hội Người cao tuổi tỉnh", [], True),
    ("named in short", "Ban Đại diện Hội Người cao tuổi tỉnh", ["BĐD Hội NCT tỉnh"], False),
    ("as association", "Ban Đại diện Hội Người cao tuổi tỉnh", ["Hội NCT tỉnh"], False),
    ("the district's board is another", "Ban Đại diện Hội Người cao tuổi tỉnh", [BOARD], True),
    ("an office of the province", "Sở Lao động - Thương binh và Xã hội", ["Sở LĐ-TBXH"], False),
    ("a group is of the own unit", "Sở Y tế", ["Các sở, ban, ngành"], True),
    ("within the unit, named by its group", LABOUR, ["Các phòng, ban, ngành huyện"], False),
    ("within the unit, as above", LABOUR, ["Như Điều 3"], False),
    ("within the unit, not named", LABOUR, [], True),
    ("the parent is told of once", PARENT, [], False),
]


@pytest.mark.parametrize(
    ("name", "addressee", "names", "fires"), ADDRESSEES, ids=[one[0] for one in ADDRESSEES]
)
def test_whom_reports_go_to_gets_the_plan(name, addressee, names, fires):
    content = sent_to("UBND tỉnh", "UBND các xã", *names, "Lưu: VT", to=(addressee,))
    assert [one.place for one in found(content, "V26")] == ["r0"] * fires


def test_an_addressee_is_asked_for_once():
    content = sent_to("UBND tỉnh", "UBND các xã", to=("Sở Y tế", "Sở Y tế"))
    assert len(found(content, "V26")) == 1


def test_a_commune_under_a_city():
    place = PlanUnit("phường Ninh Kiều", Level.COMMUNE, "thành phố Cần Thơ", Level.PROVINCE, 1)
    issuer = "Ủy ban nhân dân thành phố Cần Thơ"
    assert not found(sent_to("UBND thành phố", place=place, parent_issuer=issuer), "V26")
    assert found(sent_to("UBND phường", place=place, parent_issuer=issuer), "V26")


def test_a_plan_has_recipients_unless_the_source_has_lost_them():
    (finding,) = found(changed(recipients=()), "V26")
    assert finding.place == RECIPIENTS
    assert not found(changed(recipients=(), unreadable=frozenset({RECIPIENTS})), "V26")


def test_at_the_top_there_is_nobody_above():
    assert not found(sent_to("Lưu: VT", parent_issuer=""), "V26")


CENTRE = "Trung ương Hội Người cao tuổi Việt Nam"


@pytest.mark.parametrize(
    ("name", "fires"),
    [
        (CENTRE, False),
        ("TW Hội NCT Việt Nam", False),
        ("Hội Người cao tuổi Việt Nam (b/c)", False),
        ("Hội Người cao tuổi tỉnh", True),
        ("Các sở, ban, ngành", True),
    ],
)
def test_the_centre_of_the_association_is_named_in_several_ways(name, fires):
    content = sent_to("UBND tỉnh", "UBND các xã", name, to=(CENTRE,))
    assert [one.place for one in found(content, "V26")] == ["r0"] * fires


BELOW = [
    ("UBND các xã, thị trấn", False),
    ("UBND cấp xã", False),
    ("Các xã, thị trấn", False),
    ("Các địa phương", False),
    ("Như Điều 3", False),
    ("Các phòng, ban, ngành huyện", True),
    ("Đảng ủy các xã", True),
    ("Hội Người cao tuổi các xã", True),
]


@pytest.mark.parametrize(("name", "fires"), BELOW)
def test_committees_below_that_report_get_a_copy(name, fires):
    content = sent_to("UBND tỉnh", name, to=(COMMITTEE,))
    assert [one.place for one in found(content, "V26")] == ["r0"] * fires
