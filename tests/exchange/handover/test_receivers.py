"""Which lines of Nơi nhận are agencies that a package may be sent to."""

import unicodedata

import pytest

from lth.exchange.handover.receivers import PaperReceiver, PaperReceivers, distinct, is_group

PROVINCE = "Ủy ban nhân dân tỉnh Trà Vinh"


@pytest.mark.parametrize(
    "line",
    [
        *("Như Điều 3", "Như trên", "NHƯ ĐIỀU 2", "Các phòng, ban huyện", "UBND các xã, thị trấn"),
        *("Ủy ban MTTQ và các tổ chức chính trị - xã hội xã", "Chủ tịch, các PCT/UBND Huyện"),
        *("Chủ tịch và Phó Chủ tịch UBND xã", "Lãnh đạo Văn phòng", "CT, PCT UBND huyện"),
        unicodedata.normalize("NFD", "Các thôn"),
    ],
)
def test_many_persons_and_places_in_the_paper_are_no_agency(line: str) -> None:
    assert is_group(line)


@pytest.mark.parametrize(
    "line",
    [
        *("Sở Y tế", "Thường trực Huyện ủy", "UBND huyện Như Xuân", "Hội Người cao tuổi xã"),
        *("Trung tâm Y tế huyện Lưu Kiếm", "Phòng LĐ-TB&XH", "Ủy ban nhân dân xã Cắc Ngòi"),
        "Đài Truyền thanh",
    ],
)
def test_one_agency_is_one(line: str) -> None:
    assert not is_group(line)


@pytest.mark.parametrize(
    "line",
    [
        *("UBND tỉnh", "UBND tỉnh Trà Vinh", "Uỷ ban nhân dân tỉnh Trà Vinh", PROVINCE.upper()),
        *("UBND tỉnh (để báo cáo)", "Ủy ban nhân dân tỉnh"),
    ],
)
def test_the_next_unit_is_offered_once_however_it_is_written(line: str) -> None:
    assert distinct([line, "Sở Y tế"], PROVINCE) == ["Sở Y tế"]


@pytest.mark.parametrize("line", ["UBND huyện", "UBND tỉnh Trà", "UBND", "UBND tỉnh Vĩnh Long"])
def test_another_is_not_taken_for_it(line: str) -> None:
    found = distinct([line], PROVINCE)
    assert found == ([line] if line != "UBND tỉnh Trà" else [])


def test_a_name_is_offered_once_and_without_its_brackets() -> None:
    lines = ["Sở Y tế (b/c)", "SỞ Y TẾ", "  ", "(để biết)", "…", "Sở Y tế tỉnh"]
    assert distinct(lines, "") == ["Sở Y tế", "Sở Y tế tỉnh"]


def test_without_a_next_unit_only_those_with_a_code_are_ticked() -> None:
    found = PaperReceivers("", (PaperReceiver("Sở Y tế"), PaperReceiver("Sở Tài chính", "H61.2")))
    assert found.usual() == ("Sở Tài chính",)
    assert found.chosen(["Sở Y tế", "Bộ Y tế"]) == (PaperReceiver("Sở Y tế"),)


def test_the_next_unit_is_ticked_even_without_a_code() -> None:
    found = PaperReceivers(PROVINCE, (PaperReceiver(PROVINCE), PaperReceiver("Sở Y tế")))
    assert found.usual() == (PROVINCE,)
