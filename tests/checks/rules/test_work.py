"""V24 to V26: who leads, who reports to whom by when, and who gets the plan."""

import pytest
from support.plandocs import changed, codes, found, said

from lth.content.model import (
    RECIPIENTS,
    REPORTING,
    TASKS,
    Content,
    Duty,
    Header,
    PlanUnit,
    Recipient,
    ReportingDuty,
    Task,
)
from lth.models.finding import Stage
from lth.models.parts import Frequency, Issuance
from lth.models.unit import Level

BOARD = "Ban Đại diện Hội Người cao tuổi huyện"
LABOUR = "Phòng Lao động - Thương binh và Xã hội"
LETTER = Header("header", Issuance.DIRECTIVE)

# --- V24 ----------------------------------------------------------------------------------


def led(*leads: str, coordinating: tuple[str, ...] = (), duties=()) -> Content:
    task = Task("t", "Hướng dẫn lập kế hoạch", leads, coordinating)
    return changed(tasks=(task,), duties=tuple(duties))


LEADS = [
    ("one", led(BOARD), False),
    ("none", led(), True),
    ("two", led(BOARD, LABOUR), True),
    ("two, one of them coordinating", led(BOARD, coordinating=(LABOUR,)), False),
    ("leads and coordinates too", led(BOARD, coordinating=("BĐD Hội NCT huyện",)), True),
]


@pytest.mark.parametrize(("name", "content", "fires"), LEADS, ids=[one[0] for one in LEADS])
def test_each_task_has_one_lead(name, content, fires):
    assert bool(found(content, "V24")) is fires


DUTIES = [
    ("leads", "Chủ trì, phối hợp với các ngành hướng dẫn các xã.", False),
    ("only coordinates", "Phối hợp hướng dẫn các xã.", True),
    ("does something", "Chỉ đạo các trạm y tế khám sức khỏe.", False),
    ("answers for it", "Chịu trách nhiệm thực hiện; phối hợp với các ngành.", False),
    ("leads one thing, coordinates another", "Phối hợp tập huấn. Chủ trì giám sát.", False),
]


@pytest.mark.parametrize(("name", "text", "fires"), DUTIES, ids=[one[0] for one in DUTIES])
@pytest.mark.parametrize("agency", [LABOUR, "Phòng LĐTBXH huyện", f"{LABOUR}, Phòng Y tế"])
def test_the_duty_of_who_leads_says_so(agency, name, text, fires):
    content = led(LABOUR, duties=[Duty("d", agency, text)])
    assert bool(found(content, "V24")) is fires


def test_the_duty_of_another_agency_says_nothing_of_it():
    duties = [Duty("d", "Sở Lao động - Thương binh và Xã hội", "Phối hợp hướng dẫn.")]
    assert not found(led(LABOUR, duties=duties), "V24")


GUIDING = "Chủ trì, phối hợp với các ngành hướng dẫn các xã, thị trấn xây dựng kế hoạch."
JOBS = [
    ("as Trà Cú: both guide the communes", GUIDING, GUIDING, True),
    ("one guides, one coordinates", GUIDING, "Phối hợp hướng dẫn các xã lập kế hoạch.", False),
    ("one guides, one finds the money", GUIDING, "Chủ trì cân đối ngân sách.", False),
    ("both find the money", "Chủ trì bố trí kinh phí.", "Chủ trì cân đối ngân sách.", True),
    ("both sum up the reports", "Chủ trì tổng hợp, báo cáo.", "Chủ trì tổng hợp để báo cáo.", True),
    ("each has its training", "Chủ trì tập huấn ban chủ nhiệm.", "Chủ trì tập huấn y tế.", False),
]


@pytest.mark.parametrize(("name", "one", "other", "fires"), JOBS, ids=[one[0] for one in JOBS])
def test_no_two_duties_lead_the_same_job(name, one, other, fires):
    duties = (Duty("d1", BOARD, one), Duty("d2", LABOUR, other))
    findings = found(changed(tasks=(), duties=duties), "V24")
    assert [finding.place for finding in findings] == ["d2"] * fires


def test_a_letter_and_a_lost_part_name_no_leads():
    tasks = (Task("t", "Tuyên truyền", ("Phòng Văn hóa", "Trung tâm Truyền thông")),)
    assert not found(changed(tasks=tasks, header=LETTER), "V24")
    assert not found(changed(tasks=tasks, unreadable=frozenset({TASKS})), "V24")


def test_a_lead_that_is_missing_is_asked_for_when_the_plan_is_sent():
    assert "V24" not in codes(led(), Stage.DRAFT)
    assert "V24" in codes(led(), Stage.SUBMIT)
    assert "V24" in codes(led(BOARD, LABOUR), Stage.DRAFT)


# --- V25 ----------------------------------------------------------------------------------

COMMUNES, COMMITTEE = "Ủy ban nhân dân các xã", "Ủy ban nhân dân huyện"


def report(key: str = "r", reporter: str = COMMUNES, to=(COMMITTEE,), often=Frequency.YEARLY,
           due: str = "trước ngày 15/12") -> ReportingDuty:  # fmt: skip
    return ReportingDuty(key, reporter, tuple(to), "", often, due)


REPORTS = [
    ("all there", [report()], 0),
    ("nothing", [], 1),
    ("how often is not said", [report(often=None)], 1),
    ("nor to whom", [report(to=())], 1),
    ("nor by when", [report(due="")], 1),
    ("as the rules have it is no day", [report(due="theo quy định")], 1),
    ("by the end of the quarter", [report(due="cuối quý")], 1),
    ("by the end of the year", [report(due="vào cuối năm")], 1),
    ("on the last day of the quarter", [report(due="ngày cuối cùng của quý")], 0),
    ("in a month", [report(due="trong tháng 12")], 0),
    ("every six months is how often", [report(due="6 tháng một lần")], 1),
    ("when it happens", [report(often=Frequency.AD_HOC, due="")], 0),
    ("to the State and to the association", [report(to=(COMMITTEE, BOARD))], 0),
    ("to two of the State", [report(to=(COMMITTEE, LABOUR))], 1),
    ("to two in two lines", [report("a"), report("b", to=(BOARD,), often=Frequency.HALF_YEAR)], 1),
    ("half-yearly and yearly", [
        report("a"), report("b", often=Frequency.HALF_YEAR, due="trước ngày 15/6"),
    ], 0),
    ("twice yearly, by two days", [report("a"), report("b", due="trước ngày 20/12")], 1),
    ("two reporters", [report("a"), report("b", reporter=LABOUR, to=(BOARD,))], 0),
    ("one addressee under two names", [
        report("a"), report("b", to=("UBND huyện",), often=Frequency.HALF_YEAR, due="15/6"),
    ], 0),
    ("trouble goes elsewhere", [report("a"), report("b", to=(BOARD,), often=Frequency.AD_HOC)], 0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "lines", "count"), REPORTS, ids=[one[0] for one in REPORTS])
def test_a_report_has_a_time_an_addressee_and_a_day(name, lines, count):
    assert len(found(changed(reporting=tuple(lines)), "V25")) == count


def test_all_that_is_open_is_said_at_once():
    (text,) = said(changed(reporting=(report(often=None, to=(), due=""),)), "V25")
    assert text.endswith("kỳ báo cáo, nơi nhận, thời hạn.")


def test_reports_that_the_source_has_lost_are_not_missed():
    assert not found(changed(reporting=(), unreadable=frozenset({REPORTING})), "V25")


def test_a_letter_asks_for_reports_too():
    assert found(changed(header=LETTER, reporting=()), "V25")


# --- V26 ----------------------------------------------------------------------------------

PARENT = "Ủy ban nhân dân tỉnh Sông Hậu"


def sent_to(*names: str, to: tuple[str, ...] = (), **changes) -> Content:
    recipients = tuple(Recipient(f"n{n}", name) for n, name in enumerate(names))
    lines = tuple(report(f"r{n}", to=(one,)) for n, one in enumerate(to))
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


# --- V46 ----------------------------------------------------------------------------------

KEPT = [
    (["UBND tỉnh", "Lưu: VT, LĐTBXH"], 0),
    (["UBND tỉnh", "Lưu VT"], 0),
    (["UBND tỉnh", "Lưu: Văn thư"], 0),
    (["UBND tỉnh", "Sở Y tế"], 1),
    (["UBND tỉnh", "Lưu: LĐTBXH"], 1),
    ([], 0),
]


@pytest.mark.parametrize(("names", "count"), KEPT)
def test_a_copy_stays_with_the_records(names, count):
    lines = tuple(Recipient(f"n{n}", name) for n, name in enumerate(names))
    assert len(found(changed(recipients=lines), "V46")) == count


DUTIES = [
    ("it has one", BOARD, [Duty("d", BOARD, "Chủ trì.")], 0),
    ("it has none", "Phòng Y tế", [Duty("d", BOARD, "Chủ trì.")], 1),
    ("in a list", "Phòng Y tế", [Duty("d", "Phòng Y tế, Trung tâm Y tế huyện", "Khám.")], 0),
    ("in a group", "Phòng Y tế", [Duty("d", "Các phòng, ban, ngành huyện", "Phối hợp.")], 0),
    ("of no office in a group", "Hội Người cao tuổi huyện",
     [Duty("d", "Các phòng, ban, ngành huyện", "Phối hợp.")], 1),
    ("nobody has any", "Phòng Y tế", [], 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "leader", "duties", "count"), DUTIES, ids=[one[0] for one in DUTIES]
)
def test_who_leads_has_a_duty(name, leader, duties, count):
    assert len(found(led(leader, duties=duties), "V46")) == count


def test_one_that_leads_twice_is_said_once_and_a_letter_names_nobody_as_lead():
    tasks = (Task("a", "Khám", ("Phòng Y tế",)), Task("b", "Tập huấn", ("Phòng Y tế",)))
    assert [one.place for one in found(changed(tasks=tasks), "V46")] == ["a"]
    assert not found(changed(tasks=tasks, header=LETTER), "V46")
