"""Units below one another, and what they have reported in a window."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from synthesis.builders import NOON, Tree

from lth.access.scope import Purpose, system
from lth.models import (
    Document,
    Period,
    Phase,
    ReportItem,
    ReportRegime,
    ReportValue,
    ReportWindow,
    Unit,
)
from lth.models.kind import Kind
from lth.models.parts import Frequency
from lth.models.programme import PeriodUse
from lth.models.report import Reported, ReportItemKind
from lth.workflow.kinds import REPORT, REPORT_SYNTHESIS

WINDOW = "2021-6T"
FIRST, LAST = date(2020, 12, 15), date(2021, 6, 14)

NIL = Reported.NIL
NOT_APPLICABLE = Reported.NOT_APPLICABLE


@dataclass(frozen=True)
class Done:
    """A figure of a window with what there was since the start."""

    value: int
    cumulative: int


Told = Mapping[str, "int | Done | Reported"]
"""By indicator code."""


class ReportTree(Tree):
    """The same builder over the period of a window: documents are reports."""

    def __post_init__(self) -> None:
        super().__post_init__()
        with system(self.session, Purpose.LOAD):
            self.plan_period, days = self.period, {"starts_on": FIRST, "ends_on": LAST}
            self.period = Period(
                programme_id=self.plan_period.programme_id,
                code=WINDOW,
                use=PeriodUse.REPORT,
                **days,
            )
            self.session.add(self.period)
            self.session.flush()
            self.session.add(Phase(period_id=self.period.id, ordinal=1, code=WINDOW, **days))
            self.session.flush()
        phases = select(Phase).where(Phase.period_id == self.period.id)
        self.phases = list(self.session.scalars(phases))

    def window(self, unit: Unit, own_due_on: date = date(2021, 6, 24)) -> ReportWindow:
        """The window of a regime of a unit over the period."""
        with system(self.session, Purpose.LOAD):
            regime = ReportRegime(
                unit_id=unit.id,
                programme_id=self.period.programme_id,
                name="Báo cáo định kỳ",
                frequency=Frequency.HALF_YEAR,
                created_at=NOON,
            )
            self.session.add(regime)
            self.session.flush()
            window = ReportWindow(
                regime_id=regime.id,
                unit_id=unit.id,
                period_id=self.period.id,
                plan_period_id=self.plan_period.id,
                own_due_on=own_due_on,
                opened_at=NOON,
            )
            self.session.add(window)
            self.session.flush()
        return window

    def document(self, unit: Unit, kind: Kind = REPORT, **more) -> Document:
        return super().document(unit, kind, **more)

    def synthesis(self, unit: Unit) -> Document:
        return self.document(unit, REPORT_SYNTHESIS)

    def write(self, document: Document, figures: Told, phase: Phase | None = None) -> None:
        """Values into the newest revision."""
        with system(self.session, Purpose.LOAD):
            head = self.head(document)
            for code, told in figures.items():
                row = ReportValue(
                    revision_id=head.id, line_key=code, indicator_id=self.indicators[code].id
                )
                if isinstance(told, Reported):
                    row.reported = told
                elif isinstance(told, Done):
                    row.value, row.cumulative = told.value, told.cumulative
                else:
                    row.value = told
                self.session.add(row)
            self.session.flush()

    def item(self, document: Document, kind: ReportItemKind, text: str, ordinal: int = 1) -> None:
        with system(self.session, Purpose.LOAD):
            self.session.add(
                ReportItem(
                    revision_id=self.head(document).id,
                    line_key=f"{kind.value}-{ordinal}",
                    kind=kind,
                    ordinal=ordinal,
                    text=text,
                )
            )
            self.session.flush()

    def stored(self, document: Document) -> dict[str, ReportValue]:
        """What the newest revision holds, by code."""
        statement = select(ReportValue).where(ReportValue.revision_id == self.head(document).id)
        with system(self.session, Purpose.LOAD):
            return {row.line_key: row for row in self.session.scalars(statement)}
