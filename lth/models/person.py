"""People, the roles they hold, and how they sign in."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base, FoundByName, Keyed, Word, one_of
from lth.models.unit import Office, Unit

if TYPE_CHECKING:
    from lth.models.delegation import Delegation


class Role(StrEnum):
    """Vai trò. What each may do stands in the workflow table."""

    CLERK = "clerk"
    LEADER = "leader"
    SPECIALIST = "specialist"
    FINANCE_APPRAISER = "finance_appraiser"
    FORMAT_APPRAISER = "format_appraiser"
    OBSERVER = "observer"
    UNIT_ADMIN = "unit_admin"
    SYSTEM_ADMIN = "system_admin"


class Person(Keyed, FoundByName, Base):
    """A person with an account; what they may do hangs on their role assignments.

    This much is shown to whoever shares a document's road with them; see `Credential` for the rest.
    `digest`: mail reaches them gathered into one letter each morning, and not at once.
    """

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(160))
    position: Mapped[str] = mapped_column(String(160), default="")
    language: Mapped[str] = mapped_column(String(2), default="vi")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    digest: Mapped[bool] = mapped_column(default=False, server_default=false())

    credential: Mapped["Credential"] = relationship(back_populates="person", lazy="raise")
    assignments: Mapped[list["RoleAssignment"]] = relationship(
        back_populates="person", foreign_keys="RoleAssignment.person_id"
    )


class Credential(Base):
    """A person's means to sign in and to be written to: e-mail address and password.

    Apart from `Person`, because only a named system purpose reads or writes it (sign-in, mail,
    administration). It is never loaded by the way: a query under such a purpose asks for it.
    """

    __tablename__ = "credential"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(160))

    person: Mapped[Person] = relationship(back_populates="credential")


class SessionEnd(StrEnum):
    """Why somebody is no longer signed in somewhere, before the session's time was over."""

    SIGNED_OUT = "signed_out"
    REPLACED = "replaced"
    ENDED_BY_OWNER = "ended_by_owner"
    PASSWORD = "password"  # noqa: S105 - the word for a reason, no password
    ADDRESS = "address"
    LOCKED = "locked"
    SECOND_FACTOR = "second_factor"
    RESTORED = "restored"


class UserSession(Keyed, Base):
    """A browser in which a person is signed in, until `ends_at` at the latest; ended once.

    Only the hash of its token is kept, the token is in the browser's signed cookie. `browser` and
    `address` are there for the owner to know it by. One that `awaits_code` opens nothing: the
    password was right, and the second factor is asked for.
    """

    __tablename__ = "user_session"
    __table_args__ = (
        one_of("end_reason", SessionEnd),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
        CheckConstraint("ends_at > created_at", name="forward"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[SessionEnd | None] = mapped_column(Word(SessionEnd))
    browser: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(45))
    awaits_code: Mapped[bool] = mapped_column(default=False)
    second_factor_at: Mapped[datetime | None]


class RoleAssignment(Keyed, Base):
    """One role of one person in an office of a unit, for a period `[valid_from, valid_to)`.

    A system administrator holds the role in no unit. `delegation_id` names the decision under which
    the role is held for somebody else, where it is. `preferred`: its person has chosen to begin in
    it; it is never so when it is given.
    """

    __tablename__ = "role_assignment"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("(role = 'system_admin') = (unit_id IS NULL)", name="has_place"),
        Index(None, "unit_id", "role"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    role: Mapped[Role] = mapped_column(Word(Role))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"), unique=True)
    preferred: Mapped[bool] = mapped_column(default=False, server_default=false())

    person: Mapped[Person] = relationship(back_populates="assignments", foreign_keys=[person_id])
    unit: Mapped[Unit | None] = relationship()
    office: Mapped[Office | None] = relationship()
    delegation: Mapped["Delegation | None"] = relationship()

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class PasswordReset(Keyed, Base):
    """A one-time link; only the hash of its token is kept."""

    __tablename__ = "password_reset"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LoginAttempt(Keyed, Base):
    """A failed try, counted by what was tried (`key`) and from which network, to slow guessing."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index(None, "key", "at"),)

    key: Mapped[str] = mapped_column(String(80))
    network: Mapped[str] = mapped_column(String(48), default="")
    at: Mapped[datetime]
