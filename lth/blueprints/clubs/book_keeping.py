"""A commune keys a club's month for it, corrects one, gives out and revokes the board's key."""

import segno
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lth.access.scope import Scope
from lth.blueprints.clubs import books as pages
from lth.blueprints.clubs.views import common
from lth.blueprints.web import confirming, current, paging
from lth.blueprints.web.current import database, now
from lth.blueprints.web.forms import BOXES
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt
from lth.clubs import books, keys
from lth.clubs.book_fields import AREAS, TypedMonth, read_typed
from lth.clubs.books import Keeper, SavedBook
from lth.clubs.keys import NewKey
from lth.core.language import gettext
from lth.models import Club


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    month, key = "/clubs/<int:club_id>/books/<month>", "/clubs/<int:club_id>/key"
    rule(month, "club_book_save", save, methods=["POST"])
    rule(f"{month}/correct", "club_book_correction", correction)
    rule(f"{month}/correct", "club_book_correct", correct, methods=["POST"])
    rule(key, "club_key", key_page)
    rule(key, "club_key_give", give, methods=["POST"])
    rule(f"{key}/revoke", "club_key_revoke", revoke, methods=["POST"])


@needs(Permission.KEEP_CLUBS)
def save(club_id: int, month: str) -> ResponseReturnValue:
    """Keep what was keyed, and hand the month in where that was pressed."""
    day, typed, seen = books.read_month(month), _typed(), _seen()
    if confirming.asks_to_look():
        return _again(club_id, month, typed)
    saved, asks, sends = SavedBook(0), False, request.form.get("do") == "send"
    keeper = Keeper.of(current.actor())
    with attempt() as outcome:
        at = (database(), current.scope(), club_id, day)
        saved = books.save(*at, typed, seen, keeper, now=now())
        if sends and not typed.errors and not saved.conflicts:
            asks = not confirming.is_confirmed() and _gives_pause(club_id, month)
            if not asks:
                books.hand_in(*at, keeper, now=now())
    if outcome.done and not (asks or typed.errors or saved.conflicts):
        outcome.flash(gettext("Đã gửi sổ tháng.") if sends else gettext("Đã lưu sổ tháng."))
        return redirect(desk_url("club_book", club_id=club_id, month=month))
    club, sheet = pages.read(club_id, day, typed, saved, every_text=not outcome.done)
    code = outcome.code if not outcome.done else 200 if asks else 422
    return pages.page(club, sheet, asks=asks, form_errors=_told(outcome)), code


@needs(Permission.KEEP_CLUBS)
def correction(club_id: int, month: str) -> ResponseReturnValue:
    """Show the form that corrects a month that was handed in."""
    club, sheet = pages.read(club_id, books.read_month(month))
    if not sheet.state.is_sent or not pages.may_keep(club):
        return redirect(desk_url("club_book", club_id=club_id, month=month))
    return pages.page(club, sheet, corrects=True)


@needs(Permission.KEEP_CLUBS)
def correct(club_id: int, month: str) -> ResponseReturnValue:
    """Correct a month that was handed in; what it was stays on record, with the reason."""
    day, typed, seen = books.read_month(month), _typed(), _seen()
    reason = request.form["reason"]
    if confirming.asks_to_look():
        return _again(club_id, month, typed, corrects=True, reason=reason)
    outcome = Outcome()
    if not typed.errors:
        with attempt() as outcome:
            at = (database(), current.scope(), club_id, day)
            keeper = Keeper.of(current.actor())
            books.correct(*at, typed, seen, reason, keeper, now=now())
        if outcome.done:
            outcome.flash(gettext("Đã sửa sổ tháng; số cũ và lý do được giữ lại."))
            return redirect(desk_url("club_book", club_id=club_id, month=month))
    club, sheet = pages.read(club_id, day, typed, every_text=True)
    code = 422 if outcome.done else outcome.code
    values = {"corrects": True, "reason": reason, "form_errors": _told(outcome)}
    return pages.page(club, sheet, **values), code


# --- The board's key ----------------------------------------------------------------------


@needs(Permission.KEEP_CLUBS)
def key_page(club_id: int) -> ResponseReturnValue:
    """Show whether the club's board can come in, since when, and how often its code was wrong."""
    return _key_page(books.club(database(), club_id, current.scope()))


@needs(Permission.KEEP_CLUBS)
def give(club_id: int) -> ResponseReturnValue:
    """Give out a link and a code, shown on this answer and never again."""
    given: NewKey | None = None
    with attempt() as outcome:
        given = keys.give(database(), current.actor(), club_id, _seen(), now=now())
    club = books.club(database(), club_id, current.scope())
    if given is None:
        outcome.flash()
        return _key_page(club), outcome.code
    link = f"{current_app.config['SETTINGS'].base_url}{_path(given)}"
    drawn = segno.make(link, error="m", micro=False)
    qr = Markup(drawn.svg_inline(scale=4, border=2, light="#fff", svgclass="qr"))  # noqa: S704
    return render_template(
        "clubs/key_card.html",
        **common(club),
        commune=club.unit.full_name,
        link=link,
        code=f"{given.code[:3]} {given.code[3:]}",
        qr=qr,
    )


@needs(Permission.KEEP_CLUBS)
def revoke(club_id: int) -> ResponseReturnValue:
    """Have the board's link and code open nothing from now on."""
    with attempt() as outcome:
        keys.revoke(database(), current.actor(), club_id, _seen(), now=now())
    outcome.flash(gettext("Đã thu hồi. Liên kết và mã cũ không còn mở được sổ."))
    return redirect(desk_url("club_key", club_id=club_id))


def _key_page(club: Club) -> str:
    return render_template(
        "clubs/key.html",
        **common(club),
        key=keys.in_force(database(), club.id, Scope.of(current.actor())),
        may_keep=pages.may_keep(club),
    )


def _path(given: NewKey) -> str:
    """Return the path of a link, as the site's own address is put before it."""
    return url_for("book.door", token=given.token).removeprefix(request.script_root)


def _typed() -> TypedMonth:
    shows_areas = AREAS in request.form.getlist(BOXES)
    return read_typed(request.form, request.form.getlist(AREAS) if shows_areas else None)


def _seen() -> int:
    """Read the version that the page has seen; a form without one is refused."""
    return paging.whole(request.form["seen"], paging.LARGEST_ID) or 0


def _again(club_id: int, month: str, typed: TypedMonth, **values: object) -> str:
    """Give the page back as it was typed, with nothing done."""
    club, sheet = pages.read(club_id, books.read_month(month), typed, every_text=True)
    return pages.page(club, sheet, **values)


def _gives_pause(club_id: int, month: str) -> bool:
    _club, sheet = pages.read(club_id, books.read_month(month))
    return bool(sheet.doubts or sheet.empty)


def _told(outcome: Outcome) -> tuple[str, ...]:
    return () if outcome.done else (outcome.text,)
