"""Which days a window covers, and which months' books are in it."""

from datetime import date

import pytest

from lth.models.parts import Frequency
from lth.models.report import WindowBasis
from lth.reporting.windows import WindowSpan, spans
from lth.workflow import period_codes

DECREE = {
    Frequency.MONTHLY: ("2026-T01 15/12/2025–14/1/2026", "2026-T12 15/11/2026–14/12/2026"),
    Frequency.QUARTERLY: ("2026-Q1 15/12/2025–14/3/2026", "2026-Q4 15/9/2026–14/12/2026"),
    Frequency.HALF_YEAR: ("2026-6T 15/12/2025–14/6/2026", "2026-N 15/12/2025–14/12/2026"),
    Frequency.NINE_MONTHS: ("2026-9T 15/12/2025–14/9/2026", "2026-9T 15/12/2025–14/9/2026"),
    Frequency.YEARLY: ("2026-N 15/12/2025–14/12/2026", "2026-N 15/12/2025–14/12/2026"),
}
"""The first and the last window of 2026, from the table of Nghị định 09/2019/NĐ-CP."""

CALENDAR = {
    Frequency.MONTHLY: ("2024-T01 1/1/2024–31/1/2024", "2024-T12 1/12/2024–31/12/2024"),
    Frequency.QUARTERLY: ("2024-Q1 1/1/2024–31/3/2024", "2024-Q4 1/10/2024–31/12/2024"),
    Frequency.HALF_YEAR: ("2024-6T 1/1/2024–30/6/2024", "2024-N 1/1/2024–31/12/2024"),
    Frequency.NINE_MONTHS: ("2024-9T 1/1/2024–30/9/2024", "2024-9T 1/1/2024–30/9/2024"),
    Frequency.YEARLY: ("2024-N 1/1/2024–31/12/2024", "2024-N 1/1/2024–31/12/2024"),
}


def told(frequency: Frequency, span: WindowSpan) -> str:
    def day(one: date) -> str:
        return f"{one.day}/{one.month}/{one.year}"

    code = period_codes.of_window(frequency, span.last)
    return f"{code} {day(span.first)}–{day(span.last)}"


@pytest.mark.parametrize(
    ("frequency", "basis", "year", "expected"),
    [
        *((one, WindowBasis.DECREE, 2026, both) for one, both in DECREE.items()),
        *((one, WindowBasis.CALENDAR, 2024, both) for one, both in CALENDAR.items()),
    ],
)
def test_the_windows_of_a_year(frequency, basis, year, expected):
    found = spans(frequency, basis, year)
    assert (told(frequency, found[0]), told(frequency, found[-1])) == expected


def test_a_rhythm_without_windows_has_none():
    assert spans(Frequency.AD_HOC, WindowBasis.DECREE, 2026) == []
    with pytest.raises(ValueError, match="no windows"):
        period_codes.of_window(Frequency.AD_HOC, date(2026, 6, 14))


@pytest.mark.parametrize("basis", WindowBasis)
@pytest.mark.parametrize(
    ("frequency", "months"),
    [
        (Frequency.MONTHLY, 12),
        (Frequency.QUARTERLY, 12),
        (Frequency.HALF_YEAR, 18),
        (Frequency.YEARLY, 12),
    ],
)
def test_every_month_of_a_year_is_in_its_windows(basis, frequency, months):
    found = [month for span in spans(frequency, basis, 2026) for month in span.months()]
    assert len(found) == months
    assert {month.month for month in found} == set(range(1, 13))
    assert {month.year for month in found} == {2026}
