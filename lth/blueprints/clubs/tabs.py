"""The pages about one club, as tabs: each room adds its own line."""

from typing import Any

from flask import request

from lth.blueprints.web.levels import desk_url
from lth.core.language import lazy_gettext
from lth.models import Club

PAGES = (
    (lazy_gettext("Hồ sơ"), "club"),
    (lazy_gettext("Sổ tháng"), "club_books"),
    (lazy_gettext("Xếp loại"), "club_rating"),
    (lazy_gettext("Quá trình"), "club_history"),
    (lazy_gettext("Kiểm tra"), "club_visited"),
)
"""Label and endpoint within a level's desk, whose address takes `club_id`."""

WITHIN = {"club_book": "club_books", "club_book_correction": "club_books", "club_key": "club_books"}
"""Pages that belong to a tab without being its own."""


def of_club(club: Club) -> list[dict[str, Any]]:
    """List the tabs of a club, the page being shown marked."""
    shown = (request.endpoint or "").partition(".")[2]
    shown = WITHIN.get(shown, shown)
    return [
        {
            "label": str(label),
            "url": desk_url(endpoint, club_id=club.id),
            "current": shown == endpoint,
        }
        for label, endpoint in PAGES
    ]
