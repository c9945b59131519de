"""V24 and V46: who leads what, and what stays on file."""

import pytest
from support.plandocs import changed, codes, found

from lth.content.model import (
    TASKS,
    Content,
    Duty,
    Header,
    Recipient,
    Task,
)
from lth.models.finding import Stage
from lth.models.parts import Issuance

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
