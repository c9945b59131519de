"""What is unlikely in a month's book: said with the figures, to be looked at. Nothing is refused.

Real clubs have 43 members, and a board knows its club better than a norm does.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lth.clubs.book_fields import BY_NAME, FIELDS
from lth.clubs.book_norms import ClubNorms
from lth.core.formats import format_money, format_number, format_percent
from lth.core.i18n import N_, Message

Values = Mapping[str, Any]

WEEKS = 4
"""Whole weeks of every month, by which a norm a week is asked of a month."""

SMALLEST_MONEY = 1_000
"""An amount below it lacks its noughts."""


def doubts(now: Values, before: Values | None, norms: ClubNorms) -> list[Message]:
    """List what is unlikely in a month; each message names its figure as `field`.

    `before`: what the month before says, None where it has no book.
    """
    found: list[Message] = []
    for rule in _RULES:
        found += rule(now, before or {}, norms)
    return found


Rule = Callable[[Values, Values, ClubNorms], Iterator[Message]]


def _given(values: Values, *names: str) -> list[int] | None:
    """Return figures, where all of them were given."""
    found = [values.get(name) for name in names]
    return None if None in found else found  # type: ignore[return-value] # none is None


def _label(name: str) -> Message:
    return Message(BY_NAME[name].label)


def _spoken(name: str, value: int) -> str:
    return BY_NAME[name].spoken(value)


# --- Within the month ---------------------------------------------------------------------


_FURTHER_PARTS = [
    ("older_women", "women"),
    ("overdue", "outstanding"),
    ("outstanding", "income_balance"),
]


def _parts(now: Values, _before: Values, _norms: ClubNorms) -> Iterator[Message]:
    """Compare each part with what it is a part of."""
    pairs = [(one.name, one.within) for one in FIELDS if one.within]
    pairs += [
        ("older_women", "women"),
        ("overdue", "outstanding"),
        ("outstanding", "income_balance"),
    ]
    for part, whole in pairs:
        both = _given(now, part, whole)
        if both is not None and both[0] > both[1]:
            yield Message(
                N_("“%(part)s” là %(one)s, nhiều hơn “%(whole)s” là %(other)s."),
                {
                    **{"part": _label(part), "one": _spoken(part, both[0])},
                    **{"whole": _label(whole), "other": _spoken(whole, both[1])},
                },
                field=part,
            )


def _ages(now: Values, _before: Values, _norms: ClubNorms) -> Iterator[Message]:
    three = _given(now, "older", "young", "members")
    if three is not None and three[0] + three[1] != three[2]:
        yield Message(
            N_(
                "Người cao tuổi %(older)s cộng người trẻ %(young)s là %(sum)s, khác tất cả thành"
                " viên là %(members)s."
            ),
            _numbers(older=three[0], young=three[1], sum=three[0] + three[1], members=three[2]),
            field="young",
        )
    four = _given(now, "older", "women", "older_women", "members")
    if four is not None and four[0] + four[1] - four[2] > four[3]:
        least = four[0] + four[1] - four[3]
        yield Message(
            N_(
                "Có %(members)s thành viên, %(women)s nữ và %(older)s người cao tuổi thì nữ cao"
                " tuổi ít nhất là %(least)s, sổ ghi %(both)s."
            ),
            _numbers(members=four[3], women=four[1], older=four[0], least=least, both=four[2]),
            field="older_women",
        )


def _meetings(now: Values, _before: Values, _norms: ClubNorms) -> Iterator[Message]:
    both = _given(now, "meetings", "attended")
    if both is None:
        return
    meetings, attended = both
    if (meetings == 0) != (attended == 0):
        yield Message(
            N_("Có %(meetings)s buổi sinh hoạt mà %(attended)s lượt người dự."),
            _numbers(meetings=meetings, attended=attended),
            field="attended",
        )
    members = now.get("members")
    if members is not None and attended > meetings * members > 0:
        yield Message(
            N_(
                "%(meetings)s buổi, mỗi buổi nhiều nhất %(members)s thành viên: %(attended)s lượt"
                " là nhiều hơn %(most)s."
            ),
            _numbers(
                meetings=meetings, members=members, attended=attended, most=meetings * members
            ),
            field="attended",
        )


def _visits(now: Values, _before: Values, _norms: ClubNorms) -> Iterator[Message]:
    both = _given(now, "homecare_persons", "homecare_visits")
    if both is not None and both[0] == 0 and both[1] > 0:
        yield Message(
            N_("Có %(visits)s lượt đến nhà chăm sóc mà không có người được chăm sóc."),
            _numbers(visits=both[1]),
            field="homecare_persons",
        )


def _lending(now: Values, _before: Values, _norms: ClubNorms) -> Iterator[Message]:
    both = _given(now, "loans_given", "lent")
    if both is not None and (both[0] == 0) != (both[1] == 0):
        yield Message(
            N_("Cho vay mới %(loans)s lượt mà tiền cho vay là %(lent)s."),
            {"loans": format_number(both[0]), "lent": format_money(both[1])},
            field="lent",
        )


def _noughts(now: Values, _before: Values, _norms: ClubNorms) -> Iterator[Message]:
    for one in FIELDS:
        value = now.get(one.name)
        if one.is_money and value is not None and 0 < value < SMALLEST_MONEY:
            yield Message(
                N_("“%(label)s” chỉ có %(value)s: có thiếu số 0 không?"),
                {"label": _label(one.name), "value": one.spoken(value)},
                field=one.name,
            )


# --- Against the month before -------------------------------------------------------------

_BALANCES = (
    ("members", "joined", "left"),
    ("income_balance", "income_in", "income_out"),
    ("operating_balance", "operating_in", "operating_out"),
    ("outstanding", "lent", "repaid"),
)


def _carried_on(now: Values, before: Values, _norms: ClubNorms) -> Iterator[Message]:
    """Compare what stands at the end with what stood before, more what came, less what went."""
    for stock, came, went in _BALANCES:
        old = before.get(stock)
        three = _given(now, stock, came, went)
        if old is None or three is None or old + three[1] - three[2] == three[0]:
            continue
        yield Message(
            N_(
                "Tháng trước “%(label)s” là %(old)s, cộng %(came)s, trừ %(went)s thì còn %(sum)s;"
                " sổ ghi %(value)s."
            ),
            {
                "label": _label(stock),
                "old": _spoken(stock, old),
                "came": _spoken(came, three[1]),
                "went": _spoken(went, three[2]),
                "sum": _spoken(stock, old + three[1] - three[2]),
                "value": _spoken(stock, three[0]),
            },
            field=stock,
        )


def _rate(now: Values, before: Values, norms: ClubNorms) -> Iterator[Message]:
    """Compare the interest with what was lent out a month ago: the norm is in 1/100 % a month."""
    least, most = norms.of("loan_rate_month")
    base, interest = before.get("outstanding"), now.get("interest")
    if not base or not interest:
        return
    rate = interest * 10_000 // base
    if (least is not None and rate < least) or (most is not None and rate > most):
        yield Message(
            N_(
                "Lãi thu %(interest)s trên %(base)s đang cho vay tháng trước là %(rate)s một tháng;"
                " thường là %(norm)s."
            ),
            {
                "interest": format_money(interest),
                "base": format_money(base),
                "rate": format_percent(rate),
                "norm": _span(least, most, format_percent),
            },
            field="interest",
        )


# --- Against the norms --------------------------------------------------------------------

_SHARES = (
    ("older_share_pct", "older"),
    ("women_share_pct", "women"),
    ("young_share_pct", "young"),
    ("poor_share_pct", "poor"),
)


def _size(now: Values, _before: Values, norms: ClubNorms) -> Iterator[Message]:
    members = now.get("members")
    if members is not None and _outside(members, norms.of("club_size")):
        yield Message(
            N_("Câu lạc bộ có %(value)s thành viên; mức chung là %(norm)s."),
            {
                "value": format_number(members),
                "norm": _span(*norms.of("club_size"), format_number),
            },
            field="members",
        )


def _shares(now: Values, _before: Values, norms: ClubNorms) -> Iterator[Message]:
    for code, name in _SHARES:
        both = _given(now, name, "members")
        if both is None or both[1] == 0 or both[0] > both[1]:
            continue  # a part that is more than the whole is said already
        share = both[0] * 10_000 // both[1]
        if _outside(share, norms.of(code)):
            yield Message(
                N_(
                    "“%(label)s”: %(part)s trên %(members)s thành viên là %(share)s; mức chung là"
                    " %(norm)s."
                ),
                {
                    "label": _label(name),
                    "part": format_number(both[0]),
                    "members": format_number(both[1]),
                    "share": format_percent(share),
                    "norm": _span(*norms.of(code), format_percent),
                },
                field=name,
            )


def _own_norms(now: Values, _before: Values, norms: ClubNorms) -> Iterator[Message]:
    for one in FIELDS:
        value = now.get(one.name)
        if one.norm and value is not None and _outside(value * one.norm_size, norms.of(one.norm)):
            least, most = (_whole(end, one.norm_size) for end in norms.of(one.norm))
            yield Message(
                N_("“%(label)s” là %(value)s; mức chung là %(norm)s."),
                {
                    "label": _label(one.name),
                    "value": one.spoken(value),
                    "norm": _span(least, most, format_number),
                },
                field=one.name,
            )


def _exercise(now: Values, _before: Values, norms: ClubNorms) -> Iterator[Message]:
    times, (least, _most) = now.get("exercise"), norms.of("exercise_week")
    if times is not None and least is not None and times * 100 < least * WEEKS:
        yield Message(
            N_("Tập %(value)s buổi cả tháng; mức chung là từ %(norm)s buổi."),
            {"value": format_number(times), "norm": format_number(least * WEEKS // 100)},
            field="exercise",
        )


def _fund(now: Values, _before: Values, norms: ClubNorms) -> Iterator[Message]:
    balance, (least, _most) = now.get("income_balance"), norms.of("income_fund_min")
    if balance is not None and least is not None and balance < least:
        yield Message(
            N_("Quỹ tăng thu nhập có %(value)s; mức chung là từ %(norm)s."),
            {"value": format_money(balance), "norm": format_money(least)},
            field="income_balance",
        )


def _whole(end: int | None, size: int) -> int | None:
    return None if end is None else end // size


def _outside(value: int, norm: tuple[int | None, int | None]) -> bool:
    least, most = norm
    return (least is not None and value < least) or (most is not None and value > most)


def _span(least: int | None, most: int | None, write: Callable[[int | None], str]) -> Message:
    values = {"least": write(least), "most": write(most)}
    if least is None:
        return Message(N_("đến %(most)s"), values)
    if most is None:
        return Message(N_("từ %(least)s"), values)
    return Message(N_("từ %(least)s đến %(most)s"), values)


def _numbers(**values: int) -> dict[str, str]:
    return {name: format_number(value) for name, value in values.items()}


_RULES: tuple[Rule, ...] = (
    *(_parts, _ages, _meetings, _visits, _lending, _noughts),
    *(_carried_on, _rate),
    *(_size, _shares, _own_norms, _exercise, _fund),
)
