"""Pages of ratings: the list at each level, one club, and the card of a province."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.clubs.ratings import months_before
from lth.core import clock
from lth.models import AuditEntry, Club, ClubBook, Programme, ScoreCard, Unit

PLACES = {"xã Tập Sơn": "Ấp Chợ", "xã Ngọc Biên": "Ấp Giữa", "xã Mỹ Cẩm": "Ấp Số 2"}


@pytest.fixture
def clubs(session) -> dict[str, int]:
    """A club in each of three communes of two districts; that of Tập Sơn has kept its books."""
    found = {}
    with system(session, Purpose.LOAD):
        for full_name, name in PLACES.items():
            unit = session.scalars(
                select(Unit)
                .where(Unit.name == full_name[3:], Unit.type == "xã")
                .order_by(Unit.valid_from)
            ).first()
            place = {"unit_id": unit.id, "unit_path": unit.path}
            club = Club(
                name=name,
                number=900,
                founded_on=date(2019, 1, 1),
                board_size=5,
                created_at=clock.now(),
                **place,
            )
            session.add(club)
            session.flush()
            found[full_name] = club.id
            if full_name == "xã Tập Sơn":
                session.add_all(
                    ClubBook(
                        club_id=club.id,
                        month=month,
                        meetings=1,
                        areas=["income"],
                        saved_at=clock.now(),
                        sent_at=clock.now() - timedelta(days=1),
                        **place,
                    )
                    for month in months_before(clock.today(), 6)
                )
        session.commit()
    return found


def page(visitor, who: str, address: str) -> str:
    answer = visitor(who).get(address)
    assert answer.status_code == 200, answer.text
    check_page(answer.text)
    return answer.text


@pytest.mark.parametrize(
    ("who", "level", "seen"),
    [
        ("clerk", "commune", {"Ấp Chợ"}),
        ("observer", "commune", {"Ấp Chợ"}),
        ("district leader", "district", {"Ấp Chợ", "Ấp Giữa"}),
        ("province specialist", "province", {"Ấp Chợ", "Ấp Giữa", "Ấp Số 2"}),
    ],
)
def test_who_sees_which_clubs(clubs, visitor, who, level, seen):
    text = visitor(who).get(f"/{level}/clubs/ratings?file=csv").text
    assert {name for name in PLACES.values() if name in text} == seen
    listed = page(visitor, who, f"/{level}/clubs/ratings")
    assert "mẫu gợi ý" in listed


def test_a_rating_is_told_line_by_line(clubs, visitor):
    text = page(visitor, "clerk", f"/commune/clubs/{clubs['xã Tập Sơn']}/rating")
    assert "6 trên 6 tháng có sinh hoạt" in text
    assert "6 trên 6 tháng có hoạt động" in text
    assert "0 trên 6 tháng có hoạt động" in text
    assert "bắt buộc để đạt chuẩn, chưa đạt" in text


def test_a_club_elsewhere_does_not_exist(clubs, visitor):
    for who, level, of in (
        ("clerk", "commune", "xã Ngọc Biên"),
        ("district specialist", "district", "xã Mỹ Cẩm"),
        ("two-tier province", "province", "xã Tập Sơn"),
    ):
        assert visitor(who).get(f"/{level}/clubs/{clubs[of]}/rating").status_code == 404


def test_a_filter_leaves_those_of_a_rating(clubs, visitor):
    text = visitor("district leader").get("/district/clubs/ratings?file=csv&rating=standard").text
    assert "Ấp Chợ" not in text


def form_of(text: str) -> dict[str, str]:

    fields = re.findall(r"<input[^>]*>", text.partition('action="/province/clubs/ratings/card')[2])
    found = {}
    for one in fields:
        name = re.search(r'name="([^"]*)"', one)
        value = re.search(r'value="([^"]*)"', one)
        if name and name[1] not in {"csrf_token"}:
            found[name[1]] = value[1] if value else ""
    return found


def test_a_province_sets_its_card_and_an_older_page_changes_nothing(clubs, visitor, read):
    browser = visitor("province specialist")
    form = form_of(browser.get("/province/clubs/ratings/card").text)
    sent = form | {"fund_floor_two": "50.000.000", "fund_floor_one": "30.000.000"}
    answer = browser.post("/province/clubs/ratings/card", sent)
    assert answer.status_code == 302, answer.text
    (card,) = read(select(ScoreCard))
    assert card.data["marks"]["fund_floor"] == [50_000_000, 30_000_000]
    (entry,) = read(select(AuditEntry).where(AuditEntry.what == "score_card.changed"))
    assert entry.data["subject"] in {one.code for one in read(select(Programme))}
    assert browser.post("/province/clubs/ratings/card", sent).status_code == 409
    refused = browser.post("/province/clubs/ratings/card", sent | {"seen": "1", "good": "60"})
    assert refused.status_code == 422
    assert "Mức Tốt phải cao hơn Khá" in refused.text
    assert "mẫu gợi ý" not in page(visitor, "clerk", "/commune/clubs/ratings")
    assert "mẫu gợi ý" in page(visitor, "two-tier clerk", "/commune/clubs/ratings")


def test_nobody_below_or_observing_sets_it(clubs, visitor):
    assert visitor("province leader").get("/province/clubs/ratings/card").status_code == 200
    for who in ("district specialist", "district leader", "clerk"):
        level = "commune" if who == "clerk" else "district"
        assert visitor(who).get(f"/{level}/clubs/ratings/card").status_code == 404
