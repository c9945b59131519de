"""The forms of every page of some people, found by one walk and sent by many tests."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask
from support.changes import Changes
from support.sentforms import Pairs, SentForm, forms_of
from support.visitors import Visitor, sign_in, walk

from lth.core import clock
from lth.demo import PASSWORD

WALKERS = (
    "clerk",
    "clerk of a returned plan",
    "leader",
    "unit administrator",
    "district specialist",
    "district leader",
    "district finance",
    "province specialist",
    "province leader",
    "system administrator",
)
LAST = ("account.change_password", "account.switch_role", "auth.sign_out")
"""After these the browser is no longer what it was."""
KNOWN = {
    "old": PASSWORD,
    "password": "hoa sen mùa hạ 27",
    "repeated": "hoa sen mùa hạ 27",
    "email": "nguoi.moi@lth.example",
    "document_number": "12/KH-UBND",
    "number": "12/QĐ-UBND",
    "decided_on": f"{clock.today():%d/%m/%Y}",
    "document_date": f"{clock.today():%d/%m/%Y}",
    "works": "no",
}


@dataclass(frozen=True)
class Place:
    """Where a form stands: who is at which page, and where it goes."""

    who: str
    page: str
    action: str
    endpoint: str
    kind: str

    @property
    def name(self) -> str:
        """The endpoint within its blueprint: levels have the same ones."""
        return self.endpoint.partition(".")[2]


def places(app: Flask, people: Iterable[str] = WALKERS) -> list[Place]:
    """Walk as some people, and list where the forms of each kind stand."""
    found: dict[tuple[str, str], Place] = {}
    adapter = app.url_map.bind("localhost")
    for who in people:
        for url, page in walk(sign_in(app, who)):
            for form in forms_of(page):
                path = form.action.partition("?")[0]
                endpoint, values = adapter.match(path, method="POST")
                kind = f"{endpoint} {values.get('act', '')} {values.get('part', '')}"
                found.setdefault((kind, path), Place(who, url, form.action, endpoint, kind))
    return sorted(found.values(), key=lambda one: one.endpoint in LAST)


def first(places: Iterable[Place], most: int) -> list[Place]:
    """List the first of each kind."""
    seen: Counter[str] = Counter()
    found = []
    for one in places:
        seen[one.kind] += 1
        if seen[one.kind] <= most:
            found.append(one)
    return found


@dataclass
class Found:
    """A form, and the browser at it. Its page is read anew only once something has changed."""

    place: Place
    visitor: Visitor
    changes: Changes
    _form: SentForm | None = None
    _read_at: int = -1

    @property
    def action(self) -> str:
        return self.place.action

    @property
    def endpoint(self) -> str:
        return self.place.endpoint

    @property
    def name(self) -> str:
        return self.place.name

    def read(self) -> SentForm | None:
        """The form as its page has it now."""
        self.changes()
        if self._read_at != self.changes.seen:
            answer = self.visitor.get(self.place.page)
            forms = forms_of(answer.text) if answer.status_code == 200 else ()
            self._form = next((one for one in forms if one.action == self.action), None)
            self._read_at = self.changes.seen
        return self._form

    def filled(self, words: str = " thử", *, anew: bool = False) -> Pairs:
        form = self.read()
        return form.filled(words, clock.today(), KNOWN, anew=anew) if form else []

    def send(self, pairs: Pairs):
        data: dict[str, list[str]] = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        answer = self.visitor.client.post(self.action, data=data)
        self._forget_what_was_said(answer.status_code)
        return answer

    def _forget_what_was_said(self, code: int) -> None:
        """Take out what the next page would have said, since that page is not opened."""
        if 300 <= code < 400:
            with self.visitor.client.session_transaction() as cookie:
                cookie.pop("_flashes", None)
