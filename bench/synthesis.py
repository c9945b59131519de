"""How long a synthesis takes beside the bare SQL that sums the same rows.

    python -m bench.synthesis --communes 17 1000 10000 --database sqlite

One parent for each number of communes, all in one database; every commune has a released plan of
40 indicators in two phases. `live` is what the page's figures come from, programme and rules
included; `sheet` everything the page shows; `take over` writes figures and receipt.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from bench.common import DATABASES, Bench, Filler, Row, medians, opened
from lth import synthesis
from lth.access.actor import Actor
from lth.access.scope import Scope, Sight, bind
from lth.core.database import reading
from lth.models import Document, Indicator, Period, Revision
from lth.models.content import Comparator, CountsFrom, TargetScope, sum_kind
from lth.models.person import Role
from lth.models.unit import Level
from lth.programmes import catalogue

NOW = datetime(2026, 5, 7, 5, 0, tzinfo=UTC)
INDICATORS, PHASES = 40, 2
WANTED = 1.5

BARE = text(
    "SELECT t.indicator_id, t.phase_id, SUM(t.value_min), COUNT(*) FROM document p"
    " JOIN revision r ON r.document_id = p.id AND r.number = p.released_number"
    " JOIN target t ON t.revision_id = r.id"
    " WHERE p.next_unit_id = :unit AND p.period_id = :period AND p.feeds_synthesis"
    " AND p.released_number IS NOT NULL"
    " GROUP BY t.indicator_id, t.phase_id"
)


@dataclass(frozen=True)
class Parent:
    """The unit that synthesises, its synthesis, and how many communes it has."""

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


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 where `live` takes more than wanted at the greatest number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communes", type=int, nargs="+", default=[17, 1000, 10_000])
    parser.add_argument("--database", choices=DATABASES, nargs="+", default=["sqlite"])
    parser.add_argument("--rounds", type=int, default=9)
    chosen = parser.parse_args(arguments)
    worst = 0.0
    for kind in chosen.database:
        with opened(kind) as bench:
            parents, period_id = fill(bench, sorted(chosen.communes))
            for parent in parents:
                rounds = chosen.rounds if parent.communes > 100 else 3 * chosen.rounds
                times = measure(bench.engine, parent, period_id, rounds)
                show(kind, parent, times)
                ratio = times["live"] / times["bare SQL"]
            worst = max(worst, ratio)
    return int(worst > WANTED)


def measure(engine: Engine, parent: Parent, period_id: int, rounds: int) -> dict[str, float]:
    """Median times in milliseconds. Each piece has a session and a transaction of its own."""

    def bare(session: Session) -> None:
        found = session.execute(BARE, {"unit": parent.unit_id, "period": period_id}).all()
        assert len(found) == INDICATORS * PHASES, len(found)

    def live(session: Session) -> None:
        document = session.get_one(Document, parent.document_id)
        assert len(synthesis.live(session, document, parent.scope)) >= INDICATORS * PHASES

    def sheet(session: Session) -> None:
        document = session.get_one(Document, parent.document_id)
        revision = session.scalars(
            select(Revision).where(Revision.document_id == document.id)
        ).one()
        found = synthesis.sheet(session, document, revision, parent.scope)
        assert found.counts.expected == parent.communes

    def take_over(session: Session) -> None:
        taken = synthesis.take_over(session, parent.actor, parent.document_id, now=NOW)
        assert taken.received == parent.communes

    def reads(work: Callable[[Session], None]) -> Callable[[], None]:
        def run() -> None:
            with reading(), Session(engine) as session:
                bind(session, parent.scope)
                work(session)

        return run

    def writes() -> None:
        with Session(engine) as session:
            bind(session, parent.scope)
            take_over(session)
            session.rollback()

    pieces = {"bare SQL": reads(bare), "live": reads(live), "sheet": reads(sheet)}
    return medians(pieces | {"take over": writes}, rounds)


def show(kind: str, parent: Parent, times: dict[str, float]) -> None:
    floor = times["bare SQL"]
    listed = ", ".join(
        f"{name} {taken:.1f} ms ({taken / floor:.2f}×)" for name, taken in times.items()
    )
    print(f"{kind}, {parent.communes} communes: {listed}")


# --- Filling ------------------------------------------------------------------------------

MOMENT = NOW.isoformat(sep=" ")


@dataclass(frozen=True)
class Place:
    """Where the documents are, and the cells of each."""

    programme_id: int
    period_id: int
    cells: list[tuple[Indicator, int]]


def fill(bench: Bench, numbers: list[int]) -> tuple[list[Parent], int]:
    """The catalogue, and a parent with so many communes for each number; the period's id."""
    with Session(bench.engine) as session:
        catalogue.install(session)
        session.commit()
        period = session.scalars(select(Period).where(Period.code == "2026-2035")).one()
        phases = [phase.id for phase in period.phases]
        rows = catalogue.indicators(session, period.programme_id)[:INDICATORS]
        cells = [(row, phase_id) for row in rows for phase_id in phases]
        place = Place(period.programme_id, period.id, cells)
        session.expunge_all()
    ids = count(1)
    with bench.filling() as filler:
        someone = {"id": 1, "name": "specialist", "position": "", "language": "vi"}
        keys = {"sort_key": "specialist", "search_key": "specialist"}
        filler.copy("person", [someone | keys | {"active": True, "created_at": MOMENT}])
        parents = [_parent(filler, number, ids, place) for number in numbers]
    return parents, place.period_id


def _parent(filler: Filler, number: int, ids: Iterator[int], place: Place) -> Parent:
    """Its unit, communes and documents; a document has the id of its unit and revision."""
    parent = Parent(number, *[next(ids)] * 2)
    children = [next(ids) for _ in range(number)]
    filler.copy("unit", [_unit(parent, one) for one in (parent.unit_id, *children)])
    joins = {"period_id": place.period_id, "parent_id": parent.unit_id}
    filler.copy("participation", [joins | {"unit_id": child} for child in children])
    filler.copy("document", [_document(parent, one, place) for one in (parent.unit_id, *children)])
    filler.copy("revision", [_revision(parent, one) for one in (parent.unit_id, *children)])
    filler.copy("target", (row for child in children for row in _targets(child, place)))
    filler.run(
        f"UPDATE revision SET frozen_at = '{MOMENT}', submitted_at = '{MOMENT}',"
        f" released_at = '{MOMENT}', sha256 = '{'0' * 64}' WHERE next_unit_id = {parent.unit_id}"
    )
    filler.run(f"UPDATE document SET released_number = 1 WHERE next_unit_id = {parent.unit_id}")
    return parent


def _unit(parent: Parent, unit_id: int) -> Row:
    top = unit_id == parent.unit_id
    return {
        "id": unit_id,
        "level": "province" if top else "commune",
        "type": "tỉnh" if top else "xã",
        "name": f"{unit_id:06d}",
        "code": str(unit_id),
        "valid_from": "2025-07-01",
        "parent_id": None if top else parent.unit_id,
        "path": parent.path if top else f"{parent.path}{unit_id}.",
        "sort_key": f"{unit_id:06d}",
        "search_key": f"{unit_id:06d}",
    }


def _document(parent: Parent, unit_id: int, place: Place) -> Row:
    top = unit_id == parent.unit_id
    return {
        "id": unit_id,
        "unit_id": unit_id,
        "unit_path": parent.path if top else f"{parent.path}{unit_id}.",
        "programme_id": place.programme_id,
        "period_id": place.period_id,
        "kind": "synthesis" if top else "plan",
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


def _revision(parent: Parent, unit_id: int) -> Row:
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


def _targets(revision_id: int, place: Place) -> Iterator[Row]:
    for row, phase_id in place.cells:
        comparator = random.choice((Comparator.EQ, Comparator.EQ, Comparator.GTE))  # noqa: S311 - figures to sum
        meaning, scope = CountsFrom(row.extra["counts_from"]), TargetScope(row.extra["scope"])
        yield {
            "revision_id": revision_id,
            "line_key": f"{row.code}@{phase_id}",
            "indicator_id": row.id,
            "phase_id": phase_id,
            "comparator": comparator.value,
            "value_min": random.randrange(1, 400),  # noqa: S311 - figures to sum
            "scope": scope.value,
            "counts_from": meaning.value,
            "sum_kind": sum_kind(comparator, meaning, scope),
            "numerator_code": row.numerator_code,
            "denominator_code": row.denominator_code,
            "area_type": "all",
            "wording": "",
            "source_ref": "",
            "flags": "[]",
            "version": 1,
        }


if __name__ == "__main__":
    sys.exit(main())
