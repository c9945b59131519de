"""Effects: what an act does beside moving the state, and how *undo* takes it back."""

from datetime import date, datetime

from sqlalchemy import func, select, update

from lth.access.scope import Purpose, system
from lth.models import Opinion, Participation, Remark, Revision
from lth.models.document import ExtensionAnswer
from lth.models.opinion import Aspect
from lth.models.person import Role
from lth.workflow import returns, revisions, signing
from lth.workflow.context import Case
from lth.workflow.registry import effect

ASPECT = {
    Role.SPECIALIST: Aspect.CONTENT,
    Role.FINANCE_APPRAISER: Aspect.FINANCE,
    Role.FORMAT_APPRAISER: Aspect.FORMAT,
}
"""Which aspect a role's opinion is of."""

SAID = ("aspect", "verdict", "text", "given_at", "published_at")
"""What an opinion says, and when; the event of one that replaces another keeps it."""


@effect
def remember_origin(case: Case) -> None:
    case.becomes("cleared_from", case.document.status)


EXTENSION = ("asked_until", "asked_answer", "extended_until")
"""What a document knows of the extension that its unit asked for; an act on it notes what was."""


@effect
def ask_extension(case: Case) -> None:
    """A new request takes the place of one that waits or was refused."""
    _note_extension(case)
    case.becomes("asked_until", case.inputs.until)
    case.becomes("asked_answer", None)


@effect
def grant_extension(case: Case) -> None:
    _note_extension(case)
    until = case.inputs.until or case.document.asked_until
    case.noted["until"] = until.isoformat()
    case.becomes("asked_answer", ExtensionAnswer.GRANTED)
    case.becomes("extended_until", until)


@effect
def refuse_extension(case: Case) -> None:
    _note_extension(case)
    case.becomes("asked_answer", ExtensionAnswer.REFUSED)


@effect
def take_extension_back(case: Case) -> None:
    before = case.last_event.data["extension"]
    for name in EXTENSION:
        value = before[name]
        is_day = name.endswith("_until") and value is not None
        case.becomes(name, date.fromisoformat(value) if is_day else value)


def _note_extension(case: Case) -> None:
    document = case.document
    case.noted["extension"] = {name: _kept(getattr(document, name)) for name in EXTENSION}


@effect
def freeze_head(case: Case) -> None:
    revisions.freeze(case.session, case.head, case.now)


@effect
def send_head(case: Case) -> None:
    case.head.submitted_at = case.now
    case.becomes("sent_number", case.head.number)
    _freeze_participation(case)


def _freeze_participation(case: Case) -> None:
    """The first document submitted fixes the list of those who take part beside it."""
    if case.document.next_unit_id is None:
        return
    with system(case.session, Purpose.FREEZE):
        case.session.execute(
            update(Participation)
            .where(
                Participation.period_id == case.document.period_id,
                Participation.parent_id == case.document.next_unit_id,
                Participation.frozen_at.is_(None),
            )
            .values(frozen_at=case.now)
        )


@effect
def withdraw_head(case: Case) -> None:
    case.head.withdrawn_at = case.now
    case.becomes("sent_number", _last_number(case, Revision.submitted_at))


@effect
def restore_sent(case: Case) -> None:
    case.head.withdrawn_at = None
    case.becomes("sent_number", case.head.number)


@effect
def open_revision(case: Case) -> None:
    """A return opens it in the unit below, whose drafts the actor cannot see: hence the scope."""
    with system(case.session, Purpose.OPEN_REVISION):
        case.becomes("head_number", revisions.open_copy(case.session, case.document, case.now))
    case.forget_head()


@effect
def unlock_pointed(case: Case) -> None:
    """Of the revision that a return has opened, only what was pointed at may be changed."""
    returned = case.revision(case.now_is("sent_number"))
    with system(case.session, Purpose.OPEN_REVISION):
        returns.unlock_pointed(case.session, returned.id, case.head.id, case.now)


@effect
def carry_unlocked(case: Case) -> None:
    """The copy that an undone sending opens is locked as the draft was."""
    sent = case.revision(case.head.based_on_number)
    returns.carry_unlocked(case.session, sent.id, case.head.id)


@effect
def discard_head(case: Case) -> None:
    with system(case.session, Purpose.OPEN_REVISION):
        head = case.head
        based_on = head.based_on_number
        case.session.expunge(head)
        revisions.discard(case.session, head.id)
    case.becomes("head_number", based_on)
    case.forget_head()


@effect
def publish(case: Case) -> None:
    """What the level above has said becomes readable to the unit."""
    for said in (Remark, Opinion):
        case.session.execute(
            update(said)
            .where(said.revision_id == case.head.id, said.published_at.is_(None))
            .values(published_at=case.now)
        )


@effect
def unpublish(case: Case) -> None:
    moment = _undone_at(case)
    for said in (Remark, Opinion):
        case.session.execute(
            update(said)
            .where(said.revision_id == case.head.id, said.published_at == moment)
            .values(published_at=None)
        )


def _undone_at(case: Case) -> datetime:
    return case.last_event.at


@effect
def release(case: Case) -> None:
    """The sent revision counts in the next step's synthesis from now on."""
    sent = case.revision(case.now_is("sent_number"))
    sent.released_at = case.now
    case.becomes("released_number", sent.number)


@effect
def unrelease(case: Case) -> None:
    case.revision(case.now_is("released_number")).released_at = None
    case.session.flush()
    case.becomes("released_number", _last_number(case, Revision.released_at))


def _last_number(case: Case, moment) -> int | None:
    """The newest revision that has this moment set and was not withdrawn."""
    case.session.flush()
    return case.session.scalar(
        select(func.max(Revision.number)).where(
            Revision.document_id == case.document.id,
            moment.is_not(None),
            Revision.withdrawn_at.is_(None),
        )
    )


@effect
def record_opinion(case: Case) -> None:
    """One person, one opinion of one revision: saying it again replaces what was said.

    The event keeps what it replaces. An opinion given anew, after a reopening, is the
    appraising unit's alone until it is published again.
    """
    opinion = _opinion_of_actor(case)
    if opinion is None:
        opinion = Opinion(
            revision_id=case.head.id, person_id=case.actor.person_id, unit_id=case.actor.unit_id
        )
        case.session.add(opinion)
    else:
        case.noted["replaced"] = {name: _kept(getattr(opinion, name)) for name in SAID}
    opinion.aspect = ASPECT[case.actor.role]
    opinion.verdict = case.inputs.verdict
    opinion.text = case.inputs.reason.strip()
    opinion.given_at, opinion.published_at = case.now, None


@effect
def strike_opinion(case: Case) -> None:
    """Take an opinion back; what it replaced stands again."""
    opinion = _opinion_of_actor(case)
    replaced = case.last_event.data.get("replaced")
    if replaced is None:
        case.session.delete(opinion)
        return
    for name in SAID:
        value = replaced[name]
        is_moment = name.endswith("_at") and value is not None
        setattr(opinion, name, datetime.fromisoformat(value) if is_moment else value)


def _opinion_of_actor(case: Case) -> Opinion | None:
    statement = select(Opinion).where(
        Opinion.revision_id == case.head.id, Opinion.person_id == case.actor.person_id
    )
    return case.session.scalars(statement).first()


def _kept(value: date | datetime | str | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


@effect
def issue_head(case: Case) -> None:
    head, said = case.head, case.inputs
    head.document_number = said.document_number
    head.issued_on = said.document_date
    head.sign_form = said.sign_form
    head.signed_by_id = case.actor.person_id
    head.signature = signing.block(case.actor, said.sign_form)
    head.issued_at = case.now
    case.becomes("in_force_number", head.number)


@effect
def unissue_head(case: Case) -> None:
    head = case.head
    head.issued_at = head.document_number = head.issued_on = None
    head.sign_form = head.signed_by_id = head.signature = None
    case.session.flush()
    case.becomes("in_force_number", _last_number(case, Revision.issued_at))


@effect
def stand_down(case: Case) -> None:
    case.becomes("in_force_number", None)
    case.becomes("released_number", None)


@effect
def stand_up(case: Case) -> None:
    case.becomes("in_force_number", _last_number(case, Revision.issued_at))
    case.becomes("released_number", _last_number(case, Revision.released_at))
