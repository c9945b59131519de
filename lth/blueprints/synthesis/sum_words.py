"""What units have done together, in words: a number, nothing to report, not applicable, nothing."""

from lth.blueprints.document.wording import amount, local_name
from lth.content import targets
from lth.core.i18n import C_, N_, Message
from lth.core.language import current as language
from lth.core.language import gettext, say
from lth.drafting.reported import ITEM_LABEL
from lth.models import Indicator
from lth.models.programme import RollUp
from lth.models.report import Reported
from lth.models.unit import Level
from lth.reporting.item_sources import ItemBelow
from lth.reporting.sums import LEAST, Sum

NOTHING = "–"

_COUNTED = {
    Reported.VALUE: C_("%(count)s có số"),
    Reported.NIL: C_("%(count)s không phát sinh"),
    Reported.NOT_APPLICABLE: C_("%(count)s không áp dụng"),
    None: C_("%(count)s chưa có"),
}
"""How many units said what, where they are told apart."""

_TO = {
    Level.COMMUNE: N_("gửi cấp xã"),
    Level.DISTRICT: N_("gửi cấp huyện"),
    Level.PROVINCE: N_("gửi cấp tỉnh"),
}


def figure(found: Sum | None, indicator: Indicator) -> str:
    """Word what units come to: "3.444 người", "không phát sinh", "2 trên 3 đơn vị đạt"."""
    if found is None or found.reported is None:
        return NOTHING
    if found.reported is Reported.VALUE and found.value is not None:
        return _number(found, indicator)
    return state(found.reported)


def _number(found: Sum, indicator: Indicator) -> str:
    if indicator.roll_up is RollUp.COUNT_IN_RANGE and found.in_range is not None:
        kept = gettext("%(kept)s trên %(all)s đơn vị đạt", kept=found.in_range, all=found.counted)
        if found.value == found.in_range and indicator.numerator_code is None:
            return kept
        return f"{amount(found.value or 0, indicator)} ({kept})"
    text = amount(found.value or 0, indicator)
    least = indicator.roll_up in LEAST and found.counted > 1
    return gettext("thấp nhất %(amount)s", amount=text) if least else text


def bare(found: Sum | None, indicator: Indicator) -> str:
    """Word the same for a narrow cell whose head has the unit."""
    if found is None or found.reported is None:
        return NOTHING
    if found.value is None:
        return state(found.reported)
    return targets.bare(found.value, indicator.measure, language())


def state(reported: Reported) -> str:
    """Word what is told in place of a number."""
    if reported is Reported.NIL:
        return gettext("không phát sinh")
    return gettext("không áp dụng")


def counts(found: Sum | None) -> str:
    """Word who said what: "15 có số, 1 không phát sinh, 2 chưa có"; nothing where all gave one."""
    if found is None or found.counted == found.units:
        return ""
    numbers = {
        Reported.VALUE: found.counted,
        Reported.NIL: found.nils,
        Reported.NOT_APPLICABLE: found.not_applicable,
        None: found.missing,
    }
    return ", ".join(
        say(Message(_COUNTED[which], {"count": count}, number=count))
        for which, count in numbers.items()
        if count
    )


def cumulative(found: Sum | None, indicator: Indicator) -> str:
    """Word what there is since the plan began; of what is no sum over time, nothing."""
    if found is None or found.cumulative is None:
        return NOTHING
    return amount(found.cumulative, indicator)


def unit_of(indicator: Indicator) -> str:
    return local_name(indicator, "unit")


def item_head(one: ItemBelow) -> str:
    """Word what an item is: "Kiến nghị, đề nghị, gửi cấp tỉnh"."""
    words = [say(Message(ITEM_LABEL[one.kind]))]
    if one.level is not None:
        words.append(say(Message(_TO[one.level])))
    return ", ".join(words)
