"""Names of agencies are the same however a plan abbreviates them."""

import pytest
from support.plandocs import changed, faultless

from lth.checks.agencies import is_group, named_in, other_place_in, places_in, same
from lth.content.model import PlanUnit
from lth.models.unit import Level

ALIKE = [
    ("UBND huyện", "Ủy ban nhân dân huyện Phú Hòa"),
    ("Uỷ ban Nhân dân tỉnh", "UBND tỉnh Sông Hậu"),
    ("BĐD Hội NCT huyện", "Ban Đại diện Hội Người cao tuổi huyện"),
    ("Ban đại diện Hội người cao tuổi", "Hội NCT huyện"),
    ("Phòng LĐ-TBXH", "Phòng Lao động - Thương binh và Xã hội huyện"),
    ("Phòng LĐTB&XH", "Phòng Lao động – Thương binh và Xã hội"),
    ("Phòng Tài chính - Kế hoạch", "Phòng Tài chính và Kế hoạch"),
    ("Ủy ban MTTQ Việt Nam huyện", "Mặt trận Tổ quốc huyện"),
    ("Phòng Y tế", "Phòng Y tế, Trung tâm Y tế huyện"),
    ("Các thôn", "các thôn"),
    ("Phòng VH-XH", "Phòng Văn hóa - Xã hội"),
]
OTHER = [
    ("UBND huyện", "UBND tỉnh"),
    ("Hội NCT xã", "Chi hội Người cao tuổi các thôn"),
    ("Sở Y tế", "Phòng Y tế"),
    ("HĐND huyện", "UBND huyện"),
    ("Các thôn", "Các xã"),
    ("", "UBND huyện"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_two_names_of_one_agency(one, other):
    assert same(one, other, faultless())


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_agencies(one, other):
    assert not same(one, other, faultless())


def test_a_place_named_by_a_word_does_not_take_the_word_away():
    content = changed(place=PlanUnit("xã Hóa", Level.COMMUNE, "tỉnh An", Level.PROVINCE))
    assert same("UBND xã Hóa", "Ủy ban nhân dân xã", content)
    assert not same("Phòng Văn hóa xã Hóa", "Phòng Văn xã", content)


@pytest.mark.parametrize(
    "name", ["Như trên", "Như Điều 3", "Các đơn vị tại mục III", "Các ban, ngành"]
)
def test_a_group_stands_for_many(name):
    assert is_group(name)


@pytest.mark.parametrize("name", ["UBND các xã", "Sở Y tế", "Lưu: VT", "Chủ tịch"])
def test_who_is_named_is_no_group(name):
    assert not is_group(name)


NAMED = [
    ("Ủy ban nhân dân tỉnh Trà Vinh", ["tỉnh Trà Vinh"]),
    ("UBND thị xã Bình Minh, tỉnh Vĩnh Long", ["thị xã Bình Minh", "tỉnh Vĩnh Long"]),
    ("tỉnh Bà Rịa - Vũng Tàu", ["tỉnh Bà Rịa - Vũng Tàu"]),
    ("UBND tỉnh Hội Người cao tuổi", []),
    ("Phòng Văn hóa - Xã hội, kinh tế - xã hội", []),
    ("PHÁT TRIỂN KINH TẾ - XÃ HỘI NĂM 2026", []),
    ("trong toàn xã\nPhối hợp với các thôn", []),
    ("Tỉnh ủy, Huyện Ủy, xã Đoàn", []),
    ("các xã ở vùng sâu, xã ấy, phường ủy", []),
    ("xã Ỷ La, huyện Ứng Hòa, xã Ấp Bắc", ["xã Ỷ La", "huyện Ứng Hòa", "xã Ấp Bắc"]),
    ("thành phố Hội An", ["thành phố Hội An"]),
]


@pytest.mark.parametrize(("text", "places"), NAMED)
def test_places_are_named_by_type_and_name(text, places):
    assert [str(one) for one in places_in(text)] == places


TITLES = [
    ("its own in the other spelling", "huyện Phú Hoà", ""),
    ("that above", "tỉnh Sông Hậu", ""),
    ("another of its tier", "huyện Cầu Kè", "huyện Cầu Kè"),
    ("of another type but its tier", "thị xã Bình Minh", "thị xã Bình Minh"),
    ("another above", "tỉnh Trà Vinh", "tỉnh Trà Vinh"),
    ("one of its communes", "xã Tân Hòa", ""),
    ("all in capitals", "TRÊN ĐỊA BÀN HUYỆN CÓ CÂU LẠC BỘ", ""),
]


@pytest.mark.parametrize(("name", "text", "other"), TITLES, ids=[one[0] for one in TITLES])
def test_another_place_of_its_own_tier_or_that_above_is_found(name, text, other):
    assert other_place_in(text, faultless()) == other


RECIPIENTS = [
    ("Ủy ban nhân dân tỉnh Sông Hậu", True),
    ("UBND tỉnh", True),
    ("CT, các PCT UBND tỉnh Sông Hậu; Sở Y tế", True),
    ("UBND tỉnh Trà Vinh", False),
    ("UBND tỉnh Trà Vinh, UBND tỉnh Sông Hậu", True),
    ("UBND huyện Phú Hòa", False),
]


@pytest.mark.parametrize(("recipient", "named"), RECIPIENTS)
def test_a_committee_is_named_by_its_place_too(recipient, named):
    assert named_in("Ủy ban nhân dân tỉnh Sông Hậu", recipient, faultless()) is named
