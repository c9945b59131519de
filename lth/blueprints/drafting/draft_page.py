"""The drafting page of targets and sections: one form, saved as a whole or item by item."""

from collections.abc import Callable, Collection
from dataclasses import replace

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth import drafting
from lth.access.actor import Actor
from lth.blueprints.document import brief, remarks
from lth.blueprints.document.strip import strip_here
from lth.blueprints.drafting import findings, navigation, section_inputs, target_inputs
from lth.blueprints.drafting.section_inputs import SectionField
from lth.blueprints.drafting.sending import next_acts
from lth.blueprints.drafting.target_inputs import OFFERED, TargetBlock, html_id
from lth.blueprints.web import addresses, current
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.other_role import opens_for
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.content import places
from lth.content.targets import COMPARATOR_LABEL
from lth.core import clock
from lth.core.errors import NotNowError
from lth.core.formats import format_time
from lth.core.i18n import Message
from lth.core.language import gettext, ngettext, say
from lth.drafting.sheet import Sheet
from lth.exchange.plan_reading import uploads
from lth.models import Document
from lth.models.document import Status
from lth.models.finding import Severity
from lth.workflow import operations
from lth.workflow.states import WRITTEN


@opens_for(
    "document_draft",
    "document_line",
    "document_parts",
    "document_workbook",
    "document_workbook_merge",
    "document_values",
    "document_items",
)
def _opens(document: Document, actor: Actor) -> bool:
    return operations.drafts(actor, document)


@needs(Permission.DRAFT)
def draft(document_id: int) -> ResponseReturnValue:
    """Show the whole document as one form; `add` names indicators whose cells are wanted too."""
    return show(written(document_id), added=_added(request.args.getlist("add")))


def written(document_id: int) -> Sheet:
    return drafting.written(current.database(), current.actor(), document_id)


def _added(asked: Collection[str]) -> list[str]:
    """Return the codes of the indicators whose lines are named."""
    return [one.partition("@")[0] for one in asked if one]


def show(
    sheet: Sheet,
    *,
    result: drafting.PageResult | None = None,
    added: Collection[str] = (),
    answered: tuple[int, str, str, str] | None = None,
    unsaved: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    """Show the page; after a refusal, with what was typed and what is wrong with it."""
    document, session = sheet.document, current.database()
    checked = findings.beside(session, document, sheet.revision, sheet.content)
    cells = result.cells if result else None
    listed = target_inputs.blocks(sheet, cells, asked=_asked(checked), added=added)
    sections = section_inputs.fields(sheet, result, checked.found)
    if document.status not in WRITTEN:
        flash(gettext("Văn bản đang được khóa ở trạng thái hiện tại, chưa sửa được."), "warning")
    page = render_template(
        "draft.html",
        **_common(sheet, checked),
        groups=listed,
        sections=sections,
        wrong=_wrong(listed, sections),
        unsaved=unsaved,
        answered=answered,
        draft_tabs=navigation.tabs(document, navigation.TARGETS, checked.counted),
        strip=strip_here(session, document, current.now()),
        day=clock.today(),
        **_readings(sheet),
    )
    return page, code


def _readings(sheet: Sheet) -> dict:
    """Return the existing plans that the person takes items of, and whether to offer it."""
    document = sheet.document
    if document.status is not Status.DRAFT or not document.kind.filed:
        return {}  # a plan that was returned is open only where somebody pointed at it
    found = uploads.kept(current.database(), current.actor(), document.period_id, current.now())
    empty = not any(line.target for slot in sheet.slots for line in slot.lines)
    return {"readings": found, "offers_reading": empty, "can_read_plans": True}


def _asked(checked: findings.Beside) -> set[str]:
    """List the lines of targets that checks want, written or not."""
    return {
        item.finding.place
        for item in checked.report.items
        if item.finding.severity is not Severity.INFO and places.is_target(item.finding.place)
    }


def _common(sheet: Sheet, checked: findings.Beside) -> dict:
    """Return what a part of the page needs as well as the whole."""
    return {
        "work": remarks.work(sheet),
        "checked": checked,
        "sheet": sheet,
        "document": sheet.document,
        "locked": sheet.document.status not in WRITTEN,
        "unanswered": sheet.unanswered,
        "comparators": [(one.value, say(Message(COMPARATOR_LABEL[one]))) for one in OFFERED],
        "html_id": html_id,
        "next_acts": next_acts(sheet.document),
        "gap_url": _gap_url(sheet),
        "absence": brief.absence_in(sheet.document, sheet.revision),
    }


def _gap_url(sheet: Sheet) -> Callable[[str], str]:
    """Return what leads to where something is missing: on this page, or on a page of its own."""
    here = {part.section.line_key for part in sheet.parts}

    def url(key: str) -> str:
        if "@" in key:
            return f"#{html_id(key)}"
        return f"#body-{key}" if key in here else remarks.place(sheet.document.id, key)

    return url


def _wrong(listed: list[TargetBlock], sections: list[SectionField]) -> list[tuple[str, str]]:
    """List (id, text) of each item that was not saved, for the summary."""
    found = [
        (cell.id, cell.label, cell.error, cell.conflict) for block in listed for cell in block.cells
    ]
    found += [(f"body-{one.key}", one.title, one.error, one.conflict) for one in sections]
    return [
        (id, f"{label}: {error or conflict.said}")
        for id, label, error, conflict in found
        if error or conflict
    ]


# --- Saving -------------------------------------------------------------------------------


@needs(Permission.DRAFT)
def save(document_id: int) -> ResponseReturnValue:
    """Save the cells and sections that were touched, each by itself; into one that is named the
    budget's sums are put.

    What cannot be saved comes back as typed, beside what stands against it. Scripts get the state
    of what they sent and of what changes with it.
    """
    session, actor = current.database(), current.actor()
    insert = request.form.get("insert", "")
    cells = list(target_inputs.typed_edits())
    sections = list(section_inputs.typed_sections(also=insert))
    with attempt(NotNowError) as outcome:
        sections = [
            replace(one, body=drafting.with_money(session, actor, document_id, one.body))
            if one.line_key == insert
            else one
            for one in sections
        ]
        result = drafting.save_page(session, actor, document_id, cells, sections, now=current.now())
    if not outcome.done:
        return _shut(document_id, cells, sections, outcome.text)
    code = 200 if result.complete else 422 if result.errors else 409
    added = _added(request.form.getlist("add"))
    if _is_htmx():
        return _pieces(document_id, result, added), code
    if result.complete:
        return _back(document_id, result, request.form.getlist("add"))
    if result.written:
        flash(_said(result), "success")
    return show(written(document_id), result=result, added=added, code=code)


def _is_htmx() -> bool:
    return "HX-Request" in request.headers


def _said(result: drafting.PageResult) -> str:
    if not result.written:
        return gettext("Không có gì thay đổi.")
    return ngettext("Đã lưu %(num)s mục.", "Đã lưu %(num)s mục.", result.written)


def _back(
    document_id: int, result: drafting.PageResult, added: Collection[str]
) -> ResponseReturnValue:
    """Go back to the page; where indicators were added, to the cell of the first."""
    named = [key for key in added if key]
    if not named:
        flash(_said(result), "success")
        return redirect(desk_url("document_draft", document_id=document_id))
    url = desk_url("document_draft", document_id=document_id, add=named)
    return redirect(addresses.at(url, html_id(named[0])))


def _shut(
    document_id: int,
    cells: Collection[drafting.TargetEdit],
    sections: Collection[drafting.SectionEdit],
    text: str,
) -> ResponseReturnValue:
    """Answer a save that came after the document was sent on: nothing typed is thrown away."""
    if _is_htmx():
        url = desk_url("document", document_id=document_id)
        return render_template("draft_shut.html", text=text, url=url), 409
    typed = [f"{one.line_key.partition('@')[0]}: {one.value} {one.second}" for one in cells]
    typed += [one.body for one in sections]
    return show(written(document_id), unsaved="\n\n".join(typed), code=409)


def _pieces(document_id: int, result: drafting.PageResult, added: Collection[str]) -> str:
    """Render what changes on the page with a save, each piece under its id.

    Beside the items that were sent, these are percentages computed from others, findings (also
    those of before, which the page names), sums, and what is left to do.
    """
    sheet = written(document_id)
    sent = {*request.form.getlist("key"), *request.form.getlist("section")}
    spoken = {*sent, *request.form.getlist("found")}
    checked = findings.beside(
        current.database(), sheet.document, sheet.revision, sheet.content, spoken
    )
    computed = {slot.lines[0].key for slot in sheet.slots if slot.derived is not None}
    shown = sent | computed if result.cells.typed else sent
    cells = target_inputs.some(sheet, shown, result.cells)
    return render_template(
        "draft_pieces.html",
        **_common(sheet, checked),
        cells=[cell for _, cell in cells],
        new=target_inputs.some(sheet, (), added=added) if added else [],
        sections=[one for one in section_inputs.fields(sheet, result) if one.key in sent],
        sent=sent,
        spoken=sorted(spoken),
        taken=_taken(),
        counts=target_inputs.counted(sheet, _asked(checked)),
        said=_state(result),
    )


def _taken() -> set[str]:
    """List the items whose text the server has: the other's was chosen, or sums were put in."""
    keys = (*request.form.getlist("key"), *request.form.getlist("section"))
    chosen = {key for key in keys if request.form.get(f"{key}:choice") == target_inputs.THEIRS}
    return chosen | {request.form.get("insert", "")}


def _state(result: drafting.PageResult) -> str:
    """Say in the page's one line what came of a save."""
    if result.complete:
        return gettext("Đã lưu %(when)s", when=format_time(current.now()))
    if result.errors:
        return gettext("Có ô chưa lưu được: xem chỗ báo đỏ.")
    return gettext("Có người vừa sửa cùng chỗ: hãy chọn bản nào dùng.")
