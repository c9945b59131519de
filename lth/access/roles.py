"""Names of roles, on a page and in a mail alike."""

from lth.core.i18n import N_
from lth.core.language import gettext
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
