"""Make a story's moves: what a unit's people do with a document, from its draft to its issue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lth import drafting, synthesis
from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.content import targets
from lth.demo import contents, prose
from lth.demo.contents import DemoTarget
from lth.demo.figures import CommuneFigures
from lth.demo.mistakes import Mistake
from lth.demo.parts import EXPLAINED, PlanFacts
from lth.demo.people import Cast
from lth.demo.prose import Era
from lth.demo.scene import Demo
from lth.demo.stage import DemoStage
from lth.demo.writing import SECTION_OF, Pen
from lth.models import Unit
from lth.models.document import SignForm
from lth.models.kind import Kind
from lth.models.opinion import AnswerKind, Verdict
from lth.models.person import Role
from lth.workflow import remarks
from lth.workflow.acts import Act
from lth.workflow.kinds import PLAN, SYNTHESIS, period_name

_A_WHILE = timedelta(minutes=40)

APPRAISERS = (Role.SPECIALIST, Role.FINANCE_APPRAISER, Role.FORMAT_APPRAISER)
_AGREED = {
    Role.SPECIALIST: "Số liệu phù hợp chỉ tiêu được giao.",
    Role.FINANCE_APPRAISER: "Nguồn kinh phí rõ, mức quỹ hợp lý.",
    Role.FORMAT_APPRAISER: "Thể thức, bố cục đúng quy định.",
}


_BESIDES = "Gắn với chỉ tiêu được trả lại nên sửa theo cho khớp."
"""Why a clerk opens what was not returned."""


@dataclass(frozen=True)
class Signature:
    """Number, date and form of signature of a document that is issued."""

    number: str
    on: date
    form: SignForm = SignForm.TM_KT


@dataclass(frozen=True)
class Play:
    """One demo on the stage."""

    stage: DemoStage
    pen: Pen
    demo: Demo
    cast: Cast
    era: Era

    @classmethod
    def of(cls, stage: DemoStage, demo: Demo, cast: Cast) -> "Play":
        era = prose.THREE_TIERS if demo.branch.districts else prose.TWO_TIERS
        return cls(stage, Pen(stage, demo.period.programme_id), demo, cast, era)

    # --- Writing --------------------------------------------------------------------------

    def draft(self, unit: Unit, figures: CommuneFigures, at: datetime) -> int:
        """Have a commune's clerk write the whole plan, beginning from the plan above."""
        texts = prose.of_commune(unit, figures, self.era)
        return self.write(unit, contents.of_commune(figures), texts, at, drafting.Source.ABOVE)

    def write(
        self,
        unit: Unit,
        lines: Iterable[DemoTarget],
        texts: Mapping[str, str],
        at: datetime,
        source: drafting.Source = drafting.Source.EMPTY,
    ) -> int:
        """Have a clerk start a plan and fill in figures and sections, by topic; return the
        plan's id.
        """
        clerk, lines = self.cast.of(unit, Role.CLERK), list(lines)
        document_id = self.pen.start(clerk, self.demo.period, at, source=source)
        self.pen.figures(clerk, document_id, lines, at + _A_WHILE)
        self.pen.parts(clerk, document_id, self.facts(unit, lines), at + _A_WHILE)
        sections = {SECTION_OF[topic]: text for topic, text in texts.items()}
        self.pen.text(clerk, document_id, sections, at + 2 * _A_WHILE)
        return document_id

    def facts(self, unit: Unit, lines: Iterable[DemoTarget]) -> PlanFacts:
        """Say what the parts of a unit's plan hang on."""
        within = [
            figures.existing
            for code, figures in self.demo.figures.items()
            if self.demo.branch.communes[code].path.startswith(unit.path)
        ]
        return PlanFacts(
            unit=unit,
            two_tiers=not self.demo.branch.districts,
            years=period_name(self.demo.period.code),
            clubs=_sum(lines, "clubs_new"),
            fund=_sum(lines, "income_fund_balance"),
            existing=sum(within),
        )

    def mend(self, mistake: Mistake, document_id: int, at: datetime) -> None:
        """Have the clerk mend what a commune got wrong and answer every remark on it."""
        unit = self.demo.branch.communes[mistake.code]
        figures, clerk = self.demo.figures[mistake.code], self.cast.of(unit, Role.CLERK)
        lines = mistake.mended(figures)
        tasks = prose.of_commune(unit, figures, self.era)[prose.ACTIVITIES]
        keys = [targets.line_key(line.code, line.phase) for line in lines]
        self.pen.open(clerk, document_id, [*keys, SECTION_OF[prose.ACTIVITIES]], _BESIDES, at)
        self.pen.figures(clerk, document_id, lines, at)
        self.pen.text(clerk, document_id, {SECTION_OF[prose.ACTIVITIES]: tasks}, at)
        self.answer(clerk, document_id, mistake.answer, at + _A_WHILE, AnswerKind.CHANGED)

    def answer(
        self,
        drafter: Actor,
        document_id: int,
        text: str,
        at: datetime,
        kind: AnswerKind = AnswerKind.EXPLAINED,
    ) -> None:
        """Answer every open remark on a document."""
        with self.stage.acting(drafter) as session:
            for remark in remarks.of_document(session, document_id, Scope.of(drafter)):
                if remark.answered_at is None:
                    drafting.answer_remark(
                        session, drafter, document_id, remark.id, text, at, kind=kind
                    )

    def begin_synthesis(self, unit: Unit, at: datetime) -> int:
        """Have the specialist start a synthesis and take over what has come; return its id."""
        specialist = self.specialist(unit)
        document_id = self.pen.start(specialist, self.demo.period, at, kind=SYNTHESIS)
        self.take_over(unit, document_id, at + _A_WHILE)
        return document_id

    def take_over(self, unit: Unit, document_id: int, at: datetime) -> synthesis.Taken:
        specialist = self.specialist(unit)
        with self.stage.acting(specialist) as session:
            return synthesis.take_over(session, specialist, document_id, now=at)

    # --- Sending up and issuing -----------------------------------------------------------

    def send_for_clearance(
        self, unit: Unit, document_id: int, at: datetime, kind: Kind = PLAN, why: str = ""
    ) -> None:
        """Send for clearance with an answer to each warning of the checks that stays, and with why
        units are missing in a synthesis.
        """
        drafter = self.cast.of(unit, kind.drafter)
        if kind.checked:
            self.pen.explain(drafter, document_id, EXPLAINED, at)
        self.stage.act(drafter, document_id, Act.SEND_FOR_CLEARANCE, at, reason=why)

    def submit(self, unit: Unit, document_id: int, at: datetime) -> None:
        """Have the leader clear and submit, in one act."""
        self.stage.act(self.leader(unit), document_id, Act.SUBMIT, at)

    def issue(
        self, unit: Unit, document_id: int, at: datetime, signature: Signature, why: str = ""
    ) -> None:
        self.stage.act(
            self.leader(unit),
            document_id,
            Act.ISSUE,
            at,
            document_number=signature.number,
            document_date=signature.on,
            sign_form=signature.form,
            reason=why,
        )

    def acknowledge(self, above: Unit, document_id: int, at: datetime) -> None:
        self.stage.act(self.specialist(above), document_id, Act.ACKNOWLEDGE, at)

    # --- Reviewing ------------------------------------------------------------------------

    def open(self, above: Unit, document_id: int, at: datetime) -> None:
        self.stage.act(self.specialist(above), document_id, Act.OPEN, at)

    def agree(
        self, above: Unit, document_id: int, at: datetime, roles: Iterable[Role] = APPRAISERS
    ) -> None:
        """Have appraisers give favourable opinions, one after the other."""
        for turn, role in enumerate(roles):
            self._opine(
                above, role, document_id, at + turn * _A_WHILE, Verdict.AGREE, _AGREED[role]
            )

    def object(self, above: Unit, document_id: int, mistake: Mistake, at: datetime) -> None:
        """Have an appraiser pin a remark to what is wrong and give an unfavourable opinion for
        it.
        """
        self.remark(above, document_id, mistake, at)
        self._opine(
            above, mistake.role, document_id, at + _A_WHILE, Verdict.DISAGREE, mistake.remark
        )

    def remark(self, above: Unit, document_id: int, mistake: Mistake, at: datetime) -> None:
        actor = self.cast.of(above, mistake.role)
        key = targets.line_key(mistake.indicator, self.demo.period.code)
        with self.stage.acting(actor) as session:
            remarks.pin(session, actor, document_id, key, mistake.remark, now=at)

    def _opine(
        self, above: Unit, role: Role, document_id: int, at: datetime, verdict: Verdict, text: str
    ) -> None:
        actor = self.cast.of(above, role)
        self.stage.act(actor, document_id, Act.GIVE_OPINION, at, verdict=verdict, reason=text)

    def send_back(self, above: Unit, document_id: int, reason: str, at: datetime) -> None:
        self.stage.act(self.specialist(above), document_id, Act.RETURN, at, reason=reason)

    def approve(self, above: Unit, document_id: int, at: datetime) -> None:
        self.stage.act(self.leader(above), document_id, Act.APPROVE, at)

    def reopen(self, above: Unit, document_id: int, reason: str, at: datetime) -> None:
        self.stage.act(self.leader(above), document_id, Act.REOPEN, at, reason=reason)

    # --- Who ------------------------------------------------------------------------------

    def leader(self, unit: Unit) -> Actor:
        return self.cast.of(unit, Role.LEADER)

    def specialist(self, unit: Unit) -> Actor:
        return self.cast.of(unit, Role.SPECIALIST)


def _sum(lines: Iterable[DemoTarget], code: str) -> int:
    """Say what the lines of an indicator come to over the phases."""
    return sum(line.figure.value or 0 for line in lines if line.code == code)
