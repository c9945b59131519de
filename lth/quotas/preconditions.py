"""What every move over a quota asks first: whose it is, what was seen, who else is moving."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.core.errors import NotFoundError, NotNowError, NotYoursError, StaleError
from lth.core.i18n import N_, Message
from lth.models import Document, Quota, QuotaMove
from lth.models.person import Role
from lth.quotas.ledger import MOVE_LABEL, QuotaStanding
from lth.workflow import documents

GIVERS = frozenset({Role.CLERK, Role.SPECIALIST, Role.LEADER})
"""Who hands quotas down and settles them at the giving unit, once the leader has issued."""

RECEIVERS = (Role.CLERK, Role.LEADER)
"""Who answers at the unit below, and so is told."""


def gives(actor: Actor, programme_id: int) -> bool:
    """Tell whether the actor hands down at their unit what a programme's document holds."""
    return actor.role in GIVERS and actor.covers(True, programme_id)


def receives(actor: Actor, programme_id: int) -> bool:
    """Tell whether the actor answers at their unit what a programme's document above assigns."""
    return actor.role in RECEIVERS and actor.covers(True, programme_id)


LARGEST = 10**14
"""The largest figure of a quota: ten thousand of it still sum within 64 bits."""


def own_document(session: Session, actor: Actor, document_id: int) -> Document:
    """Lock the actor's own unit's document in force until the transaction ends.

    Raises NotFoundError, NotYoursError and NotNowError.
    """
    document = documents.lock(session, document_id, Scope.of(actor))
    if actor.unit_id != document.unit_id or not gives(actor, document.programme_id):
        raise NotYoursError(
            Message(
                N_("Chỉ cán bộ, chuyên viên và lãnh đạo của đơn vị giao mới làm được việc này.")
            )
        )
    if not document.kind.hands_down:
        raise NotFoundError
    if document.in_force_number is None:
        raise NotNowError(Message(N_("Chỉ giao chỉ tiêu khi kế hoạch đã ban hành.")))
    return document


def newest_move(session: Session, document_id: int) -> int:
    """Return the id of the newest move over a document's quotas; 0 before there is any."""
    statement = (
        select(func.max(QuotaMove.id))
        .join(Quota, Quota.id == QuotaMove.quota_id)
        .where(Quota.document_id == document_id)
    )
    return session.scalar(statement) or 0


def require_seen(shown: Sequence[QuotaStanding], seen: int) -> None:
    """Raises StaleError where one of these quotas has moved since the page was made."""
    newer = [one for one in shown if one.last is not None and one.last.id > seen]
    if newer:
        raise overtaken(max(newer, key=lambda one: one.seq))


def overtaken(one: QuotaStanding) -> StaleError:
    """Says who moved last over a quota, and what they did."""
    last = one.last
    if last is None:
        return StaleError(Message(N_("Chỉ tiêu vừa có thay đổi. Hãy xem lại trước khi thực hiện.")))
    return StaleError(
        Message(
            N_(
                "%(person)s vừa cập nhật chỉ tiêu giao cho %(unit)s (%(move)s) sau khi anh/chị "
                "mở trang. Hãy xem lại trước khi thực hiện."
            ),
            {
                "person": last.person_name,
                "unit": one.unit.full_name,
                "move": Message(MOVE_LABEL[last.move]),
            },
        )
    )


@contextmanager
def one_move() -> Iterator[None]:
    """Let the unique key keep one of two who move at once over a quota. Raises StaleError."""
    try:
        yield
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in _TWICE):
            raise
        raise StaleError(
            Message(N_("Chỉ tiêu vừa có thay đổi. Hãy xem lại trước khi thực hiện."))
        ) from error


_TWICE = (
    "uq_quota_move_quota_id_seq",
    "quota_move.quota_id, quota_move.seq",
    "uq_quota_document_id_unit_id_indicator_id_phase_id",
    "quota.document_id, quota.unit_id, quota.indicator_id, quota.phase_id",
)
"""How PostgreSQL and SQLite name the keys that two at once run into."""
