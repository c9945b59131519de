"""The trail of a unit for who watches over it: searched, and taken along as a file."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from lth.access import on_behalf
from lth.blueprints.document.wording import act_done
from lth.blueprints.web import current, paging, trail_pages
from lth.blueprints.web.layout import role_name
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.trail_pages import EventFilter
from lth.core.formats import format_moment
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.models import Event
from lth.workflow import trail
from lth.workflow.acts import Act
from lth.workflow.kinds import document_name
from lth.workflow.trail import TrailEvent


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/trail", "trail", listing)
    blueprint.add_url_rule("/trail/file", "trail_file", taken_along)


@needs(Permission.READ_TRAIL)
def listing() -> ResponseReturnValue:
    """List what was done on the documents that the actor sees, newest first, as looked for."""
    form = _form()
    found, total = _found(form, paging.SIZE, paging.SIZE * (paging.number() - 1))
    return render_template(
        "trail.html",
        form=form,
        lines=[(one, _title(one), who(one.event)) for one in found],
        places=trail_pages.places(one.event for one in found),
        files=_files(),
        most=trail_pages.EXPORTED,
        page=paging.page(total),
    )


@needs(Permission.READ_TRAIL)
def taken_along() -> ResponseReturnValue:
    """Answer with a file of what was looked for."""
    found, total = _found(_form(), trail_pages.EXPORTED, 0)
    by_key = {one.event.link_key: one for one in found}
    head = (
        *(gettext("Lúc"), gettext("Người thực hiện"), gettext("Chức vụ"), gettext("Vai trò")),
        *(gettext("Đơn vị"), gettext("Phòng, ban"), gettext("Việc"), gettext("Văn bản")),
        *(gettext("Lần"), gettext("Lý do, ý kiến")),
    )
    rows = [one.event for one in found]
    return trail_pages.answer(
        trail_pages.wanted_file(), head, rows, lambda row: _cells(by_key[row.link_key]), total
    )


def who(event: Event) -> str:
    """Word who did it, as they were called then, and for whom where they signed for somebody."""
    return say(on_behalf.who(event.data.get("on_behalf"), event.person_name))


def _found(form: EventFilter, limit: int, offset: int) -> tuple[list[TrailEvent], int]:
    if not form.validate():
        return [], 0
    return trail.events(
        current.database(), current.scope(), form.search(), limit=limit, offset=offset
    )


def _form() -> EventFilter:
    form = EventFilter(request.args)
    form.what.choices = [
        SelectChoice("", gettext("Mọi việc")),
        *(SelectChoice(act.value, act_done(act)) for act in Act),
    ]
    return form


def _files() -> list[tuple[str, str]]:
    """List the addresses of the files of what is looked for, each with its name."""
    endpoint = f"{request.endpoint}_file"
    asked = {name: value for name, value in request.args.items() if name in EventFilter.ASKED}
    return [
        (paging.address(endpoint, {**asked, "file": kind}), label)
        for kind, label in trail_pages.files()
    ]


def _title(one: TrailEvent) -> str:
    return f"{capitalize_first(one.unit)} – {document_name(one.kind, one.period_code)}"


def _cells(one: TrailEvent) -> Sequence[str]:
    event = one.event
    number = event.data.get("document_number", "")
    done = act_done(event.action)
    return (
        *(format_moment(event.at), who(event), event.person_position),
        *(role_name(event.role, ""), event.unit_name, event.office_name),
        *(f"{done} ({number})" if number else done, _title(one)),
        *(str(event.revision_number), event.reason),
    )
