"""Bàn giao: a document's paper on its way out, its packages, and the signed PDF that comes back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lth.access.actor import Actor
from lth.blueprints.document import handing_over
from lth.blueprints.document.handing_over import HandOverForm
from lth.blueprints.register.forms import HandEntryForm
from lth.blueprints.register.wording import follows_text, printed_code, public_address, public_path
from lth.blueprints.web import confirming, current
from lth.blueprints.web.extensions import intake_of, store_of
from lth.blueprints.web.forms import Form, UploadField
from lth.blueprints.web.layout import mark_section
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.other_role import opens_for
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core import clock
from lth.core.errors import BlockedError, NotFoundError
from lth.core.formats import format_date, format_moment
from lth.core.i18n import N_, Message, unpack
from lth.core.language import gettext, lazy_gettext, say
from lth.core.urgency import Urgency
from lth.exchange.edxml import own_papers
from lth.exchange.edxml.own_papers import ToldState
from lth.exchange.edxml.statuses import name_of
from lth.exchange.files.store import FileStore
from lth.exchange.handover import commands
from lth.exchange.handover.comparing import TextComparison, TextStanding
from lth.exchange.handover.official import may_hand_over, number_on_its_way
from lth.exchange.papers import file_names
from lth.exchange.papers.text import Checked, PaperText
from lth.exchange.signatures.report import Certainty, from_json
from lth.models import Document, HandOver, OfficialPaper, Revision, SignedCopy
from lth.models.document import Status
from lth.workflow import documents, papers, register, revisions

CHANGED = Message(
    N_(
        "Tệp lưu ở đây không còn đúng như khi đưa vào: nội dung đã bị đổi hoặc mất. Hãy báo người "
        "quản trị; bản gốc nằm ở hệ thống văn bản của cơ quan."
    )
)


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/handover", "document_handover", handover_page)
    rule("/documents/<int:document_id>/handover", "document_hand_over", hand_over, methods=["POST"])
    rule(
        "/documents/<int:document_id>/handover/<int:hand_over_id>.zip",
        "document_package",
        package_file,
    )
    rule("/documents/<int:document_id>/signed", "document_put_signed", put_signed, methods=["POST"])
    rule("/documents/<int:document_id>/signed/<int:copy_id>.pdf", "document_signed", signed_file)
    rule("/documents/<int:document_id>/correction", "document_correction", correction)
    rule("/documents/<int:document_id>/correction", "document_correct", correct, methods=["POST"])


@opens_for("document_handover", "document_package")
def _opens(document: Document, actor: Actor) -> bool:
    return actor.unit_id == document.unit_id and _has_paper(document)


@opens_for("document_signed")
def _opens_signed(document: Document, _actor: Actor) -> bool:
    return document.in_force_number is not None or document.status is Status.REVOKED


@opens_for("document_correction")
def _opens_correction(document: Document, actor: Actor) -> bool:
    return document.status is Status.ISSUED and commands.may_keep(actor, document)


def _has_paper(document: Document) -> bool:
    """Tell whether a document has a paper by now, or may have one made."""
    is_out = document.in_force_number is not None or document.status is Status.REVOKED
    return is_out or may_hand_over(document)


class SignedForm(Form):
    """A signed PDF that comes back."""

    file = UploadField(lazy_gettext("Tệp PDF đã ký"))


# --- On the document's page ---------------------------------------------------------------


@dataclass(frozen=True)
class ShownState:
    """How far a paper has come, and what is left to do, in words."""

    title: str
    text: str
    tone: str
    opens: bool


def state_of(document: Document, revision: Revision | None) -> ShownState | None:
    """Say how far the paper of the revision that is read has come; None where there is none."""
    actor = current.actor()
    if revision is None or not _has_paper(document):
        return None
    if revision.number != number_on_its_way(document):
        return None
    own = actor.unit_id == document.unit_id
    paper = papers.seen_with(revision, current.scope())
    return _shown(paper, own=own) if own or paper else None


def _shown(paper: OfficialPaper | None, *, own: bool) -> ShownState:
    if paper is None or not (paper.handed_over_at or paper.registered_at):
        return ShownState(
            gettext("Chưa bàn giao"),
            gettext("Việc tiếp theo: tạo gói bàn giao để ký, lấy số trong hệ thống văn bản."),
            "info",
            own,
        )
    if paper.registered_at is None:
        return ShownState(
            gettext("Đã bàn giao, chờ ký và lấy số"),
            gettext("Việc tiếp theo: khi đã ký, lãnh đạo bấm Ban hành để ghi số và ngày."),
            "info",
            own,
        )
    if paper.signed_at is None:
        return ShownState(
            gettext("Đã có số, chưa có bản đã ký"),
            gettext("Việc tiếp theo: đưa bản PDF đã ký vào để ai cũng đối chiếu được."),
            "warning",
            own,
        )
    if paper.signed_differs:
        return ShownState(
            gettext("Bản đã ký khác bản đã ban hành"),
            gettext("Việc tiếp theo: xem chỗ khác ở dưới, rồi đưa đúng bản PDF đã ký vào."),
            "warning",
            own,
        )
    return ShownState(
        gettext("Đã phát hành"),
        gettext(
            "Có số, ngày và bản PDF đã ký. Tra cứu bằng mã %(code)s.",
            code=printed_code(paper.code),
        ),
        "success",
        own,
    )


def earlier_of(document: Document, revision: Revision | None) -> list[dict[str, Any]]:
    """List the papers that earlier revisions went out as, each with its files, for who reads."""
    if revision is None or document.in_force_number is None:  # nothing was issued before
        return []
    session, scope = current.database(), current.scope()
    found = papers.earlier(session, document, revision, scope)
    copies, packages = papers.last_files(session, found, scope)
    return [_earlier_row(document, one, copies.get(one.id), packages.get(one.id)) for one in found]


def _earlier_row(
    document: Document, paper: OfficialPaper, copy: SignedCopy | None, given: HandOver | None
) -> dict[str, Any]:
    ids = {"document_id": document.id}
    return {
        "name": gettext(
            "Số %(number)s ngày %(date)s",
            number=paper.written,
            date=format_date(paper.issued_on),
        ),
        "signed": desk_url("document_signed", **ids, copy_id=copy.id) if copy else "",
        "package": desk_url("document_package", **ids, hand_over_id=given.id) if given else "",
        "address": public_path(paper),
    }


# --- The page -----------------------------------------------------------------------------


@needs(Permission.READ_DOCUMENTS)
def handover_page(document_id: int) -> ResponseReturnValue:
    """Show a paper's state, its fields to copy, its packages, and the signed copies."""
    return _page(document_id)


def _page(
    document_id: int,
    form: SignedForm | None = None,
    code: int = 200,
    sent: HandOverForm | None = None,
) -> ResponseReturnValue:
    session, scope, actor = current.database(), current.scope(), current.actor()
    document, revision = _read(document_id)
    paper = papers.seen_with(revision, scope)
    packages = papers.hand_overs(session, paper, scope) if paper else []
    copies = papers.signed_copies(session, paper) if paper else []
    linked = papers.of_document(session, document.id, scope) if paper else []
    told = own_papers.states_of(session, paper, scope) if paper else []
    receivers = handing_over.found_for(document, revision)
    page = render_template(
        "handover.html",
        document=document,
        paper=paper,
        state=_shown(paper, own=True),
        steps=_steps(paper),
        fields=[(label, value.split("\n")) for label, value in packages[0].fields]
        if packages
        else [],
        packages=[_package_row(document, one) for one in packages],
        outdated=_is_outdated(revision, packages),
        lacking=[say(unpack(one)) for one in packages[0].lacking] if packages else [],
        copies=[_copy_row(document, one) for one in copies],
        linked=_linked(paper, linked),
        address=public_address(paper) if paper and paper.registered_at else "",
        path=public_path(paper) if paper else "",
        code=printed_code(paper.code) if paper else "",
        earlier=earlier_of(document, revision),
        told=[_told_row(one) for one in told],
        may_keep=commands.may_keep(actor, document),
        may_hand_over=may_hand_over(document),
        form=form or SignedForm(formdata=None),
        hand_form=sent or handing_over.shown(document, paper, receivers, packages),
        without_code=handing_over.without_code(receivers),
        groups=receivers.groups,
    )
    return page, code


def _read(document_id: int) -> tuple[Document, Revision]:
    """Read a document of the own unit and its newest revision. Raises NotFoundError."""
    session, scope = current.database(), current.scope()
    document, _, _ = documents.with_head(session, document_id, scope)
    seen = revisions.all_seen(session, document.id, scope).get(number_on_its_way(document))
    if seen is None or not _opens(document, current.actor()):
        raise NotFoundError
    mark_section(document, scope)
    return document, seen


def _steps(paper: OfficialPaper | None) -> list[tuple[str, bool]]:
    """List the three steps, each with whether it is done."""
    return [
        (gettext("Bàn giao để ký"), bool(paper and paper.handed_over_at)),
        (gettext("Ghi số, ngày (Ban hành)"), bool(paper and paper.registered_at)),
        (gettext("Đưa bản PDF đã ký vào"), bool(paper and paper.signed_at)),
    ]


def _is_outdated(revision: Revision, packages: Sequence[HandOver]) -> bool:
    """Tell whether the newest package was made before the paper was numbered or edited."""
    if not packages:
        return False
    newest = packages[0]
    edited = revision.edited_at is not None and revision.edited_at > newest.at
    return edited or (revision.issued_at is not None and not newest.has_number)


def _package_row(document: Document, one: HandOver) -> dict[str, Any]:
    return {
        "who": gettext("%(person)s, %(at)s", person=one.person_name, at=format_moment(one.at)),
        "what": gettext("Có số, ngày") if one.has_number else gettext("Chưa có số, để ký"),
        "receivers": [f"{name} ({code})" if code else name for name, code in one.receivers],
        "size": round(one.size / 1024),
        "url": desk_url("document_package", document_id=document.id, hand_over_id=one.id),
        "sha256": one.package_sha256,
    }


def _told_row(one: ToldState) -> dict[str, Any]:
    opens = current.actor().role in GRANTS[Permission.EXCHANGE]
    return {
        "receiver": one.receiver,
        "state": f"{one.code} {say(name_of(one.code))}",
        "at": format_moment(one.moment),
        "note": one.note,
        "url": url_for("packets.one", packet_id=one.packet_id) if opens else "",
    }


def _copy_row(document: Document, one: SignedCopy) -> dict[str, Any]:
    compared = TextComparison.from_json(one.report["text"]) if "text" in one.report else None
    signatures = [from_json(kept) for kept in one.report.get("signatures", [])]
    return {
        "name": one.file_name,
        "who": gettext("%(person)s, %(at)s", person=one.person_name, at=format_moment(one.at)),
        "size": round(one.size / 1024),
        "sha256": one.sha256,
        "url": desk_url("document_signed", document_id=document.id, copy_id=one.id),
        "whole": _is_whole(one),
        "compared": compared,
        "verdict": _verdict(compared) if compared else None,
        "signatures": [
            (
                signature.field,
                [
                    (known.value, say(line))
                    for known, line in zip(
                        (signature.intact, signature.chain_known, signature.status_known),
                        signature.lines,
                        strict=True,
                    )
                ],
            )
            for signature in signatures
        ],
        "unsigned": not signatures and "unexamined" not in one.report,
        "unexamined": [say(unpack(kept)) for kept in one.report.get("unexamined", [])],
        "broken": any(signature.intact is Certainty.NO for signature in signatures),
    }


def _verdict(compared: TextComparison) -> tuple[str, str]:
    """Say how the text compares, with the tone of its notice."""
    return {
        TextStanding.SAME: ("success", gettext("Chữ trong bản đã ký giống văn bản ở đây.")),
        TextStanding.STAMPED: (
            "success",
            gettext("Chữ giống văn bản ở đây; chỉ khác phần số, ngày và dấu chữ ký."),
        ),
        TextStanding.DIFFERENT: (
            "error",
            gettext("Nội dung bản đã ký khác văn bản ở đây. Hãy xem từng chỗ dưới đây."),
        ),
        TextStanding.NO_TEXT: (
            "warning",
            gettext(
                "Bản đã ký không có lớp chữ (bản quét), nên không so được nội dung. Hãy đọc lại."
            ),
        ),
    }[compared.standing]


def _linked(paper: OfficialPaper | None, found: Sequence[OfficialPaper]) -> list[str]:
    """Word the papers that this one follows, and those that follow it."""
    if paper is None:
        return []
    following = [one for one in found if one.follows_id == paper.id and one.registered_at]
    return follows_text(paper, following)


# --- Handing over -------------------------------------------------------------------------


@needs(Permission.KEEP_REGISTER)
def hand_over(document_id: int) -> ResponseReturnValue:
    """Make the package, and note that it was handed over."""
    form = HandOverForm()
    document, revision = _read(document_id)
    form.offer(handing_over.found_for(document, revision))
    form.offer_urgency(papers.seen_with(revision, current.scope()))
    if confirming.asks_to_look() or not form.validate():
        return _page(document_id, code=422, sent=form)
    with attempt(form=form) as outcome:
        commands.hand_over(
            current.database(),
            current.actor(),
            document_id,
            seen=form.seen.data,
            receivers=form.receivers.data or (),
            urgency=Urgency(form.urgency.data),
            now=current.now(),
            store=_store(),
            address=_checked,
        )
    if outcome.blocked:
        return _page(document_id, code=outcome.code, sent=form)
    if not outcome.done:
        return _page(document_id, code=outcome.flash_overtaken())
    outcome.flash(gettext("Đã tạo gói bàn giao. Tải gói về và đưa vào hệ thống văn bản."))
    return redirect(desk_url("document_handover", document_id=document_id))


@needs(Permission.READ_DOCUMENTS)
def package_file(document_id: int, hand_over_id: int) -> ResponseReturnValue:
    """Answer with a package as it was made; one that was changed since is told."""
    document, _ = _read(document_id)
    given = papers.hand_over_of(current.database(), document.id, hand_over_id, current.scope())
    number = given.paper.written or gettext("chưa có số")
    title = gettext("Gói bàn giao %(number)s %(unit)s", number=number, unit=document.unit.full_name)
    return _file(given.package_sha256, "application/zip", title, "zip")


# --- The signed copy ----------------------------------------------------------------------


@needs(Permission.KEEP_REGISTER)
def put_signed(document_id: int) -> ResponseReturnValue:
    """Keep a signed PDF; what is wrong with it is said beside its field."""
    form = SignedForm()
    _, revision = _read(document_id)
    if confirming.asks_to_look() or not form.validate():
        return _page(document_id, form, 422)
    commands.numbered(current.database(), revision, current.scope())
    sent = form.file.data
    data = sent.stream.read(commands.LARGEST_FILE + 1) if sent is not None else b""
    current.database().rollback()  # nothing is locked while a stranger's file is looked at
    with attempt(form=form) as outcome:
        received = commands.look_at(data, intake_of(current_app), _roots(), current.now())
        commands.put_signed(
            current.database(),
            current.actor(),
            document_id,
            received,
            sent.filename if sent is not None else "",
            now=current.now(),
            store=_store(),
            address=_checked,
        )
    if outcome.blocked:
        return _page(document_id, form, outcome.code)
    if not outcome.done:
        return _page(document_id, code=outcome.flash_overtaken())
    outcome.flash(gettext("Đã nhận bản PDF đã ký. Kết quả đối chiếu ở dưới."))
    return redirect(desk_url("document_handover", document_id=document_id))


@needs(Permission.READ_DOCUMENTS)
def signed_file(document_id: int, copy_id: int) -> ResponseReturnValue:
    """Answer with a signed PDF byte for byte; one that was changed since is told."""
    session, scope = current.database(), current.scope()
    document = documents.get(session, document_id, scope)
    copy = papers.signed_copy_of(session, document.id, copy_id, scope)
    return _file(copy.sha256, "application/pdf", copy.file_name.removesuffix(".pdf"), "pdf")


def _file(sha256: str, mimetype: str, title: str, ending: str) -> ResponseReturnValue:
    try:
        data = _store().get(sha256)
    except KeyError:
        raise BlockedError(CHANGED) from None
    answer = Response(data, content_type=mimetype)
    answer.headers["Content-Disposition"] = file_names.disposition(title, ending)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _is_whole(copy: SignedCopy) -> bool:
    try:
        _store().get(copy.sha256)
    except KeyError:
        return False
    return True


def _store() -> FileStore:
    return store_of(current_app._get_current_object())  # type: ignore[attr-defined]


def _roots() -> Path | None:
    """Return the folder of the certificates that the installation trusts, where one is set."""
    roots: Path | None = current_app.config["SETTINGS"].signature_roots
    return roots


def _checked(paper: OfficialPaper) -> Checked:
    """Return the code and the address that a paper is printed with."""
    return Checked(printed_code(paper.code), public_address(paper))


def with_check(text: PaperText, revision: Revision) -> PaperText:
    """Return an issued paper with the code, the address and the stamp that it is printed with."""
    if text.draft or revision.issued_at is None:
        return text
    paper = papers.of_revision(current.database(), revision.id, current.scope())
    if paper is None:
        return text
    return replace(text, checked=_checked(paper), urgency=paper.urgency)


# --- Đính chính ---------------------------------------------------------------------------


@needs(Permission.KEEP_REGISTER)
def correction(document_id: int) -> ResponseReturnValue:
    """Show the form of the công văn that corrects the form of an issued paper."""
    _, paper = _issued(document_id)
    form = HandEntryForm(formdata=None)
    form.subject.data = f"Đính chính văn bản số {paper.written} ngày {format_date(paper.issued_on)}"
    return _correction_page(document_id, paper, form)


@needs(Permission.KEEP_REGISTER)
def correct(document_id: int) -> ResponseReturnValue:
    """Enter it in the register, linked to the paper that it corrects."""
    form = HandEntryForm()
    _, paper = _issued(document_id)
    if confirming.asks_to_look():
        return _correction_page(document_id, paper, form)
    if not form.validate():
        return _correction_page(document_id, paper, form), 422
    with attempt(form=form) as outcome:
        papers.enter_by_hand(
            current.database(), current.actor(), form.entry(corrects=paper), current.now()
        )
    if not outcome.done:
        _, paper = _issued(document_id)
        return _correction_page(document_id, paper, form), outcome.code
    outcome.flash(gettext("Đã vào sổ công văn đính chính."))
    return redirect(desk_url("document_handover", document_id=document_id))


def _issued(document_id: int) -> tuple[Document, OfficialPaper]:
    """Read an issued document of the own unit and its paper. Raises NotFoundError."""
    document, revision = _read(document_id)
    paper = papers.of_revision(current.database(), revision.id, current.scope())
    if (
        paper is None
        or paper.registered_at is None
        or not _opens_correction(document, current.actor())
    ):
        raise NotFoundError
    return document, paper


def _correction_page(document_id: int, paper: OfficialPaper, form: HandEntryForm) -> str:
    session, unit_id = current.database(), current.actor().unit_id or 0
    following = register.suggested(session, unit_id, ("",), clock.today().year)
    return render_template(
        "register/correction.html",
        document_id=document_id,
        form=form,
        paper=paper,
        following=", ".join(following),
    )
