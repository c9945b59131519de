"""The papers of a document, to be taken away as Word or PDF, as it stands and for who asks."""

from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.blueprints.document import handover
from lth.blueprints.document.wording import document_name, status_label
from lth.blueprints.web import current
from lth.blueprints.web.extensions import store_of
from lth.blueprints.web.job_states import JOB_LABEL
from lth.blueprints.web.layout import mark_section
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.other_role import opens_for
from lth.blueprints.web.permissions import Permission, needs
from lth.core.errors import NotFoundError
from lth.core.formats import format_date
from lth.core.language import gettext, speaking
from lth.exchange.papers import file_names, long_papers, offers, templates
from lth.exchange.papers.making import make
from lth.exchange.papers.offers import OfferedPaper, PaperName
from lth.exchange.papers.text import PaperText
from lth.models import Document, LongJob
from lth.models.document import Status
from lth.notifications import long_jobs
from lth.synthesis.children import sees_below
from lth.synthesis.received import matrix_size
from lth.workflow import documents, remarks, revisions
from lth.workflow.kinds import document_within


@dataclass(frozen=True)
class PaperForm:
    """A form that papers are written in: a file's ending, and what it is called."""

    mimetype: str
    label: str


WORD = "docx"
FORMS = {
    WORD: PaperForm(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Word",
    ),
    "pdf": PaperForm("application/pdf", "PDF"),
}


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/papers", "document_papers", papers_page)
    rule("/documents/<int:document_id>/papers/<paper>.<form>", "document_paper", paper_file)


@opens_for("document_papers", "document_paper")
def _opens(document: Document, actor: Actor) -> bool:
    return are_there(document, Scope.of(actor))


def are_there(document: Document, scope: Scope) -> bool:
    """Tell whether a scope sees any paper of a document; which they are, the page itself says."""
    there = revisions.number_to_read(document, scope) is not None
    return there and (not document.kind.is_computed or sees_below(scope, document))


@dataclass(frozen=True)
class PaperRow:
    """A paper in words: what it is, how it stands, what it is made of, and its files."""

    name: str
    state: str
    draft: bool
    about: str
    files: list[tuple[str, str]]
    large: bool


@needs(Permission.READ_DOCUMENTS)
def papers_page(document_id: int) -> ResponseReturnValue:
    """List the papers of a document that there are now, each in both forms."""
    document, found = _offered(document_id)
    rows = [_row(document, one) for one in found]
    return render_template(
        "papers.html",
        document=document,
        papers=rows,
        jobs=_jobs(document) if any(row.large for row in rows) else (),
        job_label=JOB_LABEL,
    )


def _jobs(document: Document) -> list[LongJob]:
    """List what the person has had written of a document."""
    session, actor = current.database(), current.actor()
    found = long_jobs.mine(session, actor, (long_papers.KIND,), current.now())
    return [job for job in found if job.request["document"] == document.id]


@needs(Permission.READ_DOCUMENTS)
def paper_file(document_id: int, paper: str, form: str) -> ResponseReturnValue:
    """Write one paper on the fly; 404 for one that there is not.

    One that takes too long for that leads to the page where it is asked for.
    """
    document, offered = wanted(document_id, paper, form)
    if _is_large(document, offered):
        flash(gettext("Bảng lớn nên tệp được lập trong nền. Hãy bấm “Lập tệp”."), "info")
        return redirect(desk_url("document_papers", document_id=document_id))
    text, template = written(document, offered, form)
    return _answer(text, title(document, offered), form, template)


def wanted(document_id: int, paper: str, form: str) -> tuple[Document, OfferedPaper]:
    """Find a paper of a document by its name; 404 for one that is not offered, or another form."""
    if form not in FORMS:
        abort(404)
    document, found = _offered(document_id)
    one = next((one for one in found if one.name == paper), None)
    if one is None:
        raise NotFoundError
    return document, one


def written(document: Document, paper: OfferedPaper, form: str) -> tuple[PaperText, bytes | None]:
    """Return what stands on a paper, and the template of Word that it is written on."""
    text = make(current.database(), document, paper, current.scope())
    if paper.name in {PaperName.MAIN, PaperName.IN_FORCE}:
        text = handover.with_check(text, paper.revision)
    return text, _template(paper.issuer_of(document), text) if form == WORD else None


def _is_large(document: Document, paper: OfferedPaper) -> bool:
    """Tell whether a paper has a matrix that takes longer to write than a page may."""
    if not document.kind.is_computed or paper.name not in {PaperName.MAIN, PaperName.IN_FORCE}:
        return False
    cells = matrix_size(current.database(), document, paper.revision, current.scope())
    return cells > long_papers.MOST_AT_ONCE


def _template(unit_id: int, text: PaperText) -> bytes | None:
    """Read what the unit whose paper it is has its Word files written on."""
    store = store_of(current_app)
    return templates.template_of(current.database(), store, unit_id, text.kind)


def _offered(document_id: int) -> tuple[Document, list[OfferedPaper]]:
    """Read a document of the scope and the papers of it, in three queries; 404 without any."""
    session, scope = current.database(), current.scope()
    document, _, _ = documents.with_head(session, document_id, scope)
    seen = revisions.all_seen(session, document.id, scope)
    sent = seen.get(document.sent_number or 0)
    opinions = remarks.opinions_on(session, sent.id, scope) if sent else ()
    found = offers.offered(document, seen, scope, opinions)
    if not found:
        raise NotFoundError
    mark_section(document, scope)
    return document, found


# --- The file -----------------------------------------------------------------------------


def _answer(text: PaperText, title: str, form: str, template: bytes | None) -> Response:
    """Answer with the file, or that it is as the browser has it: then it is not written at all.

    An issued paper may be kept by its reader's browser, which asks each time whether it still is
    the same. A draft is kept by nobody.
    """
    written_on = sha256(template or b"").hexdigest()
    tag = sha256(repr((version("lth"), form, written_on, text)).encode()).hexdigest()[:32]
    same = request.if_none_match.contains(tag)
    answer = Response(status=304) if same else Response(long_papers.WRITERS[form](text, template))
    answer.content_type = FORMS[form].mimetype
    answer.headers["Content-Disposition"] = file_names.disposition(title, form)
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "no-store" if text.draft else "private, no-cache"
    return answer


def title(document: Document, paper: OfferedPaper) -> str:
    """Name a file, always in Vietnamese: "Tờ trình kế hoạch năm 2021 xã Tập Sơn (dự thảo)"."""
    with speaking("vi"):
        name = _name(document, paper.name)
        draft = gettext("(dự thảo)") if paper.draft else ""
    return f"{name} {document.unit.full_name} {draft}".strip()


# --- In words -----------------------------------------------------------------------------


def _name(document: Document, paper: PaperName) -> str:
    """Name a paper: "Kế hoạch năm 2021", "Tờ trình kế hoạch năm 2021"."""
    own = document_name(document.kind, document.period)
    within = document_within(document.kind, document.period.code)
    return {
        PaperName.MAIN: lambda: own,
        PaperName.IN_FORCE: lambda: gettext("%(document)s, bản đang có hiệu lực", document=own),
        PaperName.PROPOSAL: lambda: gettext("Tờ trình %(document)s", document=within),
        PaperName.APPRAISAL: lambda: gettext("Báo cáo thẩm định %(document)s", document=within),
        PaperName.RETURN: lambda: gettext("Công văn trả lại %(document)s", document=within),
    }[paper]()


def _row(document: Document, paper: OfferedPaper) -> PaperRow:
    return PaperRow(
        name=_name(document, paper.name),
        state=_state(document, paper),
        draft=paper.draft,
        about=_about(document, paper.name),
        files=[
            (
                one.label,
                desk_url("document_paper", document_id=document.id, paper=paper.name, form=form),
            )
            for form, one in FORMS.items()
        ],
        large=_is_large(document, paper),
    )


def _state(document: Document, paper: OfferedPaper) -> str:
    revision = paper.revision
    if document.status is Status.REVOKED:
        return status_label(document.status)
    if paper.draft:
        return gettext("Dự thảo")
    if paper.name in {PaperName.MAIN, PaperName.IN_FORCE} and revision.issued_on:
        day = format_date(revision.issued_on)
        return gettext("Số %(number)s ngày %(date)s", number=revision.document_number, date=day)
    return gettext("Chờ ký, lấy số")


def _about(document: Document, paper: PaperName) -> str:
    above = document.next_unit.full_name if document.next_unit else ""
    if paper is PaperName.MAIN and document.kind.is_computed:
        return gettext("Kèm bảng tổng hợp chỉ tiêu, bảng từng đơn vị và kinh phí từng đơn vị.")
    return {
        PaperName.MAIN: lambda: gettext("Toàn văn, kèm các phụ lục."),
        PaperName.IN_FORCE: lambda: gettext(
            "Bản có hiệu lực cho đến khi bản điều chỉnh được ban hành."
        ),
        PaperName.PROPOSAL: lambda: gettext("Gửi %(unit)s kèm văn bản.", unit=above),
        PaperName.APPRAISAL: lambda: gettext(
            "Từ ý kiến thẩm định, nhận xét và giải trình; trình lãnh đạo quyết định."
        ),
        PaperName.RETURN: lambda: gettext("Nêu lý do và từng nhận xét cần hoàn chỉnh."),
    }[paper]()
