"""The parts that a new plan starts with: last time's, or what the level above's plan says of every
plan below it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from lth.checks.agencies import agency
from lth.content.line_storage import of_revision
from lth.content.model import BudgetLine, Header, LegalBasis, Paper, Recipient, ReportingDuty
from lth.content.schema import ContentLine
from lth.core.vietnamese import search_key
from lth.drafting import parts
from lth.models import Period, Revision, Unit
from lth.models.parts import Frequency, PaperRole, Part

COMMITTEE = "Ủy ban nhân dân"

_NAMED = {"QĐ": "Quyết định", "KH": "Kế hoạch", "CV": "Công văn", "CTr": "Chương trình"}
"""What a paper is by the first letters of its symbol ("793/QĐ-UBND")."""


def put_last(
    session: Session,
    revision: Revision,
    last: Revision,
    indicators: Collection[str],
    period: Period,
) -> None:
    """Fill a draft with last time's lines, as far as they still hold, for a period.

    A paper loses its number, date and signature, which it gets anew; the printed total and the
    titles belong to last time; what is about an indicator needs it in the new programme. Money of
    a year is money of the same year of the new period.
    """
    later = period.starts_on.year - last.document.period.starts_on.year
    found = {
        part: [kept for line in lines if (kept := _kept(line, indicators, later)) is not None]
        for part, lines in of_revision(session, last.id).items()
    }
    parts.put(session, revision, found)


def _kept(line: ContentLine, indicators: Collection[str], later: int) -> ContentLine | None:
    if isinstance(line, Header):
        return replace(line, title="", decided_title="", budget_total=None)
    if isinstance(line, Paper) and line.role is not PaperRole.CITED:
        return replace(line, number=_symbol(line.number), dated_on=None, title="", signed=False)
    if isinstance(line, BudgetLine) and line.year is not None:
        return replace(line, year=line.year + later)
    return line if line.indicators <= set(indicators) else None


def _symbol(number: str) -> str:
    """Return a number yet to be given: "/QĐ-UBND" of "793/QĐ-UBND"."""
    _, slash, symbol = number.partition("/")
    return slash + symbol


def put_above(session: Session, revision: Revision, theirs: Revision, unit: Unit) -> None:
    """Fill a unit's draft with what the level above's document says of every plan below it.

    Its own bases, but for papers of its own offices, and itself by number and date; who is told
    and to whom is reported. All are lines like others, to be changed or removed.
    """
    said = of_revision(session, theirs.id)
    bases = [replace(one, ending="") for one in said[Part.BASIS] if _binds_below(one)]
    reporting = _reporting(said[Part.REPORTING], theirs, unit)
    found = {
        Part.BASIS: [*bases, _basis(theirs, said)],
        Part.RECIPIENT: _recipients(reporting, theirs),
        Part.REPORTING: reporting,
    }
    parts.put(session, revision, found)


def _committee(unit: Unit) -> str:
    return f"{COMMITTEE} {unit.full_name}"


_INSIDE = ("to trinh", "bao cao", "cong van", "bien ban", "phieu")
"""Kinds of papers that a plan cites of its own offices, which bind nobody below."""


def _binds_below(basis: ContentLine) -> bool:
    kind = search_key(getattr(basis, "type", "") or getattr(basis, "title", ""))
    return not kind.startswith(_INSIDE)


def _reporting(said: Iterable[ContentLine], theirs: Revision, unit: Unit) -> list[ContentLine]:
    """List what the unit has to report by the document above; once a year where it says nothing."""
    above, own = _committee(theirs.document.unit), _committee(unit)
    asked: list[ContentLine] = [
        replace(one, reporter=own, addressees=one.addressees or (above,))
        for one in said
        if isinstance(one, ReportingDuty) and agency(one.reporter).level is unit.level
    ]
    return asked or [ReportingDuty("", own, (above,), frequency=Frequency.YEARLY)]


def _recipients(reporting: Iterable[ContentLine], theirs: Revision) -> list[ContentLine]:
    """List who gets the plan: who issued the one above and whom it names, the offices, the file."""
    names = [_committee(theirs.document.unit)]
    for one in reporting:
        names += [*getattr(one, "addressees", ()), getattr(one, "through", "")]
    above = {search_key(name): name for name in names if name}
    told: list[ContentLine] = [Recipient("", name, "để báo cáo") for name in above.values()]
    return [*told, Recipient("", "Các ban, ngành, đoàn thể"), Recipient("", "Lưu: VT")]


def basis_of(session: Session, theirs: Revision) -> LegalBasis:
    """Return an issued document as the one below cites it; its unit and period must be loaded."""
    return _basis(theirs, of_revision(session, theirs.id))


def _basis(theirs: Revision, said: Mapping[str, Sequence[ContentLine]]) -> LegalBasis:
    document, number = theirs.document, theirs.document_number or ""
    header = next(iter(said[Part.HEADER]), None)
    named: dict[str, Any] = {"type": _type(number), "number": number, "dated_on": theirs.issued_on}
    title = getattr(header, "title", "") or _title(document.period.code)
    return LegalBasis("", issuer=_committee(document.unit), title=title, **named)


def _title(period_code: str) -> str:
    """Name a document without a title of its own; it is in Vietnamese, whoever starts it."""
    years = period_code.replace("-", "–")
    return f"Kế hoạch {'năm' if period_code.isdigit() else 'giai đoạn'} {years}"


def _type(number: str) -> str:
    symbol = number.partition("/")[2].partition("-")[0]
    return _NAMED.get(symbol, "Kế hoạch")
