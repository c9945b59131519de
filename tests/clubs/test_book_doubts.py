"""What is unlikely in a book is said with its figures; what may well be is not."""

import pytest

from lth.clubs.book_doubts import doubts
from lth.clubs.book_norms import ClubNorms

NORMS = ClubNorms(
    norms={
        "club_size": (50, 70),
        "older_share_pct": (6000, 7000),
        "women_share_pct": (6000, 7000),
        "young_share_pct": (3000, 4000),
        "meetings_month": (100, None),
        "exercise_week": (300, None),
        "volunteers": (5, None),
        "loan_rate_month": (60, 100),
        "income_fund_min": (50_000_000, None),
    }
)

SOUND = {
    **{"meetings": 2, "attended": 96, "members": 60, "women": 40, "older": 40, "older_women": 26},
    **{"young": 20, "poor": 40, "ethnic": 60, "joined": 2, "left": 1},
    **{"income_in": 1_000_000, "income_out": 0, "income_balance": 56_000_000},
    **{"operating_in": 300_000, "operating_out": 250_000, "operating_balance": 2_050_000},
    **{"loans_given": 2, "borrowers": 12, "lent": 10_000_000, "repaid": 8_000_000},
    **{"outstanding": 42_000_000, "overdue": 0, "interest": 320_000},
    **{"exercise": 12, "health_checks": 30, "volunteers": 6, "homecare_persons": 3},
    **{"homecare_visits": 12, "helped": 1},
}
BEFORE = {
    **{"members": 59, "income_balance": 55_000_000, "operating_balance": 2_000_000},
    "outstanding": 40_000_000,
}


def told(changed=None, before=BEFORE, norms=NORMS):
    return [(one.field, str(one)) for one in doubts({**SOUND, **(changed or {})}, before, norms)]


def test_a_sound_month_is_not_doubted():
    assert told() == []


def test_nothing_given_is_nothing_doubted():
    assert doubts(dict.fromkeys(SOUND), BEFORE, NORMS) == []
    assert doubts(SOUND, None, ClubNorms()) == []


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"women": 61}, "women", "61 người, nhiều hơn “Tất cả thành viên” là 60 người"),
        ({"older_women": 41}, "older_women", "nhiều hơn “Là người cao tuổi” là 40"),
        ({"young": 19}, "young", "40 cộng người trẻ 19 là 59"),
        ({"older_women": 19}, "older_women", "ít nhất là 20, sổ ghi 19"),
        ({"meetings": 0}, "attended", "Có 0 buổi sinh hoạt mà 96 lượt"),
        ({"attended": 121}, "attended", "nhiều hơn 120"),
        ({"homecare_persons": 0}, "homecare_persons", "12 lượt"),
        ({"loans_given": 0}, "lent", "0 lượt mà tiền cho vay là 10.000.000 đồng"),
        ({"operating_in": 300}, "operating_in", "thiếu số 0"),
        ({"overdue": 43_000_000}, "overdue", "43.000.000 đồng, nhiều hơn"),
        ({"members": 61, "young": 21}, "members", "59 người, cộng 2 người, trừ 1 người thì còn 60"),
        ({"income_balance": 57_000_000}, "income_balance", "thì còn 56.000.000 đồng"),
        ({"outstanding": 41_000_000}, "outstanding", "thì còn 42.000.000 đồng"),
        ({"interest": 3_200_000}, "interest", "là 8 % một tháng; thường là từ 0,6 % đến 1 %"),
        ({"meetings": 0, "attended": 0}, "meetings", "là 0 buổi; mức chung là từ 1"),
        ({"exercise": 11}, "exercise", "Tập 11 buổi cả tháng; mức chung là từ 12"),
        ({"volunteers": 4}, "volunteers", "là 4 người; mức chung là từ 5"),
    ],
)
def test_what_is_unlikely_is_told_with_its_figures(changed, field, words):
    found = [text for name, text in told(changed) if name == field]
    assert words in found[0], found


def test_a_small_club_is_doubted_and_a_share_is_of_all_members():
    small = {"members": 43, "women": 20, "older": 20, "older_women": 9, "young": 23}
    found = dict(told({**small, "attended": 80, "ethnic": 1, "poor": 1}, before={}))
    assert "43 thành viên; mức chung là từ 50 đến 70" in found["members"]
    assert "20 trên 43 thành viên là 46,51 %" in found["women"]
    assert set(found) == {"members", "women", "older", "young"}


def test_a_poor_fund_is_doubted_where_the_programme_has_a_floor():
    poor = {"income_balance": 45_000_000, "outstanding": 42_000_000}
    before = {**BEFORE, "income_balance": 44_000_000}
    assert [field for field, _ in told(poor, before)] == ["income_balance"]
    assert told(poor, before, ClubNorms()) == []
