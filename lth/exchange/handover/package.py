"""Gói bàn giao: one zip with all that the office's document system takes of a paper."""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lth.core.i18n import Message
from lth.exchange.handover.fields import CopyField, as_page, as_text
from lth.exchange.papers import file_names

_DAY = (2020, 1, 1, 0, 0, 0)
"""What each entry's clock says, so that the same content gives the same bytes."""

SUMS = "SHA256SUMS"
SHEET_TEXT = "thong-tin-van-ban.txt"
SHEET_PAGE = "thong-tin-van-ban.html"
SIGNED = "ban-da-ky.pdf"
NO_EDXML = "chua-co-goi-edxml.txt"


@dataclass(frozen=True)
class Contents:
    """What a package is made of; `name` is that of its files without their ending.

    `annexes` are the annexes by their labels, each as a PDF of its own: some systems take them
    apart. `edxml` is None while something is `lacking` for it.
    """

    name: str
    title: str
    pdf: bytes
    word: bytes
    fields: Sequence[CopyField]
    annexes: Mapping[str, bytes] = field(default_factory=dict)
    signed: bytes | None = None
    edxml: bytes | None = None
    lacking: Sequence[Message] = ()


def entries(contents: Contents) -> dict[str, bytes]:
    """Return the files of a package by their names, the list of their fingerprints last."""
    found = {
        f"{contents.name}.pdf": contents.pdf,
        f"{contents.name}.docx": contents.word,
        SHEET_TEXT: b"\xef\xbb\xbf" + as_text(contents.fields).encode(),
        SHEET_PAGE: as_page(contents.fields, contents.title).encode(),
    }
    for label, data in contents.annexes.items():
        found[file_names.plain(label, "pdf")] = data
    if contents.signed is not None:
        found[SIGNED] = contents.signed
    if contents.edxml is not None:
        found[f"{contents.name}.edxml"] = contents.edxml
    else:
        found[NO_EDXML] = b"\xef\xbb\xbf" + _lacking(contents.lacking).encode()
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in found.items())
    return found | {SUMS: sums.encode()}


def write(contents: Contents) -> bytes:
    """Return the package as a zip."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, entry in entries(contents).items():
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            zipped.writestr(info, entry)
    return data.getvalue()


def _lacking(lacking: Sequence[Message]) -> str:
    lines = "".join(f"- {message}\r\n" for message in lacking)
    return f"Gói bàn giao này chưa có gói tin .edxml vì còn thiếu:\r\n{lines}"
