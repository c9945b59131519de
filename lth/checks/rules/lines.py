"""What several checks ask of one target's line."""

from lth.checks.rules.reading import is_whole
from lth.checks.rules.wording import label
from lth.content.model import Content, Target
from lth.core.i18n import Bilingual
from lth.models.content import AreaType, Comparator
from lth.models.programme import Measure

OPEN_BELOW = frozenset({Comparator.LTE, Comparator.LT})
STRICT = frozenset({Comparator.GT, Comparator.LT})


def name_of(content: Content, indicator: str) -> Bilingual | str:
    """An indicator's name; its code where the programme does not know it."""
    known = content.indicators.get(indicator)
    return indicator if known is None else label(known)


def measure_of(content: Content, target: Target) -> Measure | None:
    """How a target's integers are read; None where the programme does not know its indicator."""
    known = content.indicators.get(target.indicator)
    return None if known is None else known.measure


def value_of(target: Target) -> int | None:
    """A target's one value, or the lower of two."""
    return target.high if target.comparator in OPEN_BELOW else target.low


def same_time(content: Content, one: Target, other: Target) -> bool:
    """Whether two targets speak of one phase, or both of the whole plan."""
    if one.phase == other.phase:
        return True
    return is_whole(content, one.phase) and is_whole(content, other.phase)


def comparable(floor: Target, own: Target) -> bool:
    """Whether a target speaks of the same things as one of the level above.

    A threshold for a part of the area answers one for all of it; a share of a share does not.
    """
    return (
        own.indicator == floor.indicator
        and own.scope is floor.scope
        and (floor.area is AreaType.ALL or own.area in {floor.area, AreaType.ALL})
        and (own.parent_share_key is None) == (floor.parent_share_key is None)
        and own.comparator is not Comparator.QUALITATIVE
    )
