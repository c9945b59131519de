"""Recording and ending the decisions by which leaders let others sign.

A decision is never rewritten: a wrong one is ended and decided anew. Each change writes its audit
entry and a letter to the giver and to the receiver in the same transaction. What is refused is a
RefusedError that names the form's field; nothing is changed then.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import LENT, in_force
from lth.access.delegations import (
    PASSED_ON,
    DecisionStage,
    may_end,
    may_give,
    seen,
    stage,
    standing,
    works_on_documents,
)
from lth.access.on_behalf import decision as decision_words
from lth.access.scope import Purpose, Scope, system
from lth.administration import delegation_mail
from lth.administration.context import AdminContext
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.core.readers.document_numbers import (
    DocumentNumberError,
    read_document_number,
    tidied,
)
from lth.models import Delegation, Person, Programme, RoleAssignment
from lth.models.delegation import Subject
from lth.models.document import SignForm
from lth.models.person import Role

ONE_DAY = timedelta(days=1)
LONGEST = timedelta(days=366)
"""A decision lasts a year at the most: what goes on for longer is decided anew."""
OLDEST = timedelta(days=5 * 366)
"""How long before its first day a decision may have been taken: a term of office (5 years)."""


@dataclass(frozen=True)
class Decision:
    """A decision to be recorded; `giver_role_id` is the leader's role out of which it is given."""

    giver_role_id: int
    receiver_id: int
    form: SignForm
    subject: Subject
    programme_id: int | None
    number: str
    decided_on: date
    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", tidied(self.number))


# --- Recording ----------------------------------------------------------------------------


def record(admin: AdminContext, decision: Decision) -> Delegation:
    """Record a decision and lend its receiver the leader's role for its days.

    Raises RefusedError where a rule is broken, also where another administrator has just recorded
    the same.
    """
    refused = may_give(admin.actor)
    if refused is not None:
        raise RefusedError("", refused)
    _check_words(admin, decision)
    with system(admin.session, Purpose.DELEGATE):
        out_of = _giving_role(admin, decision.giver_role_id)
        _lock_people(admin.session, out_of.person_id, decision.receiver_id)
        _check_people(admin, decision, out_of)
        _check_bounds(decision, out_of)
        _refuse_twice(admin, decision, out_of.person_id)
        giver_id, above_id = out_of.person_id, out_of.delegation_id
    decided = {name: value for name, value in vars(decision).items() if name != "giver_role_id"}
    delegation = Delegation(
        unit_id=admin.unit_id,
        giver_id=giver_id,
        passed_on_from_id=above_id,
        created_at=admin.now,
        created_by_id=admin.actor.person_id,
        **decided,
    )
    admin.session.add(delegation)
    admin.session.flush()
    _lend(admin, delegation)
    return delegation


def _check_words(admin: AdminContext, decision: Decision) -> None:
    """Refuse what can be seen from the decision alone."""
    try:
        read_document_number(decision.number)
    except DocumentNumberError as error:
        raise RefusedError("number", error.message) from error
    if decision.decided_on > admin.today:
        raise RefusedError("decided_on", N_("Ngày quyết định không thể sau hôm nay."))
    if decision.decided_on < decision.starts_on - OLDEST:
        text = N_("Ngày quyết định %(date)s quá xa ngày bắt đầu, hãy kiểm tra lại năm.")
        raise RefusedError("decided_on", text, date=decision.decided_on)
    if decision.starts_on < decision.decided_on:
        text = N_("Việc ký thay bắt đầu sớm nhất từ ngày quyết định, %(date)s.")
        raise RefusedError("starts_on", text, date=decision.decided_on)
    if decision.ends_on < decision.starts_on:
        raise RefusedError("ends_on", N_("Ngày cuối không được trước ngày bắt đầu."))
    if decision.ends_on < admin.today:
        raise RefusedError("ends_on", N_("Ngày cuối đã qua, không còn gì để giao."))
    if decision.ends_on - decision.starts_on >= LONGEST:
        text = N_("Mỗi quyết định dài nhất một năm; lâu hơn thì quyết định lại.")
        raise RefusedError("ends_on", text)


def _giving_role(admin: AdminContext, role_id: int) -> RoleAssignment:
    """Find the leader's role out of which it is given; where that is lent, its decision is held."""
    own_only = admin.actor.role is not Role.UNIT_ADMIN and role_id != admin.actor.assignment_id
    statement = (
        select(RoleAssignment)
        .options(joinedload(RoleAssignment.person), *LENT)
        .where(
            RoleAssignment.id == role_id,
            RoleAssignment.unit_id == admin.unit_id,
            RoleAssignment.role == Role.LEADER,
            in_force(admin.today),
        )
        .execution_options(populate_existing=True)
    )
    held = None if own_only else admin.session.scalars(statement).first()
    if held is None:
        raise RefusedError("giver", N_("Hãy chọn một lãnh đạo đang giữ vai trò ở đơn vị."))
    above = standing(admin.session, held.delegation_id) if held.delegation_id is not None else None
    if above is not None and above.ended_at is not None:
        raise RefusedError("giver", N_("Việc giao ký cho người này vừa được kết thúc."))
    return held


def _lock_people(session: Session, *person_ids: int) -> None:
    """Have the second of two who record the same at once wait, and then see the first one's."""
    chosen = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    session.execute(chosen.with_for_update())


def _check_people(admin: AdminContext, decision: Decision, out_of: RoleAssignment) -> None:
    """Refuse a giver who is not the head, and a receiver who does not work at the unit today, and
    still on the last day.
    """
    if decision.receiver_id == out_of.person_id:
        raise RefusedError("receiver", N_("Người ký thay phải là người khác."))
    chosen = (
        select(RoleAssignment.id)
        .join(RoleAssignment.person)
        .where(
            RoleAssignment.person_id == decision.receiver_id,
            Person.active,
        )
    )
    days = (admin.today, decision.ends_on)
    held = [chosen.where(*works_on_documents(admin.unit_id, on)).limit(1) for on in days]
    if any(admin.session.scalar(role) is None for role in held):
        text = N_("Hãy chọn người đang giữ một vai trò về kế hoạch ở đơn vị.")
        raise RefusedError("receiver", text)
    if out_of.delegation_id is None and out_of.person.position.lower().startswith("phó "):
        text = N_("Chỉ người đứng đầu giao người khác ký; %(name)s có chức vụ %(position)s.")
        named = {"name": out_of.person.name, "position": out_of.person.position}
        raise RefusedError("giver", text, **named)


def _check_bounds(decision: Decision, out_of: RoleAssignment) -> None:
    """Refuse to give more than one has, or for longer."""
    last = out_of.valid_to - ONE_DAY if out_of.valid_to is not None else None
    if decision.starts_on < out_of.valid_from:
        text = N_("Người giao chỉ có quyền từ ngày %(date)s.")
        raise RefusedError("starts_on", text, date=out_of.valid_from)
    if last is not None and decision.ends_on > last:
        text = N_("Người giao chỉ có quyền đến hết ngày %(date)s.")
        raise RefusedError("ends_on", text, date=last)
    above = out_of.delegation if out_of.delegation_id is not None else None
    if above is None:
        return
    if above.passed_on_from_id is not None or decision.form not in PASSED_ON.get(above.form, ()):
        text = N_("Người giao đang ký theo %(decision)s nên không giao lại theo hình thức đó.")
        named = {"decision": decision_words(above.number, above.decided_on)}
        raise RefusedError("sign_form", text, **named)
    if above.subject not in {Subject.ALL, decision.subject}:
        text = N_("Người giao không được giao phạm vi này.")
        raise RefusedError("subject", text)
    if above.programme_id not in {None, decision.programme_id}:
        text = N_("Người giao không được giao chương trình này.")
        raise RefusedError("programme_id", text)


def _refuse_twice(admin: AdminContext, decision: Decision, giver_id: int) -> None:
    """Refuse a second decision for the same two, documents and time."""
    meets = Subject if decision.subject is Subject.ALL else (Subject.ALL, decision.subject)
    same = select(Delegation.id).where(
        Delegation.unit_id == admin.unit_id,
        Delegation.giver_id == giver_id,
        Delegation.receiver_id == decision.receiver_id,
        Delegation.ended_at.is_(None),
        Delegation.starts_on <= decision.ends_on,
        Delegation.ends_on >= decision.starts_on,
        Delegation.subject.in_(list(meets)),
    )
    if decision.programme_id is not None:
        programme = Delegation.programme_id
        same = same.where(or_(programme.is_(None), programme == decision.programme_id))
    if admin.session.scalar(same.limit(1)) is not None:
        text = N_("Hai người này đã có một quyết định cho phạm vi đó trong thời gian này.")
        raise RefusedError("receiver", text)


def _lend(admin: AdminContext, delegation: Delegation) -> None:
    with system(admin.session, Purpose.DELEGATE):
        admin.session.add(
            RoleAssignment(
                person_id=delegation.receiver_id,
                unit_id=delegation.unit_id,
                role=Role.LEADER,
                valid_from=delegation.starts_on,
                valid_to=delegation.ends_on + ONE_DAY,
                delegation_id=delegation.id,
            )
        )
        receiver, giver = _names(admin.session, delegation)
        programme = _programme_code(admin.session, delegation.programme_id)
        changes = {
            "stands_in_for": (None, giver),
            "sign_form": (None, delegation.form),
            "subject_of": (None, delegation.subject),
            "programme": (None, programme),
            "document_number": (None, delegation.number),
            "decided_on": (None, delegation.decided_on),
            "valid_from": (None, delegation.starts_on),
            "last_day": (None, delegation.ends_on),
        }
        admin.note("delegations.given", receiver, changes)
        delegation_mail.write(
            admin, delegation_mail.GIVEN, delegation, (giver, receiver), programme
        )


def _names(session: Session, delegation: Delegation) -> tuple[str, str]:
    """Return the receiver's name and the giver's, read as columns."""
    chosen = select(Person.id, Person.name).where(
        Person.id.in_([delegation.receiver_id, delegation.giver_id])
    )
    names = dict(session.execute(chosen).all())
    return names[delegation.receiver_id], names[delegation.giver_id]


def _programme_code(session: Session, programme_id: int | None) -> str:
    chosen = select(Programme.code).where(Programme.id == programme_id)
    return (session.scalar(chosen) or "") if programme_id is not None else ""


# --- Ending -------------------------------------------------------------------------------


def end(admin: AdminContext, delegation_id: int) -> list[Delegation] | None:
    """End a decision at once, with all that was passed on from it; what has been signed stands.

    Returns those that ended; None where the actor may not end any such. Raises RefusedError where
    it is over already.
    """
    found = _held(admin, Delegation.id == delegation_id)
    if not found or not may_end(admin.actor, found[0]):
        return None
    if stage(found[0], admin.today) is DecisionStage.OVER:
        raise RefusedError("", N_("Quyết định này đã hết hiệu lực."))
    ended = [*found, *_held(admin, (Delegation.passed_on_from_id == delegation_id) & _still(admin))]
    for each in ended:
        each.ended_at, each.ended_by_id = admin.now, admin.actor.person_id
    admin.session.flush()
    with system(admin.session, Purpose.DELEGATE):
        for each in ended:
            _take_back(admin, each)
    return ended


def _held(admin: AdminContext, condition: ColumnElement[bool]) -> list[Delegation]:
    """List decisions of the unit within the actor's scope, held until the transaction ends."""
    chosen = (
        select(Delegation)
        .where(condition, seen(Scope.of(admin.actor)), Delegation.unit_id == admin.unit_id)
        .order_by(Delegation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(admin.session.scalars(chosen))


def _still(admin: AdminContext) -> ColumnElement[bool]:
    return Delegation.ended_at.is_(None) & (Delegation.ends_on >= admin.today)


def _take_back(admin: AdminContext, delegation: Delegation) -> None:
    """End the lent role: today it is held no more, whatever the hour."""
    lent = select(RoleAssignment).where(RoleAssignment.delegation_id == delegation.id)
    fresh = lent.execution_options(populate_existing=True)
    for held in admin.session.scalars(fresh).all():
        if held.valid_from > admin.today:
            admin.session.delete(held)
        else:
            held.valid_to = admin.today
    receiver, giver = _names(admin.session, delegation)
    programme = _programme_code(admin.session, delegation.programme_id)
    changes = {
        "stands_in_for": (giver, None),
        "document_number": (delegation.number, None),
        "last_day": (delegation.ends_on, admin.today),
    }
    admin.note("delegations.ended", receiver, changes)
    delegation_mail.write(admin, delegation_mail.ENDED, delegation, (giver, receiver), programme)
