"""Files and pasted ranges as books of cells: Excel's read apart, text read here, within bounds."""

import csv
import io

from lth.core import apart
from lth.core.errors import RefusedError
from lth.core.i18n import N_
from lth.core.old_encodings import Encoding, guess
from lth.exchange.grids import inside, lists
from lth.exchange.grids.cells import FileBook, FileCell, FileSheet, unpacked
from lth.exchange.grids.lists import FILE

LARGEST_FILE = 8_000_000
_MOST_CELLS = 400_000


def open_book(data: bytes, file_name: str) -> FileBook:
    """Read a workbook or a text file. Raises RefusedError for what is neither, or too much.

    Raises BlockedError, as `apart.call` does, for what could not be read.
    """
    _check_size(data)
    if lists.is_workbook(data):
        kept = apart.call(
            "lth.exchange.grids.inside:read_workbook", data, seconds=10, megabytes=768
        )
        return unpacked(kept, file_name)
    return of_text(_decoded(data), file_name)


def of_text(text: str, file_name: str = "") -> FileBook:
    """Read a text whose cells stand between tabs, semicolons or commas: a file, a pasted range.

    Raises RefusedError past the bounds.
    """
    rows: dict[int, dict[int, FileCell]] = {}
    left = _MOST_CELLS
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=lists.delimiter(text))
    try:
        for number, record in enumerate(reader, 1):
            cells = {at: FileCell(one) for at, one in enumerate(record) if one.strip()}
            left -= len(cells)
            if cells and (max(cells) >= inside.MOST_COLUMNS or left < 0):
                raise lists.refused(N_("Tệp có quá nhiều ô. Hãy chỉ giữ lại bảng cần gửi."))
            if cells:
                rows[number] = cells
            if len(rows) > inside.MOST_ROWS:
                text = N_("Bảng dài quá %(most)s dòng. Hãy chia nhỏ.")
                raise lists.refused(text, most=inside.MOST_ROWS)
    except csv.Error as error:
        raise lists.refused(_NEITHER) from error
    if not rows:
        raise lists.refused(N_("Không có ô nào có nội dung."))
    return FileBook((FileSheet("", rows),), file_name, text_file=True)


_NEITHER = N_("Tệp này không phải Excel (.xlsx) hay CSV.")


def _check_size(data: bytes) -> None:
    if not data.strip():
        raise lists.refused(N_("Tệp trống."))
    if len(data) > LARGEST_FILE:
        raise lists.refused(
            N_("Tệp lớn quá %(most)s MB. Hãy chỉ giữ lại các trang cần gửi."),
            most=LARGEST_FILE // 1_000_000,
        )


def _decoded(data: bytes) -> str:
    """Return the text of a file; one whose letters only an old font shows comes as they stand."""
    try:
        text, _ = lists.decoded(data)
    except RefusedError:
        text = data.decode("latin-1")
        if b"\0" in data or guess(text) not in set(Encoding):
            raise
    return text


__all__ = ["FILE", "LARGEST_FILE", "of_text", "open_book"]
