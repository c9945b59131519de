"""Files beside a document, a remark on it, or a request for more time: list, add, download."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from lth.blueprints.document.wording import act_done
from lth.blueprints.web import current
from lth.blueprints.web.extensions import intake_of, store_of
from lth.blueprints.web.forms import Form, LineField, UploadsField, at_most
from lth.blueprints.web.input import takes_up_to
from lth.blueprints.web.layout import mark_section
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.other_role import opens_for
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt
from lth.core.errors import NotFoundError
from lth.core.formats import format_number
from lth.core.i18n import Message
from lth.core.language import gettext, lazy_gettext, ngettext, say
from lth.core.vietnamese import without_marks
from lth.exchange import attachments
from lth.exchange.attachments import LARGEST_REQUEST, LONGEST_NOTE, Added, FilesBeside
from lth.exchange.files.intake import LARGEST, MEGABYTE, TakenFile
from lth.exchange.files.kinds import allowed
from lth.models import Attachment, Document, Event, Remark
from lth.workflow import documents, remarks, revisions
from lth.workflow.acts import Act


def add_to(blueprint: Blueprint) -> None:
    for path, name in (
        ("", "document"),
        ("/remarks/<int:remark_id>", "document_remark"),
        ("/requests/<int:event_id>", "document_request"),
    ):
        address = f"/documents/<int:document_id>{path}/files"
        blueprint.add_url_rule(address, f"{name}_files", listing)
        blueprint.add_url_rule(address, f"{name}_attach", attach, methods=["POST"])
    one = "/documents/<int:document_id>/files/<int:attachment_id>"
    blueprint.add_url_rule(one, "document_file", download)
    blueprint.add_url_rule(f"{one}/remove", "document_file_remove", remove, methods=["POST"])


@opens_for(
    *("document_files", "document_remark_files", "document_request_files", "document_file"),
)
def _opens_always(_document: Document, _actor: object) -> bool:
    """Say yes: whoever sees the document sees its files."""
    return True


class AttachForm(Form):
    """Files of the person's own, and in a word what they are."""

    files = UploadsField(lazy_gettext("Chọn tệp (một hoặc nhiều)"))
    note = LineField(lazy_gettext("Ghi chú"), [at_most(LONGEST_NOTE)])


@dataclass(frozen=True)
class FilesPlace:
    """What files are beside, as its page heads it; `may_add` where the actor has it in hand."""

    beside: FilesBeside
    document: Document
    title: str
    about: str
    may_add: bool

    @property
    def url(self) -> str:
        """Return where its files are listed."""
        return url_of(self.beside)


def url_of(beside: FilesBeside) -> str:
    """Return the address of the page with the files beside something."""
    if beside.remark_id is not None:
        values = {"document_id": beside.document_id, "remark_id": beside.remark_id}
        return desk_url("document_remark_files", **values)
    if beside.event_id is not None:
        values = {"document_id": beside.document_id, "event_id": beside.event_id}
        return desk_url("document_request_files", **values)
    return desk_url("document_files", document_id=beside.document_id)


# --- Pages --------------------------------------------------------------------------------


@needs(Permission.READ_DOCUMENTS)
def listing(
    document_id: int, remark_id: int | None = None, event_id: int | None = None
) -> ResponseReturnValue:
    """List the files beside something, with a form to add some where the actor has it in hand."""
    return _page(_place(FilesBeside(document_id, remark_id, event_id)), AttachForm(formdata=None))


@takes_up_to(LARGEST_REQUEST)
@needs(Permission.ACT)
def attach(
    document_id: int, remark_id: int | None = None, event_id: int | None = None
) -> ResponseReturnValue:
    """Keep the files that may be kept, and say of each other one why not."""
    beside, form = FilesBeside(document_id, remark_id, event_id), AttachForm()
    session, actor = current.database(), current.actor()
    with attempt(form=form) as outcome:
        document = documents.get(session, document_id, current.scope())
        attachments.require_in_hand(session, actor, document, beside)
    if not outcome.done:
        return _overtaken(beside, form, outcome)
    session.rollback()  # nothing is locked while strangers' files are looked at
    added = Added()
    taken = _taken(form, added.refused) if form.validate() else []
    if taken:
        with attempt(form=form) as outcome:
            kept = attachments.add(
                *(session, actor, beside, taken, form.note.data or ""),
                store_of(current_app),
                now=current.now(),
            )
            added = Added(kept.kept, [*added.refused, *kept.refused])
        if not outcome.done and not outcome.blocked:
            return _overtaken(beside, form, outcome)
    return _answer(beside, form, added)


def _answer(beside: FilesBeside, form: AttachForm, added: Added) -> ResponseReturnValue:
    """Lead to the list; where something was refused, show the form again with what was typed."""
    number = len(added.kept)
    if number:
        done = ngettext("Đã đính kèm %(num)s tệp.", "Đã đính kèm %(num)s tệp.", number)
        flash(done, "success")
    form.form_errors.extend(map(say, added.refused))  # each a line of its own
    if form.errors:
        return _page(_place(beside), form), 422
    return redirect(url_of(beside))


def _overtaken(beside: FilesBeside, form: AttachForm, outcome: Outcome) -> ResponseReturnValue:
    """Show the files as they are now, and what stood against adding some."""
    code = outcome.flash_overtaken() if not outcome.blocked else outcome.code
    return _page(_place(beside), form), code


def _taken(form: AttachForm, refused: list[Message]) -> list[TakenFile]:
    """Look at each file that was sent; say of those that are not taken why."""
    sent = ((one.stream.read(LARGEST + 1), one.filename or "") for one in form.files.data)
    found, told = attachments.taken_of(intake_of(current_app), sent)
    refused.extend(told)
    if not form.files.data:
        form.files.errors = [gettext("Chưa chọn tệp nào.")]
    return found


@needs(Permission.READ_DOCUMENTS)
def download(document_id: int, attachment_id: int) -> ResponseReturnValue:
    """Give a file out as it was put in: to be kept, never to be shown or run by a browser."""
    attachment = attachments.get(current.database(), document_id, attachment_id, current.scope())
    data = attachments.content(store_of(current_app), attachment)
    return as_download(data, attachment.name, attachment.media_type)


@needs(Permission.ACT)
def remove(document_id: int, attachment_id: int) -> ResponseReturnValue:
    """Remove a file of what the actor has in hand."""
    session, actor, scope = current.database(), current.actor(), current.scope()
    beside = attachments.beside_of(attachments.get(session, document_id, attachment_id, scope))
    with attempt() as outcome:
        gone = attachments.remove(session, actor, document_id, attachment_id, now=current.now())
        done = gettext("Đã bỏ tệp “%(name)s”.", name=gone.name)
    if not outcome.done:
        return _page(_place(beside), AttachForm(formdata=None)), outcome.flash_overtaken()
    outcome.flash(done)
    return redirect(url_of(beside))


def as_download(data: bytes, name: str, media_type: str) -> Response:
    """Answer with a file of a stranger's: browsers keep it and do nothing else with it."""
    response = Response(data, content_type=media_type)
    plain = "".join(char if char.isascii() else "_" for char in without_marks(name))
    plain = plain.replace('"', "'").replace("\\", "_")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


# --- What the pages show --------------------------------------------------------------------


def _page(place: FilesPlace, form: AttachForm) -> str:
    session, scope, document = current.database(), current.scope(), place.document
    number = revisions.number_to_read(document, scope)
    found = attachments.listed(session, document, number, scope)
    here = [one for one in found if attachments.beside_of(one) == place.beside]
    whole = place.beside == FilesBeside(document.id)
    return render_template(
        "files.html",
        document=document,
        place=place,
        files=here,
        others=_others(found) if whole else [],
        whole=whole,
        form=form,
        size_label=size_label,
        allowed=allowed(),
        each=LARGEST // MEGABYTE,
        at_once=LARGEST_REQUEST // MEGABYTE,
        room=place.beside.room,
        together=place.beside.room.size // MEGABYTE,
        left=place.beside.room.files - len(here),
    )


def _others(found: Sequence[Attachment]) -> list[tuple[str, str, list[Attachment]]]:
    """Group the files of remarks and requests: how the group is called, its page, the files."""
    groups: dict[FilesBeside, list[Attachment]] = {}
    for one in found:
        groups.setdefault(attachments.beside_of(one), []).append(one)
    return [
        (_group_name(beside), url_of(beside), files)
        for beside, files in groups.items()
        if beside != FilesBeside(beside.document_id)
    ]


def _group_name(beside: FilesBeside) -> str:
    return gettext("Tệp kèm nhận xét") if beside.remark_id else gettext("Tệp kèm đề nghị gia hạn")


def _place(beside: FilesBeside) -> FilesPlace:
    """Find what is named within the scope. Raises NotFoundError."""
    session, actor, scope = current.database(), current.actor(), current.scope()
    document = documents.get(session, beside.document_id, scope)
    mark_section(document, scope)
    if beside.remark_id is not None:
        remark = _remark(document, beside.remark_id)
        may = attachments.may_add_to_remark(document, remark, actor)
        return FilesPlace(beside, document, gettext("Tệp kèm nhận xét"), remark.text, may)
    if beside.event_id is not None:
        request = _request(document, beside.event_id)
        last = documents.last_of(session, document.id, Act.ASK_EXTENSION, scope)
        may = last is not None and last.id == request.id
        may = may and attachments.may_add_to_request(document, request, actor)
        title = gettext("Tệp kèm đề nghị gia hạn")
        return FilesPlace(beside, document, title, request.reason or act_done(request.action), may)
    may = attachments.may_add(document, actor)
    return FilesPlace(beside, document, gettext("Tệp đính kèm"), "", may)


def _remark(document: Document, remark_id: int) -> Remark:
    found = remarks.of_document(current.database(), document.id, current.scope())
    remark: Remark = _only(one for one in found if one.id == remark_id)
    return remark


def _request(document: Document, event_id: int) -> Event:
    found = documents.timeline(current.database(), document.id, current.scope())
    asked = (one for one in found if one.id == event_id and one.action == Act.ASK_EXTENSION)
    request: Event = _only(asked)
    return request


def _only(found: Iterable[Any]) -> Any:
    one = next(iter(found), None)
    if one is None:
        raise NotFoundError
    return one


def size_label(size: int) -> str:
    """Word how large a file is: "845 KB", "1,2 MB"."""
    if size < MEGABYTE:
        return gettext("%(size)s KB", size=format_number(max(1, round(size / 1024))))
    tenths = Decimal(round(size * 10 / MEGABYTE)) / 10
    return gettext("%(size)s MB", size=format_number(tenths))
