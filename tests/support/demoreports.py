"""Reports put into the demo: a window of nine months, communes' figures, two of them silent."""

from datetime import date

from reporting.reporttree import ReportTree
from sqlalchemy import select

from lth import drafting
from lth.access.actor import Actor
from lth.access.scope import Purpose, system
from lth.core import clock
from lth.models import (
    Document,
    Participation,
    Period,
    Phase,
    Programme,
    RoleAssignment,
    Unit,
)
from lth.models.person import Role
from lth.models.programme import PeriodUse
from lth.programmes import catalogue
from lth.workflow.kinds import REPORT_SYNTHESIS

CODE = "2021-9T"
DAYS = {"starts_on": date(2020, 12, 15), "ends_on": date(2021, 9, 14)}


class DemoReports(ReportTree):
    """The builder of reports over the units of the demo; what it writes is to be committed."""

    def __post_init__(self) -> None:
        with system(self.session, Purpose.LOAD):
            programme = self.session.scalars(
                select(Programme).where(Programme.code == "1336")
            ).one()
            self.plan_period = self.session.scalars(
                select(Period).where(Period.programme_id == programme.id, Period.code == "2021")
            ).one()
            self.period = Period(programme_id=programme.id, code=CODE, use=PeriodUse.REPORT, **DAYS)
            self.session.add(self.period)
            self.session.flush()
            self.phases = [Phase(period_id=self.period.id, ordinal=1, code=CODE, **DAYS)]
            self.session.add_all(self.phases)
            rows = catalogue.indicators(self.session, programme.id)
            self.indicators = {row.code: row for row in rows}
            joined = select(Participation).where(Participation.period_id == self.plan_period.id)
            self.session.add_all(
                Participation(
                    period_id=self.period.id, unit_id=row.unit_id, parent_id=row.parent_id
                )
                for row in self.session.scalars(joined).all()
            )
            self.session.flush()
            self.window(self.named("tỉnh Trà Vinh"))

    def named(self, full_name: str) -> Unit:
        """A unit of the demo before the reform of 2025."""
        type_, _, name = full_name.partition(" ")
        with system(self.session, Purpose.LOAD):
            return self.session.scalars(
                select(Unit)
                .where(Unit.type == type_, Unit.name == name)
                .order_by(Unit.valid_from)
                .limit(1)
            ).one()

    def below(self, unit: Unit) -> list[Unit]:
        """The units below one that take part, by name."""
        statement = (
            select(Unit)
            .join(Participation, Participation.unit_id == Unit.id)
            .where(Participation.period_id == self.period.id, Participation.parent_id == unit.id)
            .order_by(Unit.sort_key)
        )
        with system(self.session, Purpose.LOAD):
            return list(self.session.scalars(statement))

    def holder(self, role: Role, unit: Unit) -> Actor:
        """Who holds a role at a unit; the session acts within their scope from now on."""
        with system(self.session, Purpose.LOAD):
            held = self.session.scalars(
                select(RoleAssignment).where(
                    RoleAssignment.unit_id == unit.id, RoleAssignment.role == role
                )
            ).first()
            actor = Actor.of(held)
        return self.acts(actor)

    def started(self, unit: Unit) -> Document:
        """The report of a unit that adds others up, as its specialist starts it."""
        actor = self.holder(Role.SPECIALIST, unit)
        return drafting.start(
            self.session,
            actor,
            self.period,
            REPORT_SYNTHESIS,
            source=drafting.Source.EMPTY,
            now=clock.now(),
        )

    def at(self, address: str) -> Document:
        """The document of a page's address."""
        with system(self.session, Purpose.LOAD):
            return self.session.get_one(
                Document, int(address.split("/")[3]), populate_existing=True
            )

    def release_at(self, address: str) -> None:
        self.release(self.at(address))
        self.session.commit()

    def issue_at(self, address: str) -> None:
        self.issue(self.at(address))
        self.session.commit()

    def reported(self, unit: Unit) -> Document:
        """A unit's report in the window."""
        statement = select(Document).where(
            Document.unit_id == unit.id, Document.period_id == self.period.id
        )
        with system(self.session, Purpose.LOAD):
            return self.session.scalars(statement).one()
