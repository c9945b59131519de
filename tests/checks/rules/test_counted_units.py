"""V31: clubs are not communes, and what remains is the whole less what is done."""

import pytest
from support.plandocs import changed, faultless, found, said, target

from lth.content.model import Baseline, Content, PhaseSpan, SectionText, Span, TargetLine
from lth.models.content import CountsFrom

CUMULATIVE = CountsFrom.CUMULATIVE
FIRST, SECOND = PhaseSpan("2017-2018", Span(2017, 2018)), PhaseSpan("2019-2020", Span(2019, 2020))
COMMUNES = Baseline("a", "communes_total", 109)
CLUBS = Baseline("b", "clubs_existing", 21)
WITH_CLUB = Baseline("c", "communes_with_club", 21)


def remaining(wording: str, *start: Baseline, **changes) -> Content:
    """As Vĩnh Long: 17 more in the first phase, and then those that remain."""
    targets = (
        target("clubs_new", 17, phase=FIRST.key, wording="thêm 17 câu lạc bộ"),
        target("clubs_new", 17, phase=SECOND.key, wording=wording),
    )
    return changed(
        targets=targets, phases=(FIRST, SECOND), baselines=(COMMUNES, *start), floors=(), **changes
    )


LEFT = [
    ("109 − 21 − 17 are 71, not 17", "tại 17 xã, phường, thị trấn còn lại", (WITH_CLUB,), True),
    ("71", "tại 71 xã, phường, thị trấn còn lại", (WITH_CLUB,), False),
    ("70", "tại 70 xã còn lại", (WITH_CLUB,), True),
    ("88: the new clubs are where there were some", "tại 88 xã còn lại", (WITH_CLUB,), False),
    ("89 are more than had none", "tại 89 xã còn lại", (WITH_CLUB,), True),
    ("21 clubs may be in one commune", "tại 89 xã còn lại", (CLUBS,), False),
    ("but in no more than 21", "tại 70 xã còn lại", (CLUBS,), True),
    ("how many are done is not known", "tại 17 xã còn lại", (), False),
    ("nothing remains", "tại 17 xã, phường, thị trấn", (WITH_CLUB,), False),
    ("a thin space", "tại 17\u2009xã, phường còn lại", (WITH_CLUB,), True),
]


@pytest.mark.parametrize(("name", "wording", "start", "fires"), LEFT, ids=[one[0] for one in LEFT])
def test_what_remains_is_the_whole_less_what_is_done(name, wording, start, fires):
    assert any("còn lại" in text for text in said(remaining(wording, *start), "V31")) is fires


def test_a_section_is_looked_through_too():
    section = SectionText(
        "s", "I. Mục tiêu", "Giai đoạn sau làm ở 17 xã, phường, thị trấn còn lại."
    )
    (finding,) = found(remaining("", WITH_CLUB, sections=(section,)), "V31")
    assert finding.place == "s"
    assert "109 xã trừ 21 + 17 xã đã có thì còn 71" in str(finding.said)


MANY = (Baseline("b1", "communes_total", 40), Baseline("b2", "clubs_existing", 4))
"""More communes than any of these plans speaks of, which is V11's."""


def worded(indicator: str, wording: str, **more) -> Content:
    return changed(targets=(target(indicator, 20, wording=wording, **more),), baselines=MANY)


WORDS = [
    ("clubs in clubs", worded("clubs_new", "thêm 20 câu lạc bộ"), False),
    ("clubs in communes", worded("clubs_new", "xây dựng tại 20 xã"), True),
    ("clubs in communes, and said so", worded("clubs_new", "20 câu lạc bộ tại 20 xã"), False),
    ("another number of communes", worded("clubs_new", "nhân rộng tại 15 xã"), False),
    ("communes in communes", worded("communes_with_club", "20 xã có câu lạc bộ"), False),
    ("communes in clubs", worded("communes_with_club", "có 20 CLB"), True),
    ("another indicator", worded("members_total", "ở 20 xã"), False),
]


@pytest.mark.parametrize(("name", "content", "fires"), WORDS, ids=[one[0] for one in WORDS])
def test_a_count_is_worded_in_its_own_unit(name, content, fires):
    assert bool(found(content, "V31")) is fires


def covered(communes: int, clubs: TargetLine) -> Content:
    lines = (target("communes_with_club", communes, counts_from=CUMULATIVE), clubs)
    return changed(targets=lines, baselines=MANY)


@pytest.mark.parametrize(("communes", "fires"), [(10, False), (11, True)])
def test_no_more_communes_have_a_club_than_there_are_clubs(communes, fires):
    """4 clubs there are and 6 new ones make ten."""
    assert faultless().baseline("clubs_existing") == 4
    assert bool(found(covered(communes, target("clubs_new", 6)), "V31")) is fires
