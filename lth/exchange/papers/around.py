"""Words that papers made of documents share: periods, figures, names of papers and of heads."""

from lth.content import targets
from lth.content.targets import Figure
from lth.core.vietnamese import lower_first, nfc
from lth.exchange.papers.letterhead import committee
from lth.exchange.papers.text import KIND_NAME, PaperText
from lth.models import Indicator, Unit
from lth.models.programme import Measure, Period
from lth.workflow import period_codes

_SMALL = frozenset({"và", "của"})


def committee_of(unit: Unit) -> str:
    """Name a unit's committee within a sentence: "Ủy ban nhân dân xã Tập Sơn"."""
    return committee(unit.full_name)


def initials(office: str) -> str:
    """Return an office's letters in a symbol: PTCKH of "Phòng Tài chính - Kế hoạch"."""
    words = nfc(office).replace("-", " ").replace(",", " ").split()
    kept = [word for word in words if word not in _SMALL]
    return "".join(word if word.isupper() else word[0].upper() for word in kept)


def years(period: Period) -> str:
    """Word a period within a sentence, in Vietnamese: "năm 2021", "6 tháng đầu năm 2021"."""
    said = period_codes.read(period.code)
    return said.text % said.values


def named(paper: PaperText) -> str:
    """Return what a paper is called within a sentence: its kind and subject, of what a decision
    issues where it issues something.
    """
    about = paper.attached or paper
    return f"{KIND_NAME[about.kind]} {lower_first(about.subject)}"


_HEADS = {"phòng": "TRƯỞNG PHÒNG", "sở": "GIÁM ĐỐC", "văn phòng": "CHÁNH VĂN PHÒNG"}


def head_of_office(office: str) -> str:
    """Return who signs for an office, in capitals, by what it is called."""
    named = lower_first(office)
    found = (head for name, head in _HEADS.items() if named.startswith(f"{name} "))
    return next(found, "THỦ TRƯỞNG ĐƠN VỊ")


def amount(figure: Figure, indicator: Indicator) -> str:
    """Word a figure with its unit: "ít nhất 50 người", "64,75 %"."""
    said = targets.worded(figure, indicator)
    return f"{said} {indicator.unit_vi}" if indicator.measure is Measure.COUNT else said
