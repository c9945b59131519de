"""A board's pages: come in by link and code, the months, one month, its paper, signing out.

They read and write under the purpose BOOK, and every question names the one club of the key.
"""

from datetime import date
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from lth.access.scope import Purpose, system
from lth.blueprints.book import passes
from lth.blueprints.book.passes import of_board, token_of
from lth.blueprints.web.current import database, now
from lth.blueprints.web.extensions import csrf
from lth.blueprints.web.forms import BOXES
from lth.blueprints.web.paging import whole_in
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import Outcome, attempt
from lth.clubs import book_norms, book_sheet, books, keys
from lth.clubs.book_fields import AREAS, BY_NAME, TypedMonth, read_typed
from lth.clubs.book_sheet import BookSheet
from lth.clubs.books import BOARD, Keeper, SavedBook
from lth.clubs.keys import KeyHolder
from lth.core import clock
from lth.core.errors import ThrottledError
from lth.core.formats import format_moment
from lth.core.language import gettext

blueprint = Blueprint("book", __name__, url_prefix="/book")
csrf.exempt(blueprint)  # its forms carry a token of the board's own: see `passes.token_of`

RECENT = 13
"""How many months the list begins with."""


@blueprint.after_request
def _keep_out_of_indexes(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


# --- Coming in and going ------------------------------------------------------------------


@blueprint.get("/in/<token>")
@needs(Permission.PUBLIC)
def door(token: str) -> ResponseReturnValue:
    """Ask for the code of a link; a telephone that is known goes straight in."""
    there = keys.of_link(database(), token)
    if there is None:
        return _over()
    known = passes.holder_or_none()
    if known is not None and known.key_id == there.key_id:
        return redirect(url_for("book.months"))
    return _door(token, there)


@blueprint.post("/in/<token>")
@needs(Permission.PUBLIC)
def come_in(token: str) -> ResponseReturnValue:
    """Let a board in whose code is right. A wrong one is counted whatever becomes of the answer."""
    if not passes.is_true(passes.door_token(token)):
        passes.refuse_form()
    at = there = None
    with attempt(ThrottledError, at_once=True) as outcome:
        at = keys.knock(database(), token, request.remote_addr or "", now())
    if outcome.done and at is None:
        return _over()
    if at is not None:
        with attempt(ThrottledError, at_once=True) as outcome:
            there = keys.enter(database(), at, request.form["code"], now())
    if there is None:
        said = outcome.text or gettext("Mã chưa đúng. Hãy xem lại 6 số trên phiếu của xã.")
        page = _door(token, keys.of_link(database(), token), said)
        return page, outcome.code if outcome.blocked else 422
    answer = make_response(redirect(url_for("book.months")))
    passes.put(answer, there)
    return answer


@blueprint.post("/out")
@needs(Permission.PUBLIC)
@of_board
def leave(_holder: KeyHolder) -> ResponseReturnValue:
    """Have this telephone be no board's any more; its worker throws away what it keeps of pages."""
    answer = make_response(render_template("book/left.html"))
    passes.drop(answer)
    answer.headers[passes.SCRIPT] = "out"
    return answer


def _door(token: str, club: KeyHolder | None, error: str = "") -> str:
    carried = passes.door_token(token)
    return render_template("book/door.html", club=club, token=carried, error=error)


def _over() -> ResponseReturnValue:
    return render_template("book/over.html"), 404


@blueprint.get("/worker.js")
@needs(Permission.PUBLIC)
def worker() -> ResponseReturnValue:
    """Give the script that keeps the pages on the telephone; from here, it sees no others."""
    script = Path(str(current_app.static_folder), "js", "book-worker.js").read_bytes()
    answer = Response(script, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


# --- The months ---------------------------------------------------------------------------


@blueprint.get("/")
@needs(Permission.PUBLIC)
@of_board
def months(holder: KeyHolder) -> ResponseReturnValue:
    """List the months, this one on top, with what became of each."""
    with system(database(), Purpose.BOOK) as scope:
        club = books.club(database(), holder.club_id, scope)
        every = books.months_of(club, clock.today())
        shown = every if "all" in request.args else every[:RECENT]
        states = books.states(database(), holder.club_id, shown, scope)
    return render_template(
        "book/months.html",
        holder=holder,
        token=token_of(holder),
        rows=[
            (book_sheet.month_name(month), books.month_word(month), states[month])
            for month in shown
        ],
        figures=len(BY_NAME),
        this_month=clock.today().replace(day=1),
        has_more=len(shown) < len(every),
    )


# --- One month ----------------------------------------------------------------------------


@blueprint.get("/<month>")
@needs(Permission.PUBLIC)
@of_board
def month(holder: KeyHolder, month: str) -> ResponseReturnValue:
    """Show a month: its form, or what was handed in."""
    sheet = _sheet(holder, books.read_month(month))
    if passes.asked_by_script():
        return jsonify(state="saved", said=_said(sheet), **book_sheet.answer(sheet))
    return _page(holder, sheet)


@blueprint.post("/<month>")
@needs(Permission.PUBLIC)
@of_board
def keep(holder: KeyHolder, month: str) -> ResponseReturnValue:
    """Keep what was typed, and hand the month in where that was pressed."""
    day, typed = books.read_month(month), _typed()
    saved, seen = SavedBook(0), whole_in(request.form, "seen")
    wants_in, asks = request.form.get("do") == "send", False
    with attempt() as outcome, system(database(), Purpose.BOOK) as scope:
        at = (database(), scope, holder.club_id, day)
        saved = books.save(*at, typed, seen, Keeper(BOARD), now=now())
        if wants_in and not typed.errors and not saved.conflicts:
            asks = "confirmed" not in request.form and _gives_pause(holder, day)
            if not asks:
                books.hand_in(*at, Keeper(BOARD), now=now())
    sheet = _sheet(holder, day, typed, saved)
    if passes.asked_by_script():
        return _told(sheet, saved, outcome, asks)
    if outcome.done and not asks and not sheet.errors and not saved.conflicts:
        return redirect(url_for("book.month", month=month, done="sent" if wants_in else "saved"))
    code = outcome.code if not outcome.done else 200 if asks else 422
    return _page(holder, sheet, asks=asks, refused=outcome.text), code


@blueprint.get("/<month>/correct")
@needs(Permission.PUBLIC)
@of_board
def correction(holder: KeyHolder, month: str) -> ResponseReturnValue:
    """Show the form that corrects a month that was handed in."""
    sheet = _sheet(holder, books.read_month(month))
    if not sheet.state.is_sent:
        return redirect(url_for("book.month", month=month))
    return _page(holder, sheet, corrects=True)


@blueprint.post("/<month>/correct")
@needs(Permission.PUBLIC)
@of_board
def correct(holder: KeyHolder, month: str) -> ResponseReturnValue:
    """Correct a month that was handed in; what it was stays on record, with the reason."""
    day, typed = books.read_month(month), _typed()
    reason, seen = request.form["reason"], whole_in(request.form, "seen")
    outcome = Outcome()
    if not typed.errors:
        with attempt() as outcome, system(database(), Purpose.BOOK) as scope:
            at = (database(), scope, holder.club_id, day)
            books.correct(*at, typed, seen, reason, Keeper(BOARD), now=now())
        if outcome.done:
            return redirect(url_for("book.month", month=month, done="corrected"))
    sheet = _sheet(holder, day, typed, every_text=True)
    code = 422 if outcome.done else outcome.code
    return _page(holder, sheet, corrects=True, refused=outcome.text, reason=reason), code


@blueprint.get("/<month>/paper")
@needs(Permission.PUBLIC)
@of_board
def paper(holder: KeyHolder, month: str) -> ResponseReturnValue:
    """Show a month as the paper form, filled or empty, to be printed on one page."""
    sheet = _sheet(holder, books.read_month(month))
    return render_template(
        "book/paper.html",
        club_name=holder.club_name,
        commune=holder.commune,
        sheet=sheet,
        name=book_sheet.month_name(sheet.state.month),
        empty="empty" in request.args,
        back=url_for("book.month", month=month),
    )


# --- Helpers ------------------------------------------------------------------------------


def _typed() -> TypedMonth:
    shows_areas = AREAS in request.form.getlist(BOXES)
    return read_typed(request.form, request.form.getlist(AREAS) if shows_areas else None)


def _sheet(
    holder: KeyHolder,
    month: date,
    typed: TypedMonth | None = None,
    saved: SavedBook | None = None,
    *,
    every_text: bool = False,
) -> BookSheet:
    """Read a month with the one before it, in the club's own scope."""
    with system(database(), Purpose.BOOK) as scope:
        club = books.club(database(), holder.club_id, scope)
        books.check_month(club, month, clock.today())
        last = books.month_before(month)
        states = books.states(database(), holder.club_id, [month, last], scope)
        norms = book_norms.norms_for(database(), club.unit_id, month)
    return book_sheet.build(
        *(states[month], states[last], norms),
        texts=request.form if typed is not None else None,
        typed=typed,
        conflicts=saved.conflicts if saved else (),
        every_text=every_text,
    )


def _gives_pause(holder: KeyHolder, month: date) -> bool:
    """Tell whether something is unlikely or was not given, so that a board looks once more."""
    sheet = _sheet(holder, month)
    return bool(sheet.doubts or sheet.empty)


def _page(
    holder: KeyHolder,
    sheet: BookSheet,
    *,
    corrects: bool = False,
    asks: bool = False,
    refused: str = "",
    reason: str = "",
) -> str:
    """Draw a month: read only once it was handed in, unless it is being corrected."""
    state = sheet.state
    changes = []
    if state.is_sent:
        with system(database(), Purpose.BOOK) as scope:
            found = books.history(database(), state.book_id, scope)
            changes = [(one, book_sheet.changes_told(one.data, sheet.area_names)) for one in found]
    return render_template(
        "book/sent.html" if state.is_sent and not corrects else "book/month.html",
        holder=holder,
        token=token_of(holder),
        sheet=sheet,
        name=book_sheet.month_name(state.month),
        word=books.month_word(state.month),
        said=_said(sheet),
        corrects=corrects,
        asks=asks,
        refused=refused,
        reason=reason,
        changes=changes,
        done=request.args.get("done", ""),
    )


def _said(sheet: BookSheet) -> str:
    """Say in words what is kept of a month."""
    state = sheet.state
    if state.sent_at is not None:
        return gettext("Đã gửi lúc %(when)s", when=format_moment(state.sent_at))
    if state.saved_at is not None:
        return gettext("Đã lưu lúc %(when)s", when=format_moment(state.saved_at))
    return gettext("Chưa ghi gì. Ghi đến đâu, máy tự lưu đến đó.")


def _told(sheet: BookSheet, saved: SavedBook, outcome: Outcome, asks: bool) -> ResponseReturnValue:
    """Answer the page's script: what is kept now, and what is to be decided."""
    state = "asks" if asks else "saved" if outcome.done else "refused"
    said = outcome.text or _said(sheet)
    body = book_sheet.answer(sheet, saved.conflicts) | {"pause": sheet.doubts if asks else []}
    return jsonify(state=state, said=said, **body), outcome.code
