"""Rows of a list held to the units in reach, to the roles, to each other, to what is known."""

from datetime import date
from typing import Any

import pytest

from lth.access.roles import ROLE_LABEL
from lth.administration.people import UNIT_ROLES
from lth.exchange.roster import lines
from lth.exchange.roster.lines import Post, RowState, TypedLine, UnitFacts
from lth.exchange.roster.places import Places, ReachedUnits
from lth.exchange.roster.words import Column
from lth.models import Unit
from lth.models.person import Role
from lth.models.unit import Level

UNITS = (
    ("1.", "tỉnh", "Trà Vinh", "84"),
    ("1.2.", "huyện", "Trà Cú", "848"),
    ("1.3.", "huyện", "Càng Long", "844"),
    ("1.2.4.", "xã", "Tập Sơn", "29392"),
    ("1.2.5.", "xã", "Định An", "29461"),
    ("1.2.6.", "thị trấn", "Định An", "29462"),
    ("1.2.7.", "xã", "Hòa Thuận", "00123"),
    ("1.3.8.", "xã", "Tân An", "29290"),
    ("1.2.9.", "xã", "Tân An", "29400"),
)


@pytest.fixture
def places() -> Places:
    units = [_unit(*row) for row in UNITS]
    return Places(ReachedUnits(units[0], units))


def _unit(path: str, type_: str, name: str, code: str) -> Unit:
    *above, own = map(int, path.rstrip(".").split("."))
    return Unit(
        **{"id": own, "path": path, "type": type_, "name": name, "code": code},
        level=[Level.PROVINCE, Level.DISTRICT, Level.COMMUNE][len(above)],
        parent_id=above[-1] if above else None,
        valid_from=date(2020, 1, 1),
    )


GOOD = {
    Column.UNIT: "xã Tập Sơn",
    Column.NAME: "Lãnh đạo xã Tập Sơn",
    Column.ROLE: "Lãnh đạo",
    Column.EMAIL: "ld@tapson.test",
}


def row(number: int = 1, **other: Any) -> TypedLine:
    how = {key: other.pop(key) for key in ("skipped", "sent") if key in other}
    cells = GOOD | {Column(key): value for key, value in other.items()}
    return TypedLine(number, number, cells, **how)


def checked(places: Places, *rows: TypedLine, known: UnitFacts | None = None):
    return lines.check(rows, places, known or UnitFacts())


def problem(places: Places, **other: Any):
    """The one problem of a row that is good but for these cells."""
    [line] = checked(places, row(**other))
    [found] = line.problems
    return found


@pytest.mark.parametrize(
    "typed",
    [
        "xã Tập Sơn",
        "Xã Tập Sơn",
        "Tập Sơn",
        "X. Tập Sơn",
        "X.Tập Sơn",
        "UBND xã Tập Sơn",
        "Ủy ban nhân dân xã Tập Sơn",
        "xã  tập   sơn",
        "xa tap son",
        "TẬP SƠN",
        "Ta\u0323\u0302p So\u031bn",
        "xã Tập Sơn (huyện Trà Cú)",
        "xã Tập Sơn, huyện Trà Cú, tỉnh Trà Vinh",
        "29392",
    ],
)
def test_a_unit_is_found_as_people_write_it(places, typed):
    [line] = checked(places, row(unit=typed))
    assert (line.unit.id, line.state) == (4, RowState.GOOD)


@pytest.mark.parametrize("typed", ["xã Hòa Thuận", "xã Hoà Thuận", "123", "00123"])
def test_marks_stand_where_they_will_and_zeros_may_be_lost(places, typed):
    [line] = checked(places, row(unit=typed))
    assert line.unit.id == 7


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        ({"unit": "thị trấn Định An"}, 6),
        ({"unit": "TT. Định An"}, 6),
        ({"unit": "Tân An", "area": "huyện Càng Long"}, 8),
        ({"unit": "Tân An", "area": "Trà Cú"}, 9),
        ({"unit": "Tân An", "code": "29290"}, 8),
        ({"unit": "xã Tân An, huyện Trà Cú"}, 9),
        ({"unit": "", "code": "29400"}, 9),
    ],
)
def test_of_units_with_one_name_the_rest_of_the_row_tells(places, cells, unit):
    [line] = checked(places, row(**cells))
    assert (line.unit.id, line.state) == (unit, RowState.GOOD)


@pytest.mark.parametrize("typed", ["Định An", "Tân An"])
def test_an_ambiguous_unit_is_offered_in_words_that_are_not(places, typed):
    found = problem(places, unit=typed)
    assert found.column is Column.UNIT
    assert len(found.near) == 2
    for words in found.near:
        [line] = checked(places, row(unit=words))
        assert line.state is RowState.GOOD


def test_a_misspelt_unit_is_not_guessed_but_offered(places):
    found = problem(places, unit="xã Tập Sơm")
    assert found.near[0] == "xã Tập Sơn"
    assert problem(places, unit="Tấp Sơn").near[0] == "xã Tập Sơn"


def test_a_unit_out_of_reach_is_as_one_that_does_not_exist():
    units = [_unit(*line) for line in UNITS]
    district = Places(ReachedUnits(units[1], [one for one in units if one.path.startswith("1.2.")]))
    [outside, nowhere] = checked(district, row(1, unit="huyện Càng Long"), row(2, unit="xã Không"))
    [said], [as_said] = outside.problems, nowhere.problems
    assert said.said.text == as_said.said.text
    assert said.near == as_said.near == ()
    assert problem(district, unit="", code="844").said.text == (
        problem(district, unit="", code="999").said.text
    )


def test_a_code_and_a_name_must_mean_one_unit(places):
    assert problem(places, unit="xã Tập Sơn", code="29290").near == ("xã Tân An",)


def test_a_unit_said_to_lie_elsewhere_is_taken_and_told(places):
    [line] = checked(places, row(area="huyện Châu Thành"))
    assert line.state is RowState.GOOD
    [note] = line.notes
    assert "Châu Thành" in str(note)


def test_an_only_unit_need_not_be_named():
    unit = _unit(*UNITS[3])
    [line] = checked(Places(ReachedUnits(unit, [unit])), row(unit=""))
    assert line.unit is unit


@pytest.mark.parametrize("role", UNIT_ROLES)
def test_every_role_is_known_by_its_name(places, role):
    [line] = checked(places, row(role=ROLE_LABEL[role].upper()))
    assert line.role is role


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("văn thư", Role.CLERK),
        ("Cán bộ tổng hợp", Role.CLERK),
        ("Phó Chủ tịch UBND", Role.LEADER),
        ("quản trị", Role.UNIT_ADMIN),
        ("kế toán", Role.FINANCE_APPRAISER),
    ],
)
def test_offices_have_their_own_words_for_roles(places, typed, role):
    [line] = checked(places, row(role=typed))
    assert line.role is role


def test_an_unknown_role_is_offered_its_likeness(places):
    assert problem(places, role="Lãnh đạp").near == ("Lãnh đạo",)


def test_nobody_is_made_administrator_of_the_system_by_a_list(places):
    assert problem(places, role="Quản trị hệ thống").column is Column.ROLE


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ld @tapson.test", ("ld@tapson.test",)),
        ("ld@tapson..test", ("ld@tapson.test",)),
        ("ld@tapson,test", ("ld@tapson.test",)),
        ("ld.tapson.test", ()),
        ("", ()),
    ],
)
def test_an_address_that_is_none(places, typed, meant):
    found = problem(places, email=typed)
    assert (found.column, found.near) == (Column.EMAIL, meant)


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u2066", "\ue000"])
@pytest.mark.parametrize("column", [Column.NAME, Column.POSITION])
def test_what_is_not_seen_in_a_name_is_refused_and_the_rest_offered(places, hidden, column):
    found = problem(places, **{column: f"Lãnh {hidden}đạo"})
    assert (found.column, found.near) == (column, ("Lãnh đạo",))


def test_what_is_missing_is_wanted(places):
    [line] = checked(places, TypedLine(1, 1, {Column.POSITION: "Chủ tịch"}))
    said = {found.column for found in line.problems}
    assert said == {Column.UNIT, Column.NAME, Column.ROLE, Column.EMAIL}


@pytest.mark.parametrize("column", list(Column))
def test_no_cell_is_longer_than_what_keeps_it(places, column):
    [line] = checked(places, row(**{column: "x" * 400}))
    assert any(found.column is column for found in line.problems)


def test_the_second_of_two_alike_is_double(places):
    [one, other] = checked(places, row(1), row(2, unit="Tập Sơn", email="LD@TapSon.test"))
    assert (one.state, other.state) == (RowState.GOOD, RowState.DOUBLE)
    assert other.problems[0].said.params == {"row": 1}


def test_a_row_left_out_makes_no_other_double(places):
    [one, other] = checked(places, row(1, skipped=True), row(2))
    assert (one.state, other.state) == (RowState.SKIPPED, RowState.GOOD)


def test_two_roles_of_one_person_are_no_double(places):
    [one, other] = checked(places, row(1), row(2, role="Quản trị đơn vị"))
    assert {one.state, other.state} == {RowState.GOOD}


def test_one_address_has_one_name(places):
    [one, other] = checked(places, row(1), row(2, role="văn thư", name="Người khác"))
    assert (one.state, other.state) == (RowState.GOOD, RowState.WRONG)


@pytest.mark.parametrize("what", ["held", "invited"])
def test_what_the_unit_knows_already_is_not_asked_again(places, what):
    post = Post(4, Role.LEADER, "ld@tapson.test")
    elsewhere = Post(5, Role.LEADER, "ld@tapson.test")
    [line] = checked(places, row(), known=UnitFacts(**{what: frozenset({post})}))
    assert line.state is RowState.DOUBLE
    [line] = checked(places, row(), known=UnitFacts(**{what: frozenset({elsewhere})}))
    assert line.state is RowState.GOOD


def test_an_office_that_is_none_is_told(places):
    known = UnitFacts(offices={4: {"van phong": 7}})
    [line] = checked(places, row(office="Phòng Văn hóa"), known=known)
    assert line.state is RowState.GOOD
    assert len(line.notes) == 1
    [line] = checked(places, row(office="Văn phòng"), known=known)
    assert not line.notes
    assert lines.office_id(line, known) == 7


def test_what_was_sent_is_not_judged_again(places):
    [line] = checked(places, row(sent=True, role="nay không có"))
    assert line.state is RowState.SENT
