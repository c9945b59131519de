"""Several people over one quota at once, in threads and sessions of their own: one move counts,
and the others are told.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from support import draftworld as world
from support.draftworld import NOON

from lth import quotas
from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.core.errors import LthError, StaleError
from lth.models import Document, Indicator, OutboxMessage, Quota, QuotaMove, Unit
from lth.models.quota import Move, SplitRule
from lth.quotas import Handed, Reply

Work = Callable[[Session, Actor], Any]


@pytest.fixture
def dataset() -> str:
    return "drafting"


@pytest.fixture
def quota(session: Session) -> Quota:
    """Tập Sơn's three clubs, written before there was a ledger."""
    with system(session, Purpose.LOAD):
        found = session.scalars(
            select(Quota)
            .join(Unit, Unit.id == Quota.unit_id)
            .join(Indicator, Indicator.id == Quota.indicator_id)
            .where(Unit.name == "Tập Sơn", Indicator.code == "clubs_new")
        ).one()
        session.expunge(found)
    session.rollback()
    return found


@pytest.fixture
def at_once(engine: Engine, session: Session) -> Callable[..., tuple[list[Any], list[LthError]]]:
    """Have people do things at the same moment: what came of it, and the refusals."""

    def run(*pairs: tuple[str, Work]) -> tuple[list[Any], list[LthError]]:
        works = [(world.actor(session, who), work) for who, work in pairs]
        session.rollback()
        start = Barrier(len(works), timeout=30)
        with ThreadPoolExecutor(len(works)) as pool:
            found = list(pool.map(lambda one: _alone(engine, start, *one), works))
        refused = [one for one in found if isinstance(one, LthError)]
        return [one for one in found if not isinstance(one, LthError)], refused

    return run


def _alone(engine: Engine, start: Barrier, actor: Actor, work: Work) -> Any:
    with Session(engine) as session:
        bind(session, Scope.of(actor))
        start.wait()
        try:
            result = work(session, actor)
            session.commit()
        except LthError as error:
            session.rollback()
            return error
        return result


def moves(session: Session, quota: Quota) -> list[tuple[int, Move]]:
    with system(session, Purpose.RECONCILE):
        statement = select(QuotaMove.seq, QuotaMove.move).where(QuotaMove.quota_id == quota.id)
        return [tuple(row) for row in session.execute(statement.order_by(QuotaMove.seq))]


def letters(session: Session) -> int:
    with system(session, Purpose.RECONCILE):
        return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def answering(quota: Quota, value: int | None) -> Work:
    said = Reply(quota.id, 0, value is None, value, "Ấp mới sáp nhập.")

    def work(session: Session, actor: Actor) -> str:
        quotas.answer(session, actor, quota.document_id, [said], now=NOON)
        return actor.person_name

    return work


def test_of_two_who_answer_at_once_one_does(session, quota, at_once):
    done, refused = at_once(
        ("clerk@tapson", answering(quota, None)), ("leader@tapson", answering(quota, 2))
    )
    assert len(done) == 1
    assert [type(one) for one in refused] == [StaleError]
    assert [seq for seq, _ in moves(session, quota)] == [1]
    assert letters(session) == 2


def test_a_hand_down_and_an_answer_at_once_leave_one_ledger(session, quota, at_once):
    values = {quota.unit_id: 5}

    def hand_down(session: Session, actor: Actor) -> str:
        document = session.get_one(Document, quota.document_id)
        below = quotas.receivers(session, document, Scope.of(actor))
        parts = {one.unit.id: values.get(one.unit.id, 4) for one in below}
        place = (quota.indicator_id, quota.phase_id)
        share = Handed(place, SplitRule.BY_HAND, sum(parts.values()), parts)
        quotas.hand_down(session, actor, document.id, [share], reply_by=None, seen=0, now=NOON)
        return actor.person_name

    done, refused = at_once(
        ("specialist@tracu", hand_down),
        ("leader@tracu", hand_down),
        ("clerk@tapson", answering(quota, 2)),
    )
    assert len(done) == 1
    assert [type(one) for one in refused] == [StaleError, StaleError]
    assert [seq for seq, _ in moves(session, quota)] == [1]


def test_of_two_who_settle_at_once_one_does(session, quota, at_once):
    at_once(("clerk@tapson", answering(quota, 2)))

    def settling(move: Move) -> Work:
        def work(session: Session, actor: Actor) -> str:
            told = {"seen": 1, "reason": "Đã cân đối.", "now": NOON}
            quotas.settle(session, actor, quota.document_id, quota.id, move, **told)
            return actor.person_name

        return work

    done, refused = at_once(
        ("specialist@tracu", settling(Move.GRANT)), ("leader@tracu", settling(Move.KEEP))
    )
    assert len(done) == 1
    (error,) = refused
    assert isinstance(error, StaleError)
    assert done[0] in str(error)
    assert len(moves(session, quota)) == 2
