"""The drafting page's content: lines, quotas, norms, remarks, and what is still missing."""

import pytest
from sqlalchemy import select
from support import draftworld as world
from support import switches
from support.draftworld import NOON
from support.queries import counted

from lth import drafting
from lth.access.scope import Purpose, Scope, system
from lth.checks.loading import content_of
from lth.content import targets
from lth.core.errors import BlockedError
from lth.drafting import Source, TargetEdit
from lth.models import Remark, Target
from lth.models.document import Status
from lth.programmes import catalogue
from lth.programmes.catalogue_file import TOPIC_LABEL
from lth.workflow import documents, operations
from lth.workflow.acts import Act
from lth.workflow.context import ActContext
from lth.workflow.kinds import SYNTHESIS
from lth.workflow.registry import effect, guard

REQUIRED = {
    "clubs_new": "3",
    "members_total": "206",
    "members_older": "133",
    "members_young": "73",
    "members_women": "128",
    "loans_members": "103",
    "income_fund_balance": "60.000.000",
}


@pytest.fixture
def session(drafting_session):
    return drafting_session


def sheet(session, document, who="clerk@tapson"):
    scope = Scope.of(world.acting(session, who))
    return drafting.sheet(session, document, world.head(session, document), scope)


def lacking(session, document):
    """What the content of a document lacks, as the guard judges it."""
    scope = Scope.of(world.acting(session, "clerk@tapson"))
    content = content_of(session, document, world.head(session, document), scope)
    return [gap.message for gap in drafting.missing(content, document.kind)]


def slot(page, code, phase=0):
    return [one for one in page.slots if one.indicator.code == code][phase]


def complete(session, document, who="clerk@tapson", phases=("2021",)):
    """Everything that is required, typed in."""
    edits = [
        TargetEdit(f"{code}@{phase}", 0, value)
        for code, value in REQUIRED.items()
        for phase in phases
    ]
    assert world.save(session, who, document, *edits).complete
    world.write_sections(session, who, document)


def test_every_indicator_of_the_programme_stands_in_its_group(session):
    page = sheet(session, world.start(session))
    assert [group.topic for group in page.groups] == list(TOPIC_LABEL)
    codes = [row.indicator.code for group in page.groups for row in group.rows]
    known = catalogue.indicators(session, page.document.programme_id)
    assert sorted(codes) == sorted(row.code for row in known)
    clubs = page.groups[0]
    assert [row.indicator.code for row in clubs.rows][2] == "clubs_new"
    assert str(clubs.label) == "Câu lạc bộ và độ phủ"
    assert (clubs.filled, clubs.missing) == (0, 1)


def test_an_empty_slot_has_a_place_to_type_in(session):
    page = sheet(session, world.start(session))
    one = slot(page, "clubs_new")
    assert [(line.key, line.version, line.target) for line in one.lines] == [
        ("clubs_new@2021", 0, None)
    ]
    assert one.next_key == "clubs_new@2021#2" and one.missing


def test_lines_carry_their_version_and_author(session):
    document = world.start(session, source=Source.ABOVE)
    more = TargetEdit("clubs_new@2021#2", 0, "1")
    world.save(session, "clerk2@tapson", document, more)
    one = slot(sheet(session, document), "clubs_new")
    edits = world.head(session, document).edit_count
    assert [(line.key, line.version, line.author) for line in one.lines] == [
        ("clubs_new@2021", 1, ""),
        ("clubs_new@2021#2", edits, "clerk2@tapson"),
    ]
    assert one.next_key == "clubs_new@2021#3"


def test_quotas_and_norms_of_the_plan_above_stand_beside(session):
    page = sheet(session, world.start(session))
    assert page.above.document_number == "793/QĐ-UBND"
    assert slot(page, "clubs_new").quota == 3
    assert slot(page, "income_fund_balance").quota == 60_000_000
    assert slot(page, "members_older").quota is None
    size = slot(page, "club_size")
    assert [targets.shown(norm) for norm in size.norms] == ["50–70"]
    assert slot(page, "clubs_new").norms == []
    assert targets.worded(targets.norm(size.indicator), size.indicator) == "50–70"


def test_each_unit_sees_its_own_quota(session):
    page = sheet(session, world.start(session, "clerk@ngaixuyen"), "clerk@ngaixuyen")
    assert slot(page, "clubs_new").quota == 4
    assert slot(page, "members_total").quota is None


def test_a_plan_without_anything_above(session):
    document = world.start(session, code="2021-2025")
    page = sheet(session, document)
    assert page.above is None
    assert all(one.quota is None and not one.norms for one in page.slots)


def test_every_phase_has_its_slot(session):
    document = world.start(session, code="2026-2035")
    page = sheet(session, document)
    assert [phase.code for phase in page.phases] == ["2026-2030", "2031-2035"]
    row = next(row for row in page.groups[0].rows if row.indicator.code == "clubs_new")
    assert [one.lines[0].key for one in row.slots] == ["clubs_new@2026-2030", "clubs_new@2031-2035"]


def test_percentages_follow_from_the_counts(session):
    document = world.start(session)
    complete(session, document)
    page = sheet(session, document)
    assert slot(page, "older_share_pct").derived == 64_56  # 133 of 206
    assert slot(page, "women_share_pct").derived == 62_14
    assert slot(page, "loan_access_pct").derived == 50_00
    assert slot(page, "poor_share_pct").derived is None
    assert slot(page, "clubs_new").derived is None


def test_a_percentage_follows_the_denominator_that_was_picked(session):
    document = world.start(session)
    complete(session, document)
    edits = [
        TargetEdit("loan_need_members@2021", 0, "150"),
        TargetEdit("loan_access_pct@2021", 0, "60", denominator_code="loan_need_members"),
        TargetEdit("members_older@2021#2", 0, "5"),
    ]
    assert world.save(session, "clerk@tapson", document, *edits).complete
    page = sheet(session, document)
    assert slot(page, "loan_access_pct").derived == 68_67  # 103 of 150
    assert slot(page, "older_share_pct").derived is None  # two lines: which one?


# --- Remarks ------------------------------------------------------------------------------


def test_remarks_stand_where_they_are_pinned(session):
    document = world.start(session, source=Source.ABOVE)
    remarks = {
        "income_fund_balance@2021": "Mức quỹ này thấp.",
        "clubs_new@2021#2": "Dòng này thừa.",
        "s.tasks": "Nêu rõ người chủ trì.",
        "": "Bổ sung căn cứ.",
        "gone@2021": "Chỉ tiêu đã bỏ.",
    }
    world.give_back(session, document, remarks)
    page = sheet(session, document)
    pinned = {
        one.indicator.code: [r.text for r in one.remarks] for one in page.slots if one.remarks
    }
    assert pinned == {
        "income_fund_balance": ["Mức quỹ này thấp."],
        "clubs_new": ["Dòng này thừa."],
    }
    parts = {part.section.line_key: [r.text for r in part.remarks] for part in page.parts}
    assert parts["s.tasks"] == ["Nêu rõ người chủ trì."] and parts["s.scope"] == []
    assert [remark.text for remark in page.general] == ["Bổ sung căn cứ.", "Chỉ tiêu đã bỏ."]
    assert page.general[0].person_name == "specialist@tracu"


def test_remarks_not_yet_published_are_not_shown(session):
    document = world.start(session, source=Source.ABOVE)
    world.give_back(session, document, {"": "Bổ sung căn cứ."})
    with system(session, Purpose.LOAD):
        session.scalars(select(Remark)).one().published_at = None
    assert sheet(session, document).general == []


def test_remarks_settled_long_ago_are_not_shown(session):
    document = world.start(session, source=Source.ABOVE)
    first = world.head(session, document)
    world.give_back(session, document, {"": "Lần một."})
    second = world.give_back(session, document, {"": "Lần hai."})
    assert [remark.text for remark in sheet(session, document).general] == ["Lần một.", "Lần hai."]
    with system(session, Purpose.LOAD):
        first.released_at = NOON
        session.flush()
    assert second.based_on_number == 2
    assert [remark.text for remark in sheet(session, document).general] == ["Lần hai."]


# --- What is missing ----------------------------------------------------------------------


def test_what_an_empty_plan_lacks(session):
    document = world.start(session)
    page = sheet(session, document)
    said = [str(gap.message) for gap in page.gaps]
    assert said == [
        "Chưa nhập “Câu lạc bộ thành lập mới”.",
        "Chưa nhập “Số thành viên câu lạc bộ”.",
        "Chưa nhập “Thành viên là người cao tuổi”.",
        "Chưa nhập “Thành viên trẻ tuổi”.",
        "Chưa nhập “Thành viên nữ”.",
        "Chưa nhập “Quỹ tăng thu nhập”.",
        "Chưa nhập “Thành viên được vay vốn”.",
        "Phần “I. Mục đích, yêu cầu” chưa có nội dung.",
        "Phần “III. Nhiệm vụ, giải pháp” chưa có nội dung.",
        "Phần “V. Tổ chức thực hiện” chưa có nội dung.",
    ]
    assert [gap.key for gap in page.gaps][::9] == ["clubs_new@2021", "s.organisation"]
    assert said == [str(one) for one in lacking(session, document)]
    assert [part.missing for part in page.parts] == [True, False, True, False, True]


def test_each_phase_needs_its_figures(session):
    document = world.start(session, code="2026-2035")
    complete(session, document, phases=("2026-2030",))
    said = [str(one) for one in lacking(session, document)]
    assert len(said) == 7
    assert said[0] == "Chưa nhập “Câu lạc bộ thành lập mới” giai đoạn 2031–2035."


def test_labels_in_messages_are_in_both_languages(session):
    document = world.start(session)
    first = lacking(session, document)[0]
    assert first.params["indicator"].in_language("en") == "New clubs"


def test_a_complete_plan_lacks_nothing(session):
    document = world.start(session)
    complete(session, document)
    assert lacking(session, document) == []
    assert sheet(session, document).gaps == []


def test_words_alone_are_no_figure(session):
    document = world.start(session)
    complete(session, document)
    line = session.scalars(select(Target).where(Target.line_key == "clubs_new@2021")).all()[-1]
    edit = TargetEdit(line.line_key, line.version, "", "", "qualitative", wording="thêm vài CLB")
    assert world.save(session, "clerk@tapson", document, edit).complete
    said = [str(one) for one in lacking(session, document)]
    assert said == ["Chưa nhập “Câu lạc bộ thành lập mới”."]


def test_spaces_are_no_text(session):
    document = world.start(session)
    complete(session, document)
    one = world.acting(session, "clerk@tapson")
    seen = sheet(session, document).parts[0].section.version
    drafting.save_section(session, one, document.id, "s.purpose", " \n ", seen=seen, now=NOON)
    assert [gap.key for gap in sheet(session, document).gaps] == ["s.purpose"]


def test_a_synthesis_lacks_words_only(session):
    document = world.start(session, "specialist@tracu", kind=SYNTHESIS)
    page = sheet(session, document, "specialist@tracu")
    assert [gap.key for gap in page.gaps] == ["s.situation"]
    assert not any(one.missing for one in page.slots)


# --- The guard ----------------------------------------------------------------------------


def refusal(session, document):
    context = ActContext(session, document, world.acting(session, "clerk@tapson"), NOON)
    return guard["nothing_missing"](context)


def test_the_guard_names_the_first_thing_and_counts_the_rest(session):
    document = world.start(session)
    assert str(refusal(session, document)) == (
        "Chưa nhập “Câu lạc bộ thành lập mới”. Ngoài ra còn thiếu 9 mục bắt buộc khác."
    )


def test_the_guard_names_the_one_thing(session):
    document = world.start(session)
    complete(session, document)
    line = session.scalars(select(Target).where(Target.line_key == "clubs_new@2021")).all()[-1]
    world.save(session, "clerk@tapson", document, TargetEdit(line.line_key, line.version, ""))
    assert str(refusal(session, document)) == "Chưa nhập “Câu lạc bộ thành lập mới”."


def test_the_guard_lets_a_complete_plan_pass(session):
    document = world.start(session)
    complete(session, document)
    assert refusal(session, document) is None


def test_sending_asks_the_guard(session):
    document = world.start(session)
    one = world.acting(session, "clerk@tapson")
    act = Act.SEND_FOR_CLEARANCE
    with pytest.raises(BlockedError, match="Chưa nhập “Câu lạc bộ thành lập mới”"):
        operations.do(session, one, document.id, act, seen=document.lock_version, now=NOON)
    assert document.status is Status.DRAFT
    complete(session, document)
    with system(session, Purpose.LOAD):
        switches.all_off(session, [document.unit_id], one.person_id, NOON)
    one = world.acting(session, "clerk@tapson")
    operations.do(session, one, document.id, act, seen=document.lock_version, now=NOON)
    assert document.status is Status.CLEARANCE


# --- Queries ------------------------------------------------------------------------------


def queries_of_sheet(session, document):
    scope = Scope.of(world.acting(session, "clerk@tapson"))
    session.flush()
    session.expunge_all()
    with counted(session) as statements:
        document, head, _ = documents.with_head(session, document.id, scope)
        before = len(statements)
        page = drafting.sheet(session, document, head, scope)
        for slot_ in page.slots:
            for line in slot_.lines:
                assert line.target is None or targets.shown(line.target)
            assert all(targets.shown(norm) for norm in slot_.norms)
            assert all(remark.person_name for remark in slot_.remarks)
    return len(statements) - before


def test_the_page_makes_six_queries_however_much_there_is(session):
    few = queries_of_sheet(session, world.start(session))
    document = world.start(session, code="2026-2035")
    phases = ("2026-2030", "2031-2035")
    complete(session, document, phases=phases)
    more = [TargetEdit(f"clubs_new@{phases[0]}#{nth}", 0, "1") for nth in range(2, 40)]
    assert world.save(session, "clerk@tapson", document, *more).complete
    remarks = {f"{code}@{phase}": "Xem lại." for code in REQUIRED for phase in phases}
    world.give_back(session, document, remarks)
    assert queries_of_sheet(session, document) == few == 6


def queries_of_save(session, document, edits):
    one = world.acting(session, "clerk@tapson")
    session.flush()
    session.expunge_all()
    with counted(session) as statements:
        assert drafting.save_targets(session, one, document.id, edits, now=NOON).complete
    return sum(statement.lstrip().upper().startswith("SELECT") for statement in statements)


def test_saving_reads_the_same_however_many_cells(session):
    document = world.start(session, code="2026-2035")
    one = [TargetEdit("clubs_new@2026-2030", 0, "3")]
    many = [
        TargetEdit(f"{code}@{phase}", 0, value)
        for code, value in REQUIRED.items()
        for phase in ("2026-2030", "2031-2035")
        if (code, phase) != ("clubs_new", "2026-2030")
    ]
    assert queries_of_save(session, document, one) == queries_of_save(session, document, many)


def test_all_that_is_judged_of_an_act_is_read_once(session):
    """The guards and what is kept: the content in five queries, what is written beside it in one.

    What is missing alone needs no more than the content.
    """
    document = world.start(session)
    one = world.acting(session, "clerk@tapson")
    with system(session, Purpose.LOAD):
        switches.all_off(session, [document.unit_id], one.person_id, NOON)
    one = world.acting(session, "clerk@tapson")
    with counted(session) as statements:
        case = ActContext(session, document, one, NOON)
        known = (case.head, document.unit.level, document.next_unit, document.programme.code)
        before = len(statements)
        assert guard["nothing_missing"](case) and known
        assert len(statements) - before <= 6, "the period too"
        for name in ("no_errors", "warnings_explained", "nothing_missing"):
            guard[name](case)
        effect["keep_findings"](case)
    selects = [one for one in statements[before:] if one.lstrip().startswith("SELECT")]
    assert len(selects) <= 7
