"""The drafting pages of one document, as tabs: where things are written, and how much is there."""

from dataclasses import dataclass, field

from lth.blueprints.web.levels import desk_url
from lth.content.schema import GROUP_LABEL, LINE_TYPES
from lth.core.language import lazy_gettext
from lth.drafting import reported
from lth.models import Document
from lth.models.programme import PeriodUse

TARGETS = "targets"
CHECKS = "checks"
WORKBOOK = "workbook"
VALUES = "values"
ITEMS = "items"
DOUBTS = "doubts"


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
"""In the order of a plan; each of its drafting pages is one of them."""

REPORT_PAGES = (
    DraftPage(VALUES, lazy_gettext("Số liệu"), "document_values"),
    DraftPage(DOUBTS, lazy_gettext("Đối chiếu"), "document_doubts"),
    DraftPage(ITEMS, lazy_gettext("Khó khăn, kiến nghị"), "document_items"),
    DraftPage(TARGETS, lazy_gettext("Thuyết minh và trình"), "document_draft"),
)
"""Those of a report."""


@dataclass(frozen=True, slots=True)
class DraftTab:
    """One of them as `ui.tabs` shows it; `count` is its lines."""

    label: str
    url: str
    current: bool
    count: int = 0


def tabs(document: Document, current: str, counted: dict[str, int]) -> list[DraftTab]:
    """List the tabs of a document's drafting pages with the lines `counted` in each part; none for
    a synthesis, which has one page.
    """
    return [
        DraftTab(
            label=str(page.label),
            url=desk_url(page.endpoint, document_id=document.id, **page.values),
            current=page.key == current,
            count=_count(page.key, counted),
        )
        for page in pages_of(document)
    ]


def pages_of(document: Document) -> tuple[DraftPage, ...]:
    """List the drafting pages of a document, where there are several; figures that are added up
    are drafted on none.
    """
    if reported.reports(document.kind):
        left_out = {VALUES, DOUBTS} if document.kind.is_computed else set()
        if document.kind.use is not PeriodUse.REPORT:
            left_out.add(DOUBTS)
        return tuple(page for page in REPORT_PAGES if page.key not in left_out)
    return PAGES if document.kind.parts else ()


def first_url(document: Document) -> str:
    """Return the address where drafting a document begins."""
    pages = pages_of(document)
    if not pages or document.kind.is_computed:
        return desk_url("document_draft", document_id=document.id)
    return desk_url(pages[0].endpoint, document_id=document.id, **pages[0].values)


def _count(page: str, lines: dict[str, int]) -> int:
    """Count the lines of a page, the header aside: nobody added it."""
    return sum(
        number
        for part, number in lines.items()
        if part in LINE_TYPES and not LINE_TYPES[part].single and LINE_TYPES[part].group == page
    )
