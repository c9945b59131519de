"""People of the demo at their browsers, and a walk over every page that one can reach."""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from support.addresses import pattern_of
from support.pages import check_page

from lth.demo import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
LINK = re.compile(r'href="(/[^"]*)"')
ALIKE = 2
"""How many pages of one address pattern a walk opens."""

PEOPLE = {
    "clerk": "can-bo.tap-son@lth.example",
    "clerk of a returned plan": "can-bo.ngoc-bien@lth.example",
    "leader": "lanh-dao.tap-son@lth.example",
    "observer": "giam-sat.tap-son@lth.example",
    "unit administrator": "quan-tri.tap-son@lth.example",
    "district specialist": "chuyen-vien.huyen-tra-cu@lth.example",
    "district leader": "lanh-dao.huyen-tra-cu@lth.example",
    "district finance": "kinh-phi.huyen-tra-cu@lth.example",
    "district format": "the-thuc.huyen-tra-cu@lth.example",
    "province specialist": "chuyen-vien.tinh-tra-vinh@lth.example",
    "province leader": "lanh-dao.tinh-tra-vinh@lth.example",
    "two-tier clerk": "can-bo.tam-tien@lth.example",
    "two-tier province": "chuyen-vien.tinh-bac-ninh@lth.example",
    "system administrator": "quan-tri@lth.example",
}


@dataclass
class Visitor:
    """A signed-in browser."""

    client: FlaskClient
    who: str
    _token: str = ""

    def get(self, url: str):
        return self.client.get(url)

    def token(self) -> str:
        """A token for this browser's next POST; it is good for as long as it is signed in."""
        self._token = self._token or TOKEN.search(self.client.get("/account").text)[1]
        return self._token

    def post(self, url: str, data: dict | None = None):
        return self.client.post(url, data={"csrf_token": self.token(), **(data or {})})

    def confirm(self, url: str, data: dict):
        """Send a form, and confirm on the page that shows what will happen."""
        asked = self.post(url, data)
        if asked.status_code != 200:
            return asked
        check_page(asked.text)
        assert 'name="confirmed"' in asked.text, asked.text
        return self.post(url, {**data, "confirmed": "1"})


def sign_in(app: Flask, who: str) -> Visitor:
    """Sign in as one of `PEOPLE`, or by e-mail."""
    client = app.test_client()
    token = TOKEN.search(client.get("/forgotten").text)[1]  # a short page with a form
    email = PEOPLE.get(who, who)
    answer = client.post(
        "/sign-in", data={"email": email, "password": PASSWORD, "csrf_token": token}
    )
    assert answer.status_code == 302, answer.text
    return Visitor(client, who)


def walk(visitor: Visitor, at_file: Callable[[], None] = lambda: None) -> Iterator[tuple[str, str]]:
    """Open what links lead to, pages and files, a few of each pattern; each must answer 200.

    Pages are yielded; `at_file` is called once a file was taken.
    """
    todo, seen, opened = ["/"], set(), Counter()
    while todo:
        url = todo.pop(0).split("#")[0]
        pattern = pattern_of(url)
        if url in seen or opened[pattern] >= ALIKE:
            continue
        seen.add(url)
        opened[pattern] += 1
        answer = visitor.get(url)
        if answer.status_code == 302:
            todo.append(answer.headers["Location"])
            continue
        assert answer.status_code == 200, f"{visitor.who}: {url} answers {answer.status_code}"
        if answer.mimetype != "text/html":  # a file to take along
            at_file()
            continue
        yield url, answer.text
        todo += [
            html.unescape(one)
            for one in LINK.findall(answer.text)
            if not one.startswith("/static/") and "file=" not in one  # the trail's have their test
        ]
