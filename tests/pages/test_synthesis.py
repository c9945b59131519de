"""The pages beside a synthesis: its money by source, and the matrix of units × indicators."""

import gzip
import html
import re

import pytest
from sqlalchemy import select
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.models import Document
from lth.workflow.kinds import SYNTHESIS

pytestmark = pytest.mark.databases("sqlite")
LIGHT = 60_000


@pytest.fixture
def page(visitor, session):
    """What the district's specialist reads at an address below the synthesis."""
    browser = visitor("district specialist")
    with system(session, Purpose.LOAD):
        ids = session.scalars(select(Document.id).where(Document.kind == SYNTHESIS)).all()
    urls = [f"/district/documents/{one}/synthesis" for one in ids]
    url = next(one for one in urls if browser.get(one).status_code == 200)

    def get(rest: str = "", status: int = 200) -> str:
        answer = browser.get(url + rest)
        assert answer.status_code == status, answer.text
        return answer.text

    return get


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_the_synthesis_shows_money_and_leads_to_each_units(page):
    text = page()
    table = text.partition('id="money"')[2].partition("</section>")[0]
    assert "Ngân sách nhà nước" in table
    links = [html.unescape(one) for one in re.findall(r'href="[^"]*(/money\?[^"]+)"', table)]
    assert links
    for link in links:
        shown = page(link)
        check_page(shown)
        assert "khoản" in words(shown)


def test_a_quality_is_told_by_what_the_units_say(page):
    text = words(page())
    assert re.search(r"(\d+)/\1 đơn vị ghi 100 %", text)
    assert "không cộng, chỉ đếm" not in text


@pytest.mark.parametrize("asked", ["?source=gold&level=none", "?source=state", "?level=x"])
def test_a_source_or_tier_that_there_is_not(page, asked):
    page(f"/money{asked}", status=404)


def test_the_matrix_is_light_whatever_it_shows(page):
    text = page("/matrix")
    links = {html.unescape(one) for one in re.findall(r'href="[^"]*(/matrix\?[^"]+)"', text)}
    links = {link for link in links if "file=" not in link}
    assert len(links) >= 3
    for link in ("/matrix", *links):
        shown = page(link)
        check_page(shown)
        assert len(gzip.compress(shown.encode())) < LIGHT
        assert shown.count("<tbody>") == 1


def test_the_matrix_says_who_is_missing(page):
    text = page("/matrix")
    missing = text.count('class="is-missing"')
    assert f"{missing} chưa có số liệu" in words(text)
    assert 0 < missing < text.partition("<tbody>")[2].count("<tr")


@pytest.mark.parametrize("asked", ["?topic=nothing", "?phase=1999"])
def test_a_topic_or_phase_that_there_is_not(page, asked):
    page(f"/matrix{asked}", status=404)
