"""The list of outgoing mail, a message as it reads, and what an administrator does with it."""

from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lth.blueprints import current, paging
from lth.blueprints.current import database, now
from lth.blueprints.permissions import Permission, needs
from lth.language import say
from lth.models.outbox import Delivery
from lth.notifications import outbox
from lth.workflow.errors import BlockedError, LthError, NotNowError

blueprint = Blueprint("mail", __name__, url_prefix="/mail")

_LOOK = {
    Delivery.HELD: ("draft", "lock"),
    Delivery.WAITING: ("submitted", "clock"),
    Delivery.SENDING: ("submitted", "mail"),
    Delivery.SENT: ("approved", "check"),
    Delivery.FAILED: ("missing", "warning"),
    Delivery.DISCARDED: ("revoked", "close"),
}


@dataclass(frozen=True)
class Badge:
    """How a message's state looks: a badge's class, a symbol, a word."""

    look: str
    icon: str
    label: str


@blueprint.get("")
@needs(Permission.READ_MAIL)
def outgoing() -> ResponseReturnValue:
    """A page of the messages in the scope, in one state or in all."""
    state = _state(request.args.get("state", ""))
    number = paging.number()
    found = outbox.listing(_app(), database(), current.scope(), number, state)
    return render_template(
        "outbox/list.html",
        found=found,
        page=paging.page(found.total, outbox.PAGE_SIZE),
        counts=outbox.counts(database(), current.scope()),
        state=state,
        badge=badge,
        has_relay=_has_relay(),
    )


@blueprint.get("/<int:message_id>")
@needs(Permission.READ_MAIL)
def message(message_id: int) -> ResponseReturnValue:
    """One message as its reader gets it, but for a one-time link."""
    shown = outbox.preview(_app(), database(), current.scope(), message_id)
    return render_template(
        "outbox/message.html", shown=shown, badge=badge, has_relay=_has_relay(), Delivery=Delivery
    )


@blueprint.post("/<int:message_id>/<any(release, retry, discard):act>")
@needs(Permission.ADMINISTER_UNIT)
def handle(message_id: int, act: str) -> ResponseReturnValue:
    """Let a held message go, try a failed one again, or never send one."""
    try:
        _handle(message_id, act)
    except (NotNowError, BlockedError) as error:
        database().rollback()
        flash(_text(error), "error")
    else:
        database().commit()
        flash(_done(act), "success")
    return redirect(url_for("mail.message", message_id=message_id))


def badge(state: Delivery) -> Badge:
    """A state as a badge."""
    look, icon = _LOOK[state]
    return Badge(look, icon, gettext(outbox.DELIVERY_LABEL[state]))


def _handle(message_id: int, act: str) -> None:
    session, actor, moment = database(), current.actor(), now()
    if act == "release":
        outbox.release(session, actor, message_id, now=moment, smtp=_has_relay())
    elif act == "retry":
        outbox.retry(session, actor, message_id, now=moment)
    else:
        outbox.discard(session, actor, message_id, now=moment)


def _done(act: str) -> str:
    if act == "discard":
        return gettext("Đã bỏ thư; thư này sẽ không được gửi.")
    return gettext("Thư đã vào hàng chờ và sẽ được gửi trong ít phút.")


def _text(error: LthError) -> str:
    return " ".join(say(one) for one in error.messages)


def _state(word: str) -> Delivery | None:
    return Delivery(word) if word in set(Delivery) else None


def _app():
    return current_app._get_current_object()  # type: ignore[attr-defined] # mail is written by it


def _has_relay() -> bool:
    return current_app.config["SETTINGS"].smtp_url is not None
