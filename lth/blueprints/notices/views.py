"""Outgoing mail: the list, a message as it reads, what an administrator does with it, the jobs."""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lth.blueprints.web import committing, current, paging
from lth.blueprints.web.current import database, now
from lth.blueprints.web.extensions import nudge_of
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.config import Settings
from lth.core.errors import BlockedError, NotNowError, StaleError
from lth.core.i18n import N_
from lth.core.language import gettext, ngettext
from lth.models.outbox import Delivery
from lth.notifications import job_status, outbox, tick

blueprint = Blueprint("mail", __name__, url_prefix="/mail")

_LOOK = {
    Delivery.HELD: ("draft", "lock"),
    Delivery.WAITING: ("submitted", "clock"),
    Delivery.SENDING: ("submitted", "mail"),
    Delivery.SENT: ("approved", "check"),
    Delivery.FAILED: ("missing", "warning"),
    Delivery.DISCARDED: ("revoked", "close"),
    Delivery.BUNDLED: ("approved", "mail"),
}
_JOBS = {
    "drain_job": N_("Gửi thư"),
    "tick_job": N_("Nhắc hạn và gộp thư"),
}


@blueprint.get("")
@needs(Permission.READ_MAIL)
def outgoing() -> ResponseReturnValue:
    """List a page of the messages in the scope, in one state or in all."""
    state = _state(request.args.get("state", ""))
    number = paging.number()
    found = outbox.listing(_settings(), database(), current.scope(), number, state)
    return render_template(
        "outbox/list.html",
        found=found,
        page=paging.page(found.total, outbox.PAGE_SIZE),
        queue=outbox.queue(database(), current.scope()),
        state=state,
        badge=badge,
        why_not=_why_not,
        has_relay=_has_relay(),
        administers=current.actor().role in GRANTS[Permission.ADMINISTER_UNIT],
        sees_jobs=current.actor().role in GRANTS[Permission.ADMINISTER_SYSTEM],
        Delivery=Delivery,
    )


@blueprint.get("/jobs")
@needs(Permission.ADMINISTER_SYSTEM)
def background() -> ResponseReturnValue:
    """Show whether what runs by the clock does run, and what is left to it."""
    return render_template(
        "outbox/jobs.html",
        last=tick.last(database(), current.scope(), now()),
        overdue_minutes=int(tick.OVERDUE.total_seconds() // 60),
        ago=_ago,
        queue=outbox.queue(database(), current.scope()),
        jobs=job_status.state(nudge_of(current_app)),
        badge=badge,
        has_relay=_has_relay(),
        counted=_counted,
        job_name=_job_name,
    )


@blueprint.post("/retry")
@needs(Permission.ADMINISTER_UNIT)
def retry_all() -> ResponseReturnValue:
    """Try everything again that was given up."""
    with committing.with_answer():
        count = outbox.retry_all(database(), current.actor(), now=now())
    if count:
        text = ngettext(
            "%(num)s thư lỗi đã trở lại hàng chờ và sẽ được gửi lại.",
            "%(num)s thư lỗi đã trở lại hàng chờ và sẽ được gửi lại.",
            count,
        )
        flash(text, "success")
    else:
        flash(gettext("Không có thư lỗi nào để gửi lại."), "info")
    return redirect(url_for("mail.outgoing"))


@blueprint.get("/<int:message_id>")
@needs(Permission.READ_MAIL)
def message(message_id: int) -> ResponseReturnValue:
    """Show one message as its reader gets it, but for a one-time link."""
    shown = outbox.preview(_settings(), database(), current.scope(), message_id, now())
    return render_template(
        "outbox/message.html",
        shown=shown,
        badge=badge,
        why_not=_why_not,
        has_relay=_has_relay(),
        Delivery=Delivery,
    )


@blueprint.post("/<int:message_id>/<any(release, retry, discard):act>")
@needs(Permission.ADMINISTER_UNIT)
def handle(message_id: int, act: str) -> ResponseReturnValue:
    """Let a held message go, try a failed one again, or never send one."""
    with attempt(NotNowError, BlockedError, StaleError) as outcome:
        _handle(message_id, act)
    outcome.flash(_done(act, message_id) if outcome.done else "")
    return redirect(url_for("mail.message", message_id=message_id))


def badge(state: Delivery) -> dict[str, str]:
    """Return a state's badge: its class, a symbol, a word."""
    look, icon = _LOOK[state]
    return {"look": look, "icon": icon, "label": gettext(outbox.DELIVERY_LABEL[state])}


def _handle(message_id: int, act: str) -> None:
    session, actor, moment = database(), current.actor(), now()
    seen = request.form.get("seen", "")
    if act == "release":
        outbox.release(session, actor, message_id, now=moment, smtp=_has_relay(), seen=seen)
    elif act == "retry":
        outbox.retry(session, actor, message_id, now=moment, seen=seen)
    else:
        outbox.discard(session, actor, message_id, now=moment, seen=seen)


def _done(act: str, message_id: int) -> str:
    if act == "discard":
        return gettext("Đã bỏ thư; thư này sẽ không được gửi.")
    if outbox.waits_for_morning(database(), current.scope(), message_id):
        return gettext("Thư đã vào hàng chờ và sẽ đi trong thư gộp sáng tới của người nhận.")
    return gettext("Thư đã vào hàng chờ và sẽ được gửi trong ít phút.")


def _counted(counted: Mapping[str, int]) -> str:
    """Word what a tick has written."""
    return gettext(
        "%(reminders)s thư nhắc hạn, %(vacancies)s thư về vai trò trống, %(digests)s thư gộp",
        reminders=counted.get("reminders", 0),
        vacancies=counted.get("vacancies", 0),
        digests=counted.get("digests", 0),
    )


def _ago(moment: datetime) -> str:
    """Word how long ago something was, to the minute or, after two hours, to the hour."""
    minutes = int((now() - moment).total_seconds() // 60)
    if minutes < 1:
        return gettext("chưa đến một phút")
    if minutes < 120:
        return ngettext("%(num)s phút", "%(num)s phút", minutes)
    return ngettext("%(num)s giờ", "%(num)s giờ", minutes // 60)


def _job_name(name: str) -> str:
    """Word what one of our jobs in Redis is for; its own name where it is not ours."""
    return gettext(_JOBS[name]) if name in _JOBS else name


def _why_not(note: str) -> str:
    """Word why a message was not sent; what a relay said stays as it is."""
    return gettext(outbox.why_not(note))


def _state(word: str) -> Delivery | None:
    return Delivery(word) if word in set(Delivery) else None


def _settings() -> Settings:
    return current_app.config["SETTINGS"]


def _has_relay() -> bool:
    return _settings().smtp_url is not None
