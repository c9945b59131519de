"""V43: whose plan it is, of which tier and of which years, wherever it says so."""

import re
from collections.abc import Iterator

from lth.checks import papers_in_force
from lth.checks.agencies import (
    TYPES_OF,
    agency,
    has_its_tier,
    is_committee,
    level_of,
    names_in,
    other_place_in,
    other_places,
    places_in,
    type_of,
)
from lth.checks.prose import lowered
from lth.checks.registry import Fault, check
from lth.checks.tiers import (
    ENDED_TYPES,
    NEW_TYPES,
    TWO_TIERS,
    has_two_tiers,
    is_of_ended_tier,
    merged_province,
)
from lth.checks.wording import day, years
from lth.content.model import WHOLE, Content, Paper
from lth.core.i18n import N_, Message
from lth.core.vietnamese import capitalize_first, nfc
from lth.models.finding import Severity, Stage
from lth.models.parts import PaperRole
from lth.models.unit import Level

_LEVEL_NAME = {
    Level.PROVINCE: N_("cấp tỉnh"),
    Level.DISTRICT: N_("cấp huyện"),
    Level.COMMUNE: N_("cấp xã"),
}


@check(
    "V43",
    "IDENTITY",
    N_("Đúng đơn vị, đúng cấp, đúng thời gian"),
    Severity.WARNING,
    Stage.DRAFT,
)
def identity(content: Content) -> Iterator[Fault]:
    """Require that a plan's tier is there on its day and below the tier above; that its papers
    are issued by its own unit, and its title names that unit and the plan's years. A district's
    plan of a day without districts (Luật Tổ chức chính quyền địa phương 72/2025/QH15) is an
    error, and one for all that follows from it.
    """
    if is_of_ended_tier(content):
        yield _no_tier(content)
        return
    units = list(_units(content))
    yield from units
    if not has_its_tier(content.place):
        return  # whatever else is compared with its name would be found wrong too
    yield from _issuers(content)
    yield from _title(content)
    yield from _title_years(content)


def _no_tier(content: Content) -> Fault:
    return Fault.of(
        N_("Từ ngày %(since)s không còn cấp huyện, %(place)s không thể lập kế hoạch ngày %(on)s."),
        N_("Lập kế hoạch của xã, phường, đặc khu hoặc của tỉnh; nếu là kế hoạch cũ thì sửa ngày."),
        WHOLE,
        severity=Severity.ERROR,
        since=day(TWO_TIERS),
        place=content.place.name,
        on=day(content.made_on or TWO_TIERS),
    )


# --- The unit, and the one above ----------------------------------------------------------


def _units(content: Content) -> Iterator[Fault]:
    unit = content.place
    for name, level in ((unit.name, unit.level), (unit.parent_name, unit.parent_level)):
        if fault := _misnamed(content, name, level):
            yield fault
            return
    wanted = _level_above(content)
    if unit.parent_level is not None and wanted is not None and unit.parent_level is not wanted:
        yield _other_parent(content, wanted)
    elif content.parent_issuer and (other := other_place_in(content.parent_issuer, content)):
        yield Fault.of(
            N_(
                "Kế hoạch cấp trên do cơ quan của %(other)s ban hành, trong khi cấp trên là"
                " %(parent)s."
            ),
            N_("Sửa tên cơ quan ban hành kế hoạch cấp trên, hoặc sửa tên đơn vị cấp trên."),
            WHOLE,
            other=other,
            parent=unit.parent_name,
        )


def _misnamed(content: Content, name: str, level: Level | None) -> Fault | None:
    """Find a name of another tier than is said, or of what is not there on the plan's day."""
    kind = type_of(name)
    if not kind or level is None:
        return None
    if kind not in TYPES_OF[level]:
        return Fault.of(
            N_("%(name)s không phải đơn vị %(level)s."),
            N_("Sửa cấp hoặc sửa tên đơn vị."),
            WHOLE,
            name=capitalize_first(name),
            level=Message(_LEVEL_NAME[level]),
        )
    if content.made_on is None:
        return None
    two_tiers = has_two_tiers(content)
    if level is Level.COMMUNE and kind in (ENDED_TYPES if two_tiers else NEW_TYPES):
        text = (
            N_("Từ ngày %(since)s không còn %(kind)s, kế hoạch làm ngày %(on)s.")
            if two_tiers
            else N_("Trước ngày %(since)s chưa có %(kind)s, kế hoạch làm ngày %(on)s.")
        )
        remedy = N_("Sửa tên đơn vị, hoặc sửa ngày của kế hoạch.")
        since, on = day(TWO_TIERS), day(content.made_on)
        return Fault.of(text, remedy, WHOLE, kind=kind, since=since, on=on)
    if merged := merged_province(name, content.made_on):
        return Fault.of(
            N_("%(name)s không còn từ ngày %(since)s, nay thuộc %(now)s."),
            N_("Ghi tên tỉnh, thành phố hiện nay: %(now)s."),
            WHOLE,
            name=capitalize_first(merged.name),
            since=day(TWO_TIERS),
            now=merged.now,
        )
    return None


def _level_above(content: Content) -> Level | None:
    """Find the tier above a plan's own on its day."""
    if content.place.level is Level.DISTRICT:
        return Level.PROVINCE
    if content.place.level is Level.PROVINCE or content.made_on is None:
        return None
    return Level.PROVINCE if has_two_tiers(content) else Level.DISTRICT


def _other_parent(content: Content, wanted: Level) -> Fault:
    unit = content.place
    return Fault.of(
        N_("Cấp trên của %(place)s vào ngày %(on)s là %(wanted)s, không phải %(parent)s."),
        N_("Sửa đơn vị cấp trên, hoặc sửa ngày của kế hoạch."),
        WHOLE,
        place=unit.name,
        on=day(content.made_on or TWO_TIERS),
        wanted=Message(_LEVEL_NAME[wanted]),
        parent=unit.parent_name or Message(_LEVEL_NAME[unit.parent_level or wanted]),
    )


# --- Who issues ---------------------------------------------------------------------------

_OWN = frozenset({PaperRole.DECISION, PaperRole.PLAN, PaperRole.DIRECTIVE})


def _issuers(content: Content) -> Iterator[Fault]:
    for paper in content.papers:
        if paper.role is PaperRole.CITED or not paper.issuer:
            continue
        if other := other_place_in(paper.issuer, content):
            yield _issued_elsewhere(content, paper, other)
        elif paper.role in _OWN and _of_other_tier(content, paper):
            yield _issued_elsewhere(content, paper, paper.issuer)


def _of_other_tier(content: Content, paper: Paper) -> bool:
    """Tell whether a committee of another tier than the plan's issues a paper of it."""
    if not is_committee(paper.issuer):
        return False
    level = agency(paper.issuer, names_in(content)).level
    return level not in {None, content.place.level}


def _issued_elsewhere(content: Content, paper: Paper, other: str) -> Fault:
    return Fault.of(
        N_("Văn bản ghi cơ quan ban hành là %(issuer)s, nhưng kế hoạch là của %(place)s."),
        N_("Sửa cơ quan ban hành, hoặc sửa đơn vị của kế hoạch."),
        paper.key,
        issuer=paper.issuer or other,
        place=content.place.name,
    )


# --- The title ----------------------------------------------------------------------------


def _title_of(content: Content) -> str:
    """Return the plan's title; where Article 1 has another, V29 says so."""
    return content.header.title or content.header.decided_title


def _title(content: Content) -> Iterator[Fault]:
    if name := _of_another(content, _title_of(content)):
        yield Fault.of(
            N_("Tên kế hoạch ghi %(name)s, nhưng kế hoạch là của %(place)s."),
            N_("Sửa tên địa phương trong tên kế hoạch."),
            content.header.key,
            name=name,
            place=content.place.name,
        )


def title_is_wrong(content: Content) -> bool:
    """Tell whether a title is of another place, or of other years, than its plan."""
    faults = (*_title(content), *_title_years(content))
    return bool(faults) and not is_of_ended_tier(content)


def _of_another(content: Content, title: str) -> str:
    """Return the place that a title is of, if that is not the plan's own."""
    named = places_in(title)
    if not named or any(one.is_called(content.place.name) for one in named):
        return ""
    if other := next(other_places(title, content), None):
        return str(other)
    above = [one for one in named if level_of(one, content) is content.place.parent_level]
    found = next((one for one in above if _is_area(title, str(one))), None)
    return "" if found is None else str(found)


def _is_area(title: str, name: str) -> bool:
    low = lowered(title)
    return any(f"{word} {lowered(name)}" in low for word in ("địa bàn", "toàn"))


_RANGE = re.compile(
    r"(?<![\d/.])([12]\d{3})\s*(?:[-–—]|đến(?: hết)?(?: năm)?)\s*([12]\d{3})(?![\d/])"
)
_SINGLE = re.compile(r"(?i:năm)\s+([12]\d{3})(?!\s*[-–—\d/])")


def _title_years(content: Content) -> Iterator[Fault]:
    """Hold the years of a title to the plan's: one of them is its period. A title that only names
    the programme's last year says nothing of the plan's own.
    """
    if content.is_directive:
        return
    named = _years_in(_title_of(content))
    own = [one for one in named if not _is_programmes(content, one)]
    if not own or any(_is_period(content, one) for one in named):
        return
    start, end = own[0]
    yield Fault.of(
        N_("Tên kế hoạch ghi %(named)s, nhưng kế hoạch cho thời gian %(period)s."),
        N_("Sửa năm trong tên kế hoạch, hoặc sửa thời gian của kế hoạch."),
        content.header.key,
        named=str(end) if start is None else f"{start}–{end}",
        period=years(content.period),
    )


def _years_in(title: str) -> list[tuple[int | None, int]]:
    text = nfc(title)
    ranges: list[tuple[int | None, int]] = [(int(m[1]), int(m[2])) for m in _RANGE.finditer(text)]
    rest = _RANGE.sub(" ", text)
    return [*ranges, *((None, int(m[1])) for m in _SINGLE.finditer(rest))]


def _is_period(content: Content, named: tuple[int | None, int]) -> bool:
    start, end = named
    period = content.period
    return end == period.end and (start is None or period.start in {None, start})


def _is_programmes(content: Content, named: tuple[int | None, int]) -> bool:
    decision = papers_in_force.in_use().of_programme(content.programme)
    if decision is None or named[1] != decision.until:
        return False
    return named[0] is None or content.period.end != decision.until
