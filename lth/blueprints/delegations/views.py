"""Ký thay, ủy quyền: the decisions of a unit by which others sign; recording one, ending one."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import Field
from wtforms.fields.choices import SelectFieldBase
from wtforms.widgets import HiddenInput

from lth.access import delegations, on_behalf
from lth.access.actor import Actor
from lth.access.delegations import DecisionStage, Party
from lth.administration import delegation_commands
from lth.administration.context import AdminContext
from lth.blueprints.delegations.forms import DecisionForm
from lth.blueprints.web import confirming, current, paging, tables, vacancies
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt, rehearse
from lth.core import clock
from lth.core.errors import BlockedError
from lth.core.formats import format_date, format_moment
from lth.core.i18n import Message
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import Delegation, Programme, Unit
from lth.models.delegation import DELEGATED_FORMS
from lth.models.document import SignForm
from lth.models.person import Role


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/delegations", "delegations", listing)
    rule("/delegations/new", "delegation_new", new)
    rule("/delegations/new", "delegation_record", record, methods=["POST"])
    rule("/delegations/<int:delegation_id>/end", "delegation_end", end, methods=["POST"])


@needs(Permission.DELEGATE)
def listing() -> ResponseReturnValue:
    """List the unit's decisions: in force, coming, over."""
    session, actor, today = current.database(), current.actor(), clock.today()

    def read(number: int) -> tuple[Sequence[Delegation], int]:
        return delegations.listing(session, current.scope(), today, number=number, size=paging.SIZE)

    if tables.wanted():
        return tables.answer(_table(tables.all_pages(read)), "ky-thay-uy-quyen")
    found, total = read(paging.number())
    rows = [_row(delegation) for delegation in found]
    return render_template(
        "delegations.html",
        groups=[(stage, [row for row in rows if row["stage"] is stage]) for stage in DecisionStage],
        total=total,
        pager=paging.page(total),
        refused=_refused_to(actor),
        warnings=vacancies.taking_back(actor.unit_id) if rows and actor.unit_id else [],
    )


def _table(found: Sequence[Delegation]) -> ListTable:
    """Return decisions as a list, each with its days apart."""
    head = [
        *(gettext("Người được giao ký"), gettext("Ký thay"), gettext("Căn cứ")),
        *(gettext("Phạm vi"), gettext("Chương trình"), gettext("Từ ngày"), gettext("Đến ngày")),
        gettext("Ghi chú"),
    ]
    rows = [_cells(given, _row(given)) for given in found]
    return ListTable(gettext("Ký thay, ủy quyền"), head, rows)


def _cells(given: Delegation, row: dict[str, Any]) -> list[TableValue]:
    return [
        *(row["receiver"], row["stands_in"], row["decision"], row["subject"]),
        row["programme"] or gettext("Mọi chương trình"),
        *(given.starts_on, given.ends_on, row["note"]),
    ]


def _refused_to(actor: Actor) -> str:
    refused = delegations.may_give(actor)
    return say(refused) if refused else ""


def _row(given: Delegation) -> dict[str, Any]:
    """Word a decision as the list shows it."""
    stage = delegations.stage(given, clock.today())
    return {
        "id": given.id,
        "stage": stage,
        "receiver": _called(given.receiver.name, given.receiver.position),
        "stands_in": say(on_behalf.stands_in(given.form, given.giver.name)),
        "decision": say(on_behalf.decision(given.number, given.decided_on)),
        "subject": say(Message(on_behalf.SUBJECT_LABEL[given.subject])),
        "programme": given.programme.code if given.programme else "",
        "days": f"{format_date(given.starts_on)} – {format_date(given.ends_on)}",
        "note": _note(given),
        "may_end": stage is not DecisionStage.OVER and delegations.may_end(current.actor(), given),
    }


def _note(given: Delegation) -> str:
    if given.ended_at is not None:
        return gettext("Kết thúc sớm lúc %(at)s", at=format_moment(given.ended_at))
    above = given.passed_on_from
    if above is None:
        return ""
    decision = say(on_behalf.decision(above.number, above.decided_on))
    return gettext("Giao lại theo %(decision)s", decision=decision)


def _called(name: str, position: str) -> str:
    return f"{name} ({position})" if position and position != name else name


@needs(Permission.DELEGATE)
def new() -> ResponseReturnValue:
    """Show the form for a decision that has been signed on paper."""
    form = DecisionForm(formdata=None, starts_on=clock.today())
    return _page(form)


@needs(Permission.DELEGATE)
def record() -> ResponseReturnValue:
    """Record it once it is confirmed. It is never changed afterwards."""
    form = DecisionForm()
    _offer(form)
    if confirming.asks_to_look():
        return _page(form)
    if not form.validate():
        return _page(form), 422
    own_role, confirmed = current.actor().assignment_id, confirming.is_confirmed()
    with (
        attempt(BlockedError, form=form)
        if confirmed
        else rehearse(BlockedError, form=form) as outcome
    ):
        delegation_commands.record(_admin(), form.decision(own_role))
    if not outcome.done:
        return _page(form), outcome.code
    if not confirmed:
        return _confirmation(form)
    outcome.flash(gettext("Đã ghi quyết định. Người giao và người ký thay đều nhận được thư."))
    return redirect(desk_url("delegations"))


def _confirmation(form: DecisionForm) -> str:
    """Show the decision that is about to be recorded, line by line."""
    asked = [field for field in form if not isinstance(field.widget, HiddenInput)]
    return confirming.page(
        gettext("Ghi quyết định giao ký"),
        gettext(
            "Sau khi ghi thì không sửa được, chỉ kết thúc sớm. Người giao và người ký thay đều "
            "nhận được thư."
        ),
        [ConfirmationRow(str(field.label.text), [_answer(field)]) for field in asked],
        gettext("Ghi quyết định"),
        kicker=capitalize_first(current.actor().unit_name),
        back=(gettext("Ký thay, ủy quyền"), desk_url("delegations")),
    )


def _answer(field: Field) -> str:
    """Return what was typed or chosen, in the words of the form."""
    if not isinstance(field, SelectFieldBase):
        return str(field._value())
    chosen = (label for value, label, *_ in field.iter_choices() if value == field.data)
    return str(next(chosen, ""))


@needs(Permission.DELEGATE)
def end(delegation_id: int) -> ResponseReturnValue:
    """End it from now on."""
    with attempt(BlockedError) as outcome:
        if delegation_commands.end(_admin(), delegation_id) is None:
            abort(404)
    outcome.flash(gettext("Đã kết thúc. Người được giao không ký thay được nữa."))
    return redirect(desk_url("delegations"))


def _admin() -> AdminContext:
    session, actor = current.database(), current.actor()
    return AdminContext(session, actor, session.get_one(Unit, actor.unit_id), current.now())


def _page(form: DecisionForm) -> str:
    _offer(form)
    actor = current.actor()
    return render_template(
        "delegation.html",
        form=form,
        giver=_called(actor.person_name, actor.position) if "giver" not in form else "",
        refused=_refused_to(actor),
    )


def _offer(form: DecisionForm) -> None:
    """Offer the people and programmes to choose from; a leader gives nothing but what is theirs."""
    session, actor, today = current.database(), current.actor(), clock.today()
    if actor.unit_id is None:
        abort(404)
    givers: list[tuple[int, str]] | None = None
    if actor.role is Role.UNIT_ADMIN:
        found = delegations.givers(session, actor.unit_id, today)
        givers = [(giver.id, _giver(giver)) for giver in found]
    people = delegations.receivers(session, actor.unit_id, today)
    receivers = [
        (person.id, _called(person.name, person.position))
        for person in people
        if person.id != actor.person_id
    ]
    programmes = session.execute(select(Programme.id, Programme.code).order_by(Programme.code))
    form.offer(givers, receivers, [tuple(row) for row in programmes], _forms(actor))


def _forms(actor: Actor) -> tuple[SignForm, ...]:
    """List the forms that the actor may record; the unit's administrator records any."""
    lent = actor.on_behalf
    return DELEGATED_FORMS if lent is None else delegations.PASSED_ON.get(lent.form, ())


def _giver(giver: Party) -> str:
    called = _called(giver.name, giver.position)
    return f"{called} – {giver.form.value}." if giver.form is not None else called
