"""Kinds of message, each declared once by the room that writes it.

A new message is a subclass of `Payload`, a declaration of it, and a template `mail/KIND.txt`, which
reads the payload as `mail`. It is written with the act that it tells of, and looked at again when
it is sent: whether its recipient still holds a role for which they are told, and whether it is
still true (`Declaration.still`).
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from lth.core.i18n import N_
from lth.models.person import Role
from lth.models.unit import Level


class Withheld(StrEnum):
    """Why a message was not sent after all, as its row keeps it."""

    ACCOUNT_CLOSED = "account_closed"
    ROLE_ENDED = "role_ended"
    UNDONE = "undone"
    NEVER_TOLD = "never_told"
    OVERTAKEN = "overtaken"
    LINK_OVER = "link_over"
    INVITATION_OVER = "invitation_over"
    CHANGE_OVER = "change_over"
    DECISION_OVER = "decision_over"
    DONE = "done"
    DAY_MOVED = "day_moved"
    ROLE_FILLED = "role_filled"
    RESULT_OVER = "result_over"
    WORKBOOK_OVER = "workbook_over"
    NOTHING_LEFT = "nothing_left"
    REQUEST_OVER = "request_over"
    FINDING_OVER = "finding_over"


WITHHELD_LABEL = {
    Withheld.ACCOUNT_CLOSED: N_("Không gửi: tài khoản đã khóa"),
    Withheld.ROLE_ENDED: N_("Không gửi: vai trò đã kết thúc"),
    Withheld.UNDONE: N_("Không gửi: việc này đã được hoàn tác"),
    Withheld.NEVER_TOLD: N_("Không gửi: việc được hoàn tác chưa từng báo cho người này"),
    Withheld.OVERTAKEN: N_("Không gửi: đã có thư mới hơn về văn bản này"),
    Withheld.LINK_OVER: N_("Không gửi: liên kết đã hết hạn hoặc đã dùng"),
    Withheld.INVITATION_OVER: N_("Không gửi: lời mời đã được trả lời, đã rút hoặc đã có thư mới"),
    Withheld.CHANGE_OVER: N_("Không gửi: việc đổi địa chỉ đã xong hoặc đã dừng"),
    Withheld.DECISION_OVER: N_("Không gửi: quyết định giao ký không còn hiệu lực"),
    Withheld.DONE: N_("Không gửi: đơn vị đã làm xong"),
    Withheld.DAY_MOVED: N_("Không gửi: hạn đã đổi sang ngày khác"),
    Withheld.ROLE_FILLED: N_("Không gửi: đã có người giữ vai trò"),
    Withheld.RESULT_OVER: N_("Không gửi: kết quả đã hết hạn giữ"),
    Withheld.WORKBOOK_OVER: N_("Không gửi: bảng tính đã được xử lý, thay thế hoặc hết hạn giữ"),
    Withheld.REQUEST_OVER: N_("Không gửi: kiến nghị đã được rút"),
    Withheld.FINDING_OVER: N_("Không gửi: tồn tại đã được xác nhận khắc phục xong"),
    Withheld.NOTHING_LEFT: N_("Không gửi: không còn tin nào trong thư gộp"),
}


class Reach(StrEnum):
    """What a recipient still needs when a message is sent: a role, or an account alone.

    ACCOUNT is personal, and of no unit: no administrator sees it but the system's. LETTER gathers
    what reaches its recipient by their roles.
    """

    ROLE = "role"
    ACCOUNT = "account"
    LETTER = "letter"


@dataclass(frozen=True, kw_only=True)
class Payload:
    """All that a message tells, as its row keeps it.

    `turn`: it calls its recipient to act, in one of the roles `turn_as`; it is news to them in
    those `news_as`. Where it names none, any role at its unit will do. `expires_at`: from then on
    there is no sense in it.
    """

    turn: bool = False
    turn_as: tuple[Role, ...] = ()
    news_as: tuple[Role, ...] = ()
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

    @property
    def addressee(self) -> str:
        """The name by which it greets an address that may be nobody's yet."""
        return ""

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
    `page`: the page it leads to, below the recipient's level unless it begins with a slash; None:
    to the start. `one_time_page`:
    the page that takes the row's secret instead. `at_once`: no digest gathers it. `still` names
    the rule by which it is still true (`notifications.validity`); `reach`: whether its recipient
    must still hold a role.
    """

    kind: str
    payload: type[P]
    audience: Set[Role] = frozenset()
    page: Callable[[P], str | None] = to_document
    one_time_page: str = ""
    at_once: bool = False
    still: str = "as_written"
    reach: Reach = Reach.ROLE

    def path(self, payload: P, level: Level | None, secret: str | None) -> str:
        """Return the address it leads to, below the site's."""
        if self.one_time_page:
            return f"{self.one_time_page}{secret}"
        page = self.page(payload)
        if page is not None and page.startswith("/"):
            return page
        return "/" if page is None or level is None else f"/{level.value}/{page}"


DECLARED: dict[str, Declaration[Any]] = {}
"""Every kind of message there is, by its name."""


def declare(kind: str, payload: type[P], **how: Any) -> Declaration[P]:
    """Declare a kind of message (see `Declaration`). Raises ValueError for a name that is taken."""
    if kind in DECLARED:
        raise ValueError(f"the message {kind!r} is declared twice")
    DECLARED[kind] = Declaration(kind, payload, **how)
    return DECLARED[kind]


def for_nobody_else() -> list[str]:
    """Return the kinds that are of an account and of no role: no notice to somebody at work."""
    return [kind for kind, one in DECLARED.items() if one.reach is not Reach.ROLE]


def at_once() -> list[str]:
    """Return the kinds that are sent as soon as they can be, whatever their recipient chose."""
    return [kind for kind, declaration in DECLARED.items() if declaration.at_once]
