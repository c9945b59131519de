"""How periods and documents are called, on a page and in a mail alike."""

from lth.core.language import gettext
from lth.models.document import Kind


def period_name(code: str) -> str:
    """ "năm 2021" for a year, "giai đoạn 2026–2035" for more."""
    if code.isdigit():
        return gettext("năm %(year)s", year=code)
    return gettext("giai đoạn %(years)s", years=code.replace("-", "–"))


def document_name(kind: Kind, period_code: str) -> str:
    """ "Kế hoạch năm 2021", "Tổng hợp kế hoạch năm 2021"."""
    period = period_name(period_code)
    if kind is Kind.PLAN:
        return gettext("Kế hoạch %(period)s", period=period)
    return gettext("Tổng hợp kế hoạch %(period)s", period=period)


def document_within(kind: Kind, period_code: str) -> str:
    """A document as it is called within a sentence: "kế hoạch năm 2021"."""
    period = period_name(period_code)
    if kind is Kind.PLAN:
        return gettext("kế hoạch %(period)s", period=period)
    return gettext("bản tổng hợp kế hoạch %(period)s", period=period)
