"""Play the half-year's reports: Càng Long has reported, Trà Cú is at it, Cầu Kè is silent.

One commune of Trà Cú reports nil, one was late, one was sent back for a figure, one has only begun;
the others are approved. In Bắc Ninh each xã is a step behind the other. Every time is a number of
working days before the demo is loaded.
"""

from dataclasses import dataclass

from lth.demo import clubs, prose_reports
from lth.demo.diary import Diary
from lth.demo.play import Play
from lth.demo.reports import TOO_MANY_CHECKS, More, ReportPlay
from lth.models import Unit
from lth.models.person import Role
from lth.models.request import RequestStep
from lth.workflow.kinds import REPORT, REPORT_SYNTHESIS

NIL = clubs.NIL  # Tân Hiệp
LATE = "29482"  # Kim Sơn
BEGUN = "29485"  # Thanh Sơn
RETURNED = TOO_MANY_CHECKS.code  # An Quảng Hữu
CORRECTED = "29479"  # Ngãi Xuyên: a book was corrected after the report was approved
WHY_CORRECTED = "Một thành viên chuyển sang câu lạc bộ ấp bên, ban chủ nhiệm chưa kịp bỏ tên."

EXPLAINED: dict[str, More] = {
    "29488": {
        "helped_cases": (2, "Thêm hai trường hợp xã giúp cùng câu lạc bộ, chưa ghi vào sổ tháng 6.")
    },
    "29278": {
        "volunteers": (3, "Tính cả ba tình nguyện viên mới nhận việc sau ngày chốt sổ tháng 6.")
    },
}
"""What Hàm Giang and Huyền Hội report otherwise than their clubs' books, with the reason."""

PASSED_UP = "29275"  # An Trường asks for training: the province has answered
ANSWERED = "29476"  # Lưu Nghiệp Anh asks for rules of the fund: the district has answered
_ASKED = {PASSED_UP: "training", ANSWERED: "rules", "29293": "funds"}
"""What communes ask for; that of Đại Phúc waits at the district."""

_REVIEWED_IN_BAC_NINH = "07264"  # Tam Tiến
_SUBMITTED_IN_BAC_NINH = "07282"  # Đồng Kỳ
_BEGUN_IN_BAC_NINH = "07288"  # Yên Thế


@dataclass(frozen=True)
class StoryOfReports:
    """Tells the story through the operations."""

    play: Play
    diary: Diary

    @property
    def reports(self) -> ReportPlay:
        return ReportPlay(self.play)

    def tell(self) -> None:
        if self.play.demo.branch.districts:
            self._cang_long()
            self._tra_cu()
            self._province()
        else:
            self._bac_ninh()

    # --- Three tiers ----------------------------------------------------------------------

    def _cang_long(self) -> None:
        district = self.play.demo.branch.districts["844"]
        for turn, unit in enumerate(self.play.demo.branch.communes_of(district)):
            document_id = self._approved(unit, district, -14 + turn % 3)
            if unit.code == PASSED_UP:
                self._pass_up(unit, district, document_id)
        at = self.diary.at
        document_id = self.reports.add_up(district, at(-7, 8, 40))
        self._forward(district, document_id, -6)
        province = self.play.demo.branch.province
        self.play.open(province, document_id, at(-4, 8, 50))
        self.play.agree(province, document_id, at(-4, 14, 10), [Role.SPECIALIST])
        self.play.approve(province, document_id, at(-2, 9, 30))

    def _tra_cu(self) -> None:
        district = self.play.demo.branch.districts["849"]
        others = {NIL, LATE, BEGUN, RETURNED}
        for turn, unit in enumerate(self.play.demo.branch.communes_of(district)):
            if unit.code not in others:
                document_id = self._approved(unit, district, -13 + turn % 3)
                if unit.code == ANSWERED:
                    self._answer(district, document_id)
        communes = self.play.demo.branch.communes
        nil = self.reports.nil(communes[NIL], self.diary.at(-11, 8, 30))
        self._forward(communes[NIL], nil, -10)
        self._review(district, nil, -8)
        self._returned(communes[RETURNED], district)
        self.reports.add_up(district, self.diary.at(-5, 9, 10))
        self._late(communes[LATE], district)
        self.reports.begin(communes[BEGUN], self.diary.at(-3, 15, 20))
        self._correct(communes[CORRECTED])

    def _correct(self, unit: Unit) -> None:
        """Correct a book after the report that was made from it was approved."""
        month, at = self.play.demo.half.last_month, self.diary.at(-2, 15, 45)
        self.reports.correct_book(unit, month, "members", -1, WHY_CORRECTED, at)

    def _pass_up(self, unit: Unit, district: Unit, document_id: int) -> None:
        """Have the district pass a request up, the province answer, the commune settle it."""
        play, at, step = self.play, self.diary.at, self.reports.step
        specialist, clerk = play.specialist(district), play.cast.of(unit, Role.CLERK)
        above = play.specialist(play.demo.branch.province)
        text = prose_reports.FORWARDED
        step(specialist, document_id, RequestStep.FORWARD, text, at(-7, 10, 15))
        text = prose_reports.ANSWERED["training"]
        step(above, document_id, RequestStep.ANSWER, text, at(-5, 15, 30))
        text = prose_reports.SETTLED
        step(clerk, document_id, RequestStep.SETTLE, text, at(-4, 8, 20))

    def _answer(self, district: Unit, document_id: int) -> None:
        specialist, text = self.play.specialist(district), prose_reports.ANSWERED["rules"]
        at = self.diary.at(-5, 16, 20)
        self.reports.step(specialist, document_id, RequestStep.ANSWER, text, at)

    def _returned(self, unit: Unit, district: Unit) -> None:
        mistake = TOO_MANY_CHECKS
        more = {mistake.indicator: (mistake.more, mistake.why)}
        document_id = self.reports.draft(unit, self.diary.at(-10, 8, 20), more)
        self._forward(unit, document_id, -9)
        self.play.open(district, document_id, self.diary.at(-7, 8, 25))
        self.reports.object(district, document_id, mistake, self.diary.at(-6, 14, 30))

    def _late(self, unit: Unit, district: Unit) -> None:
        """Send a report the day after it was due; the district takes it all the same."""
        at = self.diary.at
        document_id = self.reports.draft(unit, at(-4, 14, 0))
        self.play.send_for_clearance(unit, document_id, at(-3, 16, 40), REPORT)
        self.play.submit(unit, document_id, at(-2, 8, 15))
        self.play.open(district, document_id, at(-2, 9, 5))
        self.play.agree(district, document_id, at(-2, 10, 0))
        self.play.approve(district, document_id, at(-1, 8, 30))

    def _province(self) -> None:
        self.reports.add_up(self.play.demo.branch.province, self.diary.at(-1, 14, 0))

    # --- Two tiers ------------------------------------------------------------------------

    def _bac_ninh(self) -> None:
        communes, province = self.play.demo.branch.communes, self.play.demo.branch.province
        unit, at = communes[_REVIEWED_IN_BAC_NINH], self.diary.at
        document_id = self.reports.draft(unit, at(-9, 8, 15))
        self._forward(unit, document_id, -8)
        self.play.open(province, document_id, at(-6, 8, 20))
        self.play.agree(province, document_id, at(-6, 10, 5), [Role.SPECIALIST])
        self.play.approve(province, document_id, at(-4, 15, 10))
        unit = communes[_SUBMITTED_IN_BAC_NINH]
        self._forward(unit, self.reports.draft(unit, at(-4, 9, 0)), -3)
        self.reports.begin(communes[_BEGUN_IN_BAC_NINH], at(-2, 10, 30))

    # --- What they share ------------------------------------------------------------------

    def _approved(self, unit: Unit, district: Unit, start: int) -> int:
        more, asked = EXPLAINED.get(unit.code), _ASKED.get(unit.code, "")
        document_id = self.reports.draft(unit, self.diary.at(start, 8, 10), more, asked)
        self._forward(unit, document_id, start + 1)
        self._review(district, document_id, start + 3)
        return document_id

    def _forward(self, unit: Unit, document_id: int, day: int) -> None:
        """Have a report or a sum cleared on one day and sent up on the next."""
        kind = REPORT_SYNTHESIS if unit.code in self.play.demo.branch.districts else REPORT
        self.play.send_for_clearance(unit, document_id, self.diary.at(day, 9, 25), kind)
        self.play.submit(unit, document_id, self.diary.at(day + 1, 14, 35))

    def _review(self, district: Unit, document_id: int, day: int) -> None:
        self.play.open(district, document_id, self.diary.at(day, 8, 20))
        self.play.agree(district, document_id, self.diary.at(day, 10, 5))
        self.play.approve(district, document_id, self.diary.at(day + 1, 15, 10))
