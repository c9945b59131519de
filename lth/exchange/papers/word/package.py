"""The zip that a Word file is: written so that the same paper gives the same bytes."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_FIRST = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def packed(docx: bytes) -> bytes:
    """Return a Word file packed anew: parts in one order, no times of writing."""
    with ZipFile(BytesIO(docx)) as old:
        return zipped({name: old.read(name) for name in old.namelist()})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return the zip of some parts by name, the same each time."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in sorted(parts, key=_place):
            entry = ZipInfo(name, _LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, parts[name])
    return made.getvalue()


def _place(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST)), name
