"""What other people do meanwhile: through the same operations as the pages, without a browser.

It takes the demo of Trà Vinh from where its story stands to where a test begins.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import db
from lth.core import clock, database
from lth.demo import contents, figures, mistakes, places, prose, prose_above
from lth.demo.clubs import HALF_YEAR_2021
from lth.demo.contents import DemoTarget
from lth.demo.people import Cast
from lth.demo.play import APPRAISERS, Play
from lth.demo.scene import Demo
from lth.demo.stage import DemoStage
from lth.demo.writing import SECTION_OF
from lth.models import Credential, Document, Opinion, Period, Revision, RoleAssignment, Unit
from lth.models.document import Status
from lth.models.kind import Kind
from lth.models.person import Role
from lth.workflow.kinds import PLAN, SYNTHESIS

MENDED = {one.code: one for one in (mistakes.TOO_MANY_OLDER, mistakes.TOO_MUCH_MONEY)}


@contextmanager
def backstage(app: Flask) -> Iterator["Backstage"]:
    """Work on the demo's database in one transaction."""
    with (
        app.app_context(),
        Session(db.engine, expire_on_commit=False) as session,
        database.unit_of_work(session),
    ):
        with system(session, Purpose.LOAD):
            period = session.scalars(select(Period).where(Period.code == "2021")).one()
            planned = figures.three_tier("2021")
            branch = places.branch(session, "84", planned, period.starts_on)
            stage = DemoStage(session)
            play = Play.of(stage, Demo(period, branch, planned, HALF_YEAR_2021), Cast(session))
        yield Backstage(session, play)


@dataclass
class Backstage:
    """The people of Trà Vinh, at work now."""

    session: Session
    play: Play

    def approve_all(self, district: Unit) -> None:
        """Bring every commune's plan of a district to its approval, mending what was returned."""
        for unit in self.play.demo.branch.communes_of(district):
            document = self._document(unit)
            if document.status in {Status.DRAFT, Status.RETURNED}:
                self._finish(unit, document)
                self.play.send_for_clearance(unit, document.id, clock.now())
                self.play.submit(unit, document.id, clock.now())
            if document.status is not Status.APPROVED:
                self.appraise(district, document)

    def appraise(self, above: Unit, document: Document) -> None:
        """Open what has been sent, give the opinions that are still missing, approve."""
        if document.status is Status.SUBMITTED:
            self.play.open(above, document.id, clock.now())
        self._opine(above, document)
        self.play.approve(above, document.id, clock.now())

    def give_opinions(self, code: str) -> None:
        """Every appraiser who has not yet spoken agrees to a commune's plan."""
        unit = self.play.demo.branch.communes[code]
        self._opine(self._above(unit), self._document(unit))

    def give_back(self, code: str, reason: str) -> None:
        """The district's specialist returns a commune's plan."""
        unit = self.play.demo.branch.communes[code]
        self.play.send_back(self._above(unit), self._document(unit).id, reason, clock.now())

    def forward_synthesis(self, district: Unit, clubs: int) -> Document:
        """Take over all that is approved, write the synthesis up and send it to the province."""
        document = self.synthesis_of(district)
        self.play.take_over(district, document.id, clock.now())
        units = len(self.play.demo.branch.communes_of(district))
        texts = prose_above.of_synthesis(district, clubs, units, units)
        self.play.pen.text(self.play.specialist(district), document.id, texts, clock.now())
        self.play.send_for_clearance(district, document.id, clock.now(), SYNTHESIS)
        self.play.submit(district, document.id, clock.now())
        return document

    def return_and_mend(self, code: str, values: figures.Values) -> None:
        """A commune's plan under review goes back, is mended, sent up again and approved."""
        self.give_back(code, "Đề nghị xã rà soát lại.")
        unit, now = self.play.demo.branch.communes[code], clock.now()
        document = self._document(unit)
        phase, clerk = self.play.demo.period.code, self.play.cast.of(unit, Role.CLERK)
        lines = [DemoTarget(one, phase, contents.exactly(value)) for one, value in values.items()]
        self.play.pen.figures(clerk, document.id, lines, now)
        self.play.send_for_clearance(unit, document.id, now)
        self.play.submit(unit, document.id, now)
        self.appraise(self._above(unit), document)

    def send_to_leader(self, full_name: str) -> None:
        """A commune's clerk finishes its plan and sends it to the leader."""
        communes = self.play.demo.branch.communes.values()
        unit = next(one for one in communes if one.full_name == full_name)
        document = self._document(unit)
        self._finish(unit, document)
        self.play.send_for_clearance(unit, document.id, clock.now())

    def appoint(self, email: str, role: Role, at: str = "") -> None:
        """Give somebody a second role at their unit or at a commune by its code, from today."""
        unit = self.play.demo.branch.communes[at] if at else None
        with system(self.session, Purpose.LOAD):
            statement = (
                select(RoleAssignment)
                .join(Credential, Credential.person_id == RoleAssignment.person_id)
                .where(Credential.email == email)
            )
            held = self.session.scalars(statement).one()
            self.session.add(
                RoleAssignment(
                    person_id=held.person_id,
                    unit_id=unit.id if unit else held.unit_id,
                    role=role,
                    valid_from=clock.today(),
                )
            )

    def synthesis_of(self, district: Unit) -> Document:
        return self._document(district, SYNTHESIS)

    def district(self, code: str) -> Unit:
        return self.play.demo.branch.districts[code]

    @property
    def province(self) -> Unit:
        return self.play.demo.branch.province

    def _finish(self, unit: Unit, document: Document) -> None:
        """Write what a draft lacks, or mend what it was returned for."""
        play, now = self.play, clock.now()
        if unit.code in MENDED:
            play.mend(MENDED[unit.code], document.id, now)
            return
        planned, clerk = play.demo.figures[unit.code], play.cast.of(unit, Role.CLERK)
        lines = contents.of_commune(planned)
        play.pen.figures(clerk, document.id, lines, now)
        play.pen.parts(clerk, document.id, play.facts(unit, lines), now)
        texts = prose.of_commune(unit, planned, play.era)
        written = {SECTION_OF[topic]: text for topic, text in texts.items()}
        play.pen.text(clerk, document.id, written, now)

    def _above(self, unit: Unit) -> Unit:
        return self.session.get_one(Unit, unit.parent_id)

    def _document(self, unit: Unit, kind: Kind = PLAN) -> Document:
        with system(self.session, Purpose.LOAD):
            return self.session.scalars(
                select(Document).where(Document.unit_id == unit.id, Document.kind == kind)
            ).one()

    def _opine(self, above: Unit, document: Document) -> None:
        given = self._opinions(document)
        for role in APPRAISERS:
            if self.play.cast.of(above, role).person_id not in given:
                self.play.agree(above, document.id, clock.now(), [role])

    def _opinions(self, document: Document) -> set[int]:
        with system(self.session, Purpose.LOAD):
            statement = (
                select(Opinion.person_id)
                .join(Revision, Revision.id == Opinion.revision_id)
                .where(Revision.document_id == document.id, Revision.number == document.head_number)
            )
            return set(self.session.scalars(statement))
