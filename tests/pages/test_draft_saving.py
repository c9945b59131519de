"""One form saves the drafting page, each item by itself: beside others, wrong, locked, shut."""

import html
import re

import pytest
from sqlalchemy import select
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.blueprints.drafting.section_inputs import digest
from lth.models import Document, Revision, Section, Target
from lth.models.document import Status

pytestmark = pytest.mark.databases("sqlite")  # what they save is tested on both beneath the pages

DRAFTING = "xã Long Hiệp"
CLERK = "can-bo.long-hiep@lth.example"
FIGURE, OTHER = "members_women@2021", "members_young@2021"
SECTION, THIRD = "s.purpose", "s.tasks"
HTMX = {"HX-Request": "true"}


class Page:
    """The drafting page as a browser holds it: what it shows, and what is typed over it."""

    def __init__(self, browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.open()

    def open(self, answer=None) -> "Page":
        answer = answer or self.browser.get(self.url)
        self.text = answer.text
        check_page(self.text)
        return self

    def shown(self, name: str) -> str:
        found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', self.text)
        return html.unescape(found[1]) if found else ""

    def body(self, key: str) -> str:
        found = re.search(
            rf'<textarea[^>]*name="{key}:body"[^>]*>\n(.*?)</textarea>', self.text, re.S
        )
        return html.unescape(found[1])

    def fields(self, typed: dict[str, str]) -> dict:
        """All fields of the form, as a browser without scripts sends them."""
        keys = re.findall(r'name="key" value="([^"]+)"', self.text)
        sections = re.findall(r'name="section" value="([^"]+)"', self.text)
        data = {"key": keys, "section": sections}
        for key in keys:
            comparator, value, second = self.shown(f"{key}:was").split("|")
            data |= {
                f"{key}:comparator": comparator,
                f"{key}:value": value,
                f"{key}:second": second,
            }
        for key in sections:
            data[f"{key}:body"] = self.body(key)
        for key in (*keys, *sections):
            data |= {f"{key}:{name}": self.shown(f"{key}:{name}") for name in ("seen", "was")}
        return data | typed

    def save(self, code: int = 302, headers=None, **typed: str):
        names = {name.replace("__", ":"): text for name, text in typed.items()}
        return self.send(names, code, headers)

    def send(self, typed: dict[str, str], code: int = 302, headers=None):
        data = {"csrf_token": self.browser.token(), **self.fields(typed)}
        answer = self.browser.client.post(self.url, data=data, headers=headers)
        assert answer.status_code == code, answer.text[:3000]
        return answer


@pytest.fixture
def document(document_of):
    return document_of(DRAFTING)


@pytest.fixture
def opened(visitor, document):
    def open_page() -> Page:
        return Page(visitor(CLERK), f"/commune/documents/{document.id}/draft")

    return open_page


@pytest.fixture
def kept(session, document):
    """What the database holds of an item."""

    def read(key: str):
        with system(session, Purpose.LOAD):
            session.expire_all()
            kind = Target if "@" in key else Section
            head = select(Revision.id).where(Revision.document_id == document.id)
            row = session.scalars(
                select(kind)
                .where(kind.revision_id.in_(head), kind.line_key == key)
                .order_by(kind.revision_id.desc())
            ).first()
            found = row.value_min if kind is Target else row.body
            session.rollback()
            return found

    return read


def test_one_button_saves_cells_and_sections_together(opened, kept):
    page = opened()
    assert page.text.count("Lưu tất cả") == 1 and "Lưu phần này" not in page.text
    page.send({f"{FIGURE}:value": "130", f"{SECTION}:body": "Một.", f"{THIRD}:body": "Ba."})
    assert (kept(FIGURE), kept(SECTION), kept(THIRD)) == (130, "Một.", "Ba.")
    assert "Đã lưu 3 mục." in page.open().text


def test_what_was_not_touched_is_not_written_over(opened, kept):
    mine, theirs = opened(), opened()
    theirs.send({f"{SECTION}:body": "Của người kia.", f"{OTHER}:value": "70"})
    mine.send({f"{THIRD}:body": "Của tôi.", f"{FIGURE}:value": "131"})
    assert (kept(SECTION), kept(THIRD)) == ("Của người kia.", "Của tôi.")
    assert (kept(OTHER), kept(FIGURE)) == (70, 131)


def test_what_conflicts_comes_back_beside_its_field_and_the_rest_is_saved(opened, kept):
    mine, theirs = opened(), opened()
    theirs.send({f"{SECTION}:body": "Bản của người kia.", f"{FIGURE}:value": "132"})
    answer = mine.send(
        {f"{SECTION}:body": "Bản của tôi.", f"{FIGURE}:value": "133", f"{THIRD}:body": "Ba."}, 409
    )
    mine.open(answer)
    assert kept(THIRD) == "Ba." and kept(SECTION) == "Bản của người kia." and kept(FIGURE) == 132
    assert mine.body(SECTION) == "Bản của tôi."
    assert re.search(rf'name="{FIGURE}:value" value="133"', mine.text)
    compared = re.search(r'class="compared">(.*?)</div>', mine.text, re.S)[1]
    assert "<del>" in compared and "<ins>" in compared and "người kia" in compared
    assert mine.text.count(':choice" value="mine"') == 2


@pytest.mark.parametrize(
    ("choice", "text", "figure"), [("mine", "Bản của tôi.", 133), ("theirs", "Bản kia.", 132)]
)
def test_a_conflict_is_settled_by_choosing(opened, kept, choice, text, figure):
    mine, theirs = opened(), opened()
    theirs.send({f"{SECTION}:body": "Bản kia.", f"{FIGURE}:value": "132"})
    typed = {f"{SECTION}:body": "Bản của tôi.", f"{FIGURE}:value": "133"}
    mine.open(mine.send(typed, 409))
    mine.send(typed, 409)  # pressing again without choosing writes over nobody
    chosen = {}
    for key in (SECTION, FIGURE):
        version = mine.shown(f"{key}:theirs")
        chosen |= {f"{key}:choice": choice, f"{key}:theirs": version}
    mine.send(typed | chosen)
    assert (kept(SECTION), kept(FIGURE)) == (text, figure)


def test_what_is_wrong_comes_back_as_typed_and_the_rest_is_saved(opened, kept):
    page = opened()
    before = kept(FIGURE)
    answer = page.send({f"{FIGURE}:value": "chừng trăm", f"{SECTION}:body": "Một."}, 422)
    assert kept(SECTION) == "Một." and kept(FIGURE) == before
    page.open(answer)
    assert 'value="chừng trăm"' in page.text and 'href="#t-members_women-2021"' in page.text
    assert "Đã lưu 1 mục." in page.text


def test_a_text_too_long_is_kept_in_its_field(opened):
    page = opened()
    page.open(page.send({f"{SECTION}:body": "x" * 40_001, f"{THIRD}:body": "Ba."}, 422))
    assert page.body(SECTION) == "x" * 40_001 and page.body(THIRD) == "Ba."


@pytest.mark.parametrize("headers", [None, HTMX])
def test_a_document_that_was_sent_on_gives_back_what_was_typed(session, document, opened, headers):
    page = opened()
    with system(session, Purpose.LOAD):
        session.get(Document, document.id).status = Status.CLEARANCE
        session.commit()
    answer = page.send({f"{SECTION}:body": "Đang viết dở."}, 409, headers)
    if headers:
        assert "<html" not in answer.text and "vẫn còn trên trang" in answer.text
    else:
        assert "Đang viết dở." in answer.text and 'name="section"' not in answer.text


def test_a_script_gets_pieces_of_what_it_sent(opened, kept):
    page = opened()
    typed = {"key": [FIGURE], "section": [], f"{FIGURE}:value": "134"}
    answer = page.send(typed, 200, HTMX)
    assert kept(FIGURE) == 134 and "<html" not in answer.text and "<form" not in answer.text
    ids = re.findall(r'\bid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    assert {"t-members_women-2021-was", "t-members_women-2021-state", "gaps", "save-said"} <= set(
        ids
    )
    assert 'value="eq|134|"' in answer.text and "t-members_young-2021-was" not in ids


def test_a_script_that_chose_theirs_gets_their_text(opened):
    mine, theirs = opened(), opened()
    theirs.send({f"{SECTION}:body": "Bản kia <b>."})
    typed = {"key": [], "section": [SECTION], f"{SECTION}:body": "Bản này."}
    answer = mine.send(typed, 409, HTMX)
    assert "Bản này." not in answer.text or "<textarea" not in answer.text
    answer = mine.send(typed | {f"{SECTION}:choice": "theirs"}, 200, HTMX)
    assert f'<template data-text-for="body-{SECTION}">Bản kia &lt;b&gt;.</template>' in answer.text
    assert f'value="{digest("Bản kia <b>.")}"' in answer.text


def test_an_indicator_is_added_with_and_without_a_script(opened, kept):
    page = opened()
    wanted = re.search(r'<option value="(\w+@2021)">', page.text)[1]
    cell = f'id="t-{wanted.replace("@", "-")}"'
    assert cell not in page.text
    answer = page.send({"add": wanted, f"{SECTION}:body": "Một."})
    assert kept(SECTION) == "Một."
    location = answer.headers["Location"]
    assert f"#t-{wanted.replace('@', '-')}" in location
    assert cell in page.browser.get(location.partition("#")[0]).text
    answer = page.send({"key": [], "section": [], "add": wanted}, 200, HTMX)
    assert cell in answer.text and "data-into=" in answer.text


def test_first_comes_what_the_plan_must_have_and_the_rest_is_folded(opened):
    text = opened().text
    folds = re.findall(r'<details class="targets fold" id="group-(\w+)"( open)?', text)
    assert folds[0] == ("main", " open") and not any(is_open for _, is_open in folds[1:])
    main = text[text.index('id="group-main"') : text.index('id="group-clubs"')]
    assert all(
        f'value="{key}@2021"' in main
        for key in ("clubs_new", "income_fund_balance", "loans_members")
    )


def test_what_is_missing_leads_to_the_very_field(opened):
    page = opened()
    gaps = page.text[page.text.index('id="gaps"') :]
    links = re.findall(r'<li><a href="#([^"]+)"', gaps)
    assert links and all(f'id="{one}"' in page.text for one in links)
    assert page.text.index('id="gaps"') > page.text.index('id="s-s.organisation"')
