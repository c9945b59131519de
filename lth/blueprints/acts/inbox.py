"""The review desk: what the units below have sent, or not; approving one or many."""

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from lth import clock
from lth.blueprints import current, paging
from lth.blueprints.permissions import Permission, needs
from lth.database import unit_of_work
from lth.language import say
from lth.models.plan import Kind
from lth.planning import synthesis
from lth.workflow import inbox, operations, plans
from lth.workflow.case import Inputs
from lth.workflow.errors import LthError
from lth.workflow.table import Act

MANY = 100
"""How many documents one bulk act may name."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/inbox", "inbox", listing)
    blueprint.add_url_rule("/inbox", "inbox_many", many, methods=["POST"])


@needs(Permission.READ_PLANS)
def listing() -> ResponseReturnValue:
    return _page()


@needs(Permission.REVIEW)
def many() -> ResponseReturnValue:
    """Do one act on the ticked documents; each row has its own transaction and result."""
    act = Act(request.form.get("act", Act.APPROVE))
    if act not in BULK.values():
        abort(400)
    chosen = request.form.getlist("plan")[:MANY]
    return _page([_one(act, *_reference(one)) for one in chosen], act)


def _reference(text: str) -> tuple[int, int]:
    """A ticked row: the plan's id and the version its row showed."""
    plan_id, _, seen = text.partition(":")
    if not (plan_id.isdigit() and seen.isdigit()):
        abort(400)
    return int(plan_id), int(seen)


@dataclass(frozen=True)
class Result:
    """What came of one ticked row."""

    unit_name: str
    done: bool
    messages: list[str]


def _one(act: Act, plan_id: int, seen: int) -> Result:
    session, actor = current.database(), current.actor()
    name = ""
    try:
        with unit_of_work(session):
            name = plans.get(session, plan_id, current.scope()).unit.full_name
            operations.do(
                session, actor, plan_id, act, seen=seen, now=current.now(), inputs=Inputs()
            )
    except LthError as error:
        return Result(name, False, [say(message) for message in error.messages])
    return Result(name, True, [])


def _page(results: list[Result] | None = None, act: Act | None = None) -> ResponseReturnValue:
    session, actor = current.database(), current.actor()
    rounds = inbox.rounds(session, actor)
    if not rounds:
        return render_template("inbox_empty.html")
    shown = _chosen(rounds)
    states = frozenset(inbox.State(one) for one in request.args.getlist("state") if one in _STATES)
    page = inbox.listing(
        session,
        actor,
        shown.period.id,
        shown.kind,
        states=states,
        text=request.args.get("text", ""),
        mine=request.args.get("mine") == "1",
        number=paging.number(),
    )
    ids = [line.plan_id for line in page.lines if line.plan_id]
    return render_template(
        "inbox.html",
        rounds=rounds,
        shown=shown,
        page=page,
        pager=paging.page(page.matching, inbox.PAGE),
        states=states,
        text=request.args.get("text", ""),
        mine=request.args.get("mine") == "1",
        consolidated=synthesis.consolidated(session, ids),
        results=results or [],
        act=act,
        acts=_bulk_acts(page.lines),
        day=clock.today(),
    )


_STATES = {state.value for state in inbox.State}


def _chosen(rounds: list[inbox.Round]) -> inbox.Round:
    """The round that the address names, else the newest."""
    period = request.args.get("period", type=int)
    kind = request.args.get("kind")
    for one in rounds:
        if one.period.id == period and (kind is None or one.kind == Kind(kind)):
            return one
    return rounds[0]


BULK = {
    inbox.State.SUBMITTED: Act.OPEN,
    inbox.State.REVIEW: Act.APPROVE,
    inbox.State.ISSUED: Act.ACKNOWLEDGE,
}
"""What can be done to many documents at once, by their state."""


def _bulk_acts(lines: list[inbox.Line]) -> list[Act]:
    """The acts that the actor's role may do on rows of this page."""
    mine = operations.acts_below(current.actor(), BULK.values())
    waiting = {BULK.get(line.state) for line in lines if line.my_turn}
    return [act for act in mine if act in waiting]
