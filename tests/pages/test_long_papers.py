"""Papers of a large synthesis: written in the background, for whoever asked alone."""

import re

import pypdfium2
import pytest
from flask import current_app
from support.pages import check_page

from lth.blueprints.web.extensions import sessions_of
from lth.exchange.papers import long_papers
from lth.notifications import long_jobs
from lth.workflow.kinds import SYNTHESIS

WHO = "province specialist"
FORM = re.compile(r'<form[^>]* action="(/province/documents/\d+/papers/main\.(\w+))"')


@pytest.fixture
def large(monkeypatch, document_of):
    """A synthesis that is taken to be large: where its papers are."""
    monkeypatch.setattr(long_papers, "MOST_AT_ONCE", 10)
    return f"/province/documents/{document_of('huyện Càng Long', SYNTHESIS).id}/papers"


@pytest.fixture
def work(guarded):
    """Do what waits, as the background does."""

    def run() -> int:
        with guarded.app_context():
            return long_jobs.run_due(guarded.config["SETTINGS"], sessions_of(current_app))

    return run


def test_a_large_paper_is_a_job_that_shows_itself(visitor, large, work):
    browser = visitor(WHO)
    page = browser.get(large)
    check_page(page.text)
    buttons = {form: address for address, form in FORM.findall(page.text)}
    assert set(buttons) == {"docx", "pdf"}
    assert f'href="{buttons["pdf"]}"' not in page.text

    job = browser.post(buttons["pdf"], {}).headers["Location"]
    waiting = browser.get(job)
    check_page(waiting.text)
    assert waiting.headers["Refresh"]
    assert browser.get(f"{job}/file").status_code == 404
    assert work() == 1

    done = browser.get(job)
    check_page(done.text)
    assert "Refresh" not in done.headers
    answer = browser.get(f"{job}/file")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "huyen-cang-long" in answer.headers["Content-Disposition"]
    assert "Xã An Trường" in _text(answer.data)
    assert f'href="{job}"' in browser.get(large).text


def test_a_notice_tells_that_it_is_over_and_leads_there(visitor, large, work):
    browser = visitor(WHO)
    assert "Đã xong: Lập tệp của bảng tổng hợp" not in browser.get("/notices").text
    job = browser.post(f"{large}/main.pdf", {}).headers["Location"]
    work()
    page = browser.get("/notices").text
    assert "Đã xong: Lập tệp của bảng tổng hợp" in page
    one = re.search(r'"(/notices/\d+)"[^>]*>[^<]*Đã xong: Lập tệp', page)[1]
    assert browser.post(f"{one}/open", {}).headers["Location"].endswith(job)
    assert "Lập tệp của bảng" not in visitor("province leader").get("/notices").text


def test_what_is_written_is_the_paper_as_it_stood(visitor, large, work, monkeypatch):
    browser = visitor(WHO)
    job = browser.post(f"{large}/main.docx", {}).headers["Location"]
    work()
    kept = browser.get(f"{job}/file").data
    monkeypatch.undo()
    assert browser.get(f"{large}/main.docx").data == kept


def test_its_address_leads_to_where_it_is_asked_for(visitor, large):
    answer = visitor(WHO).get(f"{large}/main.pdf")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(large)


def test_a_small_paper_of_the_same_synthesis_is_there_at_once(visitor, large):
    assert visitor(WHO).get(f"{large}/proposal.pdf").status_code == 200


def test_nobody_else_finds_the_job(visitor, large, work):
    job = visitor(WHO).post(f"{large}/main.pdf", {}).headers["Location"]
    work()
    for other in ("province leader", "clerk"):
        assert visitor(other).get(job).status_code in {403, 404}
        assert visitor(other).get(f"{job}/file").status_code in {403, 404}


@pytest.mark.parametrize("name", ["main.exe", "other.pdf", "appraisal.pdf"])
def test_what_is_not_offered_is_not_written(visitor, large, name):
    assert visitor(WHO).post(f"{large}/{name}", {}).status_code == 404


def test_who_does_not_see_below_begins_nothing(visitor, large):
    there = large.replace("/province/", "/district/")
    assert visitor("district specialist").post(f"{there}/main.pdf", {}).status_code == 404


def test_no_more_than_twelve_queries(visitor, large, statements):
    browser = visitor(WHO)
    job = browser.post(f"{large}/main.pdf", {}).headers["Location"]
    for url in (large, f"{large}/main.pdf", job):
        statements.clear()
        assert browser.get(url).status_code in {200, 302}
        assert len(statements) <= 12, "\n".join(statements)


def _text(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
