"""Figures of a report that do not look right: shown to who drafts it, who confirms or mends them,
and as they stood to who receives it.
"""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.blueprints.document import remarks
from lth.blueprints.document.wording import local_name
from lth.blueprints.drafting import findings, navigation
from lth.blueprints.drafting.checks import Refused, TypedExplanation
from lth.blueprints.drafting.findings import Shown
from lth.blueprints.web import addresses, committing, confirming, current
from lth.blueprints.web.layout import mark_section
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.other_role import opens_for
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt
from lth.checks import judgement
from lth.checks.judgement import JudgedFinding, Judgement
from lth.core.errors import BlockedError, NotFoundError, StaleError
from lth.core.i18n import Message
from lth.core.language import gettext, ngettext, say
from lth.models import Document, Indicator, Revision
from lth.reporting import plausibility, plausible_reads
from lth.reporting.plausibility import DOUBT_LABEL
from lth.workflow import documents, operations, revisions
from lth.workflow.states import WRITTEN


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/doubts", "document_doubts", page)
    rule("/documents/<int:document_id>/doubts", "document_confirm", confirm, methods=["POST"])


@needs(Permission.READ_DOCUMENTS)
def page(document_id: int) -> ResponseReturnValue:
    """Show what does not look right in a report now, or did when it was sent."""
    return _page(document_id)


@opens_for("document_doubts")
def _opens(document: Document, actor: Actor) -> bool:
    readable = revisions.number_to_read(document, Scope.of(actor)) is not None
    return plausibility.judged(document) and readable


@needs(Permission.DRAFT)
def confirm(document_id: int) -> ResponseReturnValue:
    """Say why figures stand as they are; what cannot be saved comes back as typed."""
    documents.get(current.database(), document_id, current.scope())  # whatever was typed
    if confirming.asks_to_look():
        return _page(document_id)
    typed = [
        TypedExplanation.of(request.form, key)
        for key in request.form.getlist("finding")
        if f"{key}:text" in request.form
    ]
    asked = [one for one in typed if one.pressed or one.changed]
    refused: Refused = {}
    code = 200
    for one in asked:
        outcome = _confirm(document_id, one)
        if isinstance(outcome.error, NotFoundError):
            committing.keep()
            raise outcome.error
        if not outcome.done:
            refused[one.code, one.place] = (one.text, outcome.text)
            code = max(code, outcome.code)
    if refused:
        return _page(document_id, refused, code)
    said = ngettext("Đã lưu %(num)s xác nhận.", "Đã lưu %(num)s xác nhận.", len(asked))
    flash(said if asked else gettext("Không có gì thay đổi."), "success")
    first = next((one for one in asked if one.pressed), None)
    anchor = findings.html_id_of(first.code, first.place) if first else ""
    return redirect(addresses.at(desk_url("document_doubts", document_id=document_id), anchor))


def _confirm(document_id: int, one: TypedExplanation) -> Outcome:
    session, actor, now = current.database(), current.actor(), current.now()
    with attempt(BlockedError, StaleError, NotFoundError) as outcome:
        plausibility.confirm(
            session, actor, document_id, one.code, one.place, one.text, now=now, seen=one.seen
        )
    return outcome


def _page(document_id: int, refused: Refused | None = None, code: int = 200) -> ResponseReturnValue:
    session, actor, scope = current.database(), current.actor(), current.scope()
    document = documents.get(session, document_id, scope)
    if not plausibility.judged(document):
        raise NotFoundError
    mark_section(document, scope)
    revision = revisions.get(session, document.id, revisions.number_to_read(document, scope), scope)
    drafts = document.status in WRITTEN and operations.drafts(actor, document)
    report, indicators = _judged(document, revision, scope)
    refused = refused or {}
    shown = [_shown(document, item, indicators, drafts=drafts) for item in report.items]
    html = render_template(
        "doubts.html",
        document=document,
        revision=revision,
        standing=revision.frozen_at is not None,
        unconfirmed=len(report.unexplained),
        found=shown,
        writable=drafts,
        refused=refused,
        wrong=[
            (f"{one.id}-text", refused[one.code, one.place][1])
            for one in shown
            if (one.code, one.place) in refused
        ],
        draft_tabs=navigation.tabs(document, navigation.DOUBTS, {}) if drafts else [],
    )
    return html, code


def _judged(
    document: Document, revision: Revision, scope: Scope
) -> tuple[Judgement, dict[str, Indicator]]:
    session = current.database()
    rows, what, held = plausible_reads.said(session, document, revision, scope)
    if revision.frozen_at is not None:
        return judgement.standing(judgement.notes(session, document, revision)), what.by_code
    found = plausibility.look(session, document, revision, scope, rows, what, held)
    return found, what.by_code


def _shown(
    document: Document, item: JudgedFinding, indicators: dict[str, Indicator], *, drafts: bool
) -> Shown:
    one = item.finding
    indicator = indicators.get(one.place)
    url = (
        remarks.place(document.id, one.place)
        if drafts
        else f"{desk_url('document', document_id=document.id)}#c-{one.place}"
    )
    return Shown(
        id=findings.html_id_of(one.code, one.place),
        code=one.code,
        place=one.place,
        severity=one.severity.value,
        label=say(Message(DOUBT_LABEL.get(one.code, one.name))),
        where=local_name(indicator) if indicator is not None else one.place,
        url=url,
        said=say(one.said),
        remedy=say(one.remedy),
        note=item.note,
        unexplained=item.unexplained,
        outdated=item.outdated,
    )
