"""Pages take what people type: a number in small letters, a day with dashes, names."""

import html
import re
import unicodedata
from urllib.parse import quote

import pytest
from sqlalchemy import select
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.models import Revision

pytestmark = pytest.mark.databases("sqlite")


def words(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_a_plan_is_issued_with_a_number_as_it_was_typed(visitor, session, document_of):
    document = document_of("xã Tân Sơn")
    leader = visitor("lanh-dao.tan-son@lth.example")
    url = f"/commune/documents/{document.id}/acts/issue"
    page = leader.get(url).text
    assert "day_confirmed" not in page
    typed = {
        "seen": re.search(r'name="seen"[^>]*value="(\d+)"', page)[1],
        "document_number": "31 / kh – ubnd",
        "document_date": "1-3-2024",
        "sign_form": "TM",
    }
    impossible = leader.post(url, {**typed, "document_date": "01/01/1950"})
    assert impossible.status_code == 422
    assert "trước khi có chương trình" in words(impossible)
    assert "01/01/1950" in impossible.text
    other = leader.post(url, {**typed, "document_number": "31/bc-ubnd"})
    assert "31/BC-UBND là số của báo cáo" in words(other)
    asked = leader.post(url, typed)
    assert asked.status_code == 422
    assert "Có đúng là ngày 01/3/2024 không?" in words(asked)
    check_page(asked.text)
    assert leader.post(url, {**typed, "day_confirmed": "y"}).status_code == 302
    numbers = select(Revision.document_number).where(Revision.document_id == document.id)
    with system(session, Purpose.RECONCILE):
        assert "31/KH-UBND" in session.scalars(numbers).all()


@pytest.mark.parametrize(
    "typed",
    ["tan son", "Tân Sơn", "TÂN SƠN", unicodedata.normalize("NFD", "tân sơn"), "Ｔan\u200b Sơn"],
)
def test_people_are_found_as_they_are_typed(visitor, typed):
    administrator = visitor("quan-tri@lth.example")
    page = administrator.get(f"/admin/people?q={quote(typed)}")
    assert "tan-son@lth.example" in page.text
