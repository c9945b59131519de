"""One act on many documents of a list: each has its own transaction and its own result.

The answer to the POST leads back to the list, with the results signed into the address: so going
back and reloading do nothing twice, and what the list was filtered by stands.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from lth.blueprints.document import brief
from lth.blueprints.document.brief import ShortBrief
from lth.blueprints.document.wording import act_label, document_name
from lth.blueprints.web import confirming, current, paging
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.refusals import attempt
from lth.core.errors import LthError
from lth.core.language import gettext, ngettext
from lth.core.vietnamese import capitalize_first
from lth.workflow import operations, worklist
from lth.workflow.acts import Act
from lth.workflow.context import Inputs
from lth.workflow.states import WRITTEN
from lth.workflow.table import TABLE
from lth.workflow.worklist import Mention

BULK = (Act.APPROVE, Act.SUBMIT, Act.OPEN, Act.ACKNOWLEDGE, Act.GRANT_EXTENSION)
"""What can be done to many documents at once: acts that need no word of their own for each."""

SIGNING = {row.act for row in TABLE if "absence" in row.asks}
"""Of these, the acts that sign or send: each document stands there with what is being signed."""

MANY = 100
"""How many documents one bulk act may name."""

REFERENCE = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")
"""A ticked row as the form sends it."""

NOTED = "result"
"""The part of the address that carries the results, for as many seconds as `SHOWN_FOR`."""

SHOWN_FOR = 15 * 60

TICKED = "ticked"
"""The part of the address that ticks the whole page, for browsers without JavaScript, or some of
its documents, by their ids."""


@dataclass(frozen=True)
class Refusal:
    """A document on which the act was refused (None: no longer within one's scope), and why."""

    document: Mention | None
    why: str


@dataclass(frozen=True)
class Results:
    """What came of one bulk act, for a list to show on top."""

    act: Act
    done: list[Mention]
    refused: list[Refusal]
    missed: frozenset[int]
    """The ids of the refused ones, which stay ticked where they can be."""

    @property
    def total(self) -> int:
        return len(self.done) + len(self.refused)


def _tickable(act: Act | None, status: str) -> bool:
    """Tell whether a row can be ticked; what its drafter sends has its checks to be read first."""
    return act in BULK and (act is Act.GRANT_EXTENSION or status not in WRITTEN)


def ticking(rows: Iterable[tuple[int | None, Act | None, str]]) -> dict[str, Any]:
    """Return what the template of a list needs to let its rows be ticked.

    A row: its document's id, the act that waits on the actor, and the state.
    """
    found = {document_id: act for document_id, act, status in rows if _tickable(act, status)}
    shown = results()
    asked = request.args.get(TICKED, "")
    again = {int(one) for one in asked.split("-") if one.isdecimal() and len(one) < 10}
    return {
        "acts": [act for act in BULK if act in found.values()],
        "address": address,
        "results": shown,
        "tickable": frozenset(found),
        "ticked": found.keys()
        if asked == "page"
        else found.keys() & (again | (shown.missed if shown else frozenset())),
    }


def answer() -> ResponseReturnValue:
    """Do the act of the form on its ticked documents, once it is confirmed, and lead back to the
    list.
    """
    chosen = [_reference(text) for text in request.form.getlist("document")]
    if confirming.asks_to_look():
        return _back_to_ticks([document_id for document_id, _ in chosen])
    act = _act(request.form.get("act", ""))
    if len(chosen) > MANY:
        abort(400)
    if not chosen:
        flash(gettext("Hãy chọn ít nhất một văn bản."), "error")
        return redirect(address(), 303)
    if not confirming.is_confirmed():
        return _confirmation(act, [document_id for document_id, _ in chosen])
    address(**{NOTED: ""})  # each document is committed by itself: what can fail comes before
    refused: dict[str, list[int]] = {}
    done = []
    for document_id, seen in chosen:
        why = _do(act, document_id, seen)
        if why is None:
            done.append(document_id)
        else:
            refused.setdefault(why, []).append(document_id)
    note = [current.actor().person_id, act.value, done, list(refused.items())]
    return redirect(address(**{NOTED: _notes().dumps(note)}), 303)


def _back_to_ticks(ids: Sequence[int]) -> ResponseReturnValue:
    return redirect(address(**{TICKED: "-".join(map(str, ids)) or None}), 303)


def _confirmation(act: Act, ids: Sequence[int]) -> ResponseReturnValue:
    """Show what is about to be done, document by document; last those where it will not be.

    Where it is to be done on none, there is nothing to confirm.
    """
    session = current.database()
    named = worklist.mentions(session, current.scope(), ids)
    theirs = worklist.waiting_for(session, current.actor(), act, named)
    if named and not theirs:
        text = gettext("Không văn bản nào đã chọn đang chờ việc “%(act)s”.", act=act_label(act))
        flash(text, "error")
        return _back_to_ticks(ids)
    seen = sorted(filter(None, map(named.get, ids)), key=lambda one: one.document_id not in theirs)
    short = _shown(act, ids)
    return confirming.page(
        ngettext(
            "%(act)s: %(num)s văn bản", "%(act)s: %(num)s văn bản", len(theirs), act=act_label(act)
        ),
        gettext(
            "Việc “%(act)s” sẽ được thực hiện với từng văn bản dưới đây; những người liên quan sẽ "
            "nhận được thư. Mỗi văn bản có kết quả riêng.",
            act=act_label(act),
        ),
        [_row(one, short.get(one.document_id), one.document_id in theirs) for one in seen],
        act_label(act),
        back=(gettext("Danh sách"), address()),
    )


def _shown(act: Act, ids: Sequence[int]) -> dict[int, ShortBrief]:
    """Say what is being signed of those of the documents that an act signs as they stand."""
    if act not in SIGNING:
        return {}
    sources = {status for row in TABLE if row.act is act for status in row.sources}
    found = brief.short_views(ids)
    return {document_id: one for document_id, one in found.items() if one.status in sources}


def _row(one: Mention, short: ShortBrief | None, theirs: bool) -> ConfirmationRow:
    """Word one document of the confirmation, with what would be signed of it.

    What wants a reason of its own is refused here: its page asks for it. What waits for another
    act, or on somebody else, is refused too, and stays ticked.
    """
    lines = list(short.texts) if short else []
    if not theirs:
        lines = [gettext("Sẽ không thực hiện: văn bản này đang chờ việc khác hoặc chờ người khác.")]
        short = None
    if short and short.wants_reason:
        text = gettext("Cần ghi lý do: hãy mở riêng văn bản này, ở đây sẽ không thực hiện được.")
        lines.insert(0, text)
    unit, document = capitalize_first(one.unit.full_name), document_name(one.kind, one.period)
    return ConfirmationRow(
        f"{unit} – {document}",
        lines,
        url=desk_url("document", document_id=one.document_id),
        document_id=one.document_id,
    )


def _act(name: str) -> Act:
    if name not in {act.value for act in BULK}:
        abort(400)
    return Act(name)


def _reference(text: str) -> tuple[int, int]:
    """Read a ticked row: the document's id and the version its row showed."""
    found = REFERENCE.fullmatch(text)
    if found is None:
        abort(400)
    return int(found[1]), int(found[2])


def _do(act: Act, document_id: int, seen: int) -> str | None:
    """Do the act on one document; return the reason where it is refused."""
    session = current.database()
    with attempt(LthError, at_once=True) as outcome:
        operations.do(
            session,
            current.actor(),
            document_id,
            act,
            seen=seen,
            now=current.now(),
            inputs=Inputs(),
        )
    return None if outcome.done else outcome.text


def results() -> Results | None:
    """Read the results that the address carries, if they are this person's and still fresh."""
    try:
        person_id, act, done, refused = _notes().loads(
            request.args.get(NOTED, ""), max_age=SHOWN_FOR
        )
    except BadSignature:
        return None
    if person_id != current.actor().person_id:
        return None
    missed = [(document_id, why) for why, ids in refused for document_id in ids]
    ids = [*done, *(document_id for document_id, _ in missed)]
    named = worklist.mentions(current.database(), current.scope(), ids)
    return Results(
        Act(act),
        [named[document_id] for document_id in done if document_id in named],
        [Refusal(named.get(document_id), why) for document_id, why in missed],
        frozenset(document_id for document_id, _ in missed),
    )


def _notes() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key, salt="bulk results")


def address(**changes: Any) -> str:
    """Return this list's address with arguments changed (None: left out), and no results.

    Another filter or order begins at the first page.
    """
    stays = not changes or NOTED in changes
    leave = {NOTED, TICKED} if stays else {NOTED, TICKED, "page"}
    arguments = {name: values for name, values in request.args.lists() if name not in leave}
    return paging.address(str(request.endpoint).removesuffix("_many"), arguments | changes)


def pager(total: int, size: int) -> paging.ListPage:
    """Return the page asked for of a list, whose links show no results anew."""
    return replace(paging.page(total, size), url=lambda number: address(page=number))
