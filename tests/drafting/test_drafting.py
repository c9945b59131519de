"""Drafting: starting from each source, saving cells and sections, what the page shows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from support import draftworld as world
from support.draftworld import NOON
from support.queries import counted

from lth import drafting
from lth.access.scope import Purpose, Scope, system
from lth.content import targets
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError, StaleError
from lth.drafting import Source, TargetEdit
from lth.drafting.saving import LONGEST_SECTION
from lth.models import (
    Participation,
    Period,
    Phase,
    Remark,
    RevisionEditor,
    Section,
    Target,
)
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.document import Status
from lth.workflow import revisions
from lth.workflow.kinds import PLAN, SYNTHESIS

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def session(drafting_session):
    return drafting_session


def lines(session, document):
    """The newest revision's targets by key."""
    revision = world.head(session, document)
    session.expire_all()
    found = session.scalars(select(Target).where(Target.revision_id == revision.id))
    return {line.line_key: line for line in found}


def sections(session, document):
    revision = world.head(session, document)
    statement = select(Section).where(Section.revision_id == revision.id).order_by(Section.ordinal)
    return list(session.scalars(statement))


def shown(session, document):
    return {key: targets.shown(line) for key, line in lines(session, document).items()}


# --- Starting -----------------------------------------------------------------------------


def test_an_empty_plan_has_the_standard_sections(session):
    document = world.start(session)
    assert [section.title for section in sections(session, document)] == [
        "I. Mục đích, yêu cầu",
        "II. Đối tượng, phạm vi, thời gian",
        "III. Nhiệm vụ, giải pháp",
        "IV. Kinh phí",
        "V. Tổ chức thực hiện",
    ]
    assert not any(section.body for section in sections(session, document))
    assert lines(session, document) == {}
    assert document.status is Status.DRAFT


def test_from_above_come_norms_with_their_source_and_quotas_as_figures(session):
    document = world.start(session, source=Source.ABOVE)
    assert shown(session, document) == {
        "clubs_new@2021": "3",
        "members_total@2021": "206",
        "income_fund_balance@2021": "60.000.000 đồng",
        "club_size@2021": "50–70",
        "older_share_pct@2021": "60–70 %",
        "clubs_full8_pct@2021": "ít nhất 70 %",
        "loan_access_pct@2021": "ít nhất 50 %",
    }
    found = lines(session, document)
    assert found["club_size@2021"].wording == "mỗi CLB 50 - 70 thành viên"
    assert found["club_size@2021"].source_ref == "793/QĐ-UBND ngày 07/5/2021; mục I.2"
    assert found["club_size@2021"].scope is TargetScope.PER_CLUB
    assert found["clubs_new@2021"].source_ref == "793/QĐ-UBND ngày 07/5/2021"
    assert found["clubs_new@2021"].comparator is Comparator.EQ
    assert found["loan_access_pct@2021"].parent_share_key == "clubs_full8_pct@2021"
    assert found["loan_access_pct@2021"].denominator_code == "members_total"
    assert found["income_fund_balance@2021"].counts_from is CountsFrom.CUMULATIVE


def test_from_above_come_titles_without_texts(session):
    document = world.start(session, source=Source.ABOVE)
    found = sections(session, document)
    assert [section.line_key for section in found][:2] == ["s.purpose", "s.scope"]
    assert len(found) == 5
    assert not any(section.body for section in found)


def test_another_units_quotas_do_not_come_along(session):
    document = world.start(session, "clerk@ngaixuyen", source=Source.ABOVE)
    found = shown(session, document)
    assert found["clubs_new@2021"] == "4"
    assert "members_total@2021" not in found


def test_from_last_time_come_texts_and_figures_under_the_new_period(session):
    first = world.start(session, source=Source.ABOVE)
    world.save(
        session,
        "clerk@tapson",
        first,
        TargetEdit("clubs_new@2021#2", 0, "1", wording="thêm 1 CLB vùng khó khăn"),
    )
    world.write_sections(session, "clerk@tapson", first)
    document = world.start(session, source=Source.LAST, code="2021-2025")
    found = lines(session, document)
    assert targets.shown(found["clubs_new@2021-2025"]) == "3"
    assert found["clubs_new@2021-2025#2"].wording == "thêm 1 CLB vùng khó khăn"
    assert found["loan_access_pct@2021-2025"].parent_share_key == "clubs_full8_pct@2021-2025"
    assert {line.phase.code for line in found.values()} == {"2021-2025"}
    assert sections(session, document)[0].body == "Nội dung phần I. Mục đích, yêu cầu"
    assert all(line.version == 1 and line.edited_at is None for line in found.values())


def test_a_figure_for_the_whole_goes_to_the_whole_of_the_new_period(session):
    first = world.start(session, code="2026-2035")
    edits = (TargetEdit("clubs_new@2026-2030", 0, "2"), TargetEdit("clubs_new@2026-2035", 0, "5"))
    assert world.save(session, "clerk@tapson", first, *edits).complete
    _next_period(session, "2036-2045", (2036, 2040), (2041, 2045))
    document = world.start(session, source=Source.LAST, code="2036-2045")
    assert shown(session, document) == {"clubs_new@2036-2040": "2", "clubs_new@2036-2045": "5"}


def _next_period(session, code, *spans):
    """Put a period of several phases, and the whole of it, beside those of 2026–2035."""
    before = world.period(session, "2026-2035")
    with system(session, Purpose.LOAD):
        first, last = date(spans[0][0], 1, 1), date(spans[-1][1], 12, 31)
        period = Period(programme_id=before.programme_id, code=code, starts_on=first, ends_on=last)
        session.add(period)
        session.flush()
        for ordinal, (start, end) in enumerate(spans, 1):
            session.add(_phase(f"{start}-{end}", ordinal, start, end, period_id=period.id))
        session.add(_phase(code, 0, first.year, last.year, whole_of_id=period.id))
        for one in session.scalars(
            select(Participation).where(Participation.period_id == before.id)
        ):
            joined = {"unit_id": one.unit_id, "parent_id": one.parent_id}
            session.add(Participation(period_id=period.id, **joined))
        session.flush()


def _phase(code, ordinal, start, end, **of):
    days = {"starts_on": date(start, 1, 1), "ends_on": date(end, 12, 31)}
    return Phase(code=code, ordinal=ordinal, **days, **of)


def test_under_another_programme_its_own_norms_hold(session):
    world.start(session, source=Source.ABOVE)
    document = world.start(session, source=Source.LAST, code="2026-2035")
    found = shown(session, document)
    assert found == {
        "clubs_new@2026-2030": "3",
        "members_total@2026-2030": "206",
        "income_fund_balance@2026-2030": "60.000.000 đồng",
    }


def test_a_synthesis_has_sections_and_no_figures(session):
    document = world.start(session, "specialist@tracu", kind=SYNTHESIS)
    assert [section.line_key for section in sections(session, document)] == [
        "s.situation",
        "s.assessment",
        "s.proposals",
    ]
    document = world.start(
        session, "specialist@tracu", kind=SYNTHESIS, source=Source.LAST, code="2021-2025"
    )
    assert len(sections(session, document)) == 3 and not lines(session, document)


def test_what_sources_would_bring(session):
    one = world.acting(session, "clerk@tapson")
    offers = drafting.sources(session, one, world.period(session, "2021"), PLAN, Scope.of(one))
    above, last, empty = offers
    assert above.possible and above.unit_name == "huyện Trà Cú"
    assert (above.document_number, above.issued_on) == ("793/QĐ-UBND", date(2021, 5, 7))
    assert (above.norms, above.quotas, above.targets, above.sections) == (4, 3, 7, 5)
    assert not last.possible and "chưa có văn bản cùng loại" in str(last.reason)
    assert empty.possible and empty.sections == 5


def test_sources_count_what_start_then_brings(session):
    document = world.start(session, source=Source.ABOVE)
    one = world.acting(session, "clerk@tapson")
    period = world.period(session, "2021-2025")
    above, last, _ = drafting.sources(session, one, period, PLAN, Scope.of(one))
    assert not above.possible and "chưa ban hành kế hoạch" in str(above.reason)
    assert (last.period_code, last.targets, last.sections) == ("2021", 7, 5)
    renewed = world.start(session, source=Source.LAST, code="2021-2025")
    assert len(lines(session, renewed)) == last.targets == len(lines(session, document))


def test_what_there_is_to_start_from_is_read_in_a_few_queries(session):
    world.start(session, source=Source.ABOVE)
    one = world.acting(session, "clerk@tapson")
    found = [world.period(session, code) for code in ("2021", "2026-2035")]
    counts = []
    for period in found:
        session.expunge_all()
        session.add(period)
        with counted(session) as statements:
            drafting.sources(session, one, period, PLAN, Scope.of(one))
        counts.append(len(statements) - 1)  # the period itself, which the page has read
    assert max(counts) <= 8


def test_why_a_source_is_not_there(session):
    one = world.acting(session, "clerk@travinh")
    offers = drafting.sources(session, one, world.period(session, "2021"), PLAN, Scope.of(one))
    assert "không có cấp trên" in str(offers[0].reason)
    one = world.acting(session, "specialist@tracu")
    offers = drafting.sources(session, one, world.period(session, "2021"), SYNTHESIS, Scope.of(one))
    assert "cấp dưới" in str(offers[0].reason)


@pytest.mark.parametrize("source", [Source.ABOVE, Source.LAST])
def test_starting_from_nothing_is_refused_with_the_reason(session, source):
    with pytest.raises(BlockedError):
        world.start(session, source=source, code="2021-2025")


def test_a_second_plan_for_the_period_is_refused(session):
    world.start(session)
    with pytest.raises(BlockedError, match="đã có một văn bản cùng loại"):
        world.start(session, source=Source.LAST)


# --- Saving cells -------------------------------------------------------------------------


def test_a_new_line_starts_with_the_catalogues_record(session):
    document = world.start(session)
    result = world.save(
        session, "clerk@tapson", document, TargetEdit("older_share_pct@2021", 0, "65")
    )
    assert result.complete and result.saved == {"older_share_pct@2021": 2}
    line = lines(session, document)["older_share_pct@2021"]
    assert (line.comparator, line.value_min) == (Comparator.EQ, 65_00)
    assert (line.scope, line.counts_from) == (TargetScope.PER_CLUB, CountsFrom.NEW)
    assert (line.numerator_code, line.denominator_code) == ("members_older", "members_total")
    assert line.edited_at == NOON
    assert line.edited_by_id == world.actor(session, "clerk@tapson").person_id


def test_the_full_record_can_be_written(session):
    document = world.start(session, source=Source.ABOVE)
    edit = TargetEdit(
        "loan_access_pct@2021",
        1,
        "60",
        comparator="gte",
        scope="per_member",
        counts_from="yearly",
        numerator_code="loans_members",
        denominator_code="loan_need_members",
        area_type="mountain",
        parent_share_key="clubs_full8_pct@2021",
        wording="ít nhất 60%  thành viên có nhu cầu\r\nđược vay vốn",
        source_ref="mục II.3",
    )
    assert world.save(session, "clerk@tapson", document, edit).complete
    line = lines(session, document)["loan_access_pct@2021"]
    assert targets.shown(line) == "ít nhất 60 %"
    assert (line.scope, line.counts_from) == (TargetScope.PER_MEMBER, CountsFrom.YEARLY)
    assert (line.denominator_code, line.area_type) == ("loan_need_members", AreaType.MOUNTAIN)
    assert line.parent_share_key == "clubs_full8_pct@2021"
    assert line.wording == "ít nhất 60% thành viên có nhu cầu được vay vốn"
    assert line.source_ref == "mục II.3"


def test_what_a_form_does_not_ask_stays(session):
    document = world.start(session, source=Source.ABOVE)
    world.save(session, "clerk@tapson", document, TargetEdit("club_size@2021", 1, "55-65"))
    line = lines(session, document)["club_size@2021"]
    assert (line.comparator, line.value_min, line.value_max) == (Comparator.BETWEEN, 55, 65)
    assert line.wording == "mỗi CLB 50 - 70 thành viên"


def test_clearing_a_cell_deletes_its_line(session):
    document = world.start(session, source=Source.ABOVE)
    result = world.save(session, "clerk@tapson", document, TargetEdit("clubs_new@2021", 1, " "))
    assert result.complete and result.saved == {"clubs_new@2021": 0}
    assert "clubs_new@2021" not in lines(session, document)


def test_an_empty_cell_that_stays_empty_is_nothing(session):
    document = world.start(session)
    result = world.save(session, "clerk@tapson", document, TargetEdit("clubs_new@2021", 0, ""))
    assert result.saved == {"clubs_new@2021": 0}
    assert world.head(session, document).edit_count == 1


def test_saving_what_is_there_already_is_no_edit(session):
    document = world.start(session, source=Source.ABOVE)
    result = world.save(
        session, "clerk2@tapson", document, TargetEdit("clubs_new@2021", 1, "3"), now=LATER
    )
    assert result.saved == {"clubs_new@2021": 1}
    line = lines(session, document)["clubs_new@2021"]
    assert line.edited_at is None and editors(session, document) == ["clerk@tapson"]


def editors(session, document):
    revision = world.head(session, document)
    statement = select(RevisionEditor.person_id).where(RevisionEditor.revision_id == revision.id)
    ids = set(session.scalars(statement))
    return [who for who in world.PEOPLE if world.actor(session, who).person_id in ids]


def test_errors_stand_beside_their_fields_and_the_rest_is_saved(session):
    document = world.start(session)
    edits = [
        TargetEdit("clubs_new@2021", 0, "ba"),
        TargetEdit("club_size@2021", 0, "70", "50", comparator="between"),
        TargetEdit("older_women_share_pct@2021", 0, "55", comparator="eq"),
        TargetEdit("clubs_standard@2021", 0, "", comparator="qualitative", wording=" "),
        TargetEdit("clubs_closed@2021", 0, "", wording="có lời mà không có số"),
        TargetEdit("women_share_pct@2021", 0, "60", scope="moon", denominator_code="clubs_new"),
        TargetEdit("young_share_pct@2021", 0, "35", parent_share_key="poor_share_pct@2021"),
        TargetEdit("volunteers@2021", 0, "5", source_ref="x" * 161, wording="y" * 2001),
        TargetEdit("members_total@2021", 0, "206"),
    ]
    result = world.save(session, "clerk@tapson", document, *edits)
    fields = {key: sorted(errors) for key, errors in result.errors.items()}
    assert fields == {
        "clubs_new@2021": ["value"],
        "club_size@2021": ["second"],
        "older_women_share_pct@2021": ["denominator_code"],
        "clubs_standard@2021": ["wording"],
        "clubs_closed@2021": ["value"],
        "women_share_pct@2021": ["denominator_code", "scope"],
        "young_share_pct@2021": ["parent_share_key"],
        "volunteers@2021": ["source_ref", "wording"],
    }
    assert result.saved == {"members_total@2021": 2} and not result.complete
    assert list(lines(session, document)) == ["members_total@2021"]
    assert result.typed["clubs_new@2021"].value == "ba"
    assert result.typed["clubs_closed@2021"].wording == "có lời mà không có số"


def test_a_denominator_that_was_picked_is_enough(session):
    document = world.start(session)
    edit = TargetEdit(
        "older_women_share_pct@2021", 0, "50-60", "", "between", denominator_code="members_older"
    )
    assert world.save(session, "clerk@tapson", document, edit).complete
    assert (
        lines(session, document)["older_women_share_pct@2021"].denominator_code == "members_older"
    )


def test_a_qualitative_target_is_written_and_emptied_in_words(session):
    document = world.start(session)
    edit = TargetEdit("members_poor@2021", 0, "", comparator="qualitative", wording="ưu tiên")
    key = edit.line_key
    saved = world.save(session, "clerk@tapson", document, edit).saved[key]
    assert shown(session, document)[key] == "ưu tiên"
    world.save(session, "clerk@tapson", document, replace(edit, seen=saved, wording=""))
    assert lines(session, document) == {}


def test_a_person_who_reads_english_types_english_figures(session):
    document = world.start(session)
    one = replace(world.acting(session, "clerk@tapson"), language="en")
    edit = TargetEdit("members_total@2021", 0, "3,444")
    assert drafting.save_targets(session, one, document.id, [edit], now=NOON).complete
    assert lines(session, document)["members_total@2021"].value_min == 3444


@pytest.mark.parametrize(
    "key", ["clubs@2021", "clubs_new@2022", "clubs_new", "s.purpose", "", "clubs_new@2021#0"]
)
def test_a_line_that_cannot_be_is_not_found(session, key):
    document = world.start(session)
    with pytest.raises(NotFoundError):
        world.save(session, "clerk@tapson", document, TargetEdit(key, 0, "3"))


# --- Two people in one document ---------------------------------------------------------------


def test_two_people_in_different_cells_merge(session):
    document = world.start(session, source=Source.ABOVE)
    world.save(session, "clerk@tapson", document, TargetEdit("clubs_new@2021", 1, "4"))
    edit = TargetEdit("members_total@2021", 1, "270")
    result = world.save(session, "clerk2@tapson", document, edit, now=LATER)
    assert result.complete
    found = shown(session, document)
    assert (found["clubs_new@2021"], found["members_total@2021"]) == ("4", "270")
    assert editors(session, document) == ["clerk@tapson", "clerk2@tapson"]


def test_one_cell_changed_by_two_is_a_conflict_and_the_rest_is_saved(session):
    document = world.start(session, source=Source.ABOVE)
    first = world.save(session, "clerk@tapson", document, TargetEdit("clubs_new@2021", 1, "4"))
    mine = [TargetEdit("clubs_new@2021", 1, "5"), TargetEdit("members_total@2021", 1, "270")]
    result = world.save(session, "clerk2@tapson", document, *mine, now=LATER)
    assert list(result.saved) == ["members_total@2021"]
    conflict = result.conflicts["clubs_new@2021"]
    assert conflict.theirs == targets.Figure(Comparator.EQ, 4)
    assert str(conflict.shown) == "4"
    assert (conflict.by, conflict.at) == ("clerk@tapson", NOON)
    assert conflict.version == first.saved["clubs_new@2021"]
    assert result.typed["clubs_new@2021"].value == "5"
    assert shown(session, document)["clubs_new@2021"] == "4"


def test_having_seen_it_one_may_write_over_it(session):
    document = world.start(session, source=Source.ABOVE)
    world.save(session, "clerk@tapson", document, TargetEdit("clubs_new@2021", 1, "4"))
    mine = TargetEdit("clubs_new@2021", 1, "5")
    conflict = world.save(session, "clerk2@tapson", document, mine).conflicts["clubs_new@2021"]
    again = replace(mine, seen=conflict.version)
    assert world.save(session, "clerk2@tapson", document, again).complete
    assert shown(session, document)["clubs_new@2021"] == "5"


def test_both_typing_the_same_is_no_conflict(session):
    document = world.start(session, source=Source.ABOVE)
    edit = TargetEdit("clubs_new@2021", 1, "4")
    first = world.save(session, "clerk@tapson", document, edit)
    assert world.save(session, "clerk2@tapson", document, edit).saved == first.saved


def test_a_line_that_both_added_is_a_conflict(session):
    document = world.start(session)
    world.save(session, "clerk@tapson", document, TargetEdit("clubs_new@2021", 0, "4"))
    result = world.save(session, "clerk2@tapson", document, TargetEdit("clubs_new@2021", 0, "5"))
    assert result.conflicts["clubs_new@2021"].theirs.value == 4


def test_a_line_deleted_meanwhile_is_a_conflict_with_nothing(session):
    document = world.start(session, source=Source.ABOVE)
    world.save(session, "clerk@tapson", document, TargetEdit("clubs_new@2021", 1, ""))
    edit = TargetEdit("clubs_new@2021", 1, "5")
    conflict = world.save(session, "clerk2@tapson", document, edit).conflicts["clubs_new@2021"]
    assert (conflict.theirs, conflict.version) == (None, 0)
    again = replace(edit, seen=conflict.version)
    assert world.save(session, "clerk2@tapson", document, again).complete


def test_clearing_what_another_changed_is_a_conflict(session):
    document = world.start(session, source=Source.ABOVE)
    world.save(session, "clerk@tapson", document, TargetEdit("clubs_new@2021", 1, "4"))
    result = world.save(session, "clerk2@tapson", document, TargetEdit("clubs_new@2021", 1, ""))
    assert result.conflicts and shown(session, document)["clubs_new@2021"] == "4"


def test_a_line_cleared_and_written_anew_is_no_longer_the_one_seen(session):
    document = world.start(session, source=Source.ABOVE)
    world.save(session, "clerk@tapson", document, TargetEdit("clubs_new@2021", 1, ""))
    world.save(session, "clerk@tapson", document, TargetEdit("clubs_new@2021", 0, "7"))
    result = world.save(session, "clerk2@tapson", document, TargetEdit("clubs_new@2021", 1, "5"))
    assert result.conflicts["clubs_new@2021"].theirs.value == 7


def test_a_deleted_line_counts_as_written_for_undo(session):
    document = world.start(session, source=Source.ABOVE)
    world.save(session, "clerk@tapson", document, TargetEdit("clubs_new@2021", 1, ""), now=LATER)
    assert revisions.edited_since(session, world.head(session, document).id, NOON)


# --- Who may write, and when --------------------------------------------------------------


@pytest.mark.parametrize("who", ["leader@tapson", "observer@tapson", "specialist@tracu"])
def test_only_the_units_drafters_write(session, who):
    document = world.start(session, source=Source.ABOVE)
    with pytest.raises((NotYoursError, NotFoundError)):
        world.save(session, who, document, TargetEdit("clubs_new@2021", 1, "5"))
    world.acting(session, "clerk@tapson")
    assert shown(session, document)["clubs_new@2021"] == "3"


def test_a_neighbour_finds_nothing(session):
    document = world.start(session)
    with pytest.raises(NotFoundError):
        world.save(session, "clerk@ngaixuyen", document, TargetEdit("clubs_new@2021", 0, "5"))


@pytest.mark.parametrize("status", [one for one in Status if one not in {"draft", "returned"}])
def test_a_document_that_is_not_being_written_is_locked(session, status):
    document = world.start(session, source=Source.ABOVE)
    with system(session, Purpose.LOAD):
        table = type(document).__table__
        session.execute(
            update(table)
            .where(table.c.id == document.id)
            .values(status=status, sent_number=1, released_number=1, in_force_number=1)
        )
    edit = TargetEdit("clubs_new@2021", 1, "5")
    with pytest.raises(NotNowError, match="Không sửa được nội dung"):
        world.save(session, "clerk@tapson", document, edit)
    one = world.acting(session, "clerk@tapson")
    with pytest.raises(NotNowError):
        drafting.save_section(session, one, document.id, "s.scope", "x", seen=1, now=NOON)


def test_a_synthesis_is_the_specialists(session):
    document = world.start(session, "specialist@tracu", kind=SYNTHESIS)
    with pytest.raises(NotYoursError):
        world.save(session, "clerk@tracu", document, TargetEdit("clubs_new@2021", 0, "90"))
    edit = TargetEdit("clubs_new@2021", 0, "90")
    assert world.save(session, "specialist@tracu", document, edit).complete


# --- Sections -----------------------------------------------------------------------------


def write(session, who, document, body, seen, key="s.purpose", **more):
    one = world.acting(session, who)
    return drafting.save_section(session, one, document.id, key, body, seen=seen, now=LATER, **more)


def test_a_section_is_saved_in_one_form(session):
    document = world.start(session)
    result = write(session, "clerk@tapson", document, "Mu\u0323c đích \r\n- một  \r\n\r\n", 1)
    assert result.saved == 2 and not result.errors
    found = sections(session, document)[0]
    assert found.body == "Mục đích\n- một"
    assert found.edited_at == LATER and found.title == "I. Mục đích, yêu cầu"


def test_a_section_changed_by_two_shows_both_texts(session):
    document = world.start(session)
    write(session, "clerk@tapson", document, "của người thứ nhất", 1)
    result = write(session, "clerk2@tapson", document, "của người thứ hai", 1)
    conflict = result.conflict
    assert result.saved is None
    assert (conflict.yours, conflict.theirs) == ("của người thứ hai", "của người thứ nhất")
    assert (conflict.by, conflict.at, conflict.version) == ("clerk@tapson", LATER, 2)
    assert write(session, "clerk2@tapson", document, "cả hai", conflict.version).saved == 3


def test_sections_are_saved_each_on_their_own(session):
    document = world.start(session)
    assert write(session, "clerk@tapson", document, "một", 1).saved
    assert write(session, "clerk2@tapson", document, "hai", 1, key="s.tasks").saved
    assert [section.body for section in sections(session, document)] == ["một", "", "hai", "", ""]


def test_the_same_text_is_no_conflict(session):
    document = world.start(session)
    write(session, "clerk@tapson", document, "như nhau", 1)
    assert write(session, "clerk2@tapson", document, "như nhau\r\n", 1).saved == 2


def test_a_title_can_be_changed_and_not_emptied(session):
    document = world.start(session)
    assert write(session, "clerk@tapson", document, "x", 1, title=" I.  Mục tiêu ").saved == 2
    assert sections(session, document)[0].title == "I. Mục tiêu"
    assert list(write(session, "clerk@tapson", document, "y", 2, title=" ").errors) == ["title"]
    errors = write(
        session, "clerk@tapson", document, "z" * (LONGEST_SECTION + 1), 2, title="t" * 201
    )
    assert set(errors.errors) == {"title", "body"}
    assert sections(session, document)[0].body == "x"


def test_no_such_section(session):
    document = world.start(session)
    with pytest.raises(NotFoundError):
        write(session, "clerk@tapson", document, "x", 0, key="s.other")


# --- Remarks ------------------------------------------------------------------------------


def returned(session):
    document = world.start(session, source=Source.ABOVE)
    world.write_sections(session, "clerk@tapson", document)
    remarks = {
        "income_fund_balance@2021": "Mức quỹ này thấp.",
        "clubs_new@2021#2": "Dòng này thừa.",
        "s.tasks": "Nêu rõ người chủ trì.",
        "": "Bổ sung căn cứ.",
    }
    world.give_back(session, document, remarks)
    found = {one.line_key: one.id for one in session.scalars(select(Remark))}
    return document, found


def answer(session, who, remark_id, text, **more):
    one = world.acting(session, who)
    return drafting.answer_remark(
        session, one, world.of_remark(session, remark_id), remark_id, text, LATER, **more
    )


def test_a_remark_is_answered_where_it_is_pinned(session):
    document, found = returned(session)
    remark = answer(session, "clerk@tapson", found["s.tasks"], " Đã nêu ở mục 2. ")
    assert (remark.answer, remark.answered_at) == ("Đã nêu ở mục 2.", LATER)
    assert remark.answered_by_id == world.actor(session, "clerk@tapson").person_id
    assert revisions.edited_since(session, world.head(session, document).id, NOON)


def test_an_answer_is_not_written_over_unseen(session):
    _, found = returned(session)
    first = answer(session, "clerk@tapson", found[""], "Đã bổ sung.")
    with pytest.raises(StaleError, match=r"clerk@tapson.*Đã bổ sung"):
        answer(session, "clerk2@tapson", found[""], "Chưa có.")
    again = answer(session, "clerk2@tapson", found[""], "Có rồi.", seen=first.answered_at)
    assert again.answer == "Có rồi."


@pytest.mark.parametrize("text", ["", " \n ", "x" * 4001])
def test_an_answer_has_text_of_some_length(session, text):
    _, found = returned(session)
    with pytest.raises(BlockedError):
        answer(session, "clerk@tapson", found[""], text)


def test_a_remark_is_answered_through_its_own_document(session):
    document, found = returned(session)
    one = world.acting(session, "clerk@tapson")
    with pytest.raises(NotFoundError):
        drafting.answer_remark(session, one, document.id + 1, found[""], "Đã bổ sung.", LATER)
    assert session.get(Remark, found[""]).answered_at is None


def test_whose_remark_it_is_to_answer(session):
    _, found = returned(session)
    with pytest.raises(NotYoursError):
        answer(session, "leader@tapson", found[""], "x")
    for who in ("clerk@ngaixuyen", "specialist@tracu", "clerk@tracu"):
        with pytest.raises(NotFoundError):
            answer(session, who, found[""], "x")
    with pytest.raises(NotFoundError):
        answer(session, "clerk@tapson", 99_999, "x")


def test_a_remark_that_is_not_published_is_not_there(session):
    _, found = returned(session)
    with system(session, Purpose.LOAD):
        session.execute(update(Remark).values(published_at=None))
    with pytest.raises(NotFoundError):
        answer(session, "clerk@tapson", found[""], "x")
