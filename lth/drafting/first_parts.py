"""The parts that a new plan starts with: last time's, or the level above's plan as a legal
basis."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from lth.content.line_storage import of_revision
from lth.content.model import BudgetLine, Header, LegalBasis, Paper
from lth.content.schema import ContentLine
from lth.drafting import parts
from lth.models import Period, Revision
from lth.models.parts import PaperRole, Part

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


def put_above(session: Session, revision: Revision, theirs: Revision) -> None:
    """Fill a draft with the level above's document in force, as the first legal basis."""
    parts.put(session, revision, {Part.BASIS: [basis_of(session, theirs)]})


def basis_of(session: Session, theirs: Revision) -> LegalBasis:
    """Return an issued document as the one below cites it; its unit and period must be loaded."""
    document, number = theirs.document, theirs.document_number or ""
    header = next(iter(of_revision(session, theirs.id)[Part.HEADER]), None)
    named: dict[str, Any] = {"type": _type(number), "number": number, "dated_on": theirs.issued_on}
    title = getattr(header, "title", "") or _title(document.period.code)
    return LegalBasis("", issuer=f"{COMMITTEE} {document.unit.full_name}", title=title, **named)


def _title(period_code: str) -> str:
    """Name a document without a title of its own; it is in Vietnamese, whoever starts it."""
    years = period_code.replace("-", "–")
    return f"Kế hoạch {'năm' if period_code.isdigit() else 'giai đoạn'} {years}"


def _type(number: str) -> str:
    symbol = number.partition("/")[2].partition("-")[0]
    return _NAMED.get(symbol, "Kế hoạch")
