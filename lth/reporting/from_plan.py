"""Ready-made regimes: what the reporting part of a unit's own plans asks of the units below."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from lth.access.scope import Scope, documents_seen, revisions_seen
from lth.checks.agencies import agency
from lth.content.line_storage import decode
from lth.content.model import ReportingDuty
from lth.core.vietnamese import format_date
from lth.models import Document, PartLine, Period, Programme, ReportRegime, Revision, Unit
from lth.models.parts import Frequency, Part
from lth.reporting.regimes import RHYTHMS, RegimeTerms
from lth.workflow.kinds import handing_down

NAMES = {
    Frequency.MONTHLY: "Báo cáo tháng",
    Frequency.QUARTERLY: "Báo cáo quý",
    Frequency.HALF_YEAR: "Báo cáo 6 tháng, năm",
    Frequency.NINE_MONTHS: "Báo cáo 9 tháng",
    Frequency.YEARLY: "Báo cáo năm",
    Frequency.PHASE: "Báo cáo sơ kết, tổng kết",
}
"""What a regime of each rhythm is called; Vietnamese, as the papers are."""


@dataclass(frozen=True, slots=True)
class RegimeOffer:
    """A line of a plan's reporting part as the regime that it lays down; `duty` is in its words."""

    document_id: int
    line_key: str
    programme_code: str
    duty: ReportingDuty
    terms: RegimeTerms


def offers(session: Session, scope: Scope, unit: Unit) -> list[RegimeOffer]:
    """List what the unit's plans in force ask of the units below it, the newest plan first.

    A line that a regime in force was taken from is left out, and so is one that asks for what
    such a regime, or another line of the plan, asks for already.
    """
    kept = _kept(session, unit.id)
    found: list[RegimeOffer] = []
    for revision, lines in _reporting(session, scope, unit):
        programme = revision.document.period.programme
        asked = {of for of in kept if of[0] == programme.id}
        for offer in _of_plan(revision, programme, lines):
            wanted = _asks(programme.id, offer.terms.frequency)
            if not wanted <= asked:
                asked |= wanted
                found.append(offer)
    return found


def find(session: Session, scope: Scope, unit: Unit, key: str) -> RegimeOffer | None:
    """Return one of the offers by `key_of`, if it is still one."""
    return next((one for one in offers(session, scope, unit) if key_of(one) == key), None)


def key_of(offer: RegimeOffer) -> str:
    """Return what an offer is known by on a page."""
    return f"{offer.document_id}:{offer.line_key}"


Asked = set[tuple[int, Frequency]]
"""Programmes and rhythms that something asks reports in."""


def _asks(programme_id: int, frequency: Frequency) -> Asked:
    """Return what a rhythm asks for: half-yearly is the first six months and the whole year."""
    also = {Frequency.YEARLY} if frequency is Frequency.HALF_YEAR else set()
    return {(programme_id, one) for one in {frequency, *also}}


def _kept(session: Session, unit_id: int) -> Asked:
    statement = select(ReportRegime.programme_id, ReportRegime.frequency).where(
        ReportRegime.unit_id == unit_id, ReportRegime.ended_on.is_(None)
    )
    rows = session.execute(statement)
    return set().union(*(_asks(programme_id, often) for programme_id, often in rows))


def _reporting(
    session: Session, scope: Scope, unit: Unit
) -> Iterator[tuple[Revision, Sequence[PartLine]]]:
    """Read the reporting lines of a unit's plans in force, plan by plan."""
    in_force = (
        select(Revision)
        .join(Revision.document)
        .join(Document.period)
        .join(Period.programme)
        .options(
            contains_eager(Revision.document)
            .contains_eager(Document.period)
            .contains_eager(Period.programme)
        )
        .where(
            Document.in_force_number == Revision.number,
            Document.unit_id == unit.id,
            Document.kind.in_(handing_down()),
            documents_seen(scope),
            revisions_seen(scope),
        )
        .order_by(Period.starts_on.desc(), Document.id.desc())
    )
    revisions = session.scalars(in_force).all()
    lines = session.scalars(
        select(PartLine)
        .where(
            PartLine.revision_id.in_([one.id for one in revisions]),
            PartLine.part == Part.REPORTING,
        )
        .order_by(PartLine.ordinal, PartLine.id)
    ).all()
    for one in revisions:
        yield one, [line for line in lines if line.revision_id == one.id]


def _of_plan(
    revision: Revision, programme: Programme, lines: Iterable[PartLine]
) -> Iterator[RegimeOffer]:
    """Make an offer of each line about units below, the more often first."""
    level = revision.document.unit.level
    duties = [(row, decode(row.part, row.line_key, row.data)) for row in lines]
    about_below = [
        (row, duty)
        for row, duty in duties
        if isinstance(duty, ReportingDuty)
        and duty.frequency in RHYTHMS
        and agency(duty.reporter).level is not level
    ]
    for row, duty in sorted(about_below, key=lambda one: RHYTHMS.index(one[1].frequency)):
        terms = _terms(revision, programme, row.line_key, duty)
        yield RegimeOffer(revision.document_id, row.line_key, programme.code, duty, terms)


def _terms(
    revision: Revision, programme: Programme, line_key: str, duty: ReportingDuty
) -> RegimeTerms:
    to = ", ".join(duty.addressees)
    through = f" (qua {duty.through})" if duty.through else ""
    source = f"Kế hoạch số {revision.document_number} ngày {format_date(revision.issued_on)}"
    return RegimeTerms(
        programme_id=programme.id,
        name=NAMES[duty.frequency],
        frequency=duty.frequency,
        content="\n".join(text for text in (duty.content, duty.due) if text),
        recipients=to + through,
        source=source,
        document_id=revision.document_id,
        line_key=line_key,
    )
