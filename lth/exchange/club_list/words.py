"""Words by which a list's columns, areas and yes or no are known: the one table of synonyms.

All are search keys: small letters without marks, one space between words.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from lth.core.i18n import N_, Bilingual
from lth.core.vietnamese import search_key
from lth.exchange.grids.headed import ListColumns, by_word


class ClubColumn(StrEnum):
    """A column of a list of clubs, by the field of the register that it fills."""

    NUMBER = "number"
    NAME = "name"
    VILLAGE = "village"
    FOUNDING_NUMBER = "founding_number"
    FOUNDED_ON = "founded_on"
    BOARD_SIZE = "board_size"
    AREAS = "areas"
    INCOME_FUND = "has_income_fund"
    OPERATING_FUND = "has_operating_fund"
    NOTE = "note"


COLUMN_LABEL = {
    ClubColumn.NUMBER: N_("Số"),
    ClubColumn.NAME: N_("Tên"),
    ClubColumn.VILLAGE: N_("Thôn, ấp"),
    ClubColumn.FOUNDING_NUMBER: N_("Quyết định thành lập"),
    ClubColumn.FOUNDED_ON: N_("Ngày thành lập"),
    ClubColumn.BOARD_SIZE: N_("Số người trong Ban chủ nhiệm"),
    ClubColumn.AREAS: N_("Mảng hoạt động"),
    ClubColumn.INCOME_FUND: N_("Quỹ tăng thu nhập"),
    ClubColumn.OPERATING_FUND: N_("Quỹ hoạt động"),
    ClubColumn.NOTE: N_("Ghi chú"),
}

FIELD_COLUMNS = tuple(column for column in ClubColumn if column is not ClubColumn.NUMBER)
"""The columns that say something of a club; the number only tells which."""

_COLUMN_WORDS = {
    ClubColumn.NUMBER: "so; so trong so; so clb; ma clb; ma so clb; so cau lac bo; ma cau lac bo;"
    " number",
    ClubColumn.NAME: "ten; ten cau lac bo; ten clb; cau lac bo; clb; ten cau lac bo lien the he;"
    " ten clb lien the he; name; club",
    ClubColumn.VILLAGE: "thon ap; thon; ap; khom; khu pho; to dan pho; thon xom; xom; ban; lang;"
    " thon ap khu pho; thon to dan pho; dia ban; dia chi; noi sinh hoat; village",
    ClubColumn.FOUNDING_NUMBER: "quyet dinh thanh lap; so quyet dinh; so quyet dinh thanh lap;"
    " qd thanh lap; so qd; quyet dinh so; quyet dinh; so ky hieu quyet dinh;"
    " so ky hieu quyet dinh thanh lap; decision; founding decision",
    ClubColumn.FOUNDED_ON: "ngay thanh lap; thanh lap; ngay thang nam thanh lap;"
    " thoi gian thanh lap; thanh lap ngay; ngay quyet dinh; founded; founded on",
    ClubColumn.BOARD_SIZE: "so nguoi trong ban chu nhiem; ban chu nhiem; bcn; so nguoi bcn;"
    " so nguoi ban chu nhiem; so thanh vien bcn; so thanh vien ban chu nhiem; so bcn; board;"
    " people on the board",
    ClubColumn.AREAS: "mang hoat dong; cac mang hoat dong; mang; linh vuc; linh vuc hoat dong;"
    " cac linh vuc hoat dong; noi dung hoat dong; areas",
    ClubColumn.INCOME_FUND: "quy tang thu nhap; co quy tang thu nhap; quy ttn; von tang thu nhap;"
    " quy von vay; income fund",
    ClubColumn.OPERATING_FUND: "quy hoat dong; co quy hoat dong; quy clb; quy cau lac bo;"
    " operating fund",
    ClubColumn.NOTE: "ghi chu; chu thich; note",
}

_WEAK = frozenset({"so", "ten", "clb", "cau lac bo", "quyet dinh", "dia chi", "ban", "mang"})
"""Headings that count only where no other names the same column."""

TOTALS = frozenset({"tong", "cong", "tong cong", "tong so"})
"""What a row of totals begins with."""


def _missing(columns: Collection[ClubColumn]) -> list[ClubColumn]:
    """Say what a list lacks: which club a row is about, and anything to say of it.

    A title above a list ("Câu lạc bộ") is no row of headings.
    """
    there = set(columns)
    missing = [] if there & {ClubColumn.NAME, ClubColumn.NUMBER} else [ClubColumn.NAME]
    return missing if len(there) > 1 else [*missing, ClubColumn.FOUNDED_ON]


COLUMNS = ListColumns(
    labels=COLUMN_LABEL,
    known=by_word(_COLUMN_WORDS, COLUMN_LABEL),
    missing=_missing,
    unheaded=N_(
        "Không thấy dòng tiêu đề. Cần một dòng có các ô: Tên, Thôn ấp, Ngày thành lập; có thể thêm"
        " các cột khác như trong mẫu."
    ),
    weak=_WEAK,
)

YES = frozenset({"co", "x", "v", "1", "roi", "da co", "dung", "yes", "y", "true"})
NO = frozenset({"khong", "khong co", "0", "chua", "chua co", "no", "n", "false"})

_ALL_AREAS = frozenset({"tat ca", "ca 8", "du 8", "8 8", "ca 8 mang", "du 8 mang", "ca tam mang"})
_BETWEEN = frozenset({"va", "mang", "so", "linh", "vuc", "and"})
"""What stands between the names of areas and means none of them."""

_AREA_WORDS = {
    "income": "tang thu nhap; thu nhap; sinh ke",
    "health": "cham soc suc khoe; suc khoe",
    "homecare": "tinh nguyen vien cham soc tai nha; cham soc tai nha; tinh nguyen vien; tnv",
    "selfhelp": "tu giup nhau va ho tro cong dong; tu giup nhau; ho tro cong dong; cong dong",
    "rights": "quyen va loi ich; quyen loi ich; quyen loi; loi ich; quyen",
    "awareness": "truyen thong nang cao nhan thuc; nang cao nhan thuc; truyen thong; nhan thuc",
    "culture": "van hoa van nghe the thao; van hoa; van nghe; the thao; the duc the thao",
    "resource": "van dong nguon luc; nguon luc",
}


def read_areas(text: str, areas: Mapping[str, Bilingual]) -> tuple[list[str], str]:
    """Read the areas that a cell names or numbers, however they are parted: their codes, and the
    words that name none.
    """
    left = search_key(text)
    if left in _ALL_AREAS:
        return list(areas), ""
    found = set()
    for key, code in _by_length(areas):
        padded = f" {left} "
        if f" {key} " in padded:
            found.add(code)
            left = " ".join(padded.replace(f" {key} ", " ").split())
    codes = list(areas)
    words = [word for word in left.split() if word not in _BETWEEN]
    numbered = [word for word in words if _is_place(word, len(codes))]
    if found or len(numbered) > 1:  # one number alone may say how many there are
        found |= {codes[int(word) - 1] for word in numbered}
        words = [word for word in words if word not in numbered]
    return [code for code in codes if code in found], " ".join(words)


def _is_place(word: str, most: int) -> bool:
    digit = word.isascii() and word.isdecimal() and len(word) < 3
    return digit and 1 <= int(word) <= most


def _by_length(areas: Mapping[str, Bilingual]) -> list[tuple[str, str]]:
    """List what areas are called with their codes, the longest first."""
    called = {
        (search_key(word), code)
        for code, name in areas.items()
        for word in (name.vi, name.en, *_AREA_WORDS.get(code, code).split(";"))
    }
    return sorted(called, key=lambda pair: (-len(pair[0]), pair[0]))
