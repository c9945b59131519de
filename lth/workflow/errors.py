"""What can go wrong with an act, each with a message that says what to do next."""

from collections.abc import Sequence

from lth.core.i18n import N_, Message


class LthError(Exception):
    """Base of the errors that a person is told about."""

    def __init__(self, *messages: Message):
        super().__init__("; ".join(str(message) for message in messages))
        self.messages: Sequence[Message] = messages


class NotFoundError(LthError):
    """No such thing within the scope; whether it exists elsewhere is not told."""

    def __init__(self) -> None:
        super().__init__(Message(N_("Không tìm thấy hồ sơ này trong phạm vi của anh/chị.")))


class NotYoursError(LthError):
    """The act exists here, but not for this role at this place of the road."""


class NotNowError(LthError):
    """The act is not one of this state."""


class StaleError(LthError):
    """The document changed after the actor's page was loaded; `event` is what happened."""

    def __init__(self, message: Message, event=None):
        super().__init__(message)
        self.event = event


class BlockedError(LthError):
    """Guards refused; each message says what is wrong and what would mend it."""


class RoadError(LthError):
    """No road can be laid for a unit on a date."""
