"""Sending from where one writes: what the writer of a document may do with it next."""

from lth.blueprints.web import current
from lth.models import Document
from lth.workflow import operations
from lth.workflow.acts import Row
from lth.workflow.context import ActContext


def next_acts(document: Document) -> list[Row]:
    """List the acts that move a document on, for buttons below what is written."""
    context = ActContext(current.database(), document, current.actor(), current.now())
    return operations.offered(context, undo=False)
