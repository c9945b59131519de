"""Every value of every kind is said exactly."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from lth.exchange.backup.columns import KINDS, hear, name_of
from lth.models import Base

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "integer": st.integers(-(2**63), 2**63 - 1),
    "text": st.text(st.characters(exclude_categories=["Cs"])),
    "json": st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).map(json.dumps),
    "date": st.dates(),
    "instant": st.datetimes(timezones=st.just(UTC)),
    "bytes": st.binary(),
}


def test_every_kind_is_tried() -> None:
    assert set(VALUES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_is_heard(kind: str) -> None:
    @given(VALUES[kind])
    def holds(value: Any) -> None:
        say = KINDS[kind].say
        said = json.loads(json.dumps(say(value) if say else value, ensure_ascii=False).encode())
        assert hear(kind, said) == value
        assert type(hear(kind, said)) is type(value)

    holds()


def test_nothing_is_nothing() -> None:
    assert {hear(kind, None) for kind in KINDS} == {None}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("integer", "1"),
        ("integer", 1.0),
        ("integer", True),
        ("boolean", 1),
        ("text", 7),
        ("json", {"a": 1}),
        ("date", "07/5/2021"),
        ("date", 20210507),
        ("instant", "2021-05-07T08:00:00"),
        ("instant", "2021-05-07T08:00:00+07:00"),
        ("instant", "yesterdayZ"),
        ("bytes", "ä"),
    ],
)
def test_what_is_no_value_of_a_kind_is_not_guessed(kind: str, said: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        hear(kind, said)


def test_every_column_has_a_kind() -> None:
    for table in Base.metadata.tables.values():
        for column in table.columns:
            assert name_of(column.type) in KINDS, column


def test_a_type_that_no_kind_keeps_is_not_guessed() -> None:
    with pytest.raises(TypeError, match="add one"):
        name_of(sa.Float())


def test_an_instant_is_the_same_from_both_databases() -> None:
    say = KINDS["instant"].say
    assert say is not None
    moment = datetime(2021, 5, 7, 1, 0, tzinfo=UTC)
    assert say(moment) == say(moment.replace(tzinfo=None)) == "2021-05-07T01:00:00.000000Z"
    assert KINDS["date"].say is not None
    assert KINDS["date"].say(date(2021, 5, 7)) == "2021-05-07"
