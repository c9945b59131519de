"""Clubs in the words of a page: their states, funds and areas, and what became of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from lth.clubs.register import ClubEvent
from lth.core.formats import format_date
from lth.core.i18n import Bilingual
from lth.core.language import gettext, lazy_gettext, say
from lth.models import Club, ClubMove
from lth.models.club import ClubAct, ClubState

STATE_LABEL = {
    ClubState.ACTIVE: lazy_gettext("Đang hoạt động"),
    ClubState.MERGED: lazy_gettext("Đã sáp nhập"),
    ClubState.CLOSED: lazy_gettext("Đã đóng"),
}
STATE_LOOK = {
    ClubState.ACTIVE: "approved",
    ClubState.MERGED: "draft",
    ClubState.CLOSED: "draft",
}
"""The look of a state's badge."""

ACT_DONE = {
    ClubAct.FOUND: lazy_gettext("Thành lập"),
    ClubAct.CHANGE: lazy_gettext("Đã sửa hồ sơ"),
    ClubAct.MERGE: lazy_gettext("Đã sáp nhập"),
    ClubAct.CLOSE: lazy_gettext("Đã đóng"),
    ClubAct.REOPEN: lazy_gettext("Hoạt động lại"),
    ClubAct.MOVE: lazy_gettext("Đã chuyển sang xã khác"),
}
_TONE = {ClubAct.FOUND: "seal", ClubAct.REOPEN: "good", ClubAct.CLOSE: "bad", ClubAct.MERGE: "warn"}

FIELD_LABEL = {
    "name": lazy_gettext("Tên"),
    "village": lazy_gettext("Thôn, ấp"),
    "founding_number": lazy_gettext("Quyết định thành lập"),
    "founded_on": lazy_gettext("Ngày thành lập"),
    "board_size": lazy_gettext("Số người trong Ban chủ nhiệm"),
    "areas": lazy_gettext("Mảng hoạt động"),
    "has_income_fund": lazy_gettext("Quỹ tăng thu nhập"),
    "has_operating_fund": lazy_gettext("Quỹ hoạt động"),
    "note": lazy_gettext("Ghi chú"),
    "commune": lazy_gettext("Xã"),
    "number": lazy_gettext("Số"),
}


def area_names(codes: Iterable[str], areas: Mapping[str, Bilingual]) -> str:
    """Name some areas in a row."""
    return ", ".join(say(areas[code]) for code in codes if code in areas)


def funds(club: Club) -> str:
    """Say which funds a club has."""
    there = [
        *([gettext("tăng thu nhập")] if club.has_income_fund else []),
        *([gettext("hoạt động")] if club.has_operating_fund else []),
    ]
    return ", ".join(there) or gettext("chưa có")


def field_value(field: str, value: Any, areas: Mapping[str, Bilingual]) -> str:
    """Word what a field says or said, as the history keeps it."""
    if isinstance(value, bool):
        return gettext("có") if value else gettext("không")
    if field == "areas":
        return area_names(value or (), areas)
    if field == "founded_on" and value:
        return format_date(value if isinstance(value, date) else date.fromisoformat(value))
    return "" if value is None else str(value)


def event(one: ClubEvent, areas: Mapping[str, Bilingual]) -> dict[str, Any]:
    """Word an act of a club's history: what, on which day, who entered it when, what it changed."""
    move = one.move
    return {
        "what": _what(one),
        "day": format_date(move.moved_on),
        "who": ", ".join(filter(None, (move.person_name, move.person_position, move.unit_name))),
        "at": move.at,
        "reason": move.reason,
        "tone": "" if one.received else _TONE.get(move.act, ""),
        "changes": [] if one.received else _changes(move, areas),
    }


def _what(one: ClubEvent) -> str:
    if one.received:
        return gettext("Đã nhận “%(name)s” sáp nhập vào", name=one.other)
    if one.move.act is ClubAct.MERGE:
        return gettext("Đã sáp nhập vào “%(name)s”", name=one.other)
    return str(ACT_DONE[one.move.act])


def _changes(move: ClubMove, areas: Mapping[str, Bilingual]) -> list[tuple[str, str, str]]:
    return [
        (
            str(FIELD_LABEL[field]),
            field_value(field, old, areas),
            field_value(field, new, areas),
        )
        for field, (old, new) in move.data.items()
        if field in FIELD_LABEL
    ]
