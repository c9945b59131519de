"""How long adding up reports takes beside the bare SQL that sums the same rows; and from books.

    python -m bench.reports --communes 17 1000 10035 --clubs 9000 --database sqlite

One parent for each number of communes, all in one database; every commune has a released report of
40 indicators: of a hundred figures one is nil and two are not applicable (a report with a figure
missing is not sent). `added up` is what the page's figures come from, the percentages included,
with nothing remembered; `again` the same once it is known; `take over` writes figures and receipt.
Then clubs with 60 months of books each: `books of a province` reads what every indicator comes to
in 500 of them over a window of half a year, beside the bare SQL that reads the same rows.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from bench.common import DATABASES, Bench, Filler, Row, medians, opened
from lth import synthesis
from lth.access.actor import Actor
from lth.access.scope import Scope, Sight, bind
from lth.core.database import reading
from lth.models import Document, Indicator, Programme
from lth.models.person import Role
from lth.models.programme import RollUp
from lth.models.unit import Level
from lth.programmes import catalogue
from lth.reporting import adding_up, from_books
from lth.reporting.windows import WindowSpan

NOW = datetime(2021, 6, 16, 5, 0, tzinfo=UTC)
MOMENT = NOW.isoformat(sep=" ")
INDICATORS = 40
WANTED = 2.0
"""How many times the bare SQL adding up may take."""

MONTHS = 60
CLUBS_OF_A_PROVINCE = 500
SPAN = WindowSpan(date(2020, 12, 15), date(2021, 6, 14))

BARE = text(
    "SELECT v.indicator_id, SUM(v.value), SUM(v.cumulative), COUNT(*) FROM document p"
    " JOIN revision r ON r.document_id = p.id AND r.number = p.released_number"
    " JOIN report_value v ON v.revision_id = r.id"
    " WHERE p.next_unit_id = :unit AND p.period_id = :period AND p.feeds_synthesis"
    " AND p.released_number IS NOT NULL"
    " GROUP BY v.indicator_id"
)
BARE_BOOKS = text(
    "SELECT club_id, month, members, women, older, older_women, young, poor, ethnic,"
    " income_balance, operating_balance, borrowers, outstanding, overdue, health_checks,"
    " volunteers, homecare_persons, helped, areas FROM club_book"
    " WHERE unit_path >= :first AND unit_path < :last AND month BETWEEN :begins AND :ends"
)


@dataclass(frozen=True)
class Summing:
    """The unit that adds up, its report, and how many communes it has."""

    communes: int
    unit_id: int
    document_id: int

    @property
    def path(self) -> str:
        return f"{self.unit_id}."

    @property
    def scope(self) -> Scope:
        return Scope(self.unit_id, self.path, Sight.ALL, person_id=1, role=Role.SPECIALIST.value)

    @property
    def actor(self) -> Actor:
        place = (self.unit_id, self.path, "tỉnh", Level.PROVINCE)
        return Actor(1, "specialist", 1, Role.SPECIALIST, *place)


@dataclass(frozen=True)
class Scene:
    """Where the reports are, and of what."""

    programme_id: int
    period_id: int
    indicators: list[Indicator]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 where adding up takes more than wanted at the greatest number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communes", type=int, nargs="+", default=[17, 1000, 10_035])
    parser.add_argument("--clubs", type=int, default=9000)
    parser.add_argument("--database", choices=DATABASES, nargs="+", default=["sqlite"])
    parser.add_argument("--rounds", type=int, default=9)
    chosen = parser.parse_args(arguments)
    worst = 0.0
    for kind in chosen.database:
        with opened(kind) as bench:
            ratios = []
            scene, parents = fill(bench, sorted(chosen.communes), chosen.clubs)
            for parent in parents:
                rounds = chosen.rounds if parent.communes > 100 else 3 * chosen.rounds
                times = measure(bench.engine, parent, scene, rounds)
                show(kind, f"{parent.communes} communes", times)
                ratios.append(times["added up"] / times["bare SQL"])
            show_books(kind, bench, scene, chosen)
            worst = max(worst, ratios[-1])
    return int(worst > WANTED)


# --- Adding up ----------------------------------------------------------------------------


def measure(engine: Engine, parent: Summing, scene: Scene, rounds: int) -> dict[str, float]:
    """Median times in milliseconds. Each piece has a session and a transaction of its own."""

    def bare(session: Session) -> None:
        found = session.execute(BARE, {"unit": parent.unit_id, "period": scene.period_id}).all()
        assert len(found) == INDICATORS, len(found)

    def again(session: Session) -> None:
        document = session.get_one(Document, parent.document_id)
        found = adding_up.released(session, document)[1]
        assert len(found) >= INDICATORS

    def added(session: Session) -> None:
        adding_up.forget()
        again(session)

    def take_over(session: Session) -> None:
        taken = synthesis.take_over(session, parent.actor, parent.document_id, now=NOW)
        assert taken.received == parent.communes

    def writes() -> None:
        with Session(engine) as session:
            bind(session, parent.scope)
            take_over(session)
            session.rollback()

    pieces = {
        name: reads(engine, parent.scope, work)
        for name, work in (("bare SQL", bare), ("added up", added), ("again", again))
    }
    return medians(pieces | {"take over": writes}, rounds)


def reads(engine: Engine, scope: Scope, work: Callable[[Session], None]) -> Callable[[], None]:
    """A piece of work that reads, in a session and a transaction of its own."""

    def run() -> None:
        with reading(), Session(engine) as session:
            bind(session, scope)
            work(session)

    return run


def show(kind: str, what: str, times: dict[str, float]) -> None:
    floor = times["bare SQL"]
    listed = ", ".join(
        f"{name} {taken:.1f} ms ({taken / floor:.2f}×)" for name, taken in times.items()
    )
    print(f"{kind}, {what}: {listed}")


# --- From books ---------------------------------------------------------------------------


def show_books(kind: str, bench: Bench, scene: Scene, chosen: argparse.Namespace) -> None:
    """Measure what the clubs of the first province with clubs come to."""
    province = Summing(0, FIRST_CLUB_PROVINCE, 0)
    months = list(SPAN.months())
    within = {"first": province.path, "last": province.path[:-1] + "/"}
    asked = within | {"begins": months[0], "ends": months[-1]}

    def bare(session: Session) -> None:
        assert session.execute(BARE_BOOKS, asked).all()

    def books(session: Session) -> None:
        assert from_books.figures(
            session,
            province.scope,
            unit_path=province.path,
            span=SPAN,
            plan_starts_on=date(2021, 1, 1),
            indicators=scene.indicators,
        )

    pieces = {
        "bare SQL": reads(bench.engine, province.scope, bare),
        "books of a province": reads(bench.engine, province.scope, books),
    }
    clubs = min(chosen.clubs, CLUBS_OF_A_PROVINCE)
    show(kind, f"{clubs} of {chosen.clubs} clubs", medians(pieces, chosen.rounds))


# --- Filling ------------------------------------------------------------------------------

FIRST_CLUB_PROVINCE = 5_000_000
"""The id of the first province whose communes have clubs; the others follow it."""


AROUND, DISTRICTS = 7_000_000, 500
"""The id of the first district around, and how many there are."""


def fill(bench: Bench, numbers: list[int], clubs: int) -> tuple[Scene, list[Summing]]:
    """The catalogue, a parent with so many communes for each number, and clubs with their books."""
    with Session(bench.engine) as session:
        catalogue.install(session)
        session.commit()
        programme = session.scalars(select(Programme).where(Programme.code == "1336")).one()
        rows = [
            row
            for row in catalogue.indicators(session, programme.id)
            if row.roll_up in {RollUp.SUM, RollUp.MINIMUM}
        ]
        scene = Scene(programme.id, 1_000_000, rows[:INDICATORS])
        session.expunge_all()
    ids = count(1)
    with bench.filling() as filler:
        someone = {"id": 1, "name": "specialist", "position": "", "language": "vi"}
        keys = {"sort_key": "specialist", "search_key": "specialist"}
        filler.copy("person", [someone | keys | {"active": True, "created_at": MOMENT}])
        _window(filler, scene)
        parents = [_parent(filler, number, ids, scene) for number in numbers]
        _around(filler, scene)
        _clubs(filler, clubs)
    return scene, parents


def _window(filler: Filler, scene: Scene) -> None:
    days = {"starts_on": SPAN.first.isoformat(), "ends_on": SPAN.last.isoformat()}
    period = {"id": scene.period_id, "programme_id": scene.programme_id, "use": "report"}
    filler.copy("period", [period | {"code": "2021-6T"} | days])
    phase = {"id": scene.period_id, "period_id": scene.period_id, "ordinal": 1}
    filler.copy("phase", [phase | {"code": "2021-6T"} | days])


def _parent(filler: Filler, number: int, ids: Iterator[int], scene: Scene) -> Summing:
    """Its unit, communes and reports; a report has the id of its unit and revision."""
    parent = Summing(number, *[next(ids)] * 2)
    children = [next(ids) for _ in range(number)]
    filler.copy("unit", [_unit(one, parent.unit_id) for one in (parent.unit_id, *children)])
    joins = {"period_id": scene.period_id, "parent_id": parent.unit_id}
    filler.copy("participation", [joins | {"unit_id": child} for child in children])
    both = (parent.unit_id, *children)
    filler.copy("document", [_document(parent, one, scene) for one in both])
    filler.copy("revision", [_revision(parent, one) for one in both])
    filler.copy("report_value", (row for child in children for row in _values(child, scene)))
    filler.run(
        f"UPDATE revision SET frozen_at = '{MOMENT}', submitted_at = '{MOMENT}',"
        f" released_at = '{MOMENT}', sha256 = '{'0' * 64}' WHERE next_unit_id = {parent.unit_id}"
    )
    filler.run(f"UPDATE document SET released_number = 1 WHERE next_unit_id = {parent.unit_id}")
    return parent


def _around(filler: Filler, scene: Scene) -> None:
    """The rest of the country, which takes part too: a database counts by it how many units are
    usually below one.
    """
    for parent in range(AROUND, AROUND + 1000 * DISTRICTS, 1000):
        units = range(parent + 1, parent + 13)
        filler.copy("unit", [_unit(one, parent) for one in (parent, *units)])
        joins = {"period_id": scene.period_id, "parent_id": parent}
        filler.copy("participation", [joins | {"unit_id": one} for one in units])


def _unit(unit_id: int, parent_id: int) -> Row:
    top = unit_id == parent_id
    return {
        "id": unit_id,
        "level": "province" if top else "commune",
        "type": "tỉnh" if top else "xã",
        "name": f"{unit_id:07d}",
        "code": str(unit_id),
        "valid_from": "2020-01-01",
        "parent_id": None if top else parent_id,
        "path": f"{parent_id}." if top else f"{parent_id}.{unit_id}.",
        "sort_key": f"{unit_id:07d}",
        "search_key": f"{unit_id:07d}",
    }


def _document(parent: Summing, unit_id: int, scene: Scene) -> Row:
    top = unit_id == parent.unit_id
    return {
        "id": unit_id,
        "unit_id": unit_id,
        "unit_path": parent.path if top else f"{parent.path}{unit_id}.",
        "programme_id": scene.programme_id,
        "period_id": scene.period_id,
        "kind": "report_synthesis" if top else "report",
        "subperiod": "",
        "status": "draft" if top else "submitted",
        "status_since": MOMENT,
        "lock_version": 1,
        "mode": "final" if top else "approve",
        "next_unit_id": None if top else parent.unit_id,
        "feeds_synthesis": True,
        "head_number": 1,
        "sent_number": None if top else 1,
        "created_at": MOMENT,
    }


def _revision(parent: Summing, unit_id: int) -> Row:
    top = unit_id == parent.unit_id
    return {
        "id": unit_id,
        "document_id": unit_id,
        "number": 1,
        "unit_id": unit_id,
        "unit_path": parent.path if top else f"{parent.path}{unit_id}.",
        "next_unit_id": None if top else parent.unit_id,
        "created_at": MOMENT,
        "edit_count": 0,
        "absence_reason": "",
    }


_STATES = ("nil", "not_applicable", "not_applicable")
"""What one figure in a hundred is each, in place of a number."""


def _values(revision_id: int, scene: Scene) -> Iterator[Row]:
    for row in scene.indicators:
        dice = random.randrange(100)  # noqa: S311 - figures to sum
        state = _STATES[dice] if dice < len(_STATES) else "value"
        number = random.randrange(1, 400) if state == "value" else None  # noqa: S311 - as above
        yield {
            "revision_id": revision_id,
            "line_key": row.code,
            "indicator_id": row.id,
            "reported": state,
            "value": number,
            "cumulative": None if number is None else 2 * number,
            "reason": "",
            "version": 1,
        }


# --- Clubs --------------------------------------------------------------------------------


def _clubs(filler: Filler, clubs: int) -> None:
    """Provinces of 500 clubs, four to a commune, each club with its months' books."""
    for first in range(0, clubs, CLUBS_OF_A_PROVINCE):
        number = min(CLUBS_OF_A_PROVINCE, clubs - first)
        province = FIRST_CLUB_PROVINCE + 1000 * (first // CLUBS_OF_A_PROVINCE)
        communes = [province + 1 + at for at in range(-(-number // 4))]
        filler.copy("unit", [_unit(one, province) for one in (province, *communes)])
        places = [(first + at + 1, province, communes[at // 4]) for at in range(number)]
        filler.copy("club", [_club(*place) for place in places])
        filler.copy("club_book", (row for place in places for row in _books(*place)))


def _club(club_id: int, province: int, commune: int) -> Row:
    return {
        "id": club_id,
        "unit_id": commune,
        "unit_path": f"{province}.{commune}.",
        "number": club_id,
        "name": f"Câu lạc bộ {club_id}",
        "village": "",
        "founding_number": "",
        "founded_on": "2016-01-01",
        "areas": "[]",
        "has_income_fund": True,
        "has_operating_fund": bool(club_id % 3),
        "state": "active",
        "note": "",
        "version": 1,
        "created_at": MOMENT,
        "sort_key": f"{club_id:07d}",
        "search_key": f"{club_id:07d}",
    }


_PER_MONTH = {
    "meetings": 1,
    "attended": 40,
    "members": 60,
    "women": 38,
    "older": 42,
    "older_women": 30,
    "young": 18,
    "poor": 20,
    "ethnic": 12,
    "income_balance": 40_000_000,
    "operating_balance": 3_000_000,
    "borrowers": 14,
    "outstanding": 30_000_000,
    "overdue": 0,
    "health_checks": 20,
    "volunteers": 6,
    "homecare_persons": 9,
    "helped": 2,
}


def _books(club_id: int, province: int, commune: int) -> Iterator[Row]:
    for at in range(MONTHS):
        month = date(2016 + (at + 6) // 12, (at + 6) % 12 + 1, 1)
        yield {
            "club_id": club_id,
            "unit_id": commune,
            "unit_path": f"{province}.{commune}.",
            "month": month.isoformat(),
            **{name: value + (club_id + at) % 3 for name, value in _PER_MONTH.items()},
            "areas": '["income", "health", "culture"]',
            "difficulties": "",
            "version": 1,
            "saved_at": MOMENT,
            "saved_by": "",
        }


if __name__ == "__main__":
    sys.exit(main())
