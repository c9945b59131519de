"""What Enter presses does nothing by accident: the first button of every form of every page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import html5lib
import pytest
from sqlalchemy import text

from .conftest import PEOPLE, walk

WORDLESS = {"hidden", "submit", "button", "image", "reset"}
LOOK = "look"

pytestmark = pytest.mark.databases("sqlite")


@dataclass
class PageForm:
    """A form that is posted and has something to type or tick."""

    page: str
    action: str
    marks: set[str]
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return re.sub(r"\d+|lines/[^/?]+|parts/\w+/[^/]+", "N", self.action.partition("?")[0])

    @property
    def default(self) -> tuple[str, str]:
        return self.buttons[0] if self.buttons else ("no button", self.page)

    @property
    def is_harmless(self) -> bool:
        """Whether Enter gives the page back, or keeps what was typed, which is all there is."""
        return self.default[0] == LOOK or bool(self.marks & {"data-save", "data-keeps"})


def forms_of(page: str, html: str) -> Iterator[PageForm]:
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    for form in tree.iter("form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        found = PageForm(page, form.get("action") or page, set(form.attrib))
        outside = [
            one for one in tree.iter() if one.get("form") and one.get("form") == form.get("id")
        ]
        if read_controls([*form.iter(), *outside], found):
            yield found


def read_controls(form: list[ElementTree.Element], found: PageForm) -> bool:
    """Read what the form would send; tell whether there is something to type or tick."""
    typed = False
    for one in form:
        kind, name = one.get("type", ""), one.get("name", "")
        if one.tag == "button" and kind in {"", "submit"}:
            found.buttons.append((name, one.get("value", "")))
        elif one.tag == "textarea":
            found.fields.setdefault(name, []).append(one.text or "")
        elif one.tag == "select":
            options = list(one.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            found.fields.setdefault(name, []).extend(o.get("value", "") for o in chosen)
        elif one.tag == "input" and (
            kind not in {"checkbox", "radio"} or one.get("checked") is not None
        ):
            found.fields.setdefault(name, []).append(one.get("value", ""))
        typed |= one.tag in {"textarea", "select"} or (one.tag == "input" and kind not in WORDLESS)
    return typed


@pytest.mark.parametrize("who", PEOPLE)
def test_enter_presses_a_harmless_button_in_every_form(visitor, who):
    faults = {
        (form.kind, form.default)
        for url, page in walk(visitor(who))
        for form in forms_of(url, page)
        if form.action not in {"/sign-in"} and not form.is_harmless
    }
    assert not faults


CONSEQUENCES = (
    "event",
    "quota",
    "quota_move",
    "opinion",
    "delegation",
    "role_assignment",
    "outbox",
    "document",
    "deadline",
    "office",
    "person",
)
"""Tables in which something stands that others act on: what nobody changes by pressing Enter."""

ADDING = ("/offices/add", "/deadlines/add", "/documents/new")
"""Forms that are filled in to add the one thing that they are about."""


@pytest.mark.parametrize("who", PEOPLE)
def test_what_enter_presses_changes_nothing_that_others_act_on(visitor, engine_of, who):
    """As a browser does: each field with what stands in it or something typed, the first button."""
    browser = visitor(who)
    seen = {}
    for url, page in walk(browser):
        for form in forms_of(url, page):
            seen.setdefault((form.kind, form.default), form)
    before = rows(engine_of)
    for form in seen.values():
        if form.action in {"/sign-in", "/account"} or form.action.endswith(ADDING):
            continue
        answer = browser.client.post(form.action, data={**typed(form), **dict([form.default])})
        assert answer.status_code < 500, form
    after = rows(engine_of)
    assert {name for name in before if after[name] != before[name]} == set()


def typed(form: PageForm) -> dict[str, list[str]]:
    """Its fields as they stand, and something in each that is empty."""
    return {
        name: [value or "12" for value in values] for name, values in form.fields.items() if name
    }


def rows(engine) -> dict[str, list]:
    with engine.connect() as connection:
        return {
            name: connection.execute(text(f"SELECT * FROM {name} ORDER BY 1")).all()  # noqa: S608
            for name in CONSEQUENCES
        }
