"""Đã tổng hợp: a label derived from receipts, no state and no event."""

from collections.abc import Iterable

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from lth.access.scope import Purpose, system
from lth.models import Document, Receipt, Revision
from lth.workflow.states import SENT

# Made once: that costs more than to run it.
_SYNTHESIS, _FROZEN = aliased(Document), aliased(Revision)
_CONSOLIDATED = (
    select(Document.id)
    .join(
        Receipt, (Receipt.document_id == Document.id) & (Receipt.number == Document.released_number)
    )
    .join(_FROZEN, _FROZEN.id == Receipt.revision_id)
    .join(_SYNTHESIS, _SYNTHESIS.id == _FROZEN.document_id)
    .where(
        Document.id.in_(bindparam("ids", expanding=True)),
        _SYNTHESIS.unit_id == Document.next_unit_id,
        _SYNTHESIS.status.in_(SENT),
        or_(
            _FROZEN.number == _SYNTHESIS.sent_number,
            _FROZEN.number == _SYNTHESIS.in_force_number,
        ),
    )
)


def consolidated(session: Session, document_ids: Iterable[int]) -> set[int]:
    """Those of the plans whose counted revision is in a standing synthesis of their next step.

    Standing: submitted, under review, approved or issued, with the revision that was sent or is
    in force. The ids come from a read within a scope; that one fact about each the label tells,
    even to those who do not see the synthesis.
    """
    ids = list(document_ids)
    if not ids:
        return set()
    with system(session, Purpose.LABEL):
        return set(session.scalars(_CONSOLIDATED, {"ids": ids}))
