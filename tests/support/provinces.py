"""A real province as of today, with a list of its people as an office would type it."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from lth.access.roles import ROLE_LABEL
from lth.models.person import Role
from lth.models.unit import Level
from lth.units.importing import UnitRow, read_units

ROLES = (Role.LEADER, Role.CLERK, Role.UNIT_ADMIN)
HEADINGS = ("STT", "Xã/phường", "Họ và tên", "Chức vụ", "Thư điện tử", "Vai trò")

Row = tuple[str, ...]


def of_communes(count: int) -> tuple[UnitRow, list[UnitRow]]:
    """The province in force today that has so many communes, the last of them by code."""
    units = [unit for unit in read_units().units if unit.valid_to is None]
    sizes = Counter(unit.parent for unit in units if unit.level is Level.COMMUNE)
    provinces = {unit.key: unit for unit in units if unit.level is Level.PROVINCE}
    key = max((key for key in provinces if sizes[key] == count), key=lambda k: provinces[k].code)
    communes = [unit for unit in units if unit.parent == key]
    return provinces[key], sorted(communes, key=lambda unit: unit.code)


def people_of(communes: Sequence[UnitRow]) -> list[Row]:
    """A row for each role of each commune, with nothing wrong in it."""
    return [
        (
            "",
            f"{unit.type} {unit.name}",
            f"{ROLE_LABEL[role]} {unit.type} {unit.name}",
            "Phó Chủ tịch" if role is Role.LEADER else "Công chức",
            f"{role.value.replace('_', '-')}.{unit.code}@xa.test",
            ROLE_LABEL[role],
        )
        for unit in communes
        for role in ROLES
    ]


def with_mistakes(rows: Sequence[Row]) -> list[Row]:
    """The list as it arrives: titles, blank rows, a total, and what people mistype."""
    typed = [list(row) for row in rows]
    for at in range(0, 90, 3):  # from a keyboard that writes letters and marks apart
        typed[at] = [unicodedata.normalize("NFD", text) for text in typed[at]]
    for at in range(100, 106):
        typed[at][1] = _misspelt(typed[at][1])
    typed[110][5], typed[111][5], typed[112][5] = (
        "Lãnh đạp",
        "Cán bộ lập kế hoach",
        "Quản trị đơn v",
    )
    typed[113][5] = "Người đánh máy"
    for at in (120, 121, 122):
        typed[at][4] = typed[at][4].replace("@", " @ ").replace(".test", "..test")
    typed[123][4] = "chưa có"
    typed[130][2] = typed[130][2].replace(" ", " \u200b", 1)
    whole = [tuple(row) for row in typed]
    return list(_set_out([*whole[:200], *whole[140:144], *whole[200:]]))


def _misspelt(name: str) -> str:
    """The name with its last letter twice."""
    return name + name[-1]


def _set_out(rows: Sequence[Row]) -> Iterator[Row]:
    yield ("ỦY BAN NHÂN DÂN TỈNH",)
    yield ("DANH SÁCH NGƯỜI THAM GIA LẬP KẾ HOẠCH",)
    yield ()
    yield HEADINGS
    for number, row in enumerate(rows, 1):
        yield (str(number), *row[1:])
        if number % 75 == 0:
            yield ()
    yield ("", "Tổng cộng", f"{len(rows)} người")
