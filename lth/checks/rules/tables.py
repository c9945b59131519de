"""V48: the tables in a plan's text add up."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from lth.checks.prose import NUMBER, composed, exact
from lth.checks.registry import Fault, check
from lth.checks.wording import joined, number, quoted
from lth.content.model import Content
from lth.core.i18n import N_, Bilingual
from lth.core.vietnamese import format_number
from lth.models.finding import Severity, Stage

_SUM = re.compile(r"(?:tổng|cộng|toàn (?:tỉnh|thành phố|huyện|xã|phường))\b", re.IGNORECASE)
_OF_TIME = re.compile(
    r"(?:năm |giai đoạn |gđ )?(?:19|20)\d\d(?: ?[-–] ?(?:19|20)\d\d)?|(?:quý|đợt|kỳ) [ivx\d]+",
    re.IGNORECASE,
)
_NO_COUNT = re.compile(r"%|\b(?:tỷ lệ|bình quân|trung bình|tt|stt|số thứ tự)\b", re.IGNORECASE)
_PART = re.compile(r"[IVXA-D]+\.?")
"""The first cell of a row that sums up those under it: what it has may not be added once more."""
_NUMBER = re.compile(NUMBER)
_NOTHING = frozenset({"", "-", "–", "x"})
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
        for rows in _tables(section.body):
            for one in (*_down(rows), *_across(rows)):
                if sum(one.terms) != one.stated:
                    yield _fault(section.key, one)


def _tables(text: str) -> Iterator[list[list[str]]]:
    """Yield the tables in a text, rows of cells parted by tabs or bars, of equal length."""
    if "\t" not in text and "|" not in text:
        return
    lines = composed(text).split("\n")
    for in_table, run in groupby(lines, key=lambda line: "\t" in line or line.count("|") > 1):
        rows = [cells for line in run if in_table and any(cells := _cells(line))]
        if len(rows) > 1 and len({len(row) for row in rows}) == 1:
            yield rows


def _cells(line: str) -> list[str]:
    parted = line.split("\t") if "\t" in line else line.strip().strip("|").split("|")
    cells = [" ".join(cell.split()) for cell in parted]
    return [] if all(set(cell) <= set("-: ") for cell in cells) else cells


def _value(cell: str) -> Fraction | None:
    """Return the number in a cell; nought where nothing is written, None of a text."""
    if cell in _NOTHING:
        return Fraction(0)
    return exact(cell) if _NUMBER.fullmatch(cell) else None


def _name(row: Sequence[str]) -> str:
    """Return the first text of a row."""
    return next((cell for cell in row if cell and _value(cell) is None), "")


def _down(rows: list[list[str]]) -> Iterator[_Sum]:
    """Yield the sums in the row of totals, of columns that hold counts alone."""
    head, *body = rows
    at = next((n for n, row in enumerate(body) if _SUM.match(_name(row))), 0)
    above = body[:at]
    if len(above) < 2 or any(_PART.fullmatch(row[0]) for row in above):
        return
    for column, title in enumerate(head):
        terms = [_value(row[column]) for row in above]
        stated = body[at][column]
        if _NO_COUNT.search(title) or stated in _NOTHING or _value(stated) is None:
            continue
        if None not in terms and any(terms):
            yield _Sum(title, [term for term in terms if term is not None], exact(stated))


def _across(rows: list[list[str]]) -> Iterator[_Sum]:
    """Yield the sums in a column of totals beside columns of years."""
    head, *body = rows
    years = [column for column, title in enumerate(head) if _OF_TIME.fullmatch(title)]
    totals = [column for column, title in enumerate(head) if _SUM.match(title)]
    if len(years) < 2 or len(totals) != 1:
        return
    for row in body:
        terms = [_value(row[column]) for column in years]
        stated = row[totals[0]]
        if _NO_COUNT.search(_name(row)) or stated in _NOTHING or _value(stated) is None:
            continue
        if None not in terms and any(terms):
            yield _Sum(_name(row), [term for term in terms if term is not None], exact(stated))


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
    decimal = (Decimal(value.numerator) / value.denominator).normalize()
    return Bilingual(format_number(decimal), format_number(decimal, "en"))
