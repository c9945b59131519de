"""How roles, periods and documents are called, on a page and in a mail alike."""

from lth.core.i18n import N_
from lth.core.language import gettext
from lth.models.document import Kind
from lth.models.person import Role

ROLE_LABEL = {
    Role.CLERK: N_("Cán bộ lập kế hoạch"),
    Role.LEADER: N_("Lãnh đạo"),
    Role.SPECIALIST: N_("Chuyên viên"),
    Role.FINANCE_APPRAISER: N_("Thẩm định kinh phí"),
    Role.FORMAT_APPRAISER: N_("Thẩm định thể thức"),
    Role.OBSERVER: N_("Giám sát"),
    Role.UNIT_ADMIN: N_("Quản trị đơn vị"),
    Role.SYSTEM_ADMIN: N_("Quản trị hệ thống"),
}


def role_label(role: Role) -> str:
    return gettext(ROLE_LABEL[role])


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


def capitalize_first(text: str) -> str:
    """The text with a capital at its start and the rest as it is: "Xã Tập Sơn"."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The text as it stands within a sentence: "cán bộ lập kế hoạch"."""
    return text[:1].lower() + text[1:]
