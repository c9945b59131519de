"""LibreOffice opens the workbook of a plan: its pages, and what comes back after it was saved."""

import pypdfium2
import pytest
from support import draftworld
from support.draftworld import NOON
from support.planbooks import KEY, row_of

from lth.drafting import TargetEdit, parts
from lth.exchange import trail_sheet
from lth.exchange.grids import tables
from lth.exchange.grids.books import open_book
from lth.exchange.grids.tables import ListTable
from lth.exchange.trail_sheet import TrailSheet
from lth.exchange.workbook import contents, keeping, sealing, writing
from lth.exchange.workbook.layout import GUIDE_SHEET, PART_SHEETS, SEAL_SHEET, TARGET_SHEET
from lth.exchange.workbook.merging import MergeState
from lth.models.parts import Part

CLUBS, SIZE, SHARE = "clubs_new@2021", "club_size@2021", "older_share_pct@2021"
LONG = "Tập huấn ban chủ nhiệm câu lạc bộ về quản lý quỹ, sổ sách và điều hành sinh hoạt. " * 4


@pytest.fixture
def session(drafting_session):
    return drafting_session


@pytest.fixture
def plan(session):
    document = draftworld.start(session)
    edits = (TargetEdit(CLUBS, 0, "3"), TargetEdit(SIZE, 0, "50-70"), TargetEdit(SHARE, 0, "19,26"))
    assert draftworld.save(session, "clerk@tapson", document, *edits).complete
    actor = draftworld.acting(session, "clerk@tapson")
    values = {"activity": LONG, "amount": "10 triệu", "source": "state", "year": "2021"}
    seen = draftworld.head(session, document).edit_count
    assert parts.add(session, actor, document.id, Part.BUDGET, values, seen=seen, now=NOON).keys
    return document


@pytest.fixture
def written(session, plan, tmp_path):
    """The workbook as a file in a folder."""
    state = contents.drafted(session, draftworld.acting(session, "clerk@tapson"), plan.id)
    (tmp_path / "ke-hoach.xlsx").write_bytes(writing.write(state, KEY, NOON))
    return tmp_path


def pages_of(folder):
    document = pypdfium2.PdfDocument(folder / "ke-hoach.pdf")
    return document, [
        str(document[at].get_textpage().get_text_range()).replace("\r\n", " ")
        for at in range(len(document))
    ]


def test_it_prints_on_a4_with_all_of_each_text(office, written):
    office(written, ["ke-hoach.xlsx"], "pdf")
    document, pages = pages_of(written)
    sizes = {tuple(round(side * 25.4 / 72) for side in page.get_size()) for page in document}
    assert sizes == {(210, 297), (297, 210)}
    assert "Chỉ gõ vào các ô nền vàng nhạt" in pages[0]
    whole = " ".join(" ".join(pages).split())
    for text in ("19.26%", "10,000,000", "toàn địa bàn", "Câu lạc bộ thành lập mới"):
        assert text in whole, text
    assert whole.count("điều hành sinh hoạt.") == LONG.count("điều hành sinh hoạt."), "cut off"
    assert not any(SEAL_SHEET in page for page in pages), "nobody prints what is hidden"
    assert "###" not in whole, "each figure fits its column"
    assert 5 <= len(pages) <= 10


def test_what_libreoffice_has_saved_comes_back_unchanged(office, written, session, plan):
    """Many communes have no Excel: styles, protection and hidden sheets are written anew."""
    before = open_book((written / "ke-hoach.xlsx").read_bytes(), "ke-hoach.xlsx")
    office(written, ["ke-hoach.xlsx"], "ods")
    office(written, ["ke-hoach.ods"], "xlsx:Calc MS Excel 2007 XML")
    data = (written / "ke-hoach.xlsx").read_bytes()
    book = open_book(data, "ke-hoach.xlsx")
    names = (GUIDE_SHEET, TARGET_SHEET, *PART_SHEETS.values())
    assert [sheet.name for sheet in book.visible] == list(names)
    assert row_of(book, TARGET_SHEET, CLUBS) == row_of(before, TARGET_SHEET, CLUBS)
    seal, is_true = sealing.of_book(book, KEY)
    assert is_true
    assert seal.document_id == plan.id
    actor = draftworld.acting(session, "clerk@tapson")
    state = contents.drafted(session, actor, plan.id)
    upload = keeping.keep(session, actor, state, book, KEY, now=NOON)
    found = keeping.look(session, upload, contents.drafted(session, actor, plan.id)).report
    told = [item for item in found.items if item.state is not MergeState.SAME]
    assert {item.state for item in told} <= {MergeState.KEPT}


def test_lists_and_the_trail_open_as_they_were_written(office, tmp_path):
    note = "Kế hoạch, =1+1 và “ngoặc”: chữ Việt đủ dấu ẵ ề ộ ữ"
    table = ListTable("Sổ văn bản đi", ["Số", "Trích yếu"], [[7, note], [1200, "@xã"]])
    trail = TrailSheet("Nhật ký", ["Việc"], [[note]], "Cuối chuỗi", ["Mã"], [["a"]], "Ghi chú")
    (tmp_path / "danh-sach.xlsx").write_bytes(tables.as_excel(table))
    (tmp_path / "nhat-ky.xlsx").write_bytes(trail_sheet.as_excel(trail))
    office(tmp_path, ["danh-sach.xlsx", "nhat-ky.xlsx"], "pdf")
    for name, words in (("danh-sach", (note, "@xã")), ("nhat-ky", (note, "Ghi chú"))):
        document = pypdfium2.PdfDocument(tmp_path / f"{name}.pdf")
        text = " ".join(page.get_textpage().get_text_range() for page in document)
        whole = "".join(text.split())
        for said in words:
            assert "".join(said.split()) in whole, said
