"""Packets that came as files: taken in, shown, their files taken out, answered by a file."""

import io

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask import send_file as send
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice
from wtforms.validators import Optional

from lth.blueprints.packets import wording
from lth.blueprints.packets.forms import AnswerForm, PacketForm
from lth.blueprints.web import confirming, current, layout, paging, tables
from lth.blueprints.web.current import database, now
from lth.blueprints.web.extensions import store_of
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.errors import StaleError
from lth.core.formats import format_moment
from lth.core.i18n import N_, Message
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.exchange.edxml import answers, arrivals
from lth.exchange.edxml.answers import ANSWER_LABEL
from lth.exchange.grids.tables import ListTable
from lth.models import ExchangePacket
from lth.models.packet import PacketKind

blueprint = Blueprint("packets", __name__, url_prefix="/packets")

EDXML = "application/xml"


@blueprint.get("")
@needs(Permission.EXCHANGE)
def listing() -> ResponseReturnValue:
    """List the packets that came, the newest first."""
    if tables.wanted():
        return tables.answer(_table(), "goi-tin-den")
    return _list(PacketForm())


def _table() -> ListTable:
    """Return the packets that came as a list, with how each was answered."""
    session, scope = database(), current.scope()
    found, _ = arrivals.listing(session, scope, limit=tables.MOST_ROWS, offset=0)
    given = arrivals.answered(session, scope, found)
    head = [
        *(gettext("Loại"), gettext("Số, ký hiệu"), gettext("Ngày"), gettext("Nơi gửi")),
        *(gettext("Trích yếu"), gettext("Tải lên lúc"), gettext("Đã trả lời")),
    ]
    rows = [
        [
            *(wording.kind(packet), packet.number, packet.day, packet.sender_name),
            *(packet.subject, format_moment(packet.at)),
            ", ".join(wording.state(answer) for answer in given.get(packet.id, ())),
        ]
        for packet in found
    ]
    return ListTable(gettext("Gói tin đến"), head, rows)


@blueprint.post("", endpoint="packet_upload")
@needs(Permission.EXCHANGE)
def upload() -> ResponseReturnValue:
    """Read a packet and keep it; nothing of it is applied."""
    form = PacketForm()
    if not form.validate():
        return _list(form), 422
    sent = form.file.data
    data = sent.stream.read(arrivals.LARGEST_FILE + 1) if sent is not None else b""
    packet_id = 0
    with attempt(form=form) as outcome:
        store, actor = store_of(current_app), current.actor()
        name = sent.filename or "" if sent is not None else ""
        packet = arrivals.receive(database(), actor, store, data, name, now=now())
        packet_id = packet.id
    if not outcome.done:
        return _list(form), outcome.code
    outcome.flash(gettext("Đã đọc và giữ gói tin. Chưa có gì thay đổi trong văn bản nào."))
    return redirect(url_for("packets.one", packet_id=packet_id))


def _list(form: PacketForm) -> str:
    start = paging.SIZE * (paging.number() - 1)
    scope = current.scope()
    found, total = arrivals.listing(database(), scope, limit=paging.SIZE, offset=start)
    return render_template(
        "packets/list.html",
        form=form,
        found=found,
        answers=arrivals.answered(database(), scope, found),
        page=paging.page(total),
        tabs=layout.register_tabs(current.actor()),
        words=wording,
    )


@blueprint.get("/<int:packet_id>")
@needs(Permission.EXCHANGE)
def one(packet_id: int) -> ResponseReturnValue:
    """Show what a packet says, what else came about its document, and how it was answered."""
    packet = _found(packet_id)
    return _page(packet, AnswerForm())


def _page(packet: ExchangePacket, form: AnswerForm) -> str:
    session, scope = database(), current.scope()
    given = arrivals.answered(session, scope, [packet]).get(packet.id, [])
    offered = answers.offered(packet, given)
    form.code.choices = [
        SelectChoice(code, capitalize_first(say(Message(ANSWER_LABEL[code])))) for code in offered
    ]
    form.seen.data = str(len(given))
    return render_template(
        "packets/one.html",
        packet=packet,
        facts=packet.facts,
        rows=wording.rows(packet),
        notes=arrivals.notes_of(packet),
        related=arrivals.related(session, packet, scope),
        document_id=arrivals.own_document(session, packet, scope) if _reads_documents() else None,
        given=given,
        offered=offered,
        form=form,
        words=wording,
    )


@blueprint.get("/<int:packet_id>/file")
@needs(Permission.EXCHANGE)
def file(packet_id: int) -> ResponseReturnValue:
    """Give a packet, or an answer, as the file that it is."""
    packet = _found(packet_id)
    try:
        data = store_of(current_app).get(packet.sha256)
    except KeyError:
        abort(404)
    return _download(data, EDXML, packet.file_name)


@blueprint.get("/<int:packet_id>/files/<int:number>")
@needs(Permission.EXCHANGE)
def attachment(packet_id: int, number: int) -> ResponseReturnValue:
    """Give a file that is in a packet, as a download of the type that it really is."""
    packet = _found(packet_id)
    if packet.kind in {PacketKind.STATUS, PacketKind.ANSWER}:
        abort(404)
    try:
        found = arrivals.file_of(store_of(current_app), packet, number)
    except KeyError:
        abort(404)
    if found is None:
        abort(404)
    return _download(found.data, found.media_type, found.name)


def _download(data: bytes, media_type: str, name: str) -> ResponseReturnValue:
    return send(io.BytesIO(data), media_type, as_attachment=True, download_name=name, etag=False)


@blueprint.post("/<int:packet_id>/answer", endpoint="packet_answer")
@needs(Permission.EXCHANGE)
def answer(packet_id: int) -> ResponseReturnValue:
    """Make the file that answers a packet."""
    packet, form = _found(packet_id), AnswerForm()
    session, scope = database(), current.scope()
    given = arrivals.answered(session, scope, [packet]).get(packet.id, [])
    form.code.choices = [SelectChoice(code, code) for code in answers.ANSWERS]
    form.reason.validators = [*form.reason.validators, Optional()]
    if confirming.asks_to_look():
        return _page(packet, form)
    if not form.validate():
        return _page(packet, form), 422
    with attempt(form=form) as outcome:
        _check_seen(str(form.seen.data or ""), given)
        actor, store = current.actor(), store_of(current_app)
        code, reason = str(form.code.data), str(form.reason.data or "")
        answers.answer(session, actor, scope, store, packet, code, reason, now=now())
    if outcome.blocked:
        return _page(_found(packet_id), form), outcome.code
    outcome.flash(gettext("Đã lập gói tin trả lời. Hãy tải về và gửi qua hệ thống của đơn vị."))
    return redirect(url_for("packets.one", packet_id=packet_id))


def _reads_documents() -> bool:
    return current.actor().role in GRANTS[Permission.READ_DOCUMENTS]


def _check_seen(seen: str, given: list[ExchangePacket]) -> None:
    if seen != str(len(given)):
        said = N_("Gói tin này vừa được người khác trả lời. Hãy xem lại.")
        raise StaleError(Message(said))


def _found(packet_id: int) -> ExchangePacket:
    packet = arrivals.find(database(), packet_id, current.scope())
    if packet is None:
        abort(404)
    return packet
