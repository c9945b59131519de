"""The checks of a document on one page: what is wrong, what mends it, and why a warning stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lth.access.actor import Actor
from lth.access.scope import Scope
from lth.blueprints.drafting import findings, navigation
from lth.blueprints.drafting.sending import next_acts
from lth.blueprints.web import addresses, committing, current
from lth.blueprints.web.layout import mark_section
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.other_role import opens_for
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt
from lth.checks import judgement, loading
from lth.core.errors import BlockedError, NotFoundError, StaleError
from lth.core.language import gettext, ngettext
from lth.core.vietnamese import plain_text
from lth.drafting import gaps
from lth.models import Document
from lth.workflow import documents, operations, revisions
from lth.workflow.states import WRITTEN


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/documents/<int:document_id>/checks", "document_checks", page)
    rule("/documents/<int:document_id>/checks", "document_explain", explain, methods=["POST"])


@needs(Permission.READ_DOCUMENTS)
def page(document_id: int) -> ResponseReturnValue:
    """Show everything that the checks say of a document now, or said when it was sent."""
    return _page(document_id)


@dataclass(frozen=True, slots=True)
class TypedExplanation:
    """What the page's form says of one warning; `seen`: when what stood there was given."""

    code: str
    place: str
    text: str
    seen: datetime | None
    pressed: bool
    changed: bool

    @classmethod
    def of(cls, form: Mapping[str, str], key: str) -> "TypedExplanation":
        """Read the fields of one warning, by the key of its card."""
        text = form.get(f"{key}:text", "")
        return cls(
            code=form.get(f"{key}:code", ""),
            place=form.get(f"{key}:place", ""),
            text=text,
            seen=_moment(form.get(f"{key}:seen", "")),
            pressed=form.get("pressed") == key,
            changed=plain_text(text).strip() != plain_text(form.get(f"{key}:was", "")).strip(),
        )


Refused = dict[tuple[str, str], tuple[str, str]]
"""By the code and place of a warning: what was typed, and why it was not saved."""


@needs(Permission.DRAFT)
def explain(document_id: int) -> ResponseReturnValue:
    """Say why warnings stand: the one whose button was pressed, and each other typed at besides.

    What can be saved is; what cannot comes back as typed.
    """
    documents.get(current.database(), document_id, current.scope())  # whatever was typed
    typed = [
        TypedExplanation.of(request.form, key)
        for key in request.form.getlist("finding")
        if f"{key}:text" in request.form
    ]
    asked = [one for one in typed if one.pressed or one.changed]
    refused: Refused = {}
    code, gone = 200, None
    for one in asked:
        outcome = _explain(document_id, one)
        if isinstance(outcome.error, NotFoundError):
            gone = outcome.error  # answered when all the others have been saved
        elif not outcome.done:
            refused[one.code, one.place] = (one.text, outcome.text)
            code = max(code, outcome.code)
    if gone is not None:
        committing.keep()
        raise gone
    if refused:
        return _page(document_id, refused=refused, code=code)
    flash(_told(asked), "success")
    first = next((one for one in asked if one.pressed), None)
    anchor = findings.html_id_of(first.code, first.place) if first else ""
    return redirect(addresses.at(desk_url("document_checks", document_id=document_id), anchor))


def _explain(document_id: int, one: TypedExplanation) -> Outcome:
    session, actor, now = current.database(), current.actor(), current.now()
    with attempt(BlockedError, StaleError, NotFoundError) as outcome:
        judgement.explain(
            session, actor, document_id, one.code, one.place, one.text, now=now, seen=one.seen
        )
    return outcome


def _told(saved: Sequence[TypedExplanation]) -> str:
    """Word what was saved."""
    if not saved:
        return gettext("Không có giải trình nào thay đổi.")
    if not any(one.text.strip() for one in saved):
        return gettext("Đã bỏ giải trình.")
    if len(saved) == 1:
        return gettext("Đã lưu giải trình.")
    return ngettext("Đã lưu %(num)s giải trình.", "Đã lưu %(num)s giải trình.", len(saved))


def _moment(text: str) -> datetime | None:
    """Read when an explanation on the page was given; anything else never was a moment."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


@opens_for("document_checks")
def _opens(document: Document, actor: Actor) -> bool:
    readable = revisions.number_to_read(document, Scope.of(actor)) is not None
    return document.kind.checked and readable


def _page(
    document_id: int, *, refused: Refused | None = None, code: int = 200
) -> ResponseReturnValue:
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
    shown = findings.sections(report, where(document, content))
    html = render_template(
        "checks.html",
        document=document,
        revision=revision,
        report=report,
        sections=shown,
        summary=findings.summary(report),
        off=findings.off(report),
        writable=drafts,
        next_acts=next_acts(document) if drafts else [],
        missing=len(gaps.missing(content, document.kind)) if drafts else 0,
        refused=refused or {},
        refused_links=_links(refused or {}, shown),
        draft_tabs=navigation.tabs(document, navigation.CHECKS, loading.counted(content))
        if drafts
        else [],
    )
    return html, code


def _links(
    refused: Refused, shown: Sequence[findings.SeverityGroup]
) -> list[tuple[str | None, str]]:
    """Lead from each refusal to its field, where the warning still stands."""
    there = {(one.code, one.place): f"{one.id}-text" for group in shown for one in group.found}
    return [(there.get(where), said) for where, (_, said) in refused.items()]
