"""A list of people between its upload and the invitations: kept, mended, sent in one go.

Only its uploader sees it. It is judged anew at each look, against what the units know by then.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, load_only

from lth.access.scope import Purpose, system
from lth.administration import invitations
from lth.administration.context import AdminContext
from lth.administration.invitations import Asked, InvitationState, Invitee
from lth.administration.people import Appointment
from lth.core.errors import RefusedError, StaleError
from lth.core.i18n import N_, Message, pack, unpack
from lth.core.vietnamese import capitalize_first, one_line, search_key
from lth.exchange.grids.lists import cleaned, refused
from lth.exchange.roster import headings, lines
from lth.exchange.roster.lines import CheckedLine, Post, RowState, TypedLine, UnitFacts
from lth.exchange.roster.places import Places, ReachedUnits, reach
from lth.exchange.roster.words import Column
from lth.models import Credential, Invitation, Office, RoleAssignment, Roster, Unit

LIFETIME = timedelta(days=14)
MOST_LISTS = 5
"""How many lists of a unit one person keeps; the oldest goes for the next."""

Cells = Mapping[Column, str]


@dataclass(frozen=True)
class RowChange:
    """What was typed anew in a row, and whether it is left out (None: as before)."""

    cells: Cells
    skipped: bool | None = None


@dataclass(frozen=True)
class CheckedRoster:
    """A list with what each of its rows means by now."""

    roster: Roster
    places: Places
    facts: UnitFacts
    lines: Sequence[CheckedLine]

    @property
    def counts(self) -> Counter[RowState]:
        return lines.counts(self.lines)

    @property
    def notes(self) -> list[Message]:
        """What was to be said when the file was read."""
        return [unpack(note) for note in self.roster.notes]

    def of(self, *states: RowState) -> list[CheckedLine]:
        return [line for line in self.lines if line.state in states]


def keep(admin: AdminContext, data: bytes, file_name: str) -> Roster:
    """Read a file and keep its rows for mending.

    Raises RefusedError for what is no list, and where the unit has ended.
    """
    _check_exists(admin)
    found = headings.read(data, one_unit=not _has_units_below(admin))
    rows = [_kept(TypedLine(at, row.number, row.cells)) for at, row in enumerate(found.rows, 1)]
    with system(admin.session, Purpose.ADMINISTER):
        _make_room(admin)
        roster = Roster(
            unit_id=admin.own_unit.id,
            created_by_id=admin.actor.person_id,
            created_at=admin.now,
            expires_at=admin.now + LIFETIME,
            file_name=one_line(file_name)[-160:] or "–",
            notes=[pack(note) for note in found.notes],
            lines=rows,
        )
        admin.session.add(roster)
    return roster


def _check_exists(admin: AdminContext) -> None:
    unit = admin.own_unit
    if not unit.in_force(admin.today):
        text = N_("%(unit)s không còn hoạt động. Hãy mở trang của đơn vị đang hoạt động.")
        raise refused(text, unit=capitalize_first(unit.full_name))


def _has_units_below(admin: AdminContext) -> bool:
    unit = admin.own_unit
    below = select(Unit.id).where(Unit.parent_id == unit.id).limit(1)
    return admin.session.scalar(below) is not None


def _make_room(admin: AdminContext) -> None:
    """Let go of what has expired, whoever kept it, and of the oldest lists of the uploader."""
    own = select(Roster.id).where(
        Roster.created_by_id == admin.actor.person_id, Roster.unit_id == admin.own_unit.id
    )
    old = own.order_by(Roster.id.desc()).offset(MOST_LISTS - 1)
    ids = list(admin.session.scalars(old))
    expired = Roster.expires_at <= admin.now
    admin.session.execute(delete(Roster).where(or_(expired, Roster.id.in_(ids))))


def kept(admin: AdminContext) -> list[Roster]:
    """List the lists of the unit that the administrator keeps, the newest first."""
    statement = (
        select(Roster)
        .options(load_only(Roster.created_at, Roster.expires_at, Roster.file_name))
        .where(*_own(admin))
        .order_by(Roster.id.desc())
    )
    return list(admin.session.scalars(statement))


def find(admin: AdminContext, roster_id: int, *, to_change: bool = False) -> Roster | None:
    """Find one of the lists; `to_change`: held until the transaction ends."""
    statement = select(Roster).where(Roster.id == roster_id, *_own(admin))
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return admin.session.scalar(statement)


def _own(admin: AdminContext) -> tuple[Any, ...]:
    return (
        Roster.unit_id == admin.own_unit.id,
        Roster.created_by_id == admin.actor.person_id,
        Roster.expires_at > admin.now,
    )


def drop(admin: AdminContext, roster: Roster, seen: str) -> None:
    """Let go of a list; what was sent stays sent. Raises StaleError where it was changed since."""
    check_seen(roster, seen)
    admin.session.delete(roster)


# --- Looking ------------------------------------------------------------------------------


def look(
    admin: AdminContext, roster: Roster, changes: Mapping[int, RowChange] | None = None
) -> CheckedRoster:
    """Judge a list as it stands, or as it would with some changes."""
    places = Places(reach(admin.session, admin.own_unit, admin.today))
    facts = facts_of(admin, places.reach)
    typed = changed(_typed(roster), changes or {})
    return CheckedRoster(roster, places, facts, lines.check(typed, places, facts))


def check_file(admin: AdminContext, data: bytes) -> CheckedRoster:
    """Judge a file without keeping it. Raises RefusedError as `keep` does."""
    _check_exists(admin)
    found = headings.read(data, one_unit=not _has_units_below(admin))
    rows = [_kept(TypedLine(at, row.number, row.cells)) for at, row in enumerate(found.rows, 1)]
    return look(admin, Roster(notes=[pack(note) for note in found.notes], lines=rows))


def facts_of(admin: AdminContext, reached: ReachedUnits) -> UnitFacts:
    """Read what the units in reach know of people: nothing of any other unit."""
    session, ids = admin.session, [unit.id for unit in reached.units]
    with system(session, Purpose.ADMINISTER):
        return UnitFacts(
            held=_held(session, ids, admin),
            invited=_invited(session, ids, admin),
            offices=_offices(session, ids),
        )


def _held(session: Session, ids: Sequence[int], admin: AdminContext) -> frozenset[Post]:
    statement = (
        select(RoleAssignment.unit_id, RoleAssignment.role, Credential.email)
        .join(Credential, Credential.person_id == RoleAssignment.person_id)
        .where(
            RoleAssignment.unit_id.in_(ids),
            RoleAssignment.delegation_id.is_(None),
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to > admin.today),
        )
    )
    return frozenset(Post(*row) for row in session.execute(statement))


def _invited(session: Session, ids: Sequence[int], admin: AdminContext) -> frozenset[Post]:
    waits = invitations.in_state(InvitationState.WAITING, admin.now)
    statement = select(Invitation.unit_id, Invitation.role, Invitation.email).where(
        Invitation.unit_id.in_(ids), waits
    )
    return frozenset(Post(*row) for row in session.execute(statement))


def _offices(session: Session, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for office in session.scalars(select(Office).where(Office.unit_id.in_(ids))):
        found.setdefault(office.unit_id, {})[search_key(office.name)] = office.id
    return found


def _typed(roster: Roster) -> list[TypedLine]:
    return [
        TypedLine(
            row["key"],
            row["number"],
            {Column(name): text for name, text in row["cells"].items()},
            skipped=row.get("skipped", False),
            sent=row.get("sent", False),
        )
        for row in roster.lines
    ]


def _kept(line: TypedLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "number": line.number,
        "cells": {column.value: text for column, text in line.cells.items()},
        "skipped": line.skipped,
        "sent": line.sent,
    }


# --- Mending ------------------------------------------------------------------------------


def changed(typed: Iterable[TypedLine], changes: Mapping[int, RowChange]) -> list[TypedLine]:
    """Return the rows with what was typed anew; what was sent stays as it is."""
    return [
        _one_changed(line, changes[line.key]) if line.key in changes and not line.sent else line
        for line in typed
    ]


def _one_changed(line: TypedLine, change: RowChange) -> TypedLine:
    """Change a row. Another unit by name or code goes for both: the other one is let go."""
    anew = {column: cleaned(text) for column, text in change.cells.items()}
    cells = {**line.cells, **anew}
    if anew.get(Column.UNIT, line.cell(Column.UNIT)) != line.cell(Column.UNIT):
        cells.pop(Column.CODE, None)
        cells.pop(Column.AREA, None)
    skipped = line.skipped if change.skipped is None else change.skipped
    return replace(line, cells={key: text for key, text in cells.items() if text}, skipped=skipped)


def guesses(checked: CheckedRoster, keys: Iterable[int]) -> dict[int, RowChange]:
    """Return the changes that take what was probably meant, in rows where it is one thing only."""
    shown = set(keys)
    return {
        line.typed.key: RowChange(
            {problem.column: problem.near[0] for problem in line.problems if len(problem.near) == 1}
        )
        for line in checked.of(RowState.WRONG)
        if line.typed.key in shown
    }


def mend(
    admin: AdminContext, roster: Roster, changes: Mapping[int, RowChange], seen: str
) -> CheckedRoster:
    """Keep what was typed anew in some rows.

    Raises StaleError where the list is no longer as it was seen.
    """
    check_seen(roster, seen)
    before = roster.lines
    after = [_kept(line) for line in changed(_typed(roster), changes)]
    if after != before:
        roster.lines = after
        roster.version += 1
    return look(admin, roster)


def check_seen(roster: Roster, seen: str) -> None:
    """Raise StaleError where a list was changed in another window since it was seen."""
    if seen != str(roster.version):
        text = N_("Danh sách đã được sửa ở cửa sổ khác sau khi mở trang này. Hãy xem lại rồi lưu.")
        raise StaleError(Message(text))


# --- Sending ------------------------------------------------------------------------------


def send(admin: AdminContext, roster: Roster, seen: str) -> int:
    """Invite all whose rows are good, in the transaction under way; returns how many.

    Pressed again, or in two windows, it finds nobody left to invite. Raises RefusedError then, and
    StaleError where the list is no longer as it was seen.
    """
    checked = look(admin, roster)
    good = checked.of(RowState.GOOD)
    if not good:
        raise RefusedError("", N_("Không còn dòng nào chờ gửi lời mời."))
    check_seen(roster, seen)
    invite(admin, checked, roster.file_name)
    gone = {line.typed.key for line in good}
    roster.lines = [row | {"sent": row["sent"] or row["key"] in gone} for row in roster.lines]
    roster.version += 1
    return len(good)


def invite(admin: AdminContext, checked: CheckedRoster, file_name: str) -> None:
    """Invite the people of all good rows."""
    good = checked.of(RowState.GOOD)
    invitations.invite_all([asked(admin, line, checked.facts) for line in good])
    admin.note("roster.sent", file_name, {"invited": (None, len(good))})


def asked(admin: AdminContext, line: CheckedLine, facts: UnitFacts) -> Asked:
    """Return the invitation that a good row asks for. Raises ValueError for any other row."""
    post = line.post
    if post is None:
        raise ValueError(f"row {line.typed.number} has problems")
    there = replace(admin, unit=line.unit)
    appointment = Appointment(post.role, lines.office_id(line, facts), admin.today)
    return Asked(there, Invitee(post.email, line.name, line.position), appointment)
