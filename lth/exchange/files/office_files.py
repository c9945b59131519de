"""Tell Word from Excel by the list of contents in the archive that both are (OOXML).

The archive is measured before anything else reads it: what it says that it expands to, and what it
does expand to, since readers of these files believe the one and suffer from the other. An archive
whose two lists of its parts disagree is refused: two readers would see two files.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message

_MEGABYTE = 1024 * 1024
LARGEST_UNPACKED = 150 * _MEGABYTE
"""Bytes of all parts together. A long plan with scans in it has a fifth of that."""
MOST_PARTS = 4_000
_LARGEST_LIST = _MEGABYTE
_PIECE = 64 * 1024

_LIST = "[Content_Types].xml"
_HEAD = struct.Struct("<4s5H3I2H")
"""The head of a part: how it is packed stands in the directory too, and is read from there."""
_END = struct.Struct("<4s4H2IH")
_LONGEST_COMMENT = 0xFFFF
_SCRAMBLED = 1

_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    f"{_OFFICE}wordprocessingml.document.main+xml": "docx",
    f"{_OFFICE}spreadsheetml.sheet.main+xml": "xlsx",
}
_ACTIVE = ("macroenabled", "vbaproject", "macrosheet", "activex", "oleobject")
"""What the kind of a part says where it runs something."""

_FETCHED = frozenset({"attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk"})
"""What is fetched and used without asking as a file is opened, by the end of its relationship."""
_ELSEWHERE = ("http:", "https:", "ftp:", "mhtml:", "\\\\", "//", "file://///", "file:\\\\")
"""How the name of a place on a network begins; a template on the writer's own disk harms nobody."""

_CALLS_OUT = N_(
    "Tệp tự lấy mẫu hoặc nội dung từ nơi khác trên mạng khi mở nên không nhận. Hãy bỏ liên kết đó,"
    " hoặc lưu thành PDF."
)
_BROKEN = N_("Tệp này bị hỏng. Hãy mở bằng Word hoặc Excel, lưu lại rồi gửi lại.")
_TOO_LARGE = N_(
    "Tệp này giải nén ra quá lớn nên không nhận. Hãy bỏ bớt ảnh, trang tính thừa hoặc lưu thành"
    " tệp mới."
)
_MACROS = N_(
    "Tệp có macro hoặc thành phần tự chạy nên không nhận. Hãy lưu lại thành .docx, .xlsx hoặc PDF."
)
_OTHER = N_(
    "Đây là tệp nén hoặc loại tệp văn phòng chưa nhận. Tệp nén thì giải nén rồi gửi từng tệp; tệp"
    " mẫu, trình chiếu, OpenDocument thì lưu lại thành .docx, .xlsx hoặc PDF."
)


def extension(data: bytes) -> str:
    """Return "docx" or "xlsx".

    Raises BlockedError for another kind of archive, one that is broken or scrambled, has something
    in it that runs, or expands to more than `LARGEST_UNPACKED` or into more than `MOST_PARTS`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _measure(data, parts)
            kinds = _kinds(archive, {part.filename for part in parts})
            calls_out = _calls_out(archive, parts)
    except (zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError, *_FAULTS) as fault:
        raise _refusal(_BROKEN) from fault
    if calls_out:
        raise _refusal(_CALLS_OUT)
    if any(word in kind.lower() for kind in kinds for word in _ACTIVE):
        raise _refusal(_MACROS)
    found = {_MAIN[kind] for kind in kinds if kind in _MAIN}
    if len(found) != 1:
        raise _refusal(_OTHER)
    return found.pop()


def ends_as_archive(data: bytes) -> bool:
    """Tell whether a file can be read from its end as an archive, whatever it begins with."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _LONGEST_COMMENT - _END.size))
    if at < 0 or at + _END.size > len(data):
        return False
    return at + _END.size + int(_END.unpack_from(data, at)[-1]) == len(data)


_FAULTS = (EOFError, LookupError, ValueError, NotImplementedError, RuntimeError)
"""What the reader of archives raises beside its own."""


def _measure(data: bytes, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that is too much, or that hides something from some of its readers."""
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise _refusal(_TOO_LARGE)
    names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _refusal(_MACROS)
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        raise _refusal(_BROKEN)
    whole = data[-_END.size :].startswith(b"PK\x05\x06") and len(names) == len(parts)
    if not whole or any(part.flag_bits & _SCRAMBLED for part in parts):
        raise _refusal(_BROKEN)
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end or (end == 0) != (part.header_offset == 0):
            raise _refusal(_BROKEN)
        end = _measure_part(data, part)


def _measure_part(data: bytes, part: zipfile.ZipInfo) -> int:
    """Expand a part, keep nothing of it, and return where it ends."""
    head = _HEAD.unpack_from(data, part.header_offset)
    begin = part.header_offset + _HEAD.size + head[-2] + head[-1]
    name = data[part.header_offset + _HEAD.size :][: head[-2]]
    if head[0] != b"PK\x03\x04" or name != part.orig_filename.encode(_coding(part)):
        raise _refusal(_BROKEN)
    end = begin + part.compress_size
    if end > len(data):
        raise _refusal(_BROKEN)
    packed = memoryview(data)[begin:end]
    if sum(_expanded(packed, part)) != part.file_size:
        raise _refusal(_BROKEN)
    return end


def _coding(part: zipfile.ZipInfo) -> str:
    return "utf-8" if part.flag_bits & 0x800 else "cp437"


def _expanded(packed: memoryview, part: zipfile.ZipInfo) -> Iterator[int]:
    """Yield the lengths of the pieces of a part, and stop after one more than it says it has."""
    if part.compress_type == zipfile.ZIP_STORED:
        yield len(packed)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise _refusal(_BROKEN)
    stream, got = zlib.decompressobj(-zlib.MAX_WBITS), 0
    for at in range(0, len(packed), _PIECE):
        left = bytes(packed[at : at + _PIECE])
        while left and not stream.eof:
            length = len(stream.decompress(left, _PIECE))
            left = stream.unconsumed_tail
            got += length
            yield length
            if got > part.file_size:
                return


def _kinds(archive: zipfile.ZipFile, names: set[str]) -> list[str]:
    """List the kinds of the parts, as the archive's own list tells them."""
    if _LIST not in names:
        return []
    return [of["ContentType"] for of in _attributes(archive, _LIST) if "ContentType" in of]


def _calls_out(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> bool:
    """Tell whether something is fetched from a network as the file is opened."""
    return any(
        of.get("TargetMode") == "External"
        and of.get("Type", "").rpartition("/")[2] in _FETCHED
        and of.get("Target", "").strip().lower().startswith(_ELSEWHERE)
        for part in parts
        if part.filename.lower().endswith(".rels")
        for of in _attributes(archive, part.filename)
    )


def _attributes(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """List the attributes of each element of a part that lists something."""
    found: list[dict[str, str]] = []

    def begin(_tag: str, of: dict[str, str]) -> None:
        found.append(of)

    def refuse(*_declared: object) -> None:
        raise _refusal(_BROKEN)

    with archive.open(name) as opened:
        text = opened.read(_LARGEST_LIST + 1)
    if len(text) > _LARGEST_LIST:
        raise _refusal(_TOO_LARGE)
    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(text, True)
    return found


def _refusal(text: str) -> BlockedError:
    return BlockedError(Message(text))
