"""V26: who gets the plan."""

import re
from collections.abc import Iterator

from lth.checks.agencies import (
    agency,
    has_its_tier,
    is_committee,
    is_group,
    is_national,
    is_own_committee,
    named_in,
    names_in,
    other_place_in,
    same,
)
from lth.checks.registry import Fault, check
from lth.checks.rules.level_texts import is_gone
from lth.checks.tiers import has_two_tiers, is_above
from lth.content.model import RECIPIENTS, Content, ReportingDuty
from lth.core.i18n import N_
from lth.core.vietnamese import search_key
from lth.models.finding import Severity, Stage
from lth.models.unit import Level


@check(
    "V26",
    "RECIPIENT",
    N_("Nơi nhận có cấp trên và nơi nhận báo cáo"),
    Severity.WARNING,
    Stage.SUBMIT,
)
def recipient(content: Content) -> Iterator[Fault]:
    """Require that among the recipients are who issued the plan above, everyone that reports go
    to, and the committees below that are to report. Within the unit a group ("các phòng, ban")
    stands for each; the unit's own committee needs no copy, and another place's is not it. Who is
    no more gets none: of them V19 speaks, of a parent that there is not V43. A province's letter
    does not go to the Prime Minister.
    """
    if RECIPIENTS in content.unreadable:
        return
    if not content.recipients:
        yield Fault.of(
            N_("Văn bản chưa có nơi nhận."),
            N_("Ghi nơi nhận: cấp trên, nơi nhận báo cáo, các đơn vị thực hiện, lưu."),
            RECIPIENTS,
        )
        return
    if (
        _has_parent(content)
        and not _is_named(content, content.parent_issuer)
        and not (content.is_directive and is_national(content.parent_issuer))
    ):
        yield _parent_left_out(content)
    told: set[str] = set()
    for duty in content.reporting:
        for addressee in duty.addressees:
            if addressee not in told and not _is_reached(content, addressee):
                told.add(addressee)
                yield _addressee_left_out(duty, addressee)
        if duty.reporter not in told and _is_left_out(content, duty.reporter):
            told.add(duty.reporter)
            yield _reporter_left_out(duty)


def _has_parent(content: Content) -> bool:
    """Tell whether there is a plan above, of whose issuer V43 has nothing to say."""
    ended = content.place.parent_level is Level.DISTRICT and has_two_tiers(content)
    wrong = ended or other_place_in(content.parent_issuer, content)
    return bool(content.parent_issuer) and not wrong


def _is_named(content: Content, name: str) -> bool:
    return any(named_in(name, one.name, content) for one in content.recipients)


def _is_reached(content: Content, addressee: str) -> bool:
    if is_own_committee(addressee, content.place, content) or _is_named(content, addressee):
        return True
    if content.parent_issuer and same(addressee, content.parent_issuer, content):
        return True  # said already, of the parent
    if is_gone(content, addressee) or other_place_in(addressee, content):
        return True  # V19 asks to change the name itself
    if is_national(addressee):
        return False
    level = agency(addressee, names_in(content)).level
    within = level in {None, content.place.level}
    return within and any(is_group(one.name) for one in content.recipients)


_AS_ABOVE = re.compile(r"nhu (?:tren|dieu|kinh gui)\b")
_OF_ALL = r"(?:^cac|\bcap|\bubnd(?: cac)?|\buy ban nhan dan(?: cac)?)(?: \w+){0,6}? "
_OF_TIER = {
    Level.DISTRICT: re.compile(rf"{_OF_ALL}(?:huyen|quan|thi xa|thanh pho|dia phuong)\b"),
    Level.COMMUNE: re.compile(rf"{_OF_ALL}(?:xa|phuong|thi tran|dac khu|dia phuong)\b"),
}


def _is_left_out(content: Content, reporter: str) -> bool:
    """Tell whether a committee of a tier below, of one that there is, gets no copy. Any line that
    speaks of the units of its tier will do, "UBND cấp xã", "Các xã, phường"; "như trên" and "như
    Điều 3" are whoever is named there.
    """
    level = agency(reporter, names_in(content)).level
    below = level is not None and is_above(content.place.level, level)
    if not below or not has_its_tier(content.place) or not is_committee(reporter):
        return False
    if is_gone(content, reporter) or _is_named(content, reporter):
        return False
    lines = [search_key(one.name) for one in content.recipients]
    of_tier = _OF_TIER.get(level, _AS_ABOVE)
    return not any(_AS_ABOVE.match(line) or of_tier.search(line) for line in lines)


def _reporter_left_out(duty: ReportingDuty) -> Fault:
    return Fault.of(
        N_("%(reporter)s phải báo cáo, nhưng nơi nhận không có cơ quan này."),
        N_("Thêm %(reporter)s vào nơi nhận."),
        duty.key,
        mend=RECIPIENTS,
        reporter=duty.reporter,
    )


def _parent_left_out(content: Content) -> Fault:
    if other := _committee_elsewhere(content):
        return Fault.of(
            N_("Nơi nhận ghi %(other)s, trong khi kế hoạch cấp trên do %(agency)s ban hành."),
            N_("Sửa thành %(agency)s (để báo cáo)."),
            RECIPIENTS,
            other=other,
            agency=content.parent_issuer,
        )
    return Fault.of(
        N_("Nơi nhận không có %(agency)s, cơ quan ban hành kế hoạch cấp trên."),
        N_("Thêm %(agency)s (để báo cáo) vào nơi nhận."),
        RECIPIENTS,
        agency=content.parent_issuer,
    )


def _committee_elsewhere(content: Content) -> str:
    """Return a recipient that is another place's committee."""
    named = (one.name for one in content.recipients if other_place_in(one.name, content))
    return next((name for name in named if is_committee(name)), "")


def _addressee_left_out(duty: ReportingDuty, addressee: str) -> Fault:
    return Fault.of(
        N_("%(reporter)s gửi báo cáo đến %(agency)s, nhưng nơi nhận không có cơ quan này."),
        N_("Thêm %(agency)s vào nơi nhận."),
        duty.key,
        mend=RECIPIENTS,
        reporter=duty.reporter,
        agency=addressee,
    )
