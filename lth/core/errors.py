"""What can be wrong with something typed, and with a page that is out of date."""

from lth.core.i18n import Message


class RefusedError(ValueError):
    """A value that a rule refuses; `field` names the form's field, empty for the whole form."""

    def __init__(self, field: str, message: Message):
        super().__init__(str(message))
        self.field = field
        self.message = message


class OutdatedError(Exception):
    """Somebody changed the thing after the page was loaded; the message says who and when."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message
