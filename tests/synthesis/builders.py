"""Small builders for tests of the synthesis: units in a tree, and what they have sent.

What a unit sends is written straight into the tables, as the acts would leave it, so that a test
can have hundreds of units; tests of the acts themselves go through the workflow.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, Sight, bind, system
from lth.content.line_types import BudgetLine
from lth.content.targets import Figure, line_key
from lth.drafting import parts
from lth.models import (
    Document,
    DocumentStep,
    Indicator,
    Participation,
    Period,
    Person,
    Phase,
    Receipt,
    Revision,
    RoleAssignment,
    Target,
    Unit,
)
from lth.models.content import Comparator, CountsFrom, TargetScope
from lth.models.document import Mode, SignForm, Status
from lth.models.kind import Kind
from lth.models.parts import Part
from lth.models.person import Role
from lth.models.unit import Level
from lth.programmes import catalogue
from lth.workflow import revisions
from lth.workflow.kinds import PLAN, SYNTHESIS

NOON = datetime(2021, 5, 10, 5, 0, tzinfo=UTC)
DAY_ONE = date(2020, 1, 1)
TYPES = {Level.PROVINCE: "tỉnh", Level.DISTRICT: "huyện", Level.COMMUNE: "xã"}

Figures = Mapping[str, "int | Figure | Said | Iterable[Said]"]
"""By indicator code; a number alone is exactly that number."""


@dataclass(frozen=True)
class Said:
    """One target with what is not usual about it."""

    figure: Figure
    scope: TargetScope = TargetScope.UNIT
    counts_from: CountsFrom = CountsFrom.NEW
    denominator: str | None = None
    wording: str = ""


def exactly(value: int) -> Figure:
    return Figure(Comparator.EQ, low=value)


def at_least(value: int) -> Figure:
    return Figure(Comparator.GTE, low=value)


def more_than(value: int) -> Figure:
    return Figure(Comparator.GT, low=value)


def at_most(value: int) -> Figure:
    return Figure(Comparator.LTE, high=value)


def between(low: int, high: int) -> Figure:
    return Figure(Comparator.BETWEEN, low, high)


IN_WORDS = Figure(Comparator.QUALITATIVE)


@dataclass
class Tree:
    """A programme and period, and the units that take part in it."""

    session: Session
    programme_code: str = "1336"
    period_code: str = "2021"
    _numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        catalogue.install(self.session)
        programme = catalogue.programme(self.session, self.programme_code)
        self.period = self.session.scalars(
            select(Period).where(
                Period.programme_id == programme.id, Period.code == self.period_code
            )
        ).one()
        phases = select(Phase).where(Phase.period_id == self.period.id).order_by(Phase.ordinal)
        self.phases = list(self.session.scalars(phases))
        rows = catalogue.indicators(self.session, programme.id)
        self.indicators: dict[str, Indicator] = {row.code: row for row in rows}

    @property
    def phase(self) -> Phase:
        return self.phases[0]

    def cell(self, code: str, phase: Phase | None = None) -> tuple[int, int]:
        return self.indicators[code].id, (phase or self.phase).id

    # --- Units and people ---------------------------------------------------------------

    def unit(self, level: Level, name: str, parent: Unit | None = None) -> Unit:
        """A unit that takes part in the period under its parent."""
        with system(self.session, Purpose.LOAD):
            unit = Unit(
                level=level,
                type=TYPES[level],
                name=name,
                code=f"{next(self._numbers):05d}",
                valid_from=DAY_ONE,
                parent_id=parent.id if parent else None,
                path="",
                sort_key=name,
            )
            self.session.add(unit)
            self.session.flush()
            unit.path = f"{parent.path if parent else ''}{unit.id}."
            self.takes_part(unit, parent)
        return unit

    def takes_part(self, unit: Unit, parent: Unit | None) -> None:
        row = Participation(period_id=self.period.id, unit_id=unit.id)
        row.parent_id = parent.id if parent else None
        self.session.add(row)
        self.session.flush()

    def communes(self, parent: Unit, number: int) -> list[Unit]:
        """So many more communes of a parent, in the order of their names."""
        return [
            self.unit(Level.COMMUNE, f"Xã {next(self._numbers):05d}", parent) for _ in range(number)
        ]

    def person(self, role: Role, unit: Unit) -> Actor:
        """Somebody with a role at a unit; the session acts within their scope from now on."""
        with system(self.session, Purpose.LOAD):
            person = Person(name=f"{role.value}@{unit.name}", created_at=NOON)
            held = RoleAssignment(person=person, unit=unit, role=role, valid_from=DAY_ONE)
            self.session.add_all([person, held])
            self.session.flush()
            actor = Actor.of(held)
        return self.acts(actor)

    def acts(self, actor: Actor) -> Actor:
        bind(self.session, Scope.of(actor))
        return actor

    def looks(self, unit: Unit, sight: Sight = Sight.ALL) -> Scope:
        """The session looks from a unit from now on; its scope."""
        scope = Scope(unit.id, unit.path, sight, role=Role.SPECIALIST.value)
        bind(self.session, scope)
        return scope

    # --- Documents ----------------------------------------------------------------------

    def document(
        self, unit: Unit, kind: Kind = PLAN, *, feeds: bool = True, mode: Mode | None = None
    ) -> Document:
        """A draft of a unit with an empty first revision, on its way to the unit above."""
        with system(self.session, Purpose.LOAD):
            mode = mode or (Mode.APPROVE if unit.parent_id else Mode.FINAL)
            document = Document(
                unit_id=unit.id,
                unit_path=unit.path,
                programme_id=self.period.programme_id,
                period_id=self.period.id,
                kind=kind,
                status=Status.DRAFT,
                status_since=NOON,
                mode=mode,
                next_unit_id=unit.parent_id,
                feeds_synthesis=feeds,
                created_at=NOON,
            )
            self.session.add(document)
            self.session.flush()
            self.session.add(
                DocumentStep(document_id=document.id, ordinal=0, unit_id=unit.id, mode=mode)
            )
            self._revision(document, 1)
        return document

    def synthesis(self, unit: Unit) -> Document:
        return self.document(unit, SYNTHESIS)

    def released(self, unit: Unit, figures: Figures, *, feeds: bool = True) -> Document:
        """A unit's plan with these figures in the first phase, approved above."""
        document = self.document(unit, feeds=feeds)
        self.write(document, figures)
        self.release(document)
        return document

    def write(self, document: Document, figures: Figures, phase: Phase | None = None) -> None:
        """Figures into the newest revision."""
        phase = phase or self.phase
        with system(self.session, Purpose.LOAD):
            head = self.head(document)
            for code, value in figures.items():
                for nth, said in enumerate(_said(value), 1):
                    self.session.add(self._target(head, code, phase, said, nth))
            self.session.flush()

    def _target(self, head: Revision, code: str, phase: Phase, said: Said, nth: int) -> Target:
        indicator = self.indicators[code]
        return Target(
            revision_id=head.id,
            line_key=line_key(code, phase.code, nth),
            indicator_id=indicator.id,
            phase_id=phase.id,
            comparator=said.figure.comparator,
            value_min=said.figure.low,
            value_max=said.figure.high,
            scope=said.scope,
            counts_from=said.counts_from,
            denominator_code=said.denominator,
            wording=said.wording,
        )

    def spend(self, document: Document, *lines: BudgetLine) -> None:
        """Budget lines into the newest revision, with the figures that derive from them."""
        with system(self.session, Purpose.LOAD):
            parts.put(self.session, self.head(document), {Part.BUDGET: list(lines)})
            self.session.flush()

    def send(self, document: Document) -> None:
        """The newest revision lies with the next step."""
        with system(self.session, Purpose.LOAD):
            head = self.head(document)
            revisions.freeze(self.session, head, NOON)
            head.submitted_at = NOON
            self.session.flush()
            document.sent_number, document.status = head.number, Status.SUBMITTED
            self.session.flush()

    def release(self, document: Document) -> None:
        """The newest revision is sent and approved."""
        self.send(document)
        with system(self.session, Purpose.LOAD):
            head = self.head(document)
            head.released_at = NOON
            document.released_number, document.status = head.number, Status.APPROVED
            self.session.flush()

    def reopen(self, document: Document) -> None:
        """Approved no longer, under review again."""
        with system(self.session, Purpose.LOAD):
            self.head(document).released_at = None
            document.released_number, document.status = None, Status.REVIEW
            self.session.flush()

    def mend(self, document: Document, figures: Figures) -> None:
        """Returned, written anew with these figures, and approved again."""
        with system(self.session, Purpose.LOAD):
            self._revision(document, document.head_number + 1)
            document.head_number += 1
            self.session.flush()
        self.write(document, figures)
        self.release(document)

    def issue(self, document: Document, number: str = "793/QĐ-UBND") -> None:
        """The newest revision is in force."""
        with system(self.session, Purpose.LOAD):
            head = self.head(document)
            if head.frozen_at is None:
                revisions.freeze(self.session, head, NOON)
            head.document_number, head.issued_on = number, date(2021, 5, 7)
            head.sign_form, head.issued_at = SignForm.TM, NOON
            head.submitted_at = NOON
            self.session.flush()
            document.sent_number = document.in_force_number = head.number
            document.status = Status.ISSUED
            self.session.flush()

    def head(self, document: Document) -> Revision:
        statement = select(Revision).where(
            Revision.document_id == document.id, Revision.number == document.head_number
        )
        with system(self.session, Purpose.LOAD):
            return self.session.scalars(statement).one()

    def receipt(self, document: Document) -> dict[int, int | None]:
        """The newest revision's receipt: unit id to revision number."""
        head = self.head(document)
        statement = select(Receipt.unit_id, Receipt.number).where(Receipt.revision_id == head.id)
        return {row.unit_id: row.number for row in self.session.execute(statement)}

    def _revision(self, document: Document, number: int) -> None:
        self.session.add(
            Revision(
                document_id=document.id,
                number=number,
                unit_id=document.unit_id,
                unit_path=document.unit_path,
                next_unit_id=document.next_unit_id,
                based_on_number=number - 1 or None,
                created_at=NOON,
            )
        )
        self.session.flush()


def _said(value: "int | Figure | Said | Iterable[Said]") -> list[Said]:
    if isinstance(value, int):
        return [Said(exactly(value))]
    if isinstance(value, Figure):
        return [Said(value)]
    return [value] if isinstance(value, Said) else list(value)
