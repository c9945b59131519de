"""Tell the time: one thing knows it.

Nothing else in the project asks the machine. Operations take ``now`` as an argument; whoever calls
them gets it here. Tests move the machine's clock with time-machine, or hold this one with
:func:`frozen`; a rehearsal or the demo shifts it with :func:`set_offset`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class _Hands:
    """Changes to the machine's clock. One for the process: every thread sees the same time."""

    offset = timedelta(0)
    frozen: datetime | None = None


def now() -> datetime:
    """Return this instant, aware, in UTC."""
    if _Hands.frozen is not None:
        return _Hands.frozen
    return datetime.now(UTC) + _Hands.offset


def today() -> date:
    """Return the date on a Vietnamese wall calendar (it turns at 17:00 UTC)."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return ``moment`` in Vietnamese time.

    Raises:
        ValueError: if ``moment`` carries no zone, since its meaning would then be a guess.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} carries no time zone")
    return moment.astimezone(TIMEZONE)


def set_offset(offset: timedelta) -> None:
    """Run ahead of (or behind) the machine's clock by ``offset`` from now on; zero undoes it."""
    _Hands.offset = offset


def is_shifted() -> bool:
    """Tell whether this is not the real time (pages of a rehearsal say so)."""
    return bool(_Hands.offset) or _Hands.frozen is not None


@contextmanager
def frozen(moment: datetime) -> Iterator[datetime]:
    """Hold the clock at ``moment``; blocks may be nested, each gives way to the one around it."""
    before = _Hands.frozen
    _Hands.frozen = local(moment).astimezone(UTC)
    try:
        yield _Hands.frozen
    finally:
        _Hands.frozen = before
