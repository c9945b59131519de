"""Found the clubs of the demo's communes: made up, within the norms, the same at every load.

Each commune has a club or two from before the plan's period, and of those that it plans some that
have been founded by the end of the first half-year. xã Tân Hiệp has none yet: it reports nil.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from lth.core import clock
from lth.demo.figures import CommuneFigures
from lth.demo.places import Branch
from lth.models import Club, ClubMove, Unit
from lth.models.club import ClubAct, ClubState

NAME = "CLB Liên thế hệ tự giúp nhau"
AREAS = (
    *("income", "health", "homecare", "selfhelp"),
    *("rights", "awareness", "culture", "resource"),
)
"""The eight areas, as the programmes' files have them."""

NIL = "29509"  # Tân Hiệp
CLOSED = ("29281", 1)  # a club of Tân An
MERGED = ("29479", 1)  # one of Ngãi Xuyên has gone into its neighbour

_FOUNDED_SO_FAR = (2, 3, 2, 1, 2, 2, 3, 1)
_FOUNDED_SINCE_2026 = {"07264": 1, "07246": 1, "07282": 1, "07288": 2, "07294": 0}
_PLANNED_IN_CAU_KE = 2
_SMALL = (43, 44, 45)

_VILLAGES = {
    "xã": (
        *("Chợ", "Cây Da", "Bến Tranh", "Giồng Lớn", "Trà Kha", "Xoài Lơ", "Đầu Giồng", "Cà Hom"),
        *("Ông Rùm", "Ba Trạch", "Sóc Ruộng", "Thanh Xuyên", "Vàm Ray", "Long Trường", "Mé Rạch"),
        *("Bãi Xào", "Rạch Bót", "Tắc Hố", "Bến Chùa"),
    ),
    "thị trấn": tuple(str(number) for number in range(1, 8)),
    "thôn": (
        *("Đồng Tâm", "Bãi Gianh", "Đồng Vương", "Cầu Thầy", "Tân Gia", "Trại Nấm", "Hố Luồng"),
        *("Đình", "Chùa", "Rừng Dài", "La Xa", "Bờ Mận", "Đồng Bục"),
    ),
}


class Dice:
    """Numbers that look like chance and are the same for the same seed, on any machine."""

    def __init__(self, *seed: object) -> None:
        self._seed = "/".join(map(str, seed))

    def roll(self, what: object, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both of them possible."""
        digest = hashlib.blake2b(f"{self._seed}/{what}".encode(), digest_size=8).digest()
        return low + int.from_bytes(digest) % (high - low + 1)

    def one_in(self, what: object, chances: int) -> bool:
        return self.roll(what, 1, chances) == 1


@dataclass(frozen=True, slots=True)
class ClubSize:
    """What a club comes to: members, and of them older people, women and borrowers; its fund."""

    members: int
    older: int
    women: int
    borrowers: int
    fund: int


@dataclass(frozen=True, slots=True)
class DemoClub:
    """One club of a commune."""

    code: str
    number: int
    village: str
    founding_number: str
    founded_on: date
    size: ClubSize
    areas: tuple[str, ...]
    board_size: int
    two_funds: bool
    ended_on: date | None = None
    into: int | None = None

    @property
    def dice(self) -> Dice:
        return Dice(self.code, self.number)

    @property
    def name(self) -> str:
        return f"{NAME} {self.village}"


@dataclass(frozen=True, slots=True)
class HalfYear:
    """The half-year in which a demo stands: its last month, and where books begin."""

    last_month: date
    two_tiers: bool

    @property
    def year(self) -> int:
        return self.last_month.year

    def months(self) -> list[date]:
        """List the two years of months up to the last one."""
        count = self.year * 12 + self.last_month.month - 1
        return [date(at // 12, at % 12 + 1, 1) for at in range(count - 23, count + 1)]


HALF_YEAR_2021 = HalfYear(date(2021, 6, 1), two_tiers=False)
HALF_YEAR_2026 = HalfYear(date(2026, 6, 1), two_tiers=True)


def of_commune(unit_type: str, figures: CommuneFigures, half: HalfYear) -> list[DemoClub]:
    """List a commune's clubs, the older ones first."""
    dice = Dice(figures.code)
    names = _VILLAGES["thôn" if half.two_tiers else unit_type]
    word = {"thị trấn": "khóm"}.get(unit_type, "thôn" if half.two_tiers else "ấp")
    first = dice.roll("village", 0, len(names) - 1)
    before, planned = figures.existing, _planned(figures)
    found = []
    for number in range(1, before + _founded(figures, half) + 1):
        village = f"{word} {names[(first + 4 * (number - 1)) % len(names)]}"
        is_new = number > before
        size = planned[number - before - 1] if is_new else _size_before(dice, number)
        found.append(_club(figures.code, number, village, size, half, is_new=is_new))
    return found


def _founded(figures: CommuneFigures, half: HalfYear) -> int:
    """Say how many of the clubs that a commune plans are there by the end of the half-year."""
    if half.two_tiers:
        return _FOUNDED_SINCE_2026[figures.code]
    if figures.code == NIL:
        return 0
    turn = int(figures.code) % len(_FOUNDED_SO_FAR)
    return min(_FOUNDED_SO_FAR[turn], len(_planned(figures)))


def _planned(figures: CommuneFigures) -> list[ClubSize]:
    """Share what a commune plans in its first phase over its clubs; where it plans nothing yet,
    clubs of about sixty.
    """
    values = next(iter(figures.phases.values()))
    if not values:
        return [_size_before(Dice(figures.code, "new"), n) for n in range(_PLANNED_IN_CAU_KE)]
    count = values["clubs_new"]
    parts = {
        code: _parts(values[code], count)
        for code in ("members_total", "members_older", "members_women", "loans_members")
    }
    fund = values["income_fund_balance"] // count
    return [ClubSize(*(part[turn] for part in parts.values()), fund) for turn in range(count)]


def _parts(total: int, count: int) -> list[int]:
    each, rest = divmod(total, count)
    return [each + (turn < rest) for turn in range(count)]


def _size_before(dice: Dice, number: int) -> ClubSize:
    """Make up a club of the years before: mostly of the size of the norms, some smaller."""
    small = dice.one_in(("small", number), 6)
    members = dice.roll(
        ("members", number), _SMALL[0] if small else 50, _SMALL[-1] if small else 66
    )
    return ClubSize(
        members,
        older=members * dice.roll(("older", number), 61, 69) // 100,
        women=members * dice.roll(("women", number), 61, 69) // 100,
        borrowers=members * dice.roll(("borrowers", number), 50, 58) // 100 + 1,
        fund=dice.roll(("fund", number), 36, 70) * 500_000,
    )


def _club(
    code: str, number: int, village: str, size: ClubSize, half: HalfYear, *, is_new: bool
) -> DemoClub:
    dice = Dice(code, number)
    if is_new:
        day = date(half.year, 3, 1) + timedelta(days=dice.roll("founded", 0, 90))
    else:
        day = date(half.year - 5, 2, 1) + timedelta(days=dice.roll("founded", 0, 850))
    full = not is_new or dice.one_in("full", 2)
    missing = dice.roll("missing", 2, len(AREAS) - 1)
    return DemoClub(
        code,
        number,
        village,
        founding_number=f"{dice.roll('number', 12, 190)}/QĐ-UBND",
        founded_on=day,
        size=size,
        areas=tuple(area for turn, area in enumerate(AREAS) if full or turn != missing),
        board_size=5,
        two_funds=not is_new or not dice.one_in("two funds", 5),
        ended_on=_ended_on(code, number, half),
        into=number + 1 if (code, number) == MERGED else None,
    )


def _ended_on(code: str, number: int, half: HalfYear) -> date | None:
    if (code, number) == CLOSED:
        return date(half.year, 4, 1)
    return date(half.year, 3, 1) if (code, number) == MERGED else None


# --- Into the database ------------------------------------------------------------------------


def write(
    session: Session, branch: Branch, figures: Mapping[str, CommuneFigures], half: HalfYear
) -> dict[tuple[str, int], Club]:
    """Write the clubs of a branch's communes and what became of them; return them by commune code
    and number.
    """
    made = [
        (branch.communes[code], one)
        for code, commune in figures.items()
        for one in of_commune(branch.communes[code].type, commune, half)
    ]
    rows = {(one.code, one.number): _row(unit, one) for unit, one in made}
    session.add_all(rows.values())
    session.flush()
    for _, one in made:
        if one.into is not None:
            rows[one.code, one.number].merged_into_id = rows[one.code, one.into].id
            rows[one.code, one.number].state = ClubState.MERGED
    session.add_all(move for unit, one in made for move in _moves(unit, one, rows))
    session.flush()
    return rows


def _row(unit: Unit, one: DemoClub) -> Club:
    return Club(
        unit_id=unit.id,
        unit_path=unit.path,
        number=one.number,
        name=one.name,
        village=one.village,
        founding_number=one.founding_number,
        founded_on=one.founded_on,
        board_size=one.board_size,
        areas=list(one.areas),
        has_income_fund=True,
        has_operating_fund=one.two_funds,
        state=ClubState.ACTIVE if one.ended_on is None else ClubState.CLOSED,
        ended_on=one.ended_on,
        created_at=_in_office(one.founded_on),
    )


def _moves(unit: Unit, one: DemoClub, rows: Mapping[tuple[str, int], Club]) -> Iterator[ClubMove]:
    place = {
        "club_id": rows[one.code, one.number].id,
        "unit_id": unit.id,
        "unit_path": unit.path,
        "unit_name": unit.full_name,
        "person_name": "",
        "person_position": "",
    }
    yield ClubMove(
        **place, act=ClubAct.FOUND, moved_on=one.founded_on, at=_in_office(one.founded_on)
    )
    if one.ended_on is not None:
        into = rows.get((one.code, one.into)) if one.into is not None else None
        yield ClubMove(
            **place,
            act=ClubAct.MERGE if into else ClubAct.CLOSE,
            moved_on=one.ended_on,
            reason=_WHY_MERGED if into else _WHY_CLOSED,
            other_club_id=into.id if into else None,
            at=_in_office(one.ended_on),
        )


_WHY_MERGED = "Hai ấp liền nhau sáp nhập, thành viên chuyển sang sinh hoạt chung."
_WHY_CLOSED = "Ban chủ nhiệm chuyển đi nơi khác, ấp chưa có người thay; thành viên đã nhận lại quỹ."


def _in_office(day: date) -> datetime:
    return datetime.combine(day, time(9), clock.TIMEZONE)
