"""Lists of people as offices send them: workbooks and text files made on the spot."""

import io
import zipfile
from collections.abc import Sequence

import xlsxwriter

HEADINGS = ("Đơn vị", "Họ và tên", "Chức vụ", "Vai trò", "Thư điện tử")


def workbook(rows: Sequence[Sequence[object]], *, sheet: str = "Danh sách") -> bytes:
    """A workbook with one sheet, whose cells are written as what they are."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return kept.getvalue()


def text(rows: Sequence[Sequence[str]], sign: str = ";") -> str:
    return "\r\n".join(sign.join(row) for row in rows) + "\r\n"


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """A workbook with one of its parts written anew, or one part more."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        new.writestr(name, content)
    return kept.getvalue()
