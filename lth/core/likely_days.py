"""Know which days are likely for what a day means, so that a slip of the year is asked back.

A day is counted from today. One far from what is likely is right only where somebody says so; one
out of every reach is refused.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lth.core.i18n import N_, Message

YEAR = timedelta(days=366)

REACH = 20 * YEAR
"""How far from today a day of any kind can be at all."""

NEAR = timedelta(days=31)
"""How far from a day that was confirmed another one is taken for confirmed too: the next working
day after it, say.
"""


class DayKind(StrEnum):
    """What a day that is typed means."""

    DEADLINE = "deadline"
    LAST_CORRECTION = "last_correction"
    EXTENSION = "extension"
    REPLY_BY = "reply_by"
    ROLE_START = "role_start"
    ROLE_END = "role_end"
    ROLE_OVER = "role_over"
    CALENDAR = "calendar"
    DECISION = "decision"
    LENT_FROM = "lent_from"
    LENT_UNTIL = "lent_until"
    SIGNED = "signed"
    SEARCHED = "searched"
    TAKES_PART = "takes_part"
    PERIOD = "period"
    CODE = "code"
    VISIT = "visit"
    VISITED = "visited"
    MEND_BY = "mend_by"
    MENDED = "mended"
    CLUB_FOUNDED = "club_founded"
    CLUB_ACT = "club_act"


@dataclass(frozen=True)
class UsualSpan:
    """How long before and after today a day is likely."""

    before: timedelta
    after: timedelta


NONE = timedelta(0)

REFUSED = REACH
"""Where a rule of the act refuses such a day with the reason, nothing is asked before."""

LIKELY: dict[DayKind, UsualSpan] = {
    DayKind.DEADLINE: UsualSpan(NONE, YEAR),
    DayKind.LAST_CORRECTION: UsualSpan(NONE, 2 * YEAR),
    DayKind.EXTENSION: UsualSpan(REFUSED, YEAR / 2),
    DayKind.REPLY_BY: UsualSpan(REFUSED, YEAR / 2),
    DayKind.ROLE_START: UsualSpan(YEAR, YEAR),
    DayKind.ROLE_END: UsualSpan(NEAR, 5 * YEAR),  # a term of office
    DayKind.ROLE_OVER: UsualSpan(REFUSED, 5 * YEAR),
    DayKind.CALENDAR: UsualSpan(NEAR, 2 * YEAR),
    DayKind.DECISION: UsualSpan(YEAR, REFUSED),
    DayKind.LENT_FROM: UsualSpan(NEAR, YEAR / 2),
    DayKind.LENT_UNTIL: UsualSpan(REFUSED, YEAR + YEAR / 2),
    DayKind.SEARCHED: UsualSpan(10 * YEAR, YEAR),
    DayKind.TAKES_PART: UsualSpan(YEAR, YEAR),
    DayKind.PERIOD: UsualSpan(2 * YEAR, 10 * YEAR),
    DayKind.CODE: UsualSpan(12 * YEAR, YEAR),  # the first codes are of 2016
    DayKind.VISIT: UsualSpan(NEAR, YEAR),
    DayKind.VISITED: UsualSpan(YEAR, REFUSED),
    DayKind.MEND_BY: UsualSpan(REFUSED, YEAR / 2),
    DayKind.MENDED: UsualSpan(YEAR, REFUSED),
    DayKind.CLUB_FOUNDED: UsualSpan(12 * YEAR, REFUSED),
    DayKind.CLUB_ACT: UsualSpan(YEAR, REFUSED),
}

REACH_OF = {DayKind.CLUB_FOUNDED: 40 * YEAR}
"""Kinds of which days beyond `REACH` can be: the first clubs are of 2006."""

HELD_BY_RULE = {DayKind.SIGNED}
"""Kinds that a rule asks back by more than today: `workflow.signing.fault_of_day`, by the period.
"""


@dataclass(frozen=True)
class Doubt:
    """What is against a day; `impossible` where nobody can say that it is right all the same."""

    message: Message
    impossible: bool = False


def doubt(kind: DayKind, day: date, today: date, confirmed: date | None = None) -> Doubt | None:
    """Say what is against a day of a kind; None where it is likely, or near one that somebody has
    confirmed.
    """
    if kind in HELD_BY_RULE:
        return None
    if abs(day - today) > REACH_OF.get(kind, REACH):
        said = N_("Ngày %(date)s không thể đúng ở đây, hãy kiểm tra lại năm.")
        return Doubt(Message(said, {"date": day}), impossible=True)
    first, last = bounds(kind, today)
    if first <= day <= last or (confirmed is not None and abs(day - confirmed) <= NEAR):
        return None
    early = N_("Có đúng là ngày %(date)s không? Ở đây ít khi trước ngày %(usual)s.")
    late = N_("Có đúng là ngày %(date)s không? Ở đây ít khi sau ngày %(usual)s.")
    said, usual = (early, first) if day < first else (late, last)
    return Doubt(Message(said, {"date": day, "usual": usual}))


def bounds(kind: DayKind, today: date) -> tuple[date, date]:
    """Return the first and the last day that are likely."""
    span = LIKELY[kind]
    return today - span.before, today + span.after
