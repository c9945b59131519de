"""Play the demo's beginning, in both eras: plans are issued above and hand their quotas down."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lth.core import clock
from lth.demo import contents, prose_above
from lth.demo.contents import DemoTarget, exactly
from lth.demo.figures import total
from lth.demo.play import Play, Signature
from lth.drafting import Source
from lth.models import Unit
from lth.models.quota import SplitRule


@dataclass(frozen=True)
class Moments:
    """Times when a plan is begun, sent to the leader and issued."""

    started: datetime
    sent: datetime
    issued: datetime


@dataclass(frozen=True)
class DistrictPlan:
    """Facts that are known of a district's plan: how it is signed, and the clubs assigned to it."""

    code: str
    clubs: int
    signature: Signature


PROVINCE_SIGNATURE = Signature("304/QĐ-UBND", date(2021, 2, 9))
TRA_CU = DistrictPlan("849", 50, Signature("793/QĐ-UBND", date(2021, 5, 7)))
DISTRICT_PLANS = (
    TRA_CU,
    DistrictPlan("844", 40, Signature("912/QĐ-UBND", date(2021, 5, 12))),
    DistrictPlan("845", 30, Signature("688/QĐ-UBND", date(2021, 5, 14))),
)
"""The province's and Trà Cú's numbers and dates are the documents' own, the others assumed."""

TIME_TO_ANSWER = timedelta(days=14)
_A_WHILE = timedelta(minutes=25)

_PLAN_OF_BAC_NINH = Signature("62/KH-UBND", date(2026, 3, 11))


def issue_province(play: Play, moments: Moments) -> int:
    """Issue Trà Vinh's plan, with the districts' quotas of new clubs."""
    province, phase = play.demo.branch.province, play.demo.period.code
    clubs = sum(document.clubs for document in DISTRICT_PLANS)
    lines = contents.of_unit_above(phase, clubs)
    document_id = play.write(
        province, lines, prose_above.of_document(province, clubs), moments.started
    )
    shares = [
        (
            play.demo.branch.districts[document.code].id,
            DemoTarget("clubs_new", phase, exactly(document.clubs)),
        )
        for document in DISTRICT_PLANS
    ]
    _send_and_issue(play, province, document_id, moments, PROVINCE_SIGNATURE)
    _hand_down(play, province, document_id, moments, shares)
    return document_id


def issue_district(play: Play, document: DistrictPlan, moments: Moments) -> int:
    """Issue a district's own plan under the province's, with its communes' quotas; acknowledged
    above.
    """
    district, phase = play.demo.branch.districts[document.code], play.demo.period.code
    own = [one for one in play.demo.figures.values() if one.district_code == document.code]
    if document is TRA_CU:
        lines = contents.of_tra_cu(phase, total(own))
    else:
        lines = contents.of_unit_above(phase, document.clubs)
    texts = prose_above.of_document(district, document.clubs)
    document_id = play.write(district, lines, texts, moments.started, Source.ABOVE)
    _send_and_issue(play, district, document_id, moments, document.signature)
    _hand_down(
        play, district, document_id, moments, _shares_of_communes(play, document), SplitRule.EQUAL
    )
    return document_id


def _shares_of_communes(play: Play, document: DistrictPlan) -> Iterator[tuple[int, DemoTarget]]:
    """Yield the clubs split equally; in Trà Cú the members of its decision too, as its communes
    plan.
    """
    own = {c: one for c, one in play.demo.figures.items() if one.district_code == document.code}
    phase, units = play.demo.period.code, play.demo.branch.communes
    for code, clubs in contents.split(document.clubs, own.values()).items():
        yield units[code].id, DemoTarget("clubs_new", phase, exactly(clubs))
    if document is TRA_CU:
        for code, commune in own.items():
            for indicator in ("members_total", "members_older"):
                for part, value in contents.planned(indicator, commune):
                    yield units[code].id, DemoTarget(indicator, part, exactly(value))


def issue_two_tiers(play: Play, moments: Moments) -> int:
    """Issue Bắc Ninh's plan over both phases, with its communes' quotas of new clubs."""
    province = play.demo.branch.province
    clubs = _clubs_by_phase(play)
    lines = [
        line
        for phase, count in clubs.items()
        for line in contents.of_unit_above(phase, count, two_tiers=True)
    ]
    texts = prose_above.of_document(province, sum(clubs.values()), two_tiers=True)
    document_id = play.write(province, lines, texts, moments.started)
    shares = [
        (play.demo.branch.communes[code].id, DemoTarget("clubs_new", phase, exactly(value)))
        for code, commune in play.demo.figures.items()
        for phase, value in contents.planned("clubs_new", commune)
    ]
    _send_and_issue(play, province, document_id, moments, _PLAN_OF_BAC_NINH)
    _hand_down(play, province, document_id, moments, shares)
    return document_id


def _clubs_by_phase(play: Play) -> Mapping[str, int]:
    clubs: dict[str, int] = {}
    for commune in play.demo.figures.values():
        for phase, value in contents.planned("clubs_new", commune):
            clubs[phase] = clubs.get(phase, 0) + value
    return clubs


def _hand_down(
    play: Play,
    unit: Unit,
    document_id: int,
    moments: Moments,
    shares: Iterable[tuple[int, DemoTarget]],
    rule: SplitRule = SplitRule.BY_HAND,
) -> None:
    """Hand down on the day of issue; two weeks to answer. What a rule does not give counts as by
    hand.
    """
    at = moments.issued + _A_WHILE
    reply_by = clock.local(at).date() + TIME_TO_ANSWER
    play.pen.hand_down(play.specialist(unit), document_id, shares, at, reply_by, rule)


def _send_and_issue(
    play: Play, unit: Unit, document_id: int, moments: Moments, signature: Signature
) -> None:
    play.send_for_clearance(unit, document_id, moments.sent)
    play.issue(unit, document_id, moments.issued, dated(signature, moments.issued))


def dated(signature: Signature, issued: datetime) -> Signature:
    """Date a signature no later than the issue, should the clock stand before the document."""
    return replace(signature, on=min(signature.on, clock.local(issued).date()))
