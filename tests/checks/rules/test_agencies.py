"""Names of agencies are the same however a plan abbreviates them."""

import pytest
from support.plandocs import changed, faultless

from lth.checks.agencies import is_group, same
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
