"""Names of people and offices: kept as one line, in the order of the alphabet, found without
marks; on every database.
"""

import unicodedata

import pytest
from sqlalchemy import select
from world import NOON

from lth.access.scope import Purpose, system
from lth.administration import units
from lth.models import Office, Person
from lth.models.base import SEARCH_KEY, SORT_KEY
from lth.models.unit import OfficeFunction

UNLISTED = {"attachment", "calendar_day", "invitation", "job_run", "report_regime"}
"""Tables whose names are no list's order: days go by their day; invitations, files and regimes of
reports by when they came."""

IN_ORDER = ("An", "Ánh", "Ân", "Bùi Hạ", "Dung", "\u00d0ặng", "Đồng Kỳ", "Em", "Yến")


@pytest.fixture
def named(session):
    """People of those names, written in another order, one of them decomposed."""
    people = [Person(name=name, created_at=NOON) for name in reversed(IN_ORDER)]
    people[2].name = unicodedata.normalize("NFD", people[2].name)
    with system(session, Purpose.LOAD):
        session.add_all(people)
        session.flush()
        yield people


def test_people_are_in_the_order_of_the_alphabet(session, named):
    ids = [person.id for person in named]
    found = session.scalars(select(Person.id).where(Person.id.in_(ids)).order_by(Person.sort_key))
    assert list(found) == ids[::-1]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dong ky", "Đồng Kỳ"),
        ("\u00d0ồng Kỳ", "Đồng Kỳ"),
        ("ĐỒNG KỲ", "Đồng Kỳ"),
        (unicodedata.normalize("NFD", "đồng kỳ"), "Đồng Kỳ"),
        ("dang", "Đặng"),
        (" bui\u00a0 ha ", "Bùi Hạ"),
    ],
)
def test_people_are_found_however_they_are_typed(session, named, typed, found):
    held = select(Person.name).where(units.names.holds(Person.search_key, typed))
    assert list(session.scalars(held)) == [found]


def test_keys_follow_the_name(session, named):
    person = named[0]
    person.name = "Ích"
    session.flush()
    session.expire(person)
    assert (person.search_key, person.sort_key[:3]) == ("ich", "ich")


def test_the_longest_name_has_keys_that_fit():
    name = "Ẩ9 " * 53
    person = Person(name=name, created_at=NOON)
    assert len(person.sort_key) <= SORT_KEY.length
    assert len(person.search_key) <= SEARCH_KEY.length


def test_every_table_of_names_has_a_key_to_sort_by():
    tables = Person.metadata.tables.values()
    without = {table.name for table in tables if "name" in table.c and "sort_key" not in table.c}
    assert without <= UNLISTED


def test_an_office_has_its_key_from_its_name():
    office = Office(unit_id=1, name=" Đội  Một ", function=OfficeFunction.SOCIAL)
    assert (office.name, office.sort_key.split(" ")[0]) == ("Đội Một", "d{o{i-mo{t")
