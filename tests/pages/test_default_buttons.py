"""What Enter presses does nothing by accident: the first button of every form of every page."""

import pytest
from sqlalchemy import text
from support.pageforms import PageForm, forms_of

from .conftest import PEOPLE, walk

pytestmark = pytest.mark.databases("sqlite")


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
