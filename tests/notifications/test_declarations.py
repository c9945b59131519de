"""A new message is one declaration and a template: one that exists only here goes out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from unittest import mock

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import ChoiceLoader, DictLoader
from support.mailworld import World

from lth.access.scope import Purpose, system
from lth.application import settings_of
from lth.blueprints.web.extensions import sessions_of
from lth.mail import outbox, recipients
from lth.mail.codec import decode, encode
from lth.mail.declarations import DECLARED, Declaration, Payload, declare
from lth.mail.outbox import Mail
from lth.models.kind import Kind
from lth.models.person import Role
from lth.models.unit import Level
from lth.notifications import delivery, rendering, validity

from .test_delivery import Stub

SITE = "http://127.0.0.1:8000"
TEMPLATE = """{% extends "mail/base/layout.txt" %}
{% block subject %}{{ _("Mời họp ngày %(date)s", date=mail.on | date) }}{% endblock %}
{% block body %}
{% for item in mail.agenda %}
- {{ item.title }} ({{ item.minutes | number }})
{% endfor %}
{{ link }}
{% endblock %}
"""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A point of the agenda."""

    title: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Invited(Payload):
    """A meeting."""

    on: date
    level: Level
    agenda: tuple[Item, ...]


def to_calendar(mail: Invited) -> str:
    return f"calendar?day={mail.on}"


def add_template(monkeypatch: pytest.MonkeyPatch, name: str, source: str) -> None:
    """As if it lay beside the others."""
    loader = ChoiceLoader([rendering.ENVIRONMENT.loader, DictLoader({name: source})])
    monkeypatch.setattr(rendering.ENVIRONMENT, "loader", loader)


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Declaration[Invited]]:
    """The declaration and the template, and no more."""
    loader = ChoiceLoader(
        [rendering.ENVIRONMENT.loader, DictLoader({"mail/meeting.txt": TEMPLATE})]
    )
    monkeypatch.setattr(rendering.ENVIRONMENT, "loader", loader)
    yield declare("meeting", Invited, audience=frozenset({Role.LEADER}), page=to_calendar)
    del DECLARED["meeting"]


def test_one_declaration_and_a_template_are_a_message(
    app: Flask, world: World, meeting: Declaration[Invited]
) -> None:
    rendering.verify()
    agenda = (Item(title="Chỉ tiêu 2022", minutes=30), Item(title="Kinh phí", minutes=15))
    told = Invited(on=date(2021, 5, 14), level=Level.COMMUNE, agenda=agenda)
    with system(world.session, Purpose.TELL):
        found = recipients.holders(
            world.session,
            meeting.audience,
            world.now.date(),
            programme_id=1,
            unit_ids=[world.units["tapson"].id],
        )
        mails = [
            Mail(meeting, told, one.person_id, one.unit_id, f"m:{one.person_id}") for one in found
        ]
        assert len(outbox.write(world.session, mails, world.now)) == 2
        assert outbox.write(world.session, mails, world.now) == []
    world.session.commit()
    taken: list[EmailMessage] = []
    relay = Stub(taken.append)
    report = delivery.drain(settings_of(app), sessions_of(app), now=lambda: world.now, relay=relay)
    assert report == delivery.DrainReport(sent=2)
    assert {mail["Subject"] for mail in taken} == {"[Kế hoạch CLB] Mời họp ngày 14/5/2021"}
    assert {mail["To"].addresses[0].addr_spec.partition("@")[0] for mail in taken} == {
        "tapson.leader",
        "tapson.leader2",
    }
    body = taken[0].get_content()
    assert "- Chỉ tiêu 2022 (30)\n- Kinh phí (15)\n" in body
    assert f"{SITE}/commune/calendar?day=2021-05-14\n" in body


def test_a_start_misses_a_template_and_a_kind(
    meeting: Declaration[Invited], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_template(monkeypatch, "mail/stray.txt", "")
    with pytest.raises(LookupError, match=r": stray$"):
        rendering.verify()
    monkeypatch.setitem(DECLARED, "forgotten", meeting)
    with pytest.raises(LookupError, match=r": forgotten, stray$"):
        rendering.verify()


def test_a_kind_is_declared_once_and_tells_what_it_says(meeting: Declaration[Invited]) -> None:
    with pytest.raises(ValueError, match="declared twice"):
        declare("meeting", Invited)
    with pytest.raises(TypeError, match="meeting tells no Payload"):
        Mail(meeting, Payload(), 1, None)


# --- As rows keep them --------------------------------------------------------------------


st.register_type_strategy(Kind, st.sampled_from(Kind.all()))


def test_every_kind_says_by_which_rule_it_is_still_true(meeting: Declaration[Invited]) -> None:
    validity.verify()
    history = {"second_factor_reset", "address_changed"}  # tells what was done, and by whom
    as_written = {kind for kind, one in DECLARED.items() if one.still == "as_written"}
    assert as_written - history == {"invitation_answered", "meeting"}
    stray = Declaration("stray", Invited, still="somehow")
    with mock.patch.dict(DECLARED, stray=stray), pytest.raises(LookupError, match=r": somehow$"):
        validity.verify()


@pytest.mark.parametrize("kind", sorted(DECLARED))
@given(data=st.data())
def test_payloads_come_back_from_json(kind: str, data: st.DataObject) -> None:
    form = DECLARED[kind].payload
    payload = data.draw(st.from_type(form))
    assert decode(form, json.loads(json.dumps(encode(payload)))) == payload


def test_rows_of_another_release_can_be_read() -> None:
    kept = {"on": "2021-05-14", "level": "commune", "agenda": [], "room": "A2"}
    assert decode(Invited, kept) == Invited(on=date(2021, 5, 14), level=Level.COMMUNE, agenda=())
