"""V19: names that do not fit the plan's own level, place or day."""

from datetime import date

import pytest
from support.plandocs import changed, found, said

from lth.content.model import Content, Duty, PlanUnit, Recipient, ReportingDuty, SectionText, Task
from lth.models.unit import Level

DISTRICT = PlanUnit("huyện Phú Hòa", Level.DISTRICT, "tỉnh Sông Hậu", Level.PROVINCE, 10)
COMMUNE = PlanUnit("xã Tam Tiến", Level.COMMUNE, "tỉnh Bắc Ninh", Level.PROVINCE, 1)
PROVINCE = PlanUnit("tỉnh Sông Hậu", Level.PROVINCE, communes=100)
CITY = PlanUnit("thành phố Hải Lộc", Level.PROVINCE, communes=96)
NEW = date(2026, 3, 11)


def telling(text: str, place: PlanUnit = DISTRICT, made_on: date | None = None) -> Content:
    """A plan that says one thing and gives nobody any work."""
    section = SectionText("s", "I. Mục đích", text)
    day = made_on or (NEW if place is COMMUNE else date(2021, 5, 7))
    return changed(
        sections=(section,), place=place, made_on=day, tasks=(), duties=(), reporting=(),
        recipients=(), papers=(),
    )  # fmt: skip


AREAS = [
    ("as Tam Tiến: the province's area", "người cao tuổi trên địa bàn tỉnh và điều kiện", COMMUNE,
     True),
    ("the title of the plan above", "Kế hoạch trên địa bàn tỉnh Bắc Ninh đến năm 2035", COMMUNE,
     False),
    ("the title, and the area too", "trên địa bàn tỉnh Bắc Ninh; người dân trên địa bàn tỉnh.",
     COMMUNE, True),
    ("its own area", "trên địa bàn xã, trong toàn xã", COMMUNE, False),
    ("an office of the province", "báo chí tỉnh, ngân sách tỉnh, Hội Người cao tuổi tỉnh", COMMUNE,
     False),
    ("a district's own", "trên toàn huyện", DISTRICT, False),
    ("a district, the whole province", "nhân rộng trong toàn tỉnh", DISTRICT, True),
    ("for the whole province's sake", "góp phần cùng toàn tỉnh nâng chất lượng", DISTRICT, False),
    ("a province's own", "trên địa bàn tỉnh", PROVINCE, False),
    ("a province, in a city's", "trên địa bàn tỉnh", CITY, True),
    ("a city's own", "trên địa bàn thành phố", CITY, False),
    ("a district, left in a province's", "nâng cao đời sống trên địa bàn huyện.", PROVINCE, True),
    ("the districts of a province", "trên địa bàn các huyện; trên địa bàn huyện, thị xã", PROVINCE,
     False),
    ("a district's committee in its district", "UBND huyện chỉ đạo trên địa bàn huyện", PROVINCE,
     False),
    ("a neighbour's name", "nhân rộng trên địa bàn huyện Càng Long", DISTRICT, True),
    ("its own name", "nhân rộng trên địa bàn huyện Phú Hòa đến năm 2025", DISTRICT, False),
    ("its own name at the end of a line", "địa bàn huyện Phú Hòa\n\nPhối hợp", DISTRICT, False),
    ("its own name in the other spelling", "trên địa bàn huyện Phú Hoà", DISTRICT, False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "place", "fires"), AREAS, ids=[one[0] for one in AREAS])
def test_a_text_speaks_of_its_own_area(name, text, place, fires):
    assert bool(found(telling(text, place), "V19")) is fires


TIERS = [
    ("boards of all tiers", "hướng dẫn Ban Đại diện Hội Người cao tuổi và hội, đoàn thể các cấp",
     True),
    ("the board's short name", "BĐD, ban đại diện Hội NCT các cấp", True),
    ("the district's board, and all tiers of another",
     "Ban Đại diện Hội Người cao tuổi huyện, Mặt trận Tổ quốc các cấp", False),
    ("the association has tiers", "Hội Người cao tuổi các cấp, các cấp chính quyền", False),
    ("health stations of all tiers", "chỉ đạo trạm y tế xã, thị trấn các cấp", True),
    ("health stations of the communes", "trạm y tế xã, thị trấn", False),
    ("health stations, and committees of all tiers", "trạm y tế xã; Ủy ban nhân dân các cấp",
     False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "fires"), TIERS, ids=[one[0] for one in TIERS])
def test_what_one_tier_has_is_not_of_all(name, text, fires):
    assert bool(found(telling(text), "V19")) is fires


ENDED = [
    ("Sở Lao động - Thương binh và Xã hội", date(2025, 3, 1)),
    ("Sở Lao động – Thương binh và Xã hội", date(2025, 3, 1)),
    ("Phòng LĐ-TBXH", date(2025, 3, 1)),
    ("Sở LĐTBXH", date(2025, 3, 1)),
    ("Sở Kế hoạch và Đầu tư", date(2025, 3, 1)),
    ("Sở Nông nghiệp và Phát triển nông thôn", date(2025, 3, 1)),
    ("Sở Thông tin và Truyền thông", date(2025, 3, 1)),
    ("Phòng Tài chính - Kế hoạch", date(2025, 7, 1)),
    ("Phòng Văn hóa và Thông tin", date(2025, 7, 1)),
    ("Phòng Văn hoá - Thông tin", date(2025, 7, 1)),
    ("Ủy ban nhân dân huyện", date(2025, 7, 1)),
    ("UBND các huyện, thị xã", date(2025, 7, 1)),
    ("Huyện ủy", date(2025, 7, 1)),
    ("UBND các xã, thị trấn", date(2025, 7, 1)),
    ("Bộ LĐ-TBXH", date(2025, 3, 1)),
    ("Sở Tài nguyên và Môi trường", date(2025, 3, 1)),
    ("Sở Giao thông vận tải", date(2025, 3, 1)),
    ("Phòng Nông nghiệp và Phát triển nông thôn", date(2025, 7, 1)),
    ("Phòng Giáo dục và Đào tạo", date(2025, 7, 1)),
    ("Phòng Y tế", date(2025, 7, 1)),
]


@pytest.mark.parametrize(("name", "day"), ENDED)
def test_nobody_is_given_work_from_the_day_of_their_end(name, day):
    before = date.fromordinal(day.toordinal() - 1)
    text = f"Giao {name} theo dõi"
    assert found(telling(text, PROVINCE, day), "V19")
    assert not found(telling(text, PROVINCE, before), "V19")


NOT_YET = [
    ("Sở Nông nghiệp và Môi trường", date(2025, 3, 1)),
    ("Sở Dân tộc và Tôn giáo", date(2025, 3, 1)),
    ("Phòng Văn hóa - Xã hội", date(2025, 7, 1)),
    ("Phòng Kinh tế, Hạ tầng và Đô thị", date(2025, 7, 1)),
    ("Trung tâm Phục vụ hành chính công xã", date(2025, 7, 1)),
]


@pytest.mark.parametrize(("name", "day"), NOT_YET)
def test_nobody_is_given_work_before_the_day_they_begin(name, day):
    before = date.fromordinal(day.toordinal() - 1)
    (finding,) = found(telling(f"Giao {name} theo dõi", PROVINCE, before), "V19")
    assert f"từ ngày {day:%d/%-m/%Y} mới có" in str(finding.said)
    assert not found(telling(f"Giao {name} theo dõi", PROVINCE, day), "V19")
    assert not found(telling(f"Từ ngày 01/7/2025 giao {name}", PROVINCE, before), "V19")


PAST = [
    ("bàn giao hồ sơ của Phòng LĐTBXH (cũ)", False),
    ("các câu lạc bộ trước đây do Ủy ban nhân dân huyện thành lập", False),
    ("Phòng Văn hóa - Xã hội, Phòng Kinh tế, Sở Y tế", False),
    ("các quận, huyện phối hợp; Ủy ban nhân dân quận theo dõi", True),
]


@pytest.mark.parametrize(("text", "fires"), PAST)
def test_what_is_said_to_be_of_the_past_may_stand(text, fires):
    assert bool(found(telling(text, COMMUNE), "V19")) is fires


OLD = "Phòng Lao động - Thương binh và Xã hội"


@pytest.mark.parametrize(
    "part",
    [
        {"tasks": (Task("t", "Tập huấn", (OLD,)),)},
        {"tasks": (Task("t", "Tập huấn", ("Hội Người cao tuổi",), (OLD,)),)},
        {"duties": (Duty("t", OLD, "Phối hợp."),)},
        {"reporting": (ReportingDuty("t", "Các thôn", (OLD,)),)},
        {"recipients": (Recipient("t", OLD),)},
    ],
)
def test_names_of_agencies_are_looked_at_wherever_they_stand(part):
    base = {
        "tasks": (),
        "duties": (),
        "reporting": (),
        "recipients": (),
        "sections": (),
        "papers": (),
    }
    (finding,) = found(changed(**(base | part), made_on=NEW, place=COMMUNE), "V19")
    assert finding.place == "t"


def test_the_day_is_said_and_what_has_come_instead():
    (finding,) = found(telling("Sở Kế hoạch và Đầu tư", PROVINCE, NEW), "V19")
    assert str(finding.said).startswith("“Sở Kế hoạch và Đầu tư” không còn từ ngày 01/3/2025")
    assert "Sở Tài chính" in str(finding.remedy)


def test_without_a_day_nothing_has_ended():
    content = telling("Ủy ban nhân dân huyện")
    assert not said(changed(sections=content.sections, made_on=None), "V19")
