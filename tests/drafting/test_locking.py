"""A return by pointing: what stays locked, what is opened besides, and how remarks are answered."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from support import draftworld as world
from support.draftworld import NOON

from lth import drafting
from lth.core.errors import BlockedError, NotFoundError, NotYoursError, StaleError
from lth.drafting import Source, TargetEdit, locking
from lth.drafting.locking import Locks
from lth.models import PartLine, Remark, UnlockedLine
from lth.models.opinion import AnswerKind
from lth.models.parts import Part
from lth.workflow import remarks, revisions

LATER = NOON + timedelta(minutes=5)
POINTED = {"clubs_new@2021": "Sai số.", "s.tasks": "Nêu rõ người chủ trì."}
CLERK = "clerk@tapson"


@pytest.fixture
def session(drafting_session):
    return drafting_session


def document_with(session, remarks):
    """A plan that was sent and came back with remarks, and their ids by key."""
    document = world.start(session, source=Source.ABOVE)
    world.write_sections(session, CLERK, document)
    edit = TargetEdit("volunteers@2021", 0, "15")
    assert world.save(session, CLERK, document, edit).complete
    world.give_back(session, document, remarks)
    world.acting(session, CLERK)
    found = {one.line_key: one.id for one in session.scalars(select(Remark))}
    return document, found


@pytest.fixture
def pointed(session):
    return document_with(session, POINTED)


def version(session, document, key):
    sheet = drafting.written(session, world.acting(session, CLERK), document.id)
    lines = {line.key: line.version for slot in sheet.slots for line in slot.lines}
    return lines.get(key) or {one.section.line_key: one.section.version for one in sheet.parts}[key]


def type_in(session, document, key, value, seen=None):
    seen = version(session, document, key) if seen is None else seen
    return world.save(session, CLERK, document, TargetEdit(key, seen, value), now=LATER)


def write(session, document, key, body):
    seen, one = version(session, document, key), world.acting(session, CLERK)
    return drafting.save_section(session, one, document.id, key, body, seen=seen, now=LATER)


def open_line(session, document, key, reason="Số này gắn với số kia.", who=CLERK):
    drafting.open_line(session, world.acting(session, who), document.id, key, reason, LATER)


def answer(session, remark_id, text="", kind=AnswerKind.CHANGED, **more):
    one = world.acting(session, CLERK)
    return drafting.answer_remark(
        session, one, world.of_remark(session, remark_id), remark_id, text, LATER, kind=kind, **more
    )


# --- What is locked -----------------------------------------------------------------------


def test_only_what_was_pointed_at_may_be_changed(session, pointed):
    document, _ = pointed
    assert type_in(session, document, "clubs_new@2021", "4").saved
    assert write(session, document, "s.tasks", "Hội Người cao tuổi chủ trì").saved
    refused = type_in(session, document, "volunteers@2021", "20")
    assert "không bị trả lại" in str(refused.errors["volunteers@2021"]["value"])
    section = write(session, document, "s.purpose", "Khác hẳn")
    assert "không bị trả lại" in str(section.errors["body"])
    head = world.head(session, document)
    assert not {"volunteers@2021", "s.purpose"} & set(changed(session, document, head))


def changed(session, document, head):
    sent = revisions.get(session, document.id, document.sent_number, world.Scope.of(actor(session)))
    return remarks.changes(session, sent.id, head.id).keys


def actor(session):
    return world.acting(session, CLERK)


def test_what_may_be_changed_is_saved_beside_what_may_not(session, pointed):
    """Each cell is judged by itself."""
    document, _ = pointed
    edits = [
        TargetEdit("clubs_new@2021", version(session, document, "clubs_new@2021"), "4"),
        TargetEdit("volunteers@2021", version(session, document, "volunteers@2021"), "20"),
    ]
    result = world.save(session, CLERK, document, *edits, now=LATER)
    assert list(result.saved) == ["clubs_new@2021"] and list(result.errors) == ["volunteers@2021"]


def test_saving_a_locked_line_as_it_is_is_no_change(session, pointed):
    document, _ = pointed
    assert type_in(session, document, "volunteers@2021", "15").complete
    body = next(
        one.section.body
        for one in drafting.written(session, actor(session), document.id).parts
        if one.section.line_key == "s.purpose"
    )
    assert write(session, document, "s.purpose", body).saved


def test_a_locked_line_is_not_deleted_and_an_empty_cell_stays_empty(session, pointed):
    document, _ = pointed
    assert type_in(session, document, "volunteers@2021", "").errors
    assert type_in(session, document, "loans_members@2021", "5", seen=0).errors
    assert type_in(session, document, "clubs_new@2021", "").saved == {"clubs_new@2021": 0}


def test_one_more_line_of_an_indicator_needs_it_unlocked(session, pointed):
    document, _ = pointed
    assert type_in(session, document, "volunteers@2021#2", "5", seen=0).errors
    assert type_in(session, document, "clubs_new@2021#2", "5", seen=0).saved


@pytest.mark.parametrize("remarks", [{}, POINTED | {"": "Xem lại toàn bộ."}])
def test_a_return_of_the_whole_locks_nothing(session, remarks):
    document, _ = document_with(session, remarks)
    assert not locking.read(session, world.head(session, document).id)
    assert type_in(session, document, "volunteers@2021", "20").complete
    assert write(session, document, "s.purpose", "Khác hẳn").saved


def test_a_part_is_unlocked_line_by_line_or_whole():
    locks = Locks({"budget-3": UnlockedLine(), "task": UnlockedLine()})
    assert not locks.locked("budget-3", part=Part.BUDGET)
    assert locks.locked("budget-4", part=Part.BUDGET)
    assert locks.locked("budget", part=Part.BUDGET, new=True)
    assert not locks.locked("task-9", part=Part.TASK)
    assert not locks.locked("task", part=Part.TASK, new=True)
    assert not Locks().locked("budget-4", part=Part.BUDGET)


def test_the_same_indicator_in_another_phase_is_another_item():
    locks = Locks({"clubs_new@2026-2030": UnlockedLine()})
    assert not locks.locked("clubs_new@2026-2030#2", new=True)
    assert locks.locked("clubs_new@2026-2030#2")
    assert locks.locked("clubs_new@2031-2035", new=True)


# --- Opening one more ---------------------------------------------------------------------


def test_one_more_item_is_opened_for_a_reason_that_stays(session, pointed):
    document, _ = pointed
    open_line(session, document, "volunteers@2021", "  Đổi số\ncâu lạc bộ thì đổi theo. ")
    assert type_in(session, document, "volunteers@2021", "20").complete
    (opened,) = locking.read(session, world.head(session, document).id).besides
    assert opened.reason == "Đổi số câu lạc bộ thì đổi theo."
    assert (opened.line_key, opened.person_name, opened.unlocked_at) == (
        "volunteers@2021",
        CLERK,
        LATER,
    )


def test_what_is_open_is_not_opened_again(session, pointed):
    document, _ = pointed
    open_line(session, document, "clubs_new@2021")
    open_line(session, document, "s.purpose", "Một")
    open_line(session, document, "s.purpose", "Hai")
    assert [
        one.reason for one in locking.read(session, world.head(session, document).id).besides
    ] == ["Một"]


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("loans_members@2021", True),
        ("s.scope", True),
        ("budget-7", True),
        ("budget", True),
        ("budget-8", False),
        ("s.other", False),
        ("no_such@2021", False),
        ("clubs_new@1999", False),
        ("", False),
    ],
)
def test_what_can_be_opened_is_an_item(session, pointed, key, found):
    document, _ = pointed
    head = world.head(session, document)
    session.add(
        PartLine(revision_id=head.id, line_key="budget-7", part=Part.BUDGET, ordinal=1, data={})
    )
    session.flush()
    if not found:
        with pytest.raises(NotFoundError):
            open_line(session, document, key)
        return
    open_line(session, document, key)
    assert key in locking.read(session, head.id).unlocked


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 1001])
def test_a_reason_is_a_reason(session, pointed, reason):
    document, _ = pointed
    with pytest.raises(BlockedError) as refused:
        open_line(session, document, "s.purpose", reason)
    assert refused.value.messages[0].field == "reason"


def test_who_may_open(session, pointed):
    document, _ = pointed
    with pytest.raises(NotYoursError):
        open_line(session, document, "s.purpose", who="leader@tapson")
    for who in ("clerk@ngaixuyen", "specialist@tracu"):
        with pytest.raises((NotFoundError, NotYoursError)):
            open_line(session, document, "s.purpose", who=who)


def test_the_page_knows_what_is_locked(session, pointed):
    document, _ = pointed
    locks = drafting.written(session, actor(session), document.id).locks
    assert locks and not locks.locked("s.tasks") and locks.locked("s.purpose")
    other = world.start(session, "clerk@ngaixuyen")
    assert not drafting.written(session, world.acting(session, "clerk@ngaixuyen"), other.id).locks


# --- Answering ----------------------------------------------------------------------------


def test_changed_counts_only_where_something_changed(session, pointed):
    document, found = pointed
    remark_id = found["clubs_new@2021"]
    with pytest.raises(BlockedError, match="vẫn như bản bị trả lại"):
        answer(session, remark_id)
    type_in(session, document, "clubs_new@2021", "4")
    remark = answer(session, remark_id)
    assert (remark.answered_as, remark.note) == (AnswerKind.CHANGED, "")
    assert remark.answered_at == LATER
    assert answer(session, remark_id) is remark


def test_what_was_changed_back_was_not_changed(session, pointed):
    document, found = pointed
    type_in(session, document, "clubs_new@2021", "4")
    type_in(session, document, "clubs_new@2021", "3")
    with pytest.raises(BlockedError, match="vẫn như bản bị trả lại"):
        answer(session, found["clubs_new@2021"])


@pytest.mark.parametrize(("key", "value"), [("clubs_new@2021", ""), ("clubs_new@2021#2", "1")])
def test_a_line_deleted_or_added_is_a_change_too(session, pointed, key, value):
    document, found = pointed
    type_in(session, document, key, value, seen=0 if "#" in key else None)
    assert answer(session, found["clubs_new@2021"]).answered_as is AnswerKind.CHANGED


def test_the_whole_is_changed_by_any_change(session):
    document, found = document_with(session, {"": "Xem lại toàn bộ."})
    with pytest.raises(BlockedError):
        answer(session, found[""])
    write(session, document, "s.scope", "Toàn xã")
    assert answer(session, found[""], "Đã rà soát.").note == "Đã rà soát."


def test_an_explanation_needs_words_and_no_change(session, pointed):
    _, found = pointed
    with pytest.raises(BlockedError, match="chưa có nội dung"):
        answer(session, found["s.tasks"], " ", AnswerKind.EXPLAINED)
    remark = answer(session, found["s.tasks"], "Đã nêu ở mục V.", AnswerKind.EXPLAINED)
    assert (remark.answered_as, remark.note) == (AnswerKind.EXPLAINED, "Đã nêu ở mục V.")


def test_an_explanation_becomes_a_change_by_whoever_saw_it(session, pointed):
    document, found = pointed
    first = answer(session, found["clubs_new@2021"], "Giữ.", AnswerKind.EXPLAINED)
    type_in(session, document, "clubs_new@2021", "4")
    with pytest.raises(StaleError):
        answer(session, found["clubs_new@2021"])
    again = answer(session, found["clubs_new@2021"], seen=first.answered_at)
    assert (again.answered_as, again.note) == (AnswerKind.CHANGED, "")
