"""The items of a report while it is drafted: difficulties, requests, proposals for commendation."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.document.reported import addressee, item_label, short
from lth.blueprints.document.strip import strip_here
from lth.blueprints.drafting import navigation
from lth.blueprints.drafting.target_inputs import saved_at
from lth.blueprints.web import addresses, current, paging
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core import clock
from lth.core.errors import BlockedError, StaleError
from lth.core.formats import format_time
from lth.core.language import gettext, say
from lth.drafting.reported import ITEMS
from lth.models import Remark
from lth.models.report import ReportItemKind
from lth.reporting import items
from lth.reporting.items import ItemResult, ItemRow, ItemSheet, ItemText
from lth.workflow.states import WRITTEN

HINT = {
    ReportItemKind.DIFFICULTY: lambda: gettext(
        "Mỗi khó khăn, vướng mắc một mục: việc gì, vì sao, đã tìm cách nào."
    ),
    ReportItemKind.REQUEST: lambda: gettext(
        "Mỗi kiến nghị một mục, ghi rõ đề nghị ai làm gì; cấp nhận sẽ trả lời từng mục."
    ),
    ReportItemKind.COMMENDATION: lambda: gettext(
        "Tập thể, cá nhân đề nghị khen thưởng và thành tích."
    ),
}
NEW = "new"


@dataclass
class ItemCard:
    """One item's form; `key` is NEW, with its kind, for that which adds one."""

    id: str
    key: str
    kind: str
    text: str
    level: str
    to: str
    seen: int
    name: str = ""
    saved: str = ""
    place: int = 1
    final: bool = True
    locked: bool = False
    remarks: list[Remark] | None = None
    errors: dict[str, str] | None = None
    conflict: str = ""
    theirs: str = ""
    gone: bool = False

    @property
    def open(self) -> bool:
        return bool(self.errors or self.conflict or self.remarks)


@dataclass
class ItemBlock:
    """The items of a kind, and the form that adds one."""

    kind: str
    label: str
    hint: str
    cards: list[ItemCard]
    blank: ItemCard


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    address = "/documents/<int:document_id>/items"
    rule(address, "document_items", page)
    rule(address, "document_add_item", add, methods=["POST"])
    rule(f"{address}/<key>", "document_save_item", save, methods=["POST"])
    rule(f"{address}/<key>/remove", "document_remove_item", remove, methods=["POST"])
    rule(f"{address}/<key>/move", "document_move_item", move, methods=["POST"])


@needs(Permission.DRAFT)
def page(document_id: int) -> ResponseReturnValue:
    """Show every item of a report, each a form of its own."""
    return _show(_written(document_id))


def _written(document_id: int) -> ItemSheet:
    return items.written(current.database(), current.actor(), document_id)


def _show(
    sheet: ItemSheet, refused: ItemResult | None = None, code: int = 200
) -> ResponseReturnValue:
    document = sheet.document
    blocks = [_block(sheet, kind, refused) for kind in ReportItemKind]
    cards = [card for block in blocks for card in (*block.cards, block.blank)]
    html = render_template(
        "items.html",
        sheet=sheet,
        document=document,
        blocks=blocks,
        locked=document.status not in WRITTEN,
        adds=not sheet.locks.locked(ITEMS, part=ITEMS, new=True),
        items_key=ITEMS,
        levels=[("", addressee(None))]
        + [(level.value, addressee(level)) for level in items.levels_above(document)],
        wrong=[(card.id, text) for card in cards for text in _against(card)],
        draft_tabs=navigation.tabs(document, navigation.ITEMS, {}),
        strip=strip_here(current.database(), document, current.now()),
        day=clock.today(),
        work=None,
        answered=None,
    )
    return html, code


def _against(card: ItemCard) -> list[str]:
    found = list((card.errors or {}).values())
    return [*found, card.conflict] if card.conflict else found


def _block(sheet: ItemSheet, kind: ReportItemKind, refused: ItemResult | None) -> ItemBlock:
    cards = [_card(row) for row in sheet.of(kind)]
    blank = ItemCard(f"add-{kind}", NEW, kind.value, "", "", "", sheet.revision.edit_count)
    if refused is not None:
        cards = [_put_back(one, refused) if one.key == refused.key else one for one in cards]
        known = {row.item.line_key for row in sheet.rows}
        if refused.typed.kind == kind and refused.key not in known:
            blank = _put_back(blank, refused)
            blank.gone = bool(refused.key)
    return ItemBlock(kind.value, item_label(kind), HINT[kind](), cards, blank)


def _card(row: ItemRow) -> ItemCard:
    item = row.item
    return ItemCard(
        id=item.line_key,
        key=item.line_key,
        kind=item.kind.value,
        text=item.text,
        level=item.level.value if item.level else "",
        to=addressee(item.level) if item.kind is ReportItemKind.REQUEST else "",
        seen=item.version,
        name=short(item.text),
        saved=_saved(row),
        place=row.place,
        final=row.place == row.of,
        locked=row.locked,
        remarks=row.remarks,
    )


def _saved(row: ItemRow) -> str:
    if row.item.edited_at is None:
        return ""
    when = saved_at(row.item.edited_at)
    if not row.author or row.item.edited_by_id == current.actor().person_id:
        return gettext("Đã lưu %(when)s", when=when)
    return gettext("Đã lưu %(when)s, %(who)s", when=when, who=row.author)


def _put_back(card: ItemCard, result: ItemResult) -> ItemCard:
    """Put back what was typed, with what stands against it."""
    typed, conflict = result.typed, result.conflict
    errors = {name: say(message) for name, message in result.errors.items()}
    found = replace(card, text=typed.text, level=typed.level, errors=errors)
    if conflict is None:
        return found
    if not conflict.version:
        said = gettext("Mục này vừa bị người khác bỏ. Bấm “Thêm” để ghi lại thành mục mới.")
        return replace(found, conflict=said)
    who = conflict.by or gettext("Một người khác")
    when = format_time(conflict.at) if conflict.at else ""
    said = gettext("%(who)s vừa sửa mục này lúc %(when)s.", who=who, when=when)
    return replace(found, conflict=said, theirs=conflict.theirs, seen=conflict.version)


# --- Writing ------------------------------------------------------------------------------


def _typed(kind: str = "") -> ItemText:
    form = request.form
    return ItemText(kind or form["kind"], form["text"], form.get("level", ""))


def _seen() -> int:
    return paging.whole_in(request.form, "seen")


@needs(Permission.DRAFT)
def add(document_id: int) -> ResponseReturnValue:
    """Add an item as the last of its kind."""
    session, actor, typed = current.database(), current.actor(), _typed()

    def act() -> ItemResult:
        return items.add(session, actor, document_id, typed, seen=_seen(), now=current.now())

    return _tried(document_id, typed, act, gettext("Đã thêm."))


@needs(Permission.DRAFT)
def save(document_id: int, key: str) -> ResponseReturnValue:
    """Save one item; what cannot be saved comes back as typed."""
    session, actor, typed = current.database(), current.actor(), _typed()

    def act() -> ItemResult:
        return items.save(session, actor, document_id, key, typed, seen=_seen(), now=current.now())

    return _tried(document_id, typed, act, gettext("Đã lưu."), key)


def _tried(
    document_id: int, typed: ItemText, act: Callable[[], ItemResult], done: str, key: str = ""
) -> ResponseReturnValue:
    with attempt(BlockedError) as outcome:
        result = act()
    if not outcome.done:
        result = ItemResult(typed, key, errors={"text": outcome.messages[0]})
    if result.errors or result.conflict:
        return _show(_written(document_id), result, 409 if result.conflict else 422)
    outcome.flash(done)
    return redirect(_url(document_id, result.key))


@needs(Permission.DRAFT)
def remove(document_id: int, key: str) -> ResponseReturnValue:
    """Remove an item."""
    session, actor = current.database(), current.actor()

    def act() -> None:
        items.remove(session, actor, document_id, key, seen=_seen(), now=current.now())

    return _done(document_id, act, gettext("Đã bỏ một mục."))


@needs(Permission.DRAFT)
def move(document_id: int, key: str) -> ResponseReturnValue:
    """Let an item change places with the one above or below it."""
    session, actor = current.database(), current.actor()
    up = request.form.get("to") == "up"

    def act() -> None:
        items.move(session, actor, document_id, key, up=up, seen=_seen(), now=current.now())

    return _done(document_id, act, gettext("Đã đổi thứ tự."), key)


def _done(
    document_id: int, act: Callable[[], None], text: str, anchor: str = ""
) -> ResponseReturnValue:
    """Do what one button does and go back to the page; what was refused is said there."""
    with attempt(BlockedError, StaleError) as outcome:
        act()
    if not outcome.done:
        outcome.flash()
        return _show(_written(document_id), code=409)
    outcome.flash(text)
    return redirect(_url(document_id, anchor))


def _url(document_id: int, anchor: str) -> str:
    return addresses.at(desk_url("document_items", document_id=document_id), anchor)
