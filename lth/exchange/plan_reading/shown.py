"""Say in short what an item is, for the command's report and for the page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lth.content import line_types, targets
from lth.content.line_types import Baseline
from lth.content.model import TargetLine
from lth.content.schema import LINE_TYPES
from lth.content.targets import Figure
from lth.core.i18n import N_, Bilingual, Message
from lth.core.vietnamese import format_date, format_money
from lth.exchange.plan_reading.found import FoundItem, Reading
from lth.exchange.plan_reading.target_list import TARGET
from lth.models import Indicator
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.parts import Part

ShownWords = Message | Bilingual | str

PART_ORDER = ("paper", "basis", "definition", "baseline", TARGET, "budget", "task", "duty")
PART_ORDER += ("reporting", "recipient")
WHOLE_PERIOD = N_("cả kỳ")
_SCOPES = {
    TargetScope.PER_CLUB: N_("mỗi câu lạc bộ"),
    TargetScope.PER_MEMBER: N_("mỗi thành viên"),
    TargetScope.PER_DISTRICT: N_("mỗi huyện"),
    TargetScope.PER_COMMUNE: N_("mỗi xã"),
}
_AREAS = targets.AREA_TYPE_LABEL | {AreaType.MOUNTAIN: N_("miền núi, vùng khó khăn")}


def label_of(part: str) -> Message:
    """Return what people call a part of a plan."""
    return Message(N_("Chỉ tiêu") if part == TARGET else LINE_TYPES[part].label)


def parts_of(reading: Reading) -> Sequence[tuple[str, Sequence[FoundItem]]]:
    """List the parts that something was found of, with their items."""
    return [(part, reading.of(part)) for part in PART_ORDER if reading.of(part)]


def words_of(
    item: FoundItem, indicators: Mapping[str, Indicator], language: str
) -> Sequence[ShownWords]:
    """List what an item says, its name first."""
    if isinstance(item.line, TargetLine):
        return _target(item.line, indicators[item.line.indicator], language)
    if isinstance(item.line, Baseline):
        return _baseline(item.line, indicators[item.line.indicator], language)
    return _OF_PART[item.part](item.line, language)


def _paper(line: Any, language: str) -> Sequence[ShownWords]:
    return _full(
        Message(line_types.PAPER_ROLE_LABEL[line.role]),
        line.number,
        format_date(line.dated_on, language) if line.dated_on else "",
        line.issuer,
        Message(line_types.SIGN_FORM_LABEL[line.sign_form]) if line.sign_form else "",
        line.position,
    )


def _basis(line: Any, language: str) -> Sequence[ShownWords]:
    name = " ".join(filter(None, (line.type, line.number))) if line.number else line.title
    return _full(name, format_date(line.dated_on, language) if line.dated_on else "", line.issuer)


def _report(line: Any, _language: str) -> Sequence[ShownWords]:
    often = Message(line_types.FREQUENCY_LABEL[line.frequency]) if line.frequency else ""
    through = Message(N_("qua %(who)s"), {"who": line.through}) if line.through else ""
    return _full(f"{line.reporter} → {', '.join(line.addressees)}", through, often, line.due)


def _target(line: TargetLine, indicator: Indicator, language: str) -> Sequence[ShownWords]:
    figure = Figure(line.comparator, line.low, line.high)
    return _full(
        targets.label(indicator),
        targets.worded(figure, indicator, language),
        line.phase.replace("-", "–") if line.phase else Message(WHOLE_PERIOD),
        Message(_SCOPES[line.scope]) if line.scope in _SCOPES else "",
        Message(N_("mỗi năm")) if line.counts_from is CountsFrom.YEARLY else "",
        Message(_AREAS[line.area]) if line.area is not AreaType.ALL else "",
    )


def _baseline(line: Baseline, indicator: Indicator, language: str) -> Sequence[ShownWords]:
    figure = Figure(Comparator.EQ, line.value, line.value)
    return _full(targets.label(indicator), targets.worded(figure, indicator, language), line.as_of)


def _money(line: Any, language: str) -> Sequence[ShownWords]:
    rate = ""
    if line.annual_rate is not None:
        money = format_money(line.annual_rate, language)
        rate = Message(N_("%(rate)s mỗi năm"), {"rate": money})
    return _full(
        line.activity,
        format_money(line.amount, language) if line.amount is not None else "",
        rate,
        Message(line_types.SOURCE_LABEL[line.source]) if line.source else "",
        Message(line_types.LEVEL_LABEL[line.level]) if line.level else "",
        str(line.year) if line.year else "",
    )


def _full(*words: ShownWords) -> Sequence[ShownWords]:
    return tuple(word for word in words if word)


_OF_PART: Mapping[str, Callable[[Any, str], Sequence[ShownWords]]] = {
    Part.PAPER: _paper,
    Part.BASIS: _basis,
    Part.BUDGET: _money,
    Part.TASK: lambda line, _: _full(line.title, ", ".join(line.leads)),
    Part.DUTY: lambda line, _: (line.agency,),
    Part.REPORTING: _report,
    Part.DEFINITION: lambda line, _: _full(Message(line_types.TERM_LABEL[line.term]), line.text),
    Part.RECIPIENT: lambda line, _: _full(line.name, line.purpose),
}
