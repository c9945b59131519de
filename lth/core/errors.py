"""Everything that a person is told went wrong, each with messages that say what to do next.

One family: the rooms raise it, `blueprints.web.refusals` says with which HTTP code each is
answered, and no page catches it by hand.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Any

from lth.core.i18n import N_, Message


class LthError(Exception):
    """Base of the errors that a person is told about; `messages` say what is wrong."""

    def __init__(self, *messages: Message):
        super().__init__("; ".join(str(message) for message in messages))
        self.messages: Sequence[Message] = messages


class NotFoundError(LthError):
    """No such thing within the scope; whether it exists elsewhere is not told."""

    def __init__(self) -> None:
        super().__init__(Message(N_("Không tìm thấy hồ sơ này trong phạm vi của anh/chị.")))


class NotYoursError(LthError):
    """An act that exists here, but not for this role at this place of the road."""


class NotNowError(LthError):
    """An act that is not one of this state."""


class SentBookError(NotNowError):
    """A save of a book that has been handed in: it is corrected, with a reason."""


class StaleError(LthError):
    """A change after the actor's page was loaded; `event` is what happened, if known."""

    def __init__(self, *messages: Message, event: Any = None):
        super().__init__(*messages)
        self.event = event


class RoadError(LthError):
    """No road can be laid for a unit on a date."""


class BlockedError(LthError):
    """Rules refuse; each message says what would mend it, and its `field` which input it is about.

    A message without a field is about the whole form.
    """


class PaperTableError(BlockedError):
    """A table of papers in force that cannot be used; each message says what is wrong with it."""


class RefusedError(BlockedError):
    """One value that a rule refuses; `field` names the form's field, empty for the whole form.

    `message` is one, or its msgid alone, marked by `N_`, with its `values`.
    """

    def __init__(self, field: str, message: Message | str, **values: Any):
        text = Message(message, values) if isinstance(message, str) else message
        super().__init__(replace(text, field=field))


class ThrottledError(BlockedError):
    """Too many tries: none is looked at before `wait` is over.

    `text` is a msgid marked by `C_` that says `num`, the wait in whole minutes, rounded up;
    `in_seconds`, where there is one, says a wait of less than two minutes in whole seconds.
    """

    def __init__(self, wait: timedelta, text: str, in_seconds: str = ""):
        if in_seconds and wait < timedelta(minutes=2):
            message = Message(in_seconds, number=max(1, ceil(wait / timedelta(seconds=1))))
        else:
            message = Message(text, number=max(1, ceil(wait / timedelta(minutes=1))))
        super().__init__(message)
        self.wait = wait


class StoreAwayError(BlockedError):
    """The place of the files does not answer, or takes nothing more."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                N_(
                    "Hiện chưa truy cập được kho tệp. Hãy thử lại sau ít phút; nếu vẫn vậy, báo"
                    " quản trị hệ thống."
                )
            )
        )
