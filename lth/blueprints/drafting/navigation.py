"""The drafting pages of one document, as tabs: where things are written, and how much is there."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from lth.blueprints.web.levels import desk_url
from lth.content.schema import GROUP_LABEL, LINE_TYPES
from lth.core.language import lazy_gettext
from lth.drafting import parts_sheet
from lth.models import Document, Revision

TARGETS = "targets"
CHECKS = "checks"


@dataclass(frozen=True)
class Page:
    """A drafting page: its key, its name, its endpoint and what the address has."""

    key: str
    label: object
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)


PAGES = (
    Page(TARGETS, lazy_gettext("Chỉ tiêu và thuyết minh"), "document_draft"),
    *(
        Page(group.value, lazy_gettext(label), "document_parts", {"group": group.value})
        for group, label in GROUP_LABEL.items()
    ),
    Page(CHECKS, lazy_gettext("Kiểm tra"), "document_checks"),
)
"""In the order of a document; each drafting page is one of them."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of them as `ui.tabs` shows it; `count` is its lines."""

    label: str
    url: str
    current: bool
    count: int = 0


def tabs(
    session: Session,
    document: Document,
    revision: Revision,
    current: str,
    *,
    counted: dict[str, int] | None = None,
) -> list[Tab]:
    """The tabs of a plan's drafting pages; none for a synthesis, which has one page.

    Counts the lines by one query, unless the page has counted them: `counted`.
    """
    if not document.kind.parts:
        return []
    lines = parts_sheet.count(session, revision.id) if counted is None else counted
    return [
        Tab(
            label=str(page.label),
            url=desk_url(page.endpoint, document_id=document.id, **page.values),
            current=page.key == current,
            count=_count(page.key, lines),
        )
        for page in PAGES
    ]


def _count(page: str, lines: dict[str, int]) -> int:
    """The header is there from the start and is not a line that somebody added."""
    return sum(
        number
        for part, number in lines.items()
        if not LINE_TYPES[part].single and LINE_TYPES[part].group == page
    )
