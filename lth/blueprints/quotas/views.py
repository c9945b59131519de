"""Following what was handed down: sums and gaps, what the units below ask, settling it."""

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth import quotas
from lth.access.actor import Actor
from lth.blueprints.document.wording import document_name, local_name
from lth.blueprints.quotas.wording import amount, rounds_told, state_label
from lth.blueprints.web import confirming, current, paging, tables
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.layout import mark_section
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.other_role import opens_for
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt, rehearse
from lth.content import targets
from lth.content.targets import FigureError
from lth.core import clock
from lth.core.errors import BlockedError, NotFoundError
from lth.core.i18n import N_, Message
from lth.core.language import current as language
from lth.core.language import gettext, say
from lth.core.vietnamese import capitalize_first, nfc
from lth.exchange.grids.tables import ListTable, TableValue
from lth.models import Document, Quota
from lth.models.programme import Measure
from lth.models.quota import Move
from lth.quotas import Place, QuotaState, QuotaSums
from lth.workflow import documents

PAGE = 50


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/quotas", "document_quotas", board_page)
    rule(
        "/documents/<int:document_id>/quotas/units/<int:unit_id>",
        "document_quotas_of_unit",
        unit_page,
    )
    rule(
        "/documents/<int:document_id>/quotas/<int:quota_id>",
        "document_settle",
        settle,
        methods=["POST"],
    )


@opens_for("document_quotas", "document_quotas_of_unit")
def followed(document: Document, actor: Actor) -> bool:
    """Tell whether an actor who sees a plan reads what was handed down from it."""
    below = document.unit_path.startswith(actor.unit_path)
    return document.kind.hands_down and document.in_force_number is not None and below


@opens_for("document_split")
def _split(document: Document, actor: Actor) -> bool:
    return followed(document, actor) and document.unit_id == actor.unit_id


def read(document_id: int) -> Document:
    """A plan that can have handed quotas down; 404 for a synthesis or one not in force."""
    document = documents.get(current.database(), document_id, current.scope())
    if not followed(document, current.actor()):
        raise NotFoundError
    mark_section(document, current.scope())
    return document


def place_of(text: str) -> Place | None:
    """The target that a text of the address names: "12.3"."""
    indicator, _, phase = text.partition(".")
    found = paging.whole(indicator, 2**31), paging.whole(phase, 2**31)
    return None if None in found else found  # type: ignore[return-value] # both are numbers


@needs(Permission.READ_DOCUMENTS)
def board_page(document_id: int) -> ResponseReturnValue:
    document = read(document_id)
    if tables.wanted():
        return tables.answer(_table(document), "giao-chi-tieu")
    return _board(document)


def _table(document: Document) -> ListTable:
    """Return every quota of every unit below as a list."""
    found = quotas.standings(
        current.database(), document.id, current.scope(), limit=tables.MOST_ROWS
    )
    head = [
        *(gettext("Chỉ tiêu"), gettext("Giai đoạn"), gettext("Đơn vị"), gettext("Được giao")),
        *(gettext("Đề nghị"), gettext("Tình trạng"), gettext("Lý do")),
    ]
    note = f"{document_name(document.kind, document.period)}, {document.unit.full_name}."
    return ListTable(gettext("Theo dõi giao chỉ tiêu"), head, [*map(_cells, found)], note)


def _cells(one: quotas.QuotaStanding) -> list[TableValue]:
    asked = amount(one.proposed, one.indicator) if one.state is QuotaState.PROPOSED else ""
    return [
        *(local_name(one.indicator), one.phase.code.replace("-", "–")),
        capitalize_first(one.unit.full_name),
        *(tables.value(str(amount(one.quota.value, one.indicator))), tables.value(str(asked))),
        *(state_label(one.state), one.last.reason if one.last else ""),
    ]


def _board(document: Document, refused: tuple[int, Outcome] | None = None, code: int = 200):
    """The page; after a refusal, with what was typed and what is wrong with it."""
    session, scope = current.database(), current.scope()
    known = {one.place: one for one in quotas.splittable(session, document, scope)}
    lines = quotas.sums(session, document, scope, known)
    shown = quotas.chosen(lines, place_of(request.args.get("line", "")))
    state = _state()
    page = render_template(
        "quotas.html",
        document=document,
        lines=lines,
        shown=shown,
        state=state,
        rows=_rows(document, shown, state) if shown else [],
        pager=paging.page(_matching(shown, state), PAGE) if shown else None,
        may_settle=_may_settle(document),
        refused=refused[0] if refused else None,
        errors=_errors(document.id, *refused) if refused else {},
        day=clock.today(),
        many=len({line.phase.id for line in lines}) > 1,
        rounds=rounds_told(quotas.rounds(session, document.id, scope)),
    )
    return page, code


def _state() -> QuotaState | None:
    asked = request.args.get("state", "")
    return QuotaState(asked) if asked in set(QuotaState) else None


def _matching(shown: QuotaSums, state: QuotaState | None) -> int:
    return shown.units if state is None else shown.states.get(state, 0)


def _rows(
    document: Document, shown: QuotaSums, state: QuotaState | None
) -> list[quotas.QuotaStanding]:
    indicator_id, phase_id = shown.place
    conditions = [Quota.indicator_id == indicator_id, Quota.phase_id == phase_id]
    if state is not None:
        conditions.append(quotas.in_state(state))
    return quotas.standings(
        current.database(),
        document.id,
        current.scope(),
        *conditions,
        limit=PAGE,
        offset=(paging.number() - 1) * PAGE,
    )


def _may_settle(document: Document) -> bool:
    actor = current.actor()
    return actor.unit_id == document.unit_id and quotas.gives(actor, document.programme_id)


def _errors(document_id: int, quota_id: int, outcome: Outcome) -> dict[str, str]:
    """What is wrong, by the last part of its field: "value" or "reason"."""
    found = {message.field.partition(":")[2]: say(message) for message in outcome.messages}
    if "value" in found:
        found["value"] = _read(document_id, quota_id)[1] or found["value"]
    return found


@needs(Permission.HAND_DOWN)
def settle(document_id: int, quota_id: int) -> ResponseReturnValue:
    """Grant what a unit asks, keep its quota, or give another figure."""
    session = current.database()
    document, asked = read(document_id), request.form.get("move", "")
    if confirming.asks_to_look():
        return _board(document, (quota_id, Outcome()))
    if not asked:
        message = Message(N_("Hãy chọn một cách giải quyết."), field=f"{quota_id}:move")
        return _board(document, (quota_id, Outcome(BlockedError(message))), 422)
    if asked not in set(Move):
        abort(400)
    with attempt() if confirming.is_confirmed() else rehearse() as outcome:
        row = quotas.settle(
            session,
            current.actor(),
            document_id,
            quota_id,
            Move(asked),
            seen=paging.whole_in(request.form, "seen"),
            value=_typed(document_id, quota_id),
            reason=nfc(request.form.get("reason", "")),
            now=current.now(),
        )
        done = row.move
    if outcome.blocked:
        return _board(read(document_id), (quota_id, outcome), outcome.code)
    if not outcome.done:
        return _board(read(document_id), code=outcome.flash_overtaken())
    if not confirming.is_confirmed():
        return _confirmation(read(document_id), quota_id, done)
    outcome.flash(_DONE[done]())
    board = desk_url("document_quotas", document_id=document_id)
    return redirect(paging.joined(board, {**request.args, "page": None}))


def _confirmation(document: Document, quota_id: int, move: Move) -> str:
    """Show what a unit is about to be told, and what then stands."""
    (held,) = quotas.standings(
        current.database(), document.id, current.scope(), Quota.id == quota_id
    )
    given = amount(held.quota.value, held.indicator)
    asked = amount(held.proposed, held.indicator)
    other = amount(_typed(document.id, quota_id) or 0, held.indicator)
    told = {
        Move.GRANT: gettext("Chấp nhận đề nghị: số giao từ %(a)s thành %(b)s.", a=given, b=asked),
        Move.KEEP: gettext("Giữ số giao %(a)s; không theo đề nghị %(b)s.", a=given, b=asked),
        Move.ADJUST: gettext(
            "Giao số khác: từ %(a)s thành %(c)s; đơn vị đề nghị %(b)s.", a=given, b=asked, c=other
        ),
    }
    reason = nfc(request.form.get("reason", "")).strip()
    lines = [told[move], *([gettext("Lý do: %(reason)s", reason=reason)] if reason else [])]
    unit, name = capitalize_first(held.unit.full_name), local_name(held.indicator)
    board = desk_url("document_quotas", document_id=document.id)
    return confirming.page(
        gettext("Giải quyết đề nghị"),
        gettext("%(unit)s sẽ nhận được thư ghi trả lời dưới đây.", unit=unit),
        [ConfirmationRow(f"{unit} – {name}", lines)],
        gettext("Gửi trả lời"),
        kicker=document_name(document.kind, document.period),
        back=(gettext("Theo dõi giao chỉ tiêu"), paging.joined(board, request.args)),
    )


_DONE = {
    Move.GRANT: lambda: gettext("Đã chấp nhận đề nghị. Đơn vị sẽ nhận được thư."),
    Move.KEEP: lambda: gettext("Đã giữ nguyên số giao. Đơn vị sẽ nhận được thư."),
    Move.ADJUST: lambda: gettext("Đã giao số khác. Đơn vị sẽ nhận được thư."),
}


def _typed(document_id: int, quota_id: int) -> int | None:
    """The other figure that was typed; None where there is none that can be read."""
    return _read(document_id, quota_id)[0]


def _read(document_id: int, quota_id: int) -> tuple[int | None, str]:
    """Read the other figure that was typed, or say what is against it."""
    text = nfc(request.form.get("value", "")).strip()
    if not text:
        return None, ""
    found = quotas.standings(current.database(), document_id, current.scope(), Quota.id == quota_id)
    if not found:
        raise NotFoundError
    return read_value(text, found[0].indicator.measure)


def typed_value(text: str, measure: Measure) -> int | None:
    """Read a figure as it was typed; None where it is none."""
    return read_value(text, measure)[0]


def read_value(text: str, measure: Measure) -> tuple[int | None, str]:
    """Read a figure as it was typed, or say what is against it; neither for an empty text."""
    try:
        figure = targets.parse(measure, "eq", text, "", language())
    except FigureError as error:
        return None, " ".join(say(message) for message in error.errors.values())
    return (figure.low if figure else None), ""


@needs(Permission.READ_DOCUMENTS)
def unit_page(document_id: int, unit_id: int) -> ResponseReturnValue:
    """All that one unit was given, with the ledger of each."""
    document, session = read(document_id), current.database()
    found = quotas.standings(session, document.id, current.scope(), Quota.unit_id == unit_id)
    if not found:
        raise NotFoundError
    return render_template(
        "quotas_of_unit.html",
        document=document,
        unit=found[0].unit,
        rows=found,
        moves=quotas.moves(session, [one.quota.id for one in found]),
        many=len({one.phase.id for one in found}) > 1,
    )
