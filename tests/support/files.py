"""Files as people send them: made in memory, small, each what it says."""

import io
import zipfile

import docx
import xlsxwriter
from PIL import Image

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ZIP_END = b"PK\x05\x06"


def word(text="Kế hoạch nhân rộng câu lạc bộ liên thế hệ tự giúp nhau"):
    """Make a Word file of one paragraph."""
    document, kept = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(kept)
    return kept.getvalue()


def excel(text="Số câu lạc bộ"):
    """Make an Excel file of one cell."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        book.add_worksheet("Chỉ tiêu").write_string(0, 0, text)
    return kept.getvalue()


def photograph(size=(40, 30), form="JPEG", **saved):
    """Make an image whose upper left quarter is red."""
    image, kept = Image.new("RGB", size, "white"), io.BytesIO()
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    image.save(kept, form, **saved)
    return kept.getvalue()


def archive(parts, **how):
    """Make an archive of named texts or bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, **how) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return kept.getvalue()


def repacked(data, **changed):
    """Pack an archive again with parts added or changed; `None` leaves one out."""
    with zipfile.ZipFile(io.BytesIO(data)) as before:
        parts = {name: before.read(name) for name in before.namelist()} | changed
    return archive({name: text for name, text in parts.items() if text is not None})
