"""Recording and ending the decisions by which leaders let others sign.

A decision is never rewritten: a wrong one is ended and decided anew. Each change writes its audit
entry and a letter to the giver and to the receiver in the same transaction. What is refused is a
RefusedError that names the form's field; nothing is changed then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from lth.access.actor import LENT, in_force
from lth.access.delegations import (
    PASSED_ON,
    Stage,
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
from lth.administration.desk import Desk
from lth.core.errors import RefusedError
from lth.core.i18n import N_, Message
from lth.core.vietnamese import DOCUMENT_NUMBER
from lth.models import Delegation, Person, Programme, RoleAssignment
from lth.models.delegation import Subject
from lth.models.document import SignForm
from lth.models.person import Role

ONE_DAY = timedelta(days=1)
LONGEST = timedelta(days=366)
"""A decision lasts a year at the most: what goes on for longer is decided anew."""


@dataclass(frozen=True)
class Decision:
    """What is to be recorded; `giver_role_id` is the leader's role out of which it is given."""

    giver_role_id: int
    receiver_id: int
    form: SignForm
    subject: Subject
    programme_id: int | None
    number: str
    decided_on: date
    starts_on: date
    ends_on: date


# --- Recording ----------------------------------------------------------------------------


def record(desk: Desk, said: Decision) -> Delegation:
    """Record a decision and lend its receiver the leader's role for its days.

    Raises RefusedError where a rule is broken, also where another administrator has just recorded
    the same.
    """
    refused = may_give(desk.actor)
    if refused is not None:
        raise RefusedError("", refused)
    _check_words(desk, said)
    with system(desk.session, Purpose.DELEGATE):
        out_of = _giving_role(desk, said.giver_role_id)
        _lock_people(desk.session, out_of.person_id, said.receiver_id)
        _check_people(desk, said, out_of)
        _check_bounds(said, out_of)
        _refuse_twice(desk, said, out_of.person_id)
        giver_id, above_id = out_of.person_id, out_of.delegation_id
    one = Delegation(
        unit_id=desk.unit_id,
        giver_id=giver_id,
        receiver_id=said.receiver_id,
        form=said.form,
        subject=said.subject,
        programme_id=said.programme_id,
        number=said.number,
        decided_on=said.decided_on,
        starts_on=said.starts_on,
        ends_on=said.ends_on,
        passed_on_from_id=above_id,
        created_at=desk.now,
        created_by_id=desk.actor.person_id,
    )
    desk.session.add(one)
    desk.session.flush()
    _lend(desk, one)
    return one


def _check_words(desk: Desk, said: Decision) -> None:
    """What can be seen from the decision alone."""
    if not DOCUMENT_NUMBER.fullmatch(said.number):
        raise RefusedError("number", Message(N_("Số, ký hiệu viết như 12/QĐ-UBND.")))
    if said.decided_on > desk.today:
        raise RefusedError("decided_on", Message(N_("Ngày quyết định không thể sau hôm nay.")))
    if said.starts_on < said.decided_on:
        text = N_("Việc ký thay bắt đầu sớm nhất từ ngày quyết định, %(date)s.")
        raise RefusedError("starts_on", Message(text, {"date": said.decided_on}))
    if said.ends_on < said.starts_on:
        raise RefusedError("ends_on", Message(N_("Ngày cuối không được trước ngày bắt đầu.")))
    if said.ends_on < desk.today:
        raise RefusedError("ends_on", Message(N_("Ngày cuối đã qua, không còn gì để giao.")))
    if said.ends_on - said.starts_on >= LONGEST:
        text = N_("Mỗi quyết định dài nhất một năm; lâu hơn thì quyết định lại.")
        raise RefusedError("ends_on", Message(text))


def _giving_role(desk: Desk, role_id: int) -> RoleAssignment:
    """The leader's role out of which it is given; where that is lent, its decision is held."""
    own_only = desk.actor.role is not Role.UNIT_ADMIN and role_id != desk.actor.assignment_id
    statement = (
        select(RoleAssignment)
        .options(joinedload(RoleAssignment.person), *LENT)
        .where(
            RoleAssignment.id == role_id,
            RoleAssignment.unit_id == desk.unit_id,
            RoleAssignment.role == Role.LEADER,
            in_force(desk.today),
        )
        .execution_options(populate_existing=True)
    )
    held = None if own_only else desk.session.scalars(statement).first()
    if held is None:
        raise RefusedError("giver", Message(N_("Hãy chọn một lãnh đạo đang giữ vai trò ở đơn vị.")))
    above = standing(desk.session, held.delegation_id) if held.delegation_id is not None else None
    if above is not None and above.ended_at is not None:
        raise RefusedError("giver", Message(N_("Việc giao ký cho người này vừa được kết thúc.")))
    return held


def _lock_people(session: Session, *person_ids: int) -> None:
    """Of two who record the same at once the second waits, and then sees the first one's."""
    chosen = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    session.execute(chosen.with_for_update())


def _check_people(desk: Desk, said: Decision, out_of: RoleAssignment) -> None:
    """The giver is the head; the receiver works at the unit today, and still on the last day."""
    if said.receiver_id == out_of.person_id:
        raise RefusedError("receiver", Message(N_("Người ký thay phải là người khác.")))
    chosen = (
        select(RoleAssignment.id)
        .join(RoleAssignment.person)
        .where(
            RoleAssignment.person_id == said.receiver_id,
            Person.active,
        )
    )
    days = (desk.today, said.ends_on)
    held = [chosen.where(*works_on_documents(desk.unit_id, on)).limit(1) for on in days]
    if any(desk.session.scalar(one) is None for one in held):
        text = N_("Hãy chọn người đang giữ một vai trò về kế hoạch ở đơn vị.")
        raise RefusedError("receiver", Message(text))
    if out_of.delegation_id is None and out_of.person.position.lower().startswith("phó "):
        text = N_("Chỉ người đứng đầu giao người khác ký; %(name)s có chức vụ %(position)s.")
        named = {"name": out_of.person.name, "position": out_of.person.position}
        raise RefusedError("giver", Message(text, named))


def _check_bounds(said: Decision, out_of: RoleAssignment) -> None:
    """Nobody gives more than they have, nor for longer."""
    last = out_of.valid_to - ONE_DAY if out_of.valid_to is not None else None
    if said.starts_on < out_of.valid_from:
        text = N_("Người giao chỉ có quyền từ ngày %(date)s.")
        raise RefusedError("starts_on", Message(text, {"date": out_of.valid_from}))
    if last is not None and said.ends_on > last:
        text = N_("Người giao chỉ có quyền đến hết ngày %(date)s.")
        raise RefusedError("ends_on", Message(text, {"date": last}))
    above = out_of.delegation if out_of.delegation_id is not None else None
    if above is None:
        return
    if above.passed_on_from_id is not None or said.form not in PASSED_ON.get(above.form, ()):
        text = N_("Người giao đang ký theo %(decision)s nên không giao lại theo hình thức đó.")
        said_by = {"decision": decision_words(above.number, above.decided_on)}
        raise RefusedError("sign_form", Message(text, said_by))
    if above.subject not in {Subject.ALL, said.subject}:
        text = N_("Người giao không được giao phạm vi này.")
        raise RefusedError("subject", Message(text))
    if above.programme_id not in {None, said.programme_id}:
        text = N_("Người giao không được giao chương trình này.")
        raise RefusedError("programme_id", Message(text))


def _refuse_twice(desk: Desk, said: Decision, giver_id: int) -> None:
    """The same two, for the same documents, at the same time: once."""
    meets = Subject if said.subject is Subject.ALL else (Subject.ALL, said.subject)
    same = select(Delegation.id).where(
        Delegation.unit_id == desk.unit_id,
        Delegation.giver_id == giver_id,
        Delegation.receiver_id == said.receiver_id,
        Delegation.ended_at.is_(None),
        Delegation.starts_on <= said.ends_on,
        Delegation.ends_on >= said.starts_on,
        Delegation.subject.in_(list(meets)),
    )
    if said.programme_id is not None:
        programme = Delegation.programme_id
        same = same.where(or_(programme.is_(None), programme == said.programme_id))
    if desk.session.scalar(same.limit(1)) is not None:
        text = N_("Hai người này đã có một quyết định cho phạm vi đó trong thời gian này.")
        raise RefusedError("receiver", Message(text))


def _lend(desk: Desk, one: Delegation) -> None:
    with system(desk.session, Purpose.DELEGATE):
        desk.session.add(
            RoleAssignment(
                person_id=one.receiver_id,
                unit_id=one.unit_id,
                role=Role.LEADER,
                valid_from=one.starts_on,
                valid_to=one.ends_on + ONE_DAY,
                delegation_id=one.id,
            )
        )
        receiver, giver = _names(desk.session, one)
        programme = _programme_code(desk.session, one.programme_id)
        changes = {
            "stands_in_for": (None, giver),
            "sign_form": (None, one.form),
            "subject_of": (None, one.subject),
            "programme": (None, programme),
            "document_number": (None, one.number),
            "decided_on": (None, one.decided_on),
            "valid_from": (None, one.starts_on),
            "last_day": (None, one.ends_on),
        }
        desk.note("delegations.given", receiver, changes)
        delegation_mail.write(desk, delegation_mail.GIVEN, one, (giver, receiver), programme)


def _names(session: Session, one: Delegation) -> tuple[str, str]:
    """The receiver's name and the giver's, read as columns."""
    chosen = select(Person.id, Person.name).where(Person.id.in_([one.receiver_id, one.giver_id]))
    known = dict(session.execute(chosen).all())
    return known[one.receiver_id], known[one.giver_id]


def _programme_code(session: Session, programme_id: int | None) -> str:
    chosen = select(Programme.code).where(Programme.id == programme_id)
    return (session.scalar(chosen) or "") if programme_id is not None else ""


# --- Ending -------------------------------------------------------------------------------


def end(desk: Desk, delegation_id: int) -> list[Delegation] | None:
    """End a decision at once, with all that was passed on from it; what has been signed stands.

    Returns those that ended; None where the actor may not end any such. Raises RefusedError where
    it is over already.
    """
    one = _held(desk, Delegation.id == delegation_id)
    if not one or not may_end(desk.actor, one[0]):
        return None
    if stage(one[0], desk.today) is Stage.OVER:
        raise RefusedError("", Message(N_("Quyết định này đã hết hiệu lực.")))
    ended = [*one, *_held(desk, (Delegation.passed_on_from_id == delegation_id) & _still(desk))]
    for each in ended:
        each.ended_at, each.ended_by_id = desk.now, desk.actor.person_id
    desk.session.flush()
    with system(desk.session, Purpose.DELEGATE):
        for each in ended:
            _take_back(desk, each)
    return ended


def _held(desk: Desk, condition: ColumnElement[bool]) -> list[Delegation]:
    """Decisions of the unit within the actor's scope, held until the transaction ends."""
    chosen = (
        select(Delegation)
        .where(condition, seen(Scope.of(desk.actor)), Delegation.unit_id == desk.unit_id)
        .order_by(Delegation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(desk.session.scalars(chosen))


def _still(desk: Desk) -> ColumnElement[bool]:
    return Delegation.ended_at.is_(None) & (Delegation.ends_on >= desk.today)


def _take_back(desk: Desk, one: Delegation) -> None:
    """The lent role ends: today it is held no more, whatever the hour."""
    chosen = select(RoleAssignment).where(RoleAssignment.delegation_id == one.id)
    for held in _each(desk.session, chosen):
        if held.valid_from > desk.today:
            desk.session.delete(held)
        else:
            held.valid_to = desk.today
    receiver, giver = _names(desk.session, one)
    programme = _programme_code(desk.session, one.programme_id)
    changes = {
        "stands_in_for": (giver, None),
        "document_number": (one.number, None),
        "last_day": (one.ends_on, desk.today),
    }
    desk.note("delegations.ended", receiver, changes)
    delegation_mail.write(desk, delegation_mail.ENDED, one, (giver, receiver), programme)


def _each(session: Session, statement) -> Sequence[RoleAssignment]:
    return session.scalars(statement.execution_options(populate_existing=True)).all()
