"""Splitting targets among the units below, seeing the sums at once, and handing them down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms.validators import Optional

from lth import quotas
from lth.blueprints.document.wording import document_name, local_name
from lth.blueprints.quotas.views import place_of, read, read_value, typed_value
from lth.blueprints.quotas.wording import amount, rule_label
from lth.blueprints.web import confirming, current, paging
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.forms import Form, LastDayField, VersionField
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt, rehearse
from lth.content import targets
from lth.core import clock
from lth.core.errors import NotFoundError, NotYoursError, StaleError
from lth.core.formats import format_date
from lth.core.i18n import N_, Message
from lth.core.language import current as language
from lth.core.language import gettext, lazy_gettext, ngettext, say
from lth.core.likely_days import DayKind
from lth.core.vietnamese import capitalize_first, format_number, nfc
from lth.models import Document
from lth.models.programme import Measure
from lth.models.quota import SplitRule
from lth.quotas import Handed, Place, QuotaStanding, QuotaSums, Receiver, Splittable
from lth.quotas.apportionment import InfeasibleError, Portion, split

MANY = 12
"""How many targets one page splits at once."""

TIME_TO_ANSWER = timedelta(days=14)


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/quotas/split", "document_split", split_page)
    rule(
        "/documents/<int:document_id>/quotas/split",
        "document_hand_down",
        hand_down,
        methods=["POST"],
    )
    rule(
        "/documents/<int:document_id>/quotas/older",
        "document_note_older",
        note_older,
        methods=["POST"],
    )


class SplitForm(Form):
    """What all the targets of a hand-down have in common; their parts are read by hand."""

    seen = VersionField()
    reply_by = LastDayField(
        lazy_gettext("Hạn trả lời"), day_kind=DayKind.REPLY_BY, validators=[Optional()]
    )


@dataclass
class SplitRow:
    """One unit's part of a target, as it is typed; `exact` is the share before rounding."""

    receiver: Receiver
    id: str
    weight: str = ""
    exact: str = ""
    typed: str = ""
    error: str = ""
    value: int | None = None


@dataclass
class Block:
    """One target being split."""

    target: Splittable
    line: str
    rows: list[SplitRow]
    rule: SplitRule = SplitRule.EQUAL
    floor: str = "0"
    total: str = ""
    choices: list[tuple[SplitRule, str, str]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    given: bool = False
    replaced: dict[int, str] = field(default_factory=dict)
    """What was typed for a unit before a rule wrote another figure, by the unit's id."""
    says_replaced: bool = False

    @property
    def id(self) -> str:
        return "b" + self.line.replace(".", "-")

    def number(self, text: str) -> int | None:
        return typed_value(text, self.target.indicator.measure)

    @property
    def sum(self) -> int:
        return sum(row.value or 0 for row in self.rows)

    @property
    def over_total(self) -> int | None:
        """By how much the parts exceed what is to be split; None where that is no figure."""
        total = self.number(self.total)
        return None if total is None else self.sum - total

    @property
    def over_target(self) -> int:
        return self.sum - self.target.total

    def faults(self) -> list[tuple[str, str]]:
        """(id, text) of what is wrong, for the summary."""
        found = [(f"{self.id}-{name}", text) for name, text in self.errors.items()]
        return found + [
            (row.id, f"{row.receiver.unit.full_name}: {row.error}")
            for row in self.rows
            if row.error
        ]


@dataclass
class Work:
    """What every view of this page reads first, in a fixed number of queries."""

    document: Document
    offered: dict[Place, Splittable]
    receivers: list[Receiver]
    held: list[QuotaStanding]
    sums: dict[Place, QuotaSums]

    @property
    def newest(self) -> int:
        return max((one.last.id for one in self.held if one.last), default=0)


def _read(document_id: int) -> Work:
    session, scope, actor = current.database(), current.scope(), current.actor()
    document = read(document_id)
    if document.unit_id != actor.unit_id:
        raise NotYoursError(
            Message(N_("Chỉ đơn vị ban hành kế hoạch mới giao chỉ tiêu của kế hoạch này."))
        )
    offered = {one.place: one for one in quotas.splittable(session, document, scope)}
    codes = [one.indicator.code for one in offered.values()]
    return Work(
        document,
        offered,
        quotas.receivers(session, document, scope, codes),
        quotas.standings(session, document.id, scope),
        {one.place: one for one in quotas.sums(session, document, scope, offered)},
    )


@needs(Permission.HAND_DOWN)
def split_page(document_id: int) -> ResponseReturnValue:
    """Choose targets; those chosen are split as they stand, or equally at first."""
    work = _read(document_id)
    blocks = [_begin(work, target) for target in _chosen(work, request.args.getlist("line"))]
    return _page(work, blocks, _fresh(work, blocks))


def _fresh(work: Work, blocks: list[Block]) -> SplitForm:
    """The form of a page that nobody has typed into yet."""
    reply_by = _day_before(work, blocks) or _first_worked(clock.today() + TIME_TO_ANSWER)
    return SplitForm(formdata=None, data={"seen": work.newest, "reply_by": reply_by})


def _first_worked(day: date) -> date:
    """Return a day, or the next on which offices work."""
    calendar = current.calendar()
    return day if calendar.works(day) else calendar.shift(day, 1)


def _day_before(work: Work, blocks: list[Block]) -> date | None:
    """The day that these targets were handed down with, while it is still to come."""
    rows = [work.sums[one.target.place].allotment for one in blocks if one.given]
    days = [row.reply_by for row in rows if row and row.reply_by]
    return next((day for day in days if day >= clock.today()), None)


@needs(Permission.HAND_DOWN)
def hand_down(document_id: int) -> ResponseReturnValue:
    """Split a target anew, take that back, add up, or hand down once it is confirmed."""
    work, form = _read(document_id), SplitForm()
    blocks = [_typed(work, target) for target in _chosen(work, request.form.getlist("line"))]
    for block in blocks:
        if block.line == request.form.get("split"):
            _split_anew(block)
        elif block.line == request.form.get("restore"):
            _restore(block)
    if request.form.get("do") != "hand_down" or confirming.asks_to_look():
        return _page(work, blocks, form)
    _require_sent(blocks)
    if not form.validate() or any(block.faults() for block in blocks):
        return _page(work, blocks, form, code=422)
    current.database().rollback()
    with attempt() if confirming.is_confirmed() else rehearse() as outcome:
        done = quotas.hand_down(
            current.database(),
            current.actor(),
            document_id,
            [_handed(block) for block in blocks],
            reply_by=form.reply_by.data,
            seen=form.seen.data or 0,
            now=current.now(),
        )
    if not outcome.done:
        return _refused(document_id, form, outcome)
    if not confirming.is_confirmed():
        return _confirmation(document_id, form, done)
    outcome.flash(_done(done))
    return redirect(desk_url("document_quotas", document_id=document_id))


def _confirmation(document_id: int, form: SplitForm, done: quotas.Done) -> str:
    """Show each unit's figures, as they were and as they will be, and how many have mail."""
    work = _read(document_id)
    blocks = [_typed(work, target) for target in _chosen(work, request.form.getlist("line"))]
    before = {
        (one.quota.unit_id, (one.quota.indicator_id, one.quota.phase_id)): one.quota.value
        for one in work.held
    }
    many = len({one.phase.id for one in work.offered.values()}) > 1
    rows = [
        ConfirmationRow(
            capitalize_first(one.unit.full_name),
            [_change(block, one.unit.id, before, many) for block in blocks],
        )
        for one in work.receivers
    ]
    reply_by = form.reply_by.data
    asked = gettext("Hạn trả lời: hết ngày %(date)s.", date=format_date(reply_by))
    return confirming.page(
        gettext("Giao chỉ tiêu"),
        _told(done),
        rows,
        gettext("Giao chỉ tiêu"),
        note=asked if reply_by else gettext("Không ghi hạn trả lời."),
        kicker=document_name(work.document.kind, work.document.period),
        back=(
            gettext("Theo dõi giao chỉ tiêu"),
            desk_url("document_quotas", document_id=document_id),
        ),
    )


def _told(done: quotas.Done) -> str:
    if not done.units:
        return gettext("Số giao không có gì thay đổi: không gửi thư.")
    return ngettext(
        "Giao theo các số dưới đây; %(num)s đơn vị sẽ nhận được thư.",
        "Giao theo các số dưới đây; %(num)s đơn vị sẽ nhận được thư.",
        done.units,
    )


def _change(block: Block, unit_id: int, before: Mapping[tuple[int, Place], int], many: bool) -> str:
    """Word one unit's figure: new, changed, or as it was."""
    target = block.target
    name = local_name(target.indicator) + (f" ({target.phase.code})" if many else "")
    now = next(row.value or 0 for row in block.rows if row.receiver.unit.id == unit_id)
    was = before.get((unit_id, target.place))
    words = {"name": name, "now": amount(now, target.indicator)}
    if was is None:
        return gettext("%(name)s: %(now)s", **words)
    if was == now:
        return gettext("%(name)s: %(now)s (giữ nguyên)", **words)
    return gettext("%(name)s: %(was)s → %(now)s", was=amount(was, target.indicator), **words)


@needs(Permission.HAND_DOWN)
def note_older(document_id: int) -> ResponseReturnValue:
    """Note how many older people live in the units below, and split by that if asked to."""
    work, session = _read(document_id), current.database()
    older = _typed_older(work)
    if older.wrong:
        return _older_page(work, older, 422)
    session.rollback()
    with attempt(StaleError) as outcome:
        quotas.note_older(
            session, current.actor(), document_id, older.figures, seen=older.seen, now=current.now()
        )
    if outcome.stale:
        older.wrong = {int(one.field): _once_more(one) for one in outcome.messages}
        return _older_page(_read(document_id), older, outcome.code)
    flash(gettext("Đã lưu số người cao tuổi của các đơn vị."), "success")
    lines = request.form.getlist("line")
    return redirect(desk_url("document_split", document_id=document_id, line=lines))


@dataclass
class TypedOlder:
    """What was typed of older people by unit, its figures, and those that the page had shown."""

    typed: dict[int, str] = field(default_factory=dict)
    figures: dict[int, int | None] = field(default_factory=dict)
    seen: dict[int, int | None] = field(default_factory=dict)
    wrong: dict[int, str] = field(default_factory=dict)


def _typed_older(work: Work) -> TypedOlder:
    """Read the figures that were sent; of a unit whose field was not, nothing is said."""
    older = TypedOlder()
    for unit_id in (one.unit.id for one in work.receivers):
        name = f"older:{unit_id}"
        if name not in request.form:
            continue
        older.typed[unit_id] = request.form[name].strip()
        older.figures[unit_id], against = read_value(older.typed[unit_id], Measure.COUNT)
        if against:
            older.wrong[unit_id] = against
        shown = request.form.get(f"{name}:was")
        if shown is not None:
            figure = paging.whole(shown, paging.LARGEST_ID)
            if figure is not None or not shown:
                older.seen[unit_id] = figure
    return older


def _once_more(against: Message) -> str:
    again = gettext("Bấm Lưu lần nữa để dùng số của anh/chị, hoặc tải lại trang để giữ số đó.")
    return f"{say(against)} {again}"


def _older_page(work: Work, older: TypedOlder, code: int) -> ResponseReturnValue:
    blocks = [_begin(work, one) for one in _chosen(work, request.form.getlist("line"))]
    shown = {one.unit.id: _noted(one) for one in work.receivers} | older.typed
    return _page(work, blocks, _fresh(work, blocks), typed=shown, wrong=older.wrong, code=code)


def _done(done: quotas.Done) -> str:
    if not done.units:
        return gettext("Số giao không có gì thay đổi nên không gửi thư.")
    return gettext(
        "Đã giao chỉ tiêu cho %(units)s đơn vị. Các đơn vị sẽ nhận được thư.", units=done.units
    )


def _refused(document_id: int, form: SplitForm, outcome: Outcome) -> ResponseReturnValue:
    """The page again, as it was typed, with what stands against it."""
    work = _read(document_id)
    blocks = [_typed(work, target) for target in _chosen(work, request.form.getlist("line"))]
    by_line = {block.line: block for block in blocks}
    for message in form.put_beside(outcome.messages):
        if message.field in by_line:
            by_line[message.field].errors["total"] = say(message)
        else:
            form.form_errors.append(say(message))
    if outcome.stale:
        form.seen.data = work.newest
    return _page(work, blocks, form, code=outcome.code)


def _page(
    work: Work,
    blocks: list[Block],
    form: SplitForm,
    *,
    typed: Mapping[int, str] | None = None,
    wrong: Mapping[int, str] | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    for block in blocks:
        _explain(block)
    faults = [fault for block in blocks for fault in block.faults()]
    page = render_template(
        "split.html",
        document=work.document,
        form=form,
        blocks=blocks,
        targets=list(work.offered.values()),
        sums_of=work.sums,
        receivers=work.receivers,
        chosen={block.line for block in blocks},
        line_of=_line,
        faults=faults,
        older={one.unit.id: _noted(one) for one in work.receivers} if typed is None else typed,
        wrong=wrong or {},
        many=len({one.phase.id for one in work.offered.values()}) > 1,
    )
    return page, code


def _noted(one: Receiver) -> str:
    return "" if one.noted is None else format_number(one.noted, language())


def _line(target: Splittable) -> str:
    return "{}.{}".format(*target.place)


def _chosen(work: Work, lines: list[str]) -> list[Splittable]:
    """The targets that are named; 404 for one that cannot be split."""
    places = dict.fromkeys(place_of(line) for line in lines[:MANY])
    if any(place not in work.offered for place in places):
        raise NotFoundError
    return [one for place, one in work.offered.items() if place in places]


# --- Blocks -------------------------------------------------------------------------------


def _block(work: Work, target: Splittable) -> Block:
    line = _line(target)
    rows = [
        SplitRow(receiver, f"b{line.replace('.', '-')}-u{receiver.unit.id}")
        for receiver in work.receivers
    ]
    block = Block(target, line, rows, given=target.place in work.sums)
    for rule in SplitRule:
        why = quotas.refusal(rule, work.receivers, target.indicator.code) if rows else None
        block.choices.append((rule, rule_label(rule), say(why) if why else ""))
    return block


def _begin(work: Work, target: Splittable) -> Block:
    """A target as it was handed down, else split equally."""
    block = _block(work, target)
    if not block.given:
        block.total = _bare(target, target.total)
        _split(block)
        return block
    sums = work.sums[target.place]
    values = {
        one.quota.unit_id: one.quota.value
        for one in work.held
        if (one.quota.indicator_id, one.quota.phase_id) == target.place
    }
    block.total = _bare(target, sums.assigned)
    block.rule = sums.allotment.rule if sums.allotment else SplitRule.BY_HAND
    for row in block.rows:
        _put(block, row, values.get(row.receiver.unit.id, 0))
    return block


def _typed(work: Work, target: Splittable) -> Block:
    """A target as the form has it."""
    block = _block(work, target)
    block.rule = _rule(block, _text(block, "rule"))
    block.floor, block.total = _text(block, "floor"), _text(block, "total")
    measure = block.target.indicator.measure
    total, against = read_value(block.total, measure)
    if total is None:
        block.errors["total"] = against or gettext("Ghi tổng số sẽ giao.")
    floor, against = read_value(block.floor or "0", measure)
    if floor is None:
        block.errors["floor"] = against or gettext("Ghi mức tối thiểu, hoặc để trống.")
    for row in block.rows:
        unit_id = row.receiver.unit.id
        if _text(block, f"before{unit_id}"):
            block.replaced[unit_id] = _text(block, f"before{unit_id}")
        row.typed = _text(block, f"u{unit_id}")
        row.value, against = read_value(row.typed, block.target.indicator.measure)
        if row.value is None:
            row.error = against or gettext("Ghi số giao; không giao thì ghi 0.")
    return block


def _text(block: Block, name: str) -> str:
    return nfc(request.form.get(f"{block.line}:{name}", "")).strip()


def _require_sent(blocks: list[Block]) -> None:
    """Refuse a form that does not say by which rule each target is split, and with which floor."""
    for block in blocks:
        for name in ("rule", "floor", "total"):
            _ = request.form[f"{block.line}:{name}"]


def _rule(block: Block, text: str) -> SplitRule:
    """The rule that was chosen, if it is offered."""
    return next(
        (rule for rule, _, why in block.choices if rule == text and not why), SplitRule.BY_HAND
    )


def _split(block: Block) -> None:
    """Write what the rule gives into the block; by hand, what is there stays."""
    if block.rule is SplitRule.BY_HAND:
        return
    try:
        parts = _parts(block)
    except InfeasibleError as error:
        block.errors["floor"] = _infeasible(block, error)
        return
    for row in block.rows if parts else ():
        _put(block, row, parts[row.receiver.unit.id].value)


def _split_anew(block: Block) -> None:
    """Split by the rule; figures that this replaces are kept, to be taken back by one press."""
    typed = {row.receiver.unit.id: row.typed for row in block.rows}
    _split(block)
    replaced = {
        row.receiver.unit.id: typed[row.receiver.unit.id]
        for row in block.rows
        if typed[row.receiver.unit.id] not in {"", row.typed}
    }
    if replaced:
        block.replaced, block.says_replaced = replaced, True


def _restore(block: Block) -> None:
    """Put back what was typed before the last split."""
    for row in block.rows:
        typed = block.replaced.get(row.receiver.unit.id)
        if typed is not None:
            row.typed, row.error = typed, ""
            row.value = block.number(typed)
            if row.value is None:
                row.error = gettext("Ghi số giao; không giao thì ghi 0.")
    block.replaced, block.rule = {}, SplitRule.BY_HAND


def _put(block: Block, row: SplitRow, value: int) -> None:
    row.value, row.typed, row.error = value, _bare(block.target, value), ""


def _parts(block: Block) -> dict[int, Portion]:
    """Each unit's part by the block's rule; nothing where total or floor are no figures."""
    total, floor = block.number(block.total), block.number(block.floor or "0")
    if total is None or floor is None or not block.rows:
        return {}
    indicator = block.target.indicator
    claims = [row.receiver.share(block.rule, indicator.code, floor) for row in block.rows]
    return split(total, claims, step=quotas.step(indicator, total))


def _infeasible(block: Block, error: InfeasibleError) -> str:
    return gettext(
        "Mức tối thiểu của các đơn vị cộng lại là %(bound)s, vượt tổng giao %(by)s.",
        bound=amount(error.bound, block.target.indicator),
        by=amount(error.by, block.target.indicator),
    )


def _explain(block: Block) -> None:
    """Weights and exact shares beside the parts."""
    try:
        parts = _parts(block) if block.rule is not SplitRule.BY_HAND else {}
    except InfeasibleError as error:
        block.errors.setdefault("floor", _infeasible(block, error))
        parts = {}
    for row in block.rows:
        if row.receiver.unit.id in parts:
            part = parts[row.receiver.unit.id]
            weight = row.receiver.weight(block.rule, block.target.indicator.code)
            row.weight = format_number(weight or 0, language())
            row.exact = _exact(part)


def _exact(part: Portion) -> str:
    """A share before rounding, to two places."""
    share = (Decimal(part.numerator) / Decimal(part.denominator)).quantize(Decimal("0.01"))
    return format_number(share.normalize() if share % 1 == 0 else share, language())


def _bare(target: Splittable, value: int) -> str:
    return targets.bare(value, target.indicator.measure, language())


def _handed(block: Block) -> Handed:
    values: dict[int, Any] = {row.receiver.unit.id: row.value for row in block.rows}
    total, floor = block.number(block.total), block.number(block.floor or "0")
    return Handed(block.target.place, block.rule, total or 0, values, floor or 0)
