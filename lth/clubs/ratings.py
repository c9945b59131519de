"""Ratings of clubs: read by a scope, by the card that holds for them; and setting a card."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, system
from lth.administration import audit
from lth.clubs import register
from lth.clubs.score_card import SAMPLE, CardTerms, ClubScore, score
from lth.core.errors import NotYoursError, StaleError
from lth.core.i18n import N_, Message
from lth.models import Area, Club, ClubBook, Programme, ScoreCard
from lth.models.club import ClubState

MOST_MONTHS = 36
"""Of how many months a rating may be the last."""


@dataclass(frozen=True)
class CardInForce:
    """A card as it holds in a province; version 0 is the sample, which nobody has changed."""

    terms: CardTerms
    version: int = 0


def top_of(scope: Scope) -> int | None:
    """Return the unit at the top of a scope's line, whose card holds there."""
    return next(iter([*scope.ancestor_ids, scope.unit_id]))


def card(session: Session, programme_id: int, scope: Scope) -> CardInForce:
    """Find the card that holds for a scope's clubs: its province's, or the sample; one query."""
    statement = select(ScoreCard).where(
        ScoreCard.programme_id == programme_id, ScoreCard.unit_id == top_of(scope)
    )
    row = session.scalars(statement).first()
    return CardInForce(CardTerms.of_data(row.data), row.version) if row else CardInForce(SAMPLE)


def running(session: Session, scope: Scope) -> Sequence[Club]:
    """List the clubs that run, in the scope, with their units, by name."""
    statement = (
        select(Club)
        .where(register.seen(scope), Club.state == ClubState.ACTIVE)
        .options(joinedload(Club.unit))
        .order_by(Club.unit_path, Club.sort_key, Club.id)
    )
    return session.scalars(statement).all()


def scores(
    session: Session,
    clubs: Iterable[Club],
    months: Sequence[date],
    programme_id: int,
    terms: CardTerms,
) -> list[ClubScore]:
    """Rate clubs, which the caller has read within the scope, by some months; in two queries."""
    wanted = list(clubs)
    areas = session.scalars(
        select(Area).where(Area.programme_id == programme_id).order_by(Area.ordinal)
    ).all()
    books: dict[int, list[ClubBook]] = {club.id: [] for club in wanted}
    statement = select(ClubBook).where(
        ClubBook.club_id.in_(books), ClubBook.month.in_(list(months))
    )
    for book in session.scalars(statement):
        books[book.club_id].append(book)
    return [score(club, books[club.id], _months_of(club, months), areas, terms) for club in wanted]


def _months_of(club: Club, months: Sequence[date]) -> int:
    """Count the months in which the club was there: one founded later is not asked for earlier."""
    first = club.founded_on.replace(day=1)
    return sum(month >= first for month in months)


def months_kept(session: Session, scope: Scope) -> Sequence[date]:
    """List the months of which the scope has books that were sent, the newest first, three years
    of them at most.
    """
    seen = select(Club.id).where(register.seen(scope))
    statement = (
        select(ClubBook.month)
        .where(ClubBook.club_id.in_(seen), ClubBook.sent_at.is_not(None))
        .distinct()
        .order_by(ClubBook.month.desc())
        .limit(MOST_MONTHS)
    )
    return session.scalars(statement).all()


def months_until(last: date, count: int) -> list[date]:
    """List the first days of some months, of which a day's is the last."""
    return [*months_before(last, count - 1), last.replace(day=1)]


def months_before(day: date, count: int) -> list[date]:
    """List the first days of the months before that of a day, the earliest first."""
    at = day.year * 12 + day.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(at - count, at)]


def programmes(session: Session, on: date) -> Sequence[Programme]:
    """List the programmes that run on a day, the newest first; all of them where none does."""
    statement = select(Programme).order_by(Programme.starts_on.desc(), Programme.id)
    found = session.scalars(statement).all()
    return [one for one in found if one.starts_on <= on <= one.ends_on] or found


def save_card(
    session: Session, actor: Actor, programme_id: int, terms: CardTerms, seen: int, now: datetime
) -> None:
    """Set the card of a province for all clubs in it; the caller commits.

    Raises:
        NotYoursError: for anybody but those who write in the unit at the top.
        StaleError: where somebody has changed it since the version that was seen.
        RefusedError: naming the form's field, for marks that contradict one another.
    """
    scope = Scope.of(actor)
    if actor.unit_id is None or not scope.writes or top_of(scope) != actor.unit_id:
        raise NotYoursError(Message(N_("Chỉ cấp tỉnh đặt bảng chấm điểm cho các câu lạc bộ.")))
    terms.check()
    statement = (
        select(ScoreCard)
        .where(ScoreCard.programme_id == programme_id, ScoreCard.unit_id == actor.unit_id)
        .with_for_update()
    )
    row = session.scalars(statement).first()
    if (row.version if row is not None else 0) != seen:
        text = N_("Bảng chấm điểm vừa được người khác sửa sau khi anh/chị mở trang. Hãy xem lại.")
        raise StaleError(Message(text))
    before = row.data if row is not None else SAMPLE.as_data()
    after = terms.as_data()
    if row is None:
        row = ScoreCard(programme_id=programme_id, unit_id=actor.unit_id, data={}, version=0)
        session.add(row)
    row.data, row.version, row.changed_at = after, row.version + 1, now
    changes = {f"score_card.{key}": (before[key], after[key]) for key in after}
    subject = session.get_one(Programme, programme_id).code
    with system(session, Purpose.LABEL):
        audit.record(
            *(session, actor.unit_id, "score_card.changed", actor.person_id, subject, changes),
            now=now,
            actor=actor,
        )
    session.flush()
