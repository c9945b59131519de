"""The work list: whose it is, how it is filtered and counted, and in which order it stands."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text
from support.flowworld import ACKNOWLEDGED, APPROVED, UNIT_ROLES, Flow

from lth.access.scope import Purpose, Scope, documents_seen, system
from lth.blueprints.document.wording import due_tone
from lth.core.vietnamese import collation_key, search_key
from lth.core.workdays import Calendar
from lth.models import Deadline, Document, Participation, Unit
from lth.models.document import Status
from lth.models.kind import Kind
from lth.units import on_day
from lth.workflow import deadlines, inbox, operations, waiting, worklist
from lth.workflow.acts import Act
from lth.workflow.context import ActContext
from lth.workflow.deadlines import OF_DOCUMENT, Due, due_dates, due_dates_of, of_document
from lth.workflow.inbox import InboxOrder, InboxState
from lth.workflow.kinds import PLAN, SYNTHESIS
from lth.workflow.states import OWED
from lth.workflow.worklist import WorkList, WorkListChoice, WorkListOrder

TODAY = date(2021, 5, 14)
DUE, LATER = date(2021, 6, 10), date(2021, 7, 15)
ASKED = {"reason": "Cán bộ lập kế hoạch nghỉ thai sản", "until": LATER}
ROAD = ("tapson", "ngaixuyen", "tracu", "travinh")


def listed(
    flow: Flow, who: str, *, number: int = 1, calendar: Calendar | None = None, **chosen: Any
) -> WorkList:
    return worklist.listing(
        flow.session,
        flow.acting(who),
        WorkListChoice(**chosen),
        today=TODAY,
        calendar=calendar or Calendar(),
        number=number,
    )


def ids(found: WorkList) -> list[int]:
    return [one.document_id for one in found.items]


def everybody() -> Iterator[str]:
    yield from (f"{role}@{unit}" for unit in ROAD for role in UNIT_ROLES)
    yield "system_admin"


def call(flow: Flow, unit: str, kind: str, name: str) -> None:
    """Give a unit another name, with the keys that an import makes of it."""
    keys = {
        "search_key": search_key(f"{kind} {name}"),
        "sort_key": f"{collation_key(name)} {kind}",
    }
    with system(flow.session, Purpose.LOAD):
        row = flow.session.get_one(Unit, flow.units[unit])
        for column, value in {"type": kind, "name": name, **keys}.items():
            setattr(row, column, value)
    flow.session.commit()


def send(flow: Flow, unit: str, period: str = "2021") -> int:
    """One more plan of a unit, sent up."""
    document_id = flow.start(f"clerk@{unit}", period)
    flow.do(f"clerk@{unit}", document_id, Act.SEND_FOR_CLEARANCE)
    flow.do(f"leader@{unit}", document_id, Act.SUBMIT)
    return document_id


# --- Whose turn, for what -----------------------------------------------------------------


@pytest.mark.parametrize("clears", [True, False])
def test_everything_that_is_one_s_turn_is_listed_with_the_act_that_is_offered(flow, clears):
    """For everybody on the road; no document waits for two acts of one person."""
    draft = flow.document("tapson", Status.DRAFT)
    flow.set_due(draft, DUE)
    flow.do("clerk@tapson", draft, Act.ASK_EXTENSION, **ASKED)
    for unit in ROAD:
        flow.settle(unit, clearance_needed=clears)
    for who in everybody():
        actor = flow.acting(who)
        found = {one.document_id: one.act for one in listed(flow, who).items}
        mine = select(Document).where(
            documents_seen(Scope.of(actor)), waiting.turn(flow.session, actor)
        )
        documents = flow.session.scalars(mine).all()
        assert set(found) == {document.id for document in documents}, who
        for document in documents:
            rows = operations.offered(
                ActContext(flow.session, document, actor, flow.now), undo=False
            )
            forward = [row.act for row in rows if row.act in waiting.FORWARD]
            assert forward == [found[document.id]], (who, document.status)


def test_the_list_by_hand(flow):
    """Of two programmes and both kinds, of the own unit and of those below."""
    expected = {
        "clerk@tapson": {
            (APPROVED, PLAN, Status.DRAFT, Act.SEND_FOR_CLEARANCE),
            (APPROVED, PLAN, Status.RETURNED, Act.SEND_FOR_CLEARANCE),
            (ACKNOWLEDGED, PLAN, Status.DRAFT, Act.SEND_FOR_CLEARANCE),
        },
        "leader@tapson": {
            (APPROVED, PLAN, Status.CLEARANCE, Act.SUBMIT),
            (APPROVED, PLAN, Status.APPROVED, Act.ISSUE),
            (ACKNOWLEDGED, PLAN, Status.CLEARANCE, Act.ISSUE),
        },
        "specialist@tracu": {
            (APPROVED, PLAN, Status.SUBMITTED, Act.OPEN),
            (APPROVED, PLAN, Status.REVIEW, Act.GIVE_OPINION),
            (ACKNOWLEDGED, PLAN, Status.ISSUED, Act.ACKNOWLEDGE),
            (APPROVED, SYNTHESIS, Status.DRAFT, Act.SEND_FOR_CLEARANCE),
            (APPROVED, SYNTHESIS, Status.RETURNED, Act.SEND_FOR_CLEARANCE),
            (ACKNOWLEDGED, SYNTHESIS, Status.DRAFT, Act.SEND_FOR_CLEARANCE),
        },
        "leader@tracu": {
            (APPROVED, PLAN, Status.REVIEW, Act.APPROVE),
            (APPROVED, SYNTHESIS, Status.CLEARANCE, Act.SUBMIT),
            (APPROVED, SYNTHESIS, Status.APPROVED, Act.ISSUE),
            (ACKNOWLEDGED, SYNTHESIS, Status.CLEARANCE, Act.ISSUE),
        },
        "observer@tracu": set(),
        "unit_admin@tracu": set(),
        "system_admin": set(),
    }
    found = {
        who: {
            (one.programme_code, one.kind, one.status, one.act) for one in listed(flow, who).items
        }
        for who in expected
    }
    assert found == expected


def test_a_request_for_more_time_waits_from_when_it_was_made(flow, draft, clerk, specialist):
    """Not from when the draft was begun; once answered it is gone from the list."""
    flow.set_due(draft, DUE)
    flow.do(clerk, draft, Act.ASK_EXTENSION, **ASKED)
    asked = flow.now
    (item,) = listed(flow, specialist, act=Act.GRANT_EXTENSION).items
    assert (item.document_id, item.asked_until, item.since) == (draft, LATER, asked)
    assert draft in ids(listed(flow, "leader@tracu"))
    assert ids(listed(flow, specialist))[-1] == draft
    flow.do(specialist, draft, Act.GRANT_EXTENSION)
    assert draft not in ids(listed(flow, specialist)) + ids(listed(flow, "leader@tracu"))


def test_how_many_working_days_something_has_waited(flow, submitted, review, specialist):
    """Since Friday the 7th five; since Tuesday the 27th, with two days off in between, eleven."""
    with system(flow.session, Purpose.LOAD):
        flow.session.get_one(Document, review).status_since = flow.now - timedelta(days=10)
    flow.session.commit()

    def waited(calendar: Calendar) -> tuple[int, int]:
        found = {
            one.document_id: one.waited for one in listed(flow, specialist, calendar=calendar).items
        }
        return found[submitted], found[review]

    assert waited(Calendar()) == (5, 11)
    assert waited(Calendar({date(2021, 5, 8): True})) == (6, 12)


# --- Filters and their counts -------------------------------------------------------------


def test_filters_narrow_and_counts_tell_what_each_choice_would_leave(flow, specialist):
    whole = listed(flow, specialist)
    drafts = {Act.SEND_FOR_CLEARANCE: 3, Act.OPEN: 1, Act.GIVE_OPINION: 1, Act.ACKNOWLEDGE: 1}
    assert whole.counts.acts == drafts
    assert (whole.counts.any_act, whole.counts.matching, whole.counts.late) == (6, 6, 0)

    synthesis = (flow.period("draft").id, SYNTHESIS)
    one = listed(flow, specialist, document=synthesis)
    assert [(item.period.id, item.kind) for item in one.items] == [synthesis]
    assert one.counts.acts == {Act.SEND_FOR_CLEARANCE: 1}
    assert one.counts.documents == whole.counts.documents

    opening = listed(flow, specialist, act=Act.OPEN)
    assert [item.act for item in opening.items] == [Act.OPEN]
    assert opening.counts.acts == drafts
    assert opening.counts.documents == {(flow.period("submitted").id, PLAN): 1}

    neither = listed(flow, specialist, act=Act.OPEN, document=synthesis)
    assert (neither.items, neither.counts.matching) == ([], 0)
    assert neither.counts.any_act == 1
    assert listed(flow, "leader@tapson", act=Act.OPEN).items == []


def test_what_is_late_and_still_owed(flow, draft, returned, clerk, specialist):
    """A draft past its day, and what came back past the last one for corrections; not one that has
    been given more time, nor what has been sent up, nor what came back with no such day set."""
    before = TODAY - timedelta(days=1)
    for status in (Status.DRAFT, Status.SUBMITTED):
        flow.set_due(flow.document("tapson", status), before)
    flow.set_due(returned, before, setter="travinh")
    assert set(ids(listed(flow, clerk, late=True))) == {draft}
    flow.set_due(returned, before, last_correction_on=before)
    assert set(ids(listed(flow, clerk, late=True))) == {draft, returned}
    assert listed(flow, clerk).counts.late == 2
    assert listed(flow, specialist, late=True).counts.matching == 0
    flow.do(clerk, draft, Act.ASK_EXTENSION, **ASKED)
    assert ids(listed(flow, specialist, late=True)) == [draft]
    flow.do(specialist, draft, Act.GRANT_EXTENSION)
    assert ids(listed(flow, clerk, late=True)) == [returned]


def test_names_are_found_without_marks_and_told_apart_by_their_type(flow, submitted, specialist):
    call(flow, "tapson", "xã", "Định An")
    call(flow, "ngaixuyen", "thị trấn", "Định An")
    other = send(flow, "ngaixuyen")

    def named(text: str) -> set[str]:
        return {one.unit.full_name for one in listed(flow, specialist, text=text).items}

    both = {"xã Định An", "thị trấn Định An"}
    for typed in ("dinh an", "Định An", "ĐỊNH  AN", "đinh", "định"):
        assert named(typed) == both, typed
    assert named("thị trấn định") == {"thị trấn Định An"}
    assert named("xa dinh") == {"xã Định An"}
    for typed in ("%", "_", "\\", "d_nh", "dinh an 2", "dinh binh"):
        assert named(typed) == set(), typed
    found = listed(flow, specialist, text="thi tran dinh an")
    assert ids(found) == [other]
    assert found.counts.acts == {Act.OPEN: 1}
    assert {submitted, other} <= set(ids(listed(flow, specialist, text="dinh an")))


# --- Order and pages ----------------------------------------------------------------------


def test_the_longest_waiting_comes_first(flow, specialist):
    newest = send(flow, "ngaixuyen")
    found = listed(flow, specialist).items
    assert [one.since for one in found] == sorted(one.since for one in found)
    assert found[-1].document_id == newest


def test_units_stand_in_the_vietnamese_alphabet(flow, specialist):
    """Đ after D, and of one name the thị trấn before the xã, whatever else is first."""
    call(flow, "tapson", "xã", "Đại An")
    call(flow, "ngaixuyen", "thị trấn", "Du Long")
    call(flow, "tracu", "huyện", "Đông Hải")
    send(flow, "ngaixuyen")
    found = [one.unit.name for one in listed(flow, specialist, order=WorkListOrder.UNIT).items]
    assert list(dict.fromkeys(found)) == ["Du Long", "Đại An", "Đông Hải"]
    call(flow, "tracu", "huyện", "Du Long")
    found = [one.unit.full_name for one in listed(flow, specialist, order=WorkListOrder.UNIT).items]
    assert list(dict.fromkeys(found)) == ["huyện Du Long", "thị trấn Du Long", "xã Đại An"]
    lines = inbox.listing(
        flow.session,
        flow.acting(specialist),
        flow.period("submitted").id,
        PLAN,
        order=InboxOrder.UNIT,
    ).lines
    assert [line.unit.name for line in lines] == ["Du Long", "Đại An"]


@pytest.mark.databases("postgres")
def test_names_are_compared_byte_by_byte_whatever_the_database_speaks(session):
    """A cluster in Vietnamese or English would pass over the signs that part ă from a."""
    collation = text(
        "SELECT collation_name FROM information_schema.columns"
        " WHERE table_name = 'unit' AND column_name = 'sort_key'"
    )
    assert session.scalar(collation) == "C"


def test_documents_stand_together_the_newest_period_first(flow, specialist):
    later = send(flow, "ngaixuyen", "2022")
    found = listed(flow, specialist, order=WorkListOrder.DOCUMENT).items
    assert found[0].document_id == later
    rounds = [(one.period.id, one.kind) for one in found]
    assert rounds == sorted(rounds, key=lambda one: (one[0] != found[0].period.id, one))


def test_a_page_at_a_time(flow, specialist, monkeypatch):
    monkeypatch.setattr(worklist, "PAGE", 4)
    whole = [one for number in (1, 2) for one in ids(listed(flow, specialist, number=number))]
    assert len(whole) == len(set(whole)) == 6
    assert ids(listed(flow, specialist, number=3)) == []
    assert listed(flow, specialist, number=3).counts.matching == 6


# --- The day that binds, in SQL -----------------------------------------------------------

DAYS = [date(2021, 5, 1) + timedelta(days=number) for number in range(60)]


def scatter(flow: Flow, seed: int) -> None:
    """Days set by everybody who may set some for somebody; grace, last days, more time granted."""
    dice = random.Random(seed)  # noqa: S311 - days, not secrets
    below = {
        "travinh": ("tracu", "tapson", "ngaixuyen"),
        "tracu": ("tapson", "ngaixuyen"),
        "tapson": (),
        "canglong": ("huyenhoi",),
    }
    with system(flow.session, Purpose.LOAD):
        periods = set(flow.session.scalars(select(Document.period_id)))
        for setter, units in below.items():
            for unit in (None, setter, *units):
                for period_id in periods:
                    for kind in Kind.all():
                        if dice.random() < 0.4:
                            flow.session.add(a_day(flow, dice, setter, unit, period_id, kind))
        for document in flow.session.scalars(select(Document)):
            document.extended_until = dice.choice([None, None, *DAYS])
            if document.status is Status.CLEARANCE:
                document.cleared_from = dice.choice([Status.DRAFT, Status.RETURNED])
        if seed % 2:
            gone = (Participation.period_id == dice.choice(sorted(periods)),)
            flow.session.execute(delete(Participation).where(*gone))
    flow.session.commit()


def a_day(
    flow: Flow, dice: random.Random, setter: str, unit: str | None, period_id: int, kind: Kind
) -> Deadline:
    due_on = dice.choice(DAYS)
    return Deadline(
        setter_id=flow.units[setter],
        unit_id=flow.units[unit] if unit else None,
        period_id=period_id,
        kind=kind,
        due_on=due_on,
        grace_days=dice.choice([0, 0, 3]),
        last_correction_on=dice.choice([None, due_on, due_on + timedelta(days=9)]),
    )


def shown(due: Due | None) -> date | None:
    return due.day if due else None


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("who", ["clerk@tapson", "leader@tracu", "leader@travinh"])
def test_the_database_sorts_by_the_very_day_that_is_shown(flow, who, seed):
    """Over deadlines of every kind, for the unit's documents and those directly below."""
    scatter(flow, seed)
    actor = flow.acting(who)
    scope = Scope.of(actor)
    near = (Document.unit_id == actor.unit_id) | (Document.next_unit_id == actor.unit_id)
    columns = Document.id, Document.period_id, Document.kind, *OF_DOCUMENT
    statement = select(
        *columns,
        Unit,
        deadlines.bound().label("bound"),
        deadlines.binding_day(scope).label("day"),
        deadlines.late(scope).label("late"),
    ).join(Unit, Unit.id == Document.unit_id)
    rows = flow.session.execute(statement.where(near), {on_day.TODAY: TODAY}).all()
    due = due_dates_of(flow.session, [(row.Unit, row) for row in rows])
    wrong = []
    for row in rows:
        one, unit = due.get(row.id), row.Unit
        alone = due_dates(flow.session, [unit], row.period_id, row.kind).get(unit.id)
        assert one == of_document(alone, row, bound=row.bound)
        owed = row.status in OWED and row.in_force_number is None
        red = owed and due_tone(one, TODAY, row.status) == "late"
        if (row.day, bool(row.late)) != (shown(one), red):
            wrong.append((row.id, row.status, row.day, one, row.late))
    assert wrong == []
    assert sum(row.day is not None for row in rows) > 1
    joined = select(Participation.unit_id, Participation.period_id)
    taking_part = {tuple(row) for row in flow.session.execute(joined)}
    bound = {(row.Unit.id, row.period_id) for row in rows if row.day is not None}
    assert bound <= taking_part


def test_the_list_is_sorted_by_the_day_with_what_has_none_last(flow, specialist):
    scatter(flow, 7)
    found = listed(flow, specialist, order=WorkListOrder.DUE).items
    days = [shown(one.due) for one in found]
    assert days == sorted(days, key=lambda day: day or date.max)
    assert None in days
    assert len(set(days)) > 2


@pytest.mark.parametrize("seed", range(3))
def test_the_inbox_is_sorted_by_the_day_of_those_who_have_begun_nothing_too(flow, seed):
    scatter(flow, seed)
    actor = flow.acting("specialist@tracu")
    begun = set()
    for status in Status:
        period_id = flow.period(status.value).id
        found = inbox.listing(flow.session, actor, period_id, PLAN, order=InboxOrder.DUE).lines
        days = [shown(line.due) for line in found]
        assert days == sorted(days, key=lambda day: day or date.max)
        day = deadlines.binding_day(Scope.of(actor), Participation.unit_id, period_id, PLAN)
        in_sql = dict(
            flow.session.execute(
                select(Participation.unit_id, day)
                .outerjoin(
                    Document,
                    (Document.unit_id == Participation.unit_id)
                    & (Document.period_id == Participation.period_id)
                    & (Document.kind == PLAN)
                    & (Document.status != Status.REVOKED),
                )
                .where(
                    Participation.parent_id == actor.unit_id,
                    Participation.period_id == period_id,
                )
            ).all()
        )
        assert in_sql == dict(zip((line.unit.id for line in found), days, strict=True))
        begun |= {line.document_id is not None for line in found}
    assert begun == {True, False}


def test_the_inbox_by_who_has_waited_longest(flow, specialist):
    """Who has begun nothing waits for nobody, and comes last by name."""
    actor, period_id = flow.acting(specialist), flow.period("submitted").id
    found = inbox.listing(flow.session, actor, period_id, PLAN, order=InboxOrder.WAITING).lines
    assert [line.document_id is not None for line in found] == [True, False]
    flow.now -= timedelta(days=2)
    flow.start("clerk@ngaixuyen", "submitted")
    found = inbox.listing(
        flow.session, flow.acting(specialist), period_id, PLAN, order=InboxOrder.WAITING
    ).lines
    assert [line.state for line in found] == [InboxState.DRAFT, InboxState.SUBMITTED]
