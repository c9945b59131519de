"""How long the tick takes to write its rows beside a bare bulk insert of the same rows.

    python -m bench.tick --communes 3321 --database sqlite postgres

The communes of 34 provinces, every other one late with a plan that is due at the third rung after
its day: clerk and leader of each are told, and the specialists of each province of all of theirs.
`again` is a tick that finds everything written. Each takes a transaction of its own, rolled back
afterwards. Wanted: under three seconds on SQLite.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from bench.common import DATABASES, Bench, Filler, Row, medians, opened
from lth.access.scope import Purpose, system
from lth.models import OutboxMessage, Period
from lth.models.person import Role
from lth.notifications import reminders
from lth.programmes import catalogue
from lth.workflow.kinds import PLAN

PROVINCES = 34
SPECIALISTS = 2
DUE = date(2026, 5, 15)
NOW = datetime(2026, 5, 20, 1, 0, tzinfo=UTC)
"""The morning of the third working day after the day."""

MOMENT = datetime(2026, 4, 1, 2, 0, tzinfo=UTC).isoformat(sep=" ")
WANTED_SECONDS = 3.0


@dataclass(frozen=True)
class Commune:
    """A commune, whether it is late, and its plan, which has the same id."""

    id: int
    province_id: int
    late: bool

    @property
    def path(self) -> str:
        return f"{self.province_id}.{self.id}."


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 where SQLite takes longer than wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communes", type=int, nargs="+", default=[3321])
    parser.add_argument("--database", choices=DATABASES, nargs="+", default=["sqlite"])
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args(arguments)
    slow = False
    for kind in chosen.database:
        for number in chosen.communes:
            with opened(kind) as bench:
                fill(bench, number)
                times, rows = measure(bench.engine, chosen.rounds)
            show(kind, number, rows, times)
            slow |= kind == "sqlite" and times["tick"] > WANTED_SECONDS * 1000
    return int(slow)


def measure(engine: Engine, rounds: int) -> tuple[dict[str, float], int]:
    """Median milliseconds of each piece, and how many rows there are to write."""
    rows = _rows(engine)

    def bare(session: Session) -> None:
        session.execute(insert(OutboxMessage.__table__), rows)

    def tick(session: Session) -> None:
        assert reminders.write(session, NOW) == len(rows)

    def again(session: Session) -> None:
        assert reminders.write(session, NOW) == 0

    def within(work: Callable[[Session], None]) -> Callable[[], None]:
        def run() -> None:
            with Session(engine) as session, system(session, Purpose.TICK):
                work(session)
                session.rollback()

        return run

    times = medians({"bare insert": within(bare), "tick": within(tick)}, rounds)
    with Session(engine) as session:
        reminders.write(session, NOW)
        session.commit()
    return times | medians({"again": within(again)}, rounds), len(rows)


def _rows(engine: Engine) -> list[Row]:
    """What a tick writes."""
    table = OutboxMessage.__table__
    with Session(engine) as session, system(session, Purpose.TICK):
        reminders.write(session, NOW)
        assert session.scalar(select(func.count()).select_from(table))
        names = [column.name for column in table.columns if column.name != "id"]
        found = session.execute(select(*(table.c[name] for name in names))).mappings().all()
        session.rollback()
        return [dict(row) for row in found]


def show(kind: str, communes: int, rows: int, times: dict[str, float]) -> None:
    floor = times["bare insert"]
    listed = ", ".join(
        f"{name} {taken / 1000:.3f} s ({taken / floor:.2f}×)" for name, taken in times.items()
    )
    print(f"{kind}, {communes} communes, {rows} rows: {listed}")


# --- Filling ------------------------------------------------------------------------------


def fill(bench: Bench, number: int) -> None:
    """The provinces and communes, their people, the plans that were begun, and the deadlines."""
    with Session(bench.engine) as session:
        catalogue.install(session)
        session.commit()
        period = session.scalars(select(Period).where(Period.code == "2026-2035")).one()
        programme_id, period_id = period.programme_id, period.id
        session.expunge_all()
    provinces = range(1, PROVINCES + 1)
    communes = [
        Commune(PROVINCES + 1 + one, 1 + one % PROVINCES, (one // PROVINCES) % 2 == 0)
        for one in range(number)
    ]
    with bench.filling() as filler:
        filler.copy("unit", [_unit(one, None, f"{one}.") for one in provinces])
        filler.copy("unit", [_unit(one.id, one.province_id, one.path) for one in communes])
        joins = {"period_id": period_id}
        filler.copy(
            "participation",
            [joins | {"unit_id": one.id, "parent_id": one.province_id} for one in communes],
        )
        filler.copy(
            "deadline",
            [_deadline(number, one, period_id) for number, one in enumerate(provinces, start=1)],
        )
        _documents(filler, communes, programme_id, period_id)
        _people(filler, provinces, communes)


def _unit(unit_id: int, parent_id: int | None, path: str) -> Row:
    return {
        "id": unit_id,
        "level": "commune" if parent_id else "province",
        "type": "xã" if parent_id else "tỉnh",
        "name": f"{unit_id:06d}",
        "code": str(unit_id),
        "valid_from": "2025-07-01",
        "parent_id": parent_id,
        "path": path,
        "sort_key": f"{unit_id:06d}",
        "search_key": f"{unit_id:06d}",
    }


def _deadline(number: int, setter_id: int, period_id: int) -> Row:
    return {
        "id": number,
        "setter_id": setter_id,
        "period_id": period_id,
        "kind": str(PLAN),
        "due_on": DUE.isoformat(),
        "grace_days": 0,
        "latest_on": DUE.isoformat(),
    }


def _documents(filler: Filler, communes: list[Commune], programme_id: int, period_id: int) -> None:
    """Of those who are late every third has begun none."""
    begun = [one for one in communes if not one.late or one.id % 3]
    of_round = {"programme_id": programme_id, "period_id": period_id, "kind": str(PLAN)}
    filler.copy("document", [_document(one) | of_round for one in begun])
    filler.copy("revision", [_revision(one) for one in begun])
    filler.copy(
        "revision_editor", [{"revision_id": one.id, "person_id": 2 * one.id} for one in begun]
    )


def _document(one: Commune) -> Row:
    return {
        "id": one.id,
        "unit_id": one.id,
        "unit_path": one.path,
        "subperiod": "",
        "status": "draft" if one.late else "submitted",
        "status_since": MOMENT,
        "lock_version": 1,
        "mode": "approve",
        "next_unit_id": one.province_id,
        "feeds_synthesis": True,
        "head_number": 1,
        "sent_number": None if one.late else 1,
        "created_at": MOMENT,
    }


def _revision(one: Commune) -> Row:
    return {
        "id": one.id,
        "document_id": one.id,
        "number": 1,
        "unit_id": one.id,
        "unit_path": one.path,
        "next_unit_id": one.province_id,
        "created_at": MOMENT,
        "edit_count": 0,
        "absence_reason": "",
    }


def _people(filler: Filler, provinces: range, communes: list[Commune]) -> None:
    """A commune's clerk has twice its id, its leader one more; a province's come before them."""
    posts = [
        *((2 * one.id, one.id, Role.CLERK) for one in communes),
        *((2 * one.id + 1, one.id, Role.LEADER) for one in communes),
        *(
            (2 * province + number, province, Role.SPECIALIST)
            for province in provinces
            for number in range(SPECIALISTS)
        ),
    ]
    filler.copy("person", (_person(person_id) for person_id, _, _ in posts))
    filler.copy("role_assignment", _posts(posts))


def _person(person_id: int) -> Row:
    name = f"person {person_id}"
    return {
        "id": person_id,
        "name": name,
        "sort_key": name,
        "search_key": name,
        "position": "",
        "language": "vi",
        "active": True,
        "created_at": MOMENT,
    }


def _posts(posts: list[tuple[int, int, Role]]) -> Iterator[Row]:
    for person_id, unit_id, role in posts:
        held = {"person_id": person_id, "unit_id": unit_id, "role": role.value}
        yield held | {"valid_from": "2020-01-01"}


if __name__ == "__main__":
    sys.exit(main())
