"""The workflow table, held to an expectation written by hand from the rules, not from the table.

Each line: kind, state, place, role: the acts that role may take there, conditions and guards
aside. What is not listed is not allowed.
"""

import itertools

import pytest

from lth.models.document import Status
from lth.models.person import Role
from lth.workflow import guards, operations, registry
from lth.workflow.acts import Act, Place, ways_of_naming
from lth.workflow.kinds import PLAN, SYNTHESIS
from lth.workflow.table import TABLE, rows

EXPECTED = """
plan      none      own  clerk              start
plan      draft     own  clerk              send_for_clearance submit ask_extension
plan      draft     own  leader             issue ask_extension
plan      draft     next specialist         grant_extension refuse_extension
plan      draft     next leader             grant_extension refuse_extension
plan      returned  own  clerk              send_for_clearance submit ask_extension
plan      returned  own  leader             issue ask_extension
plan      returned  next specialist         grant_extension refuse_extension
plan      returned  next leader             grant_extension refuse_extension
plan      clearance own  leader             decline submit issue ask_extension
plan      clearance own  clerk              ask_extension ask_back
plan      clearance next specialist         grant_extension refuse_extension
plan      clearance next leader             grant_extension refuse_extension
plan      submitted own  clerk              recall
plan      submitted own  leader             recall
plan      submitted next specialist         open
plan      review    own  clerk              ask_back
plan      review    own  leader             ask_back
plan      review    next specialist         give_opinion return
plan      review    next finance_appraiser  give_opinion
plan      review    next format_appraiser   give_opinion
plan      review    next leader             return approve
plan      approved  own  leader             issue ask_back
plan      approved  own  clerk              ask_back
plan      approved  next leader             reopen
plan      issued    own  clerk              amend
plan      issued    own  leader             revoke
plan      issued    next specialist         acknowledge
synthesis none      own  specialist         start
synthesis draft     own  specialist         send_for_clearance submit ask_extension
synthesis draft     own  leader             issue ask_extension
synthesis draft     next specialist         grant_extension refuse_extension
synthesis draft     next leader             grant_extension refuse_extension
synthesis returned  own  specialist         send_for_clearance submit ask_extension
synthesis returned  own  leader             issue ask_extension
synthesis returned  next specialist         grant_extension refuse_extension
synthesis returned  next leader             grant_extension refuse_extension
synthesis clearance own  leader             decline submit issue ask_extension
synthesis clearance own  specialist         ask_extension ask_back
synthesis clearance next specialist         grant_extension refuse_extension
synthesis clearance next leader             grant_extension refuse_extension
synthesis submitted own  specialist         recall
synthesis submitted own  leader             recall
synthesis submitted next specialist         open
synthesis review    own  specialist         ask_back
synthesis review    own  leader             ask_back
synthesis review    next specialist         give_opinion return
synthesis review    next finance_appraiser  give_opinion
synthesis review    next format_appraiser   give_opinion
synthesis review    next leader             return approve
synthesis approved  own  leader             issue ask_back
synthesis approved  own  specialist         ask_back
synthesis approved  next leader             reopen
synthesis issued    own  specialist         amend
synthesis issued    own  leader             revoke
synthesis issued    next specialist         acknowledge
"""

TARGETS = {
    Act.START: {"draft"},
    Act.SEND_FOR_CLEARANCE: {"clearance"},
    Act.DECLINE: {"draft", "returned"},
    Act.SUBMIT: {"submitted"},
    Act.RECALL: {"draft"},
    Act.OPEN: {"review"},
    Act.GIVE_OPINION: {None},
    Act.RETURN: {"returned"},
    Act.APPROVE: {"approved"},
    Act.REOPEN: {"review"},
    Act.ISSUE: {"issued"},
    Act.ACKNOWLEDGE: {None},
    Act.AMEND: {"draft"},
    Act.REVOKE: {"revoked"},
    Act.ASK_BACK: {None},
    Act.ASK_EXTENSION: {None},
    Act.GRANT_EXTENSION: {None},
    Act.REFUSE_EXTENSION: {None},
    Act.UNDO: {None},
}

STATES = [None, *Status]
NEXT_AUDIENCES = {"next_specialists", "next_appraisers", "next_leaders_when_opinions_in"}


def written_by_hand() -> dict[tuple, set[str]]:
    found = {}
    for line in EXPECTED.strip().splitlines():
        kind, state, place, role, *acts = line.split()
        found[kind, state, place, role] = set(acts)
    return found


@pytest.mark.parametrize(
    ("kind", "state", "place", "role"),
    list(itertools.product((PLAN, SYNTHESIS), STATES, Place, Role)),
)
def test_who_may_do_what(kind, state, place, role):
    allowed = {
        row.act.value
        for row in rows(state)
        if ways_of_naming(kind, role, place).intersection(row.by) and row.act is not Act.UNDO
    }
    key = (kind, state.value if state else "none", place.value, role.value)
    assert allowed == written_by_hand().get(key, set())


@pytest.mark.parametrize("act", Act)
def test_where_an_act_leads(act):
    found = {row.target.value if row.target else None for row in TABLE if row.act is act}
    assert found == TARGETS[act]


def test_only_the_start_and_the_undo_itself_cannot_be_undone():
    assert {row.act for row in TABLE if row.reverts is None} == {Act.START, Act.UNDO}


def test_whoever_clears_gives_an_opinion_on_or_approves_is_no_editor():
    judging = {Act.GIVE_OPINION, Act.APPROVE}
    clearing = {row for row in TABLE if row.act is Act.SUBMIT and row.sources == {Status.CLEARANCE}}
    signing = {row for row in TABLE if row.act is Act.ISSUE and row.sources != {Status.APPROVED}}
    wanted = clearing | signing | {row for row in TABLE if row.act in judging}
    assert len(wanted) == 5
    assert all("not_editor" in row.guards for row in wanted)


def test_these_acts_are_refused_without_a_reason():
    reasoned = {row.act for row in TABLE if "reason_given" in row.guards}
    assert reasoned == {
        Act.DECLINE,
        Act.RETURN,
        Act.REOPEN,
        Act.AMEND,
        Act.REVOKE,
        Act.ASK_BACK,
        Act.ASK_EXTENSION,
        Act.REFUSE_EXTENSION,
    }


def test_what_leaves_the_drafters_hands_is_free_of_errors_and_its_warnings_are_explained():
    leaving = {Status.DRAFT, Status.RETURNED}
    acts = {Act.SEND_FOR_CLEARANCE, Act.SUBMIT, Act.ISSUE}
    rows_leaving = [row for row in TABLE if row.act in acts and row.sources & leaving]
    assert len(rows_leaving) == 3
    asked = {"nothing_missing", "no_errors", "warnings_explained", "remarks_answered"}
    assert all(asked <= set(row.guards) for row in rows_leaving)


def test_whatever_is_sent_up_for_the_first_time_asks_whether_the_window_is_open():
    """An approved document is issued whenever it is signed; all else has a last day."""
    acts = {Act.SEND_FOR_CLEARANCE, Act.SUBMIT, Act.ISSUE}
    going_up = [row for row in TABLE if row.act in acts and row.sources != {Status.APPROVED}]
    assert len(going_up) == 5
    assert all("window_open" in row.guards for row in going_up)
    others = [row for row in TABLE if row not in going_up]
    assert not any("window_open" in row.guards for row in others)


def test_whatever_is_begun_or_sent_up_asks_whether_the_unit_takes_part():
    """A unit that has left finishes what the one above has; it sends nothing that none counts."""
    asking = [(row.act.value, sorted(row.sources)) for row in TABLE if "takes_part" in row.guards]
    assert asking == [
        ("start", []),
        ("send_for_clearance", ["draft", "returned"]),
        ("submit", ["draft", "returned"]),
        ("submit", ["clearance"]),
        ("issue", ["clearance"]),
        ("issue", ["draft", "returned"]),
    ]


def test_findings_are_kept_with_each_revision_just_before_it_is_frozen():
    freezing = [row.effects for row in TABLE if "freeze_head" in row.effects]
    assert len(freezing) == 4
    assert all(effects[:2] == ("keep_findings", "freeze_head") for effects in freezing)


def test_no_two_rows_can_apply_at_once():
    """Rows of one act, state and kind are told apart by conditions that exclude each other."""
    opposite = {
        frozenset({"clearance_needed", "clearance_skipped"}),
        frozenset({"next_approves", "next_does_not_approve"}),
        frozenset({"came_from_draft", "came_from_returned"}),
    }
    for one, other in itertools.combinations(TABLE, 2):
        overlap = one.sources & other.sources
        if one.act is other.act and overlap and set(one.by) & set(other.by):
            pairs = {frozenset({a, b}) for a in one.when for b in other.when}
            assert pairs & opposite, (one, other)


def test_a_private_act_tells_nobody_outside_the_unit_that_does_it():
    private = [row for row in TABLE if row.private]
    assert {row.act.value for row in private} == {
        "start",
        "send_for_clearance",
        "decline",
        "give_opinion",
        "ask_back",
    }
    for row in private:
        (place,) = {by.place for by in row.by}
        told = {tell.audience for tell in row.tells}
        inside = {"own_leaders", "drafters"} if place is Place.OWN else NEXT_AUDIENCES
        assert told <= inside, row


def test_every_name_in_the_table_is_registered():
    registry.verify()


def test_a_name_without_a_function_fails_at_start_up(monkeypatch):
    monkeypatch.delitem(registry.guard._functions, guards.reason_given.__name__)
    with pytest.raises(LookupError, match="guard reason_given"):
        registry.verify()


def test_a_condition_that_lists_cannot_ask_fails_at_start_up(monkeypatch):
    monkeypatch.delitem(registry.condition._clauses, "next_approves")
    with pytest.raises(LookupError, match="condition next_approves in SQL"):
        registry.verify()


def test_the_same_name_cannot_be_registered_twice():
    with pytest.raises(ValueError, match="registered twice"):
        registry.guard(operations.guards.reason_given)
