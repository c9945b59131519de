"""The demo's figures and dates: what its tables sum to, and which days its story uses."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lth.core import clock
from lth.demo import contents, figures, mistakes
from lth.demo.diary import Diary
from lth.demo.play import Signature
from lth.demo.report import (
    EXPECTED_OF_BAC_NINH,
    EXPECTED_OF_CANG_LONG,
    EXPECTED_OF_TRA_CU,
    EXPECTED_OF_TRA_VINH,
)
from lth.demo.story_above import dated

FIRST = datetime(2021, 1, 1, tzinfo=UTC)
TABLE = figures.three_tier("2021")


def of_district(code: str) -> list[figures.CommuneFigures]:
    return [one for one in TABLE.values() if one.district_code == code]


def test_units_of_the_tables() -> None:
    assert Counter(one.district_code for one in TABLE.values()) == {"849": 17, "844": 14, "845": 11}
    assert len(figures.two_tier()) == 5
    assert all(one.is_empty for one in of_district("845"))


@pytest.mark.parametrize(
    ("communes", "expected"),
    [
        (of_district("849"), EXPECTED_OF_TRA_CU),
        (of_district("844"), EXPECTED_OF_CANG_LONG),
        (TABLE.values(), EXPECTED_OF_TRA_VINH),
        (figures.two_tier().values(), EXPECTED_OF_BAC_NINH),
    ],
    ids=["Trà Cú", "Càng Long", "Trà Vinh", "Bắc Ninh"],
)
def test_sums(communes: list[figures.CommuneFigures], expected: figures.Values) -> None:
    sums = figures.total(communes)
    assert {code: sums[code] for code in expected} == expected
    assert sums["members_older"] + sums["members_young"] == sums["members_total"]


def test_every_row_lies_within_the_norms() -> None:
    """50 to 70 members a club, 60 to 70 % older people and women, half of them borrow."""
    for commune in [*TABLE.values(), *figures.two_tier().values()]:
        for phase, row in commune.phases.items():
            if not row:
                continue
            members = row["members_total"]
            assert 50 <= members / row["clubs_new"] <= 70, (commune.code, phase)
            assert 0.6 <= row["members_older"] / members <= 0.7, (commune.code, phase)
            assert 0.6 <= row["members_women"] / members <= 0.7, (commune.code, phase)
            assert row["loans_members"] * 2 >= members, (commune.code, phase)


def test_clubs_are_split_equally_and_the_rest_by_older_population() -> None:
    shares = contents.split(50, of_district("849"))
    assert sum(shares.values()) == 50
    assert {code for code, clubs in shares.items() if clubs != 3} == {"29462"}
    for code, clubs in (("849", 50), ("844", 40)):
        planned = {one.code: one.phases["2021"]["clubs_new"] for one in of_district(code)}
        assert contents.split(clubs, of_district(code)) == planned


@pytest.mark.parametrize(
    "mistake",
    [
        mistakes.TOO_MANY_OLDER,
        mistakes.TOO_MUCH_MONEY,
        mistakes.TOO_MANY_MEMBERS,
        mistakes.TOO_FEW_VOLUNTEERS,
    ],
    ids=lambda one: one.indicator,
)
def test_mending_a_mistake_restores_every_line(mistake: mistakes.Mistake) -> None:
    right = TABLE[mistake.code]
    lines = {line.code: line.figure for line in contents.of_commune(mistake.falsify(right))}
    assert mistake.wrong[mistake.indicator] == lines[mistake.indicator].value
    lines |= {line.code: line.figure for line in mistake.mended(right)}
    assert lines == {line.code: line.figure for line in contents.of_commune(right)}


@given(
    minutes=st.integers(0, 15 * 366 * 24 * 60),
    distance=st.integers(-80, -1),
    hour=st.integers(0, 23),
)
def test_the_diary_knows_working_days_that_are_past(minutes: int, distance: int, hour: int) -> None:
    diary = Diary(FIRST + timedelta(minutes=minutes))
    moment = diary.at(distance, hour)
    assert moment.weekday() < 5
    assert moment < diary.now
    assert clock.local(moment).date() == diary.day(distance) < diary.today
    assert diary.day(distance - 1) < diary.day(distance)
    between = (diary.today - diary.day(distance)) / timedelta(days=1)
    assert between <= -distance * 7 / 5 + 3


def test_the_diary_tells_nothing_of_today() -> None:
    with pytest.raises(ValueError, match="before today"):
        Diary(datetime(2026, 11, 23, tzinfo=UTC)).at(0, 8)


def test_counting_days_over_a_weekend() -> None:
    diary = Diary(datetime(2026, 11, 23, 3, tzinfo=UTC))  # a Monday
    assert [diary.day(n).isoformat() for n in (-2, -1, 0, 1, 5)] == [
        "2026-11-19",
        "2026-11-20",
        "2026-11-23",
        "2026-11-24",
        "2026-11-30",
    ]


def test_no_document_is_signed_after_it_is_issued() -> None:
    """A rehearsal may set the clock before the day on the document."""
    written = datetime(2021, 5, 7, tzinfo=UTC).date()
    signature = Signature("793/QĐ-UBND", written)
    assert dated(signature, FIRST + timedelta(days=2000)).on == written
    assert dated(signature, FIRST).on == FIRST.date()
