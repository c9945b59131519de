"""Every page of every role: well made, in both languages, read-only, within a dozen queries."""

import hashlib

import pytest
from sqlalchemy import text
from support.pages import check_page, check_words

from .conftest import PEOPLE, walk

DOZEN = 12


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_is_well_made_and_cheap(visitor, statements, who):
    walked = 0
    for url, page in walk(visitor(who), at_file=statements.clear):
        walked += 1
        check_page(page)
        if "administrator" not in who:
            check_words(page)
        if walked > 1:
            assert len(statements) <= DOZEN, f"{url}: {len(statements)}\n" + "\n".join(statements)
        statements.clear()
    assert walked >= 4


@pytest.mark.parametrize("who", ["district specialist", "clerk of a returned plan"])
def test_every_page_opens_on_both_databases(visitor, who):
    assert len(list(walk(visitor(who)))) >= 8


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("who", ["clerk of a returned plan", "district specialist"])
def test_every_page_is_well_made_in_english(visitor, who):
    browser = visitor(who)
    browser.post("/account/language", {"language": "en", "next": "/"})
    for _, page in walk(browser):
        assert '<html lang="en">' in page
        check_page(page)


@pytest.mark.databases("sqlite")
def test_a_refused_form_is_answered_in_the_language_of_its_sender(visitor):
    browser = visitor("clerk")
    browser.post("/account/language", {"language": "en"})
    refused = browser.client.post("/account/language", data={"language": "vi"})
    assert refused.status_code == 400
    assert "The form has expired" in refused.text
    stranger = browser.client.application.test_client()
    assert "Biểu mẫu đã hết hiệu lực" in stranger.post("/sign-in").text


@pytest.mark.databases("sqlite")
def test_reading_writes_nothing(visitor, engine_of):
    browsers = [visitor(who) for who in PEOPLE]
    before = contents(engine_of)
    for browser in browsers:
        for _ in walk(browser):
            pass
    assert contents(engine_of) == before


def contents(engine) -> str:
    """A hash over every row of every table."""
    digest = hashlib.sha256()
    with engine.connect() as connection:
        names = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ).scalars()
        for name in names.all():
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).all()  # noqa: S608 - our own
            digest.update(repr((name, sorted(map(repr, rows)))).encode())
    return digest.hexdigest()
