"""The checking of a list: what each row means, and what has to be mended in it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from lth.access.roles import ROLE_LABEL
from lth.administration.people import UNIT_ROLES, checked_email
from lth.core.errors import RefusedError
from lth.core.i18n import N_, Message, listed
from lth.core.readers.plain_names import HiddenCharacterError, read_name
from lth.core.vietnamese import one_line, search_key
from lth.exchange.roster.places import Places
from lth.exchange.roster.words import LONGEST, ROLE_OF, Column, nearest
from lth.models import Unit
from lth.models.person import Role


class RowState(StrEnum):
    """The state of a row: it can be invited, must be mended, is there twice or left out, or has
    gone."""

    GOOD = "good"
    WRONG = "wrong"
    DOUBLE = "double"
    SKIPPED = "skipped"
    SENT = "sent"


@dataclass(frozen=True)
class LineProblem:
    """What is wrong in one column, with what was probably meant, as it would be written there."""

    column: Column
    said: Message
    near: tuple[str, ...] = ()
    double: bool = False


@dataclass(frozen=True)
class TypedLine:
    """A row as it stands in the list: its key, its number in the file, and its cells."""

    key: int
    number: int
    cells: Mapping[Column, str]
    skipped: bool = False
    sent: bool = False

    def cell(self, column: Column) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Post:
    """A role of a unit by an address: what no list has twice."""

    unit_id: int
    role: Role
    email: str


@dataclass(frozen=True)
class CheckedLine:
    """A row with what it means, as far as that can be told, and its problems."""

    typed: TypedLine
    unit: Unit | None
    role: Role | None
    email: str
    problems: tuple[LineProblem, ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def state(self) -> RowState:
        if self.typed.sent:
            return RowState.SENT
        if self.typed.skipped:
            return RowState.SKIPPED
        if not self.problems:
            return RowState.GOOD
        only_double = all(problem.double for problem in self.problems)
        return RowState.DOUBLE if only_double else RowState.WRONG

    @property
    def post(self) -> Post | None:
        """The role that it asks for, where all of it can be read."""
        if self.unit is None or self.role is None or not self.email:
            return None
        return Post(self.unit.id, self.role, self.email)

    @property
    def name(self) -> str:
        return one_line(self.typed.cell(Column.NAME))

    @property
    def position(self) -> str:
        return one_line(self.typed.cell(Column.POSITION))


@dataclass(frozen=True)
class UnitFacts:
    """What the units in reach know already: who holds a role in them, and who was asked to."""

    held: frozenset[Post] = frozenset()
    invited: frozenset[Post] = frozenset()
    offices: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    """The offices of each unit, by their search keys."""


def check(lines: Sequence[TypedLine], places: Places, known: UnitFacts) -> list[CheckedLine]:
    """Judge every row by itself, then against the rows before it and what is known already."""
    read = [_read(line, places, known) for line in lines]
    judged = []
    first: dict[Post, CheckedLine] = {}
    names = _names_by_address(read)
    for line in read:
        again = [*_twice(line, first, known), *_two_names(line, names)]
        judged.append(_with(line, again) if not line.typed.sent else line)
        if line.post is not None and not line.typed.skipped:
            first.setdefault(line.post, line)
    return judged


def counts(lines: Iterable[CheckedLine]) -> Counter[RowState]:
    """Count the rows of each state."""
    return Counter(line.state for line in lines)


def _read(line: TypedLine, places: Places, known: UnitFacts) -> CheckedLine:
    problems = [*_too_long(line), *_names_nobody(line)]
    unit = _unit(line, places, problems)
    role = _role(line, problems)
    email = _email(line, problems)
    notes = (*_about_area(line, unit, places), *_about_office(line, unit, known))
    return CheckedLine(line, unit, role, email, tuple(problems), notes)


def _with(line: CheckedLine, problems: Sequence[LineProblem]) -> CheckedLine:
    both = (*line.problems, *problems)
    return CheckedLine(line.typed, line.unit, line.role, line.email, both, line.notes)


# --- Each column --------------------------------------------------------------------------


def _too_long(line: TypedLine) -> Iterable[LineProblem]:
    text = N_("Dài quá %(most)s ký tự.")
    for column, most in LONGEST.items():
        if len(line.cell(column)) > most:
            yield LineProblem(column, Message(text, {"most": most}))


def _names_nobody(line: TypedLine) -> Iterable[LineProblem]:
    for column in (Column.NAME, Column.POSITION):
        typed = line.cell(column)
        if column is Column.NAME and not one_line(typed):
            yield LineProblem(column, Message(N_("Chưa có họ tên.")))
        elif hidden := _hidden(typed):
            yield LineProblem(column, hidden, (one_line(typed),))
        elif "@" in typed:
            text = N_("Ở đây cần họ tên, chức vụ chứ không phải địa chỉ thư.")
            yield LineProblem(column, Message(text))


def _hidden(text: str) -> Message | None:
    """Say where something stands in a name that nobody sees."""
    try:
        read_name(text)
    except HiddenCharacterError as error:
        return error.message
    return None


def _unit(line: TypedLine, places: Places, problems: list[LineProblem]) -> Unit | None:
    name, code, area = (line.cell(key) for key in (Column.UNIT, Column.CODE, Column.AREA))
    if not name and not code:
        if len(places.reach.units) == 1:
            return places.reach.root
        problems.append(LineProblem(Column.UNIT, Message(N_("Chưa ghi đơn vị."))))
        return None
    if code and not (found := places.by_code(code)):
        text = N_("Không tìm thấy đơn vị có mã “%(code)s”.")
        problems.append(LineProblem(Column.CODE, Message(text, {"code": code})))
        return None
    if code and name and not (set(_ids(found)) & set(_ids(places.by_name(name)))):
        text = N_("Mã “%(code)s” là của %(unit)s, không phải “%(name)s”.")
        values = {"code": code, "unit": found[0].full_name, "name": name}
        problems.append(LineProblem(Column.UNIT, Message(text, values), (found[0].full_name,)))
        return None
    if code:
        return found[0]
    return _named_unit(name, area, places, problems)


def _ids(units: Iterable[Unit]) -> list[int]:
    return [unit.id for unit in units]


def _named_unit(name: str, area: str, places: Places, problems: list[LineProblem]) -> Unit | None:
    found = places.by_code(name) or places.by_name(name)
    inside = places.within(found, area)
    found = inside or found
    if len(found) == 1:
        return found[0]
    if found:
        text = N_("Có %(count)s đơn vị tên “%(name)s”. Hãy ghi rõ loại, huyện hoặc mã đơn vị.")
        said = Message(text, {"count": len(found), "name": name})
        near = tuple(unit_words(unit, places) for unit in found[:3])
    else:
        said = Message(N_("Không tìm thấy đơn vị “%(name)s”."), {"name": name})
        near = tuple(unit_words(unit, places) for unit in places.near(name))
    problems.append(LineProblem(Column.UNIT, said, near))
    return None


def unit_words(unit: Unit, places: Places) -> str:
    """Write a unit so that only it is meant: alone, with the unit above, or by its code."""
    if len(places.by_name(unit.full_name)) == 1:
        return unit.full_name
    parent = places.reach.by_id.get(unit.parent_id or 0)
    within = f"{unit.full_name}, {parent.full_name}" if parent else unit.full_name
    return within if len(places.by_name(within)) == 1 else unit.code


def _role(line: TypedLine, problems: list[LineProblem]) -> Role | None:
    typed = line.cell(Column.ROLE)
    key = search_key(typed)
    role = ROLE_OF.get(key)
    if role is not None:
        return role
    if not key:
        said = Message(N_("Chưa ghi vai trò."))
    else:
        said = Message(N_("Không có vai trò “%(role)s”."), {"role": typed})
    problems.append(LineProblem(Column.ROLE, said, _near_roles(key)))
    return None


def _near_roles(key: str) -> tuple[str, ...]:
    close = nearest(key, ROLE_OF, most=4) if key else []
    labels = {ROLE_LABEL[ROLE_OF[word]]: None for word in close}
    return tuple(labels)[:2]


def role_words() -> list[str]:
    """List the roles as a list may write them, in Vietnamese."""
    return [ROLE_LABEL[role] for role in UNIT_ROLES]


def roles_known() -> Message:
    """Put the roles in a row."""
    return listed([Message(ROLE_LABEL[role]) for role in UNIT_ROLES])


def _email(line: TypedLine, problems: list[LineProblem]) -> str:
    typed = one_line(line.cell(Column.EMAIL))
    if not typed:
        problems.append(LineProblem(Column.EMAIL, Message(N_("Chưa có địa chỉ thư điện tử."))))
        return ""
    try:
        return _checked_email(typed)
    except RefusedError as error:
        problems.append(LineProblem(Column.EMAIL, error.messages[0], _mended_email(typed)))
        return ""


_checked_email = lru_cache(maxsize=8192)(checked_email)
"""A list is checked at each look at it, and its addresses cost more than all the rest."""


def _mended_email(typed: str) -> tuple[str, ...]:
    """Return the address that was probably meant, where usual slips alone stand in its way."""
    plain = typed.replace(" ", "").replace("(at)", "@").replace(",", ".").strip(".;<>")
    plain = plain.removeprefix("mailto:")
    while ".." in plain:
        plain = plain.replace("..", ".")
    try:
        return (checked_email(plain),)
    except RefusedError:
        return ()


def _about_area(line: TypedLine, unit: Unit | None, places: Places) -> Iterable[Message]:
    """Say of a unit whose name is the only one that it lies elsewhere than the row says: lists of
    today often name the district that was.
    """
    area = line.cell(Column.AREA)
    if unit is not None and area and not places.within([unit], area):
        text = N_("Ghi thuộc “%(area)s”; nay lấy %(unit)s.")
        yield Message(text, {"area": area, "unit": unit.full_name})


def _about_office(line: TypedLine, unit: Unit | None, known: UnitFacts) -> tuple[Message, ...]:
    typed = line.cell(Column.OFFICE)
    if not typed or unit is None or search_key(typed) in known.offices.get(unit.id, {}):
        return ()
    text = N_("Đơn vị chưa có phòng, ban “%(office)s”: lời mời sẽ không ghi phòng, ban.")
    return (Message(text, {"office": typed}),)


def office_id(line: CheckedLine, known: UnitFacts) -> int | None:
    """Find the office that a row names, where the unit has it."""
    if line.unit is None:
        return None
    return known.offices.get(line.unit.id, {}).get(search_key(line.typed.cell(Column.OFFICE)))


# --- Against the others -------------------------------------------------------------------


def _twice(
    line: CheckedLine, first: Mapping[Post, CheckedLine], known: UnitFacts
) -> Iterable[LineProblem]:
    post = line.post
    if post is None:
        return
    if post in first:
        text = N_("Trùng với dòng %(row)s: cùng đơn vị, vai trò và địa chỉ.")
        said = Message(text, {"row": first[post].typed.number})
    elif post in known.held:
        said = Message(N_("Người của địa chỉ này đang giữ vai trò đó ở đơn vị."))
    elif post in known.invited:
        said = Message(N_("Địa chỉ này đã được mời vào vai trò đó và chưa trả lời."))
    else:
        return
    yield LineProblem(Column.EMAIL, said, double=True)


def _names_by_address(lines: Iterable[CheckedLine]) -> dict[str, tuple[str, int]]:
    """Say under which name each address comes first, and in which row."""
    found: dict[str, tuple[str, int]] = {}
    for line in lines:
        if line.email and not line.typed.skipped:
            found.setdefault(line.email, (line.name, line.typed.number))
    return found


def _two_names(line: CheckedLine, names: Mapping[str, tuple[str, int]]) -> Iterable[LineProblem]:
    if not line.email or line.typed.skipped:
        return
    name, number = names[line.email]
    if search_key(name) == search_key(line.name) or number == line.typed.number:
        return
    text = N_("Địa chỉ này ở dòng %(row)s mang tên “%(name)s”.")
    said = Message(text, {"row": number, "name": name})
    yield LineProblem(Column.EMAIL, said)
