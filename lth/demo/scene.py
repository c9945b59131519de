"""Set what the demo's story needs before it begins: units, offices, people, settings, deadlines."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import passwords
from lth.demo import books, figures, people, places, regimes, settings
from lth.demo.clubs import HALF_YEAR_2021, HALF_YEAR_2026, HalfYear
from lth.demo.diary import Diary
from lth.demo.figures import CommuneFigures
from lth.demo.people import Cast
from lth.demo.places import Branch
from lth.models import Period, Programme
from lth.models.person import Role
from lth.programmes import catalogue

PASSWORD = "lien-the-he-demo"  # noqa: S105 - shown on the demo's sign-in page, to everybody

HOME_OF_TWO_JOBS = ("29503", "29506")
"""Ngọc Biên and Long Hiệp, where one person of the association drafts for both."""

_PROVINCE = {HALF_YEAR_2021: "84", HALF_YEAR_2026: "24"}


@dataclass(frozen=True)
class Demo:
    """One of the two demos: a programme's period with the units taking part and their figures, and
    the half-year with the period in which they report on it.
    """

    period: Period
    branch: Branch
    figures: dict[str, CommuneFigures]
    half: HalfYear
    report_period: Period | None = None


@dataclass(frozen=True)
class Scene:
    """Both demos, and who acts in them."""

    three_tiers: Demo
    two_tiers: Demo
    cast: Cast
    diary: Diary


def set_up(session: Session, now: datetime) -> Scene:
    """Write everything but the documents, as on `now`; the caller commits."""
    diary = Diary(now)
    catalogue.install(session)
    with system(session, Purpose.LOAD):
        places.load(session)
        old = _demo(session, "1336", "2021", figures.three_tier("2021"), HALF_YEAR_2021)
        new = _demo(session, "1648", "2026-2035", figures.two_tier(), HALF_YEAR_2026)
        _appoint(session, (old, new), now)
        for demo in (old, new):
            settings.join(session, demo.period, demo.branch, demo.figures)
            settings.decide(session, demo.branch)
            settings.receive(session, demo.period, demo.branch)
            books.write(session, demo.branch, demo.figures, demo.half)
        settings.set_deadlines_of_three_tiers(session, old.period, old.branch, diary)
        settings.set_deadlines_of_two_tiers(session, new.period, new.branch, diary)
        cast = Cast(session)
        return Scene(
            _reporting(session, old, cast, diary),
            _reporting(session, new, cast, diary),
            cast,
            diary,
        )


def _demo(
    session: Session,
    programme: str,
    period: str,
    communes: dict[str, CommuneFigures],
    half: HalfYear,
) -> Demo:
    statement = (
        select(Period)
        .join(Programme, Programme.id == Period.programme_id)
        .where(Programme.code == programme, Period.code == period)
    )
    found = session.scalars(statement).one()
    branch = places.branch(session, _PROVINCE[half], communes, found.starts_on)
    places.open_offices(session, branch)
    return Demo(found, branch, communes, half)


def _reporting(session: Session, demo: Demo, cast: Cast, diary: Diary) -> Demo:
    """Lay down who reports, and open the window of the half-year."""
    regime = regimes.lay_down(session, demo.period, demo.branch, diary.now)
    specialist = cast.of(demo.branch.province, Role.SPECIALIST)
    period = regimes.open_half_year(
        *(session, specialist, regime, demo.period, demo.half, diary.at(-16, 9))
    )
    settings.set_deadlines_of_reports(session, period, demo.branch, diary)
    return replace(demo, report_period=period)


def _appoint(session: Session, demos: tuple[Demo, ...], now: datetime) -> None:
    register = people.Register(session, passwords.hash_password(PASSWORD), now)
    for demo in demos:
        register.appoint(demo.branch)
    register.appoint_for_two(*(demos[0].branch.communes[code] for code in HOME_OF_TWO_JOBS))
    register.appoint_administrator()
