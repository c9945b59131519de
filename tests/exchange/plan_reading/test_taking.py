"""What is read of an existing plan is held against the draft, and taken only as a person says."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from support import draftworld, readplans
from support.draftworld import NOON

from lth.core.errors import NotNowError, NotYoursError, RefusedError, StaleError
from lth.core.language import say
from lth.drafting import TargetEdit, parts
from lth.exchange.plan_reading import taking, uploads
from lth.exchange.plan_reading.proposals import ProposalState
from lth.exchange.plan_reading.taking import Decided
from lth.models import Document, PartLine, ReadingUpload, Section, Target
from lth.models.document import Status
from lth.models.parts import Part

CLUBS, SIZE = "clubs_new@2021", "club_size@2021"
CLERK = "clerk@tapson"
TEXTS = Path(__file__).parent / "texts"


@pytest.fixture
def session(drafting_session):
    return drafting_session


@pytest.fixture
def clerk(session):
    return draftworld.acting(session, CLERK)


def kept(session, who, words, code="2021"):
    period = draftworld.period(session, code)
    made = uploads.keep(session, who, period, uploads.tried(words), "ke-hoach.docx", now=NOON)
    session.flush()
    return uploads.find(session, who, made.id, NOON)


@pytest.fixture
def upload(session, clerk):
    return kept(session, clerk, readplans.text())


def look(session, who, upload):
    return taking.look(session, who, upload)


def decided(report, ticked=None, chosen=None, phases=None):
    ticked = {one.id for one in report.open} if ticked is None else ticked
    return Decided(ticked, chosen or {}, phases or {}, report.seen)


def take(session, who, upload, decision=None):
    decision = decision or decided(look(session, who, upload))
    return taking.take(session, who, upload, decision, now=NOON)


def of_key(report, key):
    return next(one for one in report.items if one.key == key)


def rows(session, model, document):
    revision = draftworld.head(session, document)
    return session.scalars(select(model).where(model.revision_id == revision.id)).all()


def figures(session, document):
    found = rows(session, Target, document)
    return {one.line_key: (one.comparator.value, one.value_min, one.value_max) for one in found}


def test_where_nothing_is_begun_the_draft_is_begun_with_what_was_taken(session, clerk, upload):
    done = take(session, clerk, upload)
    assert done.left == 0
    assert figures(session, done.document)[CLUBS] == ("gte", 3, None)
    assert figures(session, done.document)[SIZE] == ("between", 50, 70)
    lines = rows(session, PartLine, done.document)
    assert {one.data["agency"] for one in lines if one.part == Part.DUTY} == {
        "Công chức Văn hóa - Xã hội",
        "Hội Người cao tuổi xã",
    }
    assert [one.data["amount"] for one in lines if one.part == Part.BUDGET] == [30_000_000]
    bodies = {one.line_key: one.body for one in rows(session, Section, done.document)}
    assert "cùng giúp nhau" in bodies["s.purpose"]


def test_only_what_is_ticked_is_written(session, clerk, upload):
    report = look(session, clerk, upload)
    clubs = of_key(report, CLUBS)
    done = take(session, clerk, upload, decided(report, {clubs.id}))
    assert (done.written, done.left) == (1, len(report.open) - 1)
    assert list(figures(session, done.document)) == [CLUBS]
    assert rows(session, PartLine, done.document) == []


def test_nothing_ticked_begins_no_draft(session, clerk, upload):
    report = look(session, clerk, upload)
    with pytest.raises(RefusedError):
        take(session, clerk, upload, decided(report, set()))
    assert session.scalars(select(Document).where(Document.unit_id == clerk.unit_id)).all() == []


def test_ids_that_nobody_was_offered_are_nothing(session, clerk, upload):
    report = look(session, clerk, upload)
    with pytest.raises(RefusedError):
        take(session, clerk, upload, decided(report, {"target-999", "x", "header-decided_title"}))


def test_sent_twice_nothing_is_doubled(session, clerk, upload):
    report = look(session, clerk, upload)
    decision = decided(report)
    done = take(session, clerk, upload, decision)
    with pytest.raises(StaleError):
        take(session, clerk, upload, decision)
    again = look(session, clerk, upload)
    assert again.open == []
    before = len(rows(session, PartLine, done.document))
    with pytest.raises(RefusedError):
        take(session, clerk, upload, decided(again, {one.id for one in again.items}))
    assert len(rows(session, PartLine, done.document)) == before


def test_the_file_read_again_is_there_already(session, clerk, upload):
    take(session, clerk, upload)
    again = look(session, clerk, kept(session, clerk, readplans.text()))
    assert again.open == []


@pytest.fixture
def drafted(session, clerk):
    document = draftworld.start(session)
    assert draftworld.save(session, CLERK, document, TargetEdit(CLUBS, 0, "5")).complete
    return document


def test_another_figure_is_kept_unless_the_person_chooses(session, clerk, upload, drafted):
    report = look(session, clerk, upload)
    clubs = of_key(report, CLUBS)
    assert clubs.state is ProposalState.OTHER
    assert "5" in say(clubs.theirs[0])
    take(session, clerk, upload, decided(report))
    assert figures(session, drafted)[CLUBS] == ("eq", 5, None)
    report = look(session, clerk, upload)
    take(session, clerk, upload, decided(report, set(), {clubs.id: "take"}))
    assert figures(session, drafted)[CLUBS] == ("gte", 3, None)


def test_a_draft_edited_meanwhile_is_shown_again(session, clerk, upload, drafted):
    report = look(session, clerk, upload)
    decision = decided(report, chosen={of_key(report, CLUBS).id: "take"})
    seen = next(one.version for one in rows(session, Target, drafted))
    assert draftworld.save(session, CLERK, drafted, TargetEdit(CLUBS, seen, "6")).complete
    with pytest.raises(StaleError):
        take(session, clerk, upload, decision)
    assert figures(session, drafted) == {CLUBS: ("eq", 6, None)}


def test_a_line_about_the_same_office_is_shown_beside(session, clerk, upload):
    document = draftworld.start(session)
    texts = {"agency": "Hội Người cao tuổi xã", "text": "Làm việc khác."}
    seen = draftworld.head(session, document).edit_count
    assert parts.add(session, clerk, document.id, Part.DUTY, texts, seen=seen, now=NOON).keys
    report = look(session, clerk, upload)
    other = [one for one in report.of(Part.DUTY) if one.state is ProposalState.OTHER]
    assert [say(one.words[0]) for one in other] == ["Hội Người cao tuổi xã"]
    assert other[0].theirs[-1] == "Làm việc khác."
    assert other[0].words[-1] == "Vận động thành lập câu lạc bộ."
    take(session, clerk, upload, decided(report, set(), {other[0].id: "take"}))
    lines = [one for one in rows(session, PartLine, document) if one.part == Part.DUTY]
    assert len(lines) == 1
    assert "Vận động" in str(lines[0].data)


# --- Another unit's plan, other years -----------------------------------------------------


def test_a_plan_of_another_unit_is_told_and_nothing_is_ticked(session, clerk):
    other = kept(session, clerk, readplans.text("xã Định An", place="Định An"))
    report = look(session, clerk, other)
    assert report.differs.unit == "xã Định An"
    assert not any(map(report.is_sure, report.items))
    own = look(session, clerk, kept(session, clerk, readplans.text()))
    assert any(map(own.is_sure, own.items))


def test_targets_of_other_years_ask_for_the_phase(session, clerk):
    other = kept(session, clerk, readplans.text(years="giai đoạn 2022 - 2025"))
    report = look(session, clerk, other)
    assert report.differs.years == "2022–2025"
    asked = report.of("target", ProposalState.ASKED)
    assert asked
    clubs = next(one for one in asked if "câu lạc bộ" in say(one.words[0]).lower())
    with pytest.raises(RefusedError, match="giai đoạn"):
        take(session, clerk, other, decided(report, {clubs.id}))
    done = take(session, clerk, other, decided(report, {clubs.id}, phases={clubs.id: "2021"}))
    assert done.written == 1
    assert {key.partition("@")[2] for key in figures(session, done.document)} == {"2021"}


def test_a_phase_that_there_is_not_is_no_phase(session, clerk):
    other = kept(session, clerk, readplans.text(years="giai đoạn 2022 - 2025"))
    report = look(session, clerk, other)
    asked = report.of("target", ProposalState.ASKED)[0]
    with pytest.raises(RefusedError):
        take(session, clerk, other, decided(report, {asked.id}, phases={asked.id: "2031-2035"}))


def test_a_chosen_phase_with_a_figure_is_asked_about(session, clerk, drafted):
    other = kept(session, clerk, readplans.text(years="giai đoạn 2022 - 2025"))
    report = look(session, clerk, other)
    clubs = next(
        one
        for one in report.of("target", ProposalState.ASKED)
        if "mới" in say(one.words[0]).lower()
    )
    decision = decided(report, {clubs.id}, phases={clubs.id: "2021"})
    with pytest.raises(RefusedError, match="giữ số nào"):
        take(session, clerk, other, decision)
    take(
        session,
        clerk,
        other,
        replace(
            decision,
            chosen={clubs.id: "keep"},
            ticked={clubs.id, *(one.id for one in report.of(Part.DUTY))},
        ),
    )
    assert figures(session, drafted) == {CLUBS: ("eq", 5, None)}


# --- Rights, states, keeping --------------------------------------------------------------


def test_who_does_not_draft_takes_nothing(session, clerk, upload):
    report = look(session, clerk, upload)
    observer = draftworld.acting(session, "observer@tapson")
    assert uploads.find(session, observer, upload.id, NOON) is None
    with pytest.raises(NotYoursError):
        take(session, observer, upload, decided(report))


def test_a_plan_that_was_sent_on_takes_nothing(session, clerk, upload, drafted):
    report = look(session, clerk, upload)
    drafted.status = Status.CLEARANCE
    session.flush()
    assert not look(session, clerk, upload).now.writable
    with pytest.raises(NotNowError):
        take(session, clerk, upload, decided(report))


def test_another_person_and_a_later_day_find_nothing(session, clerk, upload):
    other = draftworld.acting(session, "clerk2@tapson")
    assert uploads.find(session, other, upload.id, NOON) is None
    clerk = draftworld.acting(session, CLERK)
    assert uploads.find(session, clerk, upload.id, NOON) is not None
    assert uploads.find(session, clerk, upload.id, NOON + timedelta(days=8)) is None


def test_a_person_keeps_five(session, clerk):
    made = [kept(session, clerk, readplans.text()).id for _ in range(uploads.MOST_UPLOADS + 1)]
    left = session.scalars(select(ReadingUpload.id)).all()
    assert sorted(left) == made[1:]


# --- Texts of strangers -------------------------------------------------------------------


@pytest.mark.parametrize("words", ["", " \n ", "\0\0", "\ud800"])
def test_no_words_are_refused(session, clerk, words):
    with pytest.raises(RefusedError):
        kept(session, clerk, words)


def test_what_no_database_keeps_is_left_out(session, clerk):
    found = kept(session, clerk, "Kế hoạch\0 \ud83d năm 2021")
    session.flush()
    assert found.text == "Kế hoạch  năm 2021"


def test_a_text_without_end_is_refused(session, clerk):
    with pytest.raises(RefusedError, match="quá dài"):
        kept(session, clerk, "80% câu lạc bộ. " * 20_000)


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04junk", b"%PDF-1.7 junk", b"\xd0\xcf\x11\xe0\xa1\xb1", b"MZ\0\0", b"   "]
)
def test_files_that_are_none_say_what_to_do(data):
    with pytest.raises(RefusedError):
        uploads.words_of(data)


def test_old_fonts_are_asked_about_and_converted(session, clerk):
    old = (TEXTS / "08-xa-tan-phu-tcvn3.txt").read_text()
    found = kept(session, clerk, old)
    assert uploads.asks_encoding(found)
    assert ("X· T©n Phó", "Xã Tân Phú") in uploads.samples(found)
    uploads.convert(found, "1", converts=True)
    assert not uploads.asks_encoding(found)
    assert look(session, clerk, found).differs.unit == "xã Tân Phú"
    with pytest.raises(StaleError):
        uploads.convert(found, "1", converts=False)
