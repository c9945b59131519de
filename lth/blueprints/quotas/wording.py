"""How the talk over quotas is put into words, and where its pages are."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, current_app

from lth import quotas
from lth.blueprints.document.timeline import TimelineEntry
from lth.blueprints.web import current
from lth.blueprints.web.levels import desk_url
from lth.content import targets
from lth.core.formats import format_moment
from lth.core.i18n import Message
from lth.core.language import current as language
from lth.core.language import gettext, ngettext, say
from lth.core.vietnamese import lower_first
from lth.models import Document, Indicator, QuotaMove
from lth.models.quota import Move
from lth.quotas import QuotaStanding, QuotaState

BADGE = {
    QuotaState.WAITING: "submitted",
    QuotaState.ACCEPTED: "approved",
    QuotaState.PROPOSED: "returned",
    QuotaState.GRANTED: "approved",
    QuotaState.KEPT: "clearance",
    QuotaState.ADJUSTED: "clearance",
}
"""Which of the badges a state looks like."""

TONE = {
    Move.ACCEPT: "good",
    Move.COUNTER: "warn",
    Move.GRANT: "good",
    Move.KEEP: "seal",
    Move.ADJUST: "seal",
}


def state_label(state: QuotaState) -> str:
    return say(Message(quotas.STATE_LABEL[state]))


def rule_label(rule: str) -> str:
    return say(Message(quotas.RULE_LABEL[rule]))


def amount(value: int, indicator: Indicator) -> str:
    """A figure of an indicator in the page's language."""
    return targets.amount(value, indicator, language())


def signed(value: int, indicator: Indicator) -> str:
    """A difference: "+3", "−3", "0"."""
    text = amount(abs(value), indicator)
    return f"+{text}" if value > 0 else f"−{text}" if value < 0 else text


def gap_text(value: int | None, indicator: Indicator) -> str:
    """What a sum is beside the target: short of it, over it, or just as much."""
    if value is None:
        return ""
    if value == 0:
        return gettext("vừa đủ")
    shown = amount(abs(value), indicator)
    return gettext("thừa %(by)s", by=shown) if value > 0 else gettext("thiếu %(by)s", by=shown)


def quota_note(move: Move | None, said: int | None, indicator: Indicator) -> str:
    """Where the talk over a quota stands, beside the cell in which its unit drafts."""
    state = quotas.state_after(move)
    if state is QuotaState.PROPOSED:
        return gettext(
            "Đã đề nghị %(value)s, chờ ý kiến cấp trên", value=amount(said or 0, indicator)
        )
    if state is QuotaState.WAITING:
        return gettext("Chưa trả lời chỉ tiêu giao")
    return gettext("Chỉ tiêu giao: %(state)s", state=lower_first(state_label(state)))


def told(one: QuotaStanding, moves: Iterable[QuotaMove]) -> list[TimelineEntry]:
    """The ledger of a quota as `ui.timeline` shows it, the newest move first."""
    return [_told(one, move) for move in reversed(list(moves))]


def _told(one: QuotaStanding, move: QuotaMove) -> TimelineEntry:
    what = f"{say(Message(quotas.MOVE_LABEL[move.move]))}: {amount(move.value, one.indicator)}"
    if one.late(move):
        what = gettext("%(what)s (sau hạn trả lời)", what=what)
    return TimelineEntry(
        when=format_moment(move.at),
        who=f"{move.person_name}, {move.unit_name}",
        what=what,
        reason=move.reason,
        tone=TONE.get(move.move, ""),
    )


def rounds_told(rounds: Iterable[quotas.QuotaRound]) -> list[TimelineEntry]:
    """The hand-downs of a document as `ui.timeline` shows them, the newest first."""
    return [
        TimelineEntry(
            when=format_moment(one.at),
            who=one.person,
            what=ngettext(
                "Đã giao chỉ tiêu cho %(num)s đơn vị",
                "Đã giao chỉ tiêu cho %(num)s đơn vị",
                one.units,
            ),
            reason="",
            tone="good",
        )
        for one in reversed(list(rounds))
    ]


@dataclass(frozen=True)
class Way:
    """A link to one of the pages of quotas."""

    label: str
    url: str


def ways(document: Document) -> list[Way]:
    """The pages of quotas that a document's page leads to, for its own unit and for others.

    Which there are is said by what the desks of the levels are composed of.
    """
    actor = current.actor()
    if not document.kind.hands_down or document.in_force_number is None or actor.level is None:
        return []
    if current.scope().ancestor_ids[-1:] == [document.unit_id]:
        if _has(actor.level.value, "document_assigned"):
            return [
                Way(
                    gettext("Chỉ tiêu được giao"),
                    desk_url("document_assigned", document_id=document.id),
                )
            ]
        return []
    below = document.unit_path.startswith(actor.unit_path)
    if not (below and _has(actor.level.value, "document_quotas") and _gives(document)):
        return []
    found = [
        Way(gettext("Theo dõi giao chỉ tiêu"), desk_url("document_quotas", document_id=document.id))
    ]
    if actor.unit_id == document.unit_id and quotas.gives(actor, document.programme_id):
        found.insert(
            0, Way(gettext("Giao chỉ tiêu"), desk_url("document_split", document_id=document.id))
        )
    return found


def _gives(document: Document) -> bool:
    return _has(document.unit.level.value, "document_quotas")


def _has(level: str, page: str) -> bool:
    return f"{level}.{page}" in current_app.view_functions


def register(app: Flask) -> None:
    app.jinja_env.globals.update(
        quota_ways=ways,
        quota_badge=BADGE.__getitem__,
        quota_state=state_label,
        quota_rule=rule_label,
        quota_told=told,
        amount_of=amount,
        signed_amount=signed,
        gap_text=gap_text,
    )
