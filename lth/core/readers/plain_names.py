"""Read a name as people type it: of a person, an office, a post, a unit, a file; a title, a number.

What nobody sees in a name, or what turns its direction round, makes two names look alike, or one
look like another. So it is refused here, where a long text only loses it.
"""

from lth.core import clean_text
from lth.core.i18n import N_, Message
from lth.core.vietnamese import one_line

_SHOWN_BEFORE = 24


class HiddenCharacterError(ValueError):
    """A name has a character that nobody sees; `message` says where, for people."""

    def __init__(self, text: str, message: Message):
        super().__init__(f"not a plain name: {text!r}")
        self.message = message


def read_name(text: str) -> str:
    """Read a name: one line, composed, spaces single.

    Raises HiddenCharacterError for a character that nobody sees, at the first of them.
    """
    line = " ".join(clean_text.cleaned(text).split())
    at = clean_text.hidden_at(line)
    if at is not None:
        raise HiddenCharacterError(text, _told(line, at))
    return one_line(line)


def _told(line: str, at: int) -> Message:
    """Word which place to type again."""
    code = f"U+{ord(line[at]):04X}"
    before = clean_text.visible(line[max(0, at - _SHOWN_BEFORE) : at]).strip()
    if not before:
        said = N_("Có ký tự ẩn (%(code)s) ở đầu ô: hãy xóa và gõ lại chỗ này.")
        return Message(said, {"code": code})
    said = N_("Có ký tự ẩn (%(code)s) ngay sau “%(before)s”: hãy xóa và gõ lại chỗ này.")
    return Message(said, {"code": code, "before": before})
