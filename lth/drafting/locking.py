"""Which lines may be changed in a document that came back with some of its items pointed at.

A return that points at items unlocks those alone in the new draft; a return of the whole, and any
other way to a draft, locks nothing. The drafter opens one more where figures hang together, with a
reason that the reviewer reads (`lth.drafting.replies.open_line`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lth.content import derived
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.models import Document, Indicator, Revision, UnlockedLine
from lth.models.parts import Part
from lth.workflow.remarks import place_of


@dataclass(frozen=True)
class Locks:
    """What a revision's drafters may change: by line key, as it was unlocked; none means all.

    `money` tells that a figure which derives from budget lines is among it: those are then open,
    since it cannot be changed but by them.
    """

    unlocked: Mapping[str, UnlockedLine] = field(default_factory=dict)
    money: bool = False

    def __bool__(self) -> bool:
        """Tell whether something is locked at all."""
        return bool(self.unlocked)

    def locked(self, line_key: str, *, part: str | None = None, new: bool = False) -> bool:
        """Tell whether a line must stay as it is.

        A part's name as a key ("budget") unlocks all of its lines, and new ones. One more line of
        an indicator in a phase ("clubs_new@2021#2") may be added where another of them is unlocked.
        """
        if not self or line_key in self.unlocked or (part and part in self.unlocked):
            return False
        if Part.BUDGET in {line_key, part} and self.money:
            return False
        return not (new and place_of(line_key) in map(place_of, self.unlocked))

    @classmethod
    def of(cls, revision: Revision) -> "Locks":
        """Return the locks of a revision that was read with what is unlocked in it."""
        return cls({one.line_key: one for one in revision.unlocked})

    @property
    def besides(self) -> list[UnlockedLine]:
        """List what the drafters opened beside what was pointed at, in that order."""
        found = [one for one in self.unlocked.values() if one.reason]
        return sorted(found, key=lambda one: (one.unlocked_at, one.line_key))


def read(session: Session, revision_id: int) -> Locks:
    """Read the locks of a revision, in one query; the caller has checked the scope."""
    statement = (
        select(UnlockedLine, _NAMES_MONEY)
        .where(UnlockedLine.revision_id == revision_id)
        .order_by(UnlockedLine.line_key)
        .execution_options(populate_existing=True)
    )
    rows = session.execute(statement).all()
    return Locks({one.line_key: one for one, _ in rows}, any(money for _, money in rows))


_NAMES_MONEY = (
    exists()
    .where(
        Revision.id == UnlockedLine.revision_id,
        Document.id == Revision.document_id,
        Indicator.programme_id == Document.programme_id,
        Indicator.extra[derived.DECLARED].as_string().is_not(None),
        UnlockedLine.line_key.startswith(Indicator.code + "@"),
    )
    .correlate(UnlockedLine)
)
"""Whether what is unlocked is a derived figure, written or not yet."""


def refusal(field: str = "") -> Message:
    """Say that a line is locked; `field` names the input it is about."""
    text = N_("Mục này không bị trả lại nên đang khóa. Nếu cần sửa, hãy mở thêm và ghi lý do.")
    return Message(text, field=field)


def require(
    session: Session,
    revision_id: int,
    line_key: str,
    *,
    part: str | None = None,
    new: bool = False,
) -> None:
    """Raise BlockedError where a line of a revision is locked; for who saves one line."""
    if read(session, revision_id).locked(line_key, part=part, new=new):
        raise BlockedError(refusal())
