"""A month's book: saved in parts, never doubled, nothing overwritten, corrected on record."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from lth.access.scope import Purpose, Scope, bind, system
from lth.clubs import books
from lth.clubs.book_fields import TypedMonth, mark_of, read_typed
from lth.clubs.books import Keeper
from lth.core.errors import NotFoundError, NotNowError, RefusedError, SentBookError, StaleError
from lth.models import Club, ClubBook, ClubBookChange
from lth.models.club import ClubState

NOW = datetime(2021, 5, 20, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
MAY = date(2021, 5, 1)
BOARD = Keeper("Ban chủ nhiệm")


@pytest.fixture
def desk(session, world, club_of):
    """Save, hand in and correct the book of A's club, as its board does."""
    return Desk(session, club_of("A"))


class Desk:
    def __init__(self, session, club_id):
        self.session, self.club_id = session, club_id
        self.scope = Scope.system(Purpose.BOOK)

    def save(self, seen=0, was=None, now=NOW, month=MAY, keeper=BOARD, **typed):
        marks = {name: mark_of(name, value) for name, value in (was or {}).items()}
        sent = TypedMonth(typed, marks)
        with system(self.session, Purpose.BOOK) as scope:
            at = (self.session, scope, self.club_id, month)
            return books.save(*at, sent, seen, keeper, now=now)

    def hand_in(self, now=NOW):
        with system(self.session, Purpose.BOOK) as scope:
            return books.hand_in(self.session, scope, self.club_id, MAY, BOARD, now=now)

    def correct(self, seen, reason, now=LATER, **typed):
        with system(self.session, Purpose.BOOK) as scope:
            at = (self.session, scope, self.club_id, MAY)
            return books.correct(*at, TypedMonth(typed), seen, reason, BOARD, now=now)

    @property
    def book(self):
        self.session.expire_all()
        with system(self.session, Purpose.LOAD):
            of_may = (ClubBook.club_id == self.club_id) & (ClubBook.month == MAY)
            return self.session.scalars(select(ClubBook).where(of_may)).one_or_none()


def test_a_month_is_saved_in_parts(desk):
    assert desk.save(meetings=1).version == 1
    assert desk.save(seen=1, members=52, women=0).version == 2
    with system(desk.session, Purpose.LOAD):
        book = desk.book
        assert (book.meetings, book.members, book.women, book.older) == (1, 52, 0, None)
        assert (book.saved_by, book.person_id, book.sent_at) == ("Ban chủ nhiệm", None, None)


def test_the_same_save_sent_again_changes_nothing(desk):
    first = desk.save(meetings=2, areas=["income"], difficulties="Thiếu sân")
    again = desk.save(meetings=2, areas=["income"], difficulties="Thiếu sân", now=LATER)
    assert (first.version, again.version, again.changed, again.conflicts) == (1, 1, (), ())
    with system(desk.session, Purpose.LOAD):
        assert desk.book.saved_at == NOW


def test_a_figure_can_be_taken_back_to_nothing(desk):
    desk.save(meetings=2)
    assert desk.save(seen=1, meetings=None).changed == ("meetings",)
    with system(desk.session, Purpose.LOAD):
        assert desk.book.meetings is None


def test_two_telephones_write_different_figures_at_once(desk):
    desk.save(meetings=2, was={"meetings": None})
    other = desk.save(seen=0, was={"meetings": None, "members": None}, meetings=None, members=52)
    assert (other.changed, other.conflicts) == (("members",), ())
    with system(desk.session, Purpose.LOAD):
        assert (desk.book.meetings, desk.book.members) == (2, 52)


def test_of_two_who_write_the_same_figure_the_later_is_shown_both(desk):
    desk.save(members=52, was={"members": None})
    was = {"members": None, "women": None}
    late = desk.save(seen=0, was=was, members=53, women=30, now=LATER)
    (conflict,) = late.conflicts
    assert late.changed == ("women",), "what nobody else has touched is written all the same"
    assert (conflict.name, conflict.typed, conflict.there) == ("members", 53, 52)
    assert conflict.by == "Ban chủ nhiệm"
    chosen = desk.save(seen=late.version, was={"members": 52}, members=53, now=LATER)
    assert (chosen.changed, chosen.conflicts) == (("members",), ())


def test_a_mark_counts_before_the_version(desk):
    desk.save(members=52)
    late = desk.save(seen=1, was={"members": None}, members=53)
    assert (late.changed, [one.name for one in late.conflicts]) == ((), ["members"])


def test_without_marks_an_older_page_overwrites_nothing(desk):
    desk.save(members=52)
    assert [one.name for one in desk.save(seen=0, members=53).conflicts] == ["members"]


@pytest.mark.parametrize("month", [date(2021, 6, 1), date(2020, 12, 1), date(2021, 5, 2)])
def test_only_months_of_the_club_until_now_are_kept(desk, month):
    with pytest.raises(NotFoundError):
        desk.save(month=month, members=52)


def test_the_months_of_a_club_end_with_it(desk):
    club = Club(founded_on=date(2021, 2, 14), ended_on=date(2021, 5, 1))
    found = books.months_of(club, date(2021, 9, 9))
    assert found == [date(2021, month, 1) for month in (4, 3, 2)]


def test_a_club_that_has_ended_takes_no_later_month(desk):
    with system(desk.session, Purpose.LOAD):
        ended = {"state": ClubState.CLOSED, "ended_on": date(2021, 4, 30)}
        desk.session.execute(update(Club).where(Club.id == desk.club_id).values(**ended))
    with pytest.raises(NotFoundError):
        desk.save(members=52)
    assert desk.save(month=date(2021, 4, 1), members=52).version == 1


# --- Handed in ----------------------------------------------------------------------------


def test_an_empty_book_is_not_handed_in(desk):
    with pytest.raises(RefusedError):
        desk.hand_in()
    desk.save(difficulties="Mưa lũ")
    with pytest.raises(RefusedError):
        desk.hand_in()


def test_a_book_of_noughts_is_handed_in_once(desk):
    desk.save(meetings=0)
    assert desk.hand_in() == NOW
    assert desk.hand_in(LATER) == NOW
    with system(desk.session, Purpose.LOAD):
        assert (desk.book.sent_at, desk.book.version) == (NOW, 2)


def test_what_has_been_handed_in_is_not_saved_over(desk):
    desk.save(members=52)
    desk.hand_in()
    with pytest.raises(SentBookError):
        desk.save(seen=2, members=53)
    assert desk.save(seen=0, members=52).changed == (), "what says the same may come late"


def test_a_correction_is_kept_with_its_reason(desk, rows):
    desk.save(members=52, women=30)
    desk.hand_in()
    desk.correct(2, "Đếm thiếu một người", members=53, women=30)
    with system(desk.session, Purpose.LOAD):
        (change,) = rows(select(ClubBookChange).where(ClubBookChange.at == LATER))
        assert change.data == {"members": [52, 53]}
        assert (change.reason, change.saved_by) == ("Đếm thiếu một người", "Ban chủ nhiệm")
        assert (desk.book.members, desk.book.version, desk.book.sent_at) == (53, 3, NOW)


def test_a_correction_wants_a_reason_a_difference_and_the_book_as_it_is(desk):
    with pytest.raises(NotNowError):
        desk.correct(0, "Vì sao", members=53)
    desk.save(members=52)
    desk.hand_in()
    with pytest.raises(RefusedError, match="vì sao"):
        desk.correct(2, "  ", members=53)
    with pytest.raises(RefusedError, match="khác"):
        desk.correct(2, "Vì sao", members=52)
    with pytest.raises(StaleError):
        desk.correct(1, "Vì sao", members=53)


# --- Whose --------------------------------------------------------------------------------


def test_a_commune_keeps_its_own_clubs_books_and_no_others(session, world, club_of):
    scope, keeper = world.scope("clerk@A"), Keeper.of(world.actors["clerk@A"])
    bind(session, scope)
    sent = TypedMonth({"members": 52})
    books.save(session, scope, club_of("A"), MAY, sent, 0, keeper, now=NOW)
    assert books.state(session, club_of("A"), MAY, scope).saved_by == "clerk@A"
    with pytest.raises(NotFoundError):
        books.save(session, scope, club_of("B"), MAY, sent, 0, keeper, now=NOW)


@pytest.mark.parametrize(("who", "sees"), [("specialist@D", True), ("specialist@E", False)])
def test_books_are_read_from_above_and_by_nobody_beside(session, world, club_of, who, sees):
    club_id, scope = club_of("A"), world.scope(who)
    bind(session, scope)
    found = books.state(session, club_id, date(2021, 1, 1), scope)
    assert (found.values["members"] == 50) is sees
    if not sees:
        with pytest.raises(NotFoundError):
            books.club(session, club_id, scope)


def test_a_history_is_of_one_book(session, world, club_of):
    scope = world.scope("leader@A")
    bind(session, scope)
    found = books.state(session, club_of("A"), date(2021, 1, 1), scope)
    assert [one.data for one in books.history(session, found.book_id, scope)] == [
        {"members": [51, 50]}
    ]
    assert books.history(session, None, scope) == []


# --- What is typed ------------------------------------------------------------------------


def test_what_is_typed_is_read_field_by_field():
    sent = {"members": "52 người", "women": "ba mươi", "income_in": "1,5 triệu", "older": ""}
    typed = read_typed({**sent, "members:was": "50", "nonsense": "7"}, ["income", "income"])
    assert typed.values == {
        "members": 52,
        "income_in": 1_500_000,
        "older": None,
        "areas": ["income"],
    }
    assert typed.marks == {"members": "50"}
    assert list(typed.errors) == ["women"]


@pytest.mark.parametrize("text", ["-1", "100001", "1,5", "khoảng 50"])
def test_what_is_no_figure_is_refused_and_nothing_else(text):
    typed = read_typed({"members": text, "meetings": "1"})
    assert (typed.values, list(typed.errors)) == ({"meetings": 1}, ["members"])


def test_areas_that_a_form_does_not_show_are_left_as_they_are():
    assert "areas" not in read_typed({"members": "1"}).values
    assert read_typed({}, []).values == {"areas": []}
