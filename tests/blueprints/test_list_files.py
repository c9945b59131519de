"""Lists as files, at the pages that show them: all rows, and of nobody who is not seen there."""

import re
from pathlib import Path

import pytest
from support.pages import check_page

import lth
from lth.blueprints.web import tables
from lth.exchange.grids.books import open_book

LISTS = {
    "/district/inbox": "specialist@D",
    "/district/work": "specialist@D",
    "/commune/work": "leader@A",
    "/admin/people": "unit_admin@D",
    "/admin/people/invitations": "unit_admin@A",
    "/admin/units": "system_admin",
    "/admin/offices": "unit_admin@D",
    "/admin/deadlines": "unit_admin@D",
    "/admin/codes": "unit_admin@A",
    "/commune/documents": "clerk@A",
    "/district/delegations": "leader@D",
    "/packets": "clerk@A",
    "/commune/clubs/books": "clerk@A",
    "/district/clubs/books": "specialist@D",
    "/commune/clubs": "clerk@A",
    "/district/clubs": "specialist@D",
    "/district/clubs/units": "observer@D",
}

TEMPLATES = Path(lth.__file__).parent / "templates"
OFFERS = ("ui.files()", "trail.taken_along(")
NO_FILE = {
    **dict.fromkeys(
        ("document.html", "handover.html", "papers.html", "admin/template_one.html"),
        "of one document or thing, which has its own files",
    ),
    "book/paper.html": "a sheet of paper",
    "clubs/finding_rows.html": "a piece of pages that offer them",
    "reporting/result_pieces.html": "pieces of pages that offer them",
    "figure.html": "one column of the matrix, which has them",
    "month.html": "a calendar, which calendars read",
    "regimes/one.html": "the windows of one regime's year; the open ones are a list of their own",
    "split.html": "a form with a row a unit; what is handed down is a list of its own",
    "workbook_encoding.html": "a form about a file that was sent",
    "reading_encoding.html": "a form about a file that was sent",
    "pack.html": "a line for each workbook of a pack, which is a file itself",
    "workbook_merge.html": "a form about a file that was sent",
    "clubs/list_one.html": "a form about a file that was sent",
    "admin/roster_one.html": "a form about a file that was sent",
    "admin/roster_progress.html": "a form about a file that was sent",
    "admin/calendar.html": "a few days beside the form that sets them",
    "admin/settings_below.html": "a few units beside the form that they differ from",
    "admin/participation.html": "a line a period; each leads to its list",
    "admin/programmes.html": "each programme has its own file, which can be taken in again",
    "notices/list.html": "mail of one person",
    "outbox/list.html": "mail with what it says of people; the trail holds what was done",
}
"""Pages with rows and no files, and why."""


def test_each_page_with_a_list_offers_both_files_or_says_why_not():
    found = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text()
        for path in TEMPLATES.rglob("*.html")
        if "macros/" not in path.as_posix()
    }
    lists = {name for name, text in found.items() if re.search(r"<table|ui\.pager\(", text)}
    offering = {name for name, text in found.items() if any(word in text for word in OFFERS)}
    offering |= {name for name, text in found.items() if "for url, label in files" in text}
    assert lists - offering == set(NO_FILE)


def test_every_page_of_a_list_is_in_its_file():
    rows = list(range(130))

    def read(number):
        return rows[(number - 1) * 50 : number * 50], len(rows)

    assert tables.all_pages(read) == rows
    assert tables.all_pages(lambda _: ([], 0)) == []
    assert len(tables.all_pages(lambda _: (rows, 10**6))) == tables.MOST_ROWS


@pytest.mark.parametrize("address", LISTS)
def test_a_list_is_taken_along_as_excel_and_as_csv(signed_in, address):
    client = signed_in(LISTS[address])
    page = client.get(address)
    check_page(page.text)
    assert f'href="{address}?file=xlsx"' in page.text
    excel = client.get(f"{address}?file=xlsx")
    assert excel.headers["Content-Disposition"].endswith('.xlsx"')
    (sheet,) = open_book(excel.data, "a.xlsx").sheets
    plain = client.get(f"{address}?file=csv")
    assert plain.mimetype == "text/csv"
    lines = plain.data.decode("utf-8-sig").splitlines()
    assert len(lines) == len(sheet.rows) > 1
    assert client.get(f"{address}?file=exe").mimetype == "text/html"


def test_people_of_another_unit_are_in_no_file(signed_in, world):
    data = signed_in("unit_admin@D").get("/admin/people?file=csv").data.decode("utf-8-sig")
    assert world.people["specialist@D"].name in data
    assert world.people["specialist@E"].name not in data


def test_each_unit_that_takes_part_is_in_the_file(signed_in, world):
    period = world.documents["D.synthesis"].period_id
    client = signed_in("unit_admin@D")
    address = f"/admin/participation/{period}"
    page = client.get(address).text
    check_page(page)
    assert f'href="{address}?file=csv"' in page
    data = client.get(f"{address}?file=csv").data.decode("utf-8-sig")
    assert len(data.splitlines()) > 1


def test_the_figures_of_a_synthesis_are_taken_along(signed_in, world):
    address = f"/district/documents/{world.documents['D.synthesis'].id}/synthesis"
    client = signed_in("specialist@D")
    page = client.get(address).text
    (sheet,) = open_book(client.get(f"{address}?file=xlsx").data, "a.xlsx").sheets
    assert sheet.text(1, 0) == "Chỉ tiêu"
    assert len(sheet.rows) == page.count('<tr id="c-') + 2, "a head and a note"
    assert signed_in("clerk@C").get(f"{address}?file=xlsx").status_code in {403, 404}


@pytest.mark.parametrize("page", ["matrix", "money"])
def test_a_table_of_a_synthesis_is_taken_along(signed_in, world, page):
    address = f"/district/documents/{world.documents['D.synthesis'].id}/synthesis/{page}"
    client = signed_in("specialist@D")
    check_page(client.get(address).text)
    (sheet,) = open_book(client.get(f"{address}?file=xlsx").data, "a.xlsx").sheets
    assert sheet.text(1, 0) == "Đơn vị"
    assert signed_in("clerk@C").get(f"{address}?file=xlsx").status_code in {403, 404}
