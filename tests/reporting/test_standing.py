"""Assigned, planned and done, by figures that were reckoned by hand."""

from datetime import date

import pytest
from sqlalchemy import select
from support.resultworld import ResultWorld

from lth.access.scope import Scope, Sight, bind
from lth.core.errors import NotFoundError
from lth.models import Club, ClubBook
from lth.reporting import club_sums, from_books, result_choice, standing
from lth.reporting.goals import Track, Unclear
from lth.reporting.standing import DoneFrom

TODAY = date(2021, 6, 20)


@pytest.fixture
def dataset() -> str:
    return "results"


@pytest.fixture
def world(session) -> ResultWorld:
    return ResultWorld(session)


@pytest.fixture
def read(session, world):
    """The results of a unit, as seen from itself or from another one."""

    def results(key: str, by: str = "", today: date = TODAY, code: str = "", **asked):
        viewer = world.units[by or key]
        scope = Scope(viewer.id, viewer.path, Sight.ALL, role="specialist")
        bind(session, scope)
        unit = world.units[key]
        listed = result_choice.periods(session, scope, unit.path)
        choice = result_choice.choose(listed, today, **asked)
        return standing.results(session, scope, unit, choice, code=code)

    return results


def figures(unit, code: str) -> tuple:
    line = unit.lines[code]
    done = line.done
    return (
        line.assigned.value if line.assigned else None,
        line.planned.value if line.planned else None,
        (done.value, done.source) if done else None,
        line.judgement.track,
    )


def below(found, name: str):
    return next(one for one in found.below if one.unit.name == name)


def test_a_district_and_its_communes(read) -> None:
    found = read("tracu")
    assert found.choice.window.code == "2021-6T"
    assert found.choice.elapsed == 4520  # 165 of 365 days
    books, report = DoneFrom.BOOKS, DoneFrom.REPORT
    assert figures(found.own, "clubs_new") == (6, 6, (3, books), Track.IN_TIME)
    assert figures(found.own, "members_total") == (360, 360, (217, books), Track.IN_TIME)
    assert [one.unit.name for one in found.below] == ["Kim Sơn", "Ngãi Xuyên", "Tập Sơn"]
    assert figures(below(found, "Tập Sơn"), "clubs_new") == (3, None, (2, report), Track.IN_TIME)
    assert figures(below(found, "Ngãi Xuyên"), "clubs_new") == (2, None, (1, books), Track.IN_TIME)
    assert figures(below(found, "Kim Sơn"), "clubs_new") == (1, None, (0, books), Track.BEHIND)
    assert figures(below(found, "Tập Sơn"), "members_total")[2] == (110, report)
    assert figures(below(found, "Kim Sơn"), "members_total")[:3] == (None, None, (45, books))
    one = read("tracu", code="clubs_new")
    assert figures(below(one, "Tập Sơn"), "clubs_new") == (3, 3, (2, report), Track.IN_TIME)
    assert figures(below(one, "Ngãi Xuyên"), "clubs_new") == (2, 2, (1, books), Track.IN_TIME)
    assert figures(below(found, "Tập Sơn"), "members_total")[:2] == (None, 180)
    kim_son = below(found, "Kim Sơn").lines["members_total"]
    assert kim_son.judgement.why is Unclear.NO_GOAL


def test_a_province_has_its_own_plan_and_its_districts_sums(read) -> None:
    found = read("travinh")
    assert figures(found.own, "clubs_new") == (10, 10, (3, DoneFrom.BOOKS), Track.BEHIND)
    tra_cu, cang_long = below(found, "Trà Cú"), below(found, "Càng Long")
    assert figures(tra_cu, "clubs_new") == (6, None, (3, DoneFrom.BOOKS), Track.IN_TIME)
    assert figures(cang_long, "clubs_new") == (4, None, (4, DoneFrom.REPORT), Track.REACHED)


def test_a_quotient_is_a_sum_over_a_sum(read) -> None:
    found = read("travinh")
    size = found.own.lines["club_size"]
    assert size.done.value == 54  # 217 members in 4 clubs
    assert size.judgement.track is Track.REACHED
    loans = found.own.lines["loan_access_pct"]
    assert loans.done.value == 1843  # 40 borrowers of 217 members
    assert loans.judgement.track is Track.BEHIND
    in_report = read("tapson").own.lines["loan_access_pct"]
    assert (in_report.done.value, in_report.done.source) == (6000, DoneFrom.REPORT)  # 66 of 110


def test_nil_is_told_apart(read) -> None:
    helped = read("tapson").own.lines["helped_cases"]
    assert helped.done.reported == "nil"
    assert helped.done.value == 0


def test_what_is_not_released_does_not_count(read) -> None:
    found = read("ngaixuyen")
    assert figures(found.own, "clubs_new") == (2, 2, (1, DoneFrom.BOOKS), Track.IN_TIME)
    assert found.own.report is not None
    assert not found.own.report.released


def test_without_a_window_it_is_of_today(read) -> None:
    found = read("tracu", today=date(2021, 7, 1), window_id=0)
    assert found.choice.window is None
    assert found.choice.until == date(2021, 7, 1)
    assert figures(found.own, "clubs_new")[2] == (3, DoneFrom.BOOKS)


def test_there_is_no_other_choice(read) -> None:
    with pytest.raises(NotFoundError):
        read("tracu", period_id=10_000)
    with pytest.raises(NotFoundError):
        read("tracu", window_id=10_000)


def test_a_commune_sees_what_it_was_assigned(read) -> None:
    found = read("kimson")
    assert figures(found.own, "clubs_new") == (1, None, (0, DoneFrom.BOOKS), Track.BEHIND)
    assert found.below == []


def test_sums_of_clubs_are_the_figures_of_their_books(session, world, read) -> None:
    """What is added up in SQL is what is read book by book, and follows every book."""
    found = read("travinh")
    unit, choice = world.units["travinh"], found.choice
    scope = Scope(unit.id, unit.path, Sight.ALL, role="specialist")

    def both() -> tuple[dict, dict]:
        read_books = from_books.figures(
            session,
            scope,
            unit_path=unit.path,
            span=choice.span,
            plan_starts_on=choice.period.first,
            indicators=found.indicators,
        )
        sums = club_sums.read(session, scope, unit.path, choice.span, choice.so_far)
        codes = [one.code for one in found.indicators]
        areas = frozenset(area.code for area in found.areas)
        ids = [unit.id]
        added = club_sums.by_unit(sums, unit.path, ids, codes, codes, choice.period.first, areas)
        return (
            {code: one.value for code, one in read_books.items()},
            {code: one.value for code, one in added[unit.id].items() if one.value is not None},
        )

    books, sums = both()
    assert books == sums
    assert books["members_total"] == 217
    with_areas = session.scalars(select(ClubBook).order_by(ClubBook.id)).first()
    from lth.access.scope import Purpose, system  # noqa: PLC0415 - only here

    with system(session, Purpose.LOAD):
        with_areas.areas = [area.code for area in found.areas]
        with_areas.members, with_areas.version = 64, with_areas.version + 1
        later = ClubBook(
            **{"club_id": with_areas.club_id, "unit_id": with_areas.unit_id},
            **{"unit_path": with_areas.unit_path, "saved_at": with_areas.saved_at},
            month=date(2021, 6, 1),
            women=30,
            helped=7,
        )
        session.add(later)
        club = session.get_one(Club, with_areas.club_id)
        club.has_income_fund, club.version = False, club.version + 1
        session.flush()
    books, sums = both()
    assert books == sums
    assert (books["members_total"], books["helped_cases"], books["clubs_full8"]) == (221, 12, 1)
