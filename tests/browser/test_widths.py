"""No page scrolls sideways: every page of the main roles, at four widths, with the widest data.

Each page is measured as it is, and once more with every figure as wide as there is one and every
unit's name as long as any. What is wider than a phone scrolls within its own box.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from support.addresses import pattern_of

from lth.access.scope import Purpose, system
from lth.blueprints.web.extensions import db
from lth.demo import PASSWORD
from lth.models import Document, Revision, Unit
from lth.models.document import Status
from lth.workflow.kinds import PLAN

WIDTHS = (320, 360, 768, 1280)
ALIKE = 2
"""How many pages of one address pattern are opened."""

LONGEST = "Nguyễn Thị Minh Khai "
WIDEST = "100.000.000.000.000 đồng"
LINK = re.compile(r'href="(/[^"]*)"')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PEOPLE = {
    "clerk": "can-bo.tap-son",
    "clerk of a returned plan": "can-bo.ngoc-bien",
    "district specialist": "chuyen-vien.huyen-tra-cu",
    "district leader": "lanh-dao.huyen-tra-cu",
    "province specialist": "chuyen-vien.tinh-tra-vinh",
    "two-tier province": "chuyen-vien.tinh-bac-ninh",
    "unit administrator": "quan-tri.tap-son",
    "system administrator": "quan-tri",
}

MEASURE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return '';
  const wide = [...document.body.querySelectorAll('*')].filter(
    (one) => one.getBoundingClientRect().right > root.clientWidth + 1);
  const last = wide[wide.length - 1] || root;
  return `${root.scrollWidth} > ${root.clientWidth}: ${last.outerHTML.slice(0, 160)}`;
}"""
"""What sticks out beyond the page, if anything does."""

WIDEN = """(widest) => {
  const shown = 'td.num, .figure dd, .target-final, .drift, .matrix td';
  for (const cell of document.querySelectorAll(shown)) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (/\\d/.test(walker.currentNode.data)) walker.currentNode.data = ` ${widest} `;
    }
  }
}"""
"""Make every figure that is shown as wide as one can be."""


UNFOLD = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"


@pytest.fixture
def adrift(demo: Flask) -> Flask:
    """The demo with long names, and a synthesis of which one unit has gone back to review."""
    with demo.app_context(), Session(db.engine) as session, system(session, Purpose.LOAD):
        session.execute(update(Unit).values(name=LONGEST + Unit.name).where(Unit.id % 3 == 0))
        released = session.scalars(
            select(Document).where(
                Document.kind == PLAN,
                Document.released_number.is_not(None),
                Document.status == Status.APPROVED,
            )
        ).first()
        assert released is not None
        session.execute(
            update(Revision)
            .values(released_at=None)
            .where(Revision.document_id == released.id, Revision.number == released.released_number)
        )
        released.released_number, released.status = None, Status.REVIEW
        session.commit()
    return demo


def sign_in(page: Page, home: str, who: str) -> None:
    token = TOKEN.search(page.request.get(f"{home}/forgotten").text())
    assert token is not None
    form = {"email": f"{PEOPLE[who]}@lth.example", "password": PASSWORD, "csrf_token": token[1]}
    page.request.post(f"{home}/sign-in", form=form)


def walk(page: Page, home: str) -> Iterator[str]:
    """Open every page that links lead to, a few of each pattern."""
    todo, seen, opened = ["/"], set(), Counter()
    while todo:
        url = todo.pop(0).split("#")[0]
        pattern = pattern_of(url)
        if url in seen or opened[pattern] >= ALIKE or url.startswith("/static/"):
            continue
        seen.add(url)
        opened[pattern] += 1
        answer = page.request.get(home + url)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        page.goto(home + url)
        yield url
        todo += [html.unescape(one) for one in LINK.findall(page.content())]


def too_wide(page: Page) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if said := page.evaluate(MEASURE):
            found.append(f"at {width} px {said}")
    return found


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_scrolls_sideways(browser: Browser, adrift: Flask, home: str, who: str) -> None:
    context = browser.new_context(locale="vi-VN")
    page = context.new_page()
    sign_in(page, home, who)
    faults, walked = [], 0
    for url in walk(page, home):
        walked += 1
        faults += [f"{url} {said}" for said in too_wide(page)]
        page.evaluate(WIDEN, WIDEST)
        page.evaluate(UNFOLD)
        faults += [f"{url} widened {said}" for said in too_wide(page)]
    context.close()
    assert walked >= 4
    assert not faults, "\n".join(faults)
