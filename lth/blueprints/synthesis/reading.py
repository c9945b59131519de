"""Find the synthesis that an address names, as its reader may see it."""

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.blueprints.web import current
from lth.blueprints.web.layout import mark_section
from lth.blueprints.web.other_role import opens_for
from lth.core.errors import NotFoundError
from lth.models import Document, Revision
from lth.models.kind import Figures
from lth.workflow import documents, revisions


@opens_for(
    "document_synthesis",
    "document_figure",
    "document_clubs",
    "document_items_below",
    "document_money",
    "document_matrix",
)
def _opens(document: Document, actor: Actor) -> bool:
    scope = Scope.of(actor)
    return document.kind.is_computed and revisions.number_to_read(document, scope) is not None


def read(document_id: int, figures: Figures | None = None) -> tuple[Document, Revision]:
    """Read a synthesis and the revision of it that the actor reads, in one query where that is the
    newest; 404 where there is none, and for one of other figures than those asked for.
    """
    session, scope = current.database(), current.scope()
    document, head, _ = documents.with_head(session, document_id, scope)
    number = revisions.number_to_read(document, scope)
    if not document.kind.is_computed or number is None:
        raise NotFoundError
    if figures not in {None, document.kind.figures}:
        raise NotFoundError
    mark_section(document, scope)
    if head is not None and head.number == number:
        return document, head
    return document, revisions.get(session, document.id, number, scope)
