"""Writing what a report says: prefilled, typed, taken from the books, nil; locks and conflicts."""

from datetime import date

import pytest
from sqlalchemy.orm import Session
from support import clubworld, draftworld, reportworld
from support.reportworld import JUNE, MAY, NOON, say, seen, values

from lth.access.scope import Purpose, Scope, system
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError, StaleError
from lth.drafting import figure_rooms, replies
from lth.models import Club, Section
from lth.models.document import Status
from lth.models.report import Reported
from lth.reporting import cumulative, drift, sheet
from lth.reporting.values import (
    NIL_SENTENCE,
    ValueEdit,
    make_nil,
    say_rest_nil,
    settle,
    take_from_books,
)
from lth.workflow import remarks, revisions

CLERK, OTHER = "clerk@tapson", "clerk2@tapson"


def clubs(session: Session, unit: str = "tapson") -> list[int]:
    unit_id = reportworld.unit_of(session, unit)
    with system(session, Purpose.LOAD):
        found = session.query(Club.id).filter(Club.unit_id == unit_id).order_by(Club.number)
        return [one for (one,) in found]


def missing(session: Session, document) -> list[str]:
    scope = Scope.of(draftworld.acting(session, CLERK))
    head = draftworld.head(session, document)
    room = figure_rooms.room_of(document.kind)
    return [gap.key for gap in room.look(session, document, head, scope).gaps]


def page(session: Session, document, who: str = CLERK) -> dict[str, sheet.ValueRow]:
    found = sheet.written(session, draftworld.acting(session, who), document.id)
    return {row.key: row for row in found.rows}


# --- What it begins with ------------------------------------------------------------------


def test_a_report_begins_with_what_the_books_come_to(world: Session) -> None:
    document = reportworld.start(world)
    found = {key: (row.reported, row.value) for key, row in values(world, document).items()}
    assert found == {
        "clubs_total": (Reported.VALUE, 2),
        "members_total": (Reported.VALUE, 136),
        "loans_members": (Reported.VALUE, 68),
        "helped_cases": (Reported.VALUE, 6),
        "clubs_new": (Reported.VALUE, 0),
    }
    assert {row.from_books for row in values(world, document).values()} == {2, 136, 68, 6, 0}
    assert not any(row.edited_by_id for row in values(world, document).values())
    assert missing(world, document) == []


def test_what_no_book_says_is_missing_and_not_0(world: Session) -> None:
    for club in clubs(world):
        clubworld.keep(world, club, MAY, helped=None)
    document = reportworld.start(world)
    assert "helped_cases" not in values(world, document)
    assert missing(world, document) == ["helped_cases"]


def test_each_figure_says_which_clubs_it_is_of(world: Session) -> None:
    row = page(world, reportworld.start(world))["members_total"]
    assert [(club.value, club.month) for club in row.books.clubs] == [(68, MAY), (68, MAY)]


def test_a_regime_asks_for_what_it_names_and_for_both_counts_of_a_percentage(
    world: Session,
) -> None:
    document = reportworld.start(world)
    found = sheet.written(world, draftworld.acting(world, CLERK), document.id)
    assert {row.key for row in found.rows} == set(reportworld.ASKED)
    shares = {one.indicator.code: one for group in found.groups for one in group.shares}
    assert (shares["loan_access_pct"].value, set(shares)) == (5000, {"loan_access_pct"})


# --- Typing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "typed", "kept"),
    [
        ("value", "1.234", (Reported.VALUE, 1234)),
        ("value", "0", (Reported.VALUE, 0)),
        ("nil", "", (Reported.NIL, None)),
        ("nil", "5", (Reported.NIL, None)),
        ("not_applicable", "", (Reported.NOT_APPLICABLE, None)),
    ],
)
def test_a_cell_says_one_of_four_things(world: Session, state, typed, kept) -> None:
    document = reportworld.start(world)
    edit = ValueEdit("members_total", seen(world, document, "members_total"), state, typed)
    assert say(world, CLERK, document, edit).complete
    row = values(world, document)["members_total"]
    assert (row.reported, row.value) == kept


def test_an_emptied_cell_says_nothing_any_more(world: Session) -> None:
    document = reportworld.start(world)
    edit = ValueEdit("members_total", seen(world, document, "members_total"), "value", " ")
    assert say(world, CLERK, document, edit).saved == {"members_total": 0}
    assert "members_total" not in values(world, document)
    assert missing(world, document) == ["members_total"]


@pytest.mark.parametrize("typed", ["nhiều", "-3", "1,5", "9" * 30])
def test_what_is_no_figure_is_refused_and_nothing_else_lost(world: Session, typed) -> None:
    document = reportworld.start(world)
    wrong = ValueEdit("members_total", seen(world, document, "members_total"), "value", typed)
    right = ValueEdit(
        "helped_cases", seen(world, document, "helped_cases"), "value", "9", "Đếm lại"
    )
    result = say(world, CLERK, document, wrong, right)
    assert set(result.errors) == {"members_total"}
    assert values(world, document)["helped_cases"].value == 9
    assert values(world, document)["members_total"].value == 136


def test_what_differs_from_the_books_wants_a_reason(world: Session) -> None:
    document = reportworld.start(world)
    key = "members_total"
    assert say(
        world, CLERK, document, ValueEdit(key, seen(world, document, key), value="140")
    ).complete
    assert missing(world, document) == [key]
    why = ValueEdit(key, seen(world, document, key), value="140", reason="CLB số 2 ghi thiếu 4")
    assert say(world, CLERK, document, why).complete
    assert missing(world, document) == []
    row = values(world, document)[key]
    assert (row.value, row.from_books) == (140, 136)


def test_nil_where_the_books_say_something_wants_a_reason_and_where_0_none(world: Session) -> None:
    document = reportworld.start(world)
    edits = [
        ValueEdit(key, seen(world, document, key), "nil") for key in ("helped_cases", "clubs_new")
    ]
    assert say(world, CLERK, document, *edits).complete
    assert missing(world, document) == ["helped_cases"]


def test_not_applicable_wants_a_reason_whatever_the_books_say(world: Session) -> None:
    document = reportworld.start(world)
    key = "clubs_new"
    assert say(world, CLERK, document, ValueEdit(key, seen(world, document, key), "not_applicable"))
    assert missing(world, document) == [key]


def test_a_book_corrected_before_sending_shows_and_wants_a_reason(world: Session) -> None:
    document = reportworld.start(world)
    clubworld.keep(world, clubs(world)[0], MAY, members=67)
    row = page(world, document)["members_total"]
    assert (row.row.value, row.books.value, row.differs) == (136, 135, True)
    assert missing(world, document) == ["members_total"]


# --- Two people, strangers, states ---------------------------------------------------------


def test_two_people_at_one_cell_are_asked(world: Session) -> None:
    document = reportworld.start(world)
    key = "members_total"
    version = seen(world, document, key)
    assert say(world, CLERK, document, ValueEdit(key, version, value="140")).complete
    result = say(world, OTHER, document, ValueEdit(key, version, value="150"))
    conflict = result.conflicts[key]
    assert (conflict.row.value, conflict.by) == (140, CLERK)
    assert values(world, document)[key].value == 140
    over = ValueEdit(key, conflict.version, value="150")
    assert say(world, OTHER, document, over).complete
    assert values(world, document)[key].value == 150


def test_the_same_twice_is_no_conflict(world: Session) -> None:
    document = reportworld.start(world)
    edit = ValueEdit("members_total", seen(world, document, "members_total"), value="140")
    assert say(world, CLERK, document, edit).written == 1
    again = say(world, OTHER, document, edit)
    assert (again.complete, again.written) == (True, 0)


def test_nobody_else_writes(world: Session) -> None:
    document = reportworld.start(world)
    edit = ValueEdit("members_total", 1, value="140")
    with pytest.raises(NotFoundError):
        say(world, "clerk@ngaixuyen", document, edit)
    with pytest.raises(NotYoursError):
        say(world, "leader@tapson", document, edit)
    for stranger in ("older_population", "loan_access_pct", "nothing", ""):
        with pytest.raises(NotFoundError):
            say(world, CLERK, document, ValueEdit(stranger, 0, value="1"))
    assert values(world, document)["members_total"].value == 136


def test_a_plan_has_no_values(world: Session) -> None:
    plan = draftworld.start(world, CLERK)
    with pytest.raises(NotFoundError):
        say(world, CLERK, plan, ValueEdit("members_total", 0, value="1"))
    with pytest.raises(NotFoundError):
        sheet.written(world, draftworld.acting(world, CLERK), plan.id)


def test_nothing_is_written_once_it_is_sent(world: Session) -> None:
    document = reportworld.start(world)
    sent(world, document)
    with pytest.raises(NotNowError):
        say(world, CLERK, document, ValueEdit("members_total", 1, value="140"))


# --- A return that points -----------------------------------------------------------------


def test_only_what_was_pointed_at_opens(world: Session) -> None:
    document = reportworld.start(world)
    draftworld.give_back(world, document, {"members_total": "Sai số thành viên."})
    pointed = ValueEdit("members_total", seen(world, document, "members_total"), value="130")
    other = ValueEdit("helped_cases", seen(world, document, "helped_cases"), value="9")
    result = say(world, CLERK, document, pointed, other)
    assert set(result.errors) == {"helped_cases"}
    found = values(world, document)
    assert (found["members_total"].value, found["helped_cases"].value) == (130, 6)
    rows = page(world, document)
    assert (rows["members_total"].locked, rows["helped_cases"].locked) == (False, True)
    assert [remark.text for remark in rows["members_total"].remarks] == ["Sai số thành viên."]


def test_one_more_is_opened_for_a_reason_also_an_empty_one(world: Session) -> None:
    document = reportworld.start(world)
    empty = ValueEdit("clubs_new", seen(world, document, "clubs_new"), value="")
    assert say(world, CLERK, document, empty).complete
    draftworld.give_back(world, document, {"members_total": "Sai."})
    for key in ("helped_cases", "clubs_new"):
        who = draftworld.acting(world, CLERK)
        replies.open_line(world, who, document.id, key, "Liên quan", NOON)
        edit = ValueEdit(key, seen(world, document, key), value="9")
        assert say(world, CLERK, document, edit).complete
    with pytest.raises(NotFoundError):
        replies.open_line(world, who, document.id, "no_such", "Liên quan", NOON)


def test_an_answer_that_it_was_changed_counts_only_if_it_was(world: Session) -> None:
    document = reportworld.start(world)
    before = draftworld.head(world, document)
    draftworld.give_back(world, document, {"members_total": "Sai."})
    after = draftworld.head(world, document)
    assert not remarks.changes(world, before.id, after.id).touch("members_total")
    edit = ValueEdit("members_total", seen(world, document, "members_total"), value="130")
    assert say(world, CLERK, document, edit).complete
    assert remarks.changes(world, before.id, after.id).touch("members_total")
    assert not remarks.changes(world, before.id, after.id).touch("helped_cases")


# --- From the books again -----------------------------------------------------------------


def test_one_cell_is_taken_from_the_books_again(world: Session) -> None:
    document = reportworld.start(world)
    key = "members_total"
    mine = ValueEdit(key, seen(world, document, key), value="200", reason="Ước")
    assert say(world, CLERK, document, mine).complete
    assert say(world, CLERK, document, take=key).complete
    row = values(world, document)[key]
    assert (row.value, row.reason) == (136, "")


def test_what_the_books_do_not_say_is_not_taken(world: Session) -> None:
    for club in clubs(world):
        clubworld.keep(world, club, MAY, helped=None)
    document = reportworld.start(world)
    assert set(say(world, CLERK, document, take="helped_cases").errors) == {"helped_cases"}


def test_all_that_nobody_changed_is_taken_again(world: Session) -> None:
    document = reportworld.start(world)
    mine = ValueEdit(
        "loans_members", seen(world, document, "loans_members"), value="70", reason="x"
    )
    assert say(world, CLERK, document, mine).complete
    clubworld.keep(world, clubs(world)[0], JUNE, members=70, borrowers=35, helped=1)
    head = draftworld.head(world, document)
    who = draftworld.acting(world, CLERK)
    count = take_from_books(world, who, document.id, seen=head.edit_count, now=NOON)
    found = {key: row.value for key, row in values(world, document).items()}
    assert count == 2
    assert (found["members_total"], found["helped_cases"], found["loans_members"]) == (138, 7, 70)
    with pytest.raises(StaleError):
        take_from_books(world, who, document.id, seen=head.edit_count - 1, now=NOON)


# --- Nil ----------------------------------------------------------------------------------


def quiet(session: Session) -> None:
    """Nothing happened in the window, and the clubs are there."""
    for club in clubs(session):
        clubworld.keep(session, club, MAY, helped=None)


def test_a_nil_report_is_nil_in_what_happens_and_keeps_what_there_is(world: Session) -> None:
    quiet(world)
    document = reportworld.start(world)
    head = draftworld.head(world, document)
    who = draftworld.acting(world, CLERK)
    make_nil(world, who, document.id, seen=head.edit_count, now=NOON)
    found = {key: (row.reported, row.value) for key, row in values(world, document).items()}
    assert found == {
        "clubs_total": (Reported.VALUE, 2),
        "members_total": (Reported.VALUE, 136),
        "loans_members": (Reported.VALUE, 68),
        "helped_cases": (Reported.NIL, None),
        "clubs_new": (Reported.NIL, None),
    }
    assert missing(world, document) == []
    sections = world.query(Section).filter(Section.revision_id == head.id).all()
    said = {one.line_key: one.body for one in sections}
    assert (said["s.situation"], said["s.results"]) == (NIL_SENTENCE, NIL_SENTENCE)
    assert said["s.next"] == ""


def test_a_commune_without_clubs_has_0_of_them_and_all_else_nil(world: Session) -> None:
    quiet(world)
    with system(world, Purpose.LOAD):
        for club in clubs(world):
            row = world.get_one(Club, club)
            row.state, row.ended_on = "closed", date(2020, 6, 1)
    document = reportworld.start(world)
    head = draftworld.head(world, document)
    make_nil(world, draftworld.acting(world, CLERK), document.id, seen=head.edit_count, now=NOON)
    found = {key: (row.reported, row.value) for key, row in values(world, document).items()}
    assert found.pop("clubs_total") == (Reported.VALUE, 0)
    assert set(found.values()) == {(Reported.NIL, None)}


def test_nothing_that_happened_is_thrown_away_by_nil(world: Session) -> None:
    document = reportworld.start(world)
    head = draftworld.head(world, document)
    who = draftworld.acting(world, CLERK)
    with pytest.raises(BlockedError, match="khó khăn được giúp đỡ"):
        make_nil(world, who, document.id, seen=head.edit_count, now=NOON)
    quiet(world)
    typed = ValueEdit("clubs_new", seen(world, document, "clubs_new"), value="2")
    assert say(world, CLERK, document, typed).complete
    with pytest.raises(BlockedError, match="thành lập mới"):
        make_nil(world, who, document.id, seen=head.edit_count, now=NOON)
    with pytest.raises(StaleError):
        make_nil(world, who, document.id, seen=head.edit_count - 1, now=NOON)
    assert values(world, document)["clubs_new"].value == 2


def test_the_rest_is_nil_and_nothing_else(world: Session) -> None:
    quiet(world)
    document = reportworld.start(world)
    head = draftworld.head(world, document)
    who = draftworld.acting(world, CLERK)
    assert say_rest_nil(world, who, document.id, seen=head.edit_count, now=NOON) == 1
    found = values(world, document)
    assert found["helped_cases"].reported is Reported.NIL
    assert found["clubs_new"].value == 0


def test_what_is_locked_is_not_made_nil(world: Session) -> None:
    quiet(world)
    document = reportworld.start(world)
    draftworld.give_back(world, document, {"members_total": "Sai."})
    head = draftworld.head(world, document)
    who = draftworld.acting(world, CLERK)
    with pytest.raises(BlockedError):
        make_nil(world, who, document.id, seen=head.edit_count, now=NOON)
    assert say_rest_nil(world, who, document.id, seen=head.edit_count, now=NOON) == 0


# --- Sums over time, and what was promised -------------------------------------------------


def sent(session: Session, document, now=NOON) -> None:
    """Send a report up, as its leader's act does."""
    with system(session, Purpose.LOAD):
        head = draftworld.head(session, document)
        revisions.freeze(session, head, now)
        head.submitted_at = now
        document.sent_number, document.status = head.number, Status.SUBMITTED
        session.flush()


def test_flows_add_up_over_windows_and_stocks_do_not(world: Session) -> None:
    regime = reportworld.lay_down(world, frequency="quarterly")
    first = reportworld.WindowSpan(date(2020, 12, 15), date(2021, 3, 14))
    second = reportworld.WindowSpan(date(2021, 3, 15), date(2021, 6, 14))
    for span in (first, second):
        reportworld.open_span(world, regime, span)
    clubworld.keep(world, clubs(world)[0], date(2021, 2, 1), members=60, borrowers=1, helped=10)
    before = reportworld.start(world, code="2021-Q1")
    sent(world, before)
    document = reportworld.start(world, code="2021-Q2")
    rows = page(world, document)
    assert rows["helped_cases"].row.value == 6
    assert rows["helped_cases"].row.cumulative == 16
    assert rows["helped_cases"].cumulative.value == 16
    assert rows["members_total"].cumulative.value == 136


def test_a_window_that_nobody_reported_on_leaves_the_sum_unknown(world: Session) -> None:
    regime = reportworld.lay_down(world, frequency="quarterly")
    for span in (
        reportworld.WindowSpan(date(2020, 12, 15), date(2021, 3, 14)),
        reportworld.WindowSpan(date(2021, 3, 15), date(2021, 6, 14)),
    ):
        reportworld.open_span(world, regime, span)
    rows = page(world, reportworld.start(world, code="2021-Q2"))
    assert rows["helped_cases"].cumulative == cumulative.Cumulative(None, ("2021-Q1",))


def test_a_year_is_not_added_to_its_half(world: Session) -> None:
    """The year's window has the first six months in it."""
    document = reportworld.start(world)
    sent(world, document)
    regime = world.query(reportworld.ReportRegime).one()
    reportworld.open_span(world, regime, reportworld.YEAR)
    rows = page(world, reportworld.start(world, code="2021-N"))
    assert rows["helped_cases"].cumulative.value == 6


def test_what_was_assigned_stands_beside(world: Session) -> None:
    rows = page(world, reportworld.start(world))
    assert (rows["members_total"].assigned, rows["members_total"].share) == (206, 6602)
    assert (rows["clubs_new"].assigned, rows["clubs_new"].share) == (3, 0)
    assert (rows["helped_cases"].assigned, rows["helped_cases"].share) == (None, None)


# --- Drift --------------------------------------------------------------------------------


def test_a_corrected_book_shows_in_a_report_that_was_sent(world: Session) -> None:
    document = reportworld.start(world)
    scope = Scope.of(draftworld.acting(world, CLERK))
    head = draftworld.head(world, document)
    assert drift.of_revision(world, document, head, scope) == []  # it is a draft: the page shows it
    settle(world, document, head, scope)
    sent(world, document)
    assert drift.of_revision(world, document, head, scope) == []
    clubworld.keep(world, clubs(world)[0], MAY, members=67, helped=None)
    found = {one.indicator.code: one for one in drift.of_revision(world, document, head, scope)}
    assert set(found) == {"members_total", "helped_cases"}
    assert (found["members_total"].before, found["members_total"].now.value) == (136, 135)
    assert found["members_total"].matters
    assert values(world, document)["members_total"].value == 136, "nothing is changed silently"
    above = Scope.of(draftworld.acting(world, "specialist@tracu"))
    assert len(drift.of_revision(world, document, head, above)) == 2
    beside = Scope.of(draftworld.acting(world, "clerk@ngaixuyen"))
    assert drift.of_revision(world, document, head, beside) == []


def test_settling_reads_the_books_and_leaves_what_was_said(world: Session) -> None:
    document = reportworld.start(world)
    clubworld.keep(world, clubs(world)[0], MAY, members=67)
    scope = Scope.of(draftworld.acting(world, CLERK))
    settle(world, document, draftworld.head(world, document), scope)
    row = values(world, document)["members_total"]
    assert (row.value, row.from_books) == (136, 135)
