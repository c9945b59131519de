"""What stands around a paper's text, worded from what is known."""

from datetime import date

import pytest

from lth.content.line_types import LegalBasis, Recipient
from lth.exchange.papers import letterhead
from lth.exchange.papers.text import PaperKind
from lth.models.document import SignForm
from lth.models.parts import IssuerForm

DAY = date(2020, 8, 31)


@pytest.mark.parametrize(
    ("unit", "place"),
    [
        ("huyện Trà Cú", "Trà Cú"),
        ("xã Tam Tiến", "Tam Tiến"),
        ("thị trấn Định An", "Định An"),
        ("thị xã Duyên Hải", "Duyên Hải"),
        ("tỉnh Vĩnh Long", "Vĩnh Long"),
        ("thành phố Hà Nội", "Hà Nội"),
        ("thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("quận 1", "Quận 1"),
        ("phường 12", "Phường 12"),
        ("xã Xã Hội", "Xã Hội"),
        ("đặc khu Phú Quốc", "Phú Quốc"),
    ],
)
def test_the_place_is_the_name_without_its_type(unit: str, place: str) -> None:
    assert letterhead.place_of(unit) == place


@pytest.mark.parametrize(
    ("arguments", "block"),
    [
        (("xã Định An", "huyện Trà Cú"), ("UBND HUYỆN TRÀ CÚ", "ỦY BAN NHÂN DÂN XÃ ĐỊNH AN")),
        (("tỉnh Vĩnh Long",), ("", "ỦY BAN NHÂN DÂN TỈNH VĨNH LONG")),
        (
            ("huyện Trà Cú", "tỉnh Trà Vinh", "Phòng Y tế"),
            ("UBND HUYỆN TRÀ CÚ", "PHÒNG Y TẾ"),
        ),
    ],
)
def test_the_agency_stands_under_the_one_above(
    arguments: tuple[str, ...], block: tuple[str, str]
) -> None:
    assert letterhead.agency_block(*arguments) == block


def test_the_one_above_may_be_left_out() -> None:
    assert letterhead.agency_block("xã A", "huyện B", above=False)[0] == ""


@pytest.mark.parametrize(
    ("printed", "parts"),
    [
        ("793/QĐ-UBND", ("793", "QĐ-UBND")),
        ("5/KH-UBND", ("05", "KH-UBND")),
        ("/KH-UBND", ("", "KH-UBND")),
        ("", ("", "")),
        ("không số", ("", "")),
    ],
)
def test_numbers_below_ten_get_a_zero(printed: str, parts: tuple[str, str]) -> None:
    assert letterhead.parted(printed) == parts


def test_symbols() -> None:
    assert letterhead.symbol_of(PaperKind.PLAN) == "KH-UBND"
    assert letterhead.symbol_of(PaperKind.LETTER) == "UBND"
    assert letterhead.symbol_of(PaperKind.LETTER, unit="VX") == "UBND-VX"
    assert letterhead.symbol_of(PaperKind.PROPOSAL, "PLĐTBXH") == "TTr-PLĐTBXH"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            LegalBasis("b", "Luật", "", DAY, "", "Luật Người cao tuổi"),
            "Căn cứ Luật Người cao tuổi ngày 31 tháng 8 năm 2020",
        ),
        (LegalBasis("b", "Luật", "", None, "", "Người cao tuổi"), "Căn cứ Luật Người cao tuổi"),
        (
            LegalBasis(
                "b", "Quyết định", "1336/QĐ-TTg", DAY, "Thủ tướng Chính phủ", "Phê duyệt Đề án"
            ),
            "Căn cứ Quyết định số 1336/QĐ-TTg ngày 31 tháng 8 năm 2020 của Thủ tướng Chính phủ phê "
            "duyệt Đề án",
        ),
        (
            LegalBasis("b", "Công văn", "581/UBND - KGVX", None, "UBND tỉnh", "tiếp tục thực hiện"),
            "Căn cứ Công văn số 581/UBND-KGVX của UBND tỉnh về việc tiếp tục thực hiện",
        ),
        (
            LegalBasis("b", "Tờ trình", "60/TTr-PYT", date(2021, 5, 4), "Trưởng phòng Y tế", "x"),
            "Theo đề nghị của Trưởng phòng Y tế tại Tờ trình số 60/TTr-PYT ngày 04 tháng 5 năm "
            "2021",
        ),
        (
            LegalBasis("b", "", "", None, "", "Xét đề nghị của Phòng Y tế;"),
            "Xét đề nghị của Phòng Y tế",
        ),
    ],
)
def test_a_basis_in_words(line: LegalBasis, said: str) -> None:
    assert letterhead.basis(line.type, line) == said


def test_bases_end_as_the_decree_says() -> None:
    assert letterhead.ended(["Căn cứ A,", "Căn cứ B.", "Theo C"]) == (
        "Căn cứ A;",
        "Căn cứ B;",
        "Theo C.",
    )
    assert letterhead.ended([]) == ()


@pytest.mark.parametrize(
    ("form", "position", "issuer", "lines"),
    [
        (SignForm.TM, "", "collective", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        (
            SignForm.TM_KT,
            "Phó Chủ tịch",
            "collective",
            ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        ),
        (SignForm.HEAD, "Chủ tịch", "head", ("CHỦ TỊCH",)),
        (SignForm.KT, "Phó Chủ tịch", "head", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        (SignForm.KT, "Phó Trưởng phòng", "office", ("KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG")),
        (SignForm.TL, "Chánh Văn phòng", "head", ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
        (SignForm.TUQ, "Trưởng phòng Y tế", "head", ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG Y TẾ")),
        (SignForm.Q, "", "head", ("Q. CHỦ TỊCH",)),
        (None, "", "collective", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        (None, "", "head", ("CHỦ TỊCH",)),
        (None, "Giám đốc", "office", ("GIÁM ĐỐC",)),
    ],
)
def test_who_signs(
    form: SignForm | None, position: str, issuer: str, lines: tuple[str, ...]
) -> None:
    assert letterhead.signature(form, position, issuer=IssuerForm(issuer)).lines == lines


def test_recipients_and_the_archive() -> None:
    lines = [
        Recipient("r1", "UBND tỉnh", "để báo cáo"),
        Recipient("r2", "- Các phòng, ban;"),
        Recipient("r3", "Lưu: VT, LĐTBXH."),
    ]
    assert letterhead.receivers(lines) == (
        ("UBND tỉnh (để báo cáo)", "Các phòng, ban"),
        "VT, LĐTBXH",
    )
    assert letterhead.receivers([]) == ((), "VT")


def test_what_is_attached_says_to_what() -> None:
    assert letterhead.belongs_to(
        "Quyết định", "793/QĐ-UBND", date(2021, 5, 7), None, "UBND huyện"
    ) == ("(Kèm theo Quyết định số 793/QĐ-UBND ngày 07 tháng 5 năm 2021 của UBND huyện)")
