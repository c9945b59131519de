"""What a file is, is told by what is in it; what is refused is told what to do."""

import io
import struct
import zipfile

import pytest

from lth.core.errors import BlockedError
from lth.exchange.files import office_files
from lth.exchange.files.kinds import FileType, judge
from tests.support import files

WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
LIST = "[Content_Types].xml"


def types(*kinds):
    """Write an archive's own list of what is in it."""
    named = "".join(
        f'<Override PartName="/p{at}" ContentType="{k}"/>' for at, k in enumerate(kinds)
    )
    return f"<Types>{named}</Types>"


TAKEN = {
    FileType.PDF: files.PDF,
    FileType.WORD: files.word(),
    FileType.EXCEL: files.excel(),
    FileType.JPEG: files.photograph(),
    FileType.PNG: files.photograph(form="PNG"),
    FileType.WEBP: files.photograph(form="WEBP"),
}


def refusal(data, name="Tờ trình.pdf", **given):
    with pytest.raises(BlockedError) as refused:
        judge(data, name, **given)
    (message,) = refused.value.messages
    return str(message)


@pytest.mark.parametrize("type_", FileType)
def test_content_decides_and_the_name_follows_it(type_):
    kind = judge(TAKEN[type_], "Tờ trình số 60.exe")
    assert (kind.type, kind.name) == (type_, f"Tờ trình số 60.{type_}")
    assert kind.is_image == kind.media_type.startswith("image/")


def test_a_program_may_call_itself_anything():
    for begin in (b"MZ\x90\x00", b"\x7fELF\x02", b"#!/bin/sh\n", b"\xca\xfe\xba\xbe"):
        assert "tệp chương trình" in refusal(begin + files.PDF)


@pytest.mark.parametrize(
    "text",
    [
        "<html><script>alert(1)</script>",
        "  <!DOCTYPE html>",
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
        "<svg/>",
    ],
)
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_what_a_browser_would_run_is_refused(text, coding):
    assert "trang web" in refusal(text.encode(coding), "ảnh.png")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Tệp rỗng"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "Tương thích nhất"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00", "Chỉ nhận PDF, Word (.docx), Excel (.xlsx)"),
        (b"GIF89a" + bytes(20), "lưu lại thành JPEG"),
        (b"Rar!\x1a\x07\x01\x00", "giải nén"),
        (b"{\\rtf1 x}", ".docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "Lưu thành"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "bỏ mật khẩu",
        ),
        ("Kế hoạch số 92".encode(), "Chỉ nhận"),
        (files.PDF[:-6], "cắt cụt"),
        (files.archive({"Kế hoạch.txt": "nội dung"}), "giải nén"),
        (files.archive({"mimetype": "application/vnd.oasis.opendocument.text"}), "OpenDocument"),
    ],
)
def test_each_refusal_says_what_to_do(data, told):
    assert told in refusal(data)


def test_two_files_in_one_are_refused():
    inside = files.archive({"a.txt": "b"})
    assert "nối phía sau" in refusal(files.PDF + inside)
    with_word = io.BytesIO(files.PDF)
    with zipfile.ZipFile(with_word, "a") as appended:
        appended.writestr("a.txt", "b")
    assert "nối phía sau" in refusal(with_word.getvalue())
    assert "hỏng" in refusal(files.word() + b"<script>")
    both = types(WORD_MAIN, WORD_MAIN.replace("wordprocessingml.document", "spreadsheetml.sheet"))
    assert "loại tệp văn phòng chưa nhận" in refusal(files.archive({LIST: both}))


@pytest.mark.parametrize(
    "parts",
    [
        {"word/vbaProject.bin": b"\xd0\xcf"},
        {"word/VBAPROJECT.BIN": b"\xd0\xcf"},
        {LIST: types("application/vnd.ms-word.document.macroEnabled.main+xml")},
        {LIST: types(WORD_MAIN, "application/vnd.ms-office.vbaProject")},
        {LIST: types(WORD_MAIN, "application/vnd.ms-excel.macrosheet+xml")},
        {LIST: types(WORD_MAIN, "application/vnd.ms-office.activeX+xml")},
    ],
)
def test_what_runs_by_itself_is_refused_under_any_name(parts):
    assert "macro" in refusal(files.repacked(files.word(), **parts), "Kế hoạch.docx")


def test_an_archive_is_measured_by_what_it_says_and_by_what_it_is(monkeypatch):
    monkeypatch.setattr(office_files, "LARGEST_UNPACKED", 1_000_000)
    bomb = files.repacked(files.word(), **{"word/media/a.png": bytes(2_000_000)})
    assert "quá lớn" in refusal(bomb)
    size = struct.pack("<I", 2_000_000)
    assert size in bomb
    lying = bomb.replace(size, struct.pack("<I", 20))
    assert "hỏng" in refusal(lying)
    monkeypatch.setattr(office_files, "MOST_PARTS", 30)
    many = {f"word/{at}.xml": "" for at in range(40)}
    assert "quá lớn" in refusal(files.repacked(files.word(), **many))


def test_parts_that_share_their_bytes_are_refused():
    data = files.archive({LIST: types(WORD_MAIN), "word/a.xml": "a", "word/b.xml": "b"})
    at = data.rindex(b"word/b.xml")
    first = data.index(b"word/a.xml") - 30
    same_place = data[: at - 4] + struct.pack("<I", first) + data[at:]
    assert "hỏng" in refusal(same_place)


def test_the_list_of_an_archive_declares_no_entities():
    bomb = f'<!DOCTYPE t [<!ENTITY a "{"x" * 99}">]>{types(WORD_MAIN)}'
    assert "hỏng" in refusal(files.archive({LIST: bomb}))
    assert "quá lớn" in refusal(files.archive({LIST: types(WORD_MAIN) + " " * 1_100_000}))


def test_a_scrambled_archive_is_refused():
    data = bytearray(files.word())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    assert "hỏng" in refusal(bytes(data))


def test_any_damage_is_refused_in_words():
    whole = files.word()
    for cut in range(0, len(whole), 997):
        with pytest.raises(BlockedError):
            judge(whole[:cut], "Kế hoạch.docx")


def test_less_may_be_taken_at_some_place():
    assert judge(files.excel(), "a", among={FileType.EXCEL}).extension == ".xlsx"
    told = refusal(files.word(), among={FileType.EXCEL})
    assert told == "Đây là tệp Word (.docx). Ở đây chỉ nhận Excel (.xlsx)."


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Kế hoạch 92.2021", "Kế hoạch 92.2021.pdf"),
        ("Kế hoạch.PDF", "Kế hoạch.pdf"),
        ("C:\\Users\\a\\Tờ trình.docx", "Tờ trình.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("\uff0f\uff0fetc\uff0fpasswd", "passwd.pdf"),
        ("hóa đơn.pdf.exe", "hóa đơn.pdf"),
        ("hóa đơn\u202efdp.exe", "hóa đơnfdp.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "a Set-Cookie b.pdf"),
        ("  .pdf", "Tệp đính kèm.pdf"),
        ("", "Tệp đính kèm.pdf"),
        ("....", "Tệp đính kèm.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("Ke\u0302\u0301 hoa\u0323ch.pdf", "Kế hoạch.pdf"),
    ],
)
def test_names_are_plain_on_every_machine(name, cleaned):
    assert judge(files.PDF, name).name == cleaned


def test_a_long_name_is_cut_at_a_letter():
    name = judge(files.PDF, "ế" * 500 + ".pdf").name
    assert name == "ế" * 60 + ".pdf"


RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{}" Target="{}" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "https://noi-khac.example/mau.dotm"),
        ("attachedTemplate", r"\\noi-khac.example\mau\a.dotm"),
        ("oleObject", "HTTP://noi-khac.example/a.xls"),
        ("frame", "mhtml:http://noi-khac.example/a!x"),
    ],
)
def test_what_is_fetched_as_a_file_opens_is_refused(kind, target):
    rels = {"word/_rels/settings.xml.rels": RELATIONS.format(kind, target)}
    assert "từ nơi khác trên mạng" in refusal(files.repacked(files.word(), **rels))


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("hyperlink", "https://noi-khac.example/"),
        ("attachedTemplate", "file:///C:/Users/can-bo/Templates/Normal.dotm"),
    ],
)
def test_a_link_and_a_template_on_the_own_disk_are_ordinary(kind, target):
    rels = {"word/_rels/settings.xml.rels": RELATIONS.format(kind, target)}
    assert judge(files.repacked(files.word(), **rels), "a").type is FileType.WORD


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "word\\..\\..\\x.exe"])
def test_a_part_that_would_be_unpacked_elsewhere_is_refused(name):
    assert "hỏng" in refusal(files.repacked(files.word(), **{name: "x"}))


def test_an_object_of_another_program_is_refused():
    ole = {LIST: types(WORD_MAIN, "application/vnd.openxmlformats-officedocument.oleObject")}
    assert "macro" in refusal(files.repacked(files.word(), **ole))
