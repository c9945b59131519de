"""What a dashboard says beside the figures: who is late, which clubs are outside the norms, and how
a figure has moved from window to window.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from lth.content.targets import quotient
from lth.models import Indicator
from lth.models.kind import Kind
from lth.models.programme import Measure, PeriodUse
from lth.reporting.club_sums import ClubSum
from lth.reporting.goals import Track
from lth.reporting.result_choice import ResultWindow
from lth.reporting.standing import DoneFigure, ResultLine, ResultSheet, UnitResults, said
from lth.workflow import deadlines, owing
from lth.workflow.deadlines import Due
from lth.workflow.inbox import InboxState
from lth.workflow.states import OWED


@dataclass(frozen=True, slots=True)
class UnitReport:
    """Where the report of one unit stands; `late`: its day is past and it has sent nothing."""

    unit: UnitResults
    state: InboxState
    document_id: int | None
    due: Due | None
    late: bool
    days_late: int | None

    @property
    def sent(self) -> bool:
        """Tell whether it lies with the level above, or has been taken there."""
        return self.state not in _OWED


_OWED = {InboxState.MISSING, *(InboxState(status.value) for status in OWED)}


def reports(
    session: Session, results: ResultSheet, units: Sequence[UnitResults], today: date
) -> list[UnitReport]:
    """Tell of units where their reports stand; in one query for each kind of report."""
    window = results.choice.window
    if window is None:
        return []
    due: dict[int, Due] = {}
    for kind in Kind.of(PeriodUse.REPORT):
        mine = [one.unit for one in units if owing.makes(kind, has_below=one.has_below)]
        if mine:
            due |= deadlines.due_dates(session, mine, window.period_id, kind)
    return [_report(one, due.get(one.unit.id), today) for one in units]


def _report(one: UnitResults, due: Due | None, today: date) -> UnitReport:
    row = one.report.document if one.report is not None else None
    when = deadlines.of_document(due, row, bound=True)
    state = InboxState(row.status.value) if row is not None else InboxState.MISSING
    owes = row is None or deadlines.owes(row)
    late = owes and when is not None and when.late(today)
    return UnitReport(
        *(one, state, row.document_id if row is not None else None, when, late),
        row.days_late if row is not None else None,
    )


# --- Tracks -------------------------------------------------------------------------------


def by_track(lines: Iterable[ResultLine]) -> dict[Track, list[ResultLine]]:
    """Sort lines by how far they are, those that are furthest behind first."""
    found: dict[Track, list[ResultLine]] = {track: [] for track in Track}
    for line in lines:
        found[line.judgement.track].append(line)
    for listed in found.values():
        listed.sort(key=lambda line: line.judgement.share or 0)
    return found


def needing(below: Sequence[UnitResults]) -> list[UnitResults]:
    """Put those first who are behind in most, then those who have done least of it."""

    def order(one: UnitResults) -> tuple[int, int]:
        behind = [line for line in one.lines.values() if line.judgement.track is Track.BEHIND]
        return -len(behind), sum(line.judgement.share or 0 for line in behind)

    return sorted(below, key=order)


# --- Clubs outside the norms --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClubFault:
    """A figure of a club outside what the programme holds it to."""

    indicator: Indicator
    value: int


@dataclass(frozen=True, slots=True)
class ClubOutside:
    """A club with its figures outside the norms."""

    club: ClubSum
    faults: tuple[ClubFault, ...]


def _share(name: str, club: ClubSum) -> int | None:
    part, whole = club.stocks[name], club.stocks["members"]
    return quotient(part, whole, Measure.PERCENT) if part is not None and whole else None


_OF_CLUB = {
    "club_size": lambda club: club.stocks["members"],
    "older_share_pct": lambda club: _share("older", club),
    "women_share_pct": lambda club: _share("women", club),
    "young_share_pct": lambda club: _share("young", club),
    "board_size": lambda club: club.board_size,
    "volunteers": lambda club: club.stocks["volunteers"],
    "income_fund_min": lambda club: club.stocks["income_balance"],
}
"""Indicators to whose norm each club is held, with what it has of them."""


def outside(clubs: Iterable[ClubSum], indicators: Iterable[Indicator]) -> list[ClubOutside]:
    """List the clubs with a figure outside a norm; one that is not known is not outside.

    Real clubs have 43 members: it is worth a look, and no fault of a report.
    """
    held = [
        (one, _OF_CLUB[one.code])
        for one in indicators
        if one.code in _OF_CLUB and (one.threshold_min, one.threshold_max) != (None, None)
    ]
    found = []
    for club in clubs:
        figures = [(one, value(club)) for one, value in held]
        faults = tuple(
            ClubFault(one, value)
            for one, value in figures
            if value is not None and not _within(one, value)
        )
        if faults:
            found.append(ClubOutside(club, faults))
    return found


def _within(one: Indicator, value: int) -> bool:
    low, high = one.threshold_min, one.threshold_max
    return (low is None or value >= low) and (high is None or value <= high)


# --- Areas --------------------------------------------------------------------------------


def in_areas(clubs: Iterable[ClubSum], codes: Sequence[str]) -> dict[str, int]:
    """Count the clubs that carry out each area, by the register or by a book of the window."""
    carried = [club.areas | club.active for club in clubs]
    return {code: sum(code in areas for areas in carried) for code in codes}


# --- Over time ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What was done by the end of a window, as its report says; None where there is none."""

    window: ResultWindow
    done: DoneFigure | None


def trend(results: ResultSheet, line: ResultLine) -> list[TrendPoint]:
    """Return how an indicator of the unit has moved over the windows of the regime, the oldest
    first.

    The window that is looked at has what the page shows of it, also where it is by the books.
    """
    found = []
    for window in results.choice.series:
        row = results.series.get(window.period_id, {}).get(line.indicator.id)
        done = said(line.indicator, row) if row is not None else None
        found.append(TrendPoint(window, line.done if window == results.choice.window else done))
    return found
