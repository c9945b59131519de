"""Kinds of stranger, the units they must learn nothing of, and one who knocks at every door."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from support.addresses import pattern_of
from support.pageforms import all_forms_of
from werkzeug.test import TestResponse

from lth.blueprints.web.kept_form import AS_ROLE
from lth.demo import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
ROLE = re.compile(rf'name="{AS_ROLE}" value="(\d+)"')
LINK = re.compile(r'href="(/[^"]*)"')
ALIKE = 3
"""How many pages of one address pattern an insider opens."""

HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
)
CARRYING = {"POST", "PUT", "PATCH", "DELETE"}
LEAVING = {"auth.sign_out", "auth.enter"}
"""What would end the stranger's own visit."""


@dataclass(frozen=True)
class Victim:
    """A unit, its line of the tree, and those who work in it."""

    line: tuple[str, ...]
    insiders: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.line[-1]


@dataclass(frozen=True)
class Stranger:
    """Somebody who works elsewhere (or, without an account, nowhere)."""

    kind: str
    line: tuple[str, ...] = ()
    account: str = ""

    def is_strange_to(self, victim: Victim) -> bool:
        """Tell whether the two are on no common line of the tree."""
        return not self.line or any(
            mine != theirs for mine, theirs in zip(self.line, victim.line, strict=False)
        )


_TRA_CU = ("tỉnh Trà Vinh", "huyện Trà Cú")
_BAC_NINH = ("tỉnh Bắc Ninh",)

VICTIMS = (
    Victim((*_TRA_CU, "xã Tập Sơn"), ("can-bo.tap-son", "lanh-dao.tap-son", "quan-tri.tap-son")),
    Victim((*_TRA_CU, "xã Long Hiệp"), ("can-bo.long-hiep", "lanh-dao.long-hiep")),
    Victim(
        _TRA_CU,
        ("chuyen-vien.huyen-tra-cu", "lanh-dao.huyen-tra-cu", "quan-tri.huyen-tra-cu"),
    ),
    Victim(
        (*_BAC_NINH, "xã Tam Tiến"), ("can-bo.tam-tien", "lanh-dao.tam-tien", "quan-tri.tam-tien")
    ),
)

STRANGERS = (
    Stranger("nobody"),
    Stranger("clerk of another commune", (*_TRA_CU, "xã Hàm Giang"), "can-bo.ham-giang"),
    Stranger("leader of another commune", (*_TRA_CU, "xã Hàm Giang"), "lanh-dao.ham-giang"),
    Stranger("observer of another commune", (*_TRA_CU, "xã Tập Sơn"), "giam-sat.tap-son"),
    Stranger("administrator of another commune", (*_TRA_CU, "xã Tập Sơn"), "quan-tri.tap-son"),
    Stranger(
        "clerk of another district",
        ("tỉnh Trà Vinh", "huyện Càng Long", "xã Mỹ Cẩm"),
        "can-bo.my-cam",
    ),
    Stranger(
        "specialist of another district",
        ("tỉnh Trà Vinh", "huyện Càng Long"),
        "chuyen-vien.huyen-cang-long",
    ),
    Stranger(
        "leader of another district", ("tỉnh Trà Vinh", "huyện Cầu Kè"), "lanh-dao.huyen-cau-ke"
    ),
    Stranger(
        "finance appraiser of another district",
        ("tỉnh Trà Vinh", "huyện Càng Long"),
        "kinh-phi.huyen-cang-long",
    ),
    Stranger("clerk of another province", (*_BAC_NINH, "xã Bố Hạ"), "can-bo.bo-ha"),
    Stranger("specialist of another province", _BAC_NINH, "chuyen-vien.tinh-bac-ninh"),
    Stranger("administrator of another province", _BAC_NINH, "quan-tri.tinh-bac-ninh"),
    Stranger(
        "specialist of a province of three tiers", ("tỉnh Trà Vinh",), "chuyen-vien.tinh-tra-vinh"
    ),
)


def address_of(account: str) -> str:
    """Return the e-mail address of one of the demo's accounts; of none, none."""
    return f"{account}@lth.example" if account else ""


@dataclass
class Findings:
    """What was found, and how much was tried."""

    faults: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        return sum(self.answers.values())


class Knocker:
    """Somebody with a browser who sends whatever they like, and reads every answer."""

    def __init__(self, app: Flask, email: str, needles: list[str], findings: Findings) -> None:
        self.client = FlaskClient(app, app.response_class, use_cookies=True)
        self.email = email
        self.found = findings
        self._needles = [one for one in needles if one != email]
        self._token = self._role = ""
        self.comes_back = self.sign_in()
        assert self.comes_back

    def sign_in(self) -> bool:
        """Sign in, as whoever has an account does; tell whether one is let in."""
        page = self.client.get("/forgotten").text
        self._token = TOKEN.search(page)[1]
        if not self.email:
            return True
        sent = {"email": self.email, "password": PASSWORD, "csrf_token": self._token}
        if self.client.post("/sign-in", data=sent).status_code != 302:
            return False
        page = self.client.get("/account").text
        self._token, self._role = TOKEN.search(page)[1], (ROLE.search(page) or ["", ""])[1]
        return True

    def send(self, method: str, address: str, fields: dict[str, list[str]] | None = None, **more):
        """Send a request as one's own: one's own token and role in place of those of the form.

        Whoever was signed out by what they sent before signs in again first.
        """
        answer = self._sent(method, address, fields, **more)
        if self.comes_back and self._is_signed_out(answer):
            self.comes_back = self.sign_in()
            answer = self._sent(method, address, fields, **more)
        return answer

    def _is_signed_out(self, answer: TestResponse) -> bool:
        if not self.email or answer.status_code not in {302, 401}:
            return False
        return self.client.get("/account").status_code == 302

    def _sent(self, method: str, address: str, fields: dict[str, list[str]] | None, **more):
        data = {**(fields or {}), "csrf_token": self._token, AS_ROLE: self._role}
        sent = {"data": data} if method in CARRYING and not {"data", "json"} & more.keys() else {}
        answer = self.client.open(address, method=method, **sent, **more)
        return self.judge(answer, f"{method} {address}", str(data))

    def judge(self, answer: TestResponse, what: str, sent: str = "") -> TestResponse:
        """Note what an answer must not be: an error of ours, a leak, a way out of the site.

        What was sent may come back, to be sent again.
        """
        self.found.answers[answer.status_code] += 1
        said = html.unescape(answer.get_data().decode("utf-8", "replace"))
        said += "\n".join(f"{name}: {value}" for name, value in answer.headers)
        faults = [f"answers {answer.status_code}"] if answer.status_code >= 500 else []
        faults += [
            f"shows {needle!r}" for needle in self._needles if needle in said and needle not in sent
        ][:3]
        faults += [f"lacks {name}" for name in HEADERS if name not in answer.headers]
        if urlsplit(answer.headers.get("Location", "")).netloc not in {"", "localhost"}:
            faults.append(f"leads to {answer.headers['Location']}")
        self.found.faults += [f"{self.email or 'nobody'}: {what} {fault}" for fault in faults]
        return answer


@cache
def inside_forms(app: Flask, victim: Victim) -> dict[str, dict[str, list[str]]]:
    """Collect the forms on the pages of a unit's own people: where each goes, and what with.

    Once for each database of a run: every attack begins with the same demo.
    """
    forms: dict[str, dict[str, list[str]]] = {}
    for name in victim.insiders:
        insider = Knocker(app, address_of(name), [], Findings())
        for url, page in _pages(insider):
            for form, _typed in all_forms_of(url, page):
                buttons = {key: [value] for key, value in form.buttons[-1:] if key}
                forms.setdefault(form.action, {**form.fields, **buttons})
    return forms


def _pages(insider: Knocker) -> Iterator[tuple[str, str]]:
    todo, seen, opened = ["/"], set(), Counter()
    while todo:
        url = todo.pop(0).split("#")[0]
        pattern = pattern_of(url)
        if url in seen or opened[pattern] >= ALIKE or url.startswith("/static/"):
            continue
        seen.add(url)
        opened[pattern] += 1
        answer = insider.client.get(url)
        if answer.status_code == 302:
            todo.append(answer.headers["Location"])
        elif answer.mimetype == "text/html":
            yield url, answer.text
            todo += [html.unescape(one) for one in LINK.findall(answer.text)]
