"""An address that only takes a form leads, opened or reloaded, to the thing it is about."""

import html
import re

import pytest

from lth.blueprints.web.permissions import Permission, permission_of

from .test_form_roles import value_for

pytestmark = pytest.mark.databases("sqlite")

WHO = {
    "commune": "clerk",
    "district": "district specialist",
    "province": "province specialist",
    "admin": "unit administrator",
    "mail": "unit administrator",
}

GIVING = {"commune": "leader", "district": "district leader", "province": "province leader"}
"""Who has decisions to let others sign."""


def only_posted(app) -> list:
    """The rules that no GET shares the address of."""
    shown = {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and rule.rule not in shown
    ]


def test_every_address_that_only_takes_a_form_leads_to_a_page(guarded, visitor, document_of):
    plans = {
        "commune": document_of("xã Tập Sơn").id,
        "district": document_of("huyện Trà Cú").id,
        "province": document_of("tỉnh Trà Vinh").id,
    }
    browsers = {who: visitor(who) for who in {*WHO.values(), *GIVING.values()}}
    found = only_posted(guarded)
    assert len(found) > 30
    for rule in found:
        blueprint = rule.endpoint.partition(".")[0]
        values = {name: value_for(one) for name, one in rule._converters.items()}
        if "document_id" in values:
            values["document_id"] = plans[blueprint]
        address = rule.build(values, append_unknown=False)[1]
        people = GIVING if "delegation" in rule.endpoint else WHO
        browser = browsers[people.get(blueprint, "clerk")]
        answer = browser.get(address)
        if blueprint == "book":  # whoever keeps a club's book comes in by another door
            assert answer.status_code == 401, address
            continue
        if permission_of(guarded, rule.endpoint) is Permission.ADMINISTER_SYSTEM or (
            "/units/" in address
        ):
            assert answer.status_code in {302, 403, 404}, address
            continue
        assert answer.status_code == 302, (address, answer.status_code)
        reached = browser.get(answer.headers["Location"])
        while reached.status_code == 302:
            reached = browser.get(reached.headers["Location"])
        made_up = {*values} - {"document_id"}  # a thing of this number may not be one's own
        assert reached.status_code in ({200, 404} if made_up else {200}), address
        if "document_id" in values:
            assert "/documents/" in answer.headers["Location"]


def test_the_document_says_what_was_done_last(visitor, document_of):
    document = document_of("xã Tập Sơn")
    browser = visitor("clerk")
    answer = browser.get(f"/commune/documents/{document.id}/remarks")
    page = html.unescape(browser.get(answer.headers["Location"]).text)
    assert re.search(r"Đã trình[^.]*lúc \d\d:\d\d[^.]*Tập Sơn", page)


def test_the_page_of_an_act_that_is_done_leads_to_the_document(visitor, document_of):
    document = document_of("xã Tập Sơn")
    browser = visitor("leader")
    answer = browser.get(f"/commune/documents/{document.id}/acts/submit")
    assert answer.status_code == 302
    page = html.unescape(browser.get(answer.headers["Location"]).text)
    assert re.search(r"Đã trình[^.]*lúc \d\d:\d\d", page)
    other = browser.get(f"/commune/documents/{document.id}/acts/issue")
    page = html.unescape(browser.get(other.headers["Location"]).text)
    assert "Hiện không có việc “Ban hành” ở văn bản này." in page


def test_what_one_does_not_see_stays_unfound(visitor, document_of):
    document = document_of("xã Hàm Giang")
    browser = visitor("clerk")
    assert browser.get(f"/commune/documents/{document.id}/acts/submit").status_code == 404
    answer = browser.get(f"/commune/documents/{document.id}/remarks")
    assert browser.get(answer.headers["Location"]).status_code == 404


def test_a_posted_address_that_takes_nothing_is_still_refused(visitor):
    assert visitor("clerk").client.put("/commune/work").status_code == 405


def test_starting_what_is_begun_leads_to_it(visitor, document_of):
    """Back after a start, a second tab, a bookmark: none offers to start the same again."""
    for who, unit, page in (
        ("clerk", "xã Tập Sơn", ""),
        ("clerk of a returned plan", "xã Ngọc Biên", "/draft"),
    ):
        browser, document = visitor(who), document_of(unit)
        there = f"/commune/documents/{document.id}{page}"
        asked = {"period": document.period_id, "kind": document.kind}
        for answer in (
            browser.get(f"/commune/documents/new?period={asked['period']}&kind={asked['kind']}"),
            browser.post("/commune/documents/new", {**asked, "source": "empty"}),
        ):
            assert answer.status_code == 302, answer.text[:500]
            assert answer.headers["Location"].endswith(there)
        assert "Kỳ này đơn vị đã có văn bản cùng loại" in browser.get(there).text
