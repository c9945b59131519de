"""A kind of document that only this test knows walks its road, in pages, lists and mail.

Nothing of `lth` is changed for it: what is asked of a kind stands in its description.
"""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.memos import SECTION, memos
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.models import Document, Event
from lth.models.document import Status
from lth.models.kind import Kind

CLERK, LEADER = "clerk", "leader"
ABOVE, SIGNER = "district specialist", "district leader"
OPINIONS = ("district finance", "district format")


@pytest.fixture
def memo() -> Iterator[Kind]:
    with memos() as kind:
        yield kind


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]


class Walker:
    """People of the demo who act on one document through its pages."""

    def __init__(self, visitor, number: int):
        self.visitor, self.number = visitor, number

    def address(self, who: str) -> str:
        level = "district" if who.startswith("district") else "commune"
        return f"/{level}/documents/{self.number}"

    def page(self, who: str, path: str = "") -> str:
        answer = self.visitor(who).get(self.address(who) + path)
        assert answer.status_code == 200, answer.text
        check_page(answer.text)
        return answer.text

    def does(self, who: str, act: str, code: int = 302, **inputs: str) -> str:
        """Do an act from its own page, as a person would."""
        browser, address = self.visitor(who), f"{self.address(who)}/acts/{act}"
        seen = hidden(browser.get(address).text, "seen")
        answer = browser.post(address, {"seen": seen, **inputs})
        assert answer.status_code == code, answer.text
        return answer.text


@pytest.fixture
def started(memo: Kind, visitor) -> Walker:
    """The memo that the clerk of xã Tập Sơn has begun, from the list of their documents."""
    clerk = visitor(CLERK)
    listed = clerk.get("/commune/documents").text
    assert "Lập: Tờ trình năm 2021" in listed
    address = re.search(r'href="(/commune/documents/new\?[^"]*kind=memo[^"]*)"', listed)[1]
    page = clerk.get(address.replace("&amp;", "&")).text
    form = {name: hidden(page, name) for name in ("period", "kind")}
    answer = clerk.post("/commune/documents/new", {**form, "source": "empty"})
    return Walker(visitor, int(re.search(r"/documents/(\d+)/draft", answer.headers["Location"])[1]))


def write(walker: Walker, text: str) -> None:
    page = walker.page(CLERK, "/draft")
    seen = re.search(rf'name="{SECTION}:seen" value="(\d+)"', page)[1]
    typed = {"section": SECTION, f"{SECTION}:body": text, f"{SECTION}:seen": seen}
    walker.visitor(CLERK).post(f"{walker.address(CLERK)}/draft", typed)


def test_a_new_kind_walks_from_draft_to_approved_and_back(
    started: Walker, session: Session
) -> None:
    refused = started.does(CLERK, "send_for_clearance", code=422)
    assert "I. Đề nghị" in refused
    write(started, "Đề nghị cấp thêm kinh phí.")
    started.does(CLERK, "send_for_clearance")
    started.does(LEADER, "submit")
    inbox = started.visitor(ABOVE).get("/district/inbox?kind=memo").text
    assert "Tờ trình" in inbox
    waits = started.visitor(ABOVE).get("/district/work").text
    assert "Tờ trình năm 2021" in waits
    started.does(ABOVE, "open")
    for who in (ABOVE, *OPINIONS):
        started.does(who, "give_opinion", verdict="agree")
    started.does(SIGNER, "approve")
    assert "Đã duyệt" in started.page(CLERK)
    started.does(SIGNER, "reopen", reason="Xem lại.")
    started.does(ABOVE, "return", reason="Nêu rõ số tiền.")
    page = started.page(CLERK)
    assert "Tờ trình năm 2021" in page
    assert "Nêu rõ số tiền." in page
    _check_trail(session, started.number)
    for who in (CLERK, LEADER, ABOVE, SIGNER):
        mail = started.visitor(who).get("/notices").text
        assert "tờ trình năm 2021" in mail.lower(), who
        message = re.search(r'href="(/notices/\d+)">[^<]*tờ trình', mail)[1]
        assert "tờ trình năm 2021" in started.visitor(who).get(message).text.lower()


def _check_trail(session: Session, number: int) -> None:
    with system(session, Purpose.LOAD):
        document = session.get_one(Document, number)
        acts = session.scalars(
            select(Event.action).where(Event.document_id == number).order_by(Event.seq)
        ).all()
        assert (document.kind, document.status) == ("memo", Status.RETURNED)
        assert not document.feeds_synthesis
    session.rollback()
    assert list(acts) == [
        "start",
        "send_for_clearance",
        "submit",
        "open",
        *["give_opinion"] * 3,
        "approve",
        "reopen",
        "return",
    ]
