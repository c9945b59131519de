"""Reports with requests, in any world: a window, a report of a unit, and the acts that send it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.models import (
    Document,
    Indicator,
    Participation,
    Period,
    Phase,
    ReportItem,
    ReportValue,
    Revision,
    Section,
)
from lth.models.document import Status
from lth.models.kind import Kind
from lth.models.programme import PeriodUse
from lth.models.report import Reported, ReportItemKind
from lth.models.unit import Level
from lth.reporting.asked import REPORTABLE
from lth.units.on_day import takes_part
from lth.workflow import operations
from lth.workflow.acts import Act
from lth.workflow.context import Inputs
from lth.workflow.kinds import REPORT

FIRST, LAST = date(2020, 12, 15), date(2021, 6, 14)


def open_window(session: Session, plan_period_id: int, code: str = "2021-6T") -> int:
    """A period of reports in which those take part who do in a plan's; committed."""
    days = {"starts_on": FIRST, "ends_on": LAST}
    with system(session, Purpose.LOAD):
        plan = session.get_one(Period, plan_period_id)
        same = (Period.programme_id == plan.programme_id) & (Period.code == code)
        there = session.scalar(select(Period.id).where(same))
        if there is not None:
            return there
        period = Period(programme_id=plan.programme_id, code=code, use=PeriodUse.REPORT, **days)
        session.add(period)
        session.flush()
        session.add(Phase(period_id=period.id, ordinal=1, code=code, **days))
        joined = select(Participation).where(Participation.period_id == plan.id, takes_part())
        for row in session.scalars(joined).all():
            place = {"unit_id": row.unit_id, "parent_id": row.parent_id}
            session.add(Participation(period_id=period.id, **place))
        found = period.id
    session.commit()
    return found


def draft(
    session: Session,
    actor: Actor,
    period_id: int,
    requests: dict[str, str | tuple[str, Level]],
    now: datetime,
    kind: Kind = REPORT,
) -> int:
    """A report with all that it must contain, and its requests by the keys of their lines."""
    bind(session, Scope.of(actor))
    period = session.get_one(Period, period_id)
    document, revision = operations.start(session, actor, period, kind, now=now)
    for ordinal, one in enumerate(kind.sections, start=1):
        row = {"line_key": one.key, "ordinal": ordinal, "title": one.title, "body": "Đã viết"}
        session.add(Section(revision_id=revision.id, edited_at=now, **row))
    of_programme = select(Indicator).where(
        Indicator.programme_id == period.programme_id, Indicator.roll_up.in_(REPORTABLE)
    )
    for indicator in session.scalars(of_programme).all():
        said = {"line_key": indicator.code, "reported": Reported.NIL, "edited_at": now}
        session.add(ReportValue(revision_id=revision.id, indicator_id=indicator.id, **said))
    document_id = document.id
    say(session, actor, document_id, requests)
    return document_id


def say(
    session: Session,
    actor: Actor,
    document_id: int,
    requests: dict[str, str | tuple[str, Level]],
) -> None:
    """Have the newest revision of a report ask for this and nothing else; committed."""
    bind(session, Scope.of(actor))
    revision = session.scalars(
        select(Revision)
        .join(Document, Document.id == Revision.document_id)
        .where(Document.id == document_id, Revision.number == Document.head_number)
    ).one()
    asked = (ReportItem.revision_id == revision.id) & (ReportItem.kind == ReportItemKind.REQUEST)
    for item in session.scalars(select(ReportItem).where(asked)).all():
        session.delete(item)
    session.flush()
    for ordinal, (key, said) in enumerate(requests.items(), start=1):
        text, level = (said, None) if isinstance(said, str) else said
        what = {"kind": ReportItemKind.REQUEST, "line_key": key, "text": text, "level": level}
        session.add(ReportItem(revision_id=revision.id, ordinal=ordinal, **what))
    session.commit()


def clear(session: Session, document_id: int) -> None:
    """Lay a report before the unit's leader whatever its figures are; committed.

    What a report must say before it may go there is not what these tests are about.
    """
    with system(session, Purpose.LOAD):
        document = session.get_one(Document, document_id, populate_existing=True)
        document.status, document.cleared_from = Status.CLEARANCE, document.status
        session.flush()
    session.commit()


def act(
    session: Session, actor: Actor, document_id: int, act: Act, now: datetime, **inputs: Any
) -> None:
    """An act on a document by somebody who has just looked; committed."""
    bind(session, Scope.of(actor))
    seen = session.get_one(Document, document_id, populate_existing=True).lock_version
    said = Inputs(**inputs)
    operations.do(session, actor, document_id, act, seen=seen, now=now, inputs=said)
    session.commit()
