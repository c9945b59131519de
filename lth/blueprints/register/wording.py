"""Papers in the words of a page: their kinds, what they do to others, where they are looked up."""

from collections.abc import Sequence

from flask import current_app, url_for

from lth.core.formats import format_date, format_moment
from lth.core.i18n import N_
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.models import OfficialPaper
from lth.models.paper import PaperLink
from lth.workflow.papers import kind_name

_DOES = {
    PaperLink.REPLACES: N_("Thay thế văn bản số %(number)s ngày %(date)s"),
    PaperLink.CORRECTS: N_("Đính chính văn bản số %(number)s ngày %(date)s"),
    PaperLink.REVOKES: N_("Thu hồi văn bản số %(number)s ngày %(date)s"),
}
_SUFFERS = {
    PaperLink.REPLACES: N_("Đã được thay bằng văn bản số %(number)s ngày %(date)s"),
    PaperLink.CORRECTS: N_("Đã được đính chính bằng văn bản số %(number)s ngày %(date)s"),
    PaperLink.REVOKES: N_("Đã thu hồi bằng văn bản số %(number)s ngày %(date)s"),
}


def kind_label(letters: str) -> str:
    """Name a kind of paper at the start of a line: "Kế hoạch"."""
    return capitalize_first(say(kind_name(letters)))


def follows_text(paper: OfficialPaper, following: Sequence[OfficialPaper]) -> list[str]:
    """Say what a paper does to the one it follows, and what those that follow it do to it."""
    found = []
    if paper.link is not None and paper.follows is not None:
        found.append(_about(_DOES[paper.link], paper.follows))
    return [*found, *(suffers(one) for one in following)]


def struck_text(paper: OfficialPaper) -> list[str]:
    """Say that a number was struck out, why and by whom; nothing where it was not."""
    if paper.struck_at is None:
        return []
    return [
        gettext(
            "Hủy số: %(reason)s (%(person)s, %(at)s)",
            reason=paper.struck_reason,
            person=paper.struck_by_name,
            at=format_moment(paper.struck_at),
        )
    ]


def suffers(follower: OfficialPaper) -> str:
    """Say what became of a paper by one that follows it."""
    return _about(_SUFFERS[follower.link or PaperLink.REPLACES], follower)


def _about(text: str, other: OfficialPaper) -> str:
    return gettext(text, number=other.written, date=format_date(other.issued_on))


def printed_code(code: str) -> str:
    """Write a public code in two halves, as it is printed and typed: K7M2Q-9XFAB."""
    return f"{code[:5]}-{code[5:]}"


def public_path(paper: OfficialPaper) -> str:
    """Return where anybody looks a paper up, as a link of a page."""
    return url_for("papers.check", code=printed_code(paper.code))


def public_address(paper: OfficialPaper) -> str:
    """Return the same as it is printed on the paper, wherever it is read."""
    return current_app.config["SETTINGS"].base_url.rstrip("/") + public_path(paper)
