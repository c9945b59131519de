"""Play the story of Demo B: five xã of Bắc Ninh, each a step behind the other."""

from dataclasses import dataclass
from datetime import datetime

from lth.core import clock
from lth.demo import contents, prose, story_above
from lth.demo.diary import Diary
from lth.demo.play import Play, Signature
from lth.demo.story_above import Moments
from lth.demo.writing import SECTION_OF
from lth.drafting import Source
from lth.models.document import SignForm
from lth.models.person import Role

ACKNOWLEDGED = "07264"  # Tam Tiến: issued, received by the province
ISSUED = "07282"  # Đồng Kỳ: issued, on its way
WITH_THE_LEADER = "07288"  # Yên Thế
BEGUN = "07294"  # Bố Hạ; Xuân Lương (07246) has not begun


@dataclass(frozen=True)
class StoryOfTwoTiers:
    """Tells the story through the operations."""

    play: Play
    diary: Diary

    def tell(self) -> None:
        at = self.diary.at
        moments = Moments(at(-40, 8, 15), at(-38, 15, 0), at(-37, 9, 40))
        story_above.issue_two_tiers(self.play, moments)
        acknowledged = self._issued(ACKNOWLEDGED, -16, "57/KH-UBND")
        self.play.acknowledge(self.play.demo.branch.province, acknowledged, at(-9, 14, 45))
        self._issued(ISSUED, -7, "83/KH-UBND")
        self._with_the_leader(-4)
        self._begun(-5)

    def _drafted(self, code: str, start: int) -> int:
        unit = self.play.demo.branch.communes[code]
        return self.play.draft(unit, self.play.demo.figures[code], self.diary.at(start, 8, 30))

    def _issued(self, code: str, start: int, number: str) -> int:
        unit, document_id = self.play.demo.branch.communes[code], self._drafted(code, start)
        self.play.send_for_clearance(unit, document_id, self.diary.at(start + 3, 9, 0))
        issued = self.diary.at(start + 5, 10, 20)
        self.play.issue(unit, document_id, issued, _signed(number, issued))
        return document_id

    def _with_the_leader(self, start: int) -> None:
        unit = self.play.demo.branch.communes[WITH_THE_LEADER]
        document_id = self._drafted(WITH_THE_LEADER, start)
        self.play.send_for_clearance(unit, document_id, self.diary.at(start + 3, 15, 40))

    def _begun(self, start: int) -> None:
        """Begin a plan: the first phase is filled in, the second not yet."""
        play, at = self.play, self.diary.at
        unit, figures = play.demo.branch.communes[BEGUN], play.demo.figures[BEGUN]
        clerk = play.cast.of(unit, Role.CLERK)
        document_id = play.pen.start(clerk, play.demo.period, at(start, 9, 10), source=Source.ABOVE)
        phase = next(iter(figures.phases))
        lines = [line for line in contents.of_commune(figures) if line.phase == phase]
        play.pen.figures(clerk, document_id, lines, at(start, 10, 0))
        facts = play.facts(unit, contents.of_commune(figures))
        play.pen.parts(clerk, document_id, facts, at(start, 10, 15))
        purpose = prose.of_commune(unit, figures, play.era)[prose.PURPOSE]
        play.pen.text(
            clerk, document_id, {SECTION_OF[prose.PURPOSE]: purpose}, at(start + 2, 16, 0)
        )


def _signed(number: str, issued: datetime) -> Signature:
    """Sign: a plan is a document of its own here, signed by a deputy for the chairman."""
    return Signature(number, clock.local(issued).date(), SignForm.TM_KT)
