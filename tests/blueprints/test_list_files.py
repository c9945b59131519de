"""Lists as files, at the pages that show them: all rows, and of nobody who is not seen there."""

import pytest
from support.pages import check_page

from lth.exchange.grids.books import open_book

LISTS = {
    "/district/inbox": "specialist@D",
    "/district/work": "specialist@D",
    "/commune/work": "leader@A",
    "/admin/people": "unit_admin@D",
}


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


@pytest.mark.parametrize("page", ["matrix", "money"])
def test_a_table_of_a_synthesis_is_taken_along(signed_in, world, page):
    address = f"/district/documents/{world.documents['D.synthesis'].id}/synthesis/{page}"
    client = signed_in("specialist@D")
    check_page(client.get(address).text)
    (sheet,) = open_book(client.get(f"{address}?file=xlsx").data, "a.xlsx").sheets
    assert sheet.text(1, 0) == "Đơn vị"
    assert signed_in("clerk@C").get(f"{address}?file=xlsx").status_code in {403, 404}
