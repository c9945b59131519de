"""The demo as it stands when it has been loaded: who is where, what is due, what was said."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lth import synthesis
from lth.access.scope import Purpose, Scope, bind, system
from lth.core import clock, vietnamese
from lth.core.errors import BlockedError
from lth.demo import load_if_empty
from lth.demo.people import Cast
from lth.demo.report import EXPECTED_OF_CANG_LONG
from lth.models import (
    Document,
    Event,
    Indicator,
    Opinion,
    OutboxMessage,
    Participation,
    Period,
    Programme,
    Quota,
    QuotaMove,
    Remark,
    Revision,
    Section,
    Target,
    Unit,
)
from lth.models.document import Mode, Status
from lth.models.kind import Kind
from lth.models.opinion import Aspect, Verdict
from lth.models.outbox import Delivery
from lth.models.person import Role
from lth.models.quota import Move
from lth.workflow import inbox, operations, reconcile
from lth.workflow.acts import Act
from lth.workflow.deadlines import due_dates
from lth.workflow.inbox import InboxState
from lth.workflow.kinds import PLAN, REPORT, REPORT_SYNTHESIS, SYNTHESIS

TRA_VINH, BAC_NINH = "tỉnh Trà Vinh", "tỉnh Bắc Ninh"


def unit(session: Session, name: str) -> Unit:
    """A unit taking part, by its full name."""
    kind, _, rest = name.partition(" ") if not name.startswith("thị") else (name[:8], "", name[9:])
    taking_part = select(Participation.unit_id).where(Participation.unit_id == Unit.id)
    statement = select(Unit).where(Unit.type == kind, Unit.name == rest, taking_part.exists())
    return session.scalars(statement).one()


def document(session: Session, name: str, kind: Kind = PLAN) -> Document:
    where = (Document.unit_id == unit(session, name).id, Document.kind == kind)
    return session.scalars(select(Document).where(*where)).one()


def head(session: Session, found: Document) -> Revision:
    where = (Revision.document_id == found.id, Revision.number == found.head_number)
    return session.scalars(select(Revision).where(*where)).one()


def figure(session: Session, revision: Revision, key: str) -> int | None:
    where = (Target.revision_id == revision.id, Target.line_key == key)
    return session.scalars(select(Target.value_min).where(*where)).one()


def below(session: Session, name: str, kind: Kind = PLAN) -> Counter[Status]:
    """The states of what the units directly below have, as a count."""
    where = (Document.next_unit_id == unit(session, name).id, Document.kind == kind)
    return Counter(session.scalars(select(Document.status).where(*where)))


# --- Where each stands --------------------------------------------------------------------


def test_communes_of_tra_cu(told: Session) -> None:
    assert below(told, "huyện Trà Cú") == {
        Status.APPROVED: 9,
        Status.SUBMITTED: 3,
        Status.REVIEW: 2,
        Status.RETURNED: 2,
        Status.DRAFT: 1,
    }
    assert document(told, "xã Long Hiệp").status is Status.DRAFT
    assert document(told, "xã Ngọc Biên").status is Status.RETURNED
    assert document(told, "xã Tân Hiệp").status is Status.RETURNED


def test_cang_long_is_done_and_cau_ke_has_sent_nothing(told: Session) -> None:
    assert below(told, "huyện Càng Long") == {Status.APPROVED: 14}
    assert below(told, "huyện Cầu Kè") == {}
    assert document(told, "huyện Càng Long", SYNTHESIS).status is Status.SUBMITTED


def test_five_xa_of_bac_ninh(told: Session) -> None:
    assert below(told, BAC_NINH) == {Status.ISSUED: 2, Status.CLEARANCE: 1, Status.DRAFT: 1}
    assert document(told, "xã Tam Tiến").released_number == 1
    assert document(told, "xã Đồng Kỳ").released_number is None
    assert document(told, BAC_NINH).status is Status.ISSUED


@pytest.mark.parametrize(
    ("name", "number", "day"),
    [
        (TRA_VINH, "304/QĐ-UBND", "09/02/2021"),
        ("huyện Trà Cú", "793/QĐ-UBND", "07/5/2021"),
        (BAC_NINH, "62/KH-UBND", "11/3/2026"),
    ],
)
def test_issued_plans_bear_the_documents_own_numbers(
    told: Session, name: str, number: str, day: str
) -> None:
    issued = head(told, document(told, name))
    assert (issued.document_number, vietnamese.format_date(issued.issued_on)) == (number, day)


def test_each_receives_as_the_demo_says(told: Session) -> None:
    modes = {
        "huyện Trà Cú": (PLAN, Mode.ACKNOWLEDGE),
        "huyện Càng Long": (SYNTHESIS, Mode.APPROVE),
        "xã Tập Sơn": (PLAN, Mode.APPROVE),
        "xã Tam Tiến": (PLAN, Mode.ACKNOWLEDGE),
        TRA_VINH: (PLAN, Mode.FINAL),
    }
    found = {name: (kind, document(told, name, kind).mode) for name, (kind, _) in modes.items()}
    assert found == modes
    assert all(
        document(told, f"huyện {name}").released_number
        for name in ("Trà Cú", "Càng Long", "Cầu Kè")
    )


def test_who_takes_part(told: Session) -> None:
    parent = select(Unit.name).where(Unit.id == Participation.parent_id).scalar_subquery()
    statement = (
        select(Programme.code, Period.code, parent, func.count())
        .select_from(Participation)
        .join(Period, Period.id == Participation.period_id)
        .join(Programme, Programme.id == Period.programme_id)
        .where(Participation.parent_id.is_not(None))
        .group_by(Programme.code, Period.code, Participation.parent_id)
    )
    assert {tuple(row) for row in told.execute(statement)} == {
        ("1336", "2021", "Trà Vinh", 3),
        ("1336", "2021", "Trà Cú", 17),
        ("1336", "2021", "Càng Long", 14),
        ("1336", "2021", "Cầu Kè", 11),
        ("1648", "2026-2035", "Bắc Ninh", 5),
        ("1336", "2021-6T", "Trà Vinh", 3),
        ("1336", "2021-6T", "Trà Cú", 17),
        ("1336", "2021-6T", "Càng Long", 14),
        ("1336", "2021-6T", "Cầu Kè", 11),
        ("1648", "2026-6T", "Bắc Ninh", 5),
    }


# --- What was planned and said ------------------------------------------------------------


def test_how_the_talk_over_the_clubs_of_tra_cu_stands(told: Session) -> None:
    """Twelve have accepted, one had to keep its quota, one waits, three have said nothing."""
    statement = (
        select(Unit.code, QuotaMove.move)
        .join(Quota, Quota.id == QuotaMove.quota_id)
        .join(Unit, Unit.id == Quota.unit_id)
        .join(Indicator, Indicator.id == Quota.indicator_id)
        .where(
            Quota.document_id == document(told, "huyện Trà Cú").id, Indicator.code == "clubs_new"
        )
        .order_by(QuotaMove.quota_id, QuotaMove.seq)
    )
    last = dict(told.execute(statement).all())
    assert Counter(last.values()) == {
        Move.ACCEPT: 12,
        Move.KEEP: 1,
        Move.COUNTER: 1,
        Move.HAND_DOWN: 3,
    }
    assert (last["29491"], last["29506"]) == (Move.KEEP, Move.COUNTER)


def test_quotas_add_up_to_what_was_assigned(told: Session) -> None:
    statement = (
        select(Unit.name, func.sum(Quota.value), func.count())
        .select_from(Quota)
        .join(Document, Document.id == Quota.document_id)
        .join(Unit, Unit.id == Document.unit_id)
        .join(Indicator, Indicator.id == Quota.indicator_id)
        .where(Indicator.code == "clubs_new")
        .group_by(Unit.name)
    )
    assert {name: (int(total), count) for name, total, count in told.execute(statement)} == {
        "Trà Vinh": (120, 3),
        "Trà Cú": (50, 17),
        "Càng Long": (40, 14),
        "Cầu Kè": (30, 11),
        "Bắc Ninh": (24, 10),
    }


@pytest.mark.parametrize(
    ("name", "key", "value", "aspect"),
    [
        ("xã Ngọc Biên", "members_older@2021", 153, Aspect.CONTENT),
        ("xã Tân Hiệp", "income_fund_balance@2021", 750_000_000, Aspect.FINANCE),
    ],
)
def test_returned_plans_have_a_remark_on_what_is_wrong(
    told: Session, name: str, key: str, value: int, aspect: Aspect
) -> None:
    found = document(told, name)
    sent = told.scalars(
        select(Revision).where(
            Revision.document_id == found.id, Revision.number == found.sent_number
        )
    ).one()
    assert figure(told, sent, key) == value
    remark = told.scalars(select(Remark).where(Remark.revision_id == sent.id)).one()
    assert (remark.line_key, remark.answer) == (key, "")
    assert remark.published_at is not None
    against = select(Opinion).where(
        Opinion.revision_id == sent.id, Opinion.verdict == Verdict.DISAGREE
    )
    assert told.scalars(against).one().aspect is aspect
    assert head(told, found).number == sent.number + 1


def test_the_synthesis_of_cang_long(told: Session) -> None:
    found = document(told, "huyện Càng Long", SYNTHESIS)
    scope = Scope.system(Purpose.LOAD)
    sheet = synthesis.sheet(told, found, head(told, found), scope)
    taken = {line.indicator.code: line.taken for line in sheet.lines if line.taken}
    for code, value in EXPECTED_OF_CANG_LONG.items():
        assert taken[code].value == value, code
    assert taken["members_young"].value == 829
    assert (sheet.counts.received, sheet.counts.expected) == (14, 14)
    assert not sheet.drift


def test_the_draft_synthesis_of_tra_cu_has_drifted(told: Session) -> None:
    found = document(told, "huyện Trà Cú", SYNTHESIS)
    assert found.status is Status.DRAFT
    sheet = synthesis.sheet(told, found, head(told, found), Scope.system(Purpose.LOAD))
    assert (sheet.counts.received, sheet.counts.released, sheet.counts.expected) == (7, 9, 17)
    assert sheet.drift is not None
    assert sheet.drift.units == 2


def test_the_province_sees_that_cau_ke_has_sent_nothing(told: Session) -> None:
    actor = Cast(told).of(unit(told, TRA_VINH), Role.SPECIALIST)
    period = told.scalars(
        select(Period).join(Programme).where(Programme.code == "1336", Period.code == "2021")
    ).one()
    bind(told, Scope.of(actor))
    lines = inbox.listing(told, actor, period.id, SYNTHESIS).lines
    assert {line.unit.full_name: line.state for line in lines} == {
        "huyện Càng Long": InboxState.SUBMITTED,
        "huyện Trà Cú": InboxState.DRAFT,
        "huyện Cầu Kè": InboxState.MISSING,
    }


def test_narratives_differ_from_commune_to_commune(told: Session) -> None:
    statement = select(Section.body).where(Section.line_key == "s.purpose", Section.body != "")
    texts = told.scalars(statement).all()
    assert len(texts) > 30
    assert len(set(texts)) > len(texts) / 2
    assert not [text for text in texts if "{" in text or "None" in text]


# --- When ---------------------------------------------------------------------------------


def test_the_story_lies_within_the_last_weeks(told: Session) -> None:
    events = told.scalars(select(Event).order_by(Event.document_id, Event.seq)).all()
    now = clock.now()
    for event in events:
        at = clock.local(event.at)
        assert now - timedelta(days=120) < at < now
        assert at.weekday() < 5, event.action
        assert 7 <= at.hour < 18, event.action
    for before, after in pairwise(events):
        assert before.document_id != after.document_id or before.at <= after.at
    assert max(event.at for event in events) > now - timedelta(days=5)


@pytest.mark.parametrize(
    ("name", "kind", "late"),
    [
        ("xã Long Hiệp", PLAN, True),
        ("xã Phong Phú", PLAN, False),
        ("xã Thạnh Phú", PLAN, False),
        ("huyện Cầu Kè", SYNTHESIS, False),
        ("xã Xuân Lương", PLAN, False),
        ("xã Thanh Sơn", REPORT, True),
        ("xã Phong Phú", REPORT, False),
        ("huyện Cầu Kè", REPORT_SYNTHESIS, False),
        ("xã Xuân Lương", REPORT, False),
    ],
)
def test_deadlines_lie_around_today(told: Session, name: str, kind: Kind, late: bool) -> None:
    """Also for a unit that has not begun."""
    one = unit(told, name)
    statement = (
        select(Participation.period_id)
        .join(Period, Period.id == Participation.period_id)
        .where(Participation.unit_id == one.id, Period.use == kind.use)
    )
    due = due_dates(told, [one], told.scalars(statement).one(), kind)[one.id]
    assert abs((due.on - clock.today()).days) < 12
    assert due.late(clock.today()) is late


def test_every_document_is_what_its_trail_says(told: Session) -> None:
    assert list(reconcile.drifts(told)) == []


def test_no_mail_of_the_demo_will_ever_be_sent(told: Session) -> None:
    found = Counter(told.scalars(select(OutboxMessage.delivery)))
    assert set(found) == {Delivery.SENT, Delivery.HELD}
    assert found[Delivery.HELD] >= 10
    held = select(func.min(OutboxMessage.created_at)).where(OutboxMessage.delivery == Delivery.HELD)
    assert told.scalar(held) > clock.now() - timedelta(days=8)


# --- Playing on ---------------------------------------------------------------------------


def test_an_ended_commune_acts_on_the_old_road_and_starts_nothing_new(told: Session) -> None:
    tap_son = unit(told, "xã Tập Sơn")
    assert not tap_son.in_force(clock.today())
    cast = Cast(told)
    leader, clerk = cast.of(tap_son, Role.LEADER), cast.of(tap_son, Role.CLERK)
    sent = document(told, "xã Tập Sơn")
    new = told.scalars(select(Period).join(Programme).where(Programme.code == "1648")).first()
    bind(told, Scope.of(leader))
    event = operations.do(
        told, leader, sent.id, Act.RECALL, seen=sent.lock_version, now=clock.now()
    )
    assert event.to_status is Status.DRAFT
    bind(told, Scope.of(clerk))
    with pytest.raises(BlockedError):
        operations.start(told, clerk, new, PLAN, now=clock.now())


def test_the_late_draft_was_written_by_two_clerks(told: Session) -> None:
    revision = head(told, document(told, "xã Long Hiệp"))
    wrote = set(
        told.scalars(select(Section.edited_by_id).where(Section.revision_id == revision.id))
    )
    assert len(wrote - {None}) == 2


@pytest.mark.parametrize("dataset", ["demo"])
def test_loading_again_changes_nothing(app, session: Session) -> None:
    def counts() -> list[int]:
        with system(session, Purpose.LOAD):
            return [
                session.scalar(select(func.count()).select_from(table)) or 0
                for table in (Unit, Document, Event, OutboxMessage, Quota)
            ]

    before = counts()
    session.rollback()
    assert load_if_empty(app) is False
    assert counts() == before
    assert min(before) > 0
