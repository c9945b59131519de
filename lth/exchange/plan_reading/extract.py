"""Make lines of text of a file: Word, PDF with text, plain text.

Word and PDF files of strangers are parsed by `word_text` and `pdf_text` in a process of its own,
with limits (`lth.core.apart`).
"""

from lth.core import apart
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.core.old_encodings import converted, guess

MOST_BYTES = 20 * 1024 * 1024

TOO_LARGE = Message(N_("Tệp lớn hơn 20 MB. Hãy bỏ bớt hình ảnh rồi thử lại."))
SCAN = Message(
    N_(
        "Tệp này là bản scan, không có chữ: phần mềm không đọc được. Hãy dùng bản Word, hoặc "
        "PDF có chữ."
    )
)
OLD_WORD = Message(
    N_("Tệp .doc đời cũ không đọc được: hãy mở bằng Word, lưu thành .docx rồi thử lại.")
)
UNKNOWN = Message(N_("Chỉ đọc được tệp Word (.docx), PDF có chữ hoặc tệp văn bản (.txt)."))
LOCKED = Message(
    N_("Tệp PDF này có mật khẩu hoặc bị hỏng. Hãy lưu một bản không có mật khẩu rồi thử lại.")
)
NO_WORD = Message(
    N_("Tệp này không phải văn bản Word (.docx). Hãy mở tệp, lưu thành .docx rồi thử lại.")
)
EMPTY = Message(N_("Tệp không có chữ nào."))


def text_of(data: bytes) -> str:
    """Return the text of a file, with what is from before Unicode converted. Raises what
    `text_as_is` raises.
    """
    text = text_as_is(data)
    old = guess(text)
    return converted(text, old) if old is not None else text


def text_as_is(data: bytes) -> str:
    """Return the text of a file, judged by what is in it and not by its name.

    Raises BlockedError that says why where it is none of the three kinds, or has no text.
    """
    if len(data) > MOST_BYTES:
        raise BlockedError(TOO_LARGE)
    if data.startswith(b"PK"):
        lines = apart.call("lth.exchange.plan_reading.word_text:word_lines", data, seconds=15)
    elif data[:1024].lstrip().startswith(b"%PDF-"):
        lines = apart.call("lth.exchange.plan_reading.pdf_text:pdf_lines", data, seconds=20)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BlockedError(OLD_WORD)
    else:
        lines = _plain(data).splitlines()
    text = "\n".join(lines)
    if not text.strip():
        raise BlockedError(EMPTY)
    return text


def _plain(data: bytes) -> str:
    """Return a plain text: UTF-8 or UTF-16 with its mark, or else as old editors wrote it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise BlockedError(UNKNOWN)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
