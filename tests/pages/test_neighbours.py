"""What is not within one's scope does not exist: 404 on every route with an id, never a hint."""

import pytest

OTHERS = ["xã Ngọc Biên", "xã Hàm Giang", "xã Tân Sơn", "xã Long Hiệp"]
"""Neighbouring communes, in several states: returned, submitted, approved, draft."""


def addresses(app, level: str, values: dict) -> list[tuple[str, str]]:
    """(method, address) of every route of a level that takes an id."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(f"{level}.") and "document_id" in rule.arguments:
            wanted = {name: values[name] for name in rule.arguments}
            method = "POST" if "POST" in rule.methods else "GET"
            found.append((method, adapter.build(rule.endpoint, wanted)))
    return found


VALUES = {
    "act": "submit",
    "code": "V03",
    "topic": "main",
    "line_key": "goals",
    "key": "clubs_new@2021",
    "remark_id": 1,
    "quota_id": 1,
    "unit_id": 1,
    "indicator_id": 1,
    "phase_id": 1,
    "group": "budget",
    "part": "budget",
    "paper": "main",
    "hand_over_id": 1,
    "copy_id": 1,
    "form": "pdf",
    "event_id": 1,
    "attachment_id": 1,
    "upload_id": 1,
    "month": "2021-01",
    "item_id": 1,
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_neighbouring_communes_clerk(guarded, visitor, document_of, other):
    browser = visitor("clerk")
    check_hidden(guarded, browser, "commune", document_of(other).id)


@pytest.mark.parametrize("who", ["leader", "observer"])
def test_other_roles_of_the_neighbouring_commune(guarded, visitor, document_of, who):
    browser = visitor(who)
    check_hidden(guarded, browser, "commune", document_of("xã Hàm Giang").id, forbidden={403, 404})


def test_another_branch_of_the_tree(guarded, visitor, document_of):
    browser = visitor("district specialist")
    check_hidden(guarded, browser, "district", document_of("xã Mỹ Cẩm").id)


def test_what_never_was_answers_alike(guarded, visitor, document_of):
    browser = visitor("clerk")
    hidden = browser.get(f"/commune/documents/{document_of('xã Hàm Giang').id}")
    absent = browser.get("/commune/documents/999999")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert masked(hidden.text) == masked(absent.text)


def test_another_levels_desk_does_not_exist(visitor):
    browser = visitor("clerk")
    for address in ("/district/", "/province/", "/district/inbox", "/district/documents"):
        assert browser.get(address).status_code == 404


def test_a_draft_is_private_to_its_unit(visitor, document_of):
    document = document_of("xã Long Hiệp")
    page = visitor("district specialist").get(f"/district/documents/{document.id}")
    assert page.status_code == 200
    assert "Nội dung hiển thị sau khi đơn vị trình lên." in page.text
    assert "Thuyết minh" not in page.text


SENT = {
    **dict.fromkeys(("seen", "was"), 1),
    **{"answer": "Đã sửa.", "text": "Xem lại.", "reason": "Lý do.", "kind": "changed"},
    **dict.fromkeys(("line_key", "key"), "goals"),
}
"""What the forms of these addresses are sent with: the document is what is not there."""


def check_hidden(app, browser, level, document_id, forbidden=frozenset({404})):
    listed = addresses(app, level, {**VALUES, "document_id": document_id})
    assert len(listed) >= 10
    for method, address in listed:
        answer = browser.get(address) if method == "GET" else browser.post(address, SENT)
        assert answer.status_code in forbidden, (method, address, answer.status_code)


def masked(page: str) -> str:
    """A page without its tokens, which differ each time."""
    return "\n".join(line for line in page.splitlines() if "csrf" not in line)
