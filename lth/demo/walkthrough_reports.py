"""Play a half-year of the walkthrough: books of the clubs, reports of the communes, the sums of the
districts and the province, each figure beside what was assigned and planned and followed down to
the clubs; a request up and its answer down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from lth.access.scope import Purpose, Scope, system
from lth.clubs import books as club_books
from lth.clubs.book_fields import TypedMonth
from lth.content import targets
from lth.core.i18n import N_, Bilingual, Message
from lth.core.vietnamese import capitalize_first, format_number
from lth.demo import books, clubs, prose_reports
from lth.demo.figures import Values
from lth.demo.report import (
    DONE_IN_CANG_LONG,
    DONE_IN_TRA_CU,
    DONE_IN_TRA_VINH,
    PlayedHalfYear,
    PlayedRequest,
    ReportedFigure,
    ReportedSums,
)
from lth.demo.reports import TOO_MANY_CHECKS, More, ReportPlay
from lth.demo.walkthrough_roads import RoadWalk, issue_sum
from lth.models import Club, ClubBook, Unit
from lth.models.person import Role
from lth.models.programme import Indicator
from lth.models.request import RequestState, RequestStep
from lth.reporting import asked, from_books, requests, sum_sheet
from lth.reporting.sum_sheet import SumLine
from lth.workflow import documents, revisions
from lth.workflow.kinds import REPORT, REPORT_SYNTHESIS

Misreported = Mapping[str, More]
"""What communes report beyond their clubs' books, by code, so that a test sees a wrong sum."""

ASKING = "29476"  # Lưu Nghiệp Anh

WHY_WITHOUT_CAU_KE = "Huyện Cầu Kè chưa gửi báo cáo; tỉnh báo cáo trước cho kịp thời hạn."


@dataclass
class HalfYearRoad(RoadWalk):
    """The first half of 2021 in Trà Vinh."""

    misreported: Misreported = field(default_factory=dict)

    @property
    def played(self) -> PlayedHalfYear:
        return self.report.half_year

    @property
    def reports(self) -> ReportPlay:
        return ReportPlay(self.play)

    def walk(self) -> None:
        """Play it, from the books to the province's report."""
        self.begin(N_("Báo cáo: %(unit)s, 6 tháng đầu năm 2021"), unit=self.province.full_name)
        self._books()
        tra_cu, cang_long = (self.play.demo.branch.districts[code] for code in ("849", "844"))
        sums = [
            self._district(tra_cu, DONE_IN_TRA_CU),
            self._district(cang_long, DONE_IN_CANG_LONG),
        ]
        self.appraise(self.province, sums, [Role.SPECIALIST])
        self.say(N_("Tỉnh phê duyệt báo cáo tổng hợp của hai huyện."))
        document_id = self.reports.add_up(self.province, self.tick())
        self._hold(self.province, document_id, DONE_IN_TRA_VINH, [tra_cu, cang_long])
        issue_sum(self, document_id, "96/BC-UBND", WHY_WITHOUT_CAU_KE, REPORT_SYNTHESIS)
        self.say(N_("Tỉnh ban hành báo cáo tổng hợp."))

    # --- Books ----------------------------------------------------------------------------

    def _books(self) -> None:
        """Have the clubs' boards hand in what they have not sent; count what there is."""
        sent = 0
        for code, figures in self.play.demo.figures.items():
            unit = self.play.demo.branch.communes[code]
            for club in clubs.of_commune(unit.type, figures, self.play.demo.half):
                for book in books.unsent(club, figures.district_code, self.play.demo.half):
                    if book["month"] == self.play.demo.half.last_month:
                        self._keep(unit, club.number, book)
                        sent += 1
        with system(self.play.stage.session, Purpose.LOAD):
            of_province = ClubBook.unit_path.startswith(self.province.path)
            count = select(func.count(), func.count(ClubBook.club_id.distinct()))
            found = self.play.stage.session.execute(count.where(of_province)).one()
        self.played.books, self.played.clubs = found
        self.say(
            N_(
                "%(clubs)s câu lạc bộ có %(books)s sổ tháng; %(sent)s sổ tháng 6 vừa được ghi và"
                " gửi."
            ),
            clubs=self.played.clubs,
            books=Bilingual(*(format_number(self.played.books, one) for one in ("vi", "en"))),
            sent=sent,
        )

    def _keep(self, unit: Unit, number: int, book: books.Figures) -> None:
        """Have the commune's clerk key a club's month and hand it in."""
        clerk = self.play.cast.of(unit, Role.CLERK)
        scope, keeper = Scope.of(clerk), club_books.Keeper.of(clerk)
        values = {name: value for name, value in book.items() if name != "month"}
        with self.play.stage.acting(clerk) as session:
            this = (Club.unit_id == unit.id, Club.number == number)
            club_id = session.scalars(select(Club.id).where(*this)).one()
            place, now = (session, scope, club_id, book["month"]), self.tick()
            club_books.save(*place, TypedMonth(values), 0, keeper, now=now)
            club_books.hand_in(*place, keeper, now=now)

    # --- Communes and districts -----------------------------------------------------------

    def _district(self, district: Unit, expected: Values) -> int:
        """Have all communes of a district report, and the district add up and send it."""
        documents_ = self._draft(district)
        self.send_up(documents_, REPORT)
        self._return(district, documents_)
        self.appraise(district, documents_.values())
        self.played.reports += len(documents_)
        self.say(
            N_("%(unit)s phê duyệt báo cáo của %(count)s xã, thị trấn."),
            unit=capitalize_first(district.full_name),
            count=len(documents_),
        )
        for unit, document_id in documents_.items():
            if unit.code == ASKING:
                self._ask(unit, district, document_id)
        document_id = self.reports.add_up(district, self.tick())
        self._hold(district, document_id, expected, [district])
        self.forward(district, document_id, REPORT_SYNTHESIS)
        return document_id

    def _draft(self, district: Unit) -> dict[Unit, int]:
        """Write every report from the books, one as nil, one with a figure wrong."""
        made, at = {}, self.tick()
        for unit in self.play.demo.branch.communes_of(district):
            if unit.code == clubs.NIL:
                made[unit] = self.reports.nil(unit, at)
                self.played.nil.append(unit.full_name)
                self.say(
                    N_("%(unit)s báo cáo không phát sinh."), unit=capitalize_first(unit.full_name)
                )
                continue
            more = dict(self.misreported.get(unit.code, {}))
            if unit.code == TOO_MANY_CHECKS.code:
                more[TOO_MANY_CHECKS.indicator] = (TOO_MANY_CHECKS.more, TOO_MANY_CHECKS.why)
            asked_for = "training" if unit.code == ASKING else ""
            made[unit] = self.reports.draft(unit, at, more, asked_for)
        return made

    def _return(self, district: Unit, made: Mapping[Unit, int]) -> None:
        """Send back what has a figure wrong; it is taken from the books and sent again."""
        mistake = TOO_MANY_CHECKS
        wrong = {unit: one for unit, one in made.items() if unit.code == mistake.code}
        for unit, document_id in wrong.items():
            self.play.open(district, document_id, self.tick())
            self.reports.object(district, document_id, mistake, self.tick())
            self.reports.mend(mistake, document_id, self.tick())
            self.played.returned.append(unit.full_name)
            self.say(
                N_("Huyện trả lại báo cáo của %(unit)s; xã lấy lại số liệu từ sổ và trình lại."),
                unit=unit.full_name,
            )
        if wrong:
            self.send_up(wrong, REPORT)

    def _ask(self, unit: Unit, district: Unit, document_id: int) -> None:
        """Take a request up to the province, and its answer down to the commune."""
        clerk = self.play.cast.of(unit, Role.CLERK)
        texts = prose_reports
        way = (
            (self.play.specialist(district), RequestStep.FORWARD, texts.FORWARDED),
            (self.play.specialist(self.province), RequestStep.ANSWER, texts.ANSWERED["training"]),
            (clerk, RequestStep.SETTLE, texts.SETTLED),
        )
        for actor, step, text in way:
            request = self.reports.step(actor, document_id, step, text, self.tick())
        with self.play.stage.acting(clerk) as session:
            steps = [(move.step.value, move.unit_name) for move in requests.moves(session, request)]
        self.played.request = PlayedRequest(
            unit.full_name, request.text, steps, request.state.value
        )
        if request.state is not RequestState.SETTLED:
            self.report.faults.append(Message(N_("Kiến nghị không đi hết đường.")))
        self.say(
            N_("%(unit)s kiến nghị; huyện chuyển lên, tỉnh trả lời, xã xác nhận đã rõ."),
            unit=capitalize_first(unit.full_name),
        )

    # --- Holding --------------------------------------------------------------------------

    def _hold(
        self, unit: Unit, document_id: int, expected: Values, reporting: Iterable[Unit]
    ) -> None:
        """Hold what a unit took over to what it must come to, and to the clubs of `reporting`."""
        specialist = self.play.specialist(unit)
        scope = Scope.of(specialist)
        with self.play.stage.acting(specialist) as session:
            document = documents.get(session, document_id, scope)
            revision = revisions.get(session, document_id, document.head_number, scope)
            sheet = sum_sheet.sheet(session, document, revision, scope)
            lines = {line.indicator.code: line for line in sheet.lines}
            terms = asked.terms_of(session, document, scope)
            of_clubs: Values = {}
            for place in reporting:
                found = from_books.figures(
                    session,
                    scope,
                    unit_path=place.path,
                    span=terms.span,
                    plan_starts_on=terms.plan_starts_on,
                    indicators=[line.indicator for line in lines.values()],
                )
                for code, figure in found.items():
                    of_clubs[code] = of_clubs.get(code, 0) + figure.value
        sums = ReportedSums(
            unit.full_name,
            sheet.counts.received,
            sheet.counts.expected,
            [one.full_name for one in sheet.missing],
            [_figure(lines[code], of_clubs.get(code), value) for code, value in expected.items()],
        )
        self.played.sums.append(sums)
        self.road.steps.append(sums)


def _figure(line: SumLine, of_clubs: int | None, expected: int) -> ReportedFigure:
    indicator = line.indicator
    planned = line.planned.low if line.planned is not None else None
    done = line.taken.value if line.taken is not None else None
    label = {"vi": indicator.label_vi, "en": indicator.label_en}
    asked_for = (line.assigned, planned, done, expected)
    shown = {one: tuple(_shown(value, indicator, one) for value in asked_for) for one in label}
    return ReportedFigure(
        indicator.code, label, shown, line.assigned, planned, done, of_clubs, expected
    )


def _shown(value: int | None, indicator: Indicator, language: str) -> str:
    return "–" if value is None else targets.amount(value, indicator, language)
