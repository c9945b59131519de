"""What the next step's issued document says to a unit below it: norms, titles, quotas."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lth.access.scope import Scope, documents_seen, revisions_seen
from lth.core.vietnamese import format_date
from lth.models import Document, Indicator, Quota, QuotaMove, Revision
from lth.models.quota import Move
from lth.quotas.ledger import LAST_MOVE
from lth.workflow.kinds import handing_down

Place = tuple[int, int]
"""Indicator id and phase id."""


def in_force(unit_id: int | None, period_id: int, scope: Scope) -> Select[tuple[Revision]]:
    """Select the revision in force of a unit's document for a period, as the scope sees it."""
    return (
        select(Revision)
        .join(
            Document,
            (Document.id == Revision.document_id) & (Document.in_force_number == Revision.number),
        )
        .where(
            Document.unit_id == unit_id,
            Document.period_id == period_id,
            Document.kind.in_(handing_down()),
            documents_seen(scope),
            revisions_seen(scope),
        )
    )


def assigned(
    document: Document, scope: Scope
) -> Select[tuple[int, int, int, Move | None, int | None]]:
    """Indicator, phase and figure of each quota that a document has from the next step's in force,
    with the last move over it and the figure (`said`) that the move speaks for.
    """
    found = given(document.unit_id, document.next_unit_id, document.period_id, scope)
    return found.outerjoin(QuotaMove, LAST_MOVE).add_columns(
        QuotaMove.move, QuotaMove.value.label("said")
    )


def given(
    unit_id: int, next_unit_id: int | None, period_id: int | None, scope: Scope
) -> Select[tuple[int, int, int]]:
    """Select what the next step's document in force assigns to a unit, in a period or in all."""
    statement = (
        select(Quota.indicator_id, Quota.phase_id, Quota.value)
        .join(Document, Document.id == Quota.document_id)
        .where(
            Quota.unit_id == unit_id,
            Document.unit_id == next_unit_id,
            Document.kind.in_(handing_down()),
            Document.in_force_number.is_not(None),
            documents_seen(scope),
        )
    )
    return statement if period_id is None else statement.where(Document.period_id == period_id)


def quotas(
    session: Session, unit_id: int, next_unit_id: int | None, period_id: int, scope: Scope
) -> dict[Place, tuple[Indicator, int]]:
    """List what the next step's document in force assigns to a unit, by indicator and phase."""
    statement = (
        given(unit_id, next_unit_id, period_id, scope)
        .join(Indicator, Indicator.id == Quota.indicator_id)
        .with_only_columns(Indicator, Quota.phase_id, Quota.value)
        .order_by(Indicator.ordinal, Quota.phase_id)
    )
    return {
        (indicator.id, phase_id): (indicator, value)
        for indicator, phase_id, value in session.execute(statement)
    }


def reference(revision: Revision) -> str:
    """Cite an issued revision as a document does: "304/QĐ-UBND ngày 09/02/2021"."""
    if revision.issued_on is None:
        raise ValueError(f"revision {revision.id} is not issued")
    return f"{revision.document_number} ngày {format_date(revision.issued_on)}"
