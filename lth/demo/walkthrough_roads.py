"""Play the two roads of the walkthrough, move by move, each synthesis held to what it must come
to.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lth import synthesis
from lth.access.scope import Scope
from lth.content import targets
from lth.core import clock
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import capitalize_first
from lth.demo import prose_above, story_above
from lth.demo.figures import Values
from lth.demo.mistakes import TOO_FEW_VOLUNTEERS, TOO_MANY_OLDER, TOO_MUCH_MONEY
from lth.demo.play import APPRAISERS, Play, Signature
from lth.demo.report import (
    EXPECTED_OF_BAC_NINH,
    EXPECTED_OF_CANG_LONG,
    EXPECTED_OF_TRA_CU,
    EXPECTED_OF_TRA_VINH,
    CheckedSum,
    Road,
    SynthesisSums,
    WalkthroughReport,
)
from lth.demo.story_above import DISTRICT_PLANS, TRA_CU, Moments
from lth.models import Unit
from lth.models.kind import Kind
from lth.models.person import Role
from lth.models.programme import Indicator
from lth.synthesis import SynthesisSheet
from lth.workflow import documents as workflow_documents
from lth.workflow import revisions
from lth.workflow.kinds import PLAN, SYNTHESIS


class Ticks:
    """Moments three hours apart, the first four weeks before now."""

    def __init__(self, now: datetime) -> None:
        self._moment = now - timedelta(days=28)

    def __call__(self) -> datetime:
        self._moment += timedelta(hours=3)
        return self._moment

    def three(self) -> Moments:
        return Moments(self(), self(), self())


@dataclass
class RoadWalk:
    """Moves that all roads share."""

    play: Play
    report: WalkthroughReport
    tick: Ticks
    road: Road = field(init=False)

    def begin(self, title: str, **params: object) -> None:
        self.road = Road(Message(title, params))
        self.report.roads.append(self.road)

    def say(self, text: str, **params: object) -> None:
        self.road.steps.append(Message(text, params))

    @property
    def province(self) -> Unit:
        return self.play.demo.branch.province

    def send_up(self, documents: dict[Unit, int], kind: Kind = PLAN) -> None:
        """Have every unit's clerk send its document to the leader, and the leader to the level
        above.
        """
        self.send_to_leaders(documents, kind)
        at = self.tick()
        for unit, document_id in documents.items():
            self.play.submit(unit, document_id, at)

    def send_to_leaders(self, documents: dict[Unit, int], kind: Kind = PLAN) -> None:
        at = self.tick()
        for unit, document_id in documents.items():
            self.play.send_for_clearance(unit, document_id, at, kind)

    def forward(self, unit: Unit, document_id: int, kind: Kind = SYNTHESIS) -> None:
        """Send a synthesis to the unit's leader and up."""
        self.play.send_for_clearance(unit, document_id, self.tick(), kind)
        self.play.submit(unit, document_id, self.tick())

    def appraise(
        self, above: Unit, documents: Iterable[int], roles: Iterable[Role] = APPRAISERS
    ) -> None:
        """Open, give favourable opinions, approve."""
        opened, agreed, approved = self.tick(), self.tick(), self.tick()
        for document_id in documents:
            self.play.open(above, document_id, opened)
            self.play.agree(above, document_id, agreed, roles)
            self.play.approve(above, document_id, approved)

    def add_up(self, unit: Unit, document_id: int, expected: Values, when: str) -> SynthesisSheet:
        """Hold what a unit's synthesis took over to what it must come to."""
        specialist = self.play.specialist(unit)
        scope = Scope.of(specialist)
        with self.play.stage.acting(specialist) as session:
            document = workflow_documents.get(session, document_id, scope)
            revision = revisions.get(session, document_id, document.head_number, scope)
            sheet = synthesis.sheet(session, document, revision, scope)
        self.road.steps.append(
            SynthesisSums(
                unit=unit.full_name,
                when=Message(when),
                received=sheet.counts.received,
                taking_part=sheet.counts.expected,
                missing=[one.full_name for one in sheet.missing],
                checks=[_check(sheet, code, value) for code, value in expected.items()],
            )
        )
        return sheet


def _check(sheet: SynthesisSheet, code: str, expected: int) -> CheckedSum:
    """Compare one indicator over all phases."""
    lines = [line for line in sheet.lines if line.indicator.code == code]
    values = [line.taken.value for line in lines if line.taken is not None]
    found = None if not values or None in values else sum(value or 0 for value in values)
    indicator = lines[0].indicator
    label = {"vi": indicator.label_vi, "en": indicator.label_en}
    shown = {one: _shown(found, expected, indicator, one) for one in label}
    return CheckedSum(code, label, shown, found, expected)


def _shown(
    found: int | None, expected: int, indicator: Indicator, language: str
) -> tuple[str, str]:
    text = "–" if found is None else targets.amount(found, indicator, language)
    return text, targets.amount(expected, indicator, language)


class ThreeTiers(RoadWalk):
    """Trà Vinh in 2021: communes, districts, province."""

    def walk(self) -> int:
        """Play it; returns the plan of Ngọc Biên, one of the two that are returned."""
        self.begin(N_("Ba cấp: %(unit)s, năm 2021"), unit=self.province.full_name)
        self._issue_above()
        documents = self._draft_and_send()
        self._return_two(documents)
        tra_cu = self._synthesise(documents)
        self._send_back_because_of_one(tra_cu, documents)
        self._forward_again(tra_cu)
        cang_long = self._bring_in_cang_long()
        self._conclude([tra_cu, cang_long])
        return documents[self._commune(TOO_MANY_OLDER.code)]

    @property
    def tra_cu(self) -> Unit:
        return self.play.demo.branch.districts["849"]

    def _commune(self, code: str) -> Unit:
        return self.play.demo.branch.communes[code]

    def _issue_above(self) -> None:
        story_above.issue_province(self.play, self.tick.three())
        number = story_above.PROVINCE_SIGNATURE.number
        self.say(
            N_("%(unit)s ban hành kế hoạch %(number)s, giao chỉ tiêu cho ba huyện."),
            unit=capitalize_first(self.province.full_name),
            number=number,
        )
        for document in DISTRICT_PLANS[:2]:
            document_id = story_above.issue_district(self.play, document, self.tick.three())
            self.play.acknowledge(self.province, document_id, self.tick())
            district = self.play.demo.branch.districts[document.code]
            self.say(
                N_(
                    "%(unit)s ban hành kế hoạch %(number)s, giao %(clubs)s câu lạc bộ cho"
                    " %(count)s xã, thị trấn."
                ),
                unit=capitalize_first(district.full_name),
                number=document.signature.number,
                clubs=document.clubs,
                count=len(self.play.demo.branch.communes_of(district)),
            )

    def _draft_and_send(self) -> dict[Unit, int]:
        """Draft and send all seventeen, three of them with something wrong."""
        mistakes = {one.code: one for one in (TOO_MANY_OLDER, TOO_MUCH_MONEY, TOO_FEW_VOLUNTEERS)}
        documents, at = {}, self.tick()
        for unit in self.play.demo.branch.communes_of(self.tra_cu):
            figures = self.play.demo.figures[unit.code]
            mistake = mistakes.get(unit.code)
            written = mistake.falsify(figures) if mistake else figures
            documents[unit] = self.play.draft(unit, written, at)
        self.send_up(documents)
        self.say(
            N_("%(count)s xã, thị trấn soạn kế hoạch, lãnh đạo duyệt và trình huyện."),
            count=len(documents),
        )
        return documents

    def _return_two(self, documents: dict[Unit, int]) -> None:
        mended = {}
        for mistake in (TOO_MANY_OLDER, TOO_MUCH_MONEY):
            unit = self._commune(mistake.code)
            document_id = mended[unit] = documents[unit]
            self.play.open(self.tra_cu, document_id, self.tick())
            self.play.object(self.tra_cu, document_id, mistake, self.tick())
            self.play.send_back(self.tra_cu, document_id, mistake.reason, self.tick())
            self.play.mend(mistake, document_id, self.tick())
        self.say(
            N_("Huyện trả lại hai kế hoạch (%(units)s); hai xã sửa, trả lời nhận xét, trình lại."),
            units=", ".join(unit.full_name for unit in mended),
        )
        self.send_up(mended)

    def _synthesise(self, documents: dict[Unit, int]) -> int:
        self.appraise(self.tra_cu, documents.values())
        self.say(N_("Huyện thẩm định và phê duyệt cả %(count)s kế hoạch."), count=len(documents))
        document_id = self.play.begin_synthesis(self.tra_cu, self.tick())
        self._write_up(self.tra_cu, document_id, TRA_CU.clubs, len(documents), len(documents))
        self.add_up(self.tra_cu, document_id, EXPECTED_OF_TRA_CU, N_("lần đầu"))
        self.forward(self.tra_cu, document_id)
        self.say(N_("Huyện trình bản tổng hợp lên tỉnh."))
        return document_id

    def _write_up(self, unit: Unit, document_id: int, clubs: int, counted: int, total: int) -> None:
        texts = prose_above.of_synthesis(unit, clubs, counted, total)
        self.play.pen.text(self.play.specialist(unit), document_id, texts, self.tick())

    def _send_back_because_of_one(self, synthesis_id: int, documents: dict[Unit, int]) -> None:
        """Have the province return the synthesis, and the district reopen the commune it is
        about.
        """
        mistake, play = TOO_FEW_VOLUNTEERS, self.play
        unit = self._commune(mistake.code)
        document_id = documents[unit]
        play.open(self.province, synthesis_id, self.tick())
        play.remark(self.province, synthesis_id, mistake, self.tick())
        play.send_back(self.province, synthesis_id, mistake.reason, self.tick())
        self.say(N_("Tỉnh trả lại bản tổng hợp vì số liệu của %(unit)s."), unit=unit.full_name)
        play.reopen(self.tra_cu, document_id, mistake.reason, self.tick())
        play.remark(self.tra_cu, document_id, mistake, self.tick())
        play.send_back(self.tra_cu, document_id, mistake.reason, self.tick())
        play.mend(mistake, document_id, self.tick())
        self.send_up({unit: document_id})
        self.appraise(self.tra_cu, [document_id])
        self.say(
            N_("Huyện mở lại kế hoạch của %(unit)s; xã sửa, trình lại và được phê duyệt lại."),
            unit=unit.full_name,
        )
        play.answer(play.specialist(self.tra_cu), synthesis_id, mistake.answer, self.tick())

    def _forward_again(self, synthesis_id: int) -> None:
        self._require_take_over(synthesis_id)
        self.play.take_over(self.tra_cu, synthesis_id, self.tick())
        self.add_up(self.tra_cu, synthesis_id, EXPECTED_OF_TRA_CU, N_("lần hai"))
        self.forward(self.tra_cu, synthesis_id)
        self.say(N_("Huyện trình lại bản tổng hợp."))

    def _require_take_over(self, synthesis_id: int) -> None:
        """Require a new take-over: what was taken over before the commune's correction must not
        go up any more.
        """
        try:
            self.play.send_for_clearance(self.tra_cu, synthesis_id, self.tick(), SYNTHESIS)
        except BlockedError as error:
            self.play.stage.session.rollback()
            self.say(N_("Chưa tiếp nhận lại thì chưa trình được: “%(why)s”"), why=error.messages[0])
        else:
            fault = N_("Bản tổng hợp đi tiếp được dù số liệu bên dưới đã thay đổi.")
            self.report.faults.append(Message(fault))

    def _bring_in_cang_long(self) -> int:
        district = self.play.demo.branch.districts["844"]
        at = self.tick()
        documents = {
            unit: self.play.draft(unit, self.play.demo.figures[unit.code], at)
            for unit in self.play.demo.branch.communes_of(district)
        }
        self.send_up(documents)
        self.appraise(district, documents.values())
        document_id = self.play.begin_synthesis(district, self.tick())
        self._write_up(district, document_id, 40, len(documents), len(documents))
        self.forward(district, document_id)
        self.add_up(district, document_id, EXPECTED_OF_CANG_LONG, N_("lần đầu"))
        self.say(
            N_("%(unit)s phê duyệt %(count)s kế hoạch và trình bản tổng hợp."),
            unit=capitalize_first(district.full_name),
            count=len(documents),
        )
        return document_id

    def _conclude(self, documents: list[int]) -> None:
        """Have the province approve both syntheses, take them over and issue its own."""
        self.appraise(self.province, documents, [Role.SPECIALIST])
        self.say(N_("Tỉnh phê duyệt bản tổng hợp của hai huyện."))
        document_id = self.play.begin_synthesis(self.province, self.tick())
        self._write_up(self.province, document_id, 120, len(documents), 3)
        self.add_up(self.province, document_id, EXPECTED_OF_TRA_VINH, N_("toàn tỉnh"))
        issue_sum(self, document_id, "1120/QĐ-UBND", prose_above.WITHOUT_ONE_DISTRICT)
        self.say(N_("Tỉnh ban hành bản tổng hợp."))


class TwoTiers(RoadWalk):
    """Bắc Ninh from 2026: communes issue themselves, the province acknowledges."""

    def walk(self) -> None:
        self.begin(N_("Hai cấp: %(unit)s, 2026–2035"), unit=self.province.full_name)
        story_above.issue_two_tiers(self.play, self.tick.three())
        self.say(N_("Tỉnh ban hành kế hoạch, giao chỉ tiêu cho năm xã."))
        documents = self._draft_and_issue()
        at = self.tick()
        for document_id in documents:
            self.play.acknowledge(self.province, document_id, at)
        self.say(N_("Sở Y tế tiếp nhận cả %(count)s kế hoạch."), count=len(documents))
        document_id = self.play.begin_synthesis(self.province, self.tick())
        texts = prose_above.of_synthesis(
            self.province, 24, len(documents), len(documents), two_tiers=True
        )
        self.play.pen.text(self.play.specialist(self.province), document_id, texts, self.tick())
        self.add_up(self.province, document_id, EXPECTED_OF_BAC_NINH, N_("cả hai giai đoạn"))
        issue_sum(self, document_id, "215/KH-UBND")
        self.say(N_("Tỉnh ban hành bản tổng hợp."))

    def _draft_and_issue(self) -> list[int]:
        at = self.tick()
        documents = {
            unit: self.play.draft(unit, self.play.demo.figures[unit.code], at)
            for unit in self.play.demo.branch.communes.values()
        }
        self.send_to_leaders(documents)
        at = self.tick()
        for turn, (unit, document_id) in enumerate(documents.items()):
            signature = Signature(f"{21 + turn}/KH-UBND", clock.local(at).date())
            self.play.issue(unit, document_id, at, signature)
        self.say(N_("%(count)s xã soạn và tự ban hành kế hoạch."), count=len(documents))
        return list(documents.values())


def issue_sum(
    walk: RoadWalk, document_id: int, number: str, why: str = "", kind: Kind = SYNTHESIS
) -> None:
    """Have the province, with nobody above it, issue its synthesis; `why`: without some units."""
    walk.play.send_for_clearance(walk.province, document_id, walk.tick(), kind, why)
    at = walk.tick()
    signature = Signature(number, clock.local(at).date())
    walk.play.issue(walk.province, document_id, at, signature, why)
