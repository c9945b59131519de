"""How a club's books become points, a rating, and whether it is standard."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lth.clubs.score_card import SAMPLE, CardTerms, Criterion, Marks, Rating, changed, score
from lth.core.errors import RefusedError
from lth.models import Area, Club, ClubBook

AREAS = [Area(code=f"a{number}", name_vi=f"Mảng {number}") for number in range(1, 9)]
ALL = [area.code for area in AREAS]
SENT = datetime(2021, 6, 20, tzinfo=UTC)


def club(**more) -> Club:
    usual = {"board_size": 5, "has_income_fund": True, "has_operating_fund": True}
    return Club(name="Ấp Chợ", founded_on=date(2020, 1, 1), **usual | more)


def book(month: int, **more) -> ClubBook:
    usual = {"meetings": 1, "areas": ALL, "income_balance": 25_000_000, "sent_at": SENT}
    return ClubBook(month=date(2021, month, 1), **usual | more)


def half_year(**more) -> list[ClubBook]:
    return [book(month, **more) for month in range(1, 7)]


def points(found) -> dict[str, int]:
    return {line.key: line.points for line in found.lines}


def test_a_club_that_does_everything_has_all_points():
    found = score(club(), half_year(), 6, AREAS, SAMPLE)
    assert (found.points, found.most, found.share) == (26, 26, 10_000)
    assert found.rating is Rating.GOOD
    assert found.is_standard


@pytest.mark.parametrize(
    ("books", "one", "expected"),
    [
        ([book(1, areas=["a1"]), *[book(m, areas=[]) for m in range(2, 7)]], "area:a1", 1),
        ([book(m, areas=["a1"] if m < 4 else []) for m in range(1, 7)], "area:a1", 2),
        ([book(m, areas=[]) for m in range(1, 7)], "area:a1", 0),
        ([book(m, meetings=0 if m == 1 else 2) for m in range(1, 7)], "meetings", 1),
        ([book(m, meetings=0 if m < 3 else 2) for m in range(1, 7)], "meetings", 0),
        ([book(m, meetings=None) for m in range(1, 7)], "meetings", 0),
        ([book(m) for m in range(1, 6)], "books", 1),
        ([book(m, sent_at=None) for m in range(1, 7)], "books", 0),
        ([book(1), book(6, income_balance=19_999_999)], "fund_floor", 1),
        ([book(1, income_balance=1), book(6, income_balance=20_000_000)], "fund_floor", 2),
        ([book(5, income_balance=20_000_000), book(6, income_balance=None)], "fund_floor", 2),
        ([book(6, income_balance=None)], "fund_floor", 0),
    ],
)
def test_points_for_each_criterion(books, one, expected):
    assert points(score(club(), books, 6, AREAS, SAMPLE))[one] == expected


@pytest.mark.parametrize(("size", "expected"), [(5, 2), (7, 1), (3, 1), (8, 0), (None, 0)])
def test_a_board_of_five_and_a_little_off(size, expected):
    found = score(club(board_size=size), half_year(), 6, AREAS, SAMPLE)
    assert points(found)["board"] == expected


def test_funds_are_counted():
    found = score(club(has_operating_fund=False), half_year(), 6, AREAS, SAMPLE)
    assert points(found)["funds"] == 1


@pytest.mark.parametrize(
    ("more", "lacking"),
    [
        ({"areas": ALL[1:]}, ("area:a1",)),
        ({"meetings": 0}, ("meetings",)),
        ({"income_balance": 19_000_000}, ("fund_floor",)),
    ],
)
def test_what_keeps_a_club_from_being_standard(more, lacking):
    found = score(club(), half_year(**more), 6, AREAS, SAMPLE)
    assert found.lacking == lacking
    assert not found.is_standard


def test_a_club_without_books_is_weak_and_nothing_divides_by_zero():
    found = score(club(board_size=None), [], 0, AREAS, SAMPLE)
    assert found.rating is Rating.WEAK


@pytest.mark.parametrize(
    ("share", "rating"),
    [(22, Rating.FAIR), (23, Rating.GOOD), (13, Rating.AVERAGE), (12, Rating.WEAK)],
)
def test_ratings_begin_where_the_card_says(share, rating):
    """Of 26 points: 85 % are 22.1, 50 % are 13."""
    kept = half_year()
    areas = share // 2 - 5
    marks = dict(SAMPLE.marks)
    fewer = [replace_areas(one, ALL[: max(areas, 0)]) for one in kept]
    terms = replace(SAMPLE, marks=marks)
    found = score(club(has_operating_fund=share % 2 == 0), fewer, 6, AREAS, terms)
    if share % 2:
        fewer = [replace_areas(one, ALL[: max(areas + 1, 0)]) for one in kept]
        found = score(club(has_operating_fund=False), fewer, 6, AREAS, terms)
    assert (found.points, found.rating) == (share, rating)


def replace_areas(one: ClubBook, areas: list[str]) -> ClubBook:
    one.areas = areas
    return one


def test_a_card_is_kept_and_read_again():
    assert CardTerms.of_data(SAMPLE.as_data()) == replace(SAMPLE, is_sample=False)


def test_a_changed_card_judges_anew():
    terms = changed(SAMPLE, {"fund_floor_two": 50_000_000, "fund_floor_one": 30_000_000})
    assert terms.marks[Criterion.FUND_FLOOR] == Marks(50_000_000, 30_000_000)
    assert points(score(club(), half_year(), 6, AREAS, terms))["fund_floor"] == 0


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"area_one": 60}, "area_one"),
        ({"meetings_two": 50}, "meetings_one"),
        ({"good": 70}, "good"),
        ({"average": 0}, "good"),
    ],
)
def test_marks_that_contradict_one_another_are_refused(said, field):
    with pytest.raises(RefusedError) as refused:
        changed(SAMPLE, said)
    assert refused.value.messages[0].field == field
