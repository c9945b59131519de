"""Names of files that are taken away: whatever a unit is called, no header breaks by it."""

from urllib.parse import unquote

import pytest

from lth.exchange.papers import file_names

NAMES = [
    ("Kế hoạch năm 2026 xã Tập Sơn", "ke-hoach-nam-2026-xa-tap-son", None),
    ("Kế hoạch xã Đại Phước 2026–2030", "ke-hoach-xa-dai-phuoc-2026-2030", None),
    ('x"; filename="a.exe', "x-filename-a-exe", "x ; filename= a.exe"),
    ("a/../../etc\\passwd", "a-etc-passwd", "a .. .. etc passwd"),
    ("dòng một\r\nSet-Cookie: a=b", "dong-mot-set-cookie-a-b", "dòng một Set-Cookie a=b"),
    ("…", "van-ban", "…"),
    ("", "van-ban", "Văn bản"),
]


@pytest.mark.parametrize(("title", "plain", "written"), NAMES)
def test_both_names(title, plain, written):
    assert file_names.plain(title, "pdf") == f"{plain}.pdf"
    assert file_names.written(title, "pdf") == f"{written or title}.pdf"
    said = file_names.disposition(title, "pdf")
    assert said.isascii()
    assert said.isprintable()
    assert said.startswith(f'attachment; filename="{plain}.pdf"; ')
    assert unquote(said.partition("UTF-8''")[2]) == f"{written or title}.pdf"


def test_a_long_name_is_cut_before_its_ending():
    assert len(file_names.plain("Kế hoạch " * 40, "docx")) <= file_names.LONGEST + 5
    assert file_names.written("Kế hoạch " * 40, "docx").endswith("Kế hoạch.docx")
