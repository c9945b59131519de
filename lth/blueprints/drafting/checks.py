"""The checks of a document on one page: what is wrong, what mends it, and why a warning stands."""

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.blueprints.drafting import findings, navigation
from lth.blueprints.drafting.sending import next_acts
from lth.blueprints.web import current, in_place
from lth.blueprints.web.layout import mark_section
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.other_role import opens_for
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.checks import judgement, loading
from lth.core.errors import BlockedError, NotFoundError, StaleError
from lth.core.language import gettext
from lth.drafting import gaps
from lth.models import Document
from lth.workflow import documents, operations, revisions
from lth.workflow.states import WRITTEN


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/checks", "document_checks", page)
    rule(
        "/documents/<int:document_id>/checks/<code>", "document_explain", explain, methods=["POST"]
    )


@needs(Permission.READ_DOCUMENTS)
def page(document_id: int) -> ResponseReturnValue:
    """Show everything that the checks say of a document now, or said when it was sent."""
    return _page(document_id)


@needs(Permission.DRAFT)
def explain(document_id: int, code: str) -> ResponseReturnValue:
    """Say why one warning stands; what cannot be saved comes back as typed.

    A page that saves by itself stays, and is told what has changed on it.
    """
    session, actor = current.database(), current.actor()
    place, text = request.form.get("place", ""), request.form.get("text", "")
    with attempt(BlockedError, StaleError) as outcome:
        judgement.explain(
            session, actor, document_id, code, place, text, now=current.now(), seen=_seen()
        )
    if not outcome.done:
        refused = (code, place, text, outcome.text)
        return _page(document_id, refused=refused, code=outcome.code)
    if in_place.is_part():
        return _page(document_id, explained=(code, place))
    outcome.flash(gettext("Đã lưu giải trình.") if text.strip() else gettext("Đã bỏ giải trình."))
    anchor = findings.html_id_of(code, place)
    return redirect(desk_url("document_checks", document_id=document_id) + f"#{anchor}")


def _seen() -> datetime | None:
    """Read when the explanation on the page was given; anything else never was a moment."""
    text = request.form.get("seen", "")
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


@opens_for("document_checks")
def _opens(document: Document, actor: Actor) -> bool:
    readable = revisions.number_to_read(document, Scope.of(actor)) is not None
    return document.kind.checked and readable


def _page(
    document_id: int,
    *,
    refused: tuple[str, str, str, str] | None = None,
    explained: tuple[str, str] | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    """Show the page, or of it what `explained` names: a check's code and a place."""
    session, actor, scope = current.database(), current.actor(), current.scope()
    document = documents.get(session, document_id, scope)
    if not document.kind.checked:
        raise NotFoundError
    mark_section(document, scope)
    revision = revisions.get(session, document.id, revisions.number_to_read(document, scope), scope)
    written = judgement.notes(session, document, revision)
    content = loading.content_of(session, document, revision, scope)
    frozen = revision.frozen_at is not None
    report = (
        judgement.standing(written)
        if frozen
        else judgement.judged(content, written, judgement.stage_of(document))
    )
    drafts = document.status in WRITTEN and operations.drafts(actor, document)
    where = findings.while_drafting if drafts else findings.while_reading
    html = render_template(
        "checks_part.html" if explained else "checks.html",
        document=document,
        revision=revision,
        report=report,
        sections=findings.sections(report, where(document, content)),
        summary=findings.summary(report),
        off=findings.off(report),
        writable=drafts,
        next_acts=next_acts(document) if drafts else [],
        missing=len(gaps.missing(content, document.kind)) if drafts else 0,
        refused=refused,
        explained=explained,
        draft_tabs=navigation.tabs(document, navigation.CHECKS, loading.counted(content))
        if drafts
        else [],
    )
    return html, code
