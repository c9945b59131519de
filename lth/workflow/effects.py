"""Effects: what an act does beside moving the state, and how *undo* takes it back."""

from datetime import date, datetime

from sqlalchemy import func, select, update

from lth.access.scope import Purpose, system
from lth.mail.codec import encode
from lth.models import Opinion, Participation, Remark, Revision
from lth.models.document import ExtensionAnswer
from lth.models.opinion import Aspect
from lth.models.person import Role
from lth.units.on_day import takes_part
from lth.workflow import register, remarks, revisions, signing
from lth.workflow.context import ActContext
from lth.workflow.registry import effect

ASPECT = {
    Role.SPECIALIST: Aspect.CONTENT,
    Role.FINANCE_APPRAISER: Aspect.FINANCE,
    Role.FORMAT_APPRAISER: Aspect.FORMAT,
}
"""Which aspect a role's opinion is of."""

SAID = ("aspect", "verdict", "text", "person_name", "given_at", "published_at")
"""What an opinion says, and when; the event of one that replaces another keeps it."""


@effect
def remember_origin(context: ActContext) -> None:
    context.set("cleared_from", context.document.status)


EXTENSION = ("asked_until", "asked_answer", "extended_until")
"""What a document knows of the extension that its unit asked for; an act on it notes what was."""


@effect
def ask_extension(context: ActContext) -> None:
    """Put a new request in the place of one that waits or was refused."""
    _note_extension(context)
    context.set("asked_until", context.inputs.until)
    context.set("asked_answer", None)


@effect
def grant_extension(context: ActContext) -> None:
    _note_extension(context)
    until = context.inputs.until or context.document.asked_until
    context.event_data["until"] = until.isoformat()
    context.set("asked_answer", ExtensionAnswer.GRANTED)
    context.set("extended_until", until)


@effect
def refuse_extension(context: ActContext) -> None:
    _note_extension(context)
    context.set("asked_answer", ExtensionAnswer.REFUSED)


@effect
def take_extension_back(context: ActContext) -> None:
    before = context.last_event.data["extension"]
    for name in EXTENSION:
        value = before[name]
        is_day = name.endswith("_until") and value is not None
        context.set(name, date.fromisoformat(value) if is_day else value)


def _note_extension(context: ActContext) -> None:
    document = context.document
    context.event_data["extension"] = {name: encode(getattr(document, name)) for name in EXTENSION}


@effect
def freeze_head(context: ActContext) -> None:
    revisions.freeze(context.session, context.head, context.now)


@effect
def send_head(context: ActContext) -> None:
    """Send the newest revision; where the day in force is past, that stays on record."""
    context.head.submitted_at = context.now
    _record_lateness(context)
    context.set("sent_number", context.head.number)
    _freeze_participation(context)


def _record_lateness(context: ActContext) -> None:
    due = context.due
    workdays = due.days_late(context.today, context.schedule.calendar) if due else None
    context.head.days_late = workdays
    if workdays is not None:
        context.event_data["late"] = {"day": encode(due.day), "workdays": workdays}


def _freeze_participation(context: ActContext) -> None:
    """Fix the list of those who take part, once the first of their documents is submitted."""
    if context.document.next_unit_id is None:
        return
    with system(context.session, Purpose.FREEZE):
        context.session.execute(
            update(Participation)
            .where(
                Participation.period_id == context.document.period_id,
                Participation.parent_id == context.document.next_unit_id,
                Participation.frozen_at.is_(None),
                takes_part(),
            )
            .values(frozen_at=context.now)
        )


@effect
def withdraw_head(context: ActContext) -> None:
    context.head.withdrawn_at = context.now
    context.set("sent_number", _last_number(context, Revision.submitted_at))


@effect
def restore_sent(context: ActContext) -> None:
    context.head.withdrawn_at = None
    context.set("sent_number", context.head.number)


@effect
def open_revision(context: ActContext) -> None:
    """Open a copy: on a return in the unit below, whose drafts the actor cannot see."""
    with system(context.session, Purpose.OPEN_REVISION):
        context.set(
            "head_number", revisions.open_copy(context.session, context.document, context.now)
        )
    context.forget_head()


@effect
def unlock_pointed(context: ActContext) -> None:
    """Let, of the revision that a return has opened, only what was pointed at be changed."""
    returned = context.revision(context.pending("sent_number"))
    with system(context.session, Purpose.OPEN_REVISION):
        remarks.unlock_pointed(context.session, returned.id, context.head.id, context.now)


@effect
def carry_unlocked(context: ActContext) -> None:
    """Lock the copy that an undone sending opens as the draft was."""
    sent = context.revision(context.head.based_on_number)
    remarks.carry_unlocked(context.session, sent.id, context.head.id)


@effect
def discard_head(context: ActContext) -> None:
    with system(context.session, Purpose.OPEN_REVISION):
        head = context.head
        based_on = head.based_on_number
        context.session.expunge(head)
        revisions.discard(context.session, head.id)
    context.set("head_number", based_on)
    context.forget_head()


@effect
def publish(context: ActContext) -> None:
    """Make what the level above has said readable to the unit."""
    for model in (Remark, Opinion):
        context.session.execute(
            update(model)
            .where(model.revision_id == context.head.id, model.published_at.is_(None))
            .values(published_at=context.now)
        )


@effect
def unpublish(context: ActContext) -> None:
    moment = context.last_event.at
    for model in (Remark, Opinion):
        context.session.execute(
            update(model)
            .where(model.revision_id == context.head.id, model.published_at == moment)
            .values(published_at=None)
        )


@effect
def release(context: ActContext) -> None:
    """Let the sent revision count in the next step's synthesis from now on."""
    sent = context.revision(context.pending("sent_number"))
    sent.released_at = context.now
    context.set("released_number", sent.number)


@effect
def unrelease(context: ActContext) -> None:
    context.revision(context.pending("released_number")).released_at = None
    context.session.flush()
    context.set("released_number", _last_number(context, Revision.released_at))


def _last_number(context: ActContext, moment) -> int | None:
    """Return the newest revision that has this moment set and was not withdrawn."""
    context.session.flush()
    return context.session.scalar(
        select(func.max(Revision.number)).where(
            Revision.document_id == context.document.id,
            moment.is_not(None),
            Revision.withdrawn_at.is_(None),
        )
    )


@effect
def record_opinion(context: ActContext) -> None:
    """Keep one opinion of a person on a revision: saying it again replaces what was said.

    The event keeps what it replaces. An opinion given anew, after a reopening, is the
    appraising unit's alone until it is published again.
    """
    opinion = _opinion_of_actor(context)
    said_before = opinion is not None
    context.forget_opinions()
    if opinion is None:
        opinion = Opinion(
            revision_id=context.head.id,
            person_id=context.actor.person_id,
            unit_id=context.actor.unit_id,
        )
        context.session.add(opinion)
    else:
        context.event_data["replaced"] = {name: encode(getattr(opinion, name)) for name in SAID}
    opinion.person_name = context.actor.person_name
    opinion.aspect = ASPECT[context.actor.role]
    opinion.verdict = context.inputs.verdict
    if not (said_before and context.inputs.reason_kept):
        opinion.text = context.inputs.reason.strip()
    opinion.given_at, opinion.published_at = context.now, None


@effect
def strike_opinion(context: ActContext) -> None:
    """Take an opinion back; what it replaced stands again."""
    opinion = _opinion_of_actor(context)
    context.forget_opinions()
    replaced = context.last_event.data.get("replaced")
    if replaced is None:
        context.session.delete(opinion)
        return
    for name in SAID:
        value = replaced[name]
        is_moment = name.endswith("_at") and value is not None
        setattr(opinion, name, datetime.fromisoformat(value) if is_moment else value)


def _opinion_of_actor(context: ActContext) -> Opinion | None:
    statement = select(Opinion).where(
        Opinion.revision_id == context.head.id, Opinion.person_id == context.actor.person_id
    )
    return context.session.scalars(statement).first()


@effect
def issue_head(context: ActContext) -> None:
    """Give the newest revision its number and day, in the register too."""
    head, inputs = context.head, context.inputs
    head.document_number = inputs.document_number
    head.issued_on = inputs.document_date
    head.sign_form = inputs.sign_form
    head.signed_by_id = context.actor.person_id
    head.signature = signing.block(context.actor, inputs.sign_form)
    head.issued_at = context.now
    register.enter_issued(context)
    context.set("in_force_number", head.number)


@effect
def unissue_head(context: ActContext) -> None:
    head = context.head
    head.issued_at = head.document_number = head.issued_on = None
    head.sign_form = head.signed_by_id = head.signature = None
    register.strike_issued(context)
    context.session.flush()
    context.set("in_force_number", _last_number(context, Revision.issued_at))


@effect
def stand_down(context: ActContext) -> None:
    register.enter_revocation(context)
    context.set("in_force_number", None)
    context.set("released_number", None)


@effect
def stand_up(context: ActContext) -> None:
    register.strike_revocation(context)
    context.set("in_force_number", _last_number(context, Revision.issued_at))
    context.set("released_number", _last_number(context, Revision.released_at))
