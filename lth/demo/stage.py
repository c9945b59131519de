"""Acting on documents as people do on the pages: the same operations, each under its own scope."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Scope, bind
from lth.models import Document, Event
from lth.workflow import operations
from lth.workflow.acts import Act
from lth.workflow.context import Inputs


class DemoStage:
    """Place where the demo and the walkthrough play: one actor at a time, at a time that is given.

    `each` is what an act is done in: the walkthrough has a `unit_of_work`, as a page would; the
    demo, which is there as a whole or not at all, has none and only flushes.
    """

    def __init__(
        self,
        session: Session,
        each: Callable[[Session], AbstractContextManager[Any]] = nullcontext,
    ):
        self.session = session
        self._each = each

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[Session]:
        """Work within an actor's scope, and nobody's afterwards."""
        bind(self.session, Scope.of(actor))
        with self._each(self.session):
            yield self.session
            self.session.flush()

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
