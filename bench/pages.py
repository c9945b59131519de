"""How long the pages and the acts take beside a bare Flask page and a bare transaction.

    python -m bench.pages --communes 17 1000 10000 --database sqlite postgres

The floor page makes one indexed query and a table of fifty rows; the floor transaction writes an
event, a status and a mail row. Pages go through the whole application, in process, signed in;
acts through `operations.do`, committed. Wanted: a list page within 3 × the floor page, an act
within 5 × the floor transaction plus one floor page, both flat as communes grow.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from flask import Flask, render_template_string
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bench.common import DATABASES, Bench, Filler, medians, opened
from bench.synthesis import MOMENT, NOW, Parent, fill
from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.administration import sessions
from lth.administration.sessions import Origin
from lth.blueprints.web.current import SEEN_KEY, TOKEN_KEY
from lth.core import clock
from lth.core.database import reading
from lth.models.person import Role
from lth.models.unit import Level
from lth.workflow import operations
from lth.workflow.acts import Act
from lth.workflow.context import Inputs

PEOPLE = {Role.SPECIALIST: 2, Role.LEADER: 3, Role.CLERK: 4}
"""Person ids; the child's leader is the parent's, plus 10."""
BELOW = 10
WANTED_PAGE, WANTED_ACT = 3.0, 5.0

FLOOR_PAGE = """<!doctype html><html lang="vi"><title>x</title><body><table>
{% for row in rows %}<tr>{% for cell in row %}<td class="cell cell-of-the-table">{{ cell }}</td>
{% endfor %}<td><a href="/papers/{{ row[0] }}/somewhere/else">{{ row[3] }}</a></td></tr>{% endfor %}
</table></body></html>"""


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 where a page or an act takes more than wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communes", type=int, nargs="+", default=[17, 1000, 10_000])
    parser.add_argument("--database", choices=DATABASES, nargs="+", default=["sqlite"])
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args(arguments)
    missed = 0
    for kind in chosen.database:
        with opened(kind) as bench:
            parents, period_id = fill(bench, sorted(chosen.communes))
            with bench.filling() as filler:
                people(filler, parents)
                deadlines(filler, parents, period_id)
            prepare(bench, parents, chosen.rounds)
            for parent in parents:
                pages = measure_pages(bench, parent, period_id, chosen.rounds)
                missed += show(kind, parent, pages, measure_acts(bench, parent, chosen.rounds))
    return int(missed > 0)


def people(filler: Filler, parents: list[Parent]) -> None:
    """Somebody in each role at the parents and at each one's first commune."""
    ids = [*PEOPLE.values(), *(number + BELOW for number in PEOPLE.values())]
    plain = {"position": "", "language": "vi", "active": True, "created_at": MOMENT}
    names = {one: f"person {one}" for one in ids}
    filler.copy(
        "person",
        [
            {"id": one, "name": name, "sort_key": name, "search_key": name} | plain
            for one, name in names.items()
        ],
    )
    filler.copy(
        "credential",
        [{"person_id": one, "email": f"{one}@lth.example"} for one in ids],
    )
    held = [
        {"person_id": number + below, "unit_id": parent.unit_id + offset, "role": role.value}
        | {"valid_from": "2020-01-01"}
        for parent in parents
        for role, number in PEOPLE.items()
        for below, offset in ((0, 0), (BELOW, 1))
    ]
    filler.copy("role_assignment", held)


def deadlines(filler: Filler, parents: list[Parent], period_id: int) -> None:
    """One day for all communes of a parent, and one of its own for every tenth of them."""
    day = {"period_id": period_id, "kind": "plan", "grace_days": 0}
    days = day | {"due_on": "2026-06-10", "latest_on": "2026-06-10"}
    for parent in parents:
        own = range(parent.unit_id + 1, parent.unit_id + parent.communes, 10)
        filler.copy(
            "deadline",
            [days | {"setter_id": parent.unit_id, "unit_id": one} for one in (None, *own)],
        )


def measure_pages(bench: Bench, parent: Parent, period_id: int, rounds: int) -> dict[str, float]:
    """Median milliseconds of the floor page and of each page, taking turns."""
    child = parent.unit_id + 1
    client, floor = _signed_in(bench.app, parent), _floor_client(bench.engine, parent)
    inbox = f"/province/inbox?period={period_id}&kind=plan"
    last = -(-parent.communes // 50)
    pages = {
        "floor page": lambda: floor.get("/"),
        "desk": lambda: client.get("/province/"),
        "inbox": lambda: client.get(inbox),
        "inbox, last page": lambda: client.get(f"{inbox}&page={last}"),
        "work list": lambda: client.get("/province/work"),
        "work list, last page": lambda: client.get(f"/province/work?page={last}"),
        "work list, by due day": lambda: client.get("/province/work?order=due"),
        "work list, by name": lambda: client.get("/province/work?text=00"),
        "document": lambda: client.get(f"/province/documents/{child}"),
        "synthesis": lambda: client.get(f"/province/documents/{parent.document_id}/synthesis"),
    }
    for name, get in pages.items():
        answer = get()
        assert answer.status_code == 200, f"{name}: {answer.status_code}"
    return medians(pages, rounds)


def _signed_in(app: Flask, parent: Parent):
    client = app.test_client()
    with app.app_context(), Session(_engine(app)) as session, system(session, Purpose.LOAD):
        role = session.execute(
            text("SELECT id FROM role_assignment WHERE unit_id = :unit AND role = 'specialist'"),
            {"unit": parent.unit_id},
        ).scalar_one()
        age, now = timedelta(hours=12), clock.now()
        token = sessions.begin(session, PEOPLE[Role.SPECIALIST], Origin(), age, now)
        session.commit()
    with client.session_transaction() as cookie:
        cookie[TOKEN_KEY], cookie[SEEN_KEY] = token, int(now.timestamp()) // 60
        cookie["role"] = role
    return client


def _engine(app: Flask) -> Engine:
    from lth.blueprints.web.extensions import db  # noqa: PLC0415 - needs the application's context

    return db.engine


def _floor_client(engine: Engine, parent: Parent):
    """A bare Flask application: one query, one template, nothing else."""
    app = Flask("floor")
    query = text(
        "SELECT id, type, code, name, path, search_key FROM unit WHERE parent_id = :unit LIMIT 50"
    )

    @app.get("/")
    def page() -> str:
        with reading(), engine.connect() as connection:
            rows = connection.execute(query, {"unit": parent.unit_id}).all()
        return render_template_string(FLOOR_PAGE, rows=rows * (50 // max(1, len(rows)) or 1))

    return app.test_client()


ACTS = ("submit", "approve", "return")
TARGET_COLUMNS = (
    "revision_id",
    "line_key",
    "indicator_id",
    "phase_id",
    "comparator",
    "value_min",
    "scope",
    "counts_from",
    "sum_kind",
    "area_type",
    "wording",
    "source_ref",
    "flags",
    "version",
)


def prepare(bench: Bench, parents: list[Parent], rounds: int) -> None:
    """Put so many communes of each parent into the state that each act begins from."""
    columns = ", ".join(TARGET_COLUMNS)
    with bench.filling() as filler:
        for parent in parents:
            for act in ACTS:
                for child in _children(parent, act, rounds):
                    _begin(filler, parent, child, act, columns)
        if bench.kind == "postgres":  # which counts only the ids that it has given itself
            filler.run("SELECT setval('revision_id_seq', max(id)) FROM revision")


def _begin(filler: Filler, parent: Parent, child: int, act: str, columns: str) -> None:
    if act != "submit":
        filler.run(
            f"UPDATE document SET status = 'review', released_number = NULL WHERE id = {child}"
        )
        return
    again = 10_000_000 + child
    filler.run(
        "INSERT INTO revision (id, document_id, number, unit_id, unit_path, next_unit_id,"
        f" created_at, edit_count, absence_reason) VALUES ({again}, {child}, 2, {child},"
        f" '{parent.path}{child}.', {parent.unit_id}, '{MOMENT}', 0, '')"
    )
    copied = columns.replace("revision_id", str(again), 1)
    filler.run(
        f"INSERT INTO target ({columns}) SELECT {copied} FROM target WHERE revision_id = {child}"
    )
    filler.run(f"UPDATE document SET status = 'clearance', head_number = 2 WHERE id = {child}")


def _children(parent: Parent, act: str, rounds: int) -> range:
    """The communes that one act is measured on: the ones after the first, in three runs."""
    each = min(rounds, (parent.communes - 2) // len(ACTS))
    begin = parent.unit_id + 2 + ACTS.index(act) * each
    return range(begin, begin + each)


def measure_acts(bench: Bench, parent: Parent, rounds: int) -> dict[str, float]:
    """Median milliseconds of the floor transaction and of each act, each on a fresh commune."""
    above = replace(parent.actor, person_id=PEOPLE[Role.SPECIALIST])
    leader = replace(above, person_id=PEOPLE[Role.LEADER], role=Role.LEADER)
    taken: dict[str, list[float]] = {"floor transaction": []}
    runs = zip(*(_children(parent, act, rounds) for act in ACTS), strict=True)
    for number, children in enumerate(runs):
        taken["floor transaction"].append(
            _timed(lambda n=number: _floor_act(bench.engine, parent, n + 1))
        )
        for act, child in zip(ACTS, children, strict=True):
            actor = above if act == "return" else leader
            if act == "submit":
                actor = _leader_of(child, parent)
            work = _doing(bench.engine, actor, child, Act(act))
            taken.setdefault(act, []).append(_timed(work))
    return {name: statistics.median(times) for name, times in taken.items()}


def _leader_of(child: int, parent: Parent) -> Actor:
    place = (child, f"{parent.path}{child}.", "xã", Level.COMMUNE)
    return Actor(PEOPLE[Role.LEADER] + BELOW, "leader", 1, Role.LEADER, *place)


def _doing(engine: Engine, actor: Actor, child: int, act: Act) -> Callable[[], None]:
    def work() -> None:
        with Session(engine) as session:
            bind(session, Scope.of(actor))
            inputs = Inputs(reason="sửa lại")
            operations.do(session, actor, child, act, seen=1, now=NOW, inputs=inputs)
            session.commit()

    return work


def _floor_act(engine: Engine, parent: Parent, number: int) -> None:
    """An event with its link, the status and a mail row of the first commune, bare."""
    child, key = parent.unit_id + 1, f"{parent.unit_id:016x}{number:016x}"
    with Session(engine) as session, system(session, Purpose.LOAD):
        session.execute(
            text(
                "INSERT INTO trail_link (key, chain, seq, kind, form, at, digests, hash)"
                " VALUES (:key, :unit, :seq, 'event', 1, :at, '', '')"
            ),
            {"key": key, "unit": parent.unit_id, "seq": 1_000_000 + number, "at": NOW},
        )
        event = session.execute(
            text(
                "INSERT INTO event (document_id, seq, action, from_status, to_status,"
                " revision_number, at, person_id, role, unit_id, private, reason, data, link_key,"
                " person_name, person_position, unit_name, office_name, search_key)"
                " VALUES (:document, :seq, 'open', 'submitted', 'submitted', 1, :at, 2,"
                " 'specialist', :unit, :no, '', '{}', :key, '', '', '', '', '') RETURNING id"
            ),
            {
                **{"document": child, "seq": number, "at": NOW},
                **{"unit": parent.unit_id, "no": False, "key": key},
            },
        ).scalar_one()
        session.execute(
            text(
                "UPDATE document SET lock_version = :seq"
                " WHERE id = :document AND status = 'submitted'"
            ),
            {"seq": number, "document": child},
        )
        session.execute(
            text(
                "INSERT INTO outbox (event_id, person_id, unit_id, kind, data, delivery,"
                " created_at, due_at, attempts, last_error) VALUES (:event, 2, :unit, 'open', '{}',"
                " 'waiting', :at, :at, 0, '')"
            ),
            {"event": event, "unit": parent.unit_id, "at": NOW},
        )
        session.commit()


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def show(kind: str, parent: Parent, pages: dict[str, float], acts: dict[str, float]) -> int:
    """Print the figures with their ratios; how many are over what is wanted."""
    page, transaction = pages["floor page"], acts["floor transaction"]
    allowed = WANTED_ACT * transaction + page
    print(f"{kind}, {parent.communes} communes")
    missed = 0
    for name, taken in pages.items():
        over = name in LISTS and taken > WANTED_PAGE * page
        missed += over
        print(f"  {name:20} {taken:7.1f} ms  {taken / page:5.2f} × the floor{_mark(over)}")
    for name, taken in acts.items():
        over = name != "floor transaction" and taken > allowed
        missed += over
        print(
            f"  {name:20} {taken:7.1f} ms  {taken / allowed:5.2f} of what is allowed{_mark(over)}"
        )
    return missed


LISTS = {"desk", "inbox", "inbox, last page", "work list", "work list, last page"}


def _mark(over: bool) -> str:
    return "  over" if over else ""


if __name__ == "__main__":
    sys.exit(main())
