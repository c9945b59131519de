"""Judge what a file is by what is in it; what it is called tells nothing.

A few kinds are taken. Everything else is refused in words that say what to do instead: what an
office can save its file as, never only that it may not. Nothing here opens a file as a whole; what
reads one further does so apart (`lth.core.apart`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.exchange.files import file_names, office_files


class FileType(StrEnum):
    """What is taken; the value is the extension that its name gets, without the dot."""

    PDF = "pdf"
    WORD = "docx"
    EXCEL = "xlsx"
    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"


IMAGES = frozenset({FileType.JPEG, FileType.PNG, FileType.WEBP})
ANY = frozenset(FileType)

MEDIA_TYPE = {
    FileType.PDF: "application/pdf",
    FileType.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.JPEG: "image/jpeg",
    FileType.PNG: "image/png",
    FileType.WEBP: "image/webp",
}


@dataclass(frozen=True)
class FileKind:
    """What a file is; `name` is its cleaned name, whose extension fits what is in it."""

    type: FileType
    name: str

    @property
    def media_type(self) -> str:
        return MEDIA_TYPE[self.type]

    @property
    def extension(self) -> str:
        """Return the extension, with its dot."""
        return f".{self.type}"

    @property
    def is_image(self) -> bool:
        return self.type in IMAGES


def judge(data: bytes, name: str, among: Collection[FileType] = ANY) -> FileKind:
    """Return what a file is.

    Raises BlockedError where it is empty, broken, a disguise of something else, or not `among`
    what is taken here; its message says what to do.
    """
    if not data:
        raise _refusal(
            N_("Tệp rỗng, không có nội dung. Hãy kiểm tra lại tệp trên máy rồi gửi lại.")
        )
    found = _type(data, among)
    if found not in among:
        text = N_("Đây là tệp %(found)s. Ở đây chỉ nhận %(allowed)s.")
        raise _refusal(text, found=_LABEL[found], allowed=allowed(among))
    return FileKind(found, file_names.fitting(name, found))


def allowed(among: Collection[FileType] = ANY) -> str:
    """List what is taken, as it is said in a sentence: the words are the same in each language."""
    return ", ".join(label for type_, label in _LABEL.items() if type_ in among)


_LABEL = {
    FileType.PDF: "PDF",
    FileType.WORD: "Word (.docx)",
    FileType.EXCEL: "Excel (.xlsx)",
    FileType.JPEG: "JPEG",
    FileType.PNG: "PNG",
    FileType.WEBP: "WebP",
}


def _type(data: bytes, among: Collection[FileType]) -> FileType:
    """Tell the type by how the bytes begin. Raises BlockedError for what is not taken."""
    if data[:_BEFORE_PDF].lstrip(_BLANK).startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return FileType(office_files.extension(data))
    if data.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return FileType.WEBP
    raise _refusal(_why_not(data), allowed=allowed(among))


_BLANK = b"\xef\xbb\xbf \t\r\n"
_BEFORE_PDF = 16
_END_WITHIN = 2048
"""Bytes from the end within which a PDF says that it ends; some writers pad what follows."""


def _pdf(data: bytes) -> FileType:
    if b"%%EOF" not in data[-_END_WITHIN:]:
        raise _refusal(
            N_("Tệp PDF này bị cắt cụt (thiếu phần cuối). Hãy lưu hoặc quét lại tệp rồi gửi lại.")
        )
    if office_files.ends_as_archive(data):
        raise _refusal(
            N_("Tệp PDF này còn chứa một tệp nén nối phía sau nên không nhận. Hãy in lại ra PDF.")
        )
    return FileType.PDF


# --- What is refused ------------------------------------------------------------------------

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_ONLY = N_("Không nhận loại tệp này. Chỉ nhận %(allowed)s.")
_PROGRAM = N_("Đây là tệp chương trình hoặc tập lệnh nên không nhận. Chỉ nhận %(allowed)s.")
_ARCHIVE = N_("Đây là tệp nén. Hãy giải nén rồi gửi từng tệp; chỉ nhận %(allowed)s.")
_WEB_PAGE = N_(
    "Đây là trang web hoặc tệp văn bản đánh dấu (HTML, SVG, XML) nên không nhận. Hãy in trang đó"
    " ra PDF. Chỉ nhận %(allowed)s."
)
_APPLE_PHOTO = N_(
    "Ảnh này ở định dạng HEIC của điện thoại, phần mềm chưa đọc được. Trên iPhone, hãy vào"
    " Cài đặt › Camera › Định dạng, chọn “Tương thích nhất” rồi chụp lại, hoặc lưu ảnh thành JPEG."
)
_OTHER_IMAGE = N_(
    "Ảnh này ở định dạng chưa nhận. Hãy lưu lại thành JPEG hoặc PNG, bản quét thì PDF."
)
_OLD_FILE = N_(
    "Đây là tệp Word, Excel kiểu cũ (.doc, .xls), có thể mang macro nên không nhận. Hãy mở tệp,"
    " chọn “Lưu thành” (Save As) .docx, .xlsx hoặc PDF rồi gửi lại."
)
_WITH_PASSWORD = N_(
    "Tệp này đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu, lưu lại rồi gửi lại."
)
_RICH_TEXT = N_("Đây là tệp .rtf. Hãy mở bằng Word, chọn “Lưu thành” .docx rồi gửi lại.")

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"#!", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"L\x00\x00\x00\x01\x14\x02\x00", _PROGRAM),
    (b"PK\x05\x06", _ARCHIVE),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"GIF8", _OTHER_IMAGE),
    (b"BM", _OTHER_IMAGE),
    (b"II*\x00", _OTHER_IMAGE),
    (b"MM\x00*", _OTHER_IMAGE),
    (b"{\\rtf", _RICH_TEXT),
)
_APPLE_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
_ADDED_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def _why_not(data: bytes) -> str:
    """Say what a file is that is not taken, as far as its beginning tells."""
    if data.startswith(_OLD_OFFICE):
        return _WITH_PASSWORD if _ENCRYPTED in data else _OLD_FILE
    if data[4:8] == b"ftyp":
        return _APPLE_PHOTO if data[8:12] in _APPLE_BRANDS else _ONLY
    told = next((text for begin, text in _BEGINNINGS if data.startswith(begin)), None)
    return told or (_WEB_PAGE if _looks_marked_up(data[:1024]) else _ONLY)


def _looks_marked_up(begin: bytes) -> bool:
    for mark in _ADDED_MARKS:
        begin = begin.removeprefix(mark)
    return begin.replace(b"\x00", b"").lstrip().startswith(b"<")


def _refusal(text: str, **params: str) -> BlockedError:
    return BlockedError(Message(text, dict(params)))
