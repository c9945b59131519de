"""Make the moves of a story that are about reports: written from the books, nil, added up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lth import synthesis
from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.clubs import books
from lth.clubs.book_fields import TypedMonth
from lth.demo import clubs, prose_reports
from lth.demo.play import Play
from lth.demo.prose_reports import SaidItem
from lth.demo.writing import NotSavedError
from lth.models import Club, Period, ReportRequest, ReportValue, Revision, Unit
from lth.models.opinion import AnswerKind
from lth.models.person import Role
from lth.models.report import Reported
from lth.models.request import RequestStep
from lth.reporting import items, plausibility, plausible_reads, requests, values
from lth.workflow import documents, remarks
from lth.workflow.kinds import REPORT, REPORT_SYNTHESIS

_A_WHILE = timedelta(minutes=20)

Typed = Mapping[str, tuple[int, str]]
"""Figures that a clerk types, with the reason; by indicator code."""

More = Mapping[str, tuple[int, str]]
"""How much more than the clubs' books a clerk reports, with the reason; by indicator code."""


@dataclass(frozen=True)
class ReportMistake:
    """A figure that a commune reports wrongly, what is said of it, and how it is mended."""

    code: str
    indicator: str
    more: int
    why: str
    remark: str
    reason: str
    answer: str


TOO_MANY_CHECKS = ReportMistake(
    code="29473",  # An Quảng Hữu
    indicator="health_checks",
    more=1_500,
    why="Cộng cả các đợt khám do Trạm Y tế tổ chức.",
    remark=(
        "Số lượt khám sức khỏe gấp khoảng mười lần sổ của các câu lạc bộ cộng lại. Chỉ tính lượt"
        " khám của thành viên câu lạc bộ; đề nghị xã xem lại."
    ),
    reason="Số lượt khám sức khỏe chưa đúng cách tính: xem nhận xét tại chỉ tiêu.",
    answer="Xã ghi nhầm số của toàn xã, đã lấy lại theo sổ của các câu lạc bộ.",
)


@dataclass(frozen=True)
class ReportPlay:
    """Reports of one demo's half-year, on its stage."""

    play: Play

    @property
    def period(self) -> Period:
        """Return the period of the window; a demo without one has no reports."""
        period = self.play.demo.report_period
        if period is None:
            raise LookupError("no window of reports is open")
        return period

    # --- A commune's own ------------------------------------------------------------------

    def draft(self, unit: Unit, at: datetime, more: More | None = None, request: str = "") -> int:
        """Have a commune's clerk write its report from the books; return its id.

        `request` is one of `prose_reports.REQUESTS` that it makes.
        """
        clerk = self.play.cast.of(unit, Role.CLERK)
        document_id = self.play.pen.start(clerk, self.period, at, kind=REPORT)
        books = self.reported(clerk, document_id)
        typed = {"communes_total": (1, ""), "boards_trained": (books["clubs_new"], "")}
        for code, (number, reason) in (more or {}).items():
            typed[code] = (books[code] + number, reason)
        self.say(clerk, document_id, typed, at)
        said = self.reported(clerk, document_id)
        texts = prose_reports.of_commune(unit, self.play.era, said)
        self.play.pen.text(clerk, document_id, texts, at + _A_WHILE)
        listed = prose_reports.items_of_commune(unit, self._oldest_club(unit), request)
        self.add_items(clerk, document_id, listed, at + 2 * _A_WHILE)
        self.confirm(clerk, document_id, at + 2 * _A_WHILE)
        return document_id

    def begin(self, unit: Unit, at: datetime) -> int:
        """Have the clerk only begin: the books' figures are in it, nothing else."""
        clerk = self.play.cast.of(unit, Role.CLERK)
        return self.play.pen.start(clerk, self.period, at, kind=REPORT)

    def nil(self, unit: Unit, at: datetime) -> int:
        """Have the clerk of a commune where nothing happened report so, in one step."""
        clerk, document_id = self.play.cast.of(unit, Role.CLERK), self.begin(unit, at)
        with self.play.stage.acting(clerk) as session:
            seen = _head(session, clerk, document_id).edit_count
            values.make_nil(session, clerk, document_id, seen=seen, now=at + _A_WHILE)
        return document_id

    def _oldest_club(self, unit: Unit) -> str:
        """Name the commune's oldest club that runs."""
        figures = self.play.demo.figures[unit.code]
        listed = clubs.of_commune(unit.type, figures, self.play.demo.half)
        return next(one.name for one in listed if one.ended_on is None)

    def say(self, clerk: Actor, document_id: int, typed: Typed, at: datetime) -> None:
        """Type figures into their cells, each with its reason."""
        with self.play.stage.acting(clerk) as session:
            head = _head(session, clerk, document_id)
            statement = select(ReportValue.line_key, ReportValue.version)
            of_head = statement.where(ReportValue.revision_id == head.id)
            seen = dict(session.execute(of_head).all())
            edits = [
                values.ValueEdit(code, seen.get(code, 0), value=str(value), reason=reason)
                for code, (value, reason) in typed.items()
            ]
            result = values.save_values(session, clerk, document_id, edits, now=at)
        if not result.complete:
            raise NotSavedError(f"values of {document_id}: {result.errors} {result.conflicts}")

    def confirm(self, clerk: Actor, document_id: int, at: datetime) -> None:
        """Confirm what is doubted of the figures, with a word."""
        with self.play.stage.acting(clerk) as session:
            scope = Scope.of(clerk)
            document, revision, _ = documents.with_head(session, document_id, scope)
            said = plausible_reads.said(session, document, revision, scope)
            doubts = plausibility.look(session, document, revision, scope, *said)
            for item in doubts.unexplained:
                place = (item.finding.code, item.finding.place)
                plausibility.confirm(
                    session, clerk, document_id, *place, prose_reports.CONFIRMED, now=at
                )

    def add_items(
        self, drafter: Actor, document_id: int, said: Iterable[SaidItem], at: datetime
    ) -> None:
        """Add difficulties, requests and proposals."""
        with self.play.stage.acting(drafter) as session:
            for one in said:
                seen = _head(session, drafter, document_id).edit_count
                text = items.ItemText(one.kind, one.text, one.level or "")
                saved = items.add(session, drafter, document_id, text, seen=seen, now=at)
                if saved.errors:
                    raise NotSavedError(f"item of {document_id}: {saved.errors}")

    def mend(self, mistake: ReportMistake, document_id: int, at: datetime) -> None:
        """Have the clerk take the figure from the books and answer the remark on it."""
        unit = self.play.demo.branch.communes[mistake.code]
        clerk = self.play.cast.of(unit, Role.CLERK)
        with self.play.stage.acting(clerk) as session:
            values.save_values(session, clerk, document_id, (), now=at, take=mistake.indicator)
        self.play.answer(clerk, document_id, mistake.answer, at + _A_WHILE, AnswerKind.CHANGED)

    def correct_book(
        self, unit: Unit, month: date, field: str, more: int, reason: str, at: datetime
    ) -> None:
        """Have a clerk correct a month that the commune's oldest running club has handed in."""
        clerk = self.play.cast.of(unit, Role.CLERK)
        scope = Scope.of(clerk)
        with self.play.stage.acting(clerk) as session:
            running = select(Club.id).where(Club.unit_id == unit.id, Club.ended_on.is_(None))
            club_id = session.scalars(running.order_by(Club.number)).first()
            there = books.state(session, club_id, month, scope)
            typed = TypedMonth({field: there.values[field] + more})
            keeper = books.Keeper.of(clerk)
            place = (session, scope, club_id, month, typed, there.version, reason, keeper)
            books.correct(*place, now=at)

    # --- Requests -------------------------------------------------------------------------

    def step(
        self, actor: Actor, document_id: int, step: RequestStep, text: str, at: datetime
    ) -> ReportRequest:
        """Take a step of the request that a report makes; return it as it stands then."""
        with self.play.stage.acting(actor) as session:
            statement = select(ReportRequest).where(ReportRequest.document_id == document_id)
            found = session.scalars(statement).one()
            seen = found.version
            requests.take(session, actor, found.id, step, seen=seen, text=text, now=at)
            return found

    # --- Above ----------------------------------------------------------------------------

    def object(self, above: Unit, document_id: int, mistake: ReportMistake, at: datetime) -> None:
        """Have the specialist pin a remark to the figure and send the report back."""
        specialist = self.play.specialist(above)
        with self.play.stage.acting(specialist) as session:
            remarks.pin(session, specialist, document_id, mistake.indicator, mistake.remark, now=at)
        self.play.send_back(above, document_id, mistake.reason, at + _A_WHILE)

    def add_up(self, unit: Unit, at: datetime) -> int:
        """Have the specialist start the sum, take over what has come and write it up."""
        specialist = self.play.specialist(unit)
        document_id = self.play.pen.start(specialist, self.period, at, kind=REPORT_SYNTHESIS)
        taken = self.play.take_over(unit, document_id, at + _A_WHILE)
        self.write_up(unit, document_id, taken, at + 2 * _A_WHILE)
        return document_id

    def write_up(self, unit: Unit, document_id: int, taken: synthesis.Taken, at: datetime) -> None:
        specialist = self.play.specialist(unit)
        said = self.reported(specialist, document_id)
        texts = prose_reports.of_sum(taken.received, taken.expected, said)
        self.play.pen.text(specialist, document_id, texts, at)

    def reported(self, actor: Actor, document_id: int) -> dict[str, int]:
        """Read what a document says in numbers, by indicator code."""
        with self.play.stage.acting(actor) as session:
            head = _head(session, actor, document_id)
            statement = select(ReportValue.line_key, ReportValue.value).where(
                ReportValue.revision_id == head.id, ReportValue.reported == Reported.VALUE
            )
            return dict(session.execute(statement).all())


def _head(session: Session, actor: Actor, document_id: int) -> Revision:
    _, revision, _ = documents.with_head(session, document_id, Scope.of(actor))
    if revision is None:
        raise LookupError(f"document {document_id} cannot be read by {actor.person_name}")
    return revision
