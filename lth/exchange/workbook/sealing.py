"""What a workbook carries of its making: of which document, and what each cell was.

It is signed with the installation's key, so that a damaged or mended sheet is told from a true one.
It is never asked what somebody may see or change: that is the document's own business.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from lth.exchange.grids.cells import FileBook
from lth.exchange.workbook.layout import SEAL_SHEET, TEMPLATE

_PIECE = 8_000
_MARK = "lth workbook"

FigureKept = Sequence[Any]
"""A figure as JSON has it: comparator, lower and upper value."""


@dataclass(frozen=True)
class WorkbookSeal:
    """The state of a plan as it was exported; `told` is why it may not be trusted, if so.

    `figures` and `wordings` are by line key, `lines` the texts of each line's fields by its key.
    """

    document_id: int
    revision: int = 0
    exported_at: datetime | None = None
    template: int = TEMPLATE
    figures: Mapping[str, FigureKept] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def pieces(seal: WorkbookSeal, key: str) -> list[str]:
    """Return the texts of the hidden sheet's cells: the signature, then the state in pieces."""
    kept = asdict(seal) | {"exported_at": seal.exported_at and seal.exported_at.isoformat()}
    text = json.dumps(kept, separators=(",", ":"), sort_keys=True)
    return [_signature(text, key), *(text[at : at + _PIECE] for at in range(0, len(text), _PIECE))]


def of_book(book: FileBook, key: str) -> tuple[WorkbookSeal | None, bool]:
    """Return what a book says of its making, and whether it is signed by this installation.

    None where it carries nothing of the kind, or nothing that can be read.
    """
    sheet = book.sheet(SEAL_SHEET)
    if sheet is None:
        return None, False
    signature, *texts = [row[0].text for row in sheet.rows.values() if 0 in row] or [""]
    text = "".join(texts)
    try:
        seal = _read(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, False
    return seal, hmac.compare_digest(signature.encode(), _signature(text, key).encode())


def _read(kept: Mapping[str, Any]) -> WorkbookSeal:
    exported_at = kept.get("exported_at")
    return WorkbookSeal(
        document_id=int(kept["document_id"]),
        revision=int(kept["revision"]),
        exported_at=datetime.fromisoformat(exported_at) if exported_at else None,
        template=int(kept["template"]),
        figures=dict(kept["figures"]),
        wordings=dict(kept["wordings"]),
        lines={key: dict(texts) for key, texts in kept["lines"].items()},
    )


def packed(seal: WorkbookSeal) -> dict[str, Any]:
    """Return a seal as JSON has it; see `unpacked`."""
    return asdict(seal) | {"exported_at": seal.exported_at and seal.exported_at.isoformat()}


def unpacked(kept: Mapping[str, Any]) -> WorkbookSeal:
    """Make the seal that was packed."""
    return _read(kept)


def _signature(text: str, key: str) -> str:
    return hmac.new(key.encode(), f"{_MARK}|{text}".encode(), hashlib.sha256).hexdigest()
