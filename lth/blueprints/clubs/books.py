"""Books of clubs as a unit reads them: who has handed in a month, one club's months, one month."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lth.blueprints.clubs.views import common, list_tabs
from lth.blueprints.web import current, paging, tables
from lth.blueprints.web.current import database
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.clubs import book_lists, book_norms, book_sheet, books
from lth.clubs.book_fields import BY_NAME, TypedMonth
from lth.clubs.book_lists import ClubMonth
from lth.clubs.book_sheet import BookSheet
from lth.clubs.books import SavedBook
from lth.core import clock
from lth.core.formats import format_moment
from lth.core.language import gettext
from lth.exchange.grids.tables import ListTable
from lth.models import Club
from lth.models.unit import Level


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/clubs/books", "clubs_books", month_of_all)
    rule("/clubs/<int:club_id>/books", "club_books", months)
    rule("/clubs/<int:club_id>/books/<month>", "club_book", one)
    rule("/clubs/<int:club_id>/books/<month>/paper", "club_book_paper", paper)


@needs(Permission.READ_CLUBS)
def month_of_all() -> ResponseReturnValue:
    """List the clubs of a month, with who has handed it in."""
    month = _asked_month()
    if tables.wanted():
        return tables.answer(_table(month), f"so-cau-lac-bo-{books.month_word(month)}")
    session, scope = database(), current.scope()
    counted = book_lists.count(session, scope, month)
    offset = paging.SIZE * (paging.number() - 1)
    rows = book_lists.club_months(session, scope, month, limit=paging.SIZE, offset=offset)
    following = (month.replace(day=28) + _FEW_DAYS).replace(day=1)
    return render_template(
        "clubs/books.html",
        name=book_sheet.month_name(month),
        word=books.month_word(month),
        rows=rows,
        counted=counted,
        tabs=list_tabs(),
        with_units=current.actor().level is not Level.COMMUNE,
        before=_month_url(books.month_before(month)),
        after=_month_url(following) if following <= clock.today() else "",
        page=paging.page(counted.clubs),
    )


@needs(Permission.READ_CLUBS)
def months(club_id: int) -> ResponseReturnValue:
    """List the months of a club with what became of each."""
    session, scope = database(), current.scope()
    club = books.club(session, club_id, scope)
    every = books.months_of(club, clock.today())
    shown = every[paging.SIZE * (paging.number() - 1) :][: paging.SIZE]
    states = books.states(session, club_id, every if tables.wanted() else shown, scope)
    if tables.wanted():
        return tables.answer(_months_table(club, states), f"so-cau-lac-bo-{club.number}")
    return render_template(
        "clubs/book_months.html",
        **common(club),
        rows=[(book_sheet.month_name(one), books.month_word(one), states[one]) for one in shown],
        figures=len(BY_NAME),
        may_keep=may_keep(club),
        page=paging.page(len(every)),
    )


@needs(Permission.READ_CLUBS)
def one(club_id: int, month: str) -> ResponseReturnValue:
    """Show a month: read only, or as the form in which the commune keys it for the club."""
    club, sheet = read(club_id, books.read_month(month))
    return page(club, sheet)


@needs(Permission.READ_CLUBS)
def paper(club_id: int, month: str) -> ResponseReturnValue:
    """Show a month as the paper form, filled or empty, to be printed on one page."""
    club, sheet = read(club_id, books.read_month(month))
    return render_template(
        "book/paper.html",
        club_name=club.name,
        commune=club.unit.full_name,
        sheet=sheet,
        name=book_sheet.month_name(sheet.state.month),
        empty="empty" in request.args,
        back=desk_url("club_book", club_id=club.id, month=month),
    )


def may_keep(club: Club) -> bool:
    """Tell whether the actor keys this club's books: at its own commune, in a role that does."""
    actor = current.actor()
    return actor.unit_id == club.unit_id and actor.role in GRANTS[Permission.KEEP_CLUBS]


def read(
    club_id: int,
    month: date,
    typed: TypedMonth | None = None,
    saved: SavedBook | None = None,
    *,
    every_text: bool = False,
) -> tuple[Club, BookSheet]:
    """Read a month with the one before it. Raises NotFoundError."""
    session, scope = database(), current.scope()
    club = books.club(session, club_id, scope)
    books.check_month(club, month, clock.today())
    last = books.month_before(month)
    states = books.states(session, club_id, [month, last], scope)
    sheet = book_sheet.build(
        *(states[month], states[last], book_norms.norms_for(session, club.unit_id, month)),
        texts=request.form if typed is not None else None,
        typed=typed,
        conflicts=saved.conflicts if saved else (),
        every_text=every_text,
    )
    return club, sheet


def page(club: Club, sheet: BookSheet, **values: Any) -> str:
    """Draw a month of a club."""
    state, scope = sheet.state, current.scope()
    found = books.history(database(), state.book_id, scope) if state.book_id else []
    word = books.month_word(state.month)
    return render_template(
        "clubs/book.html",
        **common(club),
        sheet=sheet,
        name=book_sheet.month_name(state.month),
        word=word,
        changes=[(each, book_sheet.changes_told(each.data, sheet.area_names)) for each in found],
        keeps=may_keep(club) and not state.is_sent,
        may_correct=may_keep(club) and state.is_sent,
        said=_said(sheet),
        **{"corrects": False, "asks": False, "reason": "", "form_errors": (), **values},
    )


_FEW_DAYS = date(2001, 1, 5) - date(2001, 1, 1)


def _asked_month() -> date:
    """Read the month that the list is asked for, this one by default."""
    return books.month_of(request.args.get("month", "")) or clock.today().replace(day=1)


def _month_url(month: date) -> str:
    return desk_url("clubs_books", month=books.month_word(month))


def _said(sheet: BookSheet) -> str:
    state = sheet.state
    if state.sent_at is not None:
        return gettext("Đã gửi lúc %(when)s", when=format_moment(state.sent_at))
    if state.saved_at is not None:
        saved = {"when": format_moment(state.saved_at), "who": gettext(state.saved_by)}
        return gettext("%(who)s lưu lúc %(when)s, chưa gửi", **saved)
    return gettext("Chưa ghi")


def _table(month: date) -> ListTable:
    session, scope = database(), current.scope()
    found = book_lists.club_months(session, scope, month, limit=tables.MOST_ROWS)
    head = [
        *(gettext("Xã"), gettext("Câu lạc bộ"), gettext("Sổ tháng")),
        *(gettext("Gửi lúc"), gettext("Người ghi")),
    ]
    rows = [
        (row.unit_name, row.club_name, state_word(row), format_moment(row.sent_at), row.saved_by)
        for row in found
    ]
    title = gettext("Sổ %(month)s", month=book_sheet.month_name(month).replace("/", "-"))
    return ListTable(title, head, rows)


def state_word(row: ClubMonth | books.BookState) -> str:
    """Say what became of a book."""
    if row.sent_at is not None:
        return gettext("Đã gửi")
    return gettext("Đang ghi") if row.version else gettext("Chưa ghi")


def _months_table(club: Club, states: dict[date, books.BookState]) -> ListTable:
    """Return every figure of every month of a club, a column a figure."""
    head = [gettext("Tháng"), gettext("Sổ tháng"), *(gettext(f.label) for f in BY_NAME.values())]
    rows = [
        (books.month_word(month), state_word(state), *(state.values[name] for name in BY_NAME))
        for month, state in states.items()
    ]
    return ListTable(gettext("Sổ câu lạc bộ"), head, rows, note=club.name)
