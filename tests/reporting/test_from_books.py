"""What the clubs' books come to in a window, by figures that were reckoned by hand."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from support import clubworld, draftworld
from support.queries import counted

from lth.access.scope import Scope
from lth.models import Indicator, Unit
from lth.models.club import ClubState
from lth.reporting import from_books
from lth.reporting.from_books import BookFigure
from lth.reporting.windows import WindowSpan

HALF = WindowSpan(date(2020, 12, 15), date(2021, 6, 14))
"""The first six months of 2021: the books of January to June."""

PLAN_STARTS = date(2021, 1, 1)
JANUARY, MAY, JUNE, JULY = (date(2021, month, 1) for month in (1, 5, 6, 7))
DECEMBER = date(2020, 12, 1)


@pytest.fixture
def units(drafting_session: Session) -> dict[str, Unit]:
    draftworld.acting(drafting_session, "clerk@tracu")
    return {unit.code: unit for unit in drafting_session.scalars(select(Unit))}  # of 8 letters


@pytest.fixture
def catalogue(drafting_session: Session) -> Sequence[Indicator]:
    programme = draftworld.period(drafting_session, "2021").programme_id
    of_programme = select(Indicator).where(Indicator.programme_id == programme)
    return drafting_session.scalars(of_programme).all()


def read(
    session: Session,
    catalogue: Sequence[Indicator],
    unit: Unit,
    who: str = "clerk@tracu",
    span: WindowSpan = HALF,
) -> dict[str, BookFigure]:
    scope = Scope.of(draftworld.acting(session, who))
    asked = {"unit_path": unit.path, "plan_starts_on": PLAN_STARTS, "indicators": catalogue}
    return from_books.figures(session, scope, span=span, **asked)


def test_a_percentage_is_the_sum_over_the_sum(drafting_session, units, catalogue) -> None:
    """One club of 50 that all borrow, ten with 700 of whom half do: 400 of 750, not 54.5 %."""
    session, commune = drafting_session, units["tapson"]
    sizes = [(50, 50)] + [(70, 35)] * 10
    for number, (members, borrowers) in enumerate(sizes, 1):
        club = clubworld.found(session, commune.id, number)
        clubworld.keep(session, club, MAY, members=members, borrowers=borrowers)
    figures = read(session, catalogue, commune)
    assert figures["loans_members"].value == 400
    assert figures["members_total"].value == 750
    assert "loan_access_pct" not in figures
    assert [one.value for one in figures["loans_members"].clubs] == [50] + [35] * 10


def test_a_stock_is_the_last_book_that_says_it(drafting_session, units, catalogue) -> None:
    session, commune = drafting_session, units["tapson"]
    club = clubworld.found(session, commune.id, 1)
    clubworld.keep(session, club, JANUARY, members=60, women=40, income_balance=30_000_000)
    clubworld.keep(session, club, MAY, members=64, women=None, income_balance=31_000_000)
    clubworld.keep(session, club, JULY, members=99, women=99)  # after the window
    clubworld.keep(session, club, DECEMBER, older=50)  # before it: the 14th is not in it
    figures = read(session, catalogue, commune)
    assert figures["members_total"].value == 64
    assert figures["members_total"].clubs[0].month == MAY
    assert figures["members_women"].value == 40
    assert figures["members_women"].clubs[0].month == JANUARY
    assert figures["income_fund_balance"].value == 31_000_000
    assert "members_older" not in figures, "said in no book of the window: missing, and not 0"


def test_nothing_said_is_not_0_and_0_is_0(drafting_session, units, catalogue) -> None:
    session, commune = drafting_session, units["tapson"]
    club = clubworld.found(session, commune.id, 1)
    clubworld.keep(session, club, MAY, helped=0, members=0)
    figures = read(session, catalogue, commune)
    assert figures["helped_cases"].value == 0
    assert figures["members_total"].value == 0
    assert "health_checks" not in figures


def test_a_flow_is_added_up_over_the_months(drafting_session, units, catalogue) -> None:
    session, commune = drafting_session, units["tapson"]
    one, other = (clubworld.found(session, commune.id, number) for number in (1, 2))
    clubworld.keep(session, one, JANUARY, helped=3, health_checks=60)
    clubworld.keep(session, one, JUNE, helped=4)
    clubworld.keep(session, other, MAY, helped=5)
    clubworld.keep(session, other, JULY, helped=1000)
    figures = read(session, catalogue, commune)
    assert figures["helped_cases"].value == 12
    assert [(club.value, club.month) for club in figures["helped_cases"].clubs] == [
        (7, JUNE),
        (5, MAY),
    ]
    assert figures["health_checks"].value == 60


def test_the_register_is_counted(drafting_session, units, catalogue) -> None:
    session, commune = drafting_session, units["tapson"]
    there = {"has_income_fund": True}
    first = clubworld.found(session, commune.id, 1, **there, has_operating_fund=True)
    clubworld.found(session, commune.id, 2, **there)
    new = clubworld.found(session, commune.id, 3, founded_on=date(2020, 12, 20))  # in the window
    clubworld.found(session, commune.id, 4, founded_on=HALF.last)
    clubworld.found(session, commune.id, 5, founded_on=date(2021, 6, 15))  # the day after
    ended = {"state": ClubState.CLOSED}
    over = clubworld.found(session, commune.id, 6, **ended, ended_on=HALF.last)
    clubworld.found(session, commune.id, 7, **ended, ended_on=date(2021, 6, 15))
    clubworld.found(session, commune.id, 8, **ended, ended_on=date(2020, 12, 14))
    for club in (first, new, over):
        clubworld.keep(session, club, MAY, helped=1)
    figures = {code: one.value for code, one in read(session, catalogue, commune).items()}
    assert figures["clubs_new"] == 2  # 3, 4
    assert figures["clubs_closed"] == 1  # 6
    assert figures["clubs_total"] == 5  # 1, 2, 3, 4, 7
    assert figures["clubs_existing"] == 5  # on 31/12/2020: 1, 2, 3, 6, 7
    assert figures["clubs_maintained"] == 2  # 1, 3: the others kept no book, 6 has ended
    assert figures["clubs_income_fund"] == 2
    assert figures["clubs_two_funds"] == 1
    assert figures["communes_with_club"] == 1


def test_a_commune_without_clubs_has_0_of_them_and_no_members(
    drafting_session, units, catalogue
) -> None:
    figures = read(drafting_session, catalogue, units["tapson"])
    assert figures["clubs_total"] == BookFigure(0)
    assert figures["communes_with_club"] == BookFigure(0)
    assert "members_total" not in figures
    assert "income_fund_min" not in figures


def test_who_has_ended_has_no_members_but_what_it_did(drafting_session, units, catalogue) -> None:
    """Of two that merged, the members are counted once."""
    session, commune = drafting_session, units["tapson"]
    stays = clubworld.found(session, commune.id, 1)
    merged = {"state": ClubState.MERGED, "ended_on": date(2021, 4, 1), "merged_into_id": stays}
    gone = clubworld.found(session, commune.id, 2, **merged)
    clubworld.keep(session, gone, JANUARY, members=40, helped=2, income_balance=1)
    clubworld.keep(session, stays, MAY, members=90, helped=3, income_balance=50)
    figures = read(session, catalogue, commune)
    assert figures["members_total"].value == 90
    assert figures["helped_cases"].value == 5
    assert figures["income_fund_min"].value == 50


def test_the_floor_of_the_funds_is_the_smallest(drafting_session, units, catalogue) -> None:
    session, commune = drafting_session, units["tapson"]
    for number, balance in enumerate((30_000_000, 20_000_000, 25_000_000), 1):
        club = clubworld.found(session, commune.id, number)
        clubworld.keep(session, club, MAY, income_balance=balance)
    figures = read(session, catalogue, commune)
    assert figures["income_fund_min"].value == 20_000_000
    assert figures["income_fund_balance"].value == 75_000_000
    assert len(figures["income_fund_min"].clubs) == 3


def test_all_areas_are_those_of_all_books_together(drafting_session, units, catalogue) -> None:
    session, commune = drafting_session, units["tapson"]
    codes = clubworld.areas(session, catalogue[0].programme_id)
    assert len(codes) == 8
    full, short = (clubworld.found(session, commune.id, number) for number in (1, 2))
    clubworld.keep(session, full, JANUARY, areas=codes[:5])
    clubworld.keep(session, full, MAY, areas=codes[4:])
    clubworld.keep(session, short, MAY, areas=codes[:7])
    clubworld.keep(session, short, JULY, areas=codes)
    figures = read(session, catalogue, commune)
    assert [club.club_id for club in figures["clubs_full8"].clubs] == [full]


def test_a_district_reads_all_its_communes_in_one_query(drafting_session, units, catalogue) -> None:
    session = drafting_session
    for code, clubs in (("tapson", 2), ("ngaixuye", 3)):
        for number in range(1, clubs + 1):
            club = clubworld.found(session, units[code].id, number)
            clubworld.keep(session, club, MAY, members=50, helped=1)
    asked = {"unit_path": units["tracu"].path, "plan_starts_on": PLAN_STARTS}
    scope = Scope.of(draftworld.acting(session, "clerk@tracu"))
    for indicator in catalogue:
        session.expunge(indicator)
    with counted(session) as statements:
        figures = from_books.figures(session, scope, span=HALF, **asked, indicators=catalogue)
    assert len(statements) == 1
    assert figures["members_total"].value == 250
    assert figures["helped_cases"].value == 5
    assert figures["clubs_total"].value == 5
    assert figures["communes_with_club"].value == 2
    assert sum(one.value for one in figures["communes_with_club"].clubs) == 2


def test_nobody_sees_the_clubs_beside_them(drafting_session, units, catalogue) -> None:
    session = drafting_session
    club = clubworld.found(session, units["tapson"].id, 1)
    clubworld.keep(session, club, MAY, members=50)
    seen = read(session, catalogue, units["tracu"], who="clerk@ngaixuyen")
    assert seen["clubs_total"] == BookFigure(0)
    assert "members_total" not in seen
    assert read(session, catalogue, units["tracu"])["members_total"].value == 50


def test_what_is_asked_decides_what_is_read(drafting_session, units, catalogue) -> None:
    session = drafting_session
    clubworld.found(session, units["tapson"].id, 1)
    asked = [one for one in catalogue if one.code in {"clubs_new", "older_share_pct", "club_size"}]
    assert set(read(session, asked, units["tapson"])) == {"clubs_new"}


def test_a_club_that_came_brings_its_members_and_leaves_what_it_did(
    drafting_session, units, catalogue
) -> None:
    session = drafting_session
    club = clubworld.found(session, units["ngaixuye"].id, 1)
    before = {"unit_id": units["tapson"].id, "unit_path": units["tapson"].path}
    clubworld.keep(session, club, JANUARY, members=50, helped=3, **before)
    clubworld.keep(session, club, MAY, helped=4)
    here = read(session, catalogue, units["ngaixuye"])
    assert (here["members_total"].value, here["helped_cases"].value) == (50, 4)
    there = read(session, catalogue, units["tapson"])
    assert there["helped_cases"].value == 3
    assert "members_total" not in there


@pytest.mark.parametrize(
    ("code", "flow"),
    [
        ("clubs_new", True),
        ("clubs_closed", True),
        ("helped_cases", True),
        ("outreach_reached", True),
        ("clubs_total", False),
        ("members_total", False),
        ("income_fund_min", False),
        ("staff_total", False),
    ],
)
def test_flows_are_what_windows_add_up(catalogue, code: str, flow: bool) -> None:
    by_code = {one.code: one for one in catalogue}
    assert from_books.is_flow(by_code[code]) is flow
