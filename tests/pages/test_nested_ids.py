"""What an address names within something else belongs to that, or there is no such page."""

import sqlite3
from itertools import islice, pairwise

import pytest
from sqlalchemy import select

from lth.models import (
    Deadline,
    Document,
    Indicator,
    Office,
    Phase,
    Quota,
    Remark,
    Revision,
    RoleAssignment,
)
from lth.models.programme import Period

from .test_form_roles import value_for

pytestmark = pytest.mark.databases("sqlite")

BELONGS = {
    ("document_id", "remark_id"): select(Revision.document_id, Remark.id).join(
        Remark, Remark.revision_id == Revision.id
    ),
    ("document_id", "quota_id"): select(Quota.document_id, Quota.id),
    ("document_id", "unit_id"): select(Quota.document_id, Quota.unit_id).distinct(),
    ("document_id", "indicator_id"): select(Document.id, Indicator.id).join(
        Indicator, Indicator.programme_id == Document.programme_id
    ),
    ("indicator_id", "phase_id"): select(Indicator.id, Phase.id)
    .join(Period, Period.programme_id == Indicator.programme_id)
    .join(Phase, Phase.period_id == Period.id),
    ("unit_id", "person_id"): select(RoleAssignment.unit_id, RoleAssignment.person_id),
    ("person_id", "role_id"): select(RoleAssignment.person_id, RoleAssignment.id),
    ("unit_id", "office_id"): select(Office.unit_id, Office.id),
    ("unit_id", "deadline_id"): select(Deadline.setter_id, Deadline.id),
}
"""What belongs to what, for each pair of ids that an address names one within the other."""

SENT = {
    **dict.fromkeys(("text", "reason", "answer", "name", "position"), "Thử"),
    **dict.fromkeys(("seen", "was", "last_day", "value", "valid_from"), ""),
    "kind": "explained",
    "move": "keep",
    "confirmed": "1",
}
WHO = {
    "commune": "clerk of a returned plan",
    "district": "district specialist",
    "province": "province specialist",
    "admin": "system administrator",
}
TRIED = 4
"""How many strangers of each pair are tried."""


def nested(rule) -> list[tuple[str, str]]:
    ids = [name for name in rule._converters if name.endswith("_id")]
    return list(pairwise(ids))


def test_every_pair_is_known(guarded):
    pairs = {pair for rule in guarded.url_map.iter_rules() for pair in nested(rule)}
    assert pairs == set(BELONGS)


def test_a_child_of_another_parent_is_not_found(guarded, visitor, databases, session):
    session.rollback()
    engine = sqlite3.connect(databases.url.removeprefix("sqlite:///"))
    rows = {
        pair: set(
            engine.execute(str(query.compile(compile_kwargs={"literal_binds": True}))).fetchall()
        )
        for pair, query in BELONGS.items()
    }
    browsers = {level: visitor(who) for level, who in WHO.items()}
    tried, wrong = set(), []
    for rule in guarded.url_map.iter_rules():
        level = rule.endpoint.partition(".")[0]
        for pair in nested(rule):
            for parent, child in islice(strangers(rows[pair]), TRIED):
                values = {name: value_for(one) for name, one in rule._converters.items()}
                values |= others(rows, pair, parent, rule)
                values |= {pair[0]: parent, pair[1]: child}
                address = rule.build(values, append_unknown=False)[1]
                before = engine.execute("PRAGMA data_version").fetchone()
                if "GET" in rule.methods:
                    answer = browsers[level].get(address)
                else:
                    answer = browsers[level].post(address, SENT)
                tried.add(rule.endpoint)
                refused = {404} if "GET" in rule.methods else {403, 404, 409}
                changed = engine.execute("PRAGMA data_version").fetchone() != before
                if answer.status_code not in refused or changed:
                    wrong.append((rule.endpoint, address, answer.status_code, changed))
    engine.close()
    assert wrong == []
    assert tried == {rule.endpoint for rule in guarded.url_map.iter_rules() if nested(rule)}


def strangers(rows):
    """Pairs of a parent and a child of which each is there, but not together."""
    ordered = sorted(row for row in rows if None not in row)
    for parent, _ in ordered:
        for _, child in reversed(ordered):
            if (parent, child) not in rows:
                yield parent, child
                break


def others(rows, pair, parent, rule):
    """What stands above a pair in its address: something that its parent does belong to."""
    found = {}
    for above, below in nested(rule):
        if below == pair[0]:
            owners = [one for one, child in rows[above, below] if one and child == parent]
            found[above] = min(owners, default=1)
    return found
