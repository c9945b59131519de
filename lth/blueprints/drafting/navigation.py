"""The drafting pages of one document, as tabs: where things are written, and how much is there."""

from dataclasses import dataclass, field

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from lth.blueprints.web.levels import desk_url
from lth.drafting import parts_sheet
from lth.drafting.parts_sheet import GROUP_OF, PartGroup
from lth.models import Document, Revision
from lth.models.parts import Part

TARGETS = "targets"
CHECKS = "checks"


@dataclass(frozen=True)
class Page:
    """A drafting page: its key, its name, its endpoint and what the address has."""

    key: str
    label: object
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)


def _of_group(group: PartGroup, label: object) -> Page:
    return Page(group.value, label, "document_parts", {"group": group.value})


PAGES = (
    Page(TARGETS, lazy_gettext("Chỉ tiêu và thuyết minh"), "document_draft"),
    _of_group(PartGroup.PAPERS, lazy_gettext("Hồ sơ, căn cứ")),
    _of_group(PartGroup.BASELINE, lazy_gettext("Thực trạng")),
    _of_group(PartGroup.BUDGET, lazy_gettext("Kinh phí")),
    _of_group(PartGroup.TASKS, lazy_gettext("Nhiệm vụ, báo cáo")),
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
    counted: dict[Part, int] | None = None,
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


def _count(page: str, lines: dict[Part, int]) -> int:
    """The header is there from the start and is not a line that somebody added."""
    return sum(
        number
        for part, number in lines.items()
        if part is not Part.HEADER and GROUP_OF[part].value == page
    )
