"""A plan's workbook out and in: what was typed in it meets what was typed in the plan."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from support import draftworld, planbooks
from support.draftworld import NOON
from support.planbooks import KEY, row_of, taken, typed, typed_at

from lth.access.scope import Purpose, system
from lth.core.errors import NotNowError, NotYoursError, RefusedError, StaleError
from lth.core.language import say
from lth.drafting import TargetEdit, parts
from lth.exchange.grids.books import open_book
from lth.exchange.grids.cells import CellKind, FileCell
from lth.exchange.workbook import contents, judging, keeping
from lth.exchange.workbook.layout import PART_SHEETS, TARGET_SHEET
from lth.exchange.workbook.merging import MergeState
from lth.models import PartLine, Target, WorkbookUpload
from lth.models.content import Comparator
from lth.models.document import Status
from lth.models.parts import Part

BUDGET, TASKS = PART_SHEETS[Part.BUDGET], PART_SHEETS[Part.TASK]
CLUBS, MEMBERS = "clubs_new@2021", "members_total@2021"
SIZE, SHARE, MONEY = "club_size@2021", "older_share_pct@2021", "income_fund_balance@2021"
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def session(drafting_session):
    return drafting_session


@pytest.fixture
def plan(session):
    """A draft of xã Tập Sơn with some figures and two lines of money."""
    document = draftworld.start(session)
    edits = (
        TargetEdit(CLUBS, 0, "3"),
        TargetEdit(SIZE, 0, "50-70"),
        TargetEdit(SHARE, 0, "60-70"),
        TargetEdit(MONEY, 0, "60 triệu"),
    )
    assert draftworld.save(session, "clerk@tapson", document, *edits).complete
    actor = draftworld.acting(session, "clerk@tapson")
    for text in ("Tập huấn", "Truyền thông"):
        values = {"activity": text, "amount": "10 triệu", "source": "state", "year": "2021"}
        seen = draftworld.head(session, document).edit_count
        added = parts.add(session, actor, document.id, Part.BUDGET, values, seen=seen, now=NOON)
        assert added.keys
    return document


@pytest.fixture
def clerk(session, plan):
    return draftworld.acting(session, "clerk@tapson")


@pytest.fixture
def book(session, clerk, plan):
    return taken(session, clerk, plan)


def uploaded(session, who, plan, book, key=KEY) -> WorkbookUpload:
    state = contents.drafted(session, who, plan.id)
    return keeping.keep(session, who, state, book, key, now=NOON)


def report_of(session, who, plan, book):
    upload = uploaded(session, who, plan, book)
    return keeping.look(session, upload, contents.drafted(session, who, plan.id)).report


def item(report, key, field="figure"):
    (found,) = (one for one in report.items if one.key == key and one.field == field)
    return found


def write(session, who, plan, upload, ticked=None, chosen=None, seen=None):
    report = keeping.look(session, upload, contents.drafted(session, who, plan.id)).report
    ids = {one.id for one in report.open if one.wanted} if ticked is None else ticked
    return keeping.write(
        session,
        who,
        upload,
        ticked=ids,
        chosen=chosen or {},
        seen=seen or judging.seen_of(report),
        now=LATER,
    )


def target(session, plan, key) -> Target | None:
    head = draftworld.head(session, plan)
    statement = select(Target).where(Target.revision_id == head.id, Target.line_key == key)
    return session.scalar(statement.execution_options(populate_existing=True))


def budget(session, plan) -> list[PartLine]:
    head = draftworld.head(session, plan)
    statement = select(PartLine).where(
        PartLine.revision_id == head.id, PartLine.part == Part.BUDGET
    )
    ordered = statement.order_by(PartLine.ordinal)
    return list(session.scalars(ordered.execution_options(populate_existing=True)))


# --- Out and straight back ----------------------------------------------------------------


def test_a_workbook_that_nobody_touched_changes_nothing(session, clerk, plan, book):
    report = report_of(session, clerk, plan, book)
    assert {one.state for one in report.items} == {MergeState.SAME}
    assert not report.notes
    assert len(report.items) > 50


def test_a_workbook_says_what_is_beside_a_cell(book):
    row = book.sheet(TARGET_SHEET).rows[row_of(book, TARGET_SHEET, MEMBERS)]
    texts = [cell.text for cell in row.values()]
    assert "206" in texts
    assert "trên 3.444" not in texts, "a figure that adds up is no norm for a commune"
    size = book.sheet(TARGET_SHEET).rows[row_of(book, TARGET_SHEET, SIZE)]
    assert {"từ … đến", "50", "70", "50–70"} <= {cell.text for cell in size.values()}


# --- What was typed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "key, cells, shown",
    [
        (CLUBS, {"value": "5"}, "5"),
        (CLUBS, {"value": FileCell("5", CellKind.NUMBER)}, "5"),
        (CLUBS, {"value": "03", "comparator": "ít nhất"}, "ít nhất 3"),
        (MEMBERS, {"value": "1.000"}, "1.000"),
        (MEMBERS, {"value": FileCell("1000", CellKind.NUMBER)}, "1.000"),
        (MONEY, {"value": "75 triệu đồng"}, "75.000.000 đồng"),
        (MONEY, {"value": FileCell("75000000", CellKind.NUMBER)}, "75.000.000 đồng"),
        (SHARE, {"value": "19,26 %", "second": None, "comparator": "bằng"}, "19,26 %"),
        (SHARE, {"value": FileCell("61 %", CellKind.NUMBER)}, "61–70 %"),
        (SIZE, {"value": "40-60", "second": None}, "40–60"),
    ],
)
def test_a_figure_is_read_as_people_type_it(session, clerk, plan, book, key, cells, shown):
    found = item(report_of(session, clerk, plan, typed_at(book, TARGET_SHEET, key, **cells)), key)
    assert found.state in {MergeState.NEW, MergeState.CHANGED}, found.problem
    assert found.mine == shown


@pytest.mark.parametrize(
    "key, cells, place, told",
    [
        (CLUBS, {"value": "khoảng 50"}, "G", "cụ thể"),
        (CLUBS, {"value": "ba"}, "G", "số nguyên"),
        (CLUBS, {"value": "-3"}, "G", "số âm"),
        (CLUBS, {"value": FileCell("0,6", CellKind.NUMBER)}, "G", "số nguyên"),
        (CLUBS, {"value": FileCell("03/04/2026", CellKind.DAY)}, "G", "ngày 03/04/2026"),
        (CLUBS, {"value": FileCell("", CellKind.FAULT)}, "G", "bị lỗi"),
        (CLUBS, {"comparator": "chừng"}, "F", "cách so sánh"),
        (CLUBS, {"second": "9"}, "H", "từ … đến"),
        (SIZE, {"second": "40"}, "H", "thấp hơn"),
        (SHARE, {"second": "170"}, "H", "100 phần trăm"),
    ],
)
def test_what_is_wrong_is_told_by_its_cell(session, clerk, plan, book, key, cells, place, told):
    changed = typed_at(book, TARGET_SHEET, key, **cells)
    found = item(report_of(session, clerk, plan, changed), key)
    assert found.state is MergeState.WRONG
    assert found.address == f"{TARGET_SHEET}!{place}{row_of(book, TARGET_SHEET, key)}"
    assert told in str(found.problem)


def test_a_number_that_excel_cut_is_asked_about(session, clerk, plan, book):
    cut = FileCell("1", CellKind.NUMBER)
    found = item(
        report_of(session, clerk, plan, typed_at(book, TARGET_SHEET, MEMBERS, value=cut)), MEMBERS
    )
    assert "206" in str(found.doubt)
    assert not found.wanted


def test_a_code_of_nowhere_and_one_twice_are_told(session, clerk, plan, book):
    at = planbooks.blank_row(book, TARGET_SHEET)
    sheet = book.sheet(TARGET_SHEET)
    rows = {
        **sheet.rows,
        at: {0: FileCell("clubs_old@2021"), 6: FileCell("1")},
        at + 1: {0: FileCell(CLUBS), 6: FileCell("9")},
    }
    changed = replace(sheet, rows=rows)
    sheets = tuple(changed if one is sheet else one for one in book.sheets)
    report = report_of(session, clerk, plan, replace(book, sheets=sheets))
    assert [one.address for one in report.of(MergeState.WRONG)] == [
        f"{TARGET_SHEET}!A{at}",
        f"{TARGET_SHEET}!A{at + 1}",
    ]
    assert item(report, CLUBS).state is MergeState.SAME


# --- Two at once --------------------------------------------------------------------------


def test_what_both_changed_is_for_the_person_to_choose(session, clerk, plan, book):
    changed = typed_at(book, TARGET_SHEET, CLUBS, value="5")
    changed = typed_at(changed, TARGET_SHEET, MEMBERS, value="300")
    edit = TargetEdit(CLUBS, target(session, plan, CLUBS).version, "4")
    assert draftworld.save(session, "clerk2@tapson", plan, edit, now=LATER).complete
    clerk = draftworld.acting(session, "clerk@tapson")
    upload = uploaded(session, clerk, plan, changed)
    report = keeping.look(session, upload, contents.drafted(session, clerk, plan.id)).report
    found = item(report, CLUBS)
    assert found.state is MergeState.CONFLICT
    assert (found.base, found.mine, found.theirs) == ("3", "5", "4")
    assert found.by == "clerk2@tapson"
    assert found.at == LATER
    assert item(report, MEMBERS).state is MergeState.NEW

    assert write(session, clerk, plan, upload) == (1, 1), "an undecided conflict stays as it is"
    assert target(session, plan, CLUBS).value_min == 4
    assert target(session, plan, MEMBERS).value_min == 300
    assert write(session, clerk, plan, upload, chosen={found.id: "mine"}) == (1, 0)
    assert target(session, plan, CLUBS).value_min == 5


def test_the_other_one_is_kept_where_the_file_was_not_touched(session, clerk, plan, book):
    edit = TargetEdit(CLUBS, target(session, plan, CLUBS).version, "4")
    assert draftworld.save(session, "clerk2@tapson", plan, edit).complete
    clerk = draftworld.acting(session, "clerk@tapson")
    assert item(report_of(session, clerk, plan, book), CLUBS).state is MergeState.KEPT


def test_figure_and_words_of_a_line_are_two_cells(session, clerk, plan, book):
    changed = typed_at(book, TARGET_SHEET, CLUBS, wording="thêm ít nhất 3 câu lạc bộ")
    edit = TargetEdit(CLUBS, target(session, plan, CLUBS).version, "4")
    assert draftworld.save(session, "clerk2@tapson", plan, edit).complete
    clerk = draftworld.acting(session, "clerk@tapson")
    upload = uploaded(session, clerk, plan, changed)
    assert write(session, clerk, plan, upload) == (1, 0)
    now = target(session, plan, CLUBS)
    assert (now.value_min, now.wording) == (4, "thêm ít nhất 3 câu lạc bộ")


def test_what_changes_after_the_look_is_shown_again_and_nothing_written(session, clerk, plan, book):
    changed = typed_at(book, TARGET_SHEET, CLUBS, value="5")
    upload = uploaded(session, clerk, plan, changed)
    state = contents.drafted(session, clerk, plan.id)
    seen = judging.seen_of(keeping.look(session, upload, state).report)
    edit = TargetEdit(CLUBS, target(session, plan, CLUBS).version, "4")
    assert draftworld.save(session, "clerk2@tapson", plan, edit).complete
    clerk = draftworld.acting(session, "clerk@tapson")
    with pytest.raises(StaleError):
        write(session, clerk, plan, upload, seen=seen)
    assert target(session, plan, CLUBS).value_min == 4


def test_only_what_is_ticked_is_written_and_the_rest_stays_to_decide(session, clerk, plan, book):
    changed = typed_at(book, TARGET_SHEET, CLUBS, value="5")
    changed = typed_at(changed, TARGET_SHEET, MEMBERS, value="300")
    upload = uploaded(session, clerk, plan, changed)
    assert write(session, clerk, plan, upload, ticked={f"t|{MEMBERS}|figure"}) == (1, 1)
    assert target(session, plan, CLUBS).value_min == 3
    now = target(session, plan, MEMBERS)
    assert (now.value_min, now.edited_by_id, now.edited_at) == (300, clerk.person_id, LATER)
    with pytest.raises(RefusedError, match="Chưa chọn"):
        write(session, clerk, plan, upload, ticked=set())


def test_a_cell_that_was_emptied_takes_the_line_away(session, clerk, plan, book):
    upload = uploaded(session, clerk, plan, typed_at(book, TARGET_SHEET, CLUBS, value=None))
    assert write(session, clerk, plan, upload) == (1, 0)
    assert target(session, plan, CLUBS) is None


def test_a_quality_is_written_by_its_words(session, clerk, plan, book):
    said = {"comparator": "định tính, ghi bằng lời", "value": None, "wording": "duy trì nền nếp"}
    upload = uploaded(session, clerk, plan, typed_at(book, TARGET_SHEET, CLUBS, **said))
    assert write(session, clerk, plan, upload) == (2, 0)
    now = target(session, plan, CLUBS)
    assert (now.comparator, now.wording) == (Comparator.QUALITATIVE, "duy trì nền nếp")


# --- Lines --------------------------------------------------------------------------------


def test_lines_merge_field_by_field(session, clerk, plan, book):
    first = budget(session, plan)[0]
    changed = typed_at(book, BUDGET, first.line_key, amount=FileCell("12000000", CellKind.NUMBER))
    other = draftworld.acting(session, "clerk2@tapson")
    texts = {"activity": "Tập huấn chủ nhiệm"}
    parts.save_line(
        session, other, plan.id, Part.BUDGET, first.line_key, texts, seen=first.version, now=LATER
    )
    clerk = draftworld.acting(session, "clerk@tapson")
    upload = uploaded(session, clerk, plan, changed)
    assert write(session, clerk, plan, upload) == (1, 0)
    now = budget(session, plan)[0].data
    assert (now["activity"], now["amount"]) == ("Tập huấn chủ nhiệm", 12_000_000)


def test_new_lines_are_added_once_each_and_twins_both(session, clerk, plan, book):
    at = planbooks.blank_row(book, BUDGET)
    line = {"activity": "=HYPERLINK(1) khen thưởng", "amount": "5 triệu", "source": "Xã hội hóa"}
    changed = typed(typed(book, BUDGET, at, line), BUDGET, at + 1, line)
    upload = uploaded(session, clerk, plan, changed)
    report = keeping.look(session, upload, contents.drafted(session, clerk, plan.id)).report
    assert any("giữ nguyên là chữ" in say(note) for note in report.notes)
    assert write(session, clerk, plan, upload) == (2, 0)
    added = [row.data for row in budget(session, plan)[2:]]
    assert [one["activity"] for one in added] == [line["activity"]] * 2
    assert {one["source"] for one in added} == {"social"}
    again = uploaded(session, clerk, plan, changed)
    report = keeping.look(session, again, contents.drafted(session, clerk, plan.id)).report
    assert not report.open, "the same file once more has nothing new"


def test_a_line_goes_only_where_that_is_ticked(session, clerk, plan, book):
    key = budget(session, plan)[1].line_key
    names = ("activity", "amount", "source", "year")
    changed = typed_at(book, BUDGET, key, **dict.fromkeys(names))
    upload = uploaded(session, clerk, plan, changed)
    with pytest.raises(RefusedError):
        write(session, clerk, plan, upload)
    assert write(session, clerk, plan, upload, ticked={f"d|{key}"}) == (1, 0)
    assert [row.data["activity"] for row in budget(session, plan)] == ["Tập huấn"]


def test_a_line_that_somebody_removed_and_the_file_changed_is_asked_about(
    session, clerk, plan, book
):
    gone = budget(session, plan)[1]
    changed = typed_at(book, BUDGET, gone.line_key, amount="9 triệu")
    other = draftworld.acting(session, "clerk2@tapson")
    parts.remove(session, other, plan.id, Part.BUDGET, gone.line_key, seen=gone.version, now=LATER)
    clerk = draftworld.acting(session, "clerk@tapson")
    upload = uploaded(session, clerk, plan, changed)
    report = keeping.look(session, upload, contents.drafted(session, clerk, plan.id)).report
    (asked,) = report.open
    assert asked.state is MergeState.CONFLICT
    assert write(session, clerk, plan, upload, chosen={asked.id: "mine"}) == (1, 0)
    assert [row.data.get("amount") for row in budget(session, plan)] == [10_000_000, 9_000_000]


def test_tasks_with_days_and_lists_come_in(session, clerk, plan, book):
    at = planbooks.blank_row(book, TASKS)
    line = {
        "title": "Thành lập câu lạc bộ",
        "leads": "Hội Người cao tuổi",
        "coordinating": "Trạm Y tế; Đoàn Thanh niên",
        "starts_on": FileCell("01/03/2021", CellKind.DAY),
        "ends_on": "15/12/2021",
    }
    upload = uploaded(session, clerk, plan, typed(book, TASKS, at, line))
    assert write(session, clerk, plan, upload) == (1, 0)
    state = contents.drafted(session, clerk, plan.id)
    (added,) = state.parts[Part.TASK]
    assert added.line.coordinating == ("Trạm Y tế", "Đoàn Thanh niên")
    assert str(added.line.starts_on) == "2021-03-01"
    book = taken(session, clerk, plan)
    assert {one.state for one in report_of(session, clerk, plan, book).items} == {MergeState.SAME}


@pytest.mark.parametrize(
    "cells, place, told",
    [
        ({"activity": "Chi", "amount": "1.5 tỷ rưỡi x"}, "amount", "đồng"),
        ({"activity": "Chi", "source": "Trời cho"}, "source", "danh sách"),
        ({"amount": "5 triệu"}, "activity", "nhập ô này"),
        ({"activity": "Chi", "year": "1066"}, "year", "từ 1990 đến 2100"),
    ],
)
def test_what_is_wrong_in_a_new_line_is_told_by_its_cell(
    session, clerk, plan, book, cells, place, told
):
    at = planbooks.blank_row(book, BUDGET)
    report = report_of(session, clerk, plan, typed(book, BUDGET, at, cells))
    (wrong,) = report.of(MergeState.WRONG)
    column = planbooks.column_of(book, BUDGET, place)
    assert wrong.address == f"{BUDGET}!{chr(65 + column)}{at}"
    assert told in str(wrong.problem)


# --- Whose, and when ----------------------------------------------------------------------


def test_the_workbook_of_another_unit_is_refused(session, clerk, plan, book):
    other = draftworld.start(session, "clerk@ngaixuyen")
    stranger = draftworld.acting(session, "clerk@ngaixuyen")
    with pytest.raises(RefusedError, match="kế hoạch khác"):
        uploaded(session, stranger, other, book)
    with pytest.raises(NotYoursError):
        contents.drafted(session, draftworld.acting(session, "leader@tapson"), plan.id)


def test_another_person_does_not_see_the_upload(session, clerk, plan, book):
    upload = uploaded(session, clerk, plan, book)
    other = draftworld.acting(session, "clerk2@tapson")
    assert keeping.find(session, other, plan.id, upload.id, NOON) is None
    assert keeping.kept(session, other, plan.id, NOON) == []
    assert keeping.find(session, clerk, plan.id, upload.id, NOON + keeping.LIFETIME) is None


def test_a_mended_seal_makes_every_difference_a_question(session, clerk, plan, book):
    sheet = book.sheets[-1]
    rows = {**sheet.rows, 1: {0: FileCell("0" * 64)}}
    forged = replace(book, sheets=(*book.sheets[:-1], replace(sheet, rows=rows)))
    changed = typed_at(forged, TARGET_SHEET, CLUBS, value="5")
    changed = typed_at(changed, TARGET_SHEET, MEMBERS, value="300")
    changed = typed_at(changed, TARGET_SHEET, MONEY, value=None)
    report = report_of(session, clerk, plan, changed)
    assert "Trang ẩn" in str(report.notes[0])
    assert item(report, CLUBS).state is MergeState.CONFLICT
    assert item(report, MEMBERS).state is MergeState.NEW
    assert item(report, MONEY).state is MergeState.KEPT


def test_an_older_template_is_told_and_read_by_its_headings(
    session, clerk, plan, book, monkeypatch
):
    monkeypatch.setattr("lth.exchange.workbook.reading.TEMPLATE", 2)
    report = report_of(session, clerk, plan, typed_at(book, TARGET_SHEET, CLUBS, value="5"))
    assert "mẫu cũ" in str(report.notes[0])
    assert item(report, CLUBS).mine == "5"


def test_a_plan_that_was_sent_takes_nothing(session, clerk, plan, book):
    upload = uploaded(session, clerk, plan, typed_at(book, TARGET_SHEET, CLUBS, value="5"))
    with system(session, Purpose.LOAD):
        plan.status = Status.CLEARANCE
        session.flush()
    with pytest.raises(NotNowError):
        write(session, clerk, plan, upload)


def test_only_what_was_pointed_at_may_change_in_a_returned_plan(session, clerk, plan, book):
    draftworld.give_back(session, plan, {MEMBERS: "Xem lại số thành viên"})
    clerk = draftworld.acting(session, "clerk@tapson")
    assert contents.drafted(session, clerk, plan.id).locks
    changed = typed_at(book, TARGET_SHEET, CLUBS, value="5")
    changed = typed_at(changed, TARGET_SHEET, MEMBERS, value="300")
    at = planbooks.blank_row(book, BUDGET)
    changed = typed(changed, BUDGET, at, {"activity": "Khoản mới", "amount": "5 triệu"})
    report = report_of(session, clerk, plan, changed)
    assert item(report, CLUBS).state is MergeState.WRONG
    assert "không bị trả lại" in str(item(report, CLUBS).problem)
    assert item(report, MEMBERS).state is MergeState.NEW
    assert report.count(MergeState.WRONG) == 2
    upload = uploaded(session, clerk, plan, changed)
    assert write(session, clerk, plan, upload) == (1, 0)


def test_the_file_itself_comes_back_as_it_went(session, clerk, plan, book):
    again = open_book(planbooks.as_file(typed_at(book, TARGET_SHEET, CLUBS, value="5")), "a.xlsx")
    report = report_of(session, clerk, plan, again)
    assert [one.key for one in report.open] == [CLUBS]
    assert not report.of(MergeState.WRONG)
