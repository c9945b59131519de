"""The drafting pages of one document, as tabs: where things are written, and how much is there."""

from dataclasses import dataclass, field

from lth.blueprints.web.levels import desk_url
from lth.content.schema import GROUP_LABEL, LINE_TYPES
from lth.core.language import lazy_gettext
from lth.models import Document

TARGETS = "targets"
CHECKS = "checks"
WORKBOOK = "workbook"


@dataclass(frozen=True)
class DraftPage:
    """A drafting page: its key, its name, its endpoint and what the address has."""

    key: str
    label: object
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)


PAGES = (
    DraftPage(TARGETS, lazy_gettext("Chỉ tiêu và thuyết minh"), "document_draft"),
    *(
        DraftPage(group.value, lazy_gettext(label), "document_parts", {"group": group.value})
        for group, label in GROUP_LABEL.items()
    ),
    DraftPage(CHECKS, lazy_gettext("Kiểm tra"), "document_checks"),
    DraftPage(WORKBOOK, lazy_gettext("Excel"), "document_workbook"),
)
"""In the order of a document; each drafting page is one of them."""


@dataclass(frozen=True, slots=True)
class DraftTab:
    """One of them as `ui.tabs` shows it; `count` is its lines."""

    label: str
    url: str
    current: bool
    count: int = 0


def tabs(document: Document, current: str, counted: dict[str, int]) -> list[DraftTab]:
    """List the tabs of a plan's drafting pages with the lines `counted` in each part; none for a
    synthesis, which has one page.
    """
    if not document.kind.parts:
        return []
    return [
        DraftTab(
            label=str(page.label),
            url=desk_url(page.endpoint, document_id=document.id, **page.values),
            current=page.key == current,
            count=_count(page.key, counted),
        )
        for page in PAGES
    ]


def _count(page: str, lines: dict[str, int]) -> int:
    """Count the lines of a page, the header aside: nobody added it."""
    return sum(
        number
        for part, number in lines.items()
        if not LINE_TYPES[part].single and LINE_TYPES[part].group == page
    )
