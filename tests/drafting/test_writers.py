"""Writers at once, on real threads and connections: no write is lost, no conflict overlooked."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from support import draftworld as world
from support.draftworld import NOON

from lth import drafting
from lth.access.scope import Scope, bind
from lth.core.database import unit_of_work
from lth.drafting import Source, TargetEdit
from lth.models import Revision, Target

WRITERS = 8
CODES = (
    "clubs_closed",
    "clubs_total",
    "members_poor",
    "members_ethnic",
    "volunteers",
    "helped_cases",
    "homecare_persons",
    "health_checks",
)


@pytest.fixture
def dataset():
    return "drafting"


@pytest.fixture
def document_id(session):
    document_id = world.start(session, source=Source.ABOVE).id
    session.commit()
    return document_id


def at_once(engine, work, count=WRITERS):
    """Run `work(session, nth)` in a thread each, all let go together; what each returned."""
    start = Barrier(count)

    def one(nth):
        with Session(engine) as session:
            start.wait(timeout=30)
            with unit_of_work(session):
                return work(session, nth)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def written(session, document_id):
    world.acting(session, "clerk@tapson")
    session.expire_all()
    statement = (
        select(Target)
        .join(Revision, Revision.id == Target.revision_id)
        .where(Revision.document_id == document_id)
    )
    return {line.line_key: line for line in session.scalars(statement)}


def test_writers_of_different_cells_lose_nothing(engine, session, document_id):
    actors = [world.actor(session, f"clerk{nth}@tapson") for nth in ("", "2")]
    session.commit()

    def save(own, nth):
        actor = actors[nth % 2]
        bind(own, Scope.of(actor))
        edit = TargetEdit(f"{CODES[nth]}@2021", 0, str(nth + 1))
        return drafting.save_targets(own, actor, document_id, [edit], now=NOON)

    results = at_once(engine, save)
    assert all(result.complete for result in results)
    found = written(session, document_id)
    assert [found[f"{code}@2021"].value_min for code in CODES] == list(range(1, WRITERS + 1))
    versions = [version for result in results for version in result.saved.values()]
    first = min(versions)
    assert first > 1 and sorted(versions) == list(range(first, first + WRITERS))


def test_of_writers_of_one_cell_one_is_saved_and_the_others_are_told(engine, session, document_id):
    actor = world.actor(session, "clerk@tapson")
    session.commit()

    def save(own, nth):
        bind(own, Scope.of(actor))
        edit = TargetEdit("clubs_new@2021", 1, str(10 + nth))
        return drafting.save_targets(own, actor, document_id, [edit], now=NOON)

    results = at_once(engine, save)
    winners = [result for result in results if result.complete]
    assert len(winners) == 1
    kept = written(session, document_id)["clubs_new@2021"].value_min
    assert winners[0].typed["clubs_new@2021"].value == str(kept)
    for result in results:
        for conflict in result.conflicts.values():
            assert conflict.theirs.value == kept and conflict.by == "clerk@tapson"


def test_of_writers_of_one_section_one_is_saved(engine, session, document_id):
    actor = world.actor(session, "clerk@tapson")
    session.commit()

    def save(own, nth):
        bind(own, Scope.of(actor))
        return drafting.save_section(
            own, actor, document_id, "s.purpose", f"bản {nth}", seen=1, now=NOON
        )

    results = at_once(engine, save)
    kept = [result for result in results if result.saved]
    assert len(kept) == 1
    assert len({result.conflict.theirs for result in results if result.conflict}) == 1
