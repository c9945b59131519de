"""V20: the word before a figure, one a target and the same everywhere."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from lth.checks.prose import NUMBER, lowered, shown, stored
from lth.checks.reading import covers, measure_of, span_of, value_of
from lth.checks.registry import Fault, check
from lth.checks.wording import figure, name_of, quoted
from lth.content.model import Content, TargetLine
from lth.core.i18n import N_
from lth.models.content import Comparator, TargetScope
from lth.models.finding import Severity, Stage
from lth.models.programme import RollUp

_WITHOUT_VALUE = frozenset({Comparator.BETWEEN, Comparator.QUALITATIVE, Comparator.MAINTAIN})

_WORD = r"(?P<word{0}>nghìn|ngàn|triệu|tỷ|tỉ|đồng)?"
_UNIT = r" ?(?:%|nghìn|ngàn|triệu|tỷ|tỉ|đồng)?(?: đồng)?"
_FLOOR = r"(?:ít nhất|tối thiểu|không dưới|không (?:ít|thấp|kém) hơn|trên|hơn|vượt)(?: là| đạt)?"
_RANGE = rf"{NUMBER}{_UNIT} ?(?:-|đến) ?{NUMBER}{_UNIT}"
_GAP = r"[^.;,\d\v]{0,40}?"
_STACKED = re.compile(
    rf"\b{_FLOOR} (?:từ )?{_RANGE}(?:{_GAP}trở lên)?"
    rf"|\b{_FLOOR} (?:từ )?{NUMBER}{_UNIT}{_GAP}\btrở lên"
    rf"|\b{_FLOOR} từ {NUMBER}{_UNIT}"
    rf"|\btừ {_RANGE}{_GAP}\btrở lên"
)
_STACKING = ("từ ", "trở lên", "-", "đến")
"""Words of which every stacked phrase has one."""

_EACH_NUMBER = re.compile(rf"({NUMBER}) ?{_WORD.format('')}")
_CUE = re.compile(
    rf"\b(?P<cue>ít nhất|tối thiểu|không dưới|không (?:ít|thấp|kém) hơn|không quá|tối đa|nhiều nhất"
    rf"|trên|hơn|vượt|dưới)(?: là| đạt)? (?P<number>{NUMBER}) ?{_WORD.format('')}"
)
_MEANS = {
    "ít nhất": Comparator.GTE,
    "tối thiểu": Comparator.GTE,
    "không dưới": Comparator.GTE,
    "không ít hơn": Comparator.GTE,
    "không thấp hơn": Comparator.GTE,
    "không kém hơn": Comparator.GTE,
    "không quá": Comparator.LTE,
    "tối đa": Comparator.LTE,
    "nhiều nhất": Comparator.LTE,
    "trên": Comparator.GT,
    "hơn": Comparator.GT,
    "vượt": Comparator.GT,
    "dưới": Comparator.LT,
}


@check("V20", "COMPARATOR", N_("Mỗi chỉ tiêu một cách so sánh"), Severity.WARNING, Stage.DRAFT)
def comparator(content: Content) -> Iterator[Fault]:
    """Require one comparator a target: none stacked in its wording ("ít nhất từ 1 - 2"), none in
    the wording that the figure has not, and the same one wherever the target is given again.
    """
    for target in content.targets:
        text = lowered(target.wording)
        if stacked := _stacked(content, target, text):
            yield _stack(target, stacked)
        elif cue := _other_cue(content, target, text):
            yield _cue_fault(content, target, cue)
    for one, other in _pairs(content):
        if not _compatible(one, other):
            yield _contradiction(content, one, other)
        elif _figure(one) != _figure(other):
            yield _differing(content, one, other)


def _stacked(content: Content, target: TargetLine, text: str) -> str:
    """Return the stacked phrase of a wording that is about the target's own figure.

    A sentence may hold the figures of several targets; each speaks for itself.
    """
    values = {target.low, target.high} - {None}
    for phrase in _stacked_in(text):
        if not values or values & _numbers(content, target, phrase):
            return phrase
    return ""


@lru_cache(maxsize=1024)
def _stacked_in(text: str) -> tuple[str, ...]:
    if not any(word in text for word in _STACKING):
        return ()
    return tuple(match[0] for match in _STACKED.finditer(text))


def _numbers(content: Content, target: TargetLine, phrase: str) -> set[int | None]:
    """List the phrase's figures in the target's measure; "50 - 80 triệu" says its word once."""
    found = [(one[1], one["word"] or "") for one in _EACH_NUMBER.finditer(phrase)]
    last = next((word for _, word in reversed(found) if word), "")
    measure = measure_of(content, target)
    return {stored(text, measure, word or last) for text, word in found}


def _stack(target: TargetLine, phrase: str) -> Fault:
    return Fault.of(
        N_("%(phrase)s dùng chồng nhiều cách so sánh, không rõ mức phải đạt."),
        N_("Chọn một cách: “ít nhất …”, “trên …” hoặc “từ … đến …”."),
        target.key,
        phrase=quoted(shown(phrase)),
    )


def _other_cue(content: Content, target: TargetLine, text: str) -> str:
    """Return the word right before the target's figure, where it means another comparator."""
    if target.comparator in _WITHOUT_VALUE:
        return ""
    measure = measure_of(content, target)
    cues = [
        found
        for found in _cues(text)
        if stored(found["number"], measure, found["word"] or "") == value_of(target)
    ]
    others = [found for found in cues if _MEANS[found["cue"]] is not target.comparator]
    return others[0][0] if others and len(others) == _times_said(content, target, text) else ""


def own_words(content: Content, target: TargetLine) -> str:
    """Return comparator and figure as the target's wording has them ("hơn 5"), if it has."""
    measure = measure_of(content, target)
    for found in _cues(lowered(target.wording)):
        number = stored(found["number"], measure, found["word"] or "")
        if _MEANS[found["cue"]] is target.comparator and number == value_of(target):
            return shown(found[0])
    return ""


def _times_said(content: Content, target: TargetLine, text: str) -> int:
    """Say how often a wording has the target's figure: "20 CLB trên 20 xã" has it plainly too."""
    measure = measure_of(content, target)
    found = _EACH_NUMBER.finditer(text)
    return [stored(one[1], measure, one["word"] or "") for one in found].count(value_of(target))


@lru_cache(maxsize=1024)
def _cues(text: str) -> tuple[re.Match[str], ...]:
    return tuple(_CUE.finditer(text))


def _cue_fault(content: Content, target: TargetLine, cue: str) -> Fault:
    return Fault.of(
        N_("Lời văn ghi %(phrase)s, nhưng chỉ tiêu ghi %(figure)s."),
        N_("Sửa cách so sánh của chỉ tiêu hoặc sửa lời văn cho khớp nhau."),
        target.key,
        phrase=quoted(shown(cue)),
        figure=figure(target, content),
    )


def _pairs(content: Content) -> Iterator[tuple[TargetLine, TargetLine]]:
    """Yield targets that are given twice: all that could tell them apart is the same.

    Thresholds for lowland and mountain, a share of a share, a yearly figure beside a total are
    different targets. A sum over a phase is part of the plan's, a norm holds in all of it.
    """
    groups: dict[tuple[object, ...], list[TargetLine]] = {}
    for one in content.targets:
        if one.comparator not in _WITHOUT_VALUE or one.comparator is Comparator.BETWEEN:
            groups.setdefault(_claim(one), []).append(one)
    for targets in groups.values():
        for one, other in combinations(targets, 2):
            if one.phase == other.phase or _one_norm(content, one, other):
                yield one, other


def _claim(one: TargetLine) -> tuple[object, ...]:
    return (
        one.indicator, one.scope, one.area, one.counts_from,
        one.numerator, one.denominator, one.parent_share_key,
    )  # fmt: skip


def _one_norm(content: Content, one: TargetLine, other: TargetLine) -> bool:
    """Tell whether a figure of a phase says again what that of a longer one says.

    One that adds up over the phases is a part of the other, and any may grow from phase to phase.
    """
    indicator = content.indicators.get(one.indicator)
    if indicator is None or (indicator.roll_up is RollUp.SUM and one.scope is TargetScope.UNIT):
        return False
    one_span, other_span = span_of(content, one.phase), span_of(content, other.phase)
    within = covers(one_span, other_span) or covers(other_span, one_span)
    return within and value_of(one) == value_of(other)


def _figure(one: TargetLine) -> tuple[object, ...]:
    return one.comparator, one.low, one.high


def _compatible(one: TargetLine, other: TargetLine) -> bool:
    """Tell whether a figure can keep to both."""
    (low, high), (other_low, other_high) = _interval(one), _interval(other)
    return (high is None or other_low <= high) and (other_high is None or low <= other_high)


def _interval(target: TargetLine) -> tuple[int, int | None]:
    value = value_of(target) or 0
    match target.comparator:
        case Comparator.GTE:
            return value, None
        case Comparator.GT:
            return value + 1, None
        case Comparator.LTE:
            return 0, value
        case Comparator.LT:
            return 0, value - 1
        case Comparator.BETWEEN:
            return value, target.high
        case _:
            return value, value


def _differing(content: Content, one: TargetLine, other: TargetLine) -> Fault:
    return Fault.of(
        N_("%(name)s: chỗ này ghi %(one)s, chỗ kia ghi %(other)s."),
        N_("Ghi cùng một cách so sánh ở mọi chỗ, hoặc chỉ để một dòng."),
        other.key,
        name=name_of(content, one.indicator),
        one=figure(one, content),
        other=figure(other, content),
    )


def _contradiction(content: Content, one: TargetLine, other: TargetLine) -> Fault:
    return Fault.of(
        N_("%(name)s ghi hai mức không thể cùng đạt: %(one)s và %(other)s."),
        N_(
            "Bỏ một mức; nếu là hai địa bàn hoặc phần “trong đó” thì ghi rõ ở địa bàn, ở phần"
            " của chỉ tiêu."
        ),
        other.key,
        name=name_of(content, one.indicator),
        one=figure(one, content),
        other=figure(other, content),
    )
