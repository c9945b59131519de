"""An act on a document as mail tells of it, read from the event that its row hangs on."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from lth.access import on_behalf
from lth.access.roles import role_label
from lth.core.i18n import Message, unpack
from lth.core.language import say
from lth.core.vietnamese import capitalize_first, lower_first
from lth.mail.declarations import Payload
from lth.models.document import Mode, Status
from lth.models.kind import Kind
from lth.models.person import Role
from lth.workflow.acts import ACT_LABEL, Act
from lth.workflow.deadlines import Due
from lth.workflow.kinds import document_within
from lth.workflow.states import STATUS_LABEL


class Side(StrEnum):
    """The place of the recipient's unit beside the document's."""

    OWN = "own"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, kw_only=True)
class Deed(Payload):
    """An act on a document.

    `due` is when the recipient's unit owes the document (or, told of a document from above, its
    own). `stands` is where the document stands now (told in a digest that was sent, where it stood
    then).
    """

    event_id: int
    seq: int
    programme_id: int
    act: Act
    at: datetime
    actor_name: str
    actor_role: Role
    actor_unit: str
    private: bool
    status: Status
    reason: str
    data: dict[str, Any]
    remarks: int
    document_id: int
    kind: Kind
    mode: Mode
    period_id: int
    period_code: str
    unit_id: int
    unit_name: str
    next_unit_name: str
    side: Side
    undone: Act | None
    undone_at: datetime | None
    due: Due | None = None
    extended_until: date | None = None
    cleared_from: Status | None = None
    in_force_number: int | None = None
    stands: Status | None = None

    @property
    def thread(self) -> int:
        return self.document_id

    @property
    def day(self) -> date | None:
        return self.due.day if self.due is not None else None

    @property
    def moved_on(self) -> bool:
        """Tell whether the document has left the state that the act brought it to."""
        return self.stands is not self.status

    @property
    def until(self) -> date | None:
        """The day that time was asked for, or extended to."""
        return self._day("until")

    @property
    def document_date(self) -> date | None:
        """The day on the document that issued or revoked it."""
        return self._day("document_date")

    @property
    def units_in(self) -> str:
        """How many units are in a synthesis that goes on without some of them."""
        packed = self.data.get("units_in")
        return say(unpack(packed)) if packed else ""

    @property
    def correct_by(self) -> date | None:
        """The day by which what was returned is to come back, where one binds."""
        return self.due.come_back().day if self.due else None

    def _day(self, name: str) -> date | None:
        written = self.data.get(name)
        return date.fromisoformat(written) if written else None

    def words(self) -> dict[str, Any]:
        document = document_within(self.kind, self.period_code)
        return {
            "side": self.side.value,
            "document": document,
            "Document": capitalize_first(document),
            "Drafter": say(Message(self.kind.drafter_label)),
            "unit": self.unit_name,
            "Unit": capitalize_first(self.unit_name),
            "above": self.next_unit_name,
            "Above": capitalize_first(self.next_unit_name),
            "role": lower_first(role_label(self.actor_role)),
            "actor": say(on_behalf.who(self.data.get("on_behalf"), self.actor_name)),
            "status": say(Message(STATUS_LABEL[self.status])),
            "undone": say(Message(ACT_LABEL[self.undone])) if self.undone else "",
        }
