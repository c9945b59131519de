"""What visits have found: the list, and one finding with what became of it."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.clubs.visit_forms import FollowUpForm, ShownForm
from lth.blueprints.clubs.visit_wording import (
    STEP_LABEL,
    STEP_TONE,
    mender,
    stage,
    visit_name,
)
from lth.blueprints.clubs.visits import finding_rows, list_tabs
from lth.blueprints.web import confirming, current, paging, tables
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt, rehearse
from lth.clubs import visit_lists, visits
from lth.clubs.visit_lists import FindingsShown
from lth.core import clock
from lth.core.formats import format_date, format_moment
from lth.core.i18n import Message
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first
from lth.exchange.grids.tables import ListTable
from lth.models import FindingMove, VisitFinding
from lth.models.visit import FindingStep


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/clubs/findings", "club_findings", listing)
    rule("/clubs/findings/<int:finding_id>", "club_finding", one)
    rule("/clubs/findings/<int:finding_id>", "club_finding_step", step, methods=["POST"])


@needs(Permission.READ_CLUBS)
def listing() -> ResponseReturnValue:
    """List what visits have found at the clubs that the unit sees."""
    form = ShownForm(request.args)
    shown = form.of_findings()
    if tables.wanted():
        return tables.answer(_table(shown), "ton-tai-sau-kiem-tra")
    found, total = _read(shown, paging.number())
    return render_template(
        "clubs/findings.html",
        form=form,
        rows=finding_rows(found, clock.today()),
        tabs=list_tabs("club_findings"),
        filtered=shown is not FindingsShown.ALL,
        pager=paging.page(total),
        total=total,
    )


def _read(shown: FindingsShown, number: int) -> tuple[Sequence[VisitFinding], int]:
    return visit_lists.findings(
        current.database(),
        current.scope(),
        shown,
        clock.today(),
        limit=paging.SIZE,
        offset=paging.SIZE * (number - 1),
    )


def _table(shown: FindingsShown) -> ListTable:
    head = [
        *(gettext("Xã"), gettext("Tên câu lạc bộ"), gettext("Tồn tại"), gettext("Ai khắc phục")),
        *(gettext("Hạn khắc phục"), gettext("Tình trạng"), gettext("Quá hạn")),
    ]
    found = tables.all_pages(lambda number: _read(shown, number))
    rows = [
        [
            *(row["commune"], row["club"], row["text"], row["mender"], row["due_on"]),
            *(row["stage"], gettext("có") if row["late"] else ""),
        ]
        for row in finding_rows(found, clock.today())
    ]
    return ListTable(gettext("Tồn tại sau kiểm tra"), head, rows)


@needs(Permission.READ_CLUBS)
def one(finding_id: int) -> ResponseReturnValue:
    """Show a finding with every step after it."""
    return _page(finding_id)


def _page(
    finding_id: int, form: FollowUpForm | None = None, code: int = 200
) -> ResponseReturnValue:
    session = current.database()
    found = visit_lists.finding(session, finding_id, current.scope())
    steps = visits.offered(current.actor(), found)
    if form is None and steps:
        form = FollowUpForm(formdata=None, seen=found.version, done_on=clock.today())
        form.offer(steps)
    page = render_template(
        "clubs/finding.html",
        found=found,
        visit_name=visit_name(found.visit),
        stage=stage(found),
        late=visit_lists.is_late(found, clock.today()),
        facts=_facts(found),
        way=[_event(one) for one in reversed(visit_lists.moves(session, found))],
        form=form if steps else None,
    )
    return page, code


def _facts(found: VisitFinding) -> list[tuple[str, str]]:
    return [
        (gettext("Tên câu lạc bộ"), found.club.name),
        (gettext("Xã"), capitalize_first(found.club.unit.full_name)),
        (gettext("Ai khắc phục"), mender(found)),
        (gettext("Hạn khắc phục"), format_date(found.due_on)),
        (gettext("Người ghi"), f"{found.person_name}, {found.unit_name}"),
    ]


def _event(move: FindingMove) -> dict[str, Any]:
    what = gettext(
        "%(step)s, ngày %(day)s",
        step=say(Message(STEP_LABEL[move.step])),
        day=format_date(move.done_on),
    )
    if move.step is FindingStep.REOPEN:
        what = gettext("%(step)s; hạn mới %(day)s", step=what, day=format_date(move.due_on))
    return {
        "what": what,
        "who": f"{move.person_name}, {move.unit_name}",
        "when": format_moment(move.at),
        "reason": move.text,
        "tone": STEP_TONE.get(move.step, ""),
    }


@needs(Permission.KEEP_VISITS)
def step(finding_id: int) -> ResponseReturnValue:
    """Take a step with a finding, once it is confirmed."""
    session, actor = current.database(), current.actor()
    found = visit_lists.finding(session, finding_id, current.scope())
    form = FollowUpForm(done_on=clock.today())
    form.offer(visits.offered(actor, found) or list(FindingStep))
    if confirming.asks_to_look():
        return _page(finding_id, form)
    if not form.validate():
        return _page(finding_id, form, 422)
    taken = FindingStep(form.step.data)
    with attempt(form=form) if confirming.is_confirmed() else rehearse(form=form) as outcome:
        visits.follow_up(
            *(session, actor, finding_id, form.said(taken)),
            seen=form.seen.data or 0,
            now=current.now(),
        )
    if outcome.blocked:
        return _page(finding_id, form, outcome.code)
    if not outcome.done:
        outcome.flash()
        return _page(finding_id, code=outcome.code)
    if not confirming.is_confirmed():
        return _confirmation(finding_id, form, taken)
    outcome.flash(gettext("Đã ghi."))
    return redirect(desk_url("club_finding", finding_id=finding_id))


def _confirmation(finding_id: int, form: FollowUpForm, taken: FindingStep) -> str:
    found = visit_lists.finding(current.database(), finding_id, current.scope())
    said = form.said(taken)
    rows = [
        ConfirmationRow(gettext("Tồn tại"), [found.text]),
        ConfirmationRow(gettext("Nội dung"), [said.text]),
        ConfirmationRow(gettext("Ngày làm"), [format_date(said.done_on)]),
    ]
    if taken is FindingStep.REOPEN:
        rows.append(ConfirmationRow(gettext("Hạn mới"), [format_date(said.due_on)]))
    title = say(Message(STEP_LABEL[taken]))
    return confirming.page(
        title,
        gettext("Điều đã ghi không sửa được; bên kia nhận được thư."),
        rows,
        title,
        kicker=found.club.name,
        back=(gettext("Tồn tại"), desk_url("club_finding", finding_id=finding_id)),
    )
