"""Which revisions a synthesis adds up, and the grid that they are added up in.

Each source is a sub-select over `Document` with the revisions' ids, kinds and hashes. Released
revisions never change, so what a receipt names can always be added up again, and what is taken
over is exactly what its receipt holds.
"""

from collections.abc import Sequence

from sqlalchemy import Select, Subquery, and_, bindparam, select, tuple_
from sqlalchemy.orm import Session

from lth.access.scope import Scope, revisions_seen
from lth.models import Document, Indicator, Participation, Phase, Receipt, Revision
from lth.synthesis.children import counts
from lth.synthesis.totals import Grid


def grid(session: Session, document: Document) -> Grid:
    """The document's indicators and phases, in one query."""
    statement = (
        select(Indicator, Phase)
        .join(Phase, Phase.period_id == document.period_id)
        .where(Indicator.programme_id == document.programme_id)
        .order_by(Indicator.ordinal, Indicator.id, Phase.ordinal)
    )
    rows = session.execute(statement).all()
    return Grid({row.id: row for row, _ in rows}, {phase.id: phase for _, phase in rows})


def released() -> Subquery:
    """What the units below have released: approved, or issued and acknowledged, and standing.

    Takes the parameters of `below`. Whoever sees below a unit at all (`children.sees_below`) sees
    all of it, so the scope is asked once, there, and not of each row.
    """
    return (
        _columns()
        .join(
            Participation,
            and_(
                Participation.period_id == Document.period_id,
                Participation.unit_id == Document.unit_id,
                Participation.parent_id == Document.next_unit_id,
            ),
        )
        .join(
            Revision,
            and_(Revision.document_id == Document.id, Revision.number == Document.released_number),
        )
        .where(
            Document.next_unit_id == bindparam("unit_id"),
            Document.period_id == bindparam("period_id"),
            counts(Document),
            Revision.released_at.is_not(None),
            Revision.withdrawn_at.is_(None),
        )
        .subquery("counted")
    )


def below(document: Document) -> dict[str, int]:
    """The parameters of `released`."""
    return {"unit_id": document.unit_id, "period_id": document.period_id}


def received() -> Subquery:
    """What the receipt of a synthesis revision (parameter `revision_id`) names."""
    return (
        _columns()
        .join(Receipt, Receipt.document_id == Document.id)
        .join(
            Revision, and_(Revision.document_id == Document.id, Revision.number == Receipt.number)
        )
        .where(Receipt.revision_id == bindparam("revision_id"))
        .subquery("counted")
    )


def these(pairs: Sequence[tuple[int, int]], scope: Scope) -> Subquery:
    """Some revisions, by document and number, as far as the scope sees them."""
    return (
        _columns()
        .join(Revision, Revision.document_id == Document.id)
        .where(tuple_(Revision.document_id, Revision.number).in_(pairs), revisions_seen(scope))
        .subquery("counted")
    )


def _columns() -> Select:
    return select(
        Revision.id.label("revision_id"),
        Document.kind.label("kind"),
        Document.id.label("document_id"),
        Document.unit_id.label("unit_id"),
        Revision.number.label("number"),
        Revision.sha256.label("sha256"),
    ).select_from(Document)
