"""The full record of a target: what one edit makes of it, or what is wrong with the edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lth.content import targets
from lth.content.targets import Figure, FigureError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import nfc
from lth.models import Indicator, Phase, Target
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.programme import Measure, RollUp

LONGEST_WORDING = 2000
LONGEST_SOURCE = 160


@dataclass(frozen=True, slots=True)
class TargetEdit:
    """One cell as it was typed, by its line key and the version seen (0: there was no line).

    What is None the form did not ask for: it stays as it is, or starts as the catalogue says.
    An emptied figure deletes the line. `as_given` is a plan written elsewhere: the counts that it
    does not name stay unnamed, and `own_order` is the place of the line in it.
    """

    line_key: str
    seen: int
    value: str = ""
    second: str = ""
    comparator: str | None = None
    scope: str | None = None
    counts_from: str | None = None
    numerator_code: str | None = None
    denominator_code: str | None = None
    area_type: str | None = None
    parent_share_key: str | None = None
    wording: str | None = None
    source_ref: str | None = None
    as_given: bool = False
    own_order: int | None = None


@dataclass(frozen=True)
class Catalogue:
    """What a document's lines may name: its programme's indicators, its phases, its own lines."""

    indicators: Mapping[str, Indicator]
    phases: Mapping[str, Phase]
    keys: frozenset[str]


def read_edit(
    edit: TargetEdit, target: Target | None, indicator: Indicator, known: Catalogue, language: str
) -> dict[str, Any] | None:
    """Return the columns that an edit gives a line; None where it empties it.

    Raises FigureError with every fault, by field.
    """
    errors: dict[str, Message] = {}
    now = _as_it_is(target, indicator)
    figure = _figure(edit, now["comparator"], indicator.measure, language, errors)
    words = _words(edit, now, errors)
    if not errors and _is_empty(edit, figure, target, words["wording"], errors):
        return None
    content = {
        "comparator": figure.comparator if figure else now["comparator"],
        "value_min": figure.low if figure else None,
        "value_max": figure.high if figure else None,
        **words,
        **_choices(edit, now, errors),
        **_counts(edit, now, indicator, known, errors),
        "parent_share_key": _parent(edit, now["parent_share_key"], known, errors),
        **({} if edit.own_order is None else {"own_order": edit.own_order}),
    }
    if errors:
        raise FigureError(errors)
    return content


def first_values(indicator: Indicator) -> dict[str, Any]:
    """Return what a new line of an indicator starts from, its figure aside."""
    return {
        "comparator": targets.first_comparator(indicator),
        "scope": TargetScope(indicator.extra.get("scope", TargetScope.UNIT)),
        "counts_from": CountsFrom(indicator.extra.get("counts_from", CountsFrom.NEW)),
        "numerator_code": indicator.numerator_code,
        "denominator_code": indicator.denominator_code,
        "area_type": AreaType.ALL,
        "parent_share_key": None,
        "wording": "",
        "source_ref": "",
    }


def _as_it_is(target: Target | None, indicator: Indicator) -> dict[str, Any]:
    """Return the record before the edit: the line's own, or what a new one starts from."""
    start = first_values(indicator)
    return start if target is None else {name: getattr(target, name) for name in start}


def _figure(
    edit: TargetEdit,
    comparator: Comparator,
    measure: Measure,
    language: str,
    errors: dict[str, Message],
) -> Figure | None:
    chosen = comparator.value if edit.comparator is None else edit.comparator
    if edit.comparator is None and comparator is Comparator.BETWEEN and not _is_range(edit):
        chosen = Comparator.EQ.value
    try:
        return targets.parse(measure, chosen, edit.value, edit.second, language)
    except FigureError as error:
        errors.update(error.errors)
        return None


def _is_range(edit: TargetEdit) -> bool:
    """Tell whether two bounds were typed, or part of them."""
    return bool(edit.second.strip()) or targets.looks_like_range(edit.value)


def _words(edit: TargetEdit, now: dict[str, Any], errors: dict[str, Message]) -> dict[str, str]:
    texts = {}
    for name, longest in (("wording", LONGEST_WORDING), ("source_ref", LONGEST_SOURCE)):
        given = getattr(edit, name)
        text = now[name] if given is None else " ".join(nfc(given).split())
        if len(text) > longest:
            errors[name] = Message(N_("Dài quá %(most)s ký tự, hãy rút gọn."), {"most": longest})
        texts[name] = text
    return texts


def _is_empty(
    edit: TargetEdit,
    figure: Figure | None,
    target: Target | None,
    wording: str,
    errors: dict[str, Message],
) -> bool:
    """Tell whether the edit empties the line; words without a figure are asked about, not lost."""
    if figure is None:
        if target is None and wording:
            errors["value"] = Message(N_("Có lời văn mà chưa có số: nhập số, hoặc chọn định tính."))
        return not errors
    if figure.comparator is not Comparator.QUALITATIVE or wording:
        return False
    if target is not None and target.comparator is Comparator.QUALITATIVE:
        return True
    errors["wording"] = Message(N_("Chỉ tiêu định tính cần ghi bằng lời."))
    return False


_ENUMS: dict[str, type[StrEnum]] = {
    "scope": TargetScope,
    "counts_from": CountsFrom,
    "area_type": AreaType,
}


def _choices(edit: TargetEdit, now: dict[str, Any], errors: dict[str, Message]) -> dict[str, Any]:
    chosen = {}
    for name, enum in _ENUMS.items():
        given = getattr(edit, name)
        try:
            chosen[name] = now[name] if given is None else enum(given)
        except ValueError:
            errors[name] = Message(N_("Chọn một mục trong danh sách."))
    return chosen


def _counts(
    edit: TargetEdit,
    now: dict[str, Any],
    indicator: Indicator,
    known: Catalogue,
    errors: dict[str, Message],
) -> dict[str, str | None]:
    """Return the counts that a percentage is a quotient of; which denominator is never a guess."""
    summed = {code for code, row in known.indicators.items() if row.roll_up is RollUp.SUM}
    allowed = {
        "numerator_code": summed,
        "denominator_code": set(targets.denominators(indicator)) or summed,
    }
    codes = {}
    for name, choices in allowed.items():
        given = getattr(edit, name)
        kept = None if edit.as_given else now[name]
        code = kept if given is None else given.strip() or None
        if given is not None and code is not None and code not in choices:
            errors[name] = Message(N_("Chọn một mục trong danh sách."))
        codes[name] = code
    if _asks_for_denominator(edit, indicator) and codes["denominator_code"] is None:
        errors.setdefault(
            "denominator_code", Message(N_("Chọn mẫu số của tỷ lệ này (ở trang “Chi tiết”)."))
        )
    return codes


def _asks_for_denominator(edit: TargetEdit, indicator: Indicator) -> bool:
    """Tell whether a line cannot be without a denominator: where several are possible, or where the
    form asked; a plan that was brought in and names none means the usual one.
    """
    if indicator.roll_up is not RollUp.RATIO or edit.as_given:
        return False
    return edit.denominator_code is not None or indicator.denominator_code is None


def _parent(
    edit: TargetEdit, now: str | None, known: Catalogue, errors: dict[str, Message]
) -> str | None:
    """Return the line that this one is a share of."""
    if edit.parent_share_key is None:
        return now
    key = edit.parent_share_key.strip() or None
    if key is not None and (key == edit.line_key or key not in known.keys):
        errors["parent_share_key"] = Message(N_("Chọn một chỉ tiêu khác có trong kế hoạch này."))
    return key
