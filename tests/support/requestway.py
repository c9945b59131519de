"""Reports with requests in the workflow's world, and the hands that act on them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from support import reportdocs
from support.flowworld import Flow

from lth.access.scope import Purpose, Scope, system
from lth.core import clock
from lth.core.workdays import Calendar
from lth.models import OutboxMessage, Person, ReportRequest, RequestMove
from lth.models.kind import Kind
from lth.models.request import RequestStep
from lth.reporting import request_lists, requests
from lth.workflow.acts import Act
from lth.workflow.kinds import REPORT


@dataclass
class Way:
    """Reports and their requests in the workflow's world, and the hands that act on them."""

    flow: Flow
    period_id: int

    @property
    def session(self) -> Session:
        return self.flow.session

    def draft(self, who: str, asked: dict[str, Any], kind: Kind = REPORT) -> int:
        self._later()
        actor = self.flow.actor(who)
        return reportdocs.draft(self.session, actor, self.period_id, asked, self.flow.now, kind)

    def say(self, who: str, document_id: int, asked: dict[str, Any]) -> None:
        reportdocs.say(self.session, self.flow.actor(who), document_id, asked)

    def send(self, document_id: int, unit: str = "tapson") -> None:
        self.flow.do(f"clerk@{unit}", document_id, Act.SEND_FOR_CLEARANCE)
        self.flow.do(f"leader@{unit}", document_id, Act.SUBMIT)

    def raised(self, asked: dict[str, Any], unit: str = "tapson") -> int:
        """A commune's report that has been sent; its id."""
        document_id = self.draft(f"clerk@{unit}", asked)
        self.send(document_id, unit)
        return document_id

    def one(self, document_id: int, key: str = "r1") -> ReportRequest:
        """A request as it is stored, whoever is asking."""
        self.session.rollback()
        with system(self.session, Purpose.RECONCILE):
            of = (ReportRequest.document_id == document_id) & (ReportRequest.line_key == key)
            found = self.session.scalars(select(ReportRequest).where(of)).one()
            self.session.refresh(found)
            self.session.expunge(found)
        return found

    def take(
        self, who: str, document_id: int, step: RequestStep, text: str = "", key: str = "r1"
    ) -> RequestMove:
        """A step by somebody who has just looked, committed."""
        self._later()
        request = self.one(document_id, key)
        actor = self.flow.acting(who)
        move = requests.take(
            self.session,
            actor,
            request.id,
            step,
            seen=request.version,
            text=text,
            now=self.flow.now,
        )
        self.session.commit()
        return move

    def steps(self, document_id: int, key: str = "r1") -> list[tuple[str, str, str]]:
        """The way of a request: what was done, at which unit, whose turn it became."""
        request = self.one(document_id, key)
        with system(self.session, Purpose.RECONCILE):
            found = requests.moves(self.session, request)
            way = [(one.step.value, one.unit_name, one.to_unit_name) for one in found]
        self.session.rollback()
        return way

    def sees(self, who: str) -> set[str]:
        """The words of the requests that somebody sees, their own and those from below."""
        self.session.rollback()
        scope = Scope.of(self.flow.acting(who))
        found: set[str] = set()
        for from_below in (False, True):
            search = request_lists.RequestSearch(from_below)
            rows, total = request_lists.listed(
                *(self.session, scope, search, Calendar(), clock.today()), limit=100
            )
            assert total == len(rows)
            found |= {one.text for one in rows}
        self.session.rollback()
        return found

    def mailed(self, kind: str) -> dict[str, dict[str, Any]]:
        """What each person was told by the newest message of a kind, by their name."""
        self.session.rollback()
        with system(self.session, Purpose.DELIVER):
            statement = (
                select(Person.name, OutboxMessage.data)
                .join(Person, Person.id == OutboxMessage.person_id)
                .where(OutboxMessage.kind == kind)
                .order_by(OutboxMessage.id)
            )
            found = dict(self.session.execute(statement).all())
        self.session.rollback()
        return found

    def _later(self) -> None:
        self.flow.now += timedelta(minutes=1)
