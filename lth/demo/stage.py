"""Acting on documents as people do on the pages: the same operations, each under its own scope."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope, bind
from lth.models import Document, Event
from lth.workflow import operations
from lth.workflow.acts import Act
from lth.workflow.context import Inputs


class Stage:
    """Where the demo and the walkthrough play: one actor at a time, at a time that is given.

    `after_each` is what happens after each act: the walkthrough commits, as a page would; the
    demo, which is there as a whole or not at all, only flushes.
    """

    def __init__(self, session: Session, after_each: Callable[[], None]):
        self.session = session
        self._after_each = after_each

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[Session]:
        """Work within an actor's scope, and nobody's afterwards."""
        bind(self.session, Scope.of(actor))
        yield self.session
        self._after_each()

    def act(
        self, actor: Actor, document_id: int, act: Act, at: datetime, **inputs: object
    ) -> Event:
        """Do one act on the version that the actor finds; raises what the operation raises."""
        with self.acting(actor) as session:
            seen = session.scalars(
                select(Document.lock_version).where(Document.id == document_id)
            ).one()
            return operations.do(
                session, actor, document_id, act, seen=seen, now=at, inputs=Inputs(**inputs)
            )
