"""V48: the tables in a plan's text add up."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lth.checks.registry import Fault, check
from lth.checks.text_tables import TextTable, is_blank, is_total, name_of_row, number_in, tables_in
from lth.checks.wording import joined, number, quoted
from lth.content.model import Content
from lth.core.i18n import N_, Bilingual
from lth.models.finding import Severity, Stage

_OF_TIME = re.compile(
    r"(?:(?:6|sáu) tháng (?:đầu|cuối) )?(?:năm |giai đoạn |gđ )?(?:19|20)\d\d"
    r"(?: ?[-–] ?(?:19|20)\d\d)?|(?:quý|đợt|kỳ) [ivx\d]+",
    re.IGNORECASE,
)
_NO_COUNT = re.compile(r"%|\b(?:tỷ lệ|bình quân|trung bình|tt|stt|số thứ tự)\b", re.IGNORECASE)
_PART = re.compile(r"[IVXA-D]+\.?")
"""The first cell of a row that sums up those under it: what it has may not be added once more."""
_MOST_TERMS = 12
"""How many terms of a sum a message shows."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """A sum that a table prints, under its name, and the terms that it is of."""

    name: str
    terms: Sequence[Fraction]
    stated: Fraction


@check(
    "V48",
    "TABLE_SUM",
    N_("Bảng trong văn bản cộng đúng"),
    Severity.WARNING,
    Stage.DRAFT,
)
def table_sum(content: Content) -> Iterator[Fault]:
    """Require that the row of totals of a table is what its rows add up to, and the column of
    totals what its years do. Shares and averages are not added up, nor a table of parts with sums
    of their own.
    """
    for section in content.sections:
        for table in tables_in(section.body):
            for one in (*_down(table), *_across(table)):
                if sum(one.terms) != one.stated:
                    yield _fault(section.key, one)


def _down(table: TextTable) -> Iterator[_Sum]:
    """Yield the sums in the row of totals, of columns that hold counts alone."""
    if table.total is None or len(table.rows) < 2:
        return
    if any(_PART.fullmatch(row[0]) for row in table.rows):
        return
    for column, title in enumerate(table.head):
        if not _NO_COUNT.search(title):
            cells = [row[column] for row in table.rows]
            yield from _sum(title, cells, table.total[column])


def _across(table: TextTable) -> Iterator[_Sum]:
    """Yield the sums in a column of totals beside columns of years."""
    years = [at for at, title in enumerate(table.head) if _OF_TIME.fullmatch(title)]
    totals = [at for at, title in enumerate(table.head) if is_total(title)]
    others = set(range(len(table.head))) - {*years, *totals}
    if len(years) < 2 or len(totals) != 1 or any(_counts(table, at) for at in others):
        return
    for row in (*table.rows, *([table.total] if table.total else [])):
        name = name_of_row(row)
        if not _NO_COUNT.search(name):
            yield from _sum(name, [row[at] for at in years], row[totals[0]])


def _counts(table: TextTable, column: int) -> bool:
    """Tell whether a column has counts, other than the numbers of the rows."""
    cells = [row[column] for row in table.rows if not is_blank(row[column])]
    numbered = _NO_COUNT.search(table.head[column]) is not None
    return bool(cells) and not numbered and all(number_in(cell) is not None for cell in cells)


def _sum(name: str, cells: Sequence[str], stated: str) -> Iterator[_Sum]:
    terms = [term for cell in cells if (term := number_in(cell)) is not None]
    total = None if is_blank(stated) else number_in(stated)
    if total is not None and len(terms) == len(cells) and any(terms):
        yield _Sum(name, terms, total)


def _fault(place: str, one: _Sum) -> Fault:
    many = len(one.terms) > _MOST_TERMS
    text = (
        N_("Bảng, %(name)s: các số cộng lại bằng %(sum)s, tổng ghi %(stated)s.")
        if many
        else N_("Bảng, %(name)s: %(terms)s = %(sum)s, tổng ghi %(stated)s.")
    )
    return Fault.of(
        text,
        N_("Sửa tổng thành %(sum)s, hoặc sửa số bị sai."),
        place,
        name=quoted(one.name),
        terms=joined((_shown(term) for term in one.terms), " + "),
        sum=_shown(sum(one.terms, Fraction(0))),
        stated=_shown(one.stated),
    )


def _shown(value: Fraction) -> Bilingual:
    if value.denominator == 1:
        return number(int(value))
    return number((Decimal(value.numerator) / value.denominator).normalize())
