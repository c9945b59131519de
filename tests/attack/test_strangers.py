"""The stranger's walk: every route, with another unit's ids, as whoever has no business there.

Nothing of the unit may be read in any answer, and nothing of it may have changed afterwards.
"""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from .addresses import targets
from .holdings import Holdings
from .strangers import (
    LEAVING,
    STRANGERS,
    VICTIMS,
    Findings,
    Knocker,
    Victim,
    address_of,
    inside_forms,
)

NUMBER_OF_EACH = 3
"""How many addresses of a route are tried."""

FILED = (
    *("attachment_id", "upload_id", "job_id", "packet_id", "code_id"),
    *("hand_over_id", "copy_id", "club_id", "club_list_id"),
    "regime_id",
    *("hand_over_id", "copy_id"),
)
MAY_LACK = {"hand_over_id", "copy_id"}
"""Of these there are some only where a paper was issued."""

SHORT = {
    ("nobody", "xã Tập Sơn"),
    ("clerk of another commune", "xã Long Hiệp"),
    ("administrator of another commune", "xã Long Hiệp"),
    ("specialist of another district", "huyện Trà Cú"),
}
PAIRS = [
    pytest.param(
        stranger,
        victim,
        id=f"{stranger.kind}-{victim.name}",
        marks=[] if (stranger.kind, victim.name) in SHORT else pytest.mark.long,
    )
    for victim in VICTIMS
    for stranger in STRANGERS
    if stranger.is_strange_to(victim)
]
SHUT_OUT = {
    "role has ended": "UPDATE role_assignment SET valid_to = valid_from WHERE person_id = ",
    "account is locked": "UPDATE person SET active = false WHERE id = ",
}


@pytest.mark.parametrize(("stranger", "victim"), PAIRS)
def test_a_stranger_reads_nothing_and_changes_nothing(
    guarded, connection, report, stranger, victim
):
    theirs = Holdings.of(connection, victim.name)
    own = Holdings.of(connection, stranger.line[-1]) if stranger.line else None
    walk = Walk(guarded, connection, victim, theirs)
    findings = walk.knock(address_of(stranger.account), own)
    report.note("The stranger's walk", f"{stranger.kind}, at {victim.name}", findings)
    assert findings.requests > 250
    assert not findings.faults, "\n".join(findings.faults[:20])


@pytest.mark.parametrize("why", SHUT_OUT)
def test_whoever_belonged_to_it_once_is_a_stranger(guarded, connection, report, why):
    victim = VICTIMS[0]
    email = address_of(victim.insiders[0])
    walk = Walk(guarded, connection, victim, Holdings.of(connection, victim.name, but=email))

    def shut_out() -> None:
        who = "(SELECT person_id FROM credential WHERE email = :email)"
        connection.execute(text(SHUT_OUT[why] + who), {"email": email})

    findings = walk.knock(email, None, shut_out)
    report.note("The stranger's walk", f"clerk whose {why}, at {victim.name}", findings)
    assert not findings.faults, "\n".join(findings.faults[:20])


class Walk:
    """One unit under attack: what is its own, and the forms that its people have."""

    def __init__(
        self, app: Flask, connection: Connection, victim: Victim, theirs: Holdings
    ) -> None:
        self._app = app
        self._connection = connection
        self._theirs = theirs
        self._forms = inside_forms(app, victim)

    def knock(
        self, email: str, own: Holdings | None, after_sign_in: Callable[[], None] | None = None
    ) -> Findings:
        """Send every route's requests with the unit's ids, its own people's forms, and one's own
        forms with the unit's ids in their fields."""
        findings = Findings()
        own_forms = inside_forms(self._app, Victim((), (email.partition("@")[0],))) if own else {}
        knocker = Knocker(self._app, email, self._theirs.needles(self._connection), findings)
        if after_sign_in is not None:
            after_sign_in()
        before = self._theirs.rows(self._connection)
        for target in targets(self._app, self._connection, self._theirs, own, NUMBER_OF_EACH):
            if target.endpoint not in LEAVING:
                knocker.send(target.method, target.address, self._forms.get(target.address))
        for address, fields in self._forms.items():
            if not address.startswith(("/sign-", "/account")):
                knocker.send("POST", address, fields)
        for address, fields in own_forms.items():
            if not address.startswith(("/sign-", "/account")):
                knocker.send("POST", address, self._with_their_ids(fields))
        after = self._theirs.rows(self._connection)
        findings.faults += [
            f"{email or 'nobody'}: {name} has changed: {sorted(after[name] ^ rows)[:2]}"
            for name, rows in before.items()
            if after[name] != rows
        ]
        return findings

    def _with_their_ids(self, fields: dict[str, list[str]]) -> dict[str, list[str]]:
        """Put ids of the unit's in place of every number of a form, as a bulk act would have."""
        ids = [str(one) for one in self._theirs.owners["document_id"] + (self._theirs.unit_id,)]
        return {
            name: ids if any(value.isdecimal() for value in values) else values
            for name, values in fields.items()
        }


def test_there_are_files_of_every_kind_to_try(guarded, connection):
    """A walk whose ids name nothing would find nothing."""
    for victim in VICTIMS:
        theirs = Holdings.of(connection, victim.name)
        arguments = {name for rule in guarded.url_map.iter_rules() for name in rule.arguments}
        ids = {name: theirs.ids(connection, name) for name in FILED if name in arguments}
        assert set(ids) == set(FILED)
        assert {name for name, found in ids.items() if not found} <= MAY_LACK
        needles = "\n".join(theirs.needles(connection))
        assert "Việc nền chưa ai được biết" in needles
        assert "Tệp kín kèm văn bản" in needles
