"""Set what the demo's story needs before it begins: units, offices, people, settings, deadlines."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import passwords
from lth.demo import figures, people, places, settings
from lth.demo.diary import Diary
from lth.demo.figures import CommuneFigures
from lth.demo.people import Cast
from lth.demo.places import Branch
from lth.models import Period, Programme
from lth.programmes import catalogue

PASSWORD = "lien-the-he-demo"  # noqa: S105 - shown on the demo's sign-in page, to everybody

HOME_OF_TWO_JOBS = ("29503", "29506")
"""Ngọc Biên and Long Hiệp, where one person of the association drafts for both."""


@dataclass(frozen=True)
class Demo:
    """One of the two demos: a programme's period with the units taking part and their figures."""

    period: Period
    branch: Branch
    figures: dict[str, CommuneFigures]


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
        old = _demo(session, "1336", "2021", figures.three_tier("2021"), "84")
        new = _demo(session, "1648", "2026-2035", figures.two_tier(), "24")
        _appoint(session, (old, new), now)
        for demo in (old, new):
            settings.join(session, demo.period, demo.branch, demo.figures)
            settings.decide(session, demo.branch)
            settings.receive(session, demo.period, demo.branch)
        settings.set_deadlines_of_three_tiers(session, old.period, old.branch, diary)
        settings.set_deadlines_of_two_tiers(session, new.period, new.branch, diary)
        return Scene(old, new, Cast(session), diary)


def _demo(
    session: Session,
    programme: str,
    period: str,
    communes: dict[str, CommuneFigures],
    province: str,
) -> Demo:
    statement = (
        select(Period)
        .join(Programme, Programme.id == Period.programme_id)
        .where(Programme.code == programme, Period.code == period)
    )
    found = session.scalars(statement).one()
    branch = places.branch(session, province, communes, found.starts_on)
    places.open_offices(session, branch)
    return Demo(found, branch, communes)


def _appoint(session: Session, demos: tuple[Demo, ...], now: datetime) -> None:
    register = people.Register(session, passwords.hash_password(PASSWORD), now)
    for demo in demos:
        register.appoint(demo.branch)
    register.appoint_for_two(*(demos[0].branch.communes[code] for code in HOME_OF_TWO_JOBS))
    register.appoint_administrator()
