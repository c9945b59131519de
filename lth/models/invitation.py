"""What people are asked for by mail: to take a role, and to confirm an address of their own."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lth.models.base import Base, Keyed, Word, one_of
from lth.models.person import Person, Role
from lth.models.unit import Office, Unit

ENDS_ONCE = (
    "(accepted_at IS NULL OR declined_at IS NULL AND withdrawn_at IS NULL)"
    " AND (declined_at IS NULL OR withdrawn_at IS NULL)"
)


class Invitation(Keyed, Base):
    """An invitation of an address to a role in a unit (in none: the system), until it is accepted.

    Name and position are as the inviter typed them; whether the address has an account is known to
    nobody before it is accepted. `person_id` is who accepted it. Only the hash of the mailed token
    is kept, that of the last mail; `times` counts the mails, the last of them `mailed_at`.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("(role = 'system_admin') = (unit_id IS NULL)", name="has_place"),
        CheckConstraint(
            "(accepted_at IS NULL) = (person_id IS NULL)", name="acceptance_has_person"
        ),
        CheckConstraint(ENDS_ONCE, name="ends_once"),
        Index(None, "unit_id", "email"),
    )

    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(160))
    position: Mapped[str] = mapped_column(String(160), default="")
    role: Mapped[Role] = mapped_column(Word(Role))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    times: Mapped[int] = mapped_column(default=1)
    mailed_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    unit: Mapped[Unit | None] = relationship(lazy="raise")
    office: Mapped[Office | None] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id], lazy="raise")


class AddressChange(Keyed, Base):
    """A change of a person's own address, asked for; done once both addresses have confirmed it.

    `released_by_id`: the system administrator who has taken the place of an old mailbox that is
    lost. Either address can stop it while it is not done. Only the hashes of the tokens are kept.
    """

    __tablename__ = "address_change"
    __table_args__ = (
        CheckConstraint("done_at IS NULL OR stopped_at IS NULL", name="ends_once"),
        CheckConstraint(
            "done_at IS NULL OR new_confirmed_at IS NOT NULL"
            " AND (old_confirmed_at IS NOT NULL OR released_by_id IS NOT NULL)",
            name="done_has_proofs",
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    old_email: Mapped[str] = mapped_column(String(254))
    new_email: Mapped[str] = mapped_column(String(254))
    old_token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    new_token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    old_confirmed_at: Mapped[datetime | None]
    new_confirmed_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
