"""Reports in the drafting world: a regime of Trà Cú, its window of the first half of 2021, clubs.

Everything else is as in `draftworld`; Tập Sơn and Ngãi Xuyên report.
"""

from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from support import clubworld, draftworld

from lth import drafting
from lth.access.scope import Purpose, system
from lth.administration import passwords
from lth.blueprints.web.extensions import db
from lth.drafting import Source
from lth.models import (
    Credential,
    Document,
    Period,
    Person,
    ReportItem,
    ReportRegime,
    ReportValue,
    ReportWindow,
    Unit,
)
from lth.models.parts import Frequency
from lth.models.report import WindowBasis
from lth.reporting.values import ValueEdit, ValuesResult, save_values
from lth.reporting.windows import WindowSpan, open_window
from lth.workflow.kinds import REPORT

NOON = datetime(2021, 6, 15, 5, 0, tzinfo=UTC)
HALF = WindowSpan(date(2020, 12, 15), date(2021, 6, 14))
YEAR = WindowSpan(date(2020, 12, 15), date(2021, 12, 14))
MAY, JUNE = date(2021, 5, 1), date(2021, 6, 1)

ASKED = ["clubs_total", "members_total", "loans_members", "helped_cases", "clubs_new"]
"""What the regime asks for, besides a percentage that follows from two of them."""

PASSWORD = "một mật khẩu dài 2021"

BOOK = {"members": 68, "borrowers": 34, "helped": 3, "women": 40}


def fill(app: Flask) -> None:
    """The dataset: the drafting world and what is above, committed."""
    with app.app_context(), Session(db.engine) as session:
        draftworld.build(session)
        build(session)
        _let_in(session)
        session.commit()


def _let_in(session: Session) -> None:
    """Everybody may sign in, as ``clerk@tapson.example``."""
    hashed = passwords.hash_password(PASSWORD)
    with system(session, Purpose.LOAD):
        for person in session.scalars(select(Person)):
            email = f"{person.name}.example"
            session.add(Credential(person=person, email=email, password_hash=hashed))


def build(session: Session) -> None:
    regime = lay_down(session)
    open_span(session, regime, HALF)
    for unit, clubs in (("tapson", 2), ("ngaixuye", 1)):
        unit_id = unit_of(session, unit)
        for number in range(1, clubs + 1):
            club = clubworld.found(session, unit_id, number)
            clubworld.keep(session, club, MAY, **BOOK)


def unit_of(session: Session, code: str) -> int:
    with system(session, Purpose.LOAD):
        return session.scalars(select(Unit.id).where(Unit.code == code)).one()


def lay_down(session: Session, **more: Any) -> ReportRegime:
    """A regime of Trà Cú for all below it; half-yearly unless told otherwise."""
    who = draftworld.acting(session, "leader@tracu")
    values = {
        "name": "Báo cáo định kỳ",
        "frequency": Frequency.HALF_YEAR,
        "basis": WindowBasis.DECREE,
        "indicators": [*ASKED, "loan_access_pct"],
        "created_at": NOON,
    }
    regime = ReportRegime(
        unit_id=who.unit_id,
        programme_id=draftworld.period(session, "2021").programme_id,
        **values | more,
    )
    session.add(regime)
    session.flush()
    return regime


def open_span(session: Session, regime: ReportRegime, span: WindowSpan) -> ReportWindow:
    who = draftworld.acting(session, "leader@tracu")
    plan = draftworld.period(session, "2021")
    return open_window(session, who, regime, plan, span, now=NOON)


def period(session: Session, code: str = "2021-6T") -> Period:
    return session.scalars(select(Period).where(Period.code == code)).one()


def start(
    session: Session,
    who: str = "clerk@tapson",
    code: str = "2021-6T",
    source: Source = Source.EMPTY,
) -> Document:
    """A report started by a person, whose scope the session then has."""
    one = draftworld.acting(session, who)
    return drafting.start(session, one, period(session, code), REPORT, source=source, now=NOON)


def values(session: Session, document: Document) -> dict[str, ReportValue]:
    """What the newest revision says, by indicator."""
    head = draftworld.head(session, document)
    statement = (
        select(ReportValue)
        .where(ReportValue.revision_id == head.id)
        .execution_options(populate_existing=True)
    )
    return {row.line_key: row for row in session.scalars(statement)}


def items(session: Session, document: Document) -> list[ReportItem]:
    head = draftworld.head(session, document)
    statement = select(ReportItem).where(ReportItem.revision_id == head.id)
    return list(session.scalars(statement.order_by(ReportItem.ordinal)))


def say(
    session: Session, who: str, document: Document, *edits: ValueEdit, **more: Any
) -> ValuesResult:
    """Save some cells as a person."""
    one = draftworld.acting(session, who)
    return save_values(session, one, document.id, edits, now=NOON, **more)


def seen(session: Session, document: Document, key: str) -> int:
    """The version of a cell, 0 where nothing is said."""
    row = values(session, document).get(key)
    return row.version if row else 0
