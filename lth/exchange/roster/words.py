"""Words by which a list's columns and roles are known: the one table of synonyms.

All are search keys: small letters without marks, one space between words.
"""

from collections.abc import Iterable
from difflib import SequenceMatcher
from enum import StrEnum

from lth.access.roles import ROLE_LABEL
from lth.administration.people import UNIT_ROLES
from lth.core.i18n import N_
from lth.exchange.grids.headed import by_word
from lth.models.person import Role


class Column(StrEnum):
    """A column of a list of people, by the field that keeps its cells."""

    UNIT = "unit"
    AREA = "area"
    CODE = "code"
    OFFICE = "office"
    NAME = "name"
    POSITION = "position"
    ROLE = "role"
    EMAIL = "email"


COLUMN_LABEL = {
    Column.UNIT: N_("Đơn vị"),
    Column.AREA: N_("Thuộc huyện, tỉnh"),
    Column.CODE: N_("Mã đơn vị"),
    Column.OFFICE: N_("Phòng, ban"),
    Column.NAME: N_("Họ và tên"),
    Column.POSITION: N_("Chức vụ"),
    Column.ROLE: N_("Vai trò"),
    Column.EMAIL: N_("Thư điện tử"),
}

LONGEST = {
    Column.UNIT: 200,
    Column.AREA: 200,
    Column.CODE: 16,
    Column.OFFICE: 160,
    Column.NAME: 160,
    Column.POSITION: 160,
    Column.ROLE: 120,
    Column.EMAIL: 254,
}
"""Characters that a cell of each column may have."""

_COLUMN_WORDS = {
    Column.UNIT: "don vi; ten don vi; don vi cong tac; xa; ten xa; xa phuong; phuong xa;"
    " xa phuong thi tran; xa phuong dac khu; ubnd; ubnd xa; noi cong tac; co quan don vi; unit",
    Column.AREA: "huyen; quan huyen; huyen thi xa; tinh; tinh thanh pho; huyen tinh; tinh huyen;"
    " thuoc; thuoc huyen; thuoc tinh; thuoc huyen tinh; truc thuoc; don vi cap tren; district;"
    " province",
    Column.CODE: "ma don vi; ma; ma xa; ma don vi hanh chinh; ma dvhc; ma hanh chinh; ma so don vi;"
    " code",
    Column.OFFICE: "phong ban; phong; ban; phong chuyen mon; bo phan; co quan; so nganh; office",
    Column.NAME: "ho va ten; ho ten; ten; ho va ten can bo; ho ten can bo; ten can bo;"
    " ho va ten nguoi dung; ten nguoi dung; nguoi dung; can bo; name; full name",
    Column.POSITION: "chuc vu; chuc danh; chuc vu chuc danh; vi tri; vi tri viec lam; position",
    Column.ROLE: "vai tro; vai tro trong he thong; vai tro tren phan mem; quyen; quyen han; role",
    Column.EMAIL: "email; e mail; mail; thu dien tu; dia chi thu dien tu; dia chi email;"
    " dia chi mail; hop thu; hop thu dien tu; email cong vu; thu cong vu; dia chi; email address",
}

_ROLE_WORDS = {
    Role.CLERK: "lap ke hoach; nguoi lap ke hoach; can bo lap; van thu; can bo tong hop; tong hop;"
    " can bo; can bo xa; cong chuc; cong chuc van hoa xa hoi; cong chuc van thu; clerk",
    Role.LEADER: "lanh dao don vi; lanh dao ubnd; chu tich; pho chu tich; chu tich ubnd;"
    " pho chu tich ubnd; chu tich ubnd xa; pho chu tich ubnd xa; thu truong; thu truong don vi;"
    " giam doc; pho giam doc; nguoi ky; leader",
    Role.SPECIALIST: "chuyen vien tong hop; chuyen vien phu trach; specialist",
    Role.FINANCE_APPRAISER: "tham dinh tai chinh; tham dinh ngan sach; tai chinh; ke toan;"
    " can bo tai chinh; kinh phi; finance appraiser",
    Role.FORMAT_APPRAISER: "the thuc; tham dinh van ban; format appraiser",
    Role.OBSERVER: "quan sat; theo doi; chi xem; nguoi giam sat; observer",
    Role.UNIT_ADMIN: "quan tri; quan tri vien; nguoi quan tri; can bo quan tri; admin; unit admin",
}


COLUMN_OF: dict[str, Column] = by_word(_COLUMN_WORDS, COLUMN_LABEL)
ROLE_OF: dict[str, Role] = by_word(_ROLE_WORDS, {role: ROLE_LABEL[role] for role in UNIT_ROLES})

WEAK = frozenset({"dia chi", "xa", "ban", "co quan", "can bo", "ten", "ma"})
"""Headings that count only where no other names the same column."""

TOTALS = ("tong", "cong", "tong cong", "tong so")
"""What a row of totals begins with."""


_LIKE, _AS_LIKE = 0.75, 0.05


def nearest(key: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the search keys that were probably meant: the likest, and those nearly as like."""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(key)
    found: list[tuple[float, str]] = []
    for word in known:
        matcher.set_seq1(word)
        quick = matcher.real_quick_ratio() >= _LIKE and matcher.quick_ratio() >= _LIKE
        if quick and (ratio := matcher.ratio()) >= _LIKE:
            found.append((ratio, word))
    best = max(found, default=(0.0, ""))[0]
    ordered = sorted(found, key=lambda one: -one[0])
    return [word for ratio, word in ordered if ratio >= best - _AS_LIKE][:most]
