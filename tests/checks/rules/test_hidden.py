"""V28: figures in the running text that the table of targets has not, or has otherwise."""

import pytest
from support.plandocs import changed, found, said, target

from lth.content.model import TARGETS, Baseline, Content, Duty, Header, SectionText, Task
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.finding import Severity
from lth.models.parts import Issuance

GTE = Comparator.GTE
PER_CLUB = TargetScope.PER_CLUB
TABLE = (
    target("clubs_new", 12, comparator=GTE),
    target("clubs_total", 40, comparator=GTE, counts_from=CountsFrom.CUMULATIVE),
    target("members_total", 720),
    target("women_share_pct", 6000, 7000, scope=PER_CLUB),
    target("clubs_full8_pct", 7000, comparator=GTE),
    target("income_fund_min", 25_000_000, comparator=GTE, scope=PER_CLUB),
    target("exercise_week", 300, comparator=GTE, scope=PER_CLUB),
)


def telling(text: str, title: str = "III. Nhiệm vụ", **changes) -> Content:
    changes.setdefault("targets", TABLE)
    return changed(sections=(SectionText("s", title, text),), **changes)


TEXTS = [
    ("clubs of the table", "Xây dựng 12 câu lạc bộ mới, nâng tổng số lên 40 CLB.", False),
    ("clubs that it has not", "Xây dựng 15 câu lạc bộ mới.", True),
    ("old and new ones together", "Đến cuối kỳ có 16 CLB.", False),
    ("members of the table", "thu hút 720 thành viên", False),
    ("members that it has not", "thu hút 1.720 thành viên", True),
    ("with a leading nought", "xây dựng 012 câu lạc bộ", False),
    ("a share of the table", "60 % là nữ, từ 60-70% là nữ", False),
    ("a share that it has not", "60 - 75% là nữ", True),
    ("thin spaces", "80\u2009% câu lạc bộ được tập huấn", True),
    ("money of each club", "mỗi câu lạc bộ có quỹ 35 triệu đồng", True),
    ("money of the table", "mỗi câu lạc bộ có quỹ 25 triệu đồng", False),
    ("money spent", "chi 35 triệu đồng cho tập huấn", False),
    ("monthly, nowhere in the table", "sinh hoạt mỗi tháng một lần", True),
    ("once a month, written so", "câu lạc bộ sinh hoạt ít nhất 1 lần/tháng", True),
    ("every month", "sinh hoạt định kỳ hằng tháng", True),
    ("so often, as in the table", "tập dưỡng sinh 3 lần/tuần", False),
    ("so often, other than in the table", "tập dưỡng sinh 2 lần/tuần", True),
    ("reports are no targets", "báo cáo hằng năm; hằng tháng gửi số liệu", False),
    ("all areas of each club, the table has 70 %", "mỗi câu lạc bộ bảo đảm 8 nhiệm vụ", True),
    ("all areas", "sinh hoạt đủ 8 mảng hoạt động", False),
    ("everywhere", "lập câu lạc bộ ở tất cả các thôn", True),
    ("years and papers", "Kế hoạch số 92/KH-UBND ngày 04/7/2022, giai đoạn 2016 - 2020", False),
    ("ages", "người từ đủ 60 tuổi trở lên", False),
    ("what has been", "đã thành lập 99 câu lạc bộ", False),
    ("nothing", "", False),
]


@pytest.mark.parametrize(("name", "text", "fires"), TEXTS, ids=[one[0] for one in TEXTS])
def test_a_figure_in_the_text_stands_in_the_table(name, text, fires):
    findings = found(telling(text), "V28")
    assert bool(findings) is fires
    assert {one.severity for one in findings} <= {Severity.INFO}


def test_what_the_table_has_otherwise_is_put_beside_it():
    (text,) = said(telling("mỗi câu lạc bộ bảo đảm 8 nhiệm vụ hoạt động chính"), "V28")
    assert "ít nhất 70 %" in text


def test_how_often_is_put_beside_the_table_too():
    (text,) = said(telling("tập dưỡng sinh 2 lần/tuần"), "V28")
    assert "Tập dưỡng sinh: ít nhất 3 lần/tuần" in text


@pytest.mark.parametrize(
    ("title", "fires"), [("I. Thực trạng", False), ("Căn cứ", False), ("I. Chỉ tiêu", True)]
)
def test_what_a_section_tells_of_the_past_is_no_target(title, fires):
    assert bool(found(telling("Có 99 câu lạc bộ", title), "V28")) is fires


def test_duties_and_tasks_are_looked_through():
    duty = Duty("d", "Ủy ban nhân dân các xã", "Sinh hoạt câu lạc bộ mỗi tháng một lần.")
    task = Task("t", "Thành lập 15 câu lạc bộ", ("Hội Người cao tuổi",))
    content = changed(targets=TABLE, duties=(duty,), tasks=(task,))
    assert {one.place for one in found(content, "V28")} == {"d", "t"}


def test_figures_of_the_start_are_known():
    start = (Baseline("b", "clubs_existing", 28, "2020"),)
    assert not found(telling("Duy trì 28 câu lạc bộ", baselines=start), "V28")
    assert found(telling("Duy trì 29 câu lạc bộ", baselines=start), "V28")


def test_one_figure_is_told_once_in_a_place():
    assert len(found(telling("15 câu lạc bộ. Trong 15 câu lạc bộ."), "V28")) == 1


def test_everywhere_is_right_where_the_table_says_so():
    everywhere = (*TABLE, target("commune_coverage_pct", 10000))
    assert not found(telling("lập câu lạc bộ ở tất cả các xã", targets=everywhere), "V28")


def test_a_letter_has_no_table():
    header = Header("header", Issuance.DIRECTIVE)
    assert not found(telling("Thành lập 15 câu lạc bộ", header=header), "V28")


def test_a_table_that_the_source_has_lost_hides_nothing():
    lost = telling("Thành lập 15 câu lạc bộ", targets=(), unreadable=frozenset({TARGETS}))
    assert not found(lost, "V28")


def test_how_often_is_told_once():
    assert len(found(telling("Khám sức khỏe định kỳ mỗi năm 02 lần."), "V28")) == 1


def test_a_count_is_known_by_what_it_counts():
    """Five on a club's board say nothing of five volunteers."""
    board = target("board_size", 5)
    assert found(telling("mỗi câu lạc bộ có 5 tình nguyện viên", targets=(board,)), "V28")
    volunteers = target("volunteers", 5)
    assert not found(telling("mỗi câu lạc bộ có 5 tình nguyện viên", targets=(volunteers,)), "V28")


def test_a_yearly_figure_counts_over_its_years():
    yearly = (target("clubs_new", 3, counts_from=CountsFrom.YEARLY),)
    assert not found(telling("thành lập 15 câu lạc bộ", targets=yearly), "V28")
    assert found(telling("thành lập 16 câu lạc bộ", targets=yearly), "V28")
