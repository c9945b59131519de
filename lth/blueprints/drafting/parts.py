"""Drafting the parts beside the targets: a page for a group of parts, a form for a line."""

from collections.abc import Callable, Collection
from itertools import pairwise

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.document.strip import strip_here
from lth.blueprints.drafting import findings, navigation, part_inputs
from lth.blueprints.drafting.part_inputs import NEW, Refused
from lth.blueprints.web import addresses, current, paging
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.checks import loading
from lth.content.line_types import LEVEL_LABEL, SOURCE_LABEL
from lth.content.schema import LINE_TYPES, LineType, PartGroup, in_group
from lth.core import clock
from lth.core.errors import BlockedError, StaleError
from lth.core.i18n import Message
from lth.core.language import gettext, ngettext, say
from lth.drafting import parts, parts_sheet
from lth.drafting.parts import LineResult
from lth.drafting.parts_sheet import PartsSheet
from lth.workflow.states import WRITTEN

LINE = "/documents/<int:document_id>/draft/parts/<part>/lines/<key>"


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/draft/parts/<group>", "document_parts", page)
    rule(
        "/documents/<int:document_id>/draft/parts/<part>/lines",
        "document_add_part",
        add,
        methods=["POST"],
    )
    rule(
        "/documents/<int:document_id>/draft/parts/<part>/take-back",
        "document_take_back_parts",
        take_back,
        methods=["POST"],
    )
    rule(LINE, "document_save_part", save, methods=["POST"])
    rule(f"{LINE}/remove", "document_remove_part", remove, methods=["POST"])
    rule(f"{LINE}/move", "document_move_part", move, methods=["POST"])


@needs(Permission.DRAFT)
def page(document_id: int, group: str) -> ResponseReturnValue:
    """Show a group of parts, each line a form of its own."""
    sheet = _written(document_id)
    added = request.args.getlist("added")
    return _page(sheet, _group(group), more=request.args.get("more", ""), added=added)


def _written(document_id: int) -> PartsSheet:
    return parts_sheet.written(current.database(), current.actor(), document_id)


def _group(text: str) -> PartGroup:
    if text not in set(PartGroup):
        abort(404)
    return PartGroup(text)


def _part(text: str) -> LineType:
    if text not in LINE_TYPES:
        abort(404)
    return LINE_TYPES[text]


def _page(
    sheet: PartsSheet,
    group: PartGroup,
    *,
    refused: Refused | None = None,
    more: str = "",
    added: Collection[str] = (),
    code: int = 200,
) -> ResponseReturnValue:
    document, header = sheet.document, part_inputs.header_card(sheet, group, refused)
    blocks = [part_inputs.block(sheet, of, refused, more=more == of.part) for of in in_group(group)]
    cards = [header, *(card for block in blocks for card in (*block.cards, block.blank))]
    tabs = _tabs(sheet, group)
    html = render_template(
        "parts.html",
        **_common(sheet, group),
        header=header,
        blocks=blocks,
        added=[key for key in added if any(key == card.key for card in cards if card)],
        offered=[words for of in in_group(group) for words in part_inputs.offered_words(of)],
        wrong=[line for card in cards if card for line in card.wrong],
        draft_tabs=tabs,
        here=next(tab for tab in tabs if tab.current),
        next_tab=next((tab for before, tab in pairwise(tabs) if before.current), None),
        answered=None,
        strip=strip_here(current.database(), document, current.now()),
        day=clock.today(),
    )
    return html, code


def _common(sheet: PartsSheet, group: PartGroup, shown_at: Collection[str] | None = None) -> dict:
    """Return what some lines need as well as the page; findings are worded where they are shown."""
    session, document, revision = current.database(), sheet.document, sheet.revision
    lines = {part: [row.line for row in rows] for part, rows in sheet.rows.items()}
    read = loading.read(session, document, revision, current.scope(), lines)
    content = loading.put_together(read)
    return {
        "checked": findings.beside(session, document, revision, content, shown_at),
        "part_place": {part: of.place for part, of in LINE_TYPES.items()},
        "document": document,
        "sheet": sheet,
        "group": group,
        "locked": document.status not in WRITTEN,
        "budget": sheet.budget if group is PartGroup.BUDGET else None,
        "source_label": lambda source: _label(SOURCE_LABEL, source, gettext("Chưa ghi nguồn")),
        "level_label": lambda level: _label(LEVEL_LABEL, level, gettext("Chưa ghi cấp")),
    }


def _label(labels: dict, one: object, none: str) -> str:
    return say(Message(labels[one])) if one is not None else none


def _tabs(sheet: PartsSheet, group: PartGroup) -> list[navigation.DraftTab]:
    counted = {part: len(rows) for part, rows in sheet.rows.items()}
    return navigation.tabs(sheet.document, group, counted)


# --- Saving -------------------------------------------------------------------------------


@needs(Permission.DRAFT)
def save(document_id: int, part: str, key: str) -> ResponseReturnValue:
    """Save one line; what cannot be saved comes back as typed."""
    session, actor, of = current.database(), current.actor(), _part(part)
    texts, was = part_inputs.typed_texts(of)

    def act() -> LineResult:
        now = current.now()
        return parts.save_line(
            session, actor, document_id, of.part, key, texts, seen=_seen(), now=now, was=was
        )

    result, group = _tried(of, texts, act), _group_of(of)
    if result.errors or result.conflict:
        code = 409 if result.conflict else 422
        return _refused(document_id, group, (of.part, key, result), code)
    text = gettext("Đã lưu.")
    if _is_htmx():
        return _fragment(_written(document_id), group, of, keys=(key,), said=text)
    flash(text, "success")
    return redirect(_url(document_id, group, anchor=key))


@needs(Permission.DRAFT)
def add(document_id: int, part: str) -> ResponseReturnValue:
    """Add a line at the end of a part, and offer one more; a pasted table is shown as it was read
    before its lines are added.
    """
    session, actor, of = current.database(), current.actor(), _part(part)
    texts, _ = part_inputs.typed_texts(of)
    if not part_inputs.looked_over(of, texts):
        return _refused(document_id, _group_of(of), (of.part, NEW, LineResult(texts)), 422)

    def act() -> LineResult:
        return parts.add(
            session, actor, document_id, of.part, texts, seen=_seen(), now=current.now()
        )

    result, group = _tried(of, texts, act), _group_of(of)
    if result.errors:
        return _refused(document_id, group, (of.part, NEW, result), 422)
    added = result.keys if len(result.keys) > 1 else ()
    text = gettext("Đã thêm vào “%(part)s”.", part=say(Message(of.label)))
    if added:
        text = ngettext("Đã thêm %(num)s dòng.", "Đã thêm %(num)s dòng.", len(added))
    if _is_htmx():
        sheet = _written(document_id)
        keys = result.keys
        return _fragment(sheet, group, of, keys=keys, said=text, blank=IN_PLACE, added=added)
    flash(text, "success")
    anchor = f"add-{of.part}"
    return redirect(_url(document_id, group, anchor=anchor, more=of.part, added=added))


def _tried(of: LineType, texts: dict[str, str], act: Callable[[], LineResult]) -> LineResult:
    """Save; a line that is locked is an error like others."""
    with attempt(BlockedError) as outcome:
        result = act()
    if outcome.blocked:
        return LineResult(texts, errors={of.fields[0].name: outcome.messages[0]})
    return result


@needs(Permission.DRAFT)
def remove(document_id: int, part: str, key: str) -> ResponseReturnValue:
    """Remove a line."""
    session, actor, of = current.database(), current.actor(), _part(part)

    def act() -> str:
        parts.remove(session, actor, document_id, of.part, key, seen=_seen(), now=current.now())
        return gettext("Đã bỏ một dòng khỏi “%(part)s”.", part=say(Message(of.label)))

    return _done(document_id, of, act, anchor=f"part-{of.part}")


@needs(Permission.DRAFT)
def take_back(document_id: int, part: str) -> ResponseReturnValue:
    """Remove the lines that were just added together."""
    session, actor, of = current.database(), current.actor(), _part(part)
    keys = request.form.getlist("key")

    def act() -> str:
        count = parts.take_back(session, actor, document_id, of.part, keys, now=current.now())
        return ngettext("Đã bỏ %(num)s dòng.", "Đã bỏ %(num)s dòng.", count)

    return _done(document_id, of, act, anchor=f"part-{of.part}")


@needs(Permission.DRAFT)
def move(document_id: int, part: str, key: str) -> ResponseReturnValue:
    """Let a line change places with the one above or below it."""
    session, actor, of = current.database(), current.actor(), _part(part)
    up = request.form.get("to") == "up"

    def act() -> str:
        parts.move(
            session, actor, document_id, of.part, key, up=up, seen=_seen(), now=current.now()
        )
        return gettext("Đã đổi thứ tự.")

    return _done(document_id, of, act, anchor=key)


def _done(
    document_id: int, of: LineType, act: Callable[[], str], anchor: str
) -> ResponseReturnValue:
    """Do what one button does and go back to the page; what was refused is said there."""
    with attempt(BlockedError, StaleError) as outcome:
        text = act()
    if not outcome.done:
        outcome.flash()
        return _page(_written(document_id), _group_of(of), code=409)
    outcome.flash(text)
    return redirect(_url(document_id, _group_of(of), anchor=anchor))


def _seen() -> int:
    return paging.whole_in(request.form, "seen")


def _group_of(of: LineType) -> PartGroup:
    """Find the page that a form stood on; the header stands on two."""
    there = (one.group for one in of.fields if one.group and f"{one.name}:was" in request.form)
    return next(there, of.group)


def _url(document_id: int, group: PartGroup, *, anchor: str, **more: str | Collection[str]) -> str:
    page = desk_url("document_parts", document_id=document_id, group=group, **more)
    return addresses.at(page, anchor)


# --- Answers for htmx ---------------------------------------------------------------------


def _is_htmx() -> bool:
    return "HX-Request" in request.headers


def _refused(
    document_id: int, group: PartGroup, refused: Refused, code: int
) -> ResponseReturnValue:
    sheet = _written(document_id)
    if not _is_htmx():
        return _page(sheet, group, refused=refused, code=code)
    of, key = LINE_TYPES[refused[0]], refused[1]
    if key == NEW:
        return _fragment(sheet, group, of, refused=refused, blank=IN_PLACE), code
    there = key in {row.key for row in sheet.rows[of.part]} or of.single
    blank = "" if there else ASIDE
    return _fragment(sheet, group, of, keys=(key,), refused=refused, blank=blank), code


IN_PLACE = "in place"
ASIDE = "aside"
"""Where the form that adds a line goes: where htmx puts its answer, or elsewhere on the page."""


def _fragment(
    sheet: PartsSheet,
    group: PartGroup,
    of: LineType,
    *,
    keys: tuple[str, ...] = (),
    refused: Refused | None = None,
    said: str = "",
    blank: str = "",
    added: Collection[str] = (),
) -> str:
    """Return some lines, perhaps the form that adds one, and the sums and tabs with them."""
    parts_here = [one.part for one in in_group(group)]
    blocks = []
    if of.part in parts_here:
        more = blank == IN_PLACE
        blocks = [part_inputs.block(sheet, of, refused, more=more, keys=keys)]
    return render_template(
        "parts_fragment.html",
        **_common(sheet, group, {*keys, *(LINE_TYPES[part].place for part in parts_here)}),
        header=part_inputs.header_card(sheet, group, refused) if of.single else None,
        blocks=blocks,
        parts_here=parts_here,
        draft_tabs=_tabs(sheet, group),
        part=of.part,
        said=said,
        blank=blank,
        added=added,
    )
