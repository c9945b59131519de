"""Files of a package: out of base64 and one-entry zips, judged by what is in them, named safely."""

import base64
import binascii
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from lth.core.i18n import N_, Message
from lth.core.vietnamese import one_line
from lth.exchange.edxml.markup import Element

MOST_BYTES = 45 * 1024 * 1024
"""All files of a package, unpacked."""

MOST_FILES = 100

PAYLOADS = ("contenttransferencoded", "contenttransferencode")
"""Elements that hold a file in base64."""

OCTETS = "application/octet-stream"
LONGEST_NAME = 120
_LONGEST_ENDING = 8

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_OFFICE = {"word/": (_WORD, ".docx"), "xl/": (_SHEET, ".xlsx"), "ppt/": (_SLIDES, ".pptx")}
_OPEN = {
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
_BEGINNINGS = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    (b"II*\x00", "image/tiff", (".tif", ".tiff")),
    (b"MM\x00*", "image/tiff", (".tif", ".tiff")),
    (b"{\\rtf", "application/rtf", (".rtf", ".doc")),
    (b"<?xml", "application/xml", (".edxml", ".xml")),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_ENDINGS = (".doc", ".xls", ".ppt")
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that came in a package: a safe name with the ending of what it is, and its type."""

    name: str
    media_type: str
    data: bytes
    description: str = ""


@dataclass(slots=True)
class _Budget:
    """How many bytes may still be unpacked."""

    left: int = MOST_BYTES


def files_of(root: Element) -> tuple[tuple[ReadFile, ...], list[Message]]:
    """Return the files of a package, and what was noticed about them."""
    notes: list[Message] = []
    references = _references(root)
    payloads = _payloads(root)
    if len(payloads) > MOST_FILES:
        said = N_("Gói tin có %(count)s tệp, phần mềm chỉ lấy %(most)s tệp đầu.")
        notes.append(Message(said, {"count": len(payloads), "most": MOST_FILES}))
        payloads = payloads[:MOST_FILES]
    notes.extend(_unpaired(references, payloads))
    budget, found = _Budget(), list[ReadFile]()
    for payload in payloads:
        about = references.get(_content_id(payload), payload)
        name = _one_of(payload, about, "attachmentname") or _one_of(payload, about, "description")
        data = _decoded(payload, name, budget, notes)
        if data is not None:
            media_type, shown = _named(data, name, len(found) + 1)
            described = one_line(_one_of(payload, about, "description"))[:250]
            found.append(ReadFile(shown, media_type, data, described))
    return _apart(found), notes


# --- Pairs --------------------------------------------------------------------------------


def _content_id(element: Element) -> str:
    said = element.value("contentid").strip("<>")
    return said.casefold().removeprefix("cid:")


def _references(root: Element) -> dict[str, Element]:
    manifest = root.find("edxmlmanifest", "manifest")
    listed = manifest.all("reference") if manifest is not None else []
    return {_content_id(one): one for one in listed}


def _payloads(root: Element) -> list[Element]:
    around = root.find("attachmentencoded", "attachments")
    return around.all("attachment", "attachmentencoded") if around is not None else []


def _unpaired(references: dict[str, Element], payloads: list[Element]) -> list[Message]:
    ids = [_content_id(payload) for payload in payloads]
    notes = []
    for key, reference in references.items():
        if key not in ids:
            said = N_("Gói tin kể tệp “%(name)s” nhưng không có nội dung của tệp.")
            notes.append(Message(said, {"name": _shown(reference)}))
    for key, payload in zip(ids, payloads, strict=True):
        if key not in references:
            said = N_("Tệp “%(name)s” có trong gói tin nhưng không có trong danh sách kể tệp.")
            notes.append(Message(said, {"name": _shown(payload)}))
        elif ids.count(key) > 1:
            said = N_("Tệp “%(name)s” trùng mã tệp với một tệp khác trong gói tin.")
            notes.append(Message(said, {"name": _shown(payload)}))
    return notes


def _shown(element: Element) -> str:
    return one_line(element.value("attachmentname") or element.value("contentid"))[:80] or "?"


def _one_of(payload: Element, about: Element, name: str) -> str:
    return about.value(name) or payload.value(name)


# --- Bytes --------------------------------------------------------------------------------


def _decoded(payload: Element, name: str, budget: _Budget, notes: list[Message]) -> bytes | None:
    encoded = payload.child(*PAYLOADS)
    shown = {"name": one_line(name)[:80] or "?"}
    if encoded is None or not encoded.text.strip():
        notes.append(Message(N_("Tệp “%(name)s” không có nội dung."), shown))
        return None
    try:
        data = base64.b64decode("".join(encoded.text.split()), validate=True)
    except (binascii.Error, ValueError):
        notes.append(Message(N_("Tệp “%(name)s” bị hỏng: nội dung không giải mã được."), shown))
        return None
    if len(data) > budget.left:
        said = N_("Tệp “%(name)s” bị bỏ qua vì các tệp của gói tin nặng quá 45 MB.")
        notes.append(Message(said, shown))
        return None
    data = _unzipped(data, shown, budget.left, notes)
    budget.left -= len(data)
    return data


def _unzipped(data: bytes, shown: dict[str, str], most: int, notes: list[Message]) -> bytes:
    """Return what a zip of one entry holds; anything else as it is."""
    if not data.startswith(b"PK\x03\x04"):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if len(entries) != 1 or entries[0].filename in {"mimetype", "[Content_Types].xml"}:
                return data
            with archive.open(entries[0]) as file:
                inner = file.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
        said = N_("Tệp nén “%(name)s” không mở được, phần mềm giữ nguyên như đã nhận.")
        notes.append(Message(said, shown))
        return data
    if len(inner) > most:
        said = N_("Tệp nén “%(name)s” bung ra quá lớn, phần mềm giữ nguyên như đã nhận.")
        notes.append(Message(said, shown))
        return data
    return inner


# --- Types and names ----------------------------------------------------------------------


def safe_name(name: str, otherwise: str) -> str:
    """Return the name of a file without folders, signs and names that a system keeps for itself."""
    bare = _UNSAFE.sub(" ", PurePosixPath(name.replace("\\", "/")).name)
    safe = one_line(bare).strip(". ") or otherwise
    if _RESERVED.match(safe):
        safe = f"tep-{safe}"
    stem, dot, ending = safe.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return safe[:LONGEST_NAME]
    return f"{stem[:LONGEST_NAME]}.{ending}"


def _named(data: bytes, name: str, number: int) -> tuple[str, str]:
    """Return the type that bytes are of, and a safe name that ends like it."""
    media_type, endings = _type_of(data)
    safe = safe_name(name, f"tep-{number}")
    if f".{safe.rpartition('.')[2].casefold()}" in endings:
        return media_type, safe
    return media_type, safe[:LONGEST_NAME] + (endings[0] if endings else ".bin")


def _type_of(data: bytes) -> tuple[str, tuple[str, ...]]:
    for beginning, media_type, endings in _BEGINNINGS:
        if data.startswith(beginning):
            return media_type, endings
    if data.startswith(_OLD_OFFICE):
        return "application/x-ole-storage", _OLD_ENDINGS
    if data.startswith(b"PK"):
        return _zip_type(data)
    return _text_type(data)


def _zip_type(data: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = archive.namelist()
            if "[Content_Types].xml" in inside:
                for folder, (media_type, ending) in _OFFICE.items():
                    if any(name.startswith(folder) for name in inside):
                        return media_type, (ending,)
            if inside[:1] == ["mimetype"]:
                with archive.open("mimetype") as file:
                    said = file.read(80).strip()
                if said in _OPEN:
                    return said.decode("ascii"), (_OPEN[said],)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
        return OCTETS, (".bin",)
    return "application/zip", (".zip",)


def _text_type(data: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        text = data[:65536].decode("utf-8", "strict" if len(data) <= 65536 else "ignore")
    except UnicodeDecodeError:
        return OCTETS, (".bin",)
    plain = text.isprintable() or all(c.isprintable() or c in "\r\n\t\ufeff" for c in text)
    return ("text/plain", (".txt", ".csv")) if plain and text.strip() else (OCTETS, (".bin",))


def _apart(files: list[ReadFile]) -> tuple[ReadFile, ...]:
    """Give files of the same name different ones."""
    taken: set[str] = set()
    apart = []
    for file in files:
        stem, _, ending = file.name.rpartition(".")
        name, count = file.name, 1
        while name.casefold() in taken:
            count += 1
            name = f"{stem} ({count}).{ending}"
        taken.add(name.casefold())
        apart.append(ReadFile(name, file.media_type, file.data, file.description))
    return tuple(apart)
