"""Play the story of Demo A: Trà Cú at work, Càng Long done and waiting, Cầu Kè silent.

Every time is a number of working days before the demo is loaded.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lth.demo import contents, prose, prose_above, story_above
from lth.demo.diary import Diary
from lth.demo.figures import CommuneFigures
from lth.demo.mistakes import TOO_MANY_MEMBERS, TOO_MANY_OLDER, TOO_MUCH_MONEY, Mistake
from lth.demo.play import APPRAISERS, Play
from lth.demo.story_above import DISTRICT_PLANS, TRA_CU, Moments
from lth.demo.writing import SECTION_OF
from lth.drafting import Source
from lth.models import Unit
from lth.models.person import Role
from lth.workflow.acts import Act
from lth.workflow.kinds import SYNTHESIS

APPROVED = (
    *("29461", "29462", "29464", "29470", "29473"),  # thị trấn Trà Cú … An Quảng Hữu
    *("29476", "29479", "29482", "29485"),  # Lưu Nghiệp Anh … Thanh Sơn
)
SUBMITTED = ("29467", "29488", "29489")  # Tập Sơn, Hàm Giang, Hàm Tân
IN_REVIEW = ("29491", "29494")  # Đại An, xã Định An
LATE = "29506"  # Long Hiệp, still a draft
DECLINED_ONCE = "29482"  # Kim Sơn: its own leader wanted something changed first

SETTLED = "29491"  # Đại An asked for fewer clubs
ASKED_BY_DAI_AN = {"clubs_new": (2, "Xã mới có hai ấp đủ người tham gia ban chủ nhiệm.")}
WHY_IT_IS_KEPT = "Phòng cử cán bộ giúp ấp thứ ba thành lập câu lạc bộ trong quý III."
ASKED_BY_LONG_HIEP = {"clubs_new": (2, "Hai ấp đã sáp nhập, không đủ hội viên cho ba câu lạc bộ.")}
"""What two communes ask of the district instead of their quota; the second is still waiting."""

WHY_MORE_TIME = "Quỹ của ba câu lạc bộ đang được kiểm kê lại, đến giữa tuần sau mới có số đúng."

TAKEN_OVER = 7
"""How many were approved when Trà Cú's specialist last took figures over: two have come since."""


@dataclass(frozen=True)
class StoryOfThreeTiers:
    """Tells the story through the operations."""

    play: Play
    diary: Diary

    def tell(self) -> None:
        self._issue_above()
        self._cang_long()
        self._tra_cu()

    def _issue_above(self) -> None:
        province = self.play.demo.branch.province
        story_above.issue_province(self.play, self._moments(-58))
        for turn, document in enumerate(DISTRICT_PLANS):
            document_id = story_above.issue_district(self.play, document, self._moments(-50 + turn))
            self.play.acknowledge(province, document_id, self.diary.at(-44 + turn, 9, 20))
            if document is TRA_CU:
                self._talk_over_quotas(document_id)

    def _talk_over_quotas(self, document_id: int) -> None:
        """Let most accept what they are given; one asks for less and must keep it, one still
        waits.
        """
        play, at, communes = self.play, self.diary.at, self.play.demo.branch.communes
        for turn, code in enumerate((*APPROVED, *SUBMITTED)):
            clerk = play.cast.of(communes[code], Role.CLERK)
            play.pen.answer(clerk, document_id, at(-42, 8, 30 + turn))
        settled, pending = communes[SETTLED], communes[LATE]
        clerk = play.cast.of(settled, Role.CLERK)
        play.pen.answer(clerk, document_id, at(-41, 9, 15), ASKED_BY_DAI_AN)
        specialist = play.specialist(self._district_of(settled))
        play.pen.keep(specialist, document_id, settled.id, WHY_IT_IS_KEPT, at(-40, 14, 10))
        clerk = play.cast.of(pending, Role.CLERK)
        play.pen.answer(clerk, document_id, at(-2, 10, 40), ASKED_BY_LONG_HIEP)

    def _moments(self, start: int) -> Moments:
        at = self.diary.at
        return Moments(at(start, 8, 5), at(start + 2, 16, 10), at(start + 3, 10, 30))

    # --- Càng Long ------------------------------------------------------------------------

    def _cang_long(self) -> None:
        """Have all fourteen approved, one of them after a return; the synthesis sent on."""
        district = self.play.demo.branch.districts["844"]
        for turn, unit in enumerate(self.play.demo.branch.communes_of(district)):
            if unit.code == TOO_MANY_MEMBERS.code:
                self._returned_and_mended(TOO_MANY_MEMBERS, -34 + turn)
            else:
                self._approved(unit, -34 + turn)
        document_id = self._begin_synthesis(district, -8)
        texts = prose_above.of_synthesis(district, clubs=40, counted=14, total=14)
        self.play.pen.text(
            self.play.specialist(district), document_id, texts, self.diary.at(-8, 14, 30)
        )
        at = self.diary.at
        self.play.send_for_clearance(district, document_id, at(-6, 9, 15), SYNTHESIS)
        self.play.submit(district, document_id, at(-4, 15, 20))

    def _returned_and_mended(self, mistake: Mistake, start: int) -> None:
        unit, document_id = self._returned(mistake, start, with_opinions=())
        self.play.mend(mistake, document_id, self.diary.at(start + 6, 8, 40))
        self._clear(unit, document_id, start + 7)
        self._review(unit, document_id, start + 9)

    # --- Trà Cú ---------------------------------------------------------------------------

    def _tra_cu(self) -> None:
        communes = self.play.demo.branch.communes
        for turn, code in enumerate(APPROVED):
            if turn == TAKEN_OVER:
                self._begin_synthesis(self.play.demo.branch.districts["849"], -5)
            self._approved(communes[code], -24 + 2 * turn)
        for turn, code in enumerate(SUBMITTED):
            self._sent(communes[code], -6 + turn)
        self._in_review(communes[IN_REVIEW[0]], -8, [Role.SPECIALIST])
        self._in_review(communes[IN_REVIEW[1]], -7, [Role.SPECIALIST, Role.FINANCE_APPRAISER])
        self._returned(TOO_MANY_OLDER, -11, with_opinions=[Role.FINANCE_APPRAISER])
        returned = self._returned(TOO_MUCH_MONEY, -10, with_opinions=[Role.SPECIALIST])
        self._ask_for_time(*returned)
        self._late(communes[LATE], -6)

    def _in_review(self, unit: Unit, start: int, given: list[Role]) -> None:
        district = self._district_of(unit)
        document_id = self._sent(unit, start)
        self.play.open(district, document_id, self.diary.at(start + 4, 8, 45))
        self.play.agree(district, document_id, self.diary.at(start + 5, 9, 30), given)

    def _returned(
        self, mistake: Mistake, start: int, with_opinions: Iterable[Role]
    ) -> tuple[Unit, int]:
        """Have a plan sent with wrong figures, appraised, objected to and returned."""
        play, at, unit = self.play, self.diary.at, self.play.demo.branch.communes[mistake.code]
        district = self._district_of(unit)
        document_id = self._sent(unit, start, mistake.falsify(play.demo.figures[mistake.code]))
        play.open(district, document_id, at(start + 4, 8, 30))
        play.agree(district, document_id, at(start + 4, 9, 30), with_opinions)
        play.object(district, document_id, mistake, at(start + 4, 14, 0))
        play.send_back(district, document_id, mistake.reason, at(start + 5, 10, 15))
        return unit, document_id

    def _ask_for_time(self, unit: Unit, document_id: int) -> None:
        """Ask for time: what came back cannot be mended by the last day; the district has not
        answered yet.
        """
        self.play.stage.act(
            self.play.cast.of(unit, Role.CLERK),
            document_id,
            Act.ASK_EXTENSION,
            self.diary.at(-1, 10, 20),
            reason=WHY_MORE_TIME,
            until=self.diary.day(9),
        )

    def _late(self, unit: Unit, start: int) -> None:
        """Leave a draft that two clerks have begun and nobody has finished."""
        play, at = self.play, self.diary.at
        figures, clerk = play.demo.figures[unit.code], play.cast.of(unit, Role.CLERK)
        document_id = play.pen.start(clerk, play.demo.period, at(start, 9, 0), source=Source.ABOVE)
        unknown = {"loans_members", "income_fund_balance", "volunteers"}
        known = [line for line in contents.of_commune(figures) if line.code not in unknown]
        play.pen.figures(clerk, document_id, known, at(start, 9, 40))
        facts = play.facts(unit, contents.of_commune(figures))
        play.pen.parts(clerk, document_id, facts, at(start, 9, 55), with_money=False)
        texts = self._text(unit, figures)
        first = {SECTION_OF[topic]: texts[topic] for topic in (prose.PURPOSE, prose.SCOPE)}
        play.pen.text(clerk, document_id, first, at(start, 10, 20))
        helper = play.cast.second(unit, Role.CLERK)
        more = {SECTION_OF[prose.ACTIVITIES]: texts[prose.ACTIVITIES]}
        play.pen.text(helper, document_id, more, at(start + 3, 15, 30))

    # --- What they share ------------------------------------------------------------------

    def _district_of(self, unit: Unit) -> Unit:
        return next(
            district
            for district in self.play.demo.branch.districts.values()
            if district.id == unit.parent_id
        )

    def _text(self, unit: Unit, figures: CommuneFigures) -> dict[str, str]:
        return prose.of_commune(unit, figures, self.play.era)

    def _approved(self, unit: Unit, start: int) -> None:
        self._review(unit, self._sent(unit, start), start + 4)

    def _sent(self, unit: Unit, start: int, figures: CommuneFigures | None = None) -> int:
        """Have a plan drafted over two days, cleared and submitted on the fourth."""
        figures = figures or self.play.demo.figures[unit.code]
        document_id = self.play.draft(unit, figures, self.diary.at(start, 8, 10))
        if unit.code == DECLINED_ONCE:
            self._decline(unit, document_id, start + 1)
        self._clear(unit, document_id, start + 2)
        return document_id

    def _decline(self, unit: Unit, document_id: int, day: int) -> None:
        at = self.diary.at
        self.play.send_for_clearance(unit, document_id, at(day, 14, 0))
        reason = "Ghi rõ hơn ai chủ trì ở từng ấp rồi trình lại."
        self.play.stage.act(
            self.play.leader(unit), document_id, Act.DECLINE, at(day, 16, 20), reason=reason
        )

    def _clear(self, unit: Unit, document_id: int, day: int) -> None:
        self.play.send_for_clearance(unit, document_id, self.diary.at(day, 9, 25))
        self.play.submit(unit, document_id, self.diary.at(day + 1, 14, 35))

    def _review(self, unit: Unit, document_id: int, day: int) -> None:
        """Have a plan opened, appraised and approved within three days."""
        district = self._district_of(unit)
        self.play.open(district, document_id, self.diary.at(day, 8, 20))
        self.play.agree(district, document_id, self.diary.at(day, 10, 5), APPRAISERS)
        self.play.approve(district, document_id, self.diary.at(day + 2, 15, 10))

    def _begin_synthesis(self, district: Unit, day: int) -> int:
        return self.play.begin_synthesis(district, self.diary.at(day, 8, 50))
