"""Forms about many rows name them by id: those of others are as if they were not there."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import select
from support.sentwalk import Found

from lth.models import Document, Participation, Quota, QuotaMove, Unit

IN_A_NAME = re.compile(r"^older:(?P<unit>\d+)|^q(?P<quota>\d+):|:(?:u|before)(?P<receiver>\d+)$")
"""Where the name of a field has the id of a row."""
MANY = {
    *("inbox_many", "work_many"),
    *("document_answer_quotas", "document_hand_down", "document_note_older"),
}


@pytest.fixture
def forms(found) -> list[Found]:
    """The forms that name several rows; a hand-down has none until a target is chosen."""
    listed = [one for one in found if one.name in MANY]
    for one in [one for one in listed if one.name == "document_note_older"]:
        page = one.visitor.get(one.place.page).text
        for line in re.findall(r'name="line" value="([^"]+)"', page)[:1]:
            shown = f"{one.place.page.partition('?')[0]}?line={line}"
            text = one.visitor.get(shown).text
            action = re.search(r'<form method="post" action="([^"]+)" id="split-form"', text)[1]
            endpoint = one.endpoint.replace("note_older", "hand_down")
            place = replace(one.place, page=shown, action=action, endpoint=endpoint)
            listed.append(Found(place, one.visitor, one.changes))
    assert {one.name for one in listed} == MANY
    return listed


@pytest.fixture
def kept(read):
    """What is kept of every row that such forms write: whose it is, and how it stands."""

    def rows():
        documents, quotas, taking_part = map(read, map(select, (Document, Quota, Participation)))
        moves = Counter(one.quota_id for one in read(select(QuotaMove)))
        return {
            **{("document", one.id): (one.status, one.lock_version) for one in documents},
            **{("quota", one.id, one.unit_id): (one.value, moves[one.id]) for one in quotas},
            **{
                ("unit", one.unit_id, one.period_id, one.unit_id): one.older_population
                for one in taking_part
            },
        }

    return rows


def ids_of(pairs) -> set[tuple[str, int]]:
    """The rows that a form names, by their kind."""
    found = set()
    for name, value in pairs:
        if match := IN_A_NAME.search(name):
            kind = "quota" if match.lastgroup == "quota" else "unit"
            found.add((kind, int(match[match.lastgroup])))
        elif name == "document":
            found.add(("document", int(value.partition(":")[0])))
    return found


def strangers(read, own: set[tuple[str, int]]) -> dict[str, list[str]]:
    """Rows of the same kinds that another province has; nobody who is asked is of it."""
    tops = read(select(Unit).where(Unit.name == "Bắc Ninh", Unit.level == "province"))
    within = tuple(one.path for one in tops)
    units = [one.id for one in read(select(Unit)) if one.path.startswith(within)]
    documents = read(select(Document).where(Document.unit_id.in_(units)))
    quotas = [one.id for one in read(select(Quota)) if ("quota", one.id) not in own]
    assert units
    assert documents
    assert quotas
    return {
        "document": [f"{one.id}:{one.lock_version}" for one in documents],
        "quota": list(map(str, reversed(quotas))),
        "unit": list(map(str, units)),
    }


def foreign(pairs, theirs):
    """The form with the ids of others in the place of its own."""
    swapped, made = {}, []
    for name, value in pairs:
        match = IN_A_NAME.search(name)
        if match:
            pool = theirs["quota" if match.lastgroup == "quota" else "unit"]
            own = match[match.lastgroup]
            swapped.setdefault(own, pool[len(swapped) % len(pool)])
            start, end = match.span(match.lastgroup)
            made.append((name[:start] + swapped[own] + name[end:], value))
        elif name == "document":
            made.append((name, theirs["document"][len(made) % len(theirs["document"])]))
        else:
            made.append((name, value))
    return made


def by_each_button(one: Found, pairs):
    """The same fields by each button that the form has."""
    buttons = one.read().buttons
    bare = [pair for pair in pairs if pair[0] not in dict(buttons)]
    return [[*bare, button] for button in buttons] or [bare]


def filled(one: Found):
    """The form as somebody fills it in who says yes to every row."""
    pairs = one.filled()
    rows = [name for name, _ in pairs if re.fullmatch(r"q\d+:seen", name)]
    return [*pairs, *((name.replace("seen", "reply"), "accept") for name in rows)]


def test_rows_of_others_are_as_if_they_were_not_there(forms, read, kept):
    wrong = []
    for one in forms:
        pairs = filled(one)
        theirs = strangers(read, ids_of(pairs))
        for sent in by_each_button(one, foreign(pairs, theirs)):
            before = kept()
            answer = one.send(sent)
            if kept() != before or answer.status_code >= 500:
                wrong.append((one.name, one.action, answer.status_code))
    assert wrong == []


def test_beside_rows_of_ones_own_nothing_is_done_to_those_of_others(forms, read, kept):
    wrong, did = [], set()
    for one in forms:
        pairs = filled(one)
        own = ids_of(pairs)
        others = [pair for pair in foreign(pairs, strangers(read, own)) if pair not in pairs]
        for sent in by_each_button(one, [*pairs, *others]):
            before = kept()
            answer = one.send(sent)
            changed = {row for row, how in kept().items() if before.get(row) != how}
            if changed:
                did.add(one.name)
            not_own = [row for row in changed if not own & {row[:2], ("unit", row[-1])}]
            if not_own or answer.status_code >= 500:
                wrong.append((one.name, one.action, answer.status_code, not_own))
    assert wrong == []
    assert did >= {"work_many", "document_answer_quotas", "document_note_older"}, did
