"""Every form that somebody finds on their pages, each of its fields with what nobody types.

In short `pages/test_sent_forms.py` does so: one form of each kind, a value for each field.
"""

from itertools import cycle, islice

import pytest
from flask import Flask
from support.nasty import URLENCODED, VALUES, urlencoded
from support.sentforms import forms_of
from support.sentwalk import LAST, WALKERS, first, places
from support.visitors import sign_in

from .report import Report
from .strangers import Findings

MOST, FIELDS, EACH = 3, 12, 8
"""How many forms of each kind, how many fields of each, and how many values for a field."""
KIND = "Fields of one's own forms"


@pytest.mark.long
@pytest.mark.parametrize("who", WALKERS)
def test_no_field_of_ones_own_forms_breaks_an_answer(
    guarded: Flask, monkeypatch: pytest.MonkeyPatch, report: Report, who: str
) -> None:
    monkeypatch.setitem(guarded.config, "PROPAGATE_EXCEPTIONS", False)
    found, browser, turn = Findings(), sign_in(guarded, who), cycle(VALUES)
    for one in first(places(guarded, [who]), MOST):
        page = browser.get(one.page)
        form = next((form for form in forms_of(page.text) if form.action == one.action), None)
        if form is None or one.endpoint in LAST:
            continue  # what came before has taken it off its page
        for name in form.names()[:FIELDS]:
            others = [pair for pair in form.pairs() if pair[0] != name]
            for value in islice(turn, EACH):
                data = urlencoded([*others, (name, value)])
                answer = browser.client.post(one.action, data=data, content_type=URLENCODED)
                found.answers[answer.status_code] += 1
                if answer.status_code >= 500:
                    found.faults.append(f"{who}: {one.action} {name}={value[:40]!r} breaks")
    report.note(KIND, who, found)
    assert found.faults == []
    assert found.requests > len(VALUES)
