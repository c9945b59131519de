"""Kinds of message, each declared once by the room that writes it.

A new message is a subclass of `Payload`, a declaration of it, and a template `mail/KIND.txt`, which
reads the payload as `mail`.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar

from lth.models.person import Role
from lth.models.unit import Level


@dataclass(frozen=True, kw_only=True)
class Payload:
    """All that a message tells, as its row keeps it.

    `turn`: it calls its recipient to act. `expires_at`: from then on there is no sense in it.
    """

    turn: bool = False
    expires_at: ClassVar[datetime | None] = None

    @property
    def thread(self) -> int | None:
        """The id of the document that it is about, by which mail programs put mails together."""
        return None

    @property
    def task(self) -> tuple[Any, ...] | None:
        """The thing to do, the same for two messages that ask for one thing."""
        return None if self.thread is None else (self.thread,)

    @property
    def day(self) -> date | None:
        """The day by which there is something to do."""
        return None

    def words(self) -> dict[str, Any]:
        """Return variables of its template besides `mail`, in the current language."""
        return {}


P = TypeVar("P", bound=Payload)


def to_document(payload: Payload) -> str | None:
    """Lead to the document that a message is about."""
    return None if payload.thread is None else f"documents/{payload.thread}"


@dataclass(frozen=True)
class Declaration(Generic[P]):
    """A kind of message: its name, also its template's, what it tells, and to whom.

    `audience`: the roles whose holders are told, where its writer names units and not people.
    `page`: the page it leads to, below the recipient's level; None: to the start. `one_time_page`:
    the page that takes the row's secret instead. `at_once`: no digest gathers it.
    """

    kind: str
    payload: type[P]
    audience: Set[Role] = frozenset()
    page: Callable[[P], str | None] = to_document
    one_time_page: str = ""
    at_once: bool = False

    def path(self, payload: P, level: Level | None, secret: str | None) -> str:
        """Return the address it leads to, below the site's."""
        if self.one_time_page:
            return f"{self.one_time_page}{secret}"
        page = self.page(payload)
        return "/" if page is None or level is None else f"/{level.value}/{page}"


DECLARED: dict[str, Declaration[Any]] = {}
"""Every kind of message there is, by its name."""


def declare(kind: str, payload: type[P], **how: Any) -> Declaration[P]:
    """Declare a kind of message (see `Declaration`). Raises ValueError for a name that is taken."""
    if kind in DECLARED:
        raise ValueError(f"the message {kind!r} is declared twice")
    DECLARED[kind] = Declaration(kind, payload, **how)
    return DECLARED[kind]


def at_once() -> list[str]:
    """Return the kinds that are sent as soon as they can be, whatever their recipient chose."""
    return [kind for kind, declaration in DECLARED.items() if declaration.at_once]
